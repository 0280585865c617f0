"""Modalities and the capabilities that follow from them: image input is vision, and vision is image input."""

from collections.abc import Iterable, Mapping, Sequence

_ORDER = ("text", "image", "pdf", "audio", "video")

# capability -> (direction, modality): the pairs that follow from one another for models that answer in text.
FOLLOWS = {
    "vision": ("input", "image"),
    "pdf_input": ("input", "pdf"),
    "audio_input": ("input", "audio"),
    "video_input": ("input", "video"),
    "audio_output": ("output", "audio"),
}


def in_catalog_order(modalities: Iterable[str]) -> list[str]:
    present = set(modalities)
    return [name for name in _ORDER if name in present]


def split_known(modalities: Iterable[str]) -> tuple[list[str], list[str]]:
    """Split modalities into those that the catalog has, in its order, and the others."""
    names = list(modalities)
    return in_catalog_order(names), [name for name in names if name not in _ORDER]


def implied_capabilities(modalities: Mapping[str, Sequence[str]]) -> list[str]:
    """The capabilities that follow from modalities; none for a model that makes only images, audio or video."""
    if "text" not in modalities.get("output", ["text"]):
        return []
    return [name for name, (direction, kind) in FOLLOWS.items() if kind in modalities.get(direction, ())]


def denied_capabilities(modalities: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The capabilities that a complete list of modalities rules out."""
    return frozenset(
        name
        for name, (direction, kind) in FOLLOWS.items()
        if direction in modalities and kind not in modalities[direction]
    )
