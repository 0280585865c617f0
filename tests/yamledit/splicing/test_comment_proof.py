"""What becomes of comments in an edit, by example."""

from decimal import Decimal

import pytest

from registry_cli.errors import YamlError
from registry_cli.yamledit import roundtrip
from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.ops import Add, AddItem, Operation, Remove, Rename, Set
from registry_cli.yamledit.splicing.comment_proof import expected_comments, has_comments


@pytest.mark.parametrize(
    ("old", "operation", "new"),
    [
        (  # the last item goes with its comments; those of no item stay, and belong to the key
            "c: # ours\n  # on request\n  #- vision\n\n  # always\n  - streaming # yes\n  #- batch\nd: 1\n",
            Remove(("c", 0)),
            "c: [] # ours\n  # on request\n  #- vision\n  #- batch\nd: 1\n",
        ),
        ("c:\n- a # one\n\n# of d\nd: 1\n", Remove(("c", 0)), "c: []\n\n# of d\nd: 1\n"),
        ("c: [\n  # none yet\n\n  a, # one\n]\n", Remove(("c", 0)), "c: [\n  # none yet\n\n]\n"),
        ("c: [\n  a, # one\n]\n", Remove(("c", 0)), "c: []\n"),
        ("m:\n  # sorted\n\n  a: 1 # one\n", Remove(("m", "a")), "m: {}\n  # sorted\n"),
        # the first entry comes beside comments
        ("c: [\n  # vision, # later\n]\n", AddItem(("c",), "a"), "c: [\n  a\n  # vision, # later\n]\n"),
        ("c: [ # none\n]\n", AddItem(("c",), "a"), "c: [ # none\n  a\n]\n"),
        ("m: {\n  # none\n}\n", Add(("m",), "a", {"x": 1}), "m: {\n  a: {x: 1}\n  # none\n}\n"),
        ("c:\n  # vision\nd: 1\n", AddItem(("c",), "a"), "c: [a]\n  # vision\nd: 1\n"),
        # flow collections with comments
        ("c: [\n  a, # one\n  b, # two\n]\n", Remove(("c", 0)), "c: [\n  b, # two\n]\n"),
        ("c: [\n  a, # one\n  b # two\n]\n", Remove(("c", 1)), "c: [\n  a # one\n]\n"),
        ("c: [a, # one\n  # above\n  b]\n", Remove(("c", 1)), "c: [a # one\n  ]\n"),
        ("c: [\n  a, # one\n  b, # two\n]\n", AddItem(("c",), "x"), "c: [\n  a, # one\n  b, # two\n  x,\n]\n"),
        ("c: [\n  a, # one\n  b # two\n]\n", AddItem(("c",), "x"), "c: [\n  a, # one\n  b, # two\n  x\n]\n"),
        ("c: [\n  # of a\n  a\n]\n", AddItem(("c",), "x", 0), "c: [\n  x,\n  # of a\n  a\n]\n"),
        ("c: [\n  a,\n  b]\n", AddItem(("c",), "x"), "c: [\n  a,\n  b,\n  x]\n"),
        # values
        ("a:\n  x: 1 # one\n  # loose\n\n  y: 2 # two\nb: 1\n", Set(("a",), 5), "a: 5\n  # loose\nb: 1\n"),
        ("a: [ # inside\n  1]\nb: 1\n", Set(("a",), 5), "a: 5\n  # inside\nb: 1\n"),
        # a key whose collection was emptied goes; a comment of no entry stays
        (
            "a:\n  k: 1\n  m:\n    # Dana's notes\n\n    o: 1 # gone\n  z: 2\n",
            Remove(("a", "m"), keeps_comments=True),
            "a:\n  k: 1\n  # Dana's notes\n\n  z: 2\n",
        ),
        ("# head\na: 1\n\n# of b\nb: 1\n", Remove(("a",)), "# head\n\n# of b\nb: 1\n"),
    ],
)
def test_comments_stay_or_go_with_their_entry(old: str, operation: Operation, new: str) -> None:
    assert apply(old, [operation]) == new


