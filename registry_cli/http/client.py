"""The HTTP client, and the only user of httpx.

A `Conversation` is all requests to one source: with one deadline, one budget of bytes and one host. Every failure is a
`RequestError` with one line that names the host, and never a key or a query.
"""

import asyncio
import os
import random
import ssl
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin

from registry_cli.core.text.secrets import SecretKey, quote_redacted
from registry_cli.core.trust.hosts import is_loopback, split_address
from registry_cli.errors import UpstreamError
from registry_cli.http.environment import make_client, trusted_certificates
from registry_cli.http.faults import describe_network_fault, describe_proxy, describe_seconds, describe_status
from registry_cli.http.loop import import_httpx
from registry_cli.http.messages import Kept, Limits, Reply, Request, RequestError
from registry_cli.http.rules import (
    complains_of_key,
    error_words,
    is_json_type,
    is_markdown_type,
    may_follow,
    may_send_key,
    origin_of,
    requested_wait,
)
from registry_cli.version import __version__

if TYPE_CHECKING:
    import httpx

_GZIP = 31  # zlib's word for a gzip wrapper
_REDIRECTS = 5
_CONNECTIONS_PER_HOST = 4


class Session:
    """What the conversations of one run share: trusted certificates, and a limit of connections to each host."""

    def __init__(self) -> None:
        self.httpx = import_httpx()
        self._slots: dict[tuple[str | None, int | None], asyncio.Semaphore] = {}

    @cached_property
    def _trusting_context(self) -> ssl.SSLContext:
        return trusted_certificates(self.httpx, os.environ)

    @cached_property
    def _untrusting_context(self) -> ssl.SSLContext:
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def open_client(self, *, secure: bool, local: bool) -> "httpx.AsyncClient":
        """Return a client for one conversation. Raises `RequestError`.

        One that is not `secure` trusts no certificate. A `local` one, for a server on this machine, uses no proxy.
        """
        try:
            client: httpx.AsyncClient = make_client(
                self.httpx,
                {} if local else os.environ,
                verify=self._trusting_context if secure else self._untrusting_context,
                trust_env=not local,
                headers={"User-Agent": f"llmreg/{__version__}"},
                follow_redirects=False,
            )
        except UpstreamError as fault:
            raise RequestError("unreachable", fault.message) from None
        return client

    def host_slot(self, url: SplitResult) -> asyncio.Semaphore:
        return self._slots.setdefault((url.hostname, url.port), asyncio.Semaphore(_CONNECTIONS_PER_HOST))

    @asynccontextmanager
    async def conversation(self, limits: Limits) -> AsyncIterator["Conversation"]:
        """Open a conversation. Raises `RequestError` at its deadline, whatever it is waiting for."""
        talk = Conversation(self, limits)
        try:
            async with asyncio.timeout(limits.deadline):
                yield talk
        except TimeoutError:
            raise RequestError("unreachable", f"{talk.host}: no whole answer within {limits.deadline:g} s") from None
        finally:
            await talk.close()


