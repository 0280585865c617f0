"""`llmreg validate --new-since`: what a change brings."""

import subprocess
from pathlib import Path

import pytest

from registry_cli.cli import main

FILE = "provider: acme\nmodels:\n  large: {context_window: 1000, max_output_tokens: 500, capabilities: [visoin]}\n"


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs `validate --new-since HEAD` in a repository whose first commit is FILE."""
    monkeypatch.chdir(tmp_path)
    path = Path("config/models/acme.yml")
    path.parent.mkdir(parents=True)

    def validate(text, *arguments, base=FILE):
        if not Path(".git").exists():
            path.write_text(base or "")
            subprocess.run(["git", "init", "-q"], check=True)
            subprocess.run(["git", "add", *(["."] if base else [])], check=True)
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q",
                            "--allow-empty", "-m", "base"], check=True)  # fmt: skip
        path.write_text(text)
        monkeypatch.setattr("sys.argv", ["llmreg", "validate", "--new-since", "HEAD", "--quiet", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return end.value.code, [line.split(" ")[1] for line in said.out.splitlines()], said.err

    return validate


def test_what_was_found_before_is_left_out_wherever_it_stands_now(run):
    assert run(FILE) == (0, [], "")
    assert run(f"# one\n# two\n{FILE}", "--strict") == (0, [], "")


def test_what_a_change_makes_wrong_elsewhere_is_new(run):
    assert run(FILE.replace("1000", "100")) == (1, ["output-above-context"], "")


def test_the_same_fault_once_more_is_new(run):
    more = f"{FILE}  small: {{capabilities: [visoin]}}\n"
    assert run(more, "--strict") == (1, ["unknown-capability"], "")
    assert run(more, "--strict", "--ignore", "unknown-capability") == (0, [], "")


def test_before_the_catalogs_time_everything_is_new(run):
    assert run(FILE, "--strict", base=None) == (1, ["unknown-capability"], "")


def test_what_is_no_revision_is_a_slip(run):
    code, found, err = run(FILE, "--new-since", "nope")
    assert (code, found, len(err.splitlines())) == (2, [], 1)
