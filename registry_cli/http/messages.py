"""Requests, replies, limits and the error of a request: data only, so that importing it is fast."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import UpstreamError

Kind = Literal["refused", "unreachable", "unreadable"]


class RequestError(UpstreamError):
    """A request without a usable answer; `kind` as in `core.statements.answers.Failure`."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `about` names what it asks for, where the answer does not.

    `key` goes into `key_header` after `key_prefix`; `key_hint` tells the user what to do where a key is needed.
    A key for signing is not sent: `sign` makes the headers for an address from it, each time a request is sent.
    An answer of 404 to an `optional` request is an empty body. `json` makes it a POST unless `method` says otherwise.
    Every answer to an `open` request is a reply, whatever its status; the caller checks the status.
    """

    url: str
    about: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    json: str | None = None
    key: SecretKey | None = None
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    key_hint: str = ""
    sign: Callable[[str], Mapping[str, str]] | None = None
    optional: bool = False
    method: str | None = None
    open: bool = False
    markdown: bool = False  # a page of Markdown is asked for, not JSON

    @property
    def verb(self) -> str:
        return self.method or ("GET" if self.json is None else "POST")


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier answer and the validators it came with."""

    body: bytes
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `kept` is the answer with its validators if it has any, `unchanged` means that the server answered
    304. The names of `headers` are in lower case."""

    body: bytes
    kept: Kept | None = None
    unchanged: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in seconds and bytes. `deadline` and `bytes` are for a whole conversation, `wait` for one Retry-After.

    The largest list of a known source has 5 MB.
    """

    deadline: float = 30.0
    bytes: int = 16 << 20
    requests: int = 300
    attempts: int = 3
    wait: float = 15.0
    pause: float = 0.5  # before the second attempt; doubled each time, and jittered
    connect: float = 8.0
