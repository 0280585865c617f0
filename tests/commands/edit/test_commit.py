"""`--commit`: the git program commits the files that were written, and only those, or nothing is changed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.edit_workspace import ACME, EditWorkspace
from tests.support.git_program import OF_ANOTHER_OWNER, use_another_git

AUTHOR = ("-c", "user.name=Person", "-c", "user.email=person@example.org")


def git(workspace: EditWorkspace, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=workspace.root, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> EditWorkspace:
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(workspace.root.parent / "gitconfig"))
    git(workspace, "init", "-q", "-b", "main")
    workspace.write("notes.txt", "one\n")
    git(workspace, "add", ".")
    git(workspace, *AUTHOR, "commit", "-q", "-m", "start")
    return workspace


def refused(workspace: EditWorkspace, code: int, *arguments: str) -> str:
    """As `Desk.refused`; HEAD, the index and the work tree stay, too."""
    before = (git(workspace, "rev-parse", "HEAD"), git(workspace, "status", "--porcelain"))
    said = workspace.refused(code, *arguments)
    assert (git(workspace, "rev-parse", "HEAD"), git(workspace, "status", "--porcelain")) == before
    return said


def test_a_commit_says_what_why_and_whence(repository: EditWorkspace) -> None:
    ran = repository.done(
        "set", "acme/large", "pricing.input=2", "--commit",
        "--reason", "They cut prices.\nClearly.", "--source", "https://acme.example/pricing?x=1",
    )  # fmt: skip
    assert git(repository, "log", "-1", "--format=%B").strip() == (
        "acme/large: pricing.input 2.5 -> 2\n\n"
        "Llmreg-Reason: They cut prices. Clearly.\nLlmreg-Source: https://acme.example/pricing?x=1"
    )
    trailers = git(repository, "log", "-1", "--format=%(trailers:key=Llmreg-Source,valueonly)").strip()
    assert trailers == "https://acme.example/pricing?x=1"
    assert git(repository, "status", "--porcelain") == ""
    assert f"committed {git(repository, 'rev-parse', '--short', 'HEAD').strip()}" in ran.err


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        (("set", "acme/large", "pricing.input=2", "context_window=2000"), "acme/large: context_window, pricing.input"),
        (("add", "acme/mini"), "acme/mini: added"),
        (("remove", "acme/small"), "acme/small: removed"),
        (("rename", "big", "larger"), "acme/large: renamed to larger"),
        (("deprecate", "acme/small"), "acme/small: deprecated"),
        (("unset", "acme/large", "pricing.input"), "acme/large: pricing.input 2.5 -> (none)"),
    ],
)
def test_subjects(repository: EditWorkspace, arguments: tuple[str, ...], subject: str) -> None:
    repository.done(*arguments, "--commit")
    assert git(repository, "log", "-1", "--format=%B").strip() == subject


def test_g1_other_changes_stay_where_they_are(repository: EditWorkspace) -> None:
    repository.write("notes.txt", "two\n")
    repository.write("staged.txt", "new\n")
    git(repository, "add", "config/models/staged.txt")
    repository.done("set", "acme/large", "pricing.input=2", "--commit")
    assert git(repository, "show", "--name-only", "--format=").split() == ["config/models/acme.yml"]
    assert git(repository, "status", "--porcelain").splitlines() == [
        " M config/models/notes.txt",
        "A  config/models/staged.txt",
    ]


def test_g2_a_file_with_uncommitted_changes(repository: EditWorkspace) -> None:
    repository.write("acme.yml", ACME + "# draft\n")
    assert "has changes that are not committed" in refused(
        repository, 5, "set", "acme/large", "pricing.input=2", "--commit"
    )
    git(repository, "add", ".")
    assert "has changes that are not committed" in refused(
        repository, 5, "set", "acme/large", "pricing.input=2", "--commit"
    )
    repository.done("set", "acme/large", "pricing.input=2")


def test_g3_no_repository(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.root.parent))
    assert "not in a git repository" in workspace.refused(5, "set", "acme/large", "pricing.input=2", "--commit")
    workspace.done("set", "acme/large", "pricing.input=2")


def test_g3_no_git(repository: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository.root))
    assert "the git program is not installed" in repository.refused(
        5, "set", "acme/large", "pricing.input=2", "--commit"
    )


def test_g3_dubious_ownership(repository: EditWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_another_git(monkeypatch, tmp_path / "bin", OF_ANOTHER_OWNER)
    said = repository.refused(5, "set", "acme/large", "pricing.input=2", "--commit")
    assert "belongs to another user" in said
    assert "safe.directory" in said


def test_g6_a_worktree_where_git_is_a_file(
    repository: EditWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git(repository, "worktree", "add", "-q", str(tmp_path / "tree"), "-b", "side")
    monkeypatch.chdir(tmp_path / "tree")
    repository.done("set", "acme/large", "pricing.input=2", "--commit")
    assert "pricing.input" in git(repository, "log", "-1", "--format=%s", "side")
    assert repository.text() == ACME


def hook(workspace: EditWorkspace, body: str, name: str = "pre-commit") -> None:
    path = workspace.root / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_g10_a_hook_that_fails_is_heard_and_the_edit_undone(repository: EditWorkspace) -> None:
    hook(repository, "echo 'no commits on Sundays' >&2; exit 1")
    said = refused(repository, 5, "set", "acme/large", "pricing.input=2", "--commit")
    assert "no commits on Sundays" in said
    assert "the files are as they were" in said
    refused(repository, 5, "add", "initech/x", "--new-provider", "--commit")


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "arguments", [("set", "acme/large", "pricing.input=2"), ("add", "initech/x", "--new-provider")]
)
def test_a_signal_while_a_hook_runs(repository: EditWorkspace, by: signal.Signals, arguments: tuple[str, ...]) -> None:
    before = (git(repository, "rev-parse", "HEAD"), repository.files())
    assert interrupted(repository, "pre-commit", by, *arguments) == 128 + by
    assert git(repository, "status", "--porcelain") == ""
    assert (git(repository, "rev-parse", "HEAD"), repository.files()) == before


def test_a_signal_after_the_commit(repository: EditWorkspace) -> None:
    assert interrupted(repository, "post-commit", signal.SIGTERM, "set", "acme/large", "pricing.input=2") == 143
    assert git(repository, "log", "-1", "--format=%s").strip() == "acme/large: pricing.input 2.5 -> 2"
    assert git(repository, "status", "--porcelain") == ""
    assert repository.text() != ACME


def interrupted(workspace: EditWorkspace, name: str, by: signal.Signals, *arguments: str) -> int:
    """How a run ends that gets a signal while the hook of this name takes its time. Its git has ended, too."""
    started = workspace.root.parent / "started"
    hook(workspace, f"echo $PPID > {started}.new; mv {started}.new {started}; exec sleep 5", name)
    with subprocess.Popen(
        [sys.executable, "-m", "registry_cli", *arguments, "--commit"], stdout=subprocess.DEVNULL
    ) as run:
        patience = time.monotonic() + 60
        while not started.exists() and time.monotonic() < patience:
            time.sleep(0.02)
        run.send_signal(by)
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
    return run.returncode


def test_g10_what_a_hook_wrote_over_the_edit_is_kept(repository: EditWorkspace) -> None:
    hook(repository, "echo '# by the hook' >> config/models/acme.yml; exit 1")
    ran = repository.run("set", "acme/large", "pricing.input=2", "--commit")
    assert ran.code == 5
    assert "could not be undone and stays" in ran.err
    assert repository.text().endswith("# by the hook\n")


def test_g10_the_git_program_signs_as_configured(repository: EditWorkspace, tmp_path: Path) -> None:
    signer = tmp_path / "sign"
    signer.write_text("#!/bin/sh\nexit 1\n")
    signer.chmod(0o755)
    git(repository, "config", "commit.gpgsign", "true")
    git(repository, "config", "gpg.program", str(signer))
    assert "gpg failed to sign" in refused(repository, 5, "set", "acme/large", "pricing.input=2", "--commit")


def test_g11_without_an_identity_the_bot_s(repository: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.done("set", "acme/large", "pricing.input=2", "--commit")
    names = "%an <%ae> %cn <%ce>"
    bot = "llmreg <llmreg@users.noreply.github.com>"
    assert git(repository, "log", "-1", f"--format={names}").strip() == f"{bot} {bot}"
    monkeypatch.setenv("LLMREG_GIT_NAME", "Robot")
    monkeypatch.setenv("LLMREG_GIT_EMAIL", "robot@acme.example")
    repository.done("set", "acme/large", "pricing.input=3", "--commit")
    assert git(repository, "log", "-1", "--format=%an <%ae>").strip() == "Robot <robot@acme.example>"
    git(repository, "config", "user.name", "Person")
    git(repository, "config", "user.email", "person@example.org")
    repository.done("set", "acme/large", "pricing.input=4", "--commit")
    assert git(repository, "log", "-1", "--format=%an <%ae>").strip() == "Person <person@example.org>"


def test_g11_each_part_of_an_identity_counts(repository: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "config", "author.name", "Person")
    git(repository, "config", "committer.name", "")
    monkeypatch.setenv("EMAIL", "person@example.org")
    trace = repository.root.parent / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    repository.done("set", "acme/large", "pricing.input=2", "--commit")
    assert trace.read_text().count("built-in: git config") == 1
    assert git(repository, "log", "-1", "--format=%an <%ae> %cn <%ce>").strip() == (
        "Person <person@example.org> llmreg <person@example.org>"
    )


def test_g12_a_stale_lock_of_git_is_reported_and_left(repository: EditWorkspace) -> None:
    lock = repository.root / ".git" / "index.lock"
    lock.touch()
    assert "index.lock exists" in repository.refused(5, "set", "acme/large", "pricing.input=2", "--commit")
    assert lock.exists()


def test_an_ignored_file(repository: EditWorkspace) -> None:
    (repository.root / ".git" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "info" / "exclude").write_text("secret.yml\n")
    repository.write("secret.yml", "provider: secret\nmodels: {a: {}}\n")
    assert "is ignored by git" in refused(repository, 5, "set", "secret/a", "context_window=1", "--commit")


def test_a_new_provider_is_committed(repository: EditWorkspace) -> None:
    repository.done("add", "initech/x", "--new-provider", "--commit")
    assert git(repository, "show", "--name-status", "--format=").split() == ["A", "config/models/initech.yml"]
    assert git(repository, "status", "--porcelain") == ""


def test_a_first_commit(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(workspace, "init", "-q", "-b", "main")
    workspace.done("add", "initech/x", "--new-provider", "--commit")
    assert git(workspace, "show", "--name-only", "--format=").split() == ["config/models/initech.yml"]


def test_nothing_to_change_makes_no_commit(repository: EditWorkspace) -> None:
    assert refused(repository, 0, "set", "acme/large", "pricing.input=2.5", "--commit") == "nothing to change\n"
    refused(repository, 0, "set", "acme/large", "pricing.input=2", "--commit", "--dry-run")


@pytest.mark.parametrize(
    "source", ["acme.example", "ftp://acme.example", "https://a b", "https://x\ny", "https://me:pw@acme.example"]
)
def test_a_source_is_an_address_without_a_password(repository: EditWorkspace, source: str) -> None:
    said = refused(repository, 2, "set", "acme/large", "pricing.input=2", "--commit", "--source", source)
    assert "--source" in said
    assert "pw" not in said.replace("password", "")


def test_reason_and_source_belong_to_a_commit(repository: EditWorkspace) -> None:
    assert "add --commit" in refused(repository, 2, "set", "acme/large", "pricing.input=2", "--reason", "x")
