"""`validate --fix`: today's names, and quotes where readers disagree; nothing that needs judgement."""

from pathlib import Path

import pytest

from registry_cli.core.edits.fixes import fix_text
from registry_cli.store.catalog.load import read_vocabulary
from tests.support.cli import run_llmreg
from tests.support.edit_workspace import EditWorkspace

HEAD = "provider: acme\nmodels:\n"


def fix(text: str, stem: str = "acme") -> str:
    return fix_text(text, stem, read_vocabulary())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "  a:\n    capabilities:\n    - tool_use  # yes\n",
            "  a:\n    capabilities:\n    - function_calling  # yes\n",
        ),
        ("  a:\n    capabilities: [tools, vision]\n", "  a:\n    capabilities: [function_calling, vision]\n"),
        ("  a:\n    capabilities: {tools: true}\n", "  a:\n    capabilities: {function_calling: true}\n"),
        (
            "  a:\n    capabilities:\n    - tools: {version: '1'}  # one\n",
            "  a:\n    capabilities:\n    - function_calling: {version: '1'}  # one\n",
        ),
        ("  a:\n    capabilities: [tools, function_calling]\n", "  a:\n    capabilities: [function_calling]\n"),
        ("  a:\n    capabilities: [own_thing]\n", "  a:\n    capabilities: [own_thing]\n"),
        ("  a:\n    supported_endpoints: [chat]  # one\n", "  a:\n    endpoints: [chat]  # one\n"),
        ("  a:\n    model_info: {parameters: 7}\n", "  a:\n    metadata: {parameters: 7}\n"),
        (
            "  a:\n    supported_modalities: [text, pdf]\n    supported_output_modalities: [code]\n    mode: chat\n",
            "  a:\n    mode: chat\n    modalities: {input: [text, pdf], output: [text]}\n",
        ),
        ("  a:\n    release_date: 2026-01-15  # day\n", "  a:\n    release_date: '2026-01-15'  # day\n"),
        ("  a:\n    family: &f no\n  b:\n    family: *f\n", "  a:\n    family: &f 'no'\n  b:\n    family: *f\n"),
        ("  no:\n    aliases: [off, 1:30, on]\n", "  'no':\n    aliases: ['off', '1:30', 'on']\n"),
    ],
)
def test_what_is_mended(old: str, new: str) -> None:
    assert fix(HEAD + old) == HEAD + new
    assert fix(HEAD + new) == HEAD + new


def test_a_fix_that_would_lose_a_comment_is_left_to_a_person() -> None:
    text = HEAD + "  a:\n    supported_modalities:\n    - text  # surely\n    capabilities: [tools]\n"
    assert fix(text) == text.replace("tools", "function_calling")


@pytest.mark.parametrize("item", ["5", "{vision: {status: beta}, tools: {status: beta}}", "{}", "[tools]", "true"])
def test_what_is_no_capability_stays_as_written_and_wrong(workspace: EditWorkspace, item: str) -> None:
    text = HEAD + f"  a:\n    capabilities: [tools, {item}]\n"
    mended = text.replace("[tools,", "[function_calling,")
    assert fix(text) == mended
    workspace.write("acme.yml", text)
    assert workspace.run("validate", "--fix").code == 1
    assert workspace.text() == mended


@pytest.mark.parametrize("wrong", ["supported_modalities: [text, 5]", "modalities: {inptu: [text], output: [text]}"])
def test_a_mistake_in_modalities_stays(wrong: str) -> None:
    text = HEAD + f"  a:\n    supported_output_modalities: [text]\n    {wrong}\n"
    assert wrong.removeprefix("modalities: {").rstrip("}") in fix(text)


def test_line_ends_and_a_mark_stay() -> None:
    text = "\ufeff" + (HEAD + "  a:\n    release_date: 2026-01-15\n    capabilities: [tools]").replace("\n", "\r\n")
    assert fix(text) == text.replace("2026-01-15", "'2026-01-15'").replace("tools", "function_calling")


