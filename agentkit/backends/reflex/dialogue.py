"""A dialogue read turn by turn: what the last asks for, in the light of those before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agentkit.backends.reflex.amendment import is_undoing
from agentkit.backends.reflex.call_plan import plan
from agentkit.backends.reflex.clause_words import trimmed, without_articles
from agentkit.backends.reflex.drafts import CallDraft, CallReading, read_request
from agentkit.backends.reflex.found_things import chosen_of
from agentkit.backends.reflex.moods import mood_of
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.references import past_of
from agentkit.backends.reflex.request_tokens import RequestWord, read_words
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.slot_values import value_from
from agentkit.backends.reflex.speech import say, stopped_in
from agentkit.backends.reflex.turn import is_stopping, read_turn
from agentkit.backends.reflex.understood import meaning_of
from agentkit.context import Context
from agentkit.language import speaking, spoken
from agentkit.messages import Conversation, Message, Question, ToolCall
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning
from agentkit.understanding import language_of

# Characters. Time to read grows with the length; nobody says a longer request.
LONGEST_TURN = 2000
# Turns of the user that are read: "it" and "her" seldom point further back.
_TURNS = 6
# Words of a name.
_NAME = 3
# A user's turn, what the assistant said before it, the call that it put off, and all
# that was said before.
Turn = tuple[str, str, ToolCall | None, Conversation]
_NOBODY = CallReading(unclear="nobody has asked for anything")


@dataclass(frozen=True, slots=True)
class DialogueReading:
    """What was read of a dialogue up to a turn, and all that it follows from.

    Attributes:
        toolset: the tools; this very set, as its clock is this very one.
        now: the clock that dates were found by.
        turns: the turns so far.
        reading: what the last of them asks for.
        asked: the question that it leaves open.
    """

    toolset: Toolset
    now: datetime
    turns: tuple[Turn, ...] = ()
    reading: CallReading = _NOBODY
    asked: Question | None = None

    def begins(self, toolset: Toolset, now: datetime, turns: tuple[Turn, ...]) -> bool:
        """Tell whether these turns, of this toolset by this clock, go on from here."""
        # By identity, which costs nothing: a run has one toolset and one clock.
        same = self.toolset is toolset and self.now is now
        return same and turns[: len(self.turns)] == self.turns


def read_dialogue(
    conversation: Conversation,
    toolset: Toolset,
    kit: Kit,
    context: Context,
    known: Iterable[DialogueReading] = (),
) -> DialogueReading:
    """Read what the last turn of the user asks for, in the light of those before.

    Args:
        conversation: all messages so far.
        toolset: the tools.
        kit: the toolset, compiled.
        context: the clock that dates are found by.
        known: what was read before; the first that this dialogue begins with is gone
            on from, so that no turn is read again at a run's next step.
    """
    turns = tuple(_turns(conversation))
    begun = (one for one in known if one.begins(toolset, context.now, turns))
    read = next(begun, DialogueReading(toolset, context.now))
    reading, asked = read.reading, read.asked
    earlier = tuple(turn for turn, _, _, _ in read.turns)
    for turn, heard, waiting, before in turns[len(read.turns) :]:
        language = spoken_in_turns((*earlier, turn))
        # "Non" is French in a French dialogue, and Italian in an Italian one.
        with speaking(language):
            completed: CallReading | None = None
            is_asked = bool(heard) and (asked is not None or waiting is not None)
            # First, as "never mind" would fill a slot for text.
            if is_asked and _calls_off(turn, toolset):
                completed = _called_off(turn, toolset)
            # Somebody else may have spoken since; then the turn is no answer to this
            # question.
            elif asked is not None and heard == asked.text:
                completed = _completed(reading, turn, asked, kit, context)
            elif waiting is not None and heard:
                turn_said = chosen_of(heard, turn, language) or turn
                completed = _resumed(waiting, turn_said, kit, toolset, context)
            reading = completed or read_turn(
                turn, kit, toolset, context, earlier, past_of(before)
            )
            earlier = (*earlier, turn)
            # The question that the rules would put here, to know its answer in the next
            # turn.
            asked = plan(reading.drafts, (), toolset, kit).question
    return DialogueReading(toolset, context.now, turns, reading, asked)


def _calls_off(turn: str, toolset: Toolset) -> bool:
    """Whether a turn answers a question with "never mind", in whatever words."""
    meaning = meaning_of(turn, toolset)
    language = meaning.language if meaning else "en"
    if stopped_in(turn, language) or is_undoing(turn, language):
        return True
    return meaning is not None and not meaning.spans and is_stopping(meaning)


def _called_off(turn: str, toolset: Toolset) -> CallReading:
    meaning = meaning_of(turn, toolset)
    said = say("called_off", meaning.language, toolset) if meaning else ""
    unclear = f"the question was called off: {turn!r}"
    return CallReading(unclear=unclear, said=said, is_answer=bool(said))


def _turns(conversation: Conversation) -> list[Turn]:
    """List the user's last turns, each with what the assistant said before it.

    The third of each is the call that a tool's own question put off, if any; the fourth
    is all that was said before.
    """
    found: list[Turn] = []
    heard = ""
    waiting: ToolCall | None = None
    for place, message in enumerate(conversation):
        if message.role == "user":
            found.append((message.text, heard, waiting, conversation[:place]))
            heard, waiting = "", None
        elif message.result is not None and message.result.status == "skipped":
            # The first that was put off is the one whose question was asked.
            waiting = waiting or message.result.call
        elif _is_speech(message):
            heard = message.text
    return [turn for turn in found[-_TURNS:] if len(turn[0]) <= LONGEST_TURN]


def _is_speech(message: Message) -> bool:
    return message.role == "assistant" and not message.calls and bool(message.text)


def _completed(
    reading: CallReading, turn: str, asked: Question | None, kit: Kit, context: Context
) -> CallReading | None:
    """Fill the slot that was asked for; None when the turn does not answer."""
    waiting = next((d for d in reading.drafts if d.missing), None)
    if asked is None or waiting is None:
        return None
    params = kit.params[waiting.tool]
    words = without_articles(trimmed(read_words(turn, context.now)))
    value = value_from(params[asked.slot], words, turn)
    if value is None or _asks_anew(turn, words, params[asked.slot], kit, context):
        return None
    filled = _with_value(waiting, asked.slot, value, kit)
    drafts = tuple(filled if d is waiting else d for d in reading.drafts)
    return CallReading(drafts)


def _asks_anew(
    turn: str, words: tuple[RequestWord, ...], param: Param, kit: Kit, context: Context
) -> bool:
    """Whether a turn is a new request and no answer: "what time is it"."""
    # A value of these cannot be mistaken for a request.
    if param.kind in ("when", "duration", "integer", "enum"):
        return False
    mood = mood_of(words)
    if mood == "ask" and not param.verbatim:
        return True
    fresh = read_request(turn, kit, context)
    if not fresh.drafts:
        return False
    complete = not any(draft.missing for draft in fresh.drafts)
    begun = len(words) > 1 and complete and words[0].stem in kit.index
    # A fresh reading alone proves little: "lunch with Ana" may be a title that was
    # asked for.
    return begun or len(words) > 3 or mood not in ("", "say")


def _resumed(
    call: ToolCall, turn: str, kit: Kit, toolset: Toolset, context: Context
) -> CallReading | None:
    """Resume a call that its tool put off with a question."""
    fresh = read_request(turn, kit, context)
    turn = _person_meant(turn, meaning_of(turn, toolset)) or turn
    words = without_articles(trimmed(read_words(turn, context.now)))
    params = kit.params.get(call.name, {})
    if fresh.drafts or not words or not params:
        return None
    # Any words fill a text, so that is tried last.
    for kinds in (("when", "duration"), ("person", "people"), ("text",)):
        for param in params.values():
            named = param.required or param.name in call.arguments
            if param.kind not in kinds or not (named or kinds[0] == "when"):
                continue
            value = value_from(param, words, turn)
            if value is not None:
                arguments = {**call.arguments, param.name: value}
                reason = f"{turn!r} answers the question of {call.name}"
                return CallReading((CallDraft(call.name, arguments, (), (), reason),))
    return None


def _person_meant(text: str, meaning: Meaning | None) -> str:
    """Return the name in "no, I meant Ana Keller"; empty for any other turn.

    Taggers separate a first name from a last one: all between them is one name.
    """
    if meaning is None or meaning.topic != "followup_change_person":
        return ""
    spans = [span for span in meaning.spans if span.role in ("person", "title")]
    if not spans:
        return ""
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    return text[first:last].strip(" \t\r\n,;:.!?")


def _with_value(draft: CallDraft, slot: str, value: object, kit: Kit) -> CallDraft:
    arguments = {**draft.arguments, slot: value}
    params = kit.params[draft.tool]
    return replace(draft, arguments=arguments, missing=missing(arguments, params))


def _is_name(turn: str) -> bool:
    """Whether a turn is a mere name, which is of no language: "Anna Keller"."""
    words = turn.split()
    return len(words) <= _NAME and all(w[:1].isupper() and w.isalpha() for w in words)


def spoken_in_turns(turns: Sequence[str]) -> str:
    """Return the language of the last turn that shows one; else the user's."""
    # Backwards: who changes the language is answered in the new one.
    told = (turn for turn in turns[:-_TURNS:-1] if not _is_name(turn))
    said = (language_of(turn[:LONGEST_TURN]) for turn in told)
    return next(filter(None, said), spoken())
