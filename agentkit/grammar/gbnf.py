"""Prints rules as GBNF, the notation of llama.cpp."""

from __future__ import annotations

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
            return f'"{"".join(map(_letter, node.text))}"'
        case Chars():
            return _class(node)
        case Reference():
            return rule_name(node.name)
        case Sequence():
            return " ".join(map(_grouped, node.items)) or '""'
        case Choice():
            return " | ".join(map(_grouped, node.options))
        case Repeat():
            return _grouped(node.item) + _times(node)
        case Both():
            return gbnf(node.shape)


def _grouped(node: Node) -> str:
    text = gbnf(node)
    return f"({text})" if isinstance(node, Sequence | Choice | Repeat) else text


def _times(node: Repeat) -> str:
    if (node.least, node.most) == (0, 1):
        return "?"
    if node.most is None or node.soft:
        return {0: "*", 1: "+"}.get(node.least, f"{{{node.least},}}")
    return f"{{{node.least},{node.most}}}"


def _letter(letter: str) -> str:
    code = ord(letter)
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return _code(code) if code < 0x20 or code > 0x7E else letter


def _class(node: Chars) -> str:
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
