"""What sync writes about a model that is gone, and how it is undone."""

import pytest

from registry_cli.core.matching.items import Item
from registry_cli.core.sync.retiring import retire_entry, undo_in_verdict
from registry_cli.core.sync.threeway import Verdict

DAY = "2026-11-22"


@pytest.mark.parametrize(("stated", "written"), [("2026-08-01", "2026-08-01"), ("2027-01-01", DAY)])
def test_only_an_earlier_day_of_retirement_stays(stated, written):
    assert retire_entry({"retirement_date": stated}, "acme", DAY)[0]["retirement_date"] == written


def test_a_field_that_changes_anyway_is_not_changed_twice():
    body, retirement = retire_entry({"status": "preview"}, "acme", DAY)
    change = Item("acme/large", "status", "applied", "preview", "deprecated", "acme")
    verdict = undo_in_verdict(Verdict({}, (change,), ()), "acme/large", body, retirement)
    assert [(item.field, item.old) for item in verdict.changes] == [("retirement_date", DAY), ("status", "retired")]
