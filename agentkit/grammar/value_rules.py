"""Writes value types as the rules of a grammar, in the notation of a form of calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from agentkit.grammar.call_shapes import (
    PYTHON,
    ValueNotation,
    marked,
)
from agentkit.grammar.notation import (
    NOTHING,
    Chars,
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
from agentkit.grammar.number_roles import fits
from agentkit.grammar.said import SaidValues
from agentkit.grammar.string_literals import plain_text, quoted, text_node
from agentkit.grammar.value_types import (
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
)
from agentkit.tools.schema.json_schema import is_list

# Bounds where the schema sets none: a small model that repeats itself comes to an
# end.
_MOST_ITEMS = 32
# Words of a request; a model that was not taught to call names the same ones over and over.
_MOST_SAID = 8
_MOST_PAIRS = 16
# Of free objects, whose keys the schema does not name.
_KEY = TextValue(1, 64)
_NONE: Mapping[str, int] = {}
# Of a key that nothing stands around.
_BARE_KEY = Repeat(
    Chars(((0x2D, 0x2D), (0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))), 1, 64
)
# What any value may be, beside lists and objects.
_SCALARS = (TextValue(), Whole(), Real(), Fixed(("true", "false", "null")))

Part = tuple[Node, bool]


class GrammarRules:
    """The rules of one grammar, each value type written once."""

    def __init__(
        self,
        said: SaidValues | None = None,
        *,
        notation: ValueNotation = PYTHON,
        control: Mapping[str, int] = _NONE,
    ) -> None:
        """Take what was said, and how values are written.

        Args:
            said: what literal values are limited to; None for anything.
            notation: how values are written.
            control: id of each control token of the tokenizer, by its name.
        """
        self._said = said
        self._notation = notation
        self._control = control
        self.listed: dict[str, GrammarRule] = {}
        self._written: dict[Value, Reference] = {}

    @property
    def _comma(self) -> Literal:
        return Literal(self._notation.comma)

    @property
    def _is_plain(self) -> bool:
        """Whether strings are written as they are."""
        return not self._notation.escapes

    def add(self, name: str, node: Node, *, terminal: bool = False) -> Reference:
        """Name a part.

        Args:
            name: what it is called; a number follows it.
            node: what it says.
            terminal: it is a regular expression of its own.
        """
        # Numbered in the order in which they are added: the same schema makes the same
        # text.
        full = f"{self._notation.mark}{name}_{len(self.listed)}"
        self.listed[full] = GrammarRule(full, node, terminal)
        return Reference(full)

    def value(self, value: Value) -> Reference:
        """Write a value of a type."""
        # Equal types share a rule; that keeps grammars of large toolsets small.
        if value not in self._written:
            words = self._words(value)
            if words is None and isinstance(value, TextValue) and self._is_plain:
                words = self._text(value)
            if words is not None:
                self._written[value] = self.add("words", words)
                return self._written[value]
            scalar = isinstance(value, TextValue | Whole | Real | Fixed)
            # Between control tokens, a constant is no text of its own.
            terminal = scalar and not (self._is_plain and isinstance(value, Fixed))
            name = type(value).__name__.removesuffix("Value").lower()
            self._written[value] = self.add(name, self._node(value), terminal=terminal)
        return self._written[value]

    def _words(self, value: Value) -> Node | None:
        """Limit a string of any characters to words that were said."""
        if not isinstance(value, TextValue):
            return None
        options: list[Node] = []
        for quote in self._notation.quotes:
            words = self.said_words(value, quote)
            if words is None:
                return None
            options.append(sequence(self._marked(quote), words, self._marked(quote)))
        return choice(options)

    def said_words(self, value: TextValue, end: str) -> Node | None:
        """Write the words that a string may be; None where it may be others."""
        if self._said is None or not self._said.words:
            return None
        # Days and addresses in one form only; any other words would be wrong.
        if exact := self._said.exact(value):
            return choice(map(Literal, exact))
        # What was said need not fit a pattern or a length.
        if value.pattern or value.most is not None or value.format not in ("", *SLOTS):
            return None
        mark = end.strip()[0]
        options = [Literal(one) for one in value.options if mark not in one]
        if options:
            return choice([*options, *map(Literal, value.told)])
        node = Substring(self._said.words, mark)
        words = self.add("said", node, terminal=True)
        if self._said.by_heart:
            # Empty where nothing was said: it is asked for then.
            return choice([words, NOTHING])
        return choice([words, *map(Literal, value.told)])

    def _marked(self, text: str) -> Node:
        return marked(text, self._control)

    def _text(self, value: TextValue) -> Node:
        """Write a string between the marks of a notation without escapes."""
        (quote,) = self._notation.quotes
        mark = self._marked(quote)
        end = quote if isinstance(mark, Literal) else ""
        node = plain_text(value, self._notation.quotes, end)
        text = self.add("raw", node, terminal=True)
        return sequence(mark, text, NOTHING if end else mark)

    def _node(self, value: Value) -> Node:
        match value:
            case TextValue():
                return text_node(value, self._notation.quotes)
            case Whole():
                return self._number(value) or whole_node(value)
            case Real():
                return self._number(value) or real_node(value)
            case Fixed():
                kept = self._said.options(value) if self._said else value
                return choice(
                    node
                    for option in kept.options
                    for node in self._constants(json.loads(option))
                )
            case _:
                return self._compound(value)

    def _constants(self, value: Any) -> list[Node]:
        """Write one constant; a string between each of the quotes."""
        notation = self._notation
        if isinstance(value, str) and not notation.escapes:
            mark = self._marked(notation.quotes[0])
            return [sequence(mark, Literal(value), mark)]
        if isinstance(value, str):
            return [quoted(value, quote) for quote in notation.quotes]
        if notation.python:
            return [Literal(_constant(value))]
        return [Literal(json.dumps(value, ensure_ascii=False))]

    def _number(self, value: Whole | Real) -> Node | None:
        """Limit a number to those that were said, where one of them can be meant."""
        if self._said is None or self._said.by_heart:
            return None
        # None fits where the number has to be worked out: then any may be written.
        fitting = [one for one in self._said.numbers if fits(one, value)]
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
        if self._said is not None and isinstance(value.item, Fixed) and not value.least:
            said = self._said.options(value.item)
            # Each one that was said is asked for.
            return self._choices(said, all_of=said != value.item)
        item = self.value(value.item)
        soft = value.most is None
        # A least length above our own bound is the schema's word, and holds.
        words = self._said is not None and isinstance(value.item, TextValue)
        usual = _MOST_SAID if words else _MOST_ITEMS
        most = max(usual, value.least) if value.most is None else value.most
        more = Repeat(
            sequence(self._comma, item), max(value.least - 1, 0), most - 1, soft
        )
        inner = sequence(item, more) if most > 1 else item
        # What was said for a list to be given is something.
        inner = inner if value.least or self._said is not None else optional(inner)
        return sequence(Literal("["), inner, Literal("]"))

    def _choices(self, value: Fixed, *, all_of: bool) -> Node:
        """Write a list of constants, each once: a small model repeats and forgets them."""
        options = [choice(self._constants(json.loads(one))) for one in value.options]
        inner = self.chain([(self.add("option", one), all_of) for one in options])
        return sequence(Literal("["), inner, Literal("]"))

    def _row(self, value: TupleValue) -> Node:
        """Write places in order; the last ones may be missing, from the end."""
        rest: Node = NOTHING
        if value.extra is not None:
            item = sequence(self._comma, self.value(value.extra))
            rest = Repeat(item, 0, _MOST_ITEMS, soft=True)
        # From the end: each place may be there only if the one before it is.
        for index in range(len(value.items) - 1, -1, -1):
            comma = self._comma if index else NOTHING
            rest = sequence(comma, self.value(value.items[index]), rest)
            rest = rest if index < value.least else optional(rest)
        return rest

    def _record(self, value: Record) -> Node:
        if value.fields or value.extra is None:
            parts = [(self.pair(field), field.required) for field in value.fields]
            return sequence(Literal("{"), self.chain(parts), Literal("}"))
        colon = Literal(self._notation.colon)
        key = (
            self.add("key", _BARE_KEY) if self._notation.bare_keys else self.value(_KEY)
        )
        pair = sequence(key, colon, self.value(value.extra))
        more = Repeat(sequence(self._comma, pair), 0, _MOST_PAIRS - 1, soft=True)
        return sequence(Literal("{"), optional(sequence(pair, more)), Literal("}"))

    def pair(self, field: Field) -> Node:
        """Write a key and its value."""
        quotes = ("",) if self._notation.bare_keys else self._notation.quotes
        key = choice(quoted(field.name, quote) for quote in quotes)
        return sequence(key, Literal(self._notation.colon), self.value(field.value))

    def chain(self, parts: Sequence[Part]) -> Node:
        """Write parts in order with commas between; optional ones may be missing."""
        if not parts:
            return NOTHING
        rest: Node = NOTHING
        starts: list[Node] = [] if any(needed for _, needed in parts) else [NOTHING]
        for index in range(len(parts) - 1, -1, -1):
            node, needed = parts[index]
            named = node if isinstance(node, Reference) else self.add("part", node)
            # It can be the first one written if all before it may be missing.
            if all(not before for _, before in parts[:index]):
                starts.append(sequence(named, rest))
            following = sequence(self._comma, named)
            rest = sequence(following if needed else optional(following), rest)
            if index:
                # Named, since each of several starts goes on with it: written out, it
                # would double with every part.
                rest = self.add("rest", rest)
        return choice(reversed(starts))


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
