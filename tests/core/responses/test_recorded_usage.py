"""The usage blocks that genai-prices recorded, with the counts that it expects (its `tests/dataset/usages.json`)."""

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from registry_cli.core.responses.call import read_call

pytestmark = pytest.mark.data
NAMES = {
    "input_tokens", "output_tokens", "output_reasoning_tokens", "cache_read_tokens", "cache_write_tokens",
    "input_audio_tokens", "input_image_tokens", "input_video_tokens", "output_image_tokens",
    "cache_audio_read_tokens", "cache_image_read_tokens", "cache_video_read_tokens", "web_searches",
}  # fmt: skip

TOTALS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "web_searches")


def recorded_blocks():
    folder = os.environ.get("LLMREG_TEST_DATA")
    path = Path(folder or "") / "genai-prices" / "usages.json"
    if not folder or not path.is_file():
        pytest.skip("LLMREG_TEST_DATA names no folder with genai-prices/usages.json")
    return json.loads(path.read_text(), parse_float=Decimal)


def counts_of(usage):
    """The counts by the names that genai-prices gives them."""
    tokens = usage.tokens

    def of(*prefixes):
        return sum(count for name, count in tokens.items() if name.startswith(prefixes))

    counts = {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "output_reasoning_tokens": of("reasoning"),
        "cache_read_tokens": of("cache_read"),
        "cache_write_tokens": of("cache_write"),
        "output_image_tokens": of("output_image"),
        "web_searches": int(usage.units.get("web_searches", 0)),
    }
    for kind in ("audio", "image", "video"):
        counts[f"input_{kind}_tokens"] = of(f"input_{kind}", f"cache_read_{kind}")
        counts[f"cache_{kind}_read_tokens"] = of(f"cache_read_{kind}")
    return counts


def expected_counts(block):
    """The fullest of the readings that genai-prices expects: it has one for every API that may have answered, and an
    API of another kind leaves counts out. Of Cohere's two, the one that counts what is billed."""
    readings = [
        {name: count for name, count in reading["usage"].items() if name in NAMES}
        for reading in block["extracted"]
        if any(extractor["api_flavor"] != "tokens" for extractor in reading["extractors"])
    ]
    possible = [reading for reading in readings if not is_of_xai_alone(block, reading)]
    return max(possible, key=lambda reading: (len(reading), sum(reading.values())))


def is_of_xai_alone(block, reading):
    """Whether a reading adds reasoning to the output although the total of the block includes it."""
    total = block["body"].get("usage", {}).get("total_tokens")
    return total is not None and reading.get("input_tokens", 0) + reading.get("output_tokens", 0) > total


def all_passes(block):
    """Whether a block lists more passes than the one that its own counts are of, which genai-prices does not read."""
    passes = block["body"].get("usage", {}).get("iterations") or ()
    return any(entry["type"] == "compaction" for entry in passes)


def test_every_block_is_read_and_counts_what_it_should() -> None:
    blocks = recorded_blocks()
    wrong = []
    for block in blocks:
        expected, counts = expected_counts(block), counts_of(read_call(block["body"]).usage)
        compared = {*expected, *TOTALS}
        if not all_passes(block) and any(counts[name] != expected.get(name, 0) for name in compared):
            wrong.append((block["body"], counts, expected))
    assert wrong == []
    assert len(blocks) >= 1577


def test_compaction_counts_in_addition() -> None:
    compacted = [block for block in recorded_blocks() if all_passes(block)]
    for block in compacted:
        passes = block["body"]["usage"]["iterations"]
        counts = counts_of(read_call(block["body"]).usage)
        assert counts["output_tokens"] == sum(entry["output_tokens"] for entry in passes)
        assert counts["output_tokens"] > expected_counts(block)["output_tokens"]
    assert compacted
