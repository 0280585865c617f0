"""What the sources share: strict JSON, provider ids, keys, price lists, modalities, dates."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json
from registry_cli.sources.litellm_ids import RouteName, read_key
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, split_known
from registry_cli.sources.rows import Rows
from registry_cli.sources.wording import is_date, one_line


def test_numbers_stay_exact() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": [0.1, 1e-7, 3]}', "x") == {"a": [Decimal("0.1"), Decimal("1E-7"), 3]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"<html>\x1b[31m", r"an HTML page, of 11 bytes"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "'c' is there twice"),
        (b'["\\ud800"]', "surrogate"),
        (b'{"\\uDC00": 1}', "surrogate"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "too deep"),
        (b"1" * 5000, "digits"),
    ],
)
def test_doubtful_json_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(UpstreamError, match=said):
        read_json(data, "x")


@pytest.mark.parametrize(
    ("spelled", "ours"),
    [
        ("google", "gemini"),
        ("google-vertex-anthropic", "vertex_ai"),
        ("amazon-bedrock", "bedrock"),
        ("togetherai", "together_ai"),
        ("alibaba-cn", "alibaba-cn"),
        ("acme", "acme"),
    ],
)
def test_models_devs_providers(spelled: str, ours: str) -> None:
    assert provider_ids.from_models_dev(spelled) == ours


@pytest.mark.parametrize(
    ("spelled", "ours"),
    [
        ("vertex_ai-language-models", "vertex_ai"),
        ("vertex_ai-new_publisher_models", "vertex_ai"),
        ("bedrock_converse", "bedrock"),
        ("cohere_chat", "cohere"),
        ("text-completion-openai", "openai"),
        ("dashscope", "alibaba"),
        ("chatgpt", "chatgpt"),
        ("acme", "acme"),
    ],
)
def test_litellms_providers(spelled: str, ours: str) -> None:
    assert provider_ids.from_litellm(spelled) == ours


@pytest.mark.parametrize(
    ("key", "provider", "expected"),
    [
        ("acme/a/b", "acme", ("acme", "a/b", {})),
        ("gpt-x", "openai", ("openai", "gpt-x", {})),
        ("amazon-nova/n", "amazon_nova", ("nova", "n", {})),
        ("vertex_ai/claude@1", "vertex_ai-anthropic_models", ("vertex_ai", "claude@1", {})),
        ("azure/us/gpt-x", "azure", ("azure", "gpt-x", {"region": "us"})),
        ("bedrock/us-gov-west-1/a.b-v1:0", "bedrock", ("bedrock", "a.b-v1:0", {"region": "us-gov-west-1"})),
        ("us.anthropic.claude", "bedrock_converse", ("bedrock", "us.anthropic.claude", {})),
        ("bedrock/claude_platform/c", "bedrock", ("bedrock", "claude_platform/c", {})),
        ("1024-x-1024/50-steps/bedrock/a.n:0", "bedrock",
         ("bedrock", "a.n:0", {"size": "1024x1024", "quality": "50-steps"})),
        ("azure/hd/1024-x-1792/d", "azure", ("azure", "d", {"size": "1024x1792", "quality": "hd"})),
        ("deepgram/streaming/nova", "deepgram", ("deepgram", "streaming/nova", {})),
    ],
)  # fmt: skip
def test_litellms_keys(key: str, provider: str, expected: tuple[str, str, dict[str, str]]) -> None:
    named = read_key(key, provider, "chat")
    assert isinstance(named, RouteName)
    assert (named.provider, named.id, dict(named.condition)) == expected


@pytest.mark.parametrize(
    ("per_token", "price"),
    [
        ("8.99997e-06", "8.99997"),
        ("4.0000000000000003e-07", "0.4"),
        ("3E-9", "0.003"),
        ("0.00001", "10"),
        ("0", "0"),
    ],
)
def test_a_price_per_token_in_dollars_per_million(per_token: str, price: str) -> None:
    assert str(Rows("acme", "acme").read_numeric_price("input", Decimal(per_token), 1_000_000)) == price


@given(st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=9))
def test_tidying_keeps_twelve_digits_and_no_exponent(price: Decimal) -> None:
    tidied = tidy_price(price)
    assert "E" not in str(tidied) or tidied < Decimal("1e-6")
    assert abs(tidied - price) <= abs(price) * Decimal("1e-11")
    assert tidy_price(tidied) == tidied


def test_modalities_and_capabilities_follow_from_each_other() -> None:
    assert split_known(["audio", "text", "code"]) == (["text", "audio"], ["code"])
    lists: dict[str, Any] = {"input": ["text", "image"], "output": ["text"]}
    assert implied_capabilities(lists) == ["vision"]
    assert implied_capabilities({"input": ["image"], "output": ["image"]}) == []
    assert denied_capabilities(lists) == {"pdf_input", "audio_input", "video_input", "audio_output"}


@pytest.mark.parametrize(
    ("text", "partly", "wholly"),
    [
        ("2026-01-31", True, True),
        ("2026-02-30", False, False),
        ("2026-01", True, False),
        ("2026", True, False),
        ("2026-13", False, False),
        ("20260131", False, False),
        ("soon", False, False),
    ],
)
def test_dates(text: str, partly: bool, wholly: bool) -> None:
    assert is_date(text, whole=False) is partly
    assert is_date(text, whole=True) is wholly


def test_names_stand_on_one_line() -> None:
    assert one_line(" A\tname \n") == "A name"
