"""The Python API in a service: reloads that fail, threads, entries that nobody can change, typed names."""

import copy
import dataclasses
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import registry_cli
from registry_cli import errors
from registry_cli.api import Registry
from tests.support.paths import ROOT

_GATE = "provider: gate\nmodels: {steady: {pricing: {input: 2}}}\n"
_CHANGES = 20  # models of the file that is written again and again


def _acme(price: int) -> str:
    """A file of which every model has the same price: a mixture of two states would show."""
    return "provider: acme\nmodels:\n" + "".join(
        f"  m{number}: {{pricing: {{input: {price}, output: {price}}}, capabilities: [streaming]}}\n"
        for number in range(_CHANGES)
    )


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "acme.yml").write_text(_acme(1))
    (tmp_path / "gate.yml").write_text(_GATE)
    return tmp_path


def _break_syntax(file: Path) -> None:
    file.write_text("provider: acme\nmodels: {m0: {context")


def _break_schema(file: Path) -> None:
    file.write_text("provider: acme\nmodels: {m0: {context_window: many}}\n")


def _empty(file: Path) -> None:
    file.write_text("")


def _write_binary(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00p")


def _replace_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _link_away(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    "damage", [_break_syntax, _break_schema, _empty, _write_binary, _replace_by_folder, _link_away]
)
def test_a_reload_that_fails_keeps_the_last_good_files(catalog: Path, damage: Callable[[Path], None]) -> None:
    registry = Registry(catalog)
    registry.list_all()
    (catalog / "gate.yml").write_text(_GATE.replace("2", "3"))  # a good change, which has to wait with the bad one
    damage(catalog / "acme.yml")
    for _ in range(2):
        with pytest.raises(registry_cli.FileError) as caught:
            registry.reload_config()
        assert "acme.yml" in str(caught.value)
        assert registry.get_pricing("acme", "m3") == {"input": 1, "output": 1}
        assert registry.get_pricing("gate", "steady") == {"input": 2}
        assert len(registry.find_by_cost_range(input=(0, 9))) == _CHANGES + 1
    if (catalog / "acme.yml").is_dir():
        (catalog / "acme.yml").rmdir()
    (catalog / "acme.yml").unlink(missing_ok=True)
    (catalog / "acme.yml").write_text(_acme(5))
    assert registry.reload_config() is True
    assert registry.get_pricing("acme", "m3")["input"] == 5
    assert registry.get_pricing("gate", "steady")["input"] == 3


def test_a_file_that_was_not_asked_about_yet_is_kept_too(catalog: Path) -> None:
    registry = Registry(catalog)
    _empty(catalog / "acme.yml")
    with pytest.raises(registry_cli.FileError):
        registry.reload_config()
    assert registry.get_pricing("acme", "m0")["input"] == 1


def test_a_directory_without_files_or_none_at_all_is_no_new_state(catalog: Path) -> None:
    registry = Registry(catalog)
    away = catalog.with_name("away")
    catalog.rename(away)
    with pytest.raises(registry_cli.FileError, match=re.escape(str(catalog))):
        registry.reload_config()
    catalog.mkdir()
    with pytest.raises(registry_cli.FileError, match="no provider file any more"):
        registry.reload_config()
    assert registry.list_providers() == ["acme", "gate"]
    assert registry.get_info("acme", "m0").id == "m0"
    catalog.rmdir()
    away.rename(catalog)
    assert registry.reload_config() is False


def test_settings_that_cannot_be_read_keep_the_last_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    root = tmp_path / "config" / "models"
    root.mkdir(parents=True)
    (root / "gate.yml").write_text(_GATE)
    (tmp_path / "config" / "llmreg.yml").write_text("prices: {gate: {multiply: 0.5}}\n")
    registry = Registry(root)
    assert registry.get_pricing("gate", "steady")["input"] == 1
    (tmp_path / "config" / "llmreg.yml").write_text("prices: {gate: {multiply: ")
    with pytest.raises(registry_cli.FileError):
        registry.reload_config()
    assert registry.get_pricing("gate", "steady")["input"] == 1


def test_a_file_that_is_away_for_a_moment_is_not_gone(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git checkout` removes a file before it writes the new one; others empty it first, or write a part of it."""
    registry = Registry(catalog)
    moments: list[Callable[[], object]] = [
        lambda: (catalog / "acme.yml").write_text("provider: acme\nmodels: {m0: {}}\n"),
        lambda: (catalog / "acme.yml").write_text(_acme(7)),
    ]
    monkeypatch.setattr(time, "sleep", lambda _: moments.pop(0)() if moments else None)
    (catalog / "acme.yml").unlink()
    assert registry.reload_config() is True
    assert [*{model.pricing.rates["input"] for model in registry.list_for_provider("acme") if model.pricing}] == [7]
    assert len(registry.list_for_provider("acme")) == _CHANGES


def test_a_part_that_is_away_for_a_moment_is_not_gone(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (catalog / "gate").mkdir()
    part = catalog / "gate" / "more.yml"
    part.write_text("provider: gate\nmodels: {extra: {}}\n")
    registry = Registry(catalog)
    pauses: list[float] = []
    text = part.read_text()
    monkeypatch.setattr(time, "sleep", lambda seconds: (pauses.append(seconds), part.write_text(text)))
    part.unlink()
    assert registry.reload_config() is False
    assert pauses == [1.0]
    assert registry.get_info("gate/extra").id == "extra"


def test_files_that_never_hold_still_are_not_taken(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = Registry(catalog)
    prices = iter(range(2, 99))
    (catalog / "acme.yml").write_text(_acme(50))
    monkeypatch.setattr(time, "sleep", lambda _: (catalog / "acme.yml").write_text(_acme(next(prices))))
    with pytest.raises(registry_cli.FileError, match="change while they are read"):
        registry.reload_config()
    assert registry.get_pricing("acme", "m0")["input"] == 1


@dataclasses.dataclass
class _Service:
    """Readers, reloaders and a writer that truncates, on one registry for some seconds."""

    registry: Registry
    catalog: Path
    faults: list[str] = dataclasses.field(default_factory=list)
    answers: int = 0
    reloads: int = 0
    refused: int = 0

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        jobs = [*[self._read] * 6, *[self._reload] * 2, self._write]
        threads = [threading.Thread(target=self._repeat, args=(job, end)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=seconds + 60)
        assert not any(thread.is_alive() for thread in threads)

    def _repeat(self, job: Callable[[], None], end: float) -> None:
        while time.monotonic() < end:
            try:
                job()
            except BaseException as fault:  # noqa: BLE001  # whatever it is, no thread of a service may meet it
                self.faults.append(f"{job.__name__}: {type(fault).__name__}: {fault}")

    def _read(self) -> None:
        models = self.registry.list_for_provider("acme")
        prices = {rate for model in models if model.pricing for rate in model.pricing.rates.values()}
        assert len(models) == _CHANGES
        assert len(prices) == 1
        everything = self.registry.find_by_capabilities(["streaming"])
        assert len({str(model.pricing) for model in everything}) == 1
        assert len(everything) == _CHANGES
        assert self.registry.get_pricing("gate", "steady") == {"input": 2}
        assert self.registry.get_info("m7").provider == "acme"
        assert self.registry.cost("acme/m1", input=1_000_000).total >= 1
        self.answers += 1
        time.sleep(0.005)  # six threads that never wait would leave the others no turn

    def _reload(self) -> None:
        try:
            self.reloads += self.registry.reload_config()
        except registry_cli.FileError:
            self.refused += 1

    def _write(self) -> None:
        file = self.catalog / "acme.yml"
        price = time.monotonic_ns() % 1000 + 1
        with file.open("w") as stream:  # empty from here on
            text = _acme(price)
            half = text.index("{input", len(text) // 2)
            stream.write(text[:half])
            stream.flush()
            time.sleep(price % 3 * 0.04)
            stream.write(text[half:])
        if price % 5 == 0:
            file.unlink()
            time.sleep(0.01)
            file.write_text(_acme(price))
        time.sleep(price % 4 * 0.05)


def _run_service(catalog: Path, seconds: float) -> _Service:
    registry = Registry(catalog)
    registry.list_all()
    service = _Service(registry, catalog)
    service.run(seconds)
    assert service.faults == []
    assert service.answers > seconds * 10
    (catalog / "acme.yml").write_text(_acme(4))
    assert registry.reload_config() is True
    assert registry.get_pricing("acme", "m1")["input"] == 4
    return service


def test_threads_that_read_and_reload_while_files_are_truncated(catalog: Path) -> None:
    _run_service(catalog, 2)


@pytest.mark.slow
def test_a_service_of_a_minute(catalog: Path) -> None:
    service = _run_service(catalog, 60)
    print(f"{service.answers:,} rounds of answers, {service.reloads:,} reloads, {service.refused:,} refused")
    assert service.reloads > 0
    assert service.refused > 0


def test_the_first_questions_of_many_threads_read_each_file_once(catalog: Path) -> None:
    registry = Registry(catalog)
    gate, answers = threading.Barrier(6), []

    def ask() -> None:
        gate.wait()
        answers.append(registry.get_info("m5"))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len({id(model) for model in answers}) == 1


_DETAILED = """
provider: acme
aliases: [a]
api: {base_url: https://acme.example/v1, key_env: [ACME_API_KEY]}
defaults: {capabilities: [streaming]}
models:
  m:
    aliases: [n]
    modalities: {input: [text, image]}
    capabilities: [streaming, {web_search: {status: beta}}]
    pricing:
      input: 1
      per: {request: 0.1}
      variants: [{when: {service_tier: batch}, multiply: 0.5}]
"""


def _collections(value: object) -> list[object]:
    """A value's mappings and lists, however deep, dataclasses included."""
    if dataclasses.is_dataclass(value):
        return [part for field in dataclasses.fields(value) for part in _collections(getattr(value, field.name))]
    if isinstance(value, dict):
        return [value, *(part for inner in value.values() for part in _collections(inner))]
    if isinstance(value, list | tuple):
        own = [value] if isinstance(value, list) else []
        return own + [part for inner in value for part in _collections(inner)]
    return []


@pytest.mark.parametrize("prices", ["", "prices: {acme: {multiply: 0.5}}\n"])
def test_nothing_in_an_entry_can_be_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prices: str) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    root = tmp_path / "config" / "models"
    root.mkdir(parents=True)
    (root / "acme.yml").write_text(_DETAILED)
    (tmp_path / "config" / "llmreg.yml").write_text(prices)
    registry = Registry(root)
    provider = registry.catalog.providers["acme"]
    collections = _collections(provider)
    assert len(collections) > 20
    for collection in collections:
        first = next(iter(collection)) if isinstance(collection, dict) and collection else 0  # type: ignore[attr-defined]
        for change in (
            lambda: collection.__setitem__(first, 1),  # type: ignore[attr-defined]  # noqa: B023
            lambda: collection.__delitem__(first),  # type: ignore[attr-defined]  # noqa: B023
            collection.clear,  # type: ignore[attr-defined]
        ):
            with pytest.raises(TypeError, match="change a copy"):
                change()
    with pytest.raises(dataclasses.FrozenInstanceError):
        provider.models["m"].name = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        registry.catalog.providers["b"] = provider  # type: ignore[index]


def test_a_copy_of_an_entry_is_an_ordinary_mapping(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "acme.yml").write_text(_DETAILED)
    body = Registry(tmp_path).get_info("acme/m").body
    for mine in (copy.deepcopy(body), pickle.loads(pickle.dumps(body))):  # noqa: S301  # our own
        assert mine == body
        mine["pricing"]["variants"].append({"multiply": 2})
        mine["pricing"]["per"]["page"] = 1
        assert mine != body
    assert json.loads(json.dumps(body, default=float))["aliases"] == ["n"]
    assert type(copy.copy(body)) is dict


def test_every_error_and_warning_is_exported() -> None:
    classes = {
        name for name, found in inspect.getmembers(errors, inspect.isclass) if found.__module__ == errors.__name__
    }
    assert classes <= set(registry_cli.__all__)
    for name in classes:
        assert getattr(registry_cli, name) is getattr(errors, name)
        assert getattr(errors, name).__doc__
        assert issubclass(getattr(errors, name), registry_cli.LlmregError) != issubclass(getattr(errors, name), Warning)


def test_errors_of_names_can_be_told_apart(catalog: Path) -> None:
    (catalog / "other.yml").write_text("provider: other\naliases: [twice]\nmodels: {m0: {}}\n")
    (catalog / "third.yml").write_text("provider: third\naliases: [twice]\nmodels: {}\n")
    registry = Registry(catalog)
    for unknown in ("acme/m99x", "nosuch", "nosuch/m"):
        with pytest.raises(registry_cli.UnknownNameError):
            registry.get_info(unknown)
    with pytest.raises(registry_cli.UnknownNameError):
        registry.list_for_provider("nosuch")
    for ambiguous in ("m0", "twice/m"):
        with pytest.raises(registry_cli.AmbiguousNameError):
            registry.get_info(ambiguous)


@pytest.mark.parametrize("bounds", [5, ("a", 1), (1,), (1, 2, 3), None])
def test_a_range_that_is_none_is_a_usage_error(catalog: Path, bounds: object) -> None:
    registry = Registry(catalog)
    if bounds is None:
        assert len(registry.find_by_cost_range(input=None)) == _CHANGES + 1
        return
    with pytest.raises(registry_cli.UsageError, match=re.escape("write input=(0, 5)")):
        registry.find_by_cost_range(input=bounds)  # type: ignore[arg-type]


def test_dir_shows_exactly_the_public_names() -> None:
    assert dir(registry_cli) == sorted([*registry_cli.__all__, "__version__"])
    text = inspect.getsource(registry_cli)
    assert set(re.findall(r"import (\w+) as \1", text)) == set(dir(registry_cli))


def test_importing_the_package_imports_nothing_else() -> None:
    program = (
        "import sys, registry_cli; dir(registry_cli); print(*sorted(n for n in sys.modules if 'registry_cli' in n))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ran.stdout.split() == ["registry_cli", "registry_cli.version"]
    program = "import sys, registry_cli; registry_cli.UsageError; print('registry_cli.api' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert ran.stdout.split() == ["False"]


_CLIENT = """
from datetime import date
from decimal import Decimal

import registry_cli
from registry_cli import Bill, Filters, LlmregError, Model, Registry, UnknownNameError


def cheapest(registry: Registry, window: int) -> Model | None:
    found = registry.find_by_words("acme", Filters(min_context=window, max_input=5))
    return found[0] if found else None


def price(name: str) -> Decimal | None:
    try:
        bill: Bill = registry_cli.cost(name, input=1000, on=date(2026, 1, 1))
    except UnknownNameError as error:
        print(error.message)
        return None
    except LlmregError as error:
        print(error, error.exit_code)
        return None
    return bill.total


reveal_type(registry_cli.get_info("acme", "m"))
reveal_type(registry_cli.find_by_min_context(5))
registry_cli.get_prcing("acme", "m")
registry_cli.get_info("acme", "m").body["context_window"] = 1
registry_cli.TYPE_CHECKING
"""


def test_a_type_checker_knows_the_public_names_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(_CLIENT)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", os.devnull, "client.py"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "MYPYPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True, env=environ)
    said = ran.stdout.replace('"builtins.list[', '"list[')  # as newer versions have it
    lines = [line for line in said.splitlines() if line.startswith("client.py")]
    last = len(_CLIENT.splitlines())
    assert [(int(line.split(":")[1]), line.partition(": ")[2]) for line in lines] == [
        (last - 4, 'note: Revealed type is "registry_cli.core.catalog.models.Model"'),
        (last - 3, 'note: Revealed type is "list[registry_cli.core.catalog.models.Model]"'),
        (last - 2, 'error: Module has no attribute "get_prcing"; maybe "get_pricing"?  [attr-defined]'),
        (last - 1, 'error: Unsupported target for indexed assignment ("Mapping[str, Any]")  [index]'),
        (last, 'error: Module "registry_cli" does not explicitly export attribute "TYPE_CHECKING"  [attr-defined]'),
    ], ran.stdout + ran.stderr


def test_a_warning_as_an_error_leaves_the_last_files(catalog: Path) -> None:
    registry = Registry(catalog)
    (catalog / "gate.yml").write_text(_GATE.replace("{steady", "{newer: {speed: 3}, steady"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(registry_cli.UnknownKeyWarning):
            registry.reload_config()
    assert [model.id for model in registry.list_for_provider("gate")] == ["steady"]
