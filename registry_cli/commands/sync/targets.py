"""Where a source is asked and with which key. A key goes only to a host that is trusted with it (docs/security.md)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from registry_cli.commands.sync.addresses import WrittenAddress, find_address, resolve_address
from registry_cli.core.statements.answers import Failure
from registry_cli.core.text.secrets import SecretKey
from registry_cli.core.text.suggest import did_you_mean
from registry_cli.core.trust.decision import Destination, UserTrust, is_trusted_place, trust_command, why_trusted
from registry_cli.core.trust.hosts import host_in, is_link_local
from registry_cli.core.trust.known import Pair, known_hosts, may_be_key
from registry_cli.core.trust.variables import is_of_forge
from registry_cli.errors import UsageError
from registry_cli.http.rules import may_send_key
from registry_cli.sources.base import Signing, Source, Target
from registry_cli.sources.registry import find_source, source_names, usable_key_variables

_NO_TRUST: UserTrust = MappingProxyType({})
_NO_VARIABLE = "NO_KEY"  # stands for one where a host is to be trusted that gets no key


def find_target(
    source: Source,
    provider: str | None,
    api: Mapping[str, Any],
    environ: Mapping[str, str],
    user_trust: UserTrust = _NO_TRUST,
) -> Target | Failure:
    """How to ask a source now. `api` is that of the provider's file, `user_trust` the user's own trusted pairs.

    A `Failure` is of kind `no-key` where something is missing from the environment, and of kind `untrusted` where the
    host may not get what it needs; its `pair` is then the one that the user may trust. A plug-in that cannot be loaded
    is `unreadable`.
    """
    failure = partial(Failure, source.name, provider)
    api = api if source.is_provider_list else {}
    written = find_address(source, api, environ)
    if source.fault or not written.text:
        unknown = failure("no-key", "its address is not known: the file has no api.base_url")
        return failure("unreadable", source.fault) if source.fault else unknown
    if refused := written.refused_names:
        return failure("untrusted", f"its address holds {refused[0]}, which may not be part of an address")
    credentials = _read_credentials(source, api, written, environ)
    unset = " and ".join(written.unset_names(environ))
    lacks = [f"{unset} not set, which its address needs" if unset else "", credentials.missing]
    if any(lacks):
        return failure("no-key", "; ".join(filter(None, lacks)))
    try:
        base_url, destination = resolve_address(source, written, environ)
    except ValueError as fault:
        return failure("unreachable", f"its address cannot be used: {fault}")
    choice = _choose_key(credentials, base_url, destination, user_trust)
    if choice.refusal and (source.key == "needed" or choice.no_request):
        return failure("untrusted", choice.refusal, choice.pair)
    return Target(
        base_url,
        None if credentials.signing else choice.key,
        {header: environ[name] for header, name in source.header_variables.items() if choice.key and environ.get(name)},
        credentials.signing if choice.key else None,
        key_hint=choice.refusal or (f"set {' or '.join(credentials.variables)}" if credentials.variables else ""),
        place=destination.place,
        why_trusted=choice.why,
        left_out=choice.pair,
    )


def key_variables(source: Source, api: Mapping[str, Any], address: str | None = None) -> tuple[str, ...]:
    """The variables that may hold the key at an address (that of the file, else the source's own), the source's own
    first."""
    if source.key == "none":
        return ()
    place = address or str(api.get("base_url") or source.base_url)
    own = (name for name in source.key_variables if may_be_key(name, place))
    return tuple(dict.fromkeys((*own, *usable_key_variables(tuple(api.get("key_env") or ()), place))))


def key_destination(
    source: Source, api: Mapping[str, Any], environ: Mapping[str, str], user_trust: UserTrust
) -> tuple[str, str]:
    """The host that a source's key would go to, and why it may, empty where it may not; both empty where the address
    is not known."""
    api = api if source.is_provider_list else {}
    written = find_address(source, api, environ)
    if not written.text or written.refused_names or written.unset_names(environ):
        return "", ""
    try:
        _, destination = resolve_address(source, written, environ)
    except ValueError:
        return "", ""
    reasons = (why_trusted(destination, name, user_trust) for name in key_variables(source, api, written.text))
    return destination.place, next(filter(None, reasons), "")


@dataclass(frozen=True, slots=True)
class _Credentials:
    """The variables that may hold a source's key, the keys that they hold, and what signs with such a key where it is
    not sent itself; or what has to be set for there to be any."""

    variables: tuple[str, ...]
    keys: tuple[SecretKey, ...] = ()
    signing: Signing | None = None
    missing: str = ""


def _read_credentials(
    source: Source, api: Mapping[str, Any], written: WrittenAddress, environ: Mapping[str, str]
) -> _Credentials:
    variables = key_variables(source, api, written.text)
    keys = tuple(SecretKey(name, environ[name]) for name in variables if environ.get(name))
    if keys:
        return _Credentials(variables, keys)
    of_forge = [name for name in (*source.key_variables, *(api.get("key_env") or ())) if is_of_forge(name)]
    if of_forge and not variables:
        message = f"{' and '.join(of_forge)} cannot be its key: a forge's token is sent to no source"
        return _Credentials(variables, missing=message)
    signing = source.signing(environ) if source.signing else None
    if isinstance(signing, Signing):
        return _Credentials(variables, (signing.key,), signing)
    is_needed = source.key == "needed" and urlsplit(written.text).scheme == "https"
    return _Credentials(variables, missing=signing or (f"{' or '.join(variables)} not set" if is_needed else ""))


@dataclass(frozen=True, slots=True)
class _KeyChoice:
    """The key to send and why it may be; or why none of those that are there may, and the pair to trust for it.

    `no_request` says that without trust the host is not even asked without a key.
    """

    key: SecretKey | None = None
    why: str = ""
    refusal: str = ""
    pair: Pair | None = None
    no_request: bool = False


def _choose_key(
    credentials: _Credentials, base_url: str, destination: Destination, user_trust: UserTrust
) -> _KeyChoice:
    """The first key that the destination is trusted with."""
    place = destination.place
    if is_link_local(host_in(place)) and not is_trusted_place(destination, user_trust):
        pair = Pair(place, credentials.variables[0] if credentials.variables else _NO_VARIABLE)
        refusal = f"{place} is a link-local address and gets no request; to allow it, run: {trust_command(pair)}"
        return _KeyChoice(refusal=refusal, pair=pair, no_request=True)
    if not credentials.keys:
        return _KeyChoice()
    if not may_send_key(urlsplit(base_url)):
        return _KeyChoice(refusal=f"{place}: a key is sent over https only")
    if destination.has_user:
        return _KeyChoice(refusal=f"{place}: a key is not sent to an address with a user name before its host")
    for key in credentials.keys:
        if why := why_trusted(destination, key.variable, user_trust):
            return _KeyChoice(key, why)
    pair = Pair(place, credentials.keys[0].variable)
    homes = known_hosts().homes.get(pair.variable)
    belongs = f" (it is known for {' and '.join(homes)})" if homes else ""
    refusal = f"{pair.variable}{belongs} is not sent to {place}, which is not trusted with it; to allow it, run: "
    return _KeyChoice(refusal=refusal + trust_command(pair), pair=pair)


def refuse_unknown(option: str, named: Iterable[str], others: Callable[[], Collection[str]]) -> None:
    """Raises `UsageError` for a name that neither the registry of sources has nor `others`, which are looked up only
    then: those of providers and of their files, which may have a list of their own."""
    unknown = sorted(name for name in named if find_source(name) is None)
    for name in unknown:
        if name not in (known := others()):
            near = did_you_mean(name, {*known, *source_names()})
            raise UsageError(f"{option}: no source is called {name!a}{near}")
