"""The index answers every question as a plain loop over the entries does."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.catalog.models import status_on
from registry_cli.core.query.comparisons import COMPARISONS, OTHER_FILTERS
from registry_cli.core.query.evaluate import select_models
from registry_cli.core.query.filters import SORTS, Filters, Selection, parse_order
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.index import open_index
from registry_cli.store.index.query import fetch_models
from tests.support.random_catalogs import CRITERIA, DAYS, catalogs, filters, write_catalog

selections = st.builds(
    lambda criteria, fields, reverse, distinct, limit: Selection(
        criteria, parse_order(fields, reverse=reverse), distinct, limit
    ),
    filters,
    st.lists(st.sampled_from([*SORTS, *(f"-{name}" for name in SORTS)]), max_size=3),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(0, 4),
)


def _ids(index, selection, day):
    return [full_id for (full_id,) in fetch_models(index, ["full_id"], selection, day)]


@given(catalog=catalogs, selection=st.lists(selections, min_size=4, max_size=12), day=st.sampled_from(DAYS))
def test_random_catalogs(tmp_path_factory, catalog, selection, day):
    root = write_catalog(tmp_path_factory.mktemp("catalog"), catalog)
    models = list(load_catalog(provider_files(root, None)).models())
    alone = [
        Selection(Filters(deprecated=True, **{name: value})) for name, values in CRITERIA.items() for value in values
    ]
    with open_index(root, None, None) as index:
        for one in [*alone, *selection]:
            assert _ids(index, one, day) == [model.full_id for model in select_models(models, one, day)]
        statuses = fetch_models(index, ["full_id", "status"], Selection(Filters(deprecated=True)), day)
        assert dict(statuses) == {model.full_id: status_on(model, day) for model in models}


def test_every_filter_and_every_comparison_is_tried():
    assert CRITERIA.keys() | {"deprecated"} == set(Filters._fields)
    assert COMPARISONS.keys() | OTHER_FILTERS == set(Filters._fields)
    assert not COMPARISONS.keys() & OTHER_FILTERS


@pytest.fixture(scope="module")
def shipped():
    root = bundled_data() / "config" / "models"
    with open_index(root, None, None) as index:
        yield index, list(load_catalog(provider_files(root, None)).models())


@pytest.mark.parametrize(
    "words", [("gpt-5-5",), ("claude", "opus"), ("opus", "anthropic"), ("openai/gpt",), ("large",), ("gemini", "2-5")]
)
def test_shipped_catalog_by_words(shipped, words):
    index, models = shipped
    for fields in ([], ["match", "-context"], ["-match"]):
        selection = Selection(Filters(words=words), parse_order(fields, words=True))
        found = _ids(index, selection, DAYS[0])
        assert found == [model.full_id for model in select_models(models, selection, DAYS[0])]
        assert found


@given(selection=selections, day=st.sampled_from(DAYS))
def test_shipped_catalog(shipped, selection, day):
    index, models = shipped
    assert _ids(index, selection, day) == [model.full_id for model in select_models(models, selection, day)]


@pytest.mark.parametrize("fields", [["price"], ["-context", "released"], ["cache_read", "-id"], ["status,-updated_at"]])
def test_shipped_catalog_in_every_order(shipped, fields):
    index, models = shipped
    for reverse in (False, True):
        selection = Selection(Filters(deprecated=True), parse_order(fields, reverse=reverse))
        assert _ids(index, selection, DAYS[0]) == [model.full_id for model in select_models(models, selection, DAYS[0])]


@pytest.mark.data
@pytest.mark.skipif("LLMREG_TEST_DATA" not in os.environ, reason="LLMREG_TEST_DATA names no recorded data")
def test_exllm_files(tmp_path):
    for path in sorted((Path(os.environ["LLMREG_TEST_DATA"]) / "exllm").glob("*.yml")):
        root = tmp_path / path.stem
        root.mkdir()
        (root / path.name).write_bytes(path.read_bytes())
        try:
            models = list(load_catalog(provider_files(root, None)).models())
        except Exception:  # noqa: BLE001, S112  # files with real faults are another test's
            continue
        with open_index(root, None, None) as index:
            for criteria in (Filters(), Filters(max_input=5), Filters(capabilities=("vision",)), Filters(free=True)):
                found = [model.full_id for model in select_models(models, Selection(criteria), DAYS[0])]
                assert _ids(index, Selection(criteria), DAYS[0]) == found
