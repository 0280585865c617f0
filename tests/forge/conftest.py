"""Fixtures of `tests.support.pull_request_workspace`, for every test here."""

from tests.support.pull_request_workspace import settled, settled_once, workspace

__all__ = ["settled", "settled_once", "workspace"]
