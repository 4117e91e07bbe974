"""Holds a call as written against its tool: names, positions, types."""

from __future__ import annotations

import re
from typing import Any

from agentkit.pythonic.books import MAX_CALLS, Books
from agentkit.pythonic.coercion import Coercion, Schema, fits, kinds
from agentkit.pythonic.syntax import (
    CALL_HEAD,
    Bare,
    RawCall,
    list_of,
    object_of,
    schema_of,
)
from agentkit.pythonic.words import read_quantity

_WRAPPERS = ("parameters", "params", "arguments", "args", "kwargs", "input", "inputs")
_ENDLESS = re.compile(r"[+-]?(?:[\d.]+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)", re.I)
_NOTHING = ("null", "none", "nil", "undefined")
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
    arguments = _plain_arguments(raw, books.tools[name].parameters)
    if arguments is not None and name == raw.name:
        return books.add(name, arguments, [])
    return _Binding(books, raw, name).make()


def _plain_arguments(raw: RawCall, schema: Schema) -> dict[str, Any] | None:
    """Return the arguments of a call that is in order as it stands."""
    if raw.positional or raw.trailing or raw.notes or raw.faults:
        return None
    properties: Schema = schema.get("properties") or {}
    for key, value in raw.keywords:
        if key not in properties or not fits(value, properties[key]):
            return None
        if value.__class__ is str and len(value) < 10 and value.lower() in _NOTHING:
            return None
    arguments = dict(raw.keywords)
    return arguments if len(arguments) == len(raw.keywords) else None


class _Binding:
    """The binding of one call."""

    def __init__(self, books: Books, raw: RawCall, name: str) -> None:
        self.books = books
        self.raw = raw
        self.name = name
        self.schema = books.tools[name].parameters
        self.properties = schema_of(self.schema.get("properties"))
        self.coercion = Coercion(self.schema)
        self.notes = self.coercion.notes
        self.faults: list[str] = []

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
        pairs = self.raw.keywords
        if self.raw.positional or len(pairs) == 1:
            pairs = self._pairs()
        for written, node in pairs:
            key = written if written in self.properties else self._key(written)
            schema: Schema = self.properties.get(key) or {}
            value = node
            if self.raw.trailing:
                value = node = self._gather(written, node, schema)
            if not fits(node, schema) or (
                type(node) is str and len(node) < 10 and node.lower() in _NOTHING
            ):
                value = self._value(node, schema, key)
                if key not in required and self._is_nothing(value, schema, key):
                    self.notes.append(f"left out {key}={value!r}, which is not set")
                    continue
            if key in arguments:
                self._twice(key, arguments[key], value)
            arguments[key] = value
        return arguments

    def _pairs(self) -> list[tuple[str, Any]]:
        """Name the positional arguments and unwrap an object that holds all."""
        positional, keywords = self.raw.positional, self.raw.keywords
        if not positional:
            return self._unwrap(keywords)
        inner = object_of(positional[0])
        lone = inner is not None and len(positional) == 1 and not keywords
        if inner is not None and lone and not self._takes_object(inner):
            self.notes.append("read an object as the named arguments")
            return list(inner.items())
        if (spelt := self._spelt(positional)) is not None:
            return spelt + keywords
        free = [n for n in self.properties if n not in dict(keywords)]
        if len(positional) > len(free):
            self.faults.append("it has more arguments than the tool takes; name them")
        named = list(zip(free, positional, strict=False))
        if named and all(
            isinstance(v, Bare) and v.text in self.properties for _, v in named
        ):
            self.faults.append("parameter names stand where values should")
        for key, _ in named:
            self.notes.append(f"took an argument without a name as {key}")
        return named + keywords

    def _spelt(self, positional: list[Any]) -> list[tuple[str, Any]] | None:
        """Read strings such as "city=Paris" as named arguments, if all are."""
        pairs: list[tuple[str, Any]] = []
        for value in positional:
            key, mark, text = (
                value.partition("=") if isinstance(value, str) else ("",) * 3
            )
            if not mark or key.strip() not in self.properties:
                return None
            pairs.append((key.strip(), text.strip()))
        self.notes.append("read strings that hold a name and a value as arguments")
        return pairs

    def _unwrap(self, keywords: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Take the arguments out of a lone `params={...}`."""
        name, value = keywords[0]
        inner = object_of(value)
        known = not self.properties or name in self.properties
        if inner is None or known or name not in _WRAPPERS:
            return keywords
        self.notes.append(f"unwrapped {name}=")
        return list(inner.items())

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

    def _takes_object(self, inner: dict[str, Any]) -> bool:
        """Whether a lone object is the value of the tool's first parameter."""
        if not self.properties or set(inner) & set(self.properties):
            return False
        first = next(iter(self.properties.values()))
        return "object" in kinds(schema_of(first), self.coercion)

    def _key(self, written: str) -> str:
        """Find the parameter behind `_from`, `from_` and `user_id` for `user-id`."""
        bare = written.strip("_")
        if not self.properties or (written == bare and "_" not in bare):
            return written
        for key in (bare, written.replace("_", "-"), bare.replace("_", "-")):
            if key in self.properties:
                self.notes.append(f"read the argument {written} as {key}")
                return key
        return written

    def _twice(self, key: str, first: Any, second: Any) -> None:
        if first == second:
            self.notes.append(f"{key} was given twice with the same value")
        else:
            self.faults.append(f"{key!r} is given twice with different values")

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
            return value not in (schema.get("enum") or ())
        return value == "" and "string" not in allowed

    def _value(self, node: Any, schema: Schema, key: str) -> Any:
        """Turn a node into a value of the schema's type."""
        if isinstance(node, Bare):
            node = self._word(node.text, schema, key)
        elif isinstance(node, RawCall):
            return self._nested(node, schema, key)
        elif isinstance(node, (list, dict)):
            node = self._deep(node, schema, key)
        return self.coercion.coerce(node, schema, key)

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
        if head and self.books.find_name(head[1]):
            return f"needs a part of the result of {head[1]}"
        if text.startswith(("<", "{")) or text == key or text in _TYPE_WORDS:
            return "is a placeholder, not a value"
        if "string" not in allowed and _ENDLESS.fullmatch(text):
            return "is not a finite number"
        if text in self.books.variables():
            return "is a variable, not a value"
        listed = "array" in allowed
        fitting = bool(allowed & {"string", "any"})
        if listed and not fitting and not self._lists_words(schema):
            return ""
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
        self.faults.extend(node.faults)
        return self._word(node.words, schema, key)
