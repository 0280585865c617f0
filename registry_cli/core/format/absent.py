"""`ABSENT`: the value of a field that is not stated. None is a value of its own: the field does not apply."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final


class Absent(Enum):
    """The type of `ABSENT`, which is its only member. A copy or a pickle of it is `ABSENT` itself."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Absent.ABSENT


def value_at(body: Any, steps: Sequence[str]) -> Any:
    """The value at a path, `ABSENT` where the entry does not state it."""
    value = body
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return ABSENT
        value = value[step]
    return value
