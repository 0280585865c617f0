from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.pricing.rates import KIND_SUFFIXES


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        for kind in KIND_SUFFIXES:
            read = table.rates.get(f"cache_read{kind}")
            fresh = table.rates.get(f"input{kind}", table.base.get(f"input{kind}"))
            if read and fresh is not None and read > fresh:
                message = f"{read} for cached input is more than {fresh} for input{kind}"
                yield Problem((*table.pointer, f"cache_read{kind}"), message)


RULE = Rule(
    code="cache-read-dearer",
    severity="warning",
    summary="Input from the cache costs more than fresh input.",
    why="""\
Providers sell cached input at a discount. A higher price usually means that cache reads and cache writes were
exchanged, or that one of the prices was not updated with the other.""",
    fix="""\
Compare with the provider's price list; `cache_write` is the one that may be above `input`.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 3.75 # <-
      cache_write: 0.3
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      cache_read: 0.3
      cache_write: 3.75
""",
    check=check,
)
