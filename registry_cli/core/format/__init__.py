"""The file format: fields and their order, older keys, layers of files, the schema and the vocabulary."""
