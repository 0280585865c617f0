"""What a query asks for, as data. `evaluate` answers it by a plain loop, `store.index.query` in SQL; both alike.

Only light imports here, and named tuples: every query pays for them, and a frozen dataclass of twenty fields takes
2 ms to make.

A filter on a fact that the catalog does not state matches nothing: unknown is not zero, and not free. Prices are
USD per 1M tokens and are compared as doubles, which tell apart any two prices of up to 15 digits; a price in another
currency matches no price filter. In an order, what is unknown comes last, whichever way the order runs, and equals
are ordered by `provider/id`.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from registry_cli.core.catalog.status import ENDED
from registry_cli.core.format.fields import COLUMNS, RATES
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError

MOST = 2**63 - 1  # of anything that is counted: what SQLite holds
HIDDEN = frozenset(ENDED)
MODALITIES = ("text", "image", "audio", "video", "pdf")
MODES = (
    "chat", "completion", "responses", "realtime", "embedding", "rerank", "moderation", "image_generation",
    "image_edit", "video_generation", "audio_transcription", "audio_speech", "ocr", "search", "extraction",
    "evaluation", "decisions", "guardrail", "vector_store",
)  # fmt: skip

# Flag of `query` -> the capability that it asks for.
CAPABILITY_FLAGS = {
    "vision": "vision",
    "tools": "function_calling",
    "streaming": "streaming",
    "reasoning": "reasoning",
    "json_mode": "json_mode",
    "structured_output": "structured_output",
    "pdf": "pdf_input",
    "audio_in": "audio_input",
    "audio_out": "audio_output",
    "video_in": "video_input",
    "image_output": "image_generation",
    "embeddings": "embeddings",
    "web_search": "web_search",
    "code_execution": "code_execution",
    "computer_use": "computer_use",
    "caching": "prompt_caching",
    "batch": "batch_operations",
    "fine_tuning": "fine_tuning",
}

# What an order can be by -> the columns it compares. A name of `RATES` is one too.
SORTS: dict[str, tuple[str, ...]] = {
    "match": ("match",),
    "price": ("input", "output"),
    "id": ("id",),
    "model": ("full_id",),
    "full_id": ("full_id",),
    "provider": ("provider",),
    **{name: (field.path,) for field in COLUMNS if field.is_sortable for name in (field.short, field.path) if name},
    **{rate: (rate,) for rate in RATES},
}


class Filters(NamedTuple):
    """Criteria that must all hold. Ids and capabilities are canonical; several `providers`, `modes` or `statuses`
    mean any of them, several `capabilities` or modalities all of them."""

    providers: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    input_modalities: tuple[str, ...] = ()
    output_modalities: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()  # as of the day; none means all but `HIDDEN`
    deprecated: bool = False  # shows the hidden ones too
    open_weights: bool | None = None
    min_context: int | None = None  # tokens
    min_output_tokens: int | None = None
    min_input: float | None = None  # USD per 1M tokens, bounds included
    max_input: float | None = None
    min_output: float | None = None
    max_output: float | None = None
    free: bool = False
    words: tuple[str, ...] = ()  # folded; each must be in the id, the name, the family or the provider
    name: str | None = None  # a glob over id, provider/id and name, upper and lower case alike
    family: str | None = None
    base_model: str | None = None
    released_since: str | None = None  # ISO day, month or year, meaning its first day


class Order(NamedTuple):
    """Columns to compare one after the other, each with whether it runs downward."""

    keys: tuple[tuple[str, bool], ...] = (("input", False), ("output", False))


class Selection(NamedTuple):
    """Which models, in which order, how many. `distinct` keeps the cheapest host of each base model."""

    filters: Filters = Filters()
    order: Order = Order()
    distinct: bool = False
    limit: int | None = None


def parse_order(fields: list[str], *, reverse: bool = False, words: bool = False) -> Order:
    """An order from `["price", "-context,id"]`; a minus runs that field downward, `reverse` turns all of them round.

    Without fields it is by price, where `words` are looked for by how well they match first. Raises `UsageError` for
    what there is no order by.
    """
    usual = ["match", "price"] if words else ["price"]
    keys: list[tuple[str, bool]] = []
    for field in (part.strip() for text in fields or usual for part in text.split(",")):
        name = field.removeprefix("-")
        if name not in SORTS:
            raise UsageError(f"--sort: unknown field {name!r}{did_you_mean(name, SORTS)}")
        keys += ((column, reverse != field.startswith("-")) for column in SORTS[name])
    return Order(tuple(keys))


def parse_tokens(text: str, option: str) -> int:
    """`100k` is 100,000 and `1m` 1,000,000; `1.5m` is fine. Raises `UsageError`."""
    number, scale = text.strip().lower().replace("_", "").replace(",", ""), 1
    if number[-1:] in ("k", "m"):
        number, scale = number[:-1], 1000 if number[-1] == "k" else 1_000_000
    whole, _, fraction = number.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):  # noqa: PLR2004  # what a double holds exactly
        raise UsageError(f"{option}: {text!r} is not a number of tokens such as 128000, 128k or 1.5m")
    tokens, rest = divmod(int(digits) * scale, int("1" + "0" * len(fraction)))
    if rest:
        raise UsageError(f"{option}: {text!r} is no whole number of tokens")
    if tokens > MOST:
        raise UsageError(f"{option}: {text!r} is more than anything has")
    return tokens


def parse_date(text: str, option: str) -> str:
    """A day, month or year, as release dates are written. Raises `UsageError`."""
    from datetime import date  # noqa: PLC0415  # only where a date is given

    try:
        if [len(part) for part in text.split("-")] in ([4], [4, 2], [4, 2, 2]):
            date.fromisoformat(first_day(text))
            return text
    except ValueError:
        pass
    raise UsageError(f"{option}: {text!r} is not a day, month or year such as 2026-01-15, 2026-01 or 2026")


def first_day(date: str) -> str:
    """The first day of a day, month or year: `2026-03` -> `2026-03-01`."""
    return (date + "-01-01")[:10]


def name_pattern(glob: str) -> str:
    """A glob as a regular expression for folded names."""
    from fnmatch import translate  # noqa: PLC0415  # only where a name is asked for

    return translate(glob.casefold())


def canonical_capability(name: str, spellings: Mapping[str, str], is_used: Callable[[str], bool]) -> str:
    """The canonical name of a capability, by the vocabulary's spellings (spelling -> name). What the vocabulary lacks
    may still be a capability of some entry: `is_used` tells. Raises `UsageError` with the nearest."""
    found = spellings.get(name) or (name if is_used(name) else None)
    if found is None:
        raise UsageError(f"unknown capability {name!r}{did_you_mean(name.replace('-', '_'), spellings)}")
    return found
