"""The fixtures of `repositories.py`, for every test here."""

from repositories import repository, run

__all__ = ["repository", "run"]
