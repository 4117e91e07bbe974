"""What goes up, what comes down, on a real server."""

from __future__ import annotations

import pytest

from agentkit import Context
from tests.tools.dav.conftest import Radicale, Sync, event, write

pytestmark = pytest.mark.slow


def test_an_event_of_the_server_comes(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """An event on the server is a file here."""
    server.put("Work/a.ics", event("a", "Tea"))
    done = sync(online)
    assert (done.came, done.sent, done.problems) == (["Tea"], [], [])
    assert "SUMMARY:Tea" in (online.home / "calendar/work/a.ics").read_text()


def test_a_new_event_goes_up_once(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """An event made here is on the server after one exchange, and stays one."""
    write(online, "calendar/b.ics", event("b", "Dinner"))
    assert sync(online).sent == ["Dinner"]
    done = sync(online)
    assert (done.came, done.sent, done.problems) == ([], [], [])
    assert server.names("Work") == ["b.ics"]
