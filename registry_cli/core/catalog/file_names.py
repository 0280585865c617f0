"""Which provider a file belongs to, by its name alone, and under which keys its models stand."""

from collections.abc import Iterable

MODEL_KEYS = ("model_capabilities", "models")  # the older one first
CAPABILITIES_SUFFIX = "_capabilities"


def provider_of(stem: str) -> str:
    """The id of the provider that a file `<stem>.yml` belongs to: ExLLM's `<provider>_capabilities.yml` is a second
    file of the provider."""
    return stem.removesuffix(CAPABILITIES_SUFFIX)


def layered(names: Iterable[str]) -> list[str]:
    """The names of a provider's files, the lowest layer first."""
    return sorted(names, key=lambda name: (not name.rpartition(".")[0].endswith(CAPABILITIES_SUFFIX), name))
