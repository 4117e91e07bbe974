"""What is asked at the terminal, through the real prompts, with typed answers."""

from __future__ import annotations

import json
from asyncio import CancelledError
from typing import Any

import pytest

from agentkit.cli.output import json_text, printable
from agentkit.cli.questions import Questions
from agentkit.cli.screen import Screen, short_line
from agentkit.messages import ToolCall
from agentkit.outcomes import Approval
from agentkit.privacy.gate import Departure
from agentkit.safety.provenance import Trace
from agentkit.safety.provenance.roles import Recipient
from agentkit.safety.rules import Answer, Approved, Denied, Rule


class Typed(Screen):
    """A screen whose answers are typed beforehand; it keeps what is shown."""

    def __init__(self, *answers: str | None) -> None:
        """Take the answers; None stands for Ctrl-C."""
        super().__init__(quiet=True)
        self._answers = list(answers)
        self.shown: list[str] = []
        self.asked: list[str] = []

    def line(self, text: str = "", style: str = "") -> None:
        """Keep lines as they would be seen."""
        self.shown += printable(text).split("\n")

    def parts(self, *parts: tuple[str, str]) -> None:
        """Keep one line."""
        self.line("".join(text for text, _ in parts))

    def edit(self, question: str, before: str) -> str:
        """Ask as where no line can be edited."""
        return self.ask(f"{question} (Enter keeps “{short_line(before, 200)}”):")

    def ask(self, question: str) -> str:
        """Give the next answer; nothing when there is none left."""
        self.asked.append(printable(question))
        answer = self._answers.pop(0) if self._answers else ""
        if answer is None:
            raise KeyboardInterrupt
        return answer


ARGUMENTS = {"to": ["ana@home.org"], "text": "hi", "count": 1}
TO_ANA = Trace("to", "ana@home.org", Recipient(), "user")


def approval(preview: str = "Send hi to Ana.", **changes: Any) -> Approval:
    """Make what is asked about."""
    call = ToolCall("send", changes.pop("arguments", ARGUMENTS))
    changes.setdefault("traces", (TO_ANA,))
    return Approval(call, "send", preview, **changes)


def answered(*answers: str | None, **changes: Any) -> tuple[Answer, Typed]:
    """Answer the question about a call."""
    screen = Typed(*answers)
    return Questions(screen).about_call(approval(**changes)), screen


CASES: dict[str, tuple[tuple[str, ...], Answer]] = {
    "y": (("y",), Approved()),
    "yes": (("YES",), Approved()),
    "Enter": (("",), Denied()),
    "no": (("no",), Denied()),
    "nonsense, then y": (("ok", "y"), Approved()),
    "nonsense, then the end": (("ok",), Denied()),
    "a reason": (("r", " not today "), Denied("not today")),
    "a reason that is none": (("reason", ""), Denied("")),
    "always": (("a",), Approved(rule=Rule("always", "send", "ana@home.org"))),
    "an edit": (
        ("e", "", "hello", "2", "y"),
        Approved({"to": ["ana@home.org"], "text": "hello", "count": 2}),
    ),
    "an edit of a list by a word": (
        ("e", "bob@home.org", "", "", "y"),
        Approved({"to": ["bob@home.org"], "text": "hi", "count": 1}),
    ),
    "an edit of a list as JSON": (
        ("e", '["a@b.c", "d@e.f"]', "", "", "y"),
        Approved({"to": ["a@b.c", "d@e.f"], "text": "hi", "count": 1}),
    ),
    "an edit that is no number": (
        ("e", "", "", "many", "y"),
        Approved({"to": ["ana@home.org"], "text": "hi", "count": "many"}),
    ),
    "an edit without a yes": (("e", "", "hello", "", ""), Denied()),
    "an edit that ends": (("e",), Denied()),
}


@pytest.mark.parametrize(("typed", "answer"), CASES.values(), ids=list(CASES))
def test_what_is_typed_is_what_is_answered(
    typed: tuple[str, ...], answer: Answer
) -> None:
    """Only a clear yes is one."""
    assert answered(*typed)[0] == answer


@pytest.mark.parametrize(
    "typed",
    [(None,), ("e", None), ("e", "", "", "", None), ("r", None), ("ok", None)],
    ids=["at once", "in an edit", "after an edit", "in a reason", "after nonsense"],
)
def test_ctrl_c_ends_the_run(typed: tuple[str | None, ...]) -> None:
    """Wherever it is pressed."""
    with pytest.raises(CancelledError):
        answered(*typed)


def test_always_for_many_is_a_yes_for_once() -> None:
    """A rule is for one receiver; why there is none is told."""
    traces = (TO_ANA, Trace("to", "eve@evil.example", Recipient(), "user"))
    answer, screen = answered("a", traces=traces)
    assert answer == Approved()
    assert any("a rule is for one receiver" in line for line in screen.shown)


def test_a_rule_fits_nobody_else() -> None:
    """A star in an address is a star."""
    traces = (Trace("to", "*@evil.example", Recipient(), "user"),)
    answer, _ = answered("a", traces=traces)
    assert answer == Approved(rule=Rule("always", "send", "[*]@evil.example"))


