"""One calendar or address book on the server: what changed, reading and writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urljoin, urlsplit

from agentkit import ToolError
from agentkit_tools._dav.addresses import Collection
from agentkit_tools._dav.dav_server import Refused, Server
from agentkit_tools._dav.transport import TooLarge
from agentkit_tools._dav.webdav import (
    CAL,
    CARD,
    DAV,
    ETAGS,
    DavItem,
    DavReply,
    changes,
    multiget,
    sync_token,
)

# Entries that are asked for at once, and parts of a list of changes.
_BATCH = 50
_MOST_PAGES = 1000
_DATA = {"calendar": f"{CAL}calendar-data", "contacts": f"{CARD}address-data"}
_TYPES = {"calendar": "text/calendar", "contacts": "text/vcard"}
# What needs no escape in a path (RFC 3986, 3.3).
_PLAIN = "-._~!$&'()*+,;=:@"
# How servers refuse a token that they do not know any more, or the report itself.
_EXPIRED = (400, 403, 409, 410, 412, 415, 501, 507)


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry as it is on the server; `text` is None when it is not there."""

    href: str
    etag: str
    text: str | None


@dataclass(slots=True)
class Delta:
    """What changed on the server.

    Attributes:
        etags: entries that are new or changed.
        gone: entries that are said to be gone.
        whole: whether `etags` names every entry there is.
        token: asks for what changes from now on; empty when the server has none.
    """

    etags: dict[str, str] = field(default_factory=dict[str, str])
    gone: set[str] = field(default_factory=set[str])
    whole: bool = True
    token: str = ""


class Remote:
    """A collection on its server."""

    def __init__(self, server: Server, collection: Collection) -> None:
        self._server = server
        self.collection = collection

    def delta(self, token: str) -> Delta:
        """List what changed since a token; all there is when that cannot be told.

        Raises:
            ToolError: the server cannot be used.
        """
        if not self.collection.tracks:
            return self._listing()
        for since in dict.fromkeys((token, "")):
            try:
                return self._changes(since)
            except Refused as exc:
                if exc.status not in _EXPIRED:
                    raise
        return self._listing()

    def _changes(self, token: str) -> Delta:
        found = Delta(whole=not token, token=token)
        for _ in range(_MOST_PAGES):
            reply, items = self._server.items(
                "REPORT", self.collection.url, changes(found.token)
            )
            more = False
            for item in items:
                if self._is_self(item.href, reply):
                    # 507 for the collection itself: the list is cut off, and the token
                    # asks for the rest (RFC 6578, 3.6).
                    more = more or item.status == 507
                elif item.status == 404:
                    found.gone.add(self._path(item.href))
                    found.etags.pop(self._path(item.href), None)
                else:
                    found.etags[self._path(item.href)] = _etag(item)
            before, found.token = found.token, sync_token(reply.tree)
            if not more:
                return found
            # Without a new token the same part would come again and again.
            if not found.token or found.token == before:
                break
        raise ToolError(
            f"The server {self._server.host} does not come to an end in telling what "
            f"changed in {self.collection.name!r}. Nothing is lost; try again later."
        )

    def _listing(self) -> Delta:
        reply, items = self._server.items("PROPFIND", self.collection.url, ETAGS, "1")
        found = Delta()
        for item in items:
            folder = f"{DAV}collection" in item.names_in(f"{DAV}resourcetype")
            if not folder and not self._is_self(item.href, reply):
                found.etags[self._path(item.href)] = _etag(item)
        return found

    def fetch(self, hrefs: Sequence[str]) -> Iterator[list[Resource]]:
        """Read entries, some at a time.

        Raises:
            TooLarge: a single one is larger than any may be.
            ToolError: the server cannot be used.
        """
        for first in range(0, len(hrefs), _BATCH):
            yield self._batch(hrefs[first : first + _BATCH])

    def _batch(self, hrefs: Sequence[str]) -> list[Resource]:
        kind = self.collection.kind
        try:
            reply, items = self._server.items(
                "REPORT", self.collection.url, multiget(kind, hrefs), "1"
            )
        except TooLarge:
            if len(hrefs) == 1:
                raise
            # Large entries together: half of them at a time.
            half = len(hrefs) // 2
            return [*self._batch(hrefs[:half]), *self._batch(hrefs[half:])]
        wanted = set(hrefs)
        found = [self._resource(item, reply) for item in items]
        # Some servers answer with more than was asked for.
        return [one for one in found if one.href in wanted]

    def _resource(self, item: DavItem, reply: DavReply) -> Resource:
        data = _DATA[self.collection.kind]
        there = item.status < 300 and data in item.properties
        text = item.raw(data) if there else None
        return Resource(self._path(item.href), _etag(item), text)

    def read(self, href: str) -> Resource:
        """Read one entry.

        Raises:
            ToolError: the server cannot be used.
        """
        return next(iter(self._batch([href])), Resource(href, "", None))

    def put(self, href: str, text: str, etag: str) -> str:
        """Write an entry that has this ETag, or a new one when that is empty.

        Returns:
            Its new ETag; empty when the server does not tell.

        Raises:
            Refused: 412 when it was changed meanwhile, or is there already.
            ToolError: the server cannot be used; whether it is written is not known.
        """
        condition = {"If-Match": strong(etag)} if etag else {"If-None-Match": "*"}
        kind = f"{_TYPES[self.collection.kind]}; charset=utf-8"
        headers = {"Content-Type": kind, **condition}
        return self._server.ask("PUT", self._full(href), text, headers).etag

    def delete(self, href: str, etag: str) -> None:
        """Delete an entry that has this ETag.

        Raises:
            Refused: 412 when it was changed meanwhile.
            ToolError: the server cannot be used; whether it is gone is not known.
        """
        self._server.ask("DELETE", self._full(href), headers={"If-Match": strong(etag)})

    def href_of(self, name: str) -> str:
        """Return what a new entry is called on the server."""
        return self._path(name)

    def _full(self, href: str) -> str:
        return urljoin(self.collection.url, href)

    def _path(self, href: str) -> str:
        """Return a name without the host, each part of it escaped in one way."""
        path = urlsplit(self._server.address(href, self.collection.url)).path
        return "/".join(quote(unquote(part), safe=_PLAIN) for part in path.split("/"))

    def _is_self(self, href: str, reply: DavReply) -> bool:
        mine = {self._path(url).rstrip("/") for url in (self.collection.url, reply.url)}
        return self._path(href).rstrip("/") in mine


def strong(etag: str) -> str:
    """Return an ETag as If-Match takes it: a weak one never matches as it is."""
    return etag.removeprefix("W/")


def _etag(item: DavItem) -> str:
    return item.text(f"{DAV}getetag")
