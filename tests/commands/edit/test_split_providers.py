"""A provider in several files gives the same answers, and takes the same edits, as in one."""

import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from registry_cli.yamledit.document import load_value
from tests.support.cli import run_llmreg
from tests.support.history_repositories import git
from tests.support.paths import ROOT

NOW = datetime(2026, 12, 2, 10, 30, 0, tzinfo=UTC)
VENDORS = {"openai", "anthropic", "google", "qwen", "deepseek"}


def split_text(text):
    """The text of a provider's file as those of its own file and parts, by name. No byte of a model changes."""
    head, _, body = text.partition("\nmodels:\n")
    parts = {}
    for block in re.split(r"(?m)^(?=  \S)", body):
        vendor = block.strip().strip("'\"").partition("/")[0]
        name = vendor if vendor in VENDORS else "m" if vendor.startswith("m") else ""
        parts.setdefault(name, []).append(block)
    own = f"{head}\nmodels:\n{''.join(parts.pop(''))}"
    return {"openrouter.yml": own} | {
        f"openrouter/{name}.yml": f"models:\n{''.join(blocks)}" for name, blocks in parts.items()
    }


class Catalog:
    """A catalog of OpenRouter's shipped file and record, in one file or split."""

    def __init__(self, top, *, split):
        self.models = top / "config" / "models"
        (self.models / "openrouter").mkdir(parents=True) if split else self.models.mkdir(parents=True)
        text = (ROOT / "config/models/openrouter.yml").read_text()
        for name, part in split_text(text).items() if split else [("openrouter.yml", text)]:
            (self.models / name).write_text(part)
        (top / "config/upstream").mkdir()
        shutil.copy(ROOT / "config/upstream/openrouter.jsonl", top / "config/upstream")

    def run(self, *arguments):
        return run_llmreg(*arguments, "--catalog", self.models)

    def texts(self):
        return {path.relative_to(self.models).as_posix(): path.read_text() for path in self.models.rglob("*.yml")}

    def bodies(self):
        """All models, and the provider's own facts."""
        values = [load_value(text) for text in self.texts().values()]
        models = {}
        for value in values:
            assert not models.keys() & (value.get("models") or {}).keys()
            models |= value.pop("models", None) or {}
        return models, [value for value in values if value]

    def commit(self, day, subject):
        git(self.models, "add", "--all", ".", "../upstream")
        git(self.models, "commit", "--quiet", "-m", subject, day=day)


@pytest.fixture
def pair(tmp_path, monkeypatch):
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.setattr("registry_cli.clock.current_time", lambda: NOW)
    return Catalog(tmp_path / "one", split=False), Catalog(tmp_path / "two", split=True)


def spoken(result, catalog):
    return result.code, result.out.replace(str(catalog.models), "CATALOG"), result.err.replace(
        str(catalog.models), "CATALOG"
    )  # fmt: skip


READING = [
    ("query", "-f", "json"), ("query", "--vision", "--max-input", "5"), ("query", "--sort", "context"),
    ("show", "openrouter/anthropic/claude-opus-4.5", "-f", "json"), ("show", "anthropic/claude-opus-4.5"),
    ("compare", "anthropic/claude-opus-4.5", "openai/gpt-5", "-f", "json"), ("providers", "-f", "json"),
    ("capabilities", "-f", "json"), ("explain", "openrouter/anthropic/claude-opus-4.5", "-f", "json"),
    ("deprecations", "-f", "json"),
    ("cost", "openrouter/openai/gpt-5", "--input", "1k", "--output", "10"),
    ("sql", "SELECT id, name FROM models ORDER BY id", "-f", "json"),
    *(("export", name) for name in ("litellm", "models.dev", "genai-prices", "openrouter", "csv", "json", "markdown")),
]  # fmt: skip


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_every_answer_is_the_same(pair, arguments):
    one, two = (spoken(catalog.run(*arguments), catalog) for catalog in pair)
    assert one == two
    assert one[0] == 0, one[2]


def test_validate_counts_the_same_models_and_finds_nothing(pair):
    for catalog in pair:
        ran = catalog.run("validate")
        assert (ran.code, re.search(r"[\d,]+ models: .*", ran.text)[0]) == (0, "985 models: 0 errors, 11 warnings")


def test_an_audit_finds_the_same(pair):
    found = [json.loads(catalog.run("audit", "openrouter", "-f", "json").out)["disagreements"] for catalog in pair]
    one, two = ({json.dumps(each, sort_keys=True) for each in each_found} for each_found in found)
    assert one == two
    assert len(one) > 10  # else nothing was compared


