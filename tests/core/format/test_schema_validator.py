"""The schema's two validators agree, and one fault is explained once, in words, at its place."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_cli.core.checks.findings import locate_message
from registry_cli.core.format.schema import Contract, without_pointers
from registry_cli.store.catalog.bundled import bundled_data

CONTRACT = Contract(json.loads((bundled_data() / "schema" / "provider.schema.json").read_text()))
FULL: dict[str, Any] = {
    "provider": "acme",
    "aliases": ["acme-ai"],
    "homepage": "https://acme.example",
    "limitations": {"max_file_size": 524288000},
    "billing": "usage",
    "default_model": "large",
    "sync": {"sources": ["acme", {"litellm": "acme_ai"}]},
    "models": {
        "large": {
            "name": "Large",
            "mode": "chat",
            "context_window": 1000000,
            "modalities": {"input": ["text", "image"], "output": ["text"]},
            "open_weights": False,
            "reasoning": {"effort": ["low"], "budget_tokens": {"min": 1024}},
            "pricing": {
                "input": Decimal("3.0"),
                "per": {"web_search": Decimal("0.01")},
                "variants": [{"when": {"input_tokens_above": 200000, "utc": ["16:30-00:30"]}, "input": 6}],
            },
            "capabilities": ["streaming", {"web_search": {"status": "beta"}}],
            "release_date": "2026-01-15",
            "updated_at": "2026-08-21T06:00:00Z",
            "metadata": {"anything": [1, {"goes": None}]},
        },
        "small": {},
    },
}


def explained(value: Any) -> list[str]:
    return sorted(locate_message(broken.pointer, broken.message) for broken in CONTRACT.find_violations(value))


def broken_by(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The full example with one value put somewhere."""
    whole = copy.deepcopy(FULL)
    node: Any = whole
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return whole


def test_the_full_example_is_right() -> None:
    assert CONTRACT.accepts(FULL)
    assert CONTRACT.find_violations(FULL) == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("models", "large", "context_window"),
            "128k",
            'large#context_window: expected a whole number >= 1 or null, not "128k" (A whole',
        ),
        (
            ("models", "large", "context_window"),
            0,
            "large#context_window: expected a whole number >= 1 or null, not 0 (",
        ),
        (
            ("models", "large", "context_window"),
            Decimal("1.5"),
            "large#context_window: expected a whole number >= 1 or null, not 1.5 (",
        ),
        (
            ("models", "large", "context_window"),
            10**13,
            "large#context_window: expected a whole number >= 1 and <= 1,000,000,000,000 or null",
        ),
        (
            ("models", "large", "pricing", "input"),
            -1,
            "large#pricing.input: expected a number >= 0 or null, not -1 (An amount in the",
        ),
        (
            ("models", "large", "pricing", "input"),
            True,
            "large#pricing.input: expected a number >= 0 or null, not true (",
        ),
        (
            ("models", "large", "pricing", "variants"),
            [{}] * 201,
            "large#pricing.variants: expected a list of at most 200 items, not a list (Prices under",
        ),
        (("models", "large", "mode"), "chatting", "large#mode: expected one of chat, completion, "),
        (
            ("models", "large", "release_date"),
            "15.1.2026",
            'large#release_date: expected text or null of another form, not "15.1.2026" (YYYY-MM-DD',
        ),
        (("models", "large", "release_date"), "2026-02-30", "large#release_date: expected"),
        (
            ("models", "large", "modalities", "input", 1),
            "smell",
            'large#modalities.input[1]: expected one of text, image, audio, video, pdf, not "smell"',
        ),
        (
            ("models", "large", "pricing", "variants", 0, "when", "utc"),
            [],
            "large#pricing.variants[0].when.utc: expected a list that is not empty",
        ),
        (("models", "large", "capabilities", 1), {}, "large#capabilities[1]: expected"),
        (
            ("models", "large", "capabilities", 1),
            {"a": None, "b": None},
            "large#capabilities[1]: expected text or a mapping of a single key",
        ),
        (("models", "large", "name"), "", "large#name: expected text that is not empty"),
        (("models", "large", "name"), "two\nlines", "large#name: "),
        (("models", "large"), None, "large: expected a mapping, not null ("),
        (("models",), [], "models: expected a mapping, not an empty list"),
        (("provider",), "a/b", 'provider: expected text of another form, not "a/b" (The provider'),
        (("models", "two\nlines"), {}, "two\nlines: "),
        (("models", "large", "contxt_window"), 1, "large#contxt_window: unknown key; did you mean context_window?"),
        (
            ("models", "large", "Max-Output-Tokens"),
            1,
            "large#Max-Output-Tokens: unknown key; did you mean max_output_tokens?",
        ),
        (("models", "large", "cache_read"), 1, "large#cache_read: unknown key here; it belongs under pricing"),
        (("models", "large", "zzzz"), 1, "large#zzzz: unknown key; known are name, description, "),
        (
            ("models", "large", "pricing", "variants", 0, "wen"),
            {},
            "large#pricing.variants[0].wen: unknown key; did you mean when?",
        ),
    ],
)
def test_one_fault_is_explained_once(path: tuple[str | int, ...], value: Any, message: str) -> None:
    found = explained(broken_by(path, value))
    assert len(found) == 1
    assert found[0].startswith(message)
    assert not CONTRACT.accepts(broken_by(path, value))


def test_missing_keys() -> None:
    assert explained({}) == ["models: the key is missing", "provider: the key is missing"]
    assert explained({"provider": "acme", "model_capabilities": {}}) == []


def test_a_slip_in_a_required_key_is_not_also_a_missing_one() -> None:
    assert explained({"provder": "acme", "models": {}}) == ["provder: unknown key; did you mean provider?"]


