"""What examining one file comes to: plain enough to be remembered as JSON."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from registry_cli.core.catalog.legacy import provider_of
from registry_cli.core.checks.findings import Severity
from registry_cli.core.text.pointer import Pointer


class Mark(NamedTuple):
    """A finding without its file. `message` is one line that is safe on a screen; `severity` is that of the rule
    unless it is stated."""

    code: str
    line: int
    column: int
    message: str
    pointer: Pointer
    severity: Severity | None = None


class Outline(NamedTuple):
    """What the rules across files need to know of one.

    `aliases` (alias -> id), `outdated` (id -> "deprecated since DATE" or the like) and `replacements` (id -> what
    its entry names) are about models, which stand under `key` in the file. Of an `unreadable` file nothing is known,
    so whatever is said to be in it may be.

    `asking` is what a file says of whom to ask about it: its `aliases`, `api`, `billing` and `sync`. None for one
    that breaks the schema.
    """

    stem: str
    provider: str
    provider_aliases: list[str]
    default_model: str | None
    key: str
    ids: list[str]
    aliases: dict[str, str]
    outdated: dict[str, str]
    replacements: dict[str, str]
    unreadable: bool = False
    asking: dict[str, Any] | None = None


class Examined(NamedTuple):
    marks: list[Mark]
    outline: Outline


def unreadable(stem: str) -> Outline:
    """The outline of a file that could not be read, by its name without the ending."""
    return Outline(stem, provider_of(stem), [], None, "models", [], {}, {}, {}, unreadable=True)


def state_on(body: Mapping[str, Any], day: str) -> str | None:
    """`retired since 2027-07-15`, `deprecated`, `unlisted` or the like as of a day; None for one in good standing."""
    for status, field in (("retired", "retirement_date"), ("deprecated", "deprecation_date")):
        date = body.get(field)
        if date and date <= day:
            return f"{status} since {date}"
        if body.get("status") == status:
            return status
    return "unlisted" if body.get("status") == "unlisted" else None


def is_over(state: str | None) -> bool:
    """Whether a state of `state_on` is that of a model which no source can be expected to list."""
    return state is not None and state.startswith(("retired", "unlisted"))
