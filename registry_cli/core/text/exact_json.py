"""Reads and writes JSON with exact numbers: 0.1 is 0.1, never 0.1000000000000000055.

The standard encoder has no `Decimal`; it would need floats.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

_LARGEST_EXPONENT = 400  # a double holds 1e308
_SHOWN = 40  # characters of a number that is refused
_NUMBER = re.compile(r'"\\u0000([-0-9.]+)"')


class NumberError(ValueError):
    """A number whose exponent is too large for any price or count."""


def dumps(value: Any, indent: int | None = None) -> str:
    """Return the JSON of mappings with text keys, sequences, text, numbers, booleans and None; one line without
    `indent`. No text may begin with a NUL, which reading refuses.
    """
    if indent is not None:
        return "".join(_json_pieces(value, indent, "\n"))
    text = _encoder.encode(value)
    return _NUMBER.sub(r"\1", text) if "u0000" in text else text


def loads(text: str) -> Any:
    """Return the value of JSON text, with exact numbers. Raises `ValueError`."""
    return _decoder.decode(text)


def exact_number(text: str) -> Decimal:
    """Return a number that JSON writes with a point or an exponent.

    Raises `NumberError` for an exponent over 400: written out, the number would have that many digits.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NumberError(f"a number with too large an exponent: {text[:_SHOWN]}") from None
    if abs(number.adjusted()) > _LARGEST_EXPONENT and number:
        raise NumberError(f"a number with too large an exponent: {text[:_SHOWN]}")
    return number


_decoder = json.JSONDecoder(parse_float=exact_number)


def format_plain(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros: 3.0 -> `3`, 1E-7 -> `0.0000001`."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def _stand_in(value: Any) -> Any:
    """Return what the encoder gets for an exact number: a marked text, so that the fast encoder in C can be used."""
    if isinstance(value, Decimal):
        return f"\0{value:f}"
    return dict(value) if isinstance(value, Mapping) else sorted(value)


_encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_stand_in)


def _json_pieces(value: Any, indent: int, newline: str) -> Iterator[str]:
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        yield from _collection_pieces(value, indent, newline)
    elif isinstance(value, str):
        yield quoted(value)
    elif isinstance(value, Decimal):
        yield format(value, "f")
    else:
        yield json.dumps(value, allow_nan=False)


def _collection_pieces(value: Any, indent: int, newline: str) -> Iterator[str]:
    mapping = isinstance(value, Mapping)
    opening, closing = "{}" if mapping else "[]"
    if not value:
        yield opening + closing
        return
    # A list of plain values stays on one line, which is easier to read for capabilities.
    flat = not mapping and not any(isinstance(item, Mapping | list | tuple) for item in value)
    inner = "" if flat else newline + " " * indent
    outer = "" if flat else newline
    comma = ", " if flat else ","
    yield opening + inner
    items = sorted(value) if isinstance(value, set | frozenset) else value
    for number, item in enumerate(items):
        if number:
            yield comma + inner
        if mapping:
            yield quoted(item) + ": "
        yield from _json_pieces(value[item] if mapping else item, indent, inner or newline)
    yield outer + closing
