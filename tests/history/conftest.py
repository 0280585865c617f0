"""The fixture of `repositories.py`, for every test here."""

from repositories import repository

__all__ = ["repository"]
