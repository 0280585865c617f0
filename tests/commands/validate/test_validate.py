"""`validate` as people and CI run it: what is looked at, what comes out, and how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from registry_cli.cli import app
from registry_cli.commands.validate.folders import _examine_now
from registry_cli.commands.validate.validate import validate
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules import BY_CODE
from registry_cli.errors import LlmregError, UsageError
from registry_cli.render.findings import github_annotations, plain_findings
from registry_cli.store.cache import blobs as remembered
from registry_cli.store.cache import findings as findings_cache
from registry_cli.store.two_cores import map_in_two_processes
from tests.support.findings import ON, findings_in

GOOD = "provider: acme\nmodels:\n  one: {}\n"
WARNS = "provider: acme\nmodels:\n  one:\n    capabilities: [tool_use]\n"
FAILS = "provider: acme\nmodels:\n  one:\n    context_window: many\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a catalog in it, and a cache of its own."""
    catalog = tmp_path / "work" / "config" / "models"
    catalog.mkdir(parents=True)
    (catalog / "acme.yml").write_text(GOOD)
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LLMREG_CATALOG", raising=False)
    monkeypatch.chdir(tmp_path / "work")
    return catalog


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    result = CliRunner().invoke(app, ["validate", "--on", ON, *arguments])
    if isinstance(result.exception, LlmregError):
        return result.exception.exit_code, result.stdout, result.exception.message
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


# --- what is looked at


def test_without_a_path_the_catalog_is_checked(folder: Path) -> None:
    assert run() == (0, "", "1 file, 1 model: nothing to report\n")
    (folder / "acme.yml").write_text(FAILS)
    code, out, err = run()
    assert code == 1
    assert out.startswith("config/models/acme.yml:4:21 schema one#context_window: expected a whole number >= 1 or null")
    assert err == "1 file, 1 model: 1 error, 0 warnings\n"


def test_a_file_is_judged_alone_but_may_refer_to_its_neighbours(folder: Path) -> None:
    (folder / "acme.yml").write_text("provider: acme\nmodels:\n  one: {replacement: initech/two}\n")
    (folder / "initech.yml").write_text("provider: initech\nmodels:\n  two: {context_window: many}\n")
    assert run("config/models/acme.yml")[:2] == (0, "")
    assert run("config/models/acme.yml")[2] == "1 file, 1 model: nothing to report\n"
    (folder / "initech.yml").write_text("provider: initech\nmodels: {}\n")
    code, out, _ = run("config/models/acme.yml")
    assert (code, out.split(" ")[:2]) == (1, ["config/models/acme.yml:3:22", "replacement-unresolved"])


def test_folders_and_files_together_are_checked_once(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "beta.yml").write_text(WARNS)
    code, out, err = run("config/models/acme.yml", str(other), "config/models/../models", str(other / "beta.yml"))
    assert code == 1  # the file's name is not the provider's
    assert [line.split(":")[0] for line in out.splitlines()] == [str(other / "beta.yml")] * 2
    assert err == "2 files, 2 models: 1 error, 1 warning\n"


def test_a_file_of_another_name_is_read_when_asked_for(folder: Path) -> None:
    (folder / "acme.txt").write_text(FAILS)
    assert run("config/models/acme.txt")[0] == 1
    assert run()[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.yml"],
        ["--catalog", "missing"],
        ["config/models", "--catalog", "config/models"],
        ["--on", "2026-13-01"],
        ["--on", "yesterday"],
        ["--format", "xml"],
        ["--explain", "schemas"],
        ["--select", "nothing-like-it"],
        ["--ignore", "schema,duplicate-kye"],
    ],
)
def test_what_cannot_have_been_meant(folder: Path, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") <= 1


def test_a_slip_in_a_code_is_recognised(folder: Path) -> None:
    assert "did you mean duplicate-key?" in run("--ignore", "duplicate-kye")[2]


def test_what_must_not_be_read_is_a_finding(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yml").write_text(GOOD)
    (folder / "outside.yml").symlink_to(tmp_path / "outside.yml")
    (folder / "pipe.yml").mkdir()
    (folder / "acme.yaml").write_text(GOOD)
    code, out, _ = run()
    assert code == 1
    assert [" ".join(line.split(" ")[:2]) for line in out.splitlines()] == [
        "config/models/acme.yml:1:1 file-case",
        "config/models/outside.yml:1:1 file-link",
        "config/models/pipe.yml:1:1 file-kind",
    ]
    assert run("config/models/acme.yaml")[0] == 0


def test_a_broken_file_does_not_hide_the_others(folder: Path) -> None:
    (folder / "broken.yml").write_bytes(b"\xff\xfe\x00")
    (folder / "worse.yml").write_text("[" * 500)
    (folder / "acme.yml").write_text(WARNS)
    _, out, err = run()
    assert [line.split(" ")[1] for line in out.splitlines()] == ["capability-spelling", "encoding", "yaml-depth"]
    assert err == "3 files, 1 model: 2 errors, 1 warning\n"


# --- how it ends


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        (GOOD, ["--strict"], 0),
        (WARNS, [], 0),
        (WARNS, ["--strict"], 1),
        (FAILS, [], 1),
        (WARNS, ["--strict", "--ignore", "capability-spelling"], 0),
        (FAILS, ["--select", "older-key,number-form"], 0),
        (FAILS, ["--select", "older-key", "--select", "schema"], 1),
        (FAILS, ["--select", "schema", "--ignore", "schema"], 0),
    ],
)
def test_exit_codes(folder: Path, text: str, arguments: list[str], code: int) -> None:
    (folder / "acme.yml").write_text(text)
    assert run(*arguments)[0] == code


