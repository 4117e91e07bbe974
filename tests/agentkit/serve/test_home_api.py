"""What the page asks: talks, answers to what waits, the journal, what left, what rings."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit import Toolset, tool
from agentkit.backends import ScriptedBackend
from agentkit.stores.sessions import Sessions

if TYPE_CHECKING:
    import httpx

    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

_SEND = "send a message to bob@example.org: hello there"


def events(answer: httpx.Response) -> list[dict[str, Any]]:
    lines = answer.text.splitlines()
    return [json.loads(line[5:]) for line in lines if line.startswith("data:")]


def say(client: httpx.Client, talk: str, text: str) -> list[dict[str, Any]]:
    answer = client.post(f"/api/sessions/{talk}/say", json={"text": text})
    assert answer.status_code == 200, answer.text
    return events(answer)


def begin(client: httpx.Client) -> str:
    return str(client.post("/api/sessions").json()["id"])


def test_a_talk_is_kept_listed_and_deleted(serve: Serve) -> None:
    """What was said is there when the page is opened again, until it is deleted."""
    client = serve()
    talk = begin(client)
    assert say(client, talk, "15 % of 80")[-1]["outcome"] == "done"
    kept = client.get(f"/api/sessions/{talk}").json()
    assert [m["role"] for m in kept["messages"]] == ["user", "tool", "assistant"]
    assert [one["id"] for one in client.get("/api/sessions").json()["sessions"]] == [
        talk
    ]
    assert client.delete(f"/api/sessions/{talk}").json() == {"deleted": True}
    assert client.get(f"/api/sessions/{talk}").status_code == 400


def decide(client: httpx.Client, talk: str, **decision: Any) -> httpx.Response:
    body = {"decisions": [decision]}
    return client.post(f"/api/sessions/{talk}/decide", json=body)


def test_a_yes_is_bound_to_what_was_shown(serve: Serve) -> None:
    """An answer about another preview carries nothing out."""
    client = serve()
    talk = begin(client)
    (asked,) = say(client, talk, _SEND)[-1]["pending"]
    other = decide(client, talk, approve=True, preview="Send to eve: all of it")
    assert events(other)[-1]["type"] == "fault"
    told = decide(client, talk, approve=True, preview=asked["preview"])
    assert events(told)[-1]["outcome"] == "done"
    again = decide(client, talk, approve=True, preview=asked["preview"])
    assert (again.status_code, again.json()["error"]["code"]) == (409, "nothing_waits")


def test_a_talk_in_use_elsewhere_is_told(serve: Serve, tmp_path: Path) -> None:
    """A terminal that has the same conversation open keeps it."""
    client = serve()
    talk = begin(client)
    with Sessions(tmp_path / "home").open(talk):
        answer = client.post(f"/api/sessions/{talk}/say", json={"text": "hi"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "session_held")


def test_what_was_done_is_listed_and_taken_back(serve: Serve) -> None:
    """An entry says whether it can be taken back, and is, once."""
    client = serve()
    say(client, begin(client), "add milk to the shopping list")
    (entry,) = client.get("/api/journal").json()["entries"]
    assert entry["can_undo"]
    path = f"/api/journal/{entry['number']}/undo"
    assert client.post(path).json()["done"]
    assert not client.get("/api/journal").json()["entries"][0]["can_undo"]
    assert client.post("/api/journal/99/undo").status_code == 400


def test_a_call_without_words_of_its_own_is_listed_as_it_was_written(
    serve: Serve,
) -> None:
    """A tool that words no result is told by its call, which a person can read."""

    @tool(effect="write")
    def put(what: str) -> None:
        """Put it down.

        Args:
            what: any words.
        """

    backend = ScriptedBackend(["[put(what='milk')]", "Done."])
    client = serve(backend, toolset=Toolset(put))
    say(client, begin(client), "put milk down")
    (entry,) = client.get("/api/journal").json()["entries"]
    assert entry["said"] == "put(what='milk')"


def test_undo_of_a_new_home_is_refused(serve: Serve) -> None:
    """Where nothing was done yet, an entry that is asked for is the client's mistake."""
    answer = serve().post("/api/journal/1/undo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        400,
        "invalid_request",
    )


def test_nothing_left(serve: Serve) -> None:
    """Rules on this device send nothing anywhere."""
    client = serve()
    say(client, begin(client), "what time is it?")
    assert client.get("/api/egress").json() == {"entries": [], "all": 0}


def test_what_is_due_rings_in_the_page(serve: Serve) -> None:
    """A reminder that becomes due is told to an open page, by its words."""
    client = serve()
    say(client, begin(client), "remind me to stretch in 2 seconds")
    with client.stream("GET", "/api/rings") as told:
        lines = (line for line in told.iter_lines() if line.startswith("data:"))
        ring = json.loads(next(lines)[5:])
    assert (ring["type"], ring["title"]) == ("ring", "stretch")


def test_where_another_program_rings_is_told(serve: Serve, tmp_path: Path) -> None:
    """Nothing rings twice: the page says that it rings elsewhere."""
    from agentkit.bells.watcher import watching

    client = serve()
    begin(client)
    with watching(tmp_path / "home"), client.stream("GET", "/api/rings") as told:
        lines = (line for line in told.iter_lines() if line.startswith("data:"))
        assert json.loads(next(lines)[5:])["type"] == "elsewhere"


BAD: dict[str, tuple[str, Any]] = {
    "no text": ("say", {"text": ""}),
    "a field too much": ("say", {"text": "hi", "approve": True}),
    "no decision": ("decide", {"decisions": []}),
    "a decision without its preview": ("decide", {"decisions": [{"approve": True}]}),
    "no object": ("say", []),
}


@pytest.mark.parametrize(("verb", "body"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_told(serve: Serve, verb: str, body: Any) -> None:
    """A request of the wrong shape is a fault of the client's."""
    client = serve()
    answer = client.post(f"/api/sessions/{begin(client)}/{verb}", json=body)
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["none", "..", "a" * 100, "%2e%2e%2fetc"])
def test_a_talk_that_is_not_there(serve: Serve, name: str) -> None:
    """A name that is no talk opens nothing."""
    assert serve().get(f"/api/sessions/{name}").status_code in (400, 404)


def test_a_talk_that_waits_for_the_disk_holds_up_nobody(
    serve: Serve, tmp_path: Path
) -> None:
    """While one request waits for another program's change, others are answered."""
    client = serve()
    begin(client)
    file = tmp_path / "home" / "sessions.db"
    with ThreadPoolExecutor(1) as aside, closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = aside.submit(begin, client)
        for _ in range(20):
            assert client.get("/health").status_code == 200
        assert not waiting.done()
        other.rollback()
        assert waiting.result()
