"""Prices over time as lines of text."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from registry_cli.render.text import cell_text

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 24


def draw_sparkline(points: Sequence[tuple[int, Decimal | None]], until: int, width: int = _WIDTH) -> str:
    """Draw values at even steps of time, up to the time `until`, with a gap for unknown ones.

    `points` are pairs of a time and the value from then on, the oldest first.
    """
    known = [value for _, value in points if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    start = points[0][0]
    drawn = []
    for step in range(width):
        moment = start + (until - start) * step // max(1, width - 1)
        value = next((value for since, value in reversed(points) if since <= moment), None)
        drawn.append(" " if value is None else _choose_bar(value, low, high))
    return "".join(drawn)


def price_text(lines: Iterable[tuple[str, Sequence[tuple[int, Decimal | None]]]], until: int) -> str:
    """A line for each price: its field, a sparkline up to the time `until`, and its values from first to last."""
    rows = [(field, draw_sparkline(points, max(until, points[-1][0])), _course_text(points)) for field, points in lines]
    widest = max((len(row[0]) for row in rows), default=0)
    return "".join(f"{field:<{widest}}  {drawn}  {course}\n" for field, drawn, course in rows)


def _choose_bar(value: Decimal, low: Decimal, high: Decimal) -> str:
    return _BARS[int((value - low) * (len(_BARS) - 1) / (high - low))] if high > low else _BARS[0]


def _course_text(points: Sequence[tuple[int, Decimal | None]]) -> str:
    values = [cell_text(value) for _, value in points]
    return " → ".join(values if len(values) <= 4 else [values[0], "…", *values[-2:]])  # noqa: PLR2004  # a line holds so many
