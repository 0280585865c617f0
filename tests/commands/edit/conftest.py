"""The fixture of `desk.py`, for every test here."""

from tests.support.edit_workspace import desk

__all__ = ["desk"]
