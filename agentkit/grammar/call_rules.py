"""Writes value types as the rules of a grammar: in Llama's bare list, or in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Any, cast
from typing import Literal as OneOf

from agentkit.grammar.notation import (
    NOTHING,
    GrammarRule,
    Literal,
    Node,
    Reference,
    Repeat,
    Substring,
    choice,
    optional,
    sequence,
)
from agentkit.grammar.number_ranges import real_node, whole_node
from agentkit.grammar.said import SaidValues
from agentkit.grammar.value_types import (
    QUOTES,
    SLOTS,
    Anything,
    Either,
    Field,
    Fixed,
    Items,
    Real,
    Record,
    TextValue,
    TupleValue,
    Value,
    Whole,
    quoted,
    text_node,
)
from agentkit.tools.schema.json_schema import is_list

# Bounds where the schema sets none: a small model that repeats itself comes to an
# end.
MOST_CALLS = 16
_MOST_ITEMS = 32
# Words of a request; a model that was not taught to call names the same ones over and over.
_MOST_SAID = 8
_MOST_PAIRS = 16
_KEY = TextValue(1, 64)
_COMMA = Literal(", ")
# Calls are written as Python writes them: any other name needs quotation marks.
_KEYWORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCALARS = (TextValue(), Whole(), Real(), Fixed(("true", "false", "null")))

Part = tuple[Node, bool]
Notation = OneOf["calls", "json"]
# Names of rules, so that those of both notations may stand in one grammar.
_MARKS: Mapping[Notation, str] = {"calls": "", "json": "json_"}


class GrammarRules:
    """The rules of one grammar, each value type written once."""

    def __init__(
        self, said: SaidValues | None = None, *, notation: Notation = "calls"
    ) -> None:
        """Take what was said, and how values are written.

        Args:
            said: what literal values are limited to; None for anything.
            notation: as arguments of calls, or as JSON.
        """
        self._said = said
        self._is_json = notation == "json"
        self._mark = _MARKS[notation]
        self._quotes = ('"',) if self._is_json else QUOTES
        self.listed: dict[str, GrammarRule] = {}
        self._written: dict[Value, Reference] = {}

    def add(self, name: str, node: Node, *, terminal: bool = False) -> Reference:
        """Name a part.

        Args:
            name: what it is called; a number follows it.
            node: what it says.
            terminal: it is a regular expression of its own.
        """
        full = f"{self._mark}{name}_{len(self.listed)}"
        self.listed[full] = GrammarRule(full, node, terminal)
        return Reference(full)

    def arguments(self, fields: Iterable[Field]) -> Node:
        """Write named arguments, in the schema's order; optional ones may be left."""
        parts = [(self._argument(field), field.required) for field in fields]
        return self._chain(parts)

    def _argument(self, field: Field) -> Node:
        value = self.value(field.value)
        if _KEYWORD.fullmatch(field.name):
            return sequence(Literal(f"{field.name}="), value)
        start = Literal("**{" + quoted(field.name, '"').text + ": ")
        return sequence(start, value, Literal("}"))

    def value(self, value: Value) -> Reference:
        """Write a value of a type."""
        if value not in self._written:
            words = self._words(value)
            if words is not None:
                self._written[value] = self.add("words", words)
                return self._written[value]
            terminal = isinstance(value, TextValue | Whole | Real | Fixed)
            name = type(value).__name__.removesuffix("Value").lower()
            self._written[value] = self.add(name, self._node(value), terminal=terminal)
        return self._written[value]

    def _words(self, value: Value) -> Node | None:
        """Limit a string of any characters to words that were said."""
        if self._said is None or not self._said.words:
            return None
        if not isinstance(value, TextValue) or value.pattern or value.most is not None:
            return None
        if value.format not in ("", *SLOTS):
            return None
        said = self._said.words
        return choice(
            sequence(
                Literal(quote),
                self.add("said", Substring(said, quote), terminal=True),
                Literal(quote),
            )
            for quote in QUOTES
        )

    def _node(self, value: Value) -> Node:
        match value:
            case TextValue():
                return text_node(value, self._quotes)
            case Whole():
                return self._number(value) or whole_node(value)
            case Real():
                return self._number(value) or real_node(value)
            case Fixed():
                return choice(
                    node
                    for option in value.options
                    for node in self._constants(json.loads(option))
                )
            case _:
                return self._compound(value)

    def _constants(self, value: Any) -> list[Node]:
        """Write one constant; a string between each of the quotes."""
        if isinstance(value, str):
            return [quoted(value, quote) for quote in self._quotes]
        written = json.dumps(value, ensure_ascii=False) if self._is_json else ""
        return [Literal(written or _constant(value))]

    def _number(self, value: Whole | Real) -> Node | None:
        """Limit a number to those that were said, where one of them can be meant."""
        if self._said is None:
            return None
        fitting = [one for one in self._said.numbers if _fits(one, value)]
        return choice(map(Literal, fitting)) if fitting else None

    def _compound(self, value: Value) -> Node:
        match value:
            case Items():
                return self._list(value)
            case TupleValue():
                return sequence(Literal("["), self._row(value), Literal("]"))
            case Record():
                return self._record(value)
            case Either():
                return choice(self.value(option) for option in value.options)
            case Anything():
                return self._anything(value.depth)
            case _:
                raise TypeError(value)

    def _anything(self, depth: int) -> Node:
        options: list[Value] = [*_SCALARS]
        if depth:
            inner = Anything(depth - 1)
            options += [Items(inner), Record((), inner)]
        return choice(self.value(option) for option in options)

    def _list(self, value: Items) -> Node:
        if value.most == 0:
            return Literal("[]")
        item = self.value(value.item)
        soft = value.most is None
        # A least length above our own bound is the schema's word, and holds.
        words = self._said is not None and isinstance(value.item, TextValue)
        usual = _MOST_SAID if words else _MOST_ITEMS
        most = max(usual, value.least) if value.most is None else value.most
        more = Repeat(sequence(_COMMA, item), max(value.least - 1, 0), most - 1, soft)
        inner = sequence(item, more) if most > 1 else item
        inner = inner if value.least else optional(inner)
        return sequence(Literal("["), inner, Literal("]"))

    def _row(self, value: TupleValue) -> Node:
        """Write places in order; the last ones may be missing, from the end."""
        rest: Node = NOTHING
        if value.extra is not None:
            item = sequence(_COMMA, self.value(value.extra))
            rest = Repeat(item, 0, _MOST_ITEMS, soft=True)
        for index in range(len(value.items) - 1, -1, -1):
            comma = _COMMA if index else NOTHING
            rest = sequence(comma, self.value(value.items[index]), rest)
            rest = rest if index < value.least else optional(rest)
        return rest

    def _record(self, value: Record) -> Node:
        if value.fields or value.extra is None:
            parts = [(self._pair(field), field.required) for field in value.fields]
            return sequence(Literal("{"), self._chain(parts), Literal("}"))
        pair = sequence(self.value(_KEY), Literal(": "), self.value(value.extra))
        more = Repeat(sequence(_COMMA, pair), 0, _MOST_PAIRS - 1, soft=True)
        return sequence(Literal("{"), optional(sequence(pair, more)), Literal("}"))

    def _pair(self, field: Field) -> Node:
        key = choice(quoted(field.name, quote) for quote in self._quotes)
        return sequence(key, Literal(": "), self.value(field.value))

    def _chain(self, parts: Sequence[Part]) -> Node:
        """Write parts in order with commas between; optional ones may be missing."""
        if not parts:
            return NOTHING
        rest: Node = NOTHING
        starts: list[Node] = [] if any(needed for _, needed in parts) else [NOTHING]
        for index in range(len(parts) - 1, -1, -1):
            node, needed = parts[index]
            named = node if isinstance(node, Reference) else self.add("part", node)
            if all(not before for _, before in parts[:index]):
                starts.append(sequence(named, rest))
            following = sequence(_COMMA, named)
            rest = sequence(following if needed else optional(following), rest)
            if index:
                rest = self.add("rest", rest)
        return choice(reversed(starts))


def _fits(written: str, value: Whole | Real) -> bool:
    number = float(written)
    if isinstance(value, Whole) and "." in written:
        return False
    low = -inf if value.low is None else value.low
    high = inf if value.high is None else value.high
    return low <= number <= high


def _constant(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value, '"').text
    if is_list(value):
        return "[" + ", ".join(map(_constant, value)) + "]"
    if isinstance(value, Mapping):
        pairs = cast(Mapping[str, Any], value).items()
        return (
            "{" + ", ".join(f"{_constant(k)}: {_constant(v)}" for k, v in pairs) + "}"
        )
    return repr(value)
