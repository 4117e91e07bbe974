"""Questions at the terminal: about calls, and about text that would leave."""

from __future__ import annotations

import json
from asyncio import CancelledError
from collections.abc import Callable
from functools import partial
from typing import Any

from agentkit.cli.origins import origins
from agentkit.cli.phrasebook import is_yes, key_of, told
from agentkit.cli.screen import Screen, excerpt, is_whole, short_line
from agentkit.outcomes import Approval
from agentkit.privacy.gate import Departure
from agentkit.safety.rules import Answer, Approved, Denied, Rule, literal

_VERBS = {"send": "Send this?", "delete": "Delete this?"}
_CHOICES = (
    "y: yes, n or Enter: no, e: change it first, a: always, r: no, and say why, "
    "v: show all of it"
)
# Characters of a value; `v` shows all of it.
_LONGEST = 200
_WORDS = {
    "": "n", "no": "n", "yes": "y", "edit": "e", "always": "a", "reason": "r",
}  # fmt: skip


class Questions:
    """Asks on a screen; Ctrl-C ends the run, and the end of the input is a no."""

    def __init__(self, screen: Screen) -> None:
        """Store the screen."""
        self._screen = screen

    def about_call(self, approval: Approval) -> Answer:
        """Show a call, whose words it follows and where its values come from; ask."""
        self._screen.forget_typed()
        self._screen.parts(
            (f"   {approval.call.name} ", "bold"),
            (told(f"wants to {approval.effect}:"), "yellow"),
        )
        if approval.problem:
            problem = told("That does not fit: {why}", why=approval.problem)
            self._screen.line(f"   {problem}", "yellow")
        # Behind a bar: a text that has lines of its own imitates none of ours.
        for line in excerpt(approval.preview):
            self._screen.line(f"     | {line}")
        # Last, so that no length of the rest moves them out of sight.
        style = "yellow" if approval.follows else "dim"
        for line in origins(approval):
            self._screen.line(f"     {short_line(line)}", style)
        return self._answer(approval, self._choice(approval))

    def about_departure(self, departure: Departure) -> bool:
        """Show exactly what would be sent, and ask."""
        size = told(
            "{count} byte, since {why}"
            if departure.size == 1
            else "{count} bytes, since {why}",
            count=departure.size,
            why=departure.reason,
        )
        to = f"   {told('to ')}"
        self._screen.forget_typed()
        self._screen.parts(
            (to, "bold"),
            (departure.to, "yellow"),
            (f"  {size}", "dim"),
        )
        for line in departure.text.split("\n"):
            self._screen.line(f"   | {line}")
        # Once more below a long text: the first one has scrolled away.
        if not is_whole(departure.text):
            self._screen.parts((to, "bold"), (departure.to, "yellow"))
        return self._agreed(told("Let this leave the device?"))

    def _choice(self, approval: Approval) -> str:
        """Return one of y, n, e, a, r; ask again for anything else."""
        verb = told(_VERBS.get(approval.effect, "Do this?"))
        keys = told("e: change, a: always, r: say why")
        if not is_whole(approval.preview):
            keys += told(", v: show all")
        question = f"   {verb} ({keys}) {told('[y/N]')}"
        while True:
            said = self._said_to(question)
            # English words first, then the keys of the language: "j" is yes in German.
            choice = _WORDS.get(said.lower()) or key_of(said, "yneavr")
            if choice and choice in "ynear":
                return choice
            if choice == "v":
                for line in approval.preview.splitlines():
                    self._screen.line(f"     | {line}")
            else:
                self._screen.line(f"   {told(_CHOICES)}", "yellow")

    def _answer(self, approval: Approval, choice: str) -> Answer:
        if choice == "y":
            return Approved()
        if choice == "a":
            return Approved(rule=self._rule(approval))
        if choice == "r":
            return Denied(self._said_to(f"   {told('Why not?')}"))
        if choice == "e":
            return self._edited(approval)
        return Denied()

    def _edited(self, approval: Approval) -> Answer:
        """Let each value be edited, then ask for a yes to the result.

        An empty answer keeps a value. The end of the input is no yes.
        """
        arguments: dict[str, Any] = {}
        for name, value in approval.call.arguments.items():
            before = value if isinstance(value, str) else _written(value)
            said = self._heard(partial(self._screen.edit, f"   {name}", before))
            # The value itself, when it was not touched: typed again it could lose its
            # type.
            is_same = said in ("", before.strip())
            arguments[name] = value if is_same else _value(said, value)
        self._screen.line(f"   {told('{tool} with:', tool=approval.call.name)}")
        for name, value in arguments.items():
            self._screen.line(f"     {name}: {_plain(value)}")
        if not self._agreed(told(_VERBS.get(approval.effect, "Do this?"))):
            return Denied()
        return Approved(arguments)

    def _rule(self, approval: Approval) -> Rule | None:
        """Make the narrowest rule: this tool, to this receiver where there is one."""
        to = [one.value for one in approval.traces if one.role.kind == "recipient"]
        # A rule for all of them would let each of them be written to alone.
        if len(to) > 1:
            why = told(
                "Yes, this time: a rule is for one receiver, and this has {count} "
                "(agentkit rules add).",
                count=len(to),
            )
            self._screen.line(f"   {why}", "yellow")
            return None
        rule = Rule("always", approval.call.name, literal(to[0]) if to else "*")
        kept = told(
            "From now on: {rule} (agentkit rules list, agentkit rules remove)",
            rule=rule,
        )
        self._screen.line(f"   {kept}", "yellow")
        return rule

    def _agreed(self, question: str) -> bool:
        return is_yes(self._said_to(f"   {question} {told('[y/N]')}"))

    def _said_to(self, question: str) -> str:
        return self._heard(lambda: self._screen.ask(question))

    def _heard(self, ask: Callable[[], str]) -> str:
        try:
            answer = ask()
        except KeyboardInterrupt as exc:
            raise CancelledError from exc  # ends the run in order
        self._screen.spin()
        return answer.strip()


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return f"“{short_line(value, _LONGEST)}”"
    return short_line(_written(value), _LONGEST)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(said: str, before: object) -> Any:
    """Read what was typed as the kind of value that stood there."""
    if isinstance(before, str):
        return said
    try:
        return json.loads(said)
    except json.JSONDecodeError:
        return [said] if isinstance(before, list) else said
