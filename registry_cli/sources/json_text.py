"""JSON of a source -> values, with nothing accepted that two readers could read differently."""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from registry_cli.errors import UpstreamError

_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(data: bytes, source: str) -> Any:
    """Parse UTF-8 JSON with exact numbers (`Decimal` for whatever has a point or an exponent).

    Raises `UpstreamError` for anything else, and for NaN and Infinity, repeated keys, lone surrogates, nesting
    beyond the interpreter's depth and integers of thousands of digits.
    """
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_repeated_keys,
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
        start = ascii(data[:80].decode(errors="replace"))
        raise UpstreamError(f"{source}: not JSON ({error.msg} at line {error.lineno}); begins {start}") from None
    except ValueError as error:
        raise UpstreamError(f"{source}: {error}") from None
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON has")


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {repeated!a} is there twice in one object")
    return result