def test_why_it_is_asked_again_is_told() -> None:
    """What the user typed before did not fit."""
    _, screen = answered("", problem="count: must be a number")
    assert "   That does not fit: count: must be a number" in screen.shown


@pytest.mark.parametrize(
    "preview",
    ["x\n" * 5000, "\n" * 5000, "x" * 100_000, "\r\n\v\f" * 3000, "a\u2028" * 5000],
    ids=["lines", "empty lines", "one long line", "other ends", "line separators"],
)
def test_the_receiver_stays_in_sight(preview: str) -> None:
    """However long the rest is made, the last lines say who receives it."""
    _, screen = answered("", preview=f"To: ana@home.org\n{preview}\nRegards")
    assert sum(max(1, -(-len(line) // 80)) for line in screen.shown) < 200
    assert "You named ana@home.org" in screen.shown[-1]
    assert any("left out" in line for line in screen.shown)
    assert "v: show all" in screen.asked[0]


def test_all_of_it_is_shown_on_demand() -> None:
    """And the question comes again."""
    preview = "\n".join(f"line {n}" for n in range(100))
    answer, screen = answered("v", "y", preview=preview)
    assert answer == Approved()
    assert "     | line 50" in screen.shown
    assert len(screen.asked) == 2


def test_a_receiver_that_is_long_itself_is_cut_in_its_middle() -> None:
    """Its end, where the host stands, is seen."""
    long = "ana@home.org" + "\n" * 5000 + "@evil.example"
    _, screen = answered("", traces=(Trace("to", long, Recipient(), "user"),))
    assert len(screen.shown[-1]) < 600
    assert "evil.example" in screen.shown[-1]


def test_a_long_value_does_not_hide_the_next_one() -> None:
    """Each is one line while it is changed."""
    arguments = {"text": "a\n" * 5000, "to": "ana@home.org"}
    _, screen = answered("e", arguments=arguments)
    assert all(len(line) < 400 and "\n" not in line for line in screen.asked)


HIDDEN = {
    "an escape sequence": ("\x1b[2J", "\\x1b[2J"),
    "a C1 control": ("\x9b2J", "\\x9b2J"),
    "markup": ("[red]x[/red]", "[red]x[/red]"),
    "an override": ("\u202egro.emoh@ana", "\\u202egro.emoh@ana"),
    "an isolate": ("\u2066x\u2069", "\\u2066x\\u2069"),
    "a mark": ("\u200fx", "\\u200fx"),
    "no width": ("a\u200bna", "a\\u200bna"),
    "a byte order mark": ("\ufeffx", "\\ufeffx"),
    "a tag": ("x\U000e0041", "x\\U000e0041"),
    "a soft hyphen": ("an\xada", "an\\xada"),
    "a carriage return": ("good\rbad", "good\\rbad"),
    "an emoji": ("👩\u200d🚀", "👩\u200d🚀"),
}


@pytest.mark.parametrize(("text", "shown"), HIDDEN.values(), ids=list(HIDDEN))
def test_what_is_hidden_is_seen(text: str, shown: str) -> None:
    """Nothing in a text moves, hides or colours another."""
    assert printable(text) == shown.replace("\\r", "\\x0d")


@pytest.mark.parametrize(
    "text", [text for text, _ in HIDDEN.values()], ids=list(HIDDEN)
)
def test_as_json_it_is_the_same_text(text: str) -> None:
    """Escaped, and read back as it was."""
    assert json.loads(json_text({"text": text})) == {"text": text}


def test_where_text_goes_is_told_again_below_it() -> None:
    """All of what would leave is shown, so its receiver stands at both ends."""
    text = "\n".join(["x"] * 5000)
    screen = Typed("y")
    leaves = Departure(
        to="https://a.example", text=text, size=9999, label="personal", reason="why"
    )
    assert Questions(screen).about_departure(leaves)
    assert "https://a.example" in screen.shown[0]
    assert "https://a.example" in screen.shown[-1]
    assert len(screen.shown) == 5002


@pytest.mark.parametrize(
    "fake",
    ["   Send this? [y/N] y", "   send wants to read:", "     to: the user said it",
     "\r   Send this? [y/N]", "\u2028   Send this?", "\x0b   Send this?"],
)  # fmt: skip
@pytest.mark.parametrize("said", [("",), ("v", "")], ids=["shown", "shown whole"])
def test_a_text_imitates_no_line_of_ours(fake: str, said: tuple[str, ...]) -> None:
    """Each line of what would be done stands behind a bar."""
    preview = "\n".join((*("Hello" for _ in range(60)), fake, "Bye"))
    _, screen = answered(*said, preview=preview)
    body = [line for line in screen.shown if "Hello" in line or "Send this?" in line
            or "Bye" in line or "said it" in line or "to read" in line]  # fmt: skip
    own = [line for line in body if not line.startswith("     | ")]
    assert [line for line in own if "Hello" in line or "Bye" in line] == []
    assert fake.strip() not in [line.strip() for line in own if "[y/N]" not in line]
