"""`llmreg init`: a repository in which everything is green at once, and nothing that was there is touched."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as PipRequirement

from registry_cli.cli import init as init_command
from registry_cli.errors import FileError
from registry_cli.store.files.installation import Requirement
from registry_cli.store.git.init import create_files
from tests.support.cli import run_llmreg
from tests.support.paths import ROOT

WORKFLOWS = {".github/workflows/validate.yml", ".github/workflows/sync.yml"}
EMPTY = WORKFLOWS | {
    ".github/llmreg.txt", ".gitignore", ".pre-commit-config.yaml", "README.md", "config/llmreg.yml",
    "config/models/.gitkeep", *(f"schema/{path.name}" for path in (ROOT / "schema").iterdir()),
}  # fmt: skip


REQUIREMENT = "llmreg @ git+https://git.example/o/llmreg@0123456789012345678901234567890123456789"


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """`run(...)` runs llmreg in a folder of its own and gives its exit code, stdout and stderr."""
    home = tmp_path / "work"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setattr(init_command, "installed_requirement", lambda: Requirement(REQUIREMENT))

    def llmreg(*arguments):
        ran = run_llmreg(*arguments)
        return ran.code, ran.out, ran.err

    return llmreg


def files(folder=Path()):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts}


def test_an_empty_catalog_is_green_and_goes_into_git_whole(run):
    code, out, err = run("init", "new")
    assert (code, out) == (0, "".join(f"{name}\n" for name in sorted(EMPTY)))
    assert err == ""
    assert files(Path("new")) == EMPTY
    os.chdir("new")
    assert run("validate", "--strict")[0] == 0
    assert run("query")[:2] == (0, "")
    assert run("sync", "--all")[0] == 0
    subprocess.run(["git", "add", "."], check=True)
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split()
    assert set(listed) == EMPTY
    assert subprocess.run(["git", "branch", "--show-current"], capture_output=True, check=True).stdout == b"main\n"


def test_chosen_providers_are_copied_byte_for_byte_and_are_green(run):
    assert run("init", "-p", "openai,anthropic", "--provider", "google")[0] == 0
    for name in ("openai", "anthropic", "gemini"):  # google is an alias
        assert Path(f"config/models/{name}.yml").read_bytes() == (ROOT / f"config/models/{name}.yml").read_bytes()
    record = ROOT / "config/upstream/openai.jsonl"
    assert Path("config/upstream/openai.jsonl").exists() == record.exists()
    assert not Path("config/models/.gitkeep").exists()
    assert run("validate", "--strict")[0] == 0
    jobs = yaml.safe_load(Path(".github/workflows/sync.yml").read_text())["jobs"]
    assert set(jobs) == {"openai-api-key", "anthropic-api-key", "gemini-api-key", "without-key"}
    assert "`ANTHROPIC_API_KEY`, `GEMINI_API_KEY`, `OPENAI_API_KEY`" in Path("README.md").read_text()


def test_schema_lines_resolve_and_settings_are_right(run):
    run("init", "-p", "openai")
    for path in [*Path("config/models").iterdir(), Path("config/llmreg.yml")]:
        named = path.read_text().splitlines()[0].partition("$schema=")[2]
        assert json.loads((path.parent / named).read_text())["title"]
    assert run("validate", "config/llmreg.yml")[0] == 0
    assert yaml.safe_load(Path("config/llmreg.yml").read_text())["sync"] == {"labels": ["llmreg"]}


def test_a_dry_run_lists_and_writes_nothing(run):
    code, out, err = run("init", "new", "-p", "openai", "--dry-run")
    assert (code, err, list(Path().iterdir())) == (0, "", [])
    copied = {"config/models/openai.yml", "config/upstream/openai.jsonl"}
    assert set(out.split()) == EMPTY - {"config/models/.gitkeep"} | copied


@pytest.mark.parametrize("name", ["config/llmreg.yml", "config/models/.gitkeep", "schema/capabilities.yml"])
def test_what_exists_is_refused_in_one_line_and_nothing_is_written(run, name):
    Path(name).parent.mkdir(parents=True)
    Path(name).write_text("mine")
    code, out, err = run("init")
    assert (code, out) == (2, "")
    assert err == f"llmreg: {name} exists, and init overwrites nothing; nothing was written\n"
    assert files() == {name}
    assert Path(name).read_text() == "mine"


def test_all_that_is_refused_is_named_at_once(run):
    run("init", "--quiet")
    err = run("init")[2]
    assert "config/llmreg.yml, config/models/.gitkeep, schema/capabilities.yml" in err
    assert (len(err.splitlines()), err.count("nothing was written")) == (1, 1)


def test_what_a_rule_says_of_a_copied_provider_is_passed_over_as_in_the_shipped_catalog(run):
    run("init", "a", "-p", "openai")
    run("init", "b", "-p", "anthropic")
    settings = [yaml.safe_load(Path(name, "config/llmreg.yml").read_text()) for name in "ab"]
    assert [each.get("validate") for each in settings] == [{"ignore": ["tier-cache-rate", "tier-media-rate"]}, None]
    for name in "ab":
        assert run("validate", "--strict", "--catalog", f"{name}/config/models")[0] == 0


def test_a_folder_below_a_repository_is_told_where_workflows_belong(run):
    subprocess.run(["git", "init", "--quiet", "outer"], check=True)
    for arguments in (("outer/in/ner", "--dry-run"), ("outer/in/ner",)):
        told = run("init", *arguments)[2].splitlines()
        assert len(told) == 1
        assert "outer, at whose top alone workflows and hooks are run" in told[0]
    assert run("init", "outer")[2] == ""


def test_a_link_to_nowhere_counts_as_existing(run):
    Path("schema").mkdir()
    Path("schema/capabilities.yml").symlink_to("nowhere")
    assert run("init")[0] == 2
    assert not Path("schema/nowhere").exists()


def test_what_a_repository_has_before_it_has_a_catalog_stays(run):
    mine = [".github/workflows/validate.yml", ".gitignore", ".pre-commit-config.yaml", "README.md"]
    for name in mine:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("mine")
    code, out, err = run("init")
    assert (code, set(out.split())) == (0, EMPTY - {*mine})
    assert err.splitlines() == [*(f"{name} is there already and stays as it is" for name in mine)]
    assert {Path(name).read_text() for name in mine} == {"mine"}


def test_an_unknown_provider_is_a_slip(run):
    code, _, err = run("init", "-p", "opnai")
    assert (code, files()) == (2, set())
    assert len(err.splitlines()) == 1
    assert "opnai" in err


def test_a_folder_that_is_a_file(run):
    Path("taken").write_text("mine")
    code, _, err = run("init", "taken/new")
    assert (code, len(err.splitlines()), files()) == (6, 1, {"taken"})


def test_no_repository_in_a_repository_nor_where_none_is_wanted(run):
    run("init", "plain", "--no-git")
    assert not Path("plain/.git").exists()
    subprocess.run(["git", "init", "--quiet", "outer"], check=True)
    run("init", "outer/inner")
    assert not Path("outer/inner/.git").exists()


def test_without_git_there_is_a_catalog_all_the_same(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("init")[0] == 0
    assert files() == EMPTY


def test_what_failed_halfway_is_gone_again(tmp_path):
    (tmp_path / "b").write_text("mine")
    with pytest.raises(FileError, match="b: File exists"):
        create_files(tmp_path, {Path("a"): b"1", Path("b"): b"2"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.is_file()} == {"b": "mine"}


def test_what_the_workflows_install(run):
    wanted = "llmreg==1.2 --hash=sha256:0123"
    run("init", "a", "--requirement", wanted)
    run("init", "b")
    assert Path("a/.github/llmreg.txt").read_text() == f"{wanted}\n"
    assert Path("b/.github/llmreg.txt").read_text() == f"{REQUIREMENT}\n"
    (hooks,) = (repo["hooks"] for repo in yaml.safe_load(Path("a/.pre-commit-config.yaml").read_text())["repos"])
    assert [hook["additional_dependencies"] for hook in hooks] == [[wanted], [wanted]]
    assert run("init", "c", "--requirement", "a\nb")[0] == 2
    assert not Path("c").exists()


FILES = ".github/llmreg.txt and .pre-commit-config.yaml"


PRIVATE = "if yours is a private one, set it up for the workflows too"


@pytest.mark.parametrize(
    ("installed", "note"),
    [
        (Requirement("llmreg @ file:///src", only_here=True),
         f"{FILES} install llmreg @ file:///src, which only this machine has; before you push, write a git URL there"),
        (Requirement("llmreg==1.2", from_index=True),
         f"{FILES} install llmreg==1.2 from a package index; {PRIVATE}"),
    ],
)  # fmt: skip
def test_a_requirement_that_may_not_hold_elsewhere_is_noted(run, monkeypatch, installed, note):
    monkeypatch.setattr(init_command, "installed_requirement", lambda: installed)
    assert run("init", "--dry-run")[2] == f"{note}\n"
    assert run("init")[::2] == (0, f"{note}\n")
    assert Path(".github/llmreg.txt").read_text() == f"{installed.text}\n"
    assert run("init", "--workflows")[2] == ""  # nothing of it is written


def test_without_a_known_requirement_the_files_say_what_to_fill_in(run, monkeypatch):
    monkeypatch.setattr(init_command, "installed_requirement", lambda: None)
    told = f"llmreg does not know where it was installed from; write that into {FILES} where they say so\n"
    assert run("init")[::2] == (0, told)
    *explained, line = Path(".github/llmreg.txt").read_text().splitlines()
    assert all(text.startswith("# ") for text in explained)
    (hooks,) = (repo["hooks"] for repo in yaml.safe_load(Path(".pre-commit-config.yaml").read_text())["repos"])
    for text in (line, hooks[0]["additional_dependencies"][0]):
        assert "fill in" in text
        with pytest.raises(InvalidRequirement):
            PipRequirement(text)
    assert "http" not in Path("README.md").read_text()


def test_a_new_catalog_without_a_remote_syncs_in_place(run):
    """A bare `sync` opens no pull request, so that it needs no remote; the workflows say `--pr`."""
    run("init", "-p", "openai")
    listing = {"object": "list", "data": [{"id": "gpt-99", "object": "model", "created": 1, "owned_by": "openai"}]}
    Path("listing.json").write_text(json.dumps(listing))
    code, _, err = run("sync", "openai", "--from", "openai=listing.json")
    assert (code, "remote" in err) == (3, False), err  # held: the list lacks most of the models
    assert '"gpt-99"' in Path("config/upstream/openai.jsonl").read_text()
    assert "llmreg sync --pr " in Path(".github/workflows/sync.yml").read_text()


def test_workflows_of_a_catalog_that_exists(run):
    run("init")
    sync, own = Path(".github/workflows/sync.yml"), Path(".github/workflows/validate.yml")
    assert run("init", "--workflows") == (0, "", "")
    Path("config/models/acme.yml").write_text("provider: acme\nsync: {sources: [xai]}\nmodels: {}\n")
    own.write_text(f"# ours now\n{own.read_text()}")
    before = {path: path.read_text() for path in (sync, own)}
    changed = f"{sync}\n"
    assert run("init", "--workflows", "--dry-run")[1] == changed
    assert {path: path.read_text() for path in before} == before
    assert run("init", "--workflows") == (0, changed, f"{own} is there already and stays as it is\n")
    assert yaml.safe_load(sync.read_text())["jobs"]["xai-api-key"]["name"] == "XAI_API_KEY (acme)"
    assert own.read_text() == before[own]
    own.unlink()
    assert run("init", "--workflows")[:2] == (0, f"{own}\n")


def test_workflows_of_a_catalog_with_a_fault(run):
    run("init")
    Path("config/models/acme.yml").write_text("provider: acme\nsync: 3\nmodels: {}\n")
    code, out, err = run("init", "--workflows")
    assert (code, out, len(err.splitlines())) == (6, "", 1)
    assert err.startswith("llmreg: config/models/acme.yml:2:7 ")


def test_workflows_need_a_catalog(run):
    code, _, err = run("init", "--workflows")
    assert (code, len(err.splitlines()), files()) == (2, 1, set())
    assert run("init", "--workflows", "-p", "openai")[0] == 2
