"""The nano backend: SmolLM2-135M with an adapter that knows its tools by heart.

The prompt holds what was said and nothing of the tools; a grammar holds the answer to
calls of the tools that the adapter was trained for, or the model leaves the request to
another backend. Results are told in the tools' own words. Instructions to write a text
that the adapter was trained by it follows freely.

Not covered: tools that it was not trained for, conversation, several steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock

from agentkit.backends.answers import Pieces, Sampling, counted
from agentkit.backends.base import Reply, Request, Traits
from agentkit.backends.decision import Fork, Heed, Leaning, leaning
from agentkit.backends.decode import Tally
from agentkit.backends.gguf_loader import Progress, load_gguf
from agentkit.backends.gguf_reader import generate
from agentkit.backends.guides import said_in
from agentkit.backends.learnt_calls import is_sure, reply_of
from agentkit.backends.llama_cpp_model import Interrupted, LlamaCppModel
from agentkit.backends.llama_library import require_llama_cpp
from agentkit.backends.replies import Tell, in_thread
from agentkit.backends.result_words import tell_results
from agentkit.errors import ConfigError, MissingPackage
from agentkit.grammar import GrammarCache, GrammarTokenizer
from agentkit.messages import Conversation, Message, ToolCall
from agentkit.models.adapters import Adapter, can_write, read_adapter
from agentkit.prompting.tokenizers import (
    PromptPart,
    control,
    encode_parts,
    text_part,
)
from agentkit.pythonic import format_calls
from agentkit.tools import Toolset
from agentkit.understanding import read

# What it was trained with: a short request and one or two calls.
WINDOW, LONGEST = 1024, 160
# What counts that the adapter would begin a call, beside what the understanding says.
_HEED = Heed(0.5)


class NanoBackend:
    """Answers with calls that the adapter learnt, or leaves the step to another one.

    Attributes:
        name: short name, as in `--backend NAME`.
        traits: on the device; a long toolset costs it nothing, so none is left out.
    """

    name = "nano"

    def __init__(
        self,
        model: str | Path,
        adapter: str | Path,
        *,
        threads: int = 1,
        on_progress: Progress | None = None,
    ) -> None:
        """Name the files; nothing is loaded yet.

        Args:
            model: SmolLM2-135M-Instruct as a GGUF file.
            adapter: an adapter for it, as the recipe in docs/how-to makes them.
            threads: for computing. One is best for requests of a few words.
            on_progress: called with how much is loaded, from 0 to 1.

        Raises:
            MissingPackage: xllamacpp, numpy or llguidance is not installed.
            ConfigError: this is Windows.
        """
        require_llama_cpp()
        self.model, self.adapter = Path(model).expanduser(), Path(adapter).expanduser()
        self.traits = Traits(
            on_device=True,
            model=str(self.model),
            window=WINDOW,
            holds_calls=True,
            reads_all_tools=True,
            writes=can_write(self.adapter),
            reads_files=False,
            logprobs=True,
        )
        self._threads, self._on_progress = threads, on_progress
        self._learnt: Adapter | None = None
        self._loaded: LlamaCppModel | None = None
        self._tokenizer: GrammarTokenizer | None = None
        self._grammars = GrammarCache()
        self._busy = Lock()

    def __repr__(self) -> str:
        return f"NanoBackend({str(self.model)!r}, {str(self.adapter)!r})"

    async def reply(self, request: Request) -> Reply:
        """Answer with calls, a question for what one lacks, or by leaving it.

        Raises:
            BackendUnavailable: a file is missing or damaged, or they do not fit.
        """
        # Leaving it to another backend costs nothing; a guess would be a wrong answer.
        if request.schema is not None:
            return _left("it has learnt calls, and no other form of answer")
        # It was trained on requests alone: it would make up what a result says.
        if request.conversation[-1].role == "tool":
            return tell_results(request, "in the tools' own words")
        if self._writes(request):
            return await self._write(request)
        known = self._known(request.toolset)
        if stranger := _stranger(request, known):
            return _left(stranger)

        asked = replace(request, toolset=known)

        def work(_: Tell, stop: Event) -> tuple[Pieces, Tally] | None:
            with self._busy:
                return self._answer(asked, stop)

        answer = await in_thread(work, lambda _: None, self._interrupt)
        if answer is None:
            return _left("it was stopped")
        return reply_of(request, *answer, self.is_sure)

    def is_sure(
        self, calls: tuple[ToolCall, ...], request: Request, pieces: Pieces
    ) -> bool:
        """Whether calls are made, and not left to another backend."""
        return is_sure(calls, request, pieces)

    def close(self) -> None:
        """Give the memory back; the next reply loads the files again."""
        with self._busy:
            if self._loaded is not None:
                self._loaded.close()
                self._loaded = self._tokenizer = None

    @property
    def _adapter(self) -> Adapter:
        if self._learnt is None:
            self._learnt = read_adapter(self.adapter, self.model)
        return self._learnt

    def _known(self, toolset: Toolset) -> Toolset:
        return self._adapter.known(toolset)

    def _writes(self, request: Request) -> bool:
        """Whether a text is wanted, by instructions that it was trained with."""
        first, *others = request.conversation
        return (
            not len(request.toolset)
            and first.role == "system"
            and first.text.startswith(self._adapter.writes or ("\0",))
            and len(others) == 1
        )

    async def _write(self, request: Request) -> Reply:
        """Follow instructions to write; what is written is streamed."""
        told, said = request.conversation
        prompt = (control("im_start"), text_part("user", f"{told.text}\n\n{said.text}"))

        def work(tell: Tell, stop: Event) -> tuple[Pieces, Tally] | None:
            with self._busy:
                model = self._ready()
                ids = encode_parts((*prompt, control("im_end")), model)
                # A text of about the same length; a summary is shorter.
                sampling = Sampling(min(WINDOW - len(ids), 64 + 2 * len(ids)))
                return self._generated(model, ids, sampling, tell, stop)

        answer = await in_thread(work, request.on_text, self._interrupt)
        if answer is None:
            return _left("it was stopped")
        pieces, tally = answer
        reply = Reply(text=pieces.text.strip(), finish_reason=tally.finish_reason)
        return counted(reply, pieces, tally, ())

    def _answer(self, request: Request, stop: Event) -> tuple[Pieces, Tally] | None:
        """Load, encode and generate, in a thread."""
        model = self._ready()
        ids = encode_parts(tuple(_parts(request.conversation)), model)
        # A conversation that is too long loses its beginning: the last request is what
        # counts.
        prompt, fork = ids[-(WINDOW - LONGEST) :], self._fork(request)
        return self._generated(
            model, prompt, Sampling(LONGEST), lambda _: None, stop, fork
        )

    @staticmethod
    def _generated(
        model: LlamaCppModel,
        ids: Sequence[int],
        sampling: Sampling,
        tell: Tell,
        stop: Event,
        fork: Fork | None = None,
    ) -> tuple[Pieces, Tally] | None:
        """Generate; None where it was interrupted."""
        model.serve(stop)
        try:
            return generate(model, ids, sampling, tell, stop, fork)
        except Interrupted:
            return None
        finally:
            model.serve(None)

    def _fork(self, request: Request) -> Fork:
        """Constrain the answer to calls, or to the mark that no tool does this.

        The understanding says how surely a tool is meant, and which ones may be; what
        is written as a text has been said.
        """
        assert self._tokenizer is not None
        guide, tokenizer, tools = self._grammars.guide, self._tokenizer, request.toolset
        lean = leaning(request) or Leaning(0.0, ())
        said = replace(said_in(request), by_heart=True)
        calls = guide(tools, tokenizer, mode="calls", only=lean.tools, said=said)
        text = guide(tools, tokenizer, mode="text")
        return Fork(calls, text, lean.odds, _HEED, silent=True)

    def _interrupt(self, stop: Event) -> None:
        loaded = self._loaded
        if loaded is not None:
            loaded.interrupt(stop)

    def _ready(self) -> LlamaCppModel:
        if self._loaded is None:
            self._loaded = load_gguf(
                self.model,
                window=WINDOW,
                threads=self._threads,
                gpu_layers=0,
                on_progress=self._on_progress,
                adapter=self.adapter,
            )
            self._tokenizer = self._loaded.grammar_tokenizer()
        return self._loaded


def _parts(turns: Conversation) -> Iterator[PromptPart]:
    """Write what was said and called, as the adapter was trained with it."""
    for turn in turns:
        if turn.role == "user":
            yield control("im_start")
            yield text_part("user", turn.text)
            yield control("im_end")
        elif turn.role == "assistant" and (said := _said(turn)):
            yield text_part("assistant", said)
            yield control("im_end")


def _said(turn: Message) -> str:
    """Return a turn's calls as text; or its question, which was asked in place of calls."""
    if turn.calls:
        return format_calls(turn.calls)
    return turn.text if turn.text.endswith("?") else ""


def _stranger(request: Request, known: Toolset) -> str:
    """Say why a request is not for the tools that are known; empty where it may be."""
    if not len(known):
        return "it knows none of these tools by heart"
    others = [name for name in request.toolset.names if name not in known]
    # All tools are known, so none can be meant that is not.
    if not others:
        return ""
    try:
        reading = read(request.conversation[-1].text, request.toolset)
    except (ConfigError, MissingPackage):
        return ""
    meant = reading.choices[0].tool if reading.choices else ""
    return f"it does not know {meant} by heart" if meant in others else ""


def _left(reason: str) -> Reply:
    return Reply(abstained=True, reason=reason)
