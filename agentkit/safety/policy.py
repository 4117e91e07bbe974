"""What runs, what is asked about and what is refused, by effect; and shields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from agentkit.errors import ConfigError
from agentkit.messages import Conversation
from agentkit.safety.provenance import Verdict
from agentkit.safety.rules import RuleAnswer
from agentkit.tools import Effect

Side = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class ShieldVerdict:
    """What a shield says of a text.

    Attributes:
        safe: it may go on.
        categories: what it violates, such as `S2`.
        reason: why, in words; empty when it was judged safe.
        judged: whether the shield could judge it; else `safe` is what the application
            chose for such a case.
    """

    safe: bool
    categories: tuple[str, ...] = ()
    reason: str = ""
    judged: bool = True


SAFE = ShieldVerdict(True)


class Shield(Protocol):
    """Looks at what comes in and what goes out."""

    @property
    def name(self) -> str:
        """Short name, for events."""
        ...

    async def check(self, side: Side, conversation: Conversation) -> ShieldVerdict:
        """Judge the last turn of a conversation: the user's, or the assistant's.

        Raises:
            BackendError: it cannot judge; the run stops.
        """
        ...


Leave = Literal["run", "ask"]
Preset = Literal["strict", "standard", "off"]
Decision = Literal["run", "ask", "refuse", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a run may do on its own.

    Attributes:
        write: whether changes of the user's own stores are asked about.
        send: whether what goes to somebody is asked about.
        delete: whether what cannot be had back is asked about.
        attended: somebody can be asked. Without, a call runs when all that decides
            in it comes from the user's words or their own data, and is refused else.
        unrequested: what becomes of a call that others' text chose and that the user's
            words do not speak of at all: `refuse` tells the model and goes on, which
            spares the user a question that has one answer; `ask` asks. A run that
            pauses for its questions keeps them all.
        provenance: whether the origin of values counts; without, only effects do.
        strict: values are traced from the first call on, and what a tool returns that
            does not say who writes it is others' text, however short. Without, a plain
            change is looked at once text of others was read.
    """

    write: Leave = "run"
    send: Leave = "ask"
    delete: Leave = "ask"
    attended: bool = True
    unrequested: Literal["ask", "refuse"] = "refuse"
    provenance: bool = True
    strict: bool = False

    @classmethod
    def of(cls, name: Preset) -> Policy:
        """Return a policy by its name.

        Args:
            name: `standard` asks about what is sent or deleted, and about what text of
                others chose; `strict` also traces values before any was read; `off`
                asks about nothing: for tests, and where nothing can go wrong.

        Raises:
            ConfigError: there is no such policy.
        """
        if name not in get_args(Preset):
            known = ", ".join(get_args(Preset))
            raise ConfigError(f"there is no policy {name!r}; there are: {known}")
        if name == "off":
            return cls(send="run", delete="run", provenance=False)
        return cls(strict=name == "strict")

    def decide(
        self,
        effect: Effect,
        verdict: Verdict,
        *,
        rule: RuleAnswer | None = None,
        pauses: bool = False,
    ) -> Decision:
        """Decide about one call.

        A rule of the user's to always allow something allows nothing that text of
        somebody else chose, nor what nobody said.

        Args:
            effect: what the call does to the world.
            verdict: where its values come from.
            rule: what the user's strictest rule about such calls says.
            pauses: a question would wait in the outcome, and interrupt nobody.

        Returns:
            `run`; `ask` the user; `refuse`, and tell the model why; or `missing`
            when the user must first say a value that nobody gave.
        """
        # Before all else: no finding can turn a user's no into a question.
        if rule == "never":
            return "refuse"
        leave = self._ruled(effect, rule)
        # Nobody can be asked, so what the user wants to be asked about is not done.
        if rule == "ask" and not self.attended:
            return "refuse"
        if not self.provenance or verdict.finding == "clear":
            return self._unattended(leave) if not self.attended else leave
        # Nobody is there to ask about what the user did not choose.
        if not self.attended:
            return "refuse"
        if self._is_foreign(verdict) and not pauses:
            return "refuse"
        # A yes to a value that a model made up would be worth nothing: the user has to
        # say it.
        return "missing" if verdict.finding == "invented" else "ask"

    def _is_foreign(self, verdict: Verdict) -> bool:
        """Tell whether others chose what the user's words do not speak of at all."""
        unasked = verdict.finding == "follows" and not verdict.requested
        return unasked and self.unrequested == "refuse"

    def _ruled(self, effect: Effect, rule: RuleAnswer | None) -> Leave:
        if rule is None:
            return self._leave(effect)
        return "ask" if rule == "ask" else "run"

    def _leave(self, effect: Effect) -> Leave:
        leaves: dict[Effect, Leave] = {
            "read": "run",
            "write": self.write,
            "send": self.send,
            "delete": self.delete,
        }
        return leaves[effect]

    def _unattended(self, leave: Leave) -> Decision:
        """Run a call that is the user's request; without provenance that is not known."""
        return "run" if self.provenance or leave == "run" else "refuse"
