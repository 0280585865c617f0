"""Each row of the three-way table, each hold, and what becomes of whole models."""

from decimal import Decimal

import pytest

from registry_cli.core.statements.observations import ObservedModel
from tests.support.random_syncs import STAMP, again, file_of, model, plan, says, seen

USD = Decimal


BATCH = {"when": {"service_tier": "batch"}}
RATES = {"input": USD(3), "output": USD(15)}


def synced(body, *answers, **options):
    """A file that was synced with these answers, all differences settled in the file's favour or upstream's."""
    return plan(file_of(large=body), {}, *answers, **options)


def large(done):
    return done.value["models"]["large"]


def test_what_changed_upstream_is_applied():
    first = synced({"context_window": 1000}, says("acme", model("large", context_window=1000)))
    assert first.items == ()
    done = again(first, says("acme", model("large", context_window=2000)))
    assert large(done) == {"context_window": 2000}
    assert seen(done, "applied") == ["large#context_window"]


def test_what_a_person_edited_is_kept_and_a_change_upstream_is_a_conflict_every_time():
    first = synced({"name": "One"}, says("acme", model("large", name="One")))
    first.value["models"]["large"]["name"] = "Mine"
    same = again(first, says("acme", model("large", name="One")))
    assert (large(same)["name"], seen(same, "kept")) == ("Mine", ["large#name"])
    for _ in range(2):
        first = again(first, says("acme", model("large", name="Two")))
        assert (large(first)["name"], seen(first, "conflict")) == ("Mine", ["large#name"])
    settled = again(first, says("acme", model("large", name="Mine")))
    assert settled.items == ()
    assert seen(again(settled, says("acme", model("large", name="Three"))), "applied") == ["large#name"]


@pytest.mark.parametrize(
    ("field", "theirs", "mine"),
    [
        ("name", "One", "Mine"),
        ("family", "f", None),  # deleted
        ("context_window", 1000, 2000),
        ("pricing", RATES, {"input": USD(1), "output": USD(15)}),
        ("endpoints", ["chat"], ["chat", "batches"]),
        ("modalities", {"input": ["text"]}, {"input": ["text", "image"]}),
    ],
)
def test_an_edit_gives_way_where_its_field_is_accepted_by_name_and_nowhere_else(field, theirs, mine):
    answer = says("acme", model("large", **{field: theirs}))
    first = synced({}, answer)
    large(first).pop(field)
    if mine is not None:
        large(first)[field] = mine
    for target in ("all", "acme", "acme/large", "acme/large#max_output_tokens"):
        kept = again(first, answer, accept=[target])
        assert (kept.value, len(seen(kept, "kept"))) == (first.value, 1)
    for target in (f"acme/large#{field}", f"acme/{seen(again(first, answer), 'kept')[0]}"):
        taken = again(first, answer, accept=[target])
        assert large(taken)[field] == theirs
        assert again(taken, answer).items == ()


def test_what_a_person_deleted_stays_deleted():
    first = synced({"name": "One", "family": "f"}, says("acme", model("large", name="One", family="f")))
    del first.value["models"]["large"]["family"]
    done = again(first, says("acme", model("large", name="One", family="g")))
    assert (large(done), seen(done, "kept", "applied")) == ({"name": "One"}, ["large#family"])


def test_a_model_that_a_person_deleted_stays_deleted_unless_it_is_asked_for():
    answer = says("acme", model("large", context_window=1000))
    first = plan({"provider": "acme", "models": {}}, {}, answer)
    assert seen(first, "new") == ["large#"]
    first.value["models"].clear()
    for broad in ([], ["all"], ["acme"]):
        assert again(first, answer, accept=broad).value["models"] == {}
    assert "large" in again(first, answer, accept=["acme/large"]).value["models"]


def test_at_the_first_contact_a_difference_is_listed_and_accept_or_keep_decides():
    answer = says("acme", model("large", name="Theirs", context_window=1000))
    first = synced({"name": "Mine"}, answer)
    assert large(first) == {"name": "Mine", "context_window": 1000}
    assert (seen(first, "listed"), seen(again(first, answer), "listed")) == (["large#name"], ["large#name"])
    taken = again(first, answer, accept=["acme/large#name"])
    assert large(taken)["name"] == "Theirs"
    kept = again(first, answer, keep=["acme/large"])
    assert (large(kept)["name"], again(kept, answer).items[0].status) == ("Mine", "kept")


