"""A provider file as one commit has it: its facts field by field, whatever spelling they are in.

The next version of the same file costs only what changed in it: the texts of models that are the same are not read
again.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from registry_cli.core.catalog.build import merge_layers, modernize_model
from registry_cli.core.format.legacy import MODEL_KEYS, models_of
from registry_cli.core.history.flat_fields import Canonical, Leaves, flatten_history
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, decode_utf8, load_value
from registry_cli.yamledit.plain_lines import PlainLines

# Searched from the end of the line before, since a literal is found fast.
_SECTION = re.compile(rf"\n(?:{'|'.join(MODEL_KEYS)}):[ \t]*(?:#.*)?\r?(?=\n)")
_SECTION_END = re.compile(r"\n(?=[^ #\r\n])")
_FIRST_KEY = re.compile(r"^( +)[^ #\r\n]", re.MULTILINE)
_ANCHOR = re.compile(r"[&*](?<![^\s\[{,].)[^\s&*]")  # what may be one, or an alias
_MOST_SCALARS = 100_000  # remembered; a long history has more


class EntryVersion(NamedTuple):
    """The entry of a model or of a provider: `body` as written, the fields in today's spelling."""

    body: Mapping[str, Any]
    leaves: Leaves


_Item = tuple[str, EntryVersion]


class Parted(NamedTuple):
    """A text that parts into models at sight: where each begins, and the last one's end."""

    text: str
    indent: int
    cuts: list[int]

    def block_text(self, number: int) -> str:
        return self.text[self.cuts[number] : self.cuts[number + 1]]


class Version(NamedTuple):
    """A provider at one time, and the text that it was read from, where that parts into its models in their order."""

    head: EntryVersion
    models: Mapping[str, EntryVersion]
    parted: Parted | None = None


class VersionReader:
    """Reads versions; `canonical` gives a capability its name of today."""

    def __init__(self, canonical: Canonical) -> None:
        self._canonical = canonical
        self._scalars = Scalars()
        self._plain = PlainLines(self._scalars)

    def read_version(self, data: bytes, like: Version | None = None) -> Version:
        """Raises `YamlError` for a text that cannot be read. `like` is a version that this one may share much with."""
        if len(self._scalars) > _MOST_SCALARS:
            self._scalars.clear()
        text = decode_utf8(data).removeprefix("\ufeff")
        found = (
            self._read_by_difference(text, like, like.parted) if like is not None and like.parted is not None else None
        )
        return found or self._read_by_blocks(text, like) or self._read_whole(text)

    def merge_versions(self, layers: list[Version]) -> Version:
        """The provider of several files, the lowest first (`core.catalog.build`)."""
        if len(layers) == 1:
            return layers[0]
        low, high = layers[-2:]
        models = dict(low.models)
        for name, entry in high.models.items():
            below = models.get(name)
            models[name] = (
                self._read_model(merge_layers(_modernize_entry(below.body), _modernize_entry(entry.body)))
                if below
                else entry
            )
        body = merge_layers(low.head.body, high.head.body)
        merged = Version(EntryVersion(body, flatten_history(body, self._canonical)), models)
        return self.merge_versions([*layers[:-2], merged])

    def _read_by_difference(self, text: str, like: Version, old: Parted) -> Version | None:
        """The version of a text that differs from another one's in some of its models, None where it does otherwise.

        What lies before and after all differences need not be looked at again.
        """
        found = _find_difference(old.text, text, old.cuts, old.indent)
        if found is None:
            return None
        first, last, part = found
        grown, start = len(text) - len(old.text), old.cuts[first]
        starts = _keys_at(old.indent, part)
        if _SECTION_END.search(f"\n{part}") or (part and starts[:1] != [0]):
            return None
        items = list(like.models.items())
        blocks = [part[a:b] for a, b in pairwise([*starts, len(part)])]
        read = self._read_models(blocks, {old.block_text(number): items[number] for number in range(first, last)})
        if read is None:
            return None
        items[first:last] = read
        cuts = old.cuts[:first] + [start + each for each in starts] + [each + grown for each in old.cuts[last:]]
        return _build_version(like.head, items, Parted(text, old.indent, cuts))

    def _read_by_blocks(self, text: str, like: Version | None) -> Version | None:
        """The same for a text that differs outside of its models, too, or from everything."""
        parted = _split_blocks(text)
        if parted is None:
            return None
        head = self._load_part(text[: parted.cuts[0]] + text[parted.cuts[-1] :])
        if head is None or [head[key] for key in MODEL_KEYS if key in head] != [None]:
            return None
        known = {}
        if like is not None and like.parted is not None:
            known = {like.parted.block_text(number): item for number, item in enumerate(like.models.items())}
        items = self._read_models([*map(parted.block_text, range(len(parted.cuts) - 1))], known)
        return _build_version(self._read_head(head), items, parted) if items is not None else None

    def _read_models(self, blocks: list[str], known: Mapping[str, _Item]) -> list[_Item] | None:
        """The models of texts. Of those that are not known, the plain ones are read each by itself and all others in
        one go."""
        read = {block: self._plain.read(block) for block in blocks if block not in known}
        others = [block for block, fresh in read.items() if fresh is None]
        if others:
            # Every key of the models stands where a block begins: as many keys as blocks means that all are right.
            together = self._load_part("".join(others))
            if together is None or len(together) != len(others):
                return None
            read |= {block: {name: body} for block, (name, body) in zip(others, together.items(), strict=True)}
        items = dict(known)
        for block, fresh in read.items():
            ((name, body),) = (fresh or {}).items()  # a block has one key of its indent
            if not _is_body(body):
                return None
            items[block] = name, self._read_model(body or {})
        return [items[block] for block in blocks]

    def _load_part(self, text: str) -> dict[str, Any] | None:
        """The mapping that a part of a file is, None where it is none, or may depend on other parts."""
        plain = self._plain.read(text)
        if plain is not None:
            return plain
        if _is_tied(text):
            return None
        try:
            value = load_value(text, self._scalars)
        except YamlError:
            return None
        return value if isinstance(value, dict) else None

    def _read_whole(self, text: str) -> Version:
        value = load_value(text, self._scalars)
        if not isinstance(value, dict):
            raise YamlError("schema", "a provider file is a mapping")
        models = models_of(value)
        if not isinstance(models, dict) or not all(map(_is_body, models.values())):
            raise YamlError("schema", "models is no mapping of mappings")
        entries = {name: self._read_model(body or {}) for name, body in models.items()}
        parted = _split_blocks(text)
        if parted is not None and len(parted.cuts) != len(entries) + 1:
            parted = None  # a block may begin where no model does, but a model nowhere else
        return Version(self._read_head(value), entries, parted)

    def _read_head(self, value: Mapping[str, Any]) -> EntryVersion:
        """Reads the provider's own facts. The name of the file gives its id."""
        own = {key: item for key, item in value.items() if key not in MODEL_KEYS and key != "provider"}
        return EntryVersion(own, flatten_history(own, self._canonical))

    def _read_model(self, body: Mapping[str, Any]) -> EntryVersion:
        return EntryVersion(body, flatten_history(_modernize_entry(body), self._canonical))


