"""Identifies the base model of an entry: `us.anthropic.claude-haiku-4-5-v1:0` is `anthropic/claude-haiku-4-5`.

An identity is `vendor/model`. It is known if the creator's own list has the model, or if three providers spell creator
and model alike. An ID that leads to no known identity, or to several, has none. Names are compared without separators,
which vary (`4.1`, `4-1`, `4p1`), and without the parts about serving: region, route, quantization, `:free`. A version,
a size or a date is part of a name. Only for creators with `Vendor.dated` does the undated name mean the one dated
model.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from registry_cli.core.names.vendors import DOTTED, HOST_WORDS, REGION, ROUTES, VENDORS, Vendor

_HOSTS_ENOUGH = 3

_ORGS = {spelled: vendor for vendor in VENDORS for spelled in (vendor.id, *vendor.orgs)}
_HOMES = {home: vendor for vendor in VENDORS for home in vendor.homes}
_BY_ID = {vendor.id: vendor for vendor in VENDORS}
_MARKS = re.compile(
    "|".join(f"(?P<{vendor.id.replace('-', '_')}>{vendor.names})" for vendor in VENDORS if vendor.names)
)
_VAGUE = {vendor.id: re.compile(vendor.vague) for vendor in VENDORS if vendor.vague}
_HOST_WORDS = {host: [(re.compile(old), new) for old, new in words] for host, words in HOST_WORDS.items()}

# The parts about serving: its flavour, the quantization, Bedrock's own version.
_SERVING = re.compile(
    r":(?:free|thinking|extended|nitro|floor|online|exacto)$|@default$|-maas$|-tee$"
    r"|-(?:fp8|fp4|nvfp4|mxfp4|bf16|fp16|int8|int4|awq|gptq|gguf|fp8-dynamic|[468]bit)$"
    r"|:[0-9]+(?::[0-9]+k)?$"
)
_VERSION = re.compile(r"-v[0-9]+$")
_SHORT_DATE_AT = re.compile(r"@(?=20[0-9]{6}$|[0-9]{3}$)")
_DATE = re.compile(r"-20[0-9]{2}-?[01][0-9]-?[0-3][0-9]$|(?<=[a-z])-001$")
_POINTER = re.compile(r"(?:^|-)latest$")
_DIGIT_P_DIGIT = re.compile(r"(?<=[0-9])p(?=[0-9])")
_CLAUDE = re.compile(r"^claude-([0-9](?:[.-][0-9])?)-(opus|sonnet|haiku)\b")
_CLAUDE_ZERO = re.compile(r"^(claude-(?:opus|sonnet)-4)-0$")
_PARTS = re.compile(r"[0-9]+|[a-z]+")
_V = re.compile(r"(?<![a-z])v(?=[0-9])")


class NamedModel(NamedTuple):
    """A name of a model in the catalog; `alias_of` is the model's ID if `id` is an alias of it."""

    provider: str
    id: str
    alias_of: str = ""


class _Name(NamedTuple):
    """A model's name without provider and route: its creator, and the spellings to look for, the likeliest first.
    `plain` is the spelling that the catalog's identities are built from."""

    vendor: Vendor
    plain: str
    spellings: tuple[str, ...]
    own: bool  # in the creator's own list


class Identities:
    """The identities that the entries of a catalog make known."""

    def __init__(self, entries: Iterable[NamedModel]) -> None:
        heard = _Heard()
        for entry in entries:
            heard.add_name(entry)
        self._known = {vendor.id: heard.known_models(vendor) for vendor in VENDORS}

    def identity_of(self, provider: str, model_id: str, written: str | None = None) -> str | None:
        """Return the identity of an entry, None if it is unknown or ambiguous. `written` is the identity that the entry
        states: it is returned if it means the same."""
        identity = self._find_identity(provider, model_id)
        if identity and written and _as_one(identity) == _as_one(written):
            return written
        return identity

    def _find_identity(self, provider: str, model_id: str) -> str | None:
        name = _parse_name(provider, model_id)
        if name is None:
            return None
        known = self._known[name.vendor.id]
        for spelled in name.spellings:
            if not name.own and _is_vague(name.vendor, spelled):
                return None
            model = known.get(_comparison_key(spelled))
            if model is not None:
                return f"{name.vendor.id}/{model}" if model else None
        return None


def homes_by_name(provider: str, model_id: str) -> tuple[str, ...]:
    """Return the providers that the creator of a model itself runs, by the names of an entry."""
    name = _parse_name(provider, model_id)
    return name.vendor.homes if name else ()