def test_at_the_first_contact_only_what_the_file_says_nothing_of_is_filled():
    prices = {"input": USD(1), "output": USD(2), "cache_read": USD("0.5")}
    done = synced({"pricing": {"input": USD(1), "output": USD(2)}}, says("acme", model("large", pricing=prices)))
    assert seen(done, "listed") == ["large#pricing.cache_read"]
    answer = says("acme", model("large", pricing=prices | {"cache_write": USD(3)}))
    assert seen(again(done, answer), "held") == ["large#pricing.cache_write"]
    later = again(done, answer, keep=["acme/large#pricing.cache_read"])
    assert seen(later, "applied") == ["large#pricing.cache_write"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ({"pricing": {"input": USD(1)}}, {"pricing": {"input": USD("10.1")}}, "more than 10 times"),
        ({"pricing": {"input": USD(1)}}, {"pricing": {"input": USD("0.099")}}, "more than 10 times"),
        ({"pricing": {"input": USD(1)}}, {"pricing": {"input": USD(0)}}, "to zero"),
        ({"pricing": {"input": USD(0)}}, {"pricing": {"input": USD(1)}}, "from zero"),
        ({"context_window": 2000}, {"context_window": 1999}, "shrinks"),
        ({"max_output_tokens": 200}, {"max_output_tokens": 100}, "shrinks"),
        ({"endpoints": ["chat"]}, {"endpoints": []}, "becomes empty"),
    ],
)
def test_h12_what_the_policy_holds_until_somebody_decides(old, new, reason):
    held = synced(old, says("acme", model("large", **old)))
    for _ in range(2):
        held = again(held, says("acme", model("large", **new)))
        (item,) = held.items_with("held")
        assert reason in item.reason
        assert large(held) == old
    taken = again(held, accept=["all"])
    assert (large(taken), seen(again(taken), "held")) == (new, [])
    kept = again(held, keep=["all"])
    assert (large(kept), seen(again(kept), "held")) == (old, [])


def test_ten_times_is_not_more_than_ten_times():
    first = synced({"pricing": {"input": USD(1)}}, says("acme", model("large", pricing={"input": USD(1)})))
    assert seen(again(first, says("acme", model("large", pricing={"input": USD(10)}))), "applied")


def test_a_capability_that_was_denied_and_is_now_affirmed_is_added():
    first = synced({"capabilities": ["streaming"]}, says("acme", model("large", denies=["vision"])))
    assert first.items == ()
    done = again(first, says("acme", model("large", capabilities=["vision"])))
    assert (large(done)["capabilities"], seen(done, "applied")) == (
        ["streaming", "vision"],
        ["large#capabilities.vision"],
    )


def test_a_capability_that_is_denied_goes_and_one_that_a_person_took_away_is_then_settled():
    answer = says("acme", model("large", capabilities=["vision", "streaming"]))
    denial = says("acme", model("large", capabilities=["streaming"], denies=["vision"]))
    first = synced({}, answer)
    done = again(first, denial)
    assert (large(done)["capabilities"], seen(done, "applied")) == (["streaming"], ["large#capabilities.vision"])
    large(first)["capabilities"] = ["streaming"]
    assert seen(again(first, answer), "kept") == ["large#capabilities.vision"]
    assert again(first, denial).items == ()


@pytest.mark.parametrize("mine", [["text", "image"], []])
def test_a_list_that_a_person_edited_is_reported_as_kept_while_its_source_says_the_same(mine):
    answer = says("acme", model("large", endpoints=["text"]))
    first = synced({}, answer)
    large(first)["endpoints"] = mine
    done = again(first, answer)
    assert [(item.field, item.status, item.reason) for item in done.items] == [
        ("endpoints", "kept", "edited in the file")
    ]
    assert large(done)["endpoints"] == mine


def test_a_zero_that_fills_a_field_is_no_price_and_holds_none():
    filled = {**RATES, "cache_read": USD(0), "input_image": USD(0)}
    answer = says("acme", model("large", pricing=filled))
    new = plan({"provider": "acme", "models": {}}, {}, answer)
    assert large(new)["pricing"] == RATES
    dearer = says("acme", model("large", pricing={**filled, "input": USD(4)}))
    assert large(again(new, dearer))["pricing"] == {**RATES, "input": 4}
    priced = says("acme", model("large", pricing={**RATES, "cache_read": USD("0.3")}))
    assert seen(again(new, priced), "applied") == ["large#pricing.cache_read"]


