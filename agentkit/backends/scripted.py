"""The scripted backend: answers with given texts, for tests of agents and tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from agentkit.backends.base import Reply, Request, Traits
from agentkit.backends.replies import reply_from_text
from agentkit.errors import BackendUnavailable, ConfigError

Answer: TypeAlias = str | Reply
Step: TypeAlias = Answer | Callable[[Request], Answer]


class ScriptedBackend:
    """A test double: one answer per step, in the order given.

    A text is read as a model's output would be, calls included. A `Reply` is
    taken as it is. A function is called with the request and returns either, or
    raises what a real backend would.

    Attributes:
        name: short name, as in `--backend NAME`.
        traits: what it passes itself off as; set them to play another backend.
        requests: every request it was given, oldest first.
    """

    def __init__(
        self,
        script: Iterable[Step],
        *,
        repeat: bool = False,
        name: str = "scripted",
        on_device: bool = True,
        traits: Traits | None = None,
    ) -> None:
        """Take the answers.

        Args:
            script: one answer per step.
            repeat: give the last answer for ever instead of running out.
            name: what it is called in routes and errors.
            on_device: whether it counts as on the device; False plays a cloud.
            traits: what else it counts as; `on_device` is theirs then.

        Raises:
            ConfigError: the script is one text, not a list of them.
        """
        if isinstance(script, str):
            raise ConfigError(
                f"ScriptedBackend takes a list with one text per step: [{script!r}]"
            )
        self.name = name
        self.traits = traits or Traits(on_device=on_device)
        self.requests: list[Request] = []
        self._script = tuple(script)
        self._repeat = repeat

    async def reply(self, request: Request) -> Reply:
        """Answer with the script's next entry.

        Raises:
            BackendUnavailable: the script has run out.
        """
        # Before the request is noted: how many there are is the place in the script.
        step = self._next()
        self.requests.append(request)
        answer = step(request) if callable(step) else step
        if isinstance(answer, str):
            answer = reply_from_text(answer, request.toolset)
        if answer.text:
            request.on_text(answer.text)
        return answer

    def _next(self) -> Step:
        given = len(self._script)
        asked = len(self.requests)
        if asked < given:
            return self._script[asked]
        if self._repeat and given:
            return self._script[-1]
        answers = "1 answer" if given == 1 else f"{given} answers"
        raise BackendUnavailable(
            f"the script ran out: {self.name!r} was given {answers} and is asked for "
            f"one more; add a text to it, or pass repeat=True"
        )
