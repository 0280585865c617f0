"""What the rules' own examples are too short to show."""

import json
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from textwrap import indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules import per_unit_range, price_unit, replacement_cycle
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.pricing import conditions
from registry_cli.core.pricing.conditions import implies, intersect_conditions, prepare_condition
from tests.support.findings import findings_in, findings_of
from tests.support.paths import ROOT


def priced(pricing: str) -> str:
    """A model with these lines of pricing, which start on line 5 of the file."""
    return "one:\n  pricing:\n" + "".join(f"    {line}\n" for line in pricing.strip("\n").splitlines())


def variants(*whens: str, rates: str = "input: 1") -> str:
    """Variants from line 7 on, two lines each, that set the same rates under these conditions."""
    return priced("input: 3\nvariants:\n" + "".join(f"- when: {{{when}}}\n  {rates}\n" for when in whens))


@pytest.mark.parametrize(
    ("whens", "expected"),
    [
        (["input_tokens_above: 100", "input_tokens_above: 200"], []),
        (["input_tokens_above: 200", "input_tokens_above: 100"], ["9:variant-overlap"]),
        (["input_tokens_above: 200", "input_tokens_above: 200"], ["9:variant-overlap"]),
        (["service_tier: batch", "service_tier: flex"], []),
        (["region: eu", "region: us", "region: eu"], ["11:variant-overlap"]),
        (["service_tier: batch", "region: eu"], ["9:variant-overlap"]),
        (["service_tier: batch", "region: eu", "service_tier: batch, region: eu"], []),
        (["service_tier: batch", "region: eu", "service_tier: batch, region: us"], ["9:variant-overlap"]),
        (["region: eu", "service_tier: batch, region: eu"], []),
        (["service_tier: batch, region: eu", "region: eu"], ["9:variant-overlap"]),
        (["until: '2026-03-31'", "from: '2026-04-01'"], []),
        (["until: '2026-03-31'", "from: '2026-03-31'"], ["9:variant-overlap"]),
        (["from: '2026-01-01'", "from: '2026-03-01'"], []),
        (["utc: ['16:30-00:30']", "utc: ['00:30-16:30']"], []),
        (["utc: ['16:30-00:30']", "utc: ['00:00-01:00']"], ["9:variant-overlap"]),
        (["utc: ['16:30-00:30']", "utc: ['23:00-00:15']"], []),
        (["days: [sat, sun]", "days: [mon]"], []),
        (["days: [sat, sun]", "days: [sun, mon]"], ["9:variant-overlap"]),
        (["days: [sat, sun]", "days: [cn-holiday]"], ["9:variant-overlap"]),
        (["days: [sat, cn-holiday]", "days: [cn-holiday]"], []),
        (["input_tokens_above: 100", "service_tier: batch", "service_tier: batch, input_tokens_above: 100"], []),
        (["input_tokens_above: 100", "service_tier: batch", "service_tier: batch, input_tokens_above: 200"],
         ["9:variant-overlap"]),
    ],
)  # fmt: skip
def test_variants_that_overlap(tmp_path: Path, whens: list[str], expected: list[str]) -> None:
    assert findings_of(tmp_path, variants(*whens)) == expected


