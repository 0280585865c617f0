"""Sync: what sources say, what they said last time, and the catalog -> a plan of exact edits. Pure."""
