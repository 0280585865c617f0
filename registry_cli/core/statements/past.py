"""What sources listed once: every model that a source ever had, each as the source last stated it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from registry_cli.core.statements.observations import Observations

ModelKey = tuple[str, str]  # provider, model, as this catalog spells them


@dataclass(frozen=True, slots=True)
class PastList:
    """All models that one source ever listed, with its last statement about each.

    `as_of` is the time of the newest state of the source that was read, empty where it is not known. `ended` are the
    models that this state does not list any more, each with the time since which it does not, empty where that is not
    known. `only_ids` marks a source of which nothing is taken but the ids.
    """

    observations: Observations
    as_of: str = ""
    ended: Mapping[ModelKey, str] = field(default_factory=dict)
    only_ids: bool = False

    @property
    def source(self) -> str:
        return self.observations.source

    def last_listed(self, key: ModelKey) -> str:
        """When the source was last known to list a model; empty where that is not known."""
        return self.ended.get(key, self.as_of)

    def lists_today(self, key: ModelKey, checked: str) -> bool:
        """Whether a source lists a model still, by the time at which the catalog last heard of it: a list that is older
        than that, or of which nobody knows how old it is, says nothing of today."""
        return key not in self.ended and self.as_of >= max(checked, "1")


class Contents(Protocol):
    """Contents of files by their ids; None for one that is too large."""

    def expect(self, ids: Sequence[str]) -> None: ...

    def get(self, wanted: str) -> bytes | None: ...
