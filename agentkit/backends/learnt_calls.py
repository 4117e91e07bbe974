"""What becomes of calls that a model wrote by heart: made, asked about, or left.

The bounds on how sure a call has to be are here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from math import exp

from agentkit.backends.answers import Pieces, counted
from agentkit.backends.base import Reply, Request
from agentkit.backends.decision import leaning
from agentkit.backends.decode import Tally
from agentkit.backends.reflex.call_plan import question_for
from agentkit.backends.reflex.day_half import in_half
from agentkit.backends.reflex.dialogue import spoken_in_turns
from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.replies import ReplyReader
from agentkit.language import speaking
from agentkit.messages import Question, ToolCall
from agentkit.slots.duration import resolve_duration
from agentkit.slots.recurrence import resolve_recurrence
from agentkit.slots.when import resolve_when
from agentkit.tools import Toolset

# What speaks for a call being right as a whole, in log-odds: fitted on 665 requests that
# nano was not trained on (`python -m tests.benchmarks.nano.sureness`).
_BIAS, _ASKED, _WRITTEN = 0.94, 0.24, 2.15
# How likely it has to be. What is looked up wrongly costs a glance, what is changed or sent
# wrongly more.
SURE_TO_READ, SURE_TO_ACT = 0.4, 0.5
# That a tool is asked for in a follow-up, in log-odds: it cannot be read alone.
UNREAD = 3.0

Sure = Callable[[tuple[ToolCall, ...], Request, Pieces], bool]
# Reads words at a clock, in a language; ValueError where they cannot be read.
Reader = Callable[[str, datetime, str], object]
_READERS: dict[str, Reader] = {
    "when": lambda words, now, language: resolve_when(words, now, locale=language),
    "duration": lambda words, _, __: resolve_duration(words),
    "recurrence": lambda words, now, language: resolve_recurrence(
        words, now, locale=language
    ),
}


def reply_of(request: Request, pieces: Pieces, tally: Tally, sure: Sure) -> Reply:
    """Read what was written: calls, or the mark; and ask for what a call lacks.

    Args:
        request: what is answered.
        pieces: what was written.
        tally: what that took.
        sure: whether the calls are made.
    """
    reading = ReplyReader(request.toolset)
    reading.hear(pieces.text)
    reply = counted(reading.close(tally.finish_reason), pieces, tally, ())
    if not reply.calls:
        return replace(
            reply, text="", abstained=True, reason="no tool of its own does this"
        )
    if not sure(reply.calls, request, pieces):
        why = "it is not sure enough of the call"
        return replace(reply, text="", calls=(), abstained=True, reason=why)
    said = [turn.text for turn in request.conversation if turn.role == "user"]
    language = spoken_in_turns(said)
    timed = tuple(times_read(call, request, language) for call in reply.calls)
    reply = replace(reply, calls=timed)
    # A question is put in the language that the user speaks.
    with speaking(language):
        question = question_of(reply.calls, request.toolset)
    if question is not None:
        return replace(reply, text=question.text, calls=(), question=question)
    calls = tuple(_filled(call) for call in reply.calls)
    return replace(reply, calls=calls, language=language)


def evidence(request: Request, pieces: Pieces) -> tuple[float, float]:
    """Return what speaks for an answer, as natural logarithms.

    Returns:
        The log-odds that one of the tools is asked for, as the understanding reads it;
        and the log of the answer's probability among those that the grammar allows.
    """
    lean = leaning(request)
    odds = lean.odds if lean else UNREAD
    return odds, sum(token.logprob for token in pieces.chosen)


def likelihood(request: Request, pieces: Pieces) -> float:
    """Return how likely it is that an answer is the call that was asked for."""
    asked, written = evidence(request, pieces)
    return 1 / (1 + exp(-(_BIAS + _ASKED * asked + _WRITTEN * written)))


def is_sure(calls: tuple[ToolCall, ...], request: Request, pieces: Pieces) -> bool:
    """Tell whether calls are likely enough for what they would do.

    Args:
        calls: what was written.
        request: what they answer.
        pieces: the tokens that they were written with.
    """
    acts = any(request.toolset[call.name].effect != "read" for call in calls)
    bound = SURE_TO_ACT if acts else SURE_TO_READ
    return likelihood(request, pieces) >= bound


def times_read(call: ToolCall, request: Request, language: str) -> ToolCall:
    """Cut what is given as a time, a length or a rhythm down to what can be read as one.

    "on Monday instead" is Monday; "the rain" is no time, and was not meant as one. An
    alarm at "5:50" is one in the morning.
    """
    kit = kit_for(request.toolset)
    params = kit.params[call.name]
    given = dict(call.arguments)
    for name, value in call.arguments.items():
        reader = _READERS.get(params[name].kind) if name in params else None
        if reader is not None and isinstance(value, str) and value:
            given[name] = _longest_read(value, reader, request.context.now, language)
    draft = CallDraft(call.name, given, (), (), "")
    said = request.conversation[-1].text
    halved = in_half(draft, said, kit, request.context)
    return replace(call, arguments=dict(halved.arguments))


def _longest_read(value: str, reader: Reader, now: datetime, language: str) -> str:
    words = value.split()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            part = " ".join(words[at : at + size])
            if _can_read(part, reader, now, language):
                return value if size == len(words) else part
    return ""


def _can_read(part: str, reader: Reader, now: datetime, language: str) -> bool:
    try:
        reader(part, now, language)
    except ValueError:
        return False
    return True


def _filled(call: ToolCall) -> ToolCall:
    """Leave out empty values: they mean that nothing was said."""
    given = {k: v for k, v in call.arguments.items() if v not in ("", [], [""])}
    return replace(call, arguments=given)


def question_of(calls: tuple[ToolCall, ...], toolset: Toolset) -> Question | None:
    """Ask for the first argument that calls lack; None where they lack none."""
    params = kit_for(toolset).params
    for call in calls:
        lacks = missing(dict(_filled(call).arguments), dict(params[call.name]))
        if lacks:
            return question_for(CallDraft(call.name, {}, lacks, (), ""))
    return None
