"""Words that are looked for in what a model is called: its id, name and family, and its provider."""

from collections.abc import Iterable

from registry_cli.core.names.names import fold_name

EXACT_ID, BEGINNING_OF_ID, IN_ID, IN_NAME, IN_FAMILY_OR_PROVIDER = range(5)


def fold_text(text: str) -> str:
    """Return a text for comparing, in which neither case matters nor what stands between words."""
    return fold_name(text).replace(" ", "-")


def parse_words(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the folded words of `["Claude Opus", "4.5"]`."""
    return tuple(fold_text(word) for text in texts for word in text.split())


def names_of(full_id: str, name: str | None, family: str | None) -> str:
    """Return what a model is called as one folded text of three lines. The index makes the same in SQL."""
    return fold_text("\n".join((full_id, name or "", family or "")))


def rank_match(names: str, words: tuple[str, ...]) -> int | None:
    """Return how well the words match `names_of` a model, 0 for best; None unless every word is found.

    A match is as good as that of its worst word, or as that of all words joined by `-` where that is better.
    """
    ranks = [_rank_word(word, *names.split("\n")) for word in words]
    found = [rank for rank in ranks if rank is not None]
    if len(found) < len(words):
        return None
    joined = _rank_word("-".join(words), *names.split("\n"))
    worst = max(found, default=EXACT_ID)
    return worst if joined is None else min(worst, joined)


def _rank_word(word: str, full_id: str, name: str, family: str) -> int | None:
    provider, _, model_id = full_id.partition("/")
    if word in (model_id, full_id):
        return EXACT_ID
    if any(part.startswith(word) for part in model_id.split("/")):
        return BEGINNING_OF_ID
    if word in model_id or (word in full_id and word not in provider):
        return IN_ID
    if word in name:
        return IN_NAME
    return IN_FAMILY_OR_PROVIDER if word in family or word in provider else None
