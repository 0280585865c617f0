"""`fmt` and the fixes of `validate --fix`, as functions from a file's text to its new text."""

from registry_cli.core.edits.fixes import fix_text
from registry_cli.core.format.layout import is_on_one_line, key_order_at, needs_blank_line
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.yamledit.reformat import Taste, reformat_text

_TASTE = Taste(key_order_at, is_on_one_line, needs_blank_line)


def format_text(text: str, stem: str) -> str:
    """Return the text in the canonical layout. Raises `YamlError`, `OperationError`."""
    del stem
    return reformat_text(text, _TASTE)


class Fixer:
    """Fixes texts by the vocabulary that comes with llmreg."""

    def __init__(self) -> None:
        self._vocabulary = read_vocabulary()

    def __call__(self, text: str, stem: str) -> str:
        return fix_text(text, stem, self._vocabulary)
