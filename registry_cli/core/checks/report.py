"""Results of checking one file, in types that the cache stores as JSON."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from registry_cli.core.catalog.status import DATE_OF_STATUS, ENDED, find_status
from registry_cli.core.checks.findings import Severity
from registry_cli.core.format.layers import provider_of
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
    """The facts about a file that the rules across files need.

    `aliases` (alias -> ID), `outdated` (ID -> "deprecated since DATE" or the like) and `replacements` (ID -> the name
    in its entry) are about models, which stand under `key` in the file. An `unreadable` file may hold any model that
    another file refers to.

    `asking` holds what decides which sources sync asks: `aliases`, `api`, `billing` and `sync`. It is None for a file
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


def outline_unreadable(stem: str) -> Outline:
    """Return the outline of a file that could not be read, by its name without the ending."""
    return Outline(stem, provider_of(stem), [], None, "models", [], {}, {}, {}, unreadable=True)


def state_on(body: Mapping[str, Any], day: str) -> str | None:
    """Return a model's state on an ISO day: `retired since 2027-07-15`, `deprecated`, `unlisted`. None if active."""
    status = find_status(body.get("status"), body.get("retirement_date"), body.get("deprecation_date"), day)
    if status not in ENDED:
        return None
    date = body.get(DATE_OF_STATUS.get(status, ""))
    return f"{status} since {date}" if date and date <= day else status


def is_over(state: str | None) -> bool:
    """Return whether sources are not expected to list a model in this state of `state_on`."""
    return state is not None and state.startswith(("retired", "unlisted"))
