"""The parts of a grammar, and how they are printed: as Lark and as GBNF."""

from __future__ import annotations

import json
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
        text: the words; none that are taken together stand on two of its lines.
        barred: characters that may not be among them.
    """

    text: str
    barred: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What a rule of this name says."""

    name: str


Node: TypeAlias = (
    Literal | Chars | Chain | AnyOf | Repeat | Both | Substring | Reference
)

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
            if isinstance(part, Literal) and isinstance(last, Literal):
                flat[-1] = Literal(last.text + part.text)
            elif part != Literal(""):
                flat.append(part)
    return flat[0] if len(flat) == 1 else Chain(tuple(flat))


def choice(options: Iterable[Node]) -> Node:
    """Allow any of several parts, each once."""
    kept = tuple(dict.fromkeys(options))
    return kept[0] if len(kept) == 1 else AnyOf(kept)


def optional(item: Node) -> Node:
    """Allow a part or nothing."""
    return Repeat(item, 0, 1)


def lark_lines(rules: Iterable[GrammarRule]) -> list[str]:
    """Print rules, one a line; a terminal's name is in capitals."""
    listed = list(rules)
    terminals = frozenset(rule.name for rule in listed if rule.terminal)
    lines: list[str] = []
    for rule in listed:
        name = rule.name.upper()
        if isinstance(rule.node, Substring):
            words = json.dumps({"substring_words": rule.node.text}, ensure_ascii=False)
            lines += [
                f"{name}_ALL: %regex {words}",
                f"{name}: {name}_ALL & {_inner(rule.node)}",
            ]
        elif rule.terminal:
            lines.append(f"{name}: {_terminal(rule.node)}")
        else:
            lines.append(f"{rule.name}: {expression(rule.node, terminals)}")
    return lines


def _inner(node: Substring) -> str:
    """Print what words in a row look like: no sign at their ends, no other line."""
    barred = "".join(map(_letter, f"{node.barred}\\\n"))
    ends = barred + "".join(map(_letter, " ,;:.!?()"))
    return f"/[^{ends}]([^{barred}]*[^{ends}])?/"


def _terminal(node: Node) -> str:
    if isinstance(node, Both):
        return f"/{regex(node.shape)}/ & /{regex(node.limit)}/"
    return f"/{regex(node)}/"


def expression(node: Node, terminals: Iterable[str]) -> str:
    """Print a part of a rule.

    Args:
        node: the part.
        terminals: names of the rules that are terminals.
    """
    match node:
        case Literal():
            return json.dumps(node.text, ensure_ascii=False)
        case Chars():
            return f"/{regex(node)}/"
        case Reference():
            return node.name.upper() if node.name in terminals else node.name
        case Chain():
            return " ".join(_grouped(item, terminals) for item in node.items) or '""'
        case AnyOf():
            return " | ".join(_grouped(option, terminals) for option in node.options)
        case Repeat():
            return _grouped(node.item, terminals) + _times(node)
        case Both() | Substring():
            raise TypeError(node)


def _grouped(node: Node, terminals: Iterable[str]) -> str:
    text = expression(node, terminals)
    return f"({text})" if isinstance(node, Chain | AnyOf) and text != '""' else text


def _times(node: Repeat) -> str:
    if node.most is None:
        return {0: "*", 1: "+"}.get(node.least, f"{{{node.least},}}")
    if (node.least, node.most) == (0, 1):
        return "?"
    return f"{{{node.least},{node.most}}}"


def regex(node: Node) -> str:
    """Print a part as a regular expression.

    Raises:
        TypeError: it refers to a rule.
    """
    match node:
        case Literal():
            return "".join(map(_letter, node.text))
        case Chars():
            return _class(node)
        case Chain():
            return "".join(
                f"({regex(item)})" if isinstance(item, AnyOf) else regex(item)
                for item in node.items
            )
        case AnyOf():
            return "|".join(regex(option) for option in node.options)
        case Repeat():
            return f"({regex(node.item)}){_times(node)}"
        case Both() | Substring() | Reference():
            raise TypeError(node)


def _class(node: Chars) -> str:
    spans = "".join(
        _letter(chr(first)) + ("" if first == last else "-" + _letter(chr(last)))
        for first, last in node.spans
    )
    return f"[{'^' if node.negated else ''}{spans}]"


def _letter(letter: str) -> str:
    """Print a character so that it stands for itself everywhere."""
    if letter.isascii() and letter.isalnum():
        return letter
    return f"\\x{{{ord(letter):x}}}"


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def gbnf_lines(rules: Iterable[GrammarRule]) -> list[str]:
    """Print rules, one a line."""
    return [f"{rule_name(rule.name)} ::= {gbnf(rule.node)}" for rule in rules]


def rule_name(name: str) -> str:
    """Return a name as GBNF allows it: letters, digits and dashes."""
    return name.replace("_", "-")


def gbnf(node: Node) -> str:
    """Print one part.

    A bound that the schema does not set is left out: each counted copy is a rule
    of its own in llama.cpp.
    """
    match node:
        case Literal():
            return f'"{"".join(map(_gbnf_letter, node.text))}"'
        case Chars():
            return _gbnf_class(node)
        case Reference():
            return rule_name(node.name)
        case Chain():
            return " ".join(map(_gbnf_grouped, node.items)) or '""'
        case AnyOf():
            return " | ".join(map(_gbnf_grouped, node.options))
        case Repeat():
            return _gbnf_grouped(node.item) + _gbnf_times(node)
        case Both():
            return gbnf(node.shape)
        case Substring():
            raise TypeError(node)


def _gbnf_grouped(node: Node) -> str:
    text = gbnf(node)
    return f"({text})" if isinstance(node, Chain | AnyOf | Repeat) else text


def _gbnf_times(node: Repeat) -> str:
    if (node.least, node.most) == (0, 1):
        return "?"
    if node.most is None or node.soft:
        return {0: "*", 1: "+"}.get(node.least, f"{{{node.least},}}")
    return f"{{{node.least},{node.most}}}"


def _gbnf_letter(letter: str) -> str:
    code = ord(letter)
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return _code(code) if code < 0x20 or code > 0x7E else letter


def _gbnf_class(node: Chars) -> str:
    spans = "".join(
        _member(first) + ("" if first == last else "-" + _member(last))
        for first, last in node.spans
    )
    return f"[{'^' if node.negated else ''}{spans}]"


def _member(code: int) -> str:
    letter = chr(code)
    return letter if letter.isascii() and letter.isalnum() else _code(code)


def _code(code: int) -> str:
    if code > 0xFFFF:
        return f"\\U{code:08X}"
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}"
