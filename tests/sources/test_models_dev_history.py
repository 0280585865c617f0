"""models.dev's repository: what was listed when, with the facts that it stated last."""

import os
from decimal import Decimal

import pytest

from registry_cli.errors import GitError, UpstreamError, UsageError
from registry_cli.sources.models_dev_history import FOLDERS, read_history
from registry_cli.store.git.clones import open_clone
from tests.support.models_dev_clones import LARGE, Link, git, make_clone, path_of

ACME = 'name = "Acme"\ndoc = "https://acme.example/docs"\nenv = ["ACME_KEY"]\napi = "https://api.acme.example/v1"\n'
NEVER = ("2026-03-01", {"acme": ACME, "acme/stays": LARGE})


def read(place):
    clone = open_clone(place, os.environ)
    with clone.object_reader() as contents:
        return read_history(clone.file_versions(FOLDERS), contents, clone.as_of)


def models_of(past, provider="acme"):
    return {model.id: model for each, model in past.observations.models() if each.id == provider}


def notes_of(past):
    return {(note.provider, note.model): note.reason for note in past.observations.notes}


def test_a_model_that_was_taken_away_has_its_last_facts_and_its_day(tmp_path):
    dearer = LARGE.replace("input = 3.0", "input = 4.25")
    clone = make_clone(
        tmp_path / "clone",
        [
            ("2026-01-01", {"acme": ACME, "acme/large": LARGE, "acme/stays": LARGE}),
            ("2026-02-01", {"acme/large": dearer}),
            ("2026-03-01", {"acme/large": None}),
            ("2026-04-01", {"README.toml": "x = 1"}),
        ],
    )
    past = read(clone)
    assert past.as_of == "2026-04-01T12:00:00Z"
    assert past.ended == {("acme", "large"): "2026-03-01T12:00:00Z"}
    assert past.last_listed(("acme", "stays")) == past.as_of
    facts = models_of(past)["large"].facts
    assert facts["pricing"] == {"input": Decimal("4.25"), "output": Decimal(15)}
    assert (facts["context_window"], facts["capabilities"]) == (200000, ["function_calling"])
    (provider,) = past.observations.providers
    assert (provider.facts["name"], provider.facts["documentation"]) == ("Acme", "https://acme.example/docs")
    assert "api" not in provider.facts


def test_a_model_that_came_back_is_listed(tmp_path):
    days = [("2026-01-01", {"acme/a": LARGE}), ("2026-02-01", {"acme/a": None}), ("2026-03-01", {"acme/a": LARGE})]
    past = read(make_clone(tmp_path / "clone", days))
    assert (past.ended, list(models_of(past))) == ({}, ["a"])


def test_what_is_taken_back_within_72_hours_never_was(tmp_path):
    clone = make_clone(
        tmp_path / "clone",
        [
            ("2026-01-01", {"acme/slip": LARGE, "acme/large": LARGE}),
            ("2026-01-03", {"acme/slip": None}),
            ("2026-01-04", {"acme/large": None}),
        ],
    )
    past = read(clone)
    assert list(models_of(past)) == ["large"]  # 72 hours to the minute
    assert notes_of(past) == {("acme", "slip"): "taken back within 72 hours; left out"}


def test_facts_of_other_files_are_those_of_the_time(tmp_path):
    """A link, `base_model` and `extends`: what they lead to changed, or went, after the model was gone."""
    base = 'name = "Base"\nlicense = "MIT"\n[limit]\ncontext = 1000\noutput = 100\n[modalities]\ninput = ["text"]\n'
    based = 'base_model = "lab/base"\nbase_model_omit = ["modalities.input"]\n[limit]\noutput = 50\n'
    clone = make_clone(
        tmp_path / "clone",
        [
            (
                "2026-01-01",
                {
                    "models/lab/base.toml": base,
                    "other/target": LARGE,
                    "acme/linked": Link("../../other/models/target.toml"),
                    "acme/based": based,
                    "acme/extending": '[extends]\nfrom = "other/target"\nomit = ["cost.output"]\n[cost]\ninput = 1\n',
                },
            ),
            ("2026-02-01", {f"acme/{name}": None for name in ("linked", "based", "extending")}),
            (
                "2026-03-01",
                {"models/lab/base.toml": base.replace("1000", "9"), "other/target": LARGE.replace("200_000", "7")},
            ),
        ],
    )
    models = models_of(read(clone))
    assert models["linked"].facts["context_window"] == 200000
    based = models["based"].facts
    assert (based["name"], based["context_window"], based["max_output_tokens"]) == ("Base", 1000, 50)
    assert "modalities" not in based
    assert models["extending"].facts["pricing"] == {"input": Decimal(1)}


