"""Other spellings of ids that a provider's file has: another separator, or a prefix more or less."""

import re
from collections.abc import Iterator

from registry_cli.core.matching.matching import FileNames

_PRODUCTS = frozenset({"lora", "pro", "tee"})  # prefixes of what is sold apart
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+|[^\w\s\-./:@]")


class Spellings:
    """The ids and aliases of a provider, to be found by another spelling of them."""

    def __init__(self, provider: str, names: FileNames) -> None:
        self._provider = provider
        self._whole: dict[str, str] = {}
        self._last_part: dict[str, str] = {}
        for name, model_id in (*((each, each) for each in sorted(names.ids)), *sorted(names.aliases.items())):
            self.add_name(name, model_id)

    def add_name(self, name: str, model_id: str) -> None:
        """Make known another name of a model; the first of two that are spelled alike counts."""
        self._whole.setdefault(_fold_name(name), model_id)
        if "/" in name and name.partition("/")[0].casefold() not in _PRODUCTS:
            self._last_part.setdefault(_fold_name(name.rpartition("/")[2]), model_id)

    def find_other_spelling(self, name: str) -> str | None:
        """The id that differs from a name only by its spelling, and not by case alone; None where there is none."""
        found = next((self._whole[each] for each in self._without_prefix(name) if each in self._whole), None)
        found = found or (None if "/" in name else self._last_part.get(_fold_name(name)))
        return None if found and found.casefold() == name.casefold() else found

    def _without_prefix(self, name: str) -> Iterator[str]:
        yield _fold_name(name)
        prefix, slash, rest = name.partition("/")
        if (slash and "/" not in rest) or (slash and _fold_name(prefix) == _fold_name(self._provider)):
            yield _fold_name(rest)


def _fold_name(name: str) -> str:
    """A name without case and separators: `Qwen/Qwen3-8B` and `qwen-qwen-3-8b` are one."""
    return "-".join(_PARTS.findall(name.casefold()))