def test_prices_of_one_list_wait_for_each_other_but_not_for_other_facts():
    before = {"input": USD(1), "output": USD(2)}
    first = synced({"pricing": before, "name": "One"}, says("acme", model("large", pricing=before, name="One")))
    done = again(first, says("acme", model("large", pricing={"input": USD(50), "output": USD(3)}, name="Two")))
    assert seen(done, "held") == ["large#pricing.input", "large#pricing.output"]
    assert large(done) == {"pricing": before, "name": "Two"}


def test_prices_in_another_currency_are_held():
    first = synced({"pricing": {"input": USD(1)}}, says("acme", model("large", pricing={"input": USD(1)})))
    done = again(first, says("acme", model("large", pricing={"currency": "CNY", "input": USD(7)})))
    assert seen(done, "applied") == []
    assert set(seen(done, "held")) == {"large#pricing.currency", "large#pricing.input"}


def test_the_currency_of_the_same_prices_is_corrected_without_a_person():
    prices = {"input": USD(1), "output": USD(2), "variants": [{"when": {"service_tier": "batch"}, "input": USD("0.5")}]}
    in_yuan = says("acme", model("large", pricing={"currency": "CNY", **prices}))
    first = synced({"name": "One"}, says("acme", model("large", pricing=prices)))
    done = again(first, in_yuan)
    assert seen(done, "applied") == ["large#pricing.currency"]
    assert large(done)["pricing"] == {"currency": "CNY", **prices}
    assert again(done, in_yuan).items == ()


@pytest.mark.parametrize("change", [{"output": USD(5)}, {"currency": "USD"}, {"cache_read": USD("0.1")}])
def test_the_currency_of_a_person_s_prices_is_not_changed(change):
    prices = {"input": USD(1), "output": USD(2)}
    first = synced({"name": "One"}, says("acme", model("large", pricing=prices)))
    edited = file_of(large={**large(first), "pricing": {**prices, **change}})
    done = plan(edited, first.record, says("acme", model("large", pricing={"currency": "CNY", **prices})))
    assert seen(done, "applied") == []
    assert large(done)["pricing"] == {**prices, **change}


def test_the_rates_of_one_list_come_from_one_source_and_a_lower_one_fills_other_facts():
    batch = {"when": {"service_tier": "batch"}, "multiply": USD("0.5")}
    ours = {"input": USD(1), "output": USD(2)}
    answers = [
        says("acme", model("large", pricing=ours)),
        says("models.dev", model("large", family="f", pricing={**ours, "cache_read": USD(9), "variants": [batch]})),
    ]
    assert large(synced({}, *answers)) == {"family": "f", "pricing": {**ours, "variants": [batch]}}
    other = says("models.dev", model("large", pricing={"input": USD(4), "variants": [batch]}))
    assert large(synced({}, answers[0], other)) == {"pricing": ours}


def lists_of_two():
    """A file with the aggregator's prices, whose provider now states a list of its own."""
    theirs = {"input": USD(3), "output": USD(6), "cache_read": USD("0.5"), "per": {"request": USD("0.1")}}
    batch = {"when": {"service_tier": "batch"}, "input": USD(2), "output": USD(3)}
    first = synced({"name": "One"}, says("models.dev", model("large", pricing={**theirs, "variants": [batch]})))
    assert large(first)["pricing"] == {**theirs, "variants": [batch]}
    return first, says("acme", model("large", pricing={"input": USD(4), "output": USD(8), "cache_write": USD(5)}))


def test_a_higher_source_brings_its_whole_price_list_and_no_rate_of_another_stays():
    first, answer = lists_of_two()
    done = again(first, answer)
    assert large(done)["pricing"] == {"input": 4, "output": 8, "cache_write": 5}
    assert [item.source for item in done.items] == ["acme"] * 6
    assert (again(done, answer).items, again(done).items) == ((), ())


