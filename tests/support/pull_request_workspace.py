"""A catalog in a clone of a bare repository, its GitHub, and llmreg run there: in this process, through `main`."""

import copy
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.cli import CliResult, run_llmreg
from tests.support.github_server import NAME, OWNER, GitHubDouble
from tests.support.sync_workspace import FILE

BRANCH = "llmreg/sync-acme"
MAIN = "main"


def listed(price=3, context=200000, *, provider="acme", **more):
    """models.dev's list with one provider, its list price as given."""
    large = {"name": "large", "limit": {"context": context, "output": 8000}, "cost": {"input": price, "output": 15}}
    models = {"large": large, "small": {"name": "Small"}, **more}
    return {provider: {"name": provider.title(), "env": ["A_KEY"], "models": models}}


class PullRequestWorkspace:
    """`like` is another one to start as: its repositories are copied, which is quicker than making them."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, like: "PullRequestWorkspace | None" = None):
        self.folder, self._patch = folder, patch
        self.bare, self.work = folder / "remote.git", folder / "work"
        self.models = self.work / "config" / "models"
        if like is None:
            self._make()
        else:
            shutil.copytree(like.folder, folder)
            config = self.work / ".git" / "config"
            config.write_text(config.read_text().replace(str(like.bare), str(self.bare)))
        self.github = GitHubDouble(self.bare, pulls=copy.deepcopy(like.github.pulls) if like else [])
        patch.chdir(self.work)
        patch.setenv("GH_TOKEN", self.github.token)
        patch.setenv("GITHUB_API_URL", f"{self.github.url}/api")
        patch.setenv("GITHUB_SERVER_URL", self.github.url)
        patch.setenv("GITHUB_REPOSITORY", f"{OWNER}/{NAME}")
        patch.setattr("registry_cli.commands.propose.forge.gh_token", lambda _host, _environ: None)
        patch.setattr("registry_cli.forge.github.BETWEEN_WRITES", 0.0)
        self.at("2026-11-22" if like is None else "2026-11-23")

    def _make(self) -> None:
        self.folder.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.bare), at=self.folder)
        self.git("clone", "--quiet", f"file://{self.bare}", str(self.work), at=self.folder)
        self.git("checkout", "--quiet", "-b", MAIN)
        self.git("config", "user.name", "Person")
        self.git("config", "user.email", "person@example.org")
        self.write("config/models/acme.yml", FILE)
        self.save("The catalog")

    def over_http(self) -> None:
        """From now on the remote is reached by smart HTTP, and asks for the token."""
        self.git("remote", "set-url", "origin", f"{self.github.url}/{OWNER}/{NAME}.git")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        done = subprocess.run(["git", *arguments], cwd=at or self.work, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def write(self, path: str, text: str, *, at: Path | None = None) -> Path:
        file = (at or self.work) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def save(self, message: str) -> None:
        """Commits everything, and pushes main."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", f"HEAD:{MAIN}")

    def another(self, name: str = "other") -> Path:
        """Somebody else's clone."""
        path = self.folder / name
        self.git("clone", "--quiet", f"file://{self.bare}", str(path), at=self.folder)
        self.git("config", "user.name", "Other", at=path)
        self.git("config", "user.email", "other@example.org", at=path)
        return path

    def merge(self, number: int = 1) -> None:
        """Squashes a pull request into main, as its button does, and deletes its branch."""
        branch = self.github.pulls[number - 1]["head"]["ref"]
        other = self.another(f"merging-{number}")
        self.git("merge", "--quiet", "--squash", f"origin/{branch}", at=other)
        self.git("commit", "--quiet", "--message", "Merged", at=other)
        self.git("push", "--quiet", "origin", f"HEAD:{MAIN}", at=other)
        self.github.close_by_hand(number, merged=True)
        self.git("push", "--quiet", "origin", f":{branch}", at=other)

    def again(self) -> None:
        """Makes the person's clone the present folder again."""
        self._patch.chdir(self.work)

    def at(self, day: str) -> None:
        moment = datetime.fromisoformat(f"{day}T06:00:00+00:00")
        self._patch.setattr("registry_cli.clock.current_time", lambda: moment)

    def sync(self, answer: object, *arguments: str, source: str = "models.dev", providers=("acme",)) -> CliResult:
        path = self.folder / f"{source}.json"
        path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
        return self.run("sync", *providers, "--from", f"{source}={path}", *arguments)

    def pr(self, answer: object, *arguments: str, code: int = 0, **more) -> CliResult:
        """`sync --pr`, and that the person's checkout stays what it was."""
        before = self.checkout()
        ran = self.sync(answer, "--pr", *arguments, **more)
        assert ran.code == code, ran.text
        assert "Traceback" not in ran.text
        assert self.checkout() == before
        return ran

    def run(self, *arguments: str) -> CliResult:
        return run_llmreg(*arguments)

    def checkout(self) -> str:
        """HEAD, its branch, what differs from it in the index and the work tree, and the work trees there are."""
        trees = self.work / ".git" / "worktrees"
        others = [each.name for each in trees.iterdir()] if trees.is_dir() else []
        return self.git("status", "--porcelain=v2", "--branch", "--untracked-files=all") + "".join(others)

    def tip(self, branch: str = BRANCH) -> str:
        """The remote branch's last commit; empty where there is none."""
        return self.github.oid(branch)

    def remote(self, *arguments: str) -> str:
        return self.git(*arguments, at=self.bare)


def _alone(patch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("GH_", "GITHUB_")):
            patch.delenv(name)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A catalog that has never met its source."""
    _alone(monkeypatch)
    made = PullRequestWorkspace(tmp_path / "workspace", monkeypatch)
    yield made
    made.github.close()


@pytest.fixture(scope="session")
def settled_once(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        _alone(patch)
        made = PullRequestWorkspace(tmp_path_factory.mktemp("forge") / "workspace", patch)
        made.pr(listed())
        made.merge()
        made.git("pull", "--quiet", "origin", MAIN)
        made.github.close()
        shutil.rmtree(made.folder / "merging-1")
    return made


@pytest.fixture
def settled(settled_once: PullRequestWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A catalog that met its source a day ago, and merged the first pull request."""
    _alone(monkeypatch)
    made = PullRequestWorkspace(tmp_path / "workspace", monkeypatch, settled_once)
    yield made
    made.github.close()
