"""YAML text -> its value and the place of every key and value in it.

Reads libyaml's events rather than composing nodes: composing recurses in C, where 60 KB of `- - -` ends the
interpreter, and events show what must be refused (tags, directives, aliases) before anything is built.
Places cost a second reading, which is made only when somebody asks for one. An edit keeps the events of what it
looks into (`nodes.py`).
"""

import re
from collections.abc import Container, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent, StreamEndEvent
from yaml.reader import ReaderError

from registry_cli.errors import YamlError
from registry_cli.yamledit.escapes import UNSAFE, escape_text
from registry_cli.yamledit.scalars import ScalarFault, is_misread, resolve_scalar, type_names
from registry_cli.yamledit.syntax_faults import describe_syntax_fault, refuse_git_lfs_pointer

MAX_DEPTH = 64
MAX_NODES = 1_000_000

Value = str | int | Decimal | bool | dict[str, Any] | list[Any] | None
Path = tuple[str | int, ...]

_NOT_PLAIN = re.compile(r"[^\t\n\r -~]")  # found faster than the characters that matter
_CORE = "tag:yaml.org,2002:"
_CORE_TYPES = {
    f"{_CORE}{name}": kind for name, kind in {"null": type(None), "bool": bool, "int": int, "float": Decimal}.items()
}
_NO_KEY: Any = object()
# id(collection) -> key or index -> the places of its key (None for an index) and value. A place is one number, for a
# file of 10 MB has half a million of them: the line shifted, and the column, both from 1.
_Marks = dict[int, dict[Any, tuple[int | None, int]]]
_COLUMN_BITS = 24


class Position(NamedTuple):
    """A place in a text; both count from 1, columns in characters."""

    line: int
    column: int


class Document:
    """A text that was read: `value`, the `faults` met on the way, and where everything stands.

    With faults the value is what could be read around them, for a report; nothing else may use it.
    """

    __slots__ = ("_marks", "events", "faults", "misread", "text", "value")

    def __init__(self, text: str, value: Value, reading: "_Reading") -> None:
        self.text = text
        self.value = value
        self.faults = tuple(reading.faults)
        self.events = reading.events  # libyaml's, for `nodes.compose_tree`
        self.misread = tuple(
            reading.scalars.misread
        )  # plain scalars that a YAML 1.1 reader takes for something else, as written
        self._marks: tuple[Value, _Marks] | None = None

    def position_of(self, path: Sequence[str | int], *, of_key: bool = False) -> Position:
        """Where the value at `path` starts, or its key; of the deepest part of `path` that exists."""
        if self._marks is None:
            reader = _Reading(self.text, Scalars(), with_marks=True)
            self._marks = reader.read(), reader.marks or {}
        node, marks = self._marks
        found: tuple[int | None, int] | None = None
        for step in path:
            places = marks.get(id(node), {})
            if step not in places or not isinstance(node, dict | list):
                break
            found = places[step]
            node = node[step]  # type: ignore[index]  # str for a mapping, int for a sequence
        if found is None:
            return Position(1, 1)
        of_its_key, of_its_value = found
        place = of_its_key if of_key and of_its_key is not None else of_its_value
        return Position(place >> _COLUMN_BITS, place & ((1 << _COLUMN_BITS) - 1))

    def misread_positions(self) -> list[tuple[str, Position]]:
        """Each plain scalar of `misread` with its place, in the order of the text."""
        if not self.misread:
            return []
        texts = set(self.misread)
        parser = CParser(self.text.removeprefix("\ufeff"))
        found = []
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, ScalarEvent) and event.implicit[0] and event.value in texts:
                found.append((event.value, Position(*_start_of(event))))
        return found


class Scalars(dict[str, Any]):
    """Plain scalar text -> value, worked out once for all the texts read with it."""

    __slots__ = ("misread",)

    def __init__(self) -> None:
        super().__init__()
        self.misread: list[str] = []

    def __missing__(self, text: str) -> Any:
        value = resolve_scalar(text)
        if is_misread(text):
            self.misread.append(text)  # not remembered, so that it is met again in the next text
        else:
            self[text] = value
        return value


