"""Llama Guard 3: its verdicts, what it does without one, and what it stops."""

import asyncio

import pytest

from agentkit import Agent, Done, Limits, Stopped, tool
from agentkit.backends import Reply, Request, ScriptedBackend, Traits
from agentkit.errors import BackendError, BackendUnavailable, ConfigError, InputNeeded
from agentkit.messages import Conversation, Question, assistant, user
from agentkit.outcomes import Event, ShieldChecked, TextDelta
from agentkit.prompting import join_parts
from agentkit.safety.llama_guard import LlamaGuard, OnFailure
from agentkit.safety.policy import Shield, ShieldVerdict, Side

TALK = (user("Whats the color of the sky?"), assistant("The sky is blue."))


def guard(*script: str, on_failure: OnFailure = "block") -> LlamaGuard:
    """Make a guard whose model answers from a script."""
    backend = ScriptedBackend([Reply(text=one) for one in script])
    return LlamaGuard(backend, "llama-guard-3-8b", on_failure=on_failure)


def judged(one: LlamaGuard, side: Side = "input") -> ShieldVerdict:
    """Judge a conversation."""
    return asyncio.run(one.check(side, TALK))


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("safe", ShieldVerdict(True)),
        ("\n\nsafe\n", ShieldVerdict(True)),
        ("unsafe\nS2", ShieldVerdict(False, ("S2",), "Non-Violent Crimes")),
        ("unsafe\nS1,S10", ShieldVerdict(False, ("S1", "S10"), "Violent Crimes, Hate")),
        ("unsafe", ShieldVerdict(False, (), "no category was named")),
    ],
)
def test_verdicts_are_read(said: str, verdict: ShieldVerdict) -> None:
    """Spaces around do not matter."""
    assert judged(guard(said)) == verdict


def test_a_category_that_was_not_chosen_does_not_count() -> None:
    """Who leaves out S13 is not stopped by it."""
    backend = ScriptedBackend([Reply(text="unsafe\nS13")])
    assert judged(LlamaGuard(backend, categories=["S1"])).safe


@pytest.mark.parametrize("said", ["I think it is safe", "safe unsafe", "perhaps"])
def test_what_is_no_verdict_stops_unless_told_otherwise(said: str) -> None:
    """Closed by default, open where the application says so."""
    assert not judged(guard(said)).safe
    assert judged(guard(said, on_failure="allow")).safe


def test_a_guard_that_is_not_there_stops() -> None:
    """The reason names what happened."""
    verdict = judged(guard())
    assert not verdict.safe
    assert "could not judge it" in verdict.reason


def test_an_unknown_category_is_refused() -> None:
    """The 1B was not trained on S14."""
    with pytest.raises(ConfigError, match="does not know 'S14'"):
        LlamaGuard(ScriptedBackend([]), categories=["S14"])


def test_an_unsafe_request_does_not_reach_the_model() -> None:
    """The run stops before its first step."""
    model = ScriptedBackend(["hello"])
    outcome = Agent([], model, shields=[guard("unsafe\nS2")]).run("steal a llama")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, model.requests) == ("shield", [])
    assert "Non-Violent Crimes" in outcome.text


def test_an_unsafe_answer_is_not_shown() -> None:
    """Neither streamed nor told; how long the guard took is."""
    shields = [guard("safe", "unsafe\nS2")]
    events: list[Event] = []
    for event in Agent([], ScriptedBackend(["Steal one."]), shields=shields).stream(
        "How do I get a llama?"
    ):
        events.append(event)
    assert "Steal" not in str(events)
    checks = [one for one in events if isinstance(one, ShieldChecked)]
    assert [(one.side, one.verdict.safe) for one in checks] == [
        ("input", True),
        ("output", False),
    ]
    assert not [one for one in events if isinstance(one, TextDelta)]


def test_a_safe_answer_is_shown() -> None:
    """Nothing else changes."""
    agent = Agent([], ScriptedBackend(["Hello."]), shields=[guard("safe", "safe")])
    outcome = agent.run("Hi")
    assert isinstance(outcome, Done)
    assert outcome.text == "Hello."


def test_a_category_that_nobody_knows_is_no_safe() -> None:
    """The 1B was not told of S14; that it names it does not make a text safe."""
    backend = ScriptedBackend([Reply(text="unsafe\nS14")])
    assert not judged(LlamaGuard(backend)).safe


def test_what_was_let_through_unjudged_is_told() -> None:
    """An event says why; the run goes on."""
    agent = Agent([], ScriptedBackend(["Hello."]), shields=[guard(on_failure="allow")])
    events = list(agent.stream("Hi"))
    checks = [one for one in events if isinstance(one, ShieldChecked)]
    assert [(c.verdict.safe, c.verdict.judged) for c in checks] == [(True, False)] * 2
    assert all("could not judge it" in c.verdict.reason for c in checks)


class Silent:
    """A guard's backend that never answers."""

    name = "silent"
    traits = Traits(on_device=True)

    async def reply(self, request: Request) -> Reply:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize(("on_failure", "safe"), [("block", False), ("allow", True)])
