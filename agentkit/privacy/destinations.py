r"""Addresses parsed in one way: the host, and all else that the address would send.

What two programs could read differently is refused: signs that browsers take for others
(`\`), spaces and control characters, names that are not ASCII. Such an address has no
host, so that no rule trusts it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII, without the backslash
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Address:
    """Where something goes to.

    Attributes:
        host: in small letters, an IPv6 address without brackets; `?` when two readers
            might take two hosts for it.
        told: all that the address says besides scheme, host and port.
    """

    host: str
    told: str


def address_of(text: str) -> Address:
    """Read an address such as `https://user@host:1/v1?q=a#b`, `host:1` or `host`."""
    if text.count(":") > 1 and re.fullmatch(r"[0-9A-Fa-f:.]+", text):
        return Address(text.lower(), "")  # an IPv6 address by itself
    whole = text if _SCHEME.match(text) else f"//{text}"
    try:
        parts = urlsplit(whole)
        # "example.com." is the same host, written from the root.
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port  # which has to be a number
    except ValueError:
        return Address(UNKNOWN, text)
    # The last "@" counts for browsers; a second one is refused below.
    userinfo = parts.netloc.rpartition("@")[0]
    told = " ".join(filter(None, (userinfo, parts.path, parts.query, parts.fragment)))
    if (
        not _PLAIN.fullmatch(text)
        or "@" in userinfo
        or not _is_host(parts.netloc, host)
    ):
        return Address(UNKNOWN, text)
    return Address(host, told)


def _is_host(netloc: str, host: str) -> bool:
    """Whether a host is written as one, with nothing behind it but a port."""
    place = netloc.rpartition("@")[2]
    if place.startswith("["):
        return re.fullmatch(r"\[[0-9A-Fa-f:.]+\](?::\d*)?", place) is not None
    return _HOST.fullmatch(host) is not None and place.count(":") <= 1


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine: 127.0.0.0/8, ::1 or localhost."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
