"""The bodies of requests to servers that speak OpenAI's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from agentkit.backends.base import Request
from agentkit.backends.wire import (
    Document,
    Names,
    ServerGrammar,
    chat_messages,
    documents_of,
)
from agentkit.errors import BackendUnavailable, ConfigError, EgressDenied
from agentkit.grammar import to_gbnf, to_structural_tag
from agentkit.messages import Conversation
from agentkit.prompting import Format, join_parts, render_prompt

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
        # Last, so that the application's own fields win over these.
        return {**body, **options.extra}

    def _choice(self, request: Request, names: Names) -> Document:
        """Write which tool is to be called, until one was: else no answer would come."""
        wanted = self._options.tool_choice
        forced = wanted not in ("", "auto", "none")
        if not wanted or (forced and _has_called(request.conversation)):
            return {}
        if wanted in ("auto", "none", "required"):
            return {"tool_choice": wanted}
        # The tool may be left out of this step; asking for it would be refused.
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
            # Servers' own limit for completions is often 16 tokens.
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
            # Without it a stream ends uncounted.
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


def check_images(request: Request, *, chats: bool, here: bool) -> None:
    """Keep pictures here that nobody allowed to leave.

    Args:
        request: what is asked.
        chats: it is asked as a chat, where pictures have a place.
        here: the model is on this device.

    Raises:
        EgressDenied: one was not granted.
        BackendUnavailable: there is no place for pictures.
    """
    images = [image for message in request.conversation for image in message.images]
    kept = sum(not image.granted for image in images)
    # The gate looks through text, and cannot tell what a picture shows.
    if kept and not here:
        raise EgressDenied(
            f"nothing was sent: {kept} of {len(images)} images may not leave this "
            "device; Image.read(path, granted=True) allows it"
        )
    if images and not chats:
        raise BackendUnavailable("images can be sent in chat mode only")
