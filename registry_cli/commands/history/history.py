"""`history` and `blame`: what changed in a model, when, by whom; and whose each of its values is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry_cli.commands.history.open import CatalogHistory, describe_gap
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.flattening import is_within
from registry_cli.core.format.layers import provider_of, sort_layers
from registry_cli.core.history.changes import ADDED, REMOVED, RENAMED, ModelChange, split_change
from registry_cli.core.history.flat_fields import ORDER, Leaves, exact_price, is_price, restore_entry
from registry_cli.core.history.lineage import FieldEvent, field_events, while_present
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.names import ModelName
from registry_cli.core.query.table import Table
from registry_cli.core.text.exact_json import dumps
from registry_cli.errors import UsageError, YamlError
from registry_cli.store.catalog.provider_files import read_settled_catalog
from registry_cli.store.timeline.timeline import Event

HISTORY = ("date", "commit", "author", "field", "old", "new", "effective_date", "subject")
BLAME = ("field", "value", "date", "commit", "author", "subject")
NOT_COMMITTED = "not committed yet"
_STAMP = "updated_at"
_HEADLINE = ("pricing.input", "pricing.output")


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price over time. Each point is a moment (seconds since 1970) and the price from then on, None if unknown."""

    field: str
    points: tuple[tuple[int, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class History:
    """`table` has what changed, the newest first, with whole objects for JSON; `notes` say how the name was read and
    where the past has gaps."""

    table: Table
    prices: tuple[PriceLine, ...]
    notes: tuple[str, ...]


def model_history(told: CatalogHistory, text: str) -> History:
    """Returns the history of `MODEL` or `MODEL#FIELD`. Raises `UsageError` if it never existed."""
    address = FieldRef.parse(text)
    name, assumption = told.resolve(address.owner)
    field = address.field or ""
    events = [*while_present(told.lineage(name))]
    changes = [change for change in field_events(events, field) if not _is_noise(change, field)]
    if field and not changes:
        raise UsageError(f"{name}: the catalog never stated {field!r}")
    changes.sort(key=lambda change: -change.event.number)  # the latest commit first, each in the order of the entry
    rows, documents = [_history_row(change) for change in changes], [*_json_documents(changes, events)]
    notes = [assumption] if assumption else []
    for provider in sorted({event.change.provider for event in events}):
        notes += map(describe_gap, told.timeline.find_gaps(provider))
    return History(Table(HISTORY, rows, documents=documents), tuple(price_lines(events, field)), tuple(notes))


def blame_fields(told: CatalogHistory, text: str) -> Table:
    """Each field of `MODEL` or `MODEL#FIELD` with the commit that gave it its value, in the order of the entry.

    Values are those of the work tree: one that HEAD has otherwise has no commit. Of a file that cannot be read, or a
    model that has no entry there, they are HEAD's.
    """
    from registry_cli.yamledit.apply import equal_data  # noqa: PLC0415  # reads YAML, which `history` need not

    address = FieldRef.parse(text)
    name, assumption = told.resolve(address.owner)
    wanted = address.field or ""
    events = [*while_present(told.lineage(name))]
    if events[-1].change.kind == REMOVED:
        gone = events[-1].commit
        raise UsageError(
            f"{name} was removed in {gone.short_id} on {gone.moment[:10]}; `llmreg history {name}` shows it"
        )
    held = _current_fields(events)
    renames = {field: signed for field, signed in held.items() if field in ("id", "provider")}
    now = _in_work_tree(told.past.root, name) or {field: held[field][0] for field in held if field not in renames}
    rows: list[tuple[Any, ...]] = [(field, value, *_signature(event)) for field, (value, event) in renames.items()]
    for field, value in now.items():
        known = held.get(field)
        signed = _signature(known[1]) if known and equal_data(known[0], value) else (None, None, None, NOT_COMMITTED)
        rows.append((field, value, *signed))
    rows = [row for row in rows if row[0] != ORDER and (not wanted or is_within(row[0], wanted))]
    if not rows:
        raise UsageError(f"{name} does not state {wanted!r}")
    return Table(BLAME, rows, notes=(assumption,) if assumption else ())


def _current_fields(events: Iterable[Event]) -> dict[str, tuple[Any, Event]]:
    """The fields that a lineage ends with, each with the event that gave it its value; new ids among them."""
    held: dict[str, tuple[Any, Event]] = {}
    for event in events:
        if event.change.kind in (ADDED, REMOVED):
            held = {}
        for each in split_change(event.change):
            if each.kind == RENAMED:
                held["id" if each.model else "provider"] = (each.new, event)
            elif each.new is ABSENT:
                held.pop(each.field, None)
            else:
                held[each.field] = (each.new, event)
    return held


def _in_work_tree(root: Path, name: ModelName) -> Leaves | None:
    """The fields of a model as the files have them now."""
    from registry_cli.core.history.versions import VersionReader  # noqa: PLC0415  # reads YAML, which `history` need not
    from registry_cli.store.catalog.load import read_vocabulary  # noqa: PLC0415

    files, _ = read_settled_catalog(root)
    vocabulary = read_vocabulary()
    reader = VersionReader(lambda name: vocabulary.canonical_name(name) or name)
    data = {file.name: file.data for file in files if provider_of(file.stem) == name.provider}
    try:
        layers = [reader.read_version(data[each]) for each in sort_layers(data)]
    except YamlError:
        return None
    entry = reader.merge_versions(layers).models.get(name.id) if layers else None
    return entry.leaves if entry else None


def price_lines(events: Iterable[Event], field: str) -> Iterator[PriceLine]:
    """The prices at a field, or the headline prices, that changed at all."""
    lines: dict[str, list[tuple[int, Decimal | None]]] = {}
    for event in events:
        for each in split_change(event.change):
            wanted = is_within(each.field, field) if field else each.field in _HEADLINE
            if wanted and is_price(each.field):
                lines.setdefault(each.field, []).append((event.commit.time, exact_price(each.new)))
    yield from (PriceLine(name, tuple(points)) for name, points in lines.items() if len(points) > 1)


def _is_noise(event: FieldEvent, wanted: str) -> bool:
    """Whether a change says nothing new: the time stamp of the entry, or the order of variants if some came or went."""
    _, change, _ = event
    if change.field == _STAMP:
        return wanted != _STAMP
    if change.field != ORDER:
        return False
    old, new = change.old, change.new
    old_conditions = sorted(map(dumps, old)) if isinstance(old, list) else []
    new_conditions = sorted(map(dumps, new)) if isinstance(new, list) else []
    return old_conditions != new_conditions


def _history_row(event: FieldEvent) -> tuple[Any, ...]:
    commit, change, stated = event.event.commit, event.change, event.stated
    field, old, new = _show_value(change)
    return commit.moment[:10], commit.short_id, commit.author, field, old, new, stated, commit.subject


def _signature(event: Event) -> tuple[str, str, str, str]:
    commit = event.commit
    return commit.moment[:10], commit.short_id, commit.author, commit.subject


def _show_value(change: ModelChange) -> tuple[str, Any, Any]:
    if not change.field:
        if change.kind != RENAMED:
            return change.kind, None, None
        return "id" if change.model else "provider", change.old, change.new
    old, new = (None if side is ABSENT else side for side in (change.old, change.new))
    return change.field, old, new


def _json_documents(found: Iterable[FieldEvent], events: Iterable[Event]) -> Iterator[str]:
    ids: dict[int, str] = {}  # of the model after a commit
    model = ""
    for event in events:
        model = ids[event.number] = event.change.model or model
    for each in found:
        yield _json_document(each, f"{each.change.provider}/{each.change.model or ids[each.event.number]}")


def _json_document(event: FieldEvent, model: str) -> str:
    commit, change = event.event.commit, event.change
    found = {
        "date": commit.moment,
        "commit": commit.id,
        "author": commit.author,
        "subject": commit.subject,
        "model": model,
        "kind": change.kind,
        "field": change.field or None,
        "old": _whole_entry(change, change.old),
        "new": _whole_entry(change, change.new),
        "effective_date": event.stated,
    }
    return dumps({key: value for key, value in found.items() if value is not ABSENT})


def _whole_entry(change: ModelChange, side: Any) -> Any:
    """A side of a change, an entry in the catalog's own format."""
    return restore_entry(side) if side is not ABSENT and not change.field and change.kind != RENAMED else side