def test_quiet_says_only_what_was_found(folder: Path) -> None:
    (folder / "acme.yml").write_text(WARNS)
    code, out, err = run("--quiet")
    assert (code, out.count("\n"), err) == (0, 1, "")


def test_explain_prints_a_rule_and_all_of_them() -> None:
    code, out, _ = run("--explain", "duplicate-key")
    assert code == 0
    assert out.startswith("## duplicate-key\n")
    assert "```yaml" in out
    page = run("--explain", "all")[1]
    assert all(f"\n## {code}\n" in page for code in BY_CODE)


# --- what comes out


def test_findings_come_in_the_order_of_their_places(folder: Path) -> None:
    (folder / "zeta.yml").write_text("provider: acme\nmodels: {b: 1, a: 2}\nzzz: 1\n")
    (folder / "acme.yml").write_text(FAILS)
    places = [line.split(" ")[0] for line in run()[1].splitlines()]
    assert [place.removeprefix("config/models/") for place in places] == [
        "acme.yml:4:21",
        "zeta.yml:1:11",
        "zeta.yml:2:13",
        "zeta.yml:2:19",
        "zeta.yml:3:1",
    ]


def test_json(folder: Path) -> None:
    (folder / "acme.yml").write_text(WARNS)
    found = json.loads(run("--format", "json")[1])
    assert found == {
        "findings": [
            {
                "code": "capability-spelling",
                "severity": "warning",
                "path": "config/models/acme.yml",
                "line": 4,
                "column": 20,
                "message": "one#capabilities[0]: tool_use is written function_calling here",
            }
        ],
        "summary": {"files": 1, "models": 1, "errors": 0, "warnings": 1},
    }


def test_github_annotations_are_escaped() -> None:
    item = Finding("schema", "error", "a,b:c%.yml", 3, 4, "100% wrong\nreally, so: yes")
    assert (
        github_annotations([item])
        == "::error file=a%2Cb%3Ac%25.yml,line=3,col=4,title=schema::100%25 wrong%0Areally, so: yes\n"
    )


def test_github_from_the_command(folder: Path) -> None:
    (folder / "acme.yml").write_text(WARNS)
    assert run("--format", "github")[1].startswith(
        "::warning file=config/models/acme.yml,line=4,col=20,title=capability"
    )


def test_color_only_where_asked_for() -> None:
    item = Finding("schema", "error", "a.yml", 3, 4, "wrong")
    assert plain_findings([item]) == "a.yml:3:4 schema wrong\n"
    assert re.sub("\x1b\\[[0-9]+m", "", plain_findings([item], color=True)) == plain_findings([item])


def test_hostile_ids_stay_in_their_line(tmp_path: Path) -> None:
    first, second = r'"a\nb\e[31m[bold]\u202e"', '"@team | `x` Closes #1"'
    text = f"provider: acme\nmodels:\n  {first}: {{context_window: 0}}\n  {second}: {{zzz: 1}}\n"
    found = findings_in(tmp_path, {"acme.yml": text})
    assert [item.line for item in found] == [3, 3, 4]
    assert all(item.message.isprintable() for item in found)
    assert "[bold]" in found[1].message


