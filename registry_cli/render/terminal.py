"""Tables and cards on a terminal. The only user of rich; imported only where there is a terminal."""

import io
from collections.abc import Container, Sequence
from typing import Any, Literal

from rich import box
from rich.console import Console, Group
from rich.table import Table as RichTable
from rich.text import Text

from registry_cli.core.query.cards import Card
from registry_cli.core.query.table import Table
from registry_cli.render.text import cell_text

PAGE = 50  # rows; a long answer scrolls what was asked out of sight
_LEAST, _LEAST_WORD = 12, 48  # columns of the terminal for text before it folds, and for a word such as an id
_GAP = 3  # between the columns of a table


def table_text(table: Table, *, width: int, color: bool, whole: bool) -> str:
    """A table with its header; at most `PAGE` rows unless `whole`.

    Text folds between its words where the terminal is narrow, so that ids can be copied; numbers never do. Where even
    that does not fit, each row becomes a block of `name value` lines, so that nothing is cut off.
    """
    rows = []
    for number, values in enumerate(table.rows if whole else table.rows[:PAGE]):
        row = [
            _number_cell(value) if place in table.numbers else cell_text(value) for place, value in enumerate(values)
        ]
        if number in table.marked:
            row[0] += " *"
        rows.append(row)
    names = [cell_text(name) for name in table.columns]
    widths = _column_widths(list(zip(names, *rows, strict=True)), table.numbers, width - _GAP * len(names))
    if rows and widths is None:
        return _print_rich(_row_blocks(names, rows), width, color)
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, (name, room) in enumerate(zip(names, widths or map(len, names), strict=True)):
        number = place in table.numbers
        justify: Literal["left", "right"] = "right" if number else "left"
        shown.add_column(Text(name), justify=justify, overflow="fold", no_wrap=number, width=room)
    for row in rows:
        shown.add_row(*map(Text, row))
    return _print_rich(shown, width, color)


def _column_widths(columns: Sequence[Sequence[str]], numbers: Container[int], room: int) -> list[int] | None:
    """The width of each column, or None if the room is too small.

    A column of numbers gets all that it needs. A column of text gets its longest word, up to `_LEAST_WORD`, and then
    its share of what is left, from left to right.
    """
    natural = [max(map(len, column)) for column in columns]
    widths = []
    for place, column in enumerate(columns):
        width = natural[place]
        if place not in numbers:
            word = max(map(len, " ".join(column).split()), default=0)
            width = min(width, max(_LEAST, min(word, _LEAST_WORD)))
        widths.append(width)
    spare = room - sum(widths)
    if spare < 0:
        return None
    for place, width in enumerate(natural):
        more = min(spare, width - widths[place])
        widths[place] += more
        spare -= more
    return widths


def _row_blocks(names: list[str], rows: list[list[str]]) -> Group:
    widest = max(map(len, names))
    blocks: list[Any] = []
    for row in rows:
        grid = RichTable.grid(padding=(0, 2))
        grid.add_column(width=widest, no_wrap=True, style="bold")
        grid.add_column(overflow="fold")
        for name, text in zip(names, row, strict=True):
            grid.add_row(Text(name), Text(text))
        blocks += [grid, Text("")]
    return Group(*blocks)


def card_text(card: Card, *, width: int, color: bool) -> str:
    """A card with aligned labels; a `*` marks what comes from a person's own models."""
    lines: list[Text] = [Text(cell_text(card.title), "bold")]
    if card.subtitle:
        lines.append(Text(cell_text(card.subtitle)))
    lines += [Text(cell_text(notice), "yellow") for notice in card.notices]
    widest = max((len(fact.label) for _, facts in card.sections for fact in facts), default=0)
    parts: list[Any] = [*lines]
    for title, facts in card.sections:
        grid = RichTable.grid(padding=(0, 2))
        grid.add_column(width=widest, no_wrap=True)
        grid.add_column(overflow="fold")
        for fact in facts:
            grid.add_row(Text(cell_text(fact.label)), Text(cell_text(fact.value) + (" *" if fact.own else "")))
        parts += [Text(""), Text(cell_text(title), "bold"), grid]
    return "".join(_print_rich(part, width, color) for part in parts)


def _number_cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else cell_text(value)


def _print_rich(what: Any, width: int, color: bool) -> str:
    text = io.StringIO()
    console = Console(file=text, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    console.print(what)
    lines = text.getvalue().strip("\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines) or "\n"
