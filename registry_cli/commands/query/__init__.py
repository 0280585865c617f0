"""Use cases that answer from a catalog: query, show, compare, sql, export."""
