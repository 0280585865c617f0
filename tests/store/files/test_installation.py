"""The requirement that installs llmreg again, from what an installer left."""

import json
from pathlib import Path

import pytest

from registry_cli.store.files import installation
from registry_cli.store.files.installation import Requirement, installed_requirement, requirement_of
from tests.support.paths import ROOT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = {"url": "https://git.example/o/llmreg", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}
DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("record", "requirement"),
    [
        (GIT, Requirement(f"llmreg @ git+https://git.example/o/llmreg@{COMMIT}")),
        ({**GIT, "subdirectory": "py"}, Requirement(f"llmreg @ git+{GIT['url']}@{COMMIT}#subdirectory=py")),
        ({**GIT, "url": "ssh://git@git.example/o/llmreg"},
         Requirement(f"llmreg @ git+ssh://git@git.example/o/llmreg@{COMMIT}")),
        ({**GIT, "url": "file:///src/llmreg"}, Requirement(f"git+file:///src/llmreg@{COMMIT}", only_here=True)),
        ({"url": "https://files.example/llmreg.zip", "archive_info": {"hashes": {"sha256": DIGEST}}},
         Requirement(f"llmreg @ https://files.example/llmreg.zip#sha256={DIGEST}")),
        ({"url": "https://files.example/llmreg.zip", "archive_info": {}},
         Requirement("llmreg @ https://files.example/llmreg.zip")),
        ({"url": "file:///src/my%20llmreg", "dir_info": {"editable": True}},
         Requirement("llmreg @ file:///src/my%20llmreg", only_here=True)),
    ],
)  # fmt: skip
def test_a_direct_url_is_installed_again(record, requirement):
    assert requirement_of(record) == requirement


@pytest.mark.parametrize(
    "record",
    [
        {}, {"url": 3}, {"url": "no scheme"}, {"url": "https://git.example/a b"}, {"url": "https://git.example/a\nb"},
        {"url": "https://[broken"}, {**GIT, "url": "https://ann:secret@git.example/o/llmreg"},
        {**GIT, "vcs_info": {"vcs": "git"}}, {**GIT, "vcs_info": 3},
        {**GIT, "vcs_info": {"vcs": "git", "commit_id": "a b"}},
        {**GIT, "subdirectory": 3}, {"url": "https://x.example/a.zip", "archive_info": {"hashes": {"sha256": "\n"}}},
    ],
)  # fmt: skip
def test_a_direct_url_that_says_too_little_is_no_requirement(record):
    assert requirement_of(record) is None


class _Installed:
    """An installed distribution whose code is in `place`."""

    version = "1.2"

    def __init__(self, place, **files):
        self._place, self._files = place, files

    def read_text(self, name):
        return self._files.get(name.partition(".")[0])

    def locate_file(self, path):
        return self._place / path


@pytest.mark.parametrize(
    ("installed", "requirement"),
    [
        (_Installed(ROOT, INSTALLER="pip\n"), Requirement("llmreg==1.2", from_index=True)),
        (_Installed(Path("/elsewhere"), INSTALLER="pip\n"), None),  # another llmreg than the one that runs
        (_Installed(ROOT), None),  # a package of the operating system
        (_Installed(ROOT, direct_url=json.dumps(GIT)), requirement_of(GIT)),
        (_Installed(Path("/elsewhere"), direct_url=json.dumps(GIT)), None),
        (_Installed(ROOT, direct_url="{", INSTALLER="pip"), None),
        (_Installed(ROOT, direct_url="[]", INSTALLER="pip"), None),
        (_Installed(Path("/x"), direct_url=json.dumps({"url": ROOT.as_uri(), "dir_info": {"editable": True}})),
         Requirement(f"llmreg @ {ROOT.as_uri()}", only_here=True)),
        (_Installed(Path("/x"), direct_url=json.dumps({"url": "file:///other", "dir_info": {"editable": True}})), None),
    ],
)  # fmt: skip
def test_how_the_running_llmreg_was_installed(monkeypatch, installed, requirement):
    monkeypatch.setattr(installation, "distribution", lambda _name: installed)
    assert installed_requirement() == requirement


def test_an_llmreg_that_was_not_installed(monkeypatch):
    def fail(_name):
        raise installation.PackageNotFoundError

    monkeypatch.setattr(installation, "distribution", fail)
    assert installed_requirement() is None
