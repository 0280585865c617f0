"""Files to entries: layers, older spellings, capabilities, prices on a day, names."""

from decimal import Decimal
from typing import Any

import pytest

from registry_cli.core.catalog.build import build_model, build_provider
from registry_cli.core.catalog.models import Catalog, Model, Provider, status_on
from registry_cli.core.format.layers import provider_of
from registry_cli.core.format.vocabulary import build_vocabulary
from registry_cli.core.names.names import CatalogNames, ModelName, resolve_model, resolve_provider
from registry_cli.core.pricing.rates import FIRST_DAY, LAST_DAY, headline_rates, headline_spans
from registry_cli.errors import UsageError
from registry_cli.yamledit.document import load_value

VOCABULARY = build_vocabulary(
    load_value(
        """
capabilities:
  streaming: {meaning: Sends pieces., aliases: [stream]}
  function_calling: {meaning: Calls tools., aliases: [tools, tool_use]}
  vision: {meaning: Sees., aliases: [image_input], modality: {input: image}}
  audio_output: {meaning: Speaks., modality: {output: audio}}
"""
    )
)


BOTH = {"streaming", "function_calling"}


def build(text: str, *below: str, overlay: str | None = None) -> Provider:
    layers: Any = [load_value(layer) for layer in (*below, text)]
    return build_provider("acme", layers, load_value(overlay) if overlay else None, VOCABULARY)  # type: ignore[arg-type]


def model(text: str, **provider: str) -> Model:
    indented = "\n".join(f"    {line}" for line in text.strip().splitlines())
    head = "".join(f"{key}: {value}\n" for key, value in provider.items())
    return build(f"{head}models:\n  m:\n{indented}\n").models["m"]


def test_a_provider_file_becomes_typed_entries_with_exact_prices() -> None:
    entry = model("context_window: 8192.0\npricing: {input: 0.1, output: 3}\ncapabilities: [stream]\nname: M")
    assert entry.context_window == 8192
    assert isinstance(entry.context_window, int)
    assert entry.pricing is not None
    assert entry.pricing.rates == {"input": Decimal("0.1"), "output": Decimal(3)}
    assert entry.capabilities == {"streaming"}
    assert entry.full_id == "acme/m"
    assert entry.name == "M"


def test_absent_and_null_stay_apart_in_the_body() -> None:
    entry = model("max_output_tokens: null")
    assert entry.max_output_tokens is None
    assert entry.context_window is None
    assert "max_output_tokens" in entry.body
    assert "context_window" not in entry.body


def test_an_entry_without_a_body_is_a_model_of_which_nothing_is_known() -> None:
    assert build("models: {m: }").models["m"].body == {}


def test_older_keys_are_read_as_todays() -> None:
    entry = model(
        """
supported_modalities: [text, image]
supported_output_modalities: [text]
supported_endpoints: [/v1/responses]
model_info: {size_label: 1B}
"""
    )
    assert entry.modalities.input == ("text", "image")
    assert entry.modalities.output == ("text",)
    assert entry.body["endpoints"] == ["/v1/responses"]
    assert entry.body["metadata"] == {"size_label": "1B"}
    assert not {"supported_modalities", "model_info"} & entry.body.keys()


def test_todays_keys_win_over_older_ones() -> None:
    entry = model(
        "supported_modalities: [text, image]\nmodalities: {input: [text]}\nsupported_endpoints: [a]\nendpoints: [b]"
    )
    assert entry.modalities.input == ("text",)
    assert entry.body["endpoints"] == ["b"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[stream, tools]", BOTH),
        ("[{vision: {supported: false}}, streaming]", {"streaming"}),
        ("{stream: true, vision: false, tools: {version: '2'}, audio_output: }", {*BOTH, "audio_output"}),
        ("[unheard_of]", {"unheard_of"}),
    ],
)  # fmt: skip
def test_capabilities_in_every_way_of_writing_them(written: str, expected: set[str]) -> None:
    assert model(f"capabilities: {written}").capabilities == expected


def test_capabilities_follow_from_modalities_unless_denied() -> None:
    assert model("modalities: {input: [text, image], output: [audio]}").capabilities == {"vision", "audio_output"}
    denied = model("modalities: {input: [image]}\ncapabilities: [{image_input: {supported: false}}]")
    assert denied.capabilities == frozenset()
    assert denied.body["capability_details"] == {"vision": {"supported": False}}


def test_the_own_file_wins_over_the_capabilities_file_field_by_field() -> None:
    below = "model_capabilities:\n  m: {context_window: 10, max_output_tokens: 5}\n  n: {context_window: 7}"
    provider = build("models:\n  m: {context_window: 20}", below)
    assert (provider.models["m"].context_window, provider.models["m"].max_output_tokens) == (20, 5)
    assert provider.models["n"].context_window == 7


def test_an_overlay_lies_over_the_catalog_and_is_named() -> None:
    provider = build(
        "models:\n  m: {context_window: 20, pricing: {input: 1, output: 2}}\n  other: {}",
        overlay="models:\n  m: {pricing: {input: 3}}\n  mine: {context_window: 5}",
    )
    m = provider.models["m"]
    assert m.pricing is not None
    assert m.pricing.rates == {"input": 3, "output": 2}
    assert m.context_window == 20
    assert m.overlay == ("pricing.input",)
    assert provider.models["mine"].overlay == ("*",)
    assert provider.models["other"].overlay == ()


