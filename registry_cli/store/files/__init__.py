"""Durable files: atomic writes of several files through a journal, under a lock."""
