"""`llmreg import --past`: models that sources once listed are found again, and nothing else changes."""

import json
from pathlib import Path

import pytest

from registry_cli.yamledit.document import load_value
from tests.support.cli import run_llmreg
from tests.support.models_dev_clones import LARGE, git, make_clone
from tests.support.sync_workspace import listed, run  # noqa: F401  # a fixture

GONE = {"name": "Old", "limit": {"context": 1000, "output": 500}, "cost": {"input": 7, "output": 9}}


@pytest.fixture
def past(run, tmp_path):  # noqa: F811
    """`past(SOURCE=FILE, ...)` gives what the command came to; the catalog was synced before from models.dev."""
    run.sync(listed(), "--recorded-on", "models.dev=2026-11-20")
    assert run.code in (0, 3), run.err

    def imported(*arguments, to=run.folder / "models"):
        return run_llmreg("import", "--past", *map(str, arguments), "--to", str(to))

    imported.run, imported.models = run, run.folder / "models"
    return imported


def clone_with(folder: Path, **models: str) -> Path:
    """models.dev's repository, in which these models were listed until March."""
    ids = {f"acme/{name.replace('_', '-')}": text for name, text in models.items()}
    return make_clone(folder, [("2026-01-01", {"acme/large": LARGE, **ids}), ("2026-03-01", dict.fromkeys(ids))])


def litellm_map(folder: Path, **entries) -> Path:
    path = folder / "litellm.json"
    path.write_text(
        json.dumps({key: {"litellm_provider": "acme", "mode": "chat"} | entry for key, entry in entries.items()})
    )
    return path


def bodies(path: Path) -> dict:
    return load_value(path.read_text())["models"]


def record_of(past, model_id):
    lines = map(json.loads, past.run.record.read_text().splitlines())
    return next(line for line in lines if line["id"] == model_id)


def test_a_model_that_was_listed_once_is_added_with_its_last_facts(past, tmp_path):
    before = past.run.file.read_text()
    done = past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == ["acme: 1 added", "added 1 models to 1 providers; 0 notes"]
    after = past.run.file.read_text()
    assert all(line in after for line in before.splitlines())  # comments too
    old = bodies(past.run.file)["old"]
    assert (old["status"], old["context_window"], old["name"]) == ("unlisted", 200000, "Large")
    assert old["pricing"] == {"input": 3, "output": 15}
    assert "metadata" not in old
    line = record_of(past, "old")
    assert (line["gone"], line["checked"]) == (["models.dev"], {"models.dev": "2026-03-01T12:00:00Z"})


def test_a_second_run_that_learns_nothing_writes_nothing(past, tmp_path):
    clone = clone_with(tmp_path / "clone", old=LARGE, older=LARGE)
    past(f"models.dev={clone}")
    before = past.run.everything()
    assert past(f"models.dev={clone}").err.splitlines()[-1] == "added 0 models to 0 providers; 0 notes"
    assert past.run.everything() == before


def test_a_dry_run_writes_nothing(past, tmp_path):
    before = past.run.everything()
    done = past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}", "--dry-run")
    assert done.err.splitlines() == ["acme: 1 added", "would add 1 models to 1 providers; 0 notes"]
    assert past.run.everything() == before


def test_sync_leaves_it_as_it_is_until_a_source_lists_it_again(past, tmp_path):
    past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}")
    before = past.run.everything()
    said = past.run.sync(listed())
    assert ("old" in said, past.run.everything()) == (False, before)
    said = past.run.sync(listed(old=GONE))
    assert "models.dev lists it again" in said
    old = bodies(past.run.file)["old"]
    assert "status" not in old
    assert (old["name"], old["pricing"]["input"]) == ("Old", 7)
    assert "gone" not in record_of(past, "old")
    again = past.run.everything()
    past.run.sync(listed(old=GONE))
    assert past.run.everything() == again


def test_a_source_that_states_its_end_overwrites_the_status(past, tmp_path):
    past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}")
    past.run.sync(listed(old={**GONE, "status": "deprecated"}))
    assert bodies(past.run.file)["old"]["status"] == "deprecated"


