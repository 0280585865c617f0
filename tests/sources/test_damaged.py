"""Answers damaged in a leaf or a branch: a list loses what is damaged, and nothing else goes wrong."""

import json
import random

import pytest

from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page, Target
from registry_cli.sources.registry import find_source
from tests.core.sync.test_mutated_answers import mutated

LIFE = {"status": "LEGACY", "legacyTime": "2026-01-01T00:00:00Z"}
ANSWERS = {
    "azure": {
        "data": [
            {
                "id": "a",
                "lifecycle_status": "preview",
                "capabilities": {"inference": True, "chat_completion": True},
                "deprecation": {"inference": 1790812800},
            }
        ]
    },
    "bedrock": {
        "modelSummaries": [
            {
                "modelId": "a",
                "modelName": "A",
                "providerName": "Amazon",
                "inputModalities": ["TEXT", "IMAGE"],
                "outputModalities": ["TEXT"],
                "batchSupported": {"baseModelSupported": True},
                "explicitPromptCaching": {"isSupported": True},
                "modelLifecycle": LIFE,
                "description": {"maxContextWindow": "1M"},
                "converse": {"maxTokensMaximum": 5, "userDocumentTypesSupported": ["pdf"]},
            }
        ]
    },
    "cloudflare": {
        "result": [
            {
                "name": "@cf/a/b",
                "task": {"name": "Text Generation"},
                "properties": [
                    {"property_id": "price", "value": [{"unit": "per M input tokens", "price": 1, "currency": "USD"}]},
                    {"property_id": "context_window", "value": "5"},
                ],
            }
        ],
        "result_info": {"total_pages": 2},
    },
    "cohere": {
        "models": [{"name": "a", "endpoints": ["chat"], "features": ["tools"], "context_length": 5}],
        "next_page_token": "x",
    },
    "databricks": {
        "endpoints": [
            {
                "name": "a",
                "config": {"served_entities": [{"foundation_model": {"display_name": "A"}}]},
                "task": "llm/v1/chat",
            }
        ]
    },
    "deepgram": {
        "stt": [{"canonical_name": "a", "streaming": True}],
        "tts": [{"canonical_name": "b-x", "architecture": "b"}],
    },
    "fireworks_ai": {
        "models": [
            {
                "name": "accounts/fireworks/models/a",
                "contextLength": 5,
                "deprecationDate": {"year": 2026, "month": 1, "day": 1},
                "supportsTools": True,
            }
        ],
        "nextPageToken": "x",
    },
    "heroku": [{"model_id": "a", "type": ["text-to-text"], "state": "active", "eol_date": "2026-06-12T00:00:00Z"}],
    "huggingface": {
        "data": [
            {
                "id": "a/b",
                "architecture": {"input_modalities": ["text"]},
                "providers": [
                    {"provider": "x", "status": "live", "context_length": 5, "pricing": {"input": 1, "output": 2}}
                ],
            }
        ]
    },
    "minimax": {"data": [{"id": "a", "created_at": "2026-06-01T00:00:00Z"}], "has_more": True, "last_id": "a"},
    "replicate": {"models": [{"owner": "a", "name": "b"}], "next": "https://api.replicate.com/v1/next"},
    "vertex_ai": {
        "publisherModels": [{"name": "publishers/google/models/a", "versionId": "default", "launchStage": "GA"}],
        "nextPageToken": "x",
    },
    "watsonx": {
        "resources": [
            {
                "model_id": "a",
                "functions": [{"id": "text_chat"}],
                "model_limits": {"max_sequence_length": 5},
                "lifecycle": [{"id": "deprecated", "start_date": "2026-01-01", "alternative_model_ids": ["b"]}],
            }
        ],
        "next": {"href": "https://us-south.ml.cloud.ibm.com/ml/v1/next"},
    },
}


@pytest.mark.parametrize("name", ANSWERS)
def test_damage_is_seen_where_it_is(name):
    """`parse` and `follow` raise nothing but `UpstreamError`: what another error means is lost with the whole list."""
    source, rng, understood = find_source(name), random.Random(name), 0
    request = source.first_request(Target(source.base_url))
    assert source.parse([Page(json.dumps(ANSWERS[name]).encode())], name).model_count() >= 1
    for _ in range(400):
        answer = ANSWERS[name]
        for _ in range(rng.randint(1, 4)):
            answer = mutated(answer, rng)
        body = json.dumps(answer).encode()
        try:
            source.parse([Page(body)], name)
            source.follow(request, body)
            understood += 1
        except UpstreamError:
            pass
    assert understood > 100
