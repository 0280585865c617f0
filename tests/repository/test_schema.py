"""The contract of a provider file and the vocabulary, as documents of their own.

Whether a file is right is asked of jsonschema-rs, and jsonschema explains the wrong ones; so every small
document here is put to both.
"""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml

from registry_cli.core.catalog.derived import MODALITY_OF, PROOFS
from tests.support.paths import ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "schema" / "provider.schema.json").read_text(encoding="utf-8"))
VOCABULARY: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "schema" / "capabilities.yml").read_text(encoding="utf-8")
)["capabilities"]

FAST = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
EXACT = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

Errors = list[tuple[str, str]]


class PlainLoader(yaml.CSafeLoader):
    """PyYAML's safe loader, but a date stays the text that it is."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def load(text: str) -> Any:
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a subclass of the safe loader


def errors(document: object) -> Errors:
    """(path, failing keyword) of each error, after both validators gave the same verdict."""
    found = [
        ("/".join(str(step) for step in error.absolute_path), str(error.validator))
        for error in EXACT.iter_errors(document)
    ]
    assert FAST.is_valid(document) == (not found)
    return found


FULL = """
provider: acme
aliases: [acme-ai]
name: Acme
homepage: https://acme.example
documentation: https://docs.acme.example/models
api: {base_url: 'https://api.acme.example/v1', key_env: [ACME_API_KEY]}
authentication: [api_key]
endpoints: [chat, batches]
features: [streaming, function_calling, batch_operations]
limitations: {max_file_size: 524288000, regions: [eu, us], note: no uploads, tested: true, other: null}
billing: usage
default_model: acme-large-2
defaults: {context_window: 8192, max_output_tokens: 4096, capabilities: [streaming]}
sync:
  sources: [acme, models.dev, litellm: acme_ai]
updated_at: '2026-08-21T06:00:00Z'
metadata: {owner: us}
models:
  acme-large-2:
    name: Acme Large 2
    description: |
      Two lines
      of text.
    family: acme-large
    base_model: acme/large-2
    aliases: [acme-large-2-20260115]
    upstream_ids: {litellm: large2}
    mode: chat
    status: active
    context_window: 1000000
    max_input_tokens: 872000
    max_output_tokens: 128000
    output_dimensions: 1024
    modalities: {input: [text, image, pdf], output: [text]}
    endpoints: [chat, batches]
    open_weights: false
    reasoning: {effort: [low, medium, high], budget_tokens: {min: 1024, max: 64000}, toggle: true}
    pricing:
      currency: USD
      input: 3.0
      output: 15.0
      cache_read: 0.3
      cache_write: 3.75
      cache_write_1h: 6.0
      reasoning: 15.0
      input_audio: 10
      cache_read_audio: 1
      output_image: 40
      per: {web_search: 0.01}
      effective_date: '2026-01-15'
      variants:
      - when: {input_tokens_above: 200000}
        input: 6.0
        output: 22.5
        cache_read: 0.6
      - when: {service_tier: batch}
        multiply: 0.5
      - when:
          region: eu
          monthly_tokens_above: 1000000000
          from: '2026-02-01'
          until: '2026-02-28'
          utc: ['16:30-00:30']
          days: [sat, sun]
          size: 1024x1024
          quality: hd
          resolution: 720p
        per: {output_image: 0.08}
    capabilities:
    - streaming
    - function_calling: {version: '2.0', documentation: 'https://docs.acme.example/tools', breaking_changes: []}
    - web_search: {status: beta, added_in: '2026-02-01', stable_since: null}
    - vision: {supported: false}
    knowledge_cutoff: '2025-06'
    release_date: '2026-01-15'
    deprecation_date: '2027-01-15'
    retirement_date: '2027-07-15'
    replacement: acme-large-3
    discovered_at: '2026-01-15T06:00:00Z'
    updated_at: '2026-08-21T06:00:00Z'
    metadata: {anything: {goes: [1, null, two]}}
