"""sync, diff, explain, doctor and `validate --max-age` as a person runs them, with recorded answers."""

import json
import os
import subprocess
from datetime import datetime

import pytest

from registry_cli.commands.edit.session import Circumstances
from registry_cli.commands.edit.workspace import open_workspace
from registry_cli.commands.sync.recorded import recorded_fetcher
from registry_cli.commands.sync.run import SyncOptions, sync_catalog
from tests.support.sync_workspace import FILE, listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


def changed_lines(before, after):
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    return [line.strip() for was, line in zip(old, new, strict=True) if was != line]


def test_one_price_is_two_lines_of_yaml_and_one_of_the_record(run):
    run.sync(listed())
    yaml, record = run.file.read_text(), run.record.read_text()
    assert "# what we use" in yaml
    run.at("2026-11-23")
    out = run.sync(listed(price=2.5))
    assert out == "applied\tacme/large\tpricing.input\t3\t2.5\tmodels.dev\t-\n"
    assert changed_lines(yaml, run.file.read_text()) == ["input: 2.5", "updated_at: '2026-11-23T06:00:00Z'"]
    assert len(changed_lines(record, run.record.read_text())) == 1


def test_a_second_run_changes_nothing(run):
    run.sync(listed(new={"name": "New", "limit": {"context": 5000}}))
    before = run.everything()
    run.at("2026-12-24")
    out = run.sync(listed(new={"name": "New", "limit": {"context": 5000}}))
    assert (out, run.code, run.everything()) == ("", 0, before)


def test_a_new_model_stands_among_its_sorted_neighbours(run):
    run.sync(listed(medium={"name": "Medium", "limit": {"context": 5000}}))
    assert """
  medium:
    name: Medium
    mode: chat
    context_window: 5000
    capabilities:
    - streaming
    discovered_at: '2026-11-22T06:00:00Z'
    updated_at: '2026-11-22T06:00:00Z'

  small:
""" in run.file.read_text()


def test_held_is_exit_3_and_accept_and_keep_settle_it(run):
    run.sync(listed())
    for _ in range(2):
        before = run.file.read_text()
        out = run.sync(listed(context=1000000, price=31))
        assert (run.code, "held\tacme/large\tpricing.input\t3\t31" in out) == (3, True)
    assert run.file.read_text() == before
    run.sync(listed(context=1000000, price=31), "--accept", "large#pricing.input")
    assert (run.code, "input: 31.0" in run.file.read_text()) == (0, True)
    run.sync(listed(context=100000, price=31), "--keep", "acme/large")
    assert (run.code, "context_window: 1000000" in run.file.read_text()) == (0, True)
    run.sync(listed(context=100000, price=31))
    assert run.code == 0


@pytest.mark.parametrize("target", ["nope", "acme/nope", "acme/nope#name"])
def test_a_decision_about_nothing_known_is_a_slip(run, target):
    before = run.everything()
    run.sync(listed(), "--accept", target)
    assert (run.code, run.everything()) == (2, before)


def test_a_misspelt_source_is_a_slip_and_nobody_is_asked(run):
    before = run.everything()
    run("sync", "acme", "--sources", "models.dev,litelm")
    assert (run.code, "--sources: no source is called 'litelm'; did you mean litellm" in run.err) == (2, True)
    assert run.everything() == before


def test_nothing_is_noted_where_nothing_is_written(run):
    for option in ("--dry-run", "--check"):
        run.sync(listed(context=210000), option)
        shown = f"{run.file} and {run.record}"
        assert run.err.endswith(f"nothing was written; a sync would write {shown}\n")
    run.sync(listed(context=210000))
    assert run.err.endswith(f"\nwrote {shown}\n")
    run.sync(listed(context=210000))
    assert run.err.endswith("\nnothing was written\n")


def test_json_says_what_was_written(run):
    for option, files in (("--dry-run", []), ("--quiet", [str(run.file)]), ("--quiet", [])):
        document = json.loads(run.sync(listed(context=210000), "--format", "json", option))
        assert document["written"] == {"files": files, "records": [str(run.record)] if files else []}