@pytest.mark.parametrize("value", [None, [], "text", 3, Decimal(1)])
def test_what_is_no_mapping(value: Any) -> None:
    assert [text.partition(",")[0] for text in explained(value)] == ["expected a mapping"]


def test_y20_a_key_one_edit_away_is_recognised() -> None:
    schema = json.loads((bundled_data() / "schema" / "provider.schema.json").read_text())
    places = {"model": ("models", "large"), "pricing": ("models", "large", "pricing")}
    for name, path in places.items():
        keys = [key for key, body in schema["$defs"][name]["properties"].items() if not body.get("deprecated")]
        for key in keys:
            for slip in {key[1:], key[:-1], f"{key}s", f"{key[0]}{key}", key.replace("_", "-"), key.title()} - {*keys}:
                if len(key) > 3:
                    broken = CONTRACT.find_violations(broken_by((*path, slip), None))
                    assert [item.code for item in broken] == ["unknown-key"], slip
                    assert "did you mean" in broken[0].message, slip


_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**13),
    st.decimals(-2, 10, places=2),
    st.sampled_from([Decimal("1E+3"), Decimal("2.0")]),
    st.sampled_from(
        [
            "",
            "text",
            "USD",
            "2026-01-15",
            "2026-02-30",
            "2026-01",
            "https://a.example",
            "a\nb",
            "\u202e",
            "low",
            "16:30-00:30",
            "2026-08-21T06:00:00Z",
            "2026-01-15\n",
            "٣٠٢٦-01-15",
        ]
    ),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"supported": 1}),
)
_EDITS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["set", "drop", "rename"]), _LEAVES), min_size=1, max_size=4
)


def _places(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for step, child in below for place in ((*path, step), *_places(child, (*path, step)))]


def _mutated(edits: list[tuple[int, str, Any]]) -> Any:
    whole = copy.deepcopy(FULL)
    for number, how, value in edits:
        places = _places(whole)
        if not places:
            break
        path = places[number % len(places)]
        node: Any = whole
        for step in path[:-1]:
            node = node[step]
        if how == "set" or isinstance(node, list):
            node[path[-1]] = copy.deepcopy(value)
        else:
            old = node.pop(path[-1])
            if how == "rename":
                node[f"{path[-1]}x"] = old
    return whole


@settings(deadline=None)
@given(_EDITS)
def test_both_validators_agree_on_every_value(edits: list[tuple[int, str, Any]]) -> None:
    value = _mutated(edits)
    wrong = list(CONTRACT._explainer.iter_errors(value))
    assert CONTRACT.accepts(value) == (not wrong)
    broken = CONTRACT.find_violations(value)
    assert bool(broken) == bool(wrong)
    # Everything that jsonschema finds in the whole value is covered by what is explained of the wrong parts.
    pointers = {item.pointer for item in broken}
    for error in wrong:
        path = tuple(error.absolute_path)
        assert any(pointer[: len(path)] == path for pointer in pointers), error.message


@settings(deadline=None)
@given(_EDITS)
def test_what_is_left_without_the_wrong_parts_is_right(edits: list[tuple[int, str, Any]]) -> None:
    value = _mutated(edits)
    broken = CONTRACT.find_violations(value)
    rest = without_pointers(value, [item.pointer for item in broken])
    missing = {item.pointer for item in broken if item.message == "the key is missing"}
    assert {item.pointer for item in CONTRACT.find_violations(rest)} <= missing | {("provider",), ("models",)}


@pytest.mark.parametrize("name", ["51", "007", "+5", "0"])
def test_a_model_whose_id_is_written_in_digits(name: str) -> None:
    """The validator gives such a key as a number."""
    value = {"provider": "acme", "models": {name: {"context_window": "x", "max_output_tokens": 5}, "7": {}}}
    broken = CONTRACT.find_violations(value)
    assert [item.pointer for item in broken] == [("models", name, "context_window")]
    assert without_pointers(value, [item.pointer for item in broken])["models"][name] == {"max_output_tokens": 5}


def test_taking_out_keeps_the_rest_and_the_original() -> None:
    value = {"models": {"a": {"b": [1, 2], "c": 3}, "d": 4}, "e": 5}
    before = copy.deepcopy(value)
    assert without_pointers(value, [("models", "a", "b", 0), ("models", "d")]) == {
        "models": {"a": {"c": 3}, "d": {}},
        "e": 5,
    }
    assert without_pointers(value, [("nothing",), ("models", "a", "zz")]) == value
    assert value == before


def test_only_wrong_models_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"provider": "acme", "models": {f"m{number}": {"context_window": number} for number in range(500)}}
    seen = []
    explainer = CONTRACT._explainer
    monkeypatch.setitem(CONTRACT.__dict__, "_explainer", Spy(explainer, seen))
    assert [item.pointer for item in CONTRACT.find_violations(value)] == [("models", "m0", "context_window")]
    assert seen == [{"provider": "acme", "models": {"m0": {"context_window": 0}}}]


class Spy:
    def __init__(self, explainer: Any, seen: list[Any]) -> None:
        self.explainer = explainer
        self.seen = seen

    def iter_errors(self, value: Any) -> Any:
        self.seen.append(value)
        return self.explainer.iter_errors(value)


def test_should_the_two_disagree_the_judge_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mild:
        def iter_errors(self, _value: Any) -> Any:
            return iter(())

    monkeypatch.setitem(CONTRACT.__dict__, "_explainer", Mild())
    assert [item.code for item in CONTRACT.find_violations({"provider": 3, "models": {}})] == ["schema"]
