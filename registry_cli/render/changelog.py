"""A changelog of models as a table, JSON or markdown; `changelog_feed` has the Atom feed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.history.summary import KINDS, News
from registry_cli.core.query.table import Table
from registry_cli.core.text.exact_json import dumps, format_plain
from registry_cli.render.markdown_cells import inert_cell
from registry_cli.render.text import UNKNOWN, cell_text

FORMATS = ("plain", "table", "json", "markdown", "atom")
COLUMNS = ("provider", "kind", "model", "field", "old", "new", "percent")


def changelog_table(news: Iterable[News]) -> Table:
    """A row for each change."""
    rows = []
    for change in news:
        sides = _known_side(change.old), _known_side(change.new)
        field, moved = change.field or None, percent_text(change.percent) or None
        rows.append([change.provider, change.kind, change.model, field, *sides, moved])
    return Table(COLUMNS, rows)


def changelog_json(since: str, until: str, news: Iterable[News]) -> str:
    """`since`, `until`, and `changes`, each with `provider`, `model`, `kind` and where they apply `field`, `old`,
    `new` and `percent`."""
    rows = [_change_document(change) for change in news]
    return dumps({"since": since, "until": until, "changes": rows}, indent=2) + "\n"


def _change_document(change: News) -> dict[str, Any]:
    document = change._asdict()
    if change.percent is None:
        del document["percent"]
    return {key: value for key, value in document.items() if value is not ABSENT and value != ""}


def changelog_markdown(since: str, until: str, news: Sequence[News]) -> str:
    """A heading for each provider, and below it one for each kind of change. Text from the catalog is inert."""
    parts = [f"# Models: changes from {inert_cell(since)} to {inert_cell(until)}\n"]
    if not news:
        parts.append("No change.\n")
    for provider, of_provider in groupby(news, key=lambda change: change.provider):
        parts.append(f"## {inert_cell(provider)}\n")
        for kind, items in groupby(of_provider, key=lambda change: change.kind):
            lines = "".join(f"- {change_line(change, inert_cell)}\n" for change in items)
            parts.append(f"### {KINDS[kind]}\n\n{lines}")
    return "\n".join(parts)


def percent_text(number: Decimal | None) -> str:
    """`+25 %`, `-16.7 %`; empty where there is none."""
    return "" if number is None else f"{'+' if number > 0 else ''}{format_plain(round(number, 1))} %"


def change_line(change: News, write: Callable[[Any], str] = cell_text) -> str:
    """One change in one line. `write` turns a value of the catalog into text."""
    return " ".join(_change_parts(change, write))


def _change_parts(change: News, write: Callable[[Any], str]) -> Iterator[str]:
    if change.kind.startswith("renamed"):
        old = (
            change.old if change.kind == "renamed provider" else f"{cell_text(change.provider)}/{cell_text(change.old)}"
        )
        yield f"{write(old)} → {write(change.new)}"
        return
    yield write(change.model)
    if change.kind.startswith("capability"):
        yield write(change.field.partition(".")[2])
    elif change.field:
        yield f"{write(change.field)}:"
        if change.old is not ABSENT:
            yield f"{write(change.old)} →"
        yield write(change.new) if change.new is not ABSENT else UNKNOWN
    if change.percent is not None:
        yield f"({percent_text(change.percent)})"


def _known_side(value: Any) -> Any:
    return None if value is ABSENT else value
