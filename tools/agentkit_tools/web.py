"""Web search through a server that the user has named; off until then.

The server is asked with `GET /search?q=...&format=json`. A redirect is refused: it would
take the question to somebody who was not named.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, urlencode

from agentkit import Context, InputNeeded, ToolError, release, tool
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._https import (
    address_in,
    connection_to,
    content_within,
    is_this_device,
)
from agentkit_tools._pack import WebTable, sentences
from agentkit_tools._phrases import bullets, counted, phrase

# Seconds for the whole answer, and bytes of it.
_PATIENCE, _LARGEST = 10.0, 2_000_000
# Characters: what goes out, and what of a stranger's page a small model gets to read.
_LONGEST_QUERY, _LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_URL = 500, 200, 400, 1_000
# What the common refusals of a SearXNG server mean.
_TOLD = {
    401: "it wants a log-in",
    403: "it does not allow JSON answers: the server has to list `json` under "
    "`search.formats` in its settings.yml",
    404: "there is no search under this address",
    429: "it was asked too often; try again later",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebHit:
    """A page that the server named."""

    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What came of a question.

    Attributes:
        server: the host that was asked.
        bytes_out: size of the request line, which holds the question.
    """

    hits: list[WebHit]
    server: str
    bytes_out: int


def endpoint_of(context: Context) -> SplitResult:
    """Return the address of the search server.

    Raises:
        ToolError: it is not set, or may not be used.
    """
    set_to = context.packs.get("web", {}).get("searxng", "")
    if not set_to:
        raise ToolError(
            phrase(
                "Web search is off. To set it up, put a table [packs.web] with "
                '`searxng = "https://..."` into agentkit.toml.'
            )
        )
    found = address_in(str(set_to))
    # A password in the address would stand in errors and in the ledger.
    if found is None or not found.hostname or found.username or found.query:
        raise ToolError(
            f"The setting packs.web.searxng is {_shown(str(set_to))!r}; it has to be an "
            "address such as https://search.example, without a name or password in it."
        )
    if found.scheme == "https" or (
        found.scheme == "http" and is_this_device(found.hostname)
    ):
        return found
    raise ToolError(
        f"The search server {found.hostname} has to be reached over https: only a "
        "server on this device may be asked over http."
    )


def _shown(address: str) -> str:
    """Leave a password out of what is shown."""
    return address.rpartition("@")[2][:200]


def ask_web(context: Context, query: str, count: int) -> WebAnswer:
    """Ask the search server.

    Raises:
        ToolError: it is not set up, cannot be reached, or answers nothing of use.
    """
    place = endpoint_of(context)
    host = place.hostname or ""
    # With or without "/search" at its end: people copy either.
    path = place.path.rstrip("/").removesuffix("/search") + "/search"
    words = " ".join(query.split())[:_LONGEST_QUERY]
    target = f"{path}?{urlencode({'q': words, 'format': 'json'})}"
    # Asked of the privacy gate and written to the ledger before anything is sent.
    release(context, place.geturl(), target, grant="the user allowed this search")
    try:
        content = _get(place, host, target)
    except (OSError, HTTPException) as exc:
        reason = " ".join(str(exc).split())[:200].rstrip(".") or type(exc).__name__
        raise _unusable(host, reason) from exc
    return WebAnswer(list(_hits(content, host))[:count], host, len(target))


def _get(place: SplitResult, host: str, target: str) -> bytes:
    deadline = time.monotonic() + _PATIENCE
    connection = connection_to(place, _PATIENCE)
    try:
        headers = {"Accept": "application/json", "User-Agent": "agentkit"}
        connection.request("GET", target, headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise _refused(answer.status, host)
        return _read(answer, deadline, host)
    finally:
        connection.close()


def _refused(status: int, host: str) -> ToolError:
    if 300 <= status < 400:
        why = "it sends the question on to another address, which is refused"
    else:
        why = _TOLD.get(status, f"it answered with status {status}")
    return _unusable(host, why)


def _unusable(host: str, why: str) -> ToolError:
    return ToolError(
        phrase("The search server {host} cannot be used: {why}.", host=host, why=why)
    )


def _read(answer: HTTPResponse, deadline: float, host: str) -> bytes:
    """Read an answer that is neither too large nor too slow."""
    content = content_within(answer, _LARGEST, deadline)
    if content is None:
        raise ToolError(
            phrase(
                "The search server {host} answered with more than {size} MB; "
                "nothing of it was used.",
                host=host,
                size=_LARGEST // 1_000_000,
            )
        )
    return content


def _hits(content: bytes, host: str) -> Iterator[WebHit]:
    try:
        found: Any = json.loads(content)
        results: Any = found["results"]
    except (ValueError, RecursionError, KeyError, TypeError) as exc:
        raise ToolError(
            phrase(
                "The search server {host} answered with something that is no list of "
                "results in JSON.",
                host=host,
            )
        ) from exc
    seen: set[str] = set()
    if type(results) is not list:
        return
    for one in results:  # pyright: ignore[reportUnknownVariableType]
        hit = _hit(one) if isinstance(one, Mapping) else None  # pyright: ignore[reportUnknownArgumentType]
        # Servers ask several engines, and a page comes from more than one.
        if hit and hit.url not in seen:
            seen.add(hit.url)
            yield hit


def _hit(found: Mapping[str, Any]) -> WebHit | None:
    url = _line(found.get("url"), _LONGEST_URL)
    # "javascript:" and the like must not be offered to be opened.
    if not url.startswith(("https://", "http://")) or " " in url:
        return None
    title = _line(found.get("title"), _LONGEST_TITLE)
    return WebHit(title=title, url=url, text=_line(found.get("content"), _LONGEST_TEXT))


def _line(value: Any, longest: int) -> str:
    """Return a stranger's text on one line, without control characters."""
    text = value if isinstance(value, str) else ""
    # Cut before it is cleaned: a text of megabytes need not be gone through.
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * longest])
    return " ".join(shown.split())[:longest]


NEEDS_SETTINGS = True
SETTINGS = WebTable
_SAY = sentences("web")
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WebResults:
    """What a search server answered.

    Attributes:
        server: who received the query.
        bytes_out: how many bytes of the query and its address left the device.
    """

    query: str
    hits: list[WebHit]
    server: str
    bytes_out: int


def _say_results(found: WebResults) -> str:
    if not found.hits:
        return f"{found.server} found nothing for “{found.query}”."
    lines = [
        f"{hit.title} ({hit.url})" + (f": {hit.text}" if hit.text else "")
        for hit in found.hits
    ]
    head = f"{counted(len(lines), 'page')} from {found.server}"
    return f"{head}:\n{bullets(lines)}"


def _preview_search(context: Context, query: str, count: int) -> str:
    return f"Ask {endpoint_of(context).hostname} on the web for “{query}”."


@tool(
    # The query leaves the device, and what comes back is a stranger's.
    effect="send",
    untrusted=True,
    examples=_SAY["search_web"],
    wording=_say_results,
    preview=_preview_search,
    settle=try_again,
)
def search_web(context: Context, query: str, count: int = 5) -> WebResults:
    """Search the web; the query leaves the device.

    Args:
        query: words to look for.
        count: how many pages at most.
    """
    if not query.strip():
        raise InputNeeded("query", phrase("What shall I look for on the web?"))
    answer = ask_web(context, query, max(1, min(count, _MOST)))
    return WebResults(
        query=query,
        hits=answer.hits,
        server=answer.server,
        bytes_out=answer.bytes_out,
    )
