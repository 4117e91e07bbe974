"""The parts of a grammar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """This text."""

    text: str


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a class.

    Attributes:
        spans: first and last code point of each range, both included.
        negated: any character but these.
    """

    spans: tuple[Span, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """One part after the other; nothing at all when there are none."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several parts; impossible when there are none."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, so many times; `most` None is without an end.

    Attributes:
        soft: the schema does not say `most`: a notation may leave it out.
    """

    item: Node
    least: int
    most: int | None
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """What is both; only as the whole of a terminal.

    Attributes:
        shape: what it looks like.
        limit: how long it may be; a notation that cannot say both says the shape.
    """

    shape: Node
    limit: Node


@dataclass(frozen=True, slots=True)
class Substring:
    """Words of a text, one or more in a row; only as the whole of a terminal, in Lark.

    Attributes:
        text: the words; those taken together are always on one line.
        barred: characters that may not be among them.
    """

    text: str
    barred: str


@dataclass(frozen=True, slots=True)
class Unlike:
    """A part that holds none of these texts; only as the whole of a terminal, in Lark.

    Attributes:
        shape: what it looks like.
        barred: the texts that it does not hold.
        end: what follows it, where that is text.
    """

    shape: Node
    barred: tuple[str, ...]
    end: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A control token of the model's tokenizer, which no text is; in Lark."""

    token: int


@dataclass(frozen=True, slots=True)
class Reference:
    """What a rule of this name says."""

    name: str


Node: TypeAlias = (
    Literal
    | Chars
    | Chain
    | AnyOf
    | Repeat
    | Both
    | Substring
    | Unlike
    | Control
    | Reference
)

# The empty text: a sequence without parts.
NOTHING = Chain(())
DIGIT = Chars(((0x30, 0x39),))


@dataclass(frozen=True, slots=True)
class GrammarRule:
    """A named part.

    Attributes:
        terminal: it refers to no other rule and is read in one go, as one regular
            expression.
    """

    name: str
    node: Node
    terminal: bool


def sequence(*items: Node) -> Node:
    """Join parts; literals beside one another become one."""
    flat: list[Node] = []
    for item in items:
        for part in item.items if isinstance(item, Chain) else (item,):
            last = flat[-1] if flat else None
            # Fewer and longer literals make smaller grammars.
            if isinstance(part, Literal) and isinstance(last, Literal):
                flat[-1] = Literal(last.text + part.text)
            elif part != Literal(""):
                flat.append(part)
    return flat[0] if len(flat) == 1 else Chain(tuple(flat))


def choice(options: Iterable[Node]) -> Node:
    """Allow any of several parts, each once."""
    # Equal options would make the grammar ambiguous.
    kept = tuple(dict.fromkeys(options))
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def optional(item: Node) -> Node:
    """Allow a part or nothing."""
    return Repeat(item, 0, 1)