EDITS = [
    (("set", "openrouter/anthropic/claude-opus-4.5", "context_window=123456"), {"openrouter/anthropic.yml"}),
    (("set", "openrouter/01-ai/yi-large", "name=Yi"), {"openrouter.yml"}),
    (("set", "openrouter", "documentation=https://docs.example"), {"openrouter.yml"}),
    (("unset", "openrouter/openai/gpt-5", "pricing.cache_read"), {"openrouter/openai.yml"}),
    (("alias", "openrouter/qwen/qwen3-32b", "qwen-32b"), {"openrouter/qwen.yml"}),
    (("rename", "openrouter/mistralai/mistral-large", "mistralai/large"), {"openrouter/m.yml"}),
    (("remove", "openrouter/google/gemma-3-27b-it"), {"openrouter/google.yml"}),
    (("deprecate", "openrouter/deepseek/deepseek-r1", "--on", "2026-12-01"), {"openrouter/deepseek.yml"}),
    (("add", "openrouter/anthropic/claude-9", "context_window=9000", "mode=chat"), {"openrouter/anthropic.yml"}),
    (("add", "openrouter/mistralai/new", "context_window=9000", "mode=chat"), {"openrouter.yml"}),  # no such part
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "files"), EDITS, ids=" ".join)
def test_an_edit_changes_the_file_that_has_the_model(pair, arguments, files):
    one, two = pair
    before = two.texts()
    results = [catalog.run(*arguments) for catalog in pair]
    assert [result.code for result in results] == [0, 0], results
    after = two.texts()
    assert {name for name in after if after[name] != before[name]} == files
    assert one.bodies() == two.bodies()
    assert [catalog.run("validate").code for catalog in pair] == [0, 0]


def test_a_sync_writes_each_model_where_it_is(pair, tmp_path):
    one, two = pair
    models, _ = one.bodies()
    listed = {
        name: {"name": body.get("name", name), "limit": {"context": 777_000, "output": 7_000}}
        for name, body in models.items()
    }
    new = {"limit": {"context": 10_000, "output": 1_000}, "cost": {"input": 1, "output": 2}}
    listed |= {"anthropic/claude-9": new, "brand/new": new, "mistralai/new": new}
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"openrouter": {"name": "OpenRouter", "models": listed}}))
    command = ("sync", "openrouter", "--from", f"models.dev={answer}", "--sources", "models.dev", "--accept", "all")
    before = two.texts()
    results = [catalog.run(*command, "-f", "json") for catalog in pair]
    assert results[0].code == results[1].code
    assert results[0].code in (0, 3), results[0].err
    plans = [{json.dumps(item, sort_keys=True) for item in json.loads(result.out)["changes"]} for result in results]
    assert plans[0] == plans[1]
    assert one.bodies() == two.bodies()
    after = two.texts()
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in after)
    assert "anthropic/claude-9:" in after["openrouter/anthropic.yml"]
    assert "brand/new:" in after["openrouter.yml"]
    assert "mistralai/new:" in after["openrouter.yml"]
    record = "upstream/openrouter.jsonl"
    assert (one.models.parent / record).read_bytes() == (two.models.parent / record).read_bytes()


def test_fmt_and_fixes_reach_parts(pair):
    _, two = pair
    assert two.run("fmt").code == 0
    path = two.models / "openrouter/qwen.yml"
    path.write_text(
        path.read_text() + "  qwen/zz:\n    supported_endpoints:   [/v1/chat/completions]\n    mode: chat\n"
    )
    assert two.run("fmt").out.split() == [str(path)]
    assert "qwen/zz:\n    mode: chat\n    supported_endpoints:\n" in path.read_text()
    assert two.run("validate", "--fix").code == 0
    assert "qwen/zz:\n    mode: chat\n    endpoints:\n" in path.read_text()
    assert "supported_endpoints" not in path.read_text()


def test_the_past_goes_on_over_a_split(pair):
    old, _ = pair
    git(old.models.parents[1], "init", "--quiet", "--initial-branch=main")
    old.commit("2026-11-01", "one file")
    old.run("set", "openrouter/anthropic/claude-opus-4.5", "context_window=100001")
    old.commit("2026-11-02", "an edit")
    for name, text in split_text((old.models / "openrouter.yml").read_text()).items():
        (old.models / name).parent.mkdir(exist_ok=True)
        (old.models / name).write_text(text)
    old.commit("2026-11-03", "split")
    assert json.loads(old.run("changelog", "HEAD~1..HEAD", "-f", "json").out)["changes"] == []
    assert old.run("set", "openrouter/anthropic/claude-opus-4.5", "context_window=100002", "--commit").code == 0
    seen = old.run("history", "openrouter/anthropic/claude-opus-4.5#context_window", "-f", "json").out
    assert sorted(change["new"] for change in json.loads(seen)["changes"] if change["kind"] == "changed") == [
        100001, 100002,
    ]  # fmt: skip
    assert "100002" in old.run("blame", "openrouter/anthropic/claude-opus-4.5#context_window").out
    then = [
        old.run("query", "-p", "openrouter", "--at", revision, "-f", "json").out for revision in ("HEAD~2", "HEAD~1")
    ]
    assert then[0] == then[1]
    assert then[0].count("\n") == old.run("query", "-p", "openrouter", "-f", "json").out.count("\n")
    before = old.texts()
    assert old.run("remove", "openrouter/anthropic/claude-opus-4.5", "--commit").code == 0
    assert old.run("restore", "openrouter/anthropic/claude-opus-4.5", "--to", "HEAD~1").code == 0
    assert old.texts() == before
    done = old.run("restore", "openrouter/anthropic/claude-opus-4.5", "--to", "2026-11-01")
    assert done.code == 0, done.err
    changed = {name for name, text in old.texts().items() if text != before[name]}
    assert changed == {"openrouter/anthropic.yml"}
