"""A file fetched from an address over HTTPS: released first, bounded, each hop told.

Addresses of calendars often lead on to another host. Each request of the way there is
released and recorded by itself, and none goes from HTTPS to HTTP.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, urlsplit

from agentkit import Context, ToolError, release
from agentkit_tools._https import (
    address_in,
    connection_to,
    content_within,
    is_this_device,
)

# Seconds for all hops and the file, and bytes of the file.
_PATIENCE, _LARGEST = 30.0, 50_000_000
_HOPS = 5
# What the common refusals mean to somebody who subscribes.
_TOLD = {
    401: "it wants a log-in: use the calendar's private address, or CalDAV",
    403: "it does not give the calendar out under this address",
    404: "there is nothing under this address",
    410: "there is nothing under this address any more",
    429: "it was asked too often; try again later",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a file on its server.

    Attributes:
        content: its bytes; None where it is the one that was known.
        etag: what the server tells it by; empty where it tells nothing.
        modified: the same, as a date.
    """

    content: bytes | None
    etag: str = ""
    modified: str = ""


def address_of(said: str) -> str:
    """Return the address that is meant; `webcal:` is what calendars call HTTPS.

    Raises:
        ToolError: it is none that may be asked.
    """
    text = said.strip().strip("<>")
    for scheme in ("webcals://", "webcal://"):
        if text.lower().startswith(scheme):
            text = f"https://{text[len(scheme) :]}"
    place = address_in(text)
    # A name or password would stand in the ledger and in `.subscription`.
    if place is None or not place.hostname or place.username:
        raise ToolError(
            f"{text.rpartition('@')[2][:200]!r} is no address of a calendar: it begins "
            "with https:// or webcal://, and holds no name or password before the host."
        )
    _check(place)
    return text


def fetch_edition(
    context: Context, address: str, etag: str = "", modified: str = ""
) -> Edition:
    """Fetch a file, unless it is the one that is known.

    Args:
        context: whose gate and ledger are asked.
        address: from `address_of`.
        etag: what the known one was told by.
        modified: the same, as a date.

    Raises:
        EgressDenied: nothing may leave.
        ToolError: the server cannot be used, or the answer is too large.
    """
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: value for name, value in known.items() if value}
    headers |= {"User-Agent": "agentkit", "Accept": "text/calendar, */*;q=0.1"}
    deadline = time.monotonic() + _PATIENCE
    for _ in range(_HOPS):
        place = urlsplit(address)
        try:
            answer = _ask(context, place, headers, deadline)
        except (OSError, HTTPException) as exc:
            reason = " ".join(str(exc).split())[:200].rstrip(".")
            raise _unusable(place, reason or type(exc).__name__) from exc
        if isinstance(answer, Edition):
            return answer
        leads = address_in(answer, address)
        if leads is None:
            raise _unusable(place, "it leads on to something that is no address")
        _check(leads, place)
        address = leads.geturl()
    raise _unusable(urlsplit(address), "it leads on and on to other addresses")


def _ask(
    context: Context, place: SplitResult, headers: dict[str, str], deadline: float
) -> Edition | str:
    """Ask once; return the file, or the address that it leads on to."""
    target = f"{place.path or '/'}{f'?{place.query}' if place.query else ''}"
    grant = "the user subscribed to this calendar"
    release(context, f"{place.scheme}://{place.netloc}", target, grant=grant)
    connection = connection_to(place, _PATIENCE)
    try:
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308):
            return answer.getheader("Location") or "/"
        if answer.status == 304:
            return Edition(None)
        if answer.status != 200:
            told = f"it answered with status {answer.status}"
            raise _unusable(place, _TOLD.get(answer.status, told))
        content = content_within(answer, _LARGEST, deadline)
        if content is None:
            raise _unusable(place, f"the file is larger than {_LARGEST // 10**6} MB")
        return Edition(
            content,
            answer.getheader("ETag") or "",
            answer.getheader("Last-Modified") or "",
        )
    finally:
        connection.close()


def _check(place: SplitResult, before: SplitResult | None = None) -> None:
    """Refuse an address in the clear, save on this device.

    Raises:
        ToolError: it may not be asked.
    """
    if place.scheme == "https" and place.hostname:
        return
    local = place.scheme == "http" and is_this_device(place.hostname or "")
    # Only from this device to itself: no server on the web leads into it.
    if local and (before is None or is_this_device(before.hostname or "")):
        return
    raise _unusable(place, "it has to be reached over https")


def _unusable(place: SplitResult, why: str) -> ToolError:
    return ToolError(
        f"The calendar at {place.hostname or place.geturl()[:200]} cannot be fetched: {why}."
    )
