"""What a source's modalities and flags say about each other: vision is an image input, and an image input vision."""

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


def in_order(modalities: Iterable[str]) -> list[str]:
    present = set(modalities)
    return [name for name in _ORDER if name in present]


def known(modalities: Iterable[str]) -> tuple[list[str], list[str]]:
    """The modalities that the catalog has, in its order, and the others."""
    names = list(modalities)
    return in_order(names), [name for name in names if name not in _ORDER]


def implied_capabilities(modalities: Mapping[str, Sequence[str]]) -> list[str]:
    """The capabilities these modalities amount to; none for models that make only images, sound or video."""
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
