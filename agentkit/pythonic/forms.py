"""The shapes in which models put calls: lists, JSON objects, strings, print()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import ARGUMENT_HEAD, CALL_HEAD, Bare, RawCall

_NAME_KEYS = (
    "name",
    "function",
    "tool",
    "tool_name",
    "function_name",
    "func",
    "action",
) + ("api", "api_name", "method", "recipient_name", "toolName", "functionName")
_ARGUMENT_KEYS = (
    ("arguments", "parameters", "params", "args", "kwargs", "input", "inputs")
    + ("tool_input", "action_input", "tool_args", "function_args", "argument")
    + ("parameter", "func_args", "toolInput")
)
_HOLDERS = ("tool_calls", "function_calls", "calls", "functions", "tools", "actions")
_ASIDE = ("type", "id", "call_id", "description", "index", "role", "content", "thought")
_SCHEMA_WORDS = frozenset(("type", "description", "properties", "required", "enum"))
_OUTPUTS = ("print", "await", "repr", "str", "call")

Known = Callable[[str], str]


class Forms:
    """Finds the raw calls in a node.

    Attributes:
        known: names the known tool that a written name means, or nothing.
        slips: what the reader noted about objects, by identity.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.slips: dict[int, tuple[list[str], list[str]]] = {}

    def calls_in(self, node: Any) -> list[RawCall]:
        """List the calls that a node stands for; empty when it is not calls."""
        if isinstance(node, RawCall):
            return self._unwrap(node)
        if isinstance(node, list):
            return self._in_list(node)  # pyright: ignore
        if isinstance(node, dict):
            return self._in_object(node)  # pyright: ignore
        if isinstance(node, str):
            return self._in_string(node)
        return []

    def _unwrap(self, call: RawCall) -> list[RawCall]:
        """See through `print(f(a=1))`."""
        if call.name in _OUTPUTS and not self.known(call.name):
            found = [c for value in call.positional for c in self.calls_in(value)]
            for inner in found:
                inner.notes.append(f"took the call out of {call.name}()")
            return found
        return [call]

    def _in_list(self, items: list[Any]) -> list[RawCall]:
        found: list[RawCall] = []
        rest = list(reversed(items))
        while rest:
            item = rest.pop()
            inner = self._pair(item, rest) if isinstance(item, str) else []
            inner = inner or self.calls_in(item)
            found.extend(inner)
            if not inner and found and item not in (None, "", [], {}):
                found[-1].notes.append(f"passed over {_show(item)} in the list")
        return found

    def _pair(self, name: str, rest: list[Any]) -> list[RawCall]:
        """Read a name and the object, or the `a=1` texts, that follow it."""
        if not rest or not self.known(name):
            return []
        if isinstance(rest[-1], dict) and not _is_schema(rest[-1]):  # pyright: ignore
            call = RawCall(name, keywords=list(rest.pop().items()))
            call.notes.append("read a name and an object as a call")
            return [call]
        texts: list[str] = []
        while rest and isinstance(rest[-1], str) and ARGUMENT_HEAD.match(rest[-1]):
            texts.append(rest.pop())
        return self._in_string(f"{name}({', '.join(texts)})") if texts else []

    def _in_string(self, text: str) -> list[RawCall]:
        """Read a call that is quoted as a string."""
        text = text.strip()
        if text.startswith(("[", "{")):
            reader = Reader(text)
            node, _ = reader.read_value(0, "list", 0)
            found = [] if isinstance(node, str) else self.calls_in(node)
            _tell(found, "read a quoted text as calls", reader)
            return found
        found: list[RawCall] = []
        reader = Reader(text)
        end = 0
        while (head := CALL_HEAD.match(text, end)) and self.known(head[1]):
            call, end = reader.read_call(head[1], head.start(), head.end(), 1)
            _settle_source(call, text)
            call.notes.append("read a call quoted as a string")
            found.append(call)
            while text[end : end + 1] in (",", ";", " ", "\n"):
                end += 1
        return [] if text[end:].strip(" \n\t;,.`'\"") else found

    def _in_object(self, pairs: dict[str, Any]) -> list[RawCall]:
        found = self._object_calls(pairs)
        notes, faults = self.slips.get(id(pairs), ((), ()))
        for call in found:
            call.notes.extend(notes)
            call.faults.extend(faults)
        return found

    def _object_calls(self, pairs: dict[str, Any]) -> list[RawCall]:
        for holder in _HOLDERS:
            if isinstance(pairs.get(holder), list) and not self.known(holder):
                return self.calls_in(pairs[holder])
        if _is_schema(pairs):
            return []
        return self._named(pairs) or self._keyed(pairs)

    def _named(self, pairs: dict[str, Any]) -> list[RawCall]:
        """Read `{"name": ..., "arguments": ...}` in any choice of key names."""
        for name_key in _NAME_KEYS:
            value = pairs.get(name_key)
            if isinstance(value, dict) and name_key in ("function", "tool", "action"):
                return self._in_object(value)  # pyright: ignore
            name = value.text if isinstance(value, Bare) else value
            if not isinstance(name, str):
                continue
            rest = {k: v for k, v in pairs.items() if k != name_key}
            for key in _ARGUMENT_KEYS:
                if key in rest:
                    return self._with_arguments(name, name_key, key, rest)
            flat = {k: v for k, v in rest.items() if k not in _ASIDE}
            if self.known(name) and flat:
                call = RawCall(name, keywords=list(flat.items()))
                call.notes.append(f"read the keys beside {name_key!r} as the arguments")
                return [call]
        return []

    def _with_arguments(
        self, name: str, name_key: str, key: str, rest: dict[str, Any]
    ) -> list[RawCall]:
        arguments = rest[key]
        call = RawCall(name)
        if (name_key, key) not in (("name", "arguments"), ("name", "parameters")):
            call.notes.append(f"read {name_key!r} and {key!r} as name and arguments")
        for other in rest:
            if other not in _ASIDE and other != key:
                call.faults.append(f"{other!r} stands beside {key!r}")
        if isinstance(arguments, str):
            arguments = _decode(arguments, call)
        if isinstance(arguments, dict):
            if _is_schema(arguments):  # pyright: ignore
                return self._from_schema(call, arguments)  # pyright: ignore
            call.keywords.extend(arguments.items())  # pyright: ignore
        elif isinstance(arguments, list):
            call.positional.extend(arguments)  # pyright: ignore
        elif arguments is not None:
            call.faults.append(f"{key!r} is not an object")
        return [call]

    def _from_schema(self, call: RawCall, schema: dict[str, Any]) -> list[RawCall]:
        """Take values written into a copied schema; a plain copy is no call."""
        filled = schema.get("properties")
        if not isinstance(filled, dict) or not filled:
            return []
        for key, value in filled.items():  # pyright: ignore
            if isinstance(value, dict) and "value" in value:
                value = value["value"]  # pyright: ignore
            elif isinstance(value, dict) and _SCHEMA_WORDS & set(value):  # pyright: ignore
                return []
            call.keywords.append((key, value))  # pyright: ignore
        call.notes.append("took the arguments out of a copied schema")
        return [call]

    def _keyed(self, pairs: dict[str, Any]) -> list[RawCall]:
        """Read `{"f": {...}}`, the name being the key."""
        found: list[RawCall] = []
        for key, value in pairs.items():
            if isinstance(value, RawCall) or key in ("call", "function_call"):
                found.extend(self.calls_in(value))
            elif self.known(key) and isinstance(value, dict):
                if _is_schema(value):  # pyright: ignore
                    continue
                call = RawCall(key, keywords=list(value.items()))  # pyright: ignore
                call.notes.append("read a key as the name of the tool")
                found.append(call)
            elif self.known(key) and isinstance(value, list) and value:
                found.extend(self._repeated(key, value))  # pyright: ignore
        return found

    def _repeated(self, name: str, values: list[Any]) -> list[RawCall]:
        """Read `{"f": [{...}, {...}]}` as one call for each object."""
        if not all(isinstance(value, dict) for value in values):
            return []
        note = "read a list of objects as one call each"
        return [RawCall(name, keywords=list(v.items()), notes=[note]) for v in values]


