"""Each filter that compares a fact: what it lets through at its border, and that an unknown fact never matches.

That the index gives the same answers is the matter of `tests/store/index/test_index_agrees.py`.
"""

import pytest

from registry_cli.core.catalog.models import status_on
from registry_cli.core.catalog.status import DATE_OF_STATUS, ENDED, STATUSES, find_status
from registry_cli.core.query.comparisons import COMPARISONS
from registry_cli.core.query.evaluate import matches_filters
from registry_cli.core.query.filters import Filters
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.provider_files import provider_files
from tests.support.random_catalogs import write_catalog

DAY = "2026-06-30"
# Field of `Filters` -> a value, facts that match it, and facts that do not.
EXAMPLES = {
    "modes": (("chat", "rerank"), {"mode": "rerank"}, {"mode": "embedding"}),
    "capabilities": (
        ("vision", "streaming"),
        {"capabilities": ["streaming", "vision", "json_mode"]},
        {"capabilities": ["vision"]},
    ),
    "input_modalities": (
        ("text", "image"),
        {"modalities": {"input": ["image", "text"], "output": []}},
        {"modalities": {"input": ["text"], "output": ["image"]}},
    ),
    "output_modalities": (
        ("text",),
        {"modalities": {"input": [], "output": ["image", "text"]}},
        {"modalities": {"input": ["text"], "output": ["image"]}},
    ),
    "min_context": (8192, {"context_window": 8192}, {"context_window": 8191, "max_output_tokens": 9000}),
    "min_output_tokens": (100, {"max_output_tokens": 100}, {"max_output_tokens": 99, "context_window": 9000}),
    "min_input": (2.5, {"pricing": {"input": 2.5}}, {"pricing": {"input": 2.4, "output": 3}}),
    "max_input": (2.5, {"pricing": {"input": 2.5}}, {"pricing": {"input": 2.6, "output": 1}}),
    "min_output": (2.5, {"pricing": {"output": 2.5}}, {"pricing": {"output": 2.4, "input": 3}}),
    "max_output": (2.5, {"pricing": {"output": 2.5}}, {"pricing": {"output": 2.6, "input": 1}}),
    "family": ("f1", {"family": "f1"}, {"family": "f2"}),
    "base_model": ("x/one", {"base_model": "x/one"}, {"base_model": "x/two"}),
    "open_weights": (False, {"open_weights": False}, {"open_weights": True}),
    "released_since": ("2026-03", {"release_date": "2026-03-01"}, {"release_date": "2026-02"}),
}


def load_models(tmp_path, **entries):
    root = write_catalog(tmp_path / "models", {"acme": {"models": entries}})
    return {model.id: model for model in load_catalog(provider_files(root, None)).models()}


@pytest.mark.parametrize("field", EXAMPLES)
def test_a_filter_at_its_border(tmp_path, field):
    value, inside, outside = EXAMPLES[field]
    models = load_models(tmp_path, inside=inside, outside=outside, unknown={})
    filters = Filters(**{field: value})
    assert [name for name, model in models.items() if matches_filters(model, filters, DAY)] == ["inside"]


def test_every_comparison_has_an_example():
    assert EXAMPLES.keys() | {"providers"} == COMPARISONS.keys()


def test_providers(tmp_path):
    (model,) = load_models(tmp_path, a={}).values()
    assert matches_filters(model, Filters(providers=("other", "acme")), DAY)
    assert not matches_filters(model, Filters(providers=("other",)), DAY)


@pytest.mark.parametrize(
    ("stated", "retirement", "deprecation", "status"),
    [
        (None, None, None, "active"),
        ("preview", None, None, "preview"),
        ("unlisted", None, None, "unlisted"),
        ("preview", None, DAY, "deprecated"),
        ("unlisted", None, DAY, "deprecated"),
        ("deprecated", DAY, DAY, "retired"),
        ("active", "2026-07-01", "2026-07-01", "active"),
        ("active", "2026-07-01", DAY, "deprecated"),
        ("retired", "2026-07-01", None, "retired"),
        ("deprecated", None, "2026-07-01", "deprecated"),
    ],
)
def test_status_on_a_day(tmp_path, stated, retirement, deprecation, status):
    assert find_status(stated, retirement, deprecation, DAY) == status
    facts = {"status": stated, "retirement_date": retirement, "deprecation_date": deprecation}
    (model,) = load_models(tmp_path, a={name: value for name, value in facts.items() if value}).values()
    assert status_on(model, DAY) == status


def test_statuses_that_dates_begin():
    assert set(DATE_OF_STATUS) < set(ENDED) < set(STATUSES)
