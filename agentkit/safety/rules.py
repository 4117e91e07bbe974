"""What a user answers to a question, and the rules that they set with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, TypeAlias

from agentkit.errors import ConfigError

RuleAnswer = Literal["always", "ask", "never"]
# The strictest answer comes first.
_ORDER: tuple[RuleAnswer, ...] = ("never", "ask", "always")

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for calls of a tool, to somebody.

    Attributes:
        answer: `always` runs without a question, unless text of somebody else chose
            it; `ask` asks; `never` refuses.
        tool: name of the tool; `*` for all that change or send something.
        to: who receives it, `*` for anybody.
        outside_contacts: it holds where a receiver is not in the user's contacts.

    Raises:
        ConfigError: the rule would say nothing, or too much.
    """

    answer: RuleAnswer
    tool: str = "*"
    to: str = "*"
    outside_contacts: bool = False

    def __post_init__(self) -> None:
        """Refuse a rule that lets everything run."""
        if self.answer not in _ORDER:
            raise ConfigError(f"a rule says always, ask or never, not {self.answer!r}")
        if self.answer == "always" and self.outside_contacts:
            raise ConfigError(
                "a rule cannot let all strangers receive: use ask or never"
            )
        everybody = not any(char.isalnum() for char in self.to)
        if self.answer == "always" and self.tool == "*" and everybody:
            raise ConfigError("a rule that always allows needs a tool or a receiver")

    def holds(self, tool: str, receivers: tuple[str, ...], known: Known) -> bool:
        """Tell whether it holds for a call.

        Args:
            tool: name of the tool.
            receivers: who receives something from the call.
            known: tells whether somebody is in the user's contacts.
        """
        if self.tool not in ("*", tool):
            return False
        if self.outside_contacts:
            return any(not known(who) for who in receivers)
        if self.to == "*":
            return True
        fits = [_fits(who, self.to) for who in receivers]
        # What is allowed for one is not allowed for those on copy.
        return bool(fits) and (all(fits) if self.answer == "always" else any(fits))

    def __str__(self) -> str:
        whom = ", to anybody outside your contacts" if self.outside_contacts else ""
        whom = whom or ("" if self.to == "*" else f", to {self.to}")
        return f"{self.answer} {'anything' if self.tool == '*' else self.tool}{whom}"


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who receives something from a call.

    Attributes:
        written: as the call has them.
        reached: where it goes: the addresses found for them, else as written.
        called: all names and addresses of them.
    """

    written: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    called: tuple[str, ...] = ()

    def for_rule(self, rule: Rule) -> tuple[str, ...]:
        """Return by which names a rule knows them.

        What forbids holds whatever somebody is called; what allows, as it was written.
        Who is no stranger is told by where it goes: anybody may call themselves Ana.
        """
        if rule.outside_contacts:
            return self.reached
        return self.written if rule.answer == "always" else self.called


def strictest(
    rules: Iterable[Rule], tool: str, receivers: Receivers, known: Known
) -> Rule | None:
    """Return the rule that decides about a call: never before ask before always."""
    holding = [
        rule for rule in rules if rule.holds(tool, receivers.for_rule(rule), known)
    ]
    return min(holding, key=lambda rule: _ORDER.index(rule.answer), default=None)


def literal(value: str) -> str:
    """Write a receiver as a pattern that fits nobody else."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in value)


def _fits(who: str, wanted: str) -> bool:
    return fnmatchcase(who.strip().casefold(), wanted.strip().casefold())


@dataclass(frozen=True, slots=True)
class Approved:
    """Yes.

    Attributes:
        arguments: what to run it with instead, whole; None for what was shown.
        rule: what holds from now on.
    """

    arguments: Mapping[str, Any] | None = None
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """No.

    Attributes:
        reason: why, in the user's words; the model is told.
        rule: what holds from now on.
    """

    reason: str = ""
    rule: Rule | None = None


Answer: TypeAlias = Approved | Denied


def answer_of(given: object) -> Answer:
    """Read what a callback returned.

    Raises:
        ConfigError: it is neither a bool nor an answer.
    """
    if isinstance(given, Approved | Denied):
        return given
    if isinstance(given, bool):
        return Approved() if given else Denied()
    # Anything else may be truthy by accident, such as the text "no".
    raise ConfigError(
        f"approve must return True or False, Approved or Denied, not {given!r}"
    )
