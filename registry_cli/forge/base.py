"""What a forge offers: the site that keeps a repository and its pull requests.

GitHub is the first (`forge.github`). Another needs a class with these methods, and a line in `forge.places`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """`may_push` is None where the forge does not say."""

    full_name: str
    default_branch: str
    archived: bool = False
    may_push: bool | None = None


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`head` is the object name of its branch's tip, `merged` whether a closed one went in."""

    number: int
    url: str
    title: str
    body: str
    base: str
    head: str
    merged: bool = False


class ExistsError(Exception):
    """There is an open pull request for the branch already."""


class Forge(Protocol):
    """One repository of a forge. Every method raises `ForgeError` with the forge's own reason."""

    def facts(self) -> RepositoryFacts: ...

    def open_requests(self, branch: str) -> list[PullRequest]:
        """The open pull requests from a branch of this repository, whatever they are for."""
        ...

    def closed_requests(self, branch: str) -> list[PullRequest]:
        """The latest closed ones, merged or not."""
        ...

    def create(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        """Raises `ExistsError`, too."""
        ...

    def update(self, number: int, *, title: str, body: str, base: str) -> None: ...

    def close(self, number: int, *, body: str, comment: str) -> None: ...

    def label(self, number: int, labels: Sequence[str]) -> None: ...

    def assign(self, number: int, people: Sequence[str]) -> None: ...

    def ask_review(self, number: int, reviewers: Sequence[str]) -> None: ...
