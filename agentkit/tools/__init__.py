"""Tools and toolsets: what a model may call."""

from agentkit.tools.decoration import tool
from agentkit.tools.definition import AnyTool, Effect, Tool, ToolLike
from agentkit.tools.toolset import PerToolset, Toolset

__all__ = ["AnyTool", "Effect", "PerToolset", "Tool", "ToolLike", "Toolset", "tool"]