def test_accept_of_more_than_fields_names_the_edits_that_stay(run):
    run.sync(listed(), "--accept", "all")
    run.file.write_text(run.file.read_text().replace("200000", "100000").replace("name: Small", "name: Tiny"))
    run.sync(listed(), "--accept", "all")
    assert (
        "2 edits of the file stay: acme/large#context_window, acme/small#name; to take upstream's value, name the "
        "field: --accept 'acme/large#context_window'"
    ) in run.err.splitlines()
    run.sync(listed(), "--accept", "acme/small")
    assert "1 edit of the file stays: acme/small#name; " in run.err
    run.sync(listed())
    assert "2 kept\n" in run.err
    assert "edit" not in run.err
    run.sync(listed(), "--accept", "acme/large#context_window")
    assert "1 applied, 1 kept\n" in run.err
    assert "context_window: 200000  # by hand" in run.file.read_text()


def test_answers_that_nobody_is_asked_for_cannot_be_kept(run):
    run.sync(listed(), "--record", str(run.folder / "kept"))
    assert (run.code, "--record keeps the answers of those who are asked" in run.err) == (2, True)


def test_a_dry_run_and_check_and_diff_write_nothing(run):
    before = run.everything()
    shown = run.sync(listed(), "--dry-run")
    assert (run.code, "applied" in shown) == (0, True)
    assert run.sync(listed(), "--check") == shown
    assert run.code == 1
    assert run.sync(listed(), command=("diff", "acme")) == shown
    assert (run.code, run.everything()) == (0, before)
    run.sync(listed())
    run.sync(listed(), "--check")
    assert run.code == 0


def test_an_upstream_that_fails_is_exit_4_and_changes_nothing(run):
    run.sync(listed())
    before = run.everything()
    assert run.sync('{"acme": \x1b[31m') == ""
    assert (run.code, run.everything()) == (4, before)
    assert "models.dev failed" in run.err
    assert "acme: no source answered" in run.err
    assert "\x1b" not in run.err


def test_4_beats_3_and_what_answered_is_written(run):
    run.sync(listed())
    bad = run.folder / "litellm.json"
    bad.write_text("<html>")
    run.sync(listed(price=31, new={"name": "New", "limit": {"context": 9}}), "--from", f"litellm={bad}")
    assert (run.code, "  new:" in run.file.read_text()) == (4, True)


def test_h14_what_upstream_writes_is_inert_on_the_screen(run):
    evil, odd = "\x1b]8;;http://evil\x07x", "[bold]x[/bold]|`@team`"
    limit = {"context": 9}
    answer = listed(**{name: {"name": name, "limit": limit} for name in (evil, odd, "../../etc/x")})
    for form in ("plain", "table", "markdown", "json"):
        out = run.sync(answer, "--dry-run", "--format", form)
        assert "\x1b" not in out + run.err
        assert "\x07" not in out + run.err
    assert "acme/[bold]x[/bold]\\x7c`@team`" in run.sync(answer, "--dry-run", "--format", "markdown")
    plan = json.loads(run.sync(answer, "--dry-run", "--format", "json"))
    assert [row["model"] for row in plan["changes"] if row["status"] == "new"] == [f"acme/{odd}"]
    reasons = {row["reason"] for row in plan["left_out"] if row["key"] == "id"}
    assert reasons == {"not an id: too long, outer spaces or a character that cannot be seen", "a path, not an id"}
    run.sync(answer)
    assert {path.name for path in run.folder.rglob("*.*")} >= {"acme.yml", "acme.jsonl"}
    assert [path.name for path in (run.folder / "upstream").iterdir()] == ["acme.jsonl"]
    assert "\x1b" not in run.record.read_text() + run.file.read_text()


def test_a_recording_that_cannot_be_read_is_named(run):
    run.sync('{"acme": {"models": {"x": "y')
    path = run.folder / "models.dev.json"
    assert f"models.dev failed: {path}: not JSON: a text has no closing quote (line 1, column 27)" in run.err
    assert run.code == 4
    run.sync("x" * ((16 << 20) + 1))
    assert (run.code, run.err) == (6, f"llmreg: {path}: larger than 16 MiB\n")


def test_a_provider_with_more_models_than_are_read_is_left_out_alone(run):
    many = {f"m{number}": {} for number in range(10_001)}
    out = run.sync(listed() | {"many": {"models": many}}, "--report", str(run.folder / "r.json"))
    assert run.code == 0
    assert "applied" in out
    run.sync({"acme": {"models": many}}, "--report", str(run.folder / "r.json"))
    notes = json.loads((run.folder / "r.json").read_text())["left_out"]
    assert [note["reason"] for note in notes] == ["more than 10,000 models of one provider; left out"]


