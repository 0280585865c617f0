"""How long to wait for a forge's rate limit. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from registry_cli.http.rules import requested_wait

_SHORTEST = 60.0  # seconds, where the answer names no time; doubled each time
_LIMITED = (403, 429)


def limit_wait(status: int, headers: Mapping[str, str], body: bytes, now: float, attempt: int) -> float | None:
    """Return the seconds to wait after an answer that reports a rate limit; None for any other answer.

    `Retry-After` decides, else `x-ratelimit-reset` (seconds since 1970, as `now`). Without either it is a minute after
    the first attempt, doubled for each further one.
    """
    spent = headers.get("x-ratelimit-remaining") == "0"
    retry_after = headers.get("retry-after")
    if status not in _LIMITED or not (retry_after or spent or status == 429 or b"rate limit" in body.lower()):  # noqa: PLR2004
        return None
    if retry_after:
        return requested_wait(retry_after, b"", datetime.fromtimestamp(now, UTC)) or 0.0
    reset = headers.get("x-ratelimit-reset", "")
    if spent and reset.isdecimal() and len(reset) < 13:  # noqa: PLR2004  # the digits of a moment of this age
        return max(float(reset) - now, 0.0) + 1.0
    return _SHORTEST * 2.0 ** (attempt - 1)
