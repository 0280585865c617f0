"""Upstreams on loopback: real sockets that answer as a test says, however badly."""

import gzip
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from registry_cli.core.trust.hosts import place_of, split_address


@dataclass(frozen=True)
class Asked:
    """One request as it came, `at` by the monotonic clock."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


Answering = Callable[[Asked], bytes | Iterable[bytes]]


class Upstream(socketserver.ThreadingTCPServer):
    """Serves `answering(asked)`: the bytes of a whole HTTP answer, or pieces of them as time goes by."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answering: Answering, wrap=lambda connection: connection, scheme="http"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answering, self._wrap, self.asked = answering, wrap, []
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}"

    def get_request(self):
        connection, address = super().get_request()
        return self._wrap(connection), address

    def handle_error(self, request, client_address):
        """Clients that hang up are the point of some tests."""


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline().decode("latin-1").split()
        if not line:
            return
        headers = {}
        while field := self.rfile.readline().decode("latin-1").strip():
            name, _, value = field.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(line[0], line[1], headers, body, time.monotonic())
        self.server.asked.append(asked)
        answer = self.server.answering(asked)
        for piece in [answer] if isinstance(answer, bytes) else answer:
            self.wfile.write(piece)
            self.wfile.flush()


@contextmanager
def upstream(answering: Answering, **options) -> Iterator[Upstream]:
    with Upstream(answering, **options) as server, serving(server):
        yield server


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """The server answers, in a thread of its own, until the block ends."""
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def reply(body, status=200, length=None, **headers) -> bytes:
    """A whole answer; anything but bytes becomes JSON. Underscores in header names stand for dashes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"Content-Type": "application/json", "Connection": "close"}
    named["Content-Length"] = str(len(data) if length is None else length)
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "", ""]).encode() + data


def trusting(url: str, *variables: str) -> str:
    """What `LLMREG_TRUST` says so that these variables may be sent to the server of an address."""
    place = place_of(split_address(url))
    return ",".join(f"{place}={name}" for name in variables)


def zipped(data: bytes, **headers) -> bytes:
    return reply(gzip.compress(data), Content_Encoding="gzip", **headers)


def listing(*rows) -> dict:
    """A list as OpenAI gives it."""
    return {
        "object": "list",
        "data": [row if isinstance(row, dict) else {"id": row, "object": "model"} for row in rows],
    }
