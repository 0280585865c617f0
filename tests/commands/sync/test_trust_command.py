"""`llmreg trust`: the user's own word, in a file that only the user may read, and in LLMREG_TRUST."""

import json
import os
import pty
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg
from tests.support.http_server import listing, reply, upstream

PAIR = "gateway.example=ACME_API_KEY"


@pytest.fixture
def trust(monkeypatch):
    return lambda *arguments: run_llmreg("trust", *arguments)


@pytest.fixture
def stored():
    return Path(os.environ["XDG_CONFIG_HOME"]) / "llmreg" / "trusted-pairs"


def test_a_pair_is_stored_listed_and_taken_back(trust, stored):
    ran = trust(PAIR, "10.0.0.5:8000=BOX_KEY")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "gateway.example may now get the value of ACME_API_KEY")
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stored.read_text().splitlines()[1:] == ["10.0.0.5:8000=BOX_KEY", PAIR]
    assert trust("--list").out == "10.0.0.5:8000\tBOX_KEY\tllmreg trust\ngateway.example\tACME_API_KEY\tllmreg trust\n"
    assert trust("--remove", PAIR).code == 0
    assert [row["host"] for row in json.loads(trust("--list", "--format", "json").out)["trusted"]] == ["10.0.0.5:8000"]
    assert [path.name for path in stored.parent.iterdir()] == ["trusted-pairs"]


def test_a_file_that_others_may_read_becomes_private(trust, stored):
    stored.parent.mkdir(parents=True)
    stored.write_text("# mine\n\n other.example=OTHER_KEY \n")
    stored.chmod(0o644)
    trust(PAIR)
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert trust("--list").out.count("\n") == 2


def test_the_variable_adds_to_the_file(trust, monkeypatch):
    trust(PAIR)
    monkeypatch.setenv("LLMREG_TRUST", f"B.example=B_KEY, {PAIR},")
    assert trust("--list").out.splitlines() == [
        "b.example\tB_KEY\tLLMREG_TRUST",
        "gateway.example\tACME_API_KEY\tllmreg trust",
    ]
    assert "LLMREG_TRUST names it" in trust("--remove", "b.example=B_KEY").err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gateway.example", "is not HOST=NAME"),
        ("gateway.example=", "is not HOST=NAME"),
        ("=ACME_API_KEY", "is not HOST or HOST:PORT"),
        ("https://gateway.example=ACME_API_KEY", "is not HOST or HOST:PORT"),
        ("gateway.example/v1=ACME_API_KEY", "is not HOST or HOST:PORT"),
        ("api.openai.com@evil.example=ACME_API_KEY", "is not HOST or HOST:PORT"),
        ("*=ACME_API_KEY", "wildcard"),
        ("*.example=ACME_API_KEY", "wildcard"),
        ("gateway.example=*", "is not HOST=NAME"),
        ("api.\u043epenai.com=OPENAI_API_KEY", "write the host as xn--"),
        ("ghe.example=GITHUB_TOKEN", "belongs to a forge"),
        ("a.example=LLMREG_TRUST", "belongs to a forge"),
    ],
)
def test_what_is_no_pair_is_refused_and_nothing_is_stored(trust, stored, monkeypatch, text, said):
    ran = trust(PAIR, text)
    assert (ran.code, said in ran.err, stored.exists()) == (2, True, False)
    assert trust("--remove", text).code == 2
    monkeypatch.setenv("LLMREG_TRUST", text)
    listed = trust("--list")
    assert (listed.code, listed.err.startswith("llmreg: LLMREG_TRUST: ")) == (2, True)


@pytest.mark.parametrize("arguments", [(), ("--list", PAIR), (PAIR, "--remove", PAIR)])
def test_one_thing_at_a_time(trust, stored, arguments):
    assert (trust(*arguments).code, stored.exists()) == (2, False)


def test_a_pair_that_is_not_there(trust):
    assert "see llmreg trust --list" in trust("--remove", PAIR).err


def test_a_line_that_is_wrong_is_named(trust, stored):
    stored.parent.mkdir(parents=True)
    stored.write_text(f"{PAIR}\n*=ACME_API_KEY\n")
    ran = trust("--list")
    assert (ran.code, f"{stored}:2: " in ran.err, "wildcard" in ran.err) == (6, True, True)
    assert stored.read_text() == f"{PAIR}\n*=ACME_API_KEY\n"


def test_something_else_in_its_place_is_no_trust(trust, stored):
    stored.parent.mkdir(parents=True)
    os.mkfifo(stored)
    ran = trust("--list")
    assert (ran.code, "not a regular file" in ran.err) == (6, True)


def test_a_link_to_ones_own_dotfiles_stays_one(trust, stored, tmp_path):
    stored.parent.mkdir(parents=True)
    mine = tmp_path / "dotfiles"
    mine.write_text("")
    stored.symlink_to(mine)
    trust(PAIR)
    assert (stored.is_symlink(), PAIR in mine.read_text()) == (True, True)


def test_a_catalog_cannot_bring_trust(trust, monkeypatch, tmp_path):
    """Neither a file of that name beside it, nor a configuration directory that is relative to it."""
    planted = tmp_path / "config" / "llmreg" / "trusted-pairs"
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{PAIR}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    assert trust("--list").out == ""
    trust("other.example=OTHER_KEY")
    assert planted.read_text() == f"{PAIR}\n"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert trust("--list").out == "other.example\tOTHER_KEY\tllmreg trust\n"


