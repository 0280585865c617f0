"""Hosts that are made to be taken for one that llmreg knows: `api.openai.com.evil.example`, `api.0penai.com`."""

import unicodedata
from functools import cache

from registry_cli.core.trust.hosts import host_in, ip_of, is_internal
from registry_cli.core.trust.known import known_hosts

_SHORTEST = 6  # letters of a domain's name; of shorter ones too many differ by one letter
_SECOND_LEVEL = frozenset({"ac", "co", "com", "gov", "net", "org"})  # of `example.com.cn`
# Letters of other alphabets that look like one of ours, and what is read alike among ours.
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u04bb\u051b\u0261\u0131\u03bf\u03b1\u03c1\u03bd01|i",
    "aeopcyxlsjdhqgloapvolll",
    "-_",
)
_ALIKE_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def known_host_like(host: str) -> str | None:
    """Return the known host that a host imitates; None for a known host and for one that imitates none.

    A host below a known domain (`eu.api.openai.com`) belongs to the same owner, and is not taken for a copy.
    """
    if is_internal(host) or ip_of(host):
        return None
    known = _known_domains()
    domain = _domain_of(host)
    if domain in known:
        return None
    return next((of for of_domain, of in known.items() if _is_imitation(host, domain, of_domain)), None)


def _is_imitation(host: str, domain: str, known: str) -> bool:
    dotted = f".{host.replace('-', '.') if len(known) > _SHORTEST else host}."
    if f".{known}." in dotted:
        return True
    name, _, ending = known.partition(".")
    own_name, _, own_ending = domain.partition(".")
    if _skeleton_of(own_name) == _skeleton_of(name) and own_ending == ending:
        return True
    return len(name) >= _SHORTEST and _differ_by_one(domain, known)


@cache
def _known_domains() -> dict[str, str]:
    """Return a known host for each known domain."""
    places = {place for places in known_hosts().homes.values() for place in places if "$" not in place}
    hosts = sorted(host for host in map(host_in, places) if not is_internal(host))
    return {_domain_of(host): host for host in reversed(hosts)}


def _domain_of(host: str) -> str:
    """Return the registered domain of a host: `openai.com` of `api.openai.com`."""
    labels = host.split(".")
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2  # noqa: PLR2004  # labels
    return ".".join(labels[-own:])


@cache
def _skeleton_of(name: str) -> str:
    """Return a name with look-alike letters replaced, as a hasty reader sees it."""
    if name.startswith("xn--"):
        try:
            name = name.encode().decode("idna")
        except UnicodeError:
            return name
    letters = unicodedata.normalize("NFKD", name).translate(_ALIKE)
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for pair, single in _ALIKE_PAIRS:
        text = text.replace(pair, single)
    return text


def _differ_by_one(one: str, other: str) -> bool:
    """Return whether two texts differ by one added, missing or other letter, or by two neighbours swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    shorter, longer = sorted((one, other), key=len)
    start = next((place for place, letter in enumerate(shorter) if letter != longer[place]), len(shorter))
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    swapped = shorter[:start] + shorter[start + 1 : start + 2] + shorter[start : start + 1] + shorter[start + 2 :]
    return shorter[start + 1 :] == longer[start + 1 :] or swapped == longer
