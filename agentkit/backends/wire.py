"""OpenAI's wire format, on the way out: requests, messages, tools and their names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from agentkit.backends.base import Request
from agentkit.errors import ConfigError
from agentkit.grammar import to_gbnf, to_structural_tag
from agentkit.messages import Conversation, Message, ToolCall, ToolResult
from agentkit.prompting import Format, join_parts, render_prompt
from agentkit.tools import PerToolset, Toolset
from agentkit.tools.schema.json_schema import is_list

Document = dict[str, Any]

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]")
# OpenAI's limit for the name of a function.
_LONGEST = 64
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
_VERBATIM = frozenset({"enum", "const", "default", "required"})
_NAMED = frozenset({"properties", "$defs"})


class Names:
    """Tool names as the wire allows them (letters, digits, _ and -), and back."""

    def __init__(self, toolset: Toolset) -> None:
        """Give every tool of a toolset a name of its own."""
        self._wire: dict[str, str] = {}
        self._own: dict[str, str] = {}
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

_BEGIN = "<|begin_of_text|>"
_STOPS = ["<|eot_id|>", "<|eom_id|>"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    max_new_tokens: int | None = None
    temperature: float | None = None
    format: Format = "llama32"
    grammar: ServerGrammar = "off"
    tool_choice: str = ""
    response_format: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


# What agentkit writes itself: another one here would be another request.
_OURS = frozenset({"messages", "model", "prompt", "stream", "tools"})


class Bodies:
    """Writes what is asked of one model."""

    def __init__(
        self,
        model: str,
        *,
        max_new_tokens: int | None = None,
        temperature: float | None = None,
        format: Format = "llama32",
        grammar: ServerGrammar = "off",
        tool_choice: str = "",
        response_format: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Take what all requests have in common.

        Args:
            model: the model's name at the endpoint.
            max_new_tokens: longest answer; the server's own limit when None.
            temperature: the server's own when None.
            format: prompt format, for completions.
            grammar: what holds calls to the tools, for completions.
            tool_choice: `auto`, `required`, `none` or a tool's name; in chat only.
            response_format: the form of an answer, where the request has none.
            extra: further fields of each body.

        Raises:
            ConfigError: a further field is one that agentkit writes.
        """
        if taken := sorted(_OURS & set(extra or ())):
            raise ConfigError(
                f"extra_body holds {taken[0]!r}, which agentkit writes: leave it out"
            )
        self._model = model
        self._options = _Options(
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            format=format,
            grammar=grammar,
            tool_choice=tool_choice,
            response_format=response_format,
            extra=dict(extra or {}),
        )

    def chat(self, request: Request, names: Names) -> Document:
        """Write messages and tools."""
        options, now = self._options, request.context.now
        body = self._common() | {
            "messages": chat_messages(request.conversation, names, now)
        }
        if len(request.toolset):
            body["tools"] = documents_of(request.toolset)
            body |= self._choice(request, names)
        if request.schema is not None:
            body["response_format"] = _response_format(request.schema)
        elif options.response_format is not None:
            body["response_format"] = dict(options.response_format)
        if options.max_new_tokens is not None:
            body["max_tokens"] = options.max_new_tokens
        if options.temperature is not None:
            body["temperature"] = options.temperature
        return {**body, **options.extra}

    def _choice(self, request: Request, names: Names) -> Document:
        """Write which tool is to be called, until one was: else no answer would come."""
        wanted = self._options.tool_choice
        forced = wanted not in ("", "auto", "none")
        if not wanted or (forced and _has_called(request.conversation)):
            return {}
        if wanted in ("auto", "none", "required"):
            return {"tool_choice": wanted}
        if wanted not in request.toolset:
            return {}
        function = {"name": names.to_wire(wanted)}
        return {"tool_choice": {"type": "function", "function": function}}

    def completion(self, request: Request) -> Document:
        """Write agentkit's own prompt as one text."""
        options = self._options
        prompt = join_parts(request.prompt) or render_prompt(
            request.conversation,
            request.toolset,
            format=options.format,
            date=request.context.now.date(),
        )
        return self._common() | {
            # Servers put the first token in front by themselves.
            "prompt": prompt.removeprefix(_BEGIN),
            "stop": _STOPS,
            "max_tokens": options.max_new_tokens or 512,
            "temperature": options.temperature or 0.0,
            **self._held(request),
            **options.extra,
        }

    def _held(self, request: Request) -> Document:
        """Write what holds the server's model to the tools' calls."""
        if request.schema is not None and not len(request.toolset):
            return {"response_format": _response_format(request.schema)}
        if self._options.grammar == "off" or not len(request.toolset):
            return {}
        if self._options.grammar == "gbnf":
            return {"grammar": to_gbnf(request.toolset)}
        return {"response_format": to_structural_tag(request.toolset)}

    def _common(self) -> Document:
        return {
            "model": self._model,
            "stream": True,
            "stream_options": {"include_usage": True},
        }


def _has_called(conversation: Conversation) -> bool:
    """Tell whether a tool was called since the user spoke last."""
    for message in reversed(conversation):
        if message.role == "user":
            return False
        if message.calls:
            return True
    return False


def _response_format(schema: Mapping[str, Any]) -> Document:
    """Ask for an answer that fits a schema.

    Not `strict`: strict schemas know a part of JSON Schema only, and what they leave
    out would be refused. llama.cpp and vLLM hold the answer to it all the same.
    """
    document = {"name": "answer", "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": document}
