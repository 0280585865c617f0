"""A past that no schema checked: whatever a file once said, nothing about the past ends on it."""

import contextlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry_cli.api import Registry
from registry_cli.commands.edit.restore import plan_restore
from registry_cli.commands.edit.session import Circumstances, run_edit
from registry_cli.commands.history.changelog import list_releases, summarize_range
from registry_cli.commands.history.history import blame_fields, model_history
from registry_cli.commands.history.open import open_history
from registry_cli.errors import LlmregError
from tests.support.random_histories import Moment, World

KEYS = (
    "aliases", "pricing", "capabilities", "modalities", "supported_modalities", "context_window", "status", "reasoning",
    "metadata", "upstream_ids", "retirement_date", "supported_endpoints", "name", "1",
)  # fmt: skip
SCALARS = st.sampled_from([None, True, False, 5, -1, 1.5, "", "a", "not-a-name", "2026-01-01"])
CONDITIONS = st.dictionaries(
    st.sampled_from(["service_tier", "1"]), SCALARS | st.lists(SCALARS, max_size=1), max_size=2
)
VARIANT = st.dictionaries(st.sampled_from(["input", "per"]), SCALARS | st.just({"page": 1}), max_size=2)
PRICES = st.fixed_dictionaries({}, optional={
    "input": SCALARS, "per": SCALARS | st.lists(SCALARS, max_size=1), "effective_date": SCALARS,
    "variants": SCALARS | st.lists(st.builds(lambda when, rest: {"when": when, **rest}, CONDITIONS | SCALARS, VARIANT)
                                   | SCALARS, max_size=3),
})  # fmt: skip
ODD = st.recursive(
    SCALARS | PRICES,
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["a", "vision", "input"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
MODEL = st.dictionaries(st.sampled_from(KEYS), ODD, max_size=5) | SCALARS
FILE = st.fixed_dictionaries(
    {"models": st.dictionaries(st.sampled_from(["a", "b", "x/y", "1"]), MODEL, max_size=3) | ODD},
    optional={"aliases": ODD, "api": ODD, "name": ODD},
)
GOOD = {"models": {"b": {"context_window": 1, "pricing": {"input": 2}}}}


@given(st.lists(FILE, min_size=1, max_size=6))
@example([{"models": {"a": {"aliases": 5}}}, {"models": {"b": {"aliases": 5}}}])
@example([{"models": {"a": {"aliases": "some-text"}}}, {"models": {"a": {"aliases": ["c"]}}}])
@example([{"models": {"a": {}}, "aliases": 7}, {"models": {}}, {"aliases": {"a": 1}, "models": {"a": {}}}])
def test_whatever_a_file_once_said_the_past_is_told(tmp_path_factory, said):
    top = tmp_path_factory.mktemp("odd")
    root = past_of(top / "repository", [*said, GOOD])
    with open_history(root, cached=False, cwd=top) as opened:
        names = [*opened.names.all_models(None)]
        assert "acme/b" in map(str, names)
        for name in names:
            model_history(opened, str(name))
            for command, text in (
                (model_history, f"{name}#pricing"),
                (blame_fields, str(name)),
                (blame_fields, f"{name}#pricing"),
            ):
                with contextlib.suppress(LlmregError):  # it never stated that, or it is gone
                    command(opened, text)
    registry = Registry(root)
    registry.price_history("acme/b")
    for text in ("..HEAD", "HEAD~1..", "HEAD..HEAD~1"):
        asked = {"catalog": root, "now": datetime(2026, 11, 22, tzinfo=UTC), "cwd": top, "environ": os.environ}
        summarize_range(text, **asked)
        list_releases(text, **asked)
    shutil.rmtree(top)


@settings(max_examples=15)  # each makes a repository and edits it four times
@given(MODEL | ODD)
@example({"aliases": 5})
@example({"aliases": "text", "pricing": [1], "capabilities": 7})
@example({"pricing": {"variants": [{"when": True}]}})
def test_what_cannot_be_restored_is_refused(tmp_path_factory, odd):
    top = tmp_path_factory.mktemp("odd")
    root = past_of(top / "repository", [{"models": {"a": odd}}, {"models": {"c": {"aliases": ["a"]}}}])
    circumstances = Circumstances(now=datetime(2026, 11, 22, tzinfo=UTC), cwd=top, environ=os.environ, catalog=root)
    before = (root / "acme.yml").read_bytes()
    for target in ("acme/c", "acme/c#aliases", "acme/c#pricing.input", "acme/c#capabilities"):
        with contextlib.suppress(LlmregError):  # the schema does not want it, or it was not stated
            run_edit(plan_restore(target, "HEAD~1", os.environ), circumstances, force=True)
        (root / "acme.yml").write_bytes(before)
    shutil.rmtree(top)


def test_a_text_is_no_list_of_aliases(tmp_path):
    former = {"b": {"context_window": 1, "pricing": {"input": 2}}}
    root = past_of(tmp_path / "repository", [{"models": former}, {"models": {"c": {"aliases": "not-b-at-all"}}}])
    with open_history(root, cached=False, cwd=tmp_path) as opened:
        assert [event.change.kind for event in opened.timeline.change_events("acme", ["c"])] == ["added"]


@pytest.mark.parametrize(
    "odd", [{"aliases": 5}, {"aliases": "text"}, {"capabilities": 3}, {"pricing": {"variants": 1}}]
)
def test_the_past_in_sql_with_odd_facts(tmp_path, run, odd):
    root = past_of(tmp_path / "repository", [{"models": {"a": odd}}, {"models": {"b": odd}}, GOOD])
    done = run("sql", "select count(*) from changes", "--catalog", str(root))
    assert (done.code, done.err) == (0, "")
    assert int(done.out) > 2


def past_of(top: Path, said: list[dict]) -> Path:
    made = World()
    for number, value in enumerate(said):
        text = json.dumps({"provider": "acme", **value})
        made.moments.append(Moment([number - 1] if number else [], "config/models", {"acme.yml": text}))
        made.line.append(number)
    return made.make(top)
