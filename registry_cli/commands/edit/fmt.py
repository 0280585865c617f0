"""`fmt` and the fixes of `validate --fix`, as functions from a file's text to its new text."""

from registry_cli.core.catalog.layout import on_one_line, order_at, parted
from registry_cli.core.edits.fixes import fixed
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.yamledit.reformat import Taste, reformat

_TASTE = Taste(order_at, on_one_line, parted)


def formatted(text: str, stem: str) -> str:
    """Return the text in the canonical layout. Raises `YamlError`, `OperationError`."""
    del stem
    return reformat(text, _TASTE)


class Fixer:
    """Fixes texts by the vocabulary that comes with llmreg."""

    def __init__(self) -> None:
        self._vocabulary = read_vocabulary()

    def __call__(self, text: str, stem: str) -> str:
        return fixed(text, stem, self._vocabulary)
