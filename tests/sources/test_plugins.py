"""Sources of other packages: the package of docs/adding-a-source.md, installed in a directory, and broken ones."""

import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.http_server import reply, upstream
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "adding-a-source.md").read_text()
_LIST = {"models": [{"name": "tps-1", "window": 32000, "input": 2, "output": 4}, {"name": "tps-2", "window": 8000}]}


@dataclass(frozen=True)
class Installation:
    """A directory of packages on the path of Python, and a catalog."""

    site: Path
    catalog: Path
    environ: dict[str, str]

    def install(self, pyproject: str, modules: dict[str, str]) -> None:
        """Do what pip does with the wheel of a package."""
        project = tomllib.loads(pyproject)["project"]
        name, version = project["name"], project["version"]
        info = self.site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        lines = []
        for group, points in project["entry-points"].items():
            lines += [f"[{group}]", *(f"{point} = {value}" for point, value in points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
        for module, text in modules.items():
            (self.site / f"{module}.py").write_text(text)

    def install_module(self, source: str, module: str, *, package: str = "bad-llmreg") -> None:
        """Install a package with one source in one module."""
        points = f'[project.entry-points."llmreg.sources"]\n"{source}" = "{package.replace("-", "_")}:SOURCE"\n'
        self.install(f'[project]\nname = "{package}"\nversion = "2.0"\n{points}', {package.replace("-", "_"): module})

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "registry_cli", *arguments, "--catalog", str(self.catalog)],
            cwd=self.catalog,
            env=self.environ | environ,
            check=False,
            capture_output=True,
            text=True,
        )


