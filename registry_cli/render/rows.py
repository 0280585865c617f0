"""A table as text in every format but the terminal's own (`terminal`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from registry_cli.core.query.table import Table
from registry_cli.render.text import cell_text, field_text

FORMATS = ("plain", "table", "json", "jsonl", "csv", "markdown", "ids")


def render_table(table: Table, form: str, *, envelope: str = "models") -> str:
    """A table in one of `FORMATS` but `table`; JSON has its rows in a list under `envelope`."""
    if form == "json":
        return _json_rows(table, envelope)
    return _WRITERS[form](table)


def comparison_json(table: Table, differences: Sequence[str]) -> str:
    """Models side by side: whole entries under `models`, the names of the facts that differ under `differences`."""
    from json import dumps  # noqa: PLC0415  # not for plain text

    documents = ",\n".join(_row_documents(table))
    return f'{{"models":[\n{documents}\n],"differences":{dumps(list(differences))}}}\n'


def _plain_rows(table: Table) -> str:
    """Tab-separated, no header: one line a row whatever the values hold."""
    return "".join("\t".join(map(cell_text, row)) + "\n" for row in table.rows)


def _id_lines(table: Table) -> str:
    return "".join(f"{cell_text(row[0])}\n" for row in table.rows)


def _json_rows(table: Table, envelope: str) -> str:
    """One row a line, so that differences between two answers read well."""
    from json import dumps  # noqa: PLC0415  # not for plain text

    documents = ",\n".join(_row_documents(table))
    if documents:
        documents = f"\n{documents}\n"
    return f"{{{dumps(envelope)}:[{documents}]}}\n"


def _json_lines(table: Table) -> str:
    return "".join(f"{text}\n" for text in _row_documents(table))


def _row_documents(table: Table) -> Iterator[str]:
    if table.documents is not None:
        yield from table.documents
        return
    from decimal import Decimal  # noqa: PLC0415  # not for plain text

    from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # not for plain text

    for row in table.rows:
        document: dict[str, Any] = {}
        for place, (name, value) in enumerate(zip(table.columns, row, strict=True)):
            if place in table.numbers and isinstance(value, str):
                document[name] = Decimal(value)
            else:
                document[name] = value.hex() if isinstance(value, bytes) else value
        yield dumps(document)


def _csv_rows(table: Table) -> str:
    import csv  # noqa: PLC0415  # only here
    import io  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow(map(field_text, row))
    return text.getvalue()


def _markdown_table(table: Table) -> str:
    from registry_cli.render.markdown_cells import inert_cell, inert_text  # noqa: PLC0415  # only here

    rule = ["---:" if place in table.numbers else "---" for place in range(len(table.columns))]
    text = f"| {' | '.join(map(inert_text, table.columns))} |\n| {' | '.join(rule)} |\n"
    for row in table.rows:
        text += f"| {' | '.join(map(inert_cell, row))} |\n"
    return text


_WRITERS: dict[str, Callable[[Table], str]] = {
    "plain": _plain_rows,
    "ids": _id_lines,
    "jsonl": _json_lines,
    "csv": _csv_rows,
    "markdown": _markdown_table,
}
