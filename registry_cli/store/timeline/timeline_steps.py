"""Computes the steps of a timeline from the commits. Only contents that are new to the timeline are compared."""

import sqlite3
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import count, islice
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.layers import has_own_file, provider_of, sort_layers, stem_of
from registry_cli.core.history.changes import RENAMED, ModelChange
from registry_cli.core.history.diff import changes_between
from registry_cli.core.history.renames import renamed_providers
from registry_cli.core.history.versions import Version, VersionReader
from registry_cli.core.text.exact_json import dumps
from registry_cli.errors import YamlError
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.files.sizes import MAX_FILE_SIZE
from registry_cli.store.git.history import Log, Past
from registry_cli.store.git.log import Commit, Touched
from registry_cli.store.git.objects import ObjectReader

Files = Mapping[str, str]  # a provider's files: name -> id of the content


_AHEAD = 64  # commits whose files git is asked for before they are needed
_TOGETHER = 500
_INSERTS = {
    "commits": "INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?)",
    "commit_steps": "INSERT INTO commit_steps VALUES (?, ?, ?)",
    "contents": "INSERT INTO contents VALUES (?, ?)",
    "gaps": "INSERT INTO gaps VALUES (?, ?, ?, ?)",
    "step_changes": "INSERT INTO step_changes VALUES (?, ?, ?, ?, ?, ?, ?)",
    "states": "INSERT INTO states VALUES (?, ?, ?)",
    "steps": "INSERT INTO steps VALUES (?, ?)",
}
_FORGET = (
    "DELETE FROM commits WHERE walk = ?",
    "DELETE FROM commit_steps WHERE walk = ?",
    "DELETE FROM gaps WHERE walk = ?",
)


