"""The plan of a sync as text: rows for people, JSON for programs, markdown for a report or a pull request."""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import BARE, OPEN, Item, target_of
from registry_cli.core.query.table import Table
from registry_cli.core.statements.answers import Failure
from registry_cli.core.text.exact_json import dumps
from registry_cli.render.markdown_cells import inert_cell
from registry_cli.render.rows import render_table
from registry_cli.render.text import cell_text

COLUMNS = ("status", "model", "field", "old", "new", "source", "reason")
_QUIET = frozenset({"kept", "unmatched"})
_NAMED_EDITS = 10
_NAMED_FILES = 4
_HEADINGS = {
    "address": "Where keys go",
    "held": "Held for a person",
    "conflict": "Conflicts: changed in the file and upstream",
    "applied": "Changed",
    "new": "New models",
    "listed": "Differs from the file, which is left as it is",
    "missing": "No longer listed upstream",
    "retired": "Retired, being no longer listed",
    "unmatched": "Upstream's models that are in no file",
}


def plan_table(items: Iterable[Item], *, everything: bool = False) -> Table:
    """A row for each change and each open decision; with `everything`, also for kept and unmatched items."""
    shown = [item for item in items if everything or item.status not in _QUIET]
    shown.sort(key=lambda item: item.status != "address")  # what matters most comes first
    return Table(COLUMNS, [_item_row(item) for item in shown])


def plan_json(items: Iterable[Item], failures: Sequence[Failure], more: Mapping[str, Any] | None = None) -> str:
    """A document with `changes`, `failures`, and the keys of `more`.

    Each change has `model`, `field` and `status`, and where known `old`, `new`, `source` and `reason`.
    """
    document = {
        "changes": [_item_document(item) for item in items],
        "failures": [_failure_document(failure) for failure in failures],
        **(more or {}),
    }
    return dumps(document, indent=2) + "\n"


def plan_markdown(items: Sequence[Item], failures: Sequence[Failure]) -> str:
    """A section for each kind of item. Text from sources is inert."""
    parts = [f"{_capitalize(plan_summary(items))}.\n"]
    if failures:
        lines = "".join(f"- {inert_cell(_failure_line(failure))}\n" for failure in failures)
        parts.append(f"## Sources without an answer\n\n{lines}")
    for status, heading in _HEADINGS.items():
        rows = [_item_row(item)[1:] for item in items if item.status == status]
        if rows and status == "unmatched":
            parts += [f"## {heading}\n", *_unmatched_sections(items)]
        elif rows:
            parts.append(f"## {heading}\n\n{render_table(Table(COLUMNS[1:], rows), 'markdown')}")
    return "\n".join(parts)


def _unmatched_sections(items: Sequence[Item]) -> Iterator[str]:
    """For each source, the listed models that are in no file: counts by reason, and a table."""
    for source, unmatched in _by_source(items).items():
        rows = [(item.model, item.reason) for item in unmatched]
        reasons = ""
        for reason, count in Counter(reason for _, reason in rows).most_common():
            if count > 1:
                reasons += f"- {inert_cell(reason)}: {count:,}\n"
        if reasons:
            reasons += "\n"
        listed = render_table(Table(("model", "reason"), rows), "markdown")
        yield f"### {inert_cell(source)}: {len(rows):,}\n\n{reasons}{listed}"


def unmatched_text(items: Iterable[Item]) -> list[str]:
    """`in no file: litellm 12, models.dev 3`; nothing if all models are in a file."""
    counts = [f"{source} {len(unmatched):,}" for source, unmatched in _by_source(items).items()]
    return [f"in no file: {', '.join(counts)} (--report FILE lists them)"] if counts else []


def _by_source(items: Iterable[Item]) -> dict[str, list[Item]]:
    unmatched: dict[str, list[Item]] = {}
    for item in items:
        if item.status == "unmatched":
            unmatched.setdefault(item.source, []).append(item)
    return dict(sorted(unmatched.items()))


def addresses_text(items: Iterable[Item]) -> list[str]:
    """The hosts that get keys by the addresses that the plan writes, under a heading; nothing if it writes none."""
    lines = [f"  {cell_text(item.model)}: {cell_text(item.reason)}" for item in items if item.status == "address"]
    return ["Where keys go:", *lines] if lines else []


