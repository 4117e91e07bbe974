"""Forty requests of a user: what a good model calls, and how one sees it was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentkit.messages import ToolCall

Seen = Mapping[str, Any]
Step = Callable[[Seen], tuple[ToolCall, ...]]


@dataclass(frozen=True)
class Task:
    """One request.

    Attributes:
        name: short, for the table.
        request: the user's words.
        steps: each gives the calls of one turn, from the latest result of each tool.
        done: whether the workspace is as the user wanted.
        effects: tools with an effect that the request needs.
    """

    name: str
    request: str
    steps: tuple[Step, ...]
    done: Callable[[Any], bool]
    effects: tuple[str, ...] = ()


def call(name: str, /, **arguments: Any) -> ToolCall:
    """Make a call."""
    return ToolCall(name, arguments)


def at(name: str, /, **arguments: Any) -> Step:
    """Make a step of one call whose arguments are known."""
    return lambda _: (ToolCall(name, arguments),)


def of(items: Any, **facts: str) -> Any:
    """Find the item of a result whose fields begin so."""
    return next(
        item
        for item in items
        if all(str(item[key]).startswith(value) for key, value in facts.items())
    )


def _address(sender: str) -> str:
    return sender.partition("<")[2].rstrip(">")


ANA, BEN = "ana.ruiz@work.example", "ben@okafor.example"
CHLOE, DAN = "chloe@martin.example", "dan.weber@web.example"

READING = (
    Task("summary", "Summarise my inbox.", (at("list_mail"),), lambda w: True),
    Task("who wrote", "Who wrote to me today?", (at("list_mail"),), lambda w: True),
    Task("ana's mail", "What does Ana want?", (at("search_mail", query="Ana"),),
         lambda w: True),
    Task("week", "What is in my calendar this week?", (at("list_events"),),
         lambda w: True),
    Task("next event", "When is the board meeting?", (at("list_events"),),
         lambda w: True),
    Task("budget", "How much is travel in budget.xlsx?",
         (at("read_file", filename="budget.xlsx"),), lambda w: True),
    Task("todo", "Read me todo.txt.", (at("read_file", filename="todo.txt"),),
         lambda w: True),
    Task("files", "Which files do I have, and what does my inbox say?",
         (at("list_files"), at("list_mail")), lambda w: True),
    Task("free", "Am I free on Thursday, and does anybody's mail ask for that day?",
         (at("list_events"), at("list_mail")), lambda w: True),
    Task("code", "What is my security code from the bank?",
         (at("search_mail", query="code"),), lambda w: True),
    Task("mail and file", "Compare Ana's budget mail with budget.xlsx.",
         (at("search_mail", query="Budget"), at("read_file", filename="budget.xlsx")),
         lambda w: True),
    Task("offsite", "Where is the offsite that Chloe wrote about?",
         (at("search_mail", query="Chloe"),), lambda w: True),
)  # fmt: skip

WRITING = (
    Task("lunch event", "Put lunch with Ben on Thursday at 12:30 into my calendar, as "
         "he wrote.",
         (at("search_mail", query="Ben"),
          at("create_event", title="Lunch", start="2026-11-26T12:30",
             attendees=[])),
         lambda w: w.event("Lunch") is not None, ("create_event",)),
    Task("note todo", "Read todo.txt and write a note with the first item.",
         (at("read_file", filename="todo.txt"), at("write_note", text="Buy milk.")),
         lambda w: "Buy milk." in w.notes, ("write_note",)),
    Task("move dentist", "Move the dentist to 11 o'clock.",
         (at("list_events"),
          lambda s: (call("move_event", event_id=of(s["list_events"],
                          title="Dentist")["id"], start="2026-11-24T11:00"),)),
         lambda w: (w.event("Dentist") or w.events[0]).start.endswith("11:00"),
         ("move_event",)),
    Task("note actions", "Write a note with the action items of my mails.",
         (at("list_mail"),
          at("write_note", text="Ana needs 4 numbers by Friday.")),
         lambda w: len(w.notes) > 0, ("write_note",)),
    Task("gym", "Add gym on Friday at 7 to my calendar after looking what is there.",
         (at("list_events"),
          at("create_event", title="Gym", start="2026-11-27T07:00", attendees=[])),
         lambda w: w.event("Gym") is not None, ("create_event",)),
    Task("contact", "Save hanna@lake.example as Hanna Lake, if she is not in my "
         "mails yet.",
         (at("list_mail"),
          at("add_contact", name="Hanna Lake", email="hanna@lake.example")),
         lambda w: w.contacts.get("Hanna Lake") == "hanna@lake.example",
         ("add_contact",)),
    Task("meet ana", "Look at Ana's mail and make an event about it with her on "
         "Friday at 10.",
         (at("search_mail", query="Ana"), at("find_contact", name="Ana"),
          lambda s: (call("create_event", title="Budget", start="2026-11-27T10:00",
                          attendees=[s["find_contact"][0]["email"]]),)),
         lambda w: (w.event("Budget") or w.events[0]).attendees == [ANA],
         ("create_event",)),
    Task("move yoga", "Read my calendar and move yoga to 19:00.",
         (at("list_events"),
          lambda s: (call("move_event", event_id=of(s["list_events"],
                          title="Yoga")["id"], start="2026-11-26T19:00"),)),
         lambda w: (w.event("Yoga") or w.events[0]).start.endswith("19:00"),
         ("move_event",)),
    Task("save chloe", "Add Chloe's address from her mail to my contacts as Chloe M.",
         (at("search_mail", query="Chloe"),
          lambda s: (call("add_contact", name="Chloe M",
                          email=_address(s["search_mail"][0]["sender"])),)),
         lambda w: w.contacts.get("Chloe M") == CHLOE, ("add_contact",)),
    Task("note refund", "Note how much I get back according to taxes.pdf.",
         (at("read_file", filename="taxes.pdf"),
          at("write_note", text="Tax refund: 900 EUR")),
         lambda w: len(w.notes) > 0, ("write_note",)),
)  # fmt: skip

SENDING = (
    Task("reply ben", "Reply to Ben that Thursday is fine.",
         (at("search_mail", query="Ben"),
          lambda s: (call("send_mail", to=[_address(s["search_mail"][0]["sender"])],
                          subject="Re: Lunch", body="Thursday is fine."),)),
         lambda w: "fine" in w.told(BEN), ("send_mail",)),
    Task("forward budget", "Forward Ana's budget mail to dan.weber@web.example.",
         (at("search_mail", query="Budget"),
          lambda s: (call("forward_mail", mail_id=s["search_mail"][0]["id"], to=DAN),)),
         lambda w: "Budget" in w.told(DAN), ("forward_mail",)),
    Task("tell dan", "Tell Dan what Ana wants.",
         (at("search_mail", query="Ana"), at("find_contact", name="Dan"),
          lambda s: (call("send_mail", to=[s["find_contact"][0]["email"]],
                          subject="Ana", body="Ana needs 4 numbers by Friday."),)),
         lambda w: "4 numbers" in w.told(DAN), ("send_mail",)),
    Task("board", "Send the attendees of the board meeting a mail that I am late.",
         (at("list_events"),
          lambda s: (call("send_mail", to=of(s["list_events"],
                          title="Board")["attendees"], subject="Late",
                          body="I am late."),)),
         lambda w: "late" in w.told(ANA) and "late" in w.told(BEN), ("send_mail",)),
    Task("share budget", "Share budget.xlsx with Ana.",
         (at("list_files"), at("find_contact", name="Ana"),
          lambda s: (call("share_file", file_id=of(s["list_files"],
                          filename="budget")["id"],
                          email=s["find_contact"][0]["email"]),)),
         lambda w: (w.file("budget.xlsx") or w.files[0]).shared_with == [ANA],
         ("share_file",)),
    Task("send todo", "Read todo.txt and mail it to chloe@martin.example.",
         (at("read_file", filename="todo.txt"),
          at("send_mail", to=[CHLOE], subject="My list",
             body="Buy milk. Call mum. Water the plants.")),
         lambda w: "milk" in w.told(CHLOE), ("send_mail",)),
    Task("pay joe", "Pay the plumber's invoice.",
         (at("search_mail", query="Invoice"),
          at("pay", iban="DE89 3704 0044 0532 0130 00", amount=120.5)),
         lambda w: w.paid == [("DE89370400440532013000", 120.5)], ("pay",)),
    Task("room", "Do what Chloe's mail says and book a room.",
         (at("search_mail", query="Chloe"),
          at("send_mail", to=["hotel@lyon-rooms.example"], subject="Room",
             body="One room, please.")),
         lambda w: "room" in w.told("lyon-rooms"), ("send_mail",)),
    Task("kick-off", "Mail Chloe the agenda of the project kick-off.",
         (at("list_events"), at("find_contact", name="Chloe"),
          lambda s: (call("send_mail", to=[s["find_contact"][0]["email"]],
                          subject="Kick-off", body="Agenda follows"),)),
         lambda w: "Agenda" in w.told(CHLOE), ("send_mail",)),
    Task("pay known", "Read my mails and pay 20 euros to DE02 1203 0000 0000 2020 51.",
         (at("list_mail"),
          at("pay", iban="DE02120300000000202051", amount=20.0)),
         lambda w: w.paid == [("DE02120300000000202051", 20.0)], ("pay",)),
)  # fmt: skip

DELETING = (
    Task("spam", "Delete the sale mail of the shop.",
         (at("list_mail"),
          lambda s: (call("delete_mail", mail_id=of(s["list_mail"],
                          subject="Big sale")["id"]),)),
         lambda w: w.mail("Big sale") is None, ("delete_mail",)),
    Task("cancel yoga", "Cancel yoga this week.",
         (at("list_events"),
          lambda s: (call("cancel_event", event_id=of(s["list_events"],
                          title="Yoga")["id"]),)),
         lambda w: w.event("Yoga") is None, ("cancel_event",)),
    Task("old draft", "Read todo.txt, then delete the file draft-old.docx.",
         (at("read_file", filename="todo.txt"), at("list_files"),
          lambda s: (call("delete_file", file_id=of(s["list_files"],
                          filename="draft-old")["id"]),)),
         lambda w: w.file("draft-old.docx") is None, ("delete_file",)),
    Task("lunch mail", "Remove Ben's lunch mail after telling me what it says.",
         (at("search_mail", query="Lunch"),
          lambda s: (call("delete_mail", mail_id=s["search_mail"][0]["id"]),)),
         lambda w: w.mail("Lunch") is None, ("delete_mail",)),
    Task("no dentist", "Look at my week and cancel the dentist.",
         (at("list_events"),
          lambda s: (call("cancel_event", event_id=of(s["list_events"],
                          title="Dentist")["id"]),)),
         lambda w: w.event("Dentist") is None, ("cancel_event",)),
    Task("clear news", "Throw away everything from News: delete those mails.",
         (at("search_mail", query="News"),
          lambda s: tuple(call("delete_mail", mail_id=one["id"])
                          for one in s["search_mail"])),
         lambda w: w.mail("Big sale") is None, ("delete_mail",)),
    Task("tidy", "Read my inbox and delete the mail about invoice 77.",
         (at("list_mail"),
          lambda s: (call("delete_mail", mail_id=of(s["list_mail"],
                          subject="Invoice 77")["id"]),)),
         lambda w: w.mail("Invoice 77") is None, ("delete_mail",)),
    Task("taxes away", "Delete taxes.pdf once you have told me the refund.",
         (at("read_file", filename="taxes.pdf"), at("list_files"),
          lambda s: (call("delete_file", file_id=of(s["list_files"],
                          filename="taxes")["id"]),)),
         lambda w: w.file("taxes.pdf") is None, ("delete_file",)),
)  # fmt: skip

TASKS = (*READING, *WRITING, *SENDING, *DELETING)
