"""`agentkit rewrite` and `agentkit summarize`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import NOW, Cli, Play


def test_the_new_text_alone_is_on_standard_output(cli: Cli, play: Play) -> None:
    """It can be piped on; nothing else is printed there."""
    backend = play("Dear Bob, I cannot come.")
    ran = cli("rewrite", "cant come", "--tone", "formal", "--backend", backend)
    assert (ran.code, ran.out) == (0, "Dear Bob, I cannot come.\n")


def test_numbers_that_are_not_in_the_text_are_told(cli: Cli, play: Play) -> None:
    """Whoever uses the text is warned, on standard error and in JSON."""
    backend = play("See you at 4:30.")
    ran = cli("rewrite", "see you at 3", "--backend", backend)
    assert "Not in the text: 4:30" in ran.err
    ran = cli("rewrite", "see you at 3", "--backend", play("At 4:30."), "--json")
    assert ran.json["added_numbers"] == ["4:30"]


@pytest.mark.parametrize("given", ["file", "standard input"])
def test_a_text_comes_from_anywhere(
    cli: Cli, play: Play, tmp_path: Path, given: str
) -> None:
    """A path of a file is read, and so is - for standard input."""
    path = tmp_path / "note.txt"
    path.write_text("The launch is on 6 October.", "utf-8")
    backend = play("Launch: 6 October.")
    what = str(path) if given == "file" else "-"
    ran = cli("summarize", what, "--backend", backend, stdin=path.read_bytes())
    assert ran.out == "Launch: 6 October.\n"
    assert "Not in the text" not in ran.err


def test_a_long_text_is_summed_up_part_by_part(
    cli: Cli, play: Play, tmp_path: Path
) -> None:
    """Each part that fits the window has a summary, and these have one."""
    path = tmp_path / "long.txt"
    path.write_text(
        "\n\n".join(f"Paragraph {'word ' * 900}" for _ in range(4)), "utf-8"
    )
    backend = play(*("One part.",) * 2, "All of it.")
    ran = cli("summarize", str(path), "--backend", backend)
    assert ran.out == "All of it.\n"


def test_messages_are_summed_up(cli: Cli, play: Play, tmp_path: Path) -> None:
    """--from and --about find messages in the home."""
    home = str(tmp_path / "sample")
    cli("demo", "What time is it?", "--home", home, "--now", NOW)
    words = ("--about", "lease", "--home", home, "--now", NOW)
    ran = cli("summarize", *words, "--backend", play("It is about the lease."))
    assert (ran.code, ran.out) == (0, "It is about the lease.\n")
    none = ("--about", "xylophones", "--home", home, "--backend", play("No."))
    assert "no such messages" in cli("summarize", *none).err


BAD = [
    (("summarize",), "give a text or a file"),
    (("summarize", "a text", "--from", "Bob"), "give a text or a file"),
    (("rewrite", "a text", "--backend", "reflex"), "writing needs a model"),
    (("rewrite", " "), "no text"),
]


@pytest.mark.parametrize(("words", "told"), BAD)
def test_what_is_lacking_is_told(cli: Cli, words: tuple[str, ...], told: str) -> None:
    """Without a text or a model one sentence says what to do."""
    ran = cli(*words)
    assert ran.code == 2
    assert told in ran.err
