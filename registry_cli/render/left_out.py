"""Facts that sources stated and sync left out, with the reasons: counts on the screen, details in a report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry_cli.core.query.table import Table
from registry_cli.core.statements.observations import Note
from registry_cli.render.markdown_cells import inert_cell
from registry_cli.render.rows import render_table

LeftOut = Sequence[tuple[str, Note]]  # each with its source
_COLUMNS = ("source", "model", "key", "value", "reason")


def left_out_lines(left_out: LeftOut) -> list[str]:
    """`left out of what sources state: litellm 12, mistral 2`; nothing if all was taken."""
    counts = Counter(source for source, _ in left_out)
    if not counts:
        return []
    listed = ", ".join(f"{source} {count:,}" for source, count in sorted(counts.items()))
    return [f"left out of what sources state: {listed} (--report FILE says what and why)"]


def left_out_documents(left_out: LeftOut) -> list[dict[str, Any]]:
    """For JSON: `source`, `model`, `key` (the source's own word), `value` and `reason`."""
    return [dict(zip(_COLUMNS, row, strict=True)) for row in _left_out_rows(left_out)]


def left_out_markdown(left_out: LeftOut) -> str:
    """A section of a report; text from sources is inert. Empty if nothing was left out."""
    if not left_out:
        return ""
    table = render_table(Table(_COLUMNS, list(_left_out_rows(left_out))), "markdown")
    return f"\n## Left out of what sources state\n\n{table}"


def keys_markdown(unread_keys: Mapping[str, Sequence[str]]) -> str:
    """A section of a report with the keys of each source that llmreg does not read; empty where there are none."""
    lines = [f"- {inert_cell(source)}: {', '.join(map(inert_cell, keys))}\n" for source, keys in unread_keys.items()]
    return f"\n## Keys that llmreg does not read\n\n{''.join(lines)}" if lines else ""


def _left_out_rows(left_out: LeftOut) -> Iterable[list[Any]]:
    for source, note in left_out:
        model = f"{note.provider}/{note.model}" if note.model else note.provider
        yield [source, model, note.field, note.value, note.reason]
