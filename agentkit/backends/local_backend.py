"""What the backends that load a model into this process have in common.

Not covered: several answers at once. A model has one cache, and a second answer would
overwrite what the first has read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from threading import Event, Lock

from agentkit.backends.answers import Pieces, Sampling, counted
from agentkit.backends.attempts import Attempt, likeliest, twice_taken
from agentkit.backends.base import Reply, Request
from agentkit.backends.decision import UNTRAINED
from agentkit.backends.decode import Tally
from agentkit.backends.guides import (
    Constrain,
    Guides,
    check_constrain,
    settled,
    tells_by_tools,
)
from agentkit.backends.local_prompts import LocalPrompts, PromptFormat, opening_request
from agentkit.backends.replies import ReplyReader, Tell, in_thread
from agentkit.backends.result_words import told_by_tools
from agentkit.backends.warmup import Warmed
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.grammar.said import Barred
from agentkit.prompting.chat_template import ChatTemplate
from agentkit.prompting.tokenizers import PromptTokenizer
from agentkit.tools import Toolset


class LocalBackend(ABC):
    """Answers with a model in this process, one answer at a time.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: the model's file, folder or hub id.
    """

    name: str

    def __init__(
        self, model: str, sampling: Sampling, constrain: Constrain, format: PromptFormat
    ) -> None:
        """Take what is known before the model is loaded.

        Args:
            model: its file, folder or hub id.
            sampling: how the next token is chosen.
            constrain: what an answer may be.
            format: prompt format.

        Raises:
            ConfigError: a number is out of range, or `constrain` is none of the four.
        """
        check_constrain(constrain)
        one, top_p = sampling, sampling.top_p
        if one.max_new_tokens < 1 or one.temperature < 0 or not 0 < top_p <= 1:
            raise ConfigError(
                "max_new_tokens must be 1 or more, temperature not below 0, top_p "
                "above 0 and at most 1"
            )
        self.model = model
        self._sampling = sampling
        self._constrain: Constrain = constrain
        self._guides: Guides | None = None
        self._prompts = LocalPrompts(self._tokenizer, self._template, format)
        # Held for a whole answer.
        self._busy = Lock()

    @abstractmethod
    def _ready(self) -> object:
        """Load the model, at the first use."""

    @abstractmethod
    def _tokenizer(self) -> PromptTokenizer:
        """Return the model's tokenizer."""

    @abstractmethod
    def _template(self) -> ChatTemplate | None:
        """Return the model's own chat template; None where it has none."""

    @abstractmethod
    def _answer(
        self,
        request: Request,
        tell: Tell,
        stop: Event,
        notes: list[str],
        barred: Barred = frozenset(),
    ) -> tuple[Pieces, Tally] | None:
        """Load, encode and generate, in a thread; None where it was stopped before.

        Args:
            request: what is answered.
            tell: called with each piece of text.
            stop: ends before the next token when set.
            notes: gets sentences for the user.
            barred: arguments with words that they are not.
        """

    @abstractmethod
    def _warm(self, request: Request, stop: Event) -> Warmed:
        """Read instructions and tools, in a thread."""

    @abstractmethod
    def _interrupt(self, stop: Event) -> None:
        """Halt what `stop` belongs to, where the work does not look at it by itself."""

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn, its text streamed; cancelling ends it.

        Raises:
            BackendUnavailable: the model cannot be loaded, the prompt does not fit,
                or memory is out.
        """
        if await in_thread(lambda _, __: self._is_told(request), lambda _: None):
            return await told_by_tools(request, self._written)
        return await self._written(request)

    async def _written(self, request: Request) -> Reply:
        """Let the model write the next turn."""
        reading = ReplyReader(request.toolset, request.on_text, request.on_reasoning)
        written = await self._attempt(request, reading)
        if written is None:
            return reading.close()
        twice = twice_taken(written.reply, request, self._prompts.heed, self._constrain)
        others = [
            await self._attempt(request, ReplyReader(request.toolset), frozenset({one}))
            for one in twice
        ]
        return likeliest(written, [one for one in others if one], request)

    async def _attempt(
        self, request: Request, reading: ReplyReader, barred: Barred = frozenset()
    ) -> Attempt | None:
        """Let the model write once; None where it was cancelled before."""
        notes: list[str] = []

        def work(tell: Tell, stop: Event) -> tuple[Pieces, Tally] | None:
            with self._busy:
                # It may have been cancelled while another answer was written.
                if stop.is_set():
                    return None
                return self._answer(request, tell, stop, notes, barred)

        answer = await in_thread(work, reading.hear, self._interrupt)
        if answer is None:
            return None
        pieces, tally = answer
        reply = counted(reading.close(tally.finish_reason), pieces, tally, notes)
        reply = settled(reply, request, self._prompts.heed, self._constrain)
        return Attempt(reply, sum(one.logprob for one in pieces.chosen))

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        """Load the model and read instructions and tools, from disk where they are.

        What was read is kept on disk for the next process. Cancelling ends it.

        Raises:
            BackendUnavailable: the model cannot be loaded, or memory is out.
        """
        request = opening_request(toolset, instructions, context)

        def work(_: Tell, stop: Event) -> Warmed:
            with self._busy:
                return self._warm(request, stop)

        return await in_thread(work, lambda _: None, self._interrupt)

    def _is_told(self, request: Request) -> bool:
        """Whether the tools word their results themselves, instead of this model."""
        # The cheap test first: only then the model is loaded to see if it was taught.
        if self._constrain != "auto" or not tells_by_tools(request, UNTRAINED):
            return False
        with self._busy:
            self._ready()
            return tells_by_tools(request, self._prompts.heed)
