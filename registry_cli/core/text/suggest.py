"""Suggestions for typos."""

from collections.abc import Iterable


def find_nearest(text: str, known: Iterable[str], *, count: int = 1, similar: float = 0.6) -> list[str]:
    """Return the known words most similar to a text, the nearest first; `similar` is the minimum, up to 1 (equal)."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for a typo

    return get_close_matches(text, list(known), n=count, cutoff=similar)


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """Return the end of a message about a text that is not a known word: `; did you mean ...?`, or nothing."""
    return suggestion_text(find_nearest(text.lower(), known, count=2))


def suggestion_text(near: Iterable[str]) -> str:
    """Return `; did you mean a or b?`, or nothing without words."""
    words = " or ".join(near)
    return f"; did you mean {words}?" if words else ""
