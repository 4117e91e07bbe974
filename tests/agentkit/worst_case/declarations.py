"""The same tools twice: with the roles that their arguments declare, and without."""

from __future__ import annotations

import typing
from collections.abc import Callable
from types import FunctionType
from typing import Any

from agentkit import Toolset, tool
from agentkit.tools import AnyTool


def undeclared(toolset: Toolset) -> Toolset:
    """Make the tools anew without roles, and without saying who writes their results."""
    return Toolset([_bare(one) for one in toolset])


def _bare(one: AnyTool) -> AnyTool:
    if one.foreign:
        return one  # of a server: it declares no roles
    function = typing.cast(FunctionType, one.function)
    plain = FunctionType(
        function.__code__,
        function.__globals__,
        one.name,
        function.__defaults__,
        function.__closure__,
    )
    plain.__doc__ = function.__doc__
    plain.__kwdefaults__ = function.__kwdefaults__
    plain.__annotations__ = typing.get_type_hints(function)  # without the extras
    called: Callable[..., Any] = plain
    return tool(effect=one.effect)(called)
