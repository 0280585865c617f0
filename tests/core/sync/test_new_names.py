"""What a new model is called: as the highest source that lists it has it, so that twice is once."""

from decimal import Decimal

from registry_cli.core.statements.record import format_record
from tests.support.random_syncs import again, model, plan, says, seen

EMPTY = {"provider": "acme", "models": {}}


def dated(name, *aliases, **facts):
    return model(name, context_window=1000, **({"aliases": list(aliases)} if aliases else {}), **facts)


def twice(*answers):
    first = plan(EMPTY, {}, *answers)
    second = again(first, *answers)
    assert seen(second, "new", "applied", "missing") == []
    assert (second.value, format_record(second.record)) == (first.value, format_record(first.record))
    return first.value["models"]


def test_the_id_is_the_one_that_the_provider_lists_however_long_others_are():
    own = says("acme", dated("large-0309", "large", "large-experimental-beta-0304"))
    other = says("litellm", dated("large-experimental-beta-0304"), dated("large"))
    models = twice(own, other)
    assert list(models) == ["large-0309"]
    assert "upstream_ids" not in models["large-0309"]


def test_two_models_of_the_provider_stay_two_where_another_list_takes_one_for_the_other():
    own = says("acme", dated("small-1"), dated("small-2"))
    assert list(twice(own, says("litellm", dated("small-1", "small-2")))) == ["small-1", "small-2"]


def test_among_a_providers_own_names_of_one_model_the_dated_one_is_the_model():
    names = ["medium-latest", "medium", "medium-2508", "cli-with-medium-and-tools"]
    own = says("acme", *(dated(name, *(each for each in names if each != name)) for name in names))
    models = twice(own)
    assert list(models) == ["medium-2508"]
    assert {*models["medium-2508"]["aliases"]} == {*names} - {"medium-2508"}


def test_another_lists_only_name_for_a_model_is_noted_with_it():
    models = twice(says("acme", dated("large-0309")), says("litellm", dated("large-build-fast", "large-0309")))
    assert models["large-0309"]["upstream_ids"] == {"litellm": "large-build-fast"}


def test_names_that_only_a_lower_list_has_are_models_of_their_own_once():
    own = says("acme", dated("large-0309", "large"))
    other = says(
        "litellm", dated("tiny", "tiny-latest"), dated("tiny-latest"), dated("old", pricing={"input": Decimal(1)})
    )
    assert sorted(twice(own, other)) == ["large-0309", "old", "tiny"]