def test_a_date_that_has_passed_makes_it_retired(past, tmp_path):
    """LiteLLM states the day of the end, and no status."""
    past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}")
    entry = {"litellm_provider": "acme", "mode": "chat", "deprecation_date": "2026-05-01"}
    past.run.sync({"acme/old": entry}, source="litellm")
    old = bodies(past.run.file)["old"]
    assert (old["status"], old["retirement_date"]) == ("retired", "2026-05-01")
    before = past.run.everything()
    past.run.sync({"acme/old": entry}, source="litellm")
    assert past.run.everything() == before


def test_a_date_in_the_record_alone_changes_nothing(past, tmp_path):
    entry = {"max_input_tokens": 5, "deprecation_date": "2026-11-25"}
    past(f"litellm={litellm_map(tmp_path, old=entry)}")
    assert bodies(past.run.file)["old"]["status"] == "unlisted"
    past.run.at("2026-12-01")
    past.run.sync(listed())
    assert bodies(past.run.file)["old"]["status"] == "unlisted"
    assert "retired" in past.run("show", "acme/old", "--on", "2026-12-01")


def test_a_status_that_a_person_wrote_stays(past, tmp_path):
    past(f"models.dev={clone_with(tmp_path / 'clone', old=LARGE)}")
    past.run("set", "acme/old", "status=retired")
    past.run.sync(listed(old=GONE))
    assert bodies(past.run.file)["old"]["status"] == "retired"


def test_a_model_that_a_person_deleted_stays_deleted(past, tmp_path):
    clone = clone_with(tmp_path / "clone", old=LARGE)
    past(f"models.dev={clone}")
    past.run("remove", "acme/old")
    assert "old" not in bodies(past.run.file), past.run.err
    before = past.run.everything()
    done = past(f"models.dev={clone}", f"exllm={exllm_folder(tmp_path, 'old', 'OLD')}")
    assert "left out 3: deleted in the file" in done.err.splitlines()
    assert past.run.everything() == before


def exllm_folder(tmp_path, *ids, provider="acme"):
    folder = tmp_path / "exllm"
    folder.mkdir(exist_ok=True)
    entries = "".join(f"  {name}:\n    context_window: 999\n    pricing: {{input: 1, output: 1}}\n" for name in ids)
    (folder / f"{provider}.yml").write_text(f"provider: {provider}\nmodels:\n{entries}")
    return folder


def test_of_exllm_only_the_ids_are_taken(past, tmp_path):
    done = past(f"exllm={exllm_folder(tmp_path, 'ancient', 'acme/prefixed', 'large')}")
    assert done.code == 0, done.err
    found = bodies(past.run.file)
    for name in ("ancient", "prefixed"):
        assert {key for key in found[name] if not key.endswith("_at")} == {"status"}
    assert len(found) == 4
    assert record_of(past, "ancient")["facts"]["exllm"] == {}


def test_a_provider_without_a_file_gets_one_without_an_address(past, tmp_path):
    facts = 'name = "Corp"\nenv = ["CORP_KEY"]\napi = "https://corp.example/v1"\ndoc = "https://corp.example"\n'
    days = [("2026-01-01", {"corp": facts, "corp/m": LARGE}), ("2026-03-01", {"corp": None, "corp/m": None})]
    done = past(f"models.dev={make_clone(tmp_path / 'clone', days)}")
    assert "corp: 1 added (new file)" in done.err.splitlines()
    value = load_value((past.models / "corp.yml").read_text())
    assert (value["name"], value["documentation"], "api" in value) == ("Corp", "https://corp.example", False)
    assert value["models"]["m"]["status"] == "unlisted"


