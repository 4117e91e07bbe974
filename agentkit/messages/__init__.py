"""Conversations: messages, calls and results, and the images in them."""

from agentkit.messages.conversation import (
    Call,
    Conversation,
    Dependency,
    Label,
    Message,
    Origin,
    Privacy,
    Question,
    Result,
    Role,
    Status,
    Trust,
    assistant,
    close_calls,
    system,
    tool_result,
    user,
)
from agentkit.messages.images import (
    Image,
)

__all__ = [
    "Call",
    "Conversation",
    "Dependency",
    "Image",
    "Label",
    "Message",
    "Origin",
    "Privacy",
    "Question",
    "Result",
    "Role",
    "Status",
    "Trust",
    "assistant",
    "close_calls",
    "system",
    "tool_result",
    "user",
]
