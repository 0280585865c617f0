"""A request, its reply, the limits of both, and the error that stands for a reply: data, which costs no start-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import UpstreamError

Kind = Literal["refused", "unreachable", "unreadable"]


class RequestError(UpstreamError):
    """Why there is no answer; `kind` as in `core.statements.answers.Failure`."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind


@dataclass(frozen=True, slots=True)
class Request:
    """One question. `about` says what it asks for where the answer does not repeat it.

    `key` goes into `key_header` after `key_prefix`; `key_hint` tells the user what to do where a key is wanted.
    A key that signs stays here: `sign` makes the headers of a request to an address from it, each time one is sent.
    An answer of 404 to an `optional` request is an empty body. `json` makes it a POST unless `method` says otherwise.
    Of an `open` request every answer is a reply, whatever its status: whoever asks knows what each means.
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
    """`kept` is the answer with its validators where it has any, `unchanged` that upstream said 304. The names of
    `headers` are in lower case."""

    body: bytes
    kept: Kept | None = None
    unchanged: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes. `deadline` and `bytes` hold for a whole conversation, `wait` for one Retry-After.

    The largest list that is known has 5 MB.
    """

    deadline: float = 30.0
    bytes: int = 16 << 20
    requests: int = 300
    attempts: int = 3
    wait: float = 15.0
    pause: float = 0.5  # before the second attempt; doubled each time, and jittered
    connect: float = 8.0