def test_times_of_day_are_read_once_a_variant(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = []
    minutes = conditions.minutes_of
    monkeypatch.setitem(conditions._SETS, "utc", lambda times: read.append(times) or minutes(times))
    whens = [f"region: r{number}, utc: ['16:30-00:30']" for number in range(30)]
    assert findings_of(tmp_path, variants("utc: ['16:30-00:30']", *whens)) == []
    assert sum(isinstance(times, list) for times in read) == 1 + len(whens)


def test_variants_that_set_different_rates_do_not_overlap(tmp_path: Path) -> None:
    text = priced(
        "input: 3\nvariants:\n- when: {region: eu}\n  input: 4\n- when: {service_tier: batch}\n  multiply: 0.5\n"
    )
    assert findings_of(tmp_path, text) == []


def test_prices_of_one_unit_overlap_too(tmp_path: Path) -> None:
    assert findings_of(tmp_path, variants("region: eu", "quality: hd", rates="per: {output_image: 1}")) == [
        "9:variant-overlap"
    ]


@pytest.mark.parametrize(
    ("pricing", "expected"),
    [
        ("input: 0.00009", ["5:price-unit"]),
        ("output: 1001", ["5:price-unit"]),
        ("input: 0\noutput: null", []),
        ("input: 0.001\noutput: 1000", []),
        ("currency: KRW\ninput: 15000", []),
        ("per: {web_search: 0.00001}", ["5:per-unit-range"]),
        ("per: {web_search: 0.0001, file_search: 1}", []),
        ("input: 3\nvariants:\n- when: {region: eu}\n  input: 3000", ["8:price-unit"]),
    ],
)
def test_units_of_prices(tmp_path: Path, pricing: str, expected: list[str]) -> None:
    assert findings_of(tmp_path, priced(pricing)) == expected


@pytest.mark.parametrize(
    ("price", "unit"),
    [
        ("0.0000025", "per token: per 1M tokens it is 2.5"),
        ("0.0001", "per 1K tokens: per 1M tokens it is 0.1"),
        ("0.0005", "per 1K tokens: per 1M tokens it is 0.5"),
        ("15000", "was 15 meant"),
    ],
)
def test_y21_the_likely_unit_is_named(tmp_path: Path, price: str, unit: str) -> None:
    found = findings_in(tmp_path, {"acme.yml": f"provider: acme\nmodels:\n  one:\n    pricing: {{input: {price}}}\n"})
    assert [(item.code, item.severity) for item in found] == [("price-unit", "warning")]
    assert unit in found[0].message


def test_cached_input_is_compared_with_input_of_its_kind_and_variant(tmp_path: Path) -> None:
    text = priced("input: 3\ninput_audio: 1\ncache_read_audio: 2\nvariants:\n- when: {region: eu}\n  cache_read: 4\n")
    assert findings_of(tmp_path, text) == ["7:cache-read-dearer", "10:cache-read-dearer"]


def test_the_least_price_of_a_unit_may_be_meant(tmp_path: Path) -> None:
    text = "provider: acme\nmodels:\n  one: {pricing: {per: {web_search: 0.0000001}}}\n"
    (found,) = findings_in(tmp_path, {"acme.yml": text})
    assert found.message.endswith("is less than one web_search costs anywhere: was 0.0001 meant?")


def test_cached_input_costs_more_than_free_input(tmp_path: Path) -> None:
    assert findings_of(tmp_path, priced("input: 0\noutput: 1\ncache_read: 1\n")) == ["7:cache-read-dearer"]


def test_a_batch_may_cost_as_much_as_other_calls(tmp_path: Path) -> None:
    assert findings_of(tmp_path, priced("input: 3\nvariants:\n- when: {service_tier: batch}\n  multiply: 1\n")) == []


def test_a_batch_is_compared_with_the_same_call_outside(tmp_path: Path) -> None:
    tiers = "input: 3\nvariants:\n- when: {input_tokens_above: 9}\n  input: 6\n"
    both_hold = "- when: {service_tier: batch, input_tokens_above: 9}\n  input: 5\n"
    assert findings_of(tmp_path, priced(tiers + both_hold)) == []
    assert findings_of(tmp_path, priced(tiers + both_hold.replace("5", "7"))) == ["10:batch-dearer"]
    doubled = "input: 3\nvariants:\n- when: {service_tier: batch}\n  multiply: 2\n"
    assert findings_of(tmp_path, priced(doubled)) == ["8:batch-dearer"]


def test_a_tier_of_one_region_does_not_set_the_rates_of_all(tmp_path: Path) -> None:
    tiers = (
        "input: 3\ncache_read: 0.3\nvariants:\n- when: {input_tokens_above: 9}\n  input: 6\n"
        "- when: {input_tokens_above: 9, region: eu}\n  cache_read: 0.6\n"
    )
    assert findings_of(tmp_path, priced(tiers)) == ["8:tier-cache-rate"]


def test_a_tier_that_leaves_the_input_price_may_leave_the_cache_rates(tmp_path: Path) -> None:
    tier = (
        "input: 3\noutput: 9\ncache_read: 0.3\nvariants:\n- when: {input_tokens_above: 9}\n  input: 3\n  output: 18\n"
    )
    assert findings_of(tmp_path, priced(tier)) == []


def test_free_images_stay_free_in_a_tier(tmp_path: Path) -> None:
    tier = "input: 3\noutput_image: 0\nvariants:\n- when: {service_tier: batch}\n  input: 1.5\n"
    assert findings_of(tmp_path, priced(tier)) == []


def test_a_tier_may_leave_its_cache_rates_to_another(tmp_path: Path) -> None:
    base = "input: 3\ncache_read: 0.3\nvariants:\n- when: {input_tokens_above: 9}\n  input: 6\n  cache_read: 0.6\n"
    more = "- when: {input_tokens_above: 9, region: eu}\n  input: 7\n"
    assert findings_of(tmp_path, priced(base + more)) == []
    assert findings_of(tmp_path, priced(base.replace("  cache_read: 0.6\n", ""))) == ["8:tier-cache-rate"]
    assert findings_of(tmp_path, priced(base.replace("cache_read: 0.3", "cache_read: 0.3\ncache_write: 3"))) == [
        "9:tier-cache-rate"
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{status: active, retirement_date: '2026-11-22'}", ["4:status-date"]),
        ("{status: active, retirement_date: '2026-11-23'}", []),
        ("{status: retired, retirement_date: '2026-11-23'}", ["4:status-date"]),
        ("{status: deprecated, deprecation_date: '2027-01-01'}", ["4:status-date"]),
        ("{status: deprecated, deprecation_date: '2026-01-01', retirement_date: '2026-02-01'}", ["4:status-date"]),
        ("{status: retired}", []),
        ("{release_date: '2026-03', deprecation_date: '2026-03-01'}", []),
        ("{release_date: '2026-04', deprecation_date: '2026-03-01'}", ["4:date-order"]),
        ("{knowledge_cutoff: '2026-05', release_date: '2026-04-30'}", ["4:date-order"]),
        ("{knowledge_cutoff: '2026-11'}", []),
        ("{knowledge_cutoff: '2026-12'}", ["4:date-future"]),
        ("{release_date: '2027'}", []),
        ("{release_date: '2028'}", ["4:date-future"]),
        ("{pricing: {input: 1, effective_date: '2026-11-23'}}", ["4:date-future"]),
    ],
)
def test_dates_and_status(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert findings_of(tmp_path, f"one:\n  {body}") == expected


def test_the_day_decides(tmp_path: Path) -> None:
    models = "one: {status: active, deprecation_date: '2027-01-15'}"
    assert findings_of(tmp_path, models, on="2027-01-14") == []
    assert findings_of(tmp_path, models, on="2027-01-15") == ["3:status-date"]


def test_names_resolve_through_aliases_and_other_providers(tmp_path: Path) -> None:
    files = {
        "acme.yml": "provider: acme\ndefault_model: initech/two\nmodels:\n  one: {replacement: in/latest}\n",
        "initech.yml": "provider: initech\naliases: [in]\nmodels:\n  two: {aliases: [latest], replacement: three}\n"
        "  three: {replacement: acme/four}\n",
        "hosted.yml": "provider: hosted\nmodels:\n  hosted/one: {}\n  two: {replacement: hosted/one}\n",
    }
    found = [(item.path, item.line, item.code) for item in findings_in(tmp_path, files)]
    assert found == [("initech.yml", 5, "replacement-unresolved")]


def test_a_second_file_of_the_provider_counts(tmp_path: Path) -> None:
    files = {
        "acme.yml": "provider: acme\ndefault_model: two\nmodels:\n  one: {}\n",
        "acme_capabilities.yml": "provider: acme\nmodel_capabilities:\n  two: {replacement: three}\n",
    }
    found = [(item.path, item.line, item.code) for item in findings_in(tmp_path, files)]
    assert found == [
        ("acme_capabilities.yml", 1, "capabilities-file"),
        ("acme_capabilities.yml", 3, "replacement-unresolved"),
    ]


def test_what_may_stand_in_an_unreadable_file_is_not_missed(tmp_path: Path) -> None:
    files = {"acme.yml": "provider: acme\nmodels:\n  one: {replacement: broken/two}\n", "broken.yml": "a: [\n"}
    assert [(item.path, item.code) for item in findings_in(tmp_path, files)] == [("broken.yml", "yaml-syntax")]


def test_a_model_cannot_replace_itself_but_may_join_a_ring_once(tmp_path: Path) -> None:
    models = (
        "one: {replacement: one}\ntwo: {replacement: three}\nthree: {replacement: four}\nfour: {replacement: three}\n"
    )
    assert findings_of(tmp_path, models) == ["3:replacement-cycle", "5:replacement-cycle"]


def test_a_ring_is_told_once_where_it_stands_first(tmp_path: Path) -> None:
    models = "into: {replacement: back}\nout: {replacement: back}\nback: {replacement: out}\n"
    (found,) = findings_in(tmp_path, {"acme.yml": "provider: acme\nmodels:\n" + indent(models, "  ")})
    assert (found.line, found.message) == (4, "out#replacement: the replacements lead back here: out -> back -> out")


def test_a_long_chain_of_replacements_is_walked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    once = Providers.replacement
    monkeypatch.setattr(Providers, "replacement", lambda self, model: asked.append(model) or once(self, model))
    ids = [f"m{number}" for number in range(300)]
    chain = dict(pairwise(ids))
    outline = Outline("acme", "acme", [], None, "models", ids, {}, {}, chain)
    assert list(replacement_cycle.RULE.check_catalog([outline])) == []
    assert len(asked) == len(ids)


def test_billing_by_subscription_and_none_at_all(tmp_path: Path) -> None:
    assert findings_of(tmp_path, "one: {pricing: {input: 0}}", top="billing: local\n") == []
    assert findings_of(tmp_path, "one: {pricing: {input: 1}}", top="billing: local\n") == ["4:billing-price"]
    assert findings_of(tmp_path, "one: {pricing: {input: 1}}", top="billing: subscription\n") == []


def test_the_billing_of_a_model_counts_before_that_of_its_provider(tmp_path: Path) -> None:
    model = "one: {billing: local, pricing: {input: 0}}"
    assert findings_of(tmp_path, model, top="billing: subscription\n") == []


@pytest.mark.parametrize(
    ("billing", "rate", "reason"),
    [("local", 1, "costs nothing"), ("subscription", 0, "sells no tokens, so that 0 is no price")],
)
def test_a_price_against_the_billing_is_told_why(tmp_path: Path, billing: str, rate: int, reason: str) -> None:
    text = f"provider: acme\nbilling: {billing}\nmodels:\n  one: {{pricing: {{input: {rate}}}}}\n"
    (found,) = findings_in(tmp_path, {"acme.yml": text})
    assert found.message == f"one#pricing.input: the provider {reason} (billing: {billing})"


def test_every_list_of_names_is_searched_for_doubles(tmp_path: Path) -> None:
    top = "features: [streaming, streaming]\n"
    body = "one: {endpoints: [a, a], modalities: {input: [text, text]}, capabilities: [chat, chat: {}]}"
    found = findings_of(tmp_path, body, top=top)
    assert found == ["2:duplicate-entry", *["4:duplicate-entry"] * 3]


def test_capabilities_written_as_a_mapping_are_judged_too(tmp_path: Path) -> None:
    body = "one: {modalities: {input: [text]}, capabilities: {vision: true, tools: null, visoin: {}}}"
    assert findings_of(tmp_path, body) == ["3:modality-capability", "3:capability-spelling", "3:unknown-capability"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"acme": "models:\n  one: {aliases: [one]}"}, "'one' is already the id of this model"),
        ({"acme": "models:\n  one: {aliases: [two]}\n  two: {}"}, "'two' is already the id of another model"),
        ({"acme": "aliases: [acme]\nmodels: {}"}, "'acme' is already this provider's own id"),
        ({"acme": "aliases: [other]\nmodels: {}", "other": "models: {}"}, "'other' is already another provider's id"),
    ],
)
def test_whose_name_an_alias_takes(tmp_path: Path, files: dict[str, str], says: str) -> None:
    texts = {f"{name}.yml": f"provider: {name}\n{text}\n" for name, text in files.items()}
    (found,) = findings_in(tmp_path, texts)
    assert found.message.endswith(says)