def test_a_rate_that_a_person_edited_holds_another_source_s_list_and_stays_beside_it_where_that_is_accepted():
    first, answer = lists_of_two()
    large(first)["pricing"]["cache_read"] = USD("0.4")
    done = again(first, answer)
    assert (done.value, len(seen(done, "held")), seen(done, "applied")) == (first.value, 5, [])
    assert {item.reason for item in done.items_with("held")} == {
        "waits for a person: the file's pricing.cache_read is not upstream's"
    }
    for decision in ({"accept": ["acme/large#pricing"]}, {"keep": ["acme/large#pricing.cache_read"]}):
        decided = again(done, answer, **decision)
        assert large(decided)["pricing"] == {"input": 4, "output": 8, "cache_read": USD("0.4"), "cache_write": 5}
        assert again(decided, answer).items == ()


@pytest.mark.parametrize("own", [{"per": {"page": USD("0.04")}}, {"variants": [{**BATCH, "input": USD(1)}]}])
def test_a_list_without_base_rates_is_no_list_of_zeros(own):
    theirs = says("models.dev", model("large", context_window=5, pricing={"input": USD(1), "output": USD(2)}))
    ours = says("acme", model("large", pricing=own))
    first = synced({"pricing": own}, ours)
    done = again(first, ours, theirs)
    assert (large(done)["pricing"], seen(done, "applied")) == (own, ["large#context_window"])
    new = plan({"provider": "acme", "models": {}}, {}, ours, theirs)
    assert large(new)["pricing"] == own


def test_where_a_list_of_zeros_gives_way_all_of_its_zeros_go():
    free = {"input": USD(0), "output": USD(0), "cache_read": USD(0), "per": {"request": USD(0)}}
    first = synced({}, says("acme", model("large", pricing=free)))
    assert large(first)["pricing"] == free
    answers = says("acme", model("large", pricing=free)), says("models.dev", model("large", pricing=RATES))
    held = again(first, *answers)
    assert (held.value, len(seen(held, "held"))) == (first.value, 4)
    assert large(again(held, *answers, accept=["acme/large"]))["pricing"] == RATES


@pytest.mark.parametrize("base", [{}, {"context_window": 5}])
def test_the_first_prices_of_a_source_are_a_first_contact_whatever_it_said_before(base):
    first = synced({"pricing": {"input": USD(9)}, **base}, says("acme", model("large", **base)))
    answer = says("acme", model("large", **base, pricing=RATES))
    done = again(first, answer)
    assert (done.value, seen(done, "listed")) == (first.value, ["large#pricing.input", "large#pricing.output"])
    assert seen(again(done, answer), "listed") == seen(done, "listed")
    assert large(again(done, answer, accept=["acme/large"]))["pricing"] == RATES


def test_so_are_the_first_modalities_but_a_set_gets_its_first_capability():
    body = {"modalities": {"input": ["text"]}, "capabilities": ["vision"], "name": "One"}
    first = synced(body, says("acme", model("large", name="One")))
    both = {"input": ["image"], "output": ["text"]}
    done = again(first, says("acme", model("large", name="One", modalities=both, capabilities=["function_calling"])))
    assert seen(done, "listed") == ["large#modalities.input", "large#modalities.output"]
    assert large(done) == {**body, "capabilities": ["vision", "function_calling"]}


@pytest.mark.parametrize(
    ("mine", "now", "statuses"),
    [
        ({"input": USD(4)}, {"input": USD(5), "output": USD(25)}, ["conflict", "held"]),
        ({"input": USD(4)}, {"output": USD(25)}, ["kept", "held"]),
        ({"input": USD(4)}, {"cache_read": USD(1)}, ["held", "kept"]),
        ({"input": USD(4)}, {"variants": [{**BATCH, "output": USD(7)}]}, ["kept", "held"]),
        ({"cache_read": USD("0.4")}, {"output": USD(25)}, ["held"]),  # no source states the person's rate
        ({"variants": [{"when": {"region": "eu"}, "output": USD(9)}]}, {"output": USD(25)}, ["held"]),
    ],
)
def test_a_price_list_with_a_person_s_price_changes_only_by_a_person(mine, now, statuses):
    first = synced({"pricing": dict(RATES)}, says("acme", model("large", pricing=RATES)))
    large(first)["pricing"].update(mine)
    answer = says("acme", model("large", pricing={**RATES, **now}))
    done = again(first, answer)
    assert (done.value, [item.status for item in done.items]) == (first.value, statuses)
    assert again(done, answer).items == done.items
    beside = again(done, answer, keep=[f"acme/large#pricing.{next(iter(mine))}"])
    assert large(beside)["pricing"] == {**RATES, **now, **mine}
    kept = again(done, answer, keep=["acme/large#pricing"])
    assert (kept.value, again(kept, answer).items_with("held", "conflict")) == (first.value, [])


