"""Splices of the entries of flow collections: `[a, b]`, on one line or with an entry a line."""

from collections.abc import Iterator, Sequence

from registry_cli.yamledit.layout import format_in_flow
from registry_cli.yamledit.nodes import Node
from registry_cli.yamledit.ops import Add, AddItem
from registry_cli.yamledit.source import SourceText, Splice, indent_of
from registry_cli.yamledit.splicing.spans import EntrySpans


class FlowEditor:
    """Removes entries from a flow collection and adds others."""

    def __init__(self, source: SourceText, node: Node) -> None:
        self._source = source
        self._node = node
        self._spans = EntrySpans(source, node)

    def splice_entries(
        self, removed: set[int], added: Sequence[tuple[int, Sequence[Add | AddItem]]]
    ) -> Iterator[Splice]:
        """`added` are the new entries by the place before which they go."""
        staying = [index for index in range(len(self._node.entries)) if index not in removed]
        followed = {max((index for index in staying if index < place), default=-1) for place, _ in added}
        for first, last in self._spans.find_runs(removed):
            yield from self._remove_run(first, last, keeps_comma=first - 1 in followed)
        for place, operations in added:
            texts = [self._entry_text(operation) for operation in operations]
            before = [index for index in staying if index < place]
            after = [index for index in staying if index >= place]
            if before:
                yield from self._add_after(before[-1], texts, is_last=not after)
            else:
                yield from self._add_before(after[0], texts)

    def fill_empty(self, added: Sequence[Add | AddItem]) -> Iterator[Splice]:
        """The first entries of a collection that holds nothing but comments."""
        source, start = self._source, self._node.content_start
        comments = source.text[start : self._node.end].split("\n")[1:-1]
        indents = [indent_of(line) for line in comments if line.lstrip().startswith("#")]
        indent = " " * max(indents, default=indent_of(source.text_before(self._node.end)) + 2)
        at, newline = source.content_end(start), source.newline_at(self._node.end)
        yield Splice(at, at, ",".join(f"{newline}{indent}{self._entry_text(operation)}" for operation in added))

    # Removals

    def _remove_run(self, first: int, last: int, *, keeps_comma: bool) -> Iterator[Splice]:
        source, spans, entries = self._source, self._spans, self._node.entries
        is_last = last + 1 == len(entries)
        takes_comma = is_last and first > 0 and spans.find_comma(last) is None and not keeps_comma
        anchor, begins_line = entries[first].start, not spans.shares_line(first)
        if begins_line and spans.ends_line(last):
            if takes_comma:
                yield self._remove_comma(first - 1)
            yield Splice(spans.head_start(first), spans.tail_end(last), "")
        elif begins_line and not is_last:
            indent = source.text_before(anchor)
            yield Splice(spans.head_start(first), entries[last + 1].start, indent)
        elif begins_line and (first == 0 or "#" in source.text[entries[first - 1].end : anchor]):
            if takes_comma:
                yield self._remove_comma(first - 1)
            yield Splice(spans.head_start(first), spans.entry_end(last), source.text_before(anchor))
        elif spans.ends_line(last):
            start = anchor if first == 0 else self._cut_start(first, is_last=is_last)
            yield Splice(start, self._last_line_end(spans.tail_end(last)), "")
        elif not is_last:
            yield Splice(anchor, entries[last + 1].start, "")
        else:
            yield Splice(anchor if first == 0 else self._cut_start(first, is_last=True), spans.entry_end(last), "")

    def _cut_start(self, first: int, *, is_last: bool) -> int:
        """From where a run goes that others precede: with the comma before it, where no other entry needs that."""
        if is_last and self._spans.find_comma(len(self._node.entries) - 1) is None:
            return self._node.entries[first - 1].end
        return self._spans.entry_end(first - 1)

    def _remove_comma(self, index: int) -> Splice:
        comma = self._spans.find_comma(index) or 0
        return Splice(comma, comma + 1, "")

    def _last_line_end(self, tail: int) -> int:
        return self._source.content_end(self._source.line_start(tail - 1))

    # Additions

    def _add_after(self, index: int, texts: Sequence[str], *, is_last: bool) -> Iterator[Splice]:
        source, spans, entries = self._source, self._spans, self._node.entries
        end = entries[index].end
        beside = source.text[end : source.content_end(end)]
        if not self._has_own_lines and not (spans.ends_line(index) and "#" in beside):
            yield Splice(end, end, "".join(f", {text}" for text in texts))
            return
        comma = spans.find_comma(index)
        trailing = "," if not is_last or spans.find_comma(len(entries) - 1) is not None else ""
        newline, indent = source.newline_at(end), " " * indent_of(source.text_before(entries[index].start))
        lines = f",{newline}".join(f"{indent}{text}" for text in texts) + trailing
        if comma is None:
            yield Splice(end, end, ",")
        if spans.ends_line(index):
            tail = spans.tail_end(index)
            yield Splice(tail, tail, f"{lines}{newline}")
        else:
            at = spans.entry_end(index)
            yield Splice(at, at, f"{newline}{lines}")

    def _add_before(self, index: int, texts: Sequence[str]) -> Iterator[Splice]:
        start = self._node.entries[index].start
        if not self._has_own_lines:
            yield Splice(start, start, "".join(f"{text}, " for text in texts))
            return
        newline, indent = self._source.newline_at(start), self._source.text_before(start)
        head = self._spans.head_start(index)
        yield Splice(head, head, "".join(f"{indent}{text},{newline}" for text in texts))

    @property
    def _has_own_lines(self) -> bool:
        return not any(map(self._spans.shares_line, range(len(self._node.entries))))

    def _entry_text(self, operation: Add | AddItem) -> str:
        quote, all_quoted = self._source.style.quote, self._is_json
        if isinstance(operation, Add):
            key = format_in_flow(operation.key, quote, all_quoted=all_quoted or self._key_quotes)
            return f"{key}: {format_in_flow(operation.value, quote, all_quoted=all_quoted)}"
        items = [entry.value for entry in self._node.entries if entry.value.kind == "scalar"]
        all_quoted = all_quoted or (bool(items) and all(item.style in ("'", '"') for item in items))
        return format_in_flow(operation.value, quote, all_quoted=all_quoted)

    @property
    def _is_json(self) -> bool:
        return self._source.root.flow and self._source.style.quote == '"'

    @property
    def _key_quotes(self) -> bool:
        keys = [entry.key for entry in self._node.entries if entry.key is not None]
        return bool(keys) and all(key.style in ("'", '"') for key in keys)
