"""What a tool takes as a secret is in no file: neither session, journal nor approval."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from agentkit import (
    Agent,
    Approval,
    Approved,
    Context,
    Done,
    NeedsApproval,
    NeedsInput,
    Toolset,
    tool,
)
from agentkit.backends import ScriptedBackend
from agentkit.messages import Label, ToolCall, ToolResult, assistant, tool_result, user
from agentkit.messages.secret_text import SecretText
from agentkit.stores.sessions import Sessions, from_json, to_json

WORD = "hunter2-kestrel"
GIVEN: list[str] = []


class Login(BaseModel):
    user: str
    password: SecretStr


@tool(effect="write", untrusted=False)
def log_in(login: Login, pin: SecretStr | None = None) -> str:
    """Log in."""
    GIVEN.append(login.password.get_secret_value())
    return f"logged in with {login.password.get_secret_value()}"


@tool(effect="send", untrusted=False)
def set_password(site: str, password: SecretStr) -> str:
    """Set a password."""
    GIVEN.append(password.get_secret_value())
    return "set"


@tool(effect="write", untrusted=False)
def keep_keys(keys: Annotated[list[SecretStr], Field(min_length=1)]) -> int:
    """Keep keys."""
    GIVEN.extend(key.get_secret_value() for key in keys)
    return len(keys)


@pytest.fixture(autouse=True)
def _nothing_given() -> None:
    GIVEN.clear()


def _yes(_: Approval) -> bool:
    return True


def written(home: Path) -> bytes:
    """Return all bytes of all files below a folder."""
    return b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())


def agent(home: Path, *script: str, **options: Any) -> Agent[Any]:
    return Agent(
        tools=[log_in, set_password, keep_keys],
        backend=ScriptedBackend([*script, "Done."]),
        context=Context(home=home),
        session="s",
        **options,
    )


CALLS = {
    "in a model": f"[log_in(login={{'user': 'ana', 'password': '{WORD}'}})]",
    "an argument": f"[set_password(site='a.org', password='{WORD}')]",
    "in a list": f"[keep_keys(keys=['{WORD}'])]",
    "where it may be left out": f"[log_in(login={{'user': 'ana', 'password': 'x'}}, "
    f"pin='{WORD}')]",
    "a bad call": f"[set_password(password='{WORD}')]",
    "beside others": f"[keep_keys(keys=['abcd', '{WORD}']), "
    f"log_in(login={{'user': 'ana', 'password': '{WORD}'}})]",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_file_has_it(call: str, tmp_path: Path) -> None:
    """The tool gets it, and the request, the result and the answer are kept without."""
    said = f"My password is {WORD}, please use it"
    runs = agent(tmp_path, call, approve=_yes)
    outcome = runs.run(said)
    assert isinstance(outcome, Done)
    assert WORD.encode() not in written(tmp_path)
    assert b"please use it" in written(tmp_path)
    assert WORD in said
    if "bad" not in call and "site=" in call:
        assert GIVEN == [WORD]


def test_the_model_still_sees_it(tmp_path: Path) -> None:
    """Within the run it is what the model wrote."""
    backend = ScriptedBackend([CALLS["an argument"], "Done."])
    Agent(tools=[set_password], backend=backend, approve=_yes).run(f"Set {WORD}")
    (call,) = backend.requests[1].conversation[1].calls
    assert call.arguments["password"] == WORD
    assert WORD not in repr(call)


def test_what_waits_in_memory_goes_on(tmp_path: Path) -> None:
    """The preview hides it, and a yes runs the call with it."""
    runs = agent(tmp_path, CALLS["an argument"])
    paused = runs.run(f"Set {WORD}")
    assert isinstance(paused, NeedsApproval)
    assert WORD not in paused.pending[0].preview
    assert WORD.encode() not in written(tmp_path)
    assert isinstance(runs.resume(paused, approve=True), Done)
    assert GIVEN == [WORD]


@pytest.mark.parametrize("way", ["session", "JSON"])
def test_what_waits_in_a_file_asks_for_it(way: str, tmp_path: Path) -> None:
    """It was not kept: the user is asked, and nothing runs with what stands for it."""
    paused = agent(tmp_path, CALLS["an argument"]).run(f"Set {WORD}")
    assert isinstance(paused, NeedsApproval)
    document = to_json(paused)
    assert WORD not in document
    again = agent(tmp_path)
    read = from_json(document, NeedsApproval) if way == "JSON" else None
    outcome = again.resume(read, approve=True)
    assert isinstance(outcome, NeedsInput)
    assert "password is secret, and was not kept" in outcome.text
    assert GIVEN == []


def test_another_secret_is_another_effect(tmp_path: Path) -> None:
    """The same is done once, and what differs in a secret alone is not the same."""
    one, two = (f"[set_password(site='a', password='{w}')]" for w in ("one1", "two2"))
    runs = agent(tmp_path, one, two, one, approve=_yes)
    runs.run("Set one1, then two2, on a")
    assert GIVEN == ["one1", "two2"]


def test_what_the_user_changes_is_kept_out_too(tmp_path: Path) -> None:
    """An edited secret is marked as the model's is."""

    def approve(approval: Approval) -> Approved:
        return Approved({**approval.call.arguments, "password": "edited-word"})

    agent(tmp_path, CALLS["an argument"], approve=approve).run(f"Set {WORD}")
    assert GIVEN == ["edited-word"]
    assert b"edited-word" not in written(tmp_path)


def test_documents_say_it_by_their_format() -> None:
    """`format: password` of a plain document is a secret."""
    document = {
        "name": "unlock",
        "parameters": {
            "type": "object",
            "properties": {"code": {"type": "string", "format": "password"}},
        },
    }
    (made,) = Toolset.from_schemas([document])
    from agentkit import ToolCall

    marked = made.marked(ToolCall("unlock", {"code": WORD, "more": "x"}))
    assert isinstance(marked.arguments["code"], SecretText)
    assert not isinstance(marked.arguments["more"], SecretText)


def test_a_damaged_message_shifts_no_other(tmp_path: Path) -> None:
    """Where one before the call was set aside, the request is still the one rewritten."""
    sessions = Sessions(tmp_path)
    with sessions.create("s") as session:
        session.begin((user(f"Use {WORD}"),))
        session.say(assistant(calls=(ToolCall("keep_keys", {"keys": []}),)))
        session.say(
            tool_result(ToolResult(ToolCall("keep_keys"), "done"), Label("tool"))
        )
    with closing(sqlite3.connect(sessions.path)) as file, file:
        file.execute("UPDATE messages SET body = '{' WHERE number = 2")
    with sessions.open("s") as session:
        call = ToolCall("set_password", {"password": SecretText(WORD)})
        session.say(assistant(calls=(call,)))
    with closing(sqlite3.connect(sessions.path)) as file:
        rows = file.execute("SELECT number, body FROM messages ORDER BY number")
        kept = dict(rows.fetchall())
    assert list(kept) == [1, 3, 4]
    assert not [number for number, body in kept.items() if WORD in body]