def test_a_price_that_cannot_be_true_beside_the_new_ones_holds_them():
    first = synced({}, says("acme", model("large", pricing={**RATES, "cache_read": USD(1)})))
    answer = says("acme", model("large", pricing={"input": USD(2), "output": USD(10), "cache_read": USD(5)}))
    done = again(first, answer)
    assert (done.value, seen(done, "held")) == (first.value, ["large#pricing.input", "large#pricing.output"])
    accepted = again(done, answer, accept=["acme/large#pricing"])
    assert large(accepted)["pricing"] == {"input": 2, "output": 10, "cache_read": 1}


def test_what_a_person_deleted_from_a_price_list_or_said_not_to_apply_holds_nothing():
    first = synced({}, says("acme", model("large", pricing={**RATES, "cache_read": USD(1), "cache_write": USD(2)})))
    del large(first)["pricing"]["cache_read"]
    large(first)["pricing"]["cache_write"] = None
    now = {"input": USD(4), "output": USD(20), "cache_read": USD(2), "cache_write": USD(2)}
    done = again(first, says("acme", model("large", pricing=now)))
    assert seen(done, "applied") == ["large#pricing.input", "large#pricing.output"]


def test_rates_of_another_list_stay_until_the_new_list_has_come():
    first, answer = lists_of_two()
    large(first)["pricing"]["input"] = USD(1)
    done = again(first, answer)
    assert large(done)["pricing"]["cache_read"] == USD("0.5")
    assert "large#pricing.cache_read" in seen(done, "held")
    assert seen(again(done, answer), "held", "conflict") == seen(done, "held", "conflict")
    accepted = again(done, answer, accept=["acme/large"])
    assert large(accepted)["pricing"] == {"input": 4, "output": 8, "cache_write": 5}
    kept = again(done, answer, keep=["acme/large#pricing"])
    assert (large(kept)["pricing"]["cache_read"], again(kept, answer).items_with("held")) == (USD("0.5"), [])


def by_hours(*whens):
    return {"input": USD(2), "variants": [{"when": when, "input": USD(1)} for when in whens]}


def test_the_hours_of_prices_come_whole():
    old, new = {"utc": ["10:00-12:00"], "days": ["mon"]}, {"utc": ["11:00-12:00"]}
    first = synced({"name": "One"}, says("acme", model("large", pricing=by_hours(old))))
    assert large(first)["pricing"] == by_hours(old)
    answer = says("acme", model("large", pricing=by_hours(new)))
    done = again(first, answer)
    assert large(done)["pricing"] == by_hours(new)
    assert again(done, answer).items == ()


def test_hours_that_are_stated_no_more_stay_where_no_others_are():
    hours = {"utc": ["10:00-12:00"]}
    first = synced({"name": "One"}, says("acme", model("large", pricing=by_hours(hours))))
    assert again(first, says("acme", model("large", pricing={"input": USD(2)}))).items == ()


def test_a_person_s_hours_hold_those_of_a_source():
    hours = {"utc": ["10:00-12:00"]}
    first = synced({"name": "One"}, says("acme", model("large", pricing=by_hours(hours))))
    large(first)["pricing"] = by_hours({"utc": ["10:00-13:00"]})
    done = again(first, says("acme", model("large", pricing=by_hours({"utc": ["11:00-12:00"]}))))
    assert (seen(done, "applied"), large(done)["pricing"]) == ([], by_hours({"utc": ["10:00-13:00"]}))


def test_sets_merge_by_element_and_a_denial_takes_away():
    first = synced(
        {"capabilities": ["tools", "vision"], "modalities": {"input": ["text"]}},
        says("acme", model("large", capabilities=["function_calling", "vision"], modalities={"input": ["text"]})),
    )
    assert first.items == ()
    large(first)["capabilities"] = ["tools", "vision", "own_thing"]
    large(first)["modalities"] = {"input": ["text", "pdf"]}
    now = model(
        "large",
        capabilities=["function_calling", "streaming"],
        denies=["vision"],
        modalities={"input": ["text", "image"]},
    )
    done = again(first, says("acme", now))
    assert large(done)["capabilities"] == ["tools", "own_thing", "streaming"]
    assert large(done)["modalities"] == {"input": ["text", "pdf", "image"]}


