"""`set` and `unset`: fields by name, values by the schema's types, and only the named lines."""

import json

import pytest

from registry_cli.errors import FileError
from registry_cli.store.files.lock import Lock
from tests.support.edit_workspace import ACME, STAMP, EditWorkspace

CHANGED_AT = f"    {STAMP}\n"


def large(text: str, old: str, new: str) -> str:
    """The catalog with one change in `large`, and its stamp."""
    assert not old or text.count(old) == 1
    changed = text.replace(old, new) if old else text
    return changed.replace("    release_date: '2026-01-15'\n", f"    release_date: '2026-01-15'\n{CHANGED_AT}")


@pytest.mark.parametrize(
    ("assignment", "old", "new"),
    [
        ("pricing.input=2", "input: 2.5   # was 3", "input: 2   # was 3"),
        ("pricing.input=null", "input: 2.5   # was 3", "input: null   # was 3"),
        ("pricing.cache_read=0.25", "      variants:", "      cache_read: 0.25\n      variants:"),
        ("pricing.per.web_search=0.01", "      variants:", "      per: {web_search: 0.01}\n      variants:"),
        ("context_window=128k", "context_window: 1000\n", "context_window: 128000\n"),
        ("context_window=1,048,576", "context_window: 1000\n", "context_window: 1048576\n"),
        ("context_window=1.5m", "context_window: 1000\n", "context_window: 1500000\n"),
        ("aliases+=1:30,no", "[big]", "[big, '1:30', 'no']"),
        ("aliases=[huge]", "[big]", "[huge]"),
        ("modalities.input=text,image", "    pricing:", "    modalities: {input: [text, image]}\n    pricing:"),
        ("reasoning.effort=low,high", "    pricing:", "    reasoning: {effort: [low, high]}\n    pricing:"),
        ("open_weights=false", "    pricing:", "    open_weights: false\n    pricing:"),
        ("capabilities+=streaming", "# detailed\n", "# detailed\n    - streaming\n"),
        ("capabilities+=tool_use,vision,stream", "# detailed\n", "# detailed\n    - streaming\n"),
        ("capabilities-=vision", "    - vision\n", ""),
        ("capabilities.function_calling.status=beta", "{version: '2.0'}", "{version: '2.0', status: beta}"),
        ("capabilities.vision=false", "    - vision\n", "    - vision:\n        supported: false\n"),
        ("knowledge_cutoff=2025-06", "    release_date:", "    knowledge_cutoff: '2025-06'\n    release_date:"),
        ("pricing.variants[service_tier=batch].input=1", "input: 1.25", "input: 1"),
        (
            "pricing.variants[service_tier=batch].output=5",
            "        input: 1.25\n",
            "        input: 1.25\n        output: 5\n",
        ),
        (
            "pricing.variants[input_tokens_above=200k,region=eu].multiply=1.5",
            "        input: 1.25\n",
            "        input: 1.25\n      - when: {input_tokens_above: 200000, region: eu}\n        multiply: 1.5\n",
        ),
    ],
)  # fmt: skip
def test_a_field_is_set_and_nothing_else_changes(workspace: EditWorkspace, assignment: str, old: str, new: str) -> None:
    workspace.done("set", "acme/large", assignment)
    assert workspace.text() == large(ACME, old, new)


def test_what_is_kept_under_metadata_is_free(workspace: EditWorkspace) -> None:
    workspace.done("set", "acme/large", "metadata.owner.name=no", "metadata.seats=3")
    metadata = "    metadata:\n      owner:\n        name: 'no'\n      seats: 3\n"
    assert workspace.text() == large(ACME, "", "").replace(CHANGED_AT, CHANGED_AT + metadata)


def test_the_diff_is_on_stdout_and_applies(workspace: EditWorkspace) -> None:
    ran = workspace.done("set", "acme/large", "pricing.input=2")
    assert ran.out.splitlines()[:3] == [
        "--- a/config/models/acme.yml",
        "+++ b/config/models/acme.yml",
        "@@ -9,7 +9,7 @@",
    ]
    assert "-      input: 2.5   # was 3\n+      input: 2   # was 3\n" in ran.out
    assert f"+{CHANGED_AT}" in ran.out


def test_json_has_the_changes(workspace: EditWorkspace) -> None:
    ran = workspace.done("set", "big", "pricing.input=2.0", "description=Large.", "--format", "json")
    assert json.loads(ran.out)["changes"] == [
        {"model": "acme/large", "field": "pricing.input", "old": 2.5, "new": 2},
        {"model": "acme/large", "field": "description", "new": "Large."},
    ]


@pytest.mark.parametrize(
    "assignment",
    ["pricing.input=2.50", "aliases+=big", "aliases-=tiny", "capabilities+=tools", "release_date=2026-01-15"],
)
def test_what_is_so_already_is_not_written(workspace: EditWorkspace, assignment: str) -> None:
    ran = workspace.done("set", "acme/large", assignment)
    assert (ran.out, ran.err) == ("", "nothing to change\n")
    assert workspace.text() == ACME


