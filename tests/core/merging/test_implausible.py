"""Facts that are wrong by themselves: left out of new entries, and taken back where sync once wrote them."""

import json
from decimal import Decimal

import pytest

from registry_cli.core.matching.import_merge import merge_observations
from registry_cli.core.merging.implausible import drop_implausible
from registry_cli.sources import litellm, models_dev
from tests.support.random_syncs import again, file_of, model, plan, says, seen

WRONG = [
    ("models.dev", {"release_date": "1970-01-01"}),
    ("models.dev", {"context_window": 20_000_000}),
    ("litellm", {"context_window": 1_000_000, "max_output_tokens": 1_000_000}),
    ("litellm", {"context_window": 400_000, "max_input_tokens": 272_000, "max_output_tokens": 272_000}),
]
RIGHT = [
    ("models.dev", {"release_date": "2018-10-31"}),
    ("models.dev", {"context_window": 10_485_760}),
    ("models.dev", {"context_window": 1_048_576}),
    ("models.dev", {"context_window": 131_072, "max_output_tokens": 131_072}),
    ("litellm", {"context_window": 200_000, "max_output_tokens": 64_000}),
    ("litellm", {"context_window": 400_000, "max_input_tokens": 272_000, "max_output_tokens": 128_000}),
]


@pytest.mark.parametrize(("source", "facts"), WRONG)
def test_what_is_wrong_by_itself_is_left_out_and_the_rest_stays(source, facts):
    believed, left_out = drop_implausible([(source, {"name": "M", **facts})])
    wrong = list(facts)[-1]
    assert believed == [(source, {"name": "M", **{name: facts[name] for name in facts if name != wrong}})]
    (item,) = left_out
    assert (item.source, item.field, item.value) == (source, wrong, facts[wrong])


def test_digits_that_changed_places_are_put_right():
    believed, (item,) = drop_implausible([("models.dev", {"context_window": 1_048_756})])
    assert believed == [("models.dev", {"context_window": 1_048_576})]
    assert item.reason == "digits changed places: read as 1048576"
    value, record = believed_once("models.dev", {"context_window": 1_048_756})
    answer = says("models.dev", model("large", name="One", context_window=1_048_756))
    done = plan(value, record, answer)
    assert (seen(done, "applied"), done.value["models"]["large"]["context_window"]) == (
        ["large#context_window"],
        1_048_576,
    )
    assert again(done, answer).items == ()


@pytest.mark.parametrize(("source", "facts"), RIGHT)
def test_what_may_be_true_stays(source, facts):
    assert drop_implausible([(source, facts)]) == ([(source, facts)], ())


@pytest.mark.parametrize(("other", "confirms"), [(131_072, True), (32_768, False), (None, False)])
def test_an_output_limit_like_the_window_counts_where_another_source_states_it(other, confirms):
    words = [
        ("models.dev", {} if other is None else {"max_output_tokens": other}),
        ("litellm", {"context_window": 131_072, "max_output_tokens": 131_072}),
    ]
    believed, left_out = drop_implausible(words)
    assert ("max_output_tokens" in believed[1][1]) is confirms
    assert bool(left_out) is not confirms


def lists(*, window, output, release="2025-01-01"):
    """models.dev's list and LiteLLM's map, each with one model of acme's."""
    entry = {"limit": {"context": window}, "release_date": release, "cost": {"input": 1}}
    row = {"litellm_provider": "acme", "mode": "chat", "max_input_tokens": 131_072, "max_output_tokens": output}
    first = models_dev.parse(json.dumps({"acme": {"name": "Acme", "models": {"m": entry}}}).encode())
    return [first, litellm.parse(json.dumps({"acme/m": row}).encode())]


def imported(observations):
    merged = merge_observations(observations, on="2026-11-30")
    return merged.providers["acme"]["models"]["m"], [(note.field, note.value) for note in merged.notes]


def test_an_import_takes_the_lower_source_s_value_for_one_that_is_wrong():
    facts, notes = imported(lists(window=20_000_000, output=8_192))
    assert (facts["context_window"], facts["max_output_tokens"]) == (131_072, 8_192)
    assert ("context_window", "20000000") in notes


