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

from registry_cli.core.assembly import folded, modern_model
from registry_cli.core.file_names import MODEL_KEYS
from registry_cli.core.leaves import Canonical, Leaves, leaves_of
from registry_cli.errors import YamlError
from registry_cli.yamledit.document import Scalars, decode, load

_SECTION = re.compile(r"^(?:models|model_capabilities):[ \t]*(?:#.*)?\r?\n", re.MULTILINE)
_SECTION_END = re.compile(r"^[^ #\r\n]", re.MULTILINE)
_FIRST_KEY = re.compile(r"^( +)[^ #\r\n]", re.MULTILINE)
_TIED = re.compile(r"<<|(?:^|[\s\[{,])[&*][^\s&*]", re.MULTILINE)  # merges, and what may be an anchor or an alias
_MOST_SCALARS = 100_000  # remembered; a long history has more


class Entry(NamedTuple):
    """A model, or what a provider says of itself: `body` as it is written, the fields in today's spelling."""

    body: Mapping[str, Any]
    leaves: Leaves


_Item = tuple[str, Entry]


class Parted(NamedTuple):
    """A text that parts into models at sight: where each begins, and the last one's end."""

    text: str
    indent: int
    cuts: list[int]

    def block(self, number: int) -> str:
        return self.text[self.cuts[number] : self.cuts[number + 1]]


class Version(NamedTuple):
    """A provider at one time, and the text that it was read from, where that parts into its models in their order."""

    head: Entry
    models: Mapping[str, Entry]
    parted: Parted | None = None


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
        if like is not None and like.parted is not None:
            found = self._spliced(text, like, like.parted) or self._by_blocks(text, like, like.parted)
            if found is not None:
                return found
        return self._whole(text)

    def layered(self, layers: list[Version]) -> Version:
        """The provider of several files, the lowest first (`core.assembly`)."""
        if len(layers) == 1:
            return layers[0]
        low, high = layers[-2:]
        models = dict(low.models)
        for name, entry in high.models.items():
            below = models.get(name)
            models[name] = self._model(folded(_modern(below.body), _modern(entry.body))) if below else entry
        body = folded(low.head.body, high.head.body)
        merged = Version(Entry(body, leaves_of(body, self._canonical)), models)
        return self.layered([*layers[:-2], merged])

    def _spliced(self, text: str, like: Version, old: Parted) -> Version | None:
        """The version of a text that differs from another one's in some of its models, None where it does otherwise.

        What lies before and after all differences need not be looked at again.
        """
        found = _differing(old.text, text, old.cuts, old.indent)
        if found is None:
            return None
        first, last, part = found
        grown, start = len(text) - len(old.text), old.cuts[first]
        starts = [match.start() for match in _key_at(old.indent).finditer(part)]
        if _SECTION_END.search(part) or (part and starts[:1] != [0]):
            return None
        items = list(like.models.items())
        blocks = [part[a:b] for a, b in pairwise([*starts, len(part)])]
        read = self._models(blocks, {old.block(number): items[number] for number in range(first, last)})
        if read is None:
            return None
        items[first:last] = read
        cuts = old.cuts[:first] + [start + each for each in starts] + [each + grown for each in old.cuts[last:]]
        return _version(like.head, items, Parted(text, old.indent, cuts))

    def _by_blocks(self, text: str, like: Version, old: Parted) -> Version | None:
        """The same for a text that differs outside of its models, too."""
        parted = _parted(text)
        if parted is None:
            return None
        head = self._loaded(text[: parted.cuts[0]] + text[parted.cuts[-1] :])
        if head is None or [head[key] for key in MODEL_KEYS if key in head] != [None]:
            return None
        known = {old.block(number): item for number, item in enumerate(like.models.items())}
        items = self._models([*map(parted.block, range(len(parted.cuts) - 1))], known)
        return _version(self._head(head), items, parted) if items is not None else None

    def _models(self, blocks: list[str], known: Mapping[str, _Item]) -> list[_Item] | None:
        """The models of texts, those that are not known read in one go. Of a model that is known by another text, only
        the fields that differ are."""
        by_key = {_first_line(block): (block, item[1]) for block, item in known.items()}
        unknown = {block: _Respelled.of(block, *by_key.get(_first_line(block), (None, None)))
                   for block in blocks if block not in known}  # fmt: skip
        if not unknown:
            return [known[block] for block in blocks]
        # Every key of the models stands where a block begins: as many keys as blocks means that all are right.
        fresh = self._loaded("".join(part.text if part else block for block, part in unknown.items()))
        if fresh is None or len(fresh) != len(unknown) or not all(map(_is_body, fresh.values())):
            return None
        items = dict(known)
        for (block, part), (name, read) in zip(unknown.items(), fresh.items(), strict=True):
            body = part.body(read or {}) if part else read or {}
            if body is None:
                return None
            items[block] = name, self._model(body)
        return [items[block] for block in blocks]

    def _loaded(self, text: str) -> dict[str, Any] | None:
        """The mapping that a part of a file is, None where it is none, or may depend on other parts."""
        if _TIED.search(text):
            return None
        try:
            value = load(text, self._scalars)
        except YamlError:
            return None
        return value if isinstance(value, dict) else None

    def _whole(self, text: str) -> Version:
        value = load(text, self._scalars)
        if not isinstance(value, dict):
            raise YamlError("schema", "a provider file is a mapping")
        models = value.get("models") or value.get("model_capabilities") or {}
        if not isinstance(models, dict) or not all(map(_is_body, models.values())):
            raise YamlError("schema", "models is no mapping of mappings")
        entries = {name: self._model(body or {}) for name, body in models.items()}
        parted = _parted(text)
        if parted is not None and len(parted.cuts) != len(entries) + 1:
            parted = None  # a block may begin where no model does, but a model nowhere else
        return Version(self._head(value), entries, parted)

    def _head(self, value: Mapping[str, Any]) -> Entry:
        """What a file says of the provider itself; its id is the file's name."""
        own = {key: item for key, item in value.items() if key not in MODEL_KEYS and key != "provider"}
        return Entry(own, leaves_of(own, self._canonical))

    def _model(self, body: Mapping[str, Any]) -> Entry:
        return Entry(body, leaves_of(_modern(body), self._canonical))


