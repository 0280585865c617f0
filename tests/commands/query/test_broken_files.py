"""Files of other providers that cannot be used do not stop a question that names its providers."""

from pathlib import Path

import pytest

from tests.support.cli import run_llmreg

_OPENAI = "provider: openai\naliases: [oai]\ndefault_model: gpt\nmodels:\n  gpt: {pricing: {input: 1, output: 2}}\n"
_GATE = "provider: gate\nmodels: {gpt: {pricing: {input: 3, output: 4}}}\n"


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "openai.yml").write_text(_OPENAI)
    (folder / "gate.yml").write_text(_GATE)
    (folder / "acme.yml").write_text("provider: acme\nmodels: {large: {}}\n")
    monkeypatch.setenv("LLMREG_CATALOG", str(folder))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.setenv("LLMREG_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def _break(file: Path) -> None:
    file.write_text("provider: acme\nmodels:\n  large: {context_window: many}\n")


def _truncate(file: Path) -> None:
    file.write_text("")


def _link_away(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


_NAMED = [
    ("query", "-p", "openai"),
    ("query", "-p", "oai", "-p", "GATE", "--count"),
    ("query", "gpt", "-p", "openai", "--sort", "cost", "--input", "1k"),
    ("show", "openai/gpt"),
    ("show", "oai/gpt#pricing.input"),
    ("cost", "openai/gpt", "--input", "1k"),
    ("cost", "openai/gpt", "gate/gpt", "--input", "1k", "-f", "json"),
    ("compare", "openai/gpt", "gate/gpt"),
    ("default", "openai"),
    ("export", "litellm", "-p", "openai"),
    ("deprecations", "-p", "openai"),
    ("deprecations", "openai/gpt"),
]
_UNNAMED = [
    ("query",),
    ("query", "gpt"),
    ("providers",),
    ("show", "gpt"),
    ("cost", "gpt", "--input", "1k"),
    ("compare", "openai/gpt", "large"),
    ("capabilities",),
    ("export", "litellm"),
    ("deprecations",),
    ("sql", "select count(*) from catalog"),
]
_OF_THE_BROKEN = [
    ("query", "-p", "acme"),
    ("query", "-p", "ACME", "-p", "openai"),
    ("show", "acme/large"),
    ("cost", "acme/large", "--input", "1k"),
    ("compare", "openai/gpt", "acme/large"),
    ("default", "acme"),
    ("export", "litellm", "-p", "acme"),
    ("deprecations", "-p", "acme"),
    ("query", "-p", "perhaps-its-alias"),
]


@pytest.mark.parametrize("damage", [_break, _truncate, _link_away])
@pytest.mark.parametrize("question", _NAMED, ids=" ".join)
def test_the_providers_that_are_named_are_answered(catalog: Path, question: tuple[str, ...], damage: object) -> None:
    whole = run_llmreg(*question)
    assert whole.code == 0
    damage(catalog / "acme.yml")  # type: ignore[operator]
    for _ in range(2):  # the second from the cache
        answer = run_llmreg(*question)
        assert answer.code == 0, answer.text
        assert "warning: acme is left out: " in answer.err
        assert "acme.yml" in answer.err
        assert _without_basis(answer.out) == _without_basis(whole.out)


def _without_basis(text: str) -> str:
    """A bill without the digest of the files it is based on."""
    return "".join(line for line in text.splitlines() if "digest" not in line and "commit" not in line)


@pytest.mark.parametrize("damage", [_break, _truncate, _link_away])
@pytest.mark.parametrize("question", [*_UNNAMED, *_OF_THE_BROKEN], ids=" ".join)
def test_a_broken_file_is_an_error_with_its_place_otherwise(
    catalog: Path, question: tuple[str, ...], damage: object
) -> None:
    damage(catalog / "acme.yml")  # type: ignore[operator]
    assert run_llmreg("query", "-p", "openai").code == 0  # whose index without acme is no answer to this one
    answer = run_llmreg(*question)
    assert answer.code == 6
    assert answer.out == ""
    assert "acme.yml" in answer.err
    if damage is _break:
        assert "acme.yml:3:27 schema" in answer.err


def test_a_file_that_was_mended_is_read_again(catalog: Path) -> None:
    good = (catalog / "acme.yml").read_text()
    _break(catalog / "acme.yml")
    run_llmreg("query", "-p", "openai")
    (catalog / "acme.yml").write_text(good)
    answer = run_llmreg("query", "-p", "openai")
    assert (answer.code, answer.err) == (0, "")
    assert run_llmreg("query", "--count").out == "3\n"
    _break(catalog / "acme.yml")
    run_llmreg("query", "-p", "openai")
    (catalog / "acme.yml").unlink()
    assert run_llmreg("query", "--count").out == "2\n"


def test_an_unreadable_catalog_is_an_error_whatever_is_named(catalog: Path) -> None:
    _break(catalog / "acme.yml")
    (catalog / "openai_capabilities.yml").write_text("a: [")
    answer = run_llmreg("query", "-p", "openai")
    assert answer.code == 6
    assert "openai_capabilities.yml" in answer.err


def test_a_broken_overlay_of_another_provider(catalog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overlay = tmp_path / "mine"
    overlay.mkdir()
    (overlay / "acme.yml").write_text("provider: acme\nmodels: [")
    monkeypatch.setenv("LLMREG_OVERLAY", str(overlay))
    assert run_llmreg("query", "-p", "openai").code == 0
    assert run_llmreg("query", "-p", "acme").code == 6
    assert run_llmreg("query").code == 6


def test_a_broken_part_of_a_split_provider_is_that_provider(catalog: Path) -> None:
    (catalog / "gate.yml").write_text("provider: gate\n")
    (catalog / "gate").mkdir()
    (catalog / "gate" / "openai.yml").write_text("provider: gate\nmodels: {gpt: {context_window: many}}\n")
    answer = run_llmreg("query", "-p", "openai", "-f", "ids")
    assert (answer.code, answer.out) == (0, "openai/gpt\n")
    assert answer.err.startswith("warning: gate is left out: ")
    assert run_llmreg("query", "-p", "gate").code == 6


def test_without_a_cache(catalog: Path) -> None:
    _break(catalog / "acme.yml")
    answer = run_llmreg("query", "-p", "openai", "--no-cache")
    assert answer.code == 0
    assert "warning: acme is left out" in answer.err
    assert run_llmreg("query", "--no-cache").code == 6


def test_the_warning_is_one_line_that_is_safe_on_a_terminal(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (catalog / "a\x1b[31m\nb.yml").write_text("models: [")
    _break(catalog / "acme.yml")
    monkeypatch.chdir(catalog.parent)
    answer = run_llmreg("query", "-p", "openai", "--catalog", catalog)
    assert answer.code == 0
    assert "\x1b" not in answer.err
    first, second = answer.err.splitlines()
    assert first.startswith("warning: a\\x1b[31m\\nb is left out: models/a\\x1b[31m\\nb.yml:")
    assert second.startswith("warning: acme is left out: models/acme.yml:3:27 schema ")


def test_quiet_says_nothing(catalog: Path) -> None:
    _break(catalog / "acme.yml")
    assert run_llmreg("query", "-p", "openai", "--quiet").err == ""
