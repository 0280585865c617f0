from collections.abc import Iterator
from itertools import pairwise

from registry_cli.core.checks.rules.base import PriceTable, Problem, ProviderFile, Rule
from registry_cli.core.pricing.rates import CACHE_WRITES, KIND_SUFFIXES

_MOST_TIMES_INPUT = 4  # known providers charge twice the input price for an hour


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        for kind in KIND_SUFFIXES:
            for shorter, longer in pairwise(CACHE_WRITES):
                message = _explain_price(table, f"{shorter}{kind}", f"{longer}{kind}", f"input{kind}")
                if message:
                    yield Problem((*table.pointer, f"{longer}{kind}"), message)


def _explain_price(table: PriceTable, shorter: str, longer: str, fresh: str) -> str | None:
    """Explain what is wrong with the price of the longer-lived cache, None if nothing is."""
    price, below = table.rates.get(longer), table.rates.get(shorter)
    input_price = table.rates.get(fresh, table.base.get(fresh))
    if not price:
        return None
    if below is not None and price < below:
        return f"{price} is less than {below} for {shorter}, which keeps the cache for less time"
    if input_price and price > input_price * _MOST_TIMES_INPUT:
        return f"{price} is {round(price / input_price)} times {input_price} for {fresh}"
    return None


RULE = Rule(
    code="long-cache-price",
    severity="warning",
    summary="Keeping a cache for an hour costs less than for five minutes, or many times the input.",
    why="""\
A provider that keeps a cache longer charges more for it: Anthropic takes 1.25 times the input price for five minutes
and twice the input price for an hour. Another relation usually means that a price was copied from another model.""",
    fix="""\
Compare with the provider's price list. Where it states no price for an hour, delete `cache_write_1h`.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 15.0
      cache_write: 18.75
      cache_write_1h: 6.0 # <-
  acme-small:
    pricing:
      input: 0.25
      cache_write: 0.3
      cache_write_1h: 6.0 # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 15.0
      cache_write: 18.75
      cache_write_1h: 30.0
""",
    check=check,
)
