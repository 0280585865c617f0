"""Values as cells of a markdown table. Whatever upstream wrote stands in code spans, where nothing acts."""

import re
from decimal import Decimal
from typing import Any

from registry_cli.core.query.columns import ABSENT
from registry_cli.render.text import cell
from registry_cli.yamledit.escapes import one_line

LONGEST = 160  # characters of one value
_FENCE = re.compile(r"`+")


def code(text: str, longest: int = LONGEST) -> str:
    """A text as a code span, which may stand in a table."""
    text = one_line(text).replace("|", "\\x7c")
    text = text if len(text) <= longest else f"{text[: longest - 3]}..."
    if not text.strip():
        return "(blank)"
    fence = "`" * (max((len(found[0]) for found in _FENCE.finditer(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def value_cell(value: Any) -> str:
    """A value: numbers as they are, everything else as a code span, `-` where there is none."""
    if value is ABSENT:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return cell(value) if is_number(value) else code("null" if value is None else cell(value))


def change_in_percent(old: Any, new: Any) -> str:
    """`+25 %`; nothing where there is no such figure."""
    if not (is_number(old) and is_number(new)) or not old:
        return ""
    percent = (Decimal(new) - Decimal(old)) / Decimal(old) * 100
    if abs(percent) >= 1000:  # noqa: PLR2004  # then a factor says more
        return f"x {Decimal(new) / Decimal(old):,.0f}"
    return f"{percent:+.1f} %".replace(".0 %", " %")


def is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