class Conversation:
    """The requests to one source. All go to the host of the first one, and none is sent for the same page twice."""

    def __init__(self, session: Session, limits: Limits) -> None:
        self._session = session
        self._limits = limits
        self._room = self._raw_room = limits.bytes  # decoded, and as they come over the line
        self._ends = asyncio.get_running_loop().time() + limits.deadline
        self._asked: set[tuple[str, str, str | None]] = set()
        self._origin: SplitResult | None = None
        self._clients: dict[tuple[bool, bool], httpx.AsyncClient] = {}
        self.host = "the source"

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    def _client_for(self, url: SplitResult) -> "httpx.AsyncClient":
        secure, local = kind = (url.scheme == "https", is_loopback(url.hostname or ""))
        if kind not in self._clients:
            self._clients[kind] = self._session.open_client(secure=secure, local=local)
        return self._clients[kind]

    async def ask(self, request: Request, kept: Kept | None = None) -> Reply:
        """Return the whole answer, decoded. Raises `RequestError`."""
        url = self._check_request(request)
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return await self._follow_redirects(request, url, kept)
            except _RetryError as fault:
                if attempt == self._limits.attempts:
                    raise RequestError("unreachable", fault.message) from None
                pause = self._retry_pause(attempt, fault)
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _check_request(self, request: Request) -> SplitResult:
        url = self._split_url(request.url)
        if self._origin is None:
            self._origin, self.host = url, quote_redacted(url.netloc.rpartition("@")[2], length=200)[1:-1]
        elif origin_of(url) != origin_of(self._origin):
            raise RequestError("unreadable", f"{self.host}: the next page is at another host; not followed")
        question = (request.verb, request.url, request.json)
        if question in self._asked:
            raise RequestError("unreadable", f"{self.host}: points to a page that was already read")
        if len(self._asked) >= self._limits.requests:
            raise RequestError("unreadable", f"{self.host}: more than {self._limits.requests} pages")
        self._asked.add(question)
        if request.key is not None:
            if not request.key.is_usable():
                variable = request.key.variable
                raise RequestError("refused", f"{variable} holds a space, a line break or the like; it was not sent")
            if not may_send_key(url):
                raise RequestError("refused", f"{self.host}: a key is sent over https only")
        return url

    def _split_url(self, url: str) -> SplitResult:
        """Return the parts of an address. An error does not repeat it, because an address may hold the key."""
        try:
            return split_address(url)
        except ValueError as fault:
            raise RequestError(
                "unreachable", f"{self.host}: leads to an address that cannot be asked: {fault}"
            ) from None

    def _retry_pause(self, attempt: int, fault: "_RetryError") -> float:
        """Return the seconds until the next attempt. Raises `RequestError` where the server asks for too many."""
        left: float = self._ends - asyncio.get_running_loop().time()
        if fault.wait is not None:
            if fault.wait > min(self._limits.wait, left):
                raise RequestError("unreachable", f"{fault.message}; asks to wait {describe_seconds(fault.wait)}")
            return fault.wait
        jitter = random.uniform(0.5, 1.0)  # noqa: S311  # not for secrecy
        return float(self._limits.pause * 2 ** (attempt - 1) * jitter)

    async def _follow_redirects(self, request: Request, url: SplitResult, kept: Kept | None) -> Reply:
        for _ in range(_REDIRECTS):
            async with self._session.host_slot(url):
                outcome = await self._exchange_once(request, url, kept)
            if isinstance(outcome, Reply):
                return outcome
            if request.verb != "GET" or not may_follow(url, outcome, with_key=request.key is not None):
                where = quote_redacted(outcome.hostname or "", _keys_of(request), length=200)[1:-1]
                raise RequestError("unreachable", f"{self.host}: redirects to {where or 'nowhere'}; not followed")
            url = outcome
        raise RequestError("unreachable", f"{self.host}: redirects without end")

    async def _exchange_once(self, request: Request, url: SplitResult, kept: Kept | None) -> "Reply | SplitResult":
        """Return the answer, or the address that it redirects to."""
        httpx = self._session.httpx
        try:
            async with self._client_for(url).stream(
                request.verb,
                url.geturl(),
                headers=_request_headers(request, url.geturl(), kept),
                content=request.json,
                timeout=httpx.Timeout(self._limits.deadline, connect=self._limits.connect),
            ) as response:
                self._client_for(url).cookies.clear()
                if response.has_redirect_location:
                    return self._split_url(urljoin(url.geturl(), response.headers["location"]))
                if response.status_code == HTTPStatus.NOT_MODIFIED and kept is not None:
                    return Reply(kept.body, kept, unchanged=True)
                body = await self._read_body(response)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, UnicodeError) as error:
            raise _RetryError(f"{self.host}: {describe_network_fault(error)}{describe_proxy(url)}") from None
        return self._judge_response(request, response, body)

    async def _read_body(self, response: "httpx.Response") -> bytes:
        """Return the body, decoded piece by piece, so that no answer takes more memory than the limit."""
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip"}:
            raise RequestError(
                "unreadable", f"{self.host}: an encoding that was not asked for: {quote_redacted(coding)}"
            )
        decoder = zlib.decompressobj(_GZIP) if coding == "gzip" else None
        pieces: list[bytes] = []
        async for raw in response.aiter_raw():
            try:
                piece = decoder.decompress(raw, max(self._room, 1)) if decoder else raw
            except zlib.error:
                raise RequestError("unreadable", f"{self.host}: the gzip is corrupt") from None
            self._raw_room -= len(raw)
            self._room -= len(piece)
            if min(self._room, self._raw_room) < 0 or (decoder and decoder.unconsumed_tail):
                limit = self._limits.bytes >> 20
                raise RequestError("unreadable", f"{self.host}: an answer of more than {limit} MiB")
            pieces.append(piece)
        if decoder and pieces and not decoder.eof:
            raise RequestError("unreadable", f"{self.host}: the gzip ends too early")
        return b"".join(pieces)

    def _judge_response(self, request: Request, response: "httpx.Response", body: bytes) -> Reply:
        status, keys = response.status_code, _keys_of(request)
        if request.open:
            return Reply(body, status=status, headers=dict(response.headers))
        if status == HTTPStatus.NOT_FOUND and request.optional:
            return Reply(b"")
        if status in {401, 403} or (status == HTTPStatus.BAD_REQUEST and complains_of_key(body)):
            raise RequestError("refused", f"{self.host}: {_about_key(request, status)}")
        if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            wait = requested_wait(response.headers.get("retry-after"), body, datetime.now().astimezone())
            raise _RetryError(
                f"{self.host}: answered {status}{describe_status(status)}{_key_hint(request, status)}", wait
            )
        if status != HTTPStatus.OK:
            words = error_words(body)
            said = f"; said {quote_redacted(words, keys)}" if words else ""
            if (
                request.key and status == HTTPStatus.BAD_REQUEST
            ):  # some servers answer a wrong key with this, and no word
                said += f" (to the key in {request.key.variable})"
            raise RequestError("refused", f"{self.host}: answered {status}{describe_status(status)}{said}")
        form = response.headers.get("content-type", "")
        if not (is_markdown_type(form) if request.markdown else is_json_type(form)):
            wanted, named = "Markdown" if request.markdown else "JSON", quote_redacted(form.partition(";")[0], keys)
            raise RequestError("unreadable", f"{self.host}: not {wanted} but {named}, of {len(body):,} bytes")
        etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
        if request.key is not None and request.key.is_in(body):
            variable = request.key.variable
            raise RequestError("unreadable", f"{self.host}: the answer repeats the key in {variable}; not used")
        return Reply(body, Kept(body, etag, modified) if request.key is None and (etag or modified) else None)


