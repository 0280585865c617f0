"""Whether totals include a part: the total decides, then the names; what neither decides is said."""

import pytest

from registry_cli.core.responses.call import read_call


def usage_of(block):
    return read_call(block).usage


def test_the_total_decides_where_cached_tokens_stand() -> None:
    included = {"input_tokens": 100, "cache_read_input_tokens": 80, "output_tokens": 10, "total_tokens": 110}
    assert usage_of(included).tokens == {"input": 20, "cache_read": 80, "output": 10}
    beside = {"input_tokens": 100, "cache_read_input_tokens": 80, "output_tokens": 10, "total_tokens": 190}
    assert usage_of(beside).tokens == {"input": 100, "cache_read": 80, "output": 10}
    assert usage_of(included).unread == usage_of(beside).unread == ()


def test_the_total_decides_read_and_written_tokens_apart() -> None:
    block = {
        "input_tokens": 100,
        "cache_read_input_tokens": 30,
        "cache_creation_input_tokens": 5,
        "output_tokens": 10,
        "total_tokens": 115,
    }
    assert usage_of(block).tokens == {"input": 70, "cache_read": 30, "cache_write": 5, "output": 10}


def test_reasoning_in_the_completion_is_not_added() -> None:
    block = {
        "prompt_tokens": 500,
        "completion_tokens": 500,
        "total_tokens": 1000,
        "completion_tokens_details": {"reasoning_tokens": 500},
    }
    assert usage_of(block).tokens == {"input": 500, "reasoning": 500}


@pytest.mark.parametrize(("reasoning", "total"), [(200, 1500), (700, 2000)])
def test_reasoning_beside_the_completion_is_added(reasoning, total) -> None:
    block = {
        "prompt_tokens": 1000,
        "completion_tokens": 300,
        "total_tokens": total,
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    }
    assert usage_of(block).tokens == {"input": 1000, "output": 300, "reasoning": reasoning}


def test_without_a_total_names_decide() -> None:
    assert usage_of({"input_tokens": 10, "cache_read_input_tokens": 5}).tokens == {"input": 10, "cache_read": 5}
    assert usage_of({"prompt_tokens": 10, "cache_read_input_tokens": 5}).tokens == {"input": 5, "cache_read": 5}
    both = {"prompt_tokens": 1000, "cache_read_input_tokens": 900, "cache_creation_input_tokens": 100}
    assert usage_of(both).tokens == {"cache_read": 900, "cache_write": 100}
    assert usage_of(both).unread == ()


def test_a_part_larger_than_its_total_stands_beside_it() -> None:
    assert usage_of({"prompt_tokens": 5, "cache_read_input_tokens": 9}).tokens == {"input": 5, "cache_read": 9}
    block = {"prompt_tokens": 5, "completion_tokens": 182, "completion_tokens_details": {"reasoning_tokens": 672}}
    assert usage_of(block).tokens == {"input": 5, "output": 182, "reasoning": 672}


@pytest.mark.parametrize("name", ["cache_read_tokens", "cache_write_tokens"])
def test_what_neither_total_nor_names_decide_is_a_lower_bound(name) -> None:
    call = read_call({"input_tokens": 10, name: 4, "output_tokens": 1})
    assert call.usage.input_tokens == 10
    assert call.usage.unread == (name,)
    assert call.remarks == (f"nothing tells whether the totals include {name}: the cheapest way is taken",)
    assert usage_of({"input_tokens": 10, name: 4, "output_tokens": 1, "total_tokens": 15}).input_tokens == 14
    assert usage_of({"input_tokens": 10, name: 4, "output_tokens": 1, "total_tokens": 15}).unread == ()
    assert usage_of({"input_tokens": 10, name: 0, "output_tokens": 1}).unread == ()


def test_parts_that_cannot_both_be_included_are_a_lower_bound() -> None:
    block = {"prompt_tokens": 100, "cache_read_input_tokens": 80, "cache_creation_input_tokens": 50}
    assert usage_of(block).unread == ("cache_read_input_tokens", "cache_creation_input_tokens")
    assert usage_of({**block, "total_tokens": 180}).tokens == {"input": 50, "cache_read": 80, "cache_write": 50}
    assert usage_of({**block, "total_tokens": 180}).unread == ()


def test_perplexity_s_reasoning_stands_beside_the_completion_and_its_total() -> None:
    details = {"prompt_tokens": 9, "completion_tokens": 300, "total_tokens": 309, "reasoning_tokens": 100}
    assert usage_of({**details, "num_search_queries": 2}).tokens == {"input": 9, "output": 300, "reasoning": 100}
    assert usage_of({**details, "num_search_queries": 2}).unread == ()
    assert usage_of(details).tokens == {"input": 9, "output": 200, "reasoning": 100}


