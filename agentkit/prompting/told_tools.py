"""Tools described in the instructions, for models and servers that take no tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from agentkit.messages import Conversation, Message
from agentkit.prompting.formats import PromptSettings, result_text
from agentkit.prompting.prompt_blocks import PromptBlocks
from agentkit.pythonic import format_calls
from agentkit.tools import AnyTool, Toolset

_HOW = (
    "You call functions to do what the user asks for. Answer with calls only, as "
    "[name(argument=value, ...)]. The functions:"
)


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


def short_instructions(conversation: Conversation, toolset: Toolset) -> str:
    """Describe the tools in as few words as a small model needs that was never taught them.

    Reading takes most of such a model's time: the documents in JSON are twice as long.

    Args:
        conversation: messages; what instructions it opens with come first.
        toolset: the tools.
    """
    opens = bool(conversation) and conversation[0].role == "system"
    said = [conversation[0].text] if opens else []
    tools = "\n".join(map(_signature, toolset))
    return "\n\n".join([*said, _HOW, tools])


def _signature(tool: AnyTool) -> str:
    """Write a tool as Python writes a function, with what its arguments are."""
    schema = tool.parameters
    needed = set(schema.get("required", ()))
    properties: dict[str, Any] = dict(schema.get("properties", {}))
    listed = [name if name in needed else f"{name}=None" for name in properties]
    head = f"{tool.name}({', '.join(listed)}): {tool.description}"
    lines = [_argument(n, facts, n in needed) for n, facts in properties.items()]
    return "\n".join([head, *lines])


def _argument(name: str, facts: Any, needed: bool) -> str:
    told = cast("Mapping[str, Any]", facts if isinstance(facts, Mapping) else {})
    kind = str(told.get("type", "any")) + ("" if needed else ", optional")
    options = [str(one) for one in told.get("enum") or ()]
    choice = f" One of: {', '.join(options)}." if options else ""
    return f"  {name} ({kind}): {told.get('description', '')}{choice}"


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
