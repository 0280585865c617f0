"""G1-G13 of the list of bad input, for `sync --commit` and `sync --pr`; G14 and G15 are in `test_pull_requests`."""

import os
import stat
import subprocess

import pytest

from registry_cli.commands.propose.branch import Branch
from registry_cli.commands.propose.branch_names import branch_of, name_of
from registry_cli.errors import RefusedError
from registry_cli.store.git.remote import Remote
from tests.support.git_program import OF_ANOTHER_OWNER, use_another_git
from tests.support.pull_request_workspace import BRANCH, FILE, PullRequestWorkspace, listed


def hook(workspace: PullRequestWorkspace, name: str, script: str, *, bare: bool = False) -> None:
    file = (workspace.bare if bare else workspace.work / ".git") / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def commit(workspace: PullRequestWorkspace, answer: object, *arguments: str, code: int = 0, **more):
    ran = workspace.sync(answer, "--commit", *arguments, **more)
    assert ran.code == code, ran.text
    assert "Traceback" not in ran.text
    return ran


def changed(workspace: PullRequestWorkspace, commit: str = "HEAD", **more) -> list[str]:
    return workspace.git("show", "--name-only", "--format=", commit, **more).split()


WRITTEN = ["config/models/acme.yml", "config/upstream/acme.jsonl"]


def test_g1_unrelated_changes_stay_where_they_are(settled):
    settled.write("notes.txt", "mine")
    settled.write("staged.txt", "mine")
    settled.git("add", "staged.txt")
    settled.pr(listed(2.5))
    assert settled.remote("diff", "--name-only", "main", BRANCH).split() == WRITTEN
    commit(settled, listed(2.5))
    assert changed(settled) == WRITTEN
    assert settled.git("status", "--porcelain") == "A  staged.txt\n?? notes.txt"


def test_g2_a_file_with_changes_of_its_own_is_refused(settled):
    text = (settled.models / "acme.yml").read_text()
    settled.write("config/models/acme.yml", text + "# mine\n")
    before = settled.checkout()
    for arguments in (("--pr",), ("--commit",), ("--commit", "--branch", "other"), ("--pr", "--dry-run")):
        ran = settled.sync(listed(2.5), *arguments)
        assert (ran.code, settled.checkout(), settled.tip()) == (5, before, "")
        assert "config/models/acme.yml has changes that are not committed" in ran.err


def test_g3_no_repository_is_said_and_the_rest_works(settled, tmp_path, monkeypatch):
    alone = tmp_path / "alone"
    alone.mkdir()
    settled.git("worktree", "prune")
    (settled.work / "config").rename(alone / "config")
    monkeypatch.chdir(alone)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for goal in ("--commit", "--pr"):
        ran = settled.sync(listed(2.5), goal)
        assert ran.code == 5
        assert "not in a git repository" in ran.err
    assert settled.sync(listed(2.5)).code == 0
    assert "input: 2.5" in (alone / "config/models/acme.yml").read_text()


def test_g3_no_git_is_said_and_the_rest_works(settled, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for goal in ("--commit", "--pr"):
        ran = settled.sync(listed(2.5), goal)
        assert (ran.code, "the git program is not installed" in ran.err) == (5, True)
    assert settled.sync(listed(2.5)).code == 0


def test_g3_a_repository_of_somebody_else_is_said(settled, monkeypatch, tmp_path):
    use_another_git(monkeypatch, tmp_path / "bin", OF_ANOTHER_OWNER)
    ran = settled.sync(listed(2.5), "--pr")
    assert (ran.code, "belongs to another user" in ran.err) == (5, True)


def test_g3_no_remote_is_said(settled):
    settled.git("remote", "remove", "origin")
    assert "has no remote to push to" in settled.pr(listed(2.5), code=5).err


def test_g5_a_detached_head(settled):
    settled.git("checkout", "--quiet", "--detach")
    settled.pr(listed(2.5))
    assert settled.tip()
    ran = commit(settled, listed(2.5), code=5)
    assert "HEAD is detached: --branch names the branch" in ran.err
    commit(settled, listed(2.5), "--branch", "prices")
    assert changed(settled, "prices") == WRITTEN


def test_g6_a_worktree_and_a_submodule(settled, monkeypatch, tmp_path):
    tree = tmp_path / "tree"
    settled.git("worktree", "add", "--quiet", "-b", "side", str(tree))
    monkeypatch.chdir(tree)
    assert settled.sync(listed(2.5), "--pr").code == 0
    assert settled.tip()
    assert settled.sync(listed(2.5), "--commit").code == 0
    assert changed(settled, "side") == WRITTEN
    outer = tmp_path / "outer"
    settled.git("init", "--quiet", str(outer), at=tmp_path)
    settled.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f"file://{settled.bare}", "inner",
                at=outer)  # fmt: skip
    assert (outer / "inner/.git").is_file()
    monkeypatch.chdir(outer / "inner")
    assert settled.sync(listed(2), "--pr").code == 0
    assert "input: 2.0" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")


