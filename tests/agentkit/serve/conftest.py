"""Clients of a server that really listens, on loopback."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    import httpx

Serve: TypeAlias = "Callable[..., httpx.Client]"


@pytest.fixture
def serve(tmp_path: Path) -> Generator[Serve]:
    """Serve one user; the client has their token."""
    pytest.importorskip("uvicorn")
    import httpx

    from tests.agentkit.serve.served import TOKEN, serving, tenant

    with ExitStack() as stack:

        def started(*backends: Any, limits: Any = None, **more: Any) -> httpx.Client:
            one = tenant(tmp_path / "home", *backends, **more)
            url = stack.enter_context(serving(one, limits=limits))
            headers = {"Authorization": f"Bearer {TOKEN}"}
            client = httpx.Client(base_url=url, headers=headers, timeout=60)
            return stack.enter_context(client)

        yield started
