"""`llmreg restore` of models that are gone: as they were written, and never over another model."""

import pytest

from tests.support.history_repositories import Repository, repository, run

__all__ = ["repository", "run"]

FILE = """\
provider: acme
models:
  # kept for the batch jobs
  mini:
    name: Mini  # the small one
    description: >-
      folded
      text
    context_window: 1_000
    updated_at: '2026-01-01T00:00:00Z'

  # by contract
  large:
    context_window: 4096
    capabilities: [streaming]
"""
LLAMA = "provider: acme\nmodels:\n  llama-2-7b: {context_window: 4096, capabilities: [streaming]}\n"
MIXTRAL = LLAMA.replace("llama-2-7b", "mixtral-8x7b")


@pytest.mark.parametrize("model", ["mini", "large"])
def test_remove_then_restore_changes_nothing(repository: Repository, run, model: str) -> None:
    text = FILE.replace("1_000", "1000")
    repository.commit("2026-01-01", "one", {"acme.yml": text})
    assert run("remove", f"acme/{model}").code == 0
    assert model not in (repository.models / "acme.yml").read_text()
    done = run("restore", f"acme/{model}", "--to", "HEAD")
    assert done.code == 0, done.err
    assert (repository.models / "acme.yml").read_text() == text


def test_another_model_is_not_written_over(repository: Repository, run) -> None:
    repository.commit("2026-01-01", "llama", {"acme.yml": LLAMA})
    repository.commit("2026-02-01", "mixtral", {"acme.yml": MIXTRAL})
    assert run("restore", "acme/llama-2-7b", "--to", "HEAD~1").code == 0
    text = (repository.models / "acme.yml").read_text()
    assert "llama-2-7b: {context_window: 4096, capabilities: [streaming]}" in text
    assert "mixtral-8x7b: {context_window: 4096, capabilities: [streaming]}" in text


def test_a_suspected_rename_names_the_model_that_was_there(repository: Repository, run) -> None:
    old = LLAMA.replace("llama-2-7b", "meta/llama-2-7b").replace("4096", "1")
    repository.commit("2026-01-01", "prefix", {"acme.yml": old})
    repository.commit("2026-02-01", "no prefix", {"acme.yml": LLAMA})
    refused = run("restore", "acme/llama-2-7b", "--to", "HEAD~1")
    assert refused.code == 2
    assert "was called acme/meta/llama-2-7b on 2026-01-01" in refused.err
    assert "llmreg restore acme/meta/llama-2-7b" in refused.err
    assert (repository.models / "acme.yml").read_text() == LLAMA
    assert run("restore", "acme/meta/llama-2-7b", "--to", "HEAD~1").code == 0
    assert "meta/llama-2-7b: {context_window: 1," in (repository.models / "acme.yml").read_text()


def test_an_alias_says_that_two_ids_are_one_model(repository: Repository, run) -> None:
    repository.commit("2026-01-01", "one", {"acme.yml": LLAMA})
    renamed = "provider: acme\nmodels:\n  llama-2: {context_window: 8192, aliases: [llama-2-7b]}\n"
    repository.commit("2026-02-01", "two", {"acme.yml": renamed})
    assert run("restore", "acme/llama-2-7b", "--to", "HEAD~1").code == 0
    text = (repository.models / "acme.yml").read_text()
    assert "llama-2:" in text
    assert "context_window: 4096" in text
    assert "llama-2-7b:" not in text
