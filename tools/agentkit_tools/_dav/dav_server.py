"""A CalDAV or CardDAV server: requests, redirects, and its refusals in words."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from importlib import import_module
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

from agentkit import Context, ToolError
from agentkit_tools._dav.account import Account, password_of
from agentkit_tools._dav.transport import TooLarge, connect
from agentkit_tools._dav.webdav import DavItem, DavReply, faults_in, items_of

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
# What only reads may be asked again elsewhere; a write is never sent twice.
_SAFE = ("PROPFIND", "REPORT")
_MEANINGS = {
    401: "it does not take the user name or the password. Check `user` in "
    "agentkit.toml and the password",
    403: "it does not allow that to this user",
    404: "there is nothing at that address. Check `url` in agentkit.toml",
    405: "that address takes no such request. Check `url` in agentkit.toml",
    423: "the entry is locked by another program. Try again later",
    429: "it was asked too often. Try again later",
    500: "it failed inside. Try again later, or ask who runs it",
    502: "it cannot be reached behind its gateway. Try again later",
    503: "it is not available now. Try again later",
    507: "its storage is full",
}


class Refused(ToolError):
    """The server answered that it does not do what was asked.

    Attributes:
        status: the HTTP status.
        faults: names of the conditions that were not met.
    """

    def __init__(self, message: str, status: int, faults: tuple[str, ...]) -> None:
        self.status = status
        self.faults = faults
        super().__init__(message)


class Server:
    """One server, spoken to as one user."""

    def __init__(self, context: Context, account: Account, url: str) -> None:
        self.account = account
        self.url = url
        self._client = connect(context, account, url, password_of(account))
        first = urlsplit(url)
        # Where the password may go: the host the user named, and those added by hand.
        self._hosts = {first.netloc.lower(), *map(str.lower, account.other_hosts)}
        self._scheme = first.scheme

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.session.close()

    @property
    def host(self) -> str:
        """The server's name, for people."""
        return urlsplit(self.url).netloc

    @property
    def bytes_out(self) -> int:
        """What left the device."""
        return int(self._client.session.bytes_out)

    def address(self, href: str, base: str = "") -> str:
        """Return the full address of a name that the server gave.

        Raises:
            ToolError: it leads to a host that the password may not go to.
        """
        found = urljoin(base or self.url, href)
        parts = urlsplit(found)
        if parts.netloc.lower() not in self._hosts or parts.scheme != self._scheme:
            raise ToolError(
                f"The server {self.host} points to {parts.scheme}://{parts.netloc}, "
                "which may not have the password. If you trust it, add "
                f"{parts.netloc!r} to `other_hosts` in [packs.caldav]."
            )
        return found

    def ask(
        self,
        method: str,
        url: str,
        body: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> DavReply:
        """Send a request; what only reads follows redirects within the server.

        Raises:
            Refused: the server answers with an error.
            ToolError: it cannot be reached, or its answer makes no sense.
        """
        place, left = self.address(url), _MOST_REDIRECTS
        found, location = self._send(method, place, body, headers or {})
        # Each hop is checked by `address`: the password goes along.
        while found.status in _REDIRECTS and location and method in _SAFE and left:
            place, left = self.address(location, place), left - 1
            found, location = self._send(method, place, body, headers or {})
        if found.status >= 300:
            raise self._refusal(found)
        return found

    def items(
        self, method: str, url: str, body: str, depth: str = "0"
    ) -> tuple[DavReply, list[DavItem]]:
        """Send a request whose answer tells of several resources.

        Raises:
            Refused: the server answers with an error.
            ToolError: it cannot be reached, or its answer makes no sense.
        """
        headers = {"Depth": depth, "Content-Type": 'application/xml; charset="utf-8"'}
        found = self.ask(method, url, body, headers)
        if found.tree is None or not str(found.tree.tag).endswith("}multistatus"):
            raise ToolError(
                f"The server {self.host} did not answer as a calendar or contacts "
                "server does. Check `url` in agentkit.toml."
            )
        return found, items_of(found.tree)

    def _send(
        self, method: str, url: str, body: str, headers: Mapping[str, str]
    ) -> tuple[DavReply, str]:
        # Loaded here, as caldav is an extra.
        errors: Any = import_module("caldav.lib.error")
        with self._told():
            try:
                found = self._client.request(url, method, body, headers)
            except errors.RateLimitError:
                return DavReply(429, url, "", None), ""
            except errors.AuthorizationError as exc:
                faults = tuple(one.rpartition("}")[2] for one in exc.preconditions)
                # caldav raises for these; here all refusals are answers.
                return DavReply(int(exc.status or 403), url, "", None, faults), ""
            answer = self._reply(found, url), str(found.headers.get("Location") or "")
        return answer

    def _reply(self, found: Any, url: str) -> DavReply:
        tree = found.tree
        # A document type may define entities that grow without end, or read files.
        if tree is not None and tree.getroottree().docinfo.internalDTD is not None:
            raise ToolError("it sent XML with a document type, which is not read")
        etag = str(found.headers.get("ETag") or "").strip()
        return DavReply(int(found.status), url, etag, tree, faults_in(tree))

    @contextlib.contextmanager
    def _told(self) -> Generator[None, None, None]:
        """Turn a library's complaints into one sentence.

        Raises:
            ToolError: naming the server, and why it cannot be used.
        """
        http: Any = import_module("niquests.exceptions")
        xml: Any = import_module("lxml.etree")
        try:
            yield
        except TooLarge as exc:
            raise TooLarge(f"The server {self.host}: {exc}.") from exc
        except ToolError as exc:
            raise ToolError(f"The server {self.host}: {exc}.") from exc
        except http.SSLError as exc:
            raise self._unusable(
                "its certificate is not trusted. Where it has an authority of its "
                "own, name that in `ca_file`"
            ) from exc
        except (http.Timeout, TimeoutError) as exc:
            patience = f"{self.account.timeout:g} seconds"
            raise self._unusable(f"it did not answer within {patience}") from exc
        except (http.RequestException, OSError) as exc:
            raise self._unusable("the connection failed or broke off") from exc
        except (xml.XMLSyntaxError, ValueError) as exc:
            raise self._unusable("it answered something that is no XML") from exc
        except NotImplementedError as exc:
            raise self._unusable(
                "it knows no way to log in that is known here"
            ) from exc

    def _unusable(self, reason: str) -> ToolError:
        return ToolError(
            f"The server {self.host} cannot be used: {reason}. Nothing is lost; what "
            "was not exchanged waits for the next time."
        )

    def _refusal(self, found: DavReply) -> Refused:
        meaning = _MEANINGS.get(found.status) or "it does not do that"
        if found.status in _REDIRECTS:
            meaning = "it has moved. Check `url` in agentkit.toml"
        return Refused(
            f"The server {self.host} answered {found.status}: {meaning}.",
            found.status,
            found.faults,
        )
