"""A plugin of `llm`: our backends as models, the installed tools as tools.

Loaded by `llm` through the entry-point group `llm`; what it offers is made when it is
asked for.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llm

if TYPE_CHECKING:
    from agentkit.context import Context
    from agentkit.messages import Conversation
    from agentkit.tools import AnyTool

_PREFIX = "agentkit"


@llm.hookimpl
def register_models(register: Callable[..., None]) -> None:
    """Register `agentkit`, which picks a backend, and a model for each backend."""
    from agentkit.backends.auto import backend_names

    # Imports stand inside: `llm` loads all plugins at each start, for other commands
    # too.
    names = [name for name in backend_names() if name != "auto"]
    register(BackendModel("auto", _PREFIX))
    for name in names:
        register(BackendModel(name, f"{_PREFIX}/{name}"))


@llm.hookimpl
def register_tools(register: Callable[..., None]) -> None:
    """Register the installed tools that neither send nor delete.

    What sends or deletes is asked about, and remembered: that takes a run of agentkit's.
    """
    from agentkit.discovery import installed_tools

    for tool in installed_tools(configured=frozenset(_home_context().packs)):
        if tool.effect in ("read", "write"):
            register(_tool(tool))


class BackendModel(llm.Model):
    """Answers a prompt with one of agentkit's backends."""

    can_stream = True

    def __init__(self, backend: str, model_id: str) -> None:
        """Store the backend's name.

        Args:
            backend: its name, as in `--backend`.
            model_id: what `llm` calls it.
        """
        self.model_id = model_id
        self._backend = backend

    def __str__(self) -> str:
        return f"agentkit: {self.model_id}"

    def execute(
        self,
        prompt: llm.Prompt,
        stream: bool,
        response: llm.Response,
        conversation: llm.Conversation | None,
    ) -> Iterator[str]:
        """Yield the answer, piece by piece.

        Raises:
            ModelError: there is none; it says why.
        """
        from agentkit.agent import Agent
        from agentkit.outcomes import Done, RunFinished, TextDelta

        agent = Agent(backend=self._backend, instructions=prompt.system or "")
        said = _said_before(conversation, response)
        told = False
        for event in agent.stream(prompt.prompt, conversation=said):
            if isinstance(event, TextDelta) and stream:
                told = True
                yield event.text
            elif isinstance(event, RunFinished):
                outcome = event.outcome
                if not isinstance(outcome, Done):
                    raise llm.ModelError(outcome.text)
                used = outcome.usage
                note: Any = response  # its notes of usage are half typed
                note.set_usage(input=used.input_tokens, output=used.output_tokens)
                # A backend that does not stream gives its answer whole, at the end.
                if not told:
                    yield outcome.text


def _said_before(
    conversation: llm.Conversation | None, response: llm.Response
) -> Conversation:
    from agentkit.messages import Message, assistant, system, user

    said: list[Message] = []
    for turn in conversation.responses if conversation else []:
        if turn is response:
            continue
        # Instructions stand at the beginning: the first turn's are those of all.
        if not said and turn.prompt.system:
            said.append(system(turn.prompt.system))
        answer = turn.text() if isinstance(turn, llm.Response) else ""
        said += [user(turn.prompt.prompt or ""), assistant(answer)]
    return tuple(said)


def _tool(tool: AnyTool) -> llm.Tool:
    """Convert one of our tools into one of `llm`; its result is text."""

    def run(**arguments: Any) -> str:
        return asyncio.run(_result(tool, arguments))

    return llm.Tool(
        # `llm` writes names as Python does.
        name=tool.name.replace(".", "_").replace("-", "_"),
        description=tool.description,
        input_schema=dict(tool.parameters),
        implementation=run,
    )


async def _result(tool: AnyTool, arguments: Mapping[str, Any]) -> str:
    from agentkit.interop.foreign_tools import carried_out

    value = await carried_out(tool, arguments, _home_context())
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _home_context() -> Context:
    from agentkit.settings import make_context, read_settings

    home = Path(os.environ.get("AGENTKIT_HOME") or Path.home() / ".agentkit")
    return make_context(home, read_settings(home), None)
