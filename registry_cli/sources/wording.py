"""Words and dates as sources write them."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any

EFFORTS = frozenset({"none", "minimal", "low", "medium", "high", "xhigh", "max", "default"})  # the schema's
_MONTH = len("2026-01")
_YEAR = len("2026")


def translate_words(words: Container[str], vocabulary: Mapping[str, str]) -> list[str]:
    """Our words for those of a source, each once and in the order of the vocabulary (theirs -> ours)."""
    ours = [our_word for their_word, our_word in vocabulary.items() if their_word in words]
    return list(dict.fromkeys(ours))


def translate_first(words: Container[str], vocabulary: Mapping[str, str]) -> str | None:
    """Our word for the first entry of the vocabulary that the source has; None if it has none of them."""
    return next(iter(translate_words(words, vocabulary)), None)


def one_line(text: Any) -> str:
    """The text with its white space made single spaces."""
    return " ".join(str(text).split())


def is_date(text: Any, *, whole: bool) -> bool:
    """Whether this is a day that exists, or, unless it must be `whole`, a month or a year."""
    value = str(text)
    if not whole and len(value) in {_YEAR, _MONTH}:
        value += "-01-01"[len(value) - _YEAR :]
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
