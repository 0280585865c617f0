"""`llmreg validate --new-since`: what a change brings."""

import subprocess
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg

FILE = "provider: acme\nmodels:\n  large: {context_window: 1000, max_output_tokens: 500, capabilities: [visoin]}\n"


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """Runs `validate --new-since HEAD` in a repository whose first commit is FILE."""
    monkeypatch.chdir(tmp_path)
    path = Path("config/models/acme.yml")
    path.parent.mkdir(parents=True)

    def validate(text, *arguments, base=FILE, loud=False):
        if not Path(".git").exists():
            path.write_text(base or "")
            subprocess.run(["git", "init", "-q"], check=True)
            subprocess.run(["git", "add", *(["."] if base else [])], check=True)
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q",
                            "--allow-empty", "-m", "base"], check=True)  # fmt: skip
        path.write_text(text)
        ran = run_llmreg("validate", "--new-since", "HEAD", *([] if loud else ["--quiet"]), *arguments)
        return ran.code, [line.split(" ")[1] for line in ran.out.splitlines()], ran.err

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


SETTINGS = "config/llmreg.yml"
WRONG = FILE.replace("1000", "100")  # an output limit above the window
HEAD_SETTINGS = "llmreg.yml was checked as it was at HEAD (ignore: [{0}], strict: {1}), not as it is now"


def write_settings(text):
    Path(SETTINGS).write_text(f"validate: {{{text}}}\n")


@pytest.mark.parametrize("relaxed", ["ignore: [output-above-context, price-unit]", "ignore: [output-above-context]"])
def test_a_change_cannot_ignore_the_rule_that_it_breaks(run, relaxed):
    run(FILE)
    write_settings(relaxed)
    code, found, err = run(WRONG, loud=True)
    assert (code, found) == (1, ["output-above-context"])
    assert f"{HEAD_SETTINGS.format('', 'false')} ({relaxed}, strict: false)\n" in err


def test_a_change_cannot_make_warnings_pass(run):
    Path("config").mkdir(exist_ok=True)
    write_settings("strict: true")
    run(FILE)
    write_settings("strict: false")
    more = f"{FILE}  small: {{capabilities: [visoin]}}\n"
    code, found, err = run(more, loud=True)
    assert (code, found) == (1, ["unknown-capability"])
    assert HEAD_SETTINGS.format("", "true") in err


def test_what_was_ignored_before_a_change_is_ignored_in_it(run):
    write_settings("ignore: [output-above-context]")
    run(FILE)
    Path(SETTINGS).unlink()
    code, found, err = run(WRONG, loud=True)
    assert (code, found) == (0, [])
    assert HEAD_SETTINGS.format("output-above-context", "false") in err


def test_settings_that_are_the_same_are_not_spoken_of(run):
    write_settings("ignore: [output-above-context]")
    run(FILE)
    assert "llmreg.yml" not in run(WRONG, loud=True)[2]
    Path(SETTINGS).write_text("sync: {draft: true}\nvalidate: {ignore: [output-above-context]}\n")
    assert "llmreg.yml" not in run(WRONG, loud=True)[2]


def test_the_settings_that_come_with_the_first_catalog_hold(run):
    write_settings("ignore: [unknown-capability]")
    assert run(FILE, "--strict", base=None) == (0, [], "")


def test_a_faulty_change_of_the_settings_is_an_error_and_changes_nothing(run):
    write_settings("ignore: [output-above-context]")
    run(FILE)
    write_settings("ignore: [no-such-rule]")
    assert run(WRONG)[:2] == (1, ["schema"])


RECORD = "config/upstream/acme.jsonl"
LINE = '{"id":"large","facts":{"models.dev":{"context_window":%d}},"checked":{"models.dev":"2026-11-22T06:00:00Z"}}\n'


def commit(message, window):
    Path(RECORD).parent.mkdir(exist_ok=True)
    Path(RECORD).write_text(LINE % window)
    return save(message)


def save(message):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "add", "."], check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", message], check=True)


def tree():
    subprocess.run(["git", "add", "."], check=True)
    return subprocess.run(["git", "write-tree"], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def since(run):
    """Runs `validate --new-since base`, with a record that sync wrote in `base`."""
    run(FILE)
    commit("acme: noted\n\nLlmreg-Sync: acme", 1000)
    subprocess.run(["git", "tag", "base"], check=True)
    return lambda *more: run(FILE, "--new-since", "base", *more, loud=True)


def test_a_record_that_a_person_changed_is_a_warning(since):
    assert since()[:2] == (0, [])
    commit("Correct a window", 2000)
    code, found, _ = since()
    assert (code, found) == (0, ["record-edited"])
    assert since("--strict")[0] == 1
    assert since("--ignore", "record-edited")[:2] == (0, [])
    commit("acme: 1 other change\n\nLlmreg-Sync: acme", 3000)
    assert since()[1] == ["record-edited"]  # a sync afterwards does not make it right


def test_a_record_that_sync_changed_is_as_it_should_be(since):
    commit("acme: 1 other change\n\n- acme/large: context_window 1 -> 2\n\nLlmreg-Sync: acme", 2000)
    Path(RECORD).write_text(LINE % 3000)
    save(f"acme: again\n\nLlmreg-Sync: acme\nLlmreg-Tree: {tree()}")
    assert since()[:2] == (0, [])


def test_copied_trailers_name_another_tree(since):
    commit(f"acme: again\n\nLlmreg-Sync: acme\nLlmreg-Tree: {tree()}", 2000)
    assert since()[1] == ["record-edited"]


def test_a_trailer_in_the_subject_or_in_the_middle_is_none(since):
    commit("Llmreg-Sync: acme\n\nLlmreg-Sync: acme\n\nSo it was.", 2000)
    assert since()[1] == ["record-edited"]


def test_what_a_merge_itself_changes_is_seen_and_what_it_merges_is_not_its_own(since):
    subprocess.run(["git", "switch", "-q", "-c", "topic"], check=True)
    Path("config/models/other.yml").write_text("provider: other\nmodels: {}\n")
    save("Another provider")
    subprocess.run(["git", "switch", "-q", "-"], check=True)
    commit("acme: 1 other change\n\nLlmreg-Sync: acme", 2000)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, "merge", "-q", "--no-edit", "topic"], check=True)
    assert since()[1] == []
    Path(RECORD).write_text(LINE % 9000)
    subprocess.run(["git", "add", "."], check=True)
    subprocess.run(["git", *who, "commit", "-q", "--amend", "--no-edit"], check=True)
    assert since()[1] == ["record-edited"]


def test_a_change_that_takes_the_catalog_away_is_not_checked_by_the_bundled_one(run):
    run(FILE)
    Path("config/models/acme.yml").rename("acme.yml")
    Path("config/models").rmdir()
    subprocess.run(["git", "add", "--all"], check=True)
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "away"], check=True)
    assert run_llmreg("validate", "--new-since", "HEAD~1").code == 2
