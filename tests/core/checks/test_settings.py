"""`config/llmreg.yml`: what it may say, and what is said of a slip in it."""

from pathlib import Path

import pytest

from registry_cli.core.catalog.settings import CommitSettings, Settings, SyncSettings, ValidateSettings, resolve_groups
from registry_cli.errors import YamlError
from registry_cli.store.cache import settings as settings_store
from registry_cli.store.cache.settings import examine_file, read_settings
from registry_cli.store.catalog.bundled import bundled_data
from tests.support.cli import run_llmreg

PROVIDER = """\
provider: acme
models:
  large:
    pricing: {input: 1, output: 2, variants: [{when: {service_tier: batch}, input: 3}]}
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    root = tmp_path / "config" / "models"
    root.mkdir(parents=True)
    (root / "acme.yml").write_text(PROVIDER)
    return root


def settled(catalog: Path, text: str) -> Settings:
    (catalog.parent / "llmreg.yml").write_text(text)
    return read_settings(catalog)


def test_without_a_file_everything_is_as_usual(catalog):
    assert read_settings(catalog) == Settings()
    assert read_settings(catalog).sync.pull_request is None


def test_everything_can_be_said(catalog):
    text = """\
sync:
  pull_request: true
  base: main
  draft: true
  labels: [llmreg]
  assignees: [ann]
  reviewers: [bob, acme/team]
  groups: {gateways: [openrouter, vercel]}
commit: {name: 'llmreg[bot]', email: bot@example.org}
validate: {ignore: [tier-cache-rate], strict: true}
"""
    assert settled(catalog, text) == Settings(
        SyncSettings(
            True, "main", True, ("llmreg",), ("ann",), ("bob", "acme/team"), {"gateways": ("openrouter", "vercel")}
        ),
        CommitSettings("llmreg[bot]", "bot@example.org"),
        ValidateSettings(("tier-cache-rate",), strict=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sync:\n  pull_requests: true\n", "llmreg.yml:2:3 unknown-key sync.pull_requests: unknown key; did you mean"),
        ("sync: {labels: llmreg}\n", "llmreg.yml:1:16 schema sync.labels: expected a list"),
        ("validate:\n  ignore: [tier-cash-rate]\n", "llmreg.yml:2:12 schema validate.ignore[0]: no rule has the code"),
        ("sync:\n  groups: {a: [x], b: [x]}\n", "llmreg.yml:2:24 schema sync.groups.b[0]: x is in the group a, too"),
        ("sync: {base: main, base: dev}\n", "llmreg.yml:1:20 duplicate-key "),
        ("sync: [\n", "llmreg.yml:2:1 yaml-syntax "),
        ("- sync\n", "llmreg.yml:1:1 schema expected a mapping"),
    ],
)
def test_a_slip_is_told_with_its_place(catalog, text, said):
    with pytest.raises(YamlError) as fault:
        settled(catalog, text)
    assert said in str(fault.value)


def test_a_provider_is_in_the_first_group_that_names_or_matches_it():
    groups = {"a": ["x-*", "one"], "b": ["x-2", "[xy]-?", "new"], "c": ["*"]}
    found = resolve_groups(groups, ["one", "two", "x-1", "x-2", "y-1", "X-1"])
    assert found == {"a": ("x-1", "x-2", "one"), "b": ("y-1", "new"), "c": ("X-1", "two")}


@pytest.mark.parametrize("member", ["*-gateway", "?x", "[ab]*", "[!a]-1", "plain.id"])
def test_patterns_are_members(catalog, member):
    assert settled(catalog, f"sync: {{groups: {{a: ['{member}']}}}}\n").sync.groups == {"a": (member,)}


@pytest.mark.parametrize("member", ["", "-x", "a b", "a/*", "{a,b}"])
def test_what_is_no_pattern_is_a_slip(catalog, member):
    with pytest.raises(YamlError):
        settled(catalog, f"sync: {{groups: {{a: ['{member}']}}}}\n")


def test_validate_checks_it_and_does_as_it_says(catalog):
    def validated(path, *arguments, code=0):
        ran = run_llmreg("validate", path, *arguments)
        assert ran.code == code
        return ran.out

    settings = catalog.parent / "llmreg.yml"
    assert "batch-dearer" in validated(catalog)
    settings.write_text("validate: {ignore: [batch-dearer], strict: true}\n")
    assert validated(catalog) == ""
    assert "batch-dearer" in validated(catalog, "--select", "batch-dearer", code=1)
    settings.write_text("validat: {}\n")
    fault = "llmreg.yml:1:1 unknown-key validat: unknown key; did you mean validate?"
    assert fault in validated(catalog, code=1)
    alone = validated(settings, code=1)
    assert fault in alone
    assert "batch-dearer" not in alone


def test_this_catalog_opens_pull_requests():
    assert read_settings(bundled_data() / "config" / "models").sync.pull_request is True


def test_its_verdict_is_remembered_by_its_content(catalog, tmp_path, monkeypatch):
    examined = []
    real = settings_store.examine_text
    monkeypatch.setattr(settings_store, "examine_text", lambda data: examined.append(data) or real(data))
    path, environ = catalog.parent / "llmreg.yml", {"LLMREG_CACHE": str(tmp_path / "cache")}
    texts = ("sync: {groups: {a: [x, y]}, labels: [llmreg]}\n", "validat: {}\n", "sync: [\n", "")
    for text in texts:
        path.write_text(text)
        assert examine_file(path, environ) == examine_file(path, environ) == examine_file(path)
    assert examined == [text.encode() for text in texts for _ in range(2)]  # once, and once without the memory


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"settings": 3, "marks": []},
        {"settings": {"sync": {"x": 1}}, "marks": []},
        {"settings": {}, "marks": [3]},
        {"settings": {"validate": 3}, "marks": []},
    ],
)
def test_a_memory_of_another_shape_changes_no_answer(catalog, tmp_path, monkeypatch, kept):
    path = catalog.parent / "llmreg.yml"
    path.write_text("validat: {}\n")
    monkeypatch.setattr(settings_store, "read_memo", lambda *_: kept)
    assert examine_file(path, {"LLMREG_CACHE": str(tmp_path / "cache")}) == examine_file(path)