def test_a_dry_run_shows_and_writes_nothing(workspace: EditWorkspace) -> None:
    ran = workspace.done("set", "acme/large", "pricing.input=2", "--dry-run")
    assert "+      input: 2   # was 3" in ran.out
    assert workspace.text() == ACME


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acme/large", "contxt_window=1"), "did you mean context_window?"),
        (("acme/large", "pricing.inptu=1"), "did you mean input?"),
        (("acme/large", "cache_read=1"), "did you mean pricing.cache_read?"),
        (("acme/large", "context_window=many"), 'expected a whole number >= 1 or null, not "many"'),
        (("acme/large", "context_window=1.5"), "expected a whole number"),
        (("acme/large", "pricing.input=-1"), "expected a number >= 0"),
        (("acme/large", "pricing.input=1e400"), "too many digits|out of range"),
        (("acme/large", "pricing.input=012"), "write 12"),
        (("acme/large", "open_weights=yes"), "expected true or false"),
        (("acme/large", "mode=chatting"), "expected one of chat, "),
        (("acme/large", "release_date=2026-02-30"), "release_date"),
        (("acme/large", "aliases=null"), 'expected a list, not "null"'),
        (("acme/large", "capabilities=[vision, 5]"), "5 is no capability"),
        (("acme/large", "capabilities=null"), 'not "null"'),
        (("acme/large", "pricing=null"), 'expected a mapping, not "null"'),
        (("acme/large", "modalities.input=smell"), "expected one of text"),
        (("acme/large", "context_window+=1"), "is for lists"),
        (("acme/large", "context_window"), "is not FIELD=VALUE"),
        (("acme/large", "context_window.tokens=1"), "has no place in a single value"),
        (("acme/large", "pricing.variants[tier=batch].input=1"), "known are input_tokens_above"),
        (("acme/large", "pricing.variants[batch].input=1"), "is not a condition"),
        (("acme/large", "pricing[service_tier=batch].input=1"), "brackets choose a variant"),
        (("acme/large", "reasoning={effort: [low"), "is not YAML"),
        (("acme/large", "name=a\nb"), "large#name"),
        (("acme/huge", "context_window=1"), "acme has no model 'huge'"),
        (("acem/large", "context_window=1"), "did you mean acme/large?"),
        (("acme", "models.large.context_window=1"), "name the model"),
        (("acme", "provider=other"), "name the model"),
        (("acme", "billing=barter"), "expected one of usage, subscription, local"),
    ],
)
def test_a_wrong_field_or_value_is_refused_with_what_was_expected(
    workspace: EditWorkspace, arguments: tuple[str, ...], said: str
) -> None:
    err = workspace.refused(2, "set", *arguments)
    assert any(text in err for text in said.split("|")), err
    assert err.count("\n") == 1


def test_only_what_the_edit_itself_makes_wrong_stops_it(workspace: EditWorkspace) -> None:
    wrong = ACME.replace(
        "  small:\n    context_window: 500\n", "  small:\n    context_window: 500\n    max_output_tokens: 600\n"
    )
    workspace.write("acme.yml", wrong)
    workspace.write("bad.yml", "provider: bad\nmodels: {a: {b\n")
    err = workspace.refused(1, "set", "acme/large", "context_window=400")
    assert "config/models/acme.yml:10:24 output-above-context" in err
    assert "small" not in err
    workspace.done("set", "acme/large", "context_window=2000")
    assert "context_window: 2000" in workspace.text()
    assert "bad.yml" in workspace.refused(6, "set", "bad/a", "context_window=1")


def test_a_new_warning_is_mentioned_and_stops_nothing(workspace: EditWorkspace) -> None:
    ran = workspace.done("set", "acme/large", "capabilities+=own_thing")
    assert "unknown-capability" in ran.err
    assert "own_thing" in workspace.text()


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("pricing.input", "      input: 2.5   # was 3\n", ""),
        ("aliases", "    aliases: [big]  # people say so\n", ""),
        ("capabilities.vision", "    - vision\n", ""),
        (
            "pricing.variants[service_tier=batch]",
            "      variants:\n      - when: {service_tier: batch}\n        input: 1.25\n",
            "",
        ),
        ("capabilities.function_calling.version", ": {version: '2.0'}   # detailed", ""),
    ],
)
def test_unset(workspace: EditWorkspace, field: str, old: str, new: str) -> None:
    workspace.done("unset", "acme/large", field)
    assert workspace.text() == large(ACME, old, new)


def test_unset_of_what_is_not_there(workspace: EditWorkspace) -> None:
    assert workspace.done("unset", "acme/large", "pricing.cache_read", "description").err == "nothing to change\n"
    assert "did you mean description?" in workspace.refused(2, "unset", "acme/large", "descripton")
    assert "the key is missing" not in workspace.text()


def test_fields_of_a_provider(workspace: EditWorkspace) -> None:
    workspace.done("set", "acme", "default_model=small", "features+=streaming", "api.key_env=ACME_KEY")
    assert workspace.text() == ACME.replace(
        "default_model: large\n",
        "api:\n  key_env: [ACME_KEY]\nfeatures: [streaming]\ndefault_model: small\n",
    ).replace("api:\n  key_env: [ACME_KEY]", "api: {key_env: [ACME_KEY]}")
    assert "default-model-unresolved" in workspace.refused(1, "set", "acme", "default_model=medium")


