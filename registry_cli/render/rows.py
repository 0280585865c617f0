"""A table as text in every format but the terminal's own (`terminal`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from registry_cli.core.query.table import Table
from registry_cli.render.text import cell

FORMATS = ("plain", "table", "json", "jsonl", "csv", "markdown", "ids")


def render(table: Table, form: str, *, envelope: str = "models") -> str:
    """A table in one of `FORMATS` but `table`; JSON has its rows in a list under `envelope`."""
    if form == "json":
        return _json(table, envelope)
    return _WRITERS[form](table)


def comparison_json(table: Table, differences: Sequence[str]) -> str:
    """Models side by side: whole entries under `models`, the names of the facts that differ under `differences`."""
    from json import dumps  # noqa: PLC0415  # not for plain text

    documents = ",\n".join(_documents(table))
    return f'{{"models":[\n{documents}\n],"differences":{dumps(list(differences))}}}\n'


def _plain(table: Table) -> str:
    """Tab-separated, no header: one line a row whatever the values hold."""
    return "".join("\t".join(map(cell, row)) + "\n" for row in table.rows)


def _ids(table: Table) -> str:
    return "".join(f"{cell(row[0])}\n" for row in table.rows)


def _json(table: Table, envelope: str) -> str:
    """One row a line, so that differences between two answers read well."""
    from json import dumps  # noqa: PLC0415  # not for plain text

    documents = ",\n".join(_documents(table))
    return f"{{{dumps(envelope)}:[{chr(10) if documents else ''}{documents}{chr(10) if documents else ''}]}}\n"


def _jsonl(table: Table) -> str:
    return "".join(f"{text}\n" for text in _documents(table))


def _documents(table: Table) -> Iterator[str]:
    if table.documents is not None:
        yield from table.documents
        return
    from decimal import Decimal  # noqa: PLC0415  # not for plain text

    from registry_cli.core.text.exact_json import dumps  # noqa: PLC0415  # not for plain text

    for row in table.rows:
        exact = (
            Decimal(value) if place in table.numbers and isinstance(value, str) else _for_json(value)
            for place, value in enumerate(row)
        )
        yield dumps(dict(zip(table.columns, exact, strict=True)))


def _for_json(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def _csv(table: Table) -> str:
    import csv  # noqa: PLC0415  # only here
    import io  # noqa: PLC0415

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(["" if value is None else cell(value) for value in row] for row in table.rows)
    return text.getvalue()


def _markdown(table: Table) -> str:
    from registry_cli.render.markdown_cells import inert, inert_cell  # noqa: PLC0415  # only here

    rule = ["---:" if place in table.numbers else "---" for place in range(len(table.columns))]
    lines = [[inert(name) for name in table.columns], rule]
    lines += [[inert_cell(value) for value in row] for row in table.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_WRITERS: dict[str, Callable[[Table], str]] = {
    "plain": _plain,
    "ids": _ids,
    "jsonl": _jsonl,
    "csv": _csv,
    "markdown": _markdown,
}