def test_one_value_that_reads_badly_is_one_finding(tmp_path: Path) -> None:
    text = (
        "provider: acme\nmodels:\n  one:\n    context_window: .inf\n    mode: !chat chat\n    1: 2\n    family: 012\n"
    )
    codes = [(item.line, item.code) for item in findings_in(tmp_path, {"acme.yml": text})]
    assert codes == [(4, "number-range"), (5, "yaml-tag"), (6, "key-type"), (7, "number-form")]


def test_a_fault_under_an_anchor_is_told_once(tmp_path: Path) -> None:
    text = "provider: acme\nmodels:\n  one: &one {context_window: 0, pricing: {input: 0.00001}}\n  two: *one\n"
    codes = [(item.line, item.code) for item in findings_in(tmp_path, {"acme.yml": text})]
    assert codes == [(3, "schema"), (3, "price-unit")]


def test_a_wrong_model_is_still_one_that_can_be_named(tmp_path: Path) -> None:
    text = "provider: acme\ndefault_model: one\nmodels:\n  one: 3\n"
    assert [item.code for item in findings_in(tmp_path, {"acme.yml": text})] == ["schema"]
    text = "provider: acme\ndefault_model: one\nmodels: 3\n"
    assert [item.code for item in findings_in(tmp_path, {"acme.yml": text})] == ["schema"]


def test_y14_an_unquoted_date_only_warns(tmp_path: Path) -> None:
    found = findings_in(tmp_path, {"acme.yml": "provider: acme\nmodels:\n  one: {release_date: 2026-01-15}\n"})
    assert [(item.code, item.severity) for item in found] == [("misread-scalar", "warning")]


def test_y20_a_key_one_edit_away(tmp_path: Path) -> None:
    found = findings_in(tmp_path, {"acme.yml": "provider: acme\nmodels:\n  one:\n    contxt_window: 1\n"})
    assert [(item.code, item.severity, item.line, item.column) for item in found] == [("unknown-key", "error", 4, 5)]
    assert "did you mean context_window?" in found[0].message


def test_sarif_of_everything(folder: Path) -> None:
    for number, rule in enumerate(BY_CODE.values()):
        (folder / f"bad{number}.yml").write_text(rule.bad)
    log = json.loads(run("--format", "sarif")[1])
    run_ = log["runs"][0]
    rules = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
    assert {result["ruleId"] for result in run_["results"]} == set(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run_["results"])
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in run_["tool"]["driver"]["rules"])
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in run_["results"]
        for place in result["locations"]
    }
    assert all(re.fullmatch(r"config/models/bad[0-9]+\.yml", uri) for uri in uris)
    prints = [result["partialFingerprints"]["llmreg/v1"] for result in run_["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_fingerprints_survive_moved_lines(folder: Path) -> None:
    def prints() -> list[str]:
        results = json.loads(run("--format", "sarif")[1])["runs"][0]["results"]
        return [result["partialFingerprints"]["llmreg/v1"] for result in results]

    (folder / "acme.yml").write_text(FAILS)
    before = prints()
    (folder / "acme.yml").write_text(f"# moved\n\n{FAILS}")
    assert prints() == before


@pytest.mark.data
def test_sarif_is_what_its_schema_asks_for(folder: Path) -> None:
    data = os.environ.get("LLMREG_TEST_DATA")
    if not data:
        pytest.skip("LLMREG_TEST_DATA names no folder of recorded data")
    schema = json.loads(Path(data, "schemas", "sarif-2.1.0.json").read_text())
    for number, rule in enumerate(BY_CODE.values()):
        (folder / f"bad {number}.yml").write_text(rule.bad)
    for log in (
        json.loads(run("--format", "sarif")[1]),
        json.loads(run("--format", "sarif", "--select", "file-size")[1]),
    ):
        jsonschema.validators.validator_for(schema)(schema).validate(log)


# --- what is remembered


def cache_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "cache" / "findings").iterdir()
    return file


def test_the_second_run_reads_nothing_anew_and_answers_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "acme.yml").write_text(FAILS)
    (folder / "beta.yml").write_text("provider: beta\ndefault_model: none\nmodels: {}\n")
    first = run()
    monkeypatch.setattr("registry_cli.commands.validate.folders._examine_now", None)  # calling it would fail
    assert run() == first
    with pytest.raises(AssertionError):
        run("--no-cache")


def test_only_the_file_that_changed_is_examined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "beta.yml").write_text(GOOD.replace("acme", "beta"))
    run()
    examined = []
    real = _examine_now
    name = "registry_cli.commands.validate.folders._examine_now"
    monkeypatch.setattr(name, lambda files, on: examined.append([file.stem for file in files]) or real(files, on))
    (folder / "acme.yml").write_text(FAILS)
    assert run()[0] == 1
    (folder / "beta.yml").rename(folder / "gamma.yml")
    assert run()[0] == 1
    assert examined == [["acme"], ["gamma"]]


