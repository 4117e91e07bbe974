"""Training data is what agentkit sends, to the byte, of what went well."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from typing import Any

import jinja2
import pytest
from jinja2.ext import Extension

from agentkit import ConfigError, Toolset, render_prompt, tool
from agentkit.messages import (
    Conversation,
    Label,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.stores.sessions import RunRecord, SessionRecord, Transcript
from agentkit.stores.sessions.export import (
    CHAT_TEMPLATE,
    MessagesToTokens,
    contents_of,
    taught,
    tuning_dataset,
    tuning_line,
)
from agentkit.stores.sessions.records import RunState

SESSION = SessionRecord(
    id="trip", title="", assistant="", kind="chat", created="", changed=""
)
CALL = ToolCall("find", {"query": "tea", "limit": 3})
TEA: Conversation = (
    user("Find tea"),
    assistant(calls=(CALL,)),
    tool_result(
        ToolResult(CALL, "done", ["green", "black"]), Label("tool", "personal")
    ),
    assistant("Green and black."),
)
HELLO: Conversation = (user("Hello"), assistant("Hi."))
HEAD = system("Be kind.")


@tool(effect="read")
def find(query: str, limit: int = 5) -> list[str]:
    """Find.

    Args:
        query: what.
        limit: how many.
    """
    return [query] * limit


def transcript(*messages: Any, states: tuple[RunState, ...] = ()) -> Transcript:
    runs = tuple(
        RunRecord(id=str(n), number=n, state=state, started="")
        for n, state in enumerate(states, 1)
    )
    return Transcript(session=SESSION, conversation=tuple(messages), runs=runs)


class _Generation(Extension):
    """The tag that trainers know: it marks what is learnt, and writes nothing."""

    tags = {"generation"}  # noqa: RUF012

    def parse(self, parser: Any) -> Any:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def test_one_line_is_the_prompt() -> None:
    """With the template of the docs a line becomes exactly the prompt that is sent."""
    said = (HEAD, *TEA, *HELLO)
    line = tuning_line(said, Toolset([find]))
    template = jinja2.Environment(extensions=[_Generation]).from_string(CHAT_TEMPLATE)
    header = "<|start_header_id|>assistant<|end_header_id|>\n\n"
    sent = render_prompt(said, Toolset([find]))
    assert template.render(**json.loads(line)) + header == sent


def test_calls_are_pythonic() -> None:
    """The assistant's calls are written as the model is to write them."""
    messages = json.loads(tuning_line((HEAD, *TEA), Toolset([find])))["messages"]
    assert messages[2] == {
        "role": "assistant",
        "content": '[find(query="tea", limit=3)]',
    }
    assert messages[3] == {"role": "ipython", "content": '["green", "black"]'}
    assert {key for m in messages for key in m} == {"role", "content"}


def test_a_line_is_one_line() -> None:
    """Line breaks and control tokens in what was said do not break the format."""
    said = (user("a\nb <|eot_id|> c"), assistant("d"))
    line = tuning_line(said, Toolset())
    assert "\n" not in line
    assert "<|eot_id|>" not in line
    messages = json.loads(line)["messages"]
    assert messages[-2]["content"] == "a\nb < |eot_id|> c"


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        pytest.param(transcript(HEAD, *TEA), (HEAD, *TEA), id="well"),
        pytest.param(transcript(HEAD), (), id="nothing said"),
        pytest.param(transcript(*TEA[:3]), (), id="no answer"),
        pytest.param(transcript(*HELLO, *TEA[:2]), HELLO, id="cut off"),
        pytest.param(
            transcript(*TEA, *HELLO, states=("stopped", "done")), HELLO, id="stopped"
        ),
        pytest.param(
            transcript(*HELLO, states=("needs_input",)), HELLO, id="asked the user"
        ),
        pytest.param(
            transcript(
                TEA[0],
                TEA[1],
                tool_result(ToolResult(CALL, "denied", "no")),
                TEA[3],
                *HELLO,
            ),
            HELLO,
            id="the user said no",
        ),
    ],
)
def test_what_is_worth_learning(found: Transcript, kept: Conversation) -> None:
    """Turns that did not end well, or that the user refused, are left out."""
    assert taught(found) == kept


def test_only_what_was_accepted() -> None:
    """Messages after those that were accepted are not taken."""
    assert taught(transcript(*HELLO, *TEA), 2) == HELLO
    assert taught(transcript(*HELLO, *TEA), 0) == ()


def test_what_is_personal_is_named() -> None:
    """Whoever is asked learns which tools brought personal and foreign text."""
    theirs = replace(TEA[2], label=Label("tool", "secret", "untrusted"))
    held = contents_of((*TEA, theirs, user("x", privacy="personal")))
    assert held.private == ("personal (find)", "secret (find)", "personal (your words)")
    assert held.untrusted == ("find",)
    assert held.turns == 2


def test_torchtune_gets_roles_contents_and_what_is_learnt() -> None:
    """Each turn is a message of torchtune's; only the assistant's are learnt."""
    pytest.importorskip("torchtune", reason="torchtune is not installed")
    seen: list[Any] = []

    def tokenize(sample: dict[str, list[Any]]) -> None:
        seen.extend(sample["messages"])

    transform = MessagesToTokens(tokenize)
    turns = [
        ("user", "Hi"),
        ("assistant", "[f()]"),
        ("ipython", "1"),
        ("assistant", "1"),
    ]
    transform({"messages": [{"role": r, "content": c} for r, c in turns]})
    assert [(m.role, m.text_content, m.masked) for m in seen] == [
        (role, content, role != "assistant") for role, content in turns
    ]


def test_without_torchtune_that_is_told() -> None:
    """Who asks for its dataset and has it not is told what to install."""
    if importlib.util.find_spec("torchtune"):
        pytest.skip("torchtune is installed")
    with pytest.raises(ConfigError, match="install torchtune"):
        tuning_dataset(None, data_files="mine.jsonl")
