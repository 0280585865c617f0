"""An entry that is taken from a text and put back stands there as it did, to the byte."""

import random
from pathlib import Path

import pytest

from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import decode_utf8, load_value
from registry_cli.yamledit.entry_text import put_entry, take_entry
from registry_cli.yamledit.ops import OperationError, Remove, Set
from tests.support.paths import ROOT

COMMENTED = """\
provider: acme  # ours
# About the models.

models:
  # the first
  a: {name: A}

  # belongs to nobody

  b:
    # why
    description: >-
      two
      lines
    pricing: {input: 1}  # agreed
      # deeper

  # of c
  c:
    name: C  # last
# the end
"""


def there_and_back(text: str, model: str) -> str | None:
    path = ("models", model)
    entry = take_entry(text, path)
    assert entry is not None
    return put_entry(apply(text, [Remove(path)]), path[:-1], entry)


@pytest.mark.parametrize("model", ["a", "b", "c"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("tail", ["# the end\n", "", "updated_at: x\n", "\n\nupdated_at: x\n"])
def test_what_was_removed_comes_back_to_the_byte(model: str, newline: str, tail: str) -> None:
    text = COMMENTED.replace("# the end\n", tail).replace("\n", newline)
    assert there_and_back(text, model) == text


def test_a_text_without_a_line_break_at_its_end() -> None:
    text = COMMENTED.replace("# the end\n", "").rstrip("\n")
    assert there_and_back(text, "c") == text


def test_it_finds_its_place_among_other_neighbours() -> None:
    entry = take_entry(COMMENTED, ("models", "b"))
    changed = apply(COMMENTED, [Remove(("models", "b")), Set(("models", "a", "name"), "Other")])
    assert put_entry(changed, ("models",), entry) == COMMENTED.replace("{name: A}", "{name: Other}")
    changed = "provider: acme\nmodels:\n  a: {}\n  new: {}\n  c: {}\n"
    new = put_entry(changed, ("models",), entry)
    assert [*load_value(new)["models"]] == ["a", "b", "new", "c"]
    assert entry.lines in new
    assert load_value(put_entry("models:\n  z: {}\n", ("models",), entry))["models"].keys() == {"z", "b"}


@pytest.mark.parametrize("beside", ["", "  # ours"])
def test_the_only_entry(beside: str) -> None:
    text = f"provider: acme\nmodels:{beside}\n  # why\n  a:\n    name: A\nupdated_at: x\n"
    assert there_and_back(text, "a") == text
    entry = take_entry(text, ("models", "a"))
    assert put_entry("provider: acme\nmodels:\n", ("models",), entry) == (
        "provider: acme\nmodels:\n  # why\n  a:\n    name: A\n"
    )


@pytest.mark.parametrize("text", ["models: {a: {}, b: {}}\n", "models:\n    a: {}\n", "models: [\n", "other: 1\n"])
def test_a_text_of_another_style_is_left_to_others(text: str) -> None:
    entry = take_entry(COMMENTED, ("models", "b"))
    assert put_entry(text, ("models",), entry) is None


def test_an_entry_that_shares_its_lines_is_not_taken() -> None:
    assert take_entry("models: {a: {}, b: {}}\n", ("models", "b")) is None
    assert take_entry(COMMENTED, ("models", "none")) is None


@pytest.mark.parametrize(
    "text",
    [
        "models: # list\n  # Sorted by date.\n\n  a:\n    x: 1 # one\n  # of no model\n",
        "models:\n  # of a\n  a:\n    x: 1\n\n# of the next key\nname: N\n",
    ],
)
def test_the_only_model_comes_back_beside_comments_that_stayed(text: str) -> None:
    assert there_and_back(text, "a") == text


def _shipped_models(count: int) -> list[tuple[Path, str]]:
    chance = random.Random(16)
    files = sorted((ROOT / "config" / "models").glob("*.yml"))
    chance.shuffle(files)
    models: list[tuple[Path, str]] = []
    for path in files:
        names = [*load_value(path.read_text())["models"]]
        models += [(path, name) for name in chance.sample(names, min(len(names), 5))] if len(names) > 1 else []
        if len(models) >= count:
            break
    return models[:count]


@pytest.mark.parametrize("count", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_models_of_the_shipped_catalog(count: int) -> None:
    for path, name in _shipped_models(count):
        text = decode_utf8(path.read_bytes())
        try:
            assert there_and_back(text, name) == text, (path.name, name)
        except OperationError as error:
            pytest.fail(f"{path.name} {name}: {error}")
