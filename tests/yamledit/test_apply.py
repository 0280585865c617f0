"""Edits by example: what changes, what stays, what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from registry_cli.errors import YamlError
from registry_cli.yamledit.apply import apply, equal_data
from registry_cli.yamledit.document import load_value, read_document
from registry_cli.yamledit.ops import (
    Add,
    AddItem,
    Operation,
    OperationError,
    RawScalar,
    Remove,
    Rename,
    Set,
    apply_to_data,
)

TEXT = """\
# yaml-language-server: $schema=x
provider: acme   # the id
name: Acme

models:
  # about a
  a:
    context_window: 100  # tokens
    pricing:
      input: 1.0
      output: 2
    capabilities:
    - vision   # sees
    # hears
    - audio
    modalities: {input: [text, image], output: [text]}

  # about b
  b:
    pricing: {input: 3}
      # of b

  # nobody's

  c: {}
  d:
"""
M = ("models",)


def after(*operations: Operation, text: str = TEXT, **taste: Any) -> str:
    return apply(text, operations, **taste)


@pytest.mark.parametrize(
    ("operation", "old", "new"),
    [
        (Set((*M, "a", "context_window"), 200), "100  # tokens", "200  # tokens"),
        (Set((*M, "a", "pricing", "input"), Decimal("2.50")), "input: 1.0", "input: 2.5"),
        (Set(("name",), "no"), "name: Acme", "name: 'no'"),
        (Set(("name",), RawScalar('"Acme Inc."', "Acme Inc.")), "name: Acme", 'name: "Acme Inc."'),
        (Set((*M, "a", "pricing"), None), "pricing:\n      input: 1.0\n      output: 2\n", "pricing: null\n"),
        (Set((*M, "b", "pricing"), [1]), "pricing: {input: 3}\n", "pricing: [1]\n"),
        (Rename((*M, "a"), "1:30"), "  a:", "  '1:30':"),
        (Remove(("name",)), "name: Acme\n", ""),
        (Remove((*M, "b")), "  # about b\n  b:\n    pricing: {input: 3}\n      # of b\n\n", ""),
        (Remove((*M, "a", "capabilities", 0)), "    - vision   # sees\n", ""),
        (Remove((*M, "a", "modalities", "input", 0)), "[text, image]", "[image]"),
        (Remove((*M, "a", "modalities", "output")), ", output: [text]}", "}"),
        (AddItem((*M, "a", "capabilities"), "x"), "    - audio\n", "    - audio\n    - x\n"),
        (AddItem((*M, "a", "capabilities"), "x", 1), "    # hears\n", "    - x\n    # hears\n"),
        (AddItem((*M, "a", "modalities", "input"), "pdf"), "[text, image]", "[text, image, pdf]"),
        (Add((*M, "a"), "mode", "x", ("mode", "pricing")), "    context_window", "    mode: x\n    context_window"),
        (Add((*M, "a"), "z", 1, ("pricing", "z")), "      output: 2\n", "      output: 2\n    z: 1\n"),
        (Add((*M, "c"), "name", "C"), "  c: {}\n", "  c:\n    name: C\n"),
        (Add((*M, "d"), "name", "D"), "  d:\n", "  d:\n    name: D\n"),
        (AddItem((*M, "d"), "x"), "  d:\n", "  d:\n  - x\n"),
    ],
)  # fmt: skip
def test_an_edit_changes_this_and_nothing_else(operation: Operation, old: str, new: str) -> None:
    assert TEXT.count(old) >= 1
    assert after(operation) == TEXT.replace(old, new, 1)


def test_the_head_of_the_file_stays_when_the_first_key_goes() -> None:
    assert after(Remove(("provider",))).startswith("# yaml-language-server: $schema=x\nname: Acme\n")


def test_a_new_entry_is_set_apart_as_its_neighbours_are() -> None:
    body = {"name": "E", "capabilities": ["x"]}
    assert after(Add(M, "e", body), text="models:\n  a:\n    x: 1\n\n  b:\n    x: 1\n").endswith(
        "    x: 1\n\n  e:\n    name: E\n    capabilities:\n    - x\n"
    )
    assert after(Add(M, "e", 1), text="models:\n  a: 1\n  b: 1\n") == "models:\n  a: 1\n  b: 1\n  e: 1\n"
    apart = after(Add(M, "e", 1), text="models:\n  a: 1\n", parted=lambda path: len(path) == 2)
    assert apart == "models:\n  a: 1\n\n  e: 1\n"


@pytest.mark.parametrize(
    ("text", "operation", "new"),
    [
        # one gap of two is blank: not what the collection does
        ("a: 1\n\nb: 2\nc: 3\n", Add((), "d", 4), "a: 1\n\nb: 2\nc: 3\nd: 4\n"),
        ("b: 2\n\nc: 3\n", Add((), "a", 1, order=["a", "b"]), "a: 1\n\nb: 2\n\nc: 3\n"),
        ("a: 1\n\nb: 2\nc: 3\n", Remove(("b",)), "a: 1\n\nc: 3\n"),
        ("a: 1\n\nb: 2\n\nc: 3\n", Remove(("b",)), "a: 1\n\nc: 3\n"),
    ],
)
def test_blank_lines_stay_as_the_neighbours_have_them(text: str, operation: Operation, new: str) -> None:
    assert after(operation, text=text) == new


@pytest.mark.parametrize(
    ("value", "new"),
    [
        ("x\ny\n", "|\n  x\n  y\n"),
        ("x\ny", "|-\n  x\n  y\n"),
        ("x\ny\n\n", '"x\\ny\\n\\n"\n'),
        (" x\ny\n", '" x\\ny\\n"\n'),
        ("\nx\n", '"\\nx\\n"\n'),
        ("x\xa0\ny\n", '"x\\u00a0\\ny\\n"\n'),  # a space that no reader of the file would tell from another
    ],
)
def test_a_block_scalar_stays_one_where_it_can(value: str, new: str) -> None:
    assert after(Set(("a",), value), text="a: |\n  old\n  text\n") == f"a: {new}"


def test_the_texts_own_style_is_followed() -> None:
    text = 'm:\n    a:\n        list:\n          - "x"\n        when: {on: "y"}\n'
    new = after(Add(("m",), "b", {"list": ["no"], "when": {"on": "1"}}), text=text)
    assert new == text + '    b:\n        list:\n          - "no"\n        when: {"on": "1"}\n'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_marks_and_a_missing_last_line_end_are_kept(newline: str, mark: str, last: str) -> None:
    text = mark + newline.join(["a: 1  # c", "b:", "  c: 2"]) + (newline if last else "")
    new = after(Set(("a",), 2), Add(("b",), "d", 3), text=text)
    assert new == mark + newline.join(["a: 2  # c", "b:", "  c: 2", "  d: 3"]) + (newline if last else "")


def test_mixed_line_ends_are_kept_where_they_are() -> None:
    assert after(Set(("b",), 3), Add((), "d", 4), text="a: 1\r\nb: 2\nc: 3\r\n") == "a: 1\r\nb: 3\nc: 3\r\nd: 4\r\n"


@pytest.mark.parametrize("key", ["no", "on", "Off", "1:30", "1e3", "~", "2024-01-01", "null", "12", "", "a: b", "#x"])
def test_text_that_another_reader_would_misread_is_quoted(key: str) -> None:
    new = after(Add(M, key, {"name": key}))
    assert f"'{key}':" in new
    assert f"name: '{key}'" in new


def test_an_unquoted_date_stays_as_it_is_written() -> None:
    text = "a: 2024-01-01\nb: 1\n"
    assert after(Set(("b",), 2), text=text) == "a: 2024-01-01\nb: 2\n"
    assert after(Set(("a",), "2024-01-01"), text=text) == text


def test_a_value_can_be_written_just_so() -> None:
    assert after(Set(("a",), RawScalar("3.00", Decimal(3))), text="a: 3\n") == "a: 3.00\n"


def test_nothing_changes_where_there_is_nothing_to_change() -> None:
    assert after(Set((*M, "a", "pricing", "output"), Decimal("2.0"))) == TEXT
    assert after() == TEXT


def test_block_scalars_are_replaced_whole_and_stay_blocks() -> None:
    text = "a: |\n  one\n  two\n\nb: >-\n  folded\n  text\nc: 1\n"
    assert after(Set(("a",), "x\ny\n"), text=text) == "a: |\n  x\n  y\n\nb: >-\n  folded\n  text\nc: 1\n"
    assert after(Set(("b",), "short"), text=text) == "a: |\n  one\n  two\n\nb: short\nc: 1\n"
    assert after(Remove(("a",)), text=text) == "b: >-\n  folded\n  text\nc: 1\n"


def test_the_last_entry_gone_leaves_an_empty_collection() -> None:
    gone = [Remove((*M, "a", "pricing", name)) for name in ("input", "output")]
    assert "    pricing: {}\n" in after(*gone)
    assert "    capabilities: []\n" in after(*(Remove((*M, "a", "capabilities", item)) for item in (0, 1)))


def test_items_that_are_mappings() -> None:
    text = "v:\n- when: {x: 1}\n  input: 2\n- when: {x: 2}\n"
    assert after(Remove(("v", 0)), text=text) == "v:\n- when: {x: 2}\n"
    assert after(Remove(("v", 0, "when")), text=text) == "v:\n- input: 2\n- when: {x: 2}\n"
    assert after(Add(("v", 1), "input", 3), text=text) == text + "  input: 3\n"
    assert after(Add(("v", 1), "a", 3, ("a", "when")), text=text) == text.replace(
        "- when: {x: 2}", "- a: 3\n  when: {x: 2}"
    )
    added = after(AddItem(("v",), {"when": {"x": 3}, "input": 4}), text=text)
    assert added == text + "- when: {x: 3}\n  input: 4\n"


ANCHORED = "base: &b {x: 1}\none:\n  <<: *b\n  y: 2\ntwo: *b\nthree: &t 5\nfour: *t\n"


def test_a_plain_entry_beside_anchors_is_edited() -> None:
    assert after(Set(("one", "y"), 3), text=ANCHORED) == ANCHORED.replace("y: 2", "y: 3")


@pytest.mark.parametrize(
    ("operations", "says"),
    [
        ([Set(("zz",), 1)], "set zz: there is none"),
        ([Remove((*M, "zz"))], "remove models.zz: there is none"),
        ([Add((), "name", 1)], "add name: it exists"),
        ([Add((), "x", 1), Add((), "x", 2)], "add x: it exists"),
        ([Add((*M, "a", "capabilities"), "x", 1)], "add models.a.capabilities.x"),
        ([AddItem((*M, "a"), 1)], "it is a mapping"),
        ([AddItem((*M, "a", "capabilities"), 1, 9)], "it has 2 items"),
        ([Rename((*M, "a"), "b")], "b exists"),
        ([Rename((*M, "a"), "z"), Rename((*M, "b"), "z")], "z exists"),
        ([Rename((*M, "a", "capabilities", 0), "b")], "an item of a sequence"),
        ([Set(("name", "x"), 1)], "name is no collection"),
        ([Set((), {})], "the whole document"),
        ([Remove((*M, "a")), Set((*M, "a", "context_window"), 1)], "something inside it"),
        ([Set(("name",), "x"), Remove(("name",))], "touches it too"),
    ],
)
def test_operations_that_do_not_fit_are_named(operations: list[Operation], says: str) -> None:
    with pytest.raises(OperationError) as caught:
        after(*operations)
    assert says in str(caught.value)


def test_a_text_with_faults_is_not_edited() -> None:
    with pytest.raises(YamlError, match="again on line 2"):
        after(Set(("a",), 2), text="a: 1\na: 1\n")


def test_an_odd_shape_goes_through_ruamel_where_that_is_faithful() -> None:
    odd = "a: {\n  x: 1, # one\n  y: 2  # two\n  }\nb: 3\n"
    assert after(Remove(("a", "x")), text=odd) == "a: {\n  y: 2  # two\n  }\nb: 3\n"
    explicit = "? a\n: 1\nb: 2\n"
    with pytest.raises(OperationError, match="explicit key"):
        after(Remove(("a",)), text=explicit)
    tagged = "a: !!str 5\nb: 2\n"
    assert after(Set(("b",), 3), text=tagged) == "a: !!str 5\nb: 3\n"


def test_a_thousand_edits_in_one_pass() -> None:
    text = "models:\n" + "".join(f"  m{number}: {{input: 1}}  # {number}\n" for number in range(1_000))
    new = after(*(Set((*M, f"m{number}", "input"), 2) for number in range(1_000)), text=text)
    assert new == text.replace("input: 1", "input: 2")


def test_additions_that_meet_in_one_place() -> None:
    text = "models:\n  a:\n    tags:\n    - one\n\n  b: {}\n"
    both: list[Operation] = [Add(("models", "a"), "at", "now"), AddItem(("models", "a", "tags"), "two")]
    for operations in (both, both[::-1]):
        new = apply(text, operations)
        assert new == "models:\n  a:\n    tags:\n    - one\n    - two\n    at: now\n\n  b: {}\n"


def test_a_key_that_is_added_between_keys_that_go() -> None:
    text = "m:\n  input: 5.0\n  input_image: 8.0\n  output_image: 30.0\n  cache_read: 1.25\n"
    order = ("input", "input_image", "output", "output_image", "cache_read")
    operations: list[Operation] = [
        Remove(("m", "input_image")),
        Remove(("m", "output_image")),
        Add(("m",), "output", 30, order),
    ]
    for some in (operations, operations[::-1]):
        assert apply(text, some) == "m:\n  input: 5.0\n  output: 30\n  cache_read: 1.25\n"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, Decimal("1.0"), True),
        (True, 1, False),
        ("1", 1, False),
        ({"a": [1]}, {"a": [Decimal(1)]}, True),
        ([1], [1, 2], False),
        (None, 0, False),
        ({"a": 1}, {"b": 1}, False),
    ],
)
def test_what_counts_as_the_same_data(one: Any, other: Any, equal: bool) -> None:
    assert equal_data(one, other) is equal


OLD = (
    "1", "'a b'", "", "{x: 1}", "[1, 2]", "[]", "{x: 1,\n      y: 2}", "|\n      one\n      two", "|+\n      one\n",
    "'one\n      two'", "\n      one", "!block x: 1\ny: {z: 2}", "!block - 1\n- x: 2\n  y: 3", "!block x:\n- 1\n- 2",
)  # fmt: skip
NEW: tuple[Any, ...] = (
    5,
    "text",
    None,
    "two\nlines\n",
    {},
    [],
    {"n": 1},
    {"n": {"o": 1, "p": [1]}, "q": "no"},
    [1, "b"],
    [{"n": 1}, {"o": 2}],
)


def standing(old: str, *, item: bool) -> str:
    """A value after its key or its dash; `!block` on lines of its own, or for an item on the line of its dash."""
    if not old.startswith("!block "):
        return f"{' ' if old[:1] != chr(10) and old else ''}{old}"
    lines = old.removeprefix("!block ").replace("\n", "\n      ")
    return f" {lines}" if item else f"\n      {lines}"


@pytest.mark.parametrize("side", ["", "  # side"])
@pytest.mark.parametrize("old", OLD)
@pytest.mark.parametrize("item", [False, True])
def test_a_value_of_any_shape_becomes_one_of_any_other(old: str, item: bool, side: str) -> None:
    head = "# head\nm:\n    # above\n    " + ("-" if item else "k:")
    end = "\n    # below\n    " + ("- last\n" if item else "last: 1\n")
    comment = "" if old.startswith("|") else side
    text = head + standing(old, item=item) + comment + end
    path = ("m", 0 if item else "k")
    for value in NEW:
        new = after(Set(path, value), text=text)
        assert equal_data(load_value(new), apply_to_data(load_value(text), [Set(path, value)]))
        assert new.startswith(head)
        assert new.endswith(end)
        assert not comment or (comment in new) is not old.startswith(
            "!block"
        )  # there it is the last entry's, and goes with it


def test_an_item_that_is_a_mapping_is_written_as_its_neighbours_are() -> None:
    text = "v:\n- x: 1  # one\n  y: 2  # two\n-   3   # three\n"
    assert after(Set(("v", 0), 5), text=text) == "v:\n- 5\n-   3   # three\n"
    grown = "v:\n- x: 1  # one\n  y: 2  # two\n-   {a: 1, b: 2}   # three\n"
    assert after(Set(("v", 1), {"a": 1, "b": 2}), text=text) == grown
    assert after(Set(("v", 0), ["a", "b"]), text="v:\n- x: 1\n- 2\n") == "v:\n- [a, b]\n- 2\n"


@pytest.mark.parametrize(
    ("value", "new"),
    [(1, "a: 1 # head\nb: 1\n"), ("x\ny\n", "a: | # head\n  x\n  y\nb: 1\n"), ({"x": 1}, "a: # head\n  x: 1\nb: 1\n")],
)
def test_a_comment_in_the_head_of_a_block_scalar_stays(value: Any, new: str) -> None:
    assert after(Set(("a",), value), text="a: | # head\n  one\nb: 1\n") == new


def test_a_comment_between_a_key_and_its_value_stays_beside_the_key() -> None:
    assert after(Set(("a",), {"x": 1}), text="a: # why\n  one\nb: 1\n") == "a: # why\n  x: 1\nb: 1\n"
    below = after(Set(("a",), {"x": 1}), text="a: # why\n  # more\n  one # side\nb: 1\n")
    assert below == "a: # why\n  # more\n  # side\n\n  x: 1\nb: 1\n"


def test_a_text_that_ruamel_trips_over_is_refused_by_name() -> None:
    with pytest.raises(OperationError, match="cannot remove c exactly: an explicit key"):
        after(Remove(("c",)), text="a: | # head\n  one\n? c\n: 1\n")


def test_carriage_returns_alone_are_no_line_ends_to_splice_at() -> None:
    with pytest.raises(OperationError, match="set b exactly: carriage returns alone"):
        after(Set(("b",), 3), text="a: 1\rb: 2\r")


def test_the_operation_that_is_refused_is_found_with_few_readings(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"k{number}: {number}\n" for number in range(1_000)) + "? odd\n: 1\n"
    operations: list[Operation] = [Set((f"k{number}",), -1) for number in range(1_000)]
    operations.insert(700, Remove(("odd",)))
    texts: list[str] = []

    def counted(text: str, *rest: Any, **options: Any) -> Any:
        texts.append(text)
        return read_document(text, *rest, **options)

    monkeypatch.setattr("registry_cli.yamledit.apply.read_document", counted)
    with pytest.raises(OperationError, match=r"cannot remove odd exactly: an explicit key \(\?\) stands there"):
        after(*operations, text=text)
    assert len(texts) < 15
    texts.clear()
    monkeypatch.setattr("registry_cli.yamledit.apply.apply_splices", lambda text, made: text.replace("k5: 5", "k5: x"))
    with pytest.raises(OperationError, match="cannot set k0 exactly: the text would not hold exactly that change"):
        after(*operations[:700], text=text)
    assert len(texts) < 15


def test_each_of_several_refusals_has_its_own_reason() -> None:
    text = ANCHORED + "five: !!int 5\n? odd\n: 1\n"
    both: list[Operation] = [Remove(("odd",)), Set(("five",), 2)]
    with pytest.raises(OperationError, match="remove odd exactly: an explicit key"):
        after(*both, text=text)
    with pytest.raises(OperationError, match="set five exactly: a tag stands there"):
        after(*both[::-1], text=text)


def test_a_comment_between_the_first_key_of_an_item_and_the_next_stays_above_that() -> None:
    text = "v:\n- a: 1  # gone\n    # of a\n  # of b\n  b: 2\n"
    assert after(Remove(("v", 0, "a")), text=text) == "v:\n-\n  # of b\n  b: 2\n"


def test_a_comment_beside_an_item_does_not_move_into_its_first_entry() -> None:
    text = "v:\n- {}  # why\n"
    new = after(Add(("v", 0), "a", [1]), text=text)
    assert new == "v:\n- {a: [1]}  # why\n"
    assert after(Remove(("v", 0, "a")), text=new) == text
