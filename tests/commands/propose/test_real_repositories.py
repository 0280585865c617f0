"""Repositories as people have them: sparse checkouts, ignored records, filters and hooks, mirrors, other bases."""

import subprocess

import pytest

from tests.support.cli import run_llmreg
from tests.support.pull_request_workspace import PullRequestWorkspace, listed

BRANCH = "llmreg/sync-acme"
RECORD = "config/upstream/acme.jsonl"


def files_of(workspace: PullRequestWorkspace, branch: str) -> list[str]:
    return workspace.remote("ls-tree", "-r", "--name-only", branch).splitlines()


@pytest.mark.parametrize("cone", [["--cone"], ["--no-cone"]])
def test_a_sparse_checkout_without_records(settled: PullRequestWorkspace, cone: list[str]) -> None:
    settled.git("status")  # the copied index learns the times of the copied files
    settled.git("sparse-checkout", "set", *cone, "config/models")
    settled.pr(listed(2.5))
    assert RECORD in files_of(settled, BRANCH)
    assert not (settled.work / RECORD).exists()


def test_a_sparse_checkout_takes_commits_of_its_own(settled: PullRequestWorkspace) -> None:
    settled.git("status")
    settled.git("sparse-checkout", "set", "config/models")
    ran = settled.sync(listed(2.5), "--commit")
    assert ran.code == 0, ran.text
    assert RECORD in settled.git("show", "--name-only", "--format=", "HEAD").splitlines()


@pytest.mark.parametrize("place", [".gitignore", ".git/info/exclude"])
@pytest.mark.parametrize("rule", ["*.jsonl", "models/", "config/upstream"])
def test_what_git_ignores_is_committed(workspace: PullRequestWorkspace, place: str, rule: str) -> None:
    workspace.write(place, f"{rule}\n")
    if place == ".gitignore":
        workspace.save("Ignore")
    workspace.pr(listed())
    assert RECORD in files_of(workspace, BRANCH)


def test_a_new_record_that_git_ignores_is_committed_here(workspace: PullRequestWorkspace) -> None:
    workspace.write(".git/info/exclude", "*.jsonl\n")
    ran = workspace.sync(listed(), "--commit")
    assert ran.code == 0, ran.text
    assert RECORD in workspace.git("ls-files").splitlines()


def test_hooks_of_a_checkout_do_not_run_and_nothing_is_left(settled: PullRequestWorkspace) -> None:
    hook = settled.write(".git/hooks/post-checkout", "#!/bin/sh\necho ran > ../hook-ran\nexit 1\n")
    hook.chmod(0o755)
    settled.pr(listed(2.5))
    assert not (settled.folder / "hook-ran").exists()
    assert settled.git("worktree", "list").count("\n") == 0


def test_files_elsewhere_are_not_checked_out(settled: PullRequestWorkspace) -> None:
    settled.write("big/file.bin", "x")
    settled.write("big/.gitattributes", "*.bin filter=large\n")
    settled.save("A file behind a filter")
    settled.git("config", "filter.large.smudge", "echo ran > ../filter-ran; exit 1")
    settled.git("config", "filter.large.required", "true")
    settled.git("config", "filter.large.clean", "cat")
    settled.pr(listed(2.5))
    assert not (settled.folder / "filter-ran").exists()
    assert "big/file.bin" in files_of(settled, BRANCH)


def test_a_branch_that_may_not_be_deleted_keeps_no_pull_request_open(settled: PullRequestWorkspace) -> None:
    settled.pr(listed(2.5))
    settled.remote("config", "receive.denyDeletes", "true")
    ran = settled.pr(listed())
    assert settled.github.open() == []
    assert "stays, since origin refused to delete it" in ran.text
    again = settled.pr(listed())
    assert (again.code, settled.tip() != "") == (0, True)
    settled.pr(listed(2.25))  # the branch serves again
    assert len(settled.github.open()) == 1


def test_two_bases_have_a_branch_and_a_pull_request_each(settled: PullRequestWorkspace) -> None:
    settled.git("push", "--quiet", "origin", "main:release/1")
    settled.pr(listed(2.5))
    settled.pr(listed(2.5), "--base", "release/1")
    opened = {each["base"]["ref"]: each["head"]["ref"] for each in settled.github.open()}
    assert opened == {"main": BRANCH, "release/1": "llmreg/release/1/sync-acme"}
    settled.pr(listed(), "--base", "release/1")
    assert [each["base"]["ref"] for each in settled.github.open()] == ["main"]


def test_the_default_branch_as_base_by_name_changes_no_name(settled: PullRequestWorkspace) -> None:
    settled.pr(listed(2.5), "--base", "main")
    assert settled.tip() != ""


def test_a_clone_made_as_a_mirror_pushes_one_branch(settled: PullRequestWorkspace) -> None:
    settled.git("config", "remote.origin.mirror", "true")
    settled.pr(listed(2.5))
    assert settled.tip() != ""


def test_a_checkout_with_crlf_has_nothing_to_commit(settled: PullRequestWorkspace) -> None:
    settled.git("config", "core.autocrlf", "true")
    for name in ("config/models/acme.yml", RECORD):
        (settled.work / name).unlink()
    settled.git("checkout", "--", ".")
    assert b"\r\n" in (settled.work / RECORD).read_bytes()
    for arguments in ([], ["--commit"]):
        ran = settled.sync(listed(), *arguments)
        assert ran.code == 0, ran.text
        assert settled.git("status", "--porcelain") == ""
    assert settled.sync(listed(2.5), "--commit").code == 0
    assert b"\n" not in (settled.work / RECORD).read_bytes().replace(b"\r\n", b"")


def test_a_catalog_at_the_top_of_its_repository(tmp_path, monkeypatch) -> None:
    top = tmp_path / "outer" / "catalog"
    top.mkdir(parents=True)
    monkeypatch.chdir(top)
    (top / "acme.yml").write_text("provider: acme\nsync: {sources: [models.dev]}\nmodels: {}\n")
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@x", "commit", "-qm", "c"]):
        subprocess.run(["git", *command], cwd=top, check=True)
    answer = tmp_path / "list.json"
    answer.write_text('{"acme": {"name": "Acme", "models": {"m": {"name": "M", "limit": {"context": 9}}}}}')
    ran = run_llmreg("sync", "acme", "--from", f"models.dev={answer}", "--commit", "--catalog", ".")
    assert ran.code == 0, ran.text
    tracked = subprocess.run(["git", "ls-files"], cwd=top, capture_output=True, text=True, check=True).stdout.split()
    assert tracked == [".llmreg/upstream/acme.jsonl", "acme.yml"]
    assert [path.name for path in (tmp_path / "outer").iterdir()] == ["catalog"]
    (top / ".llmreg" / "llmreg.yml").write_text("validate: {nonsense: true}\n")
    wrong = run_llmreg("validate", "--catalog", ".")
    assert (wrong.code, ".llmreg/llmreg.yml:1" in wrong.out) == (1, True), wrong.text
