"""What a source stated, in the catalog's own format: every source is translated into it.

`facts` is a mapping in exactly the format of a provider file (for a model: an entry under `models`), and holds
only what the source states: an absent key is a silent source, never a default.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """A statement of a source that the catalog does not take, and why. `field` is the source's own key."""

    provider: str
    model: str
    field: str
    value: str
    reason: str

    def __str__(self) -> str:
        subject = f"{self.provider}/{self.model}" if self.model else self.provider
        return "\t".join(" ".join(part.split()) for part in (subject, self.field, self.value, self.reason))


@dataclass(frozen=True, slots=True)
class ObservedModel:
    """One model: `id` as this catalog spells it, `spelled` as the source does.

    `denies` names the capabilities the source says the model lacks. They are not written as facts, but a less
    trusted source may not add them back. `private` marks an id that belongs to an account or to one machine (a
    fine-tune, a model made locally); it is written only where a person asks for that. `price_page` is the web page
    that the source names for the prices, and `price_day` the ISO day since when it states them, by its own word.
    """

    id: str
    spelled: str
    facts: Mapping[str, Any]
    denies: frozenset[str] = frozenset()
    private: bool = False
    price_page: str = ""
    price_day: str = ""


@dataclass(frozen=True, slots=True)
class ObservedProvider:
    id: str
    spelled: str
    facts: Mapping[str, Any]
    models: tuple[ObservedModel, ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """`own` marks what the people of this catalog wrote themselves: it is taken as it stands, nothing is inferred.
    `unread_keys` are keys of the answer that the source's reader does not know."""

    source: str
    providers: tuple[ObservedProvider, ...]
    notes: tuple[Note, ...] = field(default=())
    own: bool = False
    unread_keys: tuple[str, ...] = ()

    def model_count(self) -> int:
        return sum(len(provider.models) for provider in self.providers)

    def models(self) -> Iterator[tuple[ObservedProvider, ObservedModel]]:
        for provider in self.providers:
            for model in provider.models:
                yield provider, model
