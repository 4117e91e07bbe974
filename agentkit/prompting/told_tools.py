"""Tools described in the instructions, for models and servers that take no tools."""

from __future__ import annotations

from dataclasses import replace

from agentkit.messages import Conversation, Message
from agentkit.prompting.formats import PromptSettings, result_text
from agentkit.prompting.prompt_blocks import PromptBlocks
from agentkit.pythonic import format_calls
from agentkit.tools import Toolset


def told_instructions(conversation: Conversation, toolset: Toolset) -> str:
    """Write instructions that describe the tools and how to call them.

    Args:
        conversation: messages; what instructions it opens with come first.
        toolset: the tools.
    """
    blocks = PromptBlocks(PromptSettings(), toolset)
    opens = bool(conversation) and conversation[0].role == "system"
    said = conversation[0].text if opens else blocks.default_instructions()
    return f"{said}\n\n{blocks.tools()}"


def told_conversation(conversation: Conversation, toolset: Toolset) -> Conversation:
    """Return a conversation in which calls and results are plain text.

    Tools are in the instructions, calls in what the assistant said, and results in turns
    of the user.
    """
    opens = bool(conversation) and conversation[0].role == "system"
    opening = conversation[0] if opens else Message("system", "")
    instructions = told_instructions(conversation, toolset)
    turns = conversation[int(opens) :]
    # Always one turn of the system first, whether or not the conversation had one.
    return (replace(opening, text=instructions), *map(_told, turns))


def _told(message: Message) -> Message:
    if message.calls:
        said = f"{message.text}{format_calls(message.calls)}"
        return replace(message, text=said, calls=())
    if message.result is not None:
        return replace(message, role="user", text=told_result(message), result=None)
    return message


def told_result(message: Message) -> str:
    """Say what a tool returned, to a model that knows no role for it."""
    name = message.result.name if message.result else ""
    return f"{name} returned: {result_text(message, None)}"
