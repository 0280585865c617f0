"""Which facts of a source stand below what every other source states.

A source is believed in the order of its provider's precedence. Some of what it states is worth less than the rest: it
counts only where no source states the fact at its own rank. To add such facts, add a row to `_LAST`: the name of the
source and the fields, as `fields_of` names them. Of the rows the first stands highest.
"""

from collections.abc import Sequence

from registry_cli.core.sync.facts import Fields
from registry_cli.core.sync.lifecycle_sources import LIST_OF_MANY

Words = Sequence[tuple[str, Fields]]  # what each source states, the highest first

_RELEASE = frozenset({"release_date"})
_LAST = (
    # It tells when models end; what models are called, and since when, others know better.
    (LIST_OF_MANY, frozenset({"name", "aliases", "release_date"})),
    # These have `created`: when the entry was made, a day or two before the release, or long after it at OpenRouter.
    ("anthropic", _RELEASE),
    ("minimax", _RELEASE),
    ("xai", _RELEASE),
    ("openrouter", _RELEASE),
)


def by_standing(words: Words) -> Words:
    """The words in the order in which they are believed: a source may come twice, with what stands last at the end."""
    last_of = {source: last for source, last in _LAST if any(source == each for each, _ in words)}
    if not last_of:
        return words
    ranked = [(source, _without(fields, last_of.get(source, frozenset()))) for source, fields in words]
    stated = dict(words)
    return [*ranked, *((source, _only(stated[source], last)) for source, last in last_of.items())]


def _without(fields: Fields, names: frozenset[str]) -> Fields:
    return {name: value for name, value in fields.items() if name not in names} if names else fields


def _only(fields: Fields, names: frozenset[str]) -> Fields:
    return {name: value for name, value in fields.items() if name in names}
