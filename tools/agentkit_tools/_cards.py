"""Changes to one vCard, property by property; all else in it stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Contact, InputNeeded, ToolError, match_contact
from agentkit.language import fold
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import Block
from agentkit_tools._store.card_files import (
    CardLine,
    changed_lines,
    escaped,
    parts_of,
    unescaped,
    with_line,
    written,
)
from agentkit_tools._store.vcards import Card, name_line, plain_phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to be changed; what is empty stays.

    Attributes:
        old: the value that goes; without a new one in its place it is taken out.
    """

    email: str = ""
    phone: str = ""
    nickname: str = ""
    relation: str = ""
    organization: str = ""
    note: str = ""
    name: str = ""
    old: str = ""


def edited(card: Card, edit: Edit) -> Block:
    """Return a contact's card with the changes in it.

    Raises:
        InputNeeded: which of several addresses is to be replaced is not told.
        ToolError: there is nothing to change, or the old value is not there.
    """
    block = card.block
    # An old value goes into the place of a new address or number, if there is one.
    if edit.old and not (edit.email or edit.phone):
        block = _without(block, card, edit.old)
    elif edit == Edit():
        raise InputNeeded(
            "email", phrase("What shall be changed about {name}?", name=card.name)
        )
    for name, new, values in (
        ("EMAIL", edit.email, card.emails),
        ("TEL", edit.phone, card.phones),
    ):
        if new:
            block = _with_reach(block, name, new, values, edit.old)
    # A relation is kept in CATEGORIES: vCard 3.0, which is written here, has no RELATED.
    for name, word in (("NICKNAME", edit.nickname), ("CATEGORIES", edit.relation)):
        if word:
            block = _with_word(block, name, word)
    for name, text in (("ORG", edit.organization), ("NOTE", edit.note)):
        if text:
            block = _with_text(block, name, text)
    return _renamed(block, edit.name) if edit.name else block


def _value(line: CardLine) -> str:
    return plain_phone(unescaped(line.value).strip()).removeprefix("mailto:")


def _same(line: CardLine, value: str) -> bool:
    if line.name == "TEL":
        # Numbers are alike however they are written: "+49 30 1234" and "030 1234".
        return bool(match_contact(value, [Contact("", phones=(_value(line),))]).sure)
    return fold(_value(line)) == fold(value)


def _with_reach(
    block: Block, name: str, new: str, values: tuple[str, ...], old: str
) -> Block:
    """Put an address or number in, in the place of the old one."""
    if not values:
        return with_line(block, written(name, escaped(new)))
    if not old and len(values) > 1:
        raise InputNeeded(
            "old", phrase("Which one does {new} replace?", new=new), values
        )
    old = old or next(iter(values))
    text = changed_lines(
        block,
        (name,),
        lambda line: _revalued(line, new) if _same(line, old) else line.raw,
    )
    # A new value that equals the old one changes nothing, and is no mistake.
    if text == block and fold(old) != fold(new):
        raise ToolError(phrase("{old} is not in this contact.", old=old))
    return text


def _revalued(line: CardLine, new: str) -> str:
    """Write a property anew under its own name and parameters."""
    # vCard 4 writes numbers as URIs (RFC 6350, 6.4.1), which have no spaces.
    uri = line.value.lower().startswith("tel:")
    value = f"tel:{new.replace(' ', '-')}" if uri else escaped(new)
    mail = line.value.lower().startswith("mailto:")
    value = f"mailto:{value}" if mail else value
    return written(line.head, value)


def _with_word(block: Block, name: str, word: str) -> Block:
    """Add a word to a list such as the nicknames."""
    done = False

    def add(line: CardLine) -> str:
        nonlocal done
        # Only the first line of the kind takes it.
        if done:
            return line.raw
        done = True
        words = parts_of(line.value, ",")
        if fold(word) in map(fold, words):
            return line.raw
        return written(line.head, ",".join(map(escaped, [*words, word])))

    changed = changed_lines(block, (name,), add)
    return changed if done else with_line(block, written(name, escaped(word)))


def _with_text(block: Block, name: str, text: str) -> Block:
    done = False

    def put(line: CardLine) -> str:
        nonlocal done
        if done:
            return line.raw
        done = True
        return written(line.head, escaped(text))

    changed = changed_lines(block, (name,), put)
    return changed if done else with_line(block, written(name, escaped(text)))


def _renamed(block: Block, name: str) -> Block:
    block = _with_text(block, "FN", name)
    # N is the name in parts; a card without it gets none, as FN is what is shown.
    return changed_lines(block, ("N",), lambda _: name_line(name))


def _without(block: Block, card: Card, old: str) -> Block:
    """Take a value out."""

    def drop(line: CardLine) -> str:
        if line.name in ("EMAIL", "TEL"):
            return "" if _same(line, old) else line.raw
        words = parts_of(line.value, ",")
        kept = [word for word in words if fold(word) != fold(old)]
        if len(kept) == len(words):
            return line.raw
        # A list whose only word goes is taken out with its line.
        return written(line.head, ",".join(map(escaped, kept))) if kept else ""

    names = ("EMAIL", "TEL", "NICKNAME", "CATEGORIES")
    changed = changed_lines(block, names, drop)
    if changed == block:
        raise ToolError(
            phrase("{old} is not in the contact {name}.", old=old, name=card.name)
        )
    return changed
