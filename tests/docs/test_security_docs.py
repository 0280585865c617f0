"""docs/security.md and SECURITY.md: the tests that they name exist, and the lists in them are the program's."""

import re

from registry_cli.core.trust.known import known_hosts
from registry_cli.core.trust.variables import ADDRESS_VARIABLES
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()


def test_every_promise_names_a_test_that_exists():
    rows = [line for line in TEXT.partition("## Threat model")[2].splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 5
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)`", row.split("|")[-2])
        assert named, row
        assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_links_lead_somewhere():
    links = [*re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT), "SECURITY.md"]
    assert [link for link in links if not ((ROOT / "docs" / link).exists() or (ROOT / link).exists())] == []


def test_the_variables_of_addresses_are_these():
    line = next(line for line in TEXT.splitlines() if "`${NAME}` in an address" in line)
    assert set(re.findall(r"`([A-Z_]+)`", line)) == ADDRESS_VARIABLES


def test_the_variables_of_local_servers_are_these():
    line = next(line for line in TEXT.splitlines() if line.startswith("| local servers"))
    assert set(re.findall(r"`([A-Z_]+)`", line)) == known_hosts().local_variables
