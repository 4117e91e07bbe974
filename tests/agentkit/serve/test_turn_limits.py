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

_WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


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
        pieces = await AssistantRuns(most=0).turn(one, said, [_WEATHER], {})
        with pytest.raises(ApiError) as told:
            async for _ in pieces:
                pass
        return told.value.status, len(asyncio.all_tasks())

    assert asyncio.run(refused()) == (429, 1)
