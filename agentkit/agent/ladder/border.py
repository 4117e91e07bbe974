"""Decides what may leave the device in a run, masks it, and unmasks the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agentkit.backends.base import Backend, Fault, Reply, Request, destination
from agentkit.context import Context, given_leave
from agentkit.discovery import personal_values
from agentkit.errors import AgentkitError, EgressDenied
from agentkit.messages import Conversation, Label, Privacy
from agentkit.privacy.destinations import is_loopback
from agentkit.privacy.gate import Ask, Gate, Leave, PrivacyPolicy, host_of
from agentkit.settings import home_gate, read_settings
from agentkit.slots import Contact
from agentkit.tools import Toolset

# What searches a text for personal values is loaded where one would leave.
if TYPE_CHECKING:
    from agentkit.privacy.personal_values import PersonalValue, Values
    from agentkit.privacy.placeholders import Mask, Unmasking


def release(
    context: Context,
    to: str,
    content: str | bytes,
    *,
    grant: str = "",
    label: Privacy = "public",
) -> None:
    """Ask whether this may leave the device; call it before a connection is opened.

    The policy and the ledger are those of the home. What goes to this machine itself
    does not leave and is not recorded.

    Args:
        context: home and user of the run.
        to: address it goes to.
        content: exactly what will be sent.
        grant: what the user allowed, in words, such as a send they approved; without
            it, text that holds one of their personal values is personal. For a call
            of a run that sends, who let it run stands in its place.
        label: privacy of what it was made from.

    Raises:
        EgressDenied: it may not; nothing may be sent.
        ConfigError: the settings of the home cannot be read; nothing may be sent.
        StoreError: the ledger cannot be written; nothing may be sent.
    """
    from agentkit.privacy.personal_values import Values

    if is_loopback(host_of(to)):
        return
    # In a run the grant is what was given there, in the words of who gave it.
    grant = (given_leave() or grant) if grant else ""
    gate = home_gate(context.home, grant=grant)
    # An offline run is stricter than any setting of the home.
    policy = PrivacyPolicy(mode="offline") if context.offline else gate.policy
    known = Values() if grant else known_values(context)
    replace(gate, policy=policy, known=known, label=label).release(to, content)


def home_policy(home: Path) -> PrivacyPolicy:
    """Return what `[privacy]` of a home's agentkit.toml lets leave.

    An agent made in code does not read that file by itself: without a policy it lets
    no personal text leave. `Agent(egress=home_policy(home))` follows the file.

    Args:
        home: folder of the user's stores.

    Raises:
        ConfigError: the settings cannot be read.
    """
    return read_settings(home).privacy.policy()


def known_values(context: Context, further: Iterable[PersonalValue] = ()) -> Values:
    """Return the user's personal values, read from the device's stores.

    Args:
        context: home and user of the run.
        further: values that the application names.

    Raises:
        EgressDenied: a store cannot be read, so nothing may leave.
    """
    from agentkit.privacy.personal import is_ordinary, parts
    from agentkit.privacy.personal_values import PersonalValue, Values

    own = (context.user_name, context.user_email)
    # The user's own name and address come first: they need no store to be known.
    users = [PersonalValue(text, "user") for text in own]
    try:
        stored = [one for one in personal_values(context) if not is_ordinary(one)]
    except AgentkitError as exc:
        raise EgressDenied(
            f"nothing was sent: what is personal cannot be read ({exc})"
        ) from exc
    whole = [*users, *further, *stored, *_own_people(context)]
    # "Anna Berg" also leaves as "Anna": the parts of a name are searched for, too.
    return Values([*whole, *(part for value in whole for part in parts(value))])


def _own_people(context: Context) -> Iterator[PersonalValue]:
    """Yield who is in the application's own address book, and how to reach them."""
    from agentkit.privacy.personal_values import PersonalValue

    for person in context.contacts(context) if context.contacts else ():
        if isinstance(person, Contact):
            named = (person.name, *person.nicknames)
            yield from (PersonalValue(text, "contact") for text in named)
            yield from (PersonalValue(text, "email") for text in person.emails)
            yield from (PersonalValue(text, "phone") for text in person.phones)


# Words that any request to a server holds. A contact called "Will Tool" would otherwise
# be found in every one of them.
_PROTOCOL = """
model stream options include usage messages role system user assistant tool calls
content function name description parameters arguments type object properties required
additional string number integer boolean array items null true false id call result
error denied skipped done not run today is max tokens temperature prompt stop
"""


