"""One table says how upstreams and people spell our providers."""

import json
import os
from pathlib import Path

import pytest

from registry_cli.sources import provider_ids
from registry_cli.sources.genai_prices import parse as parse_genai_prices
from registry_cli.sources.litellm import parse as parse_litellm
from registry_cli.sources.llm_prices import parse as parse_llm_prices
from registry_cli.sources.models_dev import parse as parse_models_dev


@pytest.mark.parametrize(
    ("ours", "models_dev", "litellm"),
    [
        ("gemini", "google", "gemini"),
        ("bedrock", "amazon-bedrock", "bedrock_converse"),
        ("vertex_ai", "google-vertex-anthropic", "vertex_ai-anthropic_models"),
        ("vertex_ai", "google-vertex", "vertex_ai-a-family-of-tomorrow"),
        ("azure", "azure", "azure_text"),
        ("together_ai", "togetherai", "together_ai"),
        ("fireworks_ai", "fireworks-ai", "fireworks_ai-embedding-models"),
        ("moonshotai", "moonshotai", "moonshot"),
        ("zai", "zai", "zai"),
        ("zhipuai", "zhipuai", "bigmodel"),
        ("alibaba", "alibaba", "qwencloud"),
        ("novita-ai", "novita-ai", "novita"),
    ],
)
def test_one_seller_has_one_id(ours, models_dev, litellm):
    assert (provider_ids.from_models_dev(models_dev), provider_ids.from_litellm(litellm)) == (ours, ours)


@pytest.mark.parametrize(("one", "other"), provider_ids.APART)
def test_what_is_apart_stays_apart(one, other):
    reading = (provider_ids.from_models_dev, provider_ids.from_litellm)
    assert all({of(one), of(other)} == {one, other} for of in reading)


@pytest.mark.parametrize(
    ("parse", "spelled", "document"),
    [
        (parse_models_dev, "amazon-bedrock", {"amazon-bedrock": {"name": "B", "models": {"m": {}}}}),
        (parse_litellm, "bedrock", {"bedrock/m": {"litellm_provider": "bedrock_converse", "max_input_tokens": 5}}),
        (parse_genai_prices, "aws", [{"id": "aws", "name": "AWS", "models": []}]),
        (parse_llm_prices, "amazon", {"prices": [{"id": "m", "vendor": "amazon", "input": 1, "output": 2}]}),
    ],
)
def test_every_list_comes_to_the_same_provider(parse, spelled, document):
    assert [provider.id for provider in parse(json.dumps(document).encode()).providers] == ["bedrock"], spelled


def test_people_find_a_provider_by_the_name_they_use():
    (seen,) = parse_models_dev(json.dumps({"amazon-bedrock": {"name": "B", "models": {"m": {}}}}).encode()).providers
    assert "aws" in seen.facts["aliases"]


@pytest.mark.data
def test_no_name_means_two_providers():
    folder = os.environ.get("LLMREG_TEST_DATA")
    if not folder:
        pytest.skip("LLMREG_TEST_DATA names no folder of recorded data")
    lists = {"models.dev*.json": parse_models_dev, "litellm-*.json": parse_litellm}
    claimed: dict[str, set[str]] = {}
    for pattern, parse in lists.items():
        (path,) = (Path(folder) / "aggregators").glob(pattern)
        for provider in parse(path.read_bytes()).providers:
            for name in (provider.id, provider.spelled, *provider.facts.get("aliases", ())):
                claimed.setdefault(name, set()).add(provider.id)
    assert {name: ids for name, ids in claimed.items() if len(ids) > 1} == {}
