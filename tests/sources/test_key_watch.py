"""Keys of an answer that its source does not read: each is told once, whatever way the parser asks its rows."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.sources.base import Page
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.registry import find_source, find_source_for


def unread(row, read):
    keys = KeyWatch()
    read(keys.watch_row(row))
    return keys.find_unread("acme")


ROW = {"id": "a", "limits": {"tokens": 5, "new": 1}, "tiers": [{"min": 1, "new": 2}], "news": {"deep": {"er": 1}}}


@pytest.mark.parametrize(
    ("read", "left"),
    [
        (lambda row: None, ("id", "limits", "news", "tiers")),
        (lambda row: row["id"], ("limits", "news", "tiers")),
        (lambda row: (row.get("id"), row.get("no")), ("limits", "news", "tiers")),
        (lambda row: "id" in row, ("limits", "news", "tiers")),
        (lambda row: row["limits"]["tokens"], ("id", "limits.new", "news", "tiers")),
        (lambda row: [tier.get("min") for tier in row["tiers"]], ("id", "limits", "news", "tiers.new")),
        (lambda row: row["news"]["deep"], ("id", "limits", "news.deep.er", "tiers")),
        (dict, ()),
        (lambda row: {**row}, ()),
        (lambda row: [value for _, value in row["news"].items()], ("id", "limits", "news.deep.er", "tiers")),
        (lambda row: (row | {"id": "b", "more": 1})["id"], ("limits", "news", "tiers")),
    ],
)  # fmt: skip
def test_what_is_not_asked_for_is_unread(read, left):
    seen = set(unread(ROW, read))
    outermost = {key for key in seen if key.rpartition(".")[0] not in seen}
    assert outermost == set(left) or (left == () and not {"id", "limits"} & seen)


objects = st.recursive(
    st.integers() | st.text(max_size=3) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), objects), max_size=30))
def test_a_watched_row_reads_like_the_row_itself(rows):
    keys = KeyWatch()
    for row in rows:
        watched = keys.watch_row(row)
        assert watched == row
        assert json.dumps(watched) == json.dumps(row)
        assert [watched[key] for key in row] == list(row.values()) == list(watched.values())
        assert list(watched.items()) == list(row.items())
        assert watched | {"z": 1} == row | {"z": 1}
        assert isinstance(watched, dict)
    assert keys.find_unread("acme") == ()


def test_a_new_key_is_found_in_whatever_row_it_is():
    rows = [{"id": str(number), f"old{number % 40}": 1} for number in range(400)]
    rows[333]["new"] = 1
    rows[350]["old0"] = {"new": 1}
    keys = KeyWatch()
    for row in map(keys.watch_row, rows):
        [row.get(f"old{number}") for number in range(40)]
    assert keys.find_unread("acme") == ("id", "new", "old0.new")


def test_an_answer_of_nothing_but_new_keys_is_told_in_part():
    keys = KeyWatch()
    keys.watch_row({f"key{number}": 1 for number in range(5000)})
    assert len(keys.find_unread("acme")) == 100


def parse(source, *rows):
    return find_source(source).parse([Page(json.dumps({"data": list(rows)}).encode())], source)


def test_each_is_told_once_a_source():
    rows = [{"id": f"m{number}", "object": "model", "mood": number, "context_window": 9} for number in range(50)]
    seen = find_source_for("acme", "https://api.acme.example/v1").parse(
        [Page(json.dumps({"data": rows}).encode())], "acme"
    )
    assert (seen.unread_keys, seen.notes) == (("mood",), ())


def test_what_a_source_reads_besides_its_rows_is_read():
    row = {"id": "a/b", "canonical_slug": "a/b-1", "alias_target": {"slug": "a/c"}, "created": 5, "mood": 1}
    assert parse("openrouter", row).unread_keys == ("mood",)
    row = {"id": "m", "name": "m", "created": 5, "capabilities": {"vision": True, "smell": True}, "type": "base"}
    assert parse("mistral", row, row | {"id": "m-latest"}).unread_keys == ("capabilities.smell",)
    assert parse("xai", {"id": "g", "aliases": [], "created": 5, "mood": 1}).unread_keys == ("mood",)


def test_aggregators_have_them_too():
    body = {"acme": {"name": "Acme", "models": {"large": {"name": "L", "limit": {"context": 9, "sum": 8}, "mood": 1}}}}
    assert find_source("models.dev").parse([Page(json.dumps(body).encode())], "").unread_keys == ("limit.sum", "mood")


def test_what_is_observed_holds_nothing_that_watches():
    seen = parse(
        "openrouter", {"id": "a/b", "architecture": {"input_modalities": ["text"]}, "pricing": {"prompt": "1"}}
    )
    assert b"key_watch" not in pickle.dumps(seen)
