"""Whether an answer itself says that its list goes on, in the words that APIs use for it."""

from collections.abc import Mapping
from typing import Any

_TOKENS = ("nextPageToken", "next_page_token", "next_token", "nextToken", "next_cursor", "nextCursor")


def says_more(document: Any) -> bool:
    """Whether a parsed answer states that more rows follow on another page.

    `has_more` (Anthropic, OpenAI), a token for the next page (Google, Cohere, Fireworks), the address of the next page
    as `next`, `next.href` or `links.next` (Replicate, watsonx, OpenRouter), or a page before the last (Cloudflare).
    """
    if not isinstance(document, dict):
        return False
    if document.get("has_more") is True or any(_is_text(document.get(name)) for name in _TOKENS):
        return True
    following, links, info = document.get("next"), _mapping(document, "links"), _mapping(document, "result_info")
    if _is_text(following) or _is_text(links.get("next")) or _is_text(_mapping(document, "next").get("href")):
        return True
    page, last = info.get("page"), info.get("total_pages")
    return isinstance(page, int) and isinstance(last, int) and page < last


def _mapping(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
