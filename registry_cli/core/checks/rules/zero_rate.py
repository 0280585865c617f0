from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.pricing.doubtful_rates import is_filler_zero


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        for name in table.rates:
            if is_filler_zero(name, table.rates, table.base):
                yield Problem((*table.pointer, name), "0 beside a price for other tokens: an unknown price is left out")


RULE = Rule(
    code="zero-rate",
    severity="warning",
    summary="Cached, image, audio or video tokens cost 0 beside other tokens that have a price.",
    why="""\
Price lists write 0 where they know no price, or where a model has no such tokens. In the catalog 0 means free: cached
or image tokens of a model that charges for text would be billed at nothing.""",
    fix="""\
Delete the rate, or write the provider's price. A rate that cannot apply to the model is `null`.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      output: 15.0
      cache_read: 0 # <-
      input_image: 0 # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      output: 15.0
      cache_read: 0.3
      input_image: null
  acme-free:
    pricing:
      input: 0
      output: 0
      cache_read: 0
""",
    check=check,
)
