"""HTTP: asks the APIs of providers, other sources and GitHub, within a deadline, a budget of bytes and one host.

A failure is a `RequestError` with one line that names the host, and never a key or a query. What to ask and what an
answer means is not known here. Importing this package loads only the data of a request: `client` and `loop`, which
bring asyncio, ssl and httpx, are imported by what talks.
"""

from registry_cli.http.messages import Kept, Limits, Reply, Request, RequestError

__all__ = ["Kept", "Limits", "Reply", "Request", "RequestError"]
