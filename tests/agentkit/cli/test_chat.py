"""`agentkit chat`: request after request, from standard input."""

from __future__ import annotations

from tests.agentkit.cli.conftest import NOW, Cli, Play


def test_each_line_is_a_request(cli: Cli, play: Play) -> None:
    """Lines are answered in order, blank ones passed over, until the input ends."""
    ran = cli("chat", "--backend", play("One.", "Two."), stdin=b"a\n\nb\n")
    assert ran.code == 0
    assert ran.out.index("One.") < ran.out.index("Two.")


def test_quit_ends_it(cli: Cli, play: Play) -> None:
    """Nothing after /quit is answered."""
    ran = cli("chat", "--backend", play("One.", "Two."), stdin=b"a\n/quit\nb\n")
    assert "One." in ran.out
    assert "Two." not in ran.out


def test_other_slash_words_show_help(cli: Cli, play: Play) -> None:
    """An unknown command of the chat is not sent to the model."""
    ran = cli("chat", "--backend", play("One."), stdin=b"/dance\n")
    assert "There is no /dance here." in ran.err
    assert "/quit " in ran.err
    assert not ran.out


def test_a_stopped_request_does_not_end_the_chat(cli: Cli, play: Play) -> None:
    """After a request that stopped the next one is taken."""
    stdin = b"blorp fizz\nWhat time is it?\n"
    ran = cli("chat", "--backend", "reflex", "--now", NOW, stdin=stdin)
    assert ran.code == 0
    assert "(stopped: abstained)" in ran.err
    assert "09:00" in ran.out


def test_input_that_is_no_utf8(cli: Cli, play: Play) -> None:
    """Bytes that are not UTF-8 are told, not passed on."""
    ran = cli("chat", "--backend", play("One."), stdin=b"h\xffi\n")
    assert ran.code == 2
    assert "not valid UTF-8 (byte 0xff at position 1)" in ran.err


def test_a_command_behind_a_pipe(cli: Cli, play: Play, tools: str) -> None:
    """What it tells is no answer; what it cannot do is told, and ends the chat."""
    given = ("chat", "--tools", tools, "--backend", play("One."))
    ran = cli(*given, stdin=b"/tools weather\n/tools whether\nhi\n")
    assert (ran.code, ran.out) == (2, "")
    assert "weather: Tell the weather." in ran.err
    assert "Did you mean 'weather'?" in ran.err
