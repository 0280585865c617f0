"""Where the user's configuration, cache and state are, whatever the environment says."""

import os
import sys
from pathlib import Path

import pytest

from registry_cli.core.trust.known import Pair
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.directory import CacheKind, find_cache
from registry_cli.store.catalog.locate import find_overlay, overlay_folder, require_overlay_folder
from registry_cli.store.files.trusted_pairs import change_trusted_pairs, read_trusted_pairs, trusted_pairs_path
from registry_cli.store.files.user_directories import cache_directory, config_directory, state_directory
from tests.support.cli import run_llmreg

DIRECTORIES = [
    (config_directory, "XDG_CONFIG_HOME", "/h/.config/llmreg"),
    (cache_directory, "XDG_CACHE_HOME", "/h/.cache/llmreg"),
    (state_directory, "XDG_STATE_HOME", "/h/.local/state/llmreg"),
]


@pytest.fixture(autouse=True)
def on_linux(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.fixture
def homeless(monkeypatch):
    """A user whom the system does not know, as in a container with a number for a user."""
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)


@pytest.mark.parametrize(("directory", "variable", "usual"), DIRECTORIES)
@pytest.mark.parametrize("value", [None, "", "relative/place", "./here", "~/there"])
def test_what_is_no_whole_path_is_ignored(directory, variable, usual, value):
    environ = {"HOME": "/h"} if value is None else {"HOME": "/h", variable: value}
    assert directory(environ) == Path(usual)


@pytest.mark.parametrize(("directory", "variable", "usual"), DIRECTORIES)
def test_a_whole_path_counts(directory, variable, usual):
    assert directory({"HOME": "/h", variable: "/x"}) == Path("/x/llmreg")


@pytest.mark.parametrize(("directory", "variable", "usual"), DIRECTORIES)
@pytest.mark.parametrize("home", ["", "relative"])
def test_a_home_that_is_no_whole_path_is_asked_of_the_system(directory, variable, usual, home, monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", lambda _: "/h")
    assert directory({"HOME": home}) == Path(usual)


@pytest.mark.parametrize(("directory", "variable", "usual"), DIRECTORIES)
def test_without_a_home_directory_there_is_none_of_them(directory, variable, usual, homeless):
    assert directory({}) is None
    assert directory({variable: "relative"}) is None
    assert directory({variable: "/x"}) == Path("/x/llmreg")


@pytest.mark.parametrize(("value", "place"), [("/c", "/c"), ("c", "c"), ("", "/x/llmreg")])
def test_llmregs_own_variable_for_the_cache_goes_first(value, place):
    assert cache_directory({"LLMREG_CACHE": value, "XDG_CACHE_HOME": "/x"}) == Path(place)


def test_macos_keeps_caches_elsewhere(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_directory({"HOME": "/h"}) == Path("/h/Library/Caches/llmreg")
    assert config_directory({"HOME": "/h"}) == Path("/h/.config/llmreg")
    assert state_directory({"HOME": "/h"}) == Path("/h/.local/state/llmreg")


def test_overlay_and_trusted_pairs_are_in_the_same_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "relative" / "llmreg" / "models").mkdir(parents=True)
    environ = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": "relative"}
    config = tmp_path / "home" / ".config" / "llmreg"
    assert overlay_folder(environ) == config / "models"
    assert find_overlay(environ) is None
    assert trusted_pairs_path(environ) == config / "trusted-pairs"


def test_without_a_home_directory_llmreg_reads_on(homeless):
    assert find_overlay({}) is None
    assert read_trusted_pairs({}) == []
    assert find_cache({}) is None


def test_without_a_home_directory_what_would_be_written_is_refused(homeless):
    with pytest.raises(UsageError, match="set XDG_CONFIG_HOME"):
        change_trusted_pairs({}, add=[Pair("api.acme.example", "ACME_API_KEY")])
    with pytest.raises(UsageError, match="set LLMREG_OVERLAY"):
        require_overlay_folder({})
    with pytest.raises(UsageError, match="LLMREG_OVERLAY is empty"):
        require_overlay_folder({"LLMREG_OVERLAY": ""})


def test_commands_without_a_home_directory(homeless, monkeypatch):
    for variable in ("LLMREG_CACHE", "LLMREG_OVERLAY", *(variable for _, variable, _ in DIRECTORIES)):
        monkeypatch.delenv(variable, raising=False)
    assert run_llmreg("query", "--count").code == 0
    for action in ("info", "clear"):
        refused = run_llmreg("cache", action)
        assert (refused.code, refused.out) == (2, "")
        assert "set LLMREG_CACHE" in refused.err


def test_directories_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("a file where a directory would be")
    environ = {variable: str(tmp_path / "file") for _, variable, _ in DIRECTORIES}
    cache = find_cache(environ)
    assert cache is not None
    with pytest.raises(OSError, match="Not a directory"):
        cache.cache_file(CacheKind.FINDINGS, "x").write(lambda temporary: temporary.write_text("x"))
    assert cache.all_files() == []
    assert read_trusted_pairs(environ) == []
    with pytest.raises(FileError):
        change_trusted_pairs(environ, add=[Pair("api.acme.example", "ACME_API_KEY")])
