"""OpenAI's wire format, on the way back: chunks, or a whole, made into an answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from agentkit.backends.base import Fault, Reply
from agentkit.backends.replies import ReplyReader
from agentkit.backends.wire import Document, Names
from agentkit.errors import BackendProtocolError
from agentkit.messages import ToolCall

# Characters; far more than any model's window holds, so a server that goes on is cut.
MAX_SIZE = 1_000_000


class _Function(BaseModel):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class _ToolCall(BaseModel):
    index: int | None = None
    id: str | None = None
    function: _Function | None = None


class _Delta(BaseModel):
    content: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    delta: _Delta | None = None
    message: _Delta | None = None
    text: str | None = None
    finish_reason: str | None = None


class _Known(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Known | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None


async def read_whole(pieces: AsyncIterable[bytes]) -> Document | None:
    """Read the answer of a server that does not stream; None when it is none."""
    raw = b""
    async for piece in pieces:
        raw += piece
        if len(raw) > MAX_SIZE:
            return None
    try:
        body: object = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict):
        return None
    whole = cast(dict[str, Any], body)
    return whole if whole.get("choices") else None


@dataclass(slots=True)
class _Pending:
    """A call as far as it has arrived."""

    id: str
    index: int | None
    name: str = ""
    written: str = ""


@dataclass(slots=True)
class WireAnswer:
    """What a server has said so far.

    Attributes:
        reading: takes the text.
        heard: whether text or a call has arrived.
        size: characters that have arrived.
        finish: why the server ended; empty while it has not.
        tokens_in: prompt tokens, when the server counts them.
        tokens_out: generated tokens, when the server counts them.
        tokens_cached: prompt tokens that it had read before, when it says so.
    """

    reading: ReplyReader
    heard: bool = False
    size: int = 0
    finish: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    _calls: list[_Pending] = field(default_factory=list[_Pending])

    def add(self, event: object) -> None:
        """Take one event.

        Raises:
            BackendProtocolError: it is no chunk, or the answer is too long.
        """
        try:
            chunk = _Chunk.model_validate(event)
        except ValidationError as exc:
            raise BackendProtocolError(
                "the server sent an event that is not the OpenAI protocol: "
                f"{json.dumps(event, default=str)[:80]}"
            ) from exc
        if chunk.usage is not None:
            self.tokens_in = chunk.usage.prompt_tokens
            self.tokens_out = chunk.usage.completion_tokens
            known = chunk.usage.prompt_tokens_details
            self.tokens_cached = known.cached_tokens if known else None
        for choice in (chunk.choices or [])[:1]:
            self._choice(choice)
        if self.size > MAX_SIZE:
            raise BackendProtocolError(
                f"the server's answer is longer than {MAX_SIZE:,} characters"
            )

    def _choice(self, choice: _Choice) -> None:
        if self.finish:
            # It had ended: a server that says it again has said it once.
            return
        delta = choice.delta or choice.message or _Delta()
        for part in delta.tool_calls or ():
            self._call(part)
        text = delta.content or choice.text or ""
        self.heard = self.heard or bool(text or delta.tool_calls)
        whole = "stop" if choice.message else ""
        self.finish = choice.finish_reason or self.finish or whole
        if text:
            self.size += len(text)
            self.reading.hear(text)

    def _call(self, part: _ToolCall) -> None:
        """Continue the call it belongs to; some servers number all of them 0."""
        pending = self._continued(part)
        if pending is None:
            pending = _Pending(part.id or "", part.index)
            self._calls.append(pending)
        function = part.function or _Function()
        pending.name = pending.name or function.name or ""
        written = function.arguments
        if isinstance(written, dict):
            written = json.dumps(written)
        self.size += len(written or "")
        pending.written += written or ""

    def _continued(self, part: _ToolCall) -> _Pending | None:
        named = part.function is not None and part.function.name
        if named and part.id is None and part.index is None:
            return None
        for pending in reversed(self._calls):
            if part.id and pending.id and part.id != pending.id:
                continue
            if part.index is None or part.index == pending.index:
                return pending
        return None

    def reply(self, names: Names) -> Reply:
        """Make the reply: the calls, else what is written as calls in the text."""
        reply = replace(
            self.reading.close(),
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            tokens_cached=self.tokens_cached,
        )
        if not self._calls:
            return reply
        read = [self._read(pending, names) for pending in self._calls]
        return replace(
            reply,
            calls=tuple([item for item in read if isinstance(item, ToolCall)]),
            faults=tuple([item for item in read if isinstance(item, Fault)]),
        )

    def _read(self, pending: _Pending, names: Names) -> ToolCall | Fault:
        name = names.from_wire(pending.name)
        try:
            arguments: object = json.loads(pending.written or "{}", strict=False)
            if isinstance(arguments, str):
                arguments = json.loads(arguments, strict=False)
        except (ValueError, RecursionError):
            arguments = None
        if isinstance(arguments, dict):
            return ToolCall(name, cast(dict[str, Any], arguments), pending.id)
        cut = " (the answer was cut off)" if self.finish == "length" else ""
        return Fault(
            name,
            f"the arguments of {name!r} are no JSON object{cut}: "
            f"{pending.written[:80]!r}; call it again with one",
        )
