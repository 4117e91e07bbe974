"""What type checkers must find: each marked line is a mistake, to mypy and to pyright.

Never run. `make lint` fails where a mark is not needed: then nobody found the mistake.
"""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
# ruff: noqa: F401, I001

from __future__ import annotations

from dataclasses import dataclass

import agentkit
import agentkit.backends
from agentkit import Agnet  # type: ignore[attr-defined]
from agentkit import Agent, Approval, Context, Outcome, Toolset, tool
from agentkit.backends import ScriptedBackend, ScriptedBakend  # type: ignore[attr-defined]
from agentkit.outcomes import NeedsAproval  # type: ignore[attr-defined]
from agentkit.errors import ToolEror  # type: ignore[attr-defined]
from agentkit.slots import Wen  # type: ignore[attr-defined]
from agentkit.stores.journal import Jurnal  # type: ignore[attr-defined]
from agentkit.stores.sessions import Sesions  # type: ignore[attr-defined]


@dataclass
class Shop:
    """What a tool is handed."""

    prices: dict[str, float]


@tool(effect="read")
def price(shop: Context[Shop], of: str) -> float:
    """Tell a price."""
    return float(shop.deps.prise[of])  # type: ignore[attr-defined]


class Desk:
    """Has a tool."""

    @tool(effect="read")
    def hours(self, day: str) -> str:
        """Tell the hours."""
        return day


@tool(effect="reed")  # type: ignore[call-overload,untyped-decorator]
def misread() -> str:
    """Look."""
    return ""


def wrong_words(outcome: Outcome, approval: Approval) -> None:
    """Take names for what they are not."""
    agentkit.run("Hello")  # type: ignore[attr-defined]
    agentkit.backends.Scripted  # type: ignore[attr-defined]  # noqa: B018
    outcome.pending  # type: ignore[union-attr]  # noqa: B018
    approval.preview = "other"  # type: ignore[misc]


def wrong_values(shop: Context[Shop]) -> None:
    """Pass what does not fit."""
    price(shop, 3)  # type: ignore[arg-type]
    Desk().hours(7)  # type: ignore[arg-type]
    Agent(tools=[3])  # type: ignore[list-item]
    Agent(tools=price)  # type: ignore[arg-type]
    Agent(tools=["price"])  # type: ignore[list-item]
    Toolset(4)  # type: ignore[arg-type]
    Agent(tools=[price], bakend="reflex")  # type: ignore[call-arg]
    Agent(approve=lambda approval: "no")  # type: ignore[arg-type,return-value]


async def wrong_time() -> None:
    """Forget to await."""
    outcome = Agent().arun("Hello")
    outcome.text  # type: ignore[attr-defined]  # noqa: B018
