"""Sessions sealed with a key of the system's keyring."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit import Agent, Context, Policy, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import StoreError
from agentkit.messages import assistant, user
from agentkit.outcomes import Done
from agentkit.stores.journal import Journal
from agentkit.stores.secrets import ACCOUNT, BEFORE, SERVICE, VARIABLE
from agentkit.stores.sessions import Sessions

pytest.importorskip("cryptography", reason="the extra 'encrypted' is not installed")
keyring = pytest.importorskip("keyring", reason="the extra 'encrypted' is missing")

from tests.keyrings import Ring  # noqa: E402 (after the skip: it imports keyring)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    """The system's keyring, for this test."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv(BEFORE, raising=False)
    before = keyring.get_keyring()
    found = Ring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    made = Sessions(tmp_path / "home")
    with made.create("trip") as session:
        session.begin((user("about marmalade"),))
        session.say(assistant("orange marmalade"))
        session.end(Done(text="orange marmalade"))
    return made


def words(sessions: Sessions) -> list[str]:
    return [m.text for m in sessions.transcript("trip").conversation]


def on_disk(sessions: Sessions) -> bytes:
    files = sessions.path.parent.glob("sessions.db*")
    return b"".join(path.read_bytes() for path in files)


def test_sealed_words_are_on_no_disk(sessions: Sessions, ring: Ring) -> None:
    """After sealing, no word and no title is left in the files; all is read as before."""
    assert b"marmalade" in on_disk(sessions)
    before = words(sessions)
    sessions.encrypt()
    assert b"marmalade" not in on_disk(sessions)
    assert words(sessions) == before
    assert sessions.find("trip").title == "about marmalade"
    assert sessions.sealed


def test_a_sealed_session_goes_on(sessions: Sessions, ring: Ring) -> None:
    """What is said after sealing is sealed, and new sessions are."""
    sessions.encrypt()
    with sessions.open("trip") as session:
        session.begin((user("more marmalade"),))
    with sessions.create() as session:
        session.begin((user("other marmalade"),))
    assert b"marmalade" not in on_disk(sessions)
    assert words(sessions)[-1] == "more marmalade"


def test_sealed_while_it_is_open(sessions: Sessions, ring: Ring) -> None:
    """A session that is open elsewhere while the file is sealed writes sealed, too."""
    with sessions.open("trip") as session:
        sessions.encrypt()
        session.begin((user("more marmalade"),))
    assert b"marmalade" not in on_disk(sessions)
    assert words(sessions)[-1] == "more marmalade"


@pytest.mark.parametrize(
    ("key", "told"),
    [
        pytest.param(None, "the key is missing", id="missing"),
        pytest.param("A" * 43 + "=", "the key is another one", id="wrong"),
        pytest.param("short", "is no key: it must be 32 bytes", id="no key"),
    ],
)
def test_without_the_right_key(
    sessions: Sessions, ring: Ring, key: str | None, told: str
) -> None:
    """A missing or wrong key is told; nothing is read, and nothing overwritten."""
    sessions.encrypt()
    right = ring.kept.pop((SERVICE, ACCOUNT))
    if key:
        ring.kept[SERVICE, ACCOUNT] = key
    before = on_disk(sessions)
    for attempt in (sessions.list, sessions.create, sessions.encrypt):
        with pytest.raises(StoreError, match=told):
            attempt()
    assert on_disk(sessions) == before
    ring.kept[SERVICE, ACCOUNT] = right
    assert words(sessions)[-1] == "orange marmalade"


