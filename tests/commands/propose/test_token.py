"""Pushes over smart HTTP with authentication; and the token, which appears nowhere."""

import os
import stat
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from registry_cli.core.text.secrets import SecretKey
from registry_cli.store.git.remote import header_variables
from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed

RECORDER = """\
#!{python}
import os, sys
with open({log!r}, "a") as log:
    log.write("\\0".join(sys.argv) + "\\n")
os.execv({git!r}, ["git", *sys.argv[1:]])
"""


@pytest.fixture
def online(settled: PullRequestWorkspace) -> PullRequestWorkspace:
    settled.over_http()
    return settled


def test_pushes_go_over_http_with_the_token(online):
    online.pr(listed(2.5))
    assert online.github.pushes >= 1
    assert len(online.github.open()) == 1
    online.github.pushes = 0
    online.at("2026-11-24")
    online.pr(listed(2.5))
    assert online.github.pushes == 0
    online.pr(listed())
    assert online.tip() == ""


def test_commit_and_push_over_http(online):
    ran = online.sync(listed(2.5), "--commit", "--branch", "prices", "--push")
    assert (ran.code, ran.err.rstrip().endswith("pushed to origin/prices")) == (0, True)
    assert online.tip("prices") == online.git("rev-parse", "prices")


def test_a_header_that_a_checkout_left_does_not_get_in_the_way(online):
    other = b64encode(b"x-access-token:of-somebody-else").decode()
    online.git("config", f"http.{online.github.url}/.extraHeader", f"AUTHORIZATION: basic {other}")
    online.pr(listed(2.5))
    assert len(online.github.open()) == 1


def test_a_wrong_token_is_said(online, monkeypatch):
    monkeypatch.setenv("GH_TOKEN", "tok_of_yesterday_0123456789")
    assert "refused the token in GH_TOKEN" in online.pr(listed(2.5), code=5).err


def test_a_token_that_cannot_be_one_is_not_sent(online, monkeypatch):
    monkeypatch.setenv("GH_TOKEN", "tok\nHost: evil.example")
    for goal in (("--pr",), ("--commit", "--push")):
        ran = online.sync(listed(2.5), *goal)
        assert (ran.code, "GH_TOKEN holds a space, a line break or the like" in ran.err) == (5, True)
    assert online.github.asked == []


def test_the_token_does_not_follow_a_redirect(online, monkeypatch):
    met = []

    def elsewhere(method, target, headers, body):
        met.append(target)
        return b"Status: 301 Moved\r\nLocation: http://localhost:9/x\r\n\r\n"

    monkeypatch.setattr(online.github, "backend", elsewhere)
    assert "301" in online.pr(listed(2.5), code=5).err
    assert len(met) == 1


def test_without_a_token_git_asks_nobody(online, monkeypatch):
    monkeypatch.delenv("GH_TOKEN")
    assert "could not read Username" in online.pr(listed(2.5), code=5).err


def test_the_tokens_variables_in_their_order(online, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "tok_of_yesterday_0123456789")
    online.pr(listed(2.5))
    monkeypatch.setenv("GH_TOKEN", "")
    assert "refused the token in GITHUB_TOKEN" in online.pr(listed(2.5), code=5).err
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setattr("registry_cli.commands.propose.forge.gh_token", lambda host, _: online.github.token)
    online.pr(listed(2))


def test_the_header_is_for_one_host_and_leaves_other_settings():
    key = SecretKey("GH_TOKEN", "tok")
    made = header_variables("https://git.example:8443/acme/x.git", key, {"GIT_CONFIG_COUNT": "1"})
    assert made == {
        "GIT_CONFIG_COUNT": "4",
        "GIT_CONFIG_KEY_1": "http.https://git.example:8443/.extraHeader",
        "GIT_CONFIG_VALUE_1": "",
        "GIT_CONFIG_KEY_2": "http.https://git.example:8443/.extraHeader",
        "GIT_CONFIG_VALUE_2": f"Authorization: Basic {b64encode(b'x-access-token:tok').decode()}",
        "GIT_CONFIG_KEY_3": "http.https://git.example:8443/.followRedirects",
        "GIT_CONFIG_VALUE_3": "false",
    }
    assert header_variables("https://git.example/acme/x.git", None, {}) == {}


def test_a_trace_that_the_person_asked_git_for_does_not_hold_the_token(online, monkeypatch, tmp_path):
    """However the trace is asked for, and where git fails in the midst of it."""
    trace = tmp_path / "trace"
    for name in ("GIT_TRACE", "GIT_TRACE_CURL", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"):
        monkeypatch.setenv(name, str(trace))
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    monkeypatch.setenv("GIT_TRACE2_ENV_VARS", "GIT_CONFIG_VALUE_0,GIT_CONFIG_VALUE_1,GIT_CONFIG_VALUE_2")
    monkeypatch.setenv("GIT_TRACE2_CONFIG_PARAMS", "http.*")
    monkeypatch.setenv("GIT_CURL_VERBOSE", "1")  # which writes where errors are written
    online.pr(listed(2.5))
    online.write("../remote.git/hooks/pre-receive", "#!/bin/sh\necho no; exit 1\n").chmod(0o755)
    said = online.pr(listed(2), code=5).text
    assert "pre-receive hook declined" in said
    assert trace.exists()  # of what git did without the token
    token = online.github.token
    for form in (token, b64encode(f"x-access-token:{token}".encode()).decode()):
        assert form not in said
        assert form not in trace.read_text()


def test_the_token_appears_nowhere(online, monkeypatch, tmp_path):
    """Not in what is printed, in any file, commit or object, in a request's body, nor in the list of processes."""
    log, real = (
        tmp_path / "argv",
        next(Path(folder, "git") for folder in os.environ["PATH"].split(os.pathsep) if Path(folder, "git").exists()),
    )
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(RECORDER.format(python=sys.executable, log=str(log), git=str(real)))
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}")
    said = [online.pr(answer).text for answer in (listed(2.5), listed(2), listed())]
    monkeypatch.setenv("GIT_TRACE_CURL", "1")  # git redacts by itself, and its words end in the error
    online.write("../remote.git/hooks/pre-receive", "#!/bin/sh\necho no; exit 1\n").chmod(0o755)
    said.append(online.pr(listed(2.5), code=5).text)
    online.github.interfere = lambda *_: (400, {}, {"message": f"you sent {online.github.token}"})
    said.append(online.pr(listed(2.5), code=5).text)
    assert "you sent [redacted]" in said[-1]

    token = online.github.token
    forms = [token, b64encode(f"x-access-token:{token}".encode()).decode()]
    assert log.read_text().count("\n") > 20
    places = {"processes": log.read_text(), "output": "".join(said), "requests": repr(online.github.asked)}
    places["commits"] = online.remote("log", "--all", "--format=%B%an%ae%cn%ce", "-p")
    for path in (*tmp_path.rglob("*"), *Path(os.environ["LLMREG_CACHE"]).parent.rglob("*")):
        if path.is_file():
            places[str(path)] = path.read_bytes().decode(errors="replace")
    assert any(name.endswith(".git/config") for name in places)
    assert [name for name, text in places.items() if any(form in text for form in forms)] == []
    assert BRANCH in places["processes"]


def test_a_token_in_the_query_of_an_address_is_not_told(settled):
    settled.git("remote", "set-url", "origin", "http://127.0.0.1:9/acme/catalog.git?private_token=glpat-12345")
    ran = settled.sync(listed(2.5), "--pr")
    assert (ran.code, "127.0.0.1:9/acme/catalog.git?..." in ran.err) == (5, True), ran.err
    assert "glpat" not in ran.text