@dataclass(slots=True)
class Border:
    """Stands between a run and the backends that are not on the device.

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
    _streams: tuple[Unmasking, ...] = ()
    _told: str = ""
    _searched: Values | None = None

    def answer(self, backend: Backend, label: Label) -> Leave:
        """Return what the policy says about sending a conversation to a backend."""
        if backend.traits.on_device:
            return "allow"
        return self.policy.answer(label.privacy, destination(backend))

    def outgoing(self, request: Request, backend: Backend, label: Label) -> Request:
        """Mask a request where the policy says so, and attach its gate."""
        if backend.traits.on_device:
            return request
        from agentkit.privacy.ledger import Ledger

        # Before the mask: it hides words, and could not hide what a picture shows.
        _check_images(request, destination(backend))
        masked = self._wants_mask(backend, label)
        if masked:
            request = self._masked(request)
        gate = Gate(
            policy=self.policy,
            label=label.privacy,
            mask=self.mask if masked else None,
            known=self._sought(request),
            ledger=Ledger(self.context.home),
            ask=self.ask,
        )
        gate.check(destination(backend), _shown(request))
        # Who the user is concerns no backend elsewhere; what time it is does.
        context = replace(request.context, user_name="", user_email="")
        return replace(request, gate=gate, context=context)

    def _masked(self, request: Request) -> Request:
        """Return a request with its personal values replaced."""
        from agentkit.privacy.placeholders import Unmasking

        mask = self.mask
        conversation = mask.conversation(request.conversation)
        text = Unmasking(mask, request.on_text)
        reasoning = Unmasking(mask, request.on_reasoning)
        self._streams = (text, reasoning)
        return replace(
            request,
            conversation=conversation,
            toolset=self._masked_tools(request.toolset),
            on_text=text.hear,
            on_reasoning=reasoning.hear,
        )

    def _masked_tools(self, toolset: Toolset) -> Toolset:
        """Return the tools with personal values in their descriptions masked."""
        told = _told(toolset, self.context.now)
        sought = (self.known.without(told), self.mask.hidden.without(told))
        if not any(values.find(toolset.words) for values in sought):
            return toolset
        return Toolset(
            replace(
                tool,
                description=self.mask.text(tool.description),
                parameters=self.mask.schema(tool.parameters),
            )
            for tool in toolset
        )

    def incoming(self, reply: Reply, backend: Backend) -> Reply:
        """Put the real values back into a backend's answer."""
        if backend.traits.on_device or self._mask is None or not len(self._mask):
            return reply
        for stream in self._streams:
            stream.end()
        return replace(
            reply,
            text=self._restored(reply.text),
            reasoning=self._restored(reply.reasoning),
            calls=tuple(self.mask.unmask_call(call) for call in reply.calls),
            faults=tuple(
                Fault(f.tool, self._restored(f.message)) for f in reply.faults
            ),
        )

    def _restored(self, text: str) -> str:
        return str(self.mask.unmask(text))

    @property
    def mask(self) -> Mask:
        """The run's mask; one placeholder a value, from the first step to the last."""
        if self._mask is None:
            from agentkit.privacy.placeholders import Mask

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
        from agentkit.privacy.personal import detect_surely
        from agentkit.privacy.personal_values import Values

        told = _told(request.toolset, request.context.now)
        # The tools stay the same from step to step; looking for known values costs
        # most.
        if self._searched is None or self._told != told:
            self._told, self._searched = told, self.known.without(told)
        # Sure shapes only, such as an address or an IBAN whose check digits fit: a
        # guess would hold back sums that somebody wants to know.
        shaped = Values(detect_surely(_said(request.conversation)))
        for value in (*self.mask.hidden.without(told), *shaped.without(told)):
            self._searched.add(value)
        self._searched.forget_days(told)
        return self._searched

    def _wants_mask(self, backend: Backend, label: Label) -> bool:
        """Tell whether text must be masked; public text may hold such values too."""
        answers = {
            self.policy.answer(label.privacy, destination(backend)),
            self.policy.answer("personal", destination(backend)),
        }
        return "placeholders" in answers


def _check_images(request: Request, to: str) -> None:
    """Keep pictures here that nobody allowed to leave.

    Raises:
        EgressDenied: one was not granted.
    """
    images = [image for message in request.conversation for image in message.images]
    kept = sum(not image.granted for image in images)
    if kept:
        raise EgressDenied(
            f"nothing was sent to {host_of(to)}: {kept} of {len(images)} images may not "
            "leave this device; Image.read(path, granted=True) allows it"
        )


def _shown(request: Request) -> str:
    """Return a request's words, tools included, as one text."""
    return f"{_said(request.conversation)}\n{request.toolset.words}"


def _said(conversation: Conversation) -> str:
    """Return a conversation's words as one text."""
    # Texts follow each other: a value may be told in two turns.
    texts = [message.text for message in conversation if message.text]
    acts = [f"{m.calls} {m.result}" for m in conversation if m.calls or m.result]
    return "\n".join([*texts, *acts])


def _told(toolset: Toolset, now: datetime) -> str:
    """Return the words of the tools and of the protocol, which are nobody's secret."""
    return f"{_PROTOCOL} {now:%A} {now.day} {now:%B %Y} {toolset.words}"
