"""Holds a call as written against its tool: names, positions, types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentkit.messages import Call
from agentkit.pythonic.coercion import Coercion, fits, kinds
from agentkit.pythonic.parsed import CallFault, Dependency, KnownTools, Repair
from agentkit.pythonic.syntax import CALL_HEAD, Bare, RawCall
from agentkit.pythonic.words import read_quantity

MAX_CALLS = 256

_WRAPPERS = ("parameters", "params", "arguments", "args", "kwargs", "input", "inputs")
_PREFIXES = ("functions.", "function.", "tools.", "tool.", "api.")
_NOTHING = ("null", "none", "nil", "undefined")
_TYPE_WORDS = frozenset(
    ("str", "int", "float", "bool", "list", "dict", "string", "integer", "number")
    + ("boolean", "array", "object", "value")
)


class Binder:
    """Turns raw calls into calls of known tools, keeping books of what it did.

    Attributes:
        calls: the calls that were made sure, in order.
        repairs: what was read otherwise than written.
        errors: what could not be made a call.
        source: the text that the raw calls were read from.
        results: names that stand for the result of an earlier call.
    """

    def __init__(self, tools: KnownTools, source: str) -> None:
        self.tools = tools
        self.source = source
        self.calls: list[Call] = []
        self.repairs: list[Repair] = []
        self.errors: list[CallFault] = []
        self.results: dict[str, int] = {}
        self._variables: set[str] | None = None

    def result_index(self, text: str) -> int:
        """Find the call whose result a word stands for; -1 when it is none."""
        if text in self.results:
            return self.results[text]
        place = _PLACE.fullmatch(text)
        index = int(place[1]) - 1 if place else -1
        return index if index < len(self.calls) else -1

    def variables(self) -> set[str]:
        """Name the variables that code around the calls assigns."""
        if self._variables is None:
            self._variables = set(_ASSIGNED.findall(self.source))
        return self._variables

    def find_name(self, written: str) -> str:
        """Name the known tool that is meant; empty when none is, for certain."""
        if written in self.tools:
            return written
        trimmed = written.removesuffix(".call")
        for prefix in _PREFIXES:
            trimmed = trimmed.removeprefix(prefix)
        if trimmed in self.tools:
            return trimmed
        flat = trimmed.replace(".", "_").replace("-", "_")
        fits = [t.name for t in self.tools if t.name.replace(".", "_") == flat]
        return fits[0] if len(fits) == 1 else ""

    def bind(self, raw: RawCall) -> int:
        """Make a raw call a call.

        Returns:
            The index of the call, or -1 when it became an error.
        """
        name = self.find_name(raw.name)
        if not name:
            self.errors.append(CallFault(raw.name, self._unknown(raw.name)))
            return -1
        if len(self.calls) >= MAX_CALLS:
            return self._fail(name, f"more than {MAX_CALLS} calls in one turn")
        return _Binding(self, raw, name).make()

    def _unknown(self, name: str) -> str:
        from difflib import get_close_matches

        names = [tool.name for tool in self.tools]
        close = get_close_matches(name[:80], names, n=1)
        message = f"Unknown tool {name[:80]!r}."
        if close:
            return f"{message} Did you mean {close[0]!r}?"
        return f"{message} The tools are: {', '.join(names[:20])}."

    def _fail(self, name: str, why: str) -> int:
        self.errors.append(CallFault(name, f"The call of {name!r} was not made: {why}."))
        return -1


class _Binding:
    """The binding of one call."""

    def __init__(self, binder: Binder, raw: RawCall, name: str) -> None:
        self.binder = binder
        self.raw = raw
        self.name = name
        self.schema = binder.tools[name].parameters
        properties = self.schema.get("properties")
        self.properties: Mapping[str, Any] = (
            properties if isinstance(properties, Mapping) else {}
        )
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
            return self.binder._fail(self.name, why)  # pyright: ignore
        self.binder.repairs.extend(Repair(self.name, note) for note in self.notes)
        self.binder.calls.append(Call(self.name, arguments))
        return len(self.binder.calls) - 1

    def _settle(self) -> dict[str, Any]:
        """Bring every argument to its name and type."""
        arguments: dict[str, Any] = {}
        required = self.schema.get("required") or ()
        pairs = self.raw.keywords
        if self.raw.positional or len(pairs) == 1:
            pairs = self._pairs()
        for written, node in pairs:
            key = written if written in self.properties else self._key(written)
            schema = self.properties.get(key)
            value = node
            if self.raw.trailing:
                value = node = self._gather(written, node, schema)
            if schema is None:
                schema = {}
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
        if len(positional) == 1 and not keywords and isinstance(positional[0], dict):
            inner: dict[str, Any] = positional[0]  # pyright: ignore
            if not self._takes_object(inner):
                self.notes.append("read an object as the named arguments")
                return list(inner.items())
        if not positional and keywords:
            name, value = keywords[0]
            wrapped = name in _WRAPPERS and self.properties and name not in self.properties
            if wrapped and isinstance(value, dict):
                self.notes.append(f"unwrapped {name}=")
                return list(value.items())  # pyright: ignore
            return keywords
        free = [n for n in self.properties if n not in dict(keywords)]
        if len(positional) > len(free):
            self.faults.append("it has more arguments than the tool takes; name them")
        named = list(zip(free, positional))
        if named and all(isinstance(v, Bare) and v.text in self.properties for _, v in named):
            self.faults.append("parameter names stand where values should")
        for key, _ in named:
            self.notes.append(f"took an argument without a name as {key}")
        return named + keywords

    def _gather(self, written: str, node: Any, schema: Any) -> Any:
        """Add the nameless values behind a list's name to that list."""
        more = [value for name, value in self.raw.trailing if name == written]
        if not more:
            return node
        listed = isinstance(schema, Mapping) and "array" in kinds(schema, self.coercion)  # pyright: ignore
        if not listed:
            self.faults.append(f"a value without a name follows {written}=; name it")
            return node
        self.notes.append(f"{written}: read the values behind it as one list")
        return [*(node if isinstance(node, list) else [node]), *more]  # pyright: ignore

    def _takes_object(self, inner: dict[str, Any]) -> bool:
        """Whether a lone object is the value of the tool's first parameter."""
        if not self.properties or set(inner) & set(self.properties):
            return False
        first = next(iter(self.properties.values()))
        return isinstance(first, Mapping) and "object" in kinds(first, self.coercion)  # pyright: ignore

    def _key(self, written: str) -> str:
        """Find the parameter behind `_from`, `from_` and `user_id` for `user-id`."""
        bare = written.strip("_")
        if not self.properties or written == bare and "_" not in bare:
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

    def _is_nothing(self, value: Any, schema: Mapping[str, Any], key: str) -> bool:
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

    def _value(self, node: Any, schema: Mapping[str, Any], key: str) -> Any:
        """Turn a node into a value of the schema's type."""
        if isinstance(node, Bare):
            node = self._word(node.text, schema, key)
        elif isinstance(node, RawCall):
            return self._nested(node, schema, key)
        elif isinstance(node, (list, dict)):
            node = self._deep(node, schema, key)
        return self.coercion.coerce(node, schema, key)

    def _deep(self, node: Any, schema: Mapping[str, Any], key: str) -> Any:
        """Settle the words and calls inside a list or object."""
        if isinstance(node, list):
            items = schema.get("items")
            inner = items if isinstance(items, Mapping) else {}
            return [self._plain(item, inner, key) for item in node]  # pyright: ignore
        fields = schema.get("properties")
        known: Mapping[str, Any] = fields if isinstance(fields, Mapping) else {}
        return {
            name: self._plain(item, known.get(name, {}), f"{key}.{name}")
            for name, item in node.items()
        }

    def _plain(self, node: Any, schema: Mapping[str, Any], key: str) -> Any:
        if isinstance(node, Bare):
            return self._word(node.text, schema, key)
        if isinstance(node, RawCall):
            return self._nested(node, schema, key)
        return self._deep(node, schema, key) if isinstance(node, (list, dict)) else node

    def _word(self, text: str, schema: Mapping[str, Any], key: str) -> Any:
        """Read unquoted words as the schema allows."""
        if (index := self.binder.result_index(text)) >= 0:
            return self._depend(index)
        allowed = kinds(self.coercion.resolve(schema), self.coercion)
        head = CALL_HEAD.search(text) if "(" in text else None
        if head and self.binder.find_name(head[1]):
            self.faults.append(f"{key} needs a part of the result of {head[1]}")
        elif text.startswith(("<", "{")) or text == key or text in _TYPE_WORDS:
            self.faults.append(f"{key}={text[:40]} is a placeholder, not a value")
        elif _ENDLESS.fullmatch(text) and "string" not in allowed:
            self.faults.append(f"{key}={text[:40]} is not a finite number")
        elif not text:
            self.faults.append(f"{key} has no value")
        elif '"' in text or text.count("'") > 1:
            self.faults.append(f"{key}={text[:40]} is not a plain value")
        elif text in self.binder.variables():
            self.faults.append(f"{key}={text[:40]} is a variable, not a value")
        elif "array" in allowed and "string" not in allowed and self._lists_words(schema, text):
            self.notes.append(f"{key}: read the unquoted {text[:40]} as a string")
        elif not allowed & {"string", "any"} and read_quantity(text) is None:
            if text.lower() not in ("true", "false", *_NOTHING):
                self.faults.append(f"{key}={text[:40]} is not a value of its type")
        else:
            self.notes.append(f"{key}: read the unquoted {text[:40]} as it stands")
        return text

    def _lists_words(self, schema: Mapping[str, Any], text: str) -> bool:
        """Whether words can be the one item of a list of strings."""
        items = self.coercion.resolve(schema).get("items")
        if not isinstance(items, Mapping) or not _PROSE.fullmatch(text):
            return False
        allowed = kinds(self.coercion.resolve(items), self.coercion)  # pyright: ignore
        return bool(allowed & {"string", "any"})

    def _nested(self, node: RawCall, schema: Mapping[str, Any], key: str) -> Any:
        """Make a call inside an argument its own call, made before."""
        if self.binder.find_name(node.name):
            index = self.binder.bind(node)
            if index < 0:
                self.faults.append(f"{key} needs a call that was not made")
                return None
            self.notes.append(f"{key}: uses the result of {node.name}")
            return self._depend(index)
        words = self.binder.source[node.start : node.end]
        if node.faults:
            self.faults.extend(node.faults)
        return self._word(words, schema, key)

    def _depend(self, index: int) -> Dependency:
        """Give the call an id, if it has none yet, and point to it."""
        call = self.binder.calls[index]
        if not call.id:
            call = Call(call.name, call.arguments, f"call_{index + 1}")
            self.binder.calls[index] = call
        return Dependency(call.id)


_ENDLESS = re.compile(r"[+-]?(?:[\d.]+(?:[eE][+-]?\d+)?|inf(?:inity)?|nan)", re.I)
_PLACE = re.compile(r"call_(\d{1,3})")
_ASSIGNED = re.compile(r"^[ \t]*([^\W\d]\w*) *=(?!=)", re.MULTILINE)
_PROSE = re.compile(r"[\w\s.,:/-]+")
