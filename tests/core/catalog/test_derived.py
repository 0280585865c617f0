"""Capabilities that entries prove: what proves them, what does not, and that every answer knows them."""

import csv
import json

import pytest
from hypothesis import given

from registry_cli import Registry
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.derived import PROOFS, derive_capabilities, find_evidence
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.exports import group_by_provider, write_export
from registry_cli.sources import csv_list
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import load_catalog, read_vocabulary
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.index import open_index
from registry_cli.store.index.query import fetch_models
from tests.support.random_catalogs import catalogs, write_catalog
from tests.support.small_catalog import run

__all__ = ["run"]

BATCH = {"when": {"service_tier": "batch"}}


@pytest.mark.parametrize(
    ("entry", "proven"),
    [
        ({"mode": "embedding"}, {"embeddings": "mode: embedding"}),
        ({"mode": "rerank"}, {"reranking": "mode: rerank"}),
        ({"endpoints": ["batches"]}, {"batch_operations": "endpoints: batches"}),
        (
            {"pricing": {"input": 2, "variants": [{**BATCH, "multiply": 0.5}]}},
            {"batch_operations": "pricing.variants: service_tier batch"},
        ),
        (
            {"pricing": {"variants": [{**BATCH, "per": {"page": 0.001}}]}},
            {"batch_operations": "pricing.variants: service_tier batch"},
        ),
        ({"pricing": {"input": 2, "cache_read": 0.2}}, {"prompt_caching": "pricing.cache_read"}),
        ({"pricing": {"cache_read": 0.2}}, {"prompt_caching": "pricing.cache_read"}),
        (
            {"pricing": {"input": 2, "variants": [{"when": {"input_tokens_above": 9}, "cache_read": 0.2}]}},
            {"prompt_caching": "pricing.cache_read"},
        ),
        ({"pricing": {"input_audio": 2}}, {"audio_input": "pricing.input_audio"}),
        ({"modalities": {"input": ["text", "image"]}}, {"vision": "modalities.input: image"}),
        ({"mode": "audio_speech"}, {"audio_output": "mode: audio_speech", "speech_synthesis": "mode: audio_speech"}),
        (
            {"mode": "embedding", "pricing": {"per": {"input_image": 0.0001}}},
            {
                "embeddings": "mode: embedding",
                "multimodal_embeddings": "mode: embedding, with image input",
                "vision": "pricing.per.input_image",
            },
        ),
        ({"reasoning": {"effort": ["high"]}}, {"reasoning": "reasoning.effort"}),
        (
            {"reasoning": {"effort": ["none", "high"]}},
            {"reasoning": "reasoning.effort", "reasoning_effort": "reasoning.effort: several levels"},
        ),
        ({"pricing": {"variants": [{"when": {"service_tier": "fast"}, "input": 9}]}},
         {"fast_mode": "pricing.variants: service_tier fast"}),
    ],
)  # fmt: skip
def test_what_proves_a_capability(entry, proven):
    assert derive_capabilities(entry) == proven


@pytest.mark.parametrize(
    "entry",
    [
        {"pricing": {"input": 2, "cache_read": 0}},
        {"pricing": {"input": 2, "cache_read": 2}},
        {"pricing": {"input": 2, "cache_read": None}},
        {"pricing": {"input": 0, "cache_read": 0}},
        {"pricing": {"input": 2, "cache_write": 2.5}},
        {"pricing": {"variants": [{**BATCH, "input": None}]}},
        {"pricing": {"variants": [{"when": {"service_tier": "priority"}, "input": 9}]}},
        {"pricing": {"input_image": 2}, "modalities": {"input": ["text"]}},
        {"pricing": {"output_audio": 2}, "modalities": {"output": ["text"]}},
        {"pricing": {"per": {"web_search": 0.01, "output_image": 0.04}, "output_image": 30}},
        {"reasoning": {"effort": ["none"]}},
        {"reasoning": None, "pricing": None, "modalities": None, "mode": None, "endpoints": ["completions"]},
        {},
    ],
)
def test_what_proves_nothing(entry):
    assert derive_capabilities(entry) == {}


@pytest.mark.parametrize("denial", [{"supported": False}, {"supported": False, "note": "soon"}])
def test_a_denied_capability_is_not_derived(denial):
    body = {"mode": "embedding", "capabilities": {"batch": denial}, "endpoints": ["batches"]}
    model = build_model("acme", "m", body, "usage", read_vocabulary())
    assert model.capabilities == {"embeddings"}


