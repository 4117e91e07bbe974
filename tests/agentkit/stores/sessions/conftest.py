"""A PostgreSQL server that the tests of one process share."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.agentkit.stores.sessions.postgres_server import (
    PostgresServer,
    postgres_server,
)


@pytest.fixture(scope="session")
def postgres() -> Generator[PostgresServer]:
    with postgres_server() as server:
        yield server