@pytest.mark.parametrize("how", ["commit", "amend", "rebase"])
def test_g7_a_persons_commit_on_the_branch_is_kept(settled, how):
    settled.pr(listed(2.5))
    other = settled.another()
    settled.git("checkout", "--quiet", BRANCH, at=other)
    text = (other / "config/models/acme.yml").read_text()
    if how == "rebase":
        settled.git("checkout", "--quiet", "main", at=other)
        settled.write("notes.txt", "mine", at=other)
        settled.git("add", "notes.txt", at=other)
        settled.git("commit", "--quiet", "--message", "Mine", at=other)
        settled.git("cherry-pick", BRANCH, at=other)
    else:
        settled.write("config/models/acme.yml", text.replace("2.5", "2.6"), at=other)
        amended = ["--amend", "--no-edit"] if how == "amend" else ["--message", "Better"]
        settled.git("commit", "--quiet", "--all", *amended, at=other)
    settled.git("push", "--quiet", "--force", "origin", f"HEAD:{BRANCH}", at=other)
    tip = settled.tip()
    settled.github.asked.clear()
    for answer in (listed(2), listed(2.5), listed()):
        ran = settled.pr(answer, code=5)
        assert f"the branch {BRANCH} ends in a commit that llmreg did not make" in ran.err
    assert (settled.tip(), settled.github.writes) == (tip, [])


def test_g8_a_branch_that_moves_in_the_last_moment_is_not_overwritten(settled, monkeypatch):
    settled.pr(listed(2.5))
    other = settled.another()
    settled.git("checkout", "--quiet", BRANCH, at=other)
    settled.git("commit", "--quiet", "--allow-empty", "--message", "Mine", at=other)
    push = Remote.push_commit

    def late(remote, *arguments, **more):
        settled.git("push", "--quiet", "origin", f"HEAD:{BRANCH}", at=other)
        settled.git("fetch", "--quiet", "origin")  # after which the bare --force-with-lease would pass
        return push(remote, *arguments, **more)

    monkeypatch.setattr(Remote, "push_commit", late)
    ran = settled.sync(listed(2), "--pr")
    assert (ran.code, "did not make" in ran.err) == (5, True)
    assert settled.tip() == settled.git("rev-parse", "HEAD", at=other)


def test_g8_a_branch_that_appears_in_the_last_moment_is_not_overwritten(settled, monkeypatch):
    push = Remote.push_commit

    def late(remote, *arguments, **more):
        settled.remote("branch", "--force", BRANCH, "main")
        return push(remote, *arguments, **more)

    monkeypatch.setattr(Remote, "push_commit", late)
    ran = settled.pr(listed(2.5), code=5)
    assert "did not make" in ran.err
    assert settled.tip() == settled.tip("main")


def test_g8_a_branch_is_deleted_only_where_it_is_ours(settled, monkeypatch):
    settled.pr(listed(2.5))
    delete = Remote.delete_branch

    def late(remote, *arguments, **more):
        settled.remote("branch", "--force", BRANCH, "main")
        return delete(remote, *arguments, **more)

    monkeypatch.setattr(Remote, "delete_branch", late)
    settled.pr(listed(), code=5)
    assert settled.tip() == settled.tip("main")


def test_g9_a_branch_that_is_in_the_way_is_said(settled):
    settled.git("push", "--quiet", "origin", "main:llmreg")
    assert f"has a branch llmreg, so that {BRANCH} cannot be: rename it" in settled.pr(listed(2.5), code=5).err
    settled.git("branch", "way")
    assert "way" in commit(settled, listed(2.5), "--branch", "way/over", code=5).err


def test_g10_a_hook_that_fails_is_shown_and_nothing_is_changed(settled):
    hook(settled, "pre-commit", "echo 'no commits on Sundays' >&2; exit 1")
    before = settled.checkout()
    for arguments in (("--commit",), ("--commit", "--branch", "prices"), ("--pr",)):
        ran = settled.sync(listed(2.5), *arguments)
        assert (ran.code, settled.checkout(), settled.tip()) == (5, before, "")
        assert "no commits on Sundays" in ran.err
    assert settled.git("branch", "--list", "prices") == ""


