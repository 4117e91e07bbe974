"""`POST /v1/chat/completions`: OpenAI's chat API for the model and the assistant.

Source: OpenAI's API reference, "Create chat completion" and its streamed chunks. What
of a request is heeded, ignored and refused stands in `docs/reference/serve.md`.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agentkit.serve.api_errors import ApiError, fault_of
from agentkit.serve.client_messages import (
    MOST_MESSAGES,
    MOST_TOOLS,
    ChatMessage,
    Document,
    ToolChoice,
    chosen_tools,
    conversation_of,
    results_of,
    tool_documents,
)
from agentkit.serve.server_events import ServerEvents
from agentkit.serve.service import (
    MODELS,
    Service,
    read_body,
    while_connected,
)
from agentkit.serve.turns import ClientCall, Pieces, TextPiece, ThoughtPiece, TurnEnd


class StreamOptions(BaseModel):
    """What a stream reports beside its pieces."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """The fields that are read; others are ignored, as servers of this API do."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(json_schema_extra={"enum": [*MODELS]})] = "assistant"
    messages: list[ChatMessage] = Field(min_length=1, max_length=MOST_MESSAGES)
    tools: list[Document] = Field(default_factory=list[Document], max_length=MOST_TOOLS)
    tool_choice: ToolChoice = None
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Annotated[int, Field(json_schema_extra={"const": 1})] = 1


async def create(request: Request) -> Response:
    """Answer a request of the chat API."""
    service = Service.of(request)
    asked = await read_body(request, ChatRequest)
    if asked.n != 1:
        raise ApiError(400, "unsupported", "n must be 1: one answer is made", "n")
    pieces = await _pieces(service, request, asked)
    head = _Head(service.model_name(asked.model))
    if asked.stream:
        usage = asked.stream_options is not None and asked.stream_options.include_usage
        return ServerEvents(_chunks(pieces, head, usage=usage))
    return JSONResponse(await while_connected(request, _whole(pieces, head)))


async def _pieces(service: Service, request: Request, asked: ChatRequest) -> Pieces:
    """Let the model or the assistant answer."""
    return await service.turn(
        request,
        asked.model,
        conversation_of(asked.messages),
        chosen_tools(tool_documents(asked.tools), asked.tool_choice),
        results_of(asked.messages),
    )


class _Head:
    """The fields that all parts of one answer share."""

    def __init__(self, model: str) -> None:
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())
        self.model = model

    def document(self, kind: str, **more: Any) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            **more,
        }


async def _whole(pieces: Pieces, head: _Head) -> dict[str, Any]:
    text, thought, calls, end = "", "", list[ClientCall](), TurnEnd()
    async with aclosing(pieces):
        async for piece in pieces:
            match piece:
                case TextPiece():
                    text += piece.text
                case ThoughtPiece():
                    thought += piece.text
                case ClientCall():
                    calls.append(piece)
                case TurnEnd():
                    end = piece
    message: dict[str, Any] = {
        "role": "assistant",
        # null beside calls, as in OpenAI's reference: some clients show an empty text.
        "content": text if text or not calls else None,
        "refusal": None,
    }
    if thought:
        # Not in OpenAI's reference: where vLLM and others put it, and clients look.
        message["reasoning_content"] = thought
    if calls:
        message["tool_calls"] = [_call(one) for one in calls]
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": end.finish,
        "logprobs": None,
    }
    return head.document(
        "chat.completion", choices=[choice], usage=usage_of(end), agentkit=end.facts
    )


def _call(one: ClientCall) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": "function",
        "function": {"name": one.call.name, "arguments": arguments_text(one)},
    }


def arguments_text(one: ClientCall) -> str:
    """Write a call's arguments as the API has them: JSON text."""
    return json.dumps(dict(one.call.arguments), ensure_ascii=False, default=str)


def usage_of(end: TurnEnd) -> dict[str, Any]:
    """Return the token counts of a turn."""
    return {
        "prompt_tokens": end.usage.input_tokens,
        "completion_tokens": end.usage.output_tokens,
        "total_tokens": end.usage.total_tokens,
        "prompt_tokens_details": {"cached_tokens": end.usage.cached_tokens},
    }


async def _chunks(
    pieces: Pieces, head: _Head, *, usage: bool
) -> AsyncGenerator[str, None]:
    """Write an answer chunk by chunk; a fault in the middle is the last chunk."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return json.dumps(
            head.document("chat.completion.chunk", choices=[choice], **more),
            ensure_ascii=False,
        )

    # The role is told once, in a chunk of its own, before anything is generated.
    yield chunk({"role": "assistant", "content": ""})
    count = 0
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                match piece:
                    case TextPiece():
                        yield chunk({"content": piece.text})
                    case ThoughtPiece():
                        yield chunk({"reasoning_content": piece.text})
                    case ClientCall():
                        # A call is whole by the time it is known: its arguments come in
                        # one chunk.
                        yield chunk({"tool_calls": [{"index": count, **_call(piece)}]})
                        count += 1
                    case TurnEnd():
                        yield chunk({}, piece.finish, agentkit=piece.facts)
                        if usage:
                            told = head.document(
                                "chat.completion.chunk",
                                # "include_usage": a last chunk without choices, as the
                                # reference has it.
                                choices=[],
                                usage=usage_of(piece),
                            )
                            yield json.dumps(told)
    except Exception as exc:
        # The status was sent long ago: the stream says it, as OpenAI's does.
        yield json.dumps(fault_of(exc).document())
    yield "[DONE]"
