"""The decisions of `client.py` on addresses, headers and error bodies. Pure."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from registry_cli.core.trust.hosts import is_internal, is_link_local

_PORTS = {"http": 80, "https": 443}
_ABOUT_KEY = re.compile(rb"api[ _-]?key|x-api-key|authentication|invalid.{0,20}token", re.IGNORECASE)
_DELAY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s")
_WHOLE_SECONDS = re.compile(r"-?[0-9]{1,12}")
_MARKDOWN_TYPES = frozenset({"", "text/markdown", "text/x-markdown", "text/plain", "application/octet-stream"})
_JSON_TYPES = frozenset({"", "application/json", "text/json", "text/plain", "application/octet-stream"})


def origin_of(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)


def without_query(url: str) -> str:
    """`https://host/path`: no query, no fragment, no user."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def may_follow(here: SplitResult, there: SplitResult, *, with_key: bool) -> bool:
    """Whether to follow a redirect: never from https to http or to a link-local address, and with a key only to the
    same host."""
    if here.scheme == "https" and there.scheme != "https":
        return False
    if origin_of(here) == origin_of(there):
        return True
    upgraded = (there.scheme, there.hostname, there.port or 443) == ("https", here.hostname, 443)
    if here.scheme == "http" and upgraded and origin_of(here)[2] == _PORTS["http"]:
        return True
    return not with_key and there.scheme == "https" and not is_link_local(there.hostname or "")


def may_send_key(url: SplitResult) -> bool:
    """Whether a key may be sent: over https, or to an internal host (a private address, a name without dots)."""
    return url.scheme == "https" or is_internal(url.hostname or "")


def is_json_type(content_type: str) -> bool:
    """Whether a body of this type may be JSON: raw files come as text/plain, and some servers send no type."""
    form = content_type.partition(";")[0].strip().lower()
    return form in _JSON_TYPES or form.endswith("+json")


def is_markdown_type(content_type: str) -> bool:
    """Whether a body of this type may be Markdown: many servers call it plain text."""
    return content_type.partition(";")[0].strip().lower() in _MARKDOWN_TYPES


def complains_of_key(body: bytes) -> bool:
    """Whether an answer of 400 is about the key: Gemini and xAI send 400 instead of 401."""
    return bool(_ABOUT_KEY.search(body[:4096]))


def error_words(body: bytes) -> str:
    """Return the message of an error in JSON; empty for any other body.

    Only that field is meant for people. A catalog chooses addresses, so the rest may be a page of an internal server
    or private data, which must not get into a public log.
    """
    document = _parse_json(body)
    error = document.get("error", document) if isinstance(document, dict) else None
    words = error.get("message") if isinstance(error, dict) else error
    return words if isinstance(words, str) else ""


def requested_wait(retry_after: str | None, body: bytes, now: datetime) -> float | None:
    """Return the seconds that the server asks to wait; None where it names no time, or one that has passed.

    `Retry-After` is seconds or a date; Gemini has none and writes `"retryDelay": "48s"` in the details of its error.
    """
    wait = _header_wait(retry_after, now) if retry_after else _body_wait(body)
    return wait if wait is not None and wait > 0 else None


def _header_wait(text: str, now: datetime) -> float | None:
    text = text.strip()
    if _WHOLE_SECONDS.fullmatch(text):
        return float(text)
    if text.isdecimal():
        return float("inf")  # a number too long to be one
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return (date - now).total_seconds()


def _body_wait(body: bytes) -> float | None:
    document = _parse_json(body)
    error = document.get("error") if isinstance(document, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else ():
        found = _DELAY.fullmatch(str(detail.get("retryDelay", ""))) if isinstance(detail, dict) else None
        if found:
            return float(found[1])
    return None


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
