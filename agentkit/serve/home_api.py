"""What the page asks about a home: sessions, approvals, journal, ledger, rings.

All under `/api/`. A run is streamed as server-sent events, one JSON object each; it pauses
where the user must agree, and goes on with another request.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agentkit.agent import Agent, EventStream
from agentkit.messages import Message
from agentkit.outcomes import (
    Approval,
    CallFinished,
    CallStarted,
    Event,
    RunFinished,
    StepStarted,
    TextDelta,
)
from agentkit.privacy import Ledger
from agentkit.safety.rules import Answer, Approved, Denied
from agentkit.serve.api_errors import ApiError, fault_of
from agentkit.serve.client_messages import MOST_TEXT
from agentkit.serve.server_events import ServerEvents
from agentkit.serve.service import Service, read_body, tenant_of
from agentkit.serve.tenants import Tenant
from agentkit.stores.journal import Journal, summary
from agentkit.stores.own_thread import aside
from agentkit.stores.sessions import Session

# Entries of the journal and of the ledger that are shown, the newest first.
_SHOWN = 100


class UserTurn(BaseModel):
    """A request of the user's."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]


class Decision(BaseModel):
    """The user's answer about one call that waits."""

    model_config = ConfigDict(extra="forbid")

    approve: bool
    preview: str
    arguments: dict[str, JsonValue] | None = None
    reason: Annotated[str, Field(max_length=2_000)] = ""

    def answer(self) -> Answer:
        """Return it in the type that the agent takes."""
        return Approved(self.arguments) if self.approve else Denied(self.reason)


class Decisions(BaseModel):
    """The user's answers, in the order in which the calls were shown."""

    model_config = ConfigDict(extra="forbid")

    decisions: Annotated[list[Decision], Field(min_length=1, max_length=200)]


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/api/sessions", _sessions),
        Route("/api/sessions", _create, methods=["POST"]),
        Route("/api/sessions/{id}", _session),
        Route("/api/sessions/{id}", _delete, methods=["DELETE"]),
        Route("/api/sessions/{id}/say", _say, methods=["POST"]),
        Route("/api/sessions/{id}/decide", _decide, methods=["POST"]),
        Route("/api/journal", _journal),
        Route("/api/journal/{number:int}/undo", _undo, methods=["POST"]),
        Route("/api/egress", _egress),
        Route("/api/rings", _rings),
    ]


async def _sessions(request: Request) -> Response:
    # Single requests of the command line are sessions, too, and no talks.
    found = await aside(tenant_of(request).sessions.list)
    kept = [
        {"id": s.id, "title": s.title, "changed": s.changed, "state": s.state}
        for s in found
        if s.kind == "chat"
    ]
    return JSONResponse({"sessions": kept})


async def _create(request: Request) -> Response:
    sessions = tenant_of(request).sessions

    def made() -> str:
        with sessions.create() as session:
            return session.id

    return JSONResponse({"id": await aside(made)}, 201)


async def _session(request: Request) -> Response:
    """Return a session's messages, and the calls that wait."""
    async with _opened(request) as session:
        said = [_told(m) for m in session.conversation if m.role != "system"]
        waiting = session.waiting
        pending = [_shown(one) for one in waiting.pending] if waiting else []
        return JSONResponse(
            {"id": session.id, "messages": [m for m in said if m], "pending": pending}
        )


@asynccontextmanager
async def _opened(request: Request) -> AsyncGenerator[Session]:
    """Hold the session that the address names.

    Raises:
        ConfigError: there is none.
        SessionHeld: another program works on it.
    """
    sessions = tenant_of(request).sessions
    session = await aside(sessions.open, request.path_params["id"])
    try:
        yield session
    finally:
        await aside(session.close)


def _told(message: Message) -> dict[str, Any] | None:
    """Return a message as the page shows it; None where it shows nothing."""
    if message.result is not None:
        return {
            "role": "tool",
            "name": message.result.name,
            "status": message.result.status,
        }
    return {"role": message.role, "text": message.text} if message.text else None


def _shown(approval: Approval) -> dict[str, Any]:
    """Return what a person needs to decide about a call."""
    return approval.as_dict()


async def _delete(request: Request) -> Response:
    sessions = tenant_of(request).sessions
    await aside(sessions.delete, request.path_params["id"])
    return JSONResponse({"deleted": True})


