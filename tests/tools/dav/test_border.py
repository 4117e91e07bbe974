"""Settings, names and invites: what needs no server."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from agentkit import ConfigError, Context, InputNeeded, ToolError
from agentkit.discovery import installed_tools
from agentkit_tools._dav.account import account_of, password_of
from agentkit_tools._dav.entries import SyncEntry, file_name, folder_name, read_entry
from agentkit_tools._dav.schedule_agent import outgoing
from agentkit_tools._store.blocks import split_blocks
from agentkit_tools._store.itip import scheduling
from agentkit_tools.sync import settle_conflict, sync_calendar
from tests.tools.dav.conftest import event, write


def test_without_settings_nothing_is_done(context: Context) -> None:
    """The message says which table is missing, before and in the call."""
    with pytest.raises(ToolError, match=r"\[packs.caldav\]"):
        sync_calendar.invoke(sync_calendar.check({}, context))
    assert sync_calendar.preview is not None
    assert "[packs.caldav]" in sync_calendar.preview(context)
    assert not context.home.exists()


WRONG: list[Any] = [
    pytest.param({"url": "http://dav.example/", "user": "a"}, "packs.caldav.url", "https",
                 id="no-tls"),
    pytest.param({"url": "ftp://dav.example/", "user": "a"}, "packs.caldav.url",
                 "no address", id="scheme"),
    pytest.param({"url": "https://a:b@dav.example/", "user": "a"}, "packs.caldav.url",
                 "name or password", id="password-in-url"),
    pytest.param({"url": "https://dav.example/"}, "packs.caldav.user", "required",
                 id="no-user"),
    pytest.param({"url": "https://dav.example/", "user": "a", "pasword": "x"},
                 "packs.caldav.pasword", "not permitted", id="unknown-key"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "key", "words"), WRONG)
def test_a_wrong_setting_is_named(
    context: Context, table: dict[str, Any], key: str, words: str
) -> None:
    """The error names the key and says what is wrong."""
    with pytest.raises(ConfigError, match=words) as told:
        account_of(replace(context, packs={"caldav": table}))
    assert key in str(told.value)


def test_loopback_needs_no_tls(context: Context) -> None:
    """A server on this device is reached without it."""
    table = {"url": "http://127.0.0.1:5232/", "user": "a"}
    found = account_of(replace(context, packs={"caldav": table}))
    assert found.host == "127.0.0.1:5232"


def test_a_missing_password_is_told(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the variable and the keyring's entry."""
    monkeypatch.delenv("AGENTKIT_CALDAV_PASSWORD")
    table = {"url": "https://dav.example/", "user": "no-such-user"}
    account = account_of(replace(context, packs={"caldav": table}))
    with pytest.raises(ToolError, match="AGENTKIT_CALDAV_PASSWORD"):
        password_of(account)


@pytest.mark.parametrize(
    "uid", ["../../up", "a/b", "con", "", ".hidden", "x" * 300, "a\nb", "ä", "a..b"]
)
def test_an_odd_uid_becomes_a_harmless_name(uid: str) -> None:
    """Nothing of it that could be a path is used."""
    name = file_name(uid, ".ics")
    assert name.removesuffix(".ics").isalnum()
    assert len(name) < 120


def test_two_entries_never_share_a_file() -> None:
    """A name in use, in whatever case, gets a number."""
    assert file_name("A", ".ics", {"a.ics"}) == "A-2.ics"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("My Work!", "my-work"), ("Überblick", "uberblick"), ("../x", "x")],
)
def test_a_collection_gets_a_readable_folder(name: str, wanted: str) -> None:
    """The name that people see, reduced to harmless letters."""
    assert folder_name(name) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not one whole calendar"),
        (event("a") + event("b"), "not one whole calendar"),
        (event("a").replace("UID:a\r\n", ""), "without a UID"),
        (event("a").replace("END:VEVENT\r\n", ""), "no whole entry"),
        (event("a") + "\0", "no text"),
        (event("a") + "x" * 9_000_000, "larger than 8 MB"),
    ],
    ids=["empty", "two", "no-uid", "cut-off", "bytes", "large"],
)
def test_what_is_no_entry_is_named(text: str, reason: str) -> None:
    """The reason is told to people."""
    found = read_entry("calendar", text)
    assert isinstance(found, str)
    assert reason in found


ME = "kim@berg.example"
PARTY = event(
    "p",
    **{"ORGANIZER": f"mailto:{ME}", "ATTENDEE;CN=Ana": "mailto:ana@kos.example"},
)


def test_the_server_does_not_invite_whom_the_outbox_invites() -> None:
    """A guest of one's own event is marked."""
    assert "ATTENDEE;SCHEDULE-AGENT=CLIENT;CN=Ana:mailto:ana" in outgoing(PARTY, "", ME)


