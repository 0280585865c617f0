"""A provider file as one commit has it: its facts field by field, whatever spelling they are in.

What is read is kept by the text it was read from, model by model, so that the next version of the same file costs
only the models that changed in it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry_cli.core.assembly import folded, modern_model
from registry_cli.core.file_names import MODEL_KEYS
from registry_cli.core.leaves import Canonical, Leaves, leaves_of
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, decode, load

_SECTION = re.compile(r"^(?:models|model_capabilities):[ \t]*(?:#.*)?\r?\n", re.MULTILINE)
_SECTION_END = re.compile(r"^[^ #\r\n]", re.MULTILINE)
_FIRST_KEY = re.compile(r"^( +)[^ #\r\n]", re.MULTILINE)
_MOST_SCALARS = 100_000  # remembered; a long history has more


class Entry(NamedTuple):
    """A model, or what a provider says of itself: `body` in today's spelling."""

    body: Mapping[str, Any]
    leaves: Leaves


class Version(NamedTuple):
    """A provider at one time. `blocks` are the parts of the text that it was read from, by their text."""

    head: Entry
    models: Mapping[str, Entry]
    blocks: Mapping[str, tuple[str, Entry]] = {}


class VersionReader:
    """Reads versions; `canonical` gives a capability its name of today."""

    def __init__(self, canonical: Canonical) -> None:
        self._canonical = canonical
        self._scalars = Scalars()

    def read(self, data: bytes, like: Version | None = None) -> Version:
        """Raises `YamlError` for a text that cannot be read. `like` is a version that this one may share much with."""
        if len(self._scalars) > _MOST_SCALARS:
            self._scalars.clear()
        text = decode(data).removeprefix("\ufeff")
        known = like.blocks if like else {}
        return self._by_blocks(text, known) or self._whole(text)

    def layered(self, layers: list[Version]) -> Version:
        """The provider of several files, the lowest first (`core.assembly`)."""
        if len(layers) == 1:
            return layers[0]
        low, high = layers[-2:]
        models = dict(low.models)
        for name, entry in high.models.items():
            models[name] = self._entry(folded(models[name].body, entry.body)) if name in models else entry
        merged = Version(self._entry(folded(low.head.body, high.head.body)), models)
        return self.layered([*layers[:-2], merged])

    def _by_blocks(self, text: str, known: Mapping[str, tuple[str, Entry]]) -> Version | None:
        """None where the text does not part into models at sight, or where anything in it is wrong."""
        parted = _parted(text)
        if parted is None:
            return None
        rest, *blocks = parted
        found: dict[str, tuple[str, Entry]] = {}
        models: dict[str, Entry] = {}
        for block in blocks:
            read = known.get(block) or self._model(block)
            if read is None or read[0] in models:
                return None
            found[block] = read
            models[read[0]] = read[1]
        head = known.get(rest) or self._head(rest)
        if head is None:
            return None
        found[rest] = head
        return Version(head[1], models, found)

    def _model(self, block: str) -> tuple[str, Entry] | None:
        try:
            value = load(block, self._scalars)
        except YamlError:
            return None
        if not isinstance(value, dict) or len(value) != 1:
            return None
        ((name, body),) = value.items()
        return (name, self._entry(_modern(body or {}))) if isinstance(body, dict | None) else None

    def _head(self, text: str) -> tuple[str, Entry] | None:
        try:
            value = load(text, self._scalars)
        except YamlError:
            return None
        held = [key for key in MODEL_KEYS if key in value] if isinstance(value, dict) else []
        if not isinstance(value, dict) or len(held) != 1 or value[held[0]] is not None:
            return None
        return "", self._entry(_own(value))

    def _whole(self, text: str) -> Version:
        value = load(text, self._scalars)
        if not isinstance(value, dict):
            raise YamlError("schema", "a provider file is a mapping")
        models = value.get("models") or value.get("model_capabilities") or {}
        if not isinstance(models, dict) or not all(isinstance(body, dict | None) for body in models.values()):
            raise YamlError("schema", "models is no mapping of mappings")
        entries = {name: self._entry(_modern(body or {})) for name, body in models.items()}
        return Version(self._entry(_own(value)), entries)

    def _entry(self, body: Mapping[str, Any]) -> Entry:
        return Entry(body, leaves_of(body, self._canonical))


def _parted(text: str) -> list[str] | None:
    """What is outside of the models, with their key, then the text of each."""
    sections = [*_SECTION.finditer(text)]
    if len(sections) != 1:
        return None
    start = sections[0].end()
    after = _SECTION_END.search(text, start)
    end = after.start() if after else len(text)
    first = _FIRST_KEY.search(text, start, end)
    if first is None:
        return None
    key = re.compile(rf"^ {{{len(first[1])}}}(?=[^ #\r\n])", re.MULTILINE)
    return [text[:start] + text[end:], *_cut(text, [match.start() for match in key.finditer(text, start, end)], end)]


def _cut(text: str, starts: list[int], end: int) -> Iterator[str]:
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        yield text[start:stop]


def _own(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of the provider itself; its id is the file's name."""
    return {key: item for key, item in value.items() if key not in MODEL_KEYS and key != "provider"}


def _modern(body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return modern_model(body)
    except (TypeError, ValueError):  # an older key with a value that it never had: it stays what it is
        return body