def test_a_variant_without_a_condition_stops_no_sync(run):
    text = run.file.read_text().replace("      output: 15.0\n", "      output: 15.0\n      variants: [{input: 9}]\n")
    run.file.write_text(text)
    tiers = [{"tier": {"type": "context", "size": 100}, "input": 4}]
    answer = listed()
    answer["acme"]["models"]["large"]["cost"]["tiers"] = tiers
    out = run.sync(answer)
    assert run.code == 0, run.err
    assert "acme/large\tpricing.variants[input_tokens_above=100]" in out
    assert "variants: [{input: 9}]" in run.file.read_text()


def test_f6_a_provider_is_never_a_path(run):
    run("sync", "../../x")
    assert run.code == 2
    run("sync", "acmee", "--from", f"models.dev={run.folder / 'none'}")
    assert run.code == 6
    run.sync(listed(), command=("sync", "acmee"))
    assert (run.code, "did you mean acme?" in run.err) == (2, True)


def test_naming_a_provider_that_has_no_file_creates_it(run):
    answer = {"beta": {"name": "Beta", "env": ["BETA_KEY"], "models": {"b-1": {"name": "B", "limit": {"context": 9}}}}}
    run.sync(answer, command=("sync", "beta"))
    text = (run.folder / "models" / "beta.yml").read_text()
    assert text.startswith("provider: beta\nname: Beta\napi: {key_env: [BETA_KEY]}\n")
    assert run.code == 0
    run("validate", "--strict")
    assert run.code == 0
    before = run.everything()
    run.sync(answer, command=("sync", "--all"))
    assert run.everything() == before


def test_sources_of_the_file_decide_and_other_names_are_known(run):
    run.file.write_text(FILE.replace("models:\n", "sync: {sources: [litellm: acme_ai]}\nmodels:\n", 1))
    route = {"litellm_provider": "acme_ai", "mode": "chat", "max_input_tokens": 200000, "max_output_tokens": 77}
    run.sync({"acme_ai/large": route}, source="litellm")
    assert "max_output_tokens: 77" in run.file.read_text()
    run.sync(listed())
    assert (run.code, "is no source of" in run.err) == (2, True)


def test_a_file_that_breaks_the_schema_is_not_edited_by_halves(run):
    run.file.write_text(FILE.replace("200000  # by hand", "big"))
    before = run.everything()
    run.sync(listed())
    assert (run.code, run.everything()) == (6, before)
    assert "acme.yml:5:21" in run.err


def test_a_broken_record_is_told_with_its_line(run):
    run.sync(listed())
    run.record.write_text(run.record.read_text() + "<<<<<<< HEAD\n")
    before = run.everything()
    run.sync(listed(price=2))
    assert (run.code, run.everything()) == (6, before)
    assert "acme.jsonl:3:1" in run.err


def test_the_files_are_read_again_where_they_changed_while_sources_were_asked(run, monkeypatch):
    from registry_cli.commands.sync import run as module  # noqa: PLC0415

    opened = []

    def opening(*arguments):
        workspace = open_workspace(*arguments)
        if not opened:
            run.file.write_text(FILE.replace("name: Small", "name: Mine"))
        opened.append(workspace)
        return workspace

    monkeypatch.setattr(module, "open_workspace", opening)
    run.sync(listed())
    assert (len(opened), "name: Mine" in run.file.read_text()) == (2, True)


def test_a_report_and_json_say_everything(run):
    report = run.folder / "plan.md"
    answer = listed(price=4, bare={"name": "Bare"})
    out = json.loads(run.sync(answer, "--format", "json", "--report", str(report)))
    assert {(each["model"], each["field"], each["status"]) for each in out["changes"]} >= {
        ("acme/large", "pricing.input", "listed"), ("acme/bare", None, "unmatched"),
    }  # fmt: skip
    assert out["failures"] == []
    text = report.read_text()
    assert "## Differs from the file" in text
    assert "## Upstream's models that are in no file" in text


def test_explain_says_who_says_what_since_when_and_why(run):
    subprocess.run(["git", "init", "-q", str(run.folder)], check=True)
    route = {"litellm_provider": "acme", "mode": "chat", "max_input_tokens": 200000, "max_output_tokens": 77}
    lite = run.folder / "litellm.json"
    lite.write_text(json.dumps({"acme/large": route}))
    run.sync(listed(), "--from", f"litellm={lite}")
    when = "2026-11-22T08:00:00+01:00"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(run.folder), "add", "-A"], check=True)
    subprocess.run(
        ["git", "-C", str(run.folder), *identity, "commit", "-qm", "x", "--date", when], check=True,
        env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": when},
    )  # fmt: skip
    rows = [line.split("\t") for line in run("explain", "acme/large#max_output_tokens").splitlines()]
    assert rows == [
        ["max_output_tokens", "file", "8000", "-", "-", "as models.dev says"],
        ["max_output_tokens", "models.dev", "8000", "2026-11-22T07:00:00Z", "2026-11-22T06:00:00Z",
         "used (highest-priority source that states it); contested"],
        ["max_output_tokens", "litellm", "77", "2026-11-22T07:00:00Z", "2026-11-22T06:00:00Z",
         "not used: models.dev comes first; contested"],
    ]  # fmt: skip
    run("explain", "acme/large#nope")
    assert run.code == 2


