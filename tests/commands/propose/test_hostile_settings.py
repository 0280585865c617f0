"""A person's git settings change how git looks, and not what llmreg does."""

import pytest

from tests.support.pull_request_workspace import BRANCH, listed

SETTINGS = """\
[user]
    name = Person
    email = person@example.org
[diff]
    relative = true
    noprefix = true
    renames = copies
    external = false
    ignoreSubmodules = all
[log]
    showRoot = false
    diffMerges = off
    showSignature = true
    date = relative
    decorate = full
[format]
    pretty = fuller
[push]
    default = nothing
    autoSetupRemote = true
    followTags = true
    gpgSign = if-asked
[pull]
    rebase = true
[init]
    defaultBranch = trunk
[fetch]
    prune = true
    pruneTags = true
[status]
    branch = true
    relativePaths = true
    showUntrackedFiles = no
[color]
    ui = always
[core]
    quotePath = true
    autocrlf = false
    abbrev = 4
    pager = false
[commit]
    verbose = true
    status = false
    cleanup = scissors
[trailer]
    separators = =
    ifexists = doNothing
[checkout]
    defaultRemote = nowhere
[branch]
    autoSetupMerge = always
    autoSetupRebase = always
[merge]
    ff = only
[i18n]
    logOutputEncoding = ISO-8859-1
[safe]
    bareRepository = all
[alias]
    log = status
    commit = status
"""


@pytest.fixture
def hostile(settled, monkeypatch):
    """The catalog of a person with these settings."""
    file = settled.folder / "gitconfig"
    file.write_text(SETTINGS)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
    settled.settings = file
    return settled


def test_the_way_of_a_pull_request(hostile):
    hostile.pr(listed(2.5, context=100000), "--accept", "acme/large#context_window")
    tip = hostile.tip()
    hostile.at("2026-11-24")
    assert "unchanged" in hostile.pr(listed(2.5, context=100000)).err
    assert hostile.tip() == tip
    assert "updated" in hostile.pr(listed(2.4, context=100000)).err
    assert hostile.remote("rev-list", "--count", f"main..{BRANCH}") == "1"
    assert "closed" in hostile.pr(listed()).err
    assert (hostile.tip(), hostile.github.open()) == ("", [])


def test_a_commit_of_ones_own_and_one_that_is_pushed(hostile):
    ran = hostile.sync(listed(2.5), "--commit")
    assert ran.code == 0, ran.text
    ran = hostile.sync(listed(2.4), "--commit", "--branch", "prices", "--push")
    assert ran.code == 0, ran.text
    assert hostile.tip("prices") == hostile.git("rev-parse", "prices")
    ran = hostile.sync(listed(2.3), "--commit", "--branch", "prices", "--push")
    assert ran.code == 0, ran.text
    assert hostile.tip("prices") == hostile.git("rev-parse", "prices")


def test_a_file_that_has_changes_is_seen_though_git_shows_none(hostile):
    hostile.write("config/models/acme.yml", (hostile.models / "acme.yml").read_text() + "# mine\n")
    assert "has changes that are not committed" in hostile.sync(listed(2.5), "--pr").err
    assert "has changes that are not committed" in hostile.sync(listed(2.5), "--commit").err


@pytest.mark.parametrize("way", ["--pr", "--commit"])
def test_a_signature_that_is_wanted_and_cannot_be_made_is_no_commit(hostile, way):
    hostile.settings.write_text(f"{SETTINGS}[commit]\n    gpgSign = true\n[gpg]\n    program = false\n")
    before = hostile.checkout()
    ran = hostile.sync(listed(2.5), way)
    assert (ran.code, "gpg failed to sign" in ran.err) == (5, True)
    assert (hostile.tip(), hostile.checkout()) == ("", before)


def test_hooks_elsewhere_are_those_that_run(hostile):
    hooks = hostile.folder / "hooks"
    hooks.mkdir()
    (hooks / "commit-msg").write_text("#!/bin/sh\necho 'no commits today' >&2\nexit 1\n")
    (hooks / "commit-msg").chmod(0o755)
    hostile.settings.write_text(f"{SETTINGS}[core]\n    hooksPath = {hooks}\n")
    ran = hostile.sync(listed(2.5), "--pr")
    assert (ran.code, "no commits today" in ran.err, hostile.tip()) == (5, True, "")


@pytest.mark.parametrize("variable", ["GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"])
def test_how_the_environment_reads_paths(settled, monkeypatch, variable):
    monkeypatch.setenv(variable, "1")
    settled.pr(listed(2.5))
    assert "unchanged" in settled.pr(listed(2.5)).err
