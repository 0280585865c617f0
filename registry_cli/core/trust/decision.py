"""Decides whether a variable's value may be sent to a host, and why."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry_cli.core.trust.hosts import host_in, is_loopback, parse_place
from registry_cli.core.trust.known import Pair, head_of, known_hosts
from registry_cli.core.trust.variables import is_of_forge

_VARIABLE = re.compile(r"[A-Za-z0-9_]{1,100}")

UserTrust = Mapping[Pair, str]  # the pairs that the user trusts, each with where that is written


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request goes: the address as written in a file or a source, and its host (`place`).

    `set_by` is the variable of the environment that names the whole host of a built-in source (`OLLAMA_HOST`), and
    `own_variables` are that source's own.
    """

    written: str
    place: str
    has_user: bool = False
    set_by: str = ""
    own_variables: tuple[str, ...] = ()


def why_trusted(destination: Destination, variable: str, user_trust: UserTrust) -> str | None:
    """Return why a variable's value may be sent to a destination; None if it may not.

    The pair of host and variable counts, never one of them alone:

    - the user trusts the pair: `llmreg trust`, or `LLMREG_TRUST`
    - llmreg knows the pair: a built-in source, or the shipped catalog
    - the host comes from the environment, by an address that llmreg knows; written in a file it does not count
    - it is a server of this machine, and the variable that of a built-in local server
    """
    known = known_hosts()
    pair = Pair(destination.place, variable)
    if destination.has_user:
        return None  # `https://api.openai.com@evil.example` is meant to be misread
    if pair in user_trust:
        return user_trust[pair]
    if pair in known.pairs:
        return known.pairs[pair]
    head = (head_of(destination.written), variable)
    if head in known.heads:
        return known.heads[head]
    return _why_own_server(destination, variable)


def _why_own_server(destination: Destination, variable: str) -> str | None:
    if destination.set_by and variable in destination.own_variables:
        return f"built-in source, host from {destination.set_by}"
    if is_loopback(host_in(destination.place)) and variable in known_hosts().local_variables:
        return "local server of this machine"
    return None


def is_trusted_place(destination: Destination, user_trust: UserTrust) -> bool:
    """Return whether the user named a host at all: with any variable, or in the environment."""
    return bool(destination.set_by) or any(pair.place == destination.place for pair in user_trust)


def parse_pair(text: str) -> Pair:
    """Return the pair that `HOST=NAME` or `HOST:PORT=NAME` means. Raises `ValueError` with what is wrong."""
    place, sign, variable = text.strip().rpartition("=")
    if not sign or not _VARIABLE.fullmatch(variable):
        raise ValueError(f"{text!a} is not HOST=NAME, such as gateway.example.com=ACME_API_KEY")
    if is_of_forge(variable):
        raise ValueError(f"{variable} belongs to a forge or its runners, and is sent to no other host")
    if "*" in place:
        raise ValueError(f"{text!a} has a wildcard: name one host and one variable")
    if not place.isascii():
        raise ValueError(f"{text!a} has letters that are not ASCII: write the host as xn--...")
    try:
        return Pair(parse_place(place), variable)
    except ValueError:
        raise ValueError(f"{place!a} is not HOST or HOST:PORT") from None


def parse_pairs(text: str) -> Iterator[Pair]:
    """Yield the pairs of `LLMREG_TRUST`: several with commas between. Raises `ValueError`."""
    yield from (parse_pair(part) for part in text.split(",") if part.strip())


def trust_command(pair: Pair) -> str:
    """Return the command by which a user trusts a pair."""
    return shlex.join(["llmreg", "trust", str(pair)])
