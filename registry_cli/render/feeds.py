"""Days on which models end, as an Atom feed and as a calendar."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from registry_cli.core.query.lifecycle import Lifecycle
from registry_cli.yamledit.escapes import HIDDEN

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "llmreg.deprecations")
_LONGEST_LINE = 74  # octets before a fold (RFC 5545, 3.1)


def atom(models: Sequence[Lifecycle]) -> str:
    """An Atom feed with an entry for each day on which a model is deprecated or retired, the latest first.

    Ids and times follow from the facts alone, so that an equal catalog makes an equal feed.
    """
    ET.register_namespace("", _ATOM)
    events = sorted(_events(models), reverse=True)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", f"urn:uuid:{_NAMESPACE}")
    _add(feed, "title", "LLM deprecations")
    _add(feed, "updated", f"{events[0][0] if events else '1970-01-01'}T00:00:00Z")
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", "llmreg")
    for day, title, uid, replacement in events:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "id", f"urn:uuid:{uid}")
        _add(entry, "title", title)
        _add(entry, "updated", f"{day}T00:00:00Z")
        _add(entry, "summary", f"Replacement: {replacement}" if replacement else "No replacement is known.")
    ET.indent(feed, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def calendar(models: Sequence[Lifecycle]) -> str:
    """An iCalendar (RFC 5545) with an event of one day for each day on which a model is deprecated or retired."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//llmreg//deprecations//EN"]
    for day, title, uid, replacement in sorted(_events(models)):
        following = (date.fromisoformat(day) + timedelta(1)).isoformat()
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@llmreg",
            f"DTSTAMP:{_compact(day)}T000000Z",
            f"DTSTART;VALUE=DATE:{_compact(day)}",
            f"DTEND;VALUE=DATE:{_compact(following)}",
            f"SUMMARY:{_text(title)}",
        ]
        lines += [f"DESCRIPTION:{_text(f'Replacement: {replacement}')}"] if replacement else []
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _events(models: Sequence[Lifecycle]) -> Iterator[tuple[str, str, str, str]]:
    """Each day, what happens on it, an id of the event, and the replacement."""
    for model in models:
        for verb, day in (("deprecated", model.deprecation_date), ("retired", model.retirement_date)):
            if day:
                name = HIDDEN.sub("\ufffd", model.model)
                yield (
                    day,
                    f"{name} is {verb}",
                    str(uuid.uuid5(_NAMESPACE, f"{model.model} {verb}")),
                    model.replacement or "",
                )


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = HIDDEN.sub("\ufffd", text)


def _compact(day: str) -> str:
    return day.replace("-", "")


def _text(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return HIDDEN.sub("\ufffd", text)


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, no character divided."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > _LONGEST_LINE:
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
