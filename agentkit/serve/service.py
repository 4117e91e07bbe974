"""What all endpoints share: users, waiting runs, remembered answers, bodies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request

from agentkit.messages import Conversation
from agentkit.serve.api_errors import ApiError
from agentkit.serve.assistant_runs import AssistantRuns
from agentkit.serve.client_messages import ChatMessage
from agentkit.serve.peers import Peers
from agentkit.serve.remembered import RememberedAnswers
from agentkit.serve.rings import Bell
from agentkit.serve.server_events import until_gone
from agentkit.serve.tenants import Tenant, Tenants
from agentkit.serve.turns import Pieces, TextPiece, begun, model_turn
from agentkit.tools import Toolset

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

# The two that `/v1/models` lists: the assistant with its tools, policy and approvals,
# and the model alone behind the grammar, for a client that has tools of its own.
MODELS = ("assistant", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeLimits:
    """How much one server takes on.

    Attributes:
        body_bytes: of one request; pictures are in it, in base64.
        body_seconds: how long its body may take to arrive.
        turns: answered at once; more get 429 and may come again.
        turn_seconds: how long one turn may take, waiting for tools included.
    """

    body_bytes: int = 20_000_000
    body_seconds: float = 30.0
    turns: int = 256
    turn_seconds: float = 900.0


@dataclass(slots=True)
class Service:
    """The state of a running server.

    Attributes:
        tenants: who is served.
        limits: what it takes on.
        peers: the server's other workers.
        remembered: what was said up to each answer of the responses API.
        runs: those that wait for a client or for a yes.
    """

    tenants: Tenants
    limits: ServeLimits = field(default_factory=ServeLimits)
    peers: Peers = field(default_factory=Peers)
    remembered: RememberedAnswers = field(default_factory=RememberedAnswers)
    runs: AssistantRuns = field(init=False)
    _bells: dict[str, Bell] = field(default_factory=dict[str, Bell])
    _turns: int = 0

    def __post_init__(self) -> None:
        """Make the store of waiting runs, which asks the other workers."""
        self.runs = AssistantRuns(self.peers)

    @classmethod
    def of(cls, request: Request) -> Service:
        """Return the service of the application that got a request."""
        return cast(Service, request.app.state.service)

    def model_name(self, asked: str) -> str:
        """Return which of `MODELS` is meant.

        Raises:
            ApiError: none is.
        """
        if asked in MODELS:
            return asked
        raise ApiError(
            404,
            "model_not_found",
            f"there is no model {asked!r:.80}; there are: {', '.join(MODELS)}",
            "model",
        )

    async def turn(
        self,
        request: Request,
        model: str,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
        results: Mapping[str, Any],
    ) -> Pieces:
        """Answer a conversation.

        Args:
            request: tells whose it is.
            model: one of `MODELS`.
            conversation: all messages.
            documents: the client's tools.
            results: of the client's calls, where the request ends with them.

        Raises:
            ApiError: it cannot be answered, or too many are answered already.
            ToolsetError: a tool is malformed, or two have one name.
        """
        tenant, name = tenant_of(request), self.model_name(model)
        if self._turns >= self.limits.turns:
            raise ApiError(
                429, "busy", f"{self._turns} requests are answered already: try again"
            )
        # Counted before a run begins: one that is refused must not go on unseen.
        self._turns += 1
        try:
            pieces = await self._begun(tenant, name, conversation, documents, results)
        except BaseException:
            self._turns -= 1
            raise
        return await begun(self._counted(pieces))

    async def _begun(
        self,
        tenant: Tenant,
        model: str,
        conversation: Conversation,
        documents: list[Mapping[str, Any]],
        results: Mapping[str, Any],
    ) -> Pieces:
        if model == "assistant":
            return await self.runs.turn(tenant, conversation, documents, results)
        # A model that answers itself would only go on with its own last sentence.
        if conversation[-1].role not in ("user", "tool"):
            raise ApiError(
                400,
                "invalid_request",
                "the last message must be the user's or a tool's result",
                "messages",
            )
        agent = tenant.model(Toolset.from_schemas(documents))
        return model_turn(agent, conversation)

    async def said_before(self, tenant: Tenant, name: str) -> tuple[ChatMessage, ...]:
        """Return the conversation up to an answer of the responses API.

        Raises:
            ApiError: it is not known any more.
        """
        owner = self.peers.owner_of((name,))
        if owner == self.peers.number:
            return self.remembered.find(tenant.name, name)
        async for said in await self.peers.ask(owner, "said", tenant.name, name):
            return cast(tuple[ChatMessage, ...], said)
        return ()

    async def rings(self, tenant: Tenant) -> AsyncGenerator[dict[str, Any], None]:
        """Return what rings for a user; one of the workers rings for all pages."""
        if self.peers.number:
            # The home's watch lock is one process's: the first worker holds it.
            return await self.peers.ask(0, "rings", tenant.name)
        return self._bells.setdefault(tenant.name, Bell(tenant.context)).listen()

    def silence(self) -> None:
        """End the streams of pages that listen, which shutdown would wait for."""
        for bell in self._bells.values():
            bell.end()

    def answering(self) -> AbstractAsyncContextManager[None]:
        """Answer the other workers while the block runs."""

        async def resume(user: str, results: Mapping[str, Any]) -> Pieces:
            return await self.runs.resumed(self.tenants.named(user), results)

        async def approve(user: str, mark: str) -> AsyncGenerator[Any, None]:
            return _only(self.runs.taken(self.tenants.named(user), mark))

        async def said(user: str, name: str) -> AsyncGenerator[Any, None]:
            return _only(self.remembered.find(user, name))

        async def rings(user: str) -> AsyncGenerator[Any, None]:
            return await self.rings(self.tenants.named(user))

        return self.peers.answering(
            {"resume": resume, "approve": approve, "said": said, "rings": rings}
        )

    async def _counted(self, pieces: Pieces) -> Pieces:
        """Bound the time of a turn, and count it no more when it has ended."""
        try:
            async with aclosing(pieces):
                yield TextPiece("")  # see `begun`
                async with asyncio.timeout(self.limits.turn_seconds):
                    async for piece in pieces:
                        yield piece
        except TimeoutError as exc:
            seconds = self.limits.turn_seconds
            raise ApiError(
                504, "timeout", f"stopped: it took longer than {seconds:g} s"
            ) from exc
        finally:
            self._turns -= 1


async def _only(found: object) -> AsyncGenerator[Any, None]:
    """Yield what was found, if anything was."""
    if found is not None:
        yield found


def tenant_of(request: Request) -> Tenant:
    """Return the user of a request, whom the guard has found."""
    return cast(Tenant, request.state.tenant)


async def read_body(request: Request, kind: type[M]) -> M:
    """Read a JSON body.

    Raises:
        ApiError: it is not what the endpoint takes; says where.
    """
    try:
        raw = await request.body()
    except ClientDisconnect as exc:
        raise ApiError(400, "disconnected", "the client left") from exc
    try:
        return kind.model_validate_json(raw)
    except ValidationError as exc:
        first = exc.errors(
            # What was sent stays out of the fault: logs of clients keep messages.
            include_url=False,
            include_input=False,
            include_context=False,
        )[0]
        where = ".".join(map(str, first["loc"]))
        raise ApiError(
            400, "invalid_request", f"{where or 'the body'}: {first['msg']}", where
        ) from exc


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Do work as long as the client is connected, and cancel it then.

    Raises:
        ApiError: the client left.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(until_gone(request.receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        # Both may be done at once: then the answer is there, and goes out.
        if not task.done():
            raise ApiError(400, "disconnected", "the client left")
        return task.result()
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)
