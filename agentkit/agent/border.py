"""One run's border: what may go to which backend, masked or not, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from agentkit.backends.base import Backend, Fault, Reply, Request
from agentkit.context import Context
from agentkit.egress import known_values
from agentkit.messages import Conversation, Label
from agentkit.privacy import Gate, Leave, Ledger, Mask, PrivacyPolicy, Values
from agentkit.privacy.detectors import detect_surely
from agentkit.privacy.gate import Ask
from agentkit.privacy.placeholders import Unmasking
from agentkit.privacy.values import PersonalValue
from agentkit.tools import Toolset

_PROTOCOL = """
model stream options include usage messages role system user assistant tool calls
content function name description parameters arguments type object properties required
additional string number integer boolean array items null true false id call result
error denied skipped done not run today is max tokens temperature prompt stop
"""


@dataclass(slots=True)
class Border:
    """What stands between a run and the backends that are not on the device.

    Attributes:
        policy: what may leave.
        context: home and user of the run.
        ask: asks the user before text leaves; None when nobody is there.
        values: personal values that the application names.
    """

    policy: PrivacyPolicy
    context: Context
    ask: Ask | None = None
    values: tuple[PersonalValue, ...] = ()
    _known: Values | None = None
    _mask: Mask | None = None
    _told: str = ""
    _searched: Values = field(default_factory=Values)

    def answer(self, backend: Backend, label: Label) -> Leave:
        """Say what the policy says of sending a conversation to a backend."""
        if backend.on_device:
            return "allow"
        return self.policy.answer(label.privacy, destination(backend))

    def outgoing(self, request: Request, backend: Backend, label: Label) -> Request:
        """Mask a request where the policy wants it, and give it its gate."""
        if backend.on_device:
            return request
        masked = self._wants_mask(backend, label)
        mask = self.mask
        if masked:
            unmasking = Unmasking(mask, request.on_text)
            request = replace(
                request,
                conversation=mask.conversation(request.conversation),
                on_text=unmasking.hear,
            )
        gate = Gate(
            policy=self.policy,
            label=label.privacy,
            mask=mask if masked else None,
            known=self._sought(request),
            ledger=Ledger(self.context.home),
            ask=self.ask,
        )
        gate.check(destination(backend), _said(request.conversation))
        return replace(request, gate=gate)

    def incoming(self, reply: Reply, backend: Backend) -> Reply:
        """Put the values back into what a backend answered."""
        if backend.on_device or self._mask is None or not len(self._mask):
            return reply
        restore: Callable[[str], str] = lambda text: str(self.mask.unmask(text))  # noqa: E731
        return replace(
            reply,
            text=restore(reply.text),
            calls=tuple(self.mask.unmask_call(call) for call in reply.calls),
            faults=tuple(Fault(f.tool, restore(f.message)) for f in reply.faults),
        )

    @property
    def mask(self) -> Mask:
        """The run's mask; one placeholder a value, from the first step to the last."""
        if self._mask is None:
            self._mask = Mask(self.known)
        return self._mask

    @property
    def known(self) -> Values:
        """The user's personal values, read from the device's stores at first use."""
        if self._known is None:
            self._known = known_values(self.context, self.values)
        return self._known

    def _sought(self, request: Request) -> Values:
        """Return the values that must not be in a request.

        Words that the tools and the protocol use anyway say nothing about anybody.
        """
        told = _told(request.toolset, request.context.now)
        if self._told != told:
            self._told, self._searched = told, self.known.without(told).copy()
        shaped = Values(detect_surely(_said(request.conversation)))
        for value in (*self.mask.hidden.without(told), *shaped.without(told)):
            self._searched.add(value)
        return self._searched

    def _wants_mask(self, backend: Backend, label: Label) -> bool:
        """Tell whether text goes masked; public text may hold personal values too."""
        answers = {
            self.policy.answer(label.privacy, destination(backend)),
            self.policy.answer("personal", destination(backend)),
        }
        return "placeholders" in answers


def destination(backend: Backend) -> str:
    """Return where a backend's requests go: its address, or its name."""
    return str(getattr(backend, "destination", "") or backend.name)


def _said(conversation: Conversation) -> str:
    """Return all that a conversation holds as one text."""
    return "\n".join(
        f"{message.text} {message.calls} {message.result}" for message in conversation
    )


def _told(toolset: Toolset, now: datetime) -> str:
    """Return the words of the tools and of the protocol, which are nobody's secret."""
    tools = " ".join(
        f"{tool.name} {tool.description} {tool.parameters}" for tool in toolset
    )
    return f"{_PROTOCOL} {now:%A} {now.day} {now:%B %Y} {tools}"