def deciding_text(items: Iterable[Item]) -> list[str]:
    """The options that decide the first open change, and how to name the others; nothing if none is open."""
    waiting = sorted((item for item in items if item.status in OPEN), key=lambda item: item.status == "listed")
    if not waiting:
        return []
    target = shlex.quote(target_of(waiting[0]))
    others = f"; MODEL#FIELD, MODEL or PROVIDER names others of the {len(waiting):,}" if len(waiting) > 1 else ""
    return [f"to decide: --accept {target} takes upstream's value, --keep {target} keeps yours{others}"]


def edits_text(overruled: Sequence[Item]) -> list[str]:
    """The edits that stay although `--accept` covers their models, and what overrules them; nothing without any."""
    if not overruled:
        return []
    targets = [target_of(item) for item in overruled]
    more = f" and {len(targets) - _NAMED_EDITS:,} more" if len(targets) > _NAMED_EDITS else ""
    edits = "1 edit of the file stays" if len(targets) == 1 else f"{len(targets):,} edits of the file stay"
    named = ", ".join(map(cell_text, targets[:_NAMED_EDITS]))
    return [f"{edits}: {named}{more}; to take upstream's value, name the field: --accept {shlex.quote(targets[0])}"]


def written_text(files: Sequence[str], records: Sequence[str]) -> str:
    """`config/models/acme.yml and config/upstream/acme.jsonl`; counts and folders if there are many; `nothing`."""
    named = [cell_text(path) for path in (*files, *records)]
    if len(named) > _NAMED_FILES:
        named = [*_count_paths("provider file", files), *_count_paths("source record", records)]
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:]))) or "nothing"


def _count_paths(noun: str, paths: Sequence[str]) -> list[str]:
    if not paths:
        return []
    plural = "" if len(paths) == 1 else "s"
    return [f"{len(paths):,} {noun}{plural} in {cell_text(str(Path(paths[0]).parent))}"]


def failures_text(failures: Iterable[Failure]) -> list[str]:
    """A line for each source without an answer."""
    return [cell_text(_failure_line(failure)) for failure in failures]


def plan_summary(items: Iterable[Item]) -> str:
    """`2 applied, 3 new (1 without limits or prices), 14 unmatched`."""
    counts: Counter[str] = Counter()
    bare = 0
    for item in items:
        counts[item.status] += 1
        bare += item.status == "new" and item.reason == BARE
    present = [status for status in (*_HEADINGS, "kept") if counts[status]]
    parts = [f"{counts[status]:,} {_status_words(status, counts[status], bare)}" for status in present]
    return ", ".join(parts) or "nothing changed"


def _status_words(status: str, number: int, bare: int) -> str:
    if status == "new" and bare:
        return f"new ({bare:,} {BARE})"
    if status != "address":
        return status
    return "new API host" if number == 1 else "new API hosts"


def _failure_line(failure: Failure) -> str:
    what = "skipped" if failure.is_skip else "failed"
    about = f" for {failure.provider}" if failure.provider and failure.provider != failure.source else ""
    return f"{failure.source}{about} {what}: {failure.message.removeprefix(f'{failure.source}: ')}"


def _failure_document(failure: Failure) -> dict[str, Any]:
    return {
        "source": failure.source,
        "provider": failure.provider,
        "kind": failure.kind,
        "message": failure.message,
    }


def _item_row(item: Item) -> list[Any]:
    old = None if item.old is ABSENT else item.old
    new = None if item.new is ABSENT else item.new
    if item.status == "new":
        old, new = None, _entry_gist(new) or None
    return [item.status, item.model, item.field or None, old, new, item.source or None, item.reason or None]


def _entry_gist(entry: Any) -> str:
    """The main facts of an entry: `context_window 200000, input 3, output 15`."""
    facts = entry if isinstance(entry, dict) else {}
    pricing = facts.get("pricing") or {}
    values = {"context_window": facts.get("context_window")}
    for rate in ("input", "output", "currency"):
        values[rate] = pricing.get(rate)
    return ", ".join(f"{name} {cell_text(value)}" for name, value in values.items() if value is not None)


def _item_document(item: Item) -> dict[str, Any]:
    row = {
        "model": item.model,
        "field": item.field or None,
        "old": item.old,
        "new": item.new,
        "source": item.source or ABSENT,
        "status": item.status,
        "reason": item.reason or ABSENT,
    }
    return {key: value for key, value in row.items() if value is not ABSENT}


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]
