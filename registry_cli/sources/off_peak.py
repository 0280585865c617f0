"""LiteLLM's `off_peak_pricing`: rates, and the hours and days of the week at which they hold.

Days may be counted in a time zone of their own (`weekday_timezone`). They are read where that makes no difference: a
day that begins at 16:00 UTC holds the same hours of work as one that begins at midnight.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

from registry_cli.core.pricing.conditions import ALL_DAY, WEEKDAYS, When, minutes_of, ranges_of
from registry_cli.sources.rows import HOURS, Rows
from registry_cli.sources.shapes import OddValueError, read_list, read_objects, read_texts

_KEY = "off_peak_pricing.windows"
_ALWAYS = "00:00-00:00"
# Time zones without summer time -> by how many minutes their days begin before those of UTC.
_BEGIN_BEFORE_UTC = {"Asia/Shanghai": 8 * 60}
# Providers whose public holidays cost what weekends do, as LiteLLM has no word for it. DeepSeek: "excluding Chinese
# public holidays" on https://api-docs.deepseek.com/quick_start/pricing, as looked up on 2026-11-30.
_HOLIDAYS = {"deepseek": "cn-holiday"}


def off_peak_conditions(rows: Rows, off_peak: Mapping[str, Any]) -> Sequence[When]:
    """The conditions under which the rates hold; none, with a note, where days of another zone make a difference.

    Raises `OddValueError`.
    """
    windows: Sequence[Mapping[str, Any]] = list(map(_condition_of, read_objects(_KEY, off_peak.get("windows"))))
    zone = off_peak.get("weekday_timezone", "UTC")
    if zone != "UTC":
        offset = _BEGIN_BEFORE_UTC.get(zone) if isinstance(zone, str) else None
        if offset is None or _week_of(windows, offset) != _week_of(windows, 0):
            rows.note("off_peak_pricing", zone, "no condition for weekdays of a time zone")
            return []
    if rows.provider in _HOLIDAYS:
        windows = _with_holidays(windows, _HOLIDAYS[rows.provider])
    return [When(**window) for window in windows if window]


def _condition_of(window: Mapping[str, Any]) -> Mapping[str, Any]:
    """The hours and days of a window; empty for a window that always holds."""
    hours, days = window.get("hours_utc", _ALWAYS), read_list(_KEY, window.get("weekdays"))
    conditions: dict[str, Any] = {}
    if hours != _ALWAYS:
        spans = read_texts(_KEY, [hours] if isinstance(hours, str) else hours)
        if not spans or not all(map(HOURS.fullmatch, spans)):
            raise OddValueError(_KEY, hours, "hours such as 16:30-00:30")
        conditions["utc"] = tuple(spans)
    if "weekdays" in window:
        if not days or not all(type(day) is int and 1 <= day <= len(WEEKDAYS) for day in days):
            raise OddValueError(_KEY, days, "days of the week, 1 to 7")
        conditions["days"] = tuple(WEEKDAYS[day - 1] for day in days)
    return conditions


def _week_of(windows: Iterable[Mapping[str, Any]], offset: int) -> list[int]:
    """The minutes that the windows cover on each UTC day of the week, as bits.

    Their weekdays begin `offset` minutes before those of UTC.
    """
    same_day = ALL_DAY >> offset
    week = [0] * len(WEEKDAYS)
    for window in windows:
        minutes = minutes_of(window["utc"]) if "utc" in window else ALL_DAY
        days = window.get("days", WEEKDAYS)
        for place, day in enumerate(WEEKDAYS):
            following = WEEKDAYS[(place + 1) % len(WEEKDAYS)]
            week[place] |= minutes & same_day if day in days else 0
            week[place] |= minutes & ~same_day if following in days else 0
    return week


def _with_holidays(windows: Sequence[Mapping[str, Any]], holidays: str) -> Sequence[Mapping[str, Any]]:
    """The windows with public holidays treated like weekends.

    The result does not overlap: one window has the hours of every day, the other the remaining hours of days off.
    Windows that do not fit this pattern are returned unchanged.
    """
    *working, saturday, sunday = _week_of(windows, 0)
    hours = reduce(and_, working) & saturday & sunday
    if saturday != sunday or saturday == hours or any(day != hours for day in working):
        return windows
    days_off = {"utc": tuple(ranges_of(saturday & ~hours)), "days": (*WEEKDAYS[-2:], holidays)}
    return [{"utc": tuple(ranges_of(hours))}, days_off] if hours else [days_off]