class OnTerminal:
    """Runs `llmreg` with a terminal as stdin and stderr, and answers its questions."""

    def __init__(self, folder):
        self.catalog = folder / "config" / "models"
        self.catalog.mkdir(parents=True)

    def provider(self, name, url):
        text = (
            f"provider: {name}\napi: {{base_url: '{url}/v1', key_env: [ACME_API_KEY]}}\nsync: {{sources: [{name}]}}\n"
        )
        (self.catalog / f"{name}.yml").write_text(text + "models: {m: {context_window: 1000}}\n")

    def __call__(self, *arguments, answer="", **environ):
        ours, theirs = pty.openpty()
        seen = []

        def read():
            while True:
                try:
                    seen.append(os.read(ours, 4096))
                except OSError:  # what a terminal says when nobody is at its other end
                    return

        command = [sys.executable, "-m", "registry_cli", *arguments, "--catalog", str(self.catalog)]
        environ = {**os.environ, "ACME_API_KEY": "k" * 30, **environ}
        with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environ) as process:
            os.close(theirs)
            reader = threading.Thread(target=read, daemon=True)
            reader.start()
            os.write(ours, answer.encode())
            process.stdout.read()
            code = process.wait(60)
        reader.join(5)
        os.close(ours)
        return code, b"".join(seen).decode()


@pytest.fixture
def terminal(tmp_path):
    return OnTerminal(tmp_path)


def test_on_a_terminal_the_user_is_asked_once_and_a_yes_is_stored(terminal, stored):
    with upstream(lambda _: reply(listing("m"))) as server:
        place = server.url.removeprefix("http://")
        for name in ("acme", "acme-2"):
            terminal.provider(name, server.url)
        code, said = terminal("diff", "--all", answer="n\n")
        assert (code, said.count("Send ACME_API_KEY to"), server.asked) == (4, 1, [])
        assert f"llmreg trust {place}=ACME_API_KEY" in said
        assert not stored.exists()
        code, said = terminal("diff", "--all", answer="\n")
        assert (code, server.asked, stored.exists()) == (4, [], False)  # Enter alone is a no
        code, said = terminal("diff", "--all", answer="y\n")
        assert f"Send ACME_API_KEY to {place}?" in said
        assert [asked.headers["authorization"] for asked in server.asked] == ["Bearer " + "k" * 30] * 2
        assert stored.read_text().splitlines()[1:] == [f"{place}=ACME_API_KEY"]
        code, said = terminal("diff", "--all")
        assert "Send" not in said
        assert len(server.asked) == 4


def test_the_question_names_the_key_s_own_host_and_link_local_addresses_are_not_asked_about(terminal, stored):
    terminal.provider("acme", "https://169.254.169.254")
    (terminal.catalog / "openai.yml").write_text(
        "provider: openai\napi: {base_url: 'https://gateway.invalid'}\nsync: {sources: [openai]}\nmodels: {}\n"
    )
    code, said = terminal("diff", "--all", answer="n\n", OPENAI_API_KEY="k" * 30)
    assert (code, said.count("Send ")) == (4, 1)
    assert "Send OPENAI_API_KEY to gateway.invalid? (llmreg knows it for api.openai.com.)" in said
    assert "llmreg trust 169.254.169.254=ACME_API_KEY" in said


def test_quiet_runs_and_pipes_are_not_asked(terminal, monkeypatch):
    with upstream(lambda _: reply(listing("m"))) as server:
        terminal.provider("acme", server.url)
        code, said = terminal("diff", "acme", "--quiet", answer="y\n")
        assert (code, "Send" in said, server.asked) == (4, False, [])
        monkeypatch.setenv("ACME_API_KEY", "k" * 30)
        ran = run_llmreg("diff", "acme", "--catalog", str(terminal.catalog))
        assert (ran.code, server.asked) == (4, [])
        place = server.url.removeprefix("http://")
        assert f"to allow it, run: llmreg trust {place}=ACME_API_KEY" in ran.err


def test_doctor_shows_variable_host_and_why(terminal, monkeypatch):
    terminal.provider("acme", "https://gateway.example")
    (terminal.catalog / "openai.yml").write_text("provider: openai\nmodels: {}\n")
    monkeypatch.setenv("ACME_API_KEY", "k" * 30)

    def rows():
        ran = run_llmreg("doctor", "--format", "json", "--catalog", str(terminal.catalog))
        shown = {row["source"]: row for row in json.loads(ran.out)["sources"]}
        return {name: [shown[name][key] for key in ("state", "key", "host", "trusted")] for name in ("acme", "openai")}

    assert rows() == {
        "acme": ["not trusted", "ACME_API_KEY (needed)", "gateway.example", "no"],
        "openai": ["lacks a key", "OPENAI_API_KEY (needed)", "api.openai.com", "built-in source openai"],
    }
    monkeypatch.setenv("OPENAI_API_KEY", "k" * 30)
    run_llmreg("trust", PAIR)
    assert rows() == {
        "acme": ["ready", "ACME_API_KEY", "gateway.example", "llmreg trust"],
        "openai": ["ready", "OPENAI_API_KEY", "api.openai.com", "built-in source openai"],
    }
