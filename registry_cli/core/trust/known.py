"""The hosts that llmreg knows for a key: those of `table.py`, and a few that are entered here by hand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from registry_cli.core.trust.hosts import is_loopback, place_of, split_address
from registry_cli.core.trust.table import CATALOG, SOURCES
from registry_cli.core.trust.variables import FOREIGN_SECRETS, is_of_forge, key_names, names_in

_HEAD = re.compile(r"(?:https?://)?[^/?#\\]*")


class Pair(NamedTuple):
    """A host, with its port where that is not the one of https, and a variable whose value may be sent there."""

    place: str
    variable: str

    def __str__(self) -> str:
        return f"{self.place}={self.variable}"


# Further hosts of variables that a built-in source owns. The shipped catalog alone does not make such a pair.
SECOND_HOSTS = frozenset({
    Pair("api.githubcopilot.com", "GITHUB_TOKEN"),
    Pair("api.llama.com", "LLAMA_API_KEY"),
    Pair("api.minimaxi.com", "MINIMAX_API_KEY"),
    Pair("api.moonshot.cn", "MOONSHOT_API_KEY"),
})  # fmt: skip


class KnownApi(NamedTuple):
    """The `api` of a provider that llmreg knows: its address, if that is not its source's own, and its variables."""

    base_url: str | None
    key_env: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """The tables of `table.py`, in a form for lookups.

    `pairs` and `heads` say why each pair is known; a head is the beginning of an address that takes its host from the
    environment, such as `https://${DATABRICKS_HOST}`. `homes` are the hosts of each variable, `local_variables` those
    of servers that people run on their own machine, `addresses` and `variables` those of each built-in source.
    """

    pairs: dict[Pair, str] = field(default_factory=dict)
    heads: dict[tuple[str, str], str] = field(default_factory=dict)
    homes: dict[str, list[str]] = field(default_factory=dict)
    local_variables: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    variables: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add_pair(self, address: str, variable: str, reason: str) -> None:
        """Make a variable known at an address."""
        head = head_of(address)
        if names_in(head):
            self.heads.setdefault((head, variable), f"{reason}, host from {' or '.join(names_in(head))}")
            place = head.rpartition("://")[2]
        else:
            place = place_of(split_address(address))
            self.pairs.setdefault(Pair(place, variable), reason)
        places = self.homes.setdefault(variable, [])
        if place not in places:
            places.append(place)


def head_of(address: str) -> str:
    """Return the scheme and the host of an address as it is written, with its `${NAME}`."""
    found = _HEAD.match(address)
    return found[0] if found else ""


@cache
def known_hosts() -> KnownHosts:
    """Return the known hosts: of the built-in sources, the entries by hand and the bundled catalog."""
    known = KnownHosts()
    for name, address, variables in _table_rows(SOURCES):
        known.addresses[name] = address
        known.variables[name] = variables
        for variable in variables:
            known.add_pair(address, variable, f"built-in source {name}")
        if not names_in(head_of(address)) and is_loopback(split_address(address).hostname or ""):
            known.local_variables.update(variables)
    owned = {variable: tuple(places) for variable, places in known.homes.items()}
    for pair in sorted(SECOND_HOSTS):
        known.add_pair(f"https://{pair.place}", pair.variable, "built in")
    for name, written, variables in _table_rows(CATALOG):
        address = known.addresses.get(name, "") if written == "-" else written
        for variable in key_names(variables):
            if address and variable not in owned:
                known.add_pair(address, variable, f"shipped catalog, {name}")
    return known


@cache
def known_apis() -> Mapping[str, KnownApi]:
    """Return the `api` of each provider that llmreg knows, by the provider's ID in lower case."""
    sources = {name.lower(): KnownApi(None, ()) for name, _, _ in _table_rows(SOURCES)}
    catalog = {
        name.lower(): KnownApi(None if address == "-" else address, variables)
        for name, address, variables in _table_rows(CATALOG)
    }
    return {**sources, **catalog}


def may_be_key(variable: str, address: str) -> bool:
    """Return whether a variable may hold a key at an address: a forge's token only at GitHub's own models."""
    if not is_of_forge(variable):
        return True
    try:
        return Pair(place_of(split_address(address)), variable) in known_hosts().pairs
    except ValueError:
        return False


def is_known_variable(variable: str) -> bool:
    """Return whether the purpose of a variable is known, so that its value must not go to another host."""
    named = known_hosts().homes
    return variable in named or variable in FOREIGN_SECRETS or is_of_forge(variable) or variable in _named_in_catalog()


@cache
def _named_in_catalog() -> frozenset[str]:
    return frozenset(name for _, _, variables in _table_rows(CATALOG) for name in key_names(variables))


def _table_rows(table: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for line in table.splitlines():
        name, address, *variables = line.split()
        yield name, address, tuple(variables)
