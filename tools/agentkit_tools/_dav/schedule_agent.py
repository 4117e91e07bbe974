"""Who sends the invites of an event: the outbox here, or the server (RFC 6638).

A server with automatic scheduling sends invites for each guest of an event that it is
given. Guests that the outbox invites are marked, so that they are not invited twice.
"""

from __future__ import annotations

import re

from agentkit_tools._store.blocks import Block, Blocks, split_blocks
from agentkit_tools._store.card_files import written

_AGENT = re.compile(r';SCHEDULE-AGENT=("[^"]*"|[^;:]*)', re.I)
_ADDRESS = re.compile(r"(?:mailto:)?([^\s:]+)$", re.I)


def outgoing(text: str, base: str, me: str) -> str:
    """Return an event as it goes up: nobody is invited by the server as well.

    Guests that the server knows already keep who schedules them: to change that would
    make the server send a cancellation.

    Args:
        text: the event.
        base: the event as the server has it; empty when it is new there.
        me: the user's address.
    """
    blocks = split_blocks(text)
    known = {address for one in split_blocks(base).items for address in _people(one)}
    marked = [_marked(one, known, me) for one in blocks.items]
    return Blocks(tuple(one for one in marked if one.text)).text


def _marked(block: Block, known: set[str], me: str) -> Block:
    if not block.kind:
        # A stored event has no METHOD (RFC 4791, 4.1).
        is_method = block.text.strip().upper().startswith("METHOD:")
        return Block("", "") if is_method else block
    host = next(iter(_addresses(block, "ORGANIZER")), "")
    # The organizer's server invites; a guest's server answers the organizer.
    name = "ORGANIZER" if host and host != me.casefold() else "ATTENDEE"
    lines = block.lines(name)
    new = [_by_client(line, known) for line in lines]
    if new == lines:
        return block
    return block.rewritten([name], "".join(written(*_split(line)) for line in new))


def _by_client(line: str, known: set[str]) -> str:
    found = _ADDRESS.search(line)
    address = found[1].casefold() if found else ""
    if not address or address in known or _AGENT.search(line):
        return line
    name = re.match(r"[A-Za-z-]+", line)
    end = name.end() if name else 0
    return f"{line[:end]};SCHEDULE-AGENT=CLIENT{line[end:]}"


def _split(line: str) -> tuple[str, str]:
    name, _, rest = line.partition(":")
    return name, rest


def _people(block: Block) -> list[str]:
    return [*_addresses(block, "ATTENDEE"), *_addresses(block, "ORGANIZER")]


def _addresses(block: Block, name: str) -> list[str]:
    found = (_ADDRESS.search(line) for line in block.lines(name))
    return [one[1].casefold() for one in found if one]
