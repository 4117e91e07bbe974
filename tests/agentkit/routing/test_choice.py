from typing import Any

import pytest

from agentkit.errors import ConfigError
from agentkit.routing import (
    Doubt,
    Egress,
    Facts,
    Route,
    RoutePolicy,
    Rung,
    Spent,
    Unserved,
    choose,
)

LOCAL = Rung("local", on_device=True)
CLOUD = Rung("cloud", on_device=False)


def test_the_first_rung_serves() -> None:
    """The cheapest backend is tried first, and the reason says so."""
    assert choose(Facts((LOCAL, CLOUD))) == Route("local", "first on the ladder")


def test_the_only_rung() -> None:
    """One backend alone is named as the only one."""
    assert choose(Facts((LOCAL,))) == Route("local", "the only backend")


def test_a_rung_brings_its_reason() -> None:
    """What picked a backend says why it was picked."""
    facts = Facts((Rung("local", on_device=True, reason="named by --backend"),))
    assert choose(facts) == Route("local", "named by --backend")


def test_passing_steps_up_with_the_reason() -> None:
    """The next rung's reason tells why those before it passed."""
    route = choose(Facts((LOCAL, CLOUD), passed={"local": "unsure"}))
    assert route == Route("cloud", "next on the ladder (local: unsure)")


def test_all_passed() -> None:
    """When every backend passed, the run is unserved and each reason is told."""
    found = choose(Facts((LOCAL, CLOUD), passed={"local": "unsure", "cloud": "down"}))
    assert isinstance(found, Unserved)
    assert found.reason == "abstained"
    assert "local: unsure; cloud: down" in found.text


@pytest.mark.parametrize(
    ("personal", "egress", "served"),
    [
        pytest.param(False, "never", True, id="public-never"),
        pytest.param(False, "allow", True, id="public-allow"),
        pytest.param(True, "never", False, id="personal-never"),
        pytest.param(True, "allow", True, id="personal-allow"),
    ],
)
def test_personal_data_stays(personal: bool, egress: Egress, served: bool) -> None:
    """Personal data reaches a backend off the device only when egress is allowed."""
    found = choose(Facts((CLOUD,), personal=personal, egress=egress))
    assert isinstance(found, Route) is served


def test_privacy_skips_to_a_local_rung() -> None:
    """With personal data, a later rung on the device serves before a cloud."""
    route = choose(Facts((CLOUD, LOCAL), personal=True))
    assert isinstance(route, Route)
    assert route.backend == "local"


def test_privacy_is_named_before_abstaining() -> None:
    """When only a cloud is left, privacy is the reason, and the backend is named."""
    found = choose(Facts((LOCAL, CLOUD), passed={"local": "unsure"}, personal=True))
    assert isinstance(found, Unserved)
    assert (found.reason, "'cloud'" in found.text) == ("privacy", True)


def policy(**wanted: Any) -> RoutePolicy:
    return RoutePolicy(**wanted)


BIG_TEXT = Rung("local", on_device=True, window=2048, tokens=5000)
SLOW = Rung("local", on_device=True, seconds=40.0)
DEAR = Rung("cloud", on_device=False, cost=0.02)
UNSURE = {"local": Doubt(0.73, ("nobody said the number in 'minutes'",))}
LADDER = (LOCAL, CLOUD)


