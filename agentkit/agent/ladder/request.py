"""Makes the request for a backend: tools selected, conversation fitted, text masked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from agentkit.agent.answer_form import AnswerProgress
from agentkit.agent.claims import ClaimGate
from agentkit.agent.ladder.border import Border
from agentkit.agent.setup import Setup
from agentkit.backends.base import Backend, Fault, Request
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Label, user
from agentkit.outcomes import (
    Compacted,
    Emit,
    PartialAnswer,
    ReasoningDelta,
    TextDelta,
    ToolsSelected,
)
from agentkit.tools import Toolset

# Rules read all tools and have no window: what selects and fits is loaded for a model.
if TYPE_CHECKING:
    from agentkit.stores.sessions import Compaction, Compactor
    from agentkit.tools.selection import Selector


def selector_of(
    select: int | Selector | None, backends: Iterable[Backend]
) -> Selector | None:
    """Return the selector of tools; None where every backend is shown all of them.

    Raises:
        ConfigError: the limit is below one.
    """
    limit = select if isinstance(select, int) else select.limit if select else 1
    if limit < 1:
        raise ConfigError(f"select must be at least 1, not {limit}")
    # Rules read them all: nothing is loaded, and no finder is added, for them alone.
    if select is None or all(one.traits.reads_all_tools for one in backends):
        return None
    from agentkit.tools.selection import Selector

    return Selector(select) if isinstance(select, int) else select


def all_tools(toolset: Toolset, select: Selector | None) -> Toolset:
    """Return the tools that may be called, with the finder where some are left out."""
    # Those that are always shown do not count: a finder for nothing left out would cost
    # the prompt a tool.
    if select is None or len(toolset) - len(select.always) <= select.limit:
        return toolset
    from agentkit.tools.selection import with_finder

    return with_finder(toolset)


def shown_tools(
    toolset: Toolset,
    select: Selector | None,
    conversation: Conversation,
    backend: Backend,
) -> Toolset:
    """Select the tools of a step; rules read them all, since it costs them nothing."""
    if select is None or backend.traits.reads_all_tools:
        return toolset
    from agentkit.tools.selection import select_tools

    return select_tools(conversation, toolset, select).toolset


def warming_sets(setup: Setup, requests: Sequence[str]) -> Iterable[Toolset]:
    """Return the toolsets that a model will be shown for these requests, each once.

    Without a request it is what is shown before anything was said.
    """
    if setup.select is None:
        return (setup.toolset,)
    from agentkit.tools.selection import select_tools

    said: list[Conversation] = [(user(text),) for text in requests] or [()]
    shown = [select_tools(one, setup.toolset, setup.select).toolset for one in said]
    # One reading ahead serves all requests that select the same tools.
    return {toolset.names: toolset for toolset in shown}.values()


def retell(
    faults: Iterable[Fault], shown: Toolset, toolset: Toolset
) -> tuple[Fault, ...]:
    """Word faults about tools that were left out: they are shown from now on."""
    return tuple(
        Fault(fault.tool, f"{fault.tool} is shown from now on: write the call again.")
        if fault.tool in toolset and fault.tool not in shown
        else fault
        for fault in faults
    )


# Tokens that stay free for the answer; a small window keeps a quarter of itself.
_ANSWER = 512


class Fitting:
    """Shortens a run's conversation to the window of the backend that serves.

    What is sent to a backend that declares none is left as it is.
    """

    def __init__(self, emit: Emit) -> None:
        """Store who hears of what was shortened."""
        self._emit = emit
        self._told = (0, 0)
        self._tools: dict[tuple[str, ...], int] = {}

    @cached_property
    def _compactor(self) -> Compactor:
        from agentkit.stores.sessions import Compactor

        return Compactor()

    def fit(
        self, conversation: Conversation, backend: Backend, toolset: Toolset
    ) -> Conversation:
        """Return the conversation, shortened where it must be, and announce that."""
        made = self._made(conversation, backend, toolset)
        if made is None:
            return conversation
        # Told once, and again when more had to go: each step fits the same conversation
        # anew.
        counts = (made.shortened, made.summarised)
        if made.after < made.before and counts != self._told:
            self._told = counts
            self._emit(Compacted(made.before, made.after, *counts))
        return made.conversation

    def least(
        self, conversation: Conversation, backends: Iterable[Backend], toolset: Toolset
    ) -> Conversation:
        """Return what would be sent to the backend with the smallest window."""
        windowed = [one for one in backends if _window(one)]
        if not windowed:
            return conversation
        made = self._made(conversation, min(windowed, key=_window), toolset)
        return made.conversation if made else conversation

    def _made(
        self, conversation: Conversation, backend: Backend, toolset: Toolset
    ) -> Compaction | None:
        window = _window(backend)
        if not window or _is_short(conversation, window):
            return None
        # The tools go with each request, and stand in no message.
        tools = 0 if backend.traits.reads_all_tools else self._cost(toolset)
        budget = window - min(_ANSWER, window // 4) - tools
        return self._compactor.fit(conversation, max(budget, 1))

    def _cost(self, toolset: Toolset) -> int:
        # By the names: within a run a tool of one name has one declaration.
        if toolset.names not in self._tools:
            from agentkit.prompting import count_tokens, prompt_parts

            self._tools[toolset.names] = count_tokens(prompt_parts("", toolset))
        return self._tools[toolset.names]


def _window(backend: Backend) -> int:
    return backend.traits.window


def _is_short(conversation: Conversation, window: int) -> bool:
    """Tell, without counting tokens, whether a plain conversation surely fits."""
    letters = sum(len(m.text) for m in conversation)
    plain = all(m.result is None and not m.calls for m in conversation)
    # A token is mostly several letters, 16 a message pay for its role and marks, and a
    # quarter of the window leaves room for tools and answer. So nothing is counted that
    # surely fits.
    return plain and letters + 16 * len(conversation) < window // 4


@dataclass(slots=True)
class Requester:
    """Makes the requests of one run.

    Attributes:
        setup: tools, backends and limits.
        context: clock, home and user.
        border: what may leave, masked or not.
        emit: told what is left out, shortened and heard.
    """

    setup: Setup
    context: Context
    border: Border
    emit: Emit
    _fitting: Fitting = field(init=False)
    _progress: AnswerProgress = field(default_factory=AnswerProgress)
    _gate: ClaimGate | None = None

    def __post_init__(self) -> None:
        """Begin with nothing shortened."""
        self._fitting = Fitting(self.emit)

    async def request(
        self, conversation: Conversation, backend: Backend, label: Label
    ) -> Request:
        """Make the request of one step.

        Raises:
            ConfigError: what the application's hooks left is no conversation.
            EgressDenied: the conversation may not leave for this backend.
        """
        setup = self.setup
        # Before tools are selected and anything is cut: both go by what the hook
        # leaves.
        conversation = await setup.hooks.shaped(conversation)
        shown = shown_tools(setup.toolset, setup.select, conversation, backend)
        if left_out := len(setup.toolset) - len(shown):
            self.emit(ToolsSelected(shown.names, left_out))
        form = setup.answer
        # Rules say what tools say, and an answer of a type is no prose.
        checked = form is None and not backend.traits.reads_all_tools
        # Anew for each step: what the last step did founds claims of this one.
        self._gate = ClaimGate(conversation, setup.toolset) if checked else None
        if form is not None:
            conversation = form.asked(conversation)
            self._progress = AnswerProgress()
        request = Request(
            conversation=self._fitting.fit(conversation, backend, shown),
            toolset=shown,
            context=self.context,
            on_text=self._hear,
            on_reasoning=self._think,
            schema=form.schema if form else None,
        )
        # The application's hook before the border: what it puts in is looked at, too.
        request, label = await setup.hooks.sent(request, label)
        return self.border.outgoing(request, backend, label)

    def shortest(self, conversation: Conversation) -> Conversation:
        """Return the conversation as the smallest window would see it.

        A long conversation is made to fit: its length keeps no backend from it.
        """
        setup = self.setup
        return self._fitting.least(conversation, setup.backends.values(), setup.toolset)

    def _hear(self, piece: str) -> None:
        """Pass on a piece of the answer, unless all of it must be checked first.

        A shield has to; so has who compares what the answer claims with what was done.
        """
        if self.setup.shields or (self._gate and not self._gate.lets(piece)):
            return
        self.emit(TextDelta(piece))
        form, progress = self.setup.answer, self._progress
        if form is not None and progress.hear(piece):
            self.emit(PartialAnswer(progress.data, form.whole(progress.data)))

    def _think(self, piece: str) -> None:
        """Pass on a piece of the model's thoughts, unless shields are in place."""
        if not self.setup.shields:
            self.emit(ReasoningDelta(piece))
