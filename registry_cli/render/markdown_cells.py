"""Values in markdown: in table cells, lines and headings. Text from sources is inert there.

GitHub acts on mentions, references, addresses, HTML, formulas and more, and a backslash stops only some of them. In
a code span nothing acts.
"""

import re
from decimal import Decimal
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.render.text import UNKNOWN, cell_text
from registry_cli.yamledit.escapes import one_line

LONGEST = 160  # characters of one value
_LONGEST_LINE = 1000
_FENCE = re.compile(r"`+")
# Words that no markdown acts on. Not among them: what begins a list, a formula between `$`, `www.`, `GH-1`, and what
# may be a commit's id.
_PLAIN_WORDS = re.compile(
    r"(?![0-9]+[.)](?: |$))(?!.*\$.*\$)(?!.*\bwww\.)(?!.*\bgh-[0-9])"
    r"(?!.*\b(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}\b)"
    r"(?:[A-Za-z0-9]|[+-](?=[0-9]))(?:[A-Za-z0-9 .,;'()/+%$-]|:(?= |$)|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))*",
    re.IGNORECASE,
)


def code_span(text: str, longest: int = LONGEST) -> str:
    """A text as a code span that is safe in a table, cut at `longest` characters."""
    text = one_line(text).replace("|", "\\x7c")
    text = text if len(text) <= longest else f"{text[: longest - 3]}..."
    if not text.strip():
        return "(blank)"
    fence = "`" * (max((len(run) for run in _FENCE.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def inert_text(text: str) -> str:
    """A text that markdown shows unchanged: plain words unchanged, everything else as a code span."""
    is_plain = text in ("", UNKNOWN) or _PLAIN_WORDS.fullmatch(text)
    return text if is_plain else code_span(text, _LONGEST_LINE)


def inert_cell(value: Any) -> str:
    """A value in one cell, as `render.text.cell_text` has it."""
    return inert_text(cell_text(value))


def value_cell(value: Any) -> str:
    """A number unchanged, any other value as a code span, and `-` for a missing one."""
    if value is ABSENT:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return cell_text(value) if is_number(value) else code_span("null" if value is None else cell_text(value))


def change_in_percent(old: Any, new: Any) -> str:
    """`+25 %`, or `x 12` for a large factor; empty unless both values are numbers."""
    if not (is_number(old) and is_number(new)) or not old:
        return ""
    percent = (Decimal(new) - Decimal(old)) / Decimal(old) * 100
    if abs(percent) >= 1000:  # noqa: PLR2004  # then a factor says more
        return f"x {Decimal(new) / Decimal(old):,.0f}"
    return f"{percent:+.1f} %".replace(".0 %", " %")


def is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
