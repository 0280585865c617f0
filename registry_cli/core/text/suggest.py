"""What a slip was probably meant to be."""

from collections.abc import Iterable


def nearest(text: str, known: Iterable[str], *, count: int = 1, similar: float = 0.6) -> list[str]:
    """The known words that look most like a text, the nearest first; `similar` runs from 0 to 1, for the same."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

    return get_close_matches(text, list(known), n=count, cutoff=similar)


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """What to add to a message about a text that is none of the known words."""
    return hint(nearest(text.lower(), known, count=2))


def hint(near: Iterable[str]) -> str:
    """`; did you mean a or b?`, nothing where nothing is near."""
    words = " or ".join(near)
    return f"; did you mean {words}?" if words else ""
