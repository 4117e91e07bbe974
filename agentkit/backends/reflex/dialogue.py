"""A conversation read turn by turn: requests, questions, and answers to them."""

from __future__ import annotations

from dataclasses import replace

from agentkit.backends.reflex.compiled import Kit
from agentkit.backends.reflex.drafts import Draft, Reading, read_request
from agentkit.backends.reflex.filling import missing, value_from
from agentkit.backends.reflex.planning import plan
from agentkit.backends.reflex.words import read_words, trimmed, without_articles
from agentkit.context import Context
from agentkit.messages import Conversation, Message, Question
from agentkit.tools import Toolset

LONGEST_TURN = 2000
_TURNS = 6


def read_dialogue(
    conversation: Conversation, toolset: Toolset, kit: Kit, context: Context
) -> Reading:
    """Read what the last turn of the user asks for, in the light of those before."""
    reading = Reading(unclear="nobody has asked for anything")
    asked: Question | None = None
    for turn, heard in _turns(conversation):
        answers = asked is not None and heard == asked.text
        completed = _completed(reading, turn, asked, kit, context) if answers else None
        reading = completed or read_request(turn, kit, context)
        asked = plan(reading.drafts, (), toolset, kit).question
    return reading


def _turns(conversation: Conversation) -> list[tuple[str, str]]:
    """Pair each of the user's last turns with what the assistant said before it."""
    found: list[tuple[str, str]] = []
    heard = ""
    for message in conversation:
        if message.role == "user":
            found.append((message.text, heard))
            heard = ""
        elif _is_speech(message):
            heard = message.text
    return [turn for turn in found[-_TURNS:] if len(turn[0]) <= LONGEST_TURN]


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
    fresh = read_request(turn, kit, context)
    typed = params[asked.slot].kind in ("when", "duration", "integer", "enum")
    if value is None or (fresh.drafts and not typed and len(words) > 3):
        return None
    filled = _with_value(waiting, asked.slot, value, kit)
    drafts = tuple(filled if d is waiting else d for d in reading.drafts)
    return Reading(drafts)


def _with_value(draft: Draft, slot: str, value: object, kit: Kit) -> Draft:
    arguments = {**draft.arguments, slot: value}
    params = kit.params[draft.tool]
    return replace(draft, arguments=arguments, missing=missing(arguments, params))