"""
MODEL = "models/acme-large-2"


def changed(path: str, value: object) -> Any:
    """The full document with one value set, at a path of keys and indices."""
    document: Any = copy.deepcopy(load(FULL))
    node = document
    *steps, last = path.split("/")
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[int(last) if isinstance(node, list) else last] = value
    return document


def test_the_schema_is_valid_and_compiles_in_both_validators() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert jsonschema_rs.meta.is_valid(SCHEMA)


def test_a_file_that_uses_every_part_of_the_format_is_legal() -> None:
    assert errors(load(FULL)) == []


LEGAL = [
    ("provider", "302ai"),
    ("provider", "wafer.ai"),
    ("provider", "text-completion-codestral"),
    ("api/key_env", ["302AI_API_KEY"]),
    ("api/base_url", "https://${RESOURCE_NAME}.acme.example/v1"),
    ("api/base_url", "${ACME_GATEWAY}/v1"),
    ("api/base_url", None),
    ("homepage", None),
    ("default_model", None),
    ("models", {}),
    ("models", {"a": {}}),
    ("models", {"~maker/a.b:free@eu *": {}}),
    (f"{MODEL}/context_window", 8192.0),
    (f"{MODEL}/context_window", None),
    (f"{MODEL}/max_output_tokens", 1),
    (f"{MODEL}/open_weights", None),
    (f"{MODEL}/reasoning", None),
    (f"{MODEL}/reasoning", {}),
    (f"{MODEL}/reasoning/budget_tokens", {"min": 0}),
    (f"{MODEL}/pricing/input", 0),
    (f"{MODEL}/pricing/input", None),
    (f"{MODEL}/pricing/per/web_search", 0),
    (f"{MODEL}/pricing/variants", []),
    # A variant without a condition is for a rule to name, not for the schema.
    (f"{MODEL}/pricing/variants/0/when", {}),
    (f"{MODEL}/pricing/variants/0", {"input": 1}),
    (f"{MODEL}/capabilities", []),
    (f"{MODEL}/capabilities", ["streaming", "streaming"]),
    (f"{MODEL}/capabilities", {"streaming": True, "vision": {"supported": False}, "ocr": None}),
    (f"{MODEL}/capabilities/0", {"streaming": None}),
    (f"{MODEL}/knowledge_cutoff", "2025"),
    (f"{MODEL}/knowledge_cutoff", "2024-02-29"),
    (f"{MODEL}/release_date", "2026-01"),
    (f"{MODEL}/deprecation_date", None),
    (f"{MODEL}/replacement", None),
    (f"{MODEL}/updated_at", "2025-06-06T14:31:22.902747"),
    (f"{MODEL}/updated_at", "2025-06-06T14:31:22+05:30"),
    (f"{MODEL}/supported_modalities", ["text"]),
    (f"{MODEL}/supported_output_modalities", ["text", "code"]),
    (f"{MODEL}/supported_endpoints", ["/v1/batch"]),
    (f"{MODEL}/model_info", {"architecture": "llama", "parameter_count": 1235814432}),
    ("discovered_at", "2025-06-06T14:31:22.902747"),
]


@pytest.mark.parametrize(("path", "value"), LEGAL)
def test_legal(path: str, value: object) -> None:
    assert errors(changed(path, value)) == []


# Each value is wrong in one way, and gives one error: path of the change, value, path of the error, keyword.
WRONG = [
    ("provider", "", "provider", "pattern"),
    ("provider", "../x", "provider", "pattern"),
    ("provider", "a b", "provider", "pattern"),
    ("provider", 7, "provider", "type"),
    ("provider", "acme\n", "provider", "not"),
    ("providr", "acme", "", "additionalProperties"),
    ("aliases", "acme-ai", "aliases", "type"),
    ("aliases", ["-x"], "aliases/0", "pattern"),
    ("homepage", "acme.example", "homepage", "pattern"),
    ("documentation", "javascript:alert(1)", "documentation", "pattern"),
    ("api/base_url", "ftp://acme.example", "api/base_url", "pattern"),
    ("api/key", "x", "api", "additionalProperties"),
    ("api/key_env", "ACME_API_KEY", "api/key_env", "type"),
    ("api/key_env", ["ACME API KEY"], "api/key_env/0", "pattern"),
    ("limitations", {"a": {"b": 1}}, "limitations/a", "type"),
    ("limitations", {"a": [[1]]}, "limitations/a/0", "type"),
    ("billing", "free", "billing", "enum"),
    ("defaults/context", 1, "defaults", "additionalProperties"),
    ("defaults/context_window", 0, "defaults/context_window", "minimum"),
    ("sync/sources", [{"litellm": "a", "acme": "b"}], "sync/sources/0", "maxProperties"),
    ("sync/sources", [{"litellm": ["a"]}], "sync/sources/0/litellm", "type"),
    ("models", None, "models", "type"),
    ("models", [], "models", "type"),
    ("models", {"a": None}, "models/a", "type"),
    ("models", {"": {}}, "models", "minLength"),
    ("models", {"a" * 257: {}}, "models", "maxLength"),
    ("models", {"a\x1b[31m": {}}, "models", "not"),
    ("models", {"a\u202e": {}}, "models", "not"),
    (f"{MODEL}/name", "", f"{MODEL}/name", "minLength"),
    (f"{MODEL}/name", "two\nlines", f"{MODEL}/name", "not"),
    (f"{MODEL}/name", "line\u2028separator", f"{MODEL}/name", "not"),
    (f"{MODEL}/description", "\x07", f"{MODEL}/description", "not"),
    (f"{MODEL}/description", ["a"], f"{MODEL}/description", "type"),
    (f"{MODEL}/contxt_window", 1, MODEL, "additionalProperties"),
    (f"{MODEL}/context_window", 0, f"{MODEL}/context_window", "minimum"),
    (f"{MODEL}/context_window", -1, f"{MODEL}/context_window", "minimum"),
    (f"{MODEL}/context_window", 1.5, f"{MODEL}/context_window", "type"),
    (f"{MODEL}/context_window", "100k", f"{MODEL}/context_window", "type"),
    (f"{MODEL}/context_window", True, f"{MODEL}/context_window", "type"),
    (f"{MODEL}/context_window", 10**13, f"{MODEL}/context_window", "maximum"),
    (f"{MODEL}/upstream_ids", {"litellm": ""}, f"{MODEL}/upstream_ids/litellm", "minLength"),
    (f"{MODEL}/mode", "chatting", f"{MODEL}/mode", "enum"),
    (f"{MODEL}/status", "beta", f"{MODEL}/status", "enum"),
    (f"{MODEL}/modalities/input", "text", f"{MODEL}/modalities/input", "type"),
    (f"{MODEL}/modalities/input", ["image_url"], f"{MODEL}/modalities/input/0", "enum"),
    (f"{MODEL}/modalities/out", ["text"], f"{MODEL}/modalities", "additionalProperties"),
    (f"{MODEL}/open_weights", "yes", f"{MODEL}/open_weights", "type"),
    (f"{MODEL}/reasoning", True, f"{MODEL}/reasoning", "type"),
    (f"{MODEL}/reasoning/effort", ["huge"], f"{MODEL}/reasoning/effort/0", "enum"),
    (f"{MODEL}/reasoning/budget_tokens/min", -1, f"{MODEL}/reasoning/budget_tokens/min", "minimum"),
    (f"{MODEL}/reasoning/budget", 1, f"{MODEL}/reasoning", "additionalProperties"),
    (f"{MODEL}/pricing", None, f"{MODEL}/pricing", "type"),
    (f"{MODEL}/pricing/inptu", 1, f"{MODEL}/pricing", "additionalProperties"),
    (f"{MODEL}/pricing/input", -1, f"{MODEL}/pricing/input", "minimum"),
    (f"{MODEL}/pricing/input", "$3", f"{MODEL}/pricing/input", "type"),
    (f"{MODEL}/pricing/input", True, f"{MODEL}/pricing/input", "type"),
    (f"{MODEL}/pricing/currency", "usd", f"{MODEL}/pricing/currency", "pattern"),
    (f"{MODEL}/pricing/per/webserch", 1, f"{MODEL}/pricing/per", "additionalProperties"),
    (f"{MODEL}/pricing/effective_date", "June 2026", f"{MODEL}/pricing/effective_date", "pattern"),
    (f"{MODEL}/pricing/variants/0/multiply", 0, f"{MODEL}/pricing/variants/0/multiply", "exclusiveMinimum"),
    (f"{MODEL}/pricing/variants/0/output", -1, f"{MODEL}/pricing/variants/0/output", "minimum"),
    (f"{MODEL}/pricing/variants/0/currency", "EUR", f"{MODEL}/pricing/variants/0", "additionalProperties"),
    (f"{MODEL}/pricing/variants", [{}] * 201, f"{MODEL}/pricing/variants", "maxItems"),
    *(
        (f"{MODEL}/pricing/variants/2/when/{key}", value, f"{MODEL}/pricing/variants/2/when{place}", keyword)
        for key, value, place, keyword in [
            ("tier", "batch", "", "additionalProperties"),
            ("input_tokens_above", 0, "/input_tokens_above", "minimum"),
            ("input_tokens_above", "200k", "/input_tokens_above", "type"),
            ("region", ["eu"], "/region", "type"),
            ("from", None, "/from", "type"),
            ("until", "2026-02-30", "/until", "format"),
            ("utc", "16:30-00:30", "/utc", "type"),
            ("utc", [], "/utc", "minItems"),
            ("utc", ["24:00-01:00"], "/utc/0", "pattern"),
            ("days", ["monday"], "/days/0", "enum"),
        ]
    ),
    (f"{MODEL}/capabilities", "streaming", f"{MODEL}/capabilities", "type"),
    (f"{MODEL}/capabilities/0", 1, f"{MODEL}/capabilities/0", "type"),
    (f"{MODEL}/capabilities/0", "", f"{MODEL}/capabilities/0", "minLength"),
    (f"{MODEL}/capabilities/0", {"a": {}, "b": {}}, f"{MODEL}/capabilities/0", "maxProperties"),
    (f"{MODEL}/capabilities/0", {"a": {"since": "x"}}, f"{MODEL}/capabilities/0/a", "additionalProperties"),
    (f"{MODEL}/capabilities/1/function_calling/version", 2.0,
     f"{MODEL}/capabilities/1/function_calling/version", "type"),
    (f"{MODEL}/capabilities", {"vision": "yes"}, f"{MODEL}/capabilities/vision", "type"),
    (f"{MODEL}/knowledge_cutoff", 2025, f"{MODEL}/knowledge_cutoff", "type"),
    (f"{MODEL}/knowledge_cutoff", "2025-13", f"{MODEL}/knowledge_cutoff", "pattern"),
    (f"{MODEL}/knowledge_cutoff", "2025-02-31", f"{MODEL}/knowledge_cutoff", "format"),
    (f"{MODEL}/knowledge_cutoff", "2025\n", f"{MODEL}/knowledge_cutoff", "not"),
    (f"{MODEL}/release_date", "٢٠٢٥", f"{MODEL}/release_date", "pattern"),
    (f"{MODEL}/deprecation_date", "2027-01", f"{MODEL}/deprecation_date", "pattern"),
    (f"{MODEL}/deprecation_date", "2027-02-29", f"{MODEL}/deprecation_date", "format"),
    (f"{MODEL}/updated_at", "2026-08-21", f"{MODEL}/updated_at", "pattern"),
    (f"{MODEL}/updated_at", "2026-08-21T06:00:60Z", f"{MODEL}/updated_at", "pattern"),
    (f"{MODEL}/metadata", "x", f"{MODEL}/metadata", "type"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "place", "keyword"), WRONG)
def test_wrong_in_one_way_gives_one_error(path: str, value: object, place: str, keyword: str) -> None:
    assert errors(changed(path, value)) == [(place, keyword)]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"provider": "a", "models": {}}, []),
        ({"provider": "a", "model_capabilities": {"m": {"capabilities": ["x"]}}, "endpoints": ["chat"]}, []),
        ({"models": {}}, [("", "required")]),
        ({"provider": "a"}, [("", "required")]),
        ([], [("", "type")]),
        (None, [("", "type")]),
    ],
)
def test_what_a_file_must_have(document: object, expected: Errors) -> None:
    assert errors(document) == expected


@pytest.mark.parametrize("path", ["provider", "api/key_env/0", f"{MODEL}/pricing/currency", f"{MODEL}/family",
                                  f"{MODEL}/release_date", f"{MODEL}/updated_at", f"{MODEL}/retirement_date",
                                  f"{MODEL}/pricing/variants/2/when/utc/0", "homepage", "api/base_url"])  # fmt: skip
def test_a_line_break_after_a_good_value_is_wrong_in_both_validators(path: str) -> None:
    value: Any = load(FULL)
    for step in path.split("/"):
        value = value[int(step)] if isinstance(value, list) else value[step]
    assert errors(changed(path, value + "\n"))


def test_one_model_can_be_validated_alone() -> None:
    part = {"$schema": SCHEMA["$schema"], "$ref": "#/$defs/model", "$defs": SCHEMA["$defs"]}
    alone = jsonschema_rs.Draft202012Validator(part, validate_formats=True)
    model = load(FULL)["models"]["acme-large-2"]
    assert alone.is_valid(model)
    assert not alone.is_valid({**model, "pricing": {"input": -1}})


def resolved(node: dict[str, Any]) -> list[dict[str, Any]]:
    """A subschema, and those that it refers to, nearest first."""
    chain = [node]
    while "$ref" in chain[-1]:
        target: Any = SCHEMA
        for step in chain[-1]["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        chain.append(target)
    return chain


def subschemas(node: object, path: str = "#") -> list[tuple[str, dict[str, Any]]]:
    """Every object in the schema with its path, examples and defaults left out."""
    if isinstance(node, list):
        return [hit for index, item in enumerate(node) for hit in subschemas(item, f"{path}/{index}")]
    if not isinstance(node, dict):
        return []
    inner = [
        hit
        for key, value in node.items()
        if key not in {"examples", "default", "enum"} or path.endswith("/properties")
        for hit in subschemas(value, f"{path}/{key}")
    ]
    return [(path, node), *inner]


SUBSCHEMAS = subschemas(SCHEMA)
PROPERTIES = [
    (f"{path}/{name}", value)
    for path, node in SUBSCHEMAS
    if path.endswith("/properties")
    for name, value in node.items()
]


@pytest.mark.parametrize(("path", "node"), PROPERTIES, ids=[path for path, _ in PROPERTIES])
def test_every_property_says_what_it_is(path: str, node: dict[str, Any]) -> None:
    assert any(len(step.get("description", "")) > 15 for step in resolved(node))


@pytest.mark.parametrize("name", SCHEMA["$defs"])
def test_every_definition_is_described_and_used(name: str) -> None:
    assert {"title", "description"} <= SCHEMA["$defs"][name].keys()
    assert f'"#/$defs/{name}' in json.dumps(SCHEMA)


def test_examples_and_defaults_are_legal() -> None:
    checked = 0
    for _, node in SUBSCHEMAS:
        values = [*node.get("examples", []), *([node["default"]] if "default" in node else [])]
        if not isinstance(node.get("examples", []), list):
            continue
        part = {**node, "$schema": SCHEMA["$schema"], "$defs": SCHEMA["$defs"]}
        for value in values:
            assert jsonschema_rs.Draft202012Validator(part, validate_formats=True).is_valid(value), value
            checked += 1
    assert checked > 50


def test_a_variant_can_override_every_rate() -> None:
    rates = SCHEMA["$defs"]["rates"]["properties"].keys()
    for owner in ("pricing", "variant"):
        properties = SCHEMA["$defs"][owner]["properties"]
        assert {name for name, node in properties.items() if "/rates/" in node.get("$ref", "")} == rates


def test_everything_but_metadata_and_maps_of_names_is_closed() -> None:
    unclosed = {
        path for path, node in SUBSCHEMAS if node.get("type") == "object" and "additionalProperties" not in node
    }
    # `rates` is never a schema of its own: others refer to its properties one by one.
    assert unclosed == {"#/$defs/metadata", "#/$defs/rates", "#/$defs/model/properties/model_info"}


def test_older_keys_are_marked() -> None:
    marked = {path.rsplit("/", 1)[1] for path, node in SUBSCHEMAS if node.get("deprecated") is True}
    assert marked == {
        "discovered_at", "model_capabilities", "model_info",
        "supported_endpoints", "supported_modalities", "supported_output_modalities",
    }  # fmt: skip
    assert "deprecated" not in SCHEMA["$defs"]["model"]["properties"]["discovered_at"]


def test_patterns_mean_the_same_in_every_engine() -> None:
    """No class that depends on the engine's idea of a digit or a word, and no look around."""
    patterns = [node["pattern"] for _, node in SUBSCHEMAS if isinstance(node.get("pattern"), str)]
    assert patterns
    for pattern in patterns:
        assert not re.search(r"\\[dDwWsSbBzZA]|\(\?[=!<]", pattern), pattern