async def _say(request: Request) -> Response:
    said = await read_body(request, UserTurn)
    return await _running(request, lambda agent, _: agent.stream(said.text))


async def _decide(request: Request) -> Response:
    """Go on with a run that waits.

    An answer is bound to what was shown: a call that would now do something else is not
    carried out, and waits again.
    """
    given = (await read_body(request, Decisions)).decisions
    # By what was shown and not by place: calls may come back in another order.
    left = {one.preview: one for one in given}

    def answer(approval: Approval) -> Answer:
        if approval.preview not in left:
            raise ApiError(
                409, "changed", "this would do something else by now: look again"
            )
        return left[approval.preview].answer()

    def resumed(agent: Agent, session: Session) -> EventStream:
        if session.unfinished is None:
            raise ApiError(409, "nothing_waits", "nothing waits here any more")
        return EventStream(lambda emit, _: agent.aresume(approve=answer, emit=emit))

    return await _running(request, resumed)


async def _running(
    request: Request, start: Callable[[Agent, Session], EventStream]
) -> Response:
    """Carry out a run in the session that the address names, and stream its events.

    Raises:
        ApiError: there is nothing to carry out.
    """
    async with AsyncExitStack() as held:
        session = await held.enter_async_context(_opened(request))
        stream = start(tenant_of(request).assistant(session=session), session)
        return ServerEvents(_lines(stream, held.pop_all()))


async def _lines(
    stream: EventStream, held: AsyncExitStack
) -> AsyncGenerator[str, None]:
    async with held:
        try:
            async with aclosing(stream.__aiter__()) as events:
                async for event in events:
                    if told := _event(event):
                        yield json.dumps(told, ensure_ascii=False, default=str)
        except Exception as exc:
            # The status was sent long ago: the stream says it.
            yield json.dumps({"type": "fault", "text": str(fault_of(exc))})


def _event(event: Event) -> dict[str, Any] | None:
    """Return an event as the page takes it; None for what it does not show."""
    match event:
        case StepStarted():
            route = event.route
            return {"type": "step", "backend": route.backend, "reason": route.reason}
        case TextDelta():
            return {"type": "text", "text": event.text}
        case CallStarted():
            return {"type": "call", "name": event.call.name}
        case CallFinished():
            result = event.result
            return {"type": "result", "name": result.name, "status": result.status}
        case RunFinished():
            return {"type": "end", **event.outcome.as_dict()}
        case _:
            return None


async def _journal(request: Request) -> Response:
    tenant = tenant_of(request)
    found = await aside(Journal(tenant.context.home).entries, count=_SHOWN)
    entries = [
        {
            "number": one.number,
            "state": one.state,
            "tool": one.intent.tool,
            "began": one.began,
            "said": summary(one),
            "can_undo": one.state == "done" and _undoes(tenant, one.intent.tool),
        }
        for one in found
    ]
    return JSONResponse({"entries": entries})


def _undoes(tenant: Tenant, name: str) -> bool:
    return name in tenant.toolset and tenant.toolset[name].undo is not None


async def _undo(request: Request) -> Response:
    """Undo one entry; what was changed since stays, and the text says why."""
    number: int = request.path_params["number"]
    undone = await tenant_of(request).assistant().aundo(number=number)
    if not undone:
        raise ApiError(400, "invalid_request", f"there is no entry {number}")
    return JSONResponse({"done": undone[0].done, "text": undone[0].text})


async def _egress(request: Request) -> Response:
    """Return what has left this device, byte for byte."""
    ledger = Ledger(tenant_of(request).context.home)
    entries = await aside(lambda: list(ledger.entries()))
    shown = [
        {
            "number": one.number,
            "time": one.time,
            "to": one.to,
            "bytes": one.size,
            "label": one.label,
            "grant": one.grant,
            "text": one.text,
        }
        for one in reversed(entries[-_SHOWN:])
    ]
    return JSONResponse({"entries": shown, "all": len(entries)})


async def _rings(request: Request) -> Response:
    """Stream what rings, as long as the page is open."""
    found = await Service.of(request).rings(tenant_of(request))
    return ServerEvents(_ringing(found))


async def _ringing(
    found: AsyncGenerator[dict[str, Any], None],
) -> AsyncGenerator[str, None]:
    async with aclosing(found):
        async for told in found:
            yield json.dumps(told, ensure_ascii=False)
