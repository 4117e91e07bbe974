"""The XML that a CalDAV and CardDAV server is asked with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from xml.sax.saxutils import escape

Kind = Literal["calendar", "contacts"]

_SPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:A="urn:ietf:params:xml:ns:carddav"'
)
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_DATA = {"calendar": "C:calendar-data", "contacts": "A:address-data"}
_MULTIGET = {"calendar": "C:calendar-multiget", "contacts": "A:addressbook-multiget"}
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
