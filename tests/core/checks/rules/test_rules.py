"""Every rule by its own examples, and code, list, docs and tests held together."""

import importlib
import json
import pkgutil
import re
from pathlib import Path

import pytest

import registry_cli
from registry_cli.core.checks import rules
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules import BY_CODE, RULES, older_key
from registry_cli.core.checks.rules.base import Rule
from registry_cli.render.rule_text import rules_page
from tests.support.findings import findings_in

# What no short text can show; the tests that show it are named.
WITHOUT_EXAMPLE = {
    "encoding": "tests/yamledit/test_yaml_reading.py::test_y8_utf16_and_invalid_utf8_are_rejected",
    "yaml-depth": "tests/yamledit/test_yaml_reading.py::test_y2_deep_nesting_is_too_deep",
    "file-case": "tests/store/catalog/test_catalog_files.py::test_y19_names_that_differ_only_by_case",
    "file-link": "tests/store/catalog/test_catalog_files.py::test_y19_a_link_that_leaves_the_catalog",
    "file-kind": "tests/store/catalog/test_catalog_files.py::test_something_that_is_no_regular_file",
    "file-size": "tests/store/catalog/test_catalog_files.py::test_y9_a_huge_file_is_rejected_before_it_is_opened",
    "stale": "tests/commands/sync/test_commands.py::test_validate_finds_what_no_source_confirmed_lately",
    "record": "tests/commands/validate/test_validate_records.py::test_a_broken_line_is_an_error_at_its_place",
    "record-future": "tests/commands/validate/test_validate_records.py::test_a_time_that_is_still_to_come_is_an_error",
    "record-edited": "tests/commands/validate/test_validate_since.py::test_a_record_that_a_person_changed_is_a_warning",
    "unfinished-change": "tests/store/files/test_foreign_change.py::test_validate_reports_what_is_foreign",
    "file-unreadable": "tests/store/catalog/test_catalog_files.py::test_a_file_that_cannot_be_read",
}
EXAMPLES = [rule for rule in RULES if rule.code not in WITHOUT_EXAMPLE]
ROOT = Path(registry_cli.__path__[0])


def files_of(example: str) -> dict[str, str]:
    """An example's texts by file name: lines `# acme.yml` start one; without any it is acme.yml."""
    parts = re.split(r"^# (\S+\.yml)\n", example, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)) or {"acme.yml": example}


def marked(files: dict[str, str]) -> list[tuple[str, int]]:
    return [
        (name, number)
        for name, text in files.items()
        for number, line in enumerate(text.splitlines(), 1)
        if line.endswith("# <-")
    ]


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(finding.path, finding.line) for finding in findings]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_bad_example_is_reported_where_it_is_marked(rule: Rule, tmp_path: Path) -> None:
    files = files_of(rule.bad)
    findings = findings_in(tmp_path, files)
    assert marked(files)
    assert places(findings) == marked(files)
    assert {(finding.code, finding.severity) for finding in findings} == {(rule.code, rule.severity)}


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_good_example_is_silent(rule: Rule, tmp_path: Path) -> None:
    assert findings_in(tmp_path, files_of(rule.good)) == []


def test_every_file_with_a_rule_is_listed_under_its_name() -> None:
    modules = [
        importlib.import_module(f"{rules.__name__}.{found.name}") for found in pkgutil.iter_modules(rules.__path__)
    ]
    of_files = {
        module.__name__.rpartition(".")[2].replace("_", "-"): module.RULE
        for module in modules
        if hasattr(module, "RULE")
    }
    assert {rule.code: rule for rule in of_files.values()} == of_files
    assert {*of_files} == {rule.code for rule in RULES} - {rule.code for rule in rules.reading.RULES}
    assert len(BY_CODE) == len(RULES)


def test_every_code_that_the_reader_reports_has_a_section() -> None:
    pattern = (
        r"(?:YamlError|ScalarFault|_fault|_report|Broken|Mark)\("
        r'(?:event, |key_event, |path, |root / name, |\s)*"([a-z]+(?:-[a-z]+)*)"'
    )
    sources = [
        *ROOT.glob("yamledit/*.py"),
        ROOT / "store/catalog/locate.py",
        ROOT / "core/format/schema.py",
        ROOT / "core/checks/checker.py",
    ]
    reported = {code for source in sources for code in re.findall(pattern, source.read_text())}
    assert reported == {rule.code for rule in rules.reading.RULES}


def test_the_page_of_rules_is_made_from_them() -> None:
    written = (ROOT.parent / "docs" / "rules.md").read_text()
    assert written == rules_page(RULES), "run: llmreg validate --explain all > docs/rules.md"


def test_what_has_no_example_has_a_test() -> None:
    for code, name in WITHOUT_EXAMPLE.items():
        path, _, test = name.partition("::")
        assert f"def {test}(" in (ROOT.parent / path).read_text()
        assert not BY_CODE[code].bad


def test_every_older_key_of_the_schema_is_warned_about() -> None:
    schema = json.loads((ROOT.parent / "schema" / "provider.schema.json").read_text())
    deprecated = {name for name, body in schema["properties"].items() if body.get("deprecated")}
    of_model = {name for name, body in schema["$defs"]["model"]["properties"].items() if body.get("deprecated")}
    assert deprecated == set(older_key.OF_FILE)
    assert of_model == set(older_key.OF_MODEL)
