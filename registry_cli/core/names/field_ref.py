"""`MODEL#FIELD`: the address of a field, as users write it and messages show it."""

from typing import NamedTuple, Self


class FieldRef(NamedTuple):
    """A model, a provider or a list of models, and one of its fields. `field` is None where no `#` is written."""

    owner: str
    field: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `MODEL` or `MODEL#FIELD`. An ID has no `#`, so the first one begins the field."""
        owner, sign, field = text.partition("#")
        return cls(owner, field if sign else None)

    def __str__(self) -> str:
        return self.owner if self.field is None else f"{self.owner}#{self.field}"
