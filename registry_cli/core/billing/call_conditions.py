"""The conditions of a call, and whether a price variant holds under them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, NamedTuple, Self

from registry_cli.core.pricing.conditions import CN_HOLIDAY, NUMBERS_AND_TIMES, WEEKDAYS
from registry_cli.core.pricing.holidays import is_holiday
from registry_cli.core.pricing.rates import FIRST_DAY, LAST_DAY
from registry_cli.errors import UsageError

STANDARD_TIERS = frozenset({"standard", "default", "auto", "on_demand", "on-demand"})


class Conditions(NamedTuple):
    """The conditions of a call; None if not given. `day` is an ISO day, `time` a time of that day in UTC (`16:30`)."""

    day: str
    time: str | None = None
    monthly_tokens: int | None = None
    service_tier: str | None = None
    region: str | None = None
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None

    @property
    def words(self) -> tuple[str | None, ...]:
        """All conditions but times and numbers."""
        return self[3:]

    def filled_from(self, service_tier: str | None, region: str | None) -> "Conditions":
        """Return these conditions, completed by those that a response states."""
        return self._replace(service_tier=self.service_tier or service_tier, region=self.region or region)

    @property
    def special_tier(self) -> str | None:
        """The service tier in lower case; None if none is given, or for a name of the standard tier."""
        tier = None if self.service_tier is None else self.service_tier.casefold()
        return None if tier in STANDARD_TIERS else tier


def parse_time(text: str | None, name: str) -> str | None:
    """Return a time of day in UTC in the form of `Conditions`; None if none is given. Raises `UsageError`."""
    try:
        return None if text is None else time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise UsageError(f"{name}: {text!r} is not a time such as 16:30") from None


@dataclass(frozen=True, slots=True)
class VariantCondition:
    """The `when` of a price variant, prepared for checking many calls."""

    first_day: str
    last_day: str
    input_tokens_above: int
    monthly_tokens_above: int | None
    words: tuple[tuple[str, Any, str], ...]  # field of `Conditions`, value as written, value to compare
    days: tuple[str, ...]
    hours: tuple[tuple[str, str], ...]

    @classmethod
    def from_when(cls, when: Mapping[str, Any]) -> Self:
        return cls(
            when.get("from", FIRST_DAY),
            when.get("until", LAST_DAY),
            when.get("input_tokens_above", -1),
            when.get("monthly_tokens_above"),
            tuple((name, value, str(value).casefold()) for name, value in when.items()
                  if name not in NUMBERS_AND_TIMES),
            tuple(when.get("days", WEEKDAYS)),
            tuple((text[:5], text[6:]) for text in when.get("utc", ())),
        )  # fmt: skip

    def missing_for(self, conditions: Conditions, input_tokens: int) -> dict[str, Any] | None:
        """Return the fields of `Conditions` that are not given and that the variant needs, each with a suitable value.

        The result is empty if the variant holds, and None if it cannot hold.
        """
        words = self.missing_words(conditions)
        numbers = self._missing_numbers(conditions, input_tokens)
        return None if words is None or numbers is None else words | numbers

    def missing_words(self, conditions: Conditions) -> dict[str, Any] | None:
        """Return `missing_for` of the tier, the region and the other conditions that are words."""
        missing: dict[str, Any] = {}
        for name, wanted, folded in self.words:
            given = getattr(conditions, name)
            if given is None:
                missing[name] = wanted
            elif given.casefold() != folded:
                return None
        return missing

    def holds_in_numbers(self, conditions: Conditions, input_tokens: int) -> bool:
        """Return whether the conditions on tokens, day and time hold."""
        return self._missing_numbers(conditions, input_tokens) == {}

    def depends_on_unknown_holiday(self, conditions: Conditions, input_tokens: int) -> bool:
        """Return whether the variant holds only if the day is a public holiday, and llmreg does not know if it is."""
        if CN_HOLIDAY not in self.days or self.holds_in_numbers(conditions, input_tokens):
            return False
        days = [conditions.day, _day_before(conditions.day)]
        if all(is_holiday(CN_HOLIDAY, day) is not None for day in days):
            return False
        return replace(self, days=WEEKDAYS).holds_in_numbers(conditions, input_tokens)

    def _missing_numbers(self, conditions: Conditions, input_tokens: int) -> dict[str, Any] | None:
        if not self.first_day <= conditions.day <= self.last_day or input_tokens <= self.input_tokens_above:
            return None
        missing: dict[str, Any] = {}
        if self.monthly_tokens_above is not None:
            if conditions.monthly_tokens is None:
                missing["monthly_tokens"] = int(self.monthly_tokens_above) + 1
            elif conditions.monthly_tokens <= self.monthly_tokens_above:
                return None
        if (self.days != WEEKDAYS or self.hours) and not self._may_hold_at(conditions.day, conditions.time):
            return None
        if self.hours and conditions.time is None:
            missing["time"] = self.hours[0][0]
        return missing

    def _may_hold_at(self, day: str, moment: str | None) -> bool:
        """Return whether the days and hours allow this time of the day, or any time if none is given.

        A range past midnight belongs to the day on which it starts.
        """
        is_today = self._includes_day(day)
        if not self.hours or moment is None:
            return is_today
        is_after_such_a_day = self._includes_day(_day_before(day))
        for start, end in self.hours:
            past_midnight = end <= start
            if is_today and moment >= start and (past_midnight or moment < end):
                return True
            if is_after_such_a_day and past_midnight and moment < end:
                return True
        return False

    def _includes_day(self, day: str) -> bool:
        """Return whether the variant holds on this day. A day in a year without a calendar is no holiday."""
        if WEEKDAYS[date.fromisoformat(day).weekday()] in self.days:
            return True
        return CN_HOLIDAY in self.days and bool(is_holiday(CN_HOLIDAY, day))


def _day_before(day: str) -> str:
    return day if day == date.min.isoformat() else (date.fromisoformat(day) - timedelta(days=1)).isoformat()
