"""A file of cards taken in: each once, in one change.

A card is known by its UID, or by its name together with an address or number.
"""

from __future__ import annotations

from agentkit import Context, ToolError
from agentkit.language import fold
from agentkit_tools._archives.arrival import Arrival
from agentkit_tools._store.blocks import Block, known_uid, split_blocks
from agentkit_tools._store.card_book import add_cards, read_cards
from agentkit_tools._store.octets import text_of
from agentkit_tools._store.vcards import Card, read_card


def take_in_cards(content: bytes, name: str, context: Context) -> Arrival:
    """Take a file of cards into the home.

    Raises:
        ToolError: it is no file of cards.
        StoreError: the home cannot be read or written.
    """
    blocks, arrival = split_blocks(text_of(content), ""), Arrival()
    if not blocks.of("VCARD"):
        raise ToolError(f"{name} is no file of contacts: it has no VCARD in it.")
    known = {
        key
        for card in read_cards(context.home, context.now).cards
        for key in _keys(card)
    }
    new: list[Block] = []
    for place, block in enumerate(blocks.of("VCARD"), 1):
        card = read_card(block) if block.whole else None
        if card is None:
            why = "it names nobody" if block.whole else "it is cut off"
            arrival.fault(f"card {place}: {why}")
        elif known & (keys := _keys(card)):
            arrival.known += 1
        else:
            # A file may hold a card twice.
            known |= keys
            new.append(_ready(block))
    if new:
        saved = add_cards(context.home, new, context.now)
        arrival.contacts, arrival.warning = len(new), saved.warning
        arrival.undos.append(saved.undo)
    return arrival


def _keys(card: Card) -> set[str]:
    """Return what somebody is known by; the name alone where there is nothing else."""
    name, uid = fold(card.name), card.block.uid
    reached = {f"{name} {fold(one)}" for one in (*card.emails, *card.phones)}
    return reached | ({f"uid {uid}"} if uid else set()) or {name}


def _ready(block: Block) -> Block:
    """Give a card a UID and the end of its last line, where it has none."""
    if not block.text.endswith(("\n", "\r")):
        # The next card would begin on its last line.
        block = Block(block.kind, f"{block.text}\r\n")
    if block.uid:
        return block
    return block.rewritten(("UID",), f"UID:{known_uid(block)}\r\n")
