"""Spans and metrics of runs, by OpenTelemetry's own SDK and its exporters in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest

from agentkit import Agent, tool
from agentkit.agent.observers import add_observer
from agentkit.backends import Reply, ScriptedBackend
from agentkit.telemetry import instrument

pytestmark = pytest.mark.slow

_SECRET = "the user's own words"


@tool(effect="send")
def post(text: str) -> str:
    """Post a text.

    Args:
        text: what is posted.
    """
    return f"posted {text}"


def unseen(text: str) -> str:
    return "Post it." if text else ""


@tool(effect="send", preview=unseen)
def post_unseen(text: str) -> str:
    """Post a text that is not shown.

    Args:
        text: what is posted.
    """
    return f"posted {text}"


@tool(effect="read")
def fail() -> str:
    """Look at what fails."""
    raise ValueError("boom")


class Told:
    """What was exported."""

    def __init__(self, spans: Any, reader: Any) -> None:
        self._spans = spans
        self._reader = reader

    @property
    def spans(self) -> dict[str, Any]:
        return {one.name: one for one in self._spans.get_finished_spans()}

    @property
    def names(self) -> list[str]:
        return [one.name for one in self._spans.get_finished_spans()]

    @property
    def metrics(self) -> dict[str, Any]:
        data = self._reader.get_metrics_data()
        return {
            metric.name: metric.data.data_points
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Generator[Told]:
    pytest.importorskip("opentelemetry.sdk")
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (
        InMemorySpanExporter,
    )

    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    meters = MeterProvider([reader])
    remove = instrument(provider, meters, content=getattr(request, "param", False))
    yield Told(spans, reader)
    remove()
    meters.shutdown()


def yes(_: object) -> bool:
    return True


def run(*script: Any, approve: Any = yes) -> Any:
    agent = Agent([post, post_unseen, fail], ScriptedBackend(script), approve=approve)
    return agent.run(f"post {_SECRET}")


def test_a_run_its_steps_calls_and_approvals_are_spans(told: Told) -> None:
    """Each has its span, below that of the run."""
    run(f'[post(text="{_SECRET}")]', "Ready.")
    names = set(told.spans)
    assert names == {
        "invoke_agent agentkit", "chat scripted", "execute_tool post", "approve post",
    }  # fmt: skip
    run_span = told.spans["invoke_agent agentkit"]
    for name in names - {"invoke_agent agentkit"}:
        assert told.spans[name].parent.span_id == run_span.context.span_id
    assert run_span.attributes["agentkit.outcome"] == "done"
    assert told.spans["approve post"].attributes["agentkit.approved"] is True


def test_no_text_is_told_unasked(told: Told) -> None:
    """Neither the request nor an argument, a result or an answer is in a span."""
    run(f'[post(text="{_SECRET}")]', f"I posted {_SECRET}.")
    everything = " ".join(span.to_json() for span in told.spans.values())
    assert _SECRET not in everything


@pytest.mark.parametrize("told", [True], indirect=True)
def test_text_is_told_where_it_is_asked_for(told: Told) -> None:
    """With content, arguments, results and the answer are there."""
    run(f'[post(text="{_SECRET}")]', f"I posted {_SECRET}.")
    call = told.spans["execute_tool post"].attributes
    assert _SECRET in call["gen_ai.tool.call.arguments"]
    assert _SECRET in call["gen_ai.tool.call.result"]
    assert _SECRET in told.spans["invoke_agent agentkit"].attributes["agentkit.text"]


def test_tokens_and_seconds_are_measured(told: Told) -> None:
    """Tokens stand by kind and backend, seconds by tool."""
    called = Reply(tokens_in=20, tokens_out=5, text="Hello.", finish_reason="stop")
    run(called)
    points = told.metrics["gen_ai.client.token.usage"]
    sums = {p.attributes["gen_ai.token.type"]: p.sum for p in points}
    assert sums == {"input": 20, "output": 5}
    chat = told.spans["chat scripted"].attributes
    assert chat["gen_ai.usage.input_tokens"] == 20
    assert chat["gen_ai.response.finish_reasons"] == ("stop",)


def test_what_goes_wrong_is_an_error(told: Told) -> None:
    """A tool that fails and a run that stops say so, by a name."""
    run("[fail()]", "")
    assert told.spans["execute_tool fail"].status.is_ok is False
    stopped = told.spans["invoke_agent agentkit"]
    assert stopped.attributes["error.type"] == "empty_reply"


def test_a_call_that_waits_ends_its_spans(told: Told) -> None:
    """A paused run leaves nothing open."""
    run(f'[post(text="{_SECRET}")]', approve=None)
    run_span = told.spans["invoke_agent agentkit"]
    assert run_span.attributes["agentkit.pending"] == 1
    assert "approve post" in told.spans


def test_questions_that_look_alike_have_a_span_each(told: Told) -> None:
    """Calls that look the same to the user wait side by side, and none stays open."""
    run("[post_unseen(text='a'), post_unseen(text='b')]", approve=None)
    assert told.names.count("approve post_unseen") == 2


def test_what_a_tool_traces_stands_below_the_run(told: Told) -> None:
    """A span that a tool opens itself has the run above it."""
    from opentelemetry import trace

    seen: list[Any] = []

    @tool(effect="read")
    async def look() -> str:
        """Look."""
        await asyncio.sleep(0)
        seen.append(trace.get_current_span().get_span_context().trace_id)
        return "seen"

    Agent([look], ScriptedBackend(["[look()]", "Ready."])).run("look")
    assert seen == [told.spans["invoke_agent agentkit"].context.trace_id]


def test_a_run_that_is_cut_off_ends_its_span(told: Told) -> None:
    """What raises is an error of the run's span."""
    began = asyncio.Event()

    @tool(effect="read")
    async def wait() -> str:
        """Wait."""
        began.set()
        await asyncio.sleep(3_600)
        return ""

    async def cut() -> None:
        agent = Agent([wait], ScriptedBackend(["[wait()]"]))
        task = asyncio.ensure_future(agent.arun("wait"))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cut())
    run_span = told.spans["invoke_agent agentkit"]
    assert run_span.attributes["error.type"] == "CancelledError"


def test_observers_are_told_until_they_are_removed() -> None:
    """An observer hears whole runs, in order, and no more when it is removed."""
    heard: list[str] = []

    class Observer:
        def begin(self) -> None:
            heard.append("begin")

        def hear(self, event: object) -> None:
            heard.append(type(event).__name__)

        def end(self, outcome: object, error: BaseException | None) -> None:
            heard.append(type(outcome).__name__)

    remove = add_observer(lambda _: Observer())
    run("Hello.")
    remove()
    run("Hello.")
    assert heard[0] == "begin"
    assert heard[-1] == "Done"
    assert heard.count("begin") == 1
