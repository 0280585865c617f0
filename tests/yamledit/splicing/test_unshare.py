"""Edits of what anchors, aliases and merge keys share, by example: the others keep what they have."""

import pytest

from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.ops import Add, AddItem, Operation, OperationError, Remove, Rename, Set, apply_to_data

TEXT = """\
models:
  large: &base
    name: Large
    window: &w 200_000.50x # of large
    # held back
    caps: &c
    - a # one
    - b
    pricing: {input: 1.50}
  small:
    <<: *base # merged
    name: Small
  mini:
    window: *w
    caps: *c # as large
  nano: {<<: *base, name: Nano, caps: *c}
""".replace("200_000.50x", "2.50")
M = ("models",)
BLOCK = "      caps:\n      - a\n      - b\n      pricing: {input: 1.5}\n"


@pytest.mark.parametrize(
    ("operations", "changes"),
    [
        # overridden wherever it is merged
        ([Set((*M, "large", "name"), "L")], [("name: Large", "name: L")]),
        # an alias
        ([Set((*M, "mini", "window"), 3)], [("window: *w", "window: 3")]),
        ([Remove((*M, "mini", "caps"))], [("    caps: *c # as large\n", "")]),
        (
            [AddItem((*M, "mini", "caps"), "c")],
            [("caps: *c # as large\n", "caps: # as large\n    - a\n    - b\n    - c\n")],
        ),
        ([Remove((*M, "nano", "caps", 0))], [("caps: *c}", "caps: [b]}")]),
        # a merged key
        (
            [Set((*M, "small", "pricing", "input"), 3)],
            [("    name: Small\n", "    name: Small\n    pricing: {input: 3}\n")],
        ),
        (
            [Remove((*M, "small", "pricing"))],
            [("<<: *base # merged\n", "window: 2.5 # merged\n    caps:\n    - a\n    - b\n")],
        ),
        ([Remove((*M, "nano", "pricing"))], [("<<: *base, name: Nano", "window: 2.5, name: Nano")]),
        ([Remove((*M, "nano", "name"))], [("<<: *base, name: Nano", "window: 2.5, pricing: {input: 1.5}")]),
        # an anchored value
        (
            [Set((*M, "large", "pricing", "input"), 9)],
            [
                ("1.50}", "9}"),
                ("    name: Small\n", "    name: Small\n    pricing: {input: 1.5}\n"),
                ("caps: *c}", "caps: *c, pricing: {input: 1.5}}"),
            ],
        ),
        (
            [Set((*M, "large", "window"), 5)],
            [
                ("&w 2.50 #", "5 #"),
                ("    name: Small\n", "    name: Small\n    window: 2.5\n"),
                ("window: *w", "window: &w 2.50"),
                ("name: Nano", "name: Nano, window: 2.5"),
            ],
        ),
        (
            [Add((*M, "large"), "x", 1)],
            [
                ("large: &base", "large:"),
                ("1.50}\n", "1.50}\n    x: 1\n"),
                (
                    "<<: *base # merged\n",
                    "<<: &base # merged\n      name: Large\n      window: 2.5\n" + BLOCK,
                ),
            ],
        ),
        # nothing is shared
        ([Rename((*M, "large"), "huge")], [("large:", "huge:")]),
        ([Add((*M, "mini"), "x", 1)], [("*c # as large\n", "*c # as large\n    x: 1\n")]),
    ],
)
def test_others_keep_what_they_share(operations: list[Operation], changes: list[tuple[str, str]]) -> None:
    expected = TEXT
    for old, new in changes:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert apply(TEXT, operations) == expected


def test_the_anchor_of_a_removed_model_moves_on() -> None:
    new = apply(TEXT, [Remove((*M, "large"))])
    assert "<<: &base # merged\n      name: Large\n      window: 2.5\n" in new
    assert "window: &w 2.50\n    caps: &c # as large\n    - a\n    - b\n" in new
    assert "nano: {<<: *base, name: Nano, caps: *c}" in new
    assert "# of large" not in new
    assert equal_data(load_value(new), apply_to_data(load_value(TEXT), [Remove((*M, "large"))]))


def test_the_same_change_of_an_anchor_and_its_aliases_is_made_once() -> None:
    text = "a:\n  caps: &c [tools] # one\nb:\n  caps: *c\n"
    both: list[Operation] = [Set(("a", "caps", 0), "function_calling"), Set(("b", "caps", 0), "function_calling")]
    assert apply(text, both) == text.replace("tools", "function_calling")
    assert apply(text, both[1:]) == text.replace("*c", "[function_calling]")
    assert apply(text, both[:1]) == "a:\n  caps: [function_calling] # one\nb:\n  caps: &c [tools]\n"


def test_an_anchor_without_aliases_stays_before_the_new_value() -> None:
    text = "a: &x 1 # one\nb: &y\n  - 1\nc: &z {k: 1}\n"
    assert apply(text, [Set(("a",), 2)]) == text.replace("&x 1", "&x 2")
    assert apply(text, [Remove(("b", 0))]) == text.replace("&y\n  - 1", "&y []")
    assert apply(text, [AddItem(("b",), 2)]) == text.replace("  - 1\n", "  - 1\n  - 2\n")
    assert apply(text, [Set(("c",), "no")]) == text.replace("{k: 1}", "'no'")


def test_a_comment_of_an_anchor_is_not_copied() -> None:
    text = "a:\n  w: &w 1 # audited\n  # of x\n  x: 2\nb:\n  w: *w\n  # of y\n  y: 1\n"
    assert apply(text, [Set(("b", "w"), 3)]) == text.replace("*w", "3")
    assert apply(text, [Set(("a", "w"), 3)]) == text.replace("&w 1", "3").replace("*w", "&w 1")


def test_new_values_beside_aliases_are_quoted_and_in_order() -> None:
    text = "a:\n  family: &f acme\n  z: 1\nb:\n  family: *f\n"
    new = apply(text, [Set(("b", "family"), "no"), Add(("a",), "on", "yes", ("family", "on", "z"))])
    assert new == "a:\n  family: &f acme\n  'on': 'yes'\n  z: 1\nb:\n  family: 'no'\n"


def test_merges_of_merges_and_lists_of_merges() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {<<: *a, z: 1}\nc: {<<: [*b, *a]}\nd:\n  <<: *b\n"
    for operation in (
        Set(("a", "x"), 2),
        Remove(("a", "x")),
        Add(("a",), "n", 2),
        Set(("b", "x"), 2),
        Remove(("b", "x")),
        Remove(("b",)),
        Set(("c", "z"), 2),
        Remove(("c", "x")),
        Remove(("d", "z")),
        Rename(("a", "x"), "n"),
    ):
        assert equal_data(load_value(apply(text, [operation])), apply_to_data(load_value(text), [operation])), operation


def test_what_cannot_be_made_private_is_refused_with_its_reason() -> None:
    text = "a: &c !!seq [1]\nb: *c\n"
    with pytest.raises(OperationError, match=r"cannot add an item to a exactly: .*tag"):
        apply(text, [AddItem(("a",), 2)])
