"""Fixtures of `tests.support.history_repositories`, for every test here."""

from tests.support.history_repositories import repository, run

__all__ = ["repository", "run"]
