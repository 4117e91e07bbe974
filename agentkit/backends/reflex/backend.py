"""`ReflexBackend`: answers from rules, at once, and leaves what is unclear."""

from __future__ import annotations

from dataclasses import replace

from agentkit.backends.base import Reply, Request, Traits
from agentkit.backends.reflex.call_plan import plan
from agentkit.backends.reflex.dialogue import (
    LONGEST_TURN,
    DialogueReading,
    read_dialogue,
    spoken_in_turns,
)
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.speech import answer, say
from agentkit.language import speaking
from agentkit.messages import Conversation, ToolResult

# Dialogues that are kept: those of a few runs at once.
_MOST_KEPT = 8


class ReflexBackend:
    """The rules-first backend: no model, no weights, the same answer every time.

    It lays the request beside the sentences that the tools declare, fills typed
    slots, asks for what is missing, and abstains when no tool fits well enough.

    Attributes:
        name: short name, as in `--backend NAME`.
        traits: on the device; a long toolset costs it nothing, so none is left out.
    """

    name = "reflex"
    traits = Traits(
        on_device=True, reads_all_tools=True, writes=False, reads_files=False
    )

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._read: tuple[DialogueReading, ...] = ()

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn."""
        conversation, toolset = request.conversation, request.toolset
        text = _last_request(conversation)
        # Before anything is read: the time that rules take grows with the length.
        if len(text) > LONGEST_TURN:
            said = say(
                "too_long", spoken_in_turns((text,)), toolset, words=f"{LONGEST_TURN:,}"
            )
            reason = (
                f"the request has {len(text)} characters; rules read {LONGEST_TURN}"
            )
            return Reply(abstained=True, declined=said, reason=reason)
        kit = kit_for(toolset)
        read = read_dialogue(conversation, toolset, kit, request.context, self._read)
        self._keep(read)
        reading = read.reading
        # Where another backend comes next, that one may do the whole.
        is_half = request.alone and bool(reading.half)
        if is_half:
            reading = replace(reading, drafts=reading.half)
        # A request for a form has no place for an answer in words.
        if not reading.drafts and reading.is_answer and request.schema is None:
            request.on_text(reading.said)
            return Reply(text=reading.said, reason=reading.unclear)
        if not reading.drafts:
            return Reply(abstained=True, declined=reading.said, reason=reading.unclear)
        results = results_of(conversation)
        language = _spoken_in(conversation)
        with speaking(language):
            # A question is asked in the language of the turn, not in the application's.
            step = plan(reading.drafts, results, toolset, kit)
        reason = "; ".join(dict.fromkeys(step.reasons))
        if step.question:
            return Reply(text=step.question.text, question=step.question, reason=reason)
        if step.calls:
            return Reply(calls=step.calls, reason=reason, language=language)
        if request.schema is not None:
            return _abstain("rules have no words of the form that is asked for")
        with speaking(language):
            said = answer(results, toolset)
        if is_half:
            said = f"{said}\n\n{reading.not_done}"
        request.on_text(said)
        failed = any(result.status == "error" for result in results)
        return Reply(text=said, failed=failed, reason="every call has its result")

    def _keep(self, read: DialogueReading) -> None:
        """Keep what was read, in place of the reading that it continues."""
        # One assignment: runs in other threads read and keep at the same time.
        others = (
            one
            for one in self._read
            if not one.begins(read.toolset, read.now, read.turns)
        )
        self._read = (read, *others)[:_MOST_KEPT]


def results_of(conversation: Conversation) -> tuple[ToolResult, ...]:
    """List the results since the user last spoke."""
    found: list[ToolResult] = []
    for message in reversed(conversation):
        if message.role == "user":
            break
        if message.result is not None:
            found.append(message.result)
    return tuple(reversed(found))


def _spoken_in(conversation: Conversation) -> str:
    """The language of the user's last turn that shows one; else English."""
    return spoken_in_turns([m.text for m in conversation if m.role == "user"])


def _last_request(conversation: Conversation) -> str:
    for message in reversed(conversation):
        if message.role == "user":
            return message.text
    return ""


def _abstain(reason: str) -> Reply:
    return Reply(abstained=True, reason=reason)
