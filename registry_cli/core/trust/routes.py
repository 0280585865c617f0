"""Describes where a provider file sends keys, for its reviewers. It does not depend on the hosts that a user trusts."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from registry_cli.core.trust.decision import Destination, trust_command, why_trusted
from registry_cli.core.trust.hosts import host_in, is_internal, place_of, split_address
from registry_cli.core.trust.known import Pair, head_of, known_hosts
from registry_cli.core.trust.variables import FOREIGN_SECRETS, is_of_forge, key_names, names_in


class KeyRoute(NamedTuple):
    """One variable and the host that its value would go to; `variable` is empty where a host gets no key."""

    variable: str
    place: str
    judgement: str

    def __str__(self) -> str:
        return f"{self.variable} -> {self.place} ({self.judgement})" if self.variable else f"no key -> {self.place}"


def key_routes(provider: str, api: Mapping[str, Any]) -> list[KeyRoute]:
    """Return where the keys of a provider go by the `api` of its file; empty where it is asked nowhere."""
    address = str(api.get("base_url") or known_hosts().addresses.get(provider) or "")
    if not address:
        return []
    destination = destination_of(address)
    if destination is None:
        return [KeyRoute("", "no valid host", "")]
    variables = key_names(api.get("key_env") or ())
    if not variables:
        return [KeyRoute("", destination.place, "")]
    return [KeyRoute(name, destination.place, _judge_route(destination, name)) for name in variables]


def destination_of(address: str) -> Destination | None:
    """Return the destination of an address as a file has it; None for one without a valid host.

    A host from the environment stays as it is written: `${DATABRICKS_HOST}`.
    """
    head = head_of(address)
    if names_in(head):
        place = head.rpartition("://")[2]
        return Destination(address, place, "@" in place)
    try:
        parts = split_address(address)
    except ValueError:
        return None
    return Destination(address, place_of(parts), "@" in parts.netloc)


def homes_of(variable: str) -> list[str]:
    """Return the hosts that a variable is known for."""
    return known_hosts().homes.get(variable, [])


def _judge_route(destination: Destination, variable: str) -> str:
    if destination.has_user:
        return "not sent: a user name stands before the host"
    if destination.written.startswith("http://") and not is_internal(host_in(destination.place)):
        return "not sent: keys go over https only"
    return why_trusted(destination, variable, {}) or _judge_untrusted(destination.place, variable)


def _judge_untrusted(place: str, variable: str) -> str:
    if homes := homes_of(variable):
        return f"NOT its host, which is {' or '.join(homes)}"
    if is_of_forge(variable):
        return "a forge's token, which is not sent"
    if variable in FOREIGN_SECRETS:
        return "another program's secret"
    return f"not sent before you run: {trust_command(Pair(place, variable))}"
