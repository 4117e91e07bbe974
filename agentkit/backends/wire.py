"""OpenAI's wire format, on the way out: requests, messages, tools and their names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from agentkit.messages import Conversation, Message, ToolCall, ToolResult
from agentkit.tools import PerToolset, Toolset
from agentkit.tools.schema.json_schema import is_list

Document = dict[str, Any]

# OpenAI's alphabet for names of functions; agentkit and MCP allow more.
_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")
# OpenAI's limit for the name of a function.
_LONGEST = 64
# What servers take of JSON Schema: some refuse a request that holds more.
_KEPT = frozenset(
    [
        "type",
        "description",
        "enum",
        "const",
        "default",
        "items",
        "prefixItems",
        "properties",
        "required",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
        "$defs",
        "additionalProperties",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "minItems",
        "maxItems",
        "uniqueItems",
    ]
)
# Data, not schemas: a value may look like one.
_VERBATIM = frozenset({"enum", "const", "default", "required"})
# Maps from names to schemas: a parameter may be called "title".
_NAMED = frozenset({"properties", "$defs"})


class Names:
    """Tool names as the wire allows them (letters, digits, _ and -), and back."""

    def __init__(self, toolset: Toolset) -> None:
        """Give every tool of a toolset a distinct name."""
        self._wire: dict[str, str] = {}
        self._own: dict[str, str] = {}
        # Names that the wire allows keep theirs, whatever another tool's name becomes.
        plain = [name for name in toolset.names if _allowed(name) == name]
        for name in dict.fromkeys([*plain, *toolset.names]):
            wire = self._free(_allowed(name))
            self._wire[name] = wire
            self._own[wire] = name

    def to_wire(self, name: str) -> str:
        """Return the wire's name for a tool, known or not."""
        return self._wire.get(name) or _allowed(name)

    def from_wire(self, name: str) -> str:
        """Return the tool's own name; a name that is not known stays."""
        return self._own.get(name, name)

    def _free(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self._own:
            count += 1
            suffix = f"_{count}"
            name = wanted[: _LONGEST - len(suffix)] + suffix
        return name


def _allowed(name: str) -> str:
    return _FORBIDDEN.sub("_", name)[:_LONGEST] or "tool"


def names_of(toolset: Toolset) -> Names:
    """Return the names of a toolset's tools, or those made of an equal one before."""
    return _NAMES.of(toolset)


def documents_of(toolset: Toolset) -> list[Document]:
    """Describe the tools as the wire wants them; made once, so not to be changed."""
    return _DOCUMENTS.of(toolset)


def tool_documents(toolset: Toolset, names: Names) -> list[Document]:
    """Describe the tools as the wire wants them."""
    return [
        {
            "type": "function",
            "function": {
                "name": names.to_wire(tool.name),
                "description": tool.description,
                "parameters": {"type": "object", **_cleaned(tool.parameters)},
            },
        }
        for tool in toolset
    ]


_NAMES = PerToolset(Names)
_DOCUMENTS = PerToolset(lambda toolset: tool_documents(toolset, names_of(toolset)))


def _cleaned(schema: Mapping[str, Any]) -> Document:
    """Keep what is JSON Schema, at every depth; servers refuse the rest."""
    result: Document = {}
    for key, value in schema.items():
        if key in _NAMED and isinstance(value, Mapping):
            named = cast(Mapping[str, Any], value)
            result[key] = {name: _clean(node) for name, node in named.items()}
        elif key in _KEPT:
            result[key] = value if key in _VERBATIM else _clean(value)
    return result


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _cleaned(cast(Mapping[str, Any], value))
    if is_list(value):
        return [_clean(item) for item in value]
    return value


def chat_messages(
    conversation: Conversation, names: Names, now: datetime
) -> list[Document]:
    """Write a conversation as chat messages; the date ends the instructions."""
    today = f"Today is {now:%A}, {now.day} {now:%B %Y}."
    first = conversation[:1]
    if first and first[0].role == "system":
        today = f"{first[0].text}\n\n{today}"
        conversation = conversation[1:]
    writer = _Writer(names)
    writer.done.append({"role": "system", "content": today})
    for message in conversation:
        writer.add(message)
    writer.close()
    return writer.done


class _Writer:
    """Pairs calls with results, as the wire demands, however the run paused."""

    def __init__(self, names: Names) -> None:
        self.done: list[Document] = []
        self._names = names
        self._open: list[tuple[ToolCall, str]] = []
        self._stray: list[Document] = []
        self._count = 0

    def add(self, message: Message) -> None:
        """Add one message."""
        if message.result is not None:
            self._answer(message.result)
            return
        self.close()
        if message.calls:
            self._ask(message)
        elif message.images:
            self.done.append({"role": message.role, "content": _parts(message)})
        elif message.text:
            self.done.append({"role": message.role, "content": message.text})

    def close(self) -> None:
        """End a turn: calls without a result get one, strays follow."""
        for _, wire_id in self._open:
            # Servers refuse a conversation in which a call has no result.
            self._tool(wire_id, '{"error": "not run"}')
        self.done.extend(self._stray)
        self._open, self._stray = [], []

    def _ask(self, message: Message) -> None:
        for call in message.calls:
            self._count += 1
            self._open.append((call, f"call_{self._count}"))
        calls = [self._written(call, wire_id) for call, wire_id in self._open]
        said = {"content": message.text or None, "tool_calls": calls}
        self.done.append({"role": "assistant", **said})

    def _written(self, call: ToolCall, wire_id: str) -> Document:
        written = json.dumps(call.arguments, ensure_ascii=False, default=str)
        function = {"name": self._names.to_wire(call.name), "arguments": written}
        return {"id": wire_id, "type": "function", "function": function}

    def _answer(self, result: ToolResult) -> None:
        """Answer the call it belongs to; a stray one is sent as the user's words."""
        for index, (call, wire_id) in enumerate(self._open):
            # Ids are made anew for the wire, so what was called tells the pair.
            if call == result.call:
                del self._open[index]
                self._tool(wire_id, _content(result))
                return
        told = f"Result of {result.name or 'a call'}: {_content(result)}"
        self._stray.append({"role": "user", "content": told})

    def _tool(self, wire_id: str, content: str) -> None:
        self.done.append({"role": "tool", "tool_call_id": wire_id, "content": content})


def _parts(message: Message) -> list[Document]:
    """Write a turn with pictures: they come first, as Llama's vision models want it."""
    images: list[Document] = [
        {"type": "image_url", "image_url": {"url": image.url}}
        for image in message.images
    ]
    return [*images, {"type": "text", "text": message.text}] if message.text else images


def _content(result: ToolResult) -> str:
    value: Any = result.value
    if result.status != "done":
        value = {result.status: value}
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def encode(body: Document) -> bytes:
    """Serialize a body; what is not Unicode becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")


ServerGrammar = Literal["off", "gbnf", "structural_tag"]
