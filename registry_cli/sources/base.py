"""What a source is: the address of a list of models, and a pure function from its answers to observations.

`docs/adding-a-source.md` is the recipe. Sources do no input or output: `commands/sync/fetch.py` sends the requests
and hands the answers to `parse`.
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
    """One answer. `about` names the subject of the request (a model) if the answer does not."""

    body: bytes
    about: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """A secret that is never sent, and a function from an address to the headers that sign a GET of it."""

    key: SecretKey
    headers: Callable[[str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how to ask a source in this run."""

    base_url: str  # the root of the API
    key: SecretKey | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # that the environment adds
    signing: Signing | None = None
    key_hint: str = ""  # what the user can do if the source asks for a key
    place: str = ""
    why_trusted: str = ""  # why the host may get the key
    left_out: Pair | None = None  # the host and variable to trust so that an optional key is sent too


_PACKED = "llmreg_pages"


def pack_pages(pages: Sequence[Page]) -> bytes:
    """Return the answers of one sync as one recording. A single answer is its own recording."""
    if len(pages) == 1:
        return pages[0].body
    packed = [{"about": page.about, "body": page.body.decode(errors="replace")} for page in pages]
    return json.dumps({_PACKED: packed}, indent=1).encode()


def unpack_pages(data: bytes) -> list[Page]:
    """Return the pages of a recording, which may be a single answer."""
    if _PACKED.encode() in data[:40]:
        try:
            return [Page(page["body"].encode(), page["about"]) for page in json.loads(data)[_PACKED]]
        except (ValueError, LookupError, TypeError, AttributeError):
            pass  # an answer that only begins like a recording; `parse` reports what is wrong with it
    return [Page(data)]


Follow = Callable[[Request, bytes], Sequence[Request]]


def no_more_requests(_request: Request, _body: bytes) -> Sequence[Request]:
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """A list of models at an address, and how to read it.

    `parse(pages, provider)` returns the observations of all answers. `provider` is the catalog's id of the provider; a
    source that `covers_many` ignores it. It raises `UpstreamError` for an answer that is not the source's list.
    `follow(request, body)` returns the requests that an answer makes necessary: for the next page, or for details.

    `base_url` may hold `${VARIABLE}` of the environment, or `${ONE,OTHER}`. `signing(environ)` is for a source that
    accepts signed requests instead of a key. It returns the `Signing`, or a text that says what is missing.
    """

    name: str
    docs: str
    base_url: str
    path: str
    parse: Callable[[Sequence[Page], str], Observations]
    follow: Follow = no_more_requests
    key: KeyUse = "none"
    key_variables: tuple[str, ...] = ()
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    headers: Mapping[str, str] = field(default_factory=dict)
    header_variables: Mapping[str, str] = field(default_factory=dict)  # header -> environment variable
    signing: Callable[[Mapping[str, str]], Signing | str] | None = None
    host_variable: str = ""  # an environment variable with the address of the server
    suffixes: tuple[str, ...] = ()  # of `api.base_url` in a provider file, that are not part of this API's root
    optional: bool = False  # the first request may be answered by 404
    local: bool = False  # a server on the user's machine: short deadline, no retries
    incomplete: bool = False  # lists what one account, region or collection has, not all that the provider offers
    covers_many: bool = False  # lists the models of many providers
    markdown: bool = False  # the answer is a page of Markdown
    lifecycle: bool = False  # states only when models end: a model that it does not list is not gone
    witness: bool = False  # a comparison source: used if the user names it; decides only if a file lists it
    verified: bool = False  # whether `parse` was tried on a recorded answer, not on the documentation alone
    fault: str = ""  # why a plug-in cannot be asked

    @property
    def is_provider_list(self) -> bool:
        """Whether this is a provider's own list of models.

        Then the address and the variables in the provider's file are for it, and it may add models. Other sources have
        a fixed address and get no key.
        """
        return not self.covers_many and not self.lifecycle

    @property
    def is_complete(self) -> bool:
        """Whether the provider offers no model that is missing from the list.

        A variable in the address means a list of one region or account.
        """
        is_of_provider = not (self.covers_many or self.lifecycle or self.witness or self.local)
        return is_of_provider and not self.incomplete and "${" not in self.base_url

    def read_answers(self, pages: Sequence[Page], provider: str) -> Observations:
        """Parse all answers. Raises `UpstreamError` for whatever `parse` cannot read, and for an incomplete list.

        A list is incomplete if its last page says that more follow: in a recording, or where `follow` knows no pages.
        """
        if not pages:
            raise UpstreamError(f"{self.name}: a recording without an answer")
        with self._refuse_unforeseen():
            last = next((page.body for page in reversed(pages) if page.body), b"")
            is_list = last and not self.covers_many and not self.markdown
            if is_list and says_more(read_json(last, self.name, lambda _key: None)):
                raise UpstreamError(f"{self.name}: the answer says that more models follow on another page; not used")
            return self.parse(pages, provider)

    def next_requests(self, request: Request, body: bytes) -> Sequence[Request]:
        """Return the requests that an answer makes necessary. Raises `UpstreamError` if `follow` cannot read it."""
        with self._refuse_unforeseen():
            return self.follow(request, body)

    @contextmanager
    def _refuse_unforeseen(self) -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError) as error:
            fault = type(error).__name__
            raise UpstreamError(f"{self.name}: an answer of another shape than its list has ({fault})") from None

    def first_request(self, target: Target) -> Request:
        """Return the request for the first page."""
        return Request(
            self.api_root(target.base_url) + self.path,
            headers={**self.headers, **target.headers},
            key=target.signing.key if target.signing else target.key,
            sign=target.signing.headers if target.signing else None,
            key_header=self.key_header,
            key_prefix=self.key_prefix,
            key_hint=target.key_hint,
            optional=self.optional,
            markdown=self.markdown,
        )

    def api_root(self, base_url: str) -> str:
        root = base_url.rstrip("/")
        for suffix in self.suffixes:
            root = root.removesuffix(suffix)
        return root
