from collections.abc import Iterator
from typing import Any

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, modality_lists
from registry_cli.core.format.legacy import OLDER_LISTS
from registry_cli.core.text.pointer import Pointer

_OF_PROVIDER = ("aliases", "authentication", "endpoints", "features")
_OF_MODEL = ("aliases", "endpoints", "capabilities", OLDER_LISTS["endpoints"])


def check(file: ProviderFile) -> Iterator[Problem]:
    for key in _OF_PROVIDER:
        yield from _find_repeated(file.value.get(key), (key,))
    for entry in file.entries:
        for key in _OF_MODEL:
            written = entry.body.get(key)
            if written:
                yield from _find_repeated(written, (*entry.pointer, key))
        for _, kinds, where in modality_lists(entry.body):
            yield from _find_repeated(kinds, (*entry.pointer, *where))


def _find_repeated(written: Any, at: Pointer) -> Iterator[Problem]:
    if not isinstance(written, list):
        return  # absent, or a mapping of capabilities
    seen: set[str] = set()
    for index, item in enumerate(written):
        name = item if isinstance(item, str) else next(iter(item))
        if name in seen:
            yield Problem((*at, index), f"{name!r} is in this list already")
        seen.add(name)


RULE = Rule(
    code="duplicate-entry",
    severity="error",
    summary="A list names the same thing twice.",
    why="""\
These lists are sets. The second mention says nothing, or, where it carries other details than the first, something
that contradicts it; and an edit that removes one of them leaves the other.""",
    fix="""\
Delete one of the two.""",
    bad="""\
provider: acme
models:
  acme-large:
    capabilities:
    - streaming
    - vision
    - streaming # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    capabilities:
    - streaming
    - vision
""",
    check=check,
)
