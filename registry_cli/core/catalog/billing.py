"""How a model is sold: `usage`, `subscription` or `local`."""

import re
from collections.abc import Mapping
from typing import Any

# Ollama's tags of models that run on its servers: `gpt-oss:120b-cloud`, `glm-4.6:cloud`.
_CLOUD_TAG = re.compile(r":(?:[^:]*-)?cloud")


def billing_of(model_id: str, body: Mapping[str, Any], billing: str) -> str:
    """How a model is sold: as its entry states, else as its provider sells (`billing`).

    A cloud model beside the models of one's own machine is sold by subscription.
    """
    stated: str | None = body.get("billing")
    if stated is not None:
        return stated
    return "subscription" if billing == "local" and is_cloud_model(model_id) else billing


def is_cloud_model(model_id: str) -> bool:
    """Whether the tag of an Ollama model says that it runs on Ollama's servers."""
    found = _CLOUD_TAG.search(model_id)
    return found is not None and found.end() == len(model_id)
