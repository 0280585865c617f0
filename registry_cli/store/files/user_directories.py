"""The user's own directories for llmreg: configuration, cache and state (XDG Base Directory Specification).

The specification says that a relative path in one of its variables must be ignored. So is an empty one. On macOS only
the cache lies elsewhere (`~/Library/Caches`). None of the directories need exist.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_OURS = "llmreg"


def config_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where the user's overlay and trusted pairs are; None where the user has no home directory."""
    return _xdg_directory(environ, "XDG_CONFIG_HOME", ".config")


def cache_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where files are that llmreg can make again; None where the user has no home directory.

    `LLMREG_CACHE` names it exactly, and may be relative to the current directory.
    """
    chosen = environ.get("LLMREG_CACHE")
    if chosen:
        return Path(chosen)
    return _xdg_directory(environ, "XDG_CACHE_HOME", "Library/Caches" if sys.platform == "darwin" else ".cache")


def state_directory(environ: Mapping[str, str]) -> Path | None:
    """Return where notes are that must outlast the cache; None where the user has no home directory."""
    return _xdg_directory(environ, "XDG_STATE_HOME", ".local/state")


def _xdg_directory(environ: Mapping[str, str], variable: str, usual: str) -> Path | None:
    base = environ.get(variable, "")
    if os.path.isabs(base):  # noqa: PTH117  # every command asks, and a Path takes longer
        return Path(base, _OURS)
    home = _home_directory(environ)
    return home and home / usual / _OURS


def _home_directory(environ: Mapping[str, str]) -> Path | None:
    """`HOME`, else what the system knows of the user. `Path.home` would raise where there is neither."""
    for home in (environ.get("HOME", ""), os.path.expanduser("~")):  # noqa: PTH111
        if os.path.isabs(home):  # noqa: PTH117
            return Path(home)
    return None
