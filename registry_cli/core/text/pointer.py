"""Where a value stands in a document: the keys and list positions that lead to it from the top."""

Pointer = tuple[str | int, ...]
