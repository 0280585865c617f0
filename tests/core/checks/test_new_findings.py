"""Findings that a change brings, and what makes two findings the same one."""

import pytest

from registry_cli.core.checks.findings import locate_message
from registry_cli.core.checks.new_findings import identify_finding, new_findings
from tests.support.cli import run_llmreg


def identity(pointer, message="holds always: it has no condition", code="variant-unconditional", **options):
    return identify_finding("acme", code, pointer, locate_message(pointer, message), **options)


VARIANT = ("models", "large", "pricing", "variants", 0)


def test_a_place_in_a_list_does_not_count():
    assert identity(VARIANT) == identity((*VARIANT[:-1], 3))


def test_a_renamed_model_keeps_its_findings():
    new = ("models", "larger", *VARIANT[2:])
    assert identity(VARIANT) != identity(new)
    assert identity(VARIANT) == identity(new, old_ids={"larger": "large"})


@pytest.mark.parametrize(
    "other",
    [
        identity(("models", "small", *VARIANT[2:])),
        identity((*VARIANT, "input")),
        identity(VARIANT, code="variant-overlap"),
        identity(VARIANT, message="holds never: it has no condition"),  # the whole message counts
    ],
)
def test_another_model_field_rule_or_message_is_another_finding(other):
    assert identity(VARIANT) != other


def test_each_of_two_equal_findings_counts():
    assert new_findings(["a", "b"], ["a", "c", "a", "b"], str.lower) == ["c", "a"]


def test_a_variant_above_a_wrong_one_is_no_new_finding(tmp_path, monkeypatch):
    """`validate --new-since`: a line of a list that moves does not make its finding a new one."""
    import subprocess  # noqa: PLC0415  # for this test alone

    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config/models/acme.yml"
    path.parent.mkdir(parents=True)
    head = "provider: acme\nmodels:\n  large:\n    pricing:\n      input: 3.0\n      variants:\n"
    wrong = "      - input: 1.5\n"
    right = "      - when: {service_tier: batch}\n        input: 2.0\n"
    path.write_text(head + wrong)
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *arguments], check=True)
    path.write_text(head + right + wrong)
    assert run_llmreg("validate", "--new-since", "HEAD", "--quiet").code == 0
    path.write_text(head + wrong + wrong)
    assert run_llmreg("validate", "--new-since", "HEAD", "--quiet").code == 1
