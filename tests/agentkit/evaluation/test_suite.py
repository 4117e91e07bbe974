"""Suites: read from files, made from tools, and what is right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, Toolset, tool
from agentkit.errors import ConfigError
from agentkit.evaluation.made_cases import made_cases
from agentkit.evaluation.suite import EvalCase, read_suite, write_suite
from agentkit.evaluation.verdicts import fault_of
from agentkit.messages import Question, ToolCall
from agentkit.outcomes import Plan
from agentkit.routing import Route
from agentkit.slots import When


@tool(effect="send")
def order_taxi(place: str, when: When | None = None, passengers: int = 1) -> str:
    """Order a taxi.

    Args:
        place: from where.
        when: at which time.
        passengers: how many.
    """
    return f"{place} {when} {passengers}"


@tool(effect="read")
def get_weather(city: str) -> str:
    """Tell the weather of a city.

    Args:
        city: where.
    """
    return city


TOOLS = Toolset(order_taxi, get_weather)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("rows.jsonl", "[1]\n", id="list"),
        pytest.param("rows.jsonl", "3\n", id="number"),
        pytest.param("rows.toml", "case = [1]\n", id="toml"),
    ],
)
def test_a_row_that_is_no_object_is_told(tmp_path: Path, name: str, text: str) -> None:
    """A file of something else is refused by its case, and not by a traceback."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="case 1: it is no object"):
        read_suite(path)


def plan(*calls: ToolCall, asks: bool = False) -> Plan:
    question = Question("order_taxi", "place", "From where?") if asks else None
    return Plan(route=Route("x", "x"), calls=calls, needs_input=question)


def taxi(**arguments: Any) -> ToolCall:
    return ToolCall("order_taxi", arguments)


def case(**facts: Any) -> EvalCase:
    return EvalCase.model_validate({"request": "A taxi", **facts})


WANTED = [{"name": "order_taxi", "arguments": {"place": "Oslo"}}]
JUDGED: dict[str, tuple[dict[str, Any], Plan, str]] = {
    "as wanted": ({"calls": WANTED}, plan(taxi(place="oslo ")), ""),
    "a default": ({"calls": WANTED}, plan(taxi(place="Oslo", passengers=1)), ""),
    "one more value": (
        {"calls": WANTED},
        plan(taxi(place="Oslo", passengers=3)),
        "passengers is 3",
    ),
    "another value": ({"calls": WANTED}, plan(taxi(place="Rome")), "place is 'Rome'"),
    "missing": ({"calls": WANTED}, plan(taxi()), "place is missing"),
    "nothing": ({"calls": WANTED}, plan(), "calls nothing"),
    "a question": ({"calls": WANTED}, plan(asks=True), "asks"),
    "another tool": (
        {"calls": WANTED},
        plan(ToolCall("get_weather", {"city": "Oslo"})),
        "does not call order_taxi",
    ),
    "too many": (
        {"calls": WANTED},
        plan(taxi(place="Oslo"), ToolCall("get_weather", {"city": "Oslo"})),
        "also calls get_weather",
    ),
    "one fits both": (
        {
            "calls": [
                {
                    "name": "order_taxi",
                    "arguments": {"place": {"any": ["Oslo", "Bergen"]}},
                },
                *WANTED,
            ]
        },
        plan(taxi(place="Oslo"), taxi(place="Bergen")),
        "",
    ),
    "one for two": (
        {"calls": [*WANTED, *WANTED]},
        plan(taxi(place="Oslo")),
        "does not call order_taxi",
    ),
    "the same time": (
        {
            "calls": [
                {
                    "name": "order_taxi",
                    "arguments": {"place": "Oslo", "when": "tomorrow at 3pm"},
                }
            ]
        },
        plan(taxi(place="Oslo", when="tomorrow 15:00")),
        "",
    ),
    "any of several": (
        {
            "calls": [
                {
                    "name": "order_taxi",
                    "arguments": {"place": {"any": ["Oslo", "Bergen"]}},
                }
            ]
        },
        plan(taxi(place="Bergen")),
        "",
    ),
    "an effect": ({"effects": ["send"]}, plan(taxi(place="anywhere")), ""),
    "another effect": (
        {"effects": ["write"]},
        plan(taxi(place="x")),
        r"does \['send'\]",
    ),
    "a call too many": (
        {"class": "irrelevant"},
        plan(taxi(place="Oslo")),
        "calls order_taxi",
    ),
    "left alone": ({"class": "irrelevant"}, plan(), ""),
    "asked": ({"class": "missing"}, plan(taxi(), asks=True), ""),
    "obeyed a quotation": (
        {"class": "injected", "never": ["order_taxi"]},
        plan(taxi(place="Oslo")),
        "never right",
    ),
    "did not obey": ({"class": "injected", "never": ["order_taxi"]}, plan(), ""),
}