def test_the_proofs_name_capabilities_of_the_vocabulary():
    assert {proof.capability for proof in PROOFS} <= read_vocabulary().terms.keys()


def test_an_entry_gives_the_same_entry_again():
    body = {"modalities": {"input": ["image"]}, "capabilities": ["tools"], "mode": "chat"}
    once = build_model("acme", "m", body, "usage", read_vocabulary())
    assert once.body["capabilities"] == ["function_calling"]
    assert build_model("acme", "m", once.body, "usage", Vocabulary({})) == once


def capable_models(models, capability):
    """A plain loop with the table: what the entry states or proves and does not deny."""
    for model in models:
        details = (model.body.get("capability_details") or {}).get(capability) or {}
        stated = capability in model.body.get("capabilities", ())
        evidence = find_evidence(model.body)
        proven = any(proof.capability == capability and proof.evidence in evidence for proof in PROOFS)
        if (stated or proven) and details.get("supported") is not False:
            yield model.full_id


def check_every_capability(root):
    models = list(load_catalog(provider_files(root, None)).models())
    names = {*read_vocabulary().terms, "own_thing"}
    with open_index(root, None, None) as index:
        for name in names:
            selection = Selection(Filters(capabilities=(name,), deprecated=True))
            found = [full_id for (full_id,) in fetch_models(index, ["full_id"], selection, "2026-05-01")]
            assert sorted(found) == sorted(capable_models(models, name)), name


def test_every_capability_of_the_shipped_catalog():
    check_every_capability(bundled_data() / "config" / "models")


@given(catalog=catalogs)
def test_every_capability_of_random_catalogs(tmp_path_factory, catalog):
    check_every_capability(write_catalog(tmp_path_factory.mktemp("catalog"), catalog))


CATALOG = {"acme": {"models": {"e": {"mode": "embedding", "pricing": {"input": 2, "cache_read": 0.5}}}}}


@pytest.fixture
def ask(run):
    write_catalog(run.root, CATALOG)
    return run


def test_every_answer_knows_it(ask):
    """`query`, JSON, `sql`, `capabilities`, the Python API and exports."""
    assert ask("query", "--embeddings", "--caching", "-f", "ids") == "acme/e\n"
    (entry,) = json.loads(ask("query", "-c", "embeddings", "-p", "acme", "-f", "json"))["models"]
    assert "capabilities" not in entry
    assert entry["derived_capabilities"] == {"embeddings": "mode: embedding", "prompt_caching": "pricing.cache_read"}
    assert ask("sql", "select capability, derived from has_capability where full_id = 'acme/e'") == (
        "embeddings\tmode: embedding\nprompt_caching\tpricing.cache_read\n"
    )
    (term,) = json.loads(ask("capabilities", "embeddings", "-f", "json"))["capabilities"]
    assert (term["models"], term["derived"], term["providers"]) == (1, 1, 1)
    assert term["proven_by"] == "mode: embedding, endpoints: embeddings"
    assert ask("show", "acme/e#capabilities.embeddings") == "yes\n"
    registry = Registry(ask.root)
    assert [model.id for model in registry.find_by_capabilities(["embed"])] == ["e"]
    assert registry.get_capabilities("acme", "e") == ["embeddings", "prompt_caching"]


def test_exports_set_their_flags(tmp_path):
    catalog = load_catalog(provider_files(write_catalog(tmp_path, CATALOG), None))
    shelves = group_by_provider(catalog, list(catalog.models()))
    litellm = json.loads(write_export("litellm", shelves, "2026-05-01").files[""])
    assert litellm["acme/e"]["supports_prompt_caching"] is True
    assert "embeddings" in write_export("markdown", shelves, "2026-05-01").files[""].decode()
    csv_rows = list(csv.DictReader(write_export("csv", shelves, "2026-05-01").files[""].decode().splitlines()))
    assert [(row["id"], row["derived_capabilities"]) for row in csv_rows] == [("e", "embeddings;prompt_caching")]
    read_again = csv_list.parse(write_export("csv", shelves, "2026-05-01").files[""])
    assert (read_again.notes, "capabilities" in read_again.providers[0].models[0].facts) == ((), False)
    exllm = write_export("exllm", shelves, "2026-05-01").files["acme.yml"].decode()
    assert "- embeddings\n" in exllm
    (provider,) = json.loads(write_export("json", shelves, "2026-05-01").files[""])["providers"]
    assert provider["models"]["e"] == CATALOG["acme"]["models"]["e"]