def test_explain_calls_no_value_used_that_the_file_does_not_have(run):
    def why(field):
        return [line.split("\t")[-1] for line in run("explain", f"acme/large#{field}").splitlines()]

    run.sync(listed(), "--accept", "all")
    assert why("context_window") == ["as models.dev says", "used (highest-priority source that states it)"]
    run.file.write_text(run.file.read_text().replace("200000", "100000"))
    loses = "not used: the file's value stays (highest-priority source that states it)"
    assert why("context_window") == ["kept: edited in the file", loses]
    run.sync(listed(context=300000))
    assert why("context_window") == ["conflict: changed in the file and upstream", loses]
    run.sync(listed(context=300000), "--accept", "acme/large#context_window")
    assert why("context_window")[1].startswith("used (")


def test_explain_says_of_aliases_and_price_lists_what_sync_sees(run):
    run.file.write_text("provider: acme\nsync: {sources: [litellm, models.dev]}\nmodels:\n  large: {}\n  small: {}\n")
    spelled = {"acme/large": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 2e-6}}
    lite = run.folder / "litellm.json"
    lite.write_text(json.dumps(spelled))
    run.sync(listed(), "--from", f"litellm={lite}")
    rows = [line.split("\t") for line in run("explain", "acme/large#pricing.output").splitlines()]
    assert [(row[1], row[-1]) for row in rows] == [
        ("file", "no source states it"),
        ("models.dev", "not used: the rates of a price list come from sources that agree"),
    ]
    (line,) = (json.loads(row) for row in run.record.read_text().splitlines() if '"id":"large"' in row)
    line["facts"]["models.dev"]["aliases"] = ["small", "large-latest"]
    others = [row for row in run.record.read_text().splitlines() if '"id":"large"' not in row]
    run.record.write_text("\n".join([json.dumps(line), *others]) + "\n")
    (file, told) = (line.split("\t") for line in run("explain", "acme/large#aliases").splitlines())
    assert file[-1] == "the next sync takes upstream's value if its source still states it"
    assert told[-1] == "used (highest-priority source that states it); small is another model's"
    before = run.file.read_text()
    assert "not what models.dev states today" in run.sync(listed(), "--from", f"litellm={lite}")
    assert run.file.read_text() == before


def test_doctor_names_keys_and_never_shows_them(run, monkeypatch):
    canary = "sk-canary-0123456789abcdef"
    (run.folder / "models" / "openai.yml").write_text("provider: openai\nmodels: {}\n")
    (run.folder / "models" / "mistral.yml").write_text("provider: mistral\nmodels: {}\n")
    monkeypatch.setenv("OPENAI_API_KEY", canary)
    monkeypatch.delenv("MISTRAL_API_KEY", raising=False)
    out = run("doctor") + run("doctor", "--format", "json")
    assert canary not in out + run.err
    rows = {(row["source"], row["provider"]): row for row in json.loads(run("doctor", "--format", "json"))["sources"]}
    assert rows["openai", "openai"]["state"] == "ready"
    assert rows["openai", "openai"]["key"] == "OPENAI_API_KEY"
    assert rows["mistral", "mistral"]["state"] == "lacks a key"
    assert "acme" in run.err


def test_validate_finds_what_no_source_confirmed_lately(run):
    run("validate", "--max-age", "30d", "--strict", "--on", "2026-11-22")
    assert (run.code, "no source has ever been asked" in run("validate", "--max-age", "30d")) == (1, True)
    run.sync(listed())
    run("validate", "--max-age", "4w", "--strict", "--on", "2026-12-20")
    assert run.code == 0
    out = run("validate", "--max-age", "4w", "--strict", "--on", "2026-12-21")
    assert (run.code, out.count(" stale ")) == (1, 2)
    assert "last confirmed on 2026-11-22, 29 days ago" in out
    run.at("2026-12-21")
    run.sync(listed(), "--confirm")
    run("validate", "--max-age", "4w", "--strict", "--on", "2026-12-21")
    assert run.code == 0
    run("validate", "--max-age", "soon")
    assert run.code == 2


