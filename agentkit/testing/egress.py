"""Who is connected to while something runs, as the interpreter itself sees it.

Not covered: connections that a library makes without Python's sockets.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Lock
from typing import Any, cast

_listening: dict[int, list[str]] = {}
_lock = Lock()
_state = {"installed": False}


@contextmanager
def connections_elsewhere() -> Generator[list[str]]:
    """Collect the hosts beyond this device that sockets connect to meanwhile."""
    found: list[str] = []
    with _lock:
        if not _state["installed"]:
            # An audit hook stays for ever; it is made once and mostly idle.
            sys.addaudithook(_hear)
            _state["installed"] = True
        _listening[id(found)] = found
    try:
        yield found
    finally:
        with _lock:
            del _listening[id(found)]


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "socket.connect" or not _listening:
        return
    address: object = arguments[1]
    if isinstance(address, tuple):
        host = str(cast(tuple[object, ...], address)[0])
        if not _is_here(host):
            for found in tuple(_listening.values()):
                found.append(host)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