def test_the_models_of_an_older_file() -> None:
    text = "provider: acme\nmodel_capabilities:\n  a: {}\n"
    assert fix(text) == text.replace("model_capabilities", "models")
    assert fix(text, "acme_capabilities") == text


def test_features_and_defaults() -> None:
    text = "provider: acme\nfeatures: [tools]\ndefaults: {capabilities: [stream]}\nmodels: {}\n"
    assert fix(text) == text.replace("tools", "function_calling").replace("stream", "streaming")


def test_the_command_shows_the_change_and_what_is_left(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", HEAD + "  a:\n    capabilities: [tools]\n    context_window: 0\n")
    ran = workspace.run("validate", "--fix")
    assert ran.code == 1
    assert "-    capabilities: [tools]\n+    capabilities: [function_calling]\n" in ran.out
    assert "config/models/acme.yml:5:21 schema" in ran.out
    assert "capability-spelling" not in ran.out
    assert workspace.text() == HEAD + "  a:\n    capabilities: [function_calling]\n    context_window: 0\n"


def test_what_is_left_is_said(workspace: EditWorkspace) -> None:
    older = "    supported_modalities: [text]  # why\n    supported_output_modalities: [text]  # and why\n"
    workspace.write("acme.yml", f"{HEAD}  m:\n{older}")
    ran = workspace.run("validate", "--fix")
    assert "--fix left" in ran.err
    assert "--fix left" not in workspace.run("validate").err


def test_a_dry_run_shows_and_writes_nothing(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", HEAD + "  a:\n    capabilities: [tools]\n")
    ran = workspace.run("validate", "--fix", "--dry-run")
    assert ran.code == 0
    assert "+    capabilities: [function_calling]" in ran.out
    assert "capability-spelling" in ran.out
    assert "[tools]" in workspace.text()
    assert "belongs to --fix" in workspace.refused(2, "validate", "--dry-run")


def test_json_stays_json(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", HEAD + "  a:\n    capabilities: [tools]\n")
    assert workspace.run("validate", "--fix", "--format", "json").out.startswith("{")


def test_a_file_with_faults_is_left(workspace: EditWorkspace) -> None:
    text = HEAD + "  a: {capabilities: [tools]}\n  a: {}\n"
    workspace.write("acme.yml", text)
    assert workspace.run("validate", "--fix").code == 1
    assert workspace.text() == text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  a:\n    capabilities: &c [tools] # x\n  b:\n    capabilities: *c\n", [("tools", "function_calling")]),
        ("  a: &a\n    capabilities:\n    - tools\n  b:\n    <<: *a\n    name: B\n", [("tools", "function_calling")]),
        (
            "  a:\n    supported_endpoints: &e [chat]\n  b:\n    endpoints: *e\n",
            [("supported_endpoints", "endpoints")],
        ),
    ],
)
def test_what_models_share_is_fixed_once(old: str, new: list[tuple[str, str]]) -> None:
    text = HEAD + old
    for one, other in new:
        text = text.replace(one, other)
    assert fix(HEAD + old) == text


def test_a_file_that_cannot_be_fixed_does_not_keep_others_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    models = tmp_path / "config" / "models"
    models.mkdir(parents=True)
    for name in ("aa", "zz"):
        (models / f"{name}.yml").write_text(f"provider: {name}\nmodels:\n  m:\n    capabilities: [tools]\n")
    odd = "provider: mm\nmodels:\n  p: {capabilities: &c !!seq [tools]}\n  q: {capabilities: *c}\n"
    (models / "mm.yml").write_text(odd)
    run_llmreg("validate", "--fix", "--catalog", models)
    assert (models / "mm.yml").read_text() == odd
    for name in ("aa", "zz"):
        assert "[function_calling]" in (models / f"{name}.yml").read_text()