# The vocabulary


@pytest.mark.parametrize("name", VOCABULARY)
def test_an_entry_of_the_vocabulary(name: str) -> None:
    entry = VOCABULARY[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert entry.keys() <= {"meaning", "link", "aliases", "scope"}
    assert re.fullmatch(r"[A-Z].{15,}\.", entry["meaning"])
    assert entry.get("scope", "provider") == "provider"
    assert entry.get("link", "https://").startswith("https://")
    assert entry.get("aliases", []) == sorted(entry.get("aliases", []), key=str.lower)


def test_a_word_belongs_to_one_capability() -> None:
    words = [word.lower() for name, entry in VOCABULARY.items() for word in [name, *entry.get("aliases", [])]]
    assert sorted(words) == sorted(set(words))


def test_what_proves_a_capability_is_legal() -> None:
    model = SCHEMA["$defs"]["model"]["properties"]
    pairs = list(MODALITY_OF.values())
    assert len(pairs) == len(set(pairs)) > 0
    modes = {proof.evidence.value.partition(",")[0] for proof in PROOFS if proof.evidence.field == "mode"}
    assert modes <= set(model["mode"]["enum"])
    assert {direction for direction, _ in pairs} <= SCHEMA["$defs"]["modalities"]["properties"].keys()
    assert {kind for _, kind in pairs} <= set(SCHEMA["$defs"]["modality"]["enum"])


@pytest.mark.parametrize(
    ("word", "canonical"),
    [
        ("tools", "function_calling"),
        ("tool_use", "function_calling"),
        ("tool_call", "function_calling"),
        ("structured_outputs", "structured_output"),
        ("response_schema", "structured_output"),
        ("response_format", "json_mode"),
        ("context_caching", "prompt_caching"),
        ("code_interpreter", "code_execution"),
    ],
)
def test_words_of_upstreams(word: str, canonical: str) -> None:
    assert word in VOCABULARY[canonical]["aliases"]


# Real files


@pytest.fixture(scope="module")
def exllm() -> dict[str, Any]:
    folder = os.environ.get("LLMREG_TEST_DATA")
    if not folder:
        pytest.skip("LLMREG_TEST_DATA names no folder of recorded data")
    return {path.name: load(path.read_text(encoding="utf-8")) for path in sorted(Path(folder, "exllm").glob("*.yml"))}


@pytest.mark.data
def test_exllms_files_are_legal_but_for_real_faults(exllm: dict[str, Any]) -> None:
    assert len(exllm) == 62
    assert {name: found for name, file in exllm.items() if (found := errors(file))} == {
        "lmstudio.yml": [("", "required")]  # it has no `provider`
    }


@pytest.mark.data
def test_the_vocabulary_knows_every_word_of_exllms_files(exllm: dict[str, Any]) -> None:
    known = {word for name, entry in VOCABULARY.items() for word in [name, *entry.get("aliases", [])]}
    used = {
        word
        for file in exllm.values()
        for entry in [*file.get("models", {}).values(), *file.get("model_capabilities", {}).values(),
                      {"capabilities": file.get("features", [])}]
        for word in entry.get("capabilities", [])
    }  # fmt: skip
    assert used <= known
    assert used
