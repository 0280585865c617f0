"""The fixture of `desk.py`, for every test here."""

from desk import desk

__all__ = ["desk"]
