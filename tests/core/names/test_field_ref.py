"""`MODEL#FIELD` is read and written in one place."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import registry_cli
from registry_cli.core.names.field_ref import FieldRef

PACKAGE = Path(registry_cli.__file__).parent


@pytest.mark.parametrize(
    ("text", "owner", "field"),
    [
        ("openai/gpt-4o#pricing.input", "openai/gpt-4o", "pricing.input"),
        ("openai/gpt-4o", "openai/gpt-4o", None),
        ("openai/gpt-4o#", "openai/gpt-4o", ""),
        ("acme/x#metadata.a#b", "acme/x", "metadata.a#b"),
    ],
)
def test_an_address_has_an_owner_and_perhaps_a_field(text, owner, field):
    assert FieldRef.parse(text) == (owner, field)


@given(st.text())
def test_an_address_is_written_as_it_was_read(text):
    assert str(FieldRef.parse(text)) == text


def test_no_other_module_splits_addresses():
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] == "yamledit":  # where a `#` begins a comment
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                splits = node.func.attr in {"partition", "rpartition", "split", "rsplit"}
                if splits and any(isinstance(arg, ast.Constant) and arg.value == "#" for arg in node.args):
                    found.append(path.relative_to(PACKAGE).as_posix())
    assert found == ["core/names/field_ref.py"]