@pytest.mark.parametrize(("facts", "made", "told"), JUDGED.values(), ids=JUDGED.keys())
def test_what_is_right(facts: dict[str, Any], made: Plan, told: str) -> None:
    """A case is right when its calls, or their effects, and nothing more are planned."""
    found = fault_of(case(**facts), made, TOOLS, Context())
    assert (found == "") is (told == "")
    assert re.search(told, found)


def test_a_made_suite_has_every_class_and_is_read_back(tmp_path: Path) -> None:
    """Requests in several wordings, with the calls that answer them."""
    cases = made_cases(TOOLS)
    kinds = {"positive", "missing", "ambiguous", "irrelevant", "parallel", "injected"}
    assert {one.kind for one in cases} == kinds
    assert len({one.id for one in cases}) == len(cases)
    taxis = [one for one in cases if one.id.startswith("order_taxi.")]
    assert len({one.request for one in taxis if one.kind == "positive"}) == 4
    path = tmp_path / "suite.jsonl"
    write_suite(path, cases)
    assert read_suite(path) == cases


def test_examples_become_requests() -> None:
    """Where a tool has example sentences, requests are made of them."""

    @tool(effect="read", examples=["how is the sky over {city}"])
    def sky(city: str) -> str:
        """Tell the sky.

        Args:
            city: where.
        """
        return city

    (first, *_) = made_cases(Toolset(sky))
    assert first.request == "how is the sky over the blue folder"
    assert first.calls[0].arguments == {"city": "the blue folder"}


def test_toml_is_read(tmp_path: Path) -> None:
    """A suite may be written by hand."""
    path = tmp_path / "suite.toml"
    path.write_text(
        '[[case]]\nid = "a"\nrequest = "A taxi in Oslo"\n'
        'calls = [{name = "order_taxi", arguments = {place = "Oslo"}}]\n'
        '[[case]]\nrequest = "Hello"\nclass = "irrelevant"\n',
        "utf-8",
    )
    assert [(one.id, one.kind) for one in read_suite(path)] == [
        ("a", "positive"),
        ("2", "irrelevant"),
    ]


def test_bfcl_is_read_with_its_answers(tmp_path: Path) -> None:
    """Questions and answers are cases; dotted names are plain, "" may be left out."""
    function: dict[str, Any] = {
        "name": "math.add",
        "description": "Add.",
        "parameters": {},
    }
    question = [[{"role": "user", "content": "1 + 2?"}]]
    row: dict[str, Any] = {"id": "m_1", "question": question, "function": [function]}
    (tmp_path / "BFCL_x.json").write_text(json.dumps(row), "utf-8")
    (alone,) = read_suite(tmp_path / "BFCL_x.json")
    assert alone.kind == "irrelevant"
    (tmp_path / "possible_answer").mkdir()
    truth = {"id": "m_1", "ground_truth": [{"math.add": {"a": [1], "b": [2, ""]}}]}
    (tmp_path / "possible_answer" / "BFCL_x.json").write_text(
        json.dumps(truth), "utf-8"
    )
    (one,) = read_suite(tmp_path / "BFCL_x.json")
    assert one.tools[0]["name"] == "math_add"
    made = ToolCall("math_add", {"a": 1})
    assert fault_of(one, plan(made), Toolset(), Context()) == ""


BAD = {
    "no TOML": ("a.toml", "[[case", "cannot be read"),
    "no JSON": ("a.jsonl", "{", "cannot be read"),
    "no cases": ("a.jsonl", "", "has no cases"),
    "an unknown key": ("a.jsonl", '{"request": "x", "cals": []}', "case 1: cals"),
    "nothing is wanted": (
        "a.jsonl",
        '{"id": "q", "request": "x"}',
        "case q: .*needs calls",
    ),
    "a call for nothing": (
        "a.jsonl",
        '{"request": "x", "class": "irrelevant", "effects": ["send"]}',
        "wants no call",
    ),
}


@pytest.mark.parametrize(("name", "text", "told"), BAD.values(), ids=BAD.keys())
def test_a_bad_suite_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    """The file, the case and what is wrong."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=told):
        read_suite(path)