@pytest.mark.parametrize(
    "model",
    [
        "{status: retired, retirement_date: '2026-11-22'}",
        "{status: deprecated, deprecation_date: '2026-11-22'}",
        "{pricing: {input: 3, variants: [{when: {from: '2026-03-31', until: '2026-03-31'}, input: 2}]}}",
        "{release_date: '2018-06-11'}",
        "{release_date: '2018'}",
    ],
)
def test_the_first_day_on_which_something_may_be_is_legal(tmp_path: Path, model: str) -> None:
    assert findings_of(tmp_path, f"one: {model}", on="2026-11-22") == []


# --- conditions against worlds in which they hold or not

_TIMES = st.tuples(st.integers(0, 23), st.integers(0, 23)).map(lambda pair: f"{pair[0]:02}:00-{pair[1]:02}:00")
_DAYS = st.integers(0, 9).map(lambda days: (date(2026, 1, 1) + timedelta(days)).isoformat())
_WHENS = st.fixed_dictionaries(
    {},
    optional={
        "input_tokens_above": st.integers(0, 4),
        "service_tier": st.sampled_from(["batch", "flex"]),
        "from": _DAYS,
        "until": _DAYS,
        "utc": st.lists(_TIMES, min_size=1, max_size=2),
        "days": st.lists(st.sampled_from(["mon", "tue", "wed", "cn-holiday"]), min_size=1, max_size=3),
    },
)
_WORLDS = st.fixed_dictionaries(
    {
        "tokens": st.integers(0, 6),
        "tier": st.sampled_from(["batch", "flex", "default"]),
        "day": _DAYS,
        "hour": st.integers(0, 23),
        "weekday": st.sampled_from(["mon", "tue", "wed", "thu"]),
        "holiday": st.booleans(),
    }
)


