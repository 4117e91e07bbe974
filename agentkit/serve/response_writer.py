"""Writes an answer of the responses API, event by event.

Source: OpenAI's API reference, "The response object" and its streaming events.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any, TypeAlias

from agentkit.serve.client_messages import CallDocument, ChatMessage, FunctionCall
from agentkit.serve.peers import named_by
from agentkit.serve.turns import ClientCall, TurnEnd

Event: TypeAlias = dict[str, Any]


def calling(call_id: str, name: str, arguments: str) -> ChatMessage:
    """Write a call of an earlier turn as a message of the chat API."""
    function = FunctionCall(name=name, arguments=arguments)
    call = CallDocument(id=call_id, function=function)
    return ChatMessage(role="assistant", tool_calls=[call])


class ResponseWriter:
    """Writes one answer: its events, and the whole at the end."""

    def __init__(self, worker: int, echoed: Event) -> None:
        """Store the worker's number, and the fields that the answer repeats."""
        self.id = named_by(worker, "resp")
        self._echoed = echoed
        self._created = int(time.time())
        self._output: list[Event] = []
        self._text = ""
        self._message = f"msg_{uuid.uuid4().hex}"

    def whole(self, status: str, end: TurnEnd | None = None, **more: Any) -> Event:
        """Return the response object."""
        return {
            "id": self.id,
            "object": "response",
            "created_at": self._created,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "output": list(self._output),
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "metadata": {},
            "usage": _usage(end) if end else None,
            **self._echoed,
            **more,
        }

    def text(self, piece: str) -> Iterator[Event]:
        """Write a piece of the message, which begins with the first one."""
        place = {"item_id": self._message, "output_index": 0, "content_index": 0}
        if not self._text:
            item: Event = {**self._item("in_progress"), "content": []}
            yield {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": item,
            }
            yield {"type": "response.content_part.added", **place, "part": _part("")}
        self._text += piece
        yield {"type": "response.output_text.delta", **place, "delta": piece}

    def close_text(self) -> Iterator[Event]:
        """End the message, if there is one."""
        # `_output` not empty: calls came, and the message before them is closed.
        if not self._text or self._output:
            return
        place = {"item_id": self._message, "output_index": 0, "content_index": 0}
        yield {"type": "response.output_text.done", **place, "text": self._text}
        yield {"type": "response.content_part.done", **place, "part": _part(self._text)}
        self._output.append(self._item("completed"))
        yield {
            "type": "response.output_item.done",
            "output_index": 0,
            "item": self._output[0],
        }

    def call(self, one: ClientCall) -> Iterator[Event]:
        """Write a call for the client."""
        yield from self.close_text()
        arguments = json.dumps(
            dict(one.call.arguments), ensure_ascii=False, default=str
        )
        item: Event = {
            "id": f"fc_{uuid.uuid4().hex}",
            "type": "function_call",
            "status": "completed",
            "call_id": one.id,
            "name": one.call.name,
            "arguments": arguments,
        }
        index = len(self._output)
        place = {"item_id": item["id"], "output_index": index}
        open_item = {**item, "status": "in_progress", "arguments": ""}
        yield {
            "type": "response.output_item.added",
            "output_index": index,
            "item": open_item,
        }
        yield {
            "type": "response.function_call_arguments.delta",
            **place,
            "delta": arguments,
        }
        yield {
            "type": "response.function_call_arguments.done",
            **place,
            "arguments": arguments,
            "name": one.call.name,
        }
        self._output.append(item)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}

    def _item(self, status: str) -> Event:
        return {
            "id": self._message,
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": [_part(self._text)],
        }

    def said(self) -> Iterator[ChatMessage]:
        """Write the answer as messages of the chat API, to go on from."""
        if self._text:
            yield ChatMessage(role="assistant", content=self._text)
        for item in self._output:
            if item["type"] == "function_call":
                yield calling(item["call_id"], item["name"], item["arguments"])


def _part(text: str) -> Event:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def _usage(end: TurnEnd) -> Event:
    return {
        "input_tokens": end.usage.input_tokens,
        "input_tokens_details": {"cached_tokens": end.usage.cached_tokens},
        "output_tokens": end.usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": end.usage.total_tokens,
    }
