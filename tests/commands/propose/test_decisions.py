"""What a person accepted for a branch: that value, and no other that comes later."""

import pytest

from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed

INPUT = ("--accept", "acme/large#pricing.input")


def on_branch(workspace: PullRequestWorkspace) -> str:
    return workspace.remote("show", f"{BRANCH}:config/models/acme.yml")


def merged_without_deleting(workspace: PullRequestWorkspace) -> None:
    other = workspace.another("merging")
    workspace.git("merge", "--quiet", "--squash", f"origin/{BRANCH}", at=other)
    workspace.git("commit", "--quiet", "--message", "Merged", at=other)
    workspace.git("push", "--quiet", "origin", "HEAD:main", at=other)
    workspace.github.close_by_hand(len(workspace.github.pulls), merged=True)
    workspace.git("pull", "--quiet", "origin", "main")


@pytest.mark.parametrize("merged", [False, True])
def test_an_accepted_leap_accepts_no_further_one(settled, merged):
    settled.pr(listed(33), *INPUT)
    assert "input: 33" in on_branch(settled)
    if merged:
        merged_without_deleting(settled)
    settled.at("2026-11-25")
    settled.pr(listed(400))
    assert f"input: {'33.0' if merged else '3.0'}\n" in on_branch(settled)
    (body,) = [each["body"] for each in settled.github.open()]
    assert "400" in body.partition("## Held")[2]


def test_what_was_merged_and_taken_back_waits_again(settled):
    settled.pr(listed(33), *INPUT)
    merged_without_deleting(settled)
    settled.git("revert", "--no-edit", "HEAD")
    settled.git("push", "--quiet", "origin", "HEAD:main")
    settled.at("2026-11-25")
    ran = settled.pr(listed(33))
    assert "1 held" in ran.err
    assert "input: 33" not in on_branch(settled)


def test_the_parts_of_a_price_list_are_decided_together(settled):
    """Half of a list that a person accepted is not written when the other half leaps."""
    answer = listed(33)
    settled.pr(answer, *INPUT)
    answer["acme"]["models"]["large"]["cost"]["output"] = 900
    settled.at("2026-11-25")
    settled.pr(answer)
    assert "input: 3.0" in on_branch(settled)
    assert "output: 15.0" in on_branch(settled)


def test_what_is_kept_is_todays_value_alone(settled):
    settled.pr(listed(2.5, context=100000), "--keep", "acme/large#context_window")
    settled.at("2026-11-24")
    tip = settled.tip()
    assert "unchanged" in settled.pr(listed(2.5, context=100000)).err
    assert settled.tip() == tip
    settled.pr(listed(2.5, context=90000))
    (body,) = [each["body"] for each in settled.github.open()]
    assert "90,000" in body.partition("## Held")[2] or "90000" in body.partition("## Held")[2]


def test_an_accepted_list_of_a_new_source_stays_accepted_as_it_grows(workspace):
    own = {"object": "list", "data": [{"id": "large", "object": "model", "context_length": 9000}]}
    workspace.write("config/models/acme.yml", "provider: acme\napi: {base_url: 'https://api.acme.example/v1'}\n"
               "sync: {sources: [acme]}\nmodels: {large: {}}\n")  # fmt: skip
    workspace.save("A source that nobody tried")
    workspace.pr(own, "--accept", "all", source="acme")
    tip = workspace.tip()
    assert tip, workspace.github.pulls
    workspace.at("2026-11-24")
    assert "unchanged" in workspace.pr(own, source="acme").err
    own["data"].append({"id": "newer", "object": "model", "context_length": 9000})
    workspace.pr(own, source="acme")
    assert "newer" in on_branch(workspace)


def test_an_edit_that_is_accepted_by_name_gives_way_until_it_is_another(settled):
    """The decision stays with the branch, as one about a field that waits does."""

    def commit_file(text: str) -> None:
        (settled.models / "acme.yml").write_text(text)
        settled.save("Edited")
        settled.git("push", "--quiet", "origin", "main")

    theirs = (settled.models / "acme.yml").read_text()
    commit_file(theirs.replace("context_window: 200000", "context_window: 150000"))
    settled.pr(listed(2.5), "--accept", "all")
    assert "context_window: 150000" in on_branch(settled)
    settled.pr(listed(2.5), "--accept", "acme/large#context_window")
    assert "context_window: 200000" in on_branch(settled)
    settled.at("2026-11-25")
    settled.pr(listed(2.6))
    assert ("context_window: 200000" in on_branch(settled), "input: 2.6" in on_branch(settled)) == (True, True)
    commit_file(theirs.replace("context_window: 200000", "context_window: 160000"))
    settled.pr(listed(2.6))
    assert "context_window: 160000" in on_branch(settled)
