"""Make a tool, give it to an agent, ask; then put another backend underneath."""

from typing import Literal

from agentkit import Agent, tool
from agentkit.backends import ReflexBackend, ScriptedBackend

Unit = Literal["km", "miles"]


@tool(
    effect="read",
    examples=["how far is {city} [in {unit}]", "what is the distance to {city}"],
    wording=lambda km: f"It is {km} away.",
)
def distance(city: str, unit: Unit = "km") -> str:
    """Tell how far away a city is.

    Args:
        city: the city to measure to.
        unit: what to measure in.
    """
    kilometres = {"oslo": 840, "paris": 880}.get(city.casefold(), 1000)
    shown = kilometres if unit == "km" else round(kilometres * 0.621)
    return f"{shown} {unit}"


def main() -> None:
    """Ask the same agent twice: once by rules, once with a scripted model."""
    # The reflex backend needs no model: it reads the tool's name, types and examples.
    outcome = Agent([distance], ReflexBackend()).run("How far is Oslo in miles?")
    print(outcome.text, f"[{outcome.route.backend}]")

    # The scripted backend plays a model in tests: one text for each step. This one
    # misses an argument first, is told so, and gets it right.
    model = ScriptedBackend(
        ["[distance()]", '[distance(city="Paris")]', "Paris is 880 km away."]
    )
    outcome = Agent([distance], model).run("How far is Paris?")
    print(outcome.text, f"[{outcome.route.backend}, {outcome.steps} steps]")
    for result in outcome.calls:
        print(
            f"  {result.name}{dict(result.arguments)} {result.status}: {result.value}"
        )


if __name__ == "__main__":
    main()
