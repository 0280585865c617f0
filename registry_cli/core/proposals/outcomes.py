"""What became of a branch and its pull request."""

from dataclasses import dataclass
from typing import Literal

Action = Literal[
    "opened",
    "updated",
    "unchanged",
    "closed",
    "superseded",
    "nothing",
    "left",
    "declined",
    "pushed",
    "waiting",
    "failed",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one branch, in a dry run what would. `url` is the pull request's, or the page to open one.

    opened     pushed, and a pull request is open
    updated    its branch or its text is another now
    unchanged  it says already what there is to say
    closed     nothing is left of the difference
    superseded its providers have another branch now
    nothing    no difference, no branch
    left       a source that it rests on did not answer, so it stays as it is
    declined   a person closed it, and there is nothing new to say
    pushed     the branch is there; nobody could be asked for a pull request
    waiting    this run has opened enough
    failed     git or the forge refused; `note` says why
    """

    name: str
    providers: tuple[str, ...]
    branch: str
    action: Action
    title: str = ""
    body: str = ""
    number: int | None = None
    url: str = ""
    note: str = ""
    warnings: tuple[str, ...] = ()
