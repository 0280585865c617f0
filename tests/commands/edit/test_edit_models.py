"""`add`, `remove`, `rename`, `deprecate`, `alias`, and a person's own models."""

import re
from pathlib import Path

import pytest

from tests.support.edit_workspace import ACME, STAMP, EditWorkspace


def test_add(workspace: EditWorkspace) -> None:
    workspace.done("add", "acme/mini", "context_window=8k", "capabilities=tools,vision", "pricing.input=0.1")
    assert workspace.text() == ACME.replace(
        "\n  small:\n",
        "\n  mini:\n"
        "    context_window: 8000\n"
        "    pricing:\n"
        "      input: 0.1\n"
        "    capabilities:\n"
        "    - function_calling\n"
        "    - vision\n"
        f"    {STAMP}\n"
        "\n  small:\n",
    )


def test_y12_ids_that_old_readers_misread_are_quoted(workspace: EditWorkspace) -> None:
    for model in ("no", "1:30", "1e3", "~"):
        workspace.done("add", f"acme/{model}", "context_window=1")
        assert f"\n  '{model}':\n" in workspace.text()
    workspace.done("rename", "acme/no", "Off")
    assert "\n  'Off':\n    aliases: ['no']\n" in workspace.text()


def test_add_like(workspace: EditWorkspace) -> None:
    workspace.done("add", "acme/larger", "--like", "big", "context_window=2000")
    added = workspace.text().replace(ACME.partition("\n  small")[0], "").partition("\n  small")[0]
    assert added == (
        "\n  larger:\n"
        "    context_window: 2000\n"
        "    max_output_tokens: 500\n"
        "    pricing:\n"
        "      input: 2.5\n"
        "      output: 10\n"
        "      variants:\n"
        "      - when: {service_tier: batch}\n"
        "        input: 1.25\n"
        "    capabilities:\n"
        "    - vision\n"
        "    - function_calling: {version: '2.0'}\n"
        f"    {STAMP}\n"
    )


def test_add_refuses_what_is_there_and_what_is_no_name(workspace: EditWorkspace) -> None:
    assert "exists already" in workspace.refused(2, "add", "acme/large")
    assert "is an alias of large" in workspace.refused(2, "add", "acme/big")
    assert "is not PROVIDER/ID" in workspace.refused(2, "add", "huge")
    assert "--new-provider creates it" in workspace.refused(2, "add", "amce/huge")
    assert "output-above-context" in workspace.refused(1, "add", "acme/x", "context_window=1", "max_output_tokens=2")


@pytest.mark.parametrize("provider", ["..", ".hidden", "a b", "a\\b", ""])
def test_f6_a_provider_s_name_is_never_a_path(workspace: EditWorkspace, provider: str) -> None:
    assert "cannot be a provider's id" in workspace.refused(2, "add", f"{provider}/x", "--new-provider")


def test_a_new_file_is_read_back_before_it_is_written(
    workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "registry_cli.commands.edit.provider_text.emit_document", lambda *_: "provider: initech\nmodels: {}\n"
    )
    assert "does not read back" in workspace.refused(1, "add", "initech/x", "--new-provider")


@pytest.mark.parametrize("provider", ["ACME", "Broken", "Hooli", "initech_capabilities", "acme_capabilities"])
def test_a_provider_that_would_spoil_the_catalog(workspace: EditWorkspace, provider: str) -> None:
    workspace.write("hooli_capabilities.yml", "provider: hooli\nmodel_capabilities: {}\n")
    workspace.write("broken.yml", "- - -\n: [")
    said = workspace.refused(2, "add", f"{provider}/x", "--new-provider")
    assert re.search("only by case|belongs to '(initech|acme)'", said)


