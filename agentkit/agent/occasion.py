"""Settings of a single run: its session, its context, its instructions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from agentkit.agent.held_sessions import SessionChoice
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, system


def context_of(given: Context | None) -> Context | None:
    """Return a context as it was given, after a look at its type.

    Raises:
        ConfigError: it is none, such as the path of a home.
    """
    if given is None or isinstance(cast(object, given), Context):
        return given
    raise ConfigError(f"context={given!r} is no context: give Context(home=...)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The settings of one run; those of the agent where the call gives none.

    Attributes:
        session: where the conversation is kept.
        context: home, clock and user; made anew where None.
        instructions: the system prompt.
        is_instructed: whether the instructions are this run's own.
    """

    session: SessionChoice
    context: Context | None
    instructions: str
    is_instructed: bool = False

    def but(
        self,
        session: SessionChoice,
        context: Context | None,
        deps: Any,
        instructions: str | None,
    ) -> Occasion:
        """Return it with the settings that a call gives.

        Args:
            session: another session; this one when None.
            context: another context; this one when None.
            deps: what the run's tools get in their context; as it is when None.
            instructions: another system prompt; this one when None.
        """
        context = context_of(context) or self.context
        if deps is not None:
            context = replace(context or Context(), deps=deps)
        return Occasion(
            session=self.session if session is None else session,
            context=context,
            instructions=self.instructions if instructions is None else instructions,
            is_instructed=instructions is not None,
        )

    def instructed(self, conversation: Conversation) -> Conversation:
        """Return a conversation with this run's own instructions in front, if any."""
        if not self.is_instructed:
            return conversation
        opening = (system(self.instructions),) if self.instructions else ()
        # Without this a session that began under the agent's instructions would have
        # two.
        is_opened = bool(conversation) and conversation[0].role == "system"
        return (*opening, *conversation[is_opened:])
