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
_MOST_SCALARS = 100_000  # remembered; a long history has more


class Entry(NamedTuple):
    """A model, or what a provider says of itself: `body` in today's spelling."""

    body: Mapping[str, Any]
    leaves: Leaves


class Parted(NamedTuple):
    """A text that parts into models at sight: where each begins, and the last one's end."""

    text: str
    section: int  # where what is under `models:` begins
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
            found = self._spliced(text, like, like.parted)
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
            models[name] = self._entry(folded(models[name].body, entry.body)) if name in models else entry
        merged = Version(self._entry(folded(low.head.body, high.head.body)), models)
        return self.layered([*layers[:-2], merged])

    def _spliced(self, text: str, like: Version, old: Parted) -> Version | None:
        """The version of a text that differs from another one's in some of its models, None where it does otherwise.

        What lies before and after all differences need not be looked at again.
        """
        before = _common(old.text, text)
        after = _common_end(old.text, text, before)
        first = bisect_right(old.cuts, before - old.indent - 1) - 1  # the key that the cut is for is the same
        last = max(first, bisect_left(old.cuts, len(old.text) - after + 1))  # with the line's end before it
        if first < 0 or last >= len(old.cuts):
            return None
        grown, start = len(text) - len(old.text), old.cuts[first]
        part = text[start : old.cuts[last] + grown]
        starts = [match.start() for match in _key_at(old.indent).finditer(part)]
        if _SECTION_END.search(part) or (part and starts[:1] != [0]):
            return None
        items = list(like.models.items())
        blocks = [part[a:b] for a, b in pairwise([*starts, len(part)])]
        read = self._models(blocks, {old.block(number): items[number] for number in range(first, last)})
        if read is None:
            return None
        items[first:last] = read
        models = dict(items)
        if len(models) < len(items):
            return None
        cuts = old.cuts[:first] + [start + each for each in starts] + [each + grown for each in old.cuts[last:]]
        return Version(like.head, models, Parted(text, old.section, old.indent, cuts))

    def _models(self, blocks: list[str], known: Mapping[str, tuple[str, Entry]]) -> list[tuple[str, Entry]] | None:
        """The models of texts, of which those that are not known are read in one go."""
        unknown = "".join(block for block in blocks if block not in known)
        if not unknown:
            return [known[block] for block in blocks]
        try:
            value = load(unknown, self._scalars)
        except YamlError:
            return None
        # Every key of the models stands where a block begins: as many keys as blocks means that all blocks are right.
        fresh = iter(value.items()) if isinstance(value, dict) else iter(())
        found = [known.get(block) or self._model(next(fresh, None)) for block in blocks]
        if "<<" in unknown or None in found or next(fresh, None) is not None:
            return None
        return found  # type: ignore[return-value]  # none of them is None

    def _model(self, item: tuple[str, Any] | None) -> tuple[str, Entry] | None:
        if item is None or not isinstance(item[1], dict | None):
            return None
        return item[0], self._entry(_modern(item[1] or {}))

    def _whole(self, text: str) -> Version:
        value = load(text, self._scalars)
        if not isinstance(value, dict):
            raise YamlError("schema", "a provider file is a mapping")
        models = value.get("models") or value.get("model_capabilities") or {}
        if not isinstance(models, dict) or not all(isinstance(body, dict | None) for body in models.values()):
            raise YamlError("schema", "models is no mapping of mappings")
        entries = {name: self._entry(_modern(body or {})) for name, body in models.items()}
        parted = _parted(text)
        if parted is not None and (len(parted.cuts) != len(entries) + 1 or "<<" in text):
            parted = None  # a block may begin where no model does, but a model nowhere else
        return Version(self._entry(_own(value)), entries, parted)

    def _entry(self, body: Mapping[str, Any]) -> Entry:
        return Entry(body, leaves_of(body, self._canonical))


def _parted(text: str) -> Parted | None:
    sections = [*_SECTION.finditer(text)]
    if len(sections) != 1:
        return None
    start = sections[0].end()
    after = _SECTION_END.search(text, start)
    end = after.start() if after else len(text)
    first = _FIRST_KEY.search(text, start, end)
    if first is None:
        return None
    indent = len(first[1])
    cuts = [match.start() for match in _key_at(indent).finditer(text, start, end)]
    return Parted(text, start, indent, [*cuts, end])


@cache
def _key_at(indent: int) -> re.Pattern[str]:
    return re.compile(rf"^ {{{indent}}}(?=[^ #\r\n])", re.MULTILINE)


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


def _own(value: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says of the provider itself; its id is the file's name."""
    return {key: item for key, item in value.items() if key not in MODEL_KEYS and key != "provider"}


def _modern(body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return modern_model(body)
    except (TypeError, ValueError):  # an older key with a value that it never had: it stays what it is
        return body
