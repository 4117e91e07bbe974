"""The shapes in which models put calls: lists, JSON objects, strings, print()."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentkit.pythonic.argument_names import (
    arguments_in_schema,
    is_blank,
    is_object_schema,
)
from agentkit.pythonic.reader import Reader
from agentkit.pythonic.syntax import (
    ARGUMENT_HEAD,
    CALL_HEAD,
    Bare,
    RawCall,
    list_of,
    object_of,
)

# Under which models give the name of a tool: OpenAI's, LangChain's, Gorilla's, and
# those that small models make up.
_NAME_KEYS = (
    *("name", "function", "tool", "tool_name", "function_name", "func", "action"),
    *("api", "api_name", "method", "recipient_name", "toolName", "functionName"),
)
# The same for its arguments.
_ARGUMENT_KEYS = (
    *("arguments", "parameters", "params", "args", "kwargs", "input", "inputs"),
    *("tool_input", "action_input", "tool_args", "function_args", "argument"),
    *("parameter", "func_args", "toolInput"),
)
# Keys of a list of calls.
_HOLDERS = ("tool_calls", "function_calls", "calls", "functions", "tools", "actions")
# What may be beside a call without being an argument of it.
_ASIDE = ("type", "id", "call_id", "description", "index", "role", "content", "thought")
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_BARE_ASIDE = frozenset(("type", "id", "call_id", "index"))
BARE_NAME = "read a bare name as a call without arguments"
# Wrapped around a call by models that think they write a program.
_OUTPUTS = ("print", "await", "repr", "str", "call")

Known = Callable[[str], str]


class Forms:
    """Finds the raw calls in a node.

    Attributes:
        known: names the known tool that a written name means, or nothing.
        slips: what the reader noted about objects, by identity.
        lost: what may be a call, but cannot be read as one.
    """

    def __init__(self, known: Known) -> None:
        self.known = known
        self.slips: dict[int, tuple[list[str], list[str]]] = {}
        self.lost: list[str] = []

    def calls_in(self, node: Any) -> list[RawCall]:
        """List the calls in a node; empty when it has none."""
        if isinstance(node, RawCall):
            return self._unwrap(node)
        if isinstance(node, str):
            return self._in_string(node)
        pairs = object_of(node)
        return (
            self._in_list(list_of(node) or [])
            if pairs is None
            else self._in_object(pairs)
        )

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
        passed: list[Any] = []
        # A stack, since one item may take the next ones along: a name and its object.
        rest = list(reversed(items))
        while rest:
            item = rest.pop()
            inner = self._pair(item, rest) if isinstance(item, str) else []
            inner = inner or self._bare_name(item) or self.calls_in(item)
            if not inner and (item not in _EMPTY or id(item) in self.slips):
                passed.append(item)
            if inner and isinstance(item, list):
                inner[0].notes.append("read nested brackets as one list")
            found.extend(inner)
        if found and passed:
            self._pass_over(passed, found)
        return found

    def _pass_over(self, items: list[Any], calls: list[RawCall]) -> None:
        """Say which items of a list are no calls; one that may be makes a fault."""
        for item in items:
            shown = f"{_show(item)} in the list"
            # A plain word beside calls is harmless; what looks like code may be a call
            # that was lost.
            if item and not _holds_code(item, self.slips):
                calls[-1].notes.append(f"passed over {shown}")
            else:
                self.lost.append(f"{shown} cannot be read")
        for call in calls:
            if call.notes[:1] == [BARE_NAME]:
                call.faults.append("its arguments cannot be read")

    def _bare_name(self, item: Any) -> list[RawCall]:
        if isinstance(item, Bare) and self.known(item.text):
            return [RawCall(item.text, notes=[BARE_NAME])]
        return []

    def _pair(self, name: str, rest: list[Any]) -> list[RawCall]:
        """Read a name and the object, or the `a=1` texts, that follow it."""
        if not rest or not self.known(name):
            return []
        pairs = object_of(rest[-1])
        if pairs is not None and not _is_schema(pairs):
            rest.pop()
            note = "read a name and an object as a call"
            return [RawCall(name, keywords=list(pairs.items()), notes=[note])]
        texts: list[str] = []
        while rest and isinstance(rest[-1], str) and ARGUMENT_HEAD.match(rest[-1]):
            texts.append(rest.pop())
        return self._in_string(f"{name}({', '.join(texts)})") if texts else []

    def _in_string(self, text: str) -> list[RawCall]:
        """Read a call that is quoted as a string."""
        text = text.strip()
        if text.startswith(("[", "{")):
            return self._in_quoted_list(text)
        found: list[RawCall] = []
        reader = Reader(text)
        end = 0
        # Only known tools: any text in quotes may look like a call.
        while (head := CALL_HEAD.match(text, end)) and self.known(head[1]):
            call, end = reader.read_call(head[1], head.start(), head.end(), 1)
            call.notes.append("read a call quoted as a string")
            found.append(call)
            while text[end : end + 1] in (",", ";", " ", "\n"):
                end += 1
        return [] if text[end:].strip(" \n\t;,.`'\"") else found

    def _in_quoted_list(self, text: str) -> list[RawCall]:
        """Read a whole list or object that is quoted as a string."""
        reader = Reader(text)
        outer = self.slips
        self.slips = reader.slips
        node, _ = reader.read_value(0, "list", 0)
        found = [] if isinstance(node, str) else self.calls_in(node)
        self.slips = outer
        for call in found:
            call.notes.extend(("read a quoted text as calls", *reader.notes))
            call.faults.extend(reader.faults)
        return found

    def _in_object(self, pairs: dict[str, Any]) -> list[RawCall]:
        found = self._object_calls(pairs)
        notes, faults = self.slips.get(id(pairs), ((), ()))
        for call in found:
            call.notes.extend(notes)
            call.faults.extend(faults)
        return found

    def _object_calls(self, pairs: dict[str, Any]) -> list[RawCall]:
        # Before the names: an envelope may have a "name" of its own.
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
            inner = object_of(value)
            # OpenAI's `{"function": {"name": ..., "arguments": ...}}`.
            if inner is not None and name_key in ("function", "tool", "action"):
                return self._in_object(inner)
            name = value.text if isinstance(value, Bare) else value
            if not isinstance(name, str):
                continue
            rest = {k: v for k, v in pairs.items() if k != name_key}
            if not self.known(name) and (called := self._called_by_name(name, rest)):
                return called
            for key in _ARGUMENT_KEYS:
                if key in rest:
                    return self._with_arguments(name, name_key, key, rest)
            if self.known(name) and _BARE_ASIDE.issuperset(rest):
                return [RawCall(name, notes=[BARE_NAME])]
            # `{"name": "f", "city": "Paris"}`: the arguments were not put into an
            # object.
            flat = {k: v for k, v in rest.items() if k not in _ASIDE}
            if self.known(name) and flat:
                call = RawCall(name, keywords=list(flat.items()))
                call.notes.append(f"read the keys beside {name_key!r} as the arguments")
                return [call]
        return []

    def _called_by_name(self, name: str, rest: dict[str, Any]) -> list[RawCall]:
        """Read `{"name": "f(a=1)"}`, the whole call in place of its name."""
        empty = not any(rest.get(key) for key in _ARGUMENT_KEYS)
        return self._in_string(name) if empty and "(" in name else []

    def _with_arguments(
        self, name: str, name_key: str, key: str, rest: dict[str, Any]
    ) -> list[RawCall]:
        arguments = rest[key]
        call = RawCall(name)
        # The two pairs that formats have; anything else is noted as a repair.
        if (name_key, key) not in (("name", "arguments"), ("name", "parameters")):
            call.notes.append(f"read {name_key!r} and {key!r} as name and arguments")
        for other in rest:
            # Were these arguments too? Not for certain.
            if other not in _ASIDE and other != key:
                call.faults.append(f"{other!r} stands beside {key!r}")
        if isinstance(arguments, str):
            arguments = _decode(arguments, call)
        arguments = _once_more(arguments, name, call)
        pairs, listed = object_of(arguments), list_of(arguments)
        if pairs is not None:
            return self._fill(call, pairs)
        if listed is not None:
            call.positional.extend(listed)
        elif arguments is not None:
            call.faults.append(f"{key!r} is not an object")
        return [call]

    def _fill(self, call: RawCall, pairs: dict[str, Any]) -> list[RawCall]:
        """Give a call its arguments, out of a copied schema if need be.

        Returns:
            The call; none when the schema was copied without any value.
        """
        if is_object_schema(pairs):
            call.notes.append("took the arguments out of a copied schema")
            pairs = arguments_in_schema(pairs)
            if not pairs:
                return []
        # A copy of the tool's document, and no call.
        if pairs and all(map(is_blank, pairs.values())):
            return []
        call.keywords.extend(pairs.items())
        return [call]

    def _keyed(self, pairs: dict[str, Any]) -> list[RawCall]:
        """Read `{"f": {...}}`, the name being the key."""
        found: list[RawCall] = []
        for key, value in pairs.items():
            if isinstance(value, RawCall) or key in ("call", "function_call"):
                found.extend(self.calls_in(value))
            elif self.known(key):
                found.extend(self._under_name(key, value))
        return found

    def _under_name(self, name: str, value: Any) -> list[RawCall]:
        """Read the object, or the list of objects, that a tool's name leads to."""
        pairs, listed = object_of(value), list_of(value) or []
        if pairs is not None:
            note = "read a key as the name of the tool"
            return self._fill(RawCall(name, notes=[note]), pairs)
        objects = [one for one in map(object_of, listed) if one is not None]
        if len(objects) < len(listed):
            return []
        note = "read a list of objects as one call each"
        return [RawCall(name, keywords=list(o.items()), notes=[note]) for o in objects]


