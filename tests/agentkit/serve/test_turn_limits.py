"""What a server does not take on is not begun, or ended: nothing goes on unseen."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agentkit import Toolset
from agentkit.backends import ScriptedBackend
from agentkit.messages import user
from tests.agentkit.serve.client_tool import WEATHER


@pytest.fixture
def one(tmp_path: Path) -> Any:
    """A user whose model asks for the weather."""
    pytest.importorskip("uvicorn")
    from tests.agentkit.serve.served import tenant

    backend = ScriptedBackend(["[get_weather(city='Paris')]"])
    return tenant(tmp_path / "home", backend, toolset=Toolset())


def test_a_request_too_many_begins_no_run(one: Any) -> None:
    """A client that is told to come again finds that nothing was done meanwhile."""
    from agentkit.serve.api_errors import ApiError
    from agentkit.serve.service import ServeLimits, Service
    from agentkit.serve.tenants import Tenants

    async def refused() -> tuple[int, int]:
        service = Service(Tenants([one]), ServeLimits(turns=0))
        request: Any = SimpleNamespace(state=SimpleNamespace(tenant=one))
        with pytest.raises(ApiError) as told:
            await service.turn(request, "assistant", (user("hi"),), [], {})
        return told.value.status, len(asyncio.all_tasks())

    assert asyncio.run(refused()) == (429, 1)


def test_a_run_too_many_that_would_wait_ends(one: Any) -> None:
    """A run whose client could not bring the result is not left asleep."""
    from agentkit.serve.api_errors import ApiError
    from agentkit.serve.assistant_runs import AssistantRuns

    async def refused() -> tuple[int, int]:
        said = (user("How is the weather in Paris?"),)
        pieces = await AssistantRuns(most=0).turn(one, said, [WEATHER], {})
        with pytest.raises(ApiError) as told:
            async for _ in pieces:
                pass
        return told.value.status, len(asyncio.all_tasks())

    assert asyncio.run(refused()) == (429, 1)


@pytest.mark.parametrize("way", ["closed", "dropped"])
def test_a_turn_that_nobody_reads_ends(one: Any, way: str) -> None:
    """A client that leaves before the first piece leaves no run, and its place is free."""
    from agentkit.serve.service import ServeLimits, Service
    from agentkit.serve.tenants import Tenants

    async def left() -> int:
        service = Service(Tenants([one]), ServeLimits(turns=1))
        request: Any = SimpleNamespace(state=SimpleNamespace(tenant=one))
        for _ in range(2):
            pieces = await service.turn(request, "assistant", (user("hi"),), [], {})
            if way == "closed":
                await pieces.aclose()
            del pieces
            for _ in range(100):
                await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert asyncio.run(left()) == 1
