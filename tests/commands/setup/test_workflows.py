"""The workflows and the action: what they may do, and what their scripts do, run as a runner would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from registry_cli.commands.setup.workflows import ENVIRONMENT, key_jobs, workflow_texts
from registry_cli.render.templates import KeyJob, fill_template
from registry_cli.yamledit.document import load_value
from tests.support.paths import ROOT

OWN = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
PINNED = re.compile(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)\n")
BODIES = {
    "openai": {},
    "codestral": {"sync": {"sources": ["mistral"]}},
    "mistral": {},
    "ollama": {},
    "openrouter": {},
    "acme": {"api": {"base_url": "https://api.acme.example/v1", "key_env": ["ACME_API_KEY"]}},
}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the workflows run on ubuntu")


@pytest.fixture
def made(tmp_path):
    """The workflows of a small catalog, in the folder of a repository."""
    for path, text in workflow_texts(BODIES).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def jobs_of(path):
    return yaml.safe_load(path.read_text())["jobs"]


# What is in the files


def test_our_own_workflows_are_those_that_init_makes():
    bodies = {path.stem: load_value(path.read_text()) for path in sorted((ROOT / "config" / "models").glob("*.yml"))}
    for path, text in workflow_texts(bodies).items():
        assert (ROOT / path).read_text() == text, f"{path} is old: llmreg init --workflows"


def test_a_job_for_each_key_with_its_own_secret_alone():
    jobs = yaml.safe_load(workflow_texts(BODIES)[Path(".github/workflows/sync.yml")])["jobs"]
    secrets = {
        name: set(re.findall(r"secrets\.(\w+)", str(job))) - {"LLMREG_APP_PRIVATE_KEY"} for name, job in jobs.items()
    }
    assert secrets == {
        "mistral-api-key": {"MISTRAL_API_KEY"},
        "openai-api-key": {"OPENAI_API_KEY"},
        "without-key": set(),
    }
    assert not any("needs" in job for job in jobs.values())  # none waits for another, or stops it


def test_keys_are_in_an_environment_and_trust_in_a_variable():
    jobs = yaml.safe_load(workflow_texts(BODIES)[Path(".github/workflows/sync.yml")])["jobs"]
    assert {job["environment"] for job in jobs.values()} == {ENVIRONMENT}
    for job in jobs.values():
        assert job["steps"][-1]["env"]["LLMREG_TRUST"] == "${{ vars.LLMREG_TRUST }}"


def test_the_keys_of_a_catalog():
    assert key_jobs(BODIES) == [
        KeyJob(("MISTRAL_API_KEY",), ("codestral", "mistral")),
        KeyJob(("OPENAI_API_KEY",), ("openai",), ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID")),
    ]
    tenant = {"api": {"base_url": "https://${SNOWFLAKE_ACCOUNT}.example/${XAI_TENANT}"}}
    assert key_jobs({"xai": tenant}) == [KeyJob(("XAI_API_KEY",), ("xai",), ("SNOWFLAKE_ACCOUNT",))]
    assert key_jobs({"x' || 'y": {"sync": {"sources": ["xai"]}}}) == []  # would become code
    assert key_jobs({"lmstudio": {}}) == []  # on one's own machine
    assert key_jobs({"github-models": {}}) == []  # no secret may be called GITHUB_..., and a workflow's own is no key


def test_a_group_is_one_job_with_all_of_its_keys():
    """Its branch is right only with the answers of all its providers, so that two jobs would undo each other's."""
    groups = {"pair": ("openai", "xai", "acm*"), "single": ("mistral", "ollama"), "free": ("openrouter",)}
    bodies = {**BODIES, "xai": {}}
    assert key_jobs(bodies, groups) == [
        KeyJob(("MISTRAL_API_KEY",), ("codestral", "mistral", "ollama"), groups=("single",)),
        KeyJob(
            ("OPENAI_API_KEY", "XAI_API_KEY"), ("acme", "openai", "xai"), ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID"),
            ("pair",),
        ),
    ]  # fmt: skip
    jobs = yaml.safe_load(workflow_texts(bodies, groups)[Path(".github/workflows/sync.yml")])["jobs"]
    assert set(jobs) == {"mistral-api-key", "group_pair", "without-key"}
    step = jobs["group_pair"]["steps"][-1]
    assert {"OPENAI_API_KEY", "XAI_API_KEY"} < step["env"].keys()
    assert "providers=(acme openai xai)" in step["run"]
    assert '["acme", "openai", "xai", "pair"]' in jobs["group_pair"]["if"]
    assert jobs["without-key"]["steps"][-1]["env"]["HAVE_JOBS"].split() == [
        "codestral", "mistral", "ollama", "acme", "openai", "xai",
    ]  # fmt: skip


def test_an_address_never_makes_a_variable_of_a_token():
    address = {"api": {"base_url": "https://${GH_TOKEN}.example/${XAI_API_KEY}"}}
    assert key_jobs({"xai": address}) == [KeyJob(("XAI_API_KEY",), ("xai",))]


