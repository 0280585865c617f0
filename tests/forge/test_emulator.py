"""The flow against a GitHub that this project did not write, with GitHub's own description of its API between them.

`LLMREG_TEST_EMULATOR` names a folder where these were installed, on Node 20:

    npm install emulate@0.11.2 @stoplight/prism-cli@5.16.0 @octokit/openapi@23.0.2

The emulator listens on every interface, so all of it runs in a network of its own (`unshare`, which wants root). It
takes whatever it is given; the proxy says in a header where a request is not as the description wants it.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from registry_cli.forge.github import GitHub
from tests.support.pull_request_workspace import BRANCH, PullRequestWorkspace, listed

FOLDER = os.environ.get("LLMREG_TEST_EMULATOR")
IS_INSIDE = bool(os.environ.get("LLMREG_TEST_EMULATOR_INSIDE"))
pytestmark = [
    pytest.mark.emulator,
    pytest.mark.skipif(not FOLDER, reason="LLMREG_TEST_EMULATOR names no folder with the emulator"),
]

EMULATOR, PROXY = 4801, 4802
SEED = """\
tokens: {%s: {login: acme, scopes: [repo, user]}}
github:
  users: [{login: acme, name: Acme, email: acme@example.org}, {login: ann, name: Ann, email: ann@example.org}]
  repos: [{owner: acme, name: catalog, description: A catalog, auto_init: true}]
"""


@pytest.mark.skipif(IS_INSIDE, reason="for outside")
def test_in_a_network_of_its_own():
    inside = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "emulator", __file__]
    command = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *inside]
    environ = {**os.environ, "LLMREG_TEST_EMULATOR_INSIDE": "1"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=280, check=False)
    print(done.stdout[-3000:])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


@pytest.fixture
def emulated(settled: PullRequestWorkspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    modules = Path(str(FOLDER)) / "node_modules"
    seed = tmp_path / "seed.yaml"
    seed.write_text(SEED % settled.github.token)
    emulate = [modules / "emulate/dist/index.js", "start", "-s", "github", "-p", EMULATOR, "--seed", seed]
    description = modules / "@octokit/openapi/generated/api.github.com.json"
    proxy = [modules / "@stoplight/prism-cli/dist/index.js", "proxy", description, f"http://127.0.0.1:{EMULATOR}",
             "-h", "127.0.0.1", "-p", PROXY]  # fmt: skip
    with (tmp_path / "servers.log").open("wb") as log:
        servers = [subprocess.Popen(["node", *map(str, each)], stdout=log, stderr=log) for each in (emulate, proxy)]
        try:
            monkeypatch.setenv("GITHUB_API_URL", f"http://127.0.0.1:{PROXY}")
            until(lambda: asked(settled, "", PROXY), 60)
            yield settled
        finally:
            for server in servers:
                server.terminate()
            for server in servers:
                server.wait(10)


def until(ready, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            ready()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def asked(workspace: PullRequestWorkspace, path: str, port: int = EMULATOR):
    """What the emulator answers by itself; with the proxy's port, what that complains of."""
    headers = {"Authorization": f"Bearer {workspace.github.token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/repos/acme/catalog{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310  # of this machine
        return json.load(answer) if port == EMULATOR else json.loads(answer.headers.get("sl-violations", "[]"))


def of_requests(violations: list[dict]) -> list[dict]:
    return [each for each in violations if "request" in each["location"]]


@pytest.mark.skipif(not IS_INSIDE, reason="for inside")
def test_the_proxy_complains_of_a_wrong_request(emulated):
    assert of_requests(asked(emulated, "/pulls?state=ajar", PROXY))


@pytest.mark.skipif(not IS_INSIDE, reason="for inside")
def test_the_flow(emulated, monkeypatch):
    met: list[tuple[str, str, int, list[dict]]] = []
    send = GitHub._send_request

    def recorded(self, method, path, content):
        reply = send(self, method, path, content)
        met.append((method, path, reply.status, json.loads(reply.headers.get("sl-violations", "[]"))))
        return reply

    monkeypatch.setattr(GitHub, "_send_request", recorded)
    steps = [
        (listed(2.5), "opened", ("--label", "llmreg", "--reviewer", "ann", "--assignee", "ann", "--draft")),
        (listed(2.5), "unchanged", ()),
        (listed(2), "updated", ()),
        (listed(), "closed", ()),
        (listed(), "nothing", ()),
        (listed(2.5), "opened", ()),
        (listed(2), "updated", ()),
        (listed(2), "unchanged", ()),
    ]
    for day, (answer, action, options) in enumerate(steps, 1):
        emulated.at(f"2026-12-{day:02}")
        ran = emulated.pr(answer, "--format", "json", *options)
        (told,) = json.loads(ran.out)["pull_requests"]
        assert told["action"] == action, (day, told)
        print(day, action, told["warnings"])
        still_open = asked(emulated, "/pulls?state=open")
        assert len(still_open) == (action not in ("closed", "nothing"))
        assert bool(emulated.tip()) == bool(still_open)
    assert len(asked(emulated, "/pulls?state=all")) == 2
    assert [each["body"] for each in asked(emulated, "/issues/1/comments")]
    (pull,) = asked(emulated, "/pulls?state=open")
    assert (pull["head"]["ref"], pull["title"]) == (BRANCH, "acme: 1 price change")

    wrong = [each for each in met if of_requests(each[3])]
    assert wrong == []
    kinds = sorted(
        {f"{method} {re.sub('[0-9]+', 'N', path.partition('?')[0])} {status}" for method, path, status, _ in met}
    )
    print(f"{len(met)} requests through the proxy, none of which it complains of:", *kinds, sep="\n  ")
