"""The nano backend: SmolLM2-135M with an adapter that knows its tools by heart.

The prompt holds what was said and nothing of the tools; a grammar holds the answer to
calls of the tools that the adapter was trained for, or the model leaves the request to
another backend. Results are told in the tools' own words.

Not covered: tools that it was not trained for, answers in prose, several steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import exp
from pathlib import Path
from threading import Event, Lock

from agentkit.backends.answers import Pieces, Sampling, counted
from agentkit.backends.base import Reply, Request, Traits
from agentkit.backends.decision import Fork, Heed, Leaning, leaning
from agentkit.backends.decode import Tally
from agentkit.backends.gguf_loader import Progress, load_gguf
from agentkit.backends.gguf_reader import generate
from agentkit.backends.guides import said_in
from agentkit.backends.llama_cpp_model import Interrupted, LlamaCppModel
from agentkit.backends.llama_library import require_llama_cpp
from agentkit.backends.reflex.call_plan import question_for
from agentkit.backends.reflex.dialogue import spoken_in_turns
from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.kits import kit_for
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.replies import ReplyReader, Tell, in_thread
from agentkit.backends.result_words import tell_results
from agentkit.errors import ConfigError, MissingPackage
from agentkit.grammar import GrammarCache, GrammarTokenizer
from agentkit.language import speaking
from agentkit.messages import Conversation, Message, Question, ToolCall
from agentkit.models.adapters import Adapter, read_adapter
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
# How likely a call has to be: that one is asked for, as the understanding reads it, and
# that it is this one, as the model wrote its tokens among those that the grammar allows.
# More where something is changed or sent. Fitted on requests that it was not trained on:
# behind the rules it then adds whole calls, and hardly a wrong act.
SURE_TO_READ, SURE_TO_ACT = 0.5, 0.9


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
        known = self._known(request.toolset)
        if stranger := _stranger(request, known):
            return _left(stranger)

        asked = replace(request, toolset=known)

        def work(_: Tell, stop: Event) -> tuple[Pieces, Tally] | None:
            with self._busy:
                return self._answer(asked, stop)

        answer = await in_thread(work, lambda _: None, self._interrupt)
        return _left("it was stopped") if answer is None else _reply(request, *answer)

    def close(self) -> None:
        """Give the memory back; the next reply loads the files again."""
        with self._busy:
            if self._loaded is not None:
                self._loaded.close()
                self._loaded = self._tokenizer = None

    def _known(self, toolset: Toolset) -> Toolset:
        if self._learnt is None:
            self._learnt = read_adapter(self.adapter, self.model)
        return self._learnt.known(toolset)

    def _answer(self, request: Request, stop: Event) -> tuple[Pieces, Tally] | None:
        """Load, encode and generate, in a thread."""
        model = self._ready()
        ids = encode_parts(tuple(_parts(request.conversation)), model)
        # A conversation that is too long loses its beginning: the last request is what
        # counts.
        prompt, sampling = ids[-(WINDOW - LONGEST) :], Sampling(LONGEST)
        model.serve(stop)
        try:
            fork = self._fork(request)
            return generate(model, prompt, sampling, lambda _: None, stop, fork)
        except Interrupted:
            return None
        finally:
            model.serve(None)

    def _fork(self, request: Request) -> Fork:
        """Constrain the answer to calls, or to the mark that no tool does this.

        The understanding says how surely a tool is meant, and which ones may be; what
        is written as a value has been said.
        """
        assert self._tokenizer is not None
        guide, tokenizer, tools = self._grammars.guide, self._tokenizer, request.toolset
        lean = leaning(request) or Leaning(0.0, ())
        said = said_in(request)
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


def _reply(request: Request, pieces: Pieces, tally: Tally) -> Reply:
    """Read what was written: calls, or the mark; and ask for what a call lacks."""
    reading = ReplyReader(request.toolset)
    reading.hear(pieces.text)
    reply = counted(reading.close(tally.finish_reason), pieces, tally, ())
    if not reply.calls:
        return replace(
            reply, text="", abstained=True, reason="no tool of its own does this"
        )
    if not is_sure(reply.calls, request, pieces):
        why = "it is not sure enough of the call"
        return replace(reply, text="", calls=(), abstained=True, reason=why)
    said = [turn.text for turn in request.conversation if turn.role == "user"]
    language = spoken_in_turns(said)
    # A question is put in the language that the user speaks.
    with speaking(language):
        question = question_of(reply.calls, request.toolset)
    if question is not None:
        return replace(reply, text=question.text, calls=(), question=question)
    calls = tuple(_filled(call) for call in reply.calls)
    return replace(reply, calls=calls, language=language)


def is_sure(calls: tuple[ToolCall, ...], request: Request, pieces: Pieces) -> bool:
    """Tell whether calls are likely enough for what they would do.

    Args:
        calls: what was written.
        request: what they answer.
        pieces: the tokens that they were written with.
    """
    lean = leaning(request)
    # A follow-up cannot be read without the turns before it, which the model has seen.
    asked = 1 / (1 + exp(-lean.odds)) if lean else 1.0
    likely = asked * exp(sum(token.logprob for token in pieces.chosen))
    acts = any(request.toolset[call.name].effect != "read" for call in calls)
    return likely >= (SURE_TO_ACT if acts else SURE_TO_READ)


def _filled(call: ToolCall) -> ToolCall:
    """Leave out empty values: they mean that nothing was said."""
    given = {k: v for k, v in call.arguments.items() if v not in ("", [], [""])}
    return replace(call, arguments=given)


def question_of(calls: tuple[ToolCall, ...], toolset: Toolset) -> Question | None:
    """Ask for the first argument that calls lack; None where they lack none."""
    params = kit_for(toolset).params
    for call in calls:
        lacks = missing(dict(_filled(call).arguments), dict(params[call.name]))
        if lacks:
            return question_for(CallDraft(call.name, {}, lacks, (), ""))
    return None
