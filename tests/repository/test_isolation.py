"""The tests themselves: none reaches the catalog, the cache or the git settings of the person who runs them."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from registry_cli.store.catalog.locate import find_overlay
from registry_cli.store.files.user_directories import cache_directory
from tests.support.isolation import isolate


def test_whatever_the_environment_says(tmp_path: Path) -> None:
    names = ("LLMREG_CATALOG", "LLMREG_OVERLAY", "LLMREG_CACHE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME", "GIT_DIR",
             "GIT_CONFIG_GLOBAL", "NO_COLOR")  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setenv(name, "/theirs")
        patch.setenv("LLMREG_TEST_DATA", "kept")
        isolate(patch, tmp_path)
        assert "/theirs" not in os.environ.values()
        assert os.environ["LLMREG_TEST_DATA"] == "kept"


def test_every_test_is_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    assert cache_directory(os.environ).is_relative_to(base)
    assert find_overlay(os.environ) is None
    assert Path.home().is_relative_to(base)
    command = ["git", "config", "--list", "--show-origin"]
    assert subprocess.run(command, cwd=base, capture_output=True, text=True, check=True).stdout == ""


@pytest.fixture(scope="module")
def early() -> dict[str, str]:
    return dict(os.environ)


def test_fixtures_of_many_tests_are_alone(early: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path(early["HOME"]).is_relative_to(tmp_path_factory.getbasetemp())
    assert early["HOME"] != os.environ["HOME"]


@pytest.mark.parametrize("time", ["first", "again"])
def test_no_run_leaves_its_signal_handler(run, time: str) -> None:
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    run("query")
