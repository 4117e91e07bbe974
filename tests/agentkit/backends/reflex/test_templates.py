import pytest

from agentkit.backends.reflex.templates import Row, expand


def shown(row: Row) -> str:
    def one(kind: str, stems: list[str], slot: str) -> str:
        return {"slot": f"{{{slot}}}", "gap": "..."}.get(kind, "/".join(stems))

    return " ".join(
        one(part.kind, [word.stem for word in part.words], part.slot)
        + ("?" if part.optional else "")
        + (f"={part.glued}" if part.glued else "")
        for part in row
    )


@pytest.mark.parametrize(
    ("template", "rows"),
    [
        ("feed the dog", ["feed dog"]),
        ("feed (dogs|cats)", ["feed dog/cat"]),
        ("feed [quiet] dogs", ["feed quiet? dog"]),
        ("feed {pet} [at {hour}]", ["feed {pet} at {hour}", "feed {pet}"]),
        ("feed {pet} [{hour}]", ["feed {pet} {hour}?"]),
        ("(get rid of|drop) {thing}", ["remove/drop {thing}"]),
        ("turn (on|off) it", ["turn_on/turn_off it"]),
        ("is ... here", ["be ... here"]),
        ("(big|very small) dog", ["big dog", "very small dog"]),
        ("my {pet}+(dog|cat)", ["{pet} dog/cat=pet"]),
        ("", [""]),
        ("(a|b", ["b?"]),
    ],
)
def test_expands_a_template(template: str, rows: list[str]) -> None:
    """Choices of one word stay together; longer ones become rows of their own."""
    assert sorted(shown(row) for row in expand(template)) == sorted(rows)


def test_a_wild_template_stays_small() -> None:
    """The number of rows is bounded, whatever the template says."""
    assert len(expand("(a b|c d|e f) " * 12)) <= 100
