"""A decision about a field that there is not would decide nothing: it is refused before anybody is asked."""

import pytest

from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture


@pytest.mark.parametrize("option", ["--accept", "--keep"])
@pytest.mark.parametrize("field", ["pricing.nosuch", "nosuch", "models", ""])
def test_a_field_that_no_entry_has_is_a_slip(run, option, field):
    before = run.everything()
    run.sync(listed(), option, f"acme/large#{field}")
    assert run.code == 2, run.err
    assert len(run.err.splitlines()) == 1
    assert run.everything() == before


@pytest.mark.parametrize(
    "field",
    [
        "pricing",
        "pricing.cache_read",
        "pricing.variants[service_tier=batch]",
        "capabilities.vision",
        "modalities.input",
    ],
)
def test_a_field_that_only_has_nothing_to_decide_is_none(run, field):
    run.sync(listed(), "--accept", f"acme/large#{field}")
    assert run.code == 0, run.err
