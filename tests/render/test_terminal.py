"""Tables on terminals of every width: nothing is cut off."""

from collections import Counter

import pytest

from registry_cli.core.query.table import Table
from registry_cli.render.terminal import table_text

COLUMNS = ("model", "name", "context", "input")
ROWS = [
    ("acme/a-model-with-a-rather-long-id-2026-01-15", "A Model With a Rather Long Name", 1048576, "0.0000001"),
    ("acme/b", "B", 8192, "3"),
]


def shown(width: int, columns: int = len(COLUMNS)) -> str:
    table = Table(COLUMNS[:columns], [row[:columns] for row in ROWS], numbers=frozenset({2, 3}), marked=frozenset({1}))
    return table_text(table, width=width, color=False, whole=True)


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 100, 200])
def test_no_digit_and_no_letter_is_lost(width: int) -> None:
    text = shown(width)
    assert max(map(len, text.splitlines())) <= width
    for value in ("1,048,576", "0.0000001", "8,192", "acme/b *"):
        assert value in text
    wanted = Counter("".join(f"{row[0]}{row[1]}" for row in ROWS).replace(" ", ""))
    assert Counter(text) >= wanted
    assert width < 200 or ROWS[0][0] in text


def test_a_narrow_terminal_gets_a_block_a_row() -> None:
    assert shown(40, columns=3).splitlines()[-3:] == ["model    acme/b *", "name     B", "context  8,192"]


def test_an_id_is_never_cut_while_text_can_fold() -> None:
    reason = "changed by more than half, which waits for a person to look at it"
    rows = [("held", ROWS[0][0], "pricing.cache_write", reason), ("new", "acme/b", None, None)]
    table = Table(("status", "model", "field", "reason"), rows)
    for width in (60, 80, 100, 140):
        text = table_text(table, width=width, color=False, whole=True)
        assert max(map(len, text.splitlines())) <= width
        assert ROWS[0][0] in text
        assert "pricing.cache_write" in text
        assert all(word in text for word in reason.split())


def test_a_wide_one_gets_a_table() -> None:
    lines = shown(120).strip().splitlines()
    assert lines[0].split() == list(COLUMNS)
    assert lines[-1].split() == ["acme/b", "*", "B", "8,192", "3"]