def _code(language: str, title: str) -> str:
    match = re.search(rf"`{re.escape(title)}`:\n\n```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert match is not None
    return match[1]


@pytest.fixture
def installed(tmp_path: Path) -> Installation:
    catalog = tmp_path / "config" / "models"
    catalog.mkdir(parents=True)
    (catalog / "acme.yml").write_text("provider: acme\nmodels: {m: {context_window: 5}}\n")
    site = tmp_path / "site"
    site.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ = kept | {
        "PYTHONPATH": f"{site}{os.pathsep}{ROOT}",
        "LLMREG_CACHE": str(tmp_path / "cache"),
        "LLMREG_OVERLAY": "",
        "XDG_CONFIG_HOME": str(tmp_path / "settings"),
    }
    return Installation(site, catalog, environ)


@pytest.fixture
def documented(installed: Installation) -> Installation:
    installed.install(_code("toml", "pyproject.toml"), {"initech_llmreg": _code("python", "initech_llmreg.py")})
    return installed


def _write_answer(folder: Path, answer: object) -> str:
    path = folder / "answer.json"
    path.write_text(json.dumps(answer))
    return f"initech-gateway={path}"


def test_the_documented_plugin_is_held_first_and_then_writes_its_provider(
    documented: Installation, tmp_path: Path
) -> None:
    answer = _write_answer(tmp_path, _LIST)
    held = documented.run("sync", "initech-gateway", "--sources", "initech-gateway", "--from", answer)
    assert held.returncode == 3, held.stderr
    assert not (documented.catalog / "initech-gateway.yml").exists()
    accept = ("--accept", "initech-gateway#models")
    taken = documented.run("sync", "initech-gateway", "--sources", "initech-gateway", "--from", answer, *accept)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    shown = documented.run(
        "query", "-p", "initech-gateway", "--columns", "id,context_window,pricing.input", "-f", "csv"
    )
    assert shown.stdout.splitlines()[1:] == ["tps-1,32000,2", "tps-2,8000,"]


def test_a_file_of_another_provider_may_list_it(documented: Installation, tmp_path: Path) -> None:
    (documented.catalog / "acme.yml").write_text(
        "provider: acme\nsync: {sources: [initech-gateway]}\nmodels: {tps-1: {context_window: 5}}\n"
    )
    answer = _write_answer(tmp_path, _LIST)
    taken = documented.run("sync", "acme", "--from", answer, "--accept", "acme#models")
    assert taken.returncode in {0, 3}, taken.stderr
    assert "tps-2" in (documented.catalog / "acme.yml").read_text()


def test_doctor_lists_it_and_its_key_goes_nowhere_without_trust(documented: Installation) -> None:
    table = json.loads(documented.run("doctor", "-f", "json").stdout)["sources"]
    [row] = [row for row in table if row["source"] == "initech-gateway"]
    assert (row["state"], row["verified"], row["host"]) == ("lacks a key", "no", "llm.initech.example")
    keyed = {"INITECH_GATEWAY_KEY": "sk-secret"}
    stopped = documented.run("doctor", "-f", "json", **keyed)
    [row] = [row for row in json.loads(stopped.stdout)["sources"] if row["source"] == "initech-gateway"]
    assert row["state"] == "not trusted"
    assert "llmreg trust llm.initech.example=INITECH_GATEWAY_KEY" in row["answer"]
    assert "sk-secret" not in stopped.stdout + stopped.stderr
    trusted = documented.run("doctor", "-f", "json", **keyed, LLMREG_TRUST="llm.initech.example=INITECH_GATEWAY_KEY")
    [row] = [row for row in json.loads(trusted.stdout)["sources"] if row["source"] == "initech-gateway"]
    assert (row["state"], row["trusted"]) == ("ready", "LLMREG_TRUST")


def test_another_sources_key_is_not_its_own(installed: Installation) -> None:
    module = _code("python", "initech_llmreg.py").replace("INITECH_GATEWAY_KEY", "OPENAI_API_KEY")
    installed.install_module("initech-gateway", module)
    table = installed.run("doctor", "-f", "json", OPENAI_API_KEY="sk-secret")
    [row] = [row for row in json.loads(table.stdout)["sources"] if row["source"] == "initech-gateway"]
    assert (row["state"], row["trusted"]) == ("not trusted", "no")
    assert "known for api.openai.com" in row["answer"]


_GOOD = _code("python", "initech_llmreg.py")
_ADDRESS = 'base_url="https://llm.initech.example/v1"'


def test_it_is_asked_over_http_and_its_key_stays_here(installed: Installation) -> None:
    with upstream(lambda _: reply(_LIST)) as server:
        installed.install_module("initech-gateway", _GOOD.replace(_ADDRESS, f'base_url="{server.url}/v1"'))
        ran = installed.run(
            *("sync", "initech-gateway", "--sources", "initech-gateway"), INITECH_GATEWAY_KEY="sk-secret"
        )
        assert "not trusted with it" in ran.stderr + ran.stdout
        assert server.asked == []
        ran = installed.run("sync", "initech-gateway", "--sources", "initech-gateway")
        assert ran.returncode == 3, ran.stdout + ran.stderr
        [asked] = server.asked
        assert asked.path == "/v1/models"
        assert "sk-secret" not in str(asked)
        place = server.url.removeprefix("http://")
        trust = {"INITECH_GATEWAY_KEY": "sk-secret", "LLMREG_TRUST": f"{place}=INITECH_GATEWAY_KEY"}
        installed.run("sync", "initech-gateway", "--sources", "initech-gateway", **trust)
        assert "Bearer sk-secret" in str(server.asked[-1].headers)


def test_a_follow_that_fails_is_one_line(installed: Installation) -> None:
    with upstream(lambda _: reply(_LIST)) as server:
        module = _GOOD.replace(_ADDRESS, f'follow=lambda _request, _body: 1 / 0, base_url="{server.url}/v1"')
        installed.install_module("initech-gateway", module)
        ran = installed.run("sync", "initech-gateway", "--sources", "initech-gateway")
    assert ran.returncode == 4
    assert "plug-in bad-llmreg 2.0 failed: ZeroDivisionError: division by zero" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_wrong_name_suggests_it(documented: Installation) -> None:
    wrong = documented.run("sync", "acme", "--sources", "initech-gatway")
    assert wrong.returncode == 2
    assert "no source is called 'initech-gatway'; did you mean initech-gateway?" in wrong.stderr


_PARSE = re.compile(r"(?<=-> Observations:\n).*?(?=\n\n\n)", re.DOTALL)


def _parse_that(body: str) -> str:
    return _PARSE.sub(f"    {body}", _GOOD, count=1)


_BROKEN = [
    ("import nowhere_to_be_found", "cannot be loaded: ModuleNotFoundError: No module named 'nowhere_to_be_found'"),
    ("SOURCE = (", "cannot be loaded: SyntaxError"),
    ("raise RuntimeError('one\\ntwo \\x1b[31m')", "cannot be loaded: RuntimeError: one\\ntwo \\x1b[31m"),
    ("import sys; sys.exit(0)", "cannot be loaded: SystemExit: 0"),
    ("OTHER = 1", "cannot be loaded: AttributeError"),
    ("SOURCE = 'https://initech.example'", "is a str, not a registry_cli.sources.base.Source"),
    (_GOOD.replace('name="initech-gateway"', 'name="other"'), "is called 'other', its entry point 'initech-gateway'"),
    (_GOOD.replace('key="needed"', 'key="needed", host_variable="GATE"'), "has host_variable, which only sources of"),
    (_GOOD.replace('key="needed"', 'header_variables={"X": "OPENAI_API_KEY"}'), "has header_variables, which only"),
    (_GOOD.replace('key="needed"', "signing=lambda environ: ''"), "has signing, which only sources of llmreg itself"),
    (_parse_that("raise RuntimeError('no')"), "failed: RuntimeError: no"),
    (_parse_that("raise SystemExit(0)"), "failed: SystemExit: 0"),
    (_parse_that("return [1]"), "its parse returns no Observations"),
    (_parse_that("return Observations('x', (1,))"), "its parse returns no Observations"),
]


@pytest.mark.parametrize(("module", "says"), _BROKEN, ids=[says[:40] for _, says in _BROKEN])
def test_a_broken_plugin_is_one_line_and_stops_no_other_source(
    installed: Installation, tmp_path: Path, module: str, says: str
) -> None:
    installed.install_module("initech-gateway", module)
    (installed.catalog / "acme.yml").write_text(
        "provider: acme\nsync: {sources: [initech-gateway, models.dev]}\nmodels: {m: {context_window: 9}}\n"
    )
    (tmp_path / "dev.json").write_text(
        json.dumps({"acme": {"models": {"m": {"name": "M", "limit": {"context": 9, "output": 7}}}}})
    )
    files = ("--from", _write_answer(tmp_path, _LIST), "--from", f"models.dev={tmp_path / 'dev.json'}")
    ran = installed.run("sync", "acme", *files)
    assert ran.returncode == 4, ran.stdout + ran.stderr
    [line] = [line for line in ran.stderr.splitlines() if "bad-llmreg" in line]
    assert "plug-in bad-llmreg 2.0" in line
    assert says in line
    assert "Traceback" not in ran.stderr
    assert "max_output_tokens: 7" in (installed.catalog / "acme.yml").read_text()
    if "cannot be" in says or "which only" in says:
        table = json.loads(installed.run("doctor", "-f", "json").stdout)["sources"]
        [row] = [row for row in table if row["source"] == "initech-gateway"]
        assert row["state"] == "cannot be loaded"
        assert says in row["answer"]


@pytest.mark.parametrize("name", ["openai", "OpenAI", "models-dev", "groq", "groq-deprecations", "my source", "file"])
def test_no_plugin_takes_the_name_of_a_built_in_source(installed: Installation, name: str) -> None:
    installed.install_module(name, "raise SystemExit('loaded')")
    (installed.catalog / "openai.yml").write_text("provider: openai\nmodels: {}\n")
    ran = installed.run("doctor", "-f", "json")
    assert ran.returncode == 0
    [line] = ran.stderr.splitlines()[:1]
    assert line.startswith("llmreg: warning: plug-in bad-llmreg 2.0: ")
    assert line.endswith("ignored")
    assert "loaded" not in ran.stdout + ran.stderr
    [row] = [row for row in json.loads(ran.stdout)["sources"] if row["source"] == "openai"]
    assert row["host"] == "api.openai.com"


def test_two_packages_of_one_name_are_both_refused(documented: Installation) -> None:
    documented.install_module("initech-gateway", "raise SystemExit('loaded')", package="other-llmreg")
    table = json.loads(documented.run("doctor", "-f", "json").stdout)["sources"]
    [row] = [row for row in table if row["source"] == "initech-gateway"]
    assert row["answer"] == (
        "plug-in initech-llmreg 1.0: other-llmreg 2.0 has a source of the same name; uninstall one of them"
    )


def test_metadata_that_nobody_can_read_is_passed_over(documented: Installation) -> None:
    broken = documented.site / "junk-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_bytes(b"[llmreg.sources\n\xff = x\n= =")
    assert "initech-gateway" in documented.run("doctor").stdout


_COMMANDS: list[tuple[str, ...]] = [("query",), ("show", "acme/m"), ("validate",), ("providers",), ("fmt", "--check")]


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_commands_that_need_no_source_load_no_plugin(installed: Installation, command: tuple[str, ...]) -> None:
    mark = installed.site / "loaded"
    installed.install_module("acme", f"open({str(mark)!r}, 'w').close()\nSOURCE = None\n")
    installed.run(*command)
    assert not mark.exists()
    installed.run("doctor", "acme")
    assert mark.exists()


def test_its_verified_is_not_its_own_word(installed: Installation) -> None:
    installed.install_module("initech-gateway", _GOOD.replace("key=", "verified=True, key="))
    table = json.loads(installed.run("doctor", "-f", "json").stdout)["sources"]
    assert [row["verified"] for row in table if row["source"] == "initech-gateway"] == ["no"]
