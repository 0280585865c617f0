"""Public holidays on which prices differ, year by year as governments announce them."""

from collections.abc import Mapping

from registry_cli.core.pricing.conditions import CN_HOLIDAY

_Spans = tuple[tuple[str, str], ...]  # the first and the last day of each holiday

# The days off of the State Council's yearly notice, weekends among them included. Weekends that are worked instead are
# weekends here: prices follow the days of the week. A year is added in the November before it, when its notice is out.
_CALENDARS: Mapping[str, Mapping[str, _Spans]] = {
    CN_HOLIDAY: {
        # https://www.gov.cn/zhengce/content/202511/content_7047090.htm
        "2026": (
            ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
            ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
            ("2026-10-01", "2026-10-07"),
        ),
    },
}  # fmt: skip


def is_holiday(name: str, day: str) -> bool | None:
    """Whether an ISO day is one of these public holidays; None for a year whose calendar is not known."""
    spans = _CALENDARS[name].get(day[:4])
    return None if spans is None else any(first <= day <= last for first, last in spans)