@pytest.mark.parametrize(
    ("facts", "backend", "reason"),
    [
        pytest.param(
            Facts(LADDER, wish="big"), "cloud", "you asked for the big model", id="big"
        ),
        pytest.param(
            Facts(LADDER, wish="private"),
            "local",
            "you asked to keep this private",
            id="private",
        ),
        pytest.param(
            Facts((BIG_TEXT, CLOUD)),
            "cloud",
            "next on the ladder (local: its window of 2,048 tokens is too small for "
            "5,000)",
            id="window",
        ),
        pytest.param(
            Facts((SLOW, CLOUD), policy=policy(patience=10)),
            "cloud",
            "next on the ladder (local: its first word would take about 40 s)",
            id="slow",
        ),
        pytest.param(
            Facts((SLOW, CLOUD)), "local", "first on the ladder", id="no patience set"
        ),
        pytest.param(
            Facts(LADDER, doubts=UNSURE, policy=policy(act_below=0.5)),
            "cloud",
            "next on the ladder (local: its answer is wrong with probability 0.73: "
            "nobody said the number in 'minutes')",
            id="unsure",
        ),
        pytest.param(
            Facts(LADDER, doubts=UNSURE, policy=policy(act_below=0.8)),
            "local",
            "first on the ladder",
            id="sure enough",
        ),
        pytest.param(
            Facts((CLOUD, LOCAL), online=False),
            "local",
            "next on the ladder (cloud: this device seems to be offline)",
            id="offline",
        ),
        pytest.param(
            Facts((Rung("cloud", on_device=False, down="it failed 5 times"), LOCAL)),
            "local",
            "next on the ladder (cloud: it failed 5 times)",
            id="down",
        ),
        pytest.param(
            Facts(
                LADDER,
                tools=("send_message",),
                policy=policy(at_least={"send_message": "cloud"}),
            ),
            "cloud",
            "next on the ladder (local: send_message is left to cloud)",
            id="a tool for a higher rung",
        ),
        pytest.param(
            Facts(
                (Rung("local", on_device=True, calls_tools=False), CLOUD),
                tools=("add",),
            ),
            "cloud",
            "next on the ladder (local: it cannot call add)",
            id="no tools",
        ),
        pytest.param(
            Facts((DEAR, LOCAL), spent=Spent(run=0.09), policy=policy(per_run=0.1)),
            "local",
            "next on the ladder (cloud: about 0.0200 more would pass the limit of 0.1 "
            "for a run)",
            id="cost of a run",
        ),
        pytest.param(
            Facts((DEAR, LOCAL), spent=Spent(today=0.99), policy=policy(per_day=1)),
            "local",
            "next on the ladder (cloud: about 0.0200 more would pass the limit of 1 "
            "for a day)",
            id="cost of a day",
        ),
        pytest.param(
            Facts((DEAR, LOCAL), spent=Spent(run=0.05), policy=policy(per_run=0.1)),
            "cloud",
            "first on the ladder",
            id="cheap enough",
        ),
    ],
)
def test_facts_and_their_reasons(facts: Facts, backend: str, reason: str) -> None:
    """Each fact leads to its rung, and the sentence says which fact it was."""
    assert choose(facts) == Route(backend, reason)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(Facts((SLOW,), policy=policy(patience=1)), id="slow"),
        pytest.param(
            Facts((LOCAL,), doubts=UNSURE, policy=policy(act_below=0.1)), id="unsure"
        ),
        pytest.param(
            Facts(LADDER, personal=True, doubts=UNSURE, policy=policy(act_below=0.1)),
            id="unsure and the cloud is forbidden",
        ),
        pytest.param(Facts((CLOUD,), online=False), id="offline"),
    ],
)
def test_what_is_unwanted_serves_when_nobody_else_can(facts: Facts) -> None:
    """A slow, unsure or perhaps offline rung serves rather than nobody; it is said."""
    route = choose(facts)
    assert isinstance(route, Route)
    assert ", though " in route.reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        pytest.param(Facts((CLOUD,), wish="private"), "privacy", id="private"),
        pytest.param(
            Facts((DEAR,), spent=Spent(run=0.1), policy=policy(per_run=0.1)),
            "budget",
            id="no money",
        ),
        pytest.param(Facts((BIG_TEXT,)), "abstained", id="window"),
        pytest.param(
            Facts(LADDER, wish="big", personal=True, passed={"local": "down"}),
            "privacy",
            id="a wish for the big model is no grant",
        ),
    ],
)
def test_what_nobody_may_serve(facts: Facts, reason: str) -> None:
    """What is forbidden or impossible ends the run by name."""
    found = choose(facts)
    assert isinstance(found, Unserved)
    assert found.reason == reason


def test_the_big_model_may_not_see_it() -> None:
    """Where the policy keeps text back, the most able rung that may see it serves."""
    ladder = (LOCAL, Rung("3b", on_device=True), CLOUD)
    route = choose(Facts(ladder, wish="big", personal=True))
    assert isinstance(route, Route)
    assert route.backend == "3b"


@pytest.mark.parametrize(
    "wrong",
    [{"act_below": 2}, {"patience": -1}, {"per_day": -0.5}, {"fruitless_steps": 0}],
    ids=str,
)
def test_a_policy_out_of_range(wrong: dict[str, Any]) -> None:
    """Numbers that make no sense are refused where they are given."""
    with pytest.raises(ConfigError):
        RoutePolicy(**wrong)
