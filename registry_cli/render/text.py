"""Values as text for people. Unknown is `-`; line breaks and control characters are escaped."""

from typing import Any

UNKNOWN = "-"


def cell_text(value: Any) -> str:
    """One value in one cell."""
    kind = type(value)  # by type, the commonest first: a long answer has tens of thousands of cells
    if kind is str:
        return value if value.isascii() and value.isprintable() else _printable_text(value)
    if kind is int:
        return str(value)
    if value is None:
        return UNKNOWN
    if kind is bool:
        return "yes" if value else "no"
    return _other_text(value)


def field_text(value: Any) -> str:
    """One value for a script: empty if it is unknown."""
    return "" if value is None else cell_text(value)


def _printable_text(text: str) -> str:
    from registry_cli.yamledit.escapes import one_line  # noqa: PLC0415  # seldom needed

    return one_line(text)


def _other_text(value: Any) -> str:
    from decimal import Decimal  # noqa: PLC0415  # seldom needed

    from registry_cli.core.text.exact_json import dumps, format_plain  # noqa: PLC0415  # seldom needed

    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple) and all(isinstance(item, str | int | Decimal | None) for item in value):
        return ",".join(cell_text(item) for item in value) or UNKNOWN
    return _printable_text(dumps(value))
