"""Use cases around a catalog: init, workflows, cache, schema."""
