"""JSON of a source -> values, with nothing accepted that two readers could read differently."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

from registry_cli.errors import UpstreamError

_HTML = re.compile(rb"\s*<(?:!doctype html|html)", re.IGNORECASE)
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Disputed(dict[str, Any]):
    """An object in which a key stood twice with different values; such keys are left out of it."""


def read_json(data: bytes, source: str, report: Callable[[str], None] | None = None) -> Any:
    """Parse UTF-8 JSON with exact numbers (`Decimal` for whatever has a point or an exponent).

    A key that is there twice with equal values is one key; with different ones it is left out and given to `report`.
    Raises `UpstreamError` for anything else, and for NaN and Infinity, differently repeated keys without `report`,
    lone surrogates, nesting beyond the interpreter's depth and integers of thousands of digits.
    """

    def pairs_hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        return result if len(result) == len(pairs) else _agreed(pairs, report)

    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=pairs_hook,
        )
        if _ESCAPED_SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{source}: not UTF-8 at byte {error.start}") from None
    except UnicodeEncodeError:
        raise UpstreamError(f"{source}: holds half of a surrogate pair") from None
    except RecursionError:
        raise UpstreamError(f"{source}: nested too deep") from None
    except json.JSONDecodeError as error:
        kind = "an HTML page" if _HTML.match(data) else f"not JSON ({error.msg} at line {error.lineno})"
        raise UpstreamError(f"{source}: {kind}, of {len(data):,} bytes") from None
    except ValueError as error:
        raise UpstreamError(f"{source}: {error}") from None
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON has")


def _agreed(pairs: list[tuple[str, Any]], report: Callable[[str], None] | None) -> dict[str, Any]:
    first: dict[str, Any] = {}
    disputed = {key for key, value in pairs if first.setdefault(key, value) != value}
    for key in sorted(disputed):
        if report is None:
            raise ValueError(f"the key {key!a} is there twice in one object, with different values")
        report(key)
    kept = {key: value for key, value in first.items() if key not in disputed}
    return Disputed(kept) if disputed else kept


def is_disputed(value: Any) -> bool:
    """Whether a value is or holds an object in which a key stood twice with different values."""
    if isinstance(value, dict):
        return isinstance(value, Disputed) or any(map(is_disputed, value.values()))
    return isinstance(value, list) and any(map(is_disputed, value))
