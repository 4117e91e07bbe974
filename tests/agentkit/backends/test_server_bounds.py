import pytest

from agentkit.backends.server_bounds import Breaker

CLOSED = Breaker(limit=3, rest=10.0, longest=35.0)


def after(*failures: float, breaker: Breaker = CLOSED) -> Breaker:
    for now in failures:
        breaker = breaker.failed(now)
    return breaker


def test_a_few_failures_change_nothing() -> None:
    """Below the limit requests go as before."""
    assert after(1.0, 2.0).allows(2.0)


def test_it_opens_at_the_limit() -> None:
    """At the limit nothing goes until the rest is over."""
    breaker = after(1.0, 2.0, 3.0)
    assert [breaker.allows(now) for now in (3.0, 12.9, 13.0)] == [False, False, True]


def test_a_success_forgets_failures() -> None:
    """Only failures in a row count."""
    assert after(1.0, 2.0, breaker=after(1.0, 2.0).succeeded()).allows(2.0)


def test_one_request_tries() -> None:
    """After the rest one request goes, and no second one while it is on its way."""
    breaker = after(1.0, 2.0, 3.0).begun(13.0)
    assert [breaker.allows(now) for now in (13.0, 22.9)] == [False, False]


def test_a_try_that_never_ends_holds_nobody_for_ever() -> None:
    """A cancelled try is given up after another rest."""
    assert after(1.0, 2.0, 3.0).begun(13.0).allows(23.0)


def test_a_try_that_succeeds_closes_it() -> None:
    """The server is back: requests go again, and the limit is whole again."""
    breaker = after(1.0, 2.0, 3.0).begun(13.0).succeeded()
    assert after(14.0, 15.0, breaker=breaker).allows(15.0)


@pytest.mark.parametrize(
    ("tries", "rest"),
    [(1, 20.0), (2, 35.0), (3, 35.0)],
    ids=["twice", "longest", "bound"],
)
def test_a_try_that_fails_rests_longer(tries: int, rest: float) -> None:
    """Each failed try doubles the rest, up to a bound."""
    breaker, now = after(1.0, 2.0, 3.0), 0.0
    for number in range(tries):
        now = 100.0 * (number + 1)
        breaker = breaker.begun(now).failed(now)
    assert breaker.wait(now) == rest


def test_it_says_why() -> None:
    """What the router tells: how often it failed and how long it is left alone."""
    assert after(1.0, 2.0, 3.0).told(5.0) == (
        "it failed 3 times in a row and is left alone for 8 s more"
    )
    assert after(1.0).told(1.0) == ""
