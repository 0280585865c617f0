"""The commit message of a sync or a proposed edit: what happened, a list of it, and trailers.

Nothing that upstream wrote can act in it: no mention, no reference, no line that is taken for a trailer.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.edits.message import trailers_of
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item
from registry_cli.core.statements.answers import Answer
from registry_cli.core.text.exact_json import dumps
from registry_cli.yamledit.escapes import one_line

SYNC, SOURCE, TREE, ACCEPT, KEEP = "Llmreg-Sync", "Llmreg-Source", "Llmreg-Tree", "Llmreg-Accept", "Llmreg-Keep"
EDIT = "Llmreg-Edit"
WRITTEN = ("new", "applied", "retired")  # what changed in the files
STAMPS = ("discovered_at", "updated_at")

_LISTED = 100  # lines of a commit's body
_LONGEST = 200  # characters of a value there
# `@name`, `#1`, `GH-1` and addresses act in a commit's message on a forge; a space without width stops that.
_ACTIVE = re.compile(r"@(?=\S)|#(?=[0-9])|(?i:gh-)(?=[0-9])|:(?=//)|!(?=[0-9])")


@dataclass(frozen=True, slots=True)
class CommitSummary:
    """What a commit is made of: the name of the provider or group, what happened, and when each source answered.

    `synced` are the providers where several share a commit and no group. `accept` and `keep` are decisions of people
    that hold until the branch is merged.
    """

    name: str
    items: Sequence[Item]
    answers: Sequence[Answer] = ()
    accept: Sequence[str] = ()
    keep: Sequence[str] = ()
    synced: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EditSummary:
    """What an edit or an import did: the name of its branch, a title, the changes, and what the user says of it."""

    name: str
    title: str
    items: Sequence[Item]
    reason: str | None = None
    source: str | None = None


def subject_line(name: str, items: Iterable[Item]) -> str:
    """`openai: 3 new models, 2 price changes`. Of upstream's own words it holds none."""
    counts = Counter(_kind_of_change(item) for item in items)
    changed = [
        _count_items(counts[kind], kind) for kind in ("new model", "price change", "other change", "retired model")
    ]
    waiting = counts["held"]
    if waiting and not any(changed):
        changed = [f"{waiting} held for a person"]
    changed.append(_count_items(counts["address"], "new API host"))
    return f"{name}: {', '.join(filter(None, changed)) or 'what sources say, noted'}"


def commit_message(told: CommitSummary, tree: str | None = None) -> str:
    """`tree` is the name of what is committed, by which a later run knows its own work again."""
    trailers = [f"{SYNC}: {name}" for name in told.synced or (told.name,)]
    trailers += [f"{SOURCE}: {each.source} answered at {each.checked_at}" for each in told.answers]
    trailers += [f"{ACCEPT}: {one_line(target)}" for target in told.accept]
    trailers += [f"{KEEP}: {one_line(target)}" for target in told.keep]
    trailers += [f"{TREE}: {tree}"] * (tree is not None)
    return _compose_message(subject_line(told.name, told.items), told.items, trailers)


def edit_commit_message(told: EditSummary, tree: str) -> str:
    """The message of a commit on an edit's own branch; `tree` as for `commit_message`."""
    trailers = [*trailers_of(told.reason, told.source), f"{EDIT}: {told.name}", f"{TREE}: {tree}"]
    return _compose_message(_make_inert(told.title), told.items, trailers)


def _compose_message(subject: str, items: Iterable[Item], trailers: Iterable[str]) -> str:
    items = list(items)
    addresses = [f"- {_make_inert(f'{item.model}: {item.reason}')}" for item in items if item.status == "address"]
    keys = ["Where keys go:", *addresses[:_LISTED]] if addresses else []
    lines = [f"- {_change_line(item)}" for item in items if item.status in WRITTEN]
    more = len(lines) - _LISTED
    body = [*lines[:_LISTED], *([f"- and {more} more"] if more > 0 else [])]
    parts = [subject, "\n".join(keys), "\n".join(body), "\n".join(trailers)]
    return "\n\n".join(filter(None, parts)) + "\n"


def sources_of(trailers: Iterable[str]) -> set[str]:
    """The sources that `Llmreg-Source` trailers name."""
    return {value.partition(" answered at ")[0] for value in trailers}


def changes_fingerprint(items: Iterable[Item]) -> str:
    """Tells whether two runs have the same to say, whenever they were."""
    rows = [[item.status, item.model, item.field, _plain_value(item.old), _plain_value(item.new)] for item in items]
    return hashlib.sha256(dumps(sorted(rows, key=dumps)).encode()).hexdigest()[:32]


def without_stamps(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in STAMPS}


def _plain_value(value: Any) -> Any:
    if value is ABSENT:
        return ["absent"]
    return without_stamps(value) if isinstance(value, Mapping) else value


def _kind_of_change(item: Item) -> str:
    if item.status == "applied":
        return "price change" if item.field.startswith("pricing") else "other change"
    if item.status == "retired":
        return "retired model"
    return {"new": "new model", "conflict": "held"}.get(item.status, item.status)


def _count_items(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' if number != 1 else ''}" if number else ""


def _change_line(item: Item) -> str:
    if item.status == "new":
        text = f"new: {item.model}"
    elif item.status == "retired":
        text = f"retired: {item.model}"
    else:
        text = f"{item.model}: {item.field} {_format_value(item.old)} -> {_format_value(item.new)}"
    return _make_inert(text)


def _make_inert(text: str) -> str:
    return _ACTIVE.sub(lambda match: f"{match[0]}\u200b", one_line(text))


def _format_value(value: Any) -> str:
    if value is ABSENT:
        return "(none)"
    text = value if isinstance(value, str) else dumps(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