def test_the_key_may_be_in_the_environment(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without a keyring reads with the key from the environment."""
    sessions.encrypt()
    monkeypatch.setenv(VARIABLE, ring.kept.pop((SERVICE, ACCOUNT)))
    assert words(sessions)[-1] == "orange marmalade"


def test_a_keyring_that_takes_nothing(sessions: Sessions, ring: Ring) -> None:
    """Where the key cannot be kept, nothing is sealed."""
    ring.locked = True
    with pytest.raises(StoreError, match="nothing was sealed"):
        sessions.encrypt()
    assert not sessions.sealed
    assert words(sessions)[-1] == "orange marmalade"


def test_a_new_key(sessions: Sessions, ring: Ring) -> None:
    """Sealing again takes another key; the old one opens nothing."""
    sessions.encrypt()
    old = ring.kept[SERVICE, ACCOUNT]
    sessions.encrypt()
    assert words(sessions)[-1] == "orange marmalade"
    assert list(ring.kept) == [(SERVICE, ACCOUNT)]
    ring.kept[SERVICE, ACCOUNT] = old
    with pytest.raises(StoreError, match="another one"):
        sessions.list()


def test_a_rotation_that_was_cut_off(sessions: Sessions, ring: Ring) -> None:
    """Between sealing and naming the new key, the new one is found all the same."""
    sessions.encrypt()
    old = ring.kept[SERVICE, ACCOUNT]
    sessions.encrypt()
    ring.kept[SERVICE, f"{ACCOUNT}-next"] = ring.kept[SERVICE, ACCOUNT]
    ring.kept[SERVICE, ACCOUNT] = old
    assert words(sessions)[-1] == "orange marmalade"


def test_in_the_open_again(sessions: Sessions, ring: Ring) -> None:
    """Unsealing keeps all, and forgets the key."""
    sessions.encrypt()
    sessions.decrypt()
    assert ring.kept == {}
    assert words(sessions)[-1] == "orange marmalade"
    assert b"marmalade" in on_disk(sessions)


@pytest.mark.parametrize("damage", ["changed", "moved", "in the open"])
def test_a_sealed_row_is_not_to_be_changed(
    sessions: Sessions, ring: Ring, damage: str
) -> None:
    """A value that was changed, moved or written in the open is kept aside."""
    sessions.encrypt()
    change = {
        "changed": "UPDATE messages SET body = zeroblob(60) WHERE number = 2",
        "moved": "UPDATE messages SET body = (SELECT body FROM messages WHERE "
        "number = 1) WHERE number = 2",
        "in the open": "UPDATE messages SET body = '{}' WHERE number = 2",
    }
    with sqlite3.connect(sessions.path) as connection:
        connection.execute(change[damage])
    connection.close()
    found = sessions.transcript("trip")
    assert [m.text for m in found.conversation] == ["about marmalade"]
    assert "messages trip 2" in found.damaged[0]


def test_equal_words_look_different(sessions: Sessions, ring: Ring) -> None:
    """The same text twice is not the same bytes twice."""
    with sessions.open("trip") as session:
        sessions.encrypt()
        session.begin((user("same"), user("same")))
    with sqlite3.connect(sessions.path) as connection:
        query = "SELECT body FROM messages ORDER BY number DESC LIMIT 2"
        first, second = connection.execute(query).fetchall()
    connection.close()
    assert first != second


def put(home: Path, thing: str) -> None:
    """Let a run do something, so that the journal tells of it."""

    @tool(effect="write")
    def shelve(thing: str) -> str:
        """Put something on the shelf."""
        return thing

    script = ScriptedBackend([f'[shelve(thing="{thing}")]', "Done."])
    agent = Agent(
        [shelve], script, context=Context(home=home), policy=Policy(provenance=False)
    )
    agent.run(f"Put {thing} on the shelf")
    assert agent.journal is not None
    agent.journal.close()


def journal_on_disk(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("journal.db*"))


def test_the_journal_is_sealed_too(sessions: Sessions, ring: Ring) -> None:
    """Arguments, requests and results of effects are on no disk, and are read."""
    home = sessions.path.parent
    put(home, "marmalade")
    assert b"marmalade" in journal_on_disk(home)
    sessions.encrypt()
    put(home, "honey")
    assert b"marmalade" not in journal_on_disk(home)
    assert b"honey" not in journal_on_disk(home)
    assert [e.result for e in Journal(home).entries()] == ["honey", "marmalade"]
    sessions.decrypt()
    assert [e.result for e in Journal(home).entries()] == ["honey", "marmalade"]
    assert b"marmalade" in journal_on_disk(home)


@pytest.mark.parametrize("gone", ["journal", "sessions"])
def test_a_file_that_is_made_new_is_sealed(
    gone: str, sessions: Sessions, ring: Ring
) -> None:
    """One that was lost or kept aside does not start in the open beside a sealed one."""
    home = sessions.path.parent
    sessions.encrypt()
    for path in home.glob(f"{gone}.db*"):
        path.unlink()
    put(home, "marmalade")
    with sessions.create("new") as session:
        session.begin((user("about marmalade"),))
    assert b"marmalade" not in journal_on_disk(home) + on_disk(sessions)


def test_without_the_key_nothing_is_done(sessions: Sessions, ring: Ring) -> None:
    """An effect that cannot be journaled, since the key is away, does not run."""
    home = sessions.path.parent
    put(home, "honey")
    sessions.encrypt()
    ring.kept.clear()
    with pytest.raises(StoreError, match="the key is missing"):
        put(home, "marmalade")


def test_a_rotation_cut_off_twice_loses_nothing(sessions: Sessions, ring: Ring) -> None:
    """The key that only its second name holds is not overwritten by the next one."""
    put(sessions.path.parent, "honey")
    sessions.encrypt()
    ring.refuses = ACCOUNT  # the new key gets its second name only
    with pytest.raises(StoreError):
        sessions.encrypt()
    with pytest.raises(StoreError):
        sessions.encrypt()
    ring.refuses = ""
    assert words(sessions)[-1] == "orange marmalade"
    sessions.encrypt()
    assert words(sessions)[-1] == "orange marmalade"
    assert [e.result for e in Journal(sessions.path.parent).entries()] == ["honey"]
    assert list(ring.kept) == [(SERVICE, ACCOUNT)]


def test_the_environment_hides_no_key(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old key in the environment does not stand before the right one in the keyring."""
    sessions.encrypt()
    monkeypatch.setenv(VARIABLE, ring.kept[SERVICE, ACCOUNT])
    sessions.encrypt()
    assert words(sessions)[-1] == "orange marmalade"


def test_a_keyring_that_keeps_nothing(sessions: Sessions, ring: Ring) -> None:
    """One that takes the key and does not give it back is found out first."""
    ring.forgets = True
    with pytest.raises(StoreError, match="does not give it back"):
        sessions.encrypt()
    assert not sessions.sealed


def test_what_was_kept_aside_is_sealed(sessions: Sessions, ring: Ring) -> None:
    """Damaged rows hold what was said, too."""
    with sqlite3.connect(sessions.path) as connection:
        connection.execute("UPDATE messages SET body = '{\"marmalade' WHERE number = 2")
    connection.close()
    assert sessions.transcript("trip").damaged
    sessions.encrypt()
    assert b"marmalade" not in on_disk(sessions)


def own_key(byte: bytes) -> str:
    return base64.b64encode(byte * 32).decode()


def test_a_key_of_the_environment_is_enough(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a keyring that takes anything, all is sealed, read and opened again."""
    home = sessions.path.parent
    put(home, "marmalade")
    ring.locked = True
    monkeypatch.setenv(VARIABLE, f"{own_key(b'k')}\n")
    assert VARIABLE in sessions.encrypt()
    assert b"marmalade" not in on_disk(sessions) + journal_on_disk(home)
    assert words(sessions)[-1] == "orange marmalade"
    sessions.decrypt()
    assert b"marmalade" in on_disk(sessions)
    assert ring.kept == {}


def test_the_given_key_is_in_no_file(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither its bytes nor its text are written anywhere in the home."""
    monkeypatch.setenv(VARIABLE, own_key(b"k"))
    sessions.encrypt()
    for path in sessions.path.parent.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        assert b"k" * 32 not in held
        assert own_key(b"k").encode() not in held


def test_a_given_key_gives_way_to_another(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the old key beside the new one, the new one is taken."""
    put(sessions.path.parent, "honey")
    monkeypatch.setenv(VARIABLE, own_key(b"a"))
    sessions.encrypt()
    monkeypatch.setenv(VARIABLE, own_key(b"b"))
    with pytest.raises(StoreError, match=BEFORE):
        sessions.encrypt()
    monkeypatch.setenv(BEFORE, own_key(b"a"))
    sessions.encrypt()
    monkeypatch.delenv(BEFORE)
    assert words(sessions)[-1] == "orange marmalade"
    assert [e.result for e in Journal(sessions.path.parent).entries()] == ["honey"]


@pytest.mark.parametrize("key", ["short", "not base64!", own_key(b"k")[:-8], "ü"])
def test_a_given_key_that_is_none(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """It is told how one is made, and the text is not shown; nothing is sealed."""
    monkeypatch.setenv(VARIABLE, key)
    with pytest.raises(StoreError, match="openssl rand -base64 32") as raised:
        sessions.encrypt()
    assert key not in str(raised.value)
    assert b"marmalade" in on_disk(sessions)


def test_another_machines_key_takes_over_the_keyrings(
    sessions: Sessions, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the keyring's key sealed is sealed anew with the one that is given."""
    sessions.encrypt()
    monkeypatch.setenv(VARIABLE, own_key(b"k"))
    sessions.encrypt()
    ring.kept.clear()
    assert words(sessions)[-1] == "orange marmalade"
