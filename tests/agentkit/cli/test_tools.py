"""`agentkit tools list|show|call`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import Cli


def test_list_shows_name_effect_and_description(cli: Cli, tools: str) -> None:
    """Own tools stand beside the bundled ones."""
    rows = cli("tools", "list", "--tools", tools).out.splitlines()
    assert f"{'post':<20}{'send':<7}Post a text." in rows
    assert any(row.startswith("create_event ") for row in rows)


def test_list_of_an_assistant_is_its_own(cli: Cli) -> None:
    """--assistant narrows the tools to those it uses."""
    rows = cli("tools", "list", "--assistant", "researcher", "--json").json["tools"]
    names = {row["name"] for row in rows}
    assert "search_everything" in names
    assert "send_message" not in names


def test_show_tells_all_of_a_tool(cli: Cli, tools: str) -> None:
    """`tools show` has effect, labels, arguments and examples."""
    out = cli("tools", "show", "weather", "--tools", tools).out
    assert "weather: Tell the weather." in out
    assert "effect read, public, trusted" in out
    assert "string, required" in out
    assert "integer, optional" in out
    assert "e.g. how warm is it in {place}" in out


def test_show_json_has_the_schema(cli: Cli, tools: str) -> None:
    """`tools show --json` gives the argument schema as models see it."""
    facts = cli("tools", "show", "weather", "--tools", tools, "--json").json
    assert facts["effect"] == "read"
    assert facts["parameters"]["required"] == ["place"]
    assert facts["parameters"]["properties"]["days"]["default"] == 1


ARGUMENTS = {
    "pairs": (("place=Oslo", "days=3"), {"place": "Oslo", "days": 3}),
    "text that looks like a number": (("place=42",), {"place": "42"}),
    "an equals sign in the value": (("place=a=b",), {"place": "a=b"}),
    "json": (
        ("--arguments", '{"place": "Oslo", "days": 2}'),
        {"place": "Oslo", "days": 2},
    ),
    "a pair wins over json": (
        ("place=Bergen", "--arguments", '{"place": "Oslo"}'),
        {"place": "Bergen"},
    ),
}


@pytest.mark.parametrize(("given", "wanted"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_call_reads_arguments(
    cli: Cli, tools: str, given: tuple[str, ...], wanted: dict[str, object]
) -> None:
    """Arguments come as KEY=VALUE or as JSON, typed by the tool's schema."""
    ran = cli("tools", "call", "weather", *given, "--tools", tools, "--json")
    assert ran.code == 0
    assert ran.json["arguments"] == wanted


def test_call_takes_one_word_for_a_list(cli: Cli, tools: str, home: Path) -> None:
    """A bare word fills an argument that takes a list."""
    ran = cli("tools", "call", "keep", "words=milk", "--tools", tools, "--json")
    assert ran.json["result"] == 1
    assert (home / "kept.txt").read_text("utf-8") == "milk"


def test_call_says_a_result_in_the_tools_words(cli: Cli, tools: str) -> None:
    """Without --json the result is told as the tool words it."""
    ran = cli("tools", "call", "weather", "place=Oslo", "--tools", tools)
    assert ran.out.splitlines()[-1] == "It is 7 degrees in Oslo."


CALLS = {
    "bad argument": (("weather",), 4, "argument 'place' is required"),
    "tool fails": (("fail",), 4, "The printer is on fire."),
    "tool asks": (("choose",), 3, "Which one?"),
    "needs approval": (("post", "text=x"), 3, "Post 'x' to the wall."),
}


@pytest.mark.parametrize(("given", "code", "told"), CALLS.values(), ids=CALLS)
def test_call_that_is_not_done(
    cli: Cli, tools: str, given: tuple[str, ...], code: int, told: str
) -> None:
    """A call that is not done says why, and leaves with 3 or 4."""
    ran = cli("tools", "call", *given, "--tools", tools)
    assert ran.code == code
    assert told in ran.out
    as_json = cli("tools", "call", *given, "--tools", tools, "--json")
    assert as_json.code == code
    assert as_json.json["status"] in ("error", "skipped")
    assert told in as_json.json["result"]


def test_call_sends_with_yes_only(cli: Cli, tools: str, home: Path) -> None:
    """A send is done after --yes, and not before."""
    given = ("tools", "call", "post", "text=x", "--tools", tools)
    cli(*given)
    assert not (home / "posted.txt").exists()
    assert cli(*given, "--yes").code == 0
    assert (home / "posted.txt").exists()


WRONG = {
    "unknown tool": (("wether",), "Unknown tool 'wether'. Did you mean 'weather'?"),
    "no pair": (("weather", "Oslo"), "'Oslo' is no argument: write KEY=VALUE"),
    "no json": (("weather", "--arguments", "{"), "--arguments is no JSON"),
    "no object": (("weather", "--arguments", "[1]"), "must be a JSON object"),
}


@pytest.mark.parametrize(("given", "told"), WRONG.values(), ids=WRONG)
def test_call_with_wrong_usage(
    cli: Cli, tools: str, given: tuple[str, ...], told: str
) -> None:
    """What cannot be called at all is a usage error."""
    ran = cli("tools", "call", *given, "--tools", tools)
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("send_message", ("to=ana99@kos.example", "text=hello")),
        ("send_message", ("to=+49 30 5550177", "text=hello")),
        ("add_contact", ("name=Ana Kos", "phone=+1 (415) 555-0132")),
        ("add_contact", ("name=Ana Kos", "email=a.k0s@x1.example")),
        ("send_invite", ("title=Talk", "start=2026-11-20T10:00",
                         'attendees=["ana1@kos.example"]')),
        ("import_messages", ("path={home}/mails/one.eml",)),
    ],
    ids=["address", "number", "number of a contact", "address of a contact", "guests", "path"],
)  # fmt: skip
def test_what_a_user_types_is_the_users(
    name: str, pairs: tuple[str, ...], cli: Cli, home: Path
) -> None:
    """Paths, numbers and addresses are taken as they were typed."""
    (home / "mails").mkdir()
    (home / "agentkit.toml").write_text('email = "kim@berg.example"\n')
    (home / "mails" / "one.eml").write_text("From: a@b.example\n\nhello\n")
    given = (pair.replace("{home}", str(home)) for pair in pairs)
    ran = cli("tools", "call", name, *given, "--yes")
    assert (ran.code, "nobody said" in ran.out) == (0, False), ran.err
