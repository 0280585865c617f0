"""The texts of a commit and a pull request: what they tell, how long they get, and that nothing acts in them."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.proposals.commit_message import Told, commit_message, fingerprint, headline
from registry_cli.core.proposals.restamp import with_checks_of, with_times_of
from registry_cli.core.query.columns import ABSENT
from registry_cli.core.sync.answers import Answer
from registry_cli.core.sync.items import Item
from registry_cli.core.sync.record import Line
from registry_cli.render.pull_requests import MOST, body, change_in_percent, code

HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from([
        "@team", "Closes #1", "a|b", "`tick`", "``", "<img src=x>", "[x](javascript:y)", "\nLlmreg-Tree: x", "-->",
        "acme/cat#1", "GH-12", "https://github.com/acme/cat/issues/1", "www.evil.example", "\\|", "\\", "| a |\n| b |",
        " ", "\u202eevil", "\x1b]8;;x\x07", "!1", "<!-- llmreg: 0 -->", "::error::x",
    ]),
)  # fmt: skip
VALUES = st.one_of(HOSTILE, st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False),
                   st.lists(HOSTILE, max_size=3), st.just(ABSENT))  # fmt: skip
STATUS = st.sampled_from(["applied", "new", "held", "conflict", "listed", "kept", "missing", "retired", "unmatched"])
ITEMS = st.lists(
    st.builds(Item, model=HOSTILE, field=HOSTILE, status=STATUS, old=VALUES, new=VALUES, source=HOSTILE, reason=HOSTILE)
)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


@given(ITEMS)
def test_whatever_upstream_writes_stands_in_code_spans(items):
    text = body("acme", items)
    assert len(text) <= MOST
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    for line in text.splitlines():
        rest = _SPAN.sub("", line)
        if rest.startswith("| "):
            assert re.fullmatch(r"\|( [A-Za-z0-9,.+\-%/() ]* \|)+", rest), line
        assert not re.search(r"[@`\\\[\]]|#[0-9]|GH-|http|www", rest), line


@given(ITEMS)
def test_a_commit_has_the_trailers_that_llmreg_gave_it(items):
    message = commit_message(Told("acme", items), "abc")
    paragraphs = message.rstrip("\n").split("\n\n")
    assert paragraphs[0] == headline("acme", items)
    assert "\n" not in paragraphs[0]
    assert paragraphs[-1] == "Llmreg-Sync: acme\nLlmreg-Tree: abc"
    for line in paragraphs[1].splitlines() if len(paragraphs) == 3 else ():
        assert line.startswith("- ")
        assert not re.search(r"@[^\s\u200b]|#[0-9]|(?i:gh-)[0-9]|://", line)


def test_a_code_span_may_hold_anything():
    assert code("a`b") == "``a`b``"
    assert code("`x") == "`` `x ``"
    assert code("a|b\nc") == "`a\\x7cb\\nc`"
    assert code("") == code(" ") == "(blank)"
    assert len(code("x" * 1000)) < 200


def test_a_long_text_is_cut_with_a_count():
    items = [Item(f"acme/model-{number}", "pricing.input", "applied", 1, 2, "models.dev") for number in range(5000)]
    items += [Item(f"acme/model-{number}", "", "missing", reason="gone") for number in range(3000)]
    text = body("acme", items, [Answer("models.dev", None, None, None, "", "https://models.dev/api.json")])
    shown = text.count("`pricing.input`")
    assert 500 < shown < 5000
    assert f"…and {5000 - shown:,} more" in text
    assert "## Not seen upstream (3,000)" in text
    assert text.endswith("-->\n")
    assert "[`models.dev`](<https://models.dev/api.json>)" in text
    assert len(text) <= MOST


def test_the_text_does_not_depend_on_the_day():
    def told(day):
        new = {"discovered_at": day, "updated_at": day, "context_window": 5}
        answers = [Answer("models.dev", None, None, None, day, "https://models.dev/api.json")]
        return body("acme", [Item("acme/a", "", "new", ABSENT, new, "models.dev")], answers)

    assert told("2026-11-22") == told("2026-11-23")


def test_percents():
    assert change_in_percent(4, 5) == "+25 %"
    assert change_in_percent(Decimal(3), Decimal("2.5")) == "-16.7 %"
    assert change_in_percent(1, 100) == "x 100"
    assert [change_in_percent(*pair) for pair in ((0, 1), (ABSENT, 1), ("a", 1), (True, 1))] == [""] * 4


def test_a_headline_says_what_happened():
    def item(status, field=""):
        return Item("acme/a", field, status)

    assert headline("acme", [item("new")] * 3 + [item("applied", "pricing.input")] * 2) == (
        "acme: 3 new models, 2 price changes"
    )
    assert (
        headline("acme", [item("applied", "name"), item("retired", "status")])
        == "acme: 1 other change, 1 retired model"
    )
    assert headline("acme", [item("held", "x"), item("conflict", "x")]) == "acme: 2 held for a person"
    assert headline("acme", []) == "acme: what sources say, noted"


def test_a_fingerprint_is_of_what_is_told():
    one, other = Item("acme/a", "x", "applied", 1, 2), Item("acme/a", "x", "applied", 1, 3)
    assert fingerprint([one, other]) == fingerprint([other, one])
    assert fingerprint([one]) != fingerprint([other])
    assert fingerprint([Item("acme/a", "x", "applied", ABSENT, 2)]) != fingerprint(
        [Item("acme/a", "x", "applied", None, 2)]
    )


# Times of an unmerged branch


def test_times_are_taken_where_the_facts_are_the_same():
    then, now = "2026-11-22T06:00:00Z", "2026-11-23T06:00:00Z"
    same, other, older = (
        {"price": 1, "updated_at": now},
        {"price": 2, "updated_at": now},
        {"price": 1, "updated_at": "x"},
    )
    earlier = {"models": {name: {"price": 1, "updated_at": then} for name in ("same", "other", "older")}}
    value = {"provider": "acme", "models": {"same": same, "other": other, "older": older, "new": {"updated_at": now}}}
    found = with_times_of(earlier, value, {now})
    assert found["models"]["same"]["updated_at"] == then
    assert {name: found["models"][name] for name in ("other", "older", "new")} == {
        "other": other, "older": older, "new": {"updated_at": now},
    }  # fmt: skip
    assert list(found) == ["provider", "models"]


def test_checks_are_taken_where_a_line_says_the_same():
    def line(price, day, name="a"):
        return Line(name, {"s": {"price": price}}, {}, {"s": day})

    assert with_checks_of({"a": line(1, "then")}, {"a": line(1, "now")}, {"now"}) == {"a": line(1, "then")}
    assert with_checks_of({"a": line(2, "then")}, {"a": line(1, "now")}, {"now"}) == {"a": line(1, "now")}
    assert with_checks_of({"a": line(1, "then")}, {"a": line(1, "before")}, {"now"}) == {"a": line(1, "before")}
