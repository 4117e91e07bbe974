"""Tools that reach a network ask the gate first: offline they open no connection."""

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest

from agentkit import Agent, BackendError, Context, MailServer, ToolCall
from agentkit.backends import Reply, Request, Traits
from agentkit.backends.wire import Names, chat_messages, encode, tool_documents
from agentkit.discovery import home_maker, installed_tools, personal_values
from agentkit.privacy import Ledger
from agentkit_tools.mail import fetch_mail, send_outbox
from agentkit_tools.sync import sync_calendar
from agentkit_tools.web import search_web
from tests.agentkit.privacy.oracle import leaking

MAIL = """From: sam@example.com
To: ana@example.com
Subject: Hello
Date: Tue, 03 Mar 2026 09:00:00 +0000
Message-ID: <1@example.com>

Hello.
"""


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A home with everything set up, a mail that waits, and no way out."""
    for name in ("AGENTKIT_MAIL_PASSWORD", "AGENTKIT_CALDAV_PASSWORD"):
        monkeypatch.setenv(name, "pw")
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "hello.eml").write_text(MAIL)
    return Context(
        home=tmp_path,
        user_email="sam@example.com",
        mail=MailServer(host="smtp.example", imap_host="imap.example"),
        packs={
            "web": {"searxng": "https://search.example"},
            "caldav": {"url": "https://dav.example", "user": "sam"},
        },
        offline=True,
    )


def refused(context: Context, told: pytest.ExceptionInfo[BackendError]) -> bool:
    return "offline" in str(told.value) and not list(Ledger(context.home).entries())


def test_mail_is_not_sent_offline(context: Context) -> None:
    """The outbox waits, and the mail server is not even connected to."""
    with pytest.raises(BackendError) as told:
        send_outbox(context)
    assert refused(context, told)
    assert (context.home / "outbox" / "hello.eml").exists()


def test_mail_is_not_fetched_offline(context: Context) -> None:
    """Nor is the server that has the mail."""
    with pytest.raises(BackendError) as told:
        fetch_mail(context)
    assert refused(context, told)


def test_the_web_is_not_asked_offline(context: Context) -> None:
    """A question to a search server leaves the device, so it stays."""
    with pytest.raises(BackendError) as told:
        search_web(context, "moon")
    assert refused(context, told)


@pytest.mark.skipif(find_spec("caldav") is None, reason="caldav is not installed")
def test_the_calendar_is_not_exchanged_offline(context: Context) -> None:
    """No request goes to the calendar server."""
    with pytest.raises(BackendError) as told:
        sync_calendar(context)
    assert refused(context, told)


def test_a_search_is_in_the_ledger_before_it_is_sent(
    context: Context, egress_tried: list[str]
) -> None:
    """What was asked, and whom, is kept, though the connection is refused here."""
    online = Context(home=context.home, packs=context.packs)
    with pytest.raises(Exception, match=r"search\.example"):
        search_web(online, "moon landing")
    (entry,) = Ledger(context.home).entries()
    assert entry.to == "https://search.example"
    assert "moon+landing" in entry.text
    assert egress_tried == ["search.example"]
    egress_tried.clear()


class Cloud:
    """A backend elsewhere that asks for one call, and keeps what it was sent."""

    name = "cloud"
    traits = Traits(destination="https://cloud.example/v1")

    def __init__(self, call: ToolCall) -> None:
        self.calls = [call]
        self.sent: list[bytes] = []

    async def reply(self, request: Request) -> Reply:
        names = Names(request.toolset)
        said = chat_messages(request.conversation, names, request.context.now)
        tools = tool_documents(request.toolset, names)
        content = encode({"messages": said, "tools": tools})
        request.release(self.traits.destination, content)
        self.sent.append(content)
        return Reply(calls=(self.calls.pop(),)) if self.calls else Reply(text="Done.")


@pytest.mark.parametrize(
    "call",
    [
        ToolCall("find_events", {}),
        ToolCall("find_messages", {}),
        ToolCall("list_reminders", {}),
        ToolCall("summarize_messages", {}),
    ],
    ids=lambda call: call.name,
)
def test_placeholders_serve_the_bundled_tools(tmp_path: Path, call: ToolCall) -> None:
    """Over a sample home the cloud is served, and sees nobody's name or address."""
    now = datetime(2026, 3, 3, 9, tzinfo=UTC)
    home_maker("sample")(tmp_path, now)
    context = Context(home=tmp_path, now=now)
    cloud = Cloud(call)
    tools = installed_tools(configured=frozenset())
    agent = Agent(tools, cloud, context=context, egress="placeholders")
    outcome = agent.run("What is there?")
    assert (outcome.text, outcome.calls[0].status) == ("Done.", "done")
    values = [value.text for value in personal_values(context)]
    telling = [text for text in values if len(text) >= 8]
    assert len(telling) > 50
    assert leaking(telling, cloud.sent) == []
