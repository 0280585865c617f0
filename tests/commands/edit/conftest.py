"""Fixtures of `tests.support.edit_workspace`, for every test here."""

from tests.support.edit_workspace import workspace

__all__ = ["workspace"]
