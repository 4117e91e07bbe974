"""From an address to the user's calendars and address books (RFC 6764, 4791, 6352)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from agentkit import ToolError
from agentkit_tools._dav.dav_server import Refused, Server
from agentkit_tools._dav.webdav import (
    CAL,
    CARD,
    COLLECTIONS,
    DAV,
    PRINCIPAL,
    DavItem,
    Kind,
)

# Collections that are looked at; a server that names more is at fault.
_MOST = 200
_TYPE = {"calendar": f"{CAL}calendar", "contacts": f"{CARD}addressbook"}
_HOME = {
    "calendar": f"{CAL}calendar-home-set",
    "contacts": f"{CARD}addressbook-home-set",
}
_WELL_KNOWN = {"calendar": "/.well-known/caldav", "contacts": "/.well-known/carddav"}
# Any of these privileges allows to change entries (RFC 3744, 3).
_WRITING = {f"{DAV}{name}" for name in ("all", "write", "write-content", "bind")}


class NothingFound(ToolError):
    """The server shows no collection of the kind that is asked for."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A calendar or an address book on the server.

    Attributes:
        tracks: whether it can say what changed since a token.
    """

    kind: Kind
    url: str
    name: str
    read_only: bool = False
    tracks: bool = False


def collections_of(server: Server, kind: Kind) -> list[Collection]:
    """Find the user's calendars that hold events, or the address books.

    Raises:
        NothingFound: there are none.
        ToolError: the server cannot be used.
    """
    last: Refused | None = None
    for start in _starts(server.url, kind):
        try:
            found = _from(server, start, kind)
        except Refused as exc:
            # The password is wrong: another address would refuse it too.
            if exc.status == 401:
                raise
            last = exc
            continue
        if found:
            return found
    if last:
        raise last
    what = "calendar" if kind == "calendar" else "address book"
    raise NothingFound(
        f"The server {server.host} shows no {what} to this user. Check `url` in "
        "agentkit.toml."
    )


def _starts(url: str, kind: Kind) -> list[str]:
    """Return where to begin: a bare host is asked at its well-known address first."""
    parts = urlsplit(url)
    known = f"{parts.scheme}://{parts.netloc}{_WELL_KNOWN[kind]}"
    return [url, known] if parts.path.strip("/") else [known, url]


def _from(server: Server, start: str, kind: Kind) -> list[Collection]:
    place, found = _first(server, start)
    principal = found.href_in(f"{DAV}current-user-principal")
    if not found.href_in(_HOME[kind]) and principal:
        place, found = _first(server, server.address(principal, place))
    homes = _hrefs(found, _HOME[kind])
    result = [
        one
        for home in homes[:_MOST]
        for one in _listed(server, server.address(home, place), kind, "1")
    ]
    # No home was named: the address may be that of a collection itself.
    return result or _listed(server, place, kind, "0")


def _first(server: Server, url: str) -> tuple[str, DavItem]:
    reply, items = server.items("PROPFIND", url, PRINCIPAL)
    return reply.url, items[0] if items else DavItem("", 200, {})


def _hrefs(item: DavItem, name: str) -> list[str]:
    element: Any = item.properties.get(name)
    found: list[Any] = [] if element is None else element.findall(f"{DAV}href")
    return [one.text.strip() for one in found if (one.text or "").strip()]


def _listed(server: Server, url: str, kind: Kind, depth: str) -> list[Collection]:
    reply, items = server.items("PROPFIND", url, COLLECTIONS, depth)
    return [
        _collection(server, item, reply.url, kind)
        for item in items[:_MOST]
        if _TYPE[kind] in item.names_in(f"{DAV}resourcetype") and _holds_events(item)
    ]


def _holds_events(item: DavItem) -> bool:
    """Whether events are allowed in it; task lists hold none."""
    allowed: Any = item.properties.get(f"{CAL}supported-calendar-component-set")
    if allowed is None or not len(allowed):
        return True
    return any(one.get("name", "").upper() == "VEVENT" for one in allowed)


def _collection(server: Server, item: DavItem, base: str, kind: Kind) -> Collection:
    url = server.address(item.href, base)
    privileges = item.names_in(f"{DAV}current-user-privilege-set")
    known = f"{DAV}current-user-privilege-set" in item.properties
    last = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    name = item.text(f"{DAV}displayname") or last
    return Collection(
        kind=kind,
        url=url if url.endswith("/") else f"{url}/",
        name=" ".join(name.split())[:100] or kind,
        # A server that says nothing of privileges is taken to allow it.
        read_only=known and not privileges & _WRITING,
        tracks=f"{DAV}sync-collection" in item.names_in(f"{DAV}supported-report-set"),
    )
