"""What a source states at its own rank, and what only counts where no other source states it."""

import pytest

from registry_cli.core.matching.items import Decisions
from registry_cli.core.merging.standing import rank_by_standing
from registry_cli.core.merging.upstream import settle_statements
from registry_cli.core.sync.threeway import Known, merge_model

LIFECYCLE = {"name": "Large (old)", "release_date": "2024-01-01", "status": "deprecated", "aliases": ["l"]}
WORDS = [("acme", {"name": "Large"}), ("modeldeprecations", LIFECYCLE), ("models.dev", {"status": "active"})]


def test_words_of_a_source_without_a_row_stay_as_they_are():
    words = [("acme", {"name": "Large"}), ("models.dev", {"name": "L"})]
    assert rank_by_standing(words) is words


def test_what_stands_last_comes_after_all_others():
    assert rank_by_standing(WORDS) == [
        ("acme", {"name": "Large"}),
        ("modeldeprecations", {"status": "deprecated"}),
        ("models.dev", {"status": "active"}),
        ("modeldeprecations", {"name": "Large (old)", "release_date": "2024-01-01", "aliases": ["l"]}),
    ]


def test_a_lower_source_decides_what_stands_last_and_not_the_rest():
    words = [*WORDS[:2], ("models.dev", {"status": "active", "release_date": "2024-02-02"})]
    upstream = settle_statements("large", words, "2026-11-22")
    told = {field: (upstream.fields[field], upstream.sources[field]) for field in ("name", "status", "release_date")}
    assert told == {
        "name": ("Large", "acme"),
        "status": ("deprecated", "modeldeprecations"),
        "release_date": ("2024-02-02", "models.dev"),
    }


def test_what_stands_last_fills_what_no_other_source_states():
    upstream = settle_statements("large", WORDS, "2026-11-22")
    assert (upstream.fields["release_date"], upstream.fields["aliases"]) == ("2024-01-01", ["l"])
    assert upstream.sources["release_date"] == "modeldeprecations"


def dated(**days):
    words = [(source.replace("_", "."), {"release_date": day}) for source, day in days.items()]
    told = settle_statements("large", words, "2026-11-22")
    return told.fields["release_date"], told.sources["release_date"]


def test_who_repeats_the_day_of_the_makers_entry_is_no_better():
    assert dated(anthropic="2026-06-07", models_dev="2026-06-07") == ("2026-06-07", "anthropic")
    assert dated(anthropic="2026-06-07", models_dev="2026-06-07", litellm="2026-06-09") == ("2026-06-09", "litellm")
    assert dated(openrouter="2026-06-07", models_dev="2026-06-07", litellm="2026-06-09") == ("2026-06-07", "models.dev")


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ("2026-04-16", "2026-04-16"),
        ("2026-04-28", "2026-04-28"),
        ("2026-04-29", "2026-04-14"),
        ("2026-04-13", "2026-04-14"),
        ("2026-04", "2026-04-14"),
    ],
)
def test_the_day_of_an_entry_replaces_no_day_of_a_release_soon_after(written, after):
    known = Known(
        "anthropic/large",
        {"release_date": written},
        {"release_date": written},
        settle_statements("large", [("anthropic", {"release_date": "2026-04-14"})], "2026-11-22"),
    )
    verdict = merge_model(known, Decisions(), str)
    assert verdict.apply_changes(known.body, str)["release_date"] == after
    assert [item.status for item in verdict.items] == (["kept"] if written == after else [])


@pytest.mark.parametrize("source", ["anthropic", "minimax", "xai", "openrouter"])
def test_the_day_of_an_entry_fills_a_release_date_where_no_source_states_one(source):
    made = (source, {"release_date": "2026-04-14", "context_window": 9})
    told = settle_statements("large", [made, ("models.dev", {"release_date": "2026-04-16"})], "2026-11-22")
    assert (told.fields["release_date"], told.sources["release_date"]) == ("2026-04-16", "models.dev")
    assert told.sources["context_window"] == source
    alone = settle_statements("large", [made, ("models.dev", {"context_window": 9})], "2026-11-22")
    assert (alone.fields["release_date"], alone.sources["release_date"]) == ("2026-04-14", source)
