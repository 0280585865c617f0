"""What came back from a source: its observations, or why there are none."""

from dataclasses import dataclass
from typing import Literal

from registry_cli.core.statements.observations import Observations
from registry_cli.core.trust.known import Pair

FailureKind = Literal["no-key", "untrusted", "refused", "unreachable", "unreadable"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a source has no answer, in one line without secrets and without the URL's query.

    `no-key` is not a fault: the source needs a variable that is not set, and is skipped. `untrusted` is a key that is
    set and was not sent; `pair` is what the user has to trust for it. `refused` is an answer of 401, 403 or the like,
    `unreachable` a network, server or deadline fault, `unreadable` an answer that is not what the source promises.
    `provider` is None for a source that covers many.
    """

    source: str
    provider: str | None
    kind: FailureKind
    message: str
    pair: Pair | None = None

    @property
    def is_skip(self) -> bool:
        return self.kind == "no-key"


@dataclass(frozen=True, slots=True)
class Answer:
    """One source's answer: exactly one of `observations` and `failure`.

    `provider` is the catalog's provider that was asked about, None for a source that covers many. `checked_at` is
    the moment of asking, in ISO 8601 with a `Z`; `url` has no query and no credentials. `verified` says that the
    source's reading was tried on a real answer before; `recorded` that the answer was read from a file, so that it may
    be an old one; `lifecycle`, `complete` and `is_provider_list` what the source says of itself (`Source.lifecycle`,
    `Source.is_complete`, `Source.is_provider_list`). It is not `dated` where nobody said of which day a recorded answer
    is.
    """

    source: str
    provider: str | None
    observations: Observations | None
    failure: Failure | None
    checked_at: str
    url: str
    verified: bool = True
    recorded: bool = False
    lifecycle: bool = False
    complete: bool = False
    dated: bool = True
    is_provider_list: bool = False