def test_g10_a_hook_that_changes_the_files_is_lived_with(settled):
    hook(settled, "pre-commit", "echo '# checked' >> config/models/acme.yml; git add config/models/acme.yml")
    settled.pr(listed(2.5))
    tip = settled.tip()
    assert settled.remote("show", f"{BRANCH}:config/models/acme.yml").endswith("# checked")
    settled.at("2026-11-24")
    assert "unchanged" in settled.pr(listed(2.5)).err
    assert settled.tip() == tip


def test_g10_commits_are_signed_and_attributes_hold(settled):
    signer = settled.write("../sign", "#!/bin/sh\necho '[GNUPG:] SIG_CREATED ' >&2; cat > /dev/null; echo SIGNED\n")
    signer.chmod(0o755)
    settled.git("config", "gpg.program", str(signer.resolve()))
    settled.git("config", "commit.gpgsign", "true")
    settled.write(".gitattributes", "*.yml filter=mark\n")
    settled.git("config", "filter.mark.clean", "sed 's/what we use/cleaned/'")
    settled.git("config", "filter.mark.smudge", "sed 's/cleaned/what we use/'")
    settled.save("Attributes")
    settled.pr(listed(2.5))
    assert "SIGNED" in settled.remote("cat-file", "commit", BRANCH)
    assert "# cleaned" in settled.remote("show", f"{BRANCH}:config/models/acme.yml")
    commit(settled, listed(2.5))
    assert "SIGNED" in settled.git("cat-file", "commit", "HEAD")


def test_g11_where_nobody_is_configured_a_bot_commits(settled):
    settled.git("config", "--unset", "user.name")
    settled.git("config", "--unset", "user.email")
    settled.pr(listed(2.5))
    assert settled.remote("log", "-1", "--format=%an %ae", BRANCH) == "llmreg llmreg@users.noreply.github.com"
    settled.write("config/llmreg.yml", "commit: {name: 'catalog[bot]', email: bot@example.org}\n")
    commit(settled, listed(2.5))
    assert settled.git("log", "-1", "--format=%an %ae %cn") == "catalog[bot] bot@example.org catalog[bot]"


def test_g12_a_lock_of_git_is_reported_and_stays(settled):
    lock = settled.write(".git/index.lock", "")
    for goal in ("--commit", "--pr"):
        ran = settled.sync(listed(2.5), goal)
        assert (ran.code, settled.tip()) == (5, "")
        assert f"{lock} exists" in ran.err
    assert lock.exists()
    assert "input: 3.0" in (settled.models / "acme.yml").read_text()


def test_g13_the_servers_reason_is_shown_and_the_pull_request_stays(settled):
    settled.pr(listed(2.5))
    (pull,) = settled.github.open()
    before = (pull["title"], pull["body"], settled.tip())
    hook(settled, "pre-receive", "echo 'this branch is protected'; exit 1", bare=True)
    settled.github.asked.clear()
    ran = settled.pr(listed(2), code=5)
    assert "this branch is protected" in ran.err
    (pull,) = settled.github.open()
    assert ((pull["title"], pull["body"], settled.tip()), settled.github.writes) == (before, [])


def test_a_shallow_clone_with_a_detached_head_works(settled, tmp_path, monkeypatch):
    """As a workflow's checkout leaves it."""
    for number in range(3):
        settled.write("notes.txt", str(number))
        settled.save("Notes")
    settled.pr(listed(2.5))
    shallow = tmp_path / "shallow"
    url = f"file://{settled.bare}"
    settled.git("clone", "--quiet", "--depth=1", url, str(shallow), at=tmp_path)
    settled.git("checkout", "--quiet", "--detach", at=shallow)
    monkeypatch.chdir(shallow)
    settled.github.asked.clear()
    ran = settled.sync(listed(2.5), "--pr")
    assert (ran.code, "unchanged" in ran.err, settled.github.writes) == (0, True, [])
    assert settled.sync(listed(2), "--pr").code == 0
    assert len(settled.github.open()) == 1
    assert settled.remote("rev-list", "--count", f"main..{BRANCH}") == "1"


# --commit