def test_every_action_is_pinned_and_each_to_one_commit():
    pins = {}
    texts = [
        path.read_text() for path in (*OWN, ROOT / "action.yml", *(ROOT / "registry_cli/templates").rglob("*.yml"))
    ]
    for text in texts:
        assert text.count("uses:") == len(PINNED.findall(text))
        for action, commit, version in PINNED.findall(text):
            assert pins.setdefault(action, (commit, version)) == (commit, version)
    assert len(pins) >= 6


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_what_a_workflow_may_do(path):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in path.read_text()
    assert "cancel-in-progress" in workflow["concurrency"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        writes = {scope for scope, kind in job["permissions"].items() if kind == "write"}
        allowed = {"sync.yml": {"contents", "pull-requests"}, "release.yml": {"id-token", "attestations"}}
        assert writes <= allowed.get(path.name, set())
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False


def test_zizmor_has_nothing_to_say(made):
    places = [ROOT / ".github", ROOT / "action.yml", made]
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", "--persona", "auditor", *places],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["github-workflows", "github-actions"])
def test_the_schemas_of_github_agree(made, kind):
    files = [ROOT / "action.yml"] if kind == "github-actions" else [*OWN, *made.rglob("*.yml")]
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{kind}", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_gap_without_a_value():
    assert fill_template("a <<b>> c", b="<<d>>") == "a <<d>> c"
    with pytest.raises(KeyError):
        fill_template("<<b>>")


def test_the_hooks_of_pre_commit():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        assert (hook["language"], hook["id"]) == ("python", hook["entry"].replace(" ", "-"))
        assert re.search(hook["files"], "config/models/acme.yml")
        assert re.search(hook["files"], "config/models/acme/x.yml")
        assert not re.search(hook["files"], "config/models/acme/deeper/x.yml")
    assert re.search(hooks[1]["files"], "config/llmreg.yml")


# What their scripts do


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """`runner(script, **environ)` runs a step as a runner does; a stand-in for llmreg writes down how it was called,
    ends with $CODE, and knows the providers $KNOWN."""
    stand_in = tmp_path / "bin" / "llmreg"
    stand_in.parent.mkdir()
    stand_in.write_text(
        '#!/usr/bin/env bash\nif [ "$1" = providers ]; then printf "%b" "$KNOWN"; exit; fi\n'
        'printf "%s\\n" "$@" > "$CALLED"\nwhile [ $# -gt 0 ]; do\n'
        '  if [ "$1" = --report ]; then echo the plan > "$2"; fi; shift; done\necho rows\n'
        'echo "xai: opened https://github.example/o/r/pull/12 (a note)" >&2\n'
        'if [ -n "${NOTED:-}" ]; then printf "%s\n" "$NOTED" >&2; fi\nexit "${CODE:-0}"\n'
    )
    stand_in.chmod(0o755)
    summary, output, called = tmp_path / "summary", tmp_path / "output", tmp_path / "called"
    work = tmp_path / "work"
    work.mkdir()
    for name, path in (("RUNNER_TEMP", tmp_path), ("GITHUB_STEP_SUMMARY", summary), ("GITHUB_OUTPUT", output)):
        monkeypatch.setenv(name, str(path))
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")

    def step(script, path=f"{stand_in.parent}{os.pathsep}{os.environ['PATH']}", **environ):
        for file in (summary, output, called):
            file.unlink(missing_ok=True)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=work, env={**os.environ, "CALLED": str(called), "PATH": path, **environ},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        done.called = called.read_text().splitlines() if called.exists() else None
        done.summary = summary.read_text() if summary.exists() else ""
        done.output = output.read_text() if output.exists() else ""
        return done

    return step


def sync_script(job):
    found = yaml.safe_load(workflow_texts(BODIES)[Path(".github/workflows/sync.yml")])["jobs"][job]["steps"][-1]
    fixed = {name: value for name, value in found["env"].items() if "${{" not in value}
    return found["run"], fixed


@on_linux
def test_the_job_of_a_key_syncs_its_providers(runner, tmp_path):
    script, environ = sync_script("mistral-api-key")
    done = runner(script, PROVIDER="", CODE="4", **environ)
    report = str(tmp_path / "plan.md")
    assert done.called == ["sync", "--pr", "--report", report, "--", "codestral", "mistral"]
    assert (done.returncode, done.summary) == (4, "the plan\n")  # the job fails, and says why
    assert runner(script, PROVIDER="mistral", **environ).called[-2:] == ["--", "mistral"]


@on_linux
def test_the_job_without_a_key_syncs_all_others(runner):
    script, environ = sync_script("without-key")
    known = "acme\\ncodestral\\nmistral\\nopenai\\nopenai-like\\nopenrouter\\n"
    done = runner(script, PROVIDER="", KNOWN=known, **environ)
    assert (done.returncode, done.called[-4:]) == (0, ["--", "acme", "openai-like", "openrouter"])
    evil = "$(touch evil); `touch evil`"
    assert runner(script, PROVIDER=evil, KNOWN=known, **environ).called[-2:] == ["--", evil]
    assert runner("test ! -e evil").returncode == 0
    nothing = runner(script, PROVIDER="", KNOWN="openai\\n", **environ)
    assert (nothing.returncode, nothing.called) == (0, None)


@pytest.mark.parametrize(
    ("inputs", "called"),
    [
        ({}, ["validate", "--format", "github", "--"]),
        ({"PROVIDERS": "a.yml\n  b.yml", "ARGUMENTS": "--strict"},
         ["validate", "--format", "github", "--strict", "--", "a.yml", "b.yml"]),
        ({"COMMAND": "sync"}, ["sync", "--pr", "--all", "--"]),
        ({"COMMAND": "sync", "PROVIDERS": " openai xai", "ARGUMENTS": "--no-pr\n\n"},
         ["sync", "--pr", "--no-pr", "--", "openai", "xai"]),
        ({"COMMAND": "query", "ARGUMENTS": "--vision\n$(touch evil)", "PROVIDERS": "* `touch evil`"},
         ["query", "--vision", "$(touch evil)", "--", "*", "`touch", "evil`"]),
    ],
)  # fmt: skip
def test_the_action_says_what_its_inputs_say(runner, tmp_path, inputs, called):
    (tmp_path / "work" / "a file").touch()
    script = f'"{ROOT}/.ci/action" llmreg'
    done = runner(script, **{"COMMAND": "validate", "PROVIDERS": "", "ARGUMENTS": "", "CODE": "3", **inputs})
    assert (done.called, done.returncode) == (called, 3), done.stderr
    assert done.output == (
        "exit-code=3\npull-requests<<end-of-addresses\nhttps://github.example/o/r/pull/12\nend-of-addresses\n"
    )
    assert (done.stdout, done.stderr) == ("rows\n", "xai: opened https://github.example/o/r/pull/12 (a note)\n")
    assert not (tmp_path / "work" / "evil").exists()


def test_what_upstream_says_is_no_address_of_a_pull_request(runner):
    noted = (
        "models.dev: 'https://evil.example/pull/1' is no model\n"
        "x: opened https://evil.example/pull/2\n"
        "models.dev: 'https://github.example/o/r/pull/3' is no model\n"
        "old: closed, for nothing is left of the difference https://github.example/o/r/pull/4\n"
        "acme: 1 new model, 2 price changes: updated https://github.example/o/r/pull/13"
    )
    done = runner(f'"{ROOT}/.ci/action" llmreg', COMMAND="sync", PROVIDERS="", ARGUMENTS="", NOTED=noted)
    assert re.findall(r"\S+/pull/\d+", done.output) == [f"https://github.example/o/r/pull/{n}" for n in (12, 13)]


def test_the_action_reaches_its_script_through_the_environment():
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    assert not any("${{" in step.get("run", "") for step in steps)
    assert steps[-1]["run"] == '"$GITHUB_ACTION_PATH/.ci/action" "$RUNNER_TEMP/llmreg/bin/llmreg"'
    assert os.access(ROOT / ".ci" / "action", os.X_OK)


def test_what_a_pull_request_makes_wrong_is_annotated(runner, tmp_path):
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(tmp_path / "work")]

    def commit(message):
        subprocess.run([*git, "add", "."], check=True)
        subprocess.run([*git, "commit", "-qm", message], check=True)

    models = tmp_path / "work" / "config" / "models"
    models.mkdir(parents=True)
    old = "provider: old\nmodels: {a: {context_windw: 1}}\n"
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    (models / "old.yml").write_text(old)
    commit("base")
    subprocess.run([*git, "checkout", "-qb", "topic"], check=True)
    (models / "old.yml").write_text(f"# lines move\n{old}")
    (models / "acme.yml").write_text("provider: acme\nmodels:\n  large:\n    context_windw: 1\n")
    commit("topic")
    subprocess.run([*git, "checkout", "-q", "main"], check=True)
    (models / "other.yml").write_text("provider: other\nmodels: {b: {context_windw: 1}}\n")
    commit("main went on")
    subprocess.run([*git, "merge", "-q", "--no-edit", "topic"], check=True)

    (job,) = jobs_of(ROOT / ".github/workflows/validate.yml").values()
    steps = {step.get("name"): step.get("run") for step in job["steps"]}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    new = runner(steps["Annotate what is new"], path=path)
    assert new.stdout.startswith("::error file=config/models/acme.yml,line=4,col=5,title=unknown-key::")
    assert (new.stdout.count("::error"), new.returncode) == (1, 1)
    whole = runner(steps["Check the whole catalog"], path=path)
    assert (whole.returncode, whole.stdout.count("unknown-key")) == (1, 3)
    told = runner(steps["Summarize what changes"], path=path)
    assert told.returncode == 0, told.stderr
    assert "acme/large" in told.summary
    assert "other/b" not in told.summary
