from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.pricing.doubtful_rates import is_copied_write


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        for name, rate in table.rates.items():
            if is_copied_write(name, table.rates, table.base):
                yield Problem(
                    (*table.pointer, name), f"{rate} is also the price of reading from the cache, which is below input"
                )


RULE = Rule(
    code="cache-write-equals-read",
    severity="warning",
    summary="Writing to the cache costs the same discount price as reading from it.",
    why="""\
What is written to a cache is input that the model reads for the first time: it costs the input price or more. The
discount is for reading it again. Equal prices below the input price mean that one was copied from the other.""",
    fix="""\
Compare with the provider's price list. Where it states no price for writing, delete `cache_write`.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      cache_write: 0.3 # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      cache_write: 3.75
  no-discount:
    pricing:
      input: 3.0
      cache_read: 3.0
      cache_write: 3.0
""",
    check=check,
)