def test_an_import_leaves_out_a_date_of_1970_and_a_repeated_limit_with_notes():
    facts, notes = imported(lists(window=131_072, output=131_072, release="1970-01-01"))
    assert facts["context_window"] == 131_072
    assert not {"release_date", "max_output_tokens"} & facts.keys()
    assert {("release_date", "1970-01-01"), ("max_output_tokens", "131072")} <= set(notes)


def believed_once(source, facts):
    """A file and a record as they are where an older llmreg has taken the facts as they stand."""
    done = plan(file_of(large={"name": "One"}), {}, says(source, model("large", name="One")))
    line = done.record["large"]
    line.base.update(facts)
    line.said[source].update(facts)
    return file_of(large={"name": "One", **facts}), done.record


@pytest.mark.parametrize(("source", "facts"), WRONG)
def test_a_sync_takes_back_what_it_wrote_and_says_why(source, facts):
    wrong = list(facts)[-1]
    value, record = believed_once(source, facts)
    answer = says(source, model("large", name="One", **facts))
    done = plan(value, record, answer)
    (item,) = done.items_with("applied")
    assert (item.field, item.old, item.reason[:10]) == (wrong, facts[wrong], "left out: ")
    assert wrong not in done.value["models"]["large"]
    assert again(done, answer).items == ()


def test_a_better_value_replaces_a_wrong_window_without_a_person():
    value, record = believed_once("models.dev", {"context_window": 20_000_000})
    answers = [
        says("models.dev", model("large", name="One", context_window=20_000_000)),
        says("litellm", model("large", context_window=2_000_000)),
    ]
    done = plan(value, record, *answers)
    assert seen(done, "applied") == ["large#context_window"]
    assert done.value["models"]["large"]["context_window"] == 2_000_000


def test_a_person_s_value_stays_though_it_is_like_the_wrong_one():
    answer = says("models.dev", model("large", name="One", release_date="1970-01-01"))
    done = plan(file_of(large={"release_date": "1970-01-01"}), {}, answer)
    assert done.value["models"]["large"]["release_date"] == "1970-01-01"


def test_a_source_that_does_not_answer_takes_nothing_back():
    value, record = believed_once("models.dev", {"release_date": "1970-01-01"})
    done = plan(value, record, says("litellm", model("large", name="One")))
    assert done.value["models"]["large"]["release_date"] == "1970-01-01"


@pytest.mark.parametrize(("mode", "price"), [("embedding", None), ("chat", {"input": Decimal(100)})])
def test_a_hundred_dollars_is_no_price_of_an_embedding(mode, price):
    answer = says("litellm", model("m", mode=mode, context_window=512, pricing={"input": Decimal(100)}))
    done = plan({"provider": "acme", "models": {}}, {}, answer)
    assert done.value["models"]["m"].get("pricing") == price


def test_a_sync_takes_back_a_price_in_another_unit():
    facts = {"mode": "embedding", "pricing.input": Decimal(100)}
    value, record = believed_once("litellm", facts)
    value["models"]["large"] = {"name": "One", "mode": "embedding", "pricing": {"input": Decimal(100)}}
    answer = says("litellm", model("large", name="One", mode="embedding", pricing={"input": Decimal(100)}))
    done = plan(value, record, answer)
    assert seen(done, "applied") == ["large#pricing.input"]
    assert done.value["models"]["large"] == {"name": "One", "mode": "embedding"}
    assert again(done, answer).items == ()


@pytest.mark.parametrize(
    ("modalities", "price", "is_kept"),
    [
        ({"input": ["text", "audio"], "output": ["text"]}, "0.0023", False),
        ({"input": ["text", "audio"], "output": ["text"]}, "0.02", True),
        ({"input": ["text"], "output": ["text"]}, "0.0023", True),
    ],
)
def test_a_price_of_a_minute_of_audio_is_no_price_of_tokens(modalities, price, is_kept):
    pricing = {"input": Decimal(price), "output": Decimal(price)}
    answer = says("models.dev", model("m", mode="chat", context_window=512, modalities=modalities, pricing=pricing))
    done = plan({"provider": "acme", "models": {}}, {}, answer)
    assert done.value["models"]["m"].get("pricing") == (pricing if is_kept else None)
