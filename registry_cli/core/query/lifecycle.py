"""Where a model is in its life on a day: which of its dates comes next, and which rows a person asked for."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from registry_cli.core.catalog.status import ENDED

UNKNOWN = "unknown"
_OVER = ("unlisted", "retired")


class Lifecycle(NamedTuple):
    """One model: `status` as of the day (`unknown` for an id that the catalog does not have), its ISO days, and what
    the provider recommends instead."""

    model: str
    status: str
    deprecation_date: str | None = None
    retirement_date: str | None = None
    retirement_not_before: str | None = None
    replacement: str | None = None

    def next_day(self, day: str) -> str | None:
        """The first of its days that is still to come."""
        return min(
            (each for each in (self.deprecation_date, self.retirement_date) if each and each > day), default=None
        )

    def ends_within(self, day: str, days: int) -> bool:
        """Whether it is deprecated or retired at most so many days after `day`."""
        following = self.next_day(day)
        return following is not None and following <= (date.fromisoformat(day) + timedelta(days)).isoformat()

    def is_ending(self, day: str, days: int) -> bool:
        """Whether it is deprecated, unlisted or retired already, or will be soon."""
        return self.status in ENDED or self.ends_within(day, days)


def in_order(models: Sequence[Lifecycle], day: str) -> list[Lifecycle]:
    """What ends next comes first, then what is deprecated without a day, then the retired, the latest first, and last
    the unlisted, of which no source says when they ended."""
    unlisted = [model for model in models if model.status == "unlisted"]
    coming = [model for model in models if model.status not in _OVER and model.next_day(day)]
    open_end = [model for model in models if model.status not in _OVER and not model.next_day(day)]
    retired = [model for model in models if model.status == "retired"]
    return [
        *sorted(coming, key=lambda model: (model.next_day(day) or "", model.model)),
        *sorted(open_end, key=lambda model: model.model),
        *sorted(
            sorted(retired, key=lambda model: model.model), key=lambda model: model.retirement_date or "", reverse=True
        ),
        *sorted(unlisted, key=lambda model: model.model),
    ]
