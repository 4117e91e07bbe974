"""What a run costs, by the user's own prices."""

from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import Price, Reply, ScriptedBackend, Traits

# A tenth of the price for what was read before.
PAID = Traits(on_device=True, price=Price(read=1.0, written=2.0, cached=0.1))


@pytest.mark.parametrize(
    ("cached", "cost"), [(None, 1.2), (0, 1.2), (500_000, 0.75)], ids=str
)
def test_what_was_read_before_costs_less(
    tmp_path: Path, cached: int | None, cost: float
) -> None:
    """Tokens that the server had read before are counted at their own price."""
    answer = Reply(
        text="Hi.", tokens_in=1_000_000, tokens_out=100_000, tokens_cached=cached
    )
    one = Agent(
        backend=ScriptedBackend([answer], traits=PAID), context=Context(home=tmp_path)
    )
    assert one.run("Hi").cost == pytest.approx(cost)


def test_an_answer_that_was_not_taken_costs_too(tmp_path: Path) -> None:
    """A backend that passes the step on was paid all the same."""
    passes = Reply(abstained=True, reason="unsure", tokens_in=1_000_000, tokens_out=0)
    ladder = [
        ScriptedBackend([passes], name="first", traits=PAID),
        ScriptedBackend(["Hi."]),
    ]
    outcome = Agent(backend=ladder, context=Context(home=tmp_path)).run("Hi")
    assert outcome.text == "Hi."
    assert outcome.cost == pytest.approx(1.0)
