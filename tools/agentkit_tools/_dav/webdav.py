"""The XML that a CalDAV server is asked with, and its multi-status answers (RFC 4918, 13)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

Kind = Literal["calendar", "contacts"]

# The prefixes of all bodies below.
_SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:A="urn:ietf:params:xml:ns:carddav"'
)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_DATA = {"calendar": "C:calendar-data", "contacts": "A:address-data"}
_MULTIGET = {"calendar": "C:calendar-multiget", "contacts": "A:addressbook-multiget"}
# Who the user is, and where the user's collections are: both at once, as many servers
# tell both at any address.
_PRINCIPAL = (
    "D:current-user-principal",
    "D:resourcetype",
    "C:calendar-home-set",
    "A:addressbook-home-set",
)
_COLLECTION = (
    "D:resourcetype",
    "D:displayname",
    "D:current-user-privilege-set",
    "D:supported-report-set",
    "C:supported-calendar-component-set",
)


def _propfind(names: Iterable[str]) -> str:
    inner = "".join(f"<{name}/>" for name in names)
    return f"{_HEAD}<D:propfind {_SPACES}><D:prop>{inner}</D:prop></D:propfind>"


PRINCIPAL = _propfind(_PRINCIPAL)
COLLECTIONS = _propfind(_COLLECTION)
ETAGS = _propfind(("D:getetag", "D:resourcetype"))


def multiget(kind: Kind, hrefs: Iterable[str]) -> str:
    """Ask for resources and their ETags."""
    inner = "".join(f"<D:href>{escape(href)}</D:href>" for href in hrefs)
    name = _MULTIGET[kind]
    wanted = f"<D:prop><D:getetag/><{_DATA[kind]}/></D:prop>"
    return f"{_HEAD}<{name} {_SPACES}>{wanted}{inner}</{name}>"


def changes(token: str) -> str:
    """Ask what changed since a token (RFC 6578); an empty one asks for all."""
    return (
        f"{_HEAD}<D:sync-collection {_SPACES}><D:sync-token>{escape(token)}"
        "</D:sync-token><D:sync-level>1</D:sync-level>"
        "<D:prop><D:getetag/></D:prop></D:sync-collection>"
    )


DAV = "{DAV:}"
CAL = "{urn:ietf:params:xml:ns:caldav}"
CARD = "{urn:ietf:params:xml:ns:carddav}"
_STATUS = re.compile(r"\bHTTP/\S+\s+(\d{3})\b")


@dataclass(frozen=True, slots=True)
class DavReply:
    """One answer of a server.

    Attributes:
        url: what was asked, after redirects.
        tree: its XML; None when it holds none.
        faults: names of the conditions that it says were not met.
    """

    status: int
    url: str
    etag: str
    tree: Any
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DavItem:
    """What is said of one resource.

    Attributes:
        href: its name as the server writes it.
        status: 200 unless the resource as a whole has another one.
        properties: XML elements by name, of those that there are.
    """

    href: str
    status: int
    properties: dict[str, Any]

    def text(self, name: str) -> str:
        """Return a property's text; empty when there is none."""
        element = self.properties.get(name)
        return "" if element is None else (element.text or "").strip()

    def raw(self, name: str) -> str:
        """Return a property's text with its spaces; empty when there is none."""
        element = self.properties.get(name)
        return "" if element is None else element.text or ""

    def href_in(self, name: str) -> str:
        """Return the first address in a property; empty when there is none."""
        element = self.properties.get(name)
        found = None if element is None else element.find(f"{DAV}href")
        return "" if found is None else (found.text or "").strip()

    def names_in(self, name: str) -> set[str]:
        """Return the names of all elements within a property."""
        element = self.properties.get(name)
        return set() if element is None else _names(element)


def items_of(tree: Any) -> list[DavItem]:
    """Read the resources of a multi-status answer."""
    return [_item(found) for found in tree.iterfind(f"{DAV}response")]


def sync_token(tree: Any) -> str:
    """Return the sync token of an answer (RFC 6578); empty when it has none."""
    return (tree.findtext(f"{DAV}sync-token") or "").strip()


def faults_in(tree: Any) -> tuple[str, ...]:
    """Return which conditions an error answer names (RFC 4918, 16)."""
    if tree is None or tree.tag != f"{DAV}error":
        return ()
    return tuple(child.tag.rpartition("}")[2] for child in _elements(tree))


def _item(found: Any) -> DavItem:
    properties: dict[str, Any] = {}
    for part in found.iterfind(f"{DAV}propstat"):
        # Properties that it does not have stand in a group of their own, with 404.
        if _code(part.findtext(f"{DAV}status")) == 200:
            for holder in part.iterfind(f"{DAV}prop"):
                properties.update((one.tag, one) for one in _elements(holder))
    href = (found.findtext(f"{DAV}href") or "").strip()
    return DavItem(href, _code(found.findtext(f"{DAV}status")), properties)


def _code(status: str | None) -> int:
    """Read `HTTP/1.1 200 OK`; without a status all is well."""
    found = _STATUS.search(status or "HTTP/1.1 200")
    # A status that nobody can read counts as a fault of the server.
    return int(found[1]) if found else 500


def _elements(parent: Any) -> Iterable[Any]:
    """Yield the elements in an element; comments are none."""
    return (child for child in parent if isinstance(child.tag, str))


def _names(element: Any) -> set[str]:
    return {one.tag for one in element.iter() if isinstance(one.tag, str)}
