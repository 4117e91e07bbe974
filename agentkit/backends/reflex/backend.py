"""`ReflexBackend`: answers from rules, at once, and leaves what is unclear."""

from __future__ import annotations

from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex.answering import answer
from agentkit.backends.reflex.compiled import compile_toolset
from agentkit.backends.reflex.dialogue import read_dialogue
from agentkit.backends.reflex.planning import plan
from agentkit.messages import Conversation, Result

LONGEST_TEXT = 2000


class ReflexBackend:
    """The rules-first backend: no model, no weights, the same answer every time.

    It lays the request beside the sentences that the tools declare, fills typed
    slots, asks for what is missing, and abstains when no tool fits well enough.

    Attributes:
        name: short name, as in `--backend NAME`.
        on_device: True; nothing leaves the device.
        reads_all_tools: True; a long toolset costs it nothing, so none is left out.
    """

    name = "reflex"
    on_device = True
    reads_all_tools = True

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn."""
        conversation, toolset = request.conversation, request.toolset
        text = _last_request(conversation)
        if len(text) > LONGEST_TEXT:
            return _abstain(
                f"the request has {len(text)} characters; rules read {LONGEST_TEXT}"
            )
        kit = compile_toolset(toolset)
        reading = read_dialogue(conversation, toolset, kit, request.context)
        if not reading.drafts:
            return _abstain(reading.unclear)
        results = results_of(conversation)
        step = plan(reading.drafts, results, toolset, kit)
        reason = "; ".join(dict.fromkeys(step.reasons))
        if step.question:
            return Reply(text=step.question.text, question=step.question, reason=reason)
        if step.calls:
            return Reply(calls=step.calls, reason=reason)
        said = answer(results, toolset)
        request.on_text(said)
        failed = any(result.status == "error" for result in results)
        return Reply(text=said, failed=failed, reason="every call has its result")


def results_of(conversation: Conversation) -> tuple[Result, ...]:
    """List the results since the user last spoke."""
    found: list[Result] = []
    for message in reversed(conversation):
        if message.role == "user":
            break
        if message.result is not None:
            found.append(message.result)
    return tuple(reversed(found))


def _last_request(conversation: Conversation) -> str:
    for message in reversed(conversation):
        if message.role == "user":
            return message.text
    return ""


def _abstain(reason: str) -> Reply:
    return Reply(abstained=True, reason=reason)
