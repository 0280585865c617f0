"""What the environment says about connections: a fault is one line that names the variable, and the source failed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import ForgeError
from registry_cli.forge.github import GitHub
from registry_cli.forge.places import ForgeRepository
from tests.support.random_catalogs import write_catalog
from tests.support.small_catalog import QuestionRunner

CANARY = "proxy-CANARY-password"
CATALOG = {"acme": {"api": {"base_url": "https://acme.invalid/v1"}, "models": {"m": {}}}}
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def ask(tmp_path, capsys, monkeypatch):
    for name in (*VARIABLES, "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    run = QuestionRunner(write_catalog(tmp_path / "catalog", CATALOG))

    def sync(**environ):
        for name, value in environ.items():
            monkeypatch.setenv(name, str(value))
        out = run("sync", "acme", "--sources", "acme")
        assert run.code == 4
        assert CANARY not in out + run.err
        failures = [line for line in run.err.splitlines() if line.startswith("acme failed: ")]
        assert len(failures) == 1, run.err
        return failures[0].removeprefix("acme failed: ")

    return sync


@pytest.mark.skipif(find_spec("socksio") is not None, reason="socksio is installed")
@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY", "all_proxy", "http_proxy"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS5"])
def test_a_socks_proxy_without_its_package(ask, name, scheme):
    said = ask(**{name: f"{scheme}://user:{CANARY}@127.0.0.1:9"})
    assert said == f"{name} names a SOCKS proxy, which needs the package socksio (pip install socksio)"


@pytest.mark.parametrize(
    "address",
    [
        "://bad",
        "ftp://proxy:1",
        f"http://u:{CANARY}@proxy:port",
        "http://[::1",
        "http://",
        "socks4://x",
        "http://p:99999",
    ],
)
@pytest.mark.parametrize("name", ["ALL_PROXY", "https_proxy"])
def test_an_address_that_is_none(ask, name, address):
    said = ask(**{name: address})
    assert said == f"{name} is not the address of a proxy, such as http://proxy.example:8080"


@pytest.mark.parametrize("hosts", ["[::1", "a://[b", "x y"])
def test_odd_hosts_without_a_proxy(ask, hosts):
    said = ask(HTTPS_PROXY="http://127.0.0.1:9", NO_PROXY=hosts)
    assert said.startswith("NO_PROXY cannot be read") or "through the proxy that HTTPS_PROXY names" in said


def test_a_proxy_that_is_not_there_is_named(ask):
    said = ask(HTTPS_PROXY=f"http://u:{CANARY}@127.0.0.1:9")
    assert said == "acme.invalid: Connection refused (through the proxy that HTTPS_PROXY names)"
    assert "proxy" not in ask(NO_PROXY="acme.invalid")


def certificates(folder):
    import certifi  # noqa: PLC0415  # which httpx brings

    text, end = Path(certifi.where()).read_text(), "-----END CERTIFICATE-----\n"
    (folder / "one.pem").write_text(text[text.index("-----BEGIN") : text.index(end) + len(end)])
    return folder / "one.pem"


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, "no such file"), ("", "holds no certificate"), ("words", "holds no certificate"),
     ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate"), ("dir", "not a file"),
     ("fifo", "not a file")],
)  # fmt: skip
def test_certificates_that_cannot_be_read(ask, tmp_path, content, fault):
    path = tmp_path / "some.pem"
    if content == "dir":
        path.mkdir()
    elif content == "fifo":
        os.mkfifo(path)
    elif content is not None:
        path.write_text(content)
    assert ask(SSL_CERT_FILE=path) == f"SSL_CERT_FILE names {path}: {fault}"


def test_a_directory_of_certificates(ask, tmp_path):
    assert ask(SSL_CERT_DIR=tmp_path / "none") == f"SSL_CERT_DIR names {tmp_path}/none: No such file or directory"
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "readme").write_text("x")
    said = ask(SSL_CERT_DIR=folder)
    assert said.startswith(f"SSL_CERT_DIR names {folder}: holds no certificate under a hashed name")
    certificates(folder).rename(folder / "0a1b2c3d.0")
    assert ask().startswith("acme.invalid: ")


def test_a_file_of_certificates_that_can_be_read(ask, tmp_path):
    assert ask(SSL_CERT_FILE=certificates(tmp_path)).startswith("acme.invalid: ")


def test_who_asks_nobody_needs_no_certificates(tmp_path):
    root = write_catalog(tmp_path / "catalog", CATALOG)
    command = [sys.executable, "-m", "registry_cli", "query", "--catalog", str(root)]
    environ = {**os.environ, "SSL_CERT_FILE": "/nonexistent", "ALL_PROXY": "socks5://x"}
    assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def test_the_forge_says_so_too(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent.pem")
    place = ForgeRepository("api.github.invalid", "https://api.github.invalid", "", "acme", "catalog")
    with pytest.raises(ForgeError, match=r"SSL_CERT_FILE names /nonexistent\.pem: no such file"):
        GitHub(place, SecretKey("GITHUB_TOKEN", "x" * 20)).repository_facts()