def test_another_day_or_another_rule_is_not_answered_from_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "acme.yml").write_text(
        "provider: acme\nmodels:\n  one: {status: active, retirement_date: '2027-01-01'}\n"
    )
    assert run()[1] == ""
    assert "status-date" in run("--on", "2027-01-01")[1]
    monkeypatch.setattr("registry_cli.commands.validate.folders._examine_now", None)
    assert "status-date" in run("--on", "2027-01-01")[1]
    monkeypatch.setattr(findings_cache, "code_stamp", lambda: "another")
    with pytest.raises(AssertionError):
        run("--on", "2027-01-01")


@pytest.mark.parametrize("damage", [b"", b"{", b"\x00" * 99, b"[]", b'x\n{"key": 1}', None])
def test_f8_a_damaged_memory_changes_no_answer(folder: Path, tmp_path: Path, damage: bytes | None) -> None:
    (folder / "acme.yml").write_text(FAILS)
    answer = run()
    file = cache_file(tmp_path)
    sound = file.read_bytes()
    file.write_bytes(sound[: len(sound) // 2] if damage is None else damage)
    assert run() == answer
    assert file.read_bytes() == sound


def test_f8_a_memory_with_a_right_checksum_but_another_shape(folder: Path, tmp_path: Path) -> None:
    (folder / "acme.yml").write_text(FAILS)
    answer = run()
    file = cache_file(tmp_path)
    _, head, _ = file.read_bytes().split(b"\n", 2)
    for files in (3, {"x": 3}, {"x": [[["a"]], []]}):
        body = head + b"\n" + json.dumps({"files": files}).encode()
        file.write_bytes(remembered.checksum_of(body) + b"\n" + body)
        assert run() == answer


def test_f8_a_memory_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    assert run()[0] == 0
    (tmp_path / "cache").unlink()
    (tmp_path / "cache" / "findings").mkdir(parents=True)
    run()
    file = cache_file(tmp_path)
    file.unlink()
    file.mkdir()  # the name is taken by a folder
    assert run()[0] == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


# --- two processes


def test_two_processes_find_what_one_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, rule in enumerate(BY_CODE.values()):
        (folder / f"bad{number}.yml").write_text(rule.bad)
    alone = run("--no-cache")
    monkeypatch.setattr("registry_cli.commands.validate.folders._WORTH_A_FORK", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert run("--no-cache") == alone


def test_a_child_that_dies_is_made_up_for() -> None:
    parent = os.getpid()

    def work(items: list[int]) -> list[list[int]]:
        if os.getpid() != parent:
            os._exit(9)
        return [[item] for item in items]

    assert map_in_two_processes(work, [1, 2, 3]) == ([[1]], [[2], [3]])
    assert map_in_two_processes(lambda items: [item * 2 for item in items], [1, 2, 3]) == ([2], [4, 6])


# --- as a process


def test_what_is_imported_stays_little(folder: Path) -> None:
    (folder / "acme.yml").write_text(WARNS)
    run()
    program = f"""
import sys
from registry_cli.cli import main
sys.argv = ["llmreg", "validate", "--on", "{ON}", "--quiet"]
heavy = {{"yaml", "jsonschema", "jsonschema_rs", "rich", "ruamel", "sqlite3", "httpx", "importlib.metadata"}}
try:
    main()
finally:
    print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}  # it imports, too
    command = [sys.executable, "-c", program]
    warm = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    assert warm.stdout.count("\n") == 1
    assert warm.stderr.split() == []
    (folder / "acme.yml").write_text(GOOD)
    cold = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    assert cold.stderr.split() == ["jsonschema_rs", "yaml"]


def test_the_use_case_needs_no_screen(folder: Path) -> None:
    (folder / "acme.yml").write_text(FAILS)
    result = validate([], catalog=folder, on=ON, select=[], ignore=[], remember=False, cwd=folder, environ={})
    assert (result.files, result.models, result.count("error"), result.passes(strict=False)) == (1, 1, 1, False)
    assert [item.path for item in result.findings] == ["acme.yml"]
    with pytest.raises(UsageError):
        validate(
            [folder / "none.yml"], catalog=None, on=ON, select=[], ignore=[], remember=False, cwd=folder, environ={}
        )
