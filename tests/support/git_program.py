"""A git program that starts in another environment than llmreg gives it."""

import os
import shutil
from pathlib import Path

import pytest

OF_ANOTHER_OWNER = ("GIT_TEST_ASSUME_DIFFERENT_OWNER=1",)  # git's own switch for its own tests
OLD = ("-u", "GIT_NO_LAZY_FETCH")  # before 2.39.4, which does not know the variable


def use_another_git(patch: pytest.MonkeyPatch, folder: Path, changes: tuple[str, ...]) -> None:
    """Put a git first on PATH that makes these changes to its environment, as `env` takes them."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(f'#!/bin/sh\nexec env {" ".join(changes)} {shutil.which("git")} "$@"\n')
    program.chmod(0o755)
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
