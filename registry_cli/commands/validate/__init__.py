"""Use cases that check files: `validate` with its settings, records, ages and `--new-since`."""
