"""The interface of a forge, the site that hosts a repository and its pull requests.

GitHub is the first (`forge.github`). Another needs a class with these methods, and a line in `forge.places`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """A repository's settings. `may_push` is None where the forge does not tell."""

    full_name: str
    default_branch: str
    archived: bool = False
    may_push: bool | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request. `head` is the object name of its branch's tip, `merged` whether a closed one was merged."""

    number: int
    url: str
    title: str
    body: str
    base: str
    head: str
    merged: bool = False


class ExistsError(Exception):
    """The branch already has an open pull request."""


class Forge(Protocol):
    """One repository of a forge. Every method raises `ForgeError` with the forge's own reason."""

    def repository_facts(self) -> RepositoryFacts: ...

    def open_requests(self, branch: str) -> list[PullRequest]:
        """Return the open pull requests from a branch of this repository, into any branch."""
        ...

    def closed_requests(self, branch: str) -> list[PullRequest]:
        """Return the latest closed pull requests from a branch, merged or not."""
        ...

    def create_request(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        """Open a pull request. Raises `ExistsError` where the branch has one."""
        ...

    def update_request(self, number: int, *, title: str, body: str, base: str) -> None: ...

    def close_request(self, number: int, *, body: str, comment: str) -> None: ...

    def add_labels(self, number: int, labels: Sequence[str]) -> None: ...

    def assign_people(self, number: int, people: Sequence[str]) -> None: ...

    def ask_review(self, number: int, reviewers: Sequence[str]) -> None: ...
