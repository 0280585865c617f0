"""The canonical layout of a provider file: the order of its keys, and which values stand on one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.format.fields import FIELDS, RATES, parts_of
from registry_cli.core.format.legacy import MODEL_KEYS, OLDER_KEYS

SCHEMA_LINE = "# yaml-language-server: $schema=../../schema/provider.schema.json\n"

_PROVIDER = (
    "provider", "aliases", "name", "homepage", "documentation", "api", "authentication", "endpoints", "features",
    "limitations", "billing", "default_model", "defaults", "sync", "updated_at", "metadata", "models",
)  # fmt: skip
_MODEL = parts_of("")
_MODEL_WITH_OLDER = list(_MODEL)  # an older key stands behind the key that it became
for _older, _field in reversed(OLDER_KEYS.items()):
    _MODEL_WITH_OLDER.insert(_MODEL_WITH_OLDER.index(_field.partition(".")[0]) + 1, _older)
_PRICING = ("currency", *RATES, "per", "effective_date", "variants")
_VARIANT = ("when", *RATES, "per", "multiply")
_PER = (
    "request", "message", "query", "web_search", "maps_search", "file_search", "code_session", "session",
    "input_image", "output_image", "input_pixel", "output_pixel", "input_character", "output_character",
    "input_second", "output_second", "input_audio_second", "output_audio_second", "input_video_second",
    "output_video_second", "second", "page", "annotated_page", "credit", "storage_gb_day",
)  # fmt: skip
_WHEN = (
    "input_tokens_above", "service_tier", "region", "monthly_tokens_above", "from", "until", "utc", "days",
    "size", "quality", "resolution",
)  # fmt: skip
_REASONING = parts_of("reasoning")

# Values that read best on one line, by the key they stand under.
_ON_ONE_LINE = frozenset(
    {
        *(field.path for field in FIELDS if field.is_inline),
        "api", "authentication", "features", "per", "when", "sources",
    }
)  # fmt: skip


def sort_provider(body: Mapping[str, Any]) -> dict[str, Any]:
    """Sorts the keys of a provider. Unknown keys come last, in their order."""
    ordered = _sort_keys(body, _PROVIDER)
    if "models" in ordered:
        ordered["models"] = {model_id: _sort_model(model) for model_id, model in body["models"].items()}
    return ordered


def is_on_one_line(path: Sequence[str | int]) -> bool:
    """Whether the collection at this path is written in flow style, with everything inside it."""
    return path[-1] in _ON_ONE_LINE


def needs_blank_line(path: Sequence[str | int]) -> bool:
    """Whether a blank line separates the entry at this path from the one before."""
    return len(path) == 2 and path[0] == "models"  # noqa: PLR2004  # ("models", id)


def _sort_model(model: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _sort_keys(model, _MODEL)
    if isinstance(ordered.get("pricing"), Mapping):
        pricing = _sort_prices(ordered["pricing"], _PRICING)
        if "variants" in pricing:
            pricing["variants"] = [_sort_variant(variant) for variant in pricing["variants"]]
        ordered["pricing"] = pricing
    if isinstance(ordered.get("reasoning"), Mapping):
        ordered["reasoning"] = _sort_keys(ordered["reasoning"], _REASONING)
    return ordered


def _sort_variant(variant: Mapping[str, Any]) -> dict[str, Any]:
    ordered = _sort_prices(variant, _VARIANT)
    if "when" in ordered:
        ordered["when"] = _sort_keys(ordered["when"], _WHEN)
    return ordered


def _sort_prices(prices: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    ordered = _sort_keys(prices, order)
    if isinstance(ordered.get("per"), Mapping):
        ordered["per"] = _sort_keys(ordered["per"], _PER)
    return ordered


def _sort_keys(mapping: Mapping[str, Any], order: Sequence[str]) -> dict[str, Any]:
    known = {key: mapping[key] for key in order if key in mapping}
    return {**known, **{key: value for key, value in mapping.items() if key not in known}}


def key_order_at(path: Sequence[str | int]) -> Sequence[str]:
    """The canonical order of the keys of the mapping at this path of a provider file; empty where there is none."""
    match path:
        case ():
            return _PROVIDER
        case (key, _, *rest) if key in MODEL_KEYS:
            return _order_in_model(rest)
        case _:
            return ()


def _order_in_model(rest: Sequence[str | int]) -> Sequence[str]:
    match rest:
        case []:
            return _MODEL_WITH_OLDER
        case ["reasoning"]:
            return _REASONING
        case ["pricing", *inner]:
            return _order_of_prices(inner)
        case _:
            return ()


def _order_of_prices(rest: Sequence[str | int]) -> Sequence[str]:
    match rest:
        case []:
            return _PRICING
        case ["variants", _]:
            return _VARIANT
        case ["variants", _, "when"]:
            return _WHEN
        case ["per"] | ["variants", _, "per"]:
            return _PER
        case _:
            return ()
