"""A conversation read turn by turn: requests, questions, and answers to them."""

from __future__ import annotations

from dataclasses import replace

from agentkit.backends.reflex.compiled import Kit
from agentkit.backends.reflex.drafts import Draft, Reading, read_request
from agentkit.backends.reflex.filling import missing, value_from
from agentkit.backends.reflex.moods import mood_of
from agentkit.backends.reflex.planning import plan
from agentkit.backends.reflex.schemas import Param
from agentkit.backends.reflex.words import Word, read_words, trimmed, without_articles
from agentkit.context import Context
from agentkit.messages import Call, Conversation, Message, Question
from agentkit.tools import Toolset

LONGEST_TURN = 2000
_TURNS = 6
_CALLED_OFF = frozenset(
    {
        "never mind", "nevermind", "forget it", "cancel", "stop", "no", "nothing",
        "no thanks", "no thank you", "do not bother", "leave it", "cancel that",
    }
)  # fmt: skip


def read_dialogue(
    conversation: Conversation, toolset: Toolset, kit: Kit, context: Context
) -> Reading:
    """Read what the last turn of the user asks for, in the light of those before."""
    reading = Reading(unclear="nobody has asked for anything")
    asked: Question | None = None
    earlier: tuple[str, ...] = ()
    for turn, heard, waiting in _turns(conversation):
        completed: Reading | None = None
        if heard and _plain(turn) in _CALLED_OFF:
            completed = Reading(unclear=f"the question was called off: {turn!r}")
        elif asked is not None and heard == asked.text:
            completed = _completed(reading, turn, asked, kit, context)
        elif waiting is not None and heard:
            completed = _resumed(waiting, turn, kit, context)
        reading = completed or read_request(turn, kit, context, earlier)
        earlier = (*earlier, turn)
        asked = plan(reading.drafts, (), toolset, kit).question
    return reading


def _turns(conversation: Conversation) -> list[tuple[str, str, Call | None]]:
    """List the user's last turns, each with what the assistant said before it.

    The third of each is the call that a tool's own question put off, if any.
    """
    found: list[tuple[str, str, Call | None]] = []
    heard = ""
    waiting: Call | None = None
    for message in conversation:
        if message.role == "user":
            found.append((message.text, heard, waiting))
            heard, waiting = "", None
        elif message.result is not None and message.result.status == "skipped":
            waiting = waiting or message.result.call
        elif _is_speech(message):
            heard = message.text
    return [turn for turn in found[-_TURNS:] if len(turn[0]) <= LONGEST_TURN]


def _plain(turn: str) -> str:
    return " ".join(word.norm for word in read_words(turn))


def _is_speech(message: Message) -> bool:
    return message.role == "assistant" and not message.calls and bool(message.text)


def _completed(
    reading: Reading, turn: str, asked: Question | None, kit: Kit, context: Context
) -> Reading | None:
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
    return Reading(drafts)


def _asks_anew(
    turn: str, words: tuple[Word, ...], param: Param, kit: Kit, context: Context
) -> bool:
    """Whether a turn is a request of its own and no answer: "what time is it"."""
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
    return begun or len(words) > 3 or mood not in ("", "say")


def _resumed(call: Call, turn: str, kit: Kit, context: Context) -> Reading | None:
    """Take up a call that its tool put off with a question of its own."""
    fresh = read_request(turn, kit, context)
    words = without_articles(trimmed(read_words(turn, context.now)))
    params = kit.params.get(call.name, {})
    if fresh.drafts or not words or not params:
        return None
    for kinds in (("when", "duration"), ("person", "people"), ("text",)):
        for param in params.values():
            named = param.required or param.name in call.arguments
            if param.kind not in kinds or not (named or kinds[0] == "when"):
                continue
            value = value_from(param, words, turn)
            if value is not None:
                arguments = {**call.arguments, param.name: value}
                reason = f"{turn!r} answers the question of {call.name}"
                return Reading((Draft(call.name, arguments, (), (), reason),))
    return None


def _with_value(draft: Draft, slot: str, value: object, kit: Kit) -> Draft:
    arguments = {**draft.arguments, slot: value}
    params = kit.params[draft.tool]
    return replace(draft, arguments=arguments, missing=missing(arguments, params))
