"""Tools and toolsets: what a model may call."""

from agentkit.tools.definition import AnyTool, Effect, Tool, tool
from agentkit.tools.toolset import PerToolset, Toolset

__all__ = ["AnyTool", "Effect", "PerToolset", "Tool", "Toolset", "tool"]
