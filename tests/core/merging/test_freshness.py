"""Which aggregator is believed where they differ about a price or a limit, and what waits for one more source."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.merging.confirmation import Settling
from registry_cli.core.merging.freshness import LISTS_OF_MANY, Evidence, find_believed_prices
from registry_cli.core.proposals.restamp import keep_checks
from registry_cli.core.statements.observations import ObservedModel
from registry_cli.core.statements.record import Line, format_record, parse_record
from registry_cli.errors import EntryError
from registry_cli.sources.registry import all_sources
from tests.support.random_syncs import again, file_of, plan, says, seen

OWN, OTHERS = "https://docs.acme.example/pricing", "https://blog.example.org/prices"
BODY = {"documentation": "https://docs.acme.example/models"}


def prices(input_, output, **more):
    return {"input": Decimal(str(input_)), "output": Decimal(str(output)), **more}


def told(source, day, pricing=None, *, page="", own_day="", witness=False, **facts):
    """An answer of a source about one model."""
    stated = facts if pricing is None else {**facts, "pricing": pricing}
    model = ObservedModel("m", "m", stated, price_page=page, price_day=own_day)
    return replace(says(source, model, checked=f"{day}T00:00:00Z", recorded=True), witness=witness)


def synced(*answers, body=BODY, **facts):
    """The plans of syncing answers one after another, each against what the last one left."""
    done = plan({**file_of(m={"context_window": 1000, **facts}), **body}, {}, answers[0])
    yield done
    for answer in answers[1:]:
        done = again(done, answer)
        yield done


def final(*answers, **facts):
    return list(synced(*answers, **facts))[-1]


def rate(done, name="input"):
    return done.value["models"]["m"]["pricing"][name]


def test_a_younger_price_that_names_a_page_of_the_provider_wins_over_the_order():
    done = final(told("models.dev", "2026-07-02", prices(1, 2)), told("litellm", "2026-11-01", prices(3, 6), page=OWN))
    assert (rate(done), rate(done, "output")) == (3, 6)
    assert seen(done, "applied") == ["m#pricing.input", "m#pricing.output"]


def test_lists_in_two_currencies_are_not_compared():
    euros = told("litellm", "2026-11-01", prices(2.7, 5.4, currency="EUR"), page=OWN)
    done = final(told("models.dev", "2026-07-02", prices(3, 6)), euros)
    assert done.value["models"]["m"]["pricing"] == prices(3, 6)
    assert done.items_with("held") == []


@pytest.mark.parametrize("page", ["", OTHERS, "https://docs.acme.example.evil.test/pricing", "not an address"])
def test_a_page_of_somebody_else_proves_nothing(page):
    done = final(told("models.dev", "2026-07-02", prices(1, 2)), told("litellm", "2026-11-01", prices(3, 6), page=page))
    assert rate(done) == 1


def test_an_older_cited_price_does_not_beat_a_younger_one():
    july, november = "2026-07-02", "2026-11-01"
    cited = told("litellm", july, prices(3, 6), page=OWN)
    done = final(told("models.dev", july, prices(3, 6)), cited, told("models.dev", november, prices(1, 2)))
    assert rate(done) == 3
    assert seen(done, "held") == ["m#pricing.input", "m#pricing.output"]


def test_a_comparison_source_settles_what_is_contested():
    first = told("models.dev", "2026-07-02", prices(3, 6))
    other, changed = told("litellm", "2026-07-02", prices(3, 6)), told("models.dev", "2026-11-01", prices(1, 2))
    waiting = final(first, other, changed)
    assert seen(waiting, "held") == ["m#pricing.input", "m#pricing.output"]
    [reason] = {item.reason for item in waiting.items if item.field == "pricing.input"}
    assert "models.dev 1 (first stated 2026-11-01)" in reason
    assert "litellm 3 (first stated 2026-07-02 or earlier)" in reason
    settled = final(first, other, told("genai-prices", "2026-11-02", prices(1, 2), witness=True), changed)
    assert rate(settled) == 1


def test_the_own_list_of_the_provider_stands_above_all():
    done = final(
        told("acme", "2026-07-02", prices(1, 2)),
        told("litellm", "2026-11-01", prices(3, 6), page=OWN),
        told("models.dev", "2026-11-01", prices(3, 6)),
    )
    assert rate(done) == 1


def test_a_difference_that_changes_nothing_holds_nothing():
    done = final(told("models.dev", "2026-07-02", prices(1, 2)), told("litellm", "2026-11-01", prices(3, 6)))
    assert seen(done, "held", "applied") == []


def test_a_limit_wins_only_where_a_second_source_states_it():
    july, november = told("models.dev", "2026-07-02", context_window=1000), "2026-11-01"
    litellm = [told("litellm", "2026-07-03", context_window=1000), told("litellm", november, context_window=4000)]
    assert final(july, *litellm).value["models"]["m"]["context_window"] == 1000
    second = told("genai-prices", november, context_window=4000, witness=True)
    assert final(july, second, *litellm).value["models"]["m"]["context_window"] == 4000


def test_a_leap_that_is_cited_and_confirmed_is_a_change_of_price():
    july, cited = (
        told("models.dev", "2026-07-02", prices(1, 2)),
        told("litellm", "2026-11-01", prices(30, 60), page=OWN),
    )
    assert rate(final(july, cited)) == 1
    assert rate(final(july, told("genai-prices", "2026-11-01", prices(30, 60), witness=True), cited)) == 30


def test_a_documented_price_of_a_comparison_source_has_a_say_and_adds_no_model():
    july = told("models.dev", "2026-07-02", prices(1, 2))
    done = final(july, told("model-prices", "2026-10-26", prices(3, 6), page=OWN, own_day="2026-10-01", witness=True))
    assert rate(done) == 3
    done = final(july, told("model-prices", "2026-10-26", prices(3, 6), own_day="2026-10-01", witness=True))
    assert rate(done) == 1
    alone = plan({**file_of(), **BODY}, {}, told("model-prices", "2026-10-26", prices(3, 6), page=OWN, witness=True))
    assert alone.value["models"] == {}


def test_a_list_that_repeats_another_confirms_it_not():
    first, other = told("models.dev", "2026-07-02", prices(3, 6)), told("litellm", "2026-07-02", prices(3, 6))
    copy = told("model-prices", "2026-11-02", prices(1, 2), own_day="2026-11-01", witness=True)
    done = final(first, other, copy, told("models.dev", "2026-11-01", prices(1, 2)))
    assert rate(done) == 3


def test_rounding_is_no_difference():
    done = final(
        told("models.dev", "2026-07-02", prices(1, 2)), told("litellm", "2026-11-01", prices("1.004", 2), page=OWN)
    )
    assert rate(done) == 1


def test_lists_that_are_read_first_on_one_day_keep_the_order_and_the_plan_says_that_they_differ():
    listed = told("models.dev", "2026-11-22", prices(1, 2)), told("litellm", "2026-11-22", prices(3, 6), page=OWN)
    done = plan({**file_of(), **BODY}, {}, *listed)
    assert rate(done) == 1
    [new] = [item for item in done.items if item.status == "new"]
    assert new.reason == "sources differ about pricing: llmreg audit lists them"


def test_what_is_dated_stands_above_what_nobody_dates():
    undated = told("models.dev", "2026-11-01", prices(1, 2))
    dated = told("model-prices", "2026-10-26", prices(3, 6), page=OWN, own_day="2026-02-01", witness=True)
    assert rate(final(undated, dated)) == 3


# The days


def days(done, source):
    return parse_record(format_record(done.record), "acme.jsonl")["m"].since.get(source)


def test_a_day_is_that_of_the_first_answer_with_the_value_and_never_moves():
    answers = [told("models.dev", day, prices(rate_, 2)) for day, rate_ in
               (("2026-01-01", 1), ("2026-02-01", 1), ("2026-03-01", 5), ("2026-04-01", 5))]  # fmt: skip
    found = [days(done, "models.dev") for done in synced(*answers)]
    assert found == [{"pricing": "<=2026-01-01"}] * 2 + [{"pricing": "2026-03-01"}] * 2


def test_what_a_source_lists_for_the_first_time_later_is_dated_exactly():
    other = ObservedModel("other", "other", {"context_window": 5})
    first = says("models.dev", other, checked="2026-01-01T00:00:00Z", recorded=True)
    file = {**file_of(m={}, other={"context_window": 5}), **BODY}
    later = told("models.dev", "2026-02-01", prices(1, 2))
    done = again(plan(file, {}, first), replace(later, models=(other, *later.models)))
    assert days(done, "models.dev") == {"pricing": "2026-02-01"}


def test_a_price_that_is_read_for_the_first_time_makes_no_other_list():
    first = told("models.dev", "2026-01-01", prices(1, 2))
    more = told("models.dev", "2026-02-01", prices(1, 2, cache_read=Decimal("0.1")))
    assert days(final(first, more), "models.dev") == {"pricing": "<=2026-01-01"}


def test_each_limit_has_a_day_of_its_own():
    first = told("models.dev", "2026-01-01", prices(1, 2), context_window=1000, max_output_tokens=10)
    later = told("models.dev", "2026-02-01", prices(1, 2), context_window=1000, max_output_tokens=20)
    done = final(first, later)
    assert days(done, "models.dev") == {
        "context_window": "<=2026-01-01", "max_output_tokens": "2026-02-01", "pricing": "<=2026-01-01",
    }  # fmt: skip
    assert '"since":{"models.dev":{"context_window"' in format_record(done.record)
    assert '"since":{"models.dev":"<=2026-01-01"}' in format_record(final(first).record)


def test_the_day_that_a_source_names_itself_counts_but_none_after_its_answer():
    for own, expected in (("2025-05-01", "2025-05-01"), ("2027-01-01", "2026-01-01")):
        done = final(told("models.dev", "2026-01-01", prices(1, 2), own_day=own))
        assert days(done, "models.dev") == {"pricing": expected}


def test_a_record_of_an_older_llmreg_makes_nothing_young():
    line = Line("m", {"models.dev": {"pricing.input": Decimal(1)}}, checked={"models.dev": "2026-07-02T00:00:00Z"})
    done = plan({**file_of(m={}), **BODY}, {"m": line}, told("models.dev", "2026-09-30", {"input": Decimal(1)}))
    assert days(done, "models.dev") == {"pricing": "<=2026-07-02"}


def test_an_older_answer_changes_no_day():
    new, old = told("models.dev", "2026-07-02", prices(1, 2)), told("models.dev", "2026-01-01", prices(1, 2))
    assert final(new, old).record == final(new).record


@pytest.mark.parametrize(
    "since",
    ["2026-13-01", "yesterday", {"pricing": 5}, {"name": "2026-01-01"}, 7, {"pricing": "<2026-01-01"}, ["2026-01-01"]],
)
def test_what_is_no_day_is_no_record(since):
    row = json.dumps({"id": "m", "facts": {"a": {"pricing.input": 1}}, "since": {"a": since}})
    with pytest.raises(EntryError):
        parse_record(row, "acme.jsonl")


# What holds whatever sources state


def test_the_aggregators_are_the_lists_of_many_that_state_prices_or_limits():
    lists = {source.name for source in all_sources() if source.covers_many and not source.lifecycle}
    assert lists == LISTS_OF_MANY


statements = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["2026-01-01", "2026-02-01", "<=2026-02-01", "2026-03-01", ""]),
        st.booleans(),
    ),
    min_size=2,
    max_size=4,
)
NAMES = ("models.dev", "litellm", "genai-prices", "llm-prices")


def evidence_from(stated):
    said = {who: {"pricing.input": Decimal(value)} for who, (value, _, _) in zip(NAMES, stated, strict=False)}
    since = {who: {"pricing": day} for who, (_, day, _) in zip(NAMES, stated, strict=False) if day}
    cites = frozenset(who for who, (_, _, cited) in zip(NAMES, stated, strict=False) if cited)
    return Evidence(said, since, {}, cites)


def believed(evidence):
    """The source whose price list is used, and those that state the same."""
    belief = find_believed_prices(list(evidence.said.items()), evidence)
    used = belief.source if belief else next(iter(evidence.said))
    return used, [who for who, fields in evidence.said.items() if fields == evidence.said[used]]


@given(statements)
def test_never_an_older_uncited_price_over_a_younger_cited_one(stated):
    evidence = evidence_from(stated)
    _, alike = believed(evidence)
    if evidence.cites.isdisjoint(alike):
        for other in evidence.cites:
            assert not all(evidence.is_younger(other, who, "pricing") for who in alike)


@given(statements)
def test_what_is_used_differs_from_the_order_only_where_it_is_younger_and_supported(stated):
    evidence = evidence_from(stated)
    first = next(iter(evidence.said))
    used, alike = believed(evidence)
    if used != first:
        assert evidence.is_younger(used, first, "pricing")
        assert not evidence.is_younger(first, used, "pricing")
        assert used in evidence.cites or len(alike) > 1


@given(statements)
def test_the_order_of_the_record_does_not_matter(stated):
    evidence = evidence_from(stated)
    beliefs = []
    for order in permutations(evidence.said):
        said = {who: evidence.said[who] for who in order}
        line = Line("m", said, since=evidence.since, cites=evidence.cites)
        settling = Settling(line, NAMES[:2], (), "2026-11-22", {})
        upstream = settling.settle_upstream(settling.rank_statements(said))
        beliefs.append((upstream.fields, upstream.contested.keys(), upstream.confirmed))
    assert all(belief == beliefs[0] for belief in beliefs)


@given(st.permutations([("models.dev", 1, ""), ("litellm", 3, OWN), ("genai-prices", 3, "")]))
def test_the_order_of_answers_does_not_matter_and_twice_is_once(order):
    answers = [
        told(
            source,
            "2026-11-02" if page else "2026-11-01",
            prices(value, 6),
            page=page,
            witness=source == "genai-prices",
        )
        for source, value, page in order
    ]
    file = {**file_of(m={"context_window": 1000}), **BODY}
    done = plan(file, {}, *answers)
    twice = again(done, *answers)
    assert (rate(done), format_record(twice.record), twice.value) == (3, format_record(done.record), done.value)
    assert not seen(twice, "applied", "held")


def test_a_branch_that_waits_keeps_its_days_although_the_record_has_not_got_them():
    first, other = told("models.dev", "2026-01-01", prices(1, 2)), told("litellm", "2026-01-01", name="M")
    start = final(first, other)
    branch = again(start, told("models.dev", "2026-02-01", prices(1, 3)))
    changed = told("models.dev", "2026-02-02", prices(1, 3))
    today = ["2026-02-02T00:00:00Z"]
    assert format_record(keep_checks(branch.record, again(start, changed).record, today)) == format_record(
        branch.record
    )
    more = again(start, changed, told("litellm", "2026-02-02", name="Other")).record
    assert keep_checks(branch.record, more, today)["m"].since["models.dev"] == {"pricing": "2026-02-01"}
    later = again(start, told("models.dev", "2026-02-02", prices(1, 4))).record
    assert keep_checks(branch.record, later, today)["m"].since["models.dev"] == {"pricing": "2026-02-02"}
