"""The texts of a commit and a pull request: what they tell, how long they get, and that nothing acts in them."""

import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from registry_cli.core.edits.message import shorten_subject
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item
from registry_cli.core.proposals.commit_message import (
    CommitSummary,
    EditSummary,
    changes_fingerprint,
    commit_message,
    edit_commit_message,
    subject_line,
)
from registry_cli.core.proposals.restamp import keep_checks, keep_times
from registry_cli.core.statements.answers import Answer
from registry_cli.core.statements.record import Line
from registry_cli.render.markdown_cells import change_in_percent, code_span
from registry_cli.render.pull_request_rows import sort_naturally
from registry_cli.render.pull_requests import (
    MOST,
    edit_request_body,
    pull_request_body,
    title_to_keep,
    with_added_words,
)

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
STATUS = st.sampled_from(
    ["address", "applied", "new", "held", "conflict", "listed", "kept", "missing", "retired", "unmatched"]
)
ITEMS = st.lists(
    st.builds(Item, model=HOSTILE, field=HOSTILE, status=STATUS, old=VALUES, new=VALUES, source=HOSTILE, reason=HOSTILE)
)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


@given(ITEMS)
def test_whatever_upstream_writes_stands_in_code_spans(items):
    text = pull_request_body("acme", items)
    assert len(text) <= MOST
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    for line in text.splitlines():
        rest = _SPAN.sub("", line)
        if rest.startswith("| "):
            assert re.fullmatch(r"\|( [A-Za-z0-9,.+\-%/() ]* \|)+", rest), line
        assert not re.search(r"[@`\\\[\]]|#[0-9]|GH-|http|www", rest), line


def check_inert(text: str) -> None:
    for line in text.splitlines():
        rest = _SPAN.sub("", re.sub(r"^<!-- llmreg(?: title)?: [0-9a-f]+ -->$", "", line))
        assert not re.search(r"[@`\\\[\]<]|#[0-9]|GH-|http|www", rest), line


@given(ITEMS, HOSTILE, HOSTILE)
def test_whatever_an_edit_says_stands_in_code_spans(items, title, reason):
    text = edit_request_body(EditSummary("set-acme", title, items, reason))
    assert len(text) <= MOST
    check_inert(text)


def test_an_edit_of_everything_is_cut():
    items = [Item(f"acme/{number}", "name", "applied", "x" * 200, "y" * 200) for number in range(1000)]
    text = edit_request_body(EditSummary("set-acme", "title", items, "why " * 1000, "https://a.example/" + "z" * 5000))
    assert len(text) <= MOST
    assert "more\n" in text
    assert text.endswith(" -->\n")


@given(ITEMS, HOSTILE, HOSTILE)
def test_the_commit_of_an_edit_has_the_trailers_that_llmreg_gave_it(items, title, reason):
    told = EditSummary("set-acme", shorten_subject(f"acme: {title}"), items, reason, "https://a.example")
    paragraphs = edit_commit_message(told, "abc").rstrip("\n").split("\n\n")
    trailers = paragraphs[-1].splitlines()
    assert trailers[-3:] == ["Llmreg-Source: https://a.example", "Llmreg-Edit: set-acme", "Llmreg-Tree: abc"]
    assert [line.startswith("Llmreg-Reason: ") for line in trailers[:-3]] in ([], [True])
    assert "\n" not in paragraphs[0]
    assert not re.search(r"@[^\s\u200b]|#[0-9]|(?i:gh-)[0-9]|://", "\n".join(paragraphs[:-1]))


def test_a_mark_in_a_value_is_no_mark():
    item = Item("acme/a", "name", "applied", ABSENT, "<!-- llmreg title: 00 -->")
    body = pull_request_body("acme", [item])
    assert title_to_keep(subject_line("acme", [item]), body) is None
    assert with_added_words("new", body) == "new"


@given(ITEMS)
def test_a_commit_has_the_trailers_that_llmreg_gave_it(items):
    message = commit_message(CommitSummary("acme", items), "abc")
    paragraphs = message.rstrip("\n").split("\n\n")
    assert paragraphs[0] == subject_line("acme", items)
    assert "\n" not in paragraphs[0]
    assert paragraphs[-1] == "Llmreg-Sync: acme\nLlmreg-Tree: abc"
    for line in "\n".join(paragraphs[1:-1]).splitlines():
        assert line.startswith("- ") or line == "Where keys go:"
        assert not re.search(r"@[^\s\u200b]|#[0-9]|(?i:gh-)[0-9]|://", line)