def test_uncached_tokens_decide_too() -> None:
    block = {"input_tokens": 10, "cache_read_tokens": 4, "prompt_cache_miss_tokens": 10, "output_tokens": 1}
    assert (usage_of(block).input_tokens, usage_of(block).unread) == (14, ())
    assert usage_of({"prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 6}).tokens == {
        "input": 6, "cache_read": 4,
    }  # fmt: skip


def test_a_larger_total_leaves_a_lower_bound() -> None:
    call = read_call({"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 109})
    assert call.usage.unread == ("the rest of total_tokens",)
    assert call.usage.doubts == ()
    assert call.remarks == ("total_tokens is 109, but the counts add up to 47",)


def test_a_smaller_total_leaves_an_estimate() -> None:
    call = read_call({"prompt_tokens": 35, "completion_tokens": 12, "total_tokens": 40})
    assert call.usage.unread == ()
    assert call.usage.doubts == ("total_tokens is less than the counts add up to",)
    assert call.remarks == ("total_tokens is 40, but the counts add up to 47",)


def test_two_spellings_of_a_count_are_one_unless_they_differ() -> None:
    both = {"prompt_tokens": 0, "completion_tokens": 0, "input_tokens": 10, "output_tokens": 3}
    assert usage_of(both).tokens == {"input": 10, "output": 3}
    assert usage_of({"prompt_tokens": 10, "input_tokens": 7, "total_tokens": 7}).tokens == {"input": 7}
    assert usage_of({"prompt_tokens": 10, "input_tokens": 7, "total_tokens": 7}).doubts == ()
    assert usage_of({"prompt_tokens": 10, "input_tokens": 7}).doubts == (
        "prompt_tokens is stated twice, with different numbers",
    )
    cached = {
        "prompt_tokens": 10,
        "total_tokens": 10,
        "cached_tokens": 4,
        "prompt_tokens_details": {"cached_tokens": 5},
    }
    assert usage_of(cached).doubts


def test_a_total_alone_counts_as_input_that_may_be_output() -> None:
    assert usage_of({"total_tokens": 10}).tokens == {"input": 10}
    assert usage_of({"total_tokens": 10}).undivided
    assert not usage_of({"total_tokens": 10, "prompt_tokens": 10}).undivided
    assert usage_of({"total_tokens": 10, "completion_tokens": 4}).tokens == {"input": 6, "output": 4}


def test_totals_that_are_left_out_are_the_sum_of_their_kinds() -> None:
    parts = [{"modality": "TEXT", "tokenCount": 4}, {"modality": "AUDIO", "tokenCount": 6}]
    assert usage_of({"promptTokensDetails": parts, "candidatesTokenCount": 2}).tokens == {
        "input": 4, "input_audio": 6, "output": 2,
    }  # fmt: skip


def test_what_tools_brought_in_counts_without_a_total_of_it() -> None:
    parts = [{"modality": "TEXT", "tokenCount": 4}]
    assert usage_of({"promptTokenCount": 10, "toolUsePromptTokensDetails": parts}).tokens == {"input": 14}


def test_cached_tokens_that_are_left_out_are_the_sum_of_their_kinds() -> None:
    details = {"cached_tokens_details": {"text_tokens": 4, "audio_tokens": 1}}
    assert usage_of({"prompt_tokens": 10, "prompt_tokens_details": details}).tokens == {
        "input": 5, "cache_read": 4, "cache_read_audio": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ({"new_tokens": 5}, "new_tokens"),
        ({"prompt_tokens_details": {"smell_tokens": 5}}, "prompt_tokens_details.smell_tokens"),
        ({"server_tool_use": {"code_execution_requests": 1}}, "server_tool_use.code_execution_requests"),
        ({"new": {"deep": [{"tokens_of": 2.5}]}}, "new.deep[].tokens_of"),
        ({"promptTokensDetails": [{"modality": "SMELL", "tokenCount": 2}]}, "promptTokensDetails[].smell"),
        ({"num_sources_used": 3}, "num_sources_used"),
        ({"num_server_side_tools_used": 3}, "num_server_side_tools_used"),
        ({"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": 1}}}}}}}}}}, "a.b.c.d.e.f.g.h.i..."),
    ],
)
def test_a_positive_number_that_is_not_known_is_named(extra, path) -> None:
    assert usage_of({"prompt_tokens": 10, "total_tokens": 10, **extra}).unread == (path,)


@pytest.mark.parametrize(
    "extra",
    [
        {"new_tokens": 0},
        {"new": {"tokens": [0, None, "text", False, True]}},
        {"total_duration": 5589157167, "created": 1700000000, "cost": 0.5, "latency_ms": 9},
        {"cost_details": {"anything": 5}},
        {"vendor_gateway": {"cost_estimate": 0.1}},
        {"new": float("nan")},
    ],
)
def test_zeros_texts_times_and_costs_leave_a_bill_exact(extra) -> None:
    assert usage_of({"prompt_tokens": 10, "total_tokens": 10, **extra}).unread == ()


