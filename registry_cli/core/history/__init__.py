"""What changed in a catalog between two times: flattened fields, changes of models, price spans and summaries."""
