"""Proof for tests: while it holds, no connection of this process leaves the machine."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Lock
from typing import Any, cast

_WATCHERS: list[list[str]] = []
_GUARD = Lock()
_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})
_installed = False


@contextmanager
def assert_no_egress() -> Generator[list[str]]:
    """Refuse, and at the end report, connections to anywhere but this machine.

    Works for all of the process, threads and C libraries that tell Python's audit
    hooks included. Name look-ups of other hosts count: they leave the machine too.

    Yields:
        The addresses that were tried so far.

    Raises:
        AssertionError: at the end, when something was tried.
    """
    _install()
    tried: list[str] = []
    with _GUARD:
        _WATCHERS.append(tried)
    try:
        yield tried
    finally:
        with _GUARD:
            # By identity: another watcher may hold an equal list.
            _WATCHERS[:] = [one for one in _WATCHERS if one is not tried]
    if tried:
        raise AssertionError(f"tried to leave the machine: {', '.join(tried)}")


def _install() -> None:
    """Add the hook, once: Python has no way to remove one."""
    global _installed
    with _GUARD:
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _WATCHERS or event not in _EVENTS:
        return
    host = arguments[0] if event == "socket.getaddrinfo" else _host(arguments[1])
    if is_here(host):
        return
    for tried in _WATCHERS:
        tried.append(str(host))
    raise ConnectionRefusedError(f"egress is shut: {host} is not this machine")


def _host(address: Any) -> object:
    return cast(Any, address[0]) if isinstance(address, tuple) else address


def is_here(host: object) -> bool:
    """Tell whether a host is this machine: loopback, a file's socket, or no host."""
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    if not isinstance(host, str) or host in ("", "localhost") or "/" in host:
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.startswith("\0")
