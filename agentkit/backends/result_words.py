"""Answers behind results in the tools' own words, for models that would make them up.

A model that was not trained to call was not trained to report results either: it turns an
empty list into a full one. What the tools say of their results is true.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from agentkit.backends.base import Reply, Request
from agentkit.backends.decision import leaning
from agentkit.backends.reflex.backend import results_of
from agentkit.backends.reflex.dialogue import spoken_in_turns
from agentkit.backends.reflex.speech import answer, say
from agentkit.language import speaking

_WHY = "in the tools' own words: this model was not taught to tell of results"


async def told_by_tools(
    request: Request, write: Callable[[Request], Awaitable[Reply]]
) -> Reply:
    """Let a model call again where parts of the request are left, else word the results.

    Args:
        request: a conversation that ends in results.
        write: lets the model answer.
    """
    lean = leaning(request)
    reply = Reply()
    if lean is None or not lean.answers:
        reply = await write(replace(request, on_text=_unheard))
        # A fault goes back to the model, which mends its call.
        if reply.calls or reply.faults:
            return reply
    told = tell_results(request, _WHY, lean.left if lean else ())
    # What the model wrote, and where that was cut off, is not told.
    return replace(
        reply, text=told.text, failed=told.failed, reason=_WHY, finish_reason=""
    )


def tell_results(request: Request, reason: str, left: Sequence[str] = ()) -> Reply:
    """Tell the results that a conversation ends in, as the tools word them.

    Args:
        request: the conversation.
        reason: why they are told so.
        left: parts of the request that nothing was done about, which is told too.
    """
    results = results_of(request.conversation)
    said = [turn.text for turn in request.conversation if turn.role == "user"]
    language = spoken_in_turns(said)
    with speaking(language):
        text = answer(results, request.toolset)
    for part in left:
        undone = say("left_undone", language, request.toolset, words=part)
        text = f"{text}\n\n{undone}"
    request.on_text(text)
    failed = any(result.status == "error" for result in results)
    return Reply(text=text, failed=failed, reason=reason)


def _unheard(_: str) -> None:
    """Keep what the model writes from the user: it is not shown."""
