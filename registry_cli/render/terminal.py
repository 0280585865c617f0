"""Tables and cards on a terminal. The only user of rich; imported only where there is a terminal."""

import io
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from registry_cli.core.cards import Card
from registry_cli.core.tables import Table
from registry_cli.render.text import cell

PAGE = 50  # rows; a long answer scrolls what was asked out of sight


def table_text(table: Table, *, width: int, color: bool, whole: bool) -> str:
    """A table with its header; at most `PAGE` rows unless `whole`."""
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, name in enumerate(table.columns):
        shown.add_column(
            Text(cell(name)),
            justify="right" if place in table.numbers else "left",
            overflow="fold",
            no_wrap=place in table.numbers,
        )
    for number, row in enumerate(table.rows if whole else table.rows[:PAGE]):
        texts = [_number(value) if place in table.numbers else cell(value) for place, value in enumerate(row)]
        texts[0] += " *" if number in table.marked else ""
        shown.add_row(*map(Text, texts))
    return _printed(shown, width, color)


def card_text(card: Card, *, width: int, color: bool) -> str:
    """A card with aligned labels; a `*` marks what comes from a person's own models."""
    lines: list[Text] = [Text(cell(card.title), "bold")]
    if card.subtitle:
        lines.append(Text(cell(card.subtitle)))
    lines += [Text(cell(notice), "yellow") for notice in card.notices]
    widest = max((len(fact.label) for _, facts in card.sections for fact in facts), default=0)
    parts: list[Any] = [*lines]
    for title, facts in card.sections:
        grid = RichTable.grid(padding=(0, 2))
        grid.add_column(width=widest, no_wrap=True)
        grid.add_column(overflow="fold")
        for fact in facts:
            grid.add_row(Text(cell(fact.label)), Text(cell(fact.value) + (" *" if fact.own else "")))
        parts += [Text(""), Text(cell(title), "bold"), grid]
    return "".join(_printed(part, width, color) for part in parts)


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else cell(value)


def _printed(what: Any, width: int, color: bool) -> str:
    text = io.StringIO()
    console = Console(file=text, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    console.print(what)
    lines = text.getvalue().strip("\n").splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines) or "\n"
