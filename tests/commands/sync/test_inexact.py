"""A model whose text cannot be edited exactly waits; all others of its provider are written."""

from tests.support.sync_workspace import listed
from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

ODD = """\
provider: acme
models:
  large:
    ? context_window
    : 200000
    pricing: {input: 3.0, output: 15.0}
  small:
    name: Small
"""


def test_one_model_waits_and_the_others_are_written(run):
    run.file.write_text(ODD)
    out = run.sync(listed(new={"name": "New", "limit": {"context": 8000, "output": 4000}}))
    assert run.code == 3
    assert "held\tacme/large\tmax_output_tokens" in out
    assert "exactly: an explicit key (?) stands there; edit it by hand" in out
    written = run.file.read_text()
    assert "  new:\n" in written
    large = ODD[: ODD.index("  small:")]
    assert written.startswith(large)
    assert '"max_output_tokens":8000' in run.record.read_text()

    again = run.sync(listed(new={"name": "New", "limit": {"context": 8000, "output": 4000}}))
    assert run.file.read_text() == written
    assert "held\tacme/large\tmax_output_tokens" in again


def test_an_anchored_model_is_edited_like_any_other(run):
    run.file.write_text(
        "provider: acme\nmodels:\n  large: &l\n    context_window: 1000\n  small:\n    <<: *l\n    name: Small\n"
    )
    run.sync(listed(), "--accept", "acme/large#context_window")
    text = run.file.read_text()
    assert "  large: &l\n    name: large\n    context_window: 200000\n    max_output_tokens: 8000\n" in text
    assert text.endswith("  small:\n    context_window: 1000\n    name: Small\n")
