"""The fixtures of `workshop.py`, for every test here."""

from tests.forge.workshop import settled, settled_once, shop

__all__ = ["settled", "settled_once", "shop"]
