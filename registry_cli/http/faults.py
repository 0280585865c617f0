"""The messages for failed requests. None repeats the text of an answer or of an httpx exception."""

import os
import socket
import ssl
from http import HTTPStatus
from urllib.parse import SplitResult

from registry_cli.core.text.secrets import quote_redacted
from registry_cli.core.trust.hosts import is_loopback
from registry_cli.http.environment import proxy_variable

_OVERLOADED = 529  # Anthropic's status for 503


def describe_status(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return " Overloaded" if status == _OVERLOADED else ""


def describe_network_fault(error: Exception) -> str:
    """Describe a network error in a few words, some of the system's. Those of httpx may repeat a header."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return f"no TLS ({quote_redacted(cause.reason or '')[1:-1].replace('_', ' ').lower() or 'broken off'})"
        if isinstance(cause, socket.gaierror):
            return quote_redacted(cause.strerror or "no such host")[1:-1]
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    names = {
        "ConnectTimeout": "no connection in time",
        "ReadTimeout": "no answer in time",
        "RemoteProtocolError": "the answer broke off",
        "ReadError": "the answer broke off",
        "ConnectError": "no connection",
        "ProxyError": "the proxy refused",
    }
    return names.get(type(error).__name__, "cannot be asked")


def describe_proxy(url: SplitResult) -> str:
    """Name the variable of the proxy that a request went through, because the proxy may be at fault."""
    variable = "" if is_loopback(url.hostname or "") else proxy_variable(url, os.environ)
    return f" (through the proxy that {variable} names)" if variable else ""


def describe_seconds(wait: float) -> str:
    return f"{wait:.0f} s" if wait < 1e6 else "more than a week"  # noqa: PLR2004