def _build_version(head: EntryVersion, items: list[_Item], parted: Parted) -> Version | None:
    models = dict(items)
    return Version(head, models, parted) if len(models) == len(items) else None


def _is_body(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _split_blocks(text: str) -> Parted | None:
    sections = [*_SECTION.finditer(f"\n{text}")]
    if len(sections) != 1 or _is_tied(text):
        return None
    start = sections[0].end()  # there a newline more stands before it
    after = _SECTION_END.search(text, start - 1)
    end = after.end() if after else len(text)
    first = _FIRST_KEY.search(text, start, end)
    if first is None:
        return None
    indent = len(first[1])
    return Parted(text, indent, [*(start + each for each in _keys_at(indent, text[start:end])), end])


def _keys_at(indent: int, text: str) -> list[int]:
    """Where lines begin that have a key at an indent."""
    return [match.start() for match in _key_at(indent).finditer(f"\n{text}")]


@cache
def _key_at(indent: int) -> re.Pattern[str]:
    return re.compile(rf"\n {{{indent}}}(?=[^ #\r\n])(?!-\s)")  # nor an item of a list


def _is_tied(text: str) -> bool:
    """Whether a part of a text may depend on another one."""
    return "<<" in text or (("&" in text or "*" in text) and _ANCHOR.search(text) is not None)


def _find_difference(old: str, new: str, cuts: list[int], indent: int) -> tuple[int, int, str] | None:
    """Between which cuts of a text another one differs, and what it has there instead; the cuts are before keys of an
    indent, and at the end. None where they differ before the first cut or after the last."""
    before = _common_start(old, new)
    after = _common_end(old, new, before)
    first = bisect_right(cuts, before - indent - 1) - 1  # the key that the cut is for is the same
    last = max(first, bisect_left(cuts, len(old) - after + 1))  # with the line's end before it
    if first < 0 or first == len(cuts) - 1 or last >= len(cuts):
        return None
    part = new[cuts[first] : cuts[last] + len(new) - len(old)]
    return first, last, part


def _common_start(one: str, other: str) -> int:
    """Returns the number of characters that two texts have in common at the start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str, taken: int) -> int:
    """How many they end with alike, without the ones that they begin with."""
    low, high = 0, min(len(one), len(other)) - taken
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _modernize_entry(body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return modernize_model(body)
    except (TypeError, ValueError):  # an older key with a value that it never had: it stays what it is
        return body
