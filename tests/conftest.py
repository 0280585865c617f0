"""Fixtures that several tests share."""

from tests.asking import run

__all__ = ["run"]