def decode_utf8(data: bytes) -> str:
    """The text of a file, its byte order mark kept. Raises `YamlError` for anything but UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        raise YamlError("encoding", "the file is UTF-16 or UTF-32: save it as UTF-8", 1, 1)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise YamlError("encoding", f"byte 0x{data[error.start]:02x} is not UTF-8", line, column) from None


def read_document(text: str, scalars: Scalars | None = None, *, inside: Container[Path] = ()) -> Document:
    """Reads a text. Raises `YamlError` where nothing after the fault can be trusted; lesser faults are in
    `Document.faults`. Pass one `Scalars` for many texts.

    `inside` are the paths of collections that an edit looks into, with all their ancestors: their events are kept.
    """
    scalars = scalars if scalars is not None else Scalars()
    scalars.misread = []
    reading = _Reading(text, scalars, with_marks=False, inside=inside)
    value = reading.read()
    if reading.needs_marks:
        scalars.misread = []
        reading = _Reading(text, scalars, with_marks=True)
        value = reading.read()
    return Document(text, value, reading)


def load_value(text: str, scalars: Scalars | None = None) -> Value:
    """The value of a text; raises `YamlError` for every fault."""
    document = read_document(text, scalars)
    if document.faults:
        raise document.faults[0]
    return document.value


class _Reading:
    """One pass over one text: events in, a value out."""

    def __init__(self, text: str, scalars: Scalars, *, with_marks: bool, inside: Container[Path] = ()) -> None:
        self.text = text.removeprefix("\ufeff")
        self.scalars = scalars
        self.inside = inside
        self.events: list[Any] = []
        self.faults: list[YamlError] = []
        self.marks: _Marks | None = {} if with_marks else None
        self.needs_marks = False
        self.anchors: dict[str, tuple[Any, bool]] = {}  # with whether it is complete
        self.merges: dict[int, tuple[tuple[Any, Any], Any]] = {}  # by the id of the mapping they go into
        self.measures: dict[int, tuple[int, int]] = {}
        self.expanded = 0

    def read(self) -> Value:
        _refuse_unsafe(self.text)
        refuse_git_lfs_pointer(self.text)
        try:
            parser = CParser(self.text)
            parser.get_event()
            self._check_start(parser.get_event())
            value = self._build_value(parser.get_event)
            parser.get_event()
            self._check_end(parser.get_event())
        except MarkedYAMLError as error:
            raise describe_syntax_fault(error, self.text) from None
        except ReaderError as error:
            raise YamlError("control-character", f"the text holds U+{error.character:04X}", 1, 1) from None
        return value

    def _check_start(self, event: Any) -> None:
        if isinstance(event, StreamEndEvent):
            raise YamlError("yaml-document", "the file is empty", 1, 1)
        if event.version is not None and event.version != (1, 2):
            version = ".".join(map(str, event.version))
            raise YamlError("yaml-version", f"%YAML {version} changes what values mean: remove it", *_start_of(event))

    def _check_end(self, event: Any) -> None:
        if not isinstance(event, StreamEndEvent):
            raise YamlError("yaml-document", "a second document starts here: a file holds one", *_start_of(event))

    def _build_value(self, get_event: Any) -> Value:  # noqa: C901, PLR0912, PLR0915  # the one hot loop: a call an event costs a third more
        scalars, marks, merges, keep = self.scalars, self.marks, self.merges, self.events.append
        anchored = "&" in self.text
        path: Path | None = () if () in self.inside else None  # of the open collection, None where no event is kept
        leaf: Any = None  # the last event (of a flow collection the first and the last): a block collection ends there
        stack: list[tuple[Any, Any, Any, Any, Path | None]] = []
        container: Any = None
        is_mapping = False
        key: Any = _NO_KEY
        key_event: Any = None
        while True:
            event = get_event()
            if path is not None:
                keep(event)
            kind = type(event)
            if kind is ScalarEvent:
                leaf = event
                if event.implicit[0]:
                    try:
                        value = scalars[event.value]
                    except ScalarFault as fault:
                        value = self._report_scalar(event, fault)
                else:
                    value = self._read_quoted(event)
                if anchored and event.anchor is not None:
                    self.anchors[event.anchor] = (value, True)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                is_key = is_mapping and key is _NO_KEY
                if is_key or event.tag is not None or len(stack) >= MAX_DEPTH:
                    self._check_opening(event, len(stack), is_key=is_key)
                stack.append((container, key, key_event, event, path))
                if path is not None and container is not None:
                    path = (*path, key if is_mapping else len(container))
                    path = path if path in self.inside else None
                is_mapping = kind is MappingStartEvent
                container = {} if is_mapping else []
                if marks is not None:
                    marks[id(container)] = {}
                if event.anchor is not None:
                    self.anchors[event.anchor] = (container, False)
                key = _NO_KEY
                continue
            elif kind is AliasEvent:
                value = self._resolve_alias(event, len(stack))
                leaf = event
            else:  # the end of a mapping or a sequence
                value, end, was_kept = container, event, path is not None
                container, key, key_event, event, path = stack.pop()
                if path is not None and not was_kept:
                    self.events += (*leaf, end) if leaf.__class__ is tuple else (leaf, end)
                if event.flow_style:
                    leaf = event, end
                is_mapping = container.__class__ is dict
                if merges and id(value) in merges:
                    self._merge_mappings(value, merges.pop(id(value)))
                if event.anchor is not None:
                    self.anchors[event.anchor] = (value, True)
            if is_mapping:
                if key is _NO_KEY:
                    key = value if value.__class__ is str else self._report_key_type(event, value)
                    key_event = event
                    continue
                if key in container:
                    self._report_duplicate(container, key, key_event)
                elif key == "<<" and key_event.implicit[0]:
                    if id(container) in merges:
                        self._add_fault(key_event, "duplicate-key", "'<<' is here twice: it takes a list of mappings")
                    merges.setdefault(id(container), ((key_event, event), value))
                else:
                    container[key] = value
                    if marks is not None:
                        marks[id(container)][key] = _packed_place(key_event), _packed_place(event)
                key = _NO_KEY
            elif container is None:
                return value  # type: ignore[no-any-return]  # built here, of Value's kinds only
            else:
                if marks is not None:
                    marks[id(container)][len(container)] = None, _packed_place(event)
                container.append(value)

    def _check_opening(self, event: Any, depth: int, *, is_key: bool) -> None:
        if is_key:
            raise YamlError("key-type", "a key is a collection: keys are text", *_start_of(event))
        if depth >= MAX_DEPTH:
            raise YamlError("yaml-depth", f"nested too deep (more than {MAX_DEPTH} levels)", *_start_of(event))
        if event.tag is not None:
            native = "map" if type(event) is MappingStartEvent else "seq"
            if event.tag not in ("!", f"{_CORE}{native}"):
                self._add_fault(event, "yaml-tag", f"the tag {_tag_name(event.tag)} is not allowed")

    def _add_fault(self, event: Any, code: str, message: str) -> None:
        self.faults.append(YamlError(code, message, *_start_of(event)))

    def _report_scalar(self, event: Any, fault: ScalarFault) -> Any:
        self._add_fault(event, fault.code, fault.message)
        return fault.value

    def _read_quoted(self, event: Any) -> Any:
        value = event.value
        if event.tag is not None and event.tag not in ("!", f"{_CORE}str"):
            return self._read_tagged(event)
        if event.style == '"':
            unsafe = UNSAFE.search(value)
            if unsafe:
                shown = escape_text(value[:60])
                self._add_fault(event, "control-character", f'"{shown}" holds {escape_text(unsafe[0])}')
        return value

    def _read_tagged(self, event: Any) -> Any:
        expected = _CORE_TYPES.get(event.tag)
        if expected is None:
            self._add_fault(event, "yaml-tag", f"the tag {_tag_name(event.tag)} is not allowed")
            return event.value
        try:
            value = resolve_scalar(event.value)
        except ScalarFault as fault:
            return self._report_scalar(event, fault)
        if expected is Decimal and type(value) is int:
            return Decimal(value)
        if type(value) is not expected:
            self._add_fault(event, "yaml-tag", f"{escape_text(event.value[:40])!r} is not a {_tag_name(event.tag)}")
        return value

    def _resolve_alias(self, event: Any, depth: int) -> Any:
        if event.anchor not in self.anchors:
            raise YamlError("yaml-alias", f"*{event.anchor} names no anchor above it", *_start_of(event))
        value, complete = self.anchors[event.anchor]
        if not complete:
            raise YamlError("yaml-alias", f"*{event.anchor} contains itself", *_start_of(event))
        self._count_expansion(value, event, depth)
        return value

    def _count_expansion(self, value: Any, event: Any, depth: int) -> None:
        """Counts what an alias adds for whoever walks the value: few bytes can mean billions of nodes."""
        size, height = self._measure_value(value)
        self.expanded += size
        if self.expanded > MAX_NODES:
            raise YamlError("yaml-alias", f"aliases expand to more than {MAX_NODES:,} nodes", *_start_of(event))
        if depth + height > MAX_DEPTH:
            raise YamlError("yaml-depth", f"nested too deep (more than {MAX_DEPTH} levels)", *_start_of(event))

    def _measure_value(self, value: Any) -> tuple[int, int]:
        """Nodes and levels of a value, each shared collection measured once."""
        if not isinstance(value, dict | list):
            return 1, 0
        if id(value) not in self.measures:
            children = value.values() if isinstance(value, dict) else value
            size, height = 1, 0
            for child_size, child_height in map(self._measure_value, children):
                size, height = size + child_size, max(height, child_height)
            self.measures[id(value)] = size, height + 1
        return self.measures[id(value)]

    def _report_key_type(self, event: Any, key: Any) -> str:
        if isinstance(key, dict | list):
            raise YamlError("key-type", "a key is a collection: keys are text", *_start_of(event))
        written = getattr(event, "value", str(key))
        self._add_fault(event, "key-type", f"the key {written or '(empty)'} is {type_names[type(key)]}: quote it")
        return str(written)

    def _report_duplicate(self, container: Any, key: str, key_event: Any) -> None:
        self.needs_marks = self.marks is None
        if self.marks is not None:
            first = (self.marks[id(container)][key][0] or 0) >> _COLUMN_BITS
            again = key_event.start_mark.line + 1
            shown = escape_text(key)
            self._add_fault(key_event, "duplicate-key", f"{shown!r} is on line {first} and again on line {again}")

    def _merge_mappings(self, target: Any, merge: tuple[tuple[Any, Any], Any]) -> None:
        """`<<`: keys of the merged mappings that `target` does not state itself, the first mapping first."""
        places, merged = merge
        for source in merged if isinstance(merged, list) else (merged,):
            if not isinstance(source, dict):
                raise YamlError("yaml-alias", "<< merges mappings only", *_start_of(places[1]))
            for key in [key for key in source if key not in target]:
                target[key] = source[key]
                if self.marks is not None:
                    self.marks[id(target)][key] = _packed_place(places[0]), _packed_place(places[1])


def _start_of(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _packed_place(event: Any) -> int:
    line, column = _start_of(event)
    return line << _COLUMN_BITS | column


def _tag_name(tag: str) -> str:
    return escape_text(f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag)


def _refuse_unsafe(text: str) -> None:
    suspicious = _NOT_PLAIN.search(text)
    unsafe = UNSAFE.search(text, suspicious.start()) if suspicious else None
    if unsafe:
        before = text[: unsafe.start()]
        line, column = before.count("\n") + 1, unsafe.start() - before.rfind("\n")
        message = f"the text holds U+{ord(unsafe[0]):04X} ({escape_text(unsafe[0])})"
        raise YamlError("control-character", message, line, column)
