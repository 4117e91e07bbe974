"""Requests to servers that the user named: over TLS, save on this device, and bounded."""

from __future__ import annotations

import ipaddress
import ssl
import time
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urljoin, urlsplit

# Bytes that are read at once.
_PIECE = 65_536


def address_in(said: str, base: str = "") -> SplitResult | None:
    """Read an address, or one that a server leads on to; None for what is none."""
    try:
        found = urlsplit(urljoin(base, said.strip()))
        return found if found.port != 0 else None
    except ValueError:
        return None


def is_this_device(host: str) -> bool:
    """Whether a host is this device: what goes there goes over no wire."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def connection_to(place: SplitResult, patience: float) -> HTTPConnection:
    """Make a connection, whose certificate is checked; nothing is sent yet.

    Args:
        place: where to, `https` or, on this device, `http`.
        patience: seconds that the server may be silent.
    """
    host = place.hostname or ""
    if place.scheme == "http":
        return HTTPConnection(host, place.port, timeout=patience)
    trusted = ssl.create_default_context()
    return HTTPSConnection(host, place.port, timeout=patience, context=trusted)


def content_within(answer: HTTPResponse, largest: int, deadline: float) -> bytes | None:
    """Read an answer; None where it is larger than it may be.

    Raises:
        TimeoutError: it goes on after the deadline, of the monotonic clock.
    """
    pieces: list[bytes] = []
    size = 0
    # `read1` returns what has come, so that the clock is looked at between pieces: the
    # socket's own timeout starts anew with each.
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            return None
        if time.monotonic() > deadline:
            raise TimeoutError("its answer took too long")
    return b"".join(pieces)
