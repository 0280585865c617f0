"""The vocabulary of capabilities: one canonical name for each, and the spellings seen elsewhere.

The file is `schema/capabilities.yml`; this reads its parsed value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry_cli.core.text.suggest import find_nearest


@dataclass(frozen=True, slots=True)
class Term:
    """One capability. `scope` is `model`, or `provider` for what a provider offers apart from its models."""

    name: str
    meaning: str
    link: str | None
    aliases: tuple[str, ...]
    scope: str


@dataclass(frozen=True)
class Vocabulary:
    """Terms by their canonical names, in the order of the file."""

    terms: Mapping[str, Term]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.terms)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Every spelling -> its canonical name."""
        return {spelling: term.name for term in self.terms.values() for spelling in (*term.aliases, term.name)}

    def canonical_name(self, name: str) -> str | None:
        """The canonical name of a spelling, None for one that is not in the vocabulary."""
        return self.spellings.get(name)

    def nearest_name(self, name: str) -> str | None:
        """The canonical name of the known spelling that looks most like `name`."""
        close = find_nearest(name.lower().replace("-", "_"), self.spellings)
        return self.spellings[close[0]] if close else None


def build_vocabulary(value: Any) -> Vocabulary:
    """From the parsed value of `schema/capabilities.yml`."""
    terms = {}
    for name, body in value["capabilities"].items():
        terms[name] = Term(
            name,
            body["meaning"],
            body.get("link"),
            tuple(body.get("aliases") or ()),
            body.get("scope", "model"),
        )
    return Vocabulary(terms)
