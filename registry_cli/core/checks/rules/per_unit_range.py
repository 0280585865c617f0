from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


class Range(NamedTuple):
    """The lowest and the highest plausible price of one unit in US dollars."""

    least: Decimal
    most: Decimal


_CALL = Range(Decimal("0.00001"), Decimal(10))
_SEARCH = Range(Decimal("0.0001"), Decimal(1))
_IMAGE = Range(Decimal("0.00001"), Decimal(10))
_PIXEL = Range(Decimal("1e-11"), Decimal("1e-5"))
_CHARACTER = Range(Decimal("1e-9"), Decimal("0.001"))
_SECOND_SENT = Range(Decimal("0.000001"), Decimal("0.1"))
_PAGE = Range(Decimal("0.00001"), Decimal(1))
# Each range leaves a factor of about ten on both sides of the prices known in 2026.
RANGES = {
    "request": _CALL, "message": _CALL, "query": _CALL, "credit": _CALL, "code_session": _CALL,
    "web_search": _SEARCH, "maps_search": _SEARCH, "file_search": _SEARCH,
    "input_image": _IMAGE, "output_image": _IMAGE, "input_pixel": _PIXEL, "output_pixel": _PIXEL,
    "input_character": _CHARACTER, "output_character": _CHARACTER,
    "input_second": _SECOND_SENT, "input_audio_second": _SECOND_SENT, "input_video_second": _SECOND_SENT,
    "output_second": Range(Decimal("0.000001"), Decimal(10)), "second": Range(Decimal("0.000001"), Decimal(1)),
    "page": _PAGE, "annotated_page": _PAGE, "storage_gb_day": Range(Decimal("0.0001"), Decimal(10)),
}  # fmt: skip
_FACTORS = (
    1000,
    1_000_000,
)  # typical mistakes: the price of a thousand or a million units, or of one instead of a thousand


def check(file: ProviderFile) -> Iterator[Problem]:
    for table in file.price_tables():
        if table.currency == "USD":
            for unit, price in table.per.items():
                usual = RANGES.get(unit)
                if usual and price and not usual.least <= price <= usual.most:
                    yield Problem((*table.pointer, "per", unit), _describe_price(unit, Decimal(price), usual))


def _describe_price(unit: str, price: Decimal, usual: Range) -> str:
    relation = "more" if price > usual.most else "less"
    text = f"{price:f} US dollars is {relation} than one {unit} costs anywhere"
    for factor in _FACTORS:
        likely = price / factor if price > usual.most else price * factor
        if usual.least <= likely <= usual.most:
            return f"{text}: was {likely.normalize():f} meant?"
    return text


RULE = Rule(
    code="per-unit-range",
    severity="warning",
    summary="A price under `per` is far from what one such unit can cost.",
    why="""\
Prices under `per` are for one image, second, character or page. Providers publish them for a thousand or a million
units, and token prices are per 1M tokens, so that a slip makes an image cost $40,000. The ranges leave a factor of
ten around all known prices. Other currencies are not judged.""",
    fix="""\
Convert the price to one unit. If it is right as it stands, leave it: this is a warning.""",
    bad="""\
provider: acme
models:
  acme-image:
    pricing:
      per:
        output_image: 40000 # <-
  acme-speech:
    pricing:
      per:
        input_character: 15 # <-
  acme-video:
    pricing:
      per:
        output_second: 0.0000001 # <-
""",
    good="""\
provider: acme
models:
  acme-image:
    pricing:
      per:
        output_image: 0.04
  acme-speech:
    pricing:
      per:
        input_character: 0.000015
""",
    check=check,
)
