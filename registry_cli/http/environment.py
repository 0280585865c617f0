"""The proxies and the trusted certificates that the environment sets. An error names the variable.

The value of a proxy variable is never shown, because it may hold a password.
"""

import os
import re
import ssl
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from registry_cli.core.text.secrets import quote_redacted
from registry_cli.errors import UpstreamError

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
_SOCKS = frozenset({"socks5", "socks5h"})
_SCHEMES = frozenset({"http", "https"}) | _SOCKS
_NO_PROXY = "is not the address of a proxy, such as http://proxy.example:8080"
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # how OpenSSL finds a certificate in a directory


def make_client(httpx: Any, environ: Mapping[str, str], **options: Any) -> Any:
    """Return an httpx client with these options. Raises `UpstreamError` for proxies that cannot be used.

    `environ` is empty for a client that uses no proxy.
    """
    for variable in filter(None, (_set_variable(name, environ) for name in _PROXIES)):
        fault = _proxy_fault(environ[variable])
        if fault:
            raise UpstreamError(f"{variable} {fault}")
    try:
        return httpx.AsyncClient(**options)
    except (httpx.InvalidURL, ValueError, TypeError):
        variable = _set_variable("no_proxy", environ) or "a proxy of the system"
        raise UpstreamError(f"{variable} cannot be read: it should be a list of hosts, parted by commas") from None


def trusted_certificates(httpx: Any, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return the certificates that httpx trusts. Raises `UpstreamError` where a variable names no readable one."""
    variable = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name)), "")
    path = Path(environ.get(variable, ""))
    fault = _directory_fault(path) if variable == "SSL_CERT_DIR" else _file_fault(path) if variable else ""
    if fault:
        raise UpstreamError(f"{variable} names {quote_redacted(str(path), length=200)[1:-1]}: {fault}")
    context: ssl.SSLContext = httpx.create_ssl_context()
    return context


def proxy_variable(url: SplitResult, environ: Mapping[str, str]) -> str:
    """Return the variable that names the proxy for an address; empty for no proxy."""
    from urllib.request import proxy_bypass  # noqa: PLC0415  # after httpx, which imports it too

    if proxy_bypass(url.netloc.rpartition("@")[2]):
        return ""
    return _set_variable(f"{url.scheme}_proxy", environ) or _set_variable("all_proxy", environ)


def _set_variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the name of the variable in the case in which it is set; lower case wins. Empty where neither is set."""
    return next((spelled for spelled in (name.lower(), name.upper()) if environ.get(spelled)), "")


def _proxy_fault(address: str) -> str:
    """Return why a proxy cannot be used; empty for one that can be tried."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        is_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return _NO_PROXY
    if parts.scheme not in _SCHEMES or not is_place:
        return _NO_PROXY
    if parts.scheme in _SOCKS and find_spec("socksio") is None:
        return "names a SOCKS proxy, which needs the package socksio (pip install socksio)"
    return ""


def _file_fault(path: Path) -> str:
    try:
        if not path.is_file():
            return "not a file" if path.exists() else "no such file"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        return "holds no certificate"
    except OSError as error:
        return error.strerror or "cannot be read"
    return "" if context.cert_store_stats()["x509"] else "holds no certificate"


def _directory_fault(path: Path) -> str:
    try:
        names = os.listdir(path)  # noqa: PTH208  # names alone
    except OSError as error:
        return error.strerror or "cannot be read"
    return "" if any(map(_HASHED.fullmatch, names)) else "holds no certificate under a hashed name (openssl rehash)"
