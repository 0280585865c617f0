"""Which provider a file belongs to, by its name, and in which order the files of one provider are merged.

A provider has its own file, `<provider>.yml`. Parts of it, `<provider>/*.yml`, hold more of its models, and nothing
else. ExLLM's `<provider>_capabilities.yml` is a second file beneath both. A stem is a file's name in the catalog
without its ending, that of a part with the directory: `openrouter/anthropic`.
"""

from collections.abc import Iterable

CAPABILITIES_SUFFIX = "_capabilities"
PART_KEYS = ("provider", "models")  # all that a part may state


def provider_of(stem: str) -> str:
    """Return the ID of the provider that a file belongs to."""
    folder, slash, _ = stem.partition("/")
    return folder if slash else stem.removesuffix(CAPABILITIES_SUFFIX)


def is_part(stem: str) -> bool:
    return "/" in stem


def is_layered(stem: str) -> bool:
    """Return whether a file lies beneath the provider's own, which may state the same models."""
    return stem.endswith(CAPABILITIES_SUFFIX) and not is_part(stem)


def stem_of(name: str) -> str:
    """Return the stem of a file's name in its catalog."""
    return name.rpartition(".")[0] or name


def layer_order(stem: str) -> tuple[int, str]:
    """Sort the files of a provider, the lowest layer first."""
    return 0 if is_layered(stem) else 1 if is_part(stem) else 2, stem


def sort_layers(names: Iterable[str]) -> list[str]:
    """Return the names of a provider's files, the lowest layer first."""
    return sorted(names, key=lambda name: layer_order(stem_of(name)))


def has_own_file(names: Iterable[str]) -> bool:
    """Return whether files make a provider: parts alone do not."""
    return not all(is_part(name) for name in names)


def new_model_stem(provider: str, model: str, stems: Iterable[str]) -> str:
    """Return the file for a new model: the part named like its ID up to the first `/`, else the provider's own."""
    vendor, slash, _ = model.partition("/")
    part = f"{provider}/{vendor}"
    return part if slash and part in stems else provider
