"""A recorded answer is as old as it is: `--recorded-on`."""

import json

import pytest

from tests.support.sync_workspace import SyncWorkspace, listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


def test_each_answer_has_its_own_day(run: SyncWorkspace):
    run.sync(listed(), "--recorded-on", "models.dev=2026-07-02")
    lines = [json.loads(line) for line in run.record.read_text().splitlines()]
    assert {line["checked"]["models.dev"] for line in lines} == {"2026-07-02T00:00:00Z"}
    run.sync(listed(price=4), "--recorded-on", "models.dev=2026-11-22")
    assert '"models.dev":"2026-11-22T06:00:00Z"' in run.record.read_text()


@pytest.mark.parametrize("text", ["2026-07-02", "litellm=2026-07-02", "models.dev=soon", "models.dev=2026-11-23"])
def test_what_is_no_day_of_an_answer_is_a_slip(run: SyncWorkspace, text: str):
    before = run.everything()
    run.sync(listed(), "--recorded-on", text)
    assert (run.code, run.everything(), "--recorded-on" in run.err) == (2, before, True)
