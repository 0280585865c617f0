"""`history`, `blame`, `changelog` and `restore` as they are run, on one small history."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from registry_cli.api import Registry
from registry_cli.errors import GitError
from registry_cli.store.catalog.bundled import bundled_data
from tests.support.cli import run_llmreg
from tests.support.git_program import OF_ANOTHER_OWNER, use_another_git
from tests.support.history_repositories import Repository, git

FIRST = """\
provider: acme
models:
  large:  # the big one
    context_window: 1000
    pricing: {input: 3, output: 15, effective_date: '2026-01-01'}
    capabilities: [vision]
  mini:
    context_window: 10
    supported_modalities: [text]
    pricing: {input: 1.0, output: 2}
"""
SECOND = """\
provider: acme
models:
  large:  # the big one
    context_window: 2000
    pricing:
      input: 2.5
      output: 15
      effective_date: '2026-02-01'
      variants:
      - when: {service_tier: batch}
        input: 1.25
    capabilities: [vision, tools]
  mini:
    context_window: 10
    modalities: {input: [text]}
    pricing: {input: 1.0, output: 2}
"""
THIRD = """\
provider: acme
models:
  large-2:  # the big one
    aliases: [large]
    context_window: 2000
    pricing:
      input: 4
      output: 15
    capabilities: [vision, function_calling]
    deprecation_date: '2026-12-01'
  nano: {context_window: 5}
