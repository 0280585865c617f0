"""Hosts of addresses: one spelling for each, and which are on this machine or its network.

Programs read `http://134744072`, `http://0x8.8.2056` and `http://8.8.8.8.` alike. All decisions are about the spelling
that `normalize_host` returns, and requests go to that spelling too.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORT = 443  # of https, the scheme that keys are for
_PORTS = {"http": 80, "https": _DEFAULT_PORT}
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_OCTETS = 4
_NAT64 = IPv6Network("64:ff9b::/96")  # a gateway takes these to the IPv4 address in the last 32 bits

Address = IPv4Address | IPv6Address


def normalize_host(text: str) -> str:
    """Return the one spelling of a host: lower case, ASCII, an IP address in its usual form, no dot at the end.

    Raises `ValueError` if the text is not a host.
    """
    host = text if text.isascii() else text.encode("idna").decode()
    host = host.lower().removesuffix(".")
    address = ip_of(host)
    if address is not None:
        return str(address)
    labels = host.split(".")
    if not _NAME.fullmatch(host) or _NUMERIC.fullmatch(labels[-1]):
        raise ValueError("not a host")
    return host


def ip_of(host: str) -> Address | None:
    """Return the IP address that a host is, in any form that the system's resolver reads; None for a name.

    An IPv4 address inside an IPv6 one (`::ffff:8.8.8.8`) is that IPv4 address.
    """
    if ":" not in host:
        return _ipv4_of(host.removesuffix("."))
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _ipv4_of(host: str) -> IPv4Address | None:
    """Return the IPv4 address that `inet_aton` reads: up to four numbers, the last of which fills the rest."""
    parts = host.lower().split(".")
    if len(parts) > _OCTETS or not all(_NUMERIC.fullmatch(part) for part in parts):
        return None
    try:
        *octets, rest = map(_parse_number, parts)
    except ValueError:
        return None
    if any(octet > 255 for octet in octets) or rest >= 256 ** (_OCTETS - len(octets)):  # noqa: PLR2004  # an octet
        return None
    high = sum(octet << 8 * (_OCTETS - 1 - place) for place, octet in enumerate(octets))
    return IPv4Address(high + rest)


def _parse_number(text: str) -> int:
    if text.startswith("0x"):
        return int(text, 16) if text != "0x" else 0
    digits = text.lstrip("0")
    if len(digits) > 11:  # noqa: PLR2004  # more than an address has, also in octal
        raise ValueError("too large")
    return int(digits or "0", 8 if text.startswith("0") else 10)


def split_address(url: str) -> SplitResult:
    """Return the parts of an http or https address, with its host in the one spelling.

    Raises `ValueError` that says what is wrong, without repeating the address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = normalize_host(parts.hostname or "")
    except ValueError:
        raise ValueError("it has no valid host") from None
    if parts.scheme not in _PORTS:
        raise ValueError("it is no http or https address")
    user, sign, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user}{sign}{_bracket_host(host)}" + (f":{port}" if port is not None else ""))


def place_of(parts: SplitResult) -> str:
    """Return `host`, or `host:port` for any port but that of https, for an address as `split_address` gives it."""
    host, port = _bracket_host(parts.hostname or ""), parts.port or _PORTS[parts.scheme]
    return host if (parts.scheme, port) == ("https", _DEFAULT_PORT) else f"{host}:{port}"


def parse_place(text: str) -> str:
    """Return `HOST` or `HOST:PORT` as a user writes it in the form of `place_of`. Raises `ValueError`."""
    if re.search(r"[/?#@*\\\s]", text):
        raise ValueError("not HOST or HOST:PORT")
    return place_of(split_address(f"https://{text}"))


def host_in(place: str) -> str:
    """Return the host of what `place_of` gives."""
    return urlsplit(f"https://{place}").hostname or ""


def _bracket_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    address = ip_of(host)
    return address.is_loopback if address else host.lower().removesuffix(".") == "localhost"


def is_link_local(host: str) -> bool:
    """Return whether a host is an address such as 169.254.169.254, where clouds keep a machine's credentials."""
    address = ip_of(host)
    if address is None:
        return False
    if isinstance(address, IPv6Address) and address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF).is_link_local
    return address.is_link_local


def is_internal(host: str) -> bool:
    """Return whether a host is on this machine or its network: a private address, or a name without dots."""
    address = ip_of(host)
    return address.is_private or address.is_loopback or address.is_link_local if address else "." not in host
