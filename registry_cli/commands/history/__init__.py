"""Use cases that look back: history, blame, changelog."""
