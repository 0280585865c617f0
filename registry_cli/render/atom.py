"""An Atom feed (RFC 4287) as XML."""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

from registry_cli.yamledit.escapes import HIDDEN

_ATOM = "http://www.w3.org/2005/Atom"


class AtomEntry(NamedTuple):
    """One entry. `updated` is an RFC 3339 time, `html` the content as HTML; an empty part is left out."""

    id: str
    title: str
    updated: str
    author: str = ""
    summary: str = ""
    html: str = ""


def atom_feed(feed_id: str, title: str, updated: str, entries: Sequence[AtomEntry]) -> str:
    """Return the feed as a document with one element per line."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add_element(feed, "id", feed_id)
    _add_element(feed, "title", title)
    _add_element(feed, "updated", updated)
    _add_element(_add_element(feed, "author"), "name", "llmreg")
    for entry in entries:
        _add_entry(feed, entry)
    ET.indent(feed, "")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def printable_text(text: str) -> str:
    """The text with a replacement character for each control character: XML cannot hold them, even escaped."""
    return HIDDEN.sub("\ufffd", text)


def _add_entry(feed: ET.Element, entry: AtomEntry) -> None:
    element = _add_element(feed, "entry")
    _add_element(element, "id", entry.id)
    _add_element(element, "title", entry.title)
    _add_element(element, "updated", entry.updated)
    if entry.author:
        _add_element(_add_element(element, "author"), "name", entry.author)
    if entry.summary:
        _add_element(element, "summary", entry.summary)
    if entry.html:
        _add_element(element, "content", entry.html).set("type", "html")


def _add_element(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text:
        element.text = printable_text(text)
    return element
