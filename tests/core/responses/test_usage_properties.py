"""What holds for every usage block: order and spelling do not matter, nothing unknown is passed over."""

import copy
import itertools
import json
import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.call_sums import CallSums
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.catalog.build import build_model
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.responses.call import read_call, read_report
from registry_cli.core.responses.lines import NumberedCall, read_lines
from registry_cli.core.responses.usage_names import CONTENT, NOT_BILLED, USAGE_BLOCK, fold_name
from registry_cli.errors import UsageError
from tests.core.responses.test_shapes import SHAPES

DAY = "2026-07-01"
PRICES = {
    "input": 3, "output": 15, "cache_read": 0.3, "cache_write": 3.75, "cache_write_1h": 6, "reasoning": 20,
    "input_audio": 7, "output_audio": 30, "input_image": 4,
    "per": {"web_search": 0.01, "input_second": 0.0001, "query": 0.002},
    "variants": [
        {"when": {"input_tokens_above": 200}, "multiply": 2},
        {"when": {"input_tokens_above": 1000}, "multiply": 1.5},
        {"when": {"service_tier": "batch"}, "multiply": 0.5},
        {"when": {"service_tier": "fast"}, "multiply": 6},
        {"when": {"region": "us"}, "multiply": 1.1},
    ],
}  # fmt: skip
PRICE = ModelPrice(
    build_model("acme", "m", {"pricing": json.loads(json.dumps(PRICES), parse_float=Decimal)}, "usage", Vocabulary({}))
)
RESPONSES = [response for response, _ in SHAPES.values()]
ODD = [
    *RESPONSES,
    {
        "output": [{"type": "web_search_call", "action": {"type": "search"}}, {"type": "code_interpreter_call"}],
        "usage": {"input_tokens": 5, "output_tokens": 2},
    },
    {
        "candidates": [{"groundingMetadata": {"webSearchQueries": ["a"], "groundingChunks": [{"maps": {}}]}}],
        "usageMetadata": {"promptTokenCount": 5},
    },
    {
        "choices": [{"message": {"annotations": [{"type": "url_citation"}]}}],
        "model": "m",
        "service_tier": "flex",
        "usage": {
            "input_tokens": 5,
            "iterations": [{"type": "advisor_message", "model": "wise", "input_tokens": 5}, {"type": "message"}],
            "inference_geo": "us",
            "speed": "fast",
        },
    },
    {"custom_id": "a", "result": {"type": "succeeded", "message": {"id": "b", "usage": {"input_tokens": 5}}}},
]
counts = st.integers(0, 2000)


def bill(value):
    call = read_call(value)
    return PRICE.bill_call(call.usage, Conditions(DAY, service_tier=call.service_tier, region=call.region))


def figures(value):
    result = bill(value)
    return result.total, result.unknown, sorted((part.name, part.count) for part in result.parts)


def shuffled(value, chance):
    if isinstance(value, dict):
        keys = chance.sample(list(value), len(value))
        return {key: shuffled(value[key], chance) for key in keys}
    return value


