"""The days on which models are deprecated or retired, as an Atom feed and as a calendar."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from registry_cli.core.query.lifecycle import Lifecycle
from registry_cli.render.atom import AtomEntry, atom_feed, printable_text

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "llmreg.deprecations")
_LONGEST_LINE = 74  # octets before a fold (RFC 5545, 3.1)


def deprecation_feed(models: Sequence[Lifecycle]) -> str:
    """An Atom feed with an entry for each day on which a model is deprecated or retired, the latest first.

    Ids and times follow from the facts alone, so that an equal catalog makes an equal feed.
    """
    entries = []
    for event in sorted(_lifecycle_events(models), reverse=True):
        summary = f"Replacement: {event.replacement}" if event.replacement else "No replacement is known."
        entries.append(AtomEntry(f"urn:uuid:{event.uid}", event.title, f"{event.day}T00:00:00Z", summary=summary))
    updated = entries[0].updated if entries else "1970-01-01T00:00:00Z"
    return atom_feed(f"urn:uuid:{_NAMESPACE}", "LLM deprecations", updated, entries)


def deprecation_calendar(models: Sequence[Lifecycle]) -> str:
    """An iCalendar (RFC 5545) with an event of one day for each day on which a model is deprecated or retired."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//llmreg//deprecations//EN"]
    for event in sorted(_lifecycle_events(models)):
        following = (date.fromisoformat(event.day) + timedelta(1)).isoformat()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}@llmreg",
            f"DTSTAMP:{_compact_day(event.day)}T000000Z",
            f"DTSTART;VALUE=DATE:{_compact_day(event.day)}",
            f"DTEND;VALUE=DATE:{_compact_day(following)}",
            f"SUMMARY:{_escape_text(event.title)}",
        ]
        if event.replacement:
            lines.append(f"DESCRIPTION:{_escape_text(f'Replacement: {event.replacement}')}")
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    return "".join(f"{_fold_line(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


class _Event(NamedTuple):
    """A model is deprecated or retired on an ISO day; `uid` is stable from run to run."""

    day: str
    title: str
    uid: str
    replacement: str


def _lifecycle_events(models: Sequence[Lifecycle]) -> Iterator[_Event]:
    for model in models:
        for verb, day in (("deprecated", model.deprecation_date), ("retired", model.retirement_date)):
            if day:
                title = f"{printable_text(model.model)} is {verb}"
                uid = str(uuid.uuid5(_NAMESPACE, f"{model.model} {verb}"))
                yield _Event(day, title, uid, model.replacement or "")


def _compact_day(day: str) -> str:
    return day.replace("-", "")


def _escape_text(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return printable_text(text)


def _fold_line(line: str) -> str:
    """The line in pieces of at most 75 octets, no character divided."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > _LONGEST_LINE:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
