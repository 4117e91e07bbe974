"""`POST /v1/responses`: OpenAI's responses API for the model and the assistant.

Source: OpenAI's API reference, "Create a model response" and its streaming events.
Answers are remembered in memory for `previous_response_id`, the last ones of each user.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agentkit.serve.api_errors import fault_of
from agentkit.serve.client_messages import (
    MOST_MESSAGES,
    MOST_TEXT,
    MOST_TOOLS,
    ChatMessage,
    Content,
    Document,
    ToolChoice,
    chosen_tools,
    conversation_of,
    results_of,
    tool_documents,
)
from agentkit.serve.response_writer import Event, ResponseWriter, calling
from agentkit.serve.server_events import ServerEvent, ServerEvents
from agentkit.serve.service import (
    MODELS,
    Service,
    read_body,
    tenant_of,
    while_connected,
)
from agentkit.serve.turns import ClientCall, Pieces, TextPiece, ThoughtPiece, TurnEnd


class InputMessage(BaseModel):
    """A message; its type may be left out."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: Content = None


class InputCall(BaseModel):
    """A call of an earlier answer."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str = "{}"


class InputResult(BaseModel):
    """The result of a call."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["function_call_output"]
    call_id: str
    output: Content = ""


def _type_of(item: object) -> str:
    """Return the type of an item; one without a type is a message."""
    if isinstance(item, BaseModel):
        return str(getattr(item, "type", "message"))
    known: Mapping[str, Any] = {}
    given = cast(Mapping[str, Any], item) if isinstance(item, Mapping) else known
    return str(given.get("type") or "message")


InputItem: TypeAlias = Annotated[
    Annotated[InputMessage, Tag("message")]
    | Annotated[InputCall, Tag("function_call")]
    | Annotated[InputResult, Tag("function_call_output")],
    Discriminator(_type_of),
]


class ResponseRequest(BaseModel):
    """The fields that are read."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(json_schema_extra={"enum": [*MODELS]})] = "assistant"
    input: (
        Annotated[str, Field(max_length=MOST_TEXT)]
        | Annotated[list[InputItem], Field(min_length=1, max_length=MOST_MESSAGES)]
    )
    instructions: str | None = None
    tools: list[Document] = Field(default_factory=list[Document], max_length=MOST_TOOLS)
    tool_choice: ToolChoice = None
    previous_response_id: str | None = None
    store: bool = True
    stream: bool = False


async def create(request: Request) -> Response:
    """Answer a request of the responses API."""
    service = Service.of(request)
    asked = await read_body(request, ResponseRequest)
    tenant = tenant_of(request)
    before = (
        await service.said_before(tenant, asked.previous_response_id)
        if asked.previous_response_id
        else ()
    )
    said = (*before, *_messages(asked))
    # Not kept with the answer: OpenAI's instructions are of one request and are not
    # carried on.
    opening = [ChatMessage(role="system", content=asked.instructions)]
    heard = [*(opening if asked.instructions else []), *said]
    pieces = await service.turn(
        request,
        asked.model,
        conversation_of(heard),
        chosen_tools(tool_documents(asked.tools), asked.tool_choice),
        results_of(heard),
    )
    echoed = {"model", "instructions", "previous_response_id", "tools"}
    writer = ResponseWriter(service.peers.number, asked.model_dump(include=echoed))
    events = _events(pieces, writer)
    if asked.store:
        events = _kept(events, writer, service, tenant.name, said)
    if asked.stream:
        return ServerEvents(_lines(events))
    return JSONResponse(await while_connected(request, _last(events)))


def _messages(asked: ResponseRequest) -> Iterator[ChatMessage]:
    """Return the request as messages of the chat API."""
    if isinstance(asked.input, str):
        yield ChatMessage(role="user", content=asked.input)
        return
    for item in asked.input:
        match item:
            case InputMessage():
                yield ChatMessage(role=item.role, content=item.content)
            case InputCall():
                yield calling(item.call_id, item.name, item.arguments)
            case InputResult():
                yield ChatMessage(
                    role="tool", tool_call_id=item.call_id, content=item.output
                )


async def _events(
    pieces: Pieces, writer: ResponseWriter
) -> AsyncGenerator[Event, None]:
    """Write the answer event by event; the last one holds the whole."""
    for kind in ("created", "in_progress"):
        yield {"type": f"response.{kind}", "response": writer.whole("in_progress")}
    async with aclosing(pieces):
        async for piece in pieces:
            match piece:
                case TextPiece():
                    for event in writer.text(piece.text):
                        yield event
                case ThoughtPiece():
                    pass  # what a model thinks is told by the chat API alone
                case ClientCall():
                    for event in writer.call(piece):
                        yield event
                case TurnEnd():
                    for event in writer.close_text():
                        yield event
                    yield _ending(writer, piece)


def _ending(writer: ResponseWriter, end: TurnEnd) -> Event:
    reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
    reason = reasons.get(end.finish)
    status = "incomplete" if reason else "completed"
    details = {"reason": reason} if reason else None
    whole = writer.whole(status, end, incomplete_details=details, agentkit=end.facts)
    return {"type": f"response.{status}", "response": whole}


async def _kept(
    events: AsyncGenerator[Event, None],
    writer: ResponseWriter,
    service: Service,
    user: str,
    said: tuple[ChatMessage, ...],
) -> AsyncGenerator[Event, None]:
    """Remember the conversation, before the client learns the answer's id."""
    async with aclosing(events):
        async for event in events:
            if event["type"] in ("response.completed", "response.incomplete"):
                service.remembered.keep(user, writer.id, (*said, *writer.said()))
            yield event


async def _last(events: AsyncGenerator[Event, None]) -> Event:
    last: Event = {}
    async with aclosing(events):
        async for event in events:
            last = event
    return cast(Event, last["response"])


async def _lines(
    events: AsyncGenerator[Event, None],
) -> AsyncGenerator[ServerEvent, None]:
    """Number the events and write each under its name."""
    number = 0
    try:
        async with aclosing(events):
            async for event in events:
                # The reference numbers all events of a stream from 0.
                line = json.dumps({**event, "sequence_number": number})
                yield event["type"], line
                number += 1
    except Exception as exc:
        # The status was sent long ago: the stream says it.
        fault = fault_of(exc)
        told = {
            "type": "error",
            "code": fault.code,
            "message": str(fault),
            "param": fault.param or None,
            "sequence_number": number,
        }
        yield "error", json.dumps(told)