class _Heard:
    """Collects the names of models in creators' own lists and at other providers, by creator and key."""

    def __init__(self) -> None:
        self._own: dict[str, dict[str, str]] = defaultdict(dict)
        self._hosts: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        self._aliases: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def add_name(self, entry: NamedModel) -> None:
        name = _parse_name(entry.provider, entry.id)
        if name is None or (not name.own and _is_vague(name.vendor, name.plain)):
            return
        key = _comparison_key(name.plain)
        if entry.alias_of:
            if name.own and not _is_vague(name.vendor, name.plain):
                self._aliases[name.vendor.id].append((key, _comparison_key(entry.alias_of.casefold())))
        elif name.own:
            own = self._own[name.vendor.id]
            own[key] = min(name.plain, own.get(key, name.plain))
        else:
            spelled = self._hosts[name.vendor.id][key]
            spelled[entry.provider] = min(name.plain, spelled.get(entry.provider, name.plain))

    def known_models(self, vendor: Vendor) -> dict[str, str]:
        """Return the known models of a creator by key, "" for a key of several."""
        known = dict(self._own[vendor.id])
        for alias, meant in sorted(self._aliases[vendor.id]):
            if meant in known:
                known.setdefault(alias, known[meant])
        for key, spelled in self._hosts[vendor.id].items():
            if len(spelled) >= _HOSTS_ENOUGH:
                counted = Counter(spelled.values())
                known.setdefault(key, min(counted, key=lambda plain, counted=counted: (-counted[plain], plain)))  # type: ignore[misc]
        return _with_dates(known, self._own[vendor.id]) if vendor.dated else known


def _as_one(identity: str) -> tuple[str, str]:
    """Return an identity in a form for comparing."""
    maker, _, model = identity.partition("/")
    return maker, _comparison_key(model)


def _with_dates(known: dict[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Add the undated names of dated models to the known ones, by key.

    If one dated model has an undated name, both mean that name. If several have it, it means the creator's own model
    of that name, or is ambiguous.
    """
    dated: dict[str, list[str]] = defaultdict(list)
    for plain in known.values():
        if stem := _stem_of(plain):
            dated[_comparison_key(stem)].append(plain)
    together = dict(known)
    for stem_key, models in dated.items():
        stem = known.get(stem_key) or _stem_of(models[0])
        if len(models) == 1:
            together[_comparison_key(models[0])] = together[stem_key] = stem
        elif stem_key not in own:
            together[stem_key] = ""
    return together


def _stem_of(plain: str) -> str:
    """Return a name without its date, "" if it has none."""
    stem = _DATE.sub("", plain)
    return stem if stem != plain else ""


@lru_cache(maxsize=1 << 16)
def _parse_name(provider: str, model_id: str) -> _Name | None:
    orgs, last = _split_creator(provider, model_id.casefold())
    if _POINTER.search(last) and provider not in _HOMES:
        return None
    for old, new in _HOST_WORDS.get(provider, ()):
        last = old.sub(new, last)
    mark = _MARKS.match(last)
    named = _BY_ID[str(mark.lastgroup).replace("_", "-")] if mark else None
    vendor = _find_vendor(provider, orgs, named)
    if vendor is None:
        return None
    own = provider in vendor.homes and (not vendor.names or vendor is named or vendor.id in orgs)
    spellings = list(_other_spellings(_without_maker(vendor, last)))
    plain = spellings[-1]
    if provider in DOTTED:  # `-v1` is a version of the serving for some creators, of the model for others
        spellings.append(_VERSION.sub("", plain))
    return _Name(vendor, plain, tuple(spellings), own)


def _find_vendor(provider: str, orgs: list[str], named: Vendor | None) -> Vendor | None:
    """Return the creator that an ID names. If it names none, or the provider itself, the trademark decides."""
    if not orgs:
        return named
    stated = next((_ORGS[org] for org in orgs if org in _ORGS), None)
    if stated is not None and (named is None or named is stated or stated.id not in _HOSTS_THAT_MAKE):
        return stated
    return named if stated is not None or all(org == provider for org in orgs) else None


# Creators that also serve models of others under their own name: for these the trademark decides.
_HOSTS_THAT_MAKE = frozenset({"perplexity", "qwen", "tencent", "bytedance", "amazon", "google"})


def _split_creator(provider: str, model_id: str) -> tuple[list[str], str]:
    """Return the creator's names in an ID, and the model's name."""
    *before, last = model_id.removeprefix("hf:").removeprefix("~").split("/")
    if provider in DOTTED:
        last = REGION.sub("", last)
        org, dot, rest = last.partition(".")
        if dot and org in _ORGS:
            before, last = [*before, org], rest
    orgs = [org for org in reversed(before) if org not in ROUTES and org != provider]
    return orgs, last


def _without_maker(vendor: Vendor, last: str) -> str:
    """Return `nvidia-nemotron-...` as `nemotron-...`, if the rest is a name on its own."""
    rest = last.removeprefix(f"{vendor.id}-")
    return rest if vendor.names and re.match(vendor.names, rest) else last


def _other_spellings(last: str) -> Iterator[str]:
    """Yield the name as written, then without its parts about serving, one after another."""
    name = _SHORT_DATE_AT.sub("-", last) if "@" in last else last
    yield name
    while (shorter := _SERVING.sub("", name)) != name:
        yield (name := shorter)


@lru_cache(maxsize=1 << 15)
def _comparison_key(name: str) -> str:
    """Return a name for comparing: separators stay only between digits."""
    if name.startswith("claude-"):
        name = _CLAUDE_ZERO.sub(r"\1", _CLAUDE.sub(r"claude-\2-\1", name))
    key = ""
    for part in _PARTS.findall(_V.sub("", _DIGIT_P_DIGIT.sub(".", name))):
        key += f"-{part}" if key[-1:].isdigit() and part[0].isdigit() else part
    return key


def _is_vague(vendor: Vendor, spelled: str) -> bool:
    pattern = _VAGUE.get(vendor.id)
    return bool(pattern and pattern.fullmatch(spelled)) or bool(_POINTER.search(spelled))
