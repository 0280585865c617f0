"""Pages of a list: whether an answer says that more follow, and the request for the next one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urljoin

from registry_cli.http import Request
from registry_cli.sources.shapes import object_or_empty

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
    following = document.get("next")
    addresses = (
        following,
        object_or_empty(following).get("href"),
        object_or_empty(document.get("links")).get("next"),
    )
    if any(map(_is_text, addresses)):
        return True
    info = object_or_empty(document.get("result_info"))
    page, last = info.get("page"), info.get("total_pages")
    return isinstance(page, int) and isinstance(last, int) and page < last


def follow_token(request: Request, query: str, token: Any) -> Sequence[Request]:
    """The request for the page that a token names; none where the token is missing or empty.

    `query` is what comes before the token in the address: `limit=1000&page_token=`.
    """
    if not token:
        return ()
    root = request.url.partition("?")[0]
    return (replace(request, url=f"{root}?{query}{quote(str(token), safe='')}"),)


def follow_address(request: Request, address: Any) -> Sequence[Request]:
    """The request for the page at an address, which may be relative; none where the address is missing or empty.

    `http` refuses an address on another host.
    """
    if not _is_text(address):
        return ()
    return (replace(request, url=urljoin(request.url, address)),)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
