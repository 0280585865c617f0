"""The git program, asked directly: reading history through GitPython would cost more than the reading itself.

It only reads here. Names and messages are bytes to git; they become text as paths do (`os.fsdecode`).
"""

import os
import subprocess
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from registry_cli.errors import GitError
from registry_cli.yamledit.escapes import escaped

# Set for hooks of the repository that somebody commits to, which need not be the catalog's.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_CHUNK = 1 << 16
_AHEAD = 64  # objects asked for before the first is read: their names fit into any pipe


class GitProgram:
    """git in a folder. Every method raises `GitError` where git is missing, refuses or fails."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self._environ = {name: value for name, value in environ.items() if name not in _OF_HOOKS}
        self._environ |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}

    def run(self, *arguments: str) -> bytes:
        """What git prints, whole."""
        with self._started(arguments) as process:
            printed, complained = process.communicate()
        if process.returncode:
            raise GitError(self._explained(complained, process.returncode))
        return printed

    def tokens(self, *arguments: str) -> Generator[bytes, None, None]:
        """What git prints between NULs, as it comes: nothing of it is kept."""
        with self._started(arguments) as process:
            assert process.stdout  # noqa: S101  # a pipe, as asked for
            rest = b""
            try:
                while chunk := process.stdout.read(_CHUNK):
                    *whole, rest = (rest + chunk).split(b"\0")
                    yield from whole
            except BaseException:
                process.kill()  # nobody reads on
                raise
            complained = process.stderr.read() if process.stderr else b""
        if process.returncode:
            raise GitError(self._explained(complained, process.returncode))
        if rest.strip():
            yield rest

    def objects(self) -> "Objects":
        return Objects(self._started(("cat-file", "--batch"), stdin=True))

    def _started(self, arguments: Iterable[str], *, stdin: bool = False) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603  # no shell
                ["git", "-C", str(self.folder), "--no-pager", *arguments],  # noqa: S607  # the person's git
                env=self._environ,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if stdin else subprocess.PIPE,
            )
        except FileNotFoundError:
            raise GitError("the git program is not installed; the catalog's history needs it") from None
        except OSError as error:
            raise GitError(f"the git program cannot be run: {error.strerror or error}") from None

    def _explained(self, complained: bytes, status: int) -> str:
        said = complained.decode(errors="replace").strip()
        if "dubious ownership" in said:
            return (
                f"{self.folder}: the repository belongs to another user, and git refuses to use it "
                "(git's safe.directory setting allows it)"
            )
        if "not a git repository" in said:
            return f"{self.folder}: not in a git repository, so there is no history"
        if "must be run in a work tree" in said:
            return f"{self.folder}: not in the work tree of a git repository"
        return f"git: {escaped(said) or f'ended with {status}'}"


class Objects:
    """Objects of a repository by their ids, from one process; to be used in a `with`."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()  # closes the pipes

    def read(self, ids: Iterable[str], most: int) -> Iterator[tuple[str, bytes | None]]:
        """Each object's content in the order of the ids, None where it has more than `most` bytes or is missing."""
        waiting: list[str] = []
        for each in ids:
            waiting.append(each)
            if len(waiting) == _AHEAD:
                yield from self._answers(waiting, most)
                waiting = []
        yield from self._answers(waiting, most)

    def _answers(self, ids: list[str], most: int) -> Iterator[tuple[str, bytes | None]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin  # noqa: S101  # pipes, as asked for
        assert stdout  # noqa: S101
        try:
            stdin.write("".join(f"{each}\n" for each in ids).encode())
            stdin.flush()
        except BrokenPipeError:
            raise GitError("git: cat-file ended early") from None
        for each in ids:
            head = stdout.readline().split()
            if not head:
                raise GitError("git: cat-file ended early")
            if len(head) != 3:  # noqa: PLR2004  # id, type and size; or what is wrong
                yield each, None
                continue
            size = int(head[2])
            if size <= most:
                yield each, stdout.read(size + 1)[:size]
                continue
            left = size + 1
            while left > 0 and (skipped := stdout.read(min(left, _CHUNK))):
                left -= len(skipped)
            yield each, None


def text_of(data: bytes) -> str:
    """A name or a message as text; bytes that are no UTF-8 survive the way back."""
    return os.fsdecode(data)