def write_walk(connection: sqlite3.Connection, past: Past, walk: str, *, all_parents: bool) -> None:
    """Write every commit that touched the catalog, with its steps.

    New commits are appended if those that the walk has are still part of the history; else all are replaced.
    """
    rows = _Rows(connection)
    with past.git.object_reader(MAX_FILE_SIZE) as objects:
        steps = _Steps(connection, rows, objects)
        log = None if all_parents else _continue_walk(connection, past, walk, steps)
        if log is None:
            for statement in _FORGET:
                connection.execute(statement, (walk,))
            steps.files.clear()
            log = past.read_log(all_parents=all_parents)
        (known,) = connection.execute("SELECT count(*) FROM commits WHERE walk = ?", (walk,)).fetchone()
        ahead = deque(islice(log, _AHEAD))
        steps.request_contents(ahead)
        for number in count(known):
            if not ahead:
                break
            commit, touched = ahead.popleft()
            if len(ahead) < _AHEAD // 2:
                more = [*islice(log, _AHEAD // 2)]
                steps.request_contents(more)
                ahead += more
            found, gaps = steps.steps_of_commit(touched)
            author, subject = _storable_text(commit.author), _storable_text(commit.subject)
            rows.add_row("commits", (walk, number, commit.id, commit.time, author, subject))
            for step in found:
                rows.add_row("commit_steps", (walk, number, step))
            for name, fault in gaps:
                rows.add_row("gaps", (walk, number, name, fault))
    connection.execute("DELETE FROM states WHERE walk = ?", (walk,))
    for files in steps.files.values():
        for name, content in files.items():
            rows.add_row("states", (walk, name, content))
    rows.write_rows()


def _continue_walk(connection: sqlite3.Connection, past: Past, walk: str, steps: "_Steps") -> Log | None:
    """Return the commits since a walk was written; None where its commits are no longer part of the history.

    `steps` gets the files as of the walk's last commit.
    """
    head = connection.execute("SELECT value FROM meta WHERE key = ?", (f"head of {walk}",)).fetchone()
    state = dict(connection.execute("SELECT name, content FROM states WHERE walk = ?", (walk,)))
    if head is None or not state:
        return None
    commit, _, replaced = head[0].partition(" ")
    if replaced != past.state.partition(" ")[2]:
        return None
    for name, content in state.items():
        steps.files.setdefault(provider_of(stem_of(name)), {})[name] = content
    return past.log_since(commit, state)


class _Rows:
    """Collects rows for tables and writes many at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}

    def add_row(self, table: str, row: tuple[Any, ...]) -> None:
        waiting = self._waiting.setdefault(table, [])
        waiting.append(row)
        if len(waiting) == _TOGETHER:
            self.write_rows()

    def write_rows(self) -> None:
        for table, rows in self._waiting.items():
            self._connection.executemany(_INSERTS[table], rows)
            rows.clear()


class _Steps:
    """Computes the steps of one commit after the other. Memory holds one state of the catalog."""

    def __init__(self, connection: sqlite3.Connection, rows: _Rows, objects: ObjectReader) -> None:
        self._rows = rows
        self._objects = objects
        # Both grow with the history, by some hundred bytes a commit.
        self._faults: dict[str, str | None] = dict(connection.execute("SELECT id, fault FROM contents"))
        self._numbers: dict[str, int] = dict(connection.execute("SELECT contents, id FROM steps"))
        self._next = max(self._numbers.values(), default=0) + 1
        vocabulary = read_vocabulary()
        self._reader = VersionReader(cache(lambda name: vocabulary.canonical_name(name) or name))
        self.files: dict[str, dict[str, str]] = {}  # of each provider, as of the last commit that could be read
        self._parsed: dict[str, dict[str, Version]] = {}  # file's name -> its content -> what that says

    def request_contents(self, commits: Iterable[tuple[Commit, Sequence[Touched]]]) -> None:
        """Have git look up the contents that these commits need."""
        wanted = (each.after for _, touched in commits for each in touched)
        self._objects.expect(content for content in wanted if content is not None and content not in self._faults)

    def steps_of_commit(self, touched: Iterable[Touched]) -> tuple[list[int], list[tuple[str, str]]]:
        """Return the numbers of a commit's steps, and the files in it that cannot be read, each with the error."""
        gaps: list[tuple[str, str]] = []
        by_provider: dict[str, list[Touched]] = {}
        for each in touched:
            by_provider.setdefault(provider_of(stem_of(each.name)), []).append(each)
        states = {provider: self._files_after(provider, files, gaps) for provider, files in by_provider.items()}
        after = {provider: _without_lone_parts(files) for provider, files in states.items()}
        before = {provider: self._files_before(provider, files) for provider, files in by_provider.items()}
        numbers = self._find_renames(before, after)
        for provider, sides in before.items():
            numbers += self._find_step(provider, sides, after[provider])
        for provider, files in by_provider.items():
            now = self.files[provider] = states[provider]
            for name in (each.name for each in files):
                parsed = self._parsed.get(name, {})
                self._parsed[name] = {content: parsed[content] for content in parsed if content == now.get(name)}
        return numbers, gaps

    def _files_after(self, provider: str, touched: Iterable[Touched], gaps: list[tuple[str, str]]) -> dict[str, str]:
        known = self.files.get(provider, {})
        files = _with_contents(known, [(each.name, each.after) for each in touched])
        if not has_own_file(files):
            return files  # nobody reads parts alone
        readable = known if has_own_file(known) else {}
        for name, content in [*files.items()]:
            fault = self._find_fault(name, content) if readable.get(name) != content else None
            if fault is not None:
                gaps.append((_storable_text(name), fault))
                files.pop(name)
                files |= {name: readable[name]} if name in readable else {}
        return files

    def _files_before(self, provider: str, touched: Sequence[Touched]) -> list[Files]:
        """Return the files of each parent, with the last readable content of a file that cannot be read."""
        known = self.files.get(provider, {})
        sides: list[Files] = []
        for parent in range(max(len(each.before) for each in touched)):
            files = _with_contents(known, [(each.name, each.before[parent]) for each in touched])
            for name, content in [*files.items()] if has_own_file(files) else ():
                if known.get(name) != content and self._find_fault(name, content) is not None:
                    files.pop(name)
                    files |= {name: known[name]} if name in known else {}
            sides.append(_without_lone_parts(files))
        return sides

    def _find_step(self, provider: str, sides: list[Files], after: Files) -> list[int]:
        """Return the number of the step to a provider's files, of a merge from all parents; empty for no change."""
        if after in sides:
            return []
        contents = f"{_storable_text(provider)} {' '.join(map(_files_key, sides))} -> {_files_key(after)}"
        known = self._numbers.get(contents)
        return [known or self._write_step(contents, self._compare_versions(provider, sides, after))]

    def _compare_versions(self, provider: str, sides: list[Files], after: Files) -> list[ModelChange]:
        new = self._read_version(after)
        first, *others = ([*changes_between(provider, self._read_version(each), new)] for each in sides)
        for other in others:  # a merge itself changes only what differs from every parent
            met = {change[1:4] for change in other}
            first = [change for change in first if change[1:4] in met]
        return first

    def _find_renames(self, before: dict[str, list[Files]], after: Mapping[str, Files]) -> list[int]:
        """Return the steps of providers that have a new ID, and remove these providers from `before`."""
        gone = {name: sides[0] for name, sides in before.items() if sides[0] and not after[name]}
        come = {name: after[name] for name, sides in before.items() if after[name] and not any(sides)}
        if not gone or not come:
            return []
        old = {name: self._read_version(files) for name, files in gone.items()}
        new = {name: self._read_version(files) for name, files in come.items()}
        numbers = []
        for name, former in renamed_providers(old, new).items():  # type: ignore[arg-type]  # none of these is empty
            gone_key = f"{_storable_text(former)} {_files_key(gone[former])}"
            contents = f"{gone_key} -> {_storable_text(name)} {_files_key(come[name])}"
            changes = [ModelChange(name, "", RENAMED, "", former, name), *changes_between(name, old[former], new[name])]
            numbers.append(self._numbers.get(contents) or self._write_step(contents, changes))
            del before[name], before[former]
        return numbers

    def _write_step(self, contents: str, changes: Iterable[ModelChange]) -> int:
        number = self._numbers[contents] = self._next
        self._next += 1
        self._rows.add_row("steps", (number, contents))
        for provider, model, kind, field, old, new in changes:
            self._rows.add_row(
                "step_changes", (number, provider, model, kind, field, _value_json(old), _value_json(new))
            )
        return number

    def _read_version(self, files: Files) -> Version | None:
        """Return the provider in these contents, all of which can be read; None for no file."""
        layers = [self._read_content(name, files[name]) for name in sort_layers(files)]
        return self._reader.merge_versions(layers) if layers else None

    def _find_fault(self, name: str, content: str) -> str | None:
        """Return why a content cannot be read, None where it can."""
        if content not in self._faults:
            fault = None
            try:
                self._read_content(name, content)
            except YamlError as error:
                fault = f"{error.code} {error.message}"
            self._faults[content] = fault
            self._rows.add_row("contents", (content, fault))
        return self._faults[content]

    def _read_content(self, name: str, content: str) -> Version:
        parsed = self._parsed.setdefault(name, {})
        if content not in parsed:
            data = self._objects.get(content)
            if data is None:
                raise YamlError("file-size", "too large for a provider file, or missing")
            parsed[content] = self._reader.read_version(data, next(iter(parsed.values()), None))
        return parsed[content]


def _value_json(value: Any) -> str | None:
    if value is ABSENT:
        return None
    if isinstance(value, str):
        return quoted(value)
    return f"{value:f}" if isinstance(value, Decimal) else dumps(value)


def _with_contents(files: Files, contents: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """Files with other contents of some, None for none."""
    changed = dict(files)
    for name, content in contents:
        if content is None:
            changed.pop(name, None)
        else:
            changed[name] = content
    return changed


def _without_lone_parts(files: dict[str, str]) -> dict[str, str]:
    """The files that make a provider: parts count beside its own file."""
    return files if has_own_file(files) else {}


def _files_key(files: Files) -> str:
    return "+".join(f"{_storable_text(name)}={files[name]}" for name in sort_layers(files)) or "nothing"


def _storable_text(text: str) -> str:
    """Replace surrogates, which SQLite does not store."""
    return text.encode("utf-8", "replace").decode()
