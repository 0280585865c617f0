"""Under which conditions a call is made, and whether a price variant holds under them."""

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
    """Under which circumstances a call is made; None where it is not said. `day` is an ISO day and `time` a time of
    that day in UTC (`16:30`)."""

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
        """All of them but times and numbers."""
        return self[3:]

    def filled_from(self, service_tier: str | None, region: str | None) -> "Conditions":
        """These conditions, with what a response says where a person did not."""
        return self._replace(service_tier=self.service_tier or service_tier, region=self.region or region)

    @property
    def special_tier(self) -> str | None:
        """The service tier in lower case; None where none is given, or one of the names of the standard tier."""
        tier = None if self.service_tier is None else self.service_tier.casefold()
        return None if tier in STANDARD_TIERS else tier


def parse_time(text: str | None, name: str) -> str | None:
    """A time of the day in UTC as `Conditions` has it; None where none is given. Raises `UsageError`."""
    try:
        return None if text is None else time.fromisoformat(text).strftime("%H:%M")
    except ValueError:
        raise UsageError(f"{name}: {text!r} is not a time such as 16:30") from None


@dataclass(frozen=True, slots=True)
class VariantCondition:
    """The `when` of a price variant, prepared to be judged for many calls."""

    first_day: str
    last_day: str
    input_tokens_above: int
    monthly_tokens_above: int | None
    words: tuple[tuple[str, Any, str], ...]  # field of `Conditions`, value as written, value to compare
    days: tuple[str, ...]
    hours: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, when: Mapping[str, Any]) -> Self:
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
        """What would have to be the case besides what is given: nothing (`{}`) where the variant holds, None where it
        cannot, else the fields of `Conditions` that are not given, each with a value that would do."""
        words = self.missing_words(conditions)
        numbers = self._missing_numbers(conditions, input_tokens)
        return None if words is None or numbers is None else words | numbers

    def missing_words(self, conditions: Conditions) -> dict[str, Any] | None:
        """`missing_for` of tier, region and whatever else is a word."""
        missing: dict[str, Any] = {}
        for name, wanted, folded in self.words:
            given = getattr(conditions, name)
            if given is None:
                missing[name] = wanted
            elif given.casefold() != folded:
                return None
        return missing

    def holds_in_numbers(self, conditions: Conditions, input_tokens: int) -> bool:
        """Whether the variant holds as to tokens, day and time."""
        return self._missing_numbers(conditions, input_tokens) == {}

    def depends_on_unknown_holiday(self, conditions: Conditions, input_tokens: int) -> bool:
        """Whether the variant would hold on a public holiday, and it is not known whether the day is one."""
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
        """Whether the days and hours allow this time of the day, or any time where none is given.

        A range past midnight belongs to the day on which it starts.
        """
        is_today = self._includes(day)
        if not self.hours or moment is None:
            return is_today
        is_after_such_a_day = self._includes(_day_before(day))
        for start, end in self.hours:
            past_midnight = end <= start
            if is_today and moment >= start and (past_midnight or moment < end):
                return True
            if is_after_such_a_day and past_midnight and moment < end:
                return True
        return False

    def _includes(self, day: str) -> bool:
        """Whether the days of the variant have this one among them. A day that may be a holiday is none."""
        if WEEKDAYS[date.fromisoformat(day).weekday()] in self.days:
            return True
        return CN_HOLIDAY in self.days and bool(is_holiday(CN_HOLIDAY, day))


def _day_before(day: str) -> str:
    return day if day == date.min.isoformat() else (date.fromisoformat(day) - timedelta(days=1)).isoformat()
