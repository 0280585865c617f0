"""The lifecycle of a model on a day: its status, its next date, and the order in which models are listed."""

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
        """Return the first of the model's dates after `day`, or None."""
        dates = (self.deprecation_date, self.retirement_date)
        return min((date for date in dates if date and date > day), default=None)

    def ends_within(self, day: str, days: int) -> bool:
        """Return whether the model is deprecated or retired at most `days` days after `day`."""
        following = self.next_day(day)
        return following is not None and following <= (date.fromisoformat(day) + timedelta(days)).isoformat()

    def is_ending(self, day: str, days: int) -> bool:
        """Return whether the model is deprecated, unlisted or retired, or will be within `days` days."""
        return self.status in ENDED or self.ends_within(day, days)


def sort_lifecycles(models: Sequence[Lifecycle], day: str) -> list[Lifecycle]:
    """Return the models in the order of a report.

    First what ends next, then what is deprecated without a date, then the retired models, the latest first, and last
    the unlisted ones, which have no date.
    """
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
