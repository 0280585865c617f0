"""Use cases that check files: validate, its records and ages."""
