"""Which models are taken for the same one under another id: by what names them, never by facts that others share."""

import pytest

from registry_cli.core.history.renames import renamed_models
from registry_cli.core.history.versions import VersionReader

WHOLE = "{context_window: 128000, max_output_tokens: 4096, capabilities: [streaming], family: f, mode: chat}"


def renames(before: dict[str, str], after: dict[str, str], **known: str) -> dict[str, str]:
    """Bodies in flow style by id."""
    old, new = (
        VersionReader(str).read_version(
            ("provider: acme\nmodels:\n" + "".join(f"  '{name}': {body}\n" for name, body in models.items())).encode()
        )
        for models in (before, after)
    )
    return renamed_models(old.models, new.models, known)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gemini/gemini-exp-1206", "gemini-exp-1206"),
        ("gemma2-9b-it", "groq/gemma2-9b-it"),
        ("openrouter/anthropic/claude-3.5-sonnet:beta", "anthropic/claude-3.5-sonnet:beta"),
        ("Qwen3_8B", "qwen3-8b"),
        ("gpt-4.1", "gpt-4-1"),
        ("claude-3-haiku-latest", "claude-3-haiku"),
    ],
)
def test_like_ids_are_one_model_whatever_its_facts(old: str, new: str) -> None:
    assert renames({old: "{context_window: 1}"}, {new: "{context_window: 2}"}) == {new: old}
    assert renames({old: ""}, {new: ""}) == {new: old}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("llama-2-7b-chat", "mixtral-8x7b"),
        ("gpt-4-0613", "gpt-4-1106"),
        ("gpt-4o-2024-05-13", "gpt-4o"),
        ("llama-3-8b", "llama-3-70b"),
        ("gemini-pro", "gemini-flash-1"),
        ("o1-mini", "o1-preview-2"),
    ],
)
@pytest.mark.parametrize("facts", ["{context_window: 4096, capabilities: [streaming]}", WHOLE])
def test_equal_facts_do_not_make_a_rename(old: str, new: str, facts: str) -> None:
    assert renames({old: facts}, {new: facts}) == {}


def test_an_alias_decides_over_all_else() -> None:
    assert renames({"one": WHOLE, "x/two": ""}, {"two": "{aliases: [one]}"}) == {"two": "one"}


def test_names_decide_where_the_numbers_of_the_ids_agree() -> None:
    named = "{name: Llama 3 8B}"
    assert renames({"llama3-8b-it": named}, {"meta-llama-3-8b-instruct": named}) == {
        "meta-llama-3-8b-instruct": "llama3-8b-it"
    }
    assert renames({"llama3-8b-2024": named}, {"llama3-8b-2025": named}) == {}


def test_the_whole_of_an_entry_under_a_similar_id() -> None:
    assert renames({"command-night": WHOLE}, {"command-nightly": WHOLE}) == {"command-nightly": "command-night"}
    assert renames({"command-night": WHOLE, "command-light": WHOLE}, {"command-nightly": WHOLE}) == {}
    assert renames({"command-night": WHOLE}, {"aya-expanse": WHOLE}) == {}


def test_of_several_like_ids_the_one_with_the_same_facts() -> None:
    before = {"eu/m": "{context_window: 1}", "us/m": "{context_window: 2}"}
    assert renames(before, {"m": "{context_window: 2}"}) == {"m": "us/m"}
    assert renames(before, {"m": "{context_window: 3}"}) == {}


def test_known_renames_come_first() -> None:
    assert renames({"a": WHOLE, "x/b": ""}, {"b": ""}, b="a") == {"b": "a"}
    assert renames({"x/b": ""}, {"b": ""}, b="gone-long-ago") == {"b": "x/b"}


def test_a_model_that_stays_is_no_part_of_it() -> None:
    assert renames({"x/m": "", "m": ""}, {"m": ""}) == {}
    assert renames({"m": ""}, {"x/m": "", "m": ""}) == {}