def test_a_commit_on_the_present_branch(settled):
    ran = commit(settled, listed(2.5))
    assert settled.git("log", "-1", "--format=%B").startswith(
        "acme: 1 price change\n\n- acme/large: pricing.input 3.0 -> 2.5\n\nLlmreg-Sync: acme\nLlmreg-Source: models.dev"
    )
    assert f"committed {settled.git('rev-parse', '--short', 'HEAD')} on main" in ran.err
    head = settled.git("rev-parse", "HEAD")
    assert "nothing to commit" in commit(settled, listed(2.5)).err
    assert settled.git("rev-parse", "HEAD") == head


def test_a_commit_of_several_providers_names_each(settled):
    settled.write("config/models/beta.yml", "provider: beta\nmodels:\n  large: {}\n")
    settled.save("Beta")
    commit(settled, listed(2.5) | listed(provider="beta"), providers=("acme", "beta"))
    assert settled.git("log", "-1", "--format=%s") == "2 providers: 3 price changes, 3 other changes"
    assert settled.git("log", "-1", "--format=%(trailers:key=Llmreg-Sync,valueonly)").split() == ["acme", "beta"]


def test_an_edits_commit_is_by_the_bot_of_the_settings(settled):
    settled.git("config", "--unset", "user.name")
    settled.write("config/llmreg.yml", "commit: {name: 'catalog[bot]'}\n")
    assert settled.run("set", "acme/large", "pricing.input=2", "--commit").code == 0
    assert settled.git("log", "-1", "--format=%an %ae") == "catalog[bot] person@example.org"


def test_a_commit_on_another_branch_leaves_the_checkout_alone(settled):
    before = settled.checkout()
    commit(settled, listed(2.5), "--branch", "prices", "--push")
    assert settled.checkout() == before
    assert settled.tip("prices") == settled.git("rev-parse", "prices")
    settled.at("2026-11-24")
    commit(settled, listed(2), "--branch", "prices")
    assert settled.git("rev-list", "--count", "main..prices") == "2"
    ran = commit(settled, listed(2), "--branch", "prices")
    assert "nothing to commit" in ran.err
    assert settled.checkout() == before


def test_a_push_that_is_no_fast_forward_is_refused(settled):
    other = settled.another()
    settled.git("commit", "--quiet", "--allow-empty", "--message", "Mine", at=other)
    settled.git("push", "--quiet", "origin", "main", at=other)
    ran = commit(settled, listed(2.5), "--push", code=5)
    assert "rejected" in ran.err
    assert settled.tip("main") == settled.git("rev-parse", "HEAD", at=other)


@pytest.fixture
def fresh_clone(settled, tmp_path, monkeypatch):
    """Makes a clone of its own the present folder, as every job of a CI does."""
    numbers = iter(range(9))

    def made(*options: str):
        path = tmp_path / f"clone-{next(numbers)}"
        settled.git("clone", "--quiet", *options, f"file://{settled.bare}", str(path), at=tmp_path)
        monkeypatch.chdir(path)
        return path

    return made


PUSHED = ("--branch", "prices", "--push")


@pytest.mark.parametrize("options", [(), ("--depth=1",)], ids=["whole", "shallow"])
def test_in_a_fresh_clone_a_branch_goes_on_from_the_remotes(settled, fresh_clone, options):
    """What a later run finds on a branch that nobody has merged yet."""
    for number, price in enumerate((2.5, 2, 2), 1):
        path = fresh_clone(*options)
        ran = commit(settled, listed(price), *PUSHED)
        assert settled.remote("rev-list", "--count", "main..prices") == str(min(number, 2))
        assert ("pushed to origin/prices" in ran.err) == (number < 3)
        assert settled.git("status", "--porcelain", "--branch", at=path) == "## main...origin/main"
    assert "nothing to commit" in ran.err


def test_a_branch_that_is_behind_the_remotes_catches_up(settled, fresh_clone):
    commit(settled, listed(2.5), *PUSHED)
    fresh_clone()
    commit(settled, listed(2), *PUSHED)
    settled.again()
    commit(settled, listed(1.5), *PUSHED)
    assert settled.remote("rev-list", "--count", "main..prices") == "3"
    assert settled.git("rev-parse", "prices") == settled.tip("prices")


def test_a_branch_that_is_ahead_of_the_remotes_is_pushed_even_where_nothing_is_new(settled):
    commit(settled, listed(2.5), "--branch", "prices")
    for again in (False, True):
        ran = commit(settled, listed(2.5), *PUSHED)
        assert "nothing to commit" in ran.err
        assert ("pushed to origin/prices" in ran.err) != again
        assert settled.tip("prices") == settled.git("rev-parse", "prices")