def _decode(text: str, call: RawCall) -> Any:
    """Read arguments that were written as a JSON text inside a string."""
    text = text.strip()
    if not text:
        return {}
    reader = Reader(text)
    reader.inside = 1
    node, end = reader.read_value(0, "list", 0)
    call.notes.extend(("read the arguments out of a string", *reader.notes))
    call.faults.extend(reader.faults)
    if end != len(text):
        call.faults.append("its arguments are a text that cannot be read")
    return node


def _once_more(arguments: Any, name: str, call: RawCall) -> Any:
    """Return the arguments of a call that was written in place of its arguments."""
    pairs = object_of(arguments) or {}
    keys = [key for key in _ARGUMENT_KEYS if object_of(pairs.get(key)) is not None]
    named = [key for key in _NAME_KEYS if pairs.get(key) == name]
    # Exactly a name and its arguments: more may be arguments of these names.
    if len(pairs) != 2 or len(keys) != 1 or len(named) != 1:
        return arguments
    call.notes.append("read a call inside its own arguments")
    return pairs[keys[0]]


def _is_schema(pairs: dict[str, Any]) -> bool:
    """Whether an object is a copy of a schema or tool document, not arguments."""
    if is_object_schema(pairs):
        return True
    if "description" not in pairs or "name" not in pairs:
        return False
    inner = object_of(pairs.get("parameters", pairs.get("arguments"))) or {}
    fields = object_of(inner.get("properties"))
    return fields is not None and all(
        "value" not in (object_of(field) or ("value",)) for field in fields.values()
    )


def _holds_code(item: Any, slips: dict[int, tuple[list[str], list[str]]]) -> bool:
    """Whether an item of a list may be a call, or the arguments of one."""
    if isinstance(item, Bare):
        return "=" in item.text or "(" in item.text
    if isinstance(item, str):
        return "=" in item and "(" in item
    inner = list_of(item) or []
    return id(item) in slips or any(_holds_code(one, slips) for one in inner)


def _show(item: Any) -> str:
    return repr(item.text if isinstance(item, Bare) else item)[:40]
