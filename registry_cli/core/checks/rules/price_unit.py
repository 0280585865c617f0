from collections.abc import Iterator
from decimal import Decimal

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule

# US dollars. The cheapest token rate known (a cache read) is 0.001 per 1M, the dearest (output of a reasoning
# model) 600; the dearest per token would be written 0.0006, the cheapest input per token far below PER_TOKEN.
PER_TOKEN = Decimal("0.0001")
PER_THOUSAND = Decimal("0.001")
PER_BILLION = 1000


_THOUSAND, _MILLION = 1_000, 1_000_000


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        if table.currency != "USD":
            continue
        for name, rate in table.rates.items():
            if rate and (rate < PER_THOUSAND or rate > PER_BILLION):
                yield Problem((*table.pointer, name), _describe_rate(rate))


def _describe_rate(rate: Decimal | int) -> str:
    if rate < PER_TOKEN:
        return f"{rate:f} looks like a price per token: per 1M tokens it is {_format_rate(rate * _MILLION)}"
    if rate < PER_THOUSAND:
        return f"{rate:f} looks like a price per 1K tokens: per 1M tokens it is {_format_rate(rate * _THOUSAND)}"
    return f"{rate} is more than any model costs per 1M tokens: was {_format_rate(Decimal(rate) / _THOUSAND)} meant?"


def _format_rate(rate: Decimal | int) -> str:
    return f"{Decimal(rate).normalize():f}"


RULE = Rule(
    code="price-unit",
    severity="warning",
    summary="A price looks as if it were per token or per 1K tokens, or a thousand times too high.",
    why="""\
Prices are per 1M tokens. Providers publish them per token, per 1K and per 1M, and a slip between these makes a model
look free or absurdly dear. Known prices lie between 0.001 and 600 US dollars, so below 0.001 and above 1,000 another
unit is likelier. Other currencies are not judged.""",
    fix="""\
Convert the price. If it is right as it stands, leave it: this is a warning, and `--ignore price-unit` silences it.""",
    bad="""\
provider: acme
models:
  per-token:
    pricing:
      input: 0.0000025 # <-
  per-thousand:
    pricing:
      input: 0.00015 # <-
  too-dear:
    pricing:
      input: 15000 # <-
""",
    good="""\
provider: acme
models:
  per-million:
    pricing:
      input: 2.5
""",
    check=check,
)