def test_nothing_new_makes_no_branch(settled):
    assert "pushed" not in commit(settled, listed(), *PUSHED).err
    assert (settled.tip("prices"), settled.git("branch", "--list", "prices")) == ("", "")


def test_a_branch_that_has_diverged_is_refused(settled, fresh_clone):
    commit(settled, listed(2.5), "--branch", "prices")
    here = settled.git("rev-parse", "prices")
    fresh_clone()
    settled.at("2026-11-24")
    commit(settled, listed(2), *PUSHED)
    tip = settled.tip("prices")
    settled.again()
    assert "prices and origin/prices have diverged" in commit(settled, listed(2), *PUSHED, code=5).err
    assert (settled.tip("prices"), settled.git("rev-parse", "prices")) == (tip, here)


def test_a_persons_branch_is_gone_on_with_only_where_it_is_here(settled, fresh_clone):
    other = settled.another()
    settled.git("commit", "--quiet", "--allow-empty", "--message", "Mine", at=other)
    settled.git("push", "--quiet", "origin", "HEAD:prices", at=other)
    tip = settled.tip("prices")
    path = fresh_clone()
    ran = commit(settled, listed(2.5), *PUSHED, code=5)
    assert f"origin/prices ends in a commit that llmreg did not make ({tip[:9]} by Other)" in ran.err
    assert (settled.tip("prices"), settled.git("branch", "--list", "prices", at=path)) == (tip, "")
    settled.git("fetch", "--quiet", "origin", "prices:prices", at=path)  # as the message says
    commit(settled, listed(2.5), *PUSHED)
    assert settled.remote("rev-parse", "prices^") == tip


def test_a_branch_that_cannot_be_pushed_does_not_move_here(settled):
    hook(settled, "pre-receive", "echo 'this branch is protected'; exit 1", bare=True)
    assert "this branch is protected" in commit(settled, listed(2.5), *PUSHED, code=5).err
    assert settled.git("branch", "--list", "prices") == ""


def test_a_dry_run_commits_nothing(settled):
    before = settled.checkout()
    commit(settled, listed(2.5), "--dry-run")
    assert settled.checkout() == before


def test_the_process_that_is_ended_leaves_no_work_tree(settled):
    hook(settled, "pre-commit", "kill -TERM $PPID; kill -TERM $(ps -o ppid= -p $PPID); sleep 5")
    command = [os.sys.executable, "-m", "registry_cli", "sync", "acme", "--pr", "--from"]
    path = settled.folder / "models.dev.json"
    settled.sync(listed(2.5), "--check")
    done = subprocess.run([*command, f"models.dev={path}"], capture_output=True, check=False, timeout=60)
    assert done.returncode == 143
    assert settled.git("worktree", "list").splitlines()[1:] == []
    assert settled.tip() == ""


def test_a_person_who_pushes_while_a_pull_request_is_withdrawn_keeps_it(settled, monkeypatch):
    settled.pr(listed(2.5))
    delete = Remote.delete_branch

    def racing(self, branch, *, expected):
        monkeypatch.setattr(Remote, "delete_branch", delete)
        other = settled.another("racer")
        settled.git("checkout", "--quiet", branch, at=other)
        settled.git("commit", "--quiet", "--allow-empty", "--message", "Mine", at=other)
        settled.git("push", "--quiet", "origin", branch, at=other)
        delete(self, branch, expected=expected)

    monkeypatch.setattr(Remote, "delete_branch", racing)
    ran = settled.pr(listed(), code=5)
    assert "ends in a commit that llmreg did not make" in ran.err
    assert (len(settled.github.open()), settled.github.comments) == (1, [])


def test_a_shallow_clone_of_every_branch_brings_what_it_needs(settled):
    settled.pr(listed(2.5))
    path = settled.folder / "shallow"
    settled.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{settled.bare}", str(path),
                at=settled.folder)  # fmt: skip
    settled.git("config", "user.name", "Person", at=path)
    settled.git("config", "user.email", "person@example.org", at=path)
    settled._patch.chdir(path)
    assert "unchanged" in settled.pr(listed(2.5)).err
    assert "updated" in settled.pr(listed(2.4)).err
    assert "closed" in settled.pr(listed()).err


