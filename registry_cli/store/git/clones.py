"""Another repository's past: every version of the files in some of its folders.

The user names the clone: a work tree or a bare repository. It is read as our own history is: no program runs that its
settings name, nothing is fetched, nothing is written.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from registry_cli.core.statements.file_versions import FileVersion, FileVersions
from registry_cli.errors import GitError, UsageError
from registry_cli.store.files.discovery import find_repository, is_git_dir
from registry_cli.store.git.log import FILE_MODE, RAW, commit_time, moment_of
from registry_cli.store.git.objects import ObjectReader
from registry_cli.store.git.process import GitProgram, text_of

_LINK_MODE = b"120000"
_COMMIT = "--format=%x01%H%x00%ct"
_MOST_BYTES = 1 << 20  # of one file


@dataclass(frozen=True, slots=True)
class Clone:
    """A repository that the user named, at its HEAD. `as_of` is the time of that commit."""

    place: Path
    as_of: str
    _git: GitProgram

    def file_versions(self, folders: Sequence[str]) -> FileVersions:
        """Return all versions of the files in these folders of the first-parent history, the newest first.

        Raises `GitError`.
        """
        places = [f":(top,literal){folder}" for folder in folders]
        tokens = self._git.stream_tokens("log", "--first-parent", "-m", *RAW, _COMMIT, "HEAD", "--", *places)
        versions: dict[str, list[FileVersion]] = {}
        moment, number = "", 0
        with closing(tokens):
            for token in tokens:
                head = token.lstrip(b"\n")
                if head.startswith(b"\x01"):
                    moment, number = _moment_of_seconds(next(tokens, b"")), number + 1
                elif head.startswith(b":"):
                    path = text_of(next(tokens, b""))
                    versions.setdefault(path, []).append(_parse_version(head, moment, number))
        return versions

    def object_reader(self) -> ObjectReader:
        """Return a reader of the contents of files; of one that is absurdly large it gives None."""
        return self._git.object_reader(_MOST_BYTES)


def open_clone(place: Path, environ: Mapping[str, str]) -> Clone:
    """Raises `UsageError` for a folder that is no clone, `GitError` for one without its whole history."""
    git = _git_of(place, environ)
    shallow, *head = git.run_git("rev-parse", "--is-shallow-repository", "--revs-only", "HEAD").decode().split("\n")
    if shallow == "true":
        raise GitError(f"{place}: a shallow clone has only a part of the history; get all with `git fetch --unshallow`")
    if not head[0]:
        raise GitError(f"{place}: the repository has no commit yet")
    time = git.run_git("log", "-1", "--no-show-signature", "--format=%ct", "HEAD")
    return Clone(place, _moment_of_seconds(time.strip()), git)


def _git_of(place: Path, environ: Mapping[str, str]) -> GitProgram:
    if is_git_dir(place):
        return GitProgram(place.resolve(), environ, only_reads=True, bare=True)
    repository = find_repository(place) if place.is_dir() else None
    if repository is None or repository.top != place.resolve():
        raise UsageError(f"{place}: not the top of a git clone")
    return GitProgram(repository.top, environ, only_reads=True)


def _moment_of_seconds(seconds: bytes) -> str:
    return moment_of(commit_time(text_of(seconds)))


def _parse_version(head: bytes, moment: str, number: int) -> FileVersion:
    """One entry of raw output: `:MODE MODE ID ID STATUS`."""
    _, mode, _, content, *_ = head.lstrip(b":").split()
    is_file = mode.startswith(FILE_MODE)
    is_link = mode == _LINK_MODE
    held = content.decode() if is_file or is_link else None
    return FileVersion(number, moment, held, is_link=is_link)
