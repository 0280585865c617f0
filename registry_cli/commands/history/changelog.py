"""`changelog`: the changes of a catalog between two points in time."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from registry_cli.commands.history.open import describe_gap, open_history
from registry_cli.core.format.layers import provider_of, sort_layers, stem_of
from registry_cli.core.history.changes import ADDED, REMOVED, RENAMED, ModelChange, invert_origins, trace_origins
from registry_cli.core.history.diff import changes_between
from registry_cli.core.history.renames import renamed_providers
from registry_cli.core.history.summary import News, summarize_changes
from registry_cli.core.history.versions import Version, VersionReader
from registry_cli.errors import UsageError, YamlError
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.catalog.locate import check_has_past, find_catalog_to_read
from registry_cli.store.catalog.provider_files import read_settled_catalog
from registry_cli.store.files.sizes import MAX_FILE_SIZE
from registry_cli.store.git.history import Past, open_past
from registry_cli.store.git.log import Commit

DAYS = 30  # what `changelog` tells where there is no tag to begin at
_NOW = "the work tree"


class Side(NamedTuple):
    """One end of a changelog: `commit` is None for the work tree, or for before the first commit (`is_start`)."""

    shown: str
    commit: Commit | None
    is_start: bool = False


@dataclass(frozen=True, slots=True)
class Changelog:
    since: Side
    until: Side
    news: tuple[News, ...]
    notes: tuple[str, ...]


class Release(NamedTuple):
    """What one commit brought."""

    commit: Commit
    news: list[News]


_Files = Mapping[str, tuple[str, Callable[[], bytes | None]]]  # name -> id of the content, and how to read it


def summarize_range(
    text: str | None, *, catalog: Path | None, now: datetime, cwd: Path, environ: Mapping[str, str]
) -> Changelog:
    """What changed from `SINCE` to the work tree, or from `A` to `B`; by default since the last tag, where there is
    none in the last 30 days. Raises `UsageError`, `GitError`."""
    place = find_catalog_to_read(catalog, cwd=cwd, environ=environ)
    check_has_past(place)
    past = open_past(place.root, environ)
    since, until = parse_range(past, text, now)
    notes: list[str] = []
    with past.git.object_reader(MAX_FILE_SIZE) as objects:

        def list_changes(side: Side) -> _Files:
            if side.commit is None:
                return {} if side.is_start else _work_tree(past, notes)
            folder = past.folder_at(side.commit.id)
            if folder is None:
                notes.append(f"{side.shown} has no provider file")
                return {}
            found = past.list_files(side.commit.id, folder)
            return {name: (each, lambda each=each: objects.get(each)) for name, each in found.items()}  # type: ignore[misc]  # a default binds the name

        comparing = _Comparing((list_changes(since), list_changes(until)), (since, until))
        changes = [*comparing.find_changes()]
        if {ADDED, REMOVED} <= {change.kind for change in changes}:  # the past may know some of them to be the same
            changes = [*comparing.find_changes(*_known_renames(past, (since, until), cwd, environ))]
    notes += comparing.unread.values()
    return Changelog(since, until, tuple(summarize_changes(changes)), tuple(notes))


def list_releases(
    text: str | None, *, catalog: Path | None, now: datetime, cwd: Path, environ: Mapping[str, str]
) -> tuple[Past, list[Release], list[str]]:
    """The same range commit by commit, the latest first, up to HEAD where no other end is named."""
    with open_history(catalog, cwd=cwd, environ=environ) as opened:
        past = opened.past
        since, until = parse_range(past, text, now)
        wanted = _commits_between(past, since, until)
        found: dict[str, tuple[Commit, list[ModelChange]]] = {}
        for event in opened.timeline.change_events():
            if event.commit.id in wanted:
                found.setdefault(event.commit.id, (event.commit, []))[1].append(event.change)
        gaps = [describe_gap(gap) for gap in opened.timeline.find_gaps() if gap.commit.id in wanted]
    told_ = [Release(commit, summarize_changes(changes)) for commit, changes in found.values()]
    return past, [each for each in reversed(told_) if each.news], gaps


def parse_range(past: Past, text: str | None, now: datetime) -> tuple[Side, Side]:
    """The two ends that `SINCE`, `A..B` or nothing mean. Raises `UsageError`, `GitError`."""
    until = Side(_NOW, None)
    if text is None:
        return _latest_tag(past, now), until
    first, dots, last = text.partition("..")
    if "..." in text:
        raise UsageError(f"{text!r}: two dots part the ends, A..B")
    if dots:
        until = _resolve_side(past, last or "HEAD")
    return (_resolve_side(past, first) if first else _start_of_history()), until


def _latest_tag(past: Past, now: datetime) -> Side:
    past.check_complete()
    tag = past.last_tag()
    if tag is not None:
        return _resolve_side(past, tag)
    try:
        return _resolve_side(past, (now - timedelta(days=DAYS)).date().isoformat())
    except UsageError:
        return _start_of_history()  # the catalog is younger


def _resolve_side(past: Past, text: str) -> Side:
    commit = past.resolve_commit(text)
    return Side(f"{text} ({commit.short_id}, {commit.moment[:10]})", commit)


def _start_of_history() -> Side:
    return Side("the beginning", None, is_start=True)


def _work_tree(past: Past, notes: list[str]) -> _Files:
    files, faults = read_settled_catalog(past.root)
    notes += [str(fault) for fault in faults]
    found: dict[str, tuple[str, Callable[[], bytes | None]]] = {}
    for file in files:
        digest = hashlib.new("sha1" if len(past.head) == 40 else "sha256", usedforsecurity=False)  # noqa: PLR2004  # a commit's id
        digest.update(b"blob %d\0" % len(file.data) + file.data)
        found[file.name] = digest.hexdigest(), lambda data=file.data: data  # type: ignore[misc]  # a default binds it
    return found


def _known_renames(
    past: Past, ends: tuple[Side, Side], cwd: Path, environ: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    since, until = ends
    forward = _commits_between(past, since, until)
    backward = _commits_between(past, until, since) if since.commit and not forward else set()
    wanted = forward or backward
    with open_history(past.root, cwd=cwd, environ=environ) as opened:
        found = trace_origins(event.change for event in opened.timeline.rename_events() if event.commit.id in wanted)
    return invert_origins(*found) if backward else found


def _commits_between(past: Past, since: Side, until: Side) -> set[str]:
    """The commits after one side, up to the other or HEAD."""
    end = until.commit.id if until.commit else past.head
    start = since.commit.id if since.commit else "" if since.is_start else past.head
    span = [end, f"^{start}"] if start else [end]
    return {*past.git.run_git("rev-list", "--first-parent", *span).decode().split()}


class _Comparing:
    """Two states of a catalog. Files of equal content are not read. `unread` lists providers that cannot be read."""

    def __init__(self, files: tuple[_Files, _Files], ends: tuple[Side, Side]) -> None:
        vocabulary = read_vocabulary()
        self._reader = VersionReader(lambda name: vocabulary.canonical_name(name) or name)
        self.unread: dict[str, str] = {}
        old, new = files
        differ = {name for name in old.keys() | new.keys() if _blob_id(old, name) != _blob_id(new, name)}
        providers = {provider_of(stem_of(name)) for name in differ}
        sides: list[dict[str, Version]] = [{}, {}]
        for provider in sorted(providers):
            for side, held, end in zip(sides, files, ends, strict=True):
                try:
                    version = self._read_version(provider, held, sides[0].get(provider))
                except YamlError as fault:
                    self.unread[provider] = f"{provider} is left out: it cannot be read in {end.shown} ({fault})"
                    break
                if version is not None:
                    side[provider] = version
        for provider in self.unread:
            for side in sides:
                side.pop(provider, None)
        self._before, self._after = sides

    def find_changes(
        self, providers: Mapping[str, str] = {}, models: Mapping[str, Mapping[str, str]] = {}
    ) -> Iterator[ModelChange]:
        """Yields the changes. `providers` and `models` are renames that are known: new name -> old name."""
        before, after = self._before, self._after
        gone = {name: each for name, each in before.items() if name not in after}
        come = {name: each for name, each in after.items() if name not in before}
        former = renamed_providers(gone, come, providers)
        for provider in sorted((before.keys() | after.keys()) - {*former.values()}):
            if provider in former:
                yield ModelChange(provider, "", RENAMED, "", former[provider], provider)
            old = before.get(former.get(provider, provider))
            yield from changes_between(provider, old, after.get(provider), models.get(provider, {}))

    def _read_version(self, provider: str, held: _Files, like: Version | None) -> Version | None:
        names = [name for name in held if provider_of(stem_of(name)) == provider]
        layers = []
        for name in sort_layers(names):
            data = held[name][1]() or b""  # empty too where it is too large: neither is a provider file
            try:
                layers.append(self._reader.read_version(data, like))
            except YamlError as fault:
                fault.path = name
                raise
        return self._reader.merge_versions(layers) if layers else None


def _blob_id(files: _Files, name: str) -> str | None:
    return files[name][0] if name in files else None
