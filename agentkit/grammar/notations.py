"""Prints rules as Lark, in the dialect that llguidance reads, and as llama.cpp's GBNF."""

from __future__ import annotations

import json
from collections.abc import Iterable

from agentkit.grammar.nodes import (
    Both,
    Chars,
    Choice,
    Literal,
    Node,
    Reference,
    Repeat,
    Rule,
    Sequence,
)


def lark_lines(rules: Iterable[Rule]) -> list[str]:
    """Print rules, one a line; a terminal's name is in capitals."""
    listed = list(rules)
    terminals = frozenset(rule.name for rule in listed if rule.terminal)
    return [
        f"{rule.name.upper()}: {_terminal(rule.node)}"
        if rule.terminal
        else f"{rule.name}: {expression(rule.node, terminals)}"
        for rule in listed
    ]


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
        case Sequence():
            return " ".join(_grouped(item, terminals) for item in node.items) or '""'
        case Choice():
            return " | ".join(_grouped(option, terminals) for option in node.options)
        case Repeat():
            return _grouped(node.item, terminals) + _times(node)
        case Both():
            raise TypeError(node)


def _grouped(node: Node, terminals: Iterable[str]) -> str:
    text = expression(node, terminals)
    return f"({text})" if isinstance(node, Sequence | Choice) and text != '""' else text


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
        case Sequence():
            return "".join(
                f"({regex(item)})" if isinstance(item, Choice) else regex(item)
                for item in node.items
            )
        case Choice():
            return "|".join(regex(option) for option in node.options)
        case Repeat():
            return f"({regex(node.item)}){_times(node)}"
        case Both() | Reference():
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


def gbnf_lines(rules: Iterable[Rule]) -> list[str]:
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
        case Sequence():
            return " ".join(map(_gbnf_grouped, node.items)) or '""'
        case Choice():
            return " | ".join(map(_gbnf_grouped, node.options))
        case Repeat():
            return _gbnf_grouped(node.item) + _gbnf_times(node)
        case Both():
            return gbnf(node.shape)


def _gbnf_grouped(node: Node) -> str:
    text = gbnf(node)
    return f"({text})" if isinstance(node, Sequence | Choice | Repeat) else text


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
