"""Recorded answers of the real services, read whole: nothing is lost that is not noted, and nothing is made up."""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.core.format.schema import Contract
from registry_cli.errors import UpstreamError
from registry_cli.http.rules import complains_of_key, requested_wait
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source, find_source_for
from registry_cli.store.catalog.bundled import bundled_data

DATA = os.environ.get("LLMREG_TEST_DATA", "")
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA names no folder of recorded data"),
]
# Source, file, models (rows less aliases, disputed ids and what cannot be called), models with a price.
LISTS = [
    ("openai", "openai_models", 132, 0),
    ("anthropic", "anthropic_models", 11, 0),
    ("gemini", "gemini_models", 58, 0),
    ("gemini", "gemini_models_2025-06", 50, 0),
    ("xai", "xai_models", 10, 8),
    ("mistral", "mistral_models_2026-02", 28, 0),
    ("openrouter", "openrouter_models_2025-06", 318, 315),
    ("openrouter", "openrouter_models_all_modalities", 446, 381),
    ("groq", "groq_models_2025-06", 22, 0),
    ("deepseek", "docs_deepseek_models_2026-10", 2, 0),
    ("perplexity", "perplexity_models", 39, 39),
    ("cerebras", "cerebras_public_models", 2, 2),
    ("cerebras", "cerebras_models", 3, 0),
    ("venice", "venice_static_models", 314, 186),
    ("together_ai", "docs_together_models", 1, 1),
    ("moonshotai", "docs_moonshot_models", 1, 0),
    ("novita-ai", "test_fixture_novita_one_model", 1, 1),
    ("requesty", "docs_requesty_models", 1, 0),
    ("nvidia", "nvidia_nim_models_trimmed", 5, 0),
    ("cohere", "cohere_models", 21, 0),
    ("vertex_ai", "vertexai_publisher_models_google", 10, 0),
    ("bedrock", "bedrock_foundation_models", 103, 0),
    ("bedrock_mantle", "bedrock_mantle_models", 48, 0),
    ("azure", "azure_openai_v1_models", 232, 0),
    ("heroku", "heroku_available_models", 28, 0),
    ("deepgram", "deepgram_models", 43, 0),
    ("github-models", "docs_github_models_catalog", 1, 0),
    ("minimax", "docs_minimax_anthropic_models", 3, 0),
    ("together_ai", "docs_together_models", 1, 1),
    ("lmstudio", "docs_lmstudio_api_v0_models", 3, 0),
    ("lmstudio", "docs_lmstudio_api_v1_models", 3, 0),
    ("any", "litellm_proxy_v1_models", 4, 0),
    ("any", "llamacpp_v1_models", 1, 0),
    ("llamacpp", "llamacpp_v1_models", 1, 0),
    ("litellm-proxy", "litellm_proxy_model_info", 4, 3),
]


PAGES_TRIED = {"openai": 137, "anthropic": 29, "groq": 36}


@pytest.mark.parametrize(("provider", "number"), PAGES_TRIED.items())
def test_a_recorded_deprecation_page(provider, number):
    page = (Path(DATA) / "lifecycle" / f"{provider}-deprecations.md").read_bytes()
    seen = find_source(f"{provider}-deprecations").read_answers([Page(page)], provider)
    models = seen.providers[0].models
    assert len(models) == number
    promised = [model for model in models if "retirement_not_before" in model.facts]
    assert not [model.id for model in promised if "retirement_date" in model.facts]
    assert [note.reason for note in seen.notes if note.reason not in ("not a model id", "a path, not an id")] == []


def test_the_recorded_list_of_modeldeprecations():
    path = Path(DATA) / "lifecycle" / "modeldeprecations-2026-08-21.json"
    seen = find_source("modeldeprecations").read_answers([Page(path.read_bytes())], "")
    rows = json.loads(path.read_bytes())["models"]
    assert (seen.model_count(), seen.notes) == (len(rows), ())
    dates = [row.get("shutdown_on") for row in rows if row.get("shutdown_on")]
    assert sorted(m.facts["retirement_date"] for _, m in seen.models() if "retirement_date" in m.facts) == sorted(dates)


def recorded(name):
    return (Path(DATA) / "responses" / f"{name}.json").read_bytes()


def models_of(source, name):
    seen = find_source_for(source, "http://127.0.0.1:1/v1").parse([Page(recorded(name))], source)
    return {model.id: model for model in seen.providers[0].models}, seen.notes


@pytest.mark.parametrize(("source", "name", "number", "priced"), LISTS)
def test_a_recorded_list(source, name, number, priced):
    models, _ = models_of(source, name)
    assert len(models) == number
    assert sum("pricing" in model.facts for model in models.values()) == priced


@pytest.mark.parametrize(("source", "name"), [each[:2] for each in LISTS if each[0] != "any"])
def test_it_has_no_key_that_is_neither_read_nor_known(source, name):
    seen = find_source(source).parse([Page(recorded(name))], source)
    assert seen.unread_keys == ()


@pytest.mark.parametrize(("source", "name"), [each[:2] for each in LISTS])
def test_its_facts_keep_the_schema(source, name):
    models, _ = models_of(source, name)
    body = {"provider": "x", "models": {model.id: dict(model.facts) for model in models.values()}}
    schema = json.loads((bundled_data() / "schema" / "provider.schema.json").read_bytes())
    assert Contract(schema).accepts(body)


