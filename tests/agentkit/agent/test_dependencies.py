"""Calls that need each other's results."""

import json

from agentkit import Agent, Done, NeedsApproval, tool
from agentkit.backends import ScriptedBackend


@tool(effect="read")
def find_city(name: str) -> str:
    """Find the city of a person."""
    if name == "nobody":
        raise ValueError("there is no such person")
    return f"city of {name}"


@tool(effect="read")
def weather(city: str) -> str:
    """Tell the weather of a city."""
    return f"sun in {city}"


@tool(effect="send")
def post(text: str) -> str:
    """Post a text."""
    return f"posted {text}"


def agent(first: str) -> Agent:
    script = ScriptedBackend([first, "Done."])
    return Agent(tools=[find_city, weather, post], backend=script)


def test_a_nested_call_runs_first_and_its_result_is_the_argument() -> None:
    """`weather(city=find_city(...))` is two calls, the inner one first."""
    outcome = agent("[weather(city=find_city(name='Ana'))]").run("Weather at Ana's?")
    assert isinstance(outcome, Done)
    assert [(c.name, c.status, c.value) for c in outcome.calls] == [
        ("find_city", "done", "city of Ana"),
        ("weather", "done", "sun in city of Ana"),
    ]
    assert outcome.calls[1].arguments == {"city": "city of Ana"}


def test_what_it_needs_failed_so_it_is_not_run() -> None:
    """A call whose dependency failed is skipped and says so; the run goes on."""
    outcome = agent("[weather(city=find_city(name='nobody'))]").run("Weather?")
    assert isinstance(outcome, Done)
    assert [c.status for c in outcome.calls] == ["error", "skipped"]


def test_approval_is_asked_for_the_resolved_arguments() -> None:
    """A send that depends on a result is approved with the value in it."""
    outcome = agent("[post(text=find_city(name='Ana'))]").run("Post Ana's city")
    assert isinstance(outcome, NeedsApproval)
    assert outcome.pending[0].call.arguments == {"text": "city of Ana"}


def test_a_plan_with_a_dependency_is_json() -> None:
    """A plan shows what is not known yet as `result_of`."""
    plan = agent("[weather(city=find_city(name='Ana'))]").plan("Weather at Ana's?")
    assert plan.faults == ()
    inner, outer = json.loads(json.dumps(plan.as_dict()))["calls"]
    assert inner["name"] == "find_city"
    assert outer["arguments"] == {"city": {"result_of": plan.calls[0].id}}