def test_a_remote_that_is_pushed_to_another_place(settled, monkeypatch):
    fork = settled.folder / "fork.git"
    settled.git("clone", "--quiet", "--bare", f"file://{settled.bare}", str(fork), at=settled.folder)
    settled.git("remote", "set-url", "--push", "origin", f"file://{fork}")
    monkeypatch.setattr(settled.github, "bare", fork)
    for price in (2.5, 2.4):
        settled.pr(listed(price))
        assert f"input: {price}" in settled.git("show", f"{BRANCH}:config/models/acme.yml", at=fork)
    settled.pr(listed())
    assert settled.git("branch", "--list", "llmreg/*", at=fork) == ""


def test_two_catalogs_of_a_repository_have_branches_of_their_own(settled):
    for folder in ("config/models", "other/config/models"):
        settled.write(f"{folder}/beta.yml", "provider: beta\nmodels:\n  large: {}\n")
    settled.write("other/config/models/acme.yml", FILE)
    settled.save("Another catalog")
    other = ("--catalog", str(settled.work / "other/config/models"))
    theirs = "llmreg/sync-acme@other+config+models"
    settled.pr(listed(2.5))
    settled.pr(listed(2), *other)
    assert {each["head"]["ref"] for each in settled.github.open()} == {BRANCH, theirs}
    assert settled.remote("diff", "--name-only", "main", theirs).split() == [
        "other/config/models/acme.yml", "other/config/upstream/acme.jsonl",
    ]  # fmt: skip
    tips = settled.tip(), settled.tip(theirs)
    assert "unchanged" in settled.pr(listed(2.5)).err
    assert "unchanged" in settled.pr(listed(2), *other).err
    settled.write("config/llmreg.yml", "sync: {groups: {both: [acme, beta]}}\n")
    settled.save("Groups")
    settled.pr(listed(2.5) | listed(provider="beta"))
    assert (settled.tip(), settled.tip(theirs)) == ("", tips[1])


@pytest.mark.parametrize("name", ["a..b", "x.lock", "x.", "a...b", "..."])
def test_a_name_that_git_takes_for_no_branch_has_one(settled, name):
    branch = branch_of(name, "a..b/~c.lock")
    for each in (branch, branch_of(name, "config/models")):
        settled.git("check-ref-format", f"refs/heads/{each}")
    assert (name_of(branch, "a..b/~c.lock"), name_of(branch, "config/models")) == (name, None)


def test_one_that_llmreg_refuses_does_not_hide_the_others(settled, monkeypatch):
    settled.write("config/models/beta.yml", "provider: beta\nmodels:\n  large: {}\n")
    settled.save("More")
    propose = Branch.propose_branch

    def refusing(self):
        if self.unit.name == "beta":
            raise RefusedError("no")
        return propose(self)

    monkeypatch.setattr(Branch, "propose_branch", refusing)
    ran = settled.pr(listed(2.5) | listed(provider="beta"), providers=("--all",), code=5)
    assert "acme: 1 price change: opened" in ran.err
    assert "beta: failed" in ran.err


def test_providers_whose_names_git_does_not_take(settled):
    answer = listed(2.5)
    for name in ("odd..name", "x.lock"):
        settled.write(f"config/models/{name}.yml", f"provider: {name}\nmodels:\n  large: {{}}\n")
        answer |= listed(provider=name)
    settled.save("Odd names")
    settled.pr(answer, providers=("--all",))
    branches = {each["head"]["ref"] for each in settled.github.open()}
    assert branches == {BRANCH, "llmreg/sync-odd.%2Ename", "llmreg/sync-x%2Elock"}
    assert "unchanged" in settled.pr(answer, providers=("odd..name",)).err


def test_a_provider_that_cannot_be_one_is_told_with_its_place(settled):
    settled.write("config/models/-dash.yml", "provider: -dash\nmodels:\n  large: {}\n")
    settled.save("An odd name")
    here = settled.sync(listed(2.5), providers=("--all",))
    there = settled.pr(listed(2.5), code=6, providers=("--all",))
    assert "config/models/-dash.yml:1:11 schema provider" in here.err
    assert there.err.replace("main:config", "config") == here.err


def test_what_is_left_behind_on_one_branch_does_not_get_into_the_next(settled):
    settled.write("config/models/beta.yml", "provider: beta\nmodels:\n  large: {}\n")
    settled.save("More")
    hook(settled, "post-commit", "echo 'of no branch' > config/models/stray.txt; echo 'x' >> config/models/acme.yml")
    settled.pr(listed(2.5) | listed(provider="beta"), providers=("--all",))
    assert settled.remote("diff", "--name-only", "main", "llmreg/sync-beta").split() == [
        "config/models/beta.yml", "config/upstream/beta.jsonl",
    ]  # fmt: skip