def test_a_link_whose_target_went_first_has_the_facts_of_before(tmp_path):
    clone = make_clone(
        tmp_path / "clone",
        [
            (
                "2026-01-01",
                {"other/target": LARGE, "acme/linked": Link("../../other/models/target.toml"), "acme/b": LARGE},
            ),
            ("2026-02-01", {"other/target": None}),
            ("2026-03-01", {"acme/linked": None}),
        ],
    )
    assert models_of(read(clone))["linked"].facts["context_window"] == 200000


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        b"\xff\xfe",
        "a = " + "[" * 5000,
        'base_model = "nowhere"\n',
        "extends = 3\n",
        Link("../../../../../../etc/passwd"),
        Link("wrong.toml"),
        "[limit]\ncontext = " + "9" * 6000,
        "x = 1\n" * 300_000,
    ],
    ids=["cut", "no-utf8", "deep", "no-base", "odd-extends", "out", "to-itself", "huge-number", "huge-file"],
)
def test_a_file_that_cannot_be_read_is_noted_and_the_others_are_read(tmp_path, text):
    days = [("2026-01-01", {"acme/wrong": text, "acme/large": LARGE}), ("2026-03-01", {"acme/wrong": None})]
    past = read(make_clone(tmp_path / "clone", days))
    assert list(models_of(past)) == ["large"]
    assert notes_of(past)[("acme", "wrong")].endswith("left out")


def test_a_provider_that_was_renamed_is_one_with_its_new_name(tmp_path):
    clone = make_clone(
        tmp_path / "clone",
        [
            ("2026-01-01", {"acme": ACME, **{f"acme/{name}": LARGE for name in ("a", "b", "old")}}),
            ("2026-02-01", {"acme/old": None}),
            (
                "2026-03-01",
                {
                    "acme": None,
                    "acme/a": None,
                    "acme/b": None,
                    "apex": ACME.replace("Acme", "Apex"),
                    "apex/a": LARGE,
                    "apex/b": LARGE,
                },
            ),
        ],
    )
    past = read(clone)
    assert [provider.id for provider in past.observations.providers] == ["apex"]
    assert sorted(models_of(past, "apex")) == ["a", "b", "old"]
    assert past.ended == {("apex", "old"): "2026-02-01T12:00:00Z"}


def test_a_model_that_one_of_two_joined_providers_lists_is_listed(tmp_path):
    """models.dev has Vertex AI under two names."""
    days = [
        ("2026-01-01", {"google-vertex/m": LARGE, "google-vertex-anthropic/m": LARGE}),
        ("2026-02-01", {"google-vertex-anthropic/m": None}),
    ]
    assert read(make_clone(tmp_path / "clone", days)).ended == {}


def test_a_bare_clone_and_a_work_tree_tell_the_same(tmp_path):
    top = make_clone(tmp_path / "clone", [NEVER, ("2026-04-01", {"acme/stays": None, "acme/b": LARGE})])
    git(tmp_path, "clone", "--quiet", "--bare", str(top), "bare")
    assert read(tmp_path / "bare") == read(top) == read(top / ".git")


def test_merged_branches_count_from_their_merge(tmp_path):
    top = make_clone(tmp_path / "clone", [NEVER])
    git(top, "checkout", "--quiet", "-b", "side")
    (top / path_of("acme/side")).write_text(LARGE)
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "side", day="2026-04-01")
    git(top, "rm", "--quiet", path_of("acme/side"))
    git(top, "commit", "--quiet", "-m", "never mind", day="2026-05-01")
    git(top, "checkout", "--quiet", "main")
    git(top, "merge", "--quiet", "--no-ff", "-m", "merge", "side", day="2026-06-01")
    assert list(models_of(read(top))) == ["stays"]


def test_a_shallow_clone_is_refused(tmp_path):
    top = make_clone(tmp_path / "clone", [NEVER, ("2026-04-01", {"acme/b": LARGE})])
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{top}", "shallow")
    with pytest.raises(GitError, match="shallow clone has only a part"):
        read(tmp_path / "shallow")


def test_what_is_no_clone_is_refused(tmp_path):
    top = make_clone(tmp_path / "clone", [NEVER])
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "--quiet")
    for place in (tmp_path, top / "providers", top / path_of("acme"), tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="not the top of a git clone"):
            read(place)
    with pytest.raises(GitError, match="no commit yet"):
        read(tmp_path / "empty")
    other = make_clone(tmp_path / "other", [("2026-01-01", {"config.toml": "x = 1"})])
    with pytest.raises(UpstreamError, match=r"no providers/\*/models"):
        read(other)
