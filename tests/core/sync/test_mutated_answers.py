"""Answers that were damaged on the way: whatever sync makes of them, no model leaves the file."""

import json
import random

from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page
from registry_cli.sources.registry import find_source
from tests.support.random_syncs import again, file_of, plan, says

SOURCE = find_source("models.dev")
ODD = [None, 0, -1, 1e308, "", "x" * 300, "\x1b[31m", [], {}, [[]], True, {"input": "free"}, "../../x", "2026-13-45"]
MODELS_DEV = {
    "acme": {"name": "Acme", "env": ["ACME_KEY"], "models": {
        f"m{number}": {
            "name": f"M {number}", "limit": {"context": 1000 * number, "output": 10},
            "cost": {"input": number, "output": 9},
            "modalities": {"input": ["text"], "output": ["text"]}, "tool_call": True, "release_date": "2026-01-15",
        } for number in range(1, 6)
    }}
}  # fmt: skip


def mutated(value, rng):
    """The value with one leaf, key or item replaced, removed or doubled."""
    if isinstance(value, dict) and value and rng.random() > 0.15:
        key = rng.choice([*value])
        copy = dict(value)
        how = rng.random()
        if how < 0.1:
            del copy[key]
        elif how < 0.2:
            copy[rng.choice(["id", "\u202ex", "large", key + " "])] = copy[key]
        else:
            copy[key] = mutated(copy[key], rng)
        return copy
    if isinstance(value, list) and value and rng.random() > 0.3:
        at = rng.randrange(len(value))
        return [*value[:at], mutated(value[at], rng), *value[at + 1 :]]
    return rng.choice(ODD)


def test_h_over_a_thousand_mutated_answers_no_model_disappears():
    rng = random.Random(20261122)
    first = plan(file_of(), {}, says("models.dev", *_observed(MODELS_DEV)))
    assert len(first.value["models"]) == 5
    understood = 0
    for _ in range(1000):
        answer = MODELS_DEV
        for _ in range(rng.randint(1, 4)):
            answer = mutated(answer, rng)
        text = json.dumps(answer)
        if rng.random() < 0.1:
            text = text[: rng.randrange(len(text))]
        try:
            models = _observed(text)
        except UpstreamError:
            continue
        understood += 1
        done = again(first, says("models.dev", *models))
        assert first.value["models"].keys() <= done.value["models"].keys()
        assert again(done, says("models.dev", *models)).items_with("applied", "new") == []
    assert understood > 300


def _observed(answer):
    data = answer if isinstance(answer, str) else json.dumps(answer)
    seen = SOURCE.read_answers([Page(data.encode())], "acme")
    return [each for provider in seen.providers if provider.id == "acme" for each in provider.models]
