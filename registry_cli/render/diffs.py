"""What changed in texts, as a unified diff that `patch` and `git apply` read."""

import re
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from itertools import islice

from registry_cli.yamledit.escapes import escape_text

_CONTEXT = 3
_HEAD = 2  # lines that name the file
_COLORS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"
_LINE_NUMBER = re.compile(r"(?<=[-+])[0-9]+")


def unified_diff_text(path: str, old: str | None, new: str, *, color: bool = False) -> str:
    """Return the diff of one file, or an empty text where nothing changed. `old` is None for a new file."""
    if old == new:
        return ""
    path = path.lstrip("/")  # as git names a file outside the repository
    source = "/dev/null" if old is None else f"a/{path}"
    lines = [f"--- {source}", f"+++ b/{path}", *_diff_hunks(_split_lines(old or ""), _split_lines(new))]
    if color:
        lines = [_color_line(line, first=number < _HEAD) for number, line in enumerate(lines)]
    return "".join(f"{line}\n" for line in lines)


def _split_lines(text: str) -> list[str]:
    """The lines with their newlines. `str.splitlines` would break at other characters too."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    return [line for line in lines if line]


def _diff_hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Compare only the lines between the first and the last that differ: a file may have ten thousand."""
    head = _count_equal(before, after)
    tail = _count_equal(before[head:][::-1], after[head:][::-1])
    start, stop = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    old, new = before[start : len(before) - stop], after[start : len(after) - stop]
    for line in islice(unified_diff(old, new, n=_CONTEXT, lineterm=""), _HEAD, None):
        if line.startswith("@"):
            yield _LINE_NUMBER.sub(lambda number: str(int(number[0]) + start), line)
        else:
            yield from _diff_lines(line)


def _count_equal(before: Sequence[str], after: Sequence[str]) -> int:
    """How many lines at the start are equal."""
    shorter = min(len(before), len(after))
    return next((place for place in range(shorter) if before[place] != after[place]), shorter)


def _diff_lines(line: str) -> Iterator[str]:
    """A marked line as it is shown: without its newline, or with a second line that says that it has none."""
    content = line.removesuffix("\n").removesuffix("\r")
    ending = "\r" if line.endswith("\r\n") else ""
    yield f"{line[0]}{escape_text(content[1:])}{ending}"
    if not line.endswith("\n"):
        yield "\\ No newline at end of file"


def _color_line(line: str, *, first: bool) -> str:
    color = _BOLD if first else _COLORS.get(line[:1], "")
    return f"{color}{line}{_OFF}" if color else line