def holds(when: dict, world: dict) -> bool:
    def in_range(text: str) -> bool:
        start, end = int(text[:2]), int(text[6:8])
        return (world["hour"] - start) % 24 < ((end - start) % 24 or 24)

    tests = {
        "input_tokens_above": lambda value: world["tokens"] > value,
        "service_tier": lambda value: world["tier"] == value,
        "from": lambda value: world["day"] >= value,
        "until": lambda value: world["day"] <= value,
        "utc": lambda value: any(map(in_range, value)),
        "days": lambda value: world["weekday"] in value or (world["holiday"] and "cn-holiday" in value),
    }
    return all(tests[name](value) for name, value in when.items())


@settings(deadline=None)
@given(_WHENS, _WHENS, _WORLDS)
def test_conditions_hold_in_worlds_as_their_algebra_says(first: dict, second: dict, world: dict) -> None:
    joint = intersect_conditions(first, second)
    if joint is None:
        assert not (holds(first, world) and holds(second, world))
    else:
        assert implies(joint, first)
        assert implies(joint, second)
    if implies(first, second):
        assert holds(second, world) or not holds(first, world)
    assert implies(prepare_condition(first), prepare_condition(second)) == implies(first, second)
    assert intersect_conditions(prepare_condition(first), prepare_condition(second)) == (
        joint and prepare_condition(joint)
    )


