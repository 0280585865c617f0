"""What changed in texts, as a unified diff that `patch` and `git apply` read."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from registry_cli.yamledit.escapes import escaped

_CONTEXT = 3
_COLORS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"


def unified(path: str, old: str | None, new: str, *, color: bool = False) -> str:
    """The diff of one file; `old` is None for a new one. Empty where nothing changed."""
    if old == new:
        return ""
    before, after = _lines(old or ""), _lines(new)
    path = path.lstrip("/")  # as git names a file outside
    source = "/dev/null" if old is None else f"a/{path}"
    lines = [f"--- {source}", f"+++ b/{path}", *_hunks(before, after)]
    return "".join(f"{_colored(line, first=number < 2) if color else line}\n" for number, line in enumerate(lines))  # noqa: PLR2004  # the two lines of the head


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Only the lines between the first and the last that differ are compared: a file may have ten thousand."""
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    start, stop = max(0, head - _CONTEXT), max(0, tail - _CONTEXT)
    old, new = before[start : len(before) - stop], after[start : len(after) - stop]
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(_CONTEXT):
        (_, i, _, j, _), (_, _, i_end, _, j_end) = group[0], group[-1]
        yield f"@@ -{_span(start + i, i_end - i)} +{_span(start + j, j_end - j)} @@"
        for kind, a, a_end, b, b_end in group:
            if kind == "equal":
                yield from _marked(" ", old[a:a_end])
            else:
                yield from _marked("-", old[a:a_end])
                yield from _marked("+", new[b:b_end])


def _span(start: int, length: int) -> str:
    return f"{start + 1 if length else start},{length}" if length != 1 else f"{start + 1}"


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        content = line.removesuffix("\n").removesuffix("\r")
        ending = "\r" if line.endswith("\r\n") else ""
        yield f"{mark}{escaped(content)}{ending}"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _colored(line: str, *, first: bool) -> str:
    color = _BOLD if first else _COLORS.get(line[:1], "")
    return f"{color}{line}{_OFF}" if color else line