def test_not_more_unknown_names_are_kept_than_a_person_reads() -> None:
    many = {f"new_{number}": 1 for number in range(1000)}
    assert len(usage_of({"prompt_tokens": 10, **many}).unread) == 10


MESSAGE = {"type": "message", "input_tokens": 100, "output_tokens": 10}


def test_all_passes_of_a_call_count() -> None:
    compaction = {
        "type": "compaction", "input_tokens": 900, "output_tokens": 40,
        "cache_creation_input_tokens": 50, "cache_creation": {"ephemeral_5m_input_tokens": 50},
    }  # fmt: skip
    block = {"input_tokens": 100, "output_tokens": 10, "iterations": [compaction, MESSAGE]}
    assert usage_of(block).tokens == {"input": 1000, "cache_write": 50, "output": 50}
    assert usage_of({**block, "iterations": [MESSAGE, compaction]}).tokens == usage_of(block).tokens
    assert usage_of({"input_tokens": 100, "output_tokens": 10, "iterations": [MESSAGE]}).tokens == {
        "input": 100, "output": 10,
    }  # fmt: skip


def test_a_pass_of_another_model_is_a_call_of_its_own() -> None:
    advice = {"type": "advisor_message", "model": "wise", "input_tokens": 500, "output_tokens": 20}
    call = read_call(
        {
            "model": "quick",
            "usage": {"input_tokens": 200, "output_tokens": 20, "iterations": [MESSAGE, advice, MESSAGE]},
        }
    )
    assert (call.model, call.usage.tokens) == ("quick", {"input": 200, "output": 20})
    (side,) = call.side_calls
    assert (side.model, side.usage.tokens) == ("wise", {"input": 500, "output": 20})
    assert call.usage.unread == ()
    assert call.own_usage.unread == ("tokens of wise",)


def test_a_declined_attempt_does_not_count_and_an_interrupted_one_does() -> None:
    declined = {"type": "message", "model": "strict", "input_tokens": 90, "output_tokens": 0}
    served = {"type": "fallback_message", "model": "calm", "input_tokens": 100, "output_tokens": 10}
    block = {"input_tokens": 100, "output_tokens": 10, "iterations": [declined, served]}
    call = read_call({"model": "strict", "usage": block})
    assert (call.model, call.usage.tokens, call.side_calls) == ("calm", {"input": 100, "output": 10}, ())
    assert usage_of({**block, "iterations": [{**declined, "new_tokens": 1}, served]}).unread == ("new_tokens",)
    interrupted = {**block, "iterations": [{**declined, "output_tokens": 7}, served]}
    (side,) = read_call({"model": "strict", "usage": interrupted}).side_calls
    assert (side.model, side.usage.tokens) == ("strict", {"input": 90, "output": 7})


def test_without_a_total_thoughts_and_tool_input_of_google_stand_beside() -> None:
    block = {
        "promptTokenCount": 10,
        "toolUsePromptTokenCount": 4,
        "candidatesTokenCount": 5,
        "thoughtsTokenCount": 3,
    }
    assert usage_of(block).tokens == {"input": 14, "output": 5, "reasoning": 3}
    assert usage_of(block).unread == ()


def test_a_stated_input_is_not_replaced_by_the_sum_of_its_parts() -> None:
    block = {
        "prompt_tokens": 100,
        "prompt_cache_hit_tokens": 60,
        "prompt_cache_miss_tokens": 30,
        "completion_tokens": 10,
        "total_tokens": 110,
    }
    assert usage_of(block).tokens == {"input": 40, "cache_read": 60, "output": 10}
    assert (usage_of(block).unread, usage_of(block).doubts) == ((), ())


def test_the_total_of_perplexity_decides_between_two_stated_inputs() -> None:
    block = {
        "prompt_tokens": 10,
        "input_tokens": 7,
        "completion_tokens": 20,
        "reasoning_tokens": 8,
        "citation_tokens": 5,
        "total_tokens": 30,
    }
    assert usage_of(block).tokens == {"input": 10, "output": 20, "reasoning": 8, "citation": 5}
    assert usage_of(block).doubts == ()


def test_of_two_stated_inputs_that_no_total_decides_the_larger_one_counts() -> None:
    block = {"prompt_tokens": 10, "input_tokens": 7, "completion_tokens": 5, "total_tokens": 99}
    assert usage_of(block).tokens == {"input": 10, "output": 5}
    assert usage_of(block).unread == ("the rest of total_tokens",)
    assert usage_of(block).doubts == ("prompt_tokens is stated twice, with different numbers",)


def test_fresh_tokens_that_were_neither_read_nor_written_decide() -> None:
    block = {
        "input_tokens": 100,
        "cache_read_tokens": 30,
        "cache_write_tokens": 10,
        "prompt_cache_miss_tokens": 60,
        "output_tokens": 5,
    }
    assert usage_of(block).tokens == {"input": 60, "cache_read": 30, "cache_write": 10, "output": 5}
    assert usage_of(block).unread == ()
