"""Matches a call as written with its tool: names, positions, types."""

from __future__ import annotations

import re
from typing import Any

from agentkit.pythonic.argument_names import Naming, is_blank, value_in_schema
from agentkit.pythonic.coercion import Coercion, Schema, fits, kinds
from agentkit.pythonic.forms import BARE_NAME
from agentkit.pythonic.parsed import MAX_CALLS, Books
from agentkit.pythonic.syntax import (
    CALL_HEAD,
    Bare,
    RawCall,
    list_of,
    object_of,
    read_quantity,
    schema_of,
)
from agentkit.pythonic.variables import filled

_ELLIPSES = ("...", "…")
# Written as numbers, and none that JSON has: "inf", "1e999".
_ENDLESS = re.compile(r"[+-]?(?:[\d.]+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)", re.I)
# Keywords under which an empty string is no value.
_SHAPES = frozenset(("enum", "format", "pattern"))
# How models of several languages write "not set".
_NOTHING = ("null", "none", "nil", "undefined")
# `f(city=str)` copies the signature.
_TYPE_WORDS = (
    *("str", "int", "float", "bool", "list", "dict", "string", "integer", "number"),
    *("boolean", "array", "object", "value"),
)


def bind(books: Books, raw: RawCall) -> int:
    """Make a raw call a call of a known tool, and book it.

    Returns:
        The index of the call, or -1 when it became an error.
    """
    name = books.find_name(raw.name)
    if not name:
        return books.fail_unknown(raw.name)
    if len(books.calls) >= MAX_CALLS:
        return books.fail(name, f"more than {MAX_CALLS} calls in one turn")
    # Nearly all calls are in order; those skip the whole machinery of repairs.
    arguments = _plain_arguments(raw, books.tools[name].parameters)
    if arguments is not None and name == raw.name:
        return books.add(name, arguments, [])
    return _Binding(books, raw, name).make()


def _plain_arguments(raw: RawCall, schema: Schema) -> dict[str, Any] | None:
    """Return the arguments of a call that needs no repair; None for any other."""
    if raw.positional or raw.trailing or raw.notes or raw.faults:
        return None
    properties: Schema = schema.get("properties") or {}
    for key, value in raw.keywords:
        if key not in properties or not fits(value, properties[key]):
            return None
        # "null" in quotes may say that the argument is not set.
        if value.__class__ is str and len(value) < 10 and value.lower() in _NOTHING:
            return None
    arguments = dict(raw.keywords)
    # Fewer: one was given twice.
    return arguments if len(arguments) == len(raw.keywords) else None


