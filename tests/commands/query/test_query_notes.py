"""What a query says of the models that it left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.criteria import split_criteria
from registry_cli.core.query.evaluate import is_free, matches_filters
from registry_cli.core.query.filters import CAPABILITY_FLAGS, Filters
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.counts import count_models, count_unknown
from registry_cli.store.index.index import open_index
from tests.support.random_catalogs import DAYS, catalogs, filters, write_catalog
from tests.support.small_catalog import run

__all__ = ["run"]

STATED = {
    "min_context": "context_window",
    "min_output_tokens": "max_output_tokens",
    "released_since": "release_date",
    "open_weights": "open_weights",
    "modes": "mode",
}


def lacks(model, field, day):
    """Whether an entry does not state the fact that a field of `Filters` is about; null is a statement."""
    rates, in_dollars = headline_rates(model, day), model.pricing is None or model.pricing.currency == "USD"
    if field in STATED:
        return STATED[field] not in model.body
    if field in ("input_modalities", "output_modalities"):
        return field.removesuffix("_modalities") not in (model.body.get("modalities") or {})
    if not in_dollars:
        return True
    if field != "free":
        return field.partition("_")[2] not in rates
    if is_free(model, rates) or (model.pricing and model.pricing.per.get("request")):
        return False
    return not any(rates.get(name) for name in ("input", "output")) and not {"input", "output"} <= rates.keys()


def unknown_by_a_plain_loop(models, criteria, day):
    judged = {field for field in Filters._fields if getattr(criteria, field) != getattr(Filters(), field)}
    judged &= {*STATED, "free", "min_input", "max_input", "min_output", "max_output"} | {
        "input_modalities", "output_modalities",
    }  # fmt: skip
    rest = criteria._replace(**{field: getattr(Filters(), field) for field in judged})
    for model in models:
        lacking = {field for field in judged if lacks(model, field, day)}
        alone = [Filters(deprecated=True, **{field: getattr(criteria, field)}) for field in judged - lacking]
        if lacking and all(matches_filters(model, one, day) for one in [rest, *alone]):
            yield model


@given(catalog=catalogs, some=st.lists(filters, min_size=4, max_size=12), day=st.sampled_from(DAYS))
def test_random_catalogs(tmp_path_factory, catalog, some, day):
    root = write_catalog(tmp_path_factory.mktemp("catalog"), catalog)
    models = list(load_catalog(provider_files(root, None)).models())
    with open_index(root, None, None) as index:
        for criteria in some:
            assert count_models(index, criteria, day) == sum(matches_filters(model, criteria, day) for model in models)
            counted, reasons = count_unknown(index, criteria, day)
            assert counted == len(list(unknown_by_a_plain_loop(models, criteria, day)))
            assert bool(counted) == bool(reasons)


def test_the_criteria_of_a_query_one_by_one():
    asked = Filters(providers=("a", "b"), capabilities=("vision", "own"), free=True, open_weights=False, max_input=0.5)
    assert [(one.option, one.alone) for one in split_criteria(asked)] == [
        ("--provider a --provider b", Filters(deprecated=True, providers=("a", "b"))),
        ("--vision", Filters(deprecated=True, capabilities=("vision",))),
        ("-c own", Filters(deprecated=True, capabilities=("own",))),
        ("--no-open-weights", Filters(deprecated=True, open_weights=False)),
        ("--max-input 0.5", Filters(deprecated=True, max_input=0.5)),
        ("--free", Filters(deprecated=True, free=True)),
    ]
    assert next(split_criteria(asked)).others == asked._replace(providers=())
    assert list(split_criteria(Filters(deprecated=True))) == []


def test_every_flag_is_an_option(run):
    text = run("query", "--help")
    for flag in CAPABILITY_FLAGS:
        assert f"--{flag.replace('_', '-')}" in text


CHEAP_ACME = (
    "no model matches; without --provider acme: 2 models; without --max-input 1: 2 models; with --deprecated: 1 model\n"
    "1 model left out: input price unknown"
)


@pytest.mark.parametrize(
    ("arguments", "note"),
    [
        (["--name", "*nothing*"], "no model matches --name *nothing*; without it: 5 models"),
        (["--name", "*nothing*", "--family", "nosuch"], "no model matches --name *nothing* or --family nosuch"),
        (["nothing", "large"], "no model matches the word 'nothing'; without it: 2 models"),
        (["-p", "acme", "--max-input", "1"], CHEAP_ACME),
        (["--vision", "--free"], "no model matches; without --vision: 2 models; without --free: 1 model"),
        (["--status", "retired"], "no model matches --status retired; without it: 5 models"),
        (["--released-since", "2026-09"],
         "no model matches --released-since 2026-09; without it: 5 models\n4 models left out: release date unknown"),
        (["--max-input", "2"], "1 model left out: input price unknown"),
        (["--vision"], ""),
    ],
)  # fmt: skip
def test_notes(run, arguments, note):
    for form in ([], ["--count"], ["--format", "json"], ["--sort", "cost", "--input", "1"]):
        run("query", *arguments, *form)
        assert (run.code, run.err.strip()) == (0, note)
    run("query", *arguments, "--quiet")
    assert run.err == ""


def test_no_note_where_nothing_was_asked_for(run):
    run("query", "--limit", "0")
    assert run.err == ""
    for file in run.root.iterdir():
        file.unlink()
    write_catalog(run.root, {"empty": {"models": {}}})
    run("query")
    assert run.err == "there are no models\n"


def test_an_empty_export(run):
    run("export", "csv", "--name", "*nothing*")
    assert run.err.startswith("no model matches --name *nothing*; without it: ")


@pytest.mark.parametrize(
    ("price", "option"), [(1e-05, "0.00001"), (2.5, "2.5"), (4.0, "4"), (123456789.0, "123456789")]
)
def test_a_filter_is_named_as_people_write_its_number(price, option) -> None:
    assert [criterion.option for criterion in split_criteria(Filters(max_input=price))] == [f"--max-input {option}"]
