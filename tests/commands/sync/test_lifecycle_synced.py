"""Lifecycle sources as a person asks them, with recorded answers."""

import json

import pytest

from tests.support.sync_workspace import run as run  # noqa: PLC0414  # a fixture

GROQ = """\
provider: groq
default_model: old-8b
api:
  base_url: https://api.groq.com/openai/v1
models:
  new-20b:
    context_window: 1000

  old-8b:
    context_window: 1000
"""
PAGE = """\
| Deprecated Model | Shutdown Date | Recommended Replacement Model ID |
| --- | --- | --- |
| old-8b | 08/16/26 | new-20b |
"""
MORE = "".join(f"| m-{number} | 01/01/26 | new-20b |\n" for number in range(10))


@pytest.fixture
def groq(run):
    run.file = run.folder / "models" / "groq.yml"
    run.file.write_text(GROQ)
    return run


def sync_page(run, *arguments):
    return run.sync(PAGE + MORE, *arguments, source="groq-deprecations", command=("sync", "groq"))


def test_a_retired_default_is_reported_by_every_run(groq):
    sync_page(groq, "--dry-run")
    assert "groq: default_model old-8b is retired since 2026-08-16; it is replaced by new-20b\n" in groq.err
    sync_page(groq)
    sync_page(groq)
    assert "groq: default_model old-8b is retired since 2026-08-16; it is replaced by new-20b\n" in groq.err
    groq.file.write_text(groq.file.read_text().replace("default_model: old-8b", "default_model: new-20b"))
    sync_page(groq)
    assert "default_model" not in groq.err


def test_a_page_is_not_asked_for_other_platforms(groq):
    (groq.folder / "models" / "acme.yml").write_text(
        "provider: acme\napi: {base_url: 'https://a.example'}\nmodels: {}\n"
    )
    groq.sync(PAGE + MORE, source="groq-deprecations", command=("sync", "acme"))
    assert (groq.code, "groq-deprecations is no source of the providers that are synced" in groq.err) == (2, True)


def test_one_list_serves_all_providers_that_it_knows_and_a_second_run_changes_nothing(groq):
    for provider in ("xai", "mistral", "host"):
        groq.file.with_name(f"{provider}.yml").write_text(f"provider: {provider}\nmodels: {{grok-4: {{}}}}\n")
    rows = [
        {"provider": "xai", "model": "grok-4-0709", "aliases": ["grok-4"], "shutdown_on": "2026-05-15"},
        {"provider": "mistral", "model": "m-2402", "aliases": ["m-small"], "shutdown_on": "2025-06-16"},
    ]
    listed = json.dumps({"models": rows})
    groq.sync(listed, source="modeldeprecations", command=("sync", "--all"))
    assert "retirement_date: '2026-05-15'" in groq.file.with_name("xai.yml").read_text()
    assert (
        "m-2402: {aliases: [m-small], retirement_date: '2025-06-16'" in groq.file.with_name("mistral.yml").read_text()
    )
    assert groq.file.with_name("host.yml").read_text() == "provider: host\nmodels: {grok-4: {}}\n"
    before = groq.everything()
    groq.at("2026-11-23")
    assert (groq.sync(listed, source="modeldeprecations", command=("sync", "--all")), groq.everything()) == ("", before)
