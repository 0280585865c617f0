"""What GitHub's REST API answers when it does not do as asked: said in one line, exit 5, nobody's work lost."""

import json
from itertools import count

import pytest

from registry_cli.forge.limits import limit_wait
from registry_cli.forge.places import github_place
from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed


@pytest.fixture
def waits(monkeypatch):
    """The pauses that were made, none of which takes time."""
    made = []
    monkeypatch.setattr("registry_cli.forge.github.sleep", made.append)
    return made


def at(workspace: PullRequestWorkspace, method: str, path: str, *answers):
    """The first answers to such a request; what follows is as usual."""
    numbers = count()

    def interfere(asked, where, _content):
        if (asked, where) != (method, path):
            return None
        number = next(numbers)
        return answers[number] if number < len(answers) else None

    workspace.github.interfere = interfere


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {}, {"message": "Bad credentials"}), "refused the token in GH_TOKEN (401)"),
        ((404, {}, {"message": "Not Found"}), "acme/catalog is not there for the token in GH_TOKEN (404)"),
        ((403, {}, {"message": "Resource not accessible by integration"}), "403: Resource not accessible by"),
        ((200, {}, ["a list"]), "not an answer of GitHub"),
        ((301, {"location": "https://elsewhere.example/x"}, {}), "redirects to elsewhere.example; not followed"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_pushed(settled, answer, said, waits):
    at(settled, "GET", "", answer)
    ran = settled.pr(listed(2.5), code=5)
    assert said in ran.err
    assert settled.tip() == ""


def test_an_archived_repository_and_one_without_rights(settled):
    settled.github.archived = True
    assert "is archived" in settled.pr(listed(2.5), code=5).err
    settled.github.archived, settled.github.may_push = False, False
    settled.over_http()
    assert "may not push to acme/catalog" in settled.pr(listed(2.5), code=5).err


def test_github_may_refuse_the_pull_request_and_a_later_run_opens_it(settled):
    message = "GitHub Actions is not permitted to create or approve pull requests."
    at(settled, "POST", "/pulls", (403, {}, {"message": message}))
    ran = settled.pr(listed(2.5), code=5)
    assert f"{message} To allow it: acme/catalog, Settings, Actions, General, Workflow permissions" in ran.err
    assert "'Allow GitHub Actions to create and approve pull requests'" in ran.err
    assert "answered 403" in settled_refusal(settled, "Something else is not permitted.")
    tip = settled.tip()
    settled.at("2026-11-24")
    assert "opened" in settled.pr(listed(2.5)).err
    assert settled.tip() == tip


def settled_refusal(settled, message):
    at(settled, "POST", "/pulls", (403, {}, {"message": message}))
    return settled.pr(listed(2.5), code=5).err


def test_a_server_that_fails_is_asked_again(settled, waits):
    at(settled, "GET", "/pulls", (502, {}, {}), (503, {}, {}))
    settled.pr(listed(2.5))
    assert waits == [1.0, 2.0]
    assert len(settled.github.open()) == 1


def test_a_server_that_keeps_failing_is_said(settled, waits):
    at(settled, "PATCH", "/pulls/2", *[(500, {}, {})] * 4)
    settled.pr(listed(2.5))
    ran = settled.pr(listed(2), code=5)
    assert "PATCH /repos/acme/catalog/pulls/2 answered 500" in ran.err
    assert len(waits) == 3
    assert "updated" in settled.pr(listed(2)).err  # the text, that is: the branch has it already


def test_limits_are_waited_for(settled, waits):
    at(settled, "POST", "/pulls", (429, {"retry-after": "7"}, {}), (403, {}, {"message": "a secondary rate limit"}))
    settled.pr(listed(2.5))
    assert waits == [7.0, 120.0]
    assert len(settled.github.open()) == 1


def test_a_limit_that_is_far_away_ends_the_run(settled, waits):
    at(settled, "POST", "/pulls", (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}, {}))
    ran = settled.pr(listed(2.5), code=5)
    assert "its rate limit is met, for another" in ran.err
    assert waits == []


