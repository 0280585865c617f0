"""On random histories: folding all changes gives the catalog, `restore` gives what was."""

import os
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_cli.commands.edit.restore import plan_restore
from registry_cli.commands.edit.session import Circumstances, run_edit
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import Catalog as Entries
from registry_cli.core.catalog.models import Model
from registry_cli.core.history.changes import RENAMED, Catalog, apply_change
from registry_cli.core.history.flat_fields import restore_entry
from registry_cli.core.history.lineage import trace_lineage
from registry_cli.core.names.names import ModelName
from registry_cli.errors import UsageError
from registry_cli.store.cache.directory import CacheDirectory
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.git.history import open_past
from registry_cli.store.timeline.timeline import Timeline, open_timeline
from tests.support.history_repositories import git
from tests.support.random_histories import BROKEN, typed, world

VOCABULARY = read_vocabulary()
SEEDS = st.integers(0, 2**32)


@given(SEEDS)
@example(1116)  # into another folder, into a third one, and back
def test_folding_the_changes_gives_every_commits_catalog(tmp_path_factory, seed):
    made = world(seed)
    top = tmp_path_factory.mktemp("world")
    root = made.make(top / "repository")
    if not root.is_dir():
        return  # the catalog is gone
    past = open_past(root, os.environ)
    cache = CacheDirectory(top / "cache")
    for used in (None, cache, cache):  # without a cache, into one, out of it
        with open_timeline(past, used) as timeline:
            events = [*timeline.change_events()]
            known = [commit.subject for commit in timeline.list_commits()]
        expected = dict(zip(map(str, made.line), made.readable(), strict=True))
        catalog: Catalog = {}
        for subject in known:
            for event in events:
                if event.commit.subject == subject:
                    apply_change(catalog, event.change)
            assert_is(catalog, expected[subject])
        assert_is(catalog, expected[str(made.line[-1])])
    shutil.rmtree(top)


def assert_is(catalog: Catalog, texts: dict[str, str]) -> None:
    truth = typed(texts, VOCABULARY)
    assert catalog.keys() == truth.providers.keys()
    for provider in truth.providers.values():
        models = {name: leaves for name, leaves in catalog[provider.id].items() if name}
        assert models.keys() == provider.models.keys()
        for name, leaves in models.items():
            again = build_model(provider.id, name, restore_entry(leaves), provider.billing, VOCABULARY)
            assert again == provider.models[name]


@given(SEEDS)
def test_a_timeline_goes_on_as_if_it_was_read_whole(tmp_path_factory, seed):
    made = world(seed)
    top = tmp_path_factory.mktemp("world")
    root = made.make(top / "repository")
    if not root.is_dir():
        return
    for back in (seed % 3 + 1, 1, 0):
        git(top / "repository", "checkout", "--quiet", "--detach", f"main~{min(back, len(made.line) - 1)}")
        if root.is_dir():
            for all_parents in (False, True):
                past = open_past(root, os.environ)
                with open_timeline(past, CacheDirectory(top / "cache"), all_parents=all_parents) as timeline:
                    known = [*timeline.change_events()], timeline.list_commits(), timeline.find_gaps()
                with open_timeline(past, None, all_parents=all_parents) as timeline:
                    assert known == ([*timeline.change_events()], timeline.list_commits(), timeline.find_gaps())
    shutil.rmtree(top)


RESTORED: list[str] = []


@given(SEEDS)
@example(152226)  # what a second file of the provider says is put back into a new first one
def test_restoring_gives_exactly_what_was(tmp_path_factory, seed):
    made = world(seed, end_broken=False)
    top = tmp_path_factory.mktemp("world")
    root = made.make(top / "repository")
    now = typed(made.moments[made.line[-1]].texts, VOCABULARY)
    at = made.moments[made.line[seed % len(made.line)]]
    if BROKEN in at.texts.values():
        return
    then = typed(at.texts, VOCABULARY)
    commit = git(root, "rev-parse", f"HEAD~{len(made.line) - 1 - seed % len(made.line)}")
    with open_timeline(open_past(root, os.environ), None) as timeline:
        names = {model.full_id: names_of(timeline, model) for model in now.models()}
    before = {path: path.read_bytes() for path in root.iterdir()}
    circumstances = Circumstances(now=datetime(2026, 11, 22, tzinfo=UTC), cwd=top, environ=os.environ, catalog=root)
    for model in list(now.models())[:3]:
        was = next((found for name in names[model.full_id] if (found := held(then, name))), None)
        if was is None:
            with pytest.raises(UsageError, match="was not in the catalog"):
                run_edit(plan_restore(model.full_id, commit, os.environ), circumstances, force=True)
            continue
        try:
            run_edit(plan_restore(model.full_id, commit, os.environ), circumstances, force=True)
        except UsageError:  # the schema wants no such entry
            continue
        after = typed({path.name: path.read_text() for path in root.glob("*.y*ml")}, VOCABULARY)
        for other in now.models():
            expected = restored(was, model) if other is model else other.body
            found = after.providers[other.provider].models[other.id].body
            assert {**found, "updated_at": None} == {**expected, "updated_at": None}
        assert len(list(after.models())) == len(list(now.models()))
        RESTORED.append(model.full_id)
        for path in root.iterdir():  # it may have made a file
            path.unlink()
        for path, data in before.items():
            path.write_bytes(data)
    shutil.rmtree(top)


def test_something_was_restored():
    assert len(RESTORED) > 10


def names_of(timeline: Timeline, model: Model) -> list[ModelName]:
    names = [ModelName(model.provider, model.id)]
    for event in reversed(trace_lineage(names[0], timeline.change_events)):
        if event.change.kind == RENAMED:
            provider, last = names[-1]
            old = str(event.change.old)
            names.append(ModelName(provider, old) if event.change.model else ModelName(old, last))
    return names


def held(catalog: Entries, name: ModelName) -> Model | None:
    provider = catalog.providers.get(name.provider)
    return provider.models.get(name.id) if provider else None


def restored(was: Model, model: Model) -> dict:
    """What the entry should say now: under another id, the one that it had is an alias."""
    if was.id == model.id:
        return dict(was.body)
    aliases = [alias for alias in was.body.get("aliases") or [] if alias != model.id]
    return {**was.body, "aliases": [*aliases, was.id] if was.id not in aliases else aliases}
