"""HTTP as caldav's client does it, within bounds: size, time, no redirects, no DTD."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from agentkit import Context, MissingPackage, ToolError, release
from agentkit_tools._dav.account import Account

# Bytes of an answer, and those that are read at once.
LARGEST = 32 * 1024 * 1024
_PIECE = 64 * 1024
_GRANT = "the user had this server exchanged with"
# A document type before the first element.
_DTD = re.compile(rb"\A(?:[^<]|<\?|<!--|<(?![A-Za-z_]))*?<!DOCTYPE")


class TooLarge(ToolError):
    """An answer is larger than one of its kind may be."""


@dataclass(frozen=True, slots=True)
class ServerAnswer:
    """What a server said, in the shape that caldav reads.

    Attributes:
        url: where it came from.
    """

    status_code: int
    reason: str
    headers: Any
    content: bytes
    url: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode("utf-8", "replace")


@dataclass(slots=True)
class Connection:
    """The connection under caldav's client.

    Attributes:
        session: the HTTP library's session.
        bytes_out: what left the device.
    """

    session: Any
    patience: float
    context: Context
    bytes_out: int = 0
    auth: Any = field(default=None)

    def request(self, method: str, url: str, **options: Any) -> ServerAnswer:
        """Send a request and read its answer, which may not be too large or slow.

        Raises:
            TooLarge: the answer is.
            ToolError: the answer declares a document type, which none of these does.
        """
        # Unpacked, a small answer could grow beyond all bounds.
        options["headers"] = {**options["headers"], "Accept-Encoding": "identity"}
        body: str | bytes = options.get("data") or b""
        release(self.context, url, body, grant=_GRANT, label="personal")
        self.bytes_out += len(body) + len(url)
        found = self.session.request(
            method, url, **options, allow_redirects=False, stream=True
        )
        try:
            content = self._read(found)
        finally:
            found.close()
        if _DTD.match(content[:4096]):
            if found.status_code < 400:
                raise ToolError("it sent XML with a document type, which is not read")
            # Error pages are HTML at times; nothing in them is read.
            content = b""
        return ServerAnswer(
            found.status_code, found.reason or "", found.headers, content, found.url
        )

    def _read(self, found: Any) -> bytes:
        pieces: list[bytes] = []
        # The patience is for silence; a server that drips gets ten times of it.
        size, until = 0, time.monotonic() + 10 * self.patience
        for piece in found.iter_content(_PIECE):
            size += len(piece)
            pieces.append(piece)
            if size > LARGEST:
                raise TooLarge(f"it sent more than {LARGEST // 2**20} MB at once")
            if time.monotonic() > until:
                raise TimeoutError(f"it took over {10 * self.patience:.0f} s to answer")
        return b"".join(pieces)

    def close(self) -> None:
        """Close the connection."""
        self.session.close()


def _nothing_added(request: Any) -> Any:
    """Authenticate nothing: so that no password of a .netrc file is sent."""
    return request


def connect(context: Context, account: Account, url: str, password: str) -> Any:
    """Make caldav's client for a server; nothing is sent yet.

    Raises:
        MissingPackage: caldav is not installed.
    """
    try:
        caldav: Any = import_module("caldav")
        http: Any = import_module("niquests")
    except ImportError as exc:
        raise MissingPackage("caldav", "caldav", "A calendar server") from exc
    client = caldav.DAVClient(
        url=url,
        username=account.user,
        password=password,
        timeout=account.timeout,
        ssl_verify_cert=account.ca_file or True,
        # It would ask the DNS of the user's domain for servers that nobody named.
        enable_rfc6764=False,
    )
    client.session.close()
    # Revocation lists would be asked for from servers that the user did not name.
    session = http.Session(disable_http3=True, revocation_configuration=None)
    session.auth = _nothing_added
    client.session = Connection(session, account.timeout, context)
    return client