"""


@pytest.fixture
def past(repository: Repository) -> Repository:
    repository.commit("2026-01-02", "Begin", {"acme.yml": FIRST})
    repository.git("tag", "v1")
    repository.commit("2026-02-02", "Cheaper | [x](y) <b>", {"acme.yml": SECOND})
    repository.commit("2026-02-10", "Oops", {"acme.yml": f"{SECOND}  bad: [\n"})
    repository.commit("2026-03-02", "Another name", {"acme.yml": THIRD})
    return repository


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_history_follows_a_model_through_its_names(past, run):
    done = run("history", "acme/large-2")
    assert done.code == 0
    found = [(row[0], *row[3:7]) for row in rows(done.out)]
    assert found[:4] == [
        ("2026-03-02", "id", "large", "large-2", "-"),
        ("2026-03-02", "aliases", "-", "large", "-"),
        ("2026-03-02", "pricing.input", "2.5", "4", "-"),
        ("2026-03-02", "deprecation_date", "-", "2026-12-01", "-"),
    ]
    assert ("2026-02-02", "context_window", "1000", "2000", "-") in found
    assert ("2026-02-02", "capabilities.function_calling", "-", "yes", "-") in found
    assert found[-1] == ("2026-01-02", "added", "-", "-", "-")
    assert "acme.yml could not be read" in done.err
    assert run("history", "large").out == done.out


def test_history_shows_the_commits_date_and_the_day_a_price_holds_from(past, run):
    done = run("history", "large#pricing.input", "--format", "json")
    changes = json.loads(done.out)["changes"]
    assert [(each["date"], each["new"], each["effective_date"]) for each in changes] == [
        ("2026-03-02T12:00:00Z", 4, None),
        ("2026-02-02T12:00:00Z", 2.5, "2026-02-01"),
        ("2026-01-02T12:00:00Z", 3, "2026-01-01"),
    ]
    assert "old" not in changes[-1]  # null there is a fact that does not apply
    assert changes[1]["author"] == "Ann"
    assert changes[1]["model"] == "acme/large"
    assert changes[1]["commit"] == past.git("rev-parse", "v1~0^{commit}", "HEAD~2").split()[1]


def test_history_of_a_model_that_is_gone(past, run):
    found = rows(run("history", "mini").out)
    assert [(row[0], row[3]) for row in found] == [("2026-03-02", "removed"), ("2026-01-02", "added")]
    assert "removed" in run("blame", "mini").err


def test_blame_names_the_commit_of_each_value(past, run):
    found = {row[0]: (row[1], row[2]) for row in rows(run("blame", "large-2").out)}
    assert found["pricing.input"] == ("4", "2026-03-02")
    assert found["pricing.output"] == ("15", "2026-01-02")
    assert found["context_window"] == ("2000", "2026-02-02")
    assert found["id"] == ("large-2", "2026-03-02")
    assert "pricing.effective_date" not in found


def test_blame_marks_what_is_not_committed(past, run):
    edited = THIRD.replace("input: 4", "input: 4.5").replace("[vision, function_calling]", "[tools, vision, streaming]")
    past.write({"acme.yml": edited.replace("    deprecation_date: '2026-12-01'\n", "")})
    committed = {row[0]: row[5] != "not committed yet" for row in rows(run("blame", "large-2").out)}
    assert [field for field, is_so in committed.items() if not is_so] == ["pricing.input", "capabilities.streaming"]
    assert "deprecation_date" not in committed
    (line,) = rows(run("blame", "large-2#pricing.input").out)
    assert line == ["pricing.input", "4.5", "-", "-", "-", "not committed yet"]
    past.write({"acme.yml": "models: ["})  # then HEAD's is all there is
    assert {row[5] for row in rows(run("blame", "large-2#pricing.input").out)} == {"Another name"}


def test_changelog_between_tags_days_and_the_work_tree(past, run):
    assert [row[1:6] for row in rows(run("changelog", "v1..2026-02-05").out)] == [
        ["price down", "acme/large", "pricing.input", "3", "2.5"],
        ["price", "acme/large", "pricing.effective_date", "2026-01-01", "2026-02-01"],
        ["price", "acme/large", "pricing.variants[service_tier=batch].input", "-", "1.25"],
        ["limit", "acme/large", "context_window", "1000", "2000"],
        ["capability gained", "acme/large", "capabilities.function_calling", "-", "yes"],
    ]
    whole = run("changelog")  # since the last tag
    assert "from v1" in whole.err
    kinds = [(row[1], row[2]) for row in rows(whole.out)]
    assert kinds[:4] == [
        ("new", "acme/nano"), ("removed", "acme/mini"), ("renamed", "acme/large-2"), ("deprecated", "acme/large-2"),
    ]  # fmt: skip
    assert ("price up", "acme/large-2") in kinds
    past.write({"acme.yml": THIRD.replace("input: 4", "input: 5")})
    assert [row[-1] for row in rows(run("changelog", "HEAD").out)] == ["+25 %"]
    assert run("changelog", "HEAD..HEAD").out == ""


def test_changelog_in_markdown_is_inert(past, run):
    past.write({"b.yml": "provider: b\nname: '<script>'\nmodels:\n  'a|[b](c)': {context_window: 1}\n"})
    out = run("changelog", "HEAD", "--format", "markdown").out
    assert "- `b/a\\x7c[b](c)`" in out
    assert "<script>" not in out
    assert "### New models" in out


def test_changelog_as_a_feed_has_an_entry_for_each_commit(past, run):
    feed = ET.fromstring(run("changelog", "..", "--format", "atom").out)  # noqa: S314  # our own
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert [entry.findtext(f"{atom}summary") for entry in entries] == ["Another name", "Cheaper | [x](y) <b>", "Begin"]
    assert entries[0].findtext(f"{atom}updated") == feed.findtext(f"{atom}updated") == "2026-03-02T12:00:00Z"
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    again = ET.fromstring(run("changelog", "v1..", "--format", "atom").out)  # noqa: S314
    assert [entry.findtext(f"{atom}id") for entry in again.findall(f"{atom}entry")] == ids[:2]


def test_restore_puts_back_one_field_and_nothing_else(past, run):
    done = run("restore", "large#pricing.input", "--to", "v1")
    assert done.code == 0, done.err
    text = (past.models / "acme.yml").read_text()
    stamp = text.partition("updated_at: ")[2].partition("\n")[0]
    assert text == THIRD.replace("input: 4", "input: 3").replace(
        "    deprecation_date: '2026-12-01'\n", f"    deprecation_date: '2026-12-01'\n    updated_at: {stamp}\n"
    )


def test_restore_brings_a_model_back_and_commits(past, run):
    done = run("restore", "acme/mini", "--to", "2026-02-05", "--commit")
    assert done.code == 0, done.err
    subject, empty, *fields = past.git("log", "-1", "--format=%B").strip().splitlines()
    assert (subject.startswith("acme/mini: restored to "), empty) == (True, "")
    assert fields
    assert all(line.startswith("- ") and " -> " in line for line in fields)
    assert "modalities: {input: [text]}" in (past.models / "acme.yml").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["restore", "large", "--to", "2025-01-01"], 2, "no commit by the end of 2025-01-01"),
        (["restore", "nano", "--to", "v1"], 2, "was not in the catalog"),
        (["restore", "large", "--to", "2026-02-10"], 6, "yaml-syntax"),
        (["restore", "large#nonsense", "--to", "v1"], 2, "unknown field"),
        (["history", "larg"], 2, "did you mean"),
        (["history", "large#nonsense"], 2, "never stated"),
        (["changelog", "v9"], 2, "no revision"),
        (["changelog", "--output=x"], 2, ""),
        (["changelog", "a...b"], 2, "two dots"),
    ],
)
def test_what_cannot_be_done_is_said(past, run, arguments, code, said):
    before = (past.models / "acme.yml").read_bytes()
    done = run(*arguments)
    assert (done.code, said in done.err) == (code, True), done.err
    assert "Traceback" not in done.err
    assert (past.models / "acme.yml").read_bytes() == before


def test_g3_no_repository_no_git_and_other_commands_work(tmp_path, run, monkeypatch):
    models = tmp_path / "config" / "models"
    models.mkdir(parents=True)
    (models / "acme.yml").write_text(THIRD)
    at = ("--catalog", str(models))
    done = run("history", "nano", *at)
    assert (done.code, "not in a git repository" in done.err) == (5, True)
    empty = tmp_path / "bin"
    empty.mkdir()
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("PATH", str(empty))
    done = run("history", "nano", *at)
    assert (done.code, "git program is not installed" in done.err) == (5, True)
    assert run("query", *at).code == 0


def test_g3_dubious_ownership_is_said(past, run, tmp_path, monkeypatch):
    use_another_git(monkeypatch, tmp_path / "bin", OF_ANOTHER_OWNER)
    done = run("history", "large")
    assert (done.code, "safe.directory" in done.err) == (5, True)


def test_g3_a_repository_without_a_commit(repository, run):
    repository.write({"acme.yml": THIRD})
    done = run("history", "nano")
    assert done.code == 2
    assert "unknown model" in done.err


def test_g4_a_shallow_clone_is_refused(past, run, tmp_path):
    git(tmp_path, "clone", "--quiet", "--depth", "1", past.top.as_uri(), str(tmp_path / "shallow"))
    at = ("--catalog", str(tmp_path / "shallow" / "config" / "models"))
    for command in (["history", "nano"], ["blame", "nano"], ["changelog"], ["restore", "nano", "--to", "2026-01-01"]):
        done = run(*command, *at)
        assert (done.code, "fetch-depth: 0" in done.err) == (5, True)


def test_g6_a_worktree_and_a_submodule(past, run, tmp_path):
    past.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "v1")
    inside = rows(run("history", "large", "--catalog", str(tmp_path / "tree" / "config" / "models")).out)
    assert [row[3] for row in inside] == ["added"]  # as of its own HEAD
    outer = Repository(tmp_path / "outer", "unused")
    outer.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(past.top), "catalog")
    outer.commit("2026-04-01", "A submodule")
    assert (tmp_path / "outer" / "catalog" / ".git").is_file()
    done = run("history", "large", "--catalog", str(tmp_path / "outer" / "catalog" / "config" / "models"))
    assert len(rows(done.out)) == len(rows(run("history", "large").out))


def test_all_parents_names_the_commit_of_the_branch(past, run):
    past.git("checkout", "--quiet", "-b", "side")
    past.commit("2026-03-05", "On the side", {"acme.yml": THIRD.replace("input: 4", "input: 6")})
    past.git("checkout", "--quiet", "main")
    past.commit("2026-03-06", "On the line", {"b.yml": "provider: b\nmodels: {}\n"})
    past.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side", day="2026-03-07")
    assert rows(run("history", "large#pricing.input").out)[0][-1] == "Merge"
    assert rows(run("history", "large#pricing.input", "--all-parents").out)[0][-1] == "On the side"
    assert len(rows(run("history", "large#pricing.input", "--all-parents").out)) == 4


def test_what_becomes_of_a_provider_is_no_news_of_a_model_that_is_gone(repository, run):
    both = "models:\n  one: {context_window: 1}\n  two: {context_window: 2}\n  three: {context_window: 3}\n"
    two = both.replace("  one: {context_window: 1}\n", "")
    repository.commit("2026-01-02", "Begin", {"acme.yml": f"provider: acme\n{both}"})
    repository.commit("2026-01-03", "Without one", {"acme.yml": f"provider: acme\n{two}"})
    repository.commit("2026-01-04", "Its name", {"acme.yml": None, "acme-ai.yml": f"provider: acme-ai\n{two}"})
    assert [row[3] for row in rows(run("history", "acme/one").out)] == ["removed", "added"]
    assert "was removed" in run("blame", "one").err
    renamed, added = json.loads(run("history", "two", "--format", "json").out)["changes"]
    assert (renamed["model"], renamed["old"], renamed["new"]) == ("acme-ai/two", "acme", "acme-ai")
    assert added["model"] == "acme/two"
    done = run("restore", "acme-ai/one", "--to", "2026-01-02")
    assert done.code == 0
    assert "one:" in (repository.models / "acme-ai.yml").read_text()


@pytest.mark.parametrize("ends", ["v1..v2", "v2..v1", "v2..v1~0", "v1.."])
def test_a_changelog_tells_renames_in_both_directions(repository, run, ends):
    entry = "models:\n  {}: {{context_window: 1, pricing: {{input: {}}}}}\n"
    repository.commit("2026-01-02", "Begin", {"acme.yml": "provider: acme\n" + entry.format("one", 1)})
    repository.git("tag", "v1")
    named = entry.format("two", 2).replace("{context", "{aliases: [one], context")
    repository.commit("2026-01-03", "Two", {"acme.yml": f"provider: acme\n{named}"})
    repository.commit("2026-01-04", "Its name", {"acme.yml": None, "umbrella.yml": f"provider: umbrella\n{named}"})
    repository.git("tag", "v2")
    kinds = {each["kind"] for each in json.loads(run("changelog", ends, "--format", "json").out)["changes"]}
    assert {"renamed", "renamed provider"} < kinds
    assert not {"new", "removed", "new provider", "removed provider"} & kinds
    assert ("price up" in kinds) == ends.startswith("v1")
    assert ("price down" in kinds) == ends.startswith("v2")


def test_a_rewritten_history_is_told_anew(past, run):
    assert len(rows(run("history", "large").out)) > 10
    past.git("reset", "--quiet", "--hard", "v1")
    assert [row[3] for row in rows(run("history", "large").out)] == ["added"]
    past.commit("2026-06-01", "Otherwise", {"acme.yml": FIRST.replace("input: 3", "input: 8")})
    assert [row[3] for row in rows(run("history", "large").out)] == ["pricing.input", "added"]


def test_a_damaged_cache_costs_time_only(past, run):
    expected = run("history", "large").out
    (file,) = Path(os.environ["LLMREG_CACHE"]).glob("history-*.sqlite")
    file.write_bytes(file.read_bytes()[:5000])
    assert run("history", "large").out == expected
    file.write_bytes(b"no database")
    assert run("history", "large").out == expected
    data = file.read_bytes()
    for start in range(4096, len(data), 4096):  # each page but the first
        file.write_bytes(data[:start] + b"\xff" * 4096 + data[start + 4096 :])
        for command in (["history", "large"], ["blame", "large-2"], ["changelog", "..", "--format", "atom"]):
            done = run(*command)
            assert done.code == 0
            assert command[0] != "history" or done.out == expected
    assert run("history", "large", "--no-cache").out == expected


def test_the_past_in_sql(past, run):
    spans = rows(run("sql", "select since, until, price_text from prices_over_time"
                            " where full_id = 'acme/large-2' and rate = 'input' order by since").out)  # fmt: skip
    assert spans == [
        ["2026-01-01", "2026-02-01", "3"], ["2026-02-01", "2026-03-02", "2.5"], ["2026-03-02", "9999-12-31", "4"],
    ]  # fmt: skip
    counted = run("sql", "select kind, count(*) from changes where kind = 'renamed' group by kind").out
    assert rows(counted) == [["renamed", "1"]]
    both = "select count(distinct c.number), count(distinct p.rate) from changes c, prices_over_time p"
    assert rows(run("sql", both).out) == [["3", "3"]]


def test_the_past_in_sql_ends_at_a_moment(past, run):
    spans = "select since, until, price_text from prices_over_time where full_id = 'acme/large' and rate = 'input'"
    assert rows(run("sql", spans, "--at", "v1").out) == [["2026-01-01", "9999-12-31", "3"]]
    assert rows(run("sql", spans, "--at", "2026-02-20").out)[-1] == ["2026-02-01", "9999-12-31", "2.5"]
    past.git("checkout", "--quiet", "-b", "side", "v1")
    past.commit("2026-02-21", "On the side", {"acme.yml": FIRST.replace("input: 3", "input: 9")})
    past.git("checkout", "--quiet", "main")
    assert rows(run("sql", spans, "--at", "side").out)[-1][2] == "9"
    assert rows(run("sql", "select max(number) from changes", "--at", "HEAD").out) == rows(
        run("sql", "select max(number) from changes").out
    )


def test_a_catalog_that_went_through_two_folders_and_came_back(past, run):
    ids = {}
    for day, place in (("2026-04-01", "models"), ("2026-04-02", "catalog/llm"), ("2026-04-03", "config/models")):
        (folder,) = past.top.glob("**/acme.yml")
        (past.top / place).mkdir(parents=True, exist_ok=True)
        past.git("mv", str(folder), f"{place}/acme.yml")
        ids[place] = past.commit(day, f"Into {place}")
    assert [row[5] for row in rows(run("changelog", "v2..HEAD").out)] == []
    assert len(rows(run("history", "large-2").out)) == len(rows(run("history", "large-2", "--no-cache").out)) > 10
    for commit in ids.values():
        assert run("show", "large-2", "--at", commit).code == 0


def test_the_api(past):
    registry = Registry(past.models)
    assert registry.history("large")[0].change.kind == "added"
    assert [span.since for span in registry.price_history("large") if span.rate == "input"] == [
        "2026-01-01", "2026-02-01", "2026-03-02",
    ]  # fmt: skip
    assert {news.kind for news in registry.changelog("HEAD").news} == set()
    shutil.rmtree(past.top / ".git")
    with pytest.raises(GitError):
        registry.history("large")


def test_an_unchanged_history_imports_no_yaml(past):
    command = ["-X", "importtime", "-m", "registry_cli", "history", "acme/large-2"]
    runs = [subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True) for _ in range(2)]
    assert "yaml._yaml" in runs[0].stderr
    for module in ("yaml", "httpx", "git", "ruamel", "jsonschema", "rich"):
        assert f" {module}\n" not in runs[1].stderr


@pytest.mark.parametrize("command", ["history", "blame"])
def test_rows_without_ids_are_not_asked_for_ids(past, run, command):
    done = run(command, "large", "--format", "ids")
    assert (done.code, done.out, "is not one of plain" in done.err) == (2, "", True)


@pytest.mark.parametrize(
    "command",
    [
        "history m1", "blame m1", "changelog", "changelog HEAD --format atom", "restore m1 --to HEAD",
        "restore m1 --to HEAD --dry-run", "query --at HEAD", "show m1 --at HEAD", "validate --at HEAD",
        "sql 'select * from changes'", "sql --at HEAD 'select 1'",
    ],
)  # fmt: skip
@pytest.mark.parametrize("named", [False, True])
def test_the_bundled_catalog_has_no_past_and_a_repository_around_it_is_another_s(tmp_path, monkeypatch, command, named):
    """As in a virtual environment within somebody's project."""
    packaged = tmp_path / "project" / ".venv" / "_bundled"
    (packaged / "config" / "models").mkdir(parents=True)
    (packaged / "config" / "models" / "acme.yml").write_text("provider: acme\nmodels:\n  m1: {}\n")
    (packaged / "schema").symlink_to(bundled_data() / "schema")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "Not of llmreg")):
        git(tmp_path / "project", *arguments)
    for module in ("bundled", "locate"):
        monkeypatch.setattr(f"registry_cli.store.catalog.{module}.bundled_data", lambda: packaged)
    monkeypatch.chdir(tmp_path)
    option = ("--catalog", packaged / "config" / "models") if named else ()
    ran = run_llmreg(*shlex.split(command), *option)
    assert (ran.code, ran.out) == (5, "")
    assert "the bundled catalog has no git history: " in ran.err
    assert len(ran.err.splitlines()) == 1