def test_a_code_span_may_hold_anything():
    assert code_span("a`b") == "``a`b``"
    assert code_span("`x") == "`` `x ``"
    assert code_span("a|b\nc") == "`a\\x7cb\\nc`"
    assert code_span("") == code_span(" ") == "(blank)"
    assert len(code_span("x" * 1000)) < 200


def test_a_long_text_is_cut_with_a_count():
    items = [Item(f"acme/model-{number}", "pricing.input", "applied", 1, 2, "models.dev") for number in range(5000)]
    items += [Item(f"acme/model-{number}", "", "missing", reason="gone") for number in range(3000)]
    text = pull_request_body("acme", items, [Answer("models.dev", None, None, None, "", "https://models.dev/api.json")])
    shown = text.count("| `pricing.input` |")
    assert 500 < shown < 5000
    assert f"…and {5000 - shown:,} more" in text
    assert "## Not seen upstream (3,000)" in text
    assert text.endswith("-->\n")
    assert "[`models.dev`](<https://models.dev/api.json>)" in text
    assert len(text) <= MOST


def sections_of(text):
    return re.findall(r"^## (.*)$", text, re.MULTILINE)


def test_what_a_reviewer_must_see_comes_first():
    statuses = ["missing", "kept", "listed", "retired", "new", "applied", "conflict", "held", "address"]
    items = [Item("acme/a", "x", status, 1, 2, "models.dev", "because") for status in statuses]
    text = pull_request_body("acme", items)
    assert text.splitlines()[0] == (
        "**1 new API host, 1 held for a person, 1 in conflict, 1 changed fact of 1 model, 1 new model, "
        "1 retired model, 1 different since the first contact, 1 kept as edited here, 1 not seen upstream**"
    )
    assert sections_of(text) == [
        "Where keys go (1)",
        "Held for a person (1)",
        "Kept: edited here, and changed upstream (1)",
        "Changed (1)",
        "New models (1)",
        "Retired (1)",
        "Kept: differs from the first contact on (1)",
        "Kept: edited here (1)",
        "Not seen upstream (1)",
    ]
    assert "<details>" not in text


def test_a_change_at_900_models_is_judged_from_the_first_lines():
    """Nothing but counts, keys, what is held and the largest moves stands open; the lists are folded."""
    items = [Item(f"acme/m{number}", "", "new", ABSENT, {"context_window": 9}, "models.dev") for number in range(895)]
    for number in range(300):
        items.append(Item(f"acme/old-{number}", "pricing.input", "applied", 2, 3 if number != 7 else 18, "models.dev"))
        items.append(Item(f"acme/old-{number}", "pricing.output", "applied", 8, 12, "models.dev"))
    items += [Item("acme/x", "context_window", "held", 9, 3, "models.dev", "the limit shrinks")]
    text = pull_request_body("acme", items)
    assert len(text) <= MOST
    assert text.startswith("**1 held for a person, 600 changed facts of 300 models, 895 new models**\n")
    assert "Largest price changes: `acme/old-7` `pricing.input` 2 to 18 (+800 %); `acme/old-0`" in text
    seen = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert len(seen.splitlines()) < 30
    assert "`acme/x`" in seen
    assert text.count("<details>") == text.count("</details>") == 2
    assert re.findall(r"^\| `acme/(m\d+)`", text, re.MULTILINE)[:12] == [f"m{number}" for number in range(12)]
    rows = re.findall(r"^\| `acme/old-(\d+)` .*$", text, re.MULTILINE)
    assert rows[:12] == [str(number) for number in range(12)]


def test_input_and_output_of_a_model_are_one_row():
    def row(*items):
        return [line for line in pull_request_body("acme", items).splitlines() if line.startswith("| `acme/a`")]

    given = Item("acme/a", "pricing.input", "applied", 3, Decimal("2.5"), "s")
    taken = Item("acme/a", "pricing.output", "applied", ABSENT, 15, "s")
    assert row(taken, given) == [
        "| `acme/a` | `pricing.input` / `pricing.output` | 3 / - | 2.5 / 15 | -16.7 % / - | `s` |"
    ]
    other = Item("acme/a", "pricing.output", "applied", 12, 15, "another")
    assert len(row(given, other)) == 2  # two sources are two rows
    assert len(row(given, Item("acme/b", "pricing.output", "applied", 12, 15, "s"))) == 1
    assert len(row(given, Item("acme/a", "pricing.output", "held", 12, 15, "s"))) == 2