@pytest.mark.parametrize(("source", "name"), [("cohere", "cohere_models"), ("gemini", "gemini_models_2025-06")])
def test_a_recorded_first_page_is_not_the_whole_list(source, name):
    with pytest.raises(UpstreamError, match="more models follow"):
        find_source(source).read_answers([Page(recorded(name))], source)


def test_openrouters_prices_one_by_one():
    """Every rate against the text it comes from, by a loop of its own."""
    models, _ = models_of("openrouter", "openrouter_models_all_modalities")
    compared = 0
    for row in json.loads(recorded("openrouter_models_all_modalities"))["data"]:
        pricing = models[row["id"]].facts.get("pricing") if row["id"] in models else None
        for theirs, ours in (("prompt", "input"), ("completion", "output"), ("input_cache_read", "cache_read")):
            if pricing and ours in pricing:
                assert abs(Decimal(row["pricing"][theirs]) * 1_000_000 - pricing[ours]) < Decimal("1e-9")
                compared += 1
        for override, variant in zip(
            row["pricing"].get("overrides", ()), (pricing or {}).get("variants", ()), strict=bool(pricing)
        ):
            assert variant["when"] == {"input_tokens_above": override["min_prompt_tokens"]}
            assert Decimal(override["prompt"]) * 1_000_000 == variant["input"]
            compared += 1
    assert compared > 850


def test_openrouter_agrees_with_vendors_on_closed_models():
    """The rule that makes it a witness: against the list of xAI that was recorded on the same day nothing differs."""
    seen = find_source("openrouter-prices").read_answers([Page(recorded("openrouter_models_all_modalities"))], "")
    told = {(each.id, model.id): model.facts["pricing"] for each in seen.providers for model in each.models}
    assert len(told) > 120
    own, _ = models_of("xai", "xai_models")
    both = [name for name in own if ("xai", name) in told and "pricing" in own[name].facts]
    assert len(both) > 3
    for name in both:
        for rate in ("input", "output"):
            assert told["xai", name].get(rate) == own[name].facts["pricing"].get(rate)


def test_the_traps_are_noted():
    _, notes = models_of("mistral", "mistral_models_2026-02")
    assert [(note.model, note.field) for note in notes] == [("voxtral-mini-2507", "id"), ("voxtral-mini-latest", "id")]
    _, notes = models_of("openrouter", "openrouter_models_all_modalities")
    routers = {note.model for note in notes if note.reason == "a negative price is an unknown one"}
    assert len(routers) == 5


def test_azures_and_bedrocks_lifecycles_one_by_one():
    """Every date and status against the answer, by a loop of its own."""
    models, _ = models_of("azure", "azure_openai_v1_models")
    ends = {
        row["id"]: datetime.fromtimestamp(row["deprecation"]["inference"], UTC).date().isoformat()
        for row in json.loads(recorded("azure_openai_v1_models"))["data"]
        if row["capabilities"]["inference"] and row["lifecycle_status"] != "preview"
    }
    assert {name: end for name, end in ends.items() if end < "2090"} == {
        name: model.facts["retirement_date"] for name, model in models.items() if "retirement_date" in model.facts
    }
    models, _ = models_of("bedrock", "bedrock_foundation_models")
    for row in json.loads(recorded("bedrock_foundation_models"))["modelSummaries"]:
        if row["modelId"] in models:
            facts = models[row["modelId"]].facts
            assert (facts.get("status") == "deprecated") == (row["modelLifecycle"]["status"] == "LEGACY")
            stated = (row["description"] or {}).get("maxContextWindow")
            assert ("context_window" in facts) == bool(stated)


def test_ollamas_recorded_answers():
    tags = json.loads(recorded("ollama_api_tags_2025-06"))
    tags = tags if "models" in tags else next(body for body in tags.values() if "models" in body)
    details = json.loads(recorded("ollama_api_show"))
    name, shown = next(iter(details.items()))
    listed = {"models": [*tags["models"], {"name": name, "model": name}]}
    pages = [Page(json.dumps(listed).encode()), Page(json.dumps(shown).encode(), name)]
    models = {model.spelled: model for model in find_source("ollama").read_answers(pages, "ollama").providers[0].models}
    assert len(models) == len(tags["models"]) + 1
    assert models[name].facts["context_window"] == 40960
    assert models[name].facts["capabilities"] == ["text_completion", "function_calling"]
    assert models[name].private


@pytest.mark.parametrize(
    "path", sorted(Path(DATA, "errors").glob("*_bad_key.json")) if DATA else [], ids=lambda path: path.stem
)
def test_recorded_errors_of_a_bad_key(path):
    error = json.loads(path.read_text())
    body = error["body_text"].encode()
    assert error["status"]["code"] in {401, 403} or complains_of_key(body)


def test_recorded_answer_of_a_limit():
    error = json.loads((Path(DATA) / "errors" / "azure_429.json").read_text())
    assert requested_wait(error["headers"]["Retry-After"][0], error["body_text"].encode(), datetime.now(UTC)) == 1