def test_the_provider_s_own_time_moves_with_facts_of_its_own(workspace: EditWorkspace) -> None:
    workspace.write(
        "acme.yml", ACME.replace("default_model: large\n", "default_model: large\nupdated_at: '2020-01-01T00:00:00Z'\n")
    )
    workspace.done("set", "acme/small", "context_window=600")
    assert "\nupdated_at: '2020-01-01T00:00:00Z'\n" in workspace.text()
    workspace.done("set", "acme", "default_model=small")
    assert f"\n{STAMP}\n" in workspace.text()


def test_a_stamp_moves_only_where_a_fact_changed(workspace: EditWorkspace) -> None:
    workspace.done("set", "acme/large", "pricing.input=2")
    assert workspace.text().count("updated_at") == 1
    workspace.done("set", "acme/small", "updated_at=2026-01-01T00:00:00Z")
    assert "updated_at: '2026-01-01T00:00:00Z'" in workspace.text()


def test_a_fact_under_an_older_key_is_changed_there(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", "provider: acme\nmodels:\n  a:\n    supported_modalities: [text]\n")
    workspace.done("set", "acme/a", "modalities.input+=image")
    assert workspace.text() == f"provider: acme\nmodels:\n  a:\n    supported_modalities: [text, image]\n    {STAMP}\n"


def test_a_capabilities_file_is_edited_where_the_model_stands(workspace: EditWorkspace) -> None:
    old = "provider: acme\nmodel_capabilities:\n  other:\n    capabilities:\n      vision: true  # sees\n"
    workspace.write("acme_capabilities.yml", old)
    workspace.done("set", "acme/other", "capabilities-=vision", "capabilities+=streaming", "-q")
    assert "streaming: true" in workspace.text("acme_capabilities.yml")
    assert workspace.text() == ACME


def test_y7_y10_marks_and_line_ends_stay(workspace: EditWorkspace) -> None:
    old = "\ufeff" + ACME.replace("\n", "\r\n").removesuffix("\r\n")
    workspace.write("acme.yml", old)
    workspace.done("set", "acme/small", "context_window=600")
    assert workspace.text() == old.replace("context_window: 500", "context_window: 600").replace(
        "    replacement: large", f"    replacement: large\r\n    {STAMP}"
    )


def test_y14_an_unquoted_date_stays_as_it_is_written(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", ACME.replace("'2026-01-15'", "2026-01-15"))
    assert workspace.done("set", "acme/large", "release_date=2026-01-15").err == "nothing to change\n"
    workspace.done("set", "acme/large", "context_window=2000")
    assert "release_date: 2026-01-15\n" in workspace.text()


def test_y17_an_edit_through_an_alias_or_a_merge_changes_nothing_else(workspace: EditWorkspace) -> None:
    text = (
        "provider: acme\nmodels:\n  a: {pricing: &p {input: 1}}\n  b:\n    pricing: *p\n"
        "  c:\n    <<: {context_window: 5}\n"
    )
    workspace.write("acme.yml", text)
    workspace.run("set", "acme/b", "pricing.input=2")
    workspace.run("set", "acme/c", "context_window=6")
    lines = [line for line in workspace.text().splitlines() if "updated_at" not in line]
    assert "\n".join(lines) + "\n" == text.replace("*p", "{input: 2}") + "    context_window: 6\n"


def test_an_edit_beside_a_tag_is_refused_with_its_reason(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", "provider: acme\nmodels:\n  a: !!map {context_window: 5}\n")
    refused = workspace.refused(6, "set", "acme/a", "context_window=6")
    assert "cannot set models.a.context_window exactly: it stands behind a tag" in refused


def test_the_catalog_that_came_with_llmreg_is_read_only(
    workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "is read-only" in workspace.refused(2, "set", "openai/gpt-4o", "pricing.input=1")


def test_a_lock_held_by_another_run(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry_cli.store.files.transaction.WRITER_PATIENCE", 0.1)
    with Lock(workspace.models):
        assert "another run" in workspace.refused(75, "set", "acme/large", "pricing.input=1")
        assert workspace.run("set", "acme/large", "pricing.input=1", "--dry-run").code == 0


def test_a_read_only_folder(workspace: EditWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise FileError(str(workspace.models / "acme.yml"), "Read-only file system")

    monkeypatch.setattr("registry_cli.store.files.transaction.write_beside", fail)
    assert "acme.yml: Read-only file system" in workspace.refused(6, "set", "acme/large", "pricing.input=1")


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["pricing.input="], "pricing.input"),
        (["pricing.input=~"], "pricing.input"),
        (["pricing.input=true"], "pricing.input"),
        (["context_window=5", "context_window=6"], "context_window is set twice"),
        (["name=a\x1b[31m"], "holds a character that cannot be seen"),
    ],
)
def test_values_that_are_slips(workspace: EditWorkspace, texts: list[str], says: str) -> None:
    before = workspace.files()
    assert says in workspace.refused(2, "set", "acme/large", *texts)
    assert workspace.files() == before
