import pytest

from agentkit.routing import Egress, Facts, Route, Rung, Unserved, choose

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
