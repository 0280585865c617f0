"""One entry for reading, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a card; `own` says that it comes from a person's own models."""

    label: str
    value: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One entry for reading: what must be known first (`notices`), then titled sections. `document` is its JSON,
    `notes` say what was assumed to find it."""

    title: str
    subtitle: str | None
    notices: tuple[str, ...]
    sections: tuple[tuple[str, tuple[Fact, ...]], ...]
    document: str
    notes: tuple[str, ...] = ()
