"""`llmreg validate` and the records beside a catalog: a line that sync would stop at is a finding."""

import json
import re

import pytest
import yaml

from registry_cli.commands.validate.validate import validate
from registry_cli.core.statements.record_faults import record_faults
from registry_cli.errors import UsageError
from tests.support.paths import ROOT

NOW = "2026-11-22T06:00:00Z"
LINE = '{"id":"large","facts":{"acme":{"context_window":9}},"checked":{"acme":"2026-01-15T06:00:00Z"}}\n'


def checked(moment):
    return json.dumps({"id": "large", "facts": {}, "checked": {"acme": moment}})


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "config"
    (folder / "models").mkdir(parents=True)
    (folder / "upstream").mkdir()
    (folder / "models/acme.yml").write_text("provider: acme\nmodels:\n  large: {}\n")
    (folder / "upstream/acme.jsonl").write_text(LINE)
    return folder


def found(config, *paths, remember=False, **more):
    environ = {"LLMREG_CACHE": str(config.parent / "cache")}
    result = validate(
        [config / path for path in paths], catalog=None if paths else config / "models", on="2026-11-22", select=[],
        ignore=[], remember=remember, cwd=config, environ=environ, **more,
    )  # fmt: skip
    return [f"{each.path}:{each.line}:{each.column} {each.code} {each.severity}" for each in result.findings]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (LINE, []),
        ("", []),
        (f"\n{LINE}", []),
        ('{"broken\n', [1]),
        (f"<<<<<<< HEAD\n{LINE}=======\n{LINE}>>>>>>> other\n", [1, 3, 4, 5]),
        (checked("yesterday"), [1]),
        (checked("2026-01-15T06:00:00+00:00"), [1]),
        (checked("2026-02-30T06:00:00Z"), [1]),
        (checked(["2026-01-15T06:00:00Z"]), [1]),
        (checked("2026-01-15T06:00:00Z"), []),
        ('{"id":"large","facts":[]}\n', [1]),
    ],
)
def test_every_line_that_sync_did_not_write_is_told(text, faults):
    assert [fault.line for fault in record_faults(text, NOW)] == faults


def test_a_broken_line_is_an_error_at_its_place(config):
    assert found(config) == []
    (config / "upstream/acme.jsonl").write_text(f'{LINE}{{"broken\n')
    assert found(config) == ["upstream/acme.jsonl:2:1 record error"]
    (config / "upstream/acme.jsonl").write_bytes(f"{LINE}\xff".encode("latin-1"))
    assert found(config) == ["upstream/acme.jsonl:2:1 record error"]


def test_a_record_can_be_named_as_a_commit_hook_does(config):
    (config / "upstream/acme.jsonl").write_text("<<<<<<< HEAD\n")
    told = ["upstream/acme.jsonl:1:1 record error"]
    assert found(config, "upstream/acme.jsonl") == told
    assert found(config, "upstream/acme.jsonl", "models/acme.yml") == told
    assert found(config, "models/acme.yml") == []
    with pytest.raises(UsageError, match="no such file"):
        found(config, "upstream/other.jsonl")


def test_only_what_is_sound_is_remembered_and_by_its_content(config):
    record = config / "upstream/acme.jsonl"
    assert found(config, remember=True) == found(config, remember=True) == []
    record.write_text("<<<<<<< HEAD\n")
    for _ in range(2):
        assert found(config, remember=True) == ["upstream/acme.jsonl:1:1 record error"]
    record.write_text(LINE)
    assert found(config, remember=True) == []


def test_a_record_that_is_no_file_is_a_finding(config):
    (config / "upstream/acme.jsonl").unlink()
    (config / "upstream/acme.jsonl").symlink_to("elsewhere")
    assert found(config) == ["upstream/acme.jsonl:1:1 record error"]


def test_the_shipped_hooks_look_at_records():
    root = ROOT
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())
    pattern = next(hook["files"] for hook in hooks if hook["id"] == "llmreg-validate")
    shipped = [path.relative_to(root).as_posix() for path in (root / "config").rglob("*") if path.is_file()]
    for name in ("config/upstream/acme.jsonl", "config/models/acme.yml", "config/llmreg.yml"):
        assert re.search(pattern, name)
    assert not re.search(pattern, "config/upstream/acme.txt")
    assert all(re.search(pattern, name) for name in shipped)
    assert len(shipped) > 100


def test_a_time_that_is_still_to_come_is_an_error(config, monkeypatch):
    record = config / "upstream/acme.jsonl"
    record.write_text(f"{LINE}{checked('2099-01-15T06:00:00Z').replace('large', 'small')}\n")
    for _ in range(2):
        assert found(config, remember=True) == ["upstream/acme.jsonl:2:1 record-future error"]


@pytest.mark.parametrize(
    ("moment", "faults"), [("2026-11-23T06:00:00Z", []), ("2026-11-23T06:00:01Z", ["record-future"])]
)
def test_a_day_is_allowed_for_clocks_that_differ(moment, faults):
    assert [fault.code for fault in record_faults(checked(moment), NOW)] == faults


def test_a_record_that_was_sound_by_a_clock_ahead_is_looked_at_again(config):
    ahead = "2199-01-15T06:00:00Z"
    (config / "upstream/acme.jsonl").write_text(f"{checked(ahead)}\n")
    environ = {"LLMREG_CACHE": str(config.parent / "cache")}
    for on, codes in (("2199-01-15", []), ("2026-11-22", ["record-future"]), ("2199-01-15", [])):
        result = validate([], catalog=config / "models", on=on, select=[], ignore=[], remember=True, cwd=config,
                          environ=environ)  # fmt: skip
        assert [finding.code for finding in result.findings] == codes
