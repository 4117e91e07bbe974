"""What the Tab key completes."""

from __future__ import annotations

import pytest

from agentkit.cli.suggestions import Suggestions

PEOPLE = ["Ana Maria Silva", "Ana Kovač", "Ben Ode", "Ümit Öz", "\x1b[31mEve", ""]
FOUND: dict[str, tuple[str, list[str]]] = {
    "nothing typed": ("", []),
    "a slash": ("/", ["/help", "/tools "]),
    "a command": ("/he", ["/help"]),
    "no command": ("/x", []),
    "a tool": ("/tools we", ["weather"]),
    "all tools": ("/tools ", ["weather", "post"]),
    "no tool of another command": ("/help we", []),
    "a first name": ("call an", ["Ana Maria Silva", "Ana Kovač"]),
    "a last name": ("call sil", ["Ana Maria Silva"]),
    "two words of a name": ("call ana m", ["Ana Maria Silva"]),
    "without accents": ("mail umi", ["Ümit Öz"]),
    "one letter": ("call a", []),
    "the middle of a name": ("call vač", []),
    "what steers a terminal": ("call eve", []),
    "behind a line": ("hello\nben", ["Ben Ode"]),
    "a space behind it": ("call ana ", ["Ana Maria Silva", "Ana Kovač"]),
}


@pytest.mark.parametrize(("before", "texts"), FOUND.values(), ids=list(FOUND))
def test_what_may_stand_there(before: str, texts: list[str]) -> None:
    """Commands behind a slash, tools behind `/tools`, people anywhere else."""
    commands = {"/help": "Show this.", "/tools ": "List the tools."}
    found = Suggestions(commands, ["weather", "post"], lambda: PEOPLE).of(before)
    assert [one.text for one in found] == texts
    for one in found:
        assert 0 <= one.typed <= len(before)


def test_people_are_read_when_they_are_asked_for() -> None:
    """Once: a large address book does not hold up the first line."""
    asked: list[str] = []

    def read() -> list[str]:
        asked.append("read")
        return PEOPLE

    suggestions = Suggestions({"/help": ""}, [], read)
    assert suggestions.of("/he")
    assert not asked
    assert suggestions.of("ben")
    assert suggestions.of("ana")
    assert asked == ["read"]