class _Binding:
    """The binding of one call."""

    def __init__(self, books: Books, raw: RawCall, name: str) -> None:
        filled(books, raw)
        self.books = books
        self.raw = raw
        self.name = name
        self.schema = books.tools[name].parameters
        self.properties = schema_of(self.schema.get("properties"))
        self.coercion = Coercion(self.schema)
        self.notes = self.coercion.notes
        self.naming = Naming(raw, self.properties, self.coercion)
        self.faults = self.naming.faults

    def make(self) -> int:
        """Bind and book the call; -1 when it became an error."""
        raw = self.raw
        if raw.name != self.name:
            self.notes.append(f"read the name {raw.name} as {self.name}")
        self.notes.extend(raw.notes)
        arguments = self._settle()
        self.faults.extend(raw.faults)
        if self.faults:
            why = "; ".join(dict.fromkeys(self.faults))
            return self.books.fail(self.name, why)
        return self.books.add(self.name, arguments, self.notes)

    def _settle(self) -> dict[str, Any]:
        """Bring every argument to its name and type."""
        arguments: dict[str, Any] = {}
        required = self.schema.get("required") or ()
        # A name alone is a call only of a tool that needs nothing.
        if required and self.raw.notes[:1] == [BARE_NAME]:
            self.faults.append(f"it needs {', '.join(required)}")
        for written, node in self.naming.pairs():
            key = written if written in self.properties else self.naming.key(written)
            schema: Schema = self.properties.get(key) or {}
            if object_of(node) and (copied := self._copied(key, node, schema)):
                if copied[0] is node and key not in required:
                    continue
                node = copied[0]
            # `f(tags="a", "b")`: a list whose brackets were forgotten.
            if self.raw.trailing:
                node = self._gather(written, node, schema)
            value = node
            if not fits(node, schema) or (
                type(node) is str and len(node) < 10 and node.lower() in _NOTHING
            ):
                value = self._value(node, schema, key)
                # A required one stays: its own validation says what is wrong with it.
                if key not in required and self._is_nothing(value, schema, key):
                    self.notes.append(f"left out {key}={value!r}, which is not set")
                    continue
            if key in arguments:
                value = self._twice(key, arguments[key], value)
            arguments[key] = value
        return arguments

    def _gather(self, written: str, node: Any, schema: Schema) -> Any:
        """Add the nameless values behind a list's name to that list."""
        more = [value for name, value in self.raw.trailing if name == written]
        if not more:
            return node
        if "array" not in kinds(schema, self.coercion):
            self.faults.append(f"a value without a name follows {written}=; name it")
            return node
        self.notes.append(f"{written}: read the values behind it as one list")
        return [*(list_of(node) or [node]), *more]

    def _twice(self, key: str, first: Any, second: Any) -> Any:
        """Settle an argument that is given twice."""
        if first == second:
            self.notes.append(f"{key} was given twice with the same value")
            return first
        listed, more = list_of(first), list_of(second)
        # `tags="a", tags="b"` is one list; two whole lists contradict each other.
        whole = any(k == key and list_of(node) for k, node in self.raw.keywords)
        if listed and more and not whole:
            self.notes.append(f"read the values of {key} as one list")
            return listed + more
        self.faults.append(f"{key!r} is given twice with different values")
        return second

    def _copied(self, key: str, node: Any, schema: Schema) -> tuple[Any] | None:
        """Take a value out of a copied schema.

        Returns:
            The value; the node itself when the copy holds none; None for no copy.
        """
        # An object may look like a schema and be meant as it is.
        if kinds(schema, self.coercion) & {"object", "any"}:
            return None
        if held := value_in_schema(node):
            self.notes.append(f"took the value of {key} out of a copied schema")
            return held
        if not is_blank(node):
            return None
        if key in (self.schema.get("required") or ()):
            self.faults.append(f"{key} has its schema where its value should be")
        else:
            self.notes.append(f"left out {key}, which has its schema and no value")
        return (node,)

    def _is_nothing(self, value: Any, schema: Schema, key: str) -> bool:
        """Whether a value of an optional argument only says that it is not set."""
        if key not in self.properties:
            return False
        allowed = kinds(self.coercion.resolve(schema), self.coercion)
        if "any" in allowed:
            return False
        if value is None:
            return "null" not in allowed
        if not isinstance(value, str):
            return False
        if value.strip().lower() in _NOTHING:
            # In lower case it is a word of its own, where the argument may be any text.
            word = value == "none" and "string" in allowed and "null" not in allowed
            return not word and value not in self.coercion.members(schema)
        shaped = not _SHAPES.isdisjoint(schema) and value not in (
            schema.get("enum") or ()
        )
        return value == "" and ("string" not in allowed or shaped)

    def _value(self, node: Any, schema: Schema, key: str) -> Any:
        """Turn a node into a value of the schema's type."""
        if isinstance(node, Bare):
            node = self._word(node.text, schema, key)
        elif isinstance(node, RawCall):
            return self._nested(node, schema, key)
        elif isinstance(node, (list, dict)):
            node = self._alone(self._deep(node, schema, key), schema, key)
        return self.coercion.coerce(node, schema, key)

    def _alone(self, node: Any, schema: Schema, key: str) -> Any:
        """Take the one value out of a list, where the argument takes no list."""
        listed = list_of(node) or []
        allowed = kinds(self.coercion.resolve(schema), self.coercion)
        if len(listed) != 1 or allowed & {"array", "any"}:
            return node
        if not isinstance(listed[0], (str, int, float)):
            return node
        self.notes.append(f"{key}: read the one value of a list")
        return listed[0]

    def _deep(self, node: Any, schema: Schema, key: str) -> Any:
        """Settle the words and calls inside a list or object."""
        listed = list_of(node)
        if listed is not None:
            inner = schema_of(schema.get("items"))
            return [self._plain(item, inner, key) for item in listed]
        known = schema_of(schema.get("properties"))
        return {
            name: self._plain(item, schema_of(known.get(name)), f"{key}.{name}")
            for name, item in (object_of(node) or {}).items()
        }

    def _plain(self, node: Any, schema: Schema, key: str) -> Any:
        if isinstance(node, Bare):
            return self._word(node.text, schema, key)
        if isinstance(node, RawCall):
            return self._nested(node, schema, key)
        return self._deep(node, schema, key) if isinstance(node, (list, dict)) else node

    def _word(self, text: str, schema: Schema, key: str) -> Any:
        """Read unquoted words as the schema allows."""
        # A variable that an earlier call was assigned to, or `call_1`.
        if (index := self.books.result_index(text)) >= 0:
            return self.books.depend(index)
        fault = self._word_fault(text, schema, key)
        if fault:
            self.faults.append(f"{key}={text[:40]} {fault}" if text else fault)
        else:
            self.notes.append(f"{key}: read the unquoted {text[:40]} as it stands")
        return text

    def _word_fault(self, text: str, schema: Schema, key: str) -> str:
        """Say why unquoted words cannot be a value; empty when they can."""
        allowed = kinds(self.coercion.resolve(schema), self.coercion)
        head = CALL_HEAD.search(text) if "(" in text else None
        if not text:
            return f"{key} has no value"
        # `city=get_user().city`: the call is known, the part of its result is not.
        if head and self.books.find_name(head[1]):
            return f"needs a part of the result of {head[1]}"
        if (
            text.startswith(("<", "{"))
            or text == key
            or text in (*_TYPE_WORDS, *_ELLIPSES)
        ):
            return "is a placeholder, not a value"
        if "string" not in allowed and _ENDLESS.fullmatch(text):
            return "is not a finite number"
        if text in self.books.variables():
            return "is a variable, not a value"
        listed = "array" in allowed
        fitting = bool(allowed & {"string", "any"})
        # A list of numbers, such as `1 2 3`: its own conversion decides.
        if listed and not fitting and not self._lists_words(schema):
            return ""
        pairs = ("()", "[]", "{}")
        if any(text.count(pair[0]) != text.count(pair[1]) for pair in pairs):
            return "has brackets that do not pair"
        # One apostrophe is part of a word: "it's".
        if '"' in text or text.count("'") > 1:
            return "is code, not a value"
        plain = text.lower() in ("true", "false", *_NOTHING)
        if fitting or listed or plain or read_quantity(text) is not None:
            return ""
        return "is not a value of its type"

    def _lists_words(self, schema: Schema) -> bool:
        """Whether words could be the one item of a list of strings."""
        items = schema_of(self.coercion.resolve(schema).get("items"))
        allowed = kinds(self.coercion.resolve(items), self.coercion)
        return bool(allowed & {"string", "any"})

    def _nested(self, node: RawCall, schema: Schema, key: str) -> Any:
        """Make a call inside an argument its own call, made before."""
        if self.books.find_name(node.name):
            index = bind(self.books, node)
            if index < 0:
                self.faults.append(f"{key} needs a call that was not made")
                return None
            self.notes.append(f"{key}: uses the result of {node.name}")
            return self.books.depend(index)
        if node.keywords and not node.faults:
            self.faults.append(f"{key}: {self.books.unknown(node.name)}".rstrip("."))
            return None
        self.faults.extend(node.faults)
        return self._word(node.words, schema, key)
