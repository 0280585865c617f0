"""Lists that look like OpenAI's. They differ by a `Shape`, not by code; `compatible_table.py` has those of providers.

A `Shape` has the dotted paths of the facts and the unit of the prices. A provider without a row of the table is read
with `ANY`: the id, and limits and modalities under common names. Its prices are read only if each states its unit and
currency.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from registry_cli.core.pricing.conditions import When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.described_prices import described_prices
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, split_known
from registry_cli.sources.rows import Rows, is_fine_tune, known_facts, read_flags
from registry_cli.sources.shapes import OddValueError, list_or_empty
from registry_cli.sources.wording import translate_words

PER_MILLION, PER_TOKEN, PER_TEN_THOUSANDTH = Decimal(1), Decimal(1_000_000), Decimal("0.0001")

_CONTEXT = ("context_window", "context_length", "max_model_len", "max_context_length", "max_input_tokens", "meta.n_ctx",
            "meta.n_ctx_train")  # fmt: skip
_OUTPUT = ("max_output_tokens", "max_completion_tokens")
_MODES = frozenset({"chat", "completion", "embedding", "rerank", "responses", "image_generation", "moderation"})
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_GGUF = ".gguf"
_FREE = re.compile(r"[:/-]free$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """The paths of a list's facts. Of several paths, also in one text (`name|title`), the first with a value counts.

    `rates` maps our rates to their paths; `unit` is the value of one of theirs in USD per 1M tokens. If all rates are
    0, they are unknown, unless the id says `free`. `units` has, by kind of model, prices for something else than
    tokens, with the value of one of theirs in USD. `bands` is a list of the same prices for longer input, each above
    the length at `band_from`. `flags` maps their booleans to capabilities; `vocabulary` the entries of the list at
    `words`.
    """

    containers: tuple[str, ...] = ("data",)
    id: str = "id"
    name: str = ""
    context: tuple[str, ...] = _CONTEXT
    output: tuple[str, ...] = _OUTPUT
    input_modalities: str = ""
    output_modalities: str = ""
    modality: str = ""  # both in one word: `text+image->text`
    rates: Mapping[str, str] = field(default_factory=dict)
    unit: Decimal = PER_MILLION
    says_unit: str = ""  # a path that must say `usd_per_1m_tokens`
    others: frozenset[str] = frozenset()  # kinds (at `mode`) that the catalog has no mode for
    priced: frozenset[str] = frozenset()  # the kinds (at `mode`) whose prices are of tokens; empty: all
    units: Mapping[str, Mapping[str, tuple[str, Decimal]]] = field(default_factory=dict)
    long_rates: Mapping[str, str] = field(default_factory=dict)  # rates above `threshold` input tokens
    threshold: str = ""
    tiers: Mapping[str, str] = field(default_factory=dict)  # ours -> a list of {cost, min, max}, from `min` on
    bands: str = ""
    band_from: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    vocabulary: Mapping[str, str] = field(default_factory=dict)
    efforts: str = ""
    modes: Mapping[str, str] = field(default_factory=dict)
    mode: str = "mode"
    deprecated: str = ""
    preview: str = ""
    deprecates: str = ""
    retires: str = ""
    releases: str = ""
    describes_prices: bool = False  # prices count only where they state their unit and currency
    replacement: str = ""
    only: tuple[str, str] | None = None  # a path, and what it must say for a row to count


ANY = Shape(
    name="name|display_name",
    input_modalities="architecture.input_modalities|input_modalities",
    output_modalities="architecture.output_modalities|output_modalities",
    flags={"capabilities.reasoning": "reasoning"},
    retires="shutdown_date",
    releases="publish_time",
    describes_prices=True,
)


def any_source(name: str, key_variables: tuple[str, ...]) -> Source:
    """The source of a provider of which only the `api.base_url` is known, and maybe variables with a key."""
    return Source(
        name=name,
        docs="https://platform.openai.com/docs/api-reference/models/list",
        base_url="",
        path="/models",
        parse=partial(parse, name, ANY),
        key="needed" if key_variables else "none",
        key_variables=key_variables,
        incomplete=True,
        suffixes=("/chat/completions", "/models"),
    )


def parse(source_name: str, shape: Shape, pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows(source_name, provider)
    listed = rows.read_rows(pages, *shape.containers)
    models = rows.read_models(
        [row for row in listed if _is_callable(shape, row)],
        lambda row: value_at(row, shape.id),
        lambda reading, row: _read_model(shape, reading, row),
    )
    return rows.build_observations(models)


def _is_callable(shape: Shape, row: Mapping[str, Any]) -> bool:
    """Whether the row is of a model that can be called. A list that does not state it means yes."""
    value = value_at(row, shape.only[0]) if shape.only else None
    return value is None or shape.only is None or str(value) == shape.only[1]


def value_at(row: Any, path: str) -> Any:
    """The value at a dotted path, or None. Of the paths `a|b`, the first with a value counts."""
    if not path:
        return None
    if "|" in path:
        values = (value_at(row, choice) for choice in path.split("|"))
        return next((value for value in values if value is not None), None)
    if "." not in path:
        return row.get(path) if isinstance(row, dict) else None
    head, _, rest = path.partition(".")
    return value_at(row.get(head), rest) if isinstance(row, dict) else None


def _read_model(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    model_id = value_at(row, shape.id)
    modalities = _read_modalities(shape, rows, row)
    has, denied = read_flags({path: value_at(row, path) for path in shape.flags}, shape.flags)
    words, efforts = rows.keep_texts(value_at(row, shape.words)), rows.keep_texts(value_at(row, shape.efforts))
    has += translate_words(words, shape.vocabulary)
    has += implied_capabilities(modalities)
    mode = str(value_at(row, shape.mode))
    if mode in shape.others:
        raise OddValueError(shape.mode, mode, "a kind of model that the catalog has")
    name = rows.read_line(shape.name, value_at(row, shape.name))
    facts = known_facts(
        name=name if name != model_id else None,
        mode=shape.modes.get(mode) or (mode if not shape.modes and mode in _MODES else None),
        status=_read_status(shape, row),
        **rows.consistent_limits(_first_limit(rows, row, shape.context), _first_limit(rows, row, shape.output)),
        modalities=modalities,
        reasoning=known_facts(effort=[level for level in _EFFORTS if level in efforts]),
        pricing=described_prices(rows, row) if shape.describes_prices else _read_pricing(shape, rows, row),
        capabilities=list(dict.fromkeys(has)),
        deprecation_date=rows.read_day(shape.deprecates, value_at(row, shape.deprecates)),
        release_date=rows.read_day(shape.releases, value_at(row, shape.releases)),
        retirement_date=rows.read_day(shape.retires, value_at(row, shape.retires)),
        replacement=rows.read_line(shape.replacement, value_at(row, shape.replacement)),
    )
    # A file of the machine that serves it, or an adapter that was loaded there beside its parent.
    own = is_fine_tune(model_id) or model_id.endswith(_GGUF) or bool(row.get("parent"))
    return ObservedModel(model_id, model_id, facts, (denied | denied_capabilities(modalities)) - set(has), private=own)


def _read_modalities(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> dict[str, list[str]]:
    taken, made = (
        rows.keep_texts(value_at(row, shape.input_modalities)),
        rows.keep_texts(value_at(row, shape.output_modalities)),
    )
    both = value_at(row, shape.modality)
    if isinstance(both, str) and "->" in both:
        way_in, _, way_out = both.partition("->")
        taken, made = taken or way_in.split("+"), made or way_out.split("+")
    return known_facts(input=split_known(taken)[0], output=split_known(made)[0])


def _first_limit(rows: Rows, row: Mapping[str, Any], paths: Sequence[str]) -> int | None:
    return next(filter(None, (rows.read_tokens(path, value_at(row, path)) for path in paths)), None)


def _read_status(shape: Shape, row: Mapping[str, Any]) -> str | None:
    if shape.deprecated and value_at(row, shape.deprecated) is True:
        return "deprecated"
    return "preview" if shape.preview and value_at(row, shape.preview) is True else None


def _read_pricing(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    if shape.says_unit and value_at(row, shape.says_unit) != "usd_per_1m_tokens":
        if value_at(row, shape.says_unit) is not None:
            rows.note(shape.says_unit, value_at(row, shape.says_unit), "another unit than USD per 1M tokens")
        return {}
    if not shape.rates and not shape.units:
        return {}
    kind = str(value_at(row, shape.mode))
    prices = PriceList()
    units = {
        ours: rows.read_price(path, value_at(row, path), unit)
        for ours, (path, unit) in shape.units.get(kind, {}).items()
    }
    prices.base.per |= {ours: price for ours, price in units.items() if price}
    if not shape.priced or kind in shape.priced:
        prices.base.tokens |= _first_tiers(shape, rows, row) | _read_rates(shape, rows, row, shape.rates)
        if not any(prices.base.tokens.values()) and not _FREE.search(str(value_at(row, shape.id))):
            prices.base.tokens.clear()
        else:
            _add_long_rates(shape, rows, row, prices)
    return prices.to_pricing()


def _add_long_rates(shape: Shape, rows: Rows, row: Mapping[str, Any], prices: PriceList) -> None:
    """Add the prices of longer input. Lists state the first length of a price; our variants, the last one below."""
    above = rows.read_tokens(shape.threshold, value_at(row, shape.threshold))
    if above:
        prices.rates_at(When(input_tokens_above=above)).tokens.update(_read_rates(shape, rows, row, shape.long_rates))
    for ours, path in shape.tiers.items():
        for tier in _objects_of(value_at(row, path)):
            least = rows.read_tokens(f"{path}.min", tier.get("min"))
            rate = rows.read_price(f"{path}.cost", tier.get("cost"), shape.unit)
            if least and rate is not None:
                prices.rates_at(When(input_tokens_above=least - 1)).tokens[ours] = rate
    for band in _objects_of(value_at(row, shape.bands)):
        above = rows.read_tokens(shape.band_from, band.get(shape.band_from))
        if above:
            prices.rates_at(When(input_tokens_above=above)).tokens.update(_read_rates(shape, rows, band, shape.rates))


def _first_tiers(shape: Shape, rows: Rows, row: Mapping[str, Any]) -> dict[str, Decimal]:
    """The rates of tiers that begin at 0 tokens. A list may state them instead of a rate for any length."""
    rates: dict[str, Decimal] = {}
    for ours, path in shape.tiers.items():
        for tier in _objects_of(value_at(row, path)):
            rate = rows.read_price(f"{path}.cost", tier.get("cost"), shape.unit)
            if rate is not None and not rows.read_tokens(f"{path}.min", tier.get("min")):
                rates.setdefault(ours, rate)
    return rates


def _objects_of(value: Any) -> Sequence[Mapping[str, Any]]:
    return [item for item in list_or_empty(value) if isinstance(item, dict)]


def _read_rates(shape: Shape, rows: Rows, row: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Decimal]:
    """Rates as stated; a 0 beside them that is neither of input nor of output only fills a field."""
    rates = {ours: rows.read_price(path, value_at(row, path), shape.unit) for ours, path in paths.items()}
    return {ours: rate for ours, rate in rates.items() if rate or (rate == 0 and ours in {"input", "output"})}