@given(st.sets(st.integers(0, 24 * 60 - 1)))
def test_minutes_of_a_day_are_written_as_ranges_and_read_again(minutes: set[int]) -> None:
    bits = sum(1 << minute for minute in minutes)
    assert conditions.minutes_of(conditions.ranges_of(bits)) == bits


def test_known_prices_are_inside_the_bounds() -> None:
    assert Decimal("0.0006") < price_unit.PER_THOUSAND <= Decimal("0.001")
    assert price_unit.PER_BILLION > 600


@pytest.mark.parametrize(
    ("billing", "pricing", "message"),
    [
        ("local", "input: 1", "one#pricing.input: the provider costs nothing (billing: local)"),
        (
            "subscription",
            "input: 0",
            "one#pricing.input: the provider sells no tokens, so that 0 is no price (billing: subscription)",
        ),
    ],
)
def test_how_a_price_contradicts_the_billing(tmp_path: Path, billing: str, pricing: str, message: str) -> None:
    text = f"provider: acme\nbilling: {billing}\nmodels:\n  one: {{pricing: {{{pricing}}}}}\n"
    assert [finding.message for finding in findings_in(tmp_path, {"acme.yml": text})] == [message]


def test_an_input_limit_above_the_window_names_both(tmp_path: Path) -> None:
    text = "one:\n  context_window: 128000\n  max_input_tokens: 128001\n"
    assert findings_of(tmp_path, text) == ["5:input-above-context"]
    assert findings_of(tmp_path, text.replace("128001", "128000")) == []


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ("input: 15, cache_write: 18.75, cache_write_1h: 6", ["3:long-cache-price"]),
        ("input: 15, cache_write: 18.75, cache_write_1h: 18.75", []),
        ("input: 15, cache_write: 18.75, cache_write_1h: 30", []),
        ("input: 0.25, cache_write: 0.3, cache_write_1h: 6", ["3:long-cache-price"]),
        ("input: 0.25, cache_write_1h: 1", []),
        ("input: 0.25, cache_write_1h: 1.01", ["3:long-cache-price"]),
        ("cache_write: 0.3, cache_write_1h: 6", []),
        ("input: 3, cache_write_1h: 6, cache_write_12h: 5", ["3:long-cache-price"]),
        ("input: 3, input_audio: 30, cache_write_audio: 30, cache_write_1h_audio: 3", ["3:long-cache-price"]),
        ("input: 3, cache_write: null, cache_write_1h: 6", []),
        ("input: 3, variants: [{when: {region: eu}, cache_write: 4, cache_write_1h: 3.5}]", ["3:long-cache-price"]),
        ("input: 3, cache_write: 3.75, cache_write_1h: 6, variants: [{when: {region: eu}, cache_write: 7}]", []),
        ("input: 3, variants: [{when: {region: eu}, cache_write_1h: 13}]", ["3:long-cache-price"]),
    ],
)
def test_prices_of_long_lived_caches(tmp_path: Path, rates: str, expected: list[str]) -> None:
    assert findings_of(tmp_path, f"one: {{pricing: {{{rates}}}}}") == expected


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ("input: 3, cache_read: 0.3, cache_write: 0.3", ["3:cache-write-equals-read"]),
        ("input: 3, cache_read: 3, cache_write: 3", []),
        ("input: 3, cache_read: 0.3, cache_write: 3.75", []),
        ("cache_read: 0.3, cache_write: 0.3", []),
        ("input: 3, cache_read: 0.3, cache_write_1h: 0.3", ["3:cache-write-equals-read"]),
        ("input: 1, input_audio: 10, cache_read_audio: 0.3, cache_write_audio: 0.3", ["3:cache-write-equals-read"]),
        ("input: 1, cache_read_audio: 0.3, cache_write_audio: 0.3", ["3:cache-write-equals-read"]),
        (
            "input: 3, variants: [{when: {region: eu}, cache_read: 0.3, cache_write: 0.3}]",
            ["3:cache-write-equals-read"],
        ),
        ("input: 3, variants: [{when: {region: eu}, input: 0.3, cache_read: 0.3, cache_write: 0.3}]", []),
    ],
)
def test_writing_to_a_cache_at_the_price_of_reading(tmp_path: Path, rates: str, expected: list[str]) -> None:
    assert findings_of(tmp_path, f"one: {{pricing: {{{rates}}}}}") == expected


