"""Servers that fail: told in words, and nothing lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agentkit import Context, ToolError
from tests.tools.dav.conftest import Radicale, Sync, event, write
from tests.tools.dav.meddler import Script, start

pytestmark = pytest.mark.slow


@pytest.fixture
def meddled(online: Context, server: Radicale) -> Iterator[tuple[Context, Script]]:
    """Give a home whose server fails as its script says."""
    proxy, script = start(server.port)
    table = {
        **online.packs["caldav"],
        "url": f"http://127.0.0.1:{proxy.server_address[1]}/{server.user}/",
        "timeout": 60,
    }
    try:
        yield replace(online, packs={"caldav": table}), script
    finally:
        script.heal()
        proxy.shutdown()
        proxy.server_close()


def hurried(context: Context, how: dict[str, Any]) -> Context:
    """Wait for a second only where nothing is to come; any request may take one."""
    silent = how.get("fault") == "stall"
    table = {**context.packs["caldav"], "timeout": 1}
    return replace(context, packs={"caldav": table}) if silent else context


BROKEN: list[Any] = [
    pytest.param({"fault": "drop"}, "the connection failed", id="drops"),
    pytest.param({"fault": "drop-after"}, "the connection failed", id="drops-late"),
    pytest.param({"fault": "stall"}, "did not answer within 1 s", id="stalls"),
    pytest.param({"status": 401}, "user name or the password", id="401"),
    pytest.param({"status": 500}, "it failed inside", id="500"),
    pytest.param({"status": 503}, "not available now", id="503"),
    pytest.param({"status": 507}, "its storage is full", id="507"),
    pytest.param(
        {"status": 301, "headers": {"Location": "/x"}}, "it has moved", id="301"
    ),
]


@pytest.mark.parametrize(("how", "words"), BROKEN)
def test_a_write_that_fails_is_done_once_the_server_works(
    meddled: tuple[Context, Script],
    server: Radicale,
    sync: Sync,
    how: dict[str, Any],
    words: str,
) -> None:
    """The error names server and reason; the event is there once afterwards."""
    context, script = meddled
    write(context, "calendar/b.ics", event("b", "Dinner"))
    script.fail("PUT", **how)
    with pytest.raises(ToolError, match=words) as told:
        sync(hurried(context, how))
    assert "127.0.0.1" in str(told.value)
    script.heal()
    done = sync(context)
    assert (done.problems, done.conflicts) == ([], [])
    assert server.names("Work") == ["b.ics"]
    assert [one.name for one in context.home.rglob("*.ics")] == ["b.ics"]


SINGLE = [400, 403, 413, 415, 423]


@pytest.mark.parametrize("status", SINGLE)
def test_one_entry_that_is_refused_does_not_stop_the_others(
    meddled: tuple[Context, Script], server: Radicale, sync: Sync, status: int
) -> None:
    """The refused one is named and waits; the others go up."""
    context, script = meddled
    sync(context)
    for name in ("a", "b"):
        write(context, f"calendar/work/{name}.ics", event(name, name.upper()))
    script.fail("PUT", status=status, times=1)
    done = sync(context)
    assert done.sent == ["B"]
    assert f"answered {status}" in done.problems[0]
    assert sync(context).sent == ["A"]


READING: list[Any] = [
    pytest.param("PROPFIND", {"fault": "drop"}, "the connection failed", id="drop"),
    pytest.param("PROPFIND", {"fault": "stall"}, "did not answer", id="stall"),
    pytest.param("PROPFIND", {"fault": "half"}, "the connection failed", id="half"),
    pytest.param("PROPFIND", {"status": 403}, "does not allow", id="403"),
    pytest.param("PROPFIND", {"status": 404}, "nothing at that address", id="404"),
    pytest.param(
        "PROPFIND",
        {"status": 207, "body": b"<a>", "headers": {"Content-Type": "text/xml"}},
        "no XML",
        id="garbage",
    ),
    pytest.param(
        "PROPFIND",
        {"status": 200, "body": b"<html><body>Log in</body></html>"},
        "did not answer as a calendar",
        id="html",
    ),
    pytest.param(
        "PROPFIND",
        {"status": 302, "headers": {"Location": "https://evil.example/dav/"}},
        "points to https://evil.example",
        id="elsewhere",
    ),
    pytest.param(
        "PROPFIND",
        {"status": 302, "headers": {"Location": "/same/"}},
        "it has moved",
        id="in-circles",
    ),
    pytest.param("REPORT", {"fault": "half"}, "the connection failed", id="half-list"),
    pytest.param("REPORT", {"status": 500}, "it failed inside", id="list-500"),
]


@pytest.mark.parametrize(("method", "how", "words"), READING)
def test_a_reading_that_fails_changes_nothing(
    meddled: tuple[Context, Script],
    server: Radicale,
    sync: Sync,
    method: str,
    how: dict[str, Any],
    words: str,
) -> None:
    """The error says why; no file and no entry is gone."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    sync(context)
    server.put("Work/a.ics", event("a", "Coffee"))
    write(context, "calendar/work/b.ics", event("b", "Dinner"))
    script.fail(method, **how)
    with pytest.raises(ToolError, match=words):
        sync(hurried(context, how))
    assert len(list((context.home / "calendar/work").glob("*.ics"))) == 2
    script.heal()
    done = sync(context)
    assert (done.came, done.sent, done.removed) == (["Coffee"], ["Dinner"], [])


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<m:multistatus xmlns:m="DAV:"><m:x>&b;</m:x></m:multistatus>'
)


