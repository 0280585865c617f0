"""The git program, asked directly: reading history through GitPython would cost more than the reading itself.

It only reads here. Names and messages are bytes to git; they become text as paths do (`os.fsdecode`).
"""

import os
import subprocess
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import Self

from registry_cli.errors import GitError
from registry_cli.yamledit.escapes import escaped

# Set for hooks of the repository that somebody commits to, which need not be the catalog's.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_CHUNK = 1 << 16
_PIPE = 1 << 20


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

    def objects(self, most: int) -> "Objects":
        """Objects of at most so many bytes."""
        return Objects(self._started(("cat-file", "--batch"), stdin=True), most)

    def _started(self, arguments: Iterable[str], *, stdin: bool = False) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603  # no shell
                ["git", "-C", str(self.folder), "--no-pager", *arguments],  # noqa: S607  # the person's git
                env=self._environ,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if stdin else subprocess.PIPE,
                pipesize=_PIPE,  # so that git works ahead while what it said is read
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

    def __init__(self, process: "subprocess.Popen[bytes]", most: int) -> None:
        self._process = process
        self._most = most
        self._asked: deque[str] = deque()  # in the order of the answers
        self._answers: dict[str, bytes | None] = {}  # come, and not asked for yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()  # closes the pipes

    def expect(self, ids: Iterable[str]) -> None:
        """Has git look up objects that will be asked for soon, each once and in this order: a few hundred at most,
        whose names fit into any pipe."""
        waiting = {*self._asked, *self._answers}
        wanted = [each for each in dict.fromkeys(ids) if each not in waiting]
        if not wanted:
            return
        assert self._process.stdin  # noqa: S101  # a pipe, as asked for
        try:
            self._process.stdin.write("".join(f"{each}\n" for each in wanted).encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise GitError("git: cat-file ended early") from None
        self._asked += wanted

    def get(self, wanted: str) -> bytes | None:
        """An object's content, None where it is larger or missing."""
        if wanted not in self._answers:
            self.expect([wanted])
            while (each := self._asked.popleft()) != wanted:
                self._answers[each] = self._answer()
            return self._answer()
        return self._answers.pop(wanted)

    def _answer(self) -> bytes | None:
        stdout = self._process.stdout
        assert stdout  # noqa: S101  # a pipe, as asked for
        head = stdout.readline().split()
        if not head:
            raise GitError("git: cat-file ended early")
        if len(head) != 3:  # noqa: PLR2004  # id, type and size; or what is wrong
            return None
        size = int(head[2])
        if size <= self._most:
            return stdout.read(size + 1)[:size]
        left = size + 1
        while left > 0 and (skipped := stdout.read(min(left, _CHUNK))):
            left -= len(skipped)
        return None


def text_of(data: bytes) -> str:
    """A name or a message as text; bytes that are no UTF-8 survive the way back."""
    return os.fsdecode(data)
