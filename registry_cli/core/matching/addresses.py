"""A new or changed `api` of a provider file: the reviewer is to see first where keys would go."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.items import Item
from registry_cli.core.matching.listening import Heard
from registry_cli.core.trust.known import known_apis
from registry_cli.core.trust.routes import key_routes

Api = Mapping[str, Any]
OWN = "llmreg"  # where the address of a provider comes from that llmreg knows
_LONGEST = 200  # characters of what a source states


def known_api(provider: str) -> dict[str, Any] | None:
    """Return the `api` that a new file of a provider gets from llmreg itself; None for one that it does not know."""
    known = known_apis().get(provider.lower())
    if known is None:
        return None
    address = {"base_url": known.base_url} if known.base_url else {}
    return {**address, **({"key_env": list(known.key_env)} if known.key_env else {})}


def find_address_changes(provider: str, old: Api, new: Api, heard: Sequence[Heard]) -> tuple[Item, ...]:
    """Return an item for an `api` that a sync writes, none where it stays as it was."""
    if new == old:
        return ()
    stated = (each.source for each in heard if each.facts.get("api") == new)
    source = OWN if new == known_api(provider) else next(stated, OWN)
    routes = list(map(str, key_routes(provider, new)))
    refused = [each for each in heard if states_another(provider, each.facts.get("api"), new)]
    before = [f"before: {each.variable or 'no key'} -> {each.place}" for each in key_routes(provider, old) if old]
    reasons = [
        *(routes or ["no address, so no request"]),
        *before,
        *(f"not taken: {_stated_text(each)}" for each in refused),
    ]
    return (Item(provider, "api", "address", old or ABSENT, new or ABSENT, source, "; ".join(reasons)),)


def states_another(provider: str, stated: Api | None, written: Api) -> bool:
    """Whether the `api` that an aggregator states sends a key to another host than the written one, or another key."""
    return bool(stated) and not _routes_of(provider, stated or {}) <= _routes_of(provider, written)


def _routes_of(provider: str, api: Api) -> set[tuple[str, str]]:
    """The variables whose keys an `api` sends, each with the host."""
    return {(route.variable, route.place) for route in key_routes(provider, api)}


def _stated_text(heard: Heard) -> str:
    api = heard.facts["api"]
    text = f"{heard.source} states {api.get('base_url') or 'no address'} for {', '.join(api.get('key_env') or ())}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
