"""OpenAI's wire format, on the way back: chunks, or a whole, made into an answer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import ValidationError

from agentkit.backends.base import Fault, Reply
from agentkit.backends.replies import ReplyReader
from agentkit.backends.usage import FinishReason
from agentkit.backends.wire import Document, Names
from agentkit.backends.wire_events import (
    BROKEN_OFF,
    CallPart,
    Chunk,
    UsageCounts,
    WireChoice,
    WireDelta,
    WireFunction,
    finish_of,
    parts_of,
)
from agentkit.errors import BackendProtocolError, ServerFailed
from agentkit.messages import ToolCall

# Characters; far more than any model's window holds, so a server that goes on is cut.
MAX_SIZE = 1_000_000


async def read_whole(pieces: AsyncIterable[bytes]) -> Document | None:
    """Read the answer of a server that does not stream; None for anything else."""
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
    return whole if whole.get("choices") or whole.get("error") else None


@dataclass(slots=True)
class _Pending:
    """A call as far as it has arrived."""

    id: str
    index: int | None
    name: str = ""
    written: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether its arguments are written to their end."""
        try:
            return isinstance(json.loads(self.written), dict)
        except ValueError:
            return False


@dataclass(slots=True)
class WireAnswer:
    """What a server has said so far.

    Attributes:
        reading: takes the text.
        heard: whether text or a call has arrived.
        size: characters that have arrived.
        finish: why the server ended, in its words; empty while it has not.
        refused: whether what was said is a refusal.
        counts: tokens, when the server counts them.
    """

    reading: ReplyReader
    heard: bool = False
    size: int = 0
    finish: str = ""
    refused: bool = False
    counts: UsageCounts = field(default_factory=UsageCounts)
    _calls: list[_Pending] = field(default_factory=list[_Pending])

    def add(self, event: object) -> None:
        """Take one event.

        Raises:
            BackendProtocolError: it is no chunk, or the answer is too long.
            ServerFailed: the server gave up in mid-answer.
        """
        try:
            chunk = Chunk.model_validate(event)
        except ValidationError as exc:
            raise BackendProtocolError(
                "the server sent an event that is not the OpenAI protocol: "
                f"{json.dumps(event, default=str)[:80]}"
            ) from exc
        # Most servers count in the last chunk, some in each: the last counts hold.
        self.counts = chunk.counts or self.counts
        for choice in chunk.choices or ():
            # One answer was asked for; a server that numbers none means the first.
            if not choice.index:
                self._choice(choice)
        # After each event: a stream without an end must not fill the memory.
        if self.size > MAX_SIZE:
            raise BackendProtocolError(
                f"the server's answer is longer than {MAX_SIZE:,} characters"
            )

    def _choice(self, choice: WireChoice) -> None:
        if self.finish:
            # It had ended: a server that says it again has said it once.
            return
        delta = choice.delta or choice.message or WireDelta()
        for part in _calls_of(delta):
            self.heard = True
            self._call(part)
        said, thought, refusal = parts_of(delta.content)
        self._think((delta.thought or "") + thought)
        refusal = delta.refusal or refusal
        self.refused = self.refused or bool(refusal)
        self._say((said or choice.text or "") + refusal)
        # A message that comes whole has ended, also where the server gives no reason.
        whole = "stop" if choice.message else ""
        self.finish = choice.finish_reason or self.finish or whole
        if self.finish in BROKEN_OFF:
            raise ServerFailed(f"the server broke off in mid-answer ({self.finish})")

    def _think(self, thought: str) -> None:
        self.heard = self.heard or bool(thought)
        self.size += len(thought)
        self.reading.think(thought)

    def _say(self, text: str) -> None:
        if text:
            self.heard = True
            self.size += len(text)
            self.reading.hear(text)

    def _call(self, part: CallPart) -> None:
        """Continue the call it belongs to; some servers number all of them 0."""
        pending = self._continued(part)
        if pending is None:
            pending = _Pending(part.id or "", part.index)
            self._calls.append(pending)
        function = part.function or WireFunction()
        pending.name = pending.name or function.name or ""
        written = function.arguments
        if isinstance(written, dict):
            written = json.dumps(written)
        self.size += len(written or "")
        pending.written += written or ""

    def _continued(self, part: CallPart) -> _Pending | None:
        named = part.function is not None and part.function.name
        # Neither id nor number: each part with a name is a call of its own.
        if named and part.id is None and part.index is None:
            return None
        # Backwards: where all calls have one number, a part continues the last of them.
        for pending in reversed(self._calls):
            if part.id and pending.id and part.id != pending.id:
                continue
            if part.index is None or part.index == pending.index:
                # Numbered 0 as the one before, without ids: a name behind a whole call
                # begins another one.
                begins = named and not part.id and pending.is_whole
                return None if begins else pending
        return None

    def reply(self, names: Names) -> Reply:
        """Make the reply: the calls, else what is written as calls in the text."""
        counts, finish = self.counts, self.finish_reason
        reply = replace(
            self.reading.close(finish),
            tokens_in=counts.prompt_tokens,
            tokens_out=counts.completion_tokens,
            tokens_cached=counts.cached_tokens,
        )
        if not self._calls:
            return reply
        read = [self._read(pending, names) for pending in self._calls]
        return replace(
            reply,
            calls=tuple([item for item in read if isinstance(item, ToolCall)]),
            faults=tuple([item for item in read if isinstance(item, Fault)]),
            # Servers end a turn with calls by `stop`, too.
            finish_reason="calls" if finish in ("", "stop") else finish,
        )

    @property
    def finish_reason(self) -> FinishReason:
        """Why it ended; what was refused was not answered, whatever the server says."""
        return "refused" if self.refused else finish_of(self.finish)

    def _read(self, pending: _Pending, names: Names) -> ToolCall | Fault:
        name = names.from_wire(pending.name)
        arguments = _object(pending.written)
        if arguments is not None:
            return ToolCall(name, arguments, pending.id)
        was_cut = self.finish_reason == "length"
        cut = " (the answer was cut off)" if was_cut else ""
        return Fault(
            name,
            f"the arguments of {name!r} are no JSON object{cut}: "
            f"{pending.written[:80]!r}; call it again with one",
        )


def _calls_of(delta: WireDelta) -> list[CallPart]:
    """Return the parts of calls; the older protocol has one call, without a number."""
    if delta.tool_calls:
        return delta.tool_calls
    return (
        [CallPart(index=0, function=delta.function_call)] if delta.function_call else []
    )


def _object(written: str) -> dict[str, Any] | None:
    """Read arguments; None where they are no JSON object.

    Some proxies put an empty object before the real one.
    """
    for text in (written or "{}", written.removeprefix("{}")):
        try:
            # Models write line breaks into strings as they are, which JSON forbids.
            found: object = json.loads(text, strict=False)
            # Some servers write the object as a string of JSON inside JSON.
            if isinstance(found, str):
                found = json.loads(found, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return cast(dict[str, Any], found)
    return None
