"""Objects of a repository, many from one git process."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from registry_cli.errors import GitError
from registry_cli.store.git.pipes import pipe_size

if TYPE_CHECKING:
    import subprocess

_CHUNK = 1 << 16


class ObjectReader:
    """The objects of a repository by their ids, from one `git cat-file --batch`; to be used in a `with`.

    Raises `GitError` for an object that is not there: what is missing today may be fetched or repaired tomorrow.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", top: Path, max_size: int) -> None:
        assert process.stdin  # noqa: S101  # a pipe, as asked for
        self._process = process
        self._top = top
        self._max_size = max_size
        self._expected: deque[str] = deque()  # not asked for yet
        self._asked: deque[str] = deque()  # in the order of the answers
        self._waiting: set[str] = set()  # both of them
        # Names that wait in the pipe while git waits until its answers are read: a write must never wait for git.
        self._most_asked = pipe_size(process.stdin) // 2 // len(f"{'0' * 64}\n")
        self._answers: dict[str, bytes | None] = {}  # come, and not asked for yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()  # closes the pipes

    def expect(self, ids: Iterable[str]) -> None:
        """Have git look up objects that will be asked for soon, each once and in this order."""
        for each in ids:
            if each not in self._waiting and each not in self._answers:
                self._waiting.add(each)
                self._expected.append(each)
        self._send_requests()

    def _send_requests(self) -> None:
        if not self._expected or len(self._asked) > self._most_asked // 2:
            return
        assert self._process.stdin  # noqa: S101  # a pipe, as asked for
        free = self._most_asked - len(self._asked)
        wanted = [self._expected.popleft() for _ in range(min(free, len(self._expected)))]
        try:
            self._process.stdin.write("".join(f"{each}\n" for each in wanted).encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            raise GitError(missing_object_message(self._top)) from None
        self._asked += wanted

    def get(self, wanted: str) -> bytes | None:
        """Return an object's content, or None if it is too large. Raises `GitError`."""
        if wanted not in self._answers:
            self.expect([wanted])
            while wanted in self._waiting:
                each = self._asked.popleft()
                self._answers[each] = self._read_reply()
                self._waiting.remove(each)
                self._send_requests()
        return self._answers.pop(wanted)

    def _read_reply(self) -> bytes | None:
        stdout = self._process.stdout
        assert stdout  # noqa: S101  # a pipe, as asked for
        head = stdout.readline().split()
        if len(head) != 3:  # noqa: PLR2004  # id, type and size; the id and `missing`; or nothing, where git died of it
            raise GitError(missing_object_message(self._top))
        size = int(head[2])
        if size <= self._max_size:
            return stdout.read(size + 1)[:size]
        left = size + 1
        while left > 0 and (skipped := stdout.read(min(left, _CHUNK))):
            left -= len(skipped)
        return None


def missing_object_message(top: Path) -> str:
    """Return what to say of a repository of whose history an object cannot be read."""
    return (
        f"{top}: an object of the history is missing or damaged; a partial clone gets all objects with "
        "`git fetch --refetch --no-filter`, and `git fsck` says what is wrong elsewhere"
    )
