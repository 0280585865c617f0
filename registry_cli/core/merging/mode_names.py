"""What a model is called for, as far as its name tells."""

import re
from collections.abc import Iterable

_START, _END = r"(?:^|[ /_.-])", r"(?=[ /_:.-]|$)"
# The first that fits decides. Of 700 models of the catalog whose name fits one, 96 % have that mode; the others are
# editors of images, and chat models that also speak or draw.
_MODES = {
    "rerank": r"rerank",
    "embedding": r"embed|(?:^|[/_-])(?:bge|e5|gte)-(?!rerank)",
    "moderation": r"moderation",
    "audio_transcription": r"whisper|transcribe|START(?:asr|stt)END",
    "realtime": r"realtime",
    "audio_speech": r"STARTttsEND|text-to-speech",
    "video_generation": r"START(?:sora|veo)[0-9.]*END|(?:imagine|to)-video",
    "image_generation": r"dall-e|gpt-image|imagenEND|imagine-image|STARTflux[.-]?[0-9]|stable-(?:diffusion|image)",
    "completion": r"START(?:davinci|babbage)-[0-9]|gpt-3\.?5-turbo-instruct",
}
_PATTERNS = {
    mode: re.compile(pattern.replace("START", _START).replace("END", _END)) for mode, pattern in _MODES.items()
}
_VECTORS = ("rerank", "embedding")


def find_mode(name: str) -> str | None:
    """The mode that a model's name tells, None for a name as chat models have it."""
    return _first_of(_PATTERNS, name)


def find_vector_mode(name: str) -> str | None:
    """Whether a model's name says that it embeds or reranks, which no chat model's name does."""
    return _first_of(_VECTORS, name)


def _first_of(modes: Iterable[str], name: str) -> str | None:
    folded = name.lower()
    return next((mode for mode in modes if _PATTERNS[mode].search(folded)), None)
