from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from agentkit.backends.chooser import Chooser
from agentkit.backends.decode import LOOP, Decoder
from agentkit.grammar import Guide
from tests.agentkit.backends.fake_reader import FakeReader

pytest.importorskip("numpy", reason="numpy is not installed")

PROMPT = [50, 51, 52]
STOP = 99
ANSWER = [1, 2, 3, 4, 5, 6, STOP]


@dataclass
class Guessing:
    """Guesses given tokens, from the answer's first token on."""

    guess: Sequence[int]
    asked: list[int] = field(default_factory=list[int])

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        self.asked.append(len(written))
        return self.guess[len(written) - len(PROMPT) :]


def decoded(
    reader: FakeReader, *guesses: Sequence[int], limit: int = 50, most: int = 16
) -> tuple[list[int], Decoder]:
    decoder = Decoder(
        reader, Chooser(), (STOP,), drafters=[Guessing(g) for g in guesses], most=most
    )
    return [one.token for one in decoder.generate(PROMPT, limit)], decoder


@pytest.mark.parametrize(
    ("guesses", "passes"),
    [
        pytest.param((), [3, 1, 1, 1, 1, 1, 1], id="no guess: a pass a token"),
        pytest.param(([1, 2, 3, 4, 5, 6],), [9], id="all right: one pass"),
        pytest.param(
            ([1, 2, 9, 9, 9, 9],), [9, 4, 3, 2, 1], id="wrong: taken up to there"
        ),
        pytest.param(([9, 9],), [5, 2, 1, 1, 1, 1, 1], id="first is wrong"),
        pytest.param(([1, 2], [1, 2, 3, 4]), [7, 1, 1], id="one goes on from another"),
        pytest.param(([1, 2, 3, 4, 5, 6, STOP, 8],), [9], id="ends before a stop"),
    ],
)
def test_guesses_change_passes_only(
    guesses: tuple[list[int], ...], passes: list[int]
) -> None:
    """The answer is the same with every guess, right or wrong."""
    reader = FakeReader(len(PROMPT), ANSWER)
    answer, decoder = decoded(reader, *guesses)
    assert (answer, reader.passes) == (ANSWER, passes)
    assert decoder.tally.passes == len(passes)
    assert decoder.tally.passes + decoder.tally.guessed == len(ANSWER)


@pytest.mark.parametrize("guess", [[], [1, 2, 3, 4], [1, 9, 9, 9]])
def test_what_was_read_is_what_is_kept(guess: list[int]) -> None:
    """After an answer nothing is kept that was not written."""
    reader = FakeReader(len(PROMPT), ANSWER)
    decoded(reader, guess)
    assert reader.ids == [*PROMPT, *ANSWER[:-1]]


def test_limit_counts_guesses() -> None:
    """An answer ends at its limit, in the middle of a right guess too."""
    reader = FakeReader(len(PROMPT), ANSWER)
    answer, _ = decoded(reader, [1, 2, 3, 4, 5, 6], limit=4)
    assert answer == [1, 2, 3, 4]


def test_longest_draft() -> None:
    """No pass reads more guesses than allowed."""
    reader = FakeReader(len(PROMPT), ANSWER)
    decoded(reader, [1, 2, 3, 4, 5, 6], most=2)
    assert max(reader.passes[1:]) == 3


def test_a_guess_that_does_not_pay_is_left() -> None:
    """What the device makes dearer than it saves is not read; the answer is the same."""
    reader = FakeReader(len(PROMPT), ANSWER)
    decoder = Decoder(
        reader,
        Chooser(),
        (STOP,),
        drafters=[Guessing([1, 2, 3, 4, 5, 6])],
        worth=lambda unread, draft: draft if draft >= 4 and unread < 3 else 0,
    )
    answer = [one.token for one in decoder.generate(PROMPT, 50)]
    assert (answer, reader.passes) == (ANSWER, [3, 6])


def test_second_prompt_reads_what_differs() -> None:
    """A prompt that goes on from the last answer is read behind it only."""
    reader = FakeReader(len(PROMPT), ANSWER)
    decoded(reader)
    reader.prompt = 11
    decoder = Decoder(reader, Chooser(), (STOP,))
    list(decoder.generate([*PROMPT, *ANSWER[:-1], 60, 61], 1))
    assert (decoder.tally.cached, decoder.tally.read) == (9, 2)


def test_stopped_before_the_next_pass() -> None:
    """Nothing is computed once it is to stop."""
    reader = FakeReader(len(PROMPT), ANSWER)
    heard: list[int] = []
    decoder = Decoder(reader, Chooser(), (STOP,), stopped=lambda: len(heard) >= 2)
    for chosen in decoder.generate(PROMPT, 50):
        heard.append(chosen.token)
    assert (heard, len(reader.passes)) == ([1, 2], 2)


@pytest.mark.parametrize("period", [1, 3, 16])
def test_a_loop_ends_the_answer(period: int) -> None:
    """An answer that says the same tokens again and again is cut off, and not ended."""
    looping = [*ANSWER[:-1], *(list(range(10, 10 + period)) * 100)]
    reader = FakeReader(len(PROMPT), looping)
    answer, decoder = decoded(reader, limit=400)
    assert len(answer) <= len(ANSWER) + LOOP + period
    assert decoder.tally.finish_reason == "length"


def test_what_repeats_for_a_while_goes_on() -> None:
    """A refrain, or a row of a table, is no loop."""
    verse = [*range(10, 26)] * 6 + [STOP]
    answer, _ = decoded(FakeReader(len(PROMPT), verse), limit=400)
    assert answer == verse
