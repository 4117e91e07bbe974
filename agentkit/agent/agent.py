"""The agent that an application holds: tools, a backend, and the ways to run it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from agentkit.agent.answer_form import AnswerType, Out, answer_form
from agentkit.agent.calls.approval import Approve
from agentkit.agent.delegation import Caller, delegate
from agentkit.agent.held_sessions import SessionChoice
from agentkit.agent.hooks import NO_HOOKS, Hooks
from agentkit.agent.ladder.request import all_tools, selector_of, warming_sets
from agentkit.agent.occasion import context_of
from agentkit.agent.record import EffectRecord, JournalChoice
from agentkit.agent.requests import Requests
from agentkit.agent.run import Run
from agentkit.agent.run_transcript import before, opened
from agentkit.agent.setup import Reach, Setup, resolve, warmed
from agentkit.agent.starter import Starter, silent
from agentkit.agent.stream import block
from agentkit.backends.base import Backend, Reply
from agentkit.backends.warmup import Warmed
from agentkit.context import Context, Limits
from agentkit.errors import ConfigError, InputNeeded, InvalidArguments, ToolsetError
from agentkit.messages import Conversation, Question, ToolCall
from agentkit.outcomes import Emit, Outcome, Plan, Stopped
from agentkit.privacy.gate import Ask, PrivacyPolicy
from agentkit.routing import Egress, Route, RoutePolicy
from agentkit.safety.policy import Policy, Preset, Shield
from agentkit.tools import Tool, ToolLike, Toolset

if TYPE_CHECKING:
    from agentkit.privacy.personal_values import PersonalValue
    from agentkit.tools.selection import Selector


ToolChoice: TypeAlias = (
    Toolset | Iterable[ToolLike] | Callable[[Context], Iterable[ToolLike]]
)


Choose: TypeAlias = Callable[[Context], Toolset]


class Agent(Requests[Out]):
    """Carries requests to outcomes with tools and one or more backends.

    Example:
        >>> agent = Agent(tools=[add], backend=ScriptedBackend(["[add(a=1, b=2)]", "3"]))
        >>> agent.run("What is 1 + 2?").text
        '3'
    """

    def __init__(
        self,
        tools: ToolChoice = (),
        backend: str | Backend | Sequence[Backend] = "auto",
        instructions: str = "",
        *,
        approve: Approve | None = None,
        context: Context | None = None,
        egress: Egress | PrivacyPolicy = "never",
        ask_egress: Ask | None = None,
        values: Iterable[PersonalValue] = (),
        policy: Policy | Preset | None = None,
        router: RoutePolicy | None = None,
        max_steps: int = 12,
        max_repeats: int = 3,
        limits: Limits | None = None,
        shields: Iterable[Shield] = (),
        select: int | Selector | None = None,
        journal: JournalChoice = None,
        session: SessionChoice = None,
        online: Callable[[], bool] | None = None,
        hooks: Hooks | None = None,
        output: AnswerType[Out] | None = None,
        output_tries: int = 3,
    ) -> None:
        """Set up an agent; nothing is loaded or sent yet.

        Args:
            tools: what the model may call: tools and plain functions, or a function
                that chooses them for each run, given its context.
            backend: a name (`auto` picks what is there), a backend, or a ladder of
                them, the cheapest first: one that abstains or fails leaves the step
                to the next.
            instructions: the application's own system prompt.
            approve: asked before calls that send or delete; answers with a bool, or
                with `Approved` or `Denied` for changed arguments, a reason or a rule.
                Without it such a run pauses with `NeedsApproval`.
            context: home, clock and user that tools see; made anew for each run
                when not given.
            egress: whether personal text may go to a backend that is not on the
                device: `never`, `ask`, `placeholders`, `allow`, or a whole policy.
            ask_egress: asked before text leaves where the policy says `ask`; it is
                shown exactly what would be sent.
            values: further personal values that must not leave as they are, beside
                those that the installed packs know of.
            policy: what runs on its own, is asked about or is refused: a `Policy`, or
                the name of one: `standard`, the default, asks about sends and deletes,
                and about what text of others chose; `strict`; `off`.
            router: when the next backend of a ladder is asked: when a local answer is
                unsure, slow, or a cost limit is reached.
            max_steps: assistant turns before the run is stopped.
            max_repeats: stop when a step asks for the same call this many times.
            limits: time, tokens, calls, sends and sizes; see `Limits`.
            shields: asked before a request runs and before an answer is shown; text is
                not streamed then.
            select: show a model this many tools at most, those that the request
                needs, and `find_tools` for the others; all when not given. A
                `Selector` adds an embedding model. Rules are shown all of them.
            journal: where side effects are written: a `Journal`, True for that of the
                home, False for none. When not given: the home's where a context is
                given, else one in memory, so that nothing is put into a home that
                the application did not name.
            session: where the conversation is kept: a held `Session`, or the id of
                one in the context's home, made at the first run. Each run goes on
                from what was said before.
            online: asked before each step whether there is a network. When not given,
                a connection that met none speaks for the next 30 seconds.
            hooks: functions of the application's that are called with calls, results
                and what is sent, and may change them; see `Hooks`.
            output: what an answer is to be, such as a Pydantic model, `list[int]` or
                `TypeAdapter(int | None)`: `Done.output` is of this type. Text when
                None.
            output_tries: how often a model may try to give one that fits.

        Raises:
            ConfigError: a limit is below one, there is no such backend, or the output
                cannot be asked for.
            ToolDefinitionError: a function cannot become a tool.
            ToolsetError: two tools share a name.
        """
        backends, reasons = resolve(backend)
        context = context_of(context)
        selector = selector_of(select, backends.values())
        if min(max_steps, max_repeats) < 1:
            raise ConfigError("max_steps and max_repeats must be at least 1")
        toolset, choose = _offered(tools, selector)
        self._setup = Setup(
            toolset=toolset,
            choose=choose,
            backends=backends,
            reasons=reasons,
            max_steps=max_steps,
            max_repeats=max_repeats,
            limits=limits or Limits(),
            shields=tuple(shields),
            select=selector,
            router=router or RoutePolicy(),
            reach=Reach(online),
            hooks=hooks or NO_HOOKS,
            answer=answer_form(output, output_tries),
        )
        starter = Starter(
            setup=self._setup,
            record=EffectRecord(journal, context),
            context=context,
            approve=approve,
            policy=Policy.of(policy) if isinstance(policy, str) else policy or Policy(),
            privacy=PrivacyPolicy.of(egress),
            ask_egress=ask_egress,
            values=tuple(values),
        )
        super().__init__(
            starter,
            lambda now: self._setup.of(now).toolset,
            instructions=instructions,
            session=session,
        )

    async def aplan(
        self, text: str = "", *, conversation: Conversation = (), emit: Emit = silent
    ) -> Plan:
        """Let the backend answer once, without carrying anything out.

        Args:
            text: what the user says; empty where the conversation is to be answered
                as it is, such as one that ends with the result of a tool.
            conversation: earlier messages.
            emit: told each event, such as pieces of the text.

        Raises:
            ConfigError: the text and the conversation are empty.
        """
        async with self._shelf.held(self.session, self._context) as session:
            said = before(session, conversation)
            run = self._starter.run(
                opened(text, said, self.instructions)
                if text or not said
                else list(said),
                emit,
            )
        reply = await run.ask_once()
        return _plan_of(run, reply)

    def plan(self, text: str, *, conversation: Conversation = ()) -> Plan:
        """Let the backend answer once, without carrying anything out; see `aplan`."""
        return block(self.aplan(text, conversation=conversation))

    async def awarm(self, *requests: str) -> tuple[Warmed, ...]:
        """Let the backends get ready: load, and read instructions and tools ahead.

        Args:
            requests: such as will be made. Where a request's tools are selected, those
                of each are read ahead; without one only the instructions are, since
                nobody knows yet which tools are needed.

        Returns:
            What each backend did that can; the others do nothing.

        Raises:
            BackendError: one cannot; the message says why and what to do.
        """
        now = self._context or Context()
        shown = warming_sets(self._setup.of(now), requests)
        return await warmed(self._setup, shown, self.instructions, self._context)

    def warm(self, *requests: str) -> tuple[Warmed, ...]:
        """Let the backends get ready, without an event loop; see `awarm`."""
        return block(self.awarm(*requests))

    def as_tool(
        self, name: str, description: str, *, seconds: float = 3600.0
    ) -> Tool[Callable[[str], Coroutine[Any, Any, Any]]]:
        """Make the agent a tool that another agent can call with a request.

        Where this agent has no `approve`, the other one's run asks, or pauses. What the
        user said counts there as it does here; the request does not, as a model wrote it.

        Args:
            name: what the other agent's model writes.
            description: what this agent is good for, as that model reads it.
            seconds: how long one request may take, answers of the user included.
        """

        async def carry(request: str, caller: Caller | None) -> Outcome:
            if caller is None:
                return await self.arun(request)
            opening = opened(request, (), self.instructions)
            return await self._starter.within(
                (*opening[:-1], caller.asking(request)), caller
            )

        return delegate(name, description, carry, self.toolset, seconds)


def _plan_of(run: Run, reply: Reply | Outcome) -> Plan:
    """Check the calls of a reply; a run that stopped before has none."""
    if not isinstance(reply, Reply):
        reason = reply.reason if isinstance(reply, Stopped) else ""
        return Plan(route=Route(run.route.backend, reply.text), stopped=reason)
    found = [_fault(run, call) for call in reply.calls if not call.needs]
    asked = (one for one in found if isinstance(one, Question))
    return Plan(
        route=run.route,
        calls=reply.calls,
        text=reply.text,
        needs_input=reply.question or next(asked, None),
        faults=(
            *(fault.message for fault in reply.faults),
            *(one for one in found if isinstance(one, str)),
        ),
        usage=run.ladder.usage,
        bytes_out=run.ladder.bytes_out,
    )


def _fault(run: Run, call: ToolCall) -> str | Question | None:
    """Return what is wrong with a call, in words or as a question."""
    try:
        run.executor.check(call)
    except InvalidArguments as exc:
        return f"{call.name}: {exc}"
    except InputNeeded as exc:
        return Question(call.name, exc.slot, exc.question, exc.candidates)
    return None


def _offered(
    tools: ToolChoice, select: Selector | None
) -> tuple[Toolset, Choose | None]:
    """Return the toolset of all runs, or the function that chooses one for each.

    Args:
        tools: as the application gave them.
        select: shows a model some of them only.

    Raises:
        ToolDefinitionError: a function cannot become a tool.
        ToolsetError: two tools share a name, or there is one that is in no list.
    """
    # A tool is callable: without this it would be taken for a function that chooses
    # tools.
    if isinstance(tools, Tool):
        name = cast("Tool[object]", tools).name
        raise ToolsetError(f"{name!r} is one tool: give a list, tools=[{name}]")
    if not callable(tools):
        return all_tools(Toolset(tools), select), None
    return Toolset(), lambda context: all_tools(Toolset(tools(context)), select)
