"""A proxy on loopback that is every host at once: it answers all requests, https too, and keeps all bytes of them."""

import socket
import socketserver
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.http_server import listing, reply, serving

_TLS = b"\x16"  # the first byte of a connection that begins so


@dataclass(frozen=True)
class Recorded:
    """One request: the host and port that it was for, `api.openai.com:443`, and its bytes."""

    host: str
    data: bytes


class Recorder(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, context: ssl.SSLContext, answer: Callable[[str, str], bytes]):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context, self.answer, self.recorded = context, answer, []
        self.place = f"127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        """Clients that hang up are no matter."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self._serve(self.request, self.server.place)

    def _serve(self, connection, host):
        """Answers one request that is for a host, which the first line names to a proxy."""
        if connection.recv(1, socket.MSG_PEEK) == _TLS:
            with self.server.context.wrap_socket(connection, server_side=True) as secure:
                self._answer(secure, host)
        else:
            self._answer(connection, host)

    def _answer(self, connection, host):
        with connection.makefile("rb") as reader:
            data = _read_request(reader)
        method, where = data.decode("latin-1").split(" ")[:2]
        if method == "CONNECT":
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            self._serve(connection, where)
            return
        parts = urlsplit(where)
        if parts.scheme:
            host = f"{parts.hostname}:{parts.port or 80}"
        self.server.recorded.append(Recorded(host, data))
        connection.sendall(self.server.answer(host, where))


def _read_request(reader) -> bytes:
    lines = []
    while (line := reader.readline()).strip():
        lines.append(line)
    length = next((line.split(b":")[1] for line in lines if line.lower().startswith(b"content-length:")), b"0")
    return b"".join(lines) + reader.read(int(length))


def certify(folder: Path, hosts: Sequence[str]) -> Path:
    """A certificate for these hosts with its key, in one file."""
    names = ",".join(f"{'IP' if host.replace('.', '').isdecimal() else 'DNS'}:{host}" for host in hosts)
    pem, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", pem,
         "-subj", "/CN=recorder", "-addext", f"subjectAltName={names}"],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_text(pem.read_text() + key.read_text())
    return pem


@contextmanager
def recording(pem: Path, answer: Callable[[str, str], bytes] | None = None) -> Iterator[Recorder]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    usual = reply(listing({"id": "m", "context_window": 1000}, {"id": "m2", "context_window": 1000}))
    with Recorder(context, answer or (lambda _host, _path: usual)) as server, serving(server):
        yield server
