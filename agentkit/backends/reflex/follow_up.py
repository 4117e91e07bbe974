"""Follow-ups: what was said of the last thing done, found or asked, made into drafts.

A correction takes the last effect back and does it again with the new value; "it", "her"
and "the first one" are put into words from what the last calls brought, and the request
is then read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from agentkit.backends.reflex.amended_times import merged_time, moment_of, shifted
from agentkit.backends.reflex.amendment import Amendment
from agentkit.backends.reflex.drafts import CallDraft, CallReading
from agentkit.backends.reflex.found_things import (
    Act,
    about_found,
    with_people,
)
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.references import (
    NAMES,
    UNDO,
    Past,
    last_person,
    name_of,
    person_of,
)
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.understood import (
    EARLIER,
    is_length,
    is_time,
    time_of,
)
from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.messages import ToolResult
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

_ONE_OF = re.compile(r"(?:the )?(\w+) one\b", re.I)
DONE, TELL = "complete_reminder", "send_message"
_TOLD = ("text", "title")


class FollowUpTurn:
    """One turn, read with what was done and found before."""

    def __init__(
        self,
        text: str,
        meaning: Meaning,
        past: Past,
        kit: Kit,
        toolset: Toolset,
        context: Context,
    ) -> None:
        """Take the turn, what it means by itself, and what was before."""
        self._text, self._meaning, self._past = text, meaning, past
        self._kit, self._toolset, self._context = kit, toolset, context

    def reading(self) -> CallReading | None:
        """Read the turn as a follow-up; None for any other turn."""
        topic = self._meaning.topic.removeprefix("followup_")
        # These hold no new value, whatever words were tagged in them.
        if topic in ("undo", "deny", "no", "stop", "cancel"):
            return self._taken_back(topic)
        values = self._values()
        if topic == "done":
            return self._done()
        if "person" in topic and "person" not in values:
            # The topic was seen, and the name was not tagged.
            name = last_person(read_words(self._text), self._text)
            values = {"person": [name]} if name else values
        if topic == "tell":
            return self._told(values)
        if topic in ("add_person", "add_item"):
            joined = with_people(
                self._added_people(values), self._text, self._past, self._kit
            )
            if joined is not None:
                return joined
        if not values or self._past.deed is None:
            return None
        if topic in ("move", "length") and not self._effects():
            return None  # What was only looked at is moved by a tool of its own.
        # "And for Ana too" wants one more; everything else is put in the place of the
        # old.
        if topic in ("same_for", "and_query", "add_item", "add_person"):
            return self._again(values, correcting=False, added="add" in topic)
        return self._again(values, correcting=True)

    def amended(self, amendment: Amendment) -> CallReading | None:
        """Correct what was done last; None where it has no value of that kind."""
        deed, words = self._past.deed, amendment.words
        if deed is None or deed.name not in self._kit.params:
            return None
        if amendment.change == "undo":
            return self._taken_back("undo")
        if amendment.change == "shift":
            return self._moved_by(words, deed, earlier=amendment.earlier)
        role: str = amendment.change
        if role == "person" and amendment.besides:
            joined = with_people([words], self._text, self._past, self._kit)
            if joined is not None:
                return joined
        param = _param_for(role, self._kit.params[deed.name], deed.arguments)
        # "I meant Ana" corrects somebody; where nobody was named there is nobody to
        # correct.
        if param is None or (role == "person" and param.name not in deed.arguments):
            return None
        values: dict[str, list[str]] = {role: [words]}
        return self._again(values, correcting=not amendment.besides)

    def _moved_by(
        self, length: str, deed: ToolResult, *, earlier: bool
    ) -> CallReading | None:
        """Move what was done, or the one thing that was found, by a length of time."""
        param = _param_for("time", self._kit.params[deed.name], deed.arguments)
        start = moment_of(self._past.items()[:1])
        time = shifted(start, length, self._context, earlier=earlier) if start else ""
        if not time or param is None:
            return None
        # What was made is undone and made anew; what was found is moved by its own tool.
        if self._effects():
            return self._again({"time": [time]}, correcting=True)
        act = Act("move", None, time)
        return about_found(
            act,
            self._text,
            self._meaning.language,
            self._past,
            self._kit,
            self._context,
        )

    def _taken_back(self, topic: str) -> CallReading | None:
        """Undo what was done last; what was only asked is left alone."""
        effects = self._effects()
        if topic != "undo" and not effects:
            return None
        # "No" after an undo must not take back what was done before that.
        if UNDO not in self._toolset or (topic != "undo" and self._past.undone):
            return None
        return CallReading((self._undo(max(1, len(effects))),))

    def _done(self) -> CallReading | None:
        """Mark the one thing that was just made or found as done."""
        items = self._past.items()
        # Of several things nobody can tell which is done.
        if DONE not in self._toolset or len(items) != 1 or not name_of(items, 0):
            return None
        reason = f"{self._text!r} is about what was listed"
        draft = CallDraft(DONE, {"text": name_of(items, 0)}, (), (), reason)
        return CallReading((draft,))

    def _told(self, values: Mapping[str, list[str]]) -> CallReading | None:
        """Write to the one person who was found: "scrivile che arrivo"."""
        whom = person_of(self._past.items())
        first = next((s for s in self._meaning.spans if s.role in _TOLD), None)
        params = self._kit.params.get(TELL, {})
        if not whom or first is None or not {"to", "text"} <= set(params):
            return None
        if "person" in values:
            return None  # Somebody is named, and it is a request of its own.
        said = self._text[first.start :].strip(" ,;:").rstrip(".")
        reason = f"{self._text!r} is to whom was found"
        return CallReading(
            (CallDraft(TELL, {"to": whom, "text": said}, (), (), reason),)
        )

    def _added_people(self, values: Mapping[str, list[str]]) -> list[str]:
        """Name who is to be added: what was done last tells whether things or people are.

        "And Tomás too" has no word that says which.
        """
        name = last_person(read_words(self._text), self._text)
        # Scripts without capitals tell no name from a thing.
        item = "" if self._text.isascii() else "".join(values.get("item", [])[:1])
        item = item if item.lower() == item.upper() else ""
        return values.get("person") or [one for one in (name or item,) if one]

    def _effects(self) -> list[ToolResult]:
        return [
            one
            for one in self._past.results
            if one.status == "done"
            and one.name in self._toolset
            and self._toolset[one.name].effect != "read"
        ]

    def _undo(self, count: int) -> CallDraft:
        arguments = {"count": count} if count > 1 else {}
        return CallDraft(
            UNDO, arguments, (), (), f"{self._text!r} takes back what was done"
        )

    def _values(self) -> dict[str, list[str]]:
        """The words of the turn by role."""
        found: dict[str, list[str]] = {}
        for span in self._meaning.spans:
            said = self._text[span.start : span.end].strip(" ,;:.!?")
            role = self._role(span.role, said)
            which = _ONE_OF.match(self._text, span.start)
            if (
                which
                and which.end() >= span.start + len(said)
                and self._takes("list_name")
            ):
                # "The shopping one" says which list, and not what to put on it.
                role, said = "list", which[1]
            found.setdefault(role, []).append(said)
        return found

    def _takes(self, name: str) -> bool:
        """Whether what was done last has a parameter of this name."""
        deed = self._past.deed
        return deed is not None and name in self._kit.params.get(deed.name, {})

    def _role(self, role: str, said: str) -> str:
        """Correct an hour that was tagged as a length: "1 बजे"."""
        now = self._context.now
        is_hour = role == "duration" and not is_length(said) and is_time(said, now)
        return "time" if is_hour else role

    def _again(
        self, values: Mapping[str, list[str]], *, correcting: bool, added: bool = False
    ) -> CallReading | None:
        """Make the last call again with another value, or with one more."""
        deed = self._past.deed
        if deed is None or deed.name not in self._kit.params:
            return None
        params = self._kit.params[deed.name]
        arguments = dict(deed.arguments)
        changed = False
        for role, said in values.items():
            param = _param_for(role, params, arguments)
            value = param and self._value(param, role, said, deed, added=added)
            if param is None or value in (None, "", []):
                continue
            arguments[param.name], changed = value, True
        if not changed:
            return None
        reason = f"{self._text!r} follows up on {deed.name}"
        lacks = missing(arguments, params)
        again = CallDraft(deed.name, arguments, lacks, (), reason)
        effects = self._effects()
        if not correcting or not effects or self._past.undone:
            return CallReading((again,))
        if UNDO not in self._toolset or not self._can_be_made(again):
            return None
        return CallReading((self._undo(len(effects)), replace(again, after=UNDO)))

    def _can_be_made(self, draft: CallDraft) -> bool:
        """Whether a call's arguments are valid: nothing is taken back for one that fails."""
        if draft.missing:
            return True  # It is asked for first.
        try:
            self._toolset[draft.tool].check(draft.arguments, self._context)
        except InvalidArguments:
            return False
        except InputNeeded:  # the user can say it
            return True
        return True

    def _value(
        self,
        param: Param,
        role: str,
        said: list[str],
        deed: ToolResult,
        *,
        added: bool,
    ) -> Any:
        if param.kind == "when":
            old = self._old_time(param, deed)
            if role == "duration":
                earlier = bool(EARLIER.search(self._text))
                return shifted(old, said[0], self._context, earlier=earlier)
            return merged_time(old, time_of(said, self._context.now), self._context)
        if param.kind == "people":
            before: Any = deed.arguments.get(param.name)
            # "And Ben" is added to who was there, "no, Ben" is instead.
            is_list = added and isinstance(before, list)
            kept = cast(list[Any], before) if is_list else []
            return [*kept, *said]
        if param.kind == "duration" and not is_length(said[0]):
            return None
        return said[0]

    def _old_time(self, param: Param, deed: ToolResult) -> str:
        """When the thing is: as its result says, or else as the user said it."""
        # What was only looked for is not moved: another day is another question.
        items = self._past.items()[:1] if self._effects() else []
        return moment_of(items) or str(deed.arguments.get(param.name, ""))


def _param_for(
    role: str, params: Mapping[str, Param], given: Mapping[str, Any]
) -> Param | None:
    """Find the parameter that a role's words change: one that has a value first."""
    kinds = {
        "time": ("when",),
        "duration": ("duration", "when"),
        "person": ("people", "person"),
        "number": ("integer", "number"),
    }.get(role, ("text", "texts"))
    names = {"title": NAMES, "text": NAMES, "list": ("list_name",)}.get(role, (role,))
    fitting = [param for param in params.values() if param.kind in kinds]
    if kinds == ("text", "texts"):
        fitting = [param for param in fitting if param.name in names]
    fitting.sort(
        key=lambda p: (kinds.index(p.kind), p.name not in given, not p.required)
    )
    return fitting[0] if fitting else None
