"""A catalog on disk: which one is meant, its files within bounds, its records, the bundled data."""
