"""Where a source is asked and with which key: its own address or the catalog's, and what the environment holds."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from registry_cli.core.sync.answers import Failure
from registry_cli.core.text.secrets import Key
from registry_cli.sources.base import Source, Target
from registry_cli.sources.registry import is_secret, keys_among, may_be_sent

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9_,]+)\}")  # `${NAME}`, or `${NAME,OTHER}`: the first that is set
_TWO_SCHEMES = re.compile(r"^https?://(?=https?://)")
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  # what a server binds, not where it is


def target(
    source: Source, provider: str | None, api: Mapping[str, Any], environ: Mapping[str, str]
) -> Target | Failure:
    """How to ask a source now; a `Failure` of kind `no-key` where something is missing from the environment.

    `api` is that of the provider's file. The catalog thus says where keys are sent: sync one that you trust.
    """

    def missing(message: str) -> Failure:
        return Failure(source.name, provider, "no-key", message)

    base_url = _base_url(source, {} if source.covers_many else api, environ)
    if not base_url:
        return missing("its address is not known: the file has no api.base_url")
    in_address = [name for names in _PLACEHOLDER.findall(base_url) for name in names.split(",")]
    if secret := next(filter(is_secret, in_address), ""):
        return missing(f"its address holds {secret}, and a secret has no place there")
    unset = [names.replace(",", " or ") for names in _PLACEHOLDER.findall(base_url) if not _value(names, environ)]
    lacks = [f"{' and '.join(unset)} not set, which its address needs"] if unset else []
    variables = key_variables(source, api, base_url)
    refused = [name for name in api.get("key_env") or () if not may_be_sent(name, base_url)]
    if refused and not variables and not source.covers_many:
        lacks.append(f"{' and '.join(refused)} cannot be its key: a forge's token is sent to no source")
    key = next((Key(name, environ[name]) for name in variables if environ.get(name)), None)
    signing = source.signing(environ) if source.signing and key is None else None
    if isinstance(signing, str):
        lacks.append(signing)
    elif key is None and signing is None and source.key == "needed" and urlsplit(base_url).scheme == "https":
        lacks.append(f"{' or '.join(variables)} not set")
    if lacks or isinstance(signing, str):
        return missing("; ".join(lacks))
    # A variable may hold a host or a whole address.
    base_url = _PLACEHOLDER.sub(lambda found: quote(_value(found[1], environ).rstrip("/"), safe=":/.-_"), base_url)
    headers = {header: environ[name] for header, name in source.header_variables.items() if environ.get(name)}
    return Target(_TWO_SCHEMES.sub("", base_url), key, headers, signing, variables)


def _value(names: str, environ: Mapping[str, str]) -> str:
    return next((environ[name] for name in names.split(",") if environ.get(name)), "")


def key_variables(source: Source, api: Mapping[str, Any], base_url: str | None = None) -> tuple[str, ...]:
    """The variables that may hold the key at an address (that of the file, else the source's own), the source's own
    first."""
    if source.key == "none":
        return ()
    place = base_url or str(api.get("base_url") or source.base_url)
    own = (name for name in source.key_variables if may_be_sent(name, place))
    return tuple(dict.fromkeys((*own, *keys_among(tuple(api.get("key_env") or ()), place))))


def _base_url(source: Source, api: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    local = environ.get(source.host_variable) if source.host_variable else None
    if local:
        return server_url(local, source.base_url)
    return str(api.get("base_url") or source.base_url)


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