def test_an_overlay_may_be_all_there_is() -> None:
    provider = build_provider("mine", [], {"provider": "mine", "models": {"x": {}}}, VOCABULARY)
    assert provider.models["x"].overlay == ("*",)


def test_a_capabilities_file_belongs_to_its_provider() -> None:
    assert provider_of("openai_capabilities") == provider_of("openai") == "openai"


@pytest.mark.parametrize(
    ("facts", "day", "status"),
    [
        ("{}", "2026-01-01", "active"),
        ("status: preview", "2026-01-01", "preview"),
        ("deprecation_date: '2026-01-01'", "2025-12-31", "active"),
        ("deprecation_date: '2026-01-01'", "2026-01-01", "deprecated"),
        ("deprecation_date: '2026-01-01'\nretirement_date: '2026-06-01'", "2026-06-01", "retired"),
        ("status: retired", "2020-01-01", "retired"),
        ("status: deprecated\nretirement_date: '2026-06-01'", "2026-05-31", "deprecated"),
    ],
)
def test_status_as_of_a_day(facts: str, day: str, status: str) -> None:
    assert status_on(model(facts if facts != "{}" else "name: m"), day) == status


def test_the_body_of_an_entry_gives_the_entry_again() -> None:
    entry = model(
        "modalities: {input: [image]}\ncapabilities: [tools, {vision: {supported: false}}, {search: {status: beta}}]"
    )
    assert "vision" not in entry.capabilities
    assert build_model(entry.provider, entry.id, entry.body, entry.billing, VOCABULARY) == entry


DATED = """
pricing:
  input: 2
  output: 4
  cache_read: null
  variants:
  - {when: {from: '2026-03-01', until: '2026-03-31'}, input: 1}
  - {when: {from: '2026-07-01'}, multiply: 0.5}
  - {when: {service_tier: batch}, input: 0.1}
  - {when: {from: '2026-03-01', region: eu}, input: 9}
"""


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2026-02-28", "2"), ("2026-03-01", "1"), ("2026-03-31", "1"), ("2026-04-01", "2"), ("2026-07-01", "1.0")],
)
def test_the_headline_price_follows_the_dates_and_nothing_else(day: str, rate: str) -> None:
    rates = headline_rates(model(DATED), day)
    assert rates["input"] == Decimal(rate)
    assert rates["cache_read"] is None


def test_spans_tile_all_time_and_agree_with_every_day() -> None:
    entry = model(DATED)
    spans = headline_spans(entry)
    assert [span.since for span in spans] == [FIRST_DAY, "2026-03-01", "2026-04-01", "2026-07-01"]
    assert [span.until for span in spans[:-1]] == [span.since for span in spans[1:]]
    assert spans[-1].until == LAST_DAY
    for span in spans[1:]:
        assert span.rates == headline_rates(entry, span.since)


def test_billing_says_what_a_missing_price_and_a_zero_mean() -> None:
    assert headline_rates(model("name: m", billing="local"), "2026-01-01") == {"input": 0, "output": 0}
    assert headline_rates(model("name: m"), "2026-01-01") == {}
    subscribed = model("pricing: {input: 0, output: 3}", billing="subscription")
    assert headline_rates(subscribed, "2026-01-01") == {"output": 3}


NAMES = CatalogNames(
    Catalog(
        {
            provider_id: build_provider(provider_id, [load_value(text)], None, VOCABULARY)  # type: ignore[list-item]
            for provider_id, text in {
                "acme": "aliases: [acme-ai]\nmodels: {large-2: {aliases: [large]}, acme/own: {}, shared: {}}",
                "gate": "models: {acme/large-9: {}, acme/large-2: {}, shared: {}, meta/llama: {}}",
            }.items()
        }
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme/large-2", ("acme", "large-2")),
        ("acme-ai/large", ("acme", "large-2")),
        ("large", ("acme", "large-2")),
        ("acme/own", ("acme", "acme/own")),
        ("acme-ai/own", ("acme", "acme/own")),
        ("acme/acme/own", ("acme", "acme/own")),
        ("gate/acme/large-2", ("gate", "acme/large-2")),
        ("meta/llama", ("gate", "meta/llama")),
    ],
)
def test_names_that_resolve(text: str, expected: tuple[str, str]) -> None:
    assert resolve_model(NAMES, text) == ModelName(*expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shared", "shared is a model of 2 providers: acme/shared, gate/shared"),
        ("acme/large-9", "acme has no model 'large-9'; others do: gate/acme/large-9"),
        ("acme/lrge-2", "did you mean acme/large-2"),
        ("meta/lama", "did you mean gate/meta/llama"),
        ("qqqqq", "unknown model 'qqqqq'"),
    ],
)
def test_names_that_do_not(text: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_model(NAMES, text)
    assert says in caught.value.message


def test_providers_resolve_by_id_and_alias() -> None:
    assert resolve_provider(NAMES, "acme-ai") == "acme"
    with pytest.raises(UsageError, match="did you mean acme"):
        resolve_provider(NAMES, "acm")
    with pytest.raises(UsageError, match="unknown provider"):
        resolve_provider(NAMES, "../../x")