def test_the_server_does_not_answer_what_the_outbox_answers() -> None:
    """In somebody else's event the organizer is marked, the guests are not."""
    found = outgoing(PARTY, "", "ana@kos.example")
    assert f"ORGANIZER;SCHEDULE-AGENT=CLIENT:mailto:{ME}" in found
    assert "ATTENDEE;CN=Ana:" in found


def test_a_guest_whom_the_server_knows_stays_with_it() -> None:
    """To mark him now would make the server send a cancellation (RFC 6638)."""
    assert outgoing(PARTY, PARTY, ME) == PARTY


def test_a_mark_that_is_there_stays() -> None:
    """What another program decided is kept."""
    text = PARTY.replace("CN=Ana", "SCHEDULE-AGENT=NONE")
    assert outgoing(text, "", ME) == text


def test_the_mark_is_not_sent_to_guests() -> None:
    """It is between the user and the server."""
    blocks = split_blocks(outgoing(PARTY, "", ME))
    sent = scheduling("REQUEST", blocks, blocks.of("VEVENT"))
    assert "ATTENDEE;CN=Ana:mailto:ana@kos.example\r\n" in sent
    assert "SCHEDULE-AGENT" not in sent


def test_what_goes_up_has_no_method() -> None:
    """RFC 4791 forbids it in a calendar."""
    text = PARTY.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST")
    assert "METHOD" not in outgoing(text, "", ME)


def test_a_card_without_uid_is_named() -> None:
    """It could not be found again on the server."""
    found = read_entry("contacts", "BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n")
    assert found == "it has no UID"


def test_titles_are_unescaped_and_one_line() -> None:
    """They are shown to people."""
    found = read_entry("calendar", event("a", "Tea\\, milk\\nand more"))
    assert isinstance(found, SyncEntry)
    assert found.title == "Tea, milk and more"


def conflict(context: Context, title: str = "Mine") -> None:
    """Make a conflict about the file a.ics."""
    write(context, "calendar/work/a.ics", event("a", "Theirs"))
    name = "conflicts/calendar/work/a.mine-0123abcd.ics"
    write(context, name, event("a", title))


@pytest.mark.parametrize(
    ("keep", "title"), [("mine", "Mine"), ("server", "Theirs")], ids=["mine", "server"]
)
def test_a_conflict_is_settled_as_the_user_says(
    context: Context, use: Any, keep: str, title: str
) -> None:
    """The version that is not kept is put away, not deleted."""
    conflict(context)
    use(settle_conflict, context, name="mine", keep=keep)
    assert f"SUMMARY:{title}" in (context.home / "calendar/work/a.ics").read_text()
    assert not list((context.home / "conflicts/calendar/work").iterdir())
    assert list((context.home / "conflicts/settled").iterdir())


@pytest.mark.parametrize("keep", ["mine", "server"])
def test_a_settled_conflict_is_taken_back(
    context: Context, use: Any, keep: str
) -> None:
    """Undo leaves both versions as they were, to the byte, waiting again."""

    def content() -> dict[str, bytes]:
        files = (path for path in context.home.glob("c*/**/*") if path.is_file())
        return {str(path): path.read_bytes() for path in files}

    conflict(context)
    before = content()
    done = use(settle_conflict, context, name="mine", keep=keep)
    assert settle_conflict.undo is not None
    settle_conflict.undo(done, context)
    assert content() == before


def test_a_settled_version_that_was_changed_since_stays(
    context: Context, use: Any
) -> None:
    """What was changed after the conflict was settled is not thrown away."""
    conflict(context)
    done = use(settle_conflict, context, name="mine", keep="mine")
    write(context, "calendar/work/a.ics", event("a", "Later"))
    assert settle_conflict.undo is not None
    with pytest.raises(ToolError, match="changed again since"):
        settle_conflict.undo(done, context)
    with pytest.raises(ToolError, match="damaged"):
        settle_conflict.undo(replace(done, file="../../x"), context)


def test_which_version_stays_is_asked(context: Context, use: Any) -> None:
    """Nothing is chosen for the user."""
    conflict(context)
    with pytest.raises(InputNeeded, match="Which version of Mine shall stay"):
        use(settle_conflict, context, name="mine")


def test_without_a_conflict_there_is_nothing_to_settle(
    context: Context, use: Any
) -> None:
    """The answer says so."""
    with pytest.raises(ToolError, match="no conflict"):
        use(settle_conflict, context, name="tea", keep="mine")


def test_loading_the_tools_loads_no_http_library() -> None:
    """caldav, niquests and lxml are loaded by the first exchange."""
    code = (
        "import sys, agentkit_tools.sync\n"
        "print([n for n in ('caldav', 'niquests', 'lxml') if n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("configured", "there"), [(set[str](), False), ({"caldav"}, True)]
)
def test_models_are_offered_the_exchange_once_it_is_set_up(
    configured: set[str], there: bool
) -> None:
    """Without [packs.caldav] the tools are not in an assistant's toolset."""
    found = installed_tools(frozenset({"sync"}), frozenset(configured))
    assert ("sync_calendar" in {tool.name for tool in found}) is there
