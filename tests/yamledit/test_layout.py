"""The text of new documents; tests/core/format/test_layout.py has that of provider files."""

import pytest

from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.layout import Style, emit_document


@pytest.mark.parametrize(("length", "lines"), [(110, 1), (111, 2)])
def test_a_list_stands_on_one_line_up_to_110_characters(length: int, lines: int) -> None:
    value = {"tags": ["x" * (length - len("tags: []"))]}
    text = emit_document(value, Style(flow=lambda _: True))
    assert (len(text.splitlines()), load_value(text)) == (lines, value)