def test_a_source_that_stops_stating_a_field_changes_nothing():
    first = synced({}, says("acme", model("large", name="One", capabilities=["vision"])))
    done = again(first, says("acme", model("large")))
    assert (large(done), done.items) == (large(first), ())


def test_a_lower_source_does_not_take_over_what_a_higher_one_stops_stating():
    other = says("models.dev", model("large", name="Two"))
    first = synced({}, says("acme", model("large", name="One")), other)
    done = again(first, says("acme", model("large")), other)
    assert (large(done), done.items) == ({"name": "One"}, ())


def test_null_is_a_persons_word():
    first = synced({"max_output_tokens": None}, says("acme", model("large", max_output_tokens=100)))
    assert (large(first), seen(first, "listed")) == ({"max_output_tokens": None}, ["large#max_output_tokens"])
    assert large(again(first, accept=["all"])) == {"max_output_tokens": 100}


def test_of_an_existing_model_only_what_would_break_a_rule_is_held():
    first = synced(
        {"context_window": 1000, "name": "One"}, says("acme", model("large", context_window=1000, name="One"))
    )
    bad = says("acme", model("large", context_window=1000, name="Two", max_output_tokens=5000))
    for _ in range(2):
        first = again(first, bad)
        assert large(first) == {"context_window": 1000, "name": "Two"}
        assert seen(first, "held") == ["large#max_output_tokens"]
        assert "do not fit" in first.items_with("held")[0].reason
    assert large(again(first, bad, accept=["all"])) == large(first)
    mended = again(first, says("acme", model("large", context_window=1000, name="Two", max_output_tokens=500)))
    assert large(mended) == {"context_window": 1000, "name": "Two", "max_output_tokens": 500}


def test_an_existing_model_is_held_whole_where_the_change_that_breaks_a_rule_is_elsewhere():
    entry = {"context_window": 1000, "max_output_tokens": 900, "name": "One"}
    first = synced(entry, says("acme", model("large", **entry)))
    first = again(first, says("acme", model("large", **entry | {"name": "Two", "context_window": 100})), accept=["all"])
    assert large(first) == entry
    assert seen(first, "held") == ["large#context_window", "large#name"]


def test_a_new_model_is_written_whole_in_order_and_without_what_breaks_a_rule():
    new = model(
        "large", pricing={"output": USD(2), "input": USD(1)}, max_output_tokens=5000, context_window=1000, name="Large"
    )
    done = plan(file_of(), {}, says("acme", new))
    assert list(large(done)) == ["name", "mode", "context_window", "pricing", "capabilities", "discovered_at"]
    assert large(done)["discovered_at"] == STAMP
    assert (seen(done, "new"), seen(done, "held")) == (["large#"], ["large#max_output_tokens"])
    assert seen(again(done, says("acme", new)), "held") == ["large#max_output_tokens"]


def test_what_knows_too_little_and_what_is_private_is_only_reported():
    own = ObservedModel("mine", "mine", {"context_window": 5}, private=True)
    answer = says(
        "litellm", model("bare"), model("ft:large:corp::x1", context_window=9), model("ft:large", context_window=9), own
    )
    done = plan(file_of(), {}, answer)
    assert list(done.value["models"]) == ["ft:large"]
    assert set(seen(done, "unmatched")) == {"bare#", "ft:large:corp::x1#", "mine#"}
    assert {"ft:large:corp::x1", "mine"}.isdisjoint(done.record)
    asked = plan(file_of(), {}, answer, include_private=True)
    assert {*asked.value["models"]} == {"ft:large", "ft:large:corp::x1", "mine"}


def test_new_only_and_update_only():
    first = synced({"name": "One"}, says("acme", model("large", name="One")))
    answer = says("acme", model("large", name="Two"), model("small", context_window=5))
    only_new = again(first, answer, new_only=True)
    assert (large(only_new)["name"], "small" in only_new.value["models"]) == ("One", True)
    assert seen(again(only_new, answer), "applied") == ["large#name"]
    only_old = again(first, answer, update_only=True)
    assert (large(only_old)["name"], "small" in only_old.value["models"]) == ("Two", False)
    assert seen(only_old, "unmatched") == ["small#"]