@pytest.mark.parametrize("spelled", ["LARGE", "acme/large", "Large", "acme-large"])
def test_another_spelling_of_a_model_is_none(past, tmp_path, spelled):
    past.run.file.write_text(past.run.file.read_text().replace("  small:", "  acme/large-2:\n    name: L2\n\n  small:"))
    before = past.run.everything()
    wanted = {"acme-large": "acme-large-2"}.get(spelled, spelled)
    past(f"litellm={litellm_map(tmp_path, **{wanted: {'max_input_tokens': 5}})}")
    assert past.run.everything() == before


@pytest.mark.parametrize("name", ["two words", "vendor%2Fmodel", "ft:gpt-4o:someone::abc"])
def test_what_no_call_can_carry_or_is_an_account_s_is_left_out(past, tmp_path, name):
    before = past.run.everything()
    done = past(f"litellm={litellm_map(tmp_path, **{name: {'max_input_tokens': 5}})}")
    assert ("left out 1" in done.err, past.run.everything()) == (True, before)


def test_keys_of_prices_are_no_models_of_their_own(past, tmp_path):
    past.models.joinpath("azure.yml").write_text("provider: azure\nmodels:\n  gpt-x: {}\n")
    entry = {"litellm_provider": "azure", "input_cost_per_token": 1e-6, "max_input_tokens": 5}
    keys = ("azure/gpt-x", "azure/eu/gpt-x", "standard/1024-x-1024/gpt-x")
    done = past(f"litellm={litellm_map(tmp_path, **dict.fromkeys(keys, entry))}")
    assert (done.code, list(bodies(past.models / "azure.yml"))) == (0, ["gpt-x"])


def test_a_model_that_the_source_still_lists_is_for_sync(past, tmp_path):
    """The clone is younger than what the record has of models.dev."""
    days = [("2026-01-01", {"acme/new": LARGE}), ("2026-11-21", {"acme/other": LARGE})]
    clone = make_clone(tmp_path / "clone", days)
    before = past.run.everything()
    past(f"models.dev={clone}")
    assert past.run.everything() == before
    git(clone, "reset", "--quiet", "--hard", "HEAD~1")  # now it is of January
    past(f"models.dev={clone}")
    assert bodies(past.run.file)["new"]["status"] == "unlisted"
    assert record_of(past, "new")["checked"] == {"models.dev": "2026-01-01T12:00:00Z"}


def test_a_dated_list_that_is_the_newest_says_nothing_of_the_past(past, tmp_path):
    lists = litellm_map(tmp_path, old={"max_input_tokens": 5})
    past(f"litellm={lists}", "--recorded-on", "litellm=2026-11-21")
    assert "old" not in bodies(past.run.file)
    past(f"litellm={lists}", "--recorded-on", "litellm=2026-01-21")
    assert record_of(past, "old")["checked"] == {"litellm": "2026-01-21T00:00:00Z"}


def test_a_model_whose_end_a_source_states_is_retired(past, tmp_path):
    entry = {"max_input_tokens": 5, "deprecation_date": "2025-05-01"}
    past(f"litellm={litellm_map(tmp_path, old=entry)}")
    old = bodies(past.run.file)["old"]
    assert (old["status"], old["retirement_date"]) == ("retired", "2025-05-01")


def test_an_entry_that_tells_only_how_a_model_ended_gets_its_last_facts(past, tmp_path):
    """Whether the lifecycle was synced first or the past imported first, the entry is the same."""
    line = {
        "id": "old",
        "facts": {"@base": {"mode": "chat", "capabilities": ["streaming"]},
                  "@base,modeldeprecations": {"status": "retired", "retirement_date": "2026-04-01"}},
        "checked": {"modeldeprecations": "2026-11-20T00:00:00Z"},
    }  # fmt: skip
    with past.run.record.open("a") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
    entry = "  old: {mode: chat, status: retired, capabilities: [streaming], retirement_date: '2026-04-01'}\n"
    past.run.file.write_text(past.run.file.read_text() + "\n" + entry)
    clone = clone_with(tmp_path / "clone", old=LARGE)
    assert "acme: 0 added, 1 completed" in past(f"models.dev={clone}").err.splitlines()
    old = bodies(past.run.file)["old"]
    assert (old["status"], old["retirement_date"], old["context_window"]) == ("retired", "2026-04-01", 200000)
    before = past.run.everything()
    assert past(f"models.dev={clone}").code == 0
    assert past.run.everything() == before


