from agentkit.routing import Facts, Rung, Standing, explain

LOCAL = Rung("local", on_device=True, down="it failed 5 times")
THREE = Rung("3b", on_device=True)
CLOUD = Rung("cloud", on_device=False)


def test_every_rung_is_explained() -> None:
    """Each rung has its own reason; the one that serves is marked."""
    assert explain(Facts((LOCAL, THREE, CLOUD), personal=True)) == (
        Standing("local", False, "it failed 5 times"),
        Standing("3b", True, "next on the ladder (local: it failed 5 times)"),
        Standing("cloud", False, "the conversation holds personal data", "never"),
    )


def test_who_would_be_next() -> None:
    """A rung that nothing speaks against waits for those before it."""
    _, cloud = explain(Facts((THREE, CLOUD)))
    assert cloud == Standing(
        "cloud", False, "would serve if those before it pass", "allow"
    )