class _RetryError(Exception):
    """Worth another attempt, after `wait` seconds where upstream named a time."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.wait = wait


def _keys_of(request: Request) -> tuple[SecretKey, ...]:
    return (request.key,) if request.key else ()


def _request_headers(request: Request, url: str, kept: Kept | None) -> dict[str, str]:
    accepted = "text/markdown, text/plain" if request.markdown else "application/json"
    headers = {"Accept": accepted, "Accept-Encoding": "gzip", **request.headers}
    if request.json is not None:
        headers["Content-Type"] = "application/json"
    if kept is not None and kept.etag:
        headers["If-None-Match"] = kept.etag
    if kept is not None and kept.last_modified:
        headers["If-Modified-Since"] = kept.last_modified
    if request.sign is not None:
        headers |= request.sign(url)
    elif request.key is not None:
        headers[request.key_header] = request.key_prefix + request.key.value
    return headers


def _about_key(request: Request, status: int) -> str:
    if request.key is not None:
        return f"refused the key in {request.key.variable} ({status})"
    return f"wants a key ({status}){f'; {request.key_hint}' if request.key_hint else ''}"


def _key_hint(request: Request, status: int) -> str:
    """A LiteLLM proxy answers 500 where a key is missing, and does not say so."""
    if request.key is not None or not request.key_hint or status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    return f"; if it wants a key, {request.key_hint}"
