"""Where llmreg remembers things between runs. Nothing there is ever needed for a right answer."""

import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`LLMREG_CACHE`, else `llmreg` in the user's cache folder; it may not exist yet."""
    chosen = environ.get("LLMREG_CACHE")
    if chosen:
        return Path(chosen)
    base = environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "llmreg"
    home = Path(environ.get("HOME") or Path.home())
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "llmreg"
