"""How long a forge asks to wait. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime

from registry_cli.http.rules import asked_wait

_SHORTEST = 60.0  # seconds, where a limit is met and no time named; doubled each time
_LIMITED = (403, 429)


def limit_wait(status: int, headers: Mapping[str, str], body: bytes, now: float, attempt: int) -> float | None:
    """Seconds to wait after a request that met a limit, the `attempt`th from 1; None for any other answer.

    `Retry-After`, else the moment of `x-ratelimit-reset` (seconds since 1970, as `now`), else a minute and more.
    """
    spent = headers.get("x-ratelimit-remaining") == "0"
    asked = headers.get("retry-after")
    if status not in _LIMITED or not (asked or spent or status == 429 or b"rate limit" in body.lower()):  # noqa: PLR2004
        return None
    if asked:
        return asked_wait(asked, b"", datetime.fromtimestamp(now, UTC)) or 0.0
    reset = headers.get("x-ratelimit-reset", "")
    if spent and reset.isdecimal() and len(reset) < 13:  # noqa: PLR2004  # the digits of a moment of this age
        return max(float(reset) - now, 0.0) + 1.0
    return _SHORTEST * 2.0 ** (attempt - 1)
