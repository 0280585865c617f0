"""The place of a value in a document: the keys and list indexes that lead to it from the top."""

Pointer = tuple[str | int, ...]
