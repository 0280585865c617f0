"""The SQLite index of a catalog in the cache, and the questions it answers."""
