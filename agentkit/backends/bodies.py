"""The bodies of requests to an OpenAI-compatible endpoint, and keys kept out of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from agentkit.backends.base import Fault, Reply, Request
from agentkit.backends.wire import Document, Names, chat_messages, documents_of
from agentkit.grammar import to_gbnf, to_structural_tag
from agentkit.messages import Call
from agentkit.prompting import Format, join_parts, render_prompt

ServerGrammar = Literal["off", "gbnf", "structural_tag"]

_BEGIN = "<|begin_of_text|>"
_STOPS = ["<|eot_id|>", "<|eom_id|>"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    max_new_tokens: int | None = None
    temperature: float | None = None
    format: Format = "llama32"
    grammar: ServerGrammar = "off"


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
    ) -> None:
        """Take what all requests have in common.

        Args:
            model: the model's name at the endpoint.
            max_new_tokens: longest answer; the server's own limit when None.
            temperature: the server's own when None.
            format: prompt format, for completions.
            grammar: what holds calls to the tools, for completions.
        """
        self._model = model
        self._options = _Options(
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            format=format,
            grammar=grammar,
        )

    def chat(self, request: Request, names: Names) -> Document:
        """Write messages and tools."""
        options, now = self._options, request.context.now
        body = self._common() | {
            "messages": chat_messages(request.conversation, names, now)
        }
        if len(request.toolset):
            body["tools"] = documents_of(request.toolset)
        if options.max_new_tokens is not None:
            body["max_tokens"] = options.max_new_tokens
        if options.temperature is not None:
            body["temperature"] = options.temperature
        return body

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
        }

    def _held(self, request: Request) -> Document:
        """Write what holds the server's model to the tools' calls."""
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


Hide = Callable[[str], str]


def without_key(reply: Reply, hide: Hide) -> Reply:
    """Return a reply whose texts, calls and faults went through `hide`."""
    return replace(
        reply,
        text=hide(reply.text),
        calls=tuple(_hidden_call(call, hide) for call in reply.calls),
        faults=tuple(Fault(hide(one.tool), hide(one.message)) for one in reply.faults),
        repairs=tuple(hide(one) for one in reply.repairs),
    )


def _hidden_call(call: Call, hide: Hide) -> Call:
    arguments = cast(dict[str, Any], _hidden(dict(call.arguments), hide))
    return Call(hide(call.name), arguments, hide(call.id))


def _hidden(value: Any, hide: Hide) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        facts = cast(dict[str, Any], value)
        return {hide(key): _hidden(item, hide) for key, item in facts.items()}
    if isinstance(value, list):
        return [_hidden(item, hide) for item in cast(Sequence[Any], value)]
    return value