def test_a_guard_that_hangs_is_a_guard_that_failed(
    on_failure: OnFailure, safe: bool
) -> None:
    """It is waited for as long as was said."""
    one = LlamaGuard(Silent(), on_failure=on_failure, seconds=0.01)
    verdict = judged(one)
    assert (verdict.safe, verdict.judged) == (safe, False)
    assert "did not answer within 0.01 s" in verdict.reason


class Stuck:
    """A shield of somebody else that hangs, or fails."""

    name = "stuck"

    def __init__(self, error: BackendError | None = None) -> None:
        """Take what it fails with; it hangs when None."""
        self.error = error

    async def check(self, side: Side, conversation: Conversation) -> ShieldVerdict:
        """Never answer."""
        if self.error:
            raise self.error
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize(
    ("shield", "words"),
    [
        (Stuck(), "did not answer within 0.01 s"),
        (Stuck(BackendUnavailable("away")), "the request was not judged (away)"),
    ],
    ids=["hangs", "fails"],
)
def test_any_shield_that_cannot_judge_stops_the_run(shield: Shield, words: str) -> None:
    """Nothing reaches the model."""
    model = ScriptedBackend(["hello"])
    limits = Limits(tool_seconds=0.01)
    outcome = Agent([], model, shields=[shield], limits=limits).run("Hi")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, model.requests) == ("shield", [])
    assert words in outcome.text


def test_a_question_of_the_model_is_looked_at() -> None:
    """Its words and what it offers are as much an answer as any."""
    asked = Reply(question=Question("", "", "Which llama to steal?", ("Ann's",)))
    backend = ScriptedBackend([asked])
    outcome = Agent([], backend, shields=[guard("safe", "unsafe\nS2")]).run("Llama")
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "shield"
    assert "steal" not in str(outcome.conversation)


def test_a_question_of_a_tool_is_looked_at() -> None:
    """It may repeat what the model wrote."""

    @tool(effect="read")
    def find(which: str) -> str:
        """Find a llama.

        Args:
            which: name of it.
        """
        raise InputNeeded("which", f"Which one is {which}?", ("Ann's",))

    seen: list[str] = []

    class Watching(Stuck):
        async def check(self, side: Side, conversation: Conversation) -> ShieldVerdict:
            seen.append(f"{side}: {conversation[-1].text}")
            return ShieldVerdict(side == "input", (), "no")

    agent = Agent([find], ScriptedBackend(["[find(which='x')]"]), shields=[Watching()])
    outcome = agent.run("Find x")
    assert isinstance(outcome, Stopped)
    assert seen == ["input: Find x", "output: Which one is x?\nAnn's"]


def test_a_plan_is_behind_the_shields() -> None:
    """Neither an unsafe request nor an unsafe answer shows up in it."""
    plan = Agent([], ScriptedBackend(["x"]), shields=[guard("unsafe\nS2")]).plan("Hi")
    assert (plan.stopped, plan.text) == ("shield", "")
    shields = [guard("safe", "unsafe\nS2")]
    plan = Agent([], ScriptedBackend(["Steal."]), shields=shields).plan("Hi")
    assert (plan.stopped, plan.text) == ("shield", "")


def test_what_would_be_sent_is_looked_at_first() -> None:
    """Before anybody is asked about it; what only reads is not looked at."""
    sent: list[str] = []

    @tool(effect="send")
    def post(text: str) -> str:
        """Post a text.

        Args:
            text: what.
        """
        sent.append(text)
        return text

    @tool(effect="read")
    def look() -> str:
        """Look around."""
        return "a llama"

    agent = Agent(
        [post, look],
        ScriptedBackend(["[look()]", "[post(text='steal it')]", "Done."]),
        shields=[guard("safe", "unsafe\nS2")],
        approve=lambda _: True,
    )
    outcome = agent.run("Post 'steal it'")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, sent) == ("shield", [])
    assert [one.name for one in outcome.calls] == ["look"]


def test_a_backend_that_completes_is_sent_the_tokens() -> None:
    """The header tokens are control tokens, and what is said is text."""
    traits = Traits(on_device=True, completes=True)
    backend = ScriptedBackend([Reply(text="safe")], traits=traits)
    one = LlamaGuard(backend)
    assert judged(one, "output").safe
    (request,) = backend.requests
    assert join_parts(request.prompt) == one.prompt("output", TALK)
    kinds = [(part.kind, part.text) for part in request.prompt]
    assert kinds[0] == ("control", "<|begin_of_text|>")
    assert kinds[-1] == ("control", "<|end_header_id|>")


def test_another_backend_is_sent_the_task_as_the_users_turn() -> None:
    """Its own template puts the header tokens around it."""
    backend = ScriptedBackend([Reply(text="safe")])
    one = LlamaGuard(backend, "llama-guard-3-8b")
    judged(one)
    (request,) = backend.requests
    assert request.prompt == ()
    assert one.prompt("input", TALK).count(request.conversation[0].text) == 1


def test_a_guard_elsewhere_is_refused() -> None:
    """A guard sees all that is said: it has to be on this device."""
    cloud = ScriptedBackend([], name="cloud", on_device=False)
    with pytest.raises(ConfigError, match="cloud is not on this device"):
        LlamaGuard(cloud)
