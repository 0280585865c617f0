r"""A library that edits YAML texts: an edit changes what it names and nothing else.

It knows nothing of models or catalogs, and imports nothing of llmreg but its errors. It guarantees:

- `document.read_document` gives the values of YAML 1.2 with exact numbers, within fixed bounds of depth and size.
  What YAML readers disagree about (`012`, a key twice) is a fault with its place, never a guess.
- `apply.apply` leaves every byte outside the entries it names: comments, blank lines, quotes, order and line ends.
- The new text is read again. It must hold exactly the old data with the operations made; otherwise `OperationError`
  names the operation that cannot be made, and there is no new text.
- `layout.emit_document` writes new texts, and `reformat.reformat_text` lays out old ones, so that YAML 1.1
  readers agree.

>>> from registry_cli.yamledit.apply import apply
>>> from registry_cli.yamledit.ops import Add, Set
>>> text = "small:  # fast\n  context: 8000\n  tags: [a]\n"
>>> print(apply(text, [Set(("small", "context"), 16000), Add(("small",), "since", "2026-01-15")]), end="")
small:  # fast
  context: 16000
  tags: [a]
  since: '2026-01-15'
"""