class _Respelled(NamedTuple):
    """A model's text of which only some fields differ from another text of it: `text` has its key and these fields,
    which stand in place of those from `first` to `last` of what it was."""

    text: str
    first: int
    last: int
    keys: int
    was: Entry

    @classmethod
    def of(cls, block: str, old: str | None, was: Entry | None) -> "_Respelled | None":
        """None where there is no other text, or they are not that much alike."""
        if old is None or was is None:
            return None
        child = _FIRST_KEY.search(old, old.find("\n") + 1)
        if child is None:
            return None
        key = _key_at(len(child[1]))
        cuts = [*(match.start() for match in key.finditer(old)), len(old)]
        found = _differing(old, block, cuts, len(child[1]))
        if found is None or len(was.body) != len(cuts) - 1:
            return None
        first, last, part = found
        return cls(f"{_first_line(old)}\n{part}", first, last, len(key.findall(part)), was)

    def body(self, fresh: Mapping[str, Any]) -> dict[str, Any] | None:
        """The model with the fields that were read; None where these are not what they seemed to be."""
        fields = list(self.was.body.items())
        fields[self.first : self.last] = fresh.items()
        body = dict(fields)
        return body if len(fresh) == self.keys and len(body) == len(fields) else None


def _first_line(text: str) -> str:
    return text.partition("\n")[0]


def _version(head: Entry, items: list[_Item], parted: Parted) -> Version | None:
    models = dict(items)
    return Version(head, models, parted) if len(models) == len(items) else None


def _is_body(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _parted(text: str) -> Parted | None:
    sections = [*_SECTION.finditer(text)]
    if len(sections) != 1 or _TIED.search(text):
        return None
    start = sections[0].end()
    after = _SECTION_END.search(text, start)
    end = after.start() if after else len(text)
    first = _FIRST_KEY.search(text, start, end)
    if first is None:
        return None
    indent = len(first[1])
    cuts = [match.start() for match in _key_at(indent).finditer(text, start, end)]
    return Parted(text, indent, [*cuts, end])


@cache
def _key_at(indent: int) -> re.Pattern[str]:
    return re.compile(rf"^ {{{indent}}}(?=[^ #\r\n])(?!-\s)", re.MULTILINE)  # nor an item of a list


def _differing(old: str, new: str, cuts: list[int], indent: int) -> tuple[int, int, str] | None:
    """Between which cuts of a text another one differs, and what it has there instead; the cuts are before keys of an
    indent, and at the end. None where they differ before the first cut or after the last."""
    before = _common(old, new)
    after = _common_end(old, new, before)
    first = bisect_right(cuts, before - indent - 1) - 1  # the key that the cut is for is the same
    last = max(first, bisect_left(cuts, len(old) - after + 1))  # with the line's end before it
    if first < 0 or first == len(cuts) - 1 or last >= len(cuts):
        return None
    part = new[cuts[first] : cuts[last] + len(new) - len(old)]
    return first, last, part


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
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


def _modern(body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return modern_model(body)
    except (TypeError, ValueError):  # an older key with a value that it never had: it stays what it is
        return body
