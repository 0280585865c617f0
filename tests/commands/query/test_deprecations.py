"""`llmreg deprecations`: what ends when, and what replaces it."""

import io
import json
from xml.etree import ElementTree as ET

import icalendar
import pytest

from registry_cli.core.query.lifecycle import Lifecycle
from registry_cli.render.feeds import deprecation_calendar, deprecation_feed
from tests.support.cli import run_llmreg
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {
        "models": {
            "alive": {"retirement_not_before": "2027-06-09"},
            "soon": {"retirement_date": "2026-12-24", "replacement": "alive"},
            "later": {"deprecation_date": "2026-10-01", "retirement_date": "2027-08-01"},
            "announced": {"deprecation_date": "2027-01-10"},
            "stated": {"status": "deprecated"},
            "gone": {"status": "retired", "retirement_date": "2026-01-05", "replacement": "alive"},
            "long-gone": {"retirement_date": "2024-01-05"},
        }
    },
    "beta": {"models": {"b": {"status": "deprecated"}, "fresh": {}}},
}
DAY = "2026-11-30"


@pytest.fixture
def ask(tmp_path, monkeypatch):
    root = write_catalog(tmp_path / "models", CATALOG)

    def asked(*arguments):
        return run_llmreg("deprecations", *arguments, "--catalog", str(root), "--on", DAY)

    return asked


def rows(done):
    return [line.split("\t") for line in done.out.splitlines()]


def test_the_whole_catalog_in_the_order_of_what_comes(ask):
    done = ask()
    assert rows(done) == [
        ["acme/soon", "active", "-", "2026-12-24", "-", "alive"],
        ["acme/announced", "active", "2027-01-10", "-", "-", "-"],
        ["acme/later", "deprecated", "2026-10-01", "2027-08-01", "-", "-"],
        ["acme/stated", "deprecated", "-", "-", "-", "-"],
        ["beta/b", "deprecated", "-", "-", "-", "-"],
        ["acme/gone", "retired", "-", "2026-01-05", "-", "alive"],
        ["acme/long-gone", "retired", "-", "2024-01-05", "-", "-"],
    ]
    assert done.code == 0


@pytest.mark.parametrize(
    ("within", "found"),
    [
        ("24d", ["acme/soon"]),
        ("23d", []),
        ("6w", ["acme/soon", "acme/announced"]),
        ("1y", ["acme/soon", "acme/announced", "acme/later"]),
    ],
)
def test_within_a_time(ask, within, found):
    assert [row[0] for row in rows(ask("--within", within))] == found


def test_of_a_provider(ask):
    assert [row[0] for row in rows(ask("-p", "beta"))] == ["beta/b"]
    assert ask("-p", "nobody").code == 2


def test_models_that_are_named_or_read_from_stdin(ask, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("acme/gone\n\nno/such\nacme/alive\n"))
    done = ask("fresh", "-")
    assert rows(done) == [
        ["beta/fresh", "active", "-", "-", "-", "-"],
        ["acme/gone", "retired", "-", "2026-01-05", "-", "alive"],
        ["no/such", "unknown", "-", "-", "-", "-"],
        ["acme/alive", "active", "-", "-", "2027-06-09", "-"],
    ]
    assert (done.code, "not in the catalog: no/such" in done.err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["acme/alive"], 0),
        (["acme/soon"], 1),
        (["acme/soon", "--within", "10d"], 0),
        (["acme/gone"], 1),
        (["acme/later", "--within", "1d"], 1),
        (["-p", "beta"], 1),
        (["--within", "3d"], 0),
    ],
)
def test_the_exit_code(ask, arguments, code):
    assert ask(*arguments, "--exit-code").code == code
    assert ask(*arguments).code == 0


@pytest.mark.parametrize(
    ("within", "found"),
    [("10d", ["acme/gone", "acme/later", "no/such"]), ("30d", ["acme/soon", "acme/gone", "acme/later", "no/such"])],
)
def test_of_named_models_those_that_have_ended_or_will_soon(ask, within, found):
    done = ask("acme/soon", "acme/alive", "acme/gone", "acme/later", "no/such", "--within", within)
    assert ([row[0] for row in rows(done)], done.code) == (found, 0)
    assert ask("acme/soon", "-p", "acme").code == 2


@pytest.mark.parametrize("within", ["soon", "-3d", "3x", "", "1.5d", "99999d"])
def test_a_time_that_is_none(ask, within):
    done = ask("--within", within)
    assert (done.code, done.out) == (2, "")
    assert "--within" in done.err


def test_json_has_the_fields_of_the_catalog(ask):
    found = json.loads(ask("acme/gone", "acme/alive", "-f", "json").out)["models"]
    assert found == [
        {"model": "acme/gone", "status": "retired", "retirement_date": "2026-01-05", "replacement": "alive"},
        {"model": "acme/alive", "status": "active", "retirement_not_before": "2027-06-09"},
    ]


def test_the_atom_feed(ask):
    text = ask("-f", "atom").out
    feed = ET.fromstring(text)  # noqa: S314  # our own text
    space = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{space}title") for entry in feed.findall(f"{space}entry")]
    assert titles[0] == "acme/later is retired"
    assert len(titles) == len(set(titles)) == 6
    assert ask("-f", "atom").out == text


def test_the_calendar_is_one_that_calendars_read(ask):
    text = ask("-f", "ics").out
    found = icalendar.Calendar.from_ical(text)
    events = [(str(event["SUMMARY"]), event["DTSTART"].dt.isoformat(), event["DTEND"].dt.isoformat())
              for event in found.walk("VEVENT")]  # fmt: skip
    assert ("acme/soon is retired", "2026-12-24", "2026-12-25") in events
    assert len(events) == 6
    assert ask("-f", "ics").out == text


def test_hostile_names_stay_text():
    name = "acme/m;x,\\y\u202e" + "é" * 60 + "<b>\x00"
    models = [Lifecycle(name, "retired", None, "2026-01-01", None, "<script>")]
    assert [len(line.encode()) for line in deprecation_calendar(models).split("\r\n") if len(line.encode()) > 75] == []
    event = icalendar.Calendar.from_ical(deprecation_calendar(models)).walk("VEVENT")[0]
    assert str(event["SUMMARY"]).startswith("acme/m;x,\\y\ufffdé")
    assert "<script>" not in deprecation_feed(models)
    ET.fromstring(deprecation_feed(models))  # noqa: S314  # our own text


def test_no_event_is_an_empty_feed():
    assert "<entry>" not in deprecation_feed([])
    assert icalendar.Calendar.from_ical(deprecation_calendar([])).walk("VEVENT") == []
