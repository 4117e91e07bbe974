"""Connections that leave this machine: refused or reported, by Python's audit hook.

Not covered: other processes, and C code that opens sockets without telling Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from ipaddress import ip_address
from socket import inet_aton, inet_ntoa
from threading import Lock
from typing import Any, cast

# Who watches: the addresses found so far, and whether they are refused.
_WATCHERS: list[tuple[list[str], bool]] = []
# Held for changes of the lists only: the hook runs in every socket call and reads
# copies.
_GUARD = Lock()
# Raises `ConnectionRefusedError` where a host may not be reached now.
Keeper = Callable[[str], None]
_KEEPERS: list[Keeper] = []
_ADDRESSED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
)
_SHORT = re.compile(r"\d{1,3}(?:\.\d{1,10}){1,2}")
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
    with _watched(refusing=True) as tried:
        yield tried
    if tried:
        raise AssertionError(f"tried to leave the machine: {', '.join(tried)}")


@contextmanager
def connections_elsewhere() -> Generator[list[str]]:
    """Collect the remote addresses that are tried meanwhile, without refusing them.

    Yields:
        The addresses that were tried so far.
    """
    with _watched(refusing=False) as tried:
        yield tried


@contextmanager
def _watched(*, refusing: bool) -> Generator[list[str]]:
    _install()
    tried: list[str] = []
    with _GUARD:
        _WATCHERS.append((tried, refusing))
    try:
        yield tried
    finally:
        with _GUARD:
            # By identity: another watcher may hold an equal list.
            _WATCHERS[:] = [one for one in _WATCHERS if one[0] is not tried]


def keep(keeper: Keeper) -> None:
    """Let a keeper say what may be reached, from now on and for good."""
    _install()
    with _GUARD:
        if keeper not in _KEEPERS:
            _KEEPERS.append(keeper)


def _install() -> None:
    """Add the hook, once: Python has no way to remove one."""
    global _installed
    with _GUARD:
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    host = _elsewhere_in(event, arguments) if _WATCHERS or _KEEPERS else ""
    if not host:
        return
    # Keepers first, so that what they refuse is not reported as tried.
    for keeper in _KEEPERS:
        keeper(host)
    watchers = tuple(_WATCHERS)
    for tried, _ in watchers:
        tried.append(host)
    if any(refusing for _, refusing in watchers):
        raise ConnectionRefusedError(f"egress is shut: {host} is not this machine")


def _elsewhere_in(event: str, arguments: tuple[Any, ...]) -> str:
    """Return the host beyond this machine that an audit event reaches; empty for none."""
    if not event.startswith("socket."):
        return ""
    if event in _LOOK_UPS:
        host = arguments[0]
    elif event in _ADDRESSED:
        host = _host(arguments[1])
    else:
        return ""
    return "" if is_here(host) else str(host)


def _host(address: Any) -> object:
    return cast(Any, address[0]) if isinstance(address, tuple) else address


def _written_out(host: str) -> str:
    """Write a short IPv4 address, such as 127.1, in full; no look-up is needed."""
    return inet_ntoa(inet_aton(host)) if _SHORT.fullmatch(host) else host


def is_here(host: object) -> bool:
    """Tell whether a host is this machine: loopback, a file's socket, or no host."""
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    if not isinstance(host, str) or host in ("", "localhost") or "/" in host:
        return True
    try:
        address = ip_address(_written_out(host.partition("%")[0]))
    except (ValueError, OSError):
        # A name that begins with NUL is an abstract socket of Linux, which is local.
        return host.startswith("\0")
    # A connection to 0.0.0.0 ends at this machine too.
    return address.is_loopback or address.is_unspecified