def test_entities_are_not_expanded(meddled: tuple[Context, Script], sync: Sync) -> None:
    """XML with a document type is refused before it is read."""
    context, script = meddled
    headers = {"Content-Type": "application/xml"}
    script.fail("PROPFIND", status=207, body=BOMB, headers=headers)
    with pytest.raises(ToolError, match="document type"):
        sync(context)


def test_an_endless_answer_is_cut_off(
    meddled: tuple[Context, Script], sync: Sync
) -> None:
    """An answer of more than 32 MB is not read to its end."""
    context, script = meddled
    script.fail("PROPFIND", status=207, body=b" " * (33 * 1024 * 1024))
    with pytest.raises(ToolError, match="more than 32 MB"):
        sync(context)


@pytest.mark.parametrize(
    ("status", "condition"),
    [(403, "valid-sync-token"), (409, "valid-sync-token"), (507, "number-of-matches")],
)
def test_a_token_that_expired_is_done_without(
    meddled: tuple[Context, Script],
    server: Radicale,
    sync: Sync,
    status: int,
    condition: str,
) -> None:
    """The server no longer knows what changed since then: all is compared."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    server.put("Work/b.ics", event("b", "Dinner"))
    sync(context)
    server.put("Work/a.ics", event("a", "Coffee"))
    server.delete("Work/b.ics")
    body = f'<D:error xmlns:D="DAV:"><D:{condition}/></D:error>'.encode()
    headers = {"Content-Type": "text/xml"}
    script.fail("REPORT", status=status, body=body, headers=headers, times=1)
    done = sync(context)
    assert (done.came, done.gone, done.problems) == (["Coffee"], ["Dinner"], [])


def test_a_server_without_sync_tokens_is_listed(
    meddled: tuple[Context, Script], server: Radicale, sync: Sync
) -> None:
    """Both ways of asking refused, the ETags of all entries are compared."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    script.fail("REPORT", status=501, times=1)
    assert sync(context).came == ["Tea"]
    server.delete("Work/a.ics")
    script.fail("REPORT", status=501, times=2)
    assert sync(context).gone == ["Tea"]


def test_a_change_between_reading_and_writing_is_merged(
    meddled: tuple[Context, Script], server: Radicale, sync: Sync
) -> None:
    """412: the server's new version is read, and both changes are kept."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    sync(context)
    write(context, "calendar/work/a.ics", event("a", "Coffee"))
    script.fail("PUT", status=412, times=1)
    done = sync(context)
    assert (done.sent, done.conflicts) == (["Coffee"], [])
    assert "SUMMARY:Coffee" in server.get("Work/a.ics")


def test_a_server_that_always_says_412_is_told(
    meddled: tuple[Context, Script], server: Radicale, sync: Sync
) -> None:
    """It is not tried for ever, and never written without a condition."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    sync(context)
    write(context, "calendar/work/a.ics", event("a", "Coffee"))
    script.fail("PUT", status=412)
    done = sync(context)
    assert "'Coffee' did not go up" in done.problems[0]
    assert "SUMMARY:Coffee" in (context.home / "calendar/work/a.ics").read_text()


def test_a_deletion_whose_answer_was_lost_is_done(
    meddled: tuple[Context, Script], server: Radicale, sync: Sync
) -> None:
    """The next exchange finds that the entry is gone on both sides."""
    context, script = meddled
    server.put("Work/a.ics", event("a", "Tea"))
    sync(context)
    (context.home / "calendar/work/a.ics").unlink()
    script.fail("DELETE", fault="drop-after")
    with pytest.raises(ToolError, match="the connection failed"):
        sync(context)
    script.heal()
    done = sync(context)
    assert (done.came, done.removed, done.problems) == ([], [], [])
    assert server.names("Work") == []


def test_the_password_is_in_no_error(
    meddled: tuple[Context, Script], sync: Sync
) -> None:
    """Neither the message nor its causes show it."""
    context, script = meddled
    script.fail("PROPFIND", status=401)
    with pytest.raises(ToolError) as told:
        sync(context)
    cause: BaseException | None = told.value
    while cause:
        assert "s3cret" not in repr(cause)
        cause = cause.__cause__
