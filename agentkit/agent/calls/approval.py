"""Asking the user about a call: their rules decide first, then they are asked."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from agentkit.agent.stops import RunClock, call_key
from agentkit.context import Context
from agentkit.discovery import personal_values
from agentkit.messages import ToolCall
from agentkit.outcomes import Approval, ApprovalAsked, ApprovalGiven, Emit
from agentkit.safety.provenance.comparison import scalars
from agentkit.safety.provenance.roles import roles_of
from agentkit.safety.rules import (
    Answer,
    Approved,
    Receivers,
    Rule,
    Rules,
    answer_of,
    strictest,
)
from agentkit.tools import AnyTool

if TYPE_CHECKING:
    from agentkit.slots.contact import Contact


def receivers_of(
    call: ToolCall, tool: AnyTool, checked: Mapping[str, Any]
) -> Receivers:
    """Return who receives something from a call.

    Args:
        call: as the model wrote it.
        tool: what it calls.
        checked: validated values of the arguments; empty before they are.
    """
    roles = roles_of(tool)
    names = [
        name
        for name in call.arguments
        if name in roles and roles[name].kind == "recipient"
    ]
    written: list[str] = []
    reached: list[str] = []
    called: list[str] = []
    for name in names:
        values = list(scalars(call.arguments[name]))
        people = list(_people(checked.get(name)))
        written += values
        called += values
        # What a rule is written for is where the message goes, so the address comes
        # before the name.
        reached += [one.email or one.phone or one.name for one in people] or values
        for one in people:
            own = (one.name, *one.emails, *one.phones, *one.nicknames)
            called += [value for value in own if value]
    return Receivers(tuple(written), tuple(reached), tuple(called))


# Imported inside: contacts bring the address book's code, which most calls never need.
def _people(value: object) -> Iterator[Contact]:
    from agentkit.slots.contact import Contact

    if isinstance(value, Contact):
        yield value
    elif isinstance(value, list | tuple | set | frozenset):
        for one in cast("list[object]", value):
            yield from _people(one)


Approve: TypeAlias = Callable[[Approval], "bool | Answer | Awaitable[bool | Answer]"]

# Kinds of personal values that the address book holds; anybody can write an invite.
_OF_CONTACTS = frozenset({"contact", "email", "phone"})


def always(answer: bool | Answer) -> Approve:
    """Return a callback that gives the same answer to all."""
    return lambda _: answer


class Approver:
    """Asks the user, or whoever answers for them, and keeps the rules that they set.

    Attributes:
        approve: answers; None when nobody is there, so that the run pauses.
    """

    def __init__(
        self,
        context: Context,
        approve: Approve | None,
        emit: Emit,
        clock: RunClock | None = None,
        outer: Approver | None = None,
    ) -> None:
        """Store whose rules count, who is asked and who hears of it.

        Args:
            context: its home holds the rules.
            approve: answers for the user; None when nobody is there.
            emit: told each event.
            clock: the run's, which stands still while the user thinks.
            outer: that of the run that asks for this one; it asks where nobody else
                is there.
        """
        self._outer = outer
        self.approve = approve
        self._context = context
        self._emit = emit
        self._clock = clock or RunClock()
        self._set: tuple[Rule, ...] | None = None
        self._shown: frozenset[tuple[str, str]] | None = None

    @property
    def pauses(self) -> bool:
        """Whether nobody can be asked, so that questions wait in the outcome."""
        return self.approve is None and (self._outer is None or self._outer.pauses)

    def answer_with(
        self, approve: Approve | None, shown: Sequence[Approval] | None
    ) -> None:
        """Use another callback, for the approvals that were shown or, if None, all."""
        self.approve = approve
        self._shown = None if shown is None else frozenset(map(_sight, shown))

    def rule(
        self, call: ToolCall, tool: AnyTool, checked: Mapping[str, Any] | None = None
    ) -> Rule | None:
        """Return the user's rule that decides about a call, if there is one.

        Args:
            call: as the model wrote it.
            tool: what it calls.
            checked: its validated values, which tell who is meant; None before.
        """
        # Reads need no yes: the rules' file is not even opened for them.
        if tool.effect == "read":
            return None
        # Read once a run: a rule set in another program counts from the next run on.
        if self._set is None:
            self._set = Rules(self._context.home).all()
        if not self._set:
            return None
        receivers = receivers_of(call, tool, checked or {})
        return strictest(self._set, tool.name, receivers, self._is_contact)

    async def ask(self, approval: Approval) -> Answer | None:
        """Ask; None where nobody answers.

        Raises:
            ConfigError: the callback returned no answer.
        """
        if self.approve is None and self._outer is not None:
            with self._clock.stopped():
                return await self._outer.ask(approval)
        self._emit(ApprovalAsked(approval))
        if self.approve is None:
            return None
        with self._clock.stopped():
            given = cast(object, self.approve(approval))
            if inspect.isawaitable(given):
                given = cast(object, await given)
        answer = answer_of(given)
        # A yes to all is one to what was on the screen. Today's preview may be another
        # one: "tomorrow" is a later day by now.
        if isinstance(answer, Approved) and self._is_unseen(approval):
            return None
        if answer.rule:
            Rules(self._context.home).add(answer.rule)
            # The next call is held against the new rule, too.
            self._set = None
        self._emit(ApprovalGiven(approval, isinstance(answer, Approved)))
        return answer

    def _is_unseen(self, approval: Approval) -> bool:
        return self._shown is not None and _sight(approval) not in self._shown

    def _is_contact(self, who: str) -> bool:
        return who.strip().casefold() in self.contacts

    @cached_property
    def contacts(self) -> frozenset[str]:
        """Names and addresses of people in the user's own stores, casefolded."""
        known = (
            one.text.strip().casefold()
            for one in personal_values(self._context)
            if one.kind in _OF_CONTACTS
        )
        own = (self._context.user_name, self._context.user_email)
        return frozenset((*known, *(one.casefold() for one in own if one)))


def _sight(approval: Approval) -> tuple[str, str]:
    """Return what a yes is bound to: the call's arguments and the preview shown."""
    return call_key(approval.call), approval.preview
