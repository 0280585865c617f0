"""Keeps the tests away from the person who runs them."""

import os
from pathlib import Path

import pytest

# What would lead a test to somebody's catalog, cache, keys or repository, or change what it prints.
_ASTRAY = ("LLMREG_", "GIT_", "XDG_", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI")
_KEPT = "LLMREG_TEST_"  # what the person says to the tests themselves


def isolate(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Everything that llmreg, git or a child of theirs looks up in the environment lies in this folder from now on."""
    for name in list(os.environ):
        if name.startswith(_ASTRAY) and not name.startswith(_KEPT):
            patch.delenv(name)
    home = folder / "home"
    lies = {"HOME": home, "XDG_CACHE_HOME": home / ".cache", "XDG_CONFIG_HOME": home / ".config",
            "XDG_STATE_HOME": home / ".state",
            "LLMREG_CACHE": folder / "cache", "GIT_CONFIG_GLOBAL": home / ".gitconfig",
            "GIT_CONFIG_SYSTEM": Path(os.devnull)}  # fmt: skip
    for name, path in lies.items():
        patch.setenv(name, str(path))
