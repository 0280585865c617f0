"""Prices and bills: rates, conditions and their merging, usage blocks of providers, and the cost of calls."""
