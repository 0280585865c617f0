"""docs/bad-input.md has a row for every code that a test carries in its name, and tests for every row."""

import re

from tests.support.paths import ROOT

TESTS = ROOT / "tests"
ROW = re.compile(r"^\| ([YHGF]\d+) \|", re.MULTILINE)
CODES_OF_A_TEST = re.compile(r"def test((?:_[yhgf]\d+)+)_")
TESTED_UNDER_ANOTHER_NAME = {"H15"}  # tests/render/test_pull_requests.py, tests/render/test_markdown_cells.py


def test_every_code_of_a_test_is_documented_and_every_row_is_tested() -> None:
    page = (ROOT / "docs" / "bad-input.md").read_text(encoding="utf-8")
    documented = set(ROW.findall(page))

    names = (found for path in TESTS.rglob("test_*.py") for found in CODES_OF_A_TEST.findall(path.read_text("utf-8")))
    tested = {code.upper() for name in names for code in name.strip("_").split("_")}

    assert tested <= documented
    assert documented - tested == TESTED_UNDER_ANOTHER_NAME