def test_a_record_that_was_read_while_sources_were_asked_is_read_again_where_it_changed(run):
    run.sync(listed(new={"name": "New", "limit": {"context": 5000}}))
    answer = run.folder / "models.dev.json"
    answer.write_text(json.dumps(listed(price=2.5, new={"name": "New", "limit": {"context": 5000}})))
    given = Circumstances(datetime.fromisoformat("2026-11-23T06:00:00+00:00"), run.folder, os.environ, run.file.parent)

    def ask(wanted, meanwhile=()):
        assert list(meanwhile) == [None, None]
        run.record.write_bytes(run.record.read_bytes().replace(b'"context_window":5000', b'"context_window":4000'))
        return recorded_fetcher({"models.dev": answer}, {"models.dev": given.stamp}, None)(wanted)

    # What the record said before would not be what is to be replaced.
    (item,) = sync_catalog(SyncOptions(("acme",)), given, ask).items
    assert (item.model, item.field, item.status) == ("acme/large", "pricing.input", "applied")
    assert b"4000" not in run.record.read_bytes()


def test_whom_to_ask_is_remembered_of_a_file_that_is_whole(run, tmp_path):
    head = "provider: acme\naliases: [acm]\nbilling: usage\napi: {key_env: [A_KEY]}\nsync: {sources: [{litellm: ac}]}\n"
    run.file.write_text(f"{head}models: {{}}\n")
    (run.folder / "models" / "broken.yml").write_text("provider: broken\napi: {base_url: 3}\nmodels: {}\n")
    fresh, again = (
        open_workspace(run.folder / "models", "2026-11-22", {"LLMREG_CACHE": str(tmp_path / "other")}) for _ in range(2)
    )
    assert fresh.examined == again.examined
    told = {stem: examined.outline.asking for stem, examined in again.examined.items()}
    body = {key: value for key, value in again.value_of("acme").items() if key not in ("provider", "models")}
    assert told == {"acme": body, "broken": None}
    assert list(body) == ["aliases", "billing", "api", "sync"]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_what_was_examined_is_remembered_as_it_would_be_found(run, tmp_path, monkeypatch, dry):
    run("validate")
    run.sync(listed(new={"name": "New", "limit": {"context": 5000}}), *dry)
    alone, shared = ({"LLMREG_CACHE": str(tmp_path / name)} for name in ("other", "cache"))
    fresh = open_workspace(run.folder / "models", "2026-11-22", alone).examined
    monkeypatch.setattr("registry_cli.commands.validate.folders._examine_now", lambda *_: pytest.fail("examined again"))
    assert open_workspace(run.folder / "models", "2026-11-22", shared).examined == fresh


def test_a_branch_needs_a_commit_to_begin_at(run):
    subprocess.run(["git", "init", "-q", str(run.folder)], check=True)
    before = run.everything()
    run.sync(listed(), "--commit", "--branch", "prices")
    assert run.code == 5
    assert run.err.splitlines() == [f"llmreg: {run.folder}: the repository has no commit yet"]
    assert {name: text for name, text in run.everything().items() if name in before} == before


def test_what_waits_says_what_to_type(run):
    run.sync(listed())
    far = listed(price=60, context=900000)
    run.sync(far)
    assert run.code == 3
    line = next(line for line in run.err.splitlines() if line.startswith("to decide"))
    target = line.split("'")[1]
    assert target in ("acme/large#pricing.input", "acme/large#context_window")
    assert line.startswith(f"to decide: --accept '{target}' takes upstream's value, --keep '{target}' keeps yours")
    run.sync(far, "--accept", target)
    assert f"'{target}'" not in run.err
    run.sync(far, "--accept", "all")
    assert "to decide" not in run.err


def test_a_new_model_is_told_with_what_one_looks_for_first(run):
    run.sync(listed())
    more = {"new": {"name": "New", "limit": {"context": 5000}, "cost": {"input": 1, "output": 2}}}
    out = run.sync(listed(**more), "--dry-run")
    assert "new\tacme/new\t-\t-\tcontext_window 5000, input 1, output 2\tmodels.dev\t-\n" in out
    assert "window 5000, input 1, output 2" in run.sync(listed(**more), "--dry-run", "--format", "markdown")