def test_a_new_model_shows_what_a_reviewer_looks_for():
    facts = {
        "mode": "chat",
        "context_window": 200000,
        "max_output_tokens": 8000,
        "pricing": {"input": 3, "output": Decimal("15.5")},
        "capabilities": [
            "streaming",
            {"vision": {"status": "beta"}},
            "reasoning",
            "function_calling",
            "json_mode",
            "x",
        ],
    }
    text = pull_request_body("acme", [Item("acme/a", "", "new", ABSENT, facts, "models.dev")])
    assert (
        "| `acme/a` | `chat` | 200,000 | 8,000 | 3 / 15.5 | `streaming, vision, reasoning, function_calling` +2 "
        "| `models.dev` |" in text
    )
    assert "| `acme/b` |  |  |  |  |  | `s` |" in pull_request_body(
        "acme", [Item("acme/b", "", "new", ABSENT, {}, "s")]
    )


def test_natural_order():
    names = ["m10", "m2", "M1", "m1-b", "m1-a10", "m1-a9", "m02", "m", "10", "9"]
    items = sort_naturally([Item(name, "", "new") for name in names])
    assert [item.model for item in items] == ["9", "10", "m", "M1", "m1-a9", "m1-a10", "m1-b", "m02", "m2", "m10"]


def test_what_a_person_adds_below_stays():
    items, later = [Item("acme/a", "x", "applied", 1, 2)], [Item("acme/a", "x", "applied", 1, 3)]
    first, second = pull_request_body("acme", items), pull_request_body("acme", later)
    mine = f"{first}\n\nSee #12 <!-- mine -->\nand more\n"
    assert with_added_words(second, mine) == f"{second}\n\nSee #12 <!-- mine -->\nand more\n"
    again = with_added_words(second, mine)
    assert with_added_words(second, again) == again  # nothing piles up
    assert with_added_words(second, first) == second
    assert with_added_words(second, "a text of somebody else") == second


def test_a_title_of_ones_own_stays():
    text = pull_request_body("acme", [Item("acme/a", "x", "applied", 1, 2)])
    assert title_to_keep("acme: 1 other change", text) is None
    assert title_to_keep("acme: 1 other change (do not merge)", text) == "acme: 1 other change (do not merge)"
    assert title_to_keep("anything", "a text of somebody else") is None


def test_the_text_does_not_depend_on_the_day():
    def told(day):
        new = {"discovered_at": day, "updated_at": day, "context_window": 5}
        answers = [Answer("models.dev", None, None, None, day, "https://models.dev/api.json")]
        return pull_request_body("acme", [Item("acme/a", "", "new", ABSENT, new, "models.dev")], answers)

    assert told("2026-11-22") == told("2026-11-23")


def test_percents():
    assert change_in_percent(4, 5) == "+25 %"
    assert change_in_percent(Decimal(3), Decimal("2.5")) == "-16.7 %"
    assert change_in_percent(1, 100) == "x 100"
    assert [change_in_percent(*pair) for pair in ((0, 1), (ABSENT, 1), ("a", 1), (True, 1))] == [""] * 4


def test_a_headline_says_what_happened():
    def item(status, field=""):
        return Item("acme/a", field, status)

    assert subject_line("acme", [item("new")] * 3 + [item("applied", "pricing.input")] * 2) == (
        "acme: 3 new models, 2 price changes"
    )
    assert (
        subject_line("acme", [item("applied", "name"), item("retired", "status")])
        == "acme: 1 other change, 1 retired model"
    )
    assert subject_line("acme", [item("held", "x"), item("conflict", "x")]) == "acme: 2 held for a person"
    assert subject_line("acme", []) == "acme: what sources say, noted"


def test_a_fingerprint_is_of_what_is_told():
    one, other = Item("acme/a", "x", "applied", 1, 2), Item("acme/a", "x", "applied", 1, 3)
    assert changes_fingerprint([one, other]) == changes_fingerprint([other, one])
    assert changes_fingerprint([one]) != changes_fingerprint([other])
    assert changes_fingerprint([Item("acme/a", "x", "applied", ABSENT, 2)]) != changes_fingerprint(
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
    found = keep_times(earlier, value, {now})
    assert found["models"]["same"]["updated_at"] == then
    assert {name: found["models"][name] for name in ("other", "older", "new")} == {
        "other": other, "older": older, "new": {"updated_at": now},
    }  # fmt: skip
    assert list(found) == ["provider", "models"]


def test_checks_are_taken_where_a_line_says_the_same():
    def line(price, day, name="a"):
        return Line(name, {"s": {"price": price}}, {}, {"s": day})

    assert keep_checks({"a": line(1, "then")}, {"a": line(1, "now")}, {"now"}) == {"a": line(1, "then")}
    assert keep_checks({"a": line(2, "then")}, {"a": line(1, "now")}, {"now"}) == {"a": line(1, "now")}
    assert keep_checks({"a": line(1, "then")}, {"a": line(1, "before")}, {"now"}) == {"a": line(1, "before")}
