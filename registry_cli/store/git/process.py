"""The git program, asked directly: reading history through GitPython would cost more than the reading itself.

It only reads here, and a person's settings change nothing of what it says. Names and messages are bytes to git; they
become text as paths do (`os.fsdecode`).
"""

import contextlib
import os
import subprocess
from collections import deque
from collections.abc import Generator, Iterable, Mapping
from pathlib import Path
from typing import IO, Self

from registry_cli.errors import GitError
from registry_cli.yamledit.escapes import escaped

# Set for hooks of the repository that somebody commits to, which need not be the catalog's.
_OF_HOOKS = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
_OF_PATHSPECS = frozenset({f"GIT_{how}_PATHSPECS" for how in ("LITERAL", "GLOB", "NOGLOB", "ICASE")})
# What a person may have set that changes which commits and files `git log` and `git diff-tree` tell, and how.
SETTINGS = (
    "-c", "color.ui=false",
    "-c", "diff.orderFile=/dev/null",
    "-c", "diff.relative=false",
    "-c", "diff.renameLimit=1000",
    "-c", "i18n.logOutputEncoding=UTF-8",
    "-c", "log.diffMerges=separate",
    "-c", "log.follow=false",
    "-c", "log.showRoot=true",
    "-c", "log.showSignature=false",
)  # fmt: skip
_CHUNK = 1 << 16
_PIPE = 1 << 20
_LEAST_PIPE = 1 << 12  # what Linux grants a user who has many pipes


class GitProgram:
    """git in a folder. Every method raises `GitError` where git is missing, refuses or fails."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self._environ = {name: value for name, value in environ.items() if name not in _OF_HOOKS | _OF_PATHSPECS}
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
            process = subprocess.Popen(  # noqa: S603  # no shell
                ["git", "-C", str(self.folder), "--no-pager", *SETTINGS, *arguments],  # noqa: S607  # the person's git
                env=self._environ,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if stdin else subprocess.PIPE,
            )
        except FileNotFoundError:
            raise GitError("the git program is not installed; the catalog's history needs it") from None
        except OSError as error:
            raise GitError(f"the git program cannot be run: {error.strerror or error}") from None
        for pipe in filter(None, (process.stdin, process.stdout)):
            _widen(pipe)  # so that git works ahead while what it said is read
        return process

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
        assert process.stdin  # noqa: S101  # a pipe, as asked for
        self._process = process
        self._most = most
        self._expected: deque[str] = deque()  # not asked for yet
        self._asked: deque[str] = deque()  # in the order of the answers
        self._waiting: set[str] = set()  # both of them
        # Names that wait in the pipe while git waits until its answers are read: a write must never wait for git.
        self._most_asked = _size(process.stdin) // 2 // len(f"{'0' * 64}\n")
        self._answers: dict[str, bytes | None] = {}  # come, and not asked for yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()  # closes the pipes

    def expect(self, ids: Iterable[str]) -> None:
        """Has git look up objects that will be asked for soon, each once and in this order."""
        for each in ids:
            if each not in self._waiting and each not in self._answers:
                self._waiting.add(each)
                self._expected.append(each)
        self._ask()

    def _ask(self) -> None:
        if not self._expected or len(self._asked) > self._most_asked // 2:
            return
        assert self._process.stdin  # noqa: S101  # a pipe, as asked for
        free = self._most_asked - len(self._asked)
        wanted = [self._expected.popleft() for _ in range(min(free, len(self._expected)))]
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
            while wanted in self._waiting:
                each = self._asked.popleft()
                self._answers[each] = self._answer()
                self._waiting.remove(each)
                self._ask()
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


def _widen(pipe: IO[bytes]) -> None:
    """Only Linux can; and there not for somebody who has many pipes."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _size(pipe: IO[bytes]) -> int:
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415

        return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
    return _LEAST_PIPE


def text_of(data: bytes) -> str:
    """A name or a message as text; bytes that are no UTF-8 survive the way back."""
    return os.fsdecode(data)
