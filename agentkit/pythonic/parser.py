"""Reads the calls in a model's output, and leaves the rest as text.

Anchored on the known tools, not on an envelope. Text is data: nothing in it is
evaluated. Only the first answer counts: a model that runs on and makes up the
next question is not followed there. Not covered: more than a million characters
or 256 calls, of which the first are read.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agentkit.pythonic.binding import bind
from agentkit.pythonic.dress import (
    outside,
    unescape_markdown,
    without_controls,
    without_end,
)
from agentkit.pythonic.parsed import (
    MAX_CALLS,
    Books,
    CallFault,
    KnownTools,
    ParsedCalls,
    Repair,
)
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.sites import Site, Sites
from agentkit.pythonic.syntax import MAX_SIZE

# The list of calls at the head of an answer, with or without Llama's mark.
LIST_START = re.compile(r"\s*(?:<\|python_(?:tag|start)\|>\s*)?\[\s*")


def parse_calls(text: str, toolset: KnownTools) -> ParsedCalls:
    """Read the calls in a model's output.

    Args:
        text: what the model wrote.
        toolset: the tools that it may call.

    Returns:
        The calls, the text around them, every repair, and what could not be read.
    """
    if len(text) <= MAX_SIZE:
        return _parse(text, toolset)
    parsed = _parse(text[:MAX_SIZE], toolset)
    fault = CallFault("", f"Only the first {MAX_SIZE} characters were read.")
    return replace(parsed, errors=(*parsed.errors, fault))


def _parse(written: str, tools: KnownTools) -> ParsedCalls:
    text, unescaped = unescape_markdown(without_end(written), tools)
    books = Books(tools, text)
    start = LIST_START.match(text)
    # The usual answer is nothing but a list in order: one pass, without a look for
    # places.
    plain = Reader(text).read_plain_list(start.end()) if start else []
    if plain:
        sites = [Site(0, len(text), plain)]
    else:
        sites = Sites(text, books.find_name).find()
    _bind_all(sites, books)
    errors = tuple(books.errors)
    # Without a call all of it is text, escapes and brackets included.
    if not books.calls:
        return ParsedCalls(
            text=without_controls(written, has_calls=False), errors=errors
        )
    if unescaped:
        books.repairs.insert(0, Repair("", "read markdown's \\_ as _ and \\[ as ["))
    said = "" if plain else outside(text, [(site.start, site.end) for site in sites])
    said = without_controls(said) if said else ""
    return ParsedCalls(tuple(books.calls), said, tuple(books.repairs), errors)


def _bind_all(sites: list[Site], books: Books) -> None:
    for site in sites:
        for raw in site.calls:
            # A text of thousands of broken calls makes no thousands of messages.
            if len(books.errors) > MAX_CALLS:
                return
            index = bind(books, raw)
            if site.result and index >= 0:
                books.results[site.result] = index
        for fault in site.faults:
            tool = site.calls[-1].name
            books.errors.append(CallFault(tool, f"Beside a call of {tool!r}: {fault}."))