@settings(max_examples=300)
@given(st.sampled_from(RESPONSES), st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters(response, chance) -> None:
    assert figures(shuffled(response, chance)) == figures(response)


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def respelled(value, spell):
    if isinstance(value, dict):
        return {spell(key): respelled(inner, spell) for key, inner in value.items()}
    return [respelled(inner, spell) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("response", RESPONSES, ids=SHAPES)
def test_snake_and_camel_case_are_the_same(response) -> None:
    def snake(name):
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)

    assert read_call(respelled(response, camel)).usage == read_call(response).usage
    assert read_call(respelled(response, snake)).usage == read_call(response).usage


@given(fresh=counts, cached=counts, written=counts, hour=counts, answer=counts, thought=counts)
def test_every_way_to_say_the_same_costs_the_same(*, fresh, cached, written, hour, answer, thought) -> None:
    sent, made, writes = fresh + cached + written + hour, answer + thought, written + hour
    lifetimes = {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": hour}
    total = sent + made
    blocks = [
        {
            "input_tokens": fresh, "cache_read_input_tokens": cached, "cache_creation_input_tokens": writes,
            "cache_creation": lifetimes, "output_tokens": made, "output_tokens_details": {"thinking_tokens": thought},
        },
        {
            "inputTokens": fresh, "cacheReadInputTokens": cached, "cacheWriteInputTokens": writes,
            "cacheDetails": [{"ttl": "5m", "inputTokens": written}, {"ttl": "1h", "inputTokens": hour}],
            "outputTokens": made, "totalTokens": total, "outputTokenDetails": {"reasoningTokens": thought},
        },
        {
            "prompt_tokens": sent, "completion_tokens": made, "total_tokens": total,
            "prompt_tokens_details": {"cached_tokens": cached, "cache_creation_token_details": lifetimes},
            "completion_tokens_details": {"reasoning_tokens": thought},
        },
        {
            "usage_metadata": {
                "input_tokens": sent, "output_tokens": made, "total_tokens": total,
                "input_token_details": {"cache_read": cached, "cache_creation": written, **lifetimes},
                "output_token_details": {"reasoning": thought},
            }
        },
        {
            "prompt_tokens": sent, "completion_tokens": answer, "total_tokens": total, "cached_tokens": cached,
            "prompt_tokens_details": {"cache_creation": lifetimes, "cache_creation_input_tokens": writes},
            "completion_tokens_details": {"reasoning_tokens": thought},
        },
    ]  # fmt: skip
    if not hour:  # the others do not tell how long tokens stay in the cache
        details = {"noCacheTokens": fresh, "cacheReadTokens": cached, "cacheWriteTokens": written}
        blocks.append({
            "inputTokens": sent, "inputTokenDetails": details, "outputTokens": made, "totalTokens": total,
            "outputTokenDetails": {"textTokens": answer, "reasoningTokens": thought},
        })  # fmt: skip
    if not writes:
        blocks.append({
            "promptTokenCount": sent, "cachedContentTokenCount": cached, "candidatesTokenCount": answer,
            "thoughtsTokenCount": thought, "totalTokenCount": total,
        })  # fmt: skip
        blocks.append({
            "prompt_tokens": sent, "prompt_cache_hit_tokens": cached, "prompt_cache_miss_tokens": fresh,
            "completion_tokens": made, "completion_tokens_details": {"reasoning_tokens": thought},
        })  # fmt: skip
    for block in blocks:
        assert figures(block) == figures(blocks[0])
        assert bill(block).exact


def places(value):
    """Every mapping in a response's usage block, where a new counter may stand."""
    if isinstance(value, dict):
        yield value
        yield from itertools.chain.from_iterable(places(inner) for inner in value.values())
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(map(places, value))


KNOWN = {*USAGE_BLOCK.counters, *USAGE_BLOCK.tables, *USAGE_BLOCK.lists, *NOT_BILLED, *CONTENT, "iterations", "raw"}
BLOCKS = [
    block
    for response in RESPONSES
    for block in [response.get("usage") or response.get("usageMetadata") or response.get("usage_metadata")]
    if block
]
new_names = st.from_regex(r"[a-z]{3,12}_(tokens|units|count)", fullmatch=True).filter(
    lambda name: fold_name(name) not in KNOWN
)


@settings(max_examples=300)
@given(st.sampled_from(BLOCKS), new_names, st.integers(1, 10**9) | st.decimals("0.001", 1000, places=3), st.data())
def test_an_unknown_positive_counter_never_leaves_an_exact_total(block, name, number, data) -> None:
    block = copy.deepcopy(block)
    block.pop("raw", None)
    before = bill(block).total
    inner = [place for key, value in block.items() for place in places(value) if fold_name(key) not in NOT_BILLED]
    place = data.draw(st.sampled_from([block, *inner]))
    known_here = {key for table in (USAGE_BLOCK, *USAGE_BLOCK.tables.values()) for key in table.counters}
    if fold_name(name) in known_here:
        return
    place[name] = number
    result = bill(block)
    assert not result.exact
    assert any(name in text for text in result.unknown)
    assert result.total >= before


# Responses without an envelope around them, which may have an id of its own.
PLAIN = [response for response in RESPONSES if read_report({**response, "id": "probe"}).id == "probe"]


@given(
    st.lists(st.tuples(st.sampled_from(range(len(PLAIN))), st.sampled_from([None, "a", "b"])), min_size=1, max_size=12)
)
def test_the_bill_of_many_lines_is_the_sum_of_its_calls(picks) -> None:
    lines = [{**PLAIN[shape], "id": f"{name or place}-{shape}"} for place, (shape, name) in enumerate(picks)]
    calls = [item.call for item in read_lines(enumerate(lines, 1)) if isinstance(item, NumberedCall)]
    firsts = {line["id"]: line for line in reversed(lines)}
    assert sorted(calls, key=repr) == sorted(map(read_call, firsts.values()), key=repr)
    together = PRICE.bill_calls([(call.usage, Conditions(DAY, service_tier=call.service_tier)) for call in calls])
    sums = CallSums(PRICE.thresholds)
    for call in calls:
        sums.add(call.usage, Conditions(DAY, service_tier=call.service_tier))
    merged = PRICE.bill_calls(sums.merge_calls())
    each = [PRICE.bill_call(call.usage, Conditions(DAY, service_tier=call.service_tier)) for call in calls]
    assert merged.total == together.total == sum(one.total for one in each)
    assert merged.calls == len(calls)
    assert set(merged.unknown) == {name for one in each for name in one.unknown}
    assert merged.warnings == together.warnings
    assert merged.notes == together.notes


@given(st.lists(st.tuples(counts, counts, st.sampled_from([None, "batch", "fast"])), min_size=1, max_size=40))
def test_added_up_calls_cost_what_each_of_them_does(calls) -> None:
    priced = [
        (
            read_call({"prompt_tokens": sent, "completion_tokens": made}).usage,
            Conditions(DAY, service_tier=tier),
        )
        for sent, made, tier in calls
    ]
    sums = CallSums(PRICE.thresholds)
    for usage, conditions in priced:
        sums.add(usage, conditions)
    assert PRICE.bill_calls(sums.merge_calls()).total == sum(PRICE.bill_call(*call).total for call in priced)
    assert len(sums.merge_calls()) <= 3 * 3 * 4  # tiers, sizes, kinds of tokens


VALUES = [
    None, True, False, 0, -1, 1, 2**63, 10**30, 0.5, -0.0, 1e300, float("nan"), float("inf"), Decimal("1E+999999"),
    "", "5", "x" * 1000, "\x1b[31m", [], {}, [None], [[[]]], [{}], {"a": {"b": 1}}, {"input_tokens": 5},
]  # fmt: skip


def mutated(value, chance):
    """The same value with one thing in it changed, removed, repeated, or put elsewhere."""
    value = copy.deepcopy(value)
    spots = []

    def visit(node):
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, inner in items:
            spots.append((node, key))
            visit(inner)

    visit(value)
    for _ in range(chance.randint(1, 3) if spots else 0):
        node, key = chance.choice(spots)
        if isinstance(node, dict) and key not in node:
            continue
        match chance.randrange(5):
            case 0:
                node[key] = chance.choice(VALUES)
            case 1 if isinstance(node, dict):
                del node[key]
            case 2 if isinstance(node, dict):
                names = [*USAGE_BLOCK.counters, *USAGE_BLOCK.tables, *USAGE_BLOCK.lists, "iterations", "usage", "model"]
                node[chance.choice(names)] = chance.choice([*VALUES, copy.deepcopy(node.get(key))])
            case 3 if isinstance(node, list) and key < len(node):
                node.append(copy.deepcopy(node[key]))
            case _:
                node[key] = copy.deepcopy(chance.choice(ODD))
    return value


def try_mutations(count, seed):
    """How many mutated responses were read and how many refused; nothing else may happen."""
    chance = random.Random(seed)
    messages = []
    for _ in range(count):
        value = mutated(chance.choice(ODD), chance)
        try:
            for item in read_lines([(1, value), (2, mutated(value, chance)), (3, value)]):
                if isinstance(item, NumberedCall):
                    call = item.call
                    result = PRICE.bill_call(call.own_usage, Conditions(DAY, service_tier=call.service_tier))
                    assert result.total >= 0
                    assert str(result)
        except UsageError as error:
            messages.append(error.message)
    assert not any("\n" in message or len(message) > 300 for message in messages)
    return count - len(messages), len(messages)


def test_mutated_blocks_are_read_or_refused() -> None:
    read, refused = try_mutations(1000, seed=1)
    assert min(read, refused) > 100


@pytest.mark.slow
def test_50000_mutated_blocks_are_read_or_refused() -> None:
    read, refused = try_mutations(50_000, seed=2)
    print(f"{read} read, {refused} refused")
    assert min(read, refused) > 2000
