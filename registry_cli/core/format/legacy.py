"""ExLLM's format, which llmreg still reads: its keys with today's fields."""

from collections.abc import Mapping
from typing import Any

MODEL_KEYS = ("model_capabilities", "models")  # of a file: where its models are, the older key first

# Today's field -> its older key. These hold lists of names.
OLDER_LISTS = {
    "endpoints": "supported_endpoints",
    "modalities.input": "supported_modalities",
    "modalities.output": "supported_output_modalities",
}
# Older key of a model -> today's field.
OLDER_KEYS = {**{older: field for field, older in OLDER_LISTS.items()}, "model_info": "metadata"}


def models_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The models of a provider file, under whichever key it has them."""
    models: Mapping[str, Any] = body.get("models") or body.get("model_capabilities") or {}
    return models


def with_current_keys(model: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an entry with its older keys under today's names. Where both state a fact, today's key wins."""
    current = dict(model)
    modalities = {}
    for direction in ("input", "output"):
        kinds = current.pop(OLDER_LISTS[f"modalities.{direction}"], None)
        if kinds is not None:
            modalities[direction] = kinds
    if modalities:
        current["modalities"] = modalities | (current.get("modalities") or {})
    endpoints, metadata = current.pop(OLDER_LISTS["endpoints"], None), current.pop("model_info", None)
    if endpoints is not None:
        current.setdefault("endpoints", endpoints)
    if metadata is not None:
        current["metadata"] = metadata | (current.get("metadata") or {})
    return current
