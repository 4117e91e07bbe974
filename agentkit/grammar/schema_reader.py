"""Reads a JSON Schema into value types, and says what it leaves out.

Recursion is unrolled to a few levels, so that every sentence ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from agentkit.grammar.described import told_address, told_day, told_words
from agentkit.grammar.number_ranges import (
    count_of,
    is_empty,
    multiples,
    real_range,
    whole_range,
)
from agentkit.grammar.string_patterns import UnreadablePatternError, read_pattern
from agentkit.grammar.value_types import (
    PARTLY,
    PATTERNS,
    SLOTS,
    Anything,
    Definitions,
    Either,
    Field,
    Fixed,
    Items,
    Record,
    TextValue,
    TupleValue,
    Value,
    Whole,
    mapping,
    reference,
)
from agentkit.tools.schema.json_schema import Schema, is_list

# Levels to which a schema that refers to itself is written out.
_DEPTH = 3
# Deeper schemas are no tool's arguments.
_MAX_NESTING = 24
# Schemas that refer to one another in many ways are unrolled less deep.
_AMPLE = 400
# Parts of one schema after which what refers to itself is left open.
_ENOUGH = 2000
# A larger least length would make a grammar too large to compile.
_LARGEST = 4096
# Keywords that no grammar of ours says.
_UNSAID = (
    *("uniqueItems", "not", "if", "contains", "dependentRequired"),
    *("patternProperties", "propertyNames", "minProperties", "maxProperties"),
    *("dependentSchemas", "unevaluatedProperties"),
)


class _EndlessError(Exception):
    """No value of this schema has an end."""


class SchemaReader:
    """Reads the schemas of one tool.

    Attributes:
        relaxed: sentences that say what is not expressed.
    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions = Definitions(root)
        self._open: list[str] = []
        self._nesting = 0
        self._spent = 0
        self._strict = False
        self.relaxed: list[str] = []

    def arguments(self, root: Mapping[str, Any]) -> tuple[Field, ...]:
        """Read the arguments of a call, in the schema's order."""
        required = _names(root.get("required"))
        fields: list[Field] = []
        for name, schema in mapping(root.get("properties")).items():
            try:
                value = self.value(schema, name)
            except _EndlessError:
                if name not in required:
                    self._relax(name, "has no value that can be written; it is left")
                    continue
                # A tool that cannot be called at all would be worse than one that is
                # validated later.
                self._relax(name, "has no value that can be written; it may be any")
                value = Anything()
            about = str(mapping(schema).get("description") or "")
            fields.append(Field(name, value, name in required, about))
        return tuple(fields)

    def value(self, schema: Any, where: str) -> Value:
        """Read one schema.

        Args:
            schema: a JSON Schema; True is any value.
            where: its path, for what is said.
        """
        if schema is False:
            raise _EndlessError
        facts = mapping(schema)
        self._nesting += 1
        self._spent += 1
        try:
            if self._nesting > _MAX_NESTING:
                raise _EndlessError
            return self._value(facts, where)
        finally:
            self._nesting -= 1

    def _value(self, facts: Schema, where: str) -> Value:
        for keyword in _UNSAID:
            if facts.get(keyword) not in (None, False):
                self._relax(where, f"{keyword} is not expressed")
        # What narrows most goes first: a constant needs no look at its type.
        if "$ref" in facts:
            return self._referenced(facts, where)
        if "const" in facts:
            return Fixed((json.dumps(facts["const"]),))
        if is_list(facts.get("enum")) and facts["enum"]:
            return _choice(facts)
        options = facts.get("anyOf") or facts.get("oneOf")
        if is_list(options):
            return self._either(options, where)
        if is_list(facts.get("allOf")):
            return self._joined(facts, where)
        kind = facts.get("type")
        if is_list(kind):
            return self._either([{**facts, "type": one} for one in kind], where)
        return self._typed(str(kind), facts, where)

    def _typed(self, kind: str, facts: Schema, where: str) -> Value:
        match kind:
            case "string":
                return self._text(facts, where)
            case "integer" | "number":
                return self._number(kind, facts, where)
            case "boolean":
                return Fixed(("true", "false"))
            case "null":
                return Fixed(("null",))
            case "array":
                return self._items(facts, where)
            case "object":
                return self._record(facts, where)
            case _:
                return Anything()

    def _number(self, kind: str, facts: Schema, where: str) -> Value:
        """Read a range; the multiples in a short one are listed."""
        value = whole_range(facts) if kind == "integer" else real_range(facts)
        if is_empty(value):
            raise _EndlessError
        step = facts.get("multipleOf")
        if not step:
            return value
        if isinstance(value, Whole) and isinstance(step, int):
            listed = multiples(value, step)
            if listed is not None and not listed.options:
                raise _EndlessError
            if listed is not None:
                return listed
        self._relax(where, "multipleOf is not expressed")
        return value

    def _text(self, facts: Schema, where: str) -> TextValue:
        least, most = self._counts(facts, "Length", where)
        shape = str(facts.get("format") or "")
        if shape and (shape not in PATTERNS and shape not in SLOTS):
            self._relax(where, f"the format {shape} is not expressed")
        elif shape in PARTLY:
            self._relax(where, f"the format {shape} is expressed in part")
        pattern = self._pattern(str(facts.get("pattern") or ""), where)
        description = str(facts.get("description") or "")
        told = told_words(description)
        # A format says already how a value is written.
        day = "" if shape else told_day(description, where)
        address = told_address(description)
        return TextValue(least, most, pattern, shape, told, day, address)

    def _pattern(self, pattern: str, where: str) -> str:
        """Return a pattern that can be expressed, or none."""
        try:
            if pattern:
                read_pattern(pattern)
        except UnreadablePatternError:
            # Within `anyOf` another option may be expressed in full.
            if self._strict:
                raise _EndlessError from None
            self._relax(where, f"the pattern {pattern} is not expressed")
            return ""
        return pattern

    def _items(self, facts: Schema, where: str) -> Value:
        row = facts.get("prefixItems")
        if is_list(row) and row:
            return self._row(row, facts, where)
        least, most = self._counts(facts, "Items", where)
        try:
            item = self.value(facts.get("items"), f"{where}[]")
        except _EndlessError:
            if least:
                raise
            # Only the empty list has an end.
            item, most = Anything(0), 0
        return Items(item, least, most)

    def _row(self, row: list[Any], facts: Schema, where: str) -> Value:
        places = [self.value(one, f"{where}.{n}") for n, one in enumerate(row)]
        least, most = self._counts(facts, "Items", where)
        beyond = facts.get("items")
        open_end = isinstance(beyond, dict) and (most is None or most > len(row))
        extra = self.value(beyond, f"{where}[]") if open_end else None
        if extra is not None and most is not None:
            self._relax(where, "maxItems is not expressed beside prefixItems")
        return TupleValue(tuple(places[:most]), min(least, len(row)), extra)

    def _counts(self, facts: Schema, what: str, where: str) -> tuple[int, int | None]:
        """Read `minLength` and `maxLength`, or those of items."""
        least = count_of(facts.get(f"min{what}")) or 0
        most = count_of(facts.get(f"max{what}"))
        if most is not None and least > most:
            raise _EndlessError
        if least > _LARGEST:
            self._relax(where, f"min{what} is expressed up to {_LARGEST}")
            least = _LARGEST
        return least, None if most is None else min(most, _LARGEST)

    def _record(self, facts: Schema, where: str) -> Value:
        required = _names(facts.get("required"))
        fields: list[Field] = []
        for name, schema in mapping(facts.get("properties")).items():
            try:
                value = self.value(schema, f"{where}.{name}")
            except _EndlessError:
                if name in required:
                    raise
                continue
            fields.append(Field(name, value, name in required))
        # By default an object without named fields may hold anything, one with them no
        # more.
        extra = facts.get("additionalProperties", not fields)
        if extra is False:
            return Record(tuple(fields))
        if extra is True:
            return Record(tuple(fields), Anything() if not fields else None)
        return Record(tuple(fields), self.value(extra, f"{where}.*"))

    def _either(self, options: list[Any], where: str) -> Value:
        """Keep the options that have an end, and that can be expressed if any can."""
        # First only those that can be expressed; where none can, all, with a note.
        outer, self._strict = self._strict, True
        values = self._possible(options, where)
        self._strict = outer
        values = values or self._possible(options, where)
        if not values:
            raise _EndlessError
        kept = tuple(dict.fromkeys(values))
        return kept[0] if len(kept) == 1 else Either(kept)

    def _possible(self, options: list[Any], where: str) -> list[Value]:
        values: list[Value] = []
        for option in options:
            try:
                values.append(self.value(option, where))
            except _EndlessError:
                continue
        return values

    def _joined(self, facts: Schema, where: str) -> Value:
        merged, whole = self._definitions.joined(facts)
        if not whole:
            self._relax(where, "allOf is expressed in part")
        return self.value(merged, where)

    def _referenced(self, facts: Schema, where: str) -> Value:
        name = reference(facts)
        if name not in self._definitions:
            self._relax(where, f"{facts['$ref']} leads nowhere and may be anything")
            return Anything()
        depth = _DEPTH if self._spent < _AMPLE else 0
        if self._open.count(name) > depth or (self._open and self._spent > _ENOUGH):
            # One note for each argument, not for each level.
            argument = re.split(r"[.\[]", where)[0]
            self._relax(argument, "recursion is written a few levels deep only")
            raise _EndlessError
        self._open.append(name)
        try:
            return self.value(self._definitions.target(facts), where)
        finally:
            self._open.pop()

    def _relax(self, where: str, what: str) -> None:
        sentence = f"{where}: {what}"
        if sentence not in self.relaxed:
            self.relaxed.append(sentence)


def _names(value: Any) -> list[Any]:
    return value if is_list(value) else []


def _choice(facts: Schema) -> Fixed:
    """Allow an enum's values; and its default, which documents leave out of it."""
    values = list(facts["enum"])
    default = facts.get("default")
    if isinstance(default, str) and default not in values:
        values.append(default)
    return Fixed(tuple(dict.fromkeys(json.dumps(value) for value in values)))