def _decode(text: str, call: RawCall) -> Any:
    """Read arguments that were written as a JSON text inside a string."""
    if not text.strip():
        return {}
    reader = Reader(text.strip())
    node, end = reader.read_value(0, "list", 0)
    call.notes.append("read the arguments out of a string")
    call.notes.extend(reader.notes)
    call.faults.extend(reader.faults)
    if end != len(text.strip()):
        call.faults.append("its arguments are a text that cannot be read")
    return node


def _is_schema(pairs: dict[str, Any]) -> bool:
    """Whether an object is a copy of a schema or tool document, not arguments."""
    inner = pairs.get("parameters", pairs.get("arguments"))
    if isinstance(pairs.get("properties"), dict) and "type" in pairs:
        return True
    if isinstance(inner, dict) and "description" in pairs and "name" in pairs:
        fields = inner.get("properties")  # pyright: ignore
        return isinstance(fields, dict) and all(
            isinstance(field, dict) and "value" not in field
            for field in fields.values()  # pyright: ignore
        )
    return False


def _tell(calls: list[RawCall], note: str, reader: Reader) -> None:
    for call in calls:
        call.notes.append(note)
        call.notes.extend(reader.notes)
        call.faults.extend(reader.faults)


def _settle_source(call: RawCall, text: str) -> None:
    """Turn nested unknown calls into words, while their source is at hand."""

    def settle(node: Any) -> Any:
        if isinstance(node, RawCall):
            return Bare(text[node.start : node.end])
        if isinstance(node, list):
            return [settle(item) for item in node]  # pyright: ignore
        return node

    call.positional[:] = [settle(node) for node in call.positional]
    call.keywords[:] = [(key, settle(node)) for key, node in call.keywords]


def _show(item: Any) -> str:
    return repr(item.text if isinstance(item, Bare) else item)[:40]