def test_where_only_an_end_and_an_id_are_known_nothing_is_inferred(past, tmp_path):
    said = {"retirement_date": "2026-04-01", "status": "retired"}
    line = {"id": "old", "facts": {"@base,modeldeprecations": said}, "checked": {}}
    with past.run.record.open("a") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
    entry = "  old: {status: retired, retirement_date: '2026-04-01'}\n"
    past.run.file.write_text(past.run.file.read_text() + "\n" + entry)
    past(f"exllm={exllm_folder(tmp_path, 'old')}")
    assert {key for key in bodies(past.run.file)["old"] if not key.endswith("_at")} == {"status", "retirement_date"}


def test_the_first_source_takes_precedence_where_sync_has_no_order(past, tmp_path):
    prices = [{"rates": {"input": 2, "output": 4}, "start": None}]
    snapshot = {"prices": {"acme": {"old": {"standard": prices}}}, "status": {"acme": {"old": "removed", "large": "x"}},
                "updated_at": "2026-10-26T00:00:00Z"}  # fmt: skip
    path = tmp_path / "model-prices.json"
    path.write_text(json.dumps(snapshot))
    genai = [{"id": "acme", "name": "Acme", "models": [
        {"id": "old", "match": {"equals": "old"}, "prices": {"input_mtok": 50}, "context_window": 77}]}]  # fmt: skip
    other = tmp_path / "genai.json"
    other.write_text(json.dumps(genai))
    done = past(f"model-prices={path}", f"genai-prices={other}")
    assert done.code == 0, done.err
    old = bodies(past.run.file)["old"]
    assert (old["pricing"], old["context_window"]) == ({"input": 2, "output": 4}, 77)
    assert record_of(past, "old")["gone"] == ["genai-prices", "model-prices"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing=x"], "no past of 'nothing' can be read"),
        (["csv=x"], "no past of 'csv' can be read"),
        (["litellm"], "is not SOURCE=FILE"),
        (["litellm=a", "litellm=b"], "litellm is named twice"),
        (["litellm=/nowhere/at/all"], "/nowhere/at/all"),
        (["models.dev=/nowhere"], "not the top of a git clone"),
        (["exllm=/nowhere"], "not a folder of YAML"),
        (["litellm=a", "--recorded-on", "litellm=yesterday"], "is not a day"),
    ],
)
def test_wrong_arguments_change_nothing(past, arguments, message):
    before = past.run.everything()
    done = past(*arguments)
    assert (done.code != 0, message in done.err, len(done.err.splitlines())) == (True, True, 1), done.err
    assert past.run.everything() == before


def test_lists_that_are_none_change_nothing(past, tmp_path):
    before = past.run.everything()
    for source in ("litellm", "model-prices", "genai-prices"):
        path = tmp_path / "odd.json"
        for text in ("", "[1]", "{}", '{"prices": 3, "status": {}}', "<html>"):
            path.write_text(text)
            done = past(f"{source}={path}")
            assert (done.code, len(done.err.splitlines())) != (70, 0), done.err
            assert done.code in (5, 6) or "added 0 models" in done.err, (source, text, done)
    assert past.run.everything() == before


def test_a_day_is_for_the_past_alone(past, tmp_path, monkeypatch):
    done = run_llmreg("import", "litellm=x", "--recorded-on", "litellm=2026-01-01")
    assert (done.code, "--recorded-on is for --past" in done.err) == (2, True)


def test_the_notes_file_names_every_model_that_was_left_out(past, tmp_path):
    notes = tmp_path / "notes.txt"
    lists = litellm_map(tmp_path, **{"two words": {"max_input_tokens": 5}, "fine": {"max_input_tokens": 5}})
    past(f"litellm={lists}", "--notes", notes)
    assert notes.read_text() == "acme/two words\tlitellm\t\tan id that no call can carry\n"
