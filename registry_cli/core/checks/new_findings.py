"""What an edit made wrong: the findings after it that were not there before."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from registry_cli.core.catalog.legacy import MODEL_KEYS
from registry_cli.core.checks.report import Mark


class Placed(NamedTuple):
    """A finding of one file, by its stem."""

    stem: str
    mark: Mark


def made_wrong(before: Iterable[Placed], after: Iterable[Placed], renamed: dict[str, str]) -> Iterator[Placed]:
    """The findings of `after` without those of `before`. They are compared by what they say of which field, not by
    their lines or by places in lists, which move; `renamed` maps the new ids of models to the old."""
    known = Counter(_gist(each, {}) for each in before)
    for each in after:
        gist = _gist(each, renamed)
        if known[gist]:
            known[gist] -= 1
        else:
            yield each


def _gist(each: Placed, renamed: dict[str, str]) -> tuple[object, ...]:
    stem, mark = each
    field = [step for step in mark.pointer if isinstance(step, str)]
    if len(field) > 1 and field[0] in MODEL_KEYS:
        field[1] = renamed.get(field[1], field[1])
    return stem, mark.code, tuple(field), mark.message.rpartition(": ")[2]
