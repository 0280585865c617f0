"""The fixtures of `repositories.py`, for every test here."""

from tests.support.history_repositories import repository, run

__all__ = ["repository", "run"]