def test_writes_are_a_second_apart(settled, waits, monkeypatch):
    monkeypatch.setattr("registry_cli.forge.github.BETWEEN_WRITES", 1.0)
    settled.pr(listed(2.5), "--label", "a", "--assignee", "b")
    assert len(waits) == 2
    assert all(0.5 < wait <= 1 for wait in waits)


@pytest.mark.parametrize(
    ("status", "headers", "body", "attempt", "wait"),
    [
        (200, {"retry-after": "5"}, b"", 1, None),
        (403, {}, b'{"message": "Resource not accessible"}', 1, None),
        (403, {"x-ratelimit-remaining": "12"}, b"{}", 1, None),
        (403, {"retry-after": "5"}, b"", 1, 5),
        (429, {"retry-after": "Thu, 01 Jan 1970 00:17:00 GMT"}, b"", 1, 20),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}, b"", 1, 31),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "900"}, b"", 1, 1),
        (429, {}, b"", 1, 60),
        (403, {}, b"You have exceeded a secondary rate limit.", 2, 120),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, b"", 3, 240),
    ],
)
def test_how_long_to_wait(status, headers, body, attempt, wait):
    assert limit_wait(status, headers, body, 1000.0, attempt) == wait


def test_two_pull_requests_of_one_branch_are_refused(settled):
    settled.pr(listed(2.5))
    settled.github.pulls.append(json.loads(json.dumps(settled.github.pulls[-1])))
    settled.github.pulls[-1]["number"] = 9
    assert f"{BRANCH} has more than one open pull request (#9, #2)" in settled.pr(listed(2), code=5).err


def test_a_pull_request_of_a_fork_is_not_ours(settled):
    settled.pr(listed(2.5))
    theirs = json.loads(json.dumps(settled.github.pulls[-1]))
    theirs["head"]["repo"]["full_name"] = "somebody/catalog"
    settled.github.pulls.append({**theirs, "number": 3})
    assert "updated" in settled.pr(listed(2)).err


# Where a remote leads


def test_where_a_remote_leads():
    def place(url, **environ):
        found = github_place(url, environ)
        return found and (found.host, found.api, f"{found.owner}/{found.name}")

    public = ("github.com", "https://api.github.com", "acme/catalog")
    assert place("https://github.com/acme/catalog.git") == public
    assert place("https://github.com/acme/catalog") == public
    assert place("git@github.com:acme/catalog.git") == public
    assert place("ssh://git@github.com:22/acme/catalog.git") == public
    own = ("git.acme.example", "https://git.acme.example/api/v3", "acme/catalog")
    assert place("https://git.acme.example/acme/catalog.git") is None
    assert place("git@git.acme.example:acme/catalog.git", GH_HOST="git.acme.example") == own
    assert place("https://git.acme.example/acme/catalog", GITHUB_SERVER_URL="https://git.acme.example",
                 GITHUB_API_URL="https://git.acme.example/api/v3") == own  # fmt: skip
    assert place("https://acme.ghe.com/acme/catalog") == ("acme.ghe.com", "https://api.acme.ghe.com", "acme/catalog")
    assert place("https://github.com.evil.example/acme/catalog") is None
    assert place("https://gitlab.com/acme/catalog.git", GITHUB_SERVER_URL="https://github.com",
                 GITHUB_API_URL="https://api.github.com", GITHUB_REPOSITORY="acme/catalog") is None  # fmt: skip
    assert place("/srv/catalog.git") is None
    assert place("https://github.com/acme") is None
    assert place("https://[") is None


def test_a_public_token_does_not_go_to_a_servers_api():
    """A workflow on one server that pushes to another keeps its API address for itself."""
    environ = {"GITHUB_SERVER_URL": "https://git.acme.example", "GITHUB_API_URL": "https://git.acme.example/api/v3"}
    found = github_place("https://github.com/acme/catalog", environ)
    assert found is not None
    assert found.api == "https://api.github.com"
