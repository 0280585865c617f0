"""The address of a source: its own, that of the provider's file, or the one that the environment names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from registry_cli.core.trust.decision import Destination
from registry_cli.core.trust.hosts import place_of, split_address
from registry_cli.core.trust.variables import ADDRESS_VARIABLES, fill_address, names_in, parts_in
from registry_cli.sources.base import Source

_TWO_SCHEMES = re.compile(r"^https?://(?=https?://)")
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  # what a server binds, not where it is


@dataclass(frozen=True, slots=True)
class WrittenAddress:
    """An address before its `${NAME}` are filled in; `set_by` is the variable that names all of it, if one does."""

    text: str
    set_by: str = ""

    @property
    def refused_names(self) -> list[str]:
        """The variables that it takes parts from and may not."""
        return [name for name in names_in(self.text) if name not in ADDRESS_VARIABLES]

    def unset_names(self, environ: Mapping[str, str]) -> list[str]:
        """What it needs and the environment lacks: `ONE`, or `ONE or OTHER` where either will do."""
        return [" or ".join(names) for names in parts_in(self.text) if not _first_value(names, environ)]


def find_address(source: Source, api: Mapping[str, Any], environ: Mapping[str, str]) -> WrittenAddress:
    """Return the address at which a source is asked; `api` is that of the provider's file."""
    local = environ.get(source.host_variable) if source.host_variable else None
    if local:
        return WrittenAddress(server_url(local, source.base_url), source.host_variable)
    return WrittenAddress(str(api.get("base_url") or source.base_url))


def resolve_address(source: Source, written: WrittenAddress, environ: Mapping[str, str]) -> tuple[str, Destination]:
    """Return the address to ask, with its host in the one spelling, and the destination to judge it by.

    Raises `ValueError` that repeats nothing of the environment.
    """

    def value_of(names: tuple[str, ...]) -> str:
        value = _first_value(names, environ).rstrip("/")
        if "@" in value:
            raise ValueError(f"{' or '.join(names)} holds more than a host")
        return quote(value, safe=":/.-_")

    # A variable may hold a host or a whole address.
    parts = split_address(_TWO_SCHEMES.sub("", fill_address(written.text, value_of)))
    own = source.key_variables if written.set_by else ()
    destination = Destination(written.text, place_of(parts), "@" in parts.netloc, written.set_by, own)
    return parts.geturl(), destination


def server_url(text: str, default: str) -> str:
    """`OLLAMA_HOST` and the like -> an address: the scheme, the host and the port may each be missing.

    Where a server listens on every address, it is asked on the loopback one.
    """
    usual = urlsplit(default)
    scheme, sign, rest = text.strip().partition("://")
    if not sign:
        scheme, rest = "http" if usual.scheme == "http" else usual.scheme, text.strip()
    place, slash, path = rest.partition("/")
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        host, port = place, "" if sign else str(usual.port or "")
    host = _ANY_ADDRESS.get(host, host) or usual.hostname or ""
    return f"{scheme}://{host}{':' if port else ''}{port}{slash}{path}".rstrip("/")


def _first_value(names: tuple[str, ...], environ: Mapping[str, str]) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")