def test_a_file_of_one_s_own_that_would_spoil_the_catalog(
    workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = workspace.root / "own"
    own.mkdir()
    monkeypatch.setenv("LLMREG_OVERLAY", str(own))
    assert "only by case" in workspace.refused(2, "add", "ACME/x", "--new-provider", "--overlay")
    workspace.write("../../own/ACME.yml", "provider: ACME\nmodels: {}\n")
    assert "only by case" in workspace.refused(2, "set", "acme/large", "context_window=2000", "--overlay")


def test_f6_a_path_is_no_provider(workspace: EditWorkspace) -> None:
    assert "cannot be a provider's id" in workspace.refused(2, "add", "../../x", "--new-provider")


def test_a_new_provider(workspace: EditWorkspace) -> None:
    ran = workspace.done("add", "initech/tps-1", "context_window=1000", "--new-provider")
    assert "--- /dev/null\n+++ b/config/models/initech.yml\n" in ran.out
    body = f"provider: initech\nmodels:\n  tps-1:\n    context_window: 1000\n    {STAMP}\n"
    assert workspace.text("initech.yml") == body
    (workspace.root / "schema").mkdir()
    (workspace.root / "schema" / "provider.schema.json").write_text("{}")
    workspace.done("add", "hooli/box", "--new-provider")
    assert workspace.text("hooli.yml").startswith(
        "# yaml-language-server: $schema=../../schema/provider.schema.json\nprovider:"
    )


def test_remove(workspace: EditWorkspace) -> None:
    workspace.done("remove", "acme/small")
    assert workspace.text() == ACME.partition("\n  small")[0]


def test_remove_is_refused_while_something_refers_to_the_model(workspace: EditWorkspace) -> None:
    err = workspace.refused(1, "remove", "acme/large")
    assert "default-model-unresolved" in err
    assert "replacement-unresolved" in err
    workspace.done("remove", "acme/large", "--force")
    assert "  large" not in workspace.text()


def test_remove_sees_references_by_alias_and_from_other_files(workspace: EditWorkspace) -> None:
    workspace.write("other.yml", "provider: other\nmodels:\n  x: {replacement: acme/small}\n")
    assert "config/models/other.yml:3:20 replacement-unresolved" in workspace.refused(1, "remove", "acme/small")


def test_rename_keeps_the_old_id_and_what_refers_follows(workspace: EditWorkspace) -> None:
    workspace.write("other.yml", "provider: other\nmodels:\n  x: {replacement: acme/large}  # see\n")
    ran = workspace.done("rename", "big", "large-1")
    assert "b/config/models/acme.yml" in ran.out
    assert workspace.text() == (
        ACME.replace("default_model: large", "default_model: large-1")
        .replace("  large:  # since", "  large-1:  # since")
        .replace("[big]", "[big, large]")
        .replace("replacement: large\n", f"replacement: large-1\n    {STAMP}\n")
        .replace("'2026-01-15'\n", f"'2026-01-15'\n    {STAMP}\n")
    )
    assert workspace.text("other.yml") == (
        f"provider: other\nmodels:\n  x: {{replacement: acme/large-1, {STAMP}}}  # see\n"
    )


def test_rename_to_an_alias_of_its_own_or_to_another_model(workspace: EditWorkspace) -> None:
    workspace.done("rename", "acme/large", "big")
    assert "aliases: [large]" in workspace.text()
    assert "is already there" in workspace.refused(2, "rename", "acme/big", "small")
    assert workspace.done("rename", "acme/big", "acme/big").err == "nothing to change\n"


def test_rename_takes_the_capabilities_file_along(workspace: EditWorkspace) -> None:
    workspace.write("acme_capabilities.yml", "provider: acme\nmodel_capabilities:\n  small: {capabilities: [vision]}\n")
    workspace.done("rename", "acme/small", "tiny", "-q")
    assert "\n  tiny: {capabilities: [vision]}\n" in workspace.text("acme_capabilities.yml")
    assert "\n  tiny:\n    aliases: [small]\n" in workspace.text()


def test_faults_that_a_model_had_do_not_stop_its_renaming(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", "provider: acme\nmodels:\n  a: {context_window: 5, max_output_tokens: 9}\n")
    workspace.done("rename", "acme/a", "b")
    assert "\n  b: {aliases: [a], context_window: 5" in workspace.text()


def test_deprecate(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", ACME.replace("  small:\n", "  small:\n    status: active\n"))
    workspace.done(
        "deprecate", "acme/small", "--on", "2026-11-01", "--retire", "2027-05-01", "--replacement", "acme/big"
    )
    assert workspace.text().endswith(
        "  small:\n    status: deprecated\n    context_window: 500\n"
        "    deprecation_date: '2026-11-01'\n    retirement_date: '2027-05-01'\n"
        f"    replacement: large\n    {STAMP}\n"
    )


def test_deprecate_in_the_future_leaves_the_status(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", ACME.replace("  small:\n", "  small:\n    status: active\n"))
    workspace.done("deprecate", "acme/small", "--on", "2027-01-01")
    assert "status: active" in workspace.text()
    assert "deprecation_date: '2027-01-01'" in workspace.text()


def test_deprecate_refuses_nonsense(workspace: EditWorkspace) -> None:
    assert 'expected text of another form, not "tomorrow" (A day, YYYY-MM-DD' in workspace.refused(
        2, "deprecate", "acme/small", "--on", "tomorrow"
    )
    assert "cannot replace itself" in workspace.refused(2, "deprecate", "acme/small", "--replacement", "small")
    assert "has no model 'medium'" in workspace.refused(2, "deprecate", "acme/small", "--replacement", "acme/medium")
    assert "date-order" in workspace.refused(
        1, "deprecate", "acme/small", "--on", "2026-05-01", "--retire", "2026-04-01"
    )


def test_alias(workspace: EditWorkspace) -> None:
    workspace.done("alias", "acme/large", "acme/huge", "big")
    assert "aliases: [big, huge]  # people say so" in workspace.text()
    workspace.done("alias", "acme/large", "big", "huge", "--remove")
    assert "aliases" not in workspace.text()
    assert "has no alias big" in workspace.refused(2, "alias", "acme/large", "big", "--remove")
    assert "alias-collision" in workspace.refused(1, "alias", "acme/large", "small")
    assert "alias-collision" in workspace.refused(1, "alias", "acme/large", "large")


def test_an_alias_that_something_uses_is_not_removed(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", ACME.replace("default_model: large", "default_model: big"))
    assert "default-model-unresolved" in workspace.refused(1, "alias", "acme/large", "big", "--remove")


@pytest.fixture
def own(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a person's own models; it does not exist yet."""
    return workspace.root.parent / "xdg" / "llmreg" / "models"


def test_a_person_s_own_models(workspace: EditWorkspace, own: Path) -> None:
    workspace.write("ollama.yml", "provider: ollama\nbilling: local\nmodels: {}\n")
    before = workspace.files()
    workspace.done("add", "--overlay", "ollama/my-model", "context_window=32768")
    text = f"provider: ollama\nmodels:\n  my-model:\n    context_window: 32768\n    {STAMP}\n"
    assert (own / "ollama.yml").read_text() == text
    workspace.done("set", "--overlay", "my-model", "context_window=64k")
    assert "context_window: 64000" in (own / "ollama.yml").read_text()
    assert "is not among your own" in workspace.run("remove", "--overlay", "acme/large").err
    workspace.done("remove", "--overlay", "ollama/my-model")
    assert (own / "ollama.yml").read_text() == "provider: ollama\nmodels: {}\n"
    assert workspace.files() == before


def test_a_persons_models_may_be_of_a_provider_that_the_catalog_has_not(workspace: EditWorkspace, own: Path) -> None:
    workspace.done("add", "--overlay", "nowhere/my-model", "context_window=32768")
    assert "my-model" in (own / "nowhere.yml").read_text()


def test_an_id_that_could_not_be_asked_for_is_refused(workspace: EditWorkspace) -> None:
    assert "an id holds no #" in workspace.refused(2, "add", "acme/a#b")
    assert "an id holds no #" in workspace.refused(2, "rename", "acme/large", "a#b")


def test_the_overlay_holds_only_what_it_overrides(workspace: EditWorkspace, own: Path) -> None:
    workspace.done("set", "--overlay", "acme/large", "pricing.input=1", "capabilities+=streaming")
    assert (own / "acme.yml").read_text() == (
        "provider: acme\nmodels:\n  large:\n    pricing:\n      input: 1\n    capabilities:\n    - vision\n"
        f"    - function_calling: {{version: '2.0'}}\n    - streaming\n    {STAMP}\n"
    ) or (own / "acme.yml").read_text() == (
        "provider: acme\nmodels:\n  large:\n    pricing:\n      input: 1\n    capabilities:\n    - vision\n"
        f"    - function_calling:\n        version: '2.0'\n    - streaming\n    {STAMP}\n"
    )
    workspace.done("unset", "--overlay", "acme/large", "capabilities")
    assert "capabilities" not in (own / "acme.yml").read_text()
    assert workspace.text() == ACME


def test_an_overlay_that_is_not_wanted_or_not_there(
    workspace: EditWorkspace, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.done("add", "--overlay", "acme/mine", "--dry-run")
    assert not own.exists()
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    assert "LLMREG_OVERLAY is empty" in workspace.refused(2, "add", "--overlay", "acme/mine")
    monkeypatch.setenv("LLMREG_OVERLAY", str(workspace.root / "mine"))
    workspace.done("add", "--overlay", "acme/mine", "context_window=5")
    assert (workspace.root / "mine" / "acme.yml").is_file()
