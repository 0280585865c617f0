"""The Python API on small catalogs; docs/api.md's examples run here too."""

import doctest
import inspect
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import registry_cli
from registry_cli import api_state
from registry_cli.api import Registry, default_registry
from registry_cli.api_types import AssumedModelWarning, DeprecatedModelWarning
from registry_cli.core.names.names import CatalogNames
from registry_cli.errors import FileError, UsageError
from tests.support.paths import ROOT

DOCS = ROOT / "docs" / "api.md"


@pytest.fixture
def documented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The catalog that docs/api.md shows, as the default one."""
    match = re.search(r"```yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert match is not None
    (tmp_path / "acme.yml").write_text(match[1])
    monkeypatch.setenv("LLMREG_CATALOG", str(tmp_path))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    default_registry.cache_clear()
    yield tmp_path
    default_registry.cache_clear()


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "acme.yml").write_text("provider: acme\naliases: [a]\nmodels: {m: {pricing: {input: 1}}, shared: {}}\n")
    (tmp_path / "gate.yml").write_text("provider: gate\nmodels: {shared: {pricing: {currency: EUR, input: 2}}}\n")
    return tmp_path


@pytest.mark.usefixtures("documented")
def test_the_examples_of_the_docs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    examples = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "docs/api.md", None, 0)
    result = doctest.DocTestRunner().run(examples)
    assert result.attempted > 15
    assert result.failed == 0


def test_everything_that_is_exported_exists_and_is_documented() -> None:
    text = DOCS.read_text()
    for name in registry_cli.__all__:
        assert getattr(registry_cli, name) is not None
        assert name in text
    with pytest.raises(AttributeError):
        _ = registry_cli.no_such_name  # type: ignore[attr-defined]


def test_every_question_of_a_registry_is_a_function_too() -> None:
    methods = {name for name, _ in inspect.getmembers(Registry, inspect.isfunction) if not name.startswith("_")}
    assert methods <= set(registry_cli.__all__)


def test_a_fresh_registry_sees_the_files_and_reload_only_what_changed(catalog: Path) -> None:
    registry = Registry(catalog)
    shared = registry.get_info("gate", "shared")
    assert registry.reload_config() is False
    (catalog / "acme.yml").write_text("provider: acme\nmodels: {m: {pricing: {input: 2}}, new: {}}\n")
    assert registry.reload_config() is True
    assert registry.get_pricing("acme", "m") == {"input": 2}
    assert registry.get_info("new").id == "new"
    assert registry.get_info("gate", "shared") is shared
    (catalog / "gate.yml").unlink()
    assert registry.reload_config() is True
    assert registry.list_providers() == ["acme"]
    with pytest.raises(UsageError):
        registry.list_for_provider("gate")


def test_the_names_of_a_provider_are_gathered_once_a_reading(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gathered = []
    monkeypatch.setattr(api_state, "CatalogNames", lambda of: gathered.append([*of.providers]) or CatalogNames(of))
    registry = Registry(catalog)
    assert [registry.get_info("acme", "m").id for _ in range(3)] == ["m"] * 3
    assert gathered == [["acme"]]
    (catalog / "acme.yml").write_text("provider: acme\nmodels: {new: {aliases: [m]}}\n")
    registry.reload_config()
    assert registry.get_info("acme", "m").id == "new"
    assert gathered == [["acme"]] * 2


def test_an_overlay_lies_over_it(catalog: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    overlay = tmp_path_factory.mktemp("overlay")
    (overlay / "acme.yml").write_text("provider: acme\nmodels: {m: {context_window: 5}, mine: {}}\n")
    (overlay / "home.yml").write_text("provider: home\nbilling: local\nmodels: {llama: {}}\n")
    registry = Registry(catalog, overlay=overlay)
    assert registry.get_info("acme", "m").overlay == ("context_window",)
    assert registry.get_pricing("acme", "m") == {"input": 1}
    assert registry.get_pricing("home", "llama") == {"input": 0, "output": 0}
    assert registry.get_info("mine").overlay == ("*",)


def test_a_price_range_is_exact_and_in_dollars(catalog: Path) -> None:
    registry = Registry(catalog)
    assert [model.id for model in registry.find_by_cost_range(input=(1, 1.0))] == ["m"]
    assert registry.find_by_cost_range(input=(Decimal("1.0000001"), 9)) == []
    assert registry.find_by_cost_range(output=(0, 100)) == []


def test_defaults_state_capabilities_in_any_way_that_a_model_may(catalog: Path) -> None:
    listed = "[streaming, tool_use, {web_search: {status: beta}}, {json_mode: {supported: false}}]"
    (catalog / "home.yml").write_text(
        f"provider: home\ndefaults: {{context_window: 10, capabilities: {listed}}}\n"
        "models: {seen: {modalities: {input: [image]}, capabilities: [{vision: {supported: false}}]}}\n"
    )
    registry = Registry(catalog)
    unknown = registry.get_model_config_with_defaults("home", "x")
    assert (unknown.capabilities, unknown.origin) == (("function_calling", "streaming", "web_search"), "defaults")
    seen = registry.get_model_config_with_defaults("home", "seen")
    assert (seen.capabilities, seen.context_window, seen.origin) == ((), 10, "both")


def test_a_capability_outside_the_vocabulary_is_found_where_an_entry_has_it(catalog: Path) -> None:
    (catalog / "q.yml").write_text("provider: q\nmodels: {m: {capabilities: [teleport, tools]}, n: {}}\n")
    registry = Registry(catalog)
    assert [model.id for model in registry.find_by_capabilities(["teleport", "tool_use"])] == ["m"]
    with pytest.raises(UsageError, match="unknown capability 'telport'"):
        registry.find_by_capabilities(["telport"])


def test_names_that_mean_nothing_or_too_much(catalog: Path) -> None:
    registry = Registry(catalog)
    with pytest.raises(UsageError, match="a model of 2 providers"):
        registry.get_info("shared")
    with pytest.raises(UsageError, match="states no default model"):
        registry.get_default("acme")
    with pytest.raises(UsageError, match="unknown capability 'visoin'; did you mean vision"):
        registry.find_by_capabilities(["visoin"])
    with pytest.raises(UsageError, match="has no model 'x'"):
        registry.get_model_config_with_defaults("a", "x")
    with pytest.raises(UsageError, match="is not a folder"):
        Registry(catalog / "nowhere")


def test_a_warning_names_the_line_that_asked(documented: Path) -> None:
    registry = Registry(documented)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        registry.get_pricing("acme", "acme-old")
        registry.compare(["acme-old", "acme-small"])
    assert [warning.category for warning in caught] == [DeprecatedModelWarning]
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("provider: bad\nmodels: {m: {context_window: many}}\n", "context_window"),
        ("provider: other\nmodels: {}\n", "the file's name says 'bad'"),
        ("provider: bad\nmodels: {m: {}, m: {}}\n", "'m' is on line 2 and again on line 2"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_place(catalog: Path, text: str, says: str) -> None:
    (catalog / "bad.yml").write_text(text)
    registry = Registry(catalog)
    assert registry.get_info("acme", "m").id == "m"
    with pytest.raises(FileError) as caught:
        registry.list_all()
    assert f"{catalog / 'bad.yml'}:" in str(caught.value)
    assert caught.value.exit_code == 6


def test_a_file_without_its_provider_is_read_by_its_name(catalog: Path) -> None:
    (catalog / "nameless.yml").write_text("models: {x: {}}\n")
    assert Registry(catalog).get_info("nameless/x").provider == "nameless"


def test_an_assumed_model_comes_with_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    (tmp_path / "acme.yml").write_text("provider: acme\nmodels: {m-1.5: {base_model: acme/m, pricing: {input: 3}}}\n")
    (tmp_path / "gate.yml").write_text("provider: gate\nmodels: {m-1-5: {base_model: acme/m, pricing: {input: 9}}}\n")
    registry = Registry(tmp_path)
    with pytest.warns(
        AssumedModelWarning, match="using acme/m-1.5, its creator's own listing; 1 other provider has it"
    ):
        assert registry.cost("M-1-5", input=1_000_000).total == 3
    assert registry.cost("Gate/M-1-5", input=1_000_000).total == 9
    assert registry.list_for_provider("GATE")[0].id == "m-1-5"
