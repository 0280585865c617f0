"""`llmreg cost --usage`: bills of responses, and what is said about them."""

import io
import json
from pathlib import Path

import pytest

from tests.support.cli import run_llmreg

CATALOG = """\
provider: acme
models:
  m:
    mode: chat
    pricing:
      input: 10
      output: 100
      cache_read: 1
      per: {web_search: 5}
      variants:
      - when: {service_tier: batch}
        multiply: 0.5
      - when: {region: us}
        multiply: 1.1
  long:
    mode: chat
    pricing: {input: 2, output: 4, variants: [{when: {input_tokens_above: 200000}, multiply: 2}]}
  wise: {mode: chat, pricing: {input: 20, output: 200}}
  embed: {mode: embedding, pricing: {input: 2}}
  images:
    mode: image_generation
    modalities: {input: [text, image], output: [image]}
    pricing: {input: 5, input_image: 10, output: 10, output_image: 40}
"""
ANTHROPIC = """\
provider: anthropic
models: {m: {mode: chat, pricing: {input: 3, output: 15, cache_read: 0.3}}}
"""


@pytest.fixture
def bill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `cost --usage` on responses: one as JSON, several as lines."""
    catalog = tmp_path / "models"
    catalog.mkdir()
    (catalog / "acme.yml").write_text(CATALOG)
    (catalog / "anthropic.yml").write_text(ANTHROPIC)
    monkeypatch.setenv("LLMREG_CATALOG", str(catalog))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.chdir(tmp_path)

    def run(*responses, options=("acme/m",)):
        Path("calls.json").write_text("\n".join(map(json.dumps, responses)))
        return run_llmreg("cost", "--usage", "calls.json", *options, "--no-cache")

    return run


def million(**counts):
    return {"prompt_tokens": 1_000_000, "completion_tokens": 0, **counts}


def test_tier_and_region_of_the_response_count_unless_given(bill) -> None:
    call = {"usage": {"input_tokens": 1_000_000, "inference_geo": "us", "service_tier": "batch"}}
    assert bill(call).out == "acme/m\t$5.5\n"
    assert bill(call, options=("acme/m", "--region", "eu", "--tier", "standard")).out == "acme/m\t$10\n"
    assert "not given" not in bill(call).err
    standard = {"usage": {"input_tokens": 1_000_000, "inference_geo": "global", "service_tier": "standard"}}
    assert bill(standard).err == ""


def test_lower_bounds_and_estimates(bill) -> None:
    assert bill(million(new_tokens=5)).out == "acme/m\tat least $10, unknown: new_tokens\n"
    larger = bill(million(total_tokens=1_000_007))
    assert larger.out == "acme/m\tat least $10, unknown: the rest of total_tokens\n"
    assert "call 1: total_tokens is 1,000,007, but the counts add up to 1,000,000" in larger.err
    smaller = bill(million(total_tokens=999_999))
    assert smaller.out == "acme/m\tabout $10\n"
    assert "total_tokens is less than the counts add up to" in smaller.err
    shown = json.loads(bill(million(new_tokens=5), options=("acme/m", "--format", "json")).out)["models"][0]
    assert (shown["cost"], shown["at_least"], shown["unknown"]) == (None, 10, ["new_tokens"])


def test_a_total_alone_is_exact_for_a_model_without_output(bill) -> None:
    assert bill({"usage": {"total_tokens": 1_000_000}}, options=("acme/embed",)).out == "acme/embed\t$2\n"
    assert bill({"usage": {"total_tokens": 1_000_000}}).out == "acme/m\tat least $10, unknown: output\n"


def test_what_a_model_of_images_makes_are_images(bill) -> None:
    block = {"input_tokens": 0, "output_tokens": 1_000_000, "total_tokens": 1_000_000}
    assert bill({"created": 1, "data": [], "usage": block}, options=("acme/images",)).out == "acme/images\t$40\n"
    edited = {"input_tokens": 2_000_000, "input_tokens_details": {"image_tokens": 1_000_000}, "output_tokens": 500_000}
    assert bill({"usage": edited}, options=("acme/images",)).out == "acme/images\t$35\n"


def test_the_model_and_the_provider_that_answered(bill) -> None:
    by_anthropic = {"model": "m", "usage": {"input_tokens": 1_000_000, "cache_read_input_tokens": 0}}
    ran = bill(by_anthropic, by_anthropic, options=())
    assert ran.out == "anthropic/m\t$6\n"
    assert "provider anthropic assumed for 2 calls" in ran.err
    assert bill(by_anthropic, options=("--provider", "acme")).out == "acme/m\t$10\n"
    assert "assumed" not in bill(by_anthropic, options=("--provider", "acme")).err
    named = bill({"model": "wise", "usage": million()}, {"model": "acme/wise", "usage": million()}, options=())
    assert named.out == "acme/wise\t$40\n"


def test_passes_of_other_models_are_billed_at_these_models(bill) -> None:
    passes = [
        {"type": "message", "input_tokens": 1_000_000, "output_tokens": 0},
        {"type": "advisor_message", "model": "wise", "input_tokens": 1_000_000, "output_tokens": 0},
    ]
    call = {"model": "acme/m", "usage": {"input_tokens": 1_000_000, "output_tokens": 0, "iterations": passes}}
    assert bill(call, options=()).out == "acme/m\t$10\nacme/wise\t$20\n"
    assert bill(call).out == "acme/m\tat least $10, unknown: tokens of wise\n"


def test_lines_that_are_no_calls_are_counted(bill) -> None:
    ran = bill(
        {"id": "a", "usage": million()},
        {"type": "user"},
        {"id": "a", "usage": million()},
        {"custom_id": "b", "error": {"code": "expired"}},
        {"custom_id": "c", "error": {"code": "expired"}},
    )
    assert ran.out == "acme/m\t$10\n"
    assert "1 response without usage, skipped (first: line 2)" in ran.err
    assert "1 response about the call of an earlier response, counted once (first: line 3)" in ran.err
    assert "2 responses failed, not billed (first: line 4)" in ran.err
    shown = bill({"id": "a", "usage": million()}, {"error": 1}, options=("acme/m", "--explain"))
    assert "1 response failed, not billed (first: line 2)" in shown.err


def test_a_list_names_its_entries(bill) -> None:
    assert "(first: entry 2)" in bill([million(), {"error": {"code": "x"}}]).err
    wrong = bill([million(), {"prompt_tokens": "x"}])
    assert wrong.code == 6
    assert 'calls.json: entry 2: usage: prompt_tokens is "x", not a number' in wrong.err


def test_nothing_to_bill_is_an_error_that_says_why(bill) -> None:
    ran = bill({"error": 1}, {"error": 1})
    assert (ran.code, ran.out) == (2, "")
    assert "no call to price; 2 responses failed, not billed (first: line 1)" in ran.err


@pytest.mark.parametrize(("stated", "says"), [(10, "state the same cost: $10 for 1 of 1 call"), (9, "1 differs")])
def test_costs_that_responses_state_are_compared(bill, stated, says) -> None:
    assert says in bill(million(cost=stated)).err


def test_costs_are_not_compared_beside_several_models(bill) -> None:
    assert "state" not in bill(million(cost=9), options=("acme/m", "acme/wise")).err


def test_a_call_is_billed_at_the_size_it_has_and_not_at_the_sum(bill) -> None:
    many = [million(), million(), {"prompt_tokens": 5, "completion_tokens": 1_000_000}]
    ran = bill(*many, options=("acme/m", "--explain"))
    assert ran.out.startswith("acme/m\t$120.00005\n")
    assert ran.out.endswith("call 1\tacme/m\t$10\ncall 2\tacme/m\t$10\ncall 3\tacme/m\t$100.00005\n")


def test_a_batch_is_billed_at_the_size_of_its_requests(bill) -> None:
    batch = {"object": "batch", "usage": {"input_tokens": 1_000_000, "output_tokens": 0}}
    small = bill({**batch, "request_counts": {"total": 12, "completed": 10}}, options=("acme/m",))
    assert small.out == "acme/m\t$5\n"
    options = ("acme/long", "--tier", "standard")
    unsure = bill({**batch, "request_counts": {"completed": 10}}, options=options)
    assert unsure.out == "acme/long\tabout $2\n"
    assert "the size of each call is not stated" in unsure.err
    assert bill({**batch, "request_counts": {"completed": 1}}, options=options).out == "acme/long\t$4\n"
    few = {"object": "batch", "usage": {"input_tokens": 150_000}, "request_counts": {"completed": 10}}
    assert bill(few, few, options=options).out == "acme/long\t$0.6\n"


def test_standard_input(bill, monkeypatch: pytest.MonkeyPatch) -> None:
    bill(million())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path("calls.json").read_bytes())))
    assert run_llmreg("cost", "acme/m", "--usage", "-", "--no-cache").out == "acme/m\t$10\n"
