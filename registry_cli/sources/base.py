"""What a source is: where it is asked, and a pure function from its answers to observations.

`docs/adding-a-source.md` is the recipe. Sources do no input or output: `commands/sync/fetch.py` asks, and hands the
answers to `parse`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from registry_cli.core.statements.observations import Observations
from registry_cli.core.text.secrets import SecretKey
from registry_cli.core.trust.known import Pair
from registry_cli.errors import UpstreamError
from registry_cli.http import Request
from registry_cli.sources.json_text import read_json
from registry_cli.sources.paging import says_more

KeyUse = Literal["needed", "optional", "none"]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer; `about` is the request's word for what was asked where the answer does not repeat it."""

    body: bytes
    about: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """A secret that never leaves, and the headers that it makes for a GET of an address."""

    key: SecretKey
    headers: Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A source as it is asked now: the root of its API, the key or the signing, the headers of the environment.

    `why_trusted` says why the host may get the key, `left_out` which pair of host and variable the user may trust so
    that an optional key is sent too, and `key_hint` what to do where the source turns out to want one.
    """

    base_url: str
    key: SecretKey | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    signing: Signing | None = None
    key_hint: str = ""
    place: str = ""
    why_trusted: str = ""
    left_out: Pair | None = None


_PACKED = "llmreg_pages"


def pack(pages: Sequence[Page]) -> bytes:
    """All answers of one asking as one recording: the answer itself where there is only one."""
    if len(pages) == 1:
        return pages[0].body
    packed = [{"about": page.about, "body": page.body.decode(errors="replace")} for page in pages]
    return json.dumps({_PACKED: packed}, indent=1).encode()


def unpack(data: bytes) -> list[Page]:
    """The pages of a recording, which may be an answer as it came."""
    if _PACKED.encode() in data[:40]:
        try:
            return [Page(page["body"].encode(), page["about"]) for page in json.loads(data)[_PACKED]]
        except (ValueError, LookupError, TypeError, AttributeError):
            pass  # an answer that only begins alike; `parse` says what is wrong with it
    return [Page(data)]


Follow = Callable[[Request, bytes], Sequence[Request]]


def nothing_more(_request: Request, _body: bytes) -> Sequence[Request]:
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """A list of models that can be asked for.

    `parse(pages, provider)` turns all answers of one asking into observations under the catalog's id of the provider
    (which a source that `covers_many` ignores); it raises `UpstreamError` for an answer that is not what the source
    promises. `follow(request, body)` names the requests that an answer makes necessary: the next page, details.

    `base_url` may hold `${VARIABLE}` of the environment, or `${ONE,OTHER}`. `signing(environ)` is for a source that can
    be asked with signed requests where no key is set; it answers with what is missing where it cannot sign either.

    `suffixes` are ends of a catalog's `api.base_url` that are not part of this API's root. `verified` says that the
    parser was tried on a recorded answer of the real service, rather than on its documentation alone.
    """

    name: str
    docs: str
    base_url: str
    path: str
    parse: Callable[[Sequence[Page], str], Observations]
    follow: Follow = nothing_more
    key: KeyUse = "none"
    key_variables: tuple[str, ...] = ()
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    headers: Mapping[str, str] = field(default_factory=dict)
    header_variables: Mapping[str, str] = field(default_factory=dict)  # header -> environment variable
    signing: Callable[[Mapping[str, str]], Signing | str] | None = None
    host_variable: str = ""  # an environment variable that says where the server is
    suffixes: tuple[str, ...] = ()
    optional: bool = False  # the first request may be answered by 404
    local: bool = False  # a server of one's own machine: not waited for, not retried
    incomplete: bool = False  # lists what one account, region or collection has, not all that the provider offers
    covers_many: bool = False
    markdown: bool = False  # the answer is a page of Markdown
    lifecycle: bool = False  # states only when models end: what it does not list is not gone
    witness: bool = False  # asked where a person names it, to compare; decides only where a file lists it
    verified: bool = False

    @property
    def is_provider_list(self) -> bool:
        """Whether this is a provider's own list of models: the address and the variables in the provider's file are
        about it, and it is enough that it names a model. A list of many providers and a page of documentation are
        always at their own address, and get no key."""
        return not self.covers_many and not self.lifecycle

    @property
    def is_complete(self) -> bool:
        """Whether a model that is not in the list is one that the provider does not offer. A part of the address that
        only the user knows means a list of one region or account."""
        is_of_provider = not (self.covers_many or self.lifecycle or self.witness or self.local)
        return is_of_provider and not self.incomplete and "${" not in self.base_url

    def observe(self, pages: Sequence[Page], provider: str) -> Observations:
        """`parse`, with every answer that it was not made for turned into an `UpstreamError`, and so a list that is not
        whole: its last page says that more follows. That happens in a recording, or where an API names no next page."""
        if not pages:
            raise UpstreamError(f"{self.name}: a recording without an answer")
        with self._unforeseen():
            last = next((page.body for page in reversed(pages) if page.body), b"")
            is_list = last and not self.covers_many and not self.markdown
            if is_list and says_more(read_json(last, self.name, lambda _key: None)):
                raise UpstreamError(f"{self.name}: the answer says that more models follow on another page; not used")
            return self.parse(pages, provider)

    def more(self, request: Request, body: bytes) -> Sequence[Request]:
        """`follow`, likewise."""
        with self._unforeseen():
            return self.follow(request, body)

    @contextmanager
    def _unforeseen(self) -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            fault = type(error).__name__
            raise UpstreamError(f"{self.name}: an answer of another shape than its list has ({fault})") from None

    def first(self, target: Target) -> Request:
        """The first request; `follow` may add others."""
        return Request(
            self.root(target.base_url) + self.path,
            headers={**self.headers, **target.headers},
            key=target.signing.key if target.signing else target.key,
            sign=target.signing.headers if target.signing else None,
            key_header=self.key_header,
            key_prefix=self.key_prefix,
            key_hint=target.key_hint,
            optional=self.optional,
            markdown=self.markdown,
        )

    def root(self, base_url: str) -> str:
        root = base_url.rstrip("/")
        for suffix in self.suffixes:
            root = root.removesuffix(suffix)
        return root
