"""A catalog's past: its commits, and its files as each commit has them.

The catalog may have been in another directory of its repository. If the first commit of today's directory moved files
into it, the past continues in the directory that they came from.
"""

import hashlib
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache, cached_property
from pathlib import Path

from registry_cli.core.format.layers import is_part, provider_of, stem_of
from registry_cli.errors import FileError, GitError, UsageError, YamlError
from registry_cli.store.catalog.bundled import BUNDLED_HAS_NO_PAST, is_packaged
from registry_cli.store.catalog.locate import CatalogFile
from registry_cli.store.files.discovery import find_repository
from registry_cli.store.files.names import OWN_FOLDER, SUFFIXES
from registry_cli.store.files.sizes import MAX_FILE_SIZE
from registry_cli.store.git.log import (
    FILE_MODE,
    FORMAT,
    RAW,
    Commit,
    Touched,
    folder_pathspec,
    parse_touched,
    read_commit,
    replacements_digest,
)
from registry_cli.store.git.process import GitProgram, text_of
from registry_cli.store.git.trees import list_provider_files

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NoFilesError(UsageError):
    """The commit has no catalog yet, or no longer."""


Log = Generator[tuple[Commit, list[Touched]], None, None]


@dataclass(frozen=True)
class Past:
    """The repository of a catalog. `folder` is the catalog's path in it, empty for the top; `head` is empty before the
    first commit."""

    root: Path
    folder: str
    head: str
    shallow: bool
    common: str
    git: GitProgram

    @property
    def state(self) -> str:
        """What the history depends on: HEAD, and the grafts and replacements that git makes in it."""
        replacements = replacements_digest(Path(self.common))
        return f"{self.head} {replacements}" if replacements else self.head

    def past_until(self, commit: str) -> "Past":
        """Return the past up to a commit, as if that was HEAD. Raises `GitError`."""
        return replace(self, head=commit, folder=self.folder_at(commit) or self.folder)

    def check_complete(self) -> None:
        """Raise `GitError` where a part of the history was not fetched."""
        if self.shallow:
            raise GitError(
                f"{self.root}: a shallow clone has only a part of the history; fetch all of it with "
                "`git fetch --unshallow`, in GitHub's actions/checkout with `fetch-depth: 0`"
            )

    def resolve_commit(self, text: str) -> Commit:
        """Return the commit that a revision names, or the last one by the end of a day (`2026-01-15`) in UTC.

        Only the first-parent history counts for a day. Raises `UsageError` where there is no such commit, `GitError`.
        """
        if not self.head:
            raise GitError(f"{self.root}: the repository has no commit yet")
        found = self._resolve_day(text) if DAY.fullmatch(text) else self._resolve_revision(text)
        return next(self._read_commits("--no-walk", found))

    def history_name(self) -> str:
        """Return a name of this history, the same in every clone: the first commit and the catalog's directory."""
        first = self.git.run_git("rev-list", "--max-parents=0", "--first-parent", self.head).decode().split()
        return f"{first[-1]}:{self.folder}"

    def last_tag(self) -> str | None:
        """Return the tag nearest to HEAD, None where there is none before it."""
        try:
            found = self.git.run_git("describe", "--tags", "--abbrev=0", "--first-parent", self.head or "HEAD")
        except GitError:
            return None
        return text_of(found).strip()

    def files_at(self, commit: Commit) -> list[CatalogFile]:
        """Return the provider files as a commit has them, sorted by name; `shown` begins with the commit.

        Raises `GitError`, `NoFilesError` where it has none, `FileError` for what no reader may read.
        """
        folder = self.folder_at(commit.id)
        if folder is None:
            raise NoFilesError(f"{commit.short_id} has no provider file of {self.root}")
        listed = dict(sorted(self.list_files(commit.id, folder).items()))
        files = []
        with self.git.object_reader(MAX_FILE_SIZE) as objects:
            for name, content in listed.items():
                data = objects.get(content)
                shown = f"{commit.short_id}:{folder}{name}"
                if data is None:
                    fault = YamlError("file-size", f"not a file of at most {MAX_FILE_SIZE / 1e6:.0f} MB")
                    fault.path = shown
                    raise fault
                files.append(CatalogFile(shown, stem_of(name), data, hashlib.sha256(data).hexdigest()))
        return files

    def settings_at(self, commit: Commit, name: str) -> bytes | None:
        """Return the content of a file of this name in `companion_folder`, as a commit has it.

        None where the commit has no such regular file.

        Raises `GitError`, `NoFilesError` where the commit has no catalog, `FileError` for what no reader may read.
        """
        folder = self.folder_at(commit.id)
        if folder is None:
            raise NoFilesError(f"{commit.short_id} has no provider file of {self.root}")
        parent = folder.rstrip("/").rpartition("/")[0] if folder else OWN_FOLDER
        place = f"{parent}/{name}" if parent else name
        entry = self.git.run_git("ls-tree", "-z", "--full-tree", commit.id, f":(literal){place}")
        if not entry.startswith(FILE_MODE):
            return None
        with self.git.object_reader(MAX_FILE_SIZE) as objects:
            data = objects.get(entry.split()[2].decode())
        if data is None:
            raise FileError(f"{commit.short_id}:{place}", f"not a file of at most {MAX_FILE_SIZE / 1e6:.0f} MB")
        return data

    def folder_at(self, commit: str) -> str | None:
        """Return the catalog's directory in a commit, None for a commit without the catalog."""
        known = [self.folder, *(folder for folder, _ in self._earlier_folders)]
        for folder in known:
            if self.list_files(commit, folder):
                return folder
        for folder in known:  # the catalog may have left one of them for a while
            tip, place = self.head, folder
            while came := self._find_arrival(place, tip, f"^{commit}"):
                tip, place = came[0].parents[0], came[1]
                if self.list_files(commit, place):
                    return place
        return None

    def list_files(self, commit: str, folder: str) -> dict[str, str]:
        """Return the provider files in a directory of a commit: name -> id of the content."""
        return list_provider_files(self.git, commit, folder)

    def log_since(self, commit: str, held: Iterable[str]) -> Log | None:
        """Return the first-parent log after a commit in which the catalog's directory held these files.

        None where the commit is not in the first-parent history of HEAD.
        """
        try:
            after = self.git.run_git("rev-list", "--first-parent", "--parents", self.head, f"^{commit}").split(b"\n")
        except GitError:  # the commit is gone
            return None
        first = after[-2].split() if len(after) > 1 else []
        if first[1:2] != [commit.encode()]:
            return None
        return self._walk_folder(self.folder, {name for name in held if not is_part(name)}, self.head, f"^{commit}")

    def read_log(self, *, all_parents: bool = False) -> Log:
        """Yield every commit that touched the catalog, the oldest first.

        The walk follows first parents, so a merge has all that it merged. With `all_parents` a merge has only files
        that differ from those of every parent.
        """
        if not self.head:
            return
        if all_parents:
            yield from self._read_whole_log()
            return
        with closing(self._walk_folder(self.folder, set(), self.head)) as walk:
            first = next(walk, None)
            if first is not None and not first[0].parents:  # the catalog was always here: one walk is enough
                yield first
                yield from walk
                return
        moves = [*reversed(self._earlier_folders)]
        tips = [f"{boundary}^1" for _, boundary in moves] + [self.head]
        folders = [folder for folder, _ in moves] + [self.folder]
        for number, (folder, tip) in enumerate(zip(folders, tips, strict=True)):
            boundary = moves[number - 1] if number else None
            for commit, touched in self._walk_folder(folder, set(), tip):
                if boundary and commit.id == boundary[1]:
                    yield commit, self._compare_folders(commit, boundary[0], folder)
                else:
                    yield commit, touched

    def _read_whole_log(self) -> Log:
        """Yield the log of all branches. If the catalog was in several directories, the catalogs of a commit and its
        parents are compared wherever they are."""
        met = dict.fromkeys([self.folder])
        for _ in self.read_log():
            pass
        met |= dict.fromkeys(reversed(self._met_folders))
        if len(met) == 1:
            yield from self._read_folder_log(self.folder, self.head, all_parents=True)
            return

        @cache
        def held(commit: str) -> dict[str, str]:
            for folder in met:
                files = self.list_files(commit, folder)
                if files:
                    return files
            return {}

        for commit in self._read_commits("--reverse", "--topo-order", "--full-history", self.head, folders=[*met]):
            sides, after = [held(parent) for parent in commit.parents] or [{}], held(commit.id)
            names = sorted(after.keys() | set().union(*sides))
            touched = []
            for name in names:
                before = tuple(side.get(name) for side in sides)
                if after.get(name) not in before:
                    touched.append(Touched(name, before, after.get(name)))
            if touched:
                yield commit, touched

    @cached_property
    def _met_folders(self) -> dict[str, None]:
        """The directories that walks came through, in that order."""
        return {}

    def _walk_folder(self, folder: str, held: set[str], *revisions: str) -> Log:
        """Yield the log of a directory that has the files `held` at first.

        If all files leave it and come back, the log follows them to where they are meanwhile.
        """
        self._met_folders[folder] = None
        left: tuple[Commit, list[Touched]] | None = None
        for commit, touched in self._read_folder_log(folder, *revisions, all_parents=False):
            held |= {each.name for each in touched if each.after is not None and not is_part(each.name)}
            held -= {each.name for each in touched if each.after is None}
            if left is not None:
                origin = self._find_origin(commit, folder, len(held))
                if origin is not None:
                    yield from self._walk_detour(left, (folder, origin, folder), commit)
                else:
                    yield left
                    yield commit, touched
                left = None
            elif held:
                yield commit, touched
            else:
                left = commit, touched
        if left is not None:
            yield left

    def _walk_detour(self, left: tuple[Commit, list[Touched]], way: tuple[str, str, str], back: Commit) -> Log:
        """Yield the log from the commit in which all files left a directory to the commit that brought them back.

        `way` is the directory that they left, the one that they came back from, and the one that they came into, which
        may be the first again. Between the first and the second they may have been in more.
        """
        first, other, last = way
        start, there = left[0].id, self.list_files(left[0].id, other)
        came = None if there else self._find_arrival(other, back.parents[0], f"^{start}")
        if there:
            yield left[0], self._compare_folders(left[0], first, other)
        elif came is None:
            yield left
        else:
            arrived, between = came
            yield from self._walk_detour(left, (first, between, other), arrived)
            start, there = arrived.id, self.list_files(arrived.id, other)
        yield from self._walk_folder(other, {*there}, back.parents[0], f"^{start}")
        yield back, self._compare_folders(back, other, last)

    @cached_property
    def _earlier_folders(self) -> list[tuple[str, str]]:
        """The directories that the catalog was in before, the latest first, each with the commit that moved it away."""
        earlier: list[tuple[str, str]] = []
        folder, tip = self.folder, self.head
        while tip and (came := self._find_arrival(folder, tip)):
            commit, folder = came
            earlier.append((folder, commit.id))
            tip = commit.parents[0]
        return earlier

    def _find_arrival(self, folder: str, *revisions: str) -> tuple[Commit, str] | None:
        """Return the first commit that touched a directory, and the directory that its files came from; None where they
        came from none."""
        with closing(self._read_folder_log(folder, *revisions, all_parents=False)) as log:
            first = next(log, None)
        if first is None or not first[0].parents:
            return None
        commit, touched = first
        origin = self._find_origin(commit, folder, sum(each.after is not None for each in touched))
        return None if origin is None else (commit, origin)

    def _find_origin(self, commit: Commit, folder: str, files: int) -> str | None:
        """Return the directory that most of a new directory's files were moved from; None where there is none."""
        printed = self.git.run_git("diff-tree", "-r", "-z", "-M", "--name-status", commit.parents[0], commit.id)
        tokens = iter(printed.split(b"\0"))
        sources: dict[str, int] = {}
        for status in tokens:
            names = [text_of(next(tokens, b"")) for _ in range(2 if status[:1] in b"RC" and status else 1)]
            if len(names) == 2 and names[1].startswith(folder) and "/" not in names[1][len(folder) :]:  # noqa: PLR2004
                source = names[0].rpartition("/")[0]
                sources[source] = sources.get(source, 0) + names[0].endswith(SUFFIXES)
        origin = max(sources, key=lambda name: sources[name], default=None)
        if origin is None or sources[origin] * 2 < files or f"{origin}/".lstrip("/") == folder:
            return None
        return f"{origin}/" if origin else ""

    def _compare_folders(self, commit: Commit, before: str, after: str) -> list[Touched]:
        old, new = self.list_files(commit.parents[0], before), self.list_files(commit.id, after)
        names = sorted(old.keys() | new.keys())
        return [Touched(name, (old.get(name),), new.get(name)) for name in names if old.get(name) != new.get(name)]

    def _read_folder_log(self, folder: str, *revisions: str, all_parents: bool) -> Log:
        walk = ("-c", "--full-history", "--topo-order") if all_parents else ("--first-parent", "-m")
        tokens = self.git.stream_tokens(
            "log", "--reverse", *walk, *RAW, FORMAT, *revisions, "--", folder_pathspec(folder)
        )
        prefix = folder.encode("utf-8", "surrogateescape")
        commit: Commit | None = None
        touched: list[Touched] = []
        with closing(tokens):
            for token in tokens:
                if token.startswith(b"\x01"):
                    if commit is not None and touched:
                        yield commit, touched
                    commit, touched = read_commit(token, tokens), []
                elif token.startswith((b":", b"\n:")):
                    file = parse_touched(token.lstrip(b"\n"), next(tokens), prefix)
                    touched += [file] if file and self._is_of_catalog(folder, file.name) else []
        if commit is not None and touched:
            yield commit, touched

    def _is_of_catalog(self, folder: str, name: str) -> bool:
        """Whether a path is that of a provider file. At the top of a repository a directory has other files than parts
        of a provider, unless the provider is split today."""
        return bool(folder) or not is_part(name) or provider_of(name) in self._split_at_head

    @cached_property
    def _split_at_head(self) -> set[str]:
        return {provider_of(name) for name in self.list_files(self.head, "") if is_part(name)}

    def _read_commits(self, *arguments: str, folders: Iterable[str] = ()) -> Iterator[Commit]:
        tokens = self.git.stream_tokens(
            "log", "-z", "--no-show-signature", FORMAT, *arguments, "--", *map(folder_pathspec, folders)
        )
        for token in tokens:
            if token.startswith(b"\x01"):
                yield read_commit(token, tokens)

    def _resolve_revision(self, text: str) -> str:
        try:
            return (
                self.git.run_git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}")
                .decode()
                .strip()
            )
        except GitError:
            self.check_complete()  # then it may only be missing here
            raise UsageError(
                f"{text!r} is no revision of the catalog's repository, and no day such as 2026-01-15"
            ) from None

    def _resolve_day(self, day: str) -> str:
        self.check_complete()
        try:
            end = int(datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC).timestamp())
        except ValueError:
            raise UsageError(f"{day!r} is not a day") from None
        # No commit is older than 1970. Without the `@`, git takes a short number for something else.
        asked = ("rev-list", "-1", "--first-parent", f"--before=@{end} +0000", self.head)
        found = self.git.run_git(*asked).decode().strip() if end >= 0 else ""
        if not found:
            raise UsageError(f"the catalog's repository has no commit by the end of {day} (UTC)")
        return found


def open_past(root: Path, environ: Mapping[str, str]) -> Past:
    """Return the past of the catalog in `root`. Raises `GitError` where there is no repository that git would use."""
    repository = find_repository(root)
    if is_packaged(root, repository.top if repository else None):
        raise GitError(BUNDLED_HAS_NO_PAST)
    if repository is None:
        raise GitError(f"{root}: not in a git repository, so there is no history")
    git = GitProgram(repository.top, environ, only_reads=True)
    shallow, *head = git.run_git("rev-parse", "--is-shallow-repository", "--revs-only", "HEAD").decode().split("\n")
    folder, common = repository.prefix_of(root), str(repository.common_dir)
    return Past(root, folder, head[0], shallow == "true", common, git)
