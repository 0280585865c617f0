"""`ABSENT`: the value of a field that is not stated. None is a value of its own: the field does not apply."""

from enum import Enum
from typing import Final


class Absent(Enum):
    """The type of `ABSENT`, which is its only member. A copy or a pickle of it is `ABSENT` itself."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.name


ABSENT: Final = Absent.ABSENT