@pytest.mark.parametrize(
    ("rates", "fields"),
    [
        ("input: 3, cache_read: 0, cache_write: 0.0", ["cache_read", "cache_write"]),
        ("input: 3, input_image: 0, input_audio: 0", ["input_image", "input_audio"]),
        ("output: 3, output_audio: 0, reasoning_audio: 0", ["output_audio", "reasoning_audio"]),
        ("input: 3, output_image: 0", []),
        ("input: 0, output: 3, cache_read: 0", []),
        ("input: 3, cache_read: null", []),
        ("input: 3, output: 0, reasoning: 0", []),
        ("input: 3, variants: [{when: {region: eu}, cache_read: 0}]", ["variants[0].cache_read"]),
        ("input: 3, variants: [{when: {region: eu}, input: 0, cache_read: 0}]", []),
    ],
)
def test_zeros_that_fill_a_field(tmp_path: Path, rates: str, fields: list[str]) -> None:
    found = findings_in(tmp_path, {"acme.yml": f"provider: acme\nmodels:\n  one: {{pricing: {{{rates}}}}}\n"})
    assert {finding.code for finding in found} <= {"zero-rate"}
    named = [finding.message.partition(":")[0] for finding in found]
    assert named == [f"one#pricing.{field}" for field in fields]


@pytest.mark.parametrize(
    ("pricing", "likely"),
    [
        ("per: {output_image: 40000}", "0.04"),
        ("per: {output_image: 4000000}", "4"),
        ("per: {web_search: 10}", "0.01"),
        ("per: {input_second: 0.0000001}", "0.0001"),
        ("variants: [{when: {size: 1024x1024}, per: {output_image: 40}}]", "0.04"),
        ("per: {page: 1000000000000}", None),
    ],
)
def test_prices_of_units_that_nobody_asks(tmp_path: Path, pricing: str, likely: str | None) -> None:
    text = f"provider: acme\nmodels:\n  one: {{pricing: {{{pricing}}}}}\n"
    [finding] = findings_in(tmp_path, {"acme.yml": text})
    assert finding.code == "per-unit-range"
    assert finding.message.endswith(f"was {likely} meant?" if likely else "than one page costs anywhere")


def test_units_have_a_range_each_and_other_currencies_are_not_judged(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "schema" / "provider.schema.json").read_text())
    assert {*per_unit_range.RANGES} == {*schema["$defs"]["per"]["properties"]}
    assert findings_of(tmp_path, "one: {pricing: {currency: CNY, per: {output_image: 40}}}") == []
    assert findings_of(tmp_path, "one: {pricing: {per: {output_image: 0, request: null}}}") == []