def test_a_json_file_stays_json() -> None:
    text = '{\n  "models": {\n    "a": {"x": 1, "tags": ["s"]}\n  }\n}\n'
    new = apply(text, [Add(("models", "a"), "name", {"k": "no"}), AddItem(("models", "a", "tags"), "t")])
    assert new == text.replace('["s"]', '["s", "t"], "name": {"k": "no"}')
    assert apply(text, [Add(("models",), "b", 1)]) == text.replace('["s"]}\n', '["s"]},\n    "b": 1\n')


def test_a_new_item_has_its_dash_as_far_away_as_its_neighbours() -> None:
    text = "v:\n-   k: 1\n    j: 2\n"
    assert apply(text, [AddItem(("v",), {"k": 3, "j": 4})]) == text + "-   k: 3\n    j: 4\n"


@pytest.mark.parametrize("word", ["no", "on", "y", "1:30", "2026-01-01"])
def test_the_round_trip_quotes_what_yaml_1_1_misreads(word: str) -> None:
    operations: list[Operation] = [
        Set(("a",), word),
        Add((), "b", {"k": [word]}, ("a", "b", "c")),
        AddItem(("c",), word),
    ]
    assert roundtrip.edited("a: x\nc:\n- 1\n", operations) == (
        f"a: '{word}'\nb:\n  k:\n  - '{word}'\nc:\n- 1\n- '{word}'\n"
    )


def test_the_round_trip_is_no_way_around_the_proof_of_comments() -> None:
    text = "a: &x 1 # A\n? b\n: 2 # B\n"
    new = apply(text, [Set(("a",), Decimal(5))])
    assert new == "a: &x 5.0 # A\n? b\n: 2 # B\n"


def test_a_conflict_marker_is_named_at_its_own_line() -> None:
    text = "a:\n  x: 1\n<<<<<<< HEAD\n  y: 1\n=======\n  y: 2\n>>>>>>> branch\n"
    with pytest.raises(YamlError, match="merge conflict") as caught:
        load_value(text)
    assert (caught.value.line, caught.value.column) == (3, 1)
    with pytest.raises(YamlError, match="merge conflict") as caught:
        load_value("a: 1\n  y: [\n>>>>>>> 12ab34c (side)\n")
    assert caught.value.line == 3
    assert load_value("a: |\n  <<<<<<< HEAD\n") == {"a": "<<<<<<< HEAD\n"}


def test_a_git_lfs_pointer_is_named() -> None:
    with pytest.raises(YamlError, match="git lfs pull"):
        load_value("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")


def test_half_a_character_is_named() -> None:
    with pytest.raises(YamlError, match="half a character"):
        load_value('{"a": "\\ud83d\\ude00"}')


OLD = "a:\n  # of x\n  x: 1 # side\n  # loose\n\n  y: 2\nb: 3\n"


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("# side", ""),  # lost
        OLD.replace("y: 2", "y: 2 # side"),  # copied
        OLD.replace(" # side", "").replace("y: 2", "y: 2 # side"),  # moved
        OLD.replace("  # loose\n\n", "  # loose\n"),  # claimed by the next key
        OLD.replace("  # of x\n", "").replace("  y: 2", "  # of x\n  y: 2"),
    ],
)
def test_the_proof_finds_comments_that_are_lost_copied_or_moved(new: str) -> None:
    assert load_value(new) == load_value(OLD)
    assert not has_comments(new, expected_comments(OLD, ()))


@pytest.mark.parametrize(
    ("operations", "new"),
    [
        ([], OLD),
        ([Remove(("a", "x"))], "a:\n  # loose\n\n  y: 2\nb: 3\n"),
        ([Rename(("a", "x"), "z")], OLD.replace("x: 1", "z: 1")),
        ([Set(("a",), 1)], "a: 1\n  # loose\nb: 3\n"),
        (
            [Remove(("a", "y"))],
            "a:\n  # of x\n  x: 1 # side\n# loose\n\nb: 3\n",
        ),  # no entry's own: it may come further out
    ],
)
def test_the_proof_follows_entries_through_the_operations(operations: list[Operation], new: str) -> None:
    assert has_comments(new, expected_comments(OLD, operations))
