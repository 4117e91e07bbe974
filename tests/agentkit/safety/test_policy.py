"""What runs, what is asked about and what is refused: every cell of the policy."""

from __future__ import annotations

from itertools import product

import pytest

from agentkit import Policy
from agentkit.safety.provenance import Verdict
from agentkit.safety.rules import RuleAnswer
from agentkit.tools import Effect

EFFECTS: tuple[Effect, ...] = ("read", "write", "send", "delete")
RULES: tuple[RuleAnswer | None, ...] = (None, "always", "ask", "never")
LETTERS: dict[str, str] = {"run": "r", "ask": "a", "refuse": "x", "missing": "m"}
VERDICTS = {
    "clear": Verdict("clear"),
    "unspoken": Verdict("clear", requested=False),
    "follows": Verdict("follows"),
    "foreign": Verdict("follows", requested=False),
    "unrequested": Verdict("unrequested"),
    "undreamt": Verdict("unrequested", requested=False),
    "unsaid": Verdict("unsaid"),
    "invented": Verdict("invented"),
}

# One letter for each effect: read, write, send, delete. `foreign` is what others' text
# chose and the user's words do not speak of. A question that waits interrupts nobody.
TABLE = """
attended  origins  verdict      pauses  no rule  always  ask   never
yes       count    clear        -       rraa     rrrr    aaaa  xxxx
yes       count    unspoken     -       rraa     rrrr    aaaa  xxxx
yes       count    follows      -       aaaa     aaaa    aaaa  xxxx
yes       count    foreign      no      xxxx     xxxx    xxxx  xxxx
yes       count    foreign      yes     aaaa     aaaa    aaaa  xxxx
yes       count    unrequested  -       aaaa     aaaa    aaaa  xxxx
yes       count    undreamt     -       aaaa     aaaa    aaaa  xxxx
yes       count    unsaid       -       aaaa     aaaa    aaaa  xxxx
yes       count    invented     -       mmmm     mmmm    mmmm  xxxx
no        count    clear        -       rrrr     rrrr    xxxx  xxxx
no        count    unspoken     -       rrrr     rrrr    xxxx  xxxx
no        count    follows      -       xxxx     xxxx    xxxx  xxxx
no        count    foreign      -       xxxx     xxxx    xxxx  xxxx
no        count    unrequested  -       xxxx     xxxx    xxxx  xxxx
no        count    undreamt     -       xxxx     xxxx    xxxx  xxxx
no        count    unsaid       -       xxxx     xxxx    xxxx  xxxx
no        count    invented     -       xxxx     xxxx    xxxx  xxxx
yes       ignored  -            -       rraa     rrrr    aaaa  xxxx
no        ignored  -            -       rrxx     rrrr    xxxx  xxxx
"""
ROWS = [row.split() for row in TABLE.split("\n")[2:-1]]


def both(written: str, yes: str) -> list[bool]:
    """Read a column: `-` where it makes no difference."""
    return [True, False] if written == "-" else [written == yes]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:4]))
@pytest.mark.parametrize("rule", RULES)
def test_every_cell_is_as_the_table_says(
    row: list[str], rule: RuleAnswer | None
) -> None:
    """Who is there, where values come from and the user's rules decide about a call."""
    attended, origins, verdict, pauses, *cells = row
    policy = Policy(attended=attended == "yes", provenance=origins == "count")
    verdicts = list(VERDICTS.values()) if verdict == "-" else [VERDICTS[verdict]]
    for one, waits in product(verdicts, both(pauses, "yes")):
        told = [policy.decide(e, one, rule=rule, pauses=waits) for e in EFFECTS]
        assert "".join(LETTERS[each] for each in told) == cells[RULES.index(rule)]


def test_the_table_names_every_case_once() -> None:
    """No case is left out, and none is decided twice."""
    told = [
        (attended, origins, one, waits)
        for attended, origins, verdict, pauses, *_ in ROWS
        for one in (VERDICTS if verdict == "-" else [verdict])
        for waits in both(pauses, "yes")
    ]
    every = product(("yes", "no"), ("count", "ignored"), VERDICTS, (True, False))
    assert sorted(told) == sorted(every)


@pytest.mark.parametrize("effect", EFFECTS)
def test_what_others_chose_may_be_asked_about_instead(effect: Effect) -> None:
    """`unrequested="ask"` asks the user; with nobody there it is refused all the same."""
    asks = Policy(unrequested="ask")
    alone = Policy(unrequested="ask", attended=False)
    for waits in (False, True):
        assert asks.decide(effect, VERDICTS["foreign"], pauses=waits) == "ask"
        assert alone.decide(effect, VERDICTS["foreign"], pauses=waits) == "refuse"


@pytest.mark.parametrize(
    "leaves", list(product(("run", "ask"), repeat=3)), ids=" ".join
)
def test_each_effect_has_a_setting_of_its_own(leaves: tuple[str, str, str]) -> None:
    """Writes, sends and deletes are asked about as set; reading never is."""
    write, send, delete = leaves
    policy = Policy(write=write, send=send, delete=delete)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    clear = VERDICTS["clear"]
    assert [policy.decide(effect, clear) for effect in EFFECTS] == ["run", *leaves]


def test_a_policy_asks_before_what_cannot_be_had_back() -> None:
    """Left alone, it refuses what others chose and counts where values come from."""
    assert Policy() == Policy(
        write="run",
        send="ask",
        delete="ask",
        attended=True,
        unrequested="refuse",
        provenance=True,
    )
