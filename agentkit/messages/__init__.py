"""Conversations: messages, calls and results, and the images in them."""

from agentkit.messages.conversation import (
    Conversation,
    Dependency,
    Label,
    Message,
    Origin,
    Privacy,
    Question,
    Role,
    Status,
    ToolCall,
    ToolResult,
    Trust,
    assistant,
    close_calls,
    shown_files,
    system,
    tool_result,
    user,
)
from agentkit.messages.images import (
    Image,
)

__all__ = [
    "Conversation",
    "Dependency",
    "Image",
    "Label",
    "Message",
    "Origin",
    "Privacy",
    "Question",
    "Role",
    "Status",
    "ToolCall",
    "ToolResult",
    "Trust",
    "assistant",
    "close_calls",
    "shown_files",
    "system",
    "tool_result",
    "user",
]