def test_names_are_matched_by_upstream_ids_case_and_alias():
    value = file_of(
        large={"name": "A", "upstream_ids": {"acme": "L-1"}},
        small={"name": "B", "aliases": ["small-latest"]},
        Tiny={"name": "C"},
    )
    answer = says(
        "acme",
        model("L-1", name="A2"), model("small-latest", name="B2"), model("tiny", name="C2"),
        model("fresh-2026", context_window=5, aliases=["fresh-latest"]),
        model("fresh-latest", context_window=6, aliases=["fresh-2026"]),
    )  # fmt: skip
    done = plan(value, {}, answer, accept=["all"])
    assert [body.get("name") for body in done.value["models"].values()] == ["A2", "B2", "C2", None]
    assert done.value["models"]["fresh-2026"]["aliases"] == ["fresh-latest"]
    assert done.value["models"]["fresh-2026"]["context_window"] == 5


def test_an_alias_goes_from_one_model_to_the_next_in_one_sync():
    before = [model("v1", context_window=5, aliases=["latest"])]
    first = plan(file_of(), {}, says("acme", *before))
    after = says(
        "acme", model("v1", context_window=5, aliases=["v-one"]), model("v2", context_window=5, aliases=["latest"])
    )
    done = again(first, after)
    assert {name: body["aliases"] for name, body in done.value["models"].items()} == {"v1": ["v-one"], "v2": ["latest"]}
    assert seen(again(done, after), "applied", "held") == []


def test_a_renamed_model_keeps_its_record():
    first = synced({"name": "One"}, says("acme", model("large", name="One")))
    renamed = {"provider": "acme", "models": {"huge": {"name": "One", "aliases": ["large"]}}}
    done = plan(renamed, first.record, says("acme", model("large", name="Two")))
    assert done.value["models"]["huge"]["name"] == "Two"
    assert list(done.record) == ["huge"]


def test_h13_a_model_that_is_gone_is_reported_never_deleted_and_retired_where_asked():
    models = [model(f"m{number}", context_window=5) for number in range(10)]
    first = plan(file_of(), {}, says("acme", *models))
    for _ in range(2):
        first = again(first, says("acme", *models[1:]))
        assert (seen(first, "missing"), len(first.value["models"])) == (["m0#"], 10)
    retired = again(first, says("acme", *models[1:]), retire_missing=True)
    assert (retired.value["models"]["m0"]["status"], retired.value["models"]["m0"]["retirement_date"]) == (
        "retired", STAMP[:10],
    )  # fmt: skip
    assert again(retired, says("acme", *models[1:])).items_with("missing", "held", "conflict", "applied") == []


@pytest.mark.parametrize("left", [0, 1, 7])
def test_h13_a_list_that_shrinks_too_much_is_held(left):
    models = [model(f"m{number}", context_window=5) for number in range(10)]
    first = plan(file_of(), {}, says("acme", *models))
    fewer = says("acme", *models[:left], *(model(f"n{number}", context_window=5) for number in range(30 * bool(left))))
    for _ in range(2):
        first = again(first, fewer, retire_missing=True)
        assert (seen(first, "missing", "retired"), seen(first, "held")) == ([], ["acme#models"])
    believed = again(first, fewer, accept=["acme"])
    assert (len(believed.items_with("missing")), believed.items_with("held")) == (10 - left, [])


def test_two_in_ten_may_go_and_a_first_contact_never_counts():
    models = [model(f"m{number}", context_window=5) for number in range(10)]
    first = plan(file_of(large={}, small={}), {}, says("acme", *models))
    assert first.items_with("held", "missing") == []
    assert len(again(first, says("acme", *models[2:])).items_with("missing")) == 2


def test_a_failing_source_speaks_by_its_last_word():
    first = synced({}, says("acme", model("large", name="One")), says("models.dev", model("large", name="Two")))
    done = again(first, says("models.dev", model("large", name="Three")))
    assert (large(done)["name"], done.items) == ("One", ())


def test_description_is_for_people():
    done = plan(
        file_of(large={}),
        {},
        says("acme", model("large", description="theirs", name="One"), model("new", context_window=5, description="x")),
    )
    assert "description" not in large(done)
    assert "description" not in done.value["models"]["new"]
