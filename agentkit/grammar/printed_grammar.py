"""How the parts of a grammar are printed: as Lark, as regular expressions and as GBNF."""

from __future__ import annotations

import json
from collections.abc import Iterable

from agentkit.grammar.notation import (
    AnyOf,
    Both,
    Chain,
    Chars,
    Control,
    GrammarRule,
    Literal,
    Node,
    Reference,
    Repeat,
    Substring,
    Unlike,
)


def lark_lines(rules: Iterable[GrammarRule]) -> list[str]:
    """Print rules, one a line; a terminal's name is in capitals."""
    listed = list(rules)
    terminals = frozenset(rule.name for rule in listed if rule.terminal)
    lines: list[str] = []
    for rule in listed:
        name = rule.name.upper()
        if isinstance(rule.node, Substring):
            # llguidance's own notation for words in a row of a text.
            words = json.dumps({"substring_words": rule.node.text}, ensure_ascii=False)
            lines += [
                f"{name}_ALL: %regex {words}",
                f"{name}: {name}_ALL & {_inner(rule.node)}",
            ]
        elif isinstance(rule.node, Unlike):
            lines += _unlike_lines(name, rule.node)
        elif rule.terminal:
            lines.append(f"{name}: {_terminal(rule.node)}")
        else:
            lines.append(f"{rule.name}: {expression(rule.node, terminals)}")
    return lines


def _inner(node: Substring) -> str:
    """Print what words in a row look like: no sign at their ends, no other line."""
    # A backslash would have to be escaped in a string, so it is barred as well.
    barred = "".join(map(_letter, f"{node.barred}\\\n"))
    ends = barred + "".join(map(_letter, " ,;:.!?()"))
    return f"/[^{ends}]([^{barred}]*[^{ends}])?/"


def _unlike_lines(name: str, node: Unlike) -> list[str]:
    """Print what holds none of some texts; the lexer needs what ends it beside it."""
    barred = "|".join(regex(Literal(text)) for text in node.barred)
    end = f" {json.dumps(node.end, ensure_ascii=False)}" if node.end else ""
    return [
        # llguidance's regular expressions have "and" (`&`) and "not" (`~`).
        rf"{name}_ALL: {_terminal(node.shape)} & ~/(.|\n)*({barred})(.|\n)*/",
        f"{name}: {name}_ALL{end}",
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
        case Chain():
            return " ".join(_grouped(item, terminals) for item in node.items) or '""'
        case AnyOf():
            return " | ".join(_grouped(option, terminals) for option in node.options)
        case Repeat():
            return _grouped(node.item, terminals) + _times(node)
        case Control():
            return f"<[{node.token}]>"
        # These are the whole of a terminal, and printed by `lark_lines`.
        case Both() | Substring() | Unlike():
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
        case Both() | Substring() | Unlike() | Control() | Reference():
            raise TypeError(node)


def _class(node: Chars) -> str:
    spans = "".join(
        _letter(chr(first)) + ("" if first == last else "-" + _letter(chr(last)))
        for first, last in node.spans
    )
    return f"[{'^' if node.negated else ''}{spans}]"


def _letter(letter: str) -> str:
    """Print a character so that it means itself everywhere."""
    if letter.isascii() and letter.isalnum():
        return letter
    # By its number, so that no notation takes it for a sign of its own.
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
        # GBNF has no words for these; forms that need them are not written in it.
        case Substring() | Unlike() | Control():
            raise TypeError(node)


def _gbnf_grouped(node: Node) -> str:
    text = gbnf(node)
    return f"({text})" if isinstance(node, Chain | AnyOf | Repeat) else text


def _gbnf_times(node: Repeat) -> str:
    if (node.least, node.most) == (0, 1):
        return "?"
    # Soft bounds are ours, and counted copies would make llama.cpp's grammar huge.
    # Soft bounds are ours, and counted copies would make llama.cpp's grammar huge.
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
