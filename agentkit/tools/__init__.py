"""Tools and toolsets: what a model may call."""

from agentkit.tools.definition import AnyTool, Effect, Tool, tool
from agentkit.tools.per_toolset import PerToolset
from agentkit.tools.toolset import Toolset

__all__ = ["AnyTool", "Effect", "PerToolset", "Tool", "Toolset", "tool"]
