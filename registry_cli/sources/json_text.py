"""Read the JSON of a source, and refuse whatever two parsers could read differently."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, NoReturn

from registry_cli.core.text.exact_json import NumberError, exact_number
from registry_cli.core.text.json_faults import describe_json_fault
from registry_cli.errors import UpstreamError

_HTML = re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE)
# Bounds of one answer, which keep the memory for it below 300 MB. The longest list that is known has 8,400 models of
# 225 providers, 500 of one of them, and 270,000 values.
MOST_MODELS = 10_000  # of one provider
MOST_OF_ALL = 50_000
_MOST_VALUES = 1_200_000
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Disputed(dict[str, Any]):
    """An object in which a key stood twice with different values; such keys are left out of it."""


def read_json(data: bytes, source: str, report: Callable[[str], None] | None = None) -> Any:
    """Parse UTF-8 JSON with exact numbers (`Decimal` for whatever has a point or an exponent).

    A key that is there twice with equal values is one key; with different ones it is left out and given to `report`.
    Raises `UpstreamError` for anything else, and for NaN and Infinity, differently repeated keys without `report`,
    lone surrogates, nesting beyond the interpreter's depth, integers of thousands of digits and more values than any
    list of models has.
    """
    if sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise UpstreamError(f"{source}: more than {_MOST_VALUES:,} values, which is no list of models")

    def build_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        return result if len(result) == len(pairs) else _merge_repeated(pairs, report or refuse_disputed)

    def refuse_disputed(key: str) -> NoReturn:
        raise UpstreamError(f"{source}: the key {key!a} is there twice in one object, with different values")

    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_float=_parse_number,
            parse_constant=partial(_refuse_constant, source),
            object_pairs_hook=build_object,
        )
        if _ESCAPED_SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{source}: not UTF-8 at byte {error.start}") from None
    except UnicodeEncodeError:
        raise UpstreamError(f"{source}: holds half of a surrogate pair") from None
    except (ValueError, RecursionError) as error:
        kind = "an HTML page" if _HTML.match(data) else f"not JSON: {describe_json_fault(error)}"
        raise UpstreamError(f"{source}: {kind}, of {len(data):,} bytes") from None
    return value


def refuse_long_list(source: str, count: int, most: int = MOST_OF_ALL) -> None:
    """Raises `UpstreamError` for a list of more models than can be read in the memory there is for them."""
    if count > most:
        raise UpstreamError(f"{source}: a list of {count:,} models; at most {most:,} are read")


def _parse_number(text: str) -> Decimal:
    """The exact number; one with an absurd exponent is infinite, so that it costs its own row or field and no list."""
    try:
        return exact_number(text)
    except NumberError:
        return Decimal("Infinity")


def _refuse_constant(source: str, name: str) -> NoReturn:
    raise UpstreamError(f"{source}: not JSON: it has no number {name}")


def _merge_repeated(pairs: list[tuple[str, Any]], report: Callable[[str], None]) -> dict[str, Any]:
    first: dict[str, Any] = {}
    disputed = set()
    for key, value in pairs:
        if first.setdefault(key, value) != value:
            disputed.add(key)
    for key in sorted(disputed):
        report(key)
    kept = {key: value for key, value in first.items() if key not in disputed}
    return Disputed(kept) if disputed else kept


def is_disputed(value: Any) -> bool:
    """Whether a value is or holds an object in which a key stood twice with different values."""
    if isinstance(value, dict):
        return isinstance(value, Disputed) or any(map(is_disputed, value.values()))
    return isinstance(value, list) and any(map(is_disputed, value))
