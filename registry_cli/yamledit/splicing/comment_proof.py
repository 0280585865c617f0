"""The part of an edit's proof that is about comments: none is lost, copied, or moved to another entry.

The comments of the new text must be those of the old one without those of the entries that went, each with the entry
that it belonged to. `spans.py` says which that is.
"""

from collections import Counter
from collections.abc import Sequence

from registry_cli.yamledit.document import Document
from registry_cli.yamledit.layout import match_nothing
from registry_cli.yamledit.ops import AddItem, Operation, Path, Remove, Rename, Set, owner_path
from registry_cli.yamledit.source import SourceText, Splice
from registry_cli.yamledit.splicing.spans import OwnedComment, leftover_comments, owned_comments

_MARK = "\ufeff"


def keeps_comments(document: Document, new: str, operations: Sequence[Operation], splices: Sequence[Splice]) -> bool:
    """Whether the new text has the comments that it must have. Only those near a splice can be concerned: the rest of
    the text is what it was."""
    old, new = document.text.removeprefix(_MARK), new.removeprefix(_MARK)
    if "#" not in old or not splices:
        return True
    spans = [_surrounding_lines(old, splice) for splice in splices]
    if not any(
        "#" in old[start:end] and not _is_within_line(old, splice)
        for splice, (start, end) in zip(splices, spans, strict=True)
    ):
        return True
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    expected = expected_comments(old, operations, start, end)
    return has_comments(new, expected, start, len(new) - (len(old) - end))


def expected_comments(
    text: str, operations: Sequence[Operation], start: int = 0, end: int | None = None
) -> Counter[OwnedComment]:
    """The comments that a text without byte order mark must have after the operations, or a span of it."""
    expected: Counter[OwnedComment] = Counter()
    if "#" not in text:
        return expected
    moves = _Moves(operations)
    source = SourceText(text, (), match_nothing, match_nothing)
    for comment in owned_comments(source, start, end):
        path = moves.follow(comment.path)
        if path is not None:
            expected[comment._replace(path=path)] += 1
    for operation in operations:
        if isinstance(operation, Remove) and operation.keeps_comments:
            holder, _ = source.find_node(owner_path(operation))
            index = source.index_of(holder, operation.path[-1])
            path = moves.follow(owner_path(operation))
            if index is not None and path is not None:
                comments = leftover_comments(source, holder, index)
                expected.update(OwnedComment(comment, path, is_loose=True) for comment in comments)
    return expected


def has_comments(text: str, expected: Counter[OwnedComment], start: int = 0, end: int | None = None) -> bool:
    """Whether a text that `document.read_document` accepts, or a span of it, has just these comments.

    One that was no entry's own may come to stand in a collection further out, and that of a key which comes first in
    the file to be the file's."""
    found: Counter[tuple[str, Path]] = Counter()
    if "#" in text:
        source = SourceText(text, (), match_nothing, match_nothing)
        found.update((comment.text, comment.path) for comment in owned_comments(source, start, end))
    missing: list[OwnedComment] = []
    for comment in expected.elements():
        if found[comment.text, comment.path]:
            found[comment.text, comment.path] -= 1
        else:
            missing.append(comment)
    for comment in missing:
        outer = [(comment.text, comment.path[:length]) for length in range(len(comment.path))]
        place = next((place for place in outer if found[place]), None)
        if place is None or not (comment.is_loose or len(comment.path) == 1):
            return False
        found[place] -= 1
    return not +found


def _is_within_line(text: str, splice: Splice) -> bool:
    """Whether a splice puts one value in place of another: what stands around it stays where it is."""
    old = text[splice.start : splice.end]
    return bool(old and splice.new) and not any(sign in part for sign in "\n#" for part in (old, splice.new))


def _surrounding_lines(text: str, splice: Splice) -> tuple[int, int]:
    """The lines of a splice, and those around it up to the next line of content on each side."""
    start = text.rfind("\n", 0, splice.start) + 1
    while start > 0:
        line_start = text.rfind("\n", 0, start - 1) + 1
        line, start = text[line_start:start].strip(), line_start
        if line and not line.startswith("#"):
            break
    end = text.find("\n", splice.end) + 1 or len(text)
    while end < len(text):
        line_end = text.find("\n", end) + 1 or len(text)
        line, end = text[end:line_end].strip(), line_end
        if line and not line.startswith("#"):
            break
    return start, end


class _Moves:
    """Where the entries of a text are after the operations."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._by_path: dict[Path, Operation] = {}
        self._items: dict[Path, list[Operation]] = {}
        for operation in operations:
            if not isinstance(operation, AddItem) and operation.path and owner_path(operation) != operation.path:
                self._by_path[operation.path] = operation
            if isinstance(operation, AddItem | Remove):
                self._items.setdefault(owner_path(operation), []).append(operation)

    def follow(self, path: Path) -> Path | None:
        """The new path of an entry; None where it goes or is replaced."""
        new: Path = ()
        for length, step in enumerate(path, 1):
            match self._by_path.get(path[:length]):
                case Remove():
                    return None
                case Set() if length < len(path):
                    return None
                case Rename(key=key):
                    new = (*new, key)
                case _:
                    new = (*new, self._new_place(path[: length - 1], step) if isinstance(step, int) else step)
        return new

    def _new_place(self, owner_path: Path, index: int) -> int:
        place = index
        for operation in self._items.get(owner_path, ()):
            match operation:
                case Remove(path=path) if isinstance(path[-1], int) and path[-1] < index:
                    place -= 1
                case AddItem(index=at) if at is not None and at <= index:
                    place += 1
        return place
