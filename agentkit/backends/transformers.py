"""The transformers backend: a Llama checkpoint, run on this device."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Lock

from agentkit.backends.answers import Pieces, Sampling, counted
from agentkit.backends.base import Reply, Request, Traits, Warmed
from agentkit.backends.checkpoint import (
    Loading,
    grammar_tokenizer,
    load_checkpoint,
    require_same_tokenizer,
    require_transformers,
)
from agentkit.backends.decision import UNTRAINED, Fork
from agentkit.backends.decode import ReadingStopped, Tally
from agentkit.backends.engine import Engine
from agentkit.backends.guides import (
    Constrain,
    Guides,
    check_constrain,
    settled,
    tells_by_tools,
)
from agentkit.backends.kv_cache import model_snapshots
from agentkit.backends.local_prompts import LocalPrompts, PromptFormat, opening_request
from agentkit.backends.prompt_cache import SnapshotFolder
from agentkit.backends.replies import ReplyReader, Tell, in_thread
from agentkit.backends.result_words import told_by_tools
from agentkit.backends.weights import Quantize
from agentkit.context import Context
from agentkit.errors import ConfigError, MissingPackage
from agentkit.grammar import Guide
from agentkit.installation.derived import cache_folder
from agentkit.installation.distribution import install_command
from agentkit.prompting import TransformersTokenizer
from agentkit.prompting.chat_template import ChatTemplate
from agentkit.tools import Toolset

DeviceMap = str | Mapping[str, int | str]


class TransformersBackend:
    """Answers with a Llama checkpoint through `transformers`.

    The checkpoint is loaded at the first reply, or by `warm`. Llama 3 gets agentkit's own
    prompt, another model the one of its own chat template. What was read is kept for the
    next prompt. One answer is generated at a time.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: folder or hub id of the checkpoint.
        traits: on the device; the window is not known before the model is loaded.
    """

    name = "transformers"

    def __init__(
        self,
        model: str | Path,
        *,
        tokenizer: str | Path = "",
        draft_model: str | Path = "",
        device_map: DeviceMap = "auto",
        dtype: str = "auto",
        quantize: Quantize = "",
        max_new_tokens: int = 512,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int | None = None,
        constrain: Constrain = "auto",
        drafts: bool = True,
        snapshots: str | Path | None = "",
        snapshot_bytes: int = 2 << 30,
        format: PromptFormat = "auto",
        download: bool = False,
    ) -> None:
        """Name the checkpoint; nothing is loaded yet.

        Args:
            model: a folder with a checkpoint, or a hub id.
            tokenizer: the same, for the tokenizer; the model's own when empty.
            draft_model: a smaller model with the same tokenizer that guesses what
                this one writes; none when empty.
            device_map: where layers go, as accelerate takes it.
            dtype: number format of the weights; `auto` is the checkpoint's own where
                the device does it fast.
            quantize: `int8` stores weights in one byte each, through torchao.
            max_new_tokens: longest answer in tokens.
            temperature: 0 takes the likeliest token, always.
            top_p: only the likeliest tokens that together have this probability.
            seed: of the random numbers; another one each time when None.
            constrain: what an answer may be: `auto` decides between a call that
                fits the tools and text, `calls` allows nothing but calls, `text` none,
                `off` holds nothing. `auto` does without llguidance where it is
                missing.
            drafts: read guessed tokens along; the answer is the same, sooner.
            snapshots: folder where `warm` keeps what was read of instructions and
                tools; the platform's cache folder when empty, nowhere when None.
            snapshot_bytes: most bytes that they take together.
            format: prompt format; `auto` is Llama 3's for its models, and the
                checkpoint's own chat template for others.
            download: fetch a hub id that is not on this device yet.

        Raises:
            MissingPackage: torch, transformers or accelerate is not installed, or
                a package that an option needs.
            ConfigError: a number is out of range.
        """
        require_transformers()
        if max_new_tokens < 1 or temperature < 0 or not 0 < top_p <= 1:
            raise ConfigError(
                "max_new_tokens must be 1 or more, temperature not below 0, top_p "
                "above 0 and at most 1"
            )
        check_constrain(constrain)
        # `auto` does without, and says so in the reply's notes.
        if constrain in ("calls", "text") and find_spec("llguidance") is None:
            needed = f"constrain={constrain!r}"
            raise MissingPackage("llguidance", "transformers", needed)
        self.model = str(model)
        self._loading = Loading(str(tokenizer), device_map, dtype, quantize, download)
        self._draft_model = str(draft_model)
        self._sampling = Sampling(max_new_tokens, temperature, top_p, seed, drafts)
        self._constrain: Constrain = constrain
        # Traits must be true before the model is loaded: the agent asks them first.
        held = constrain == "auto" and find_spec("llguidance") is not None
        self._traits = Traits(
            on_device=True,
            model=self.model,
            holds_calls=held or constrain == "calls",
            holds_schema=held or constrain == "text",
            streams=True,
            logprobs=True,
            completes=True,
            warms=True,
        )
        self._folder: SnapshotFolder | None = None
        if snapshots is not None:
            folder = Path(snapshots) if snapshots else cache_folder() / "prompts"
            self._folder = SnapshotFolder(folder.expanduser(), limit=snapshot_bytes)
        self._engine: Engine | None = None
        self._guides: Guides | None = None
        self._prompts = LocalPrompts(self._tokenizer, self._template, format)
        # One model, one cache: a second answer would overwrite what the first has read.
        self._busy = Lock()

    def __repr__(self) -> str:
        return f"TransformersBackend({self.model!r})"

    @property
    def traits(self) -> Traits:
        """What it is and can do; the window is 0 before the model is loaded."""
        if self._engine is None:
            return self._traits
        return replace(self._traits, window=self._engine.checkpoint.window)

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn, its text streamed; cancelling ends it.

        Raises:
            BackendUnavailable: the checkpoint cannot be loaded, the prompt does not
                fit, or memory is out.
        """
        if await in_thread(lambda _, __: self._is_told(request), lambda _: None):
            return await told_by_tools(request, self._written)
        return await self._written(request)

    async def _written(self, request: Request) -> Reply:
        """Let the model write the next turn."""
        reading = ReplyReader(request.toolset, request.on_text, request.on_reasoning)
        notes: list[str] = []

        def work(tell: Tell, stop: Event) -> tuple[Pieces, Tally] | None:
            with self._busy:
                return (
                    None if stop.is_set() else self._answer(request, tell, stop, notes)
                )

        answer = await in_thread(work, reading.hear)
        if answer is None:
            return reading.close()
        pieces, tally = answer
        reply = counted(reading.close(tally.finish_reason), pieces, tally, notes)
        return settled(reply, request, self._prompts.heed, self._constrain)

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
            BackendUnavailable: the checkpoint cannot be loaded, or memory is out.
        """
        request = opening_request(toolset, instructions, context)

        def work(_: Tell, stop: Event) -> Warmed:
            with self._busy:
                return self._warm(request, stop)

        return await in_thread(work, lambda _: None)

    def relaxed(self, toolset: Toolset) -> tuple[str, ...]:
        """Name what the grammar cannot express of these tools; it is checked later.

        Raises:
            BackendUnavailable: the checkpoint cannot be loaded.
        """
        with self._busy:
            self._ready()
            return self._guides.relaxed(toolset) if self._guides else ()

    def _is_told(self, request: Request) -> bool:
        """Whether the tools word their results themselves, instead of this model."""
        if self._constrain != "auto" or not tells_by_tools(request, UNTRAINED):
            return False
        with self._busy:
            self._ready()
            return tells_by_tools(request, self._prompts.heed)

    def _answer(
        self, request: Request, tell: Tell, stop: Event, notes: list[str]
    ) -> tuple[Pieces, Tally]:
        """Load, encode and generate, in a thread."""
        engine = self._ready()
        prompt = self._prompts.ids(request)
        room = self._prompts.room(
            request,
            tokens=len(prompt),
            window=engine.checkpoint.window,
            wanted=self._sampling.max_new_tokens,
            model=self.model,
        )
        guide = None if request.prompt else self._guide(request, notes)
        note = engine.recall(prompt, self._prompts.stable(request))
        notes += [note] if note else []
        sampling = replace(self._sampling, max_new_tokens=room)
        return engine.answer(prompt, sampling, guide, tell, stop)

    def _warm(self, request: Request, stop: Event) -> Warmed:
        engine = self._ready()
        prefix = self._prompts.stable(request)
        if not prefix:
            return Warmed(self.name, 0, 0, "there is nothing to read ahead")
        # One token more stands for the question: the last one is never reused.
        note = engine.recall([*prefix, -1], prefix)
        read = 0
        with suppress(ReadingStopped):
            read, kept = engine.read(prefix, stop)
            note = note or kept
        return Warmed(self.name, len(prefix), read, note)

    def _ready(self) -> Engine:
        """Load the model, and what goes with it, at the first use."""
        if self._engine is None:
            checkpoint = load_checkpoint(self.model, self._loading)
            smaller = None
            if self._draft_model:
                smaller = load_checkpoint(self._draft_model, self._loading)
                require_same_tokenizer(checkpoint, smaller)
            if self._constrain != "off" and find_spec("llguidance") is not None:
                words = grammar_tokenizer(checkpoint)
                self._guides = Guides(words, self._constrain)
            kept = self._folder
            snapshots = model_snapshots(kept, checkpoint) if kept else None
            self._engine = Engine(checkpoint, snapshots, smaller)
        return self._engine

    def _guide(self, request: Request, notes: list[str]) -> Guide | Fork | None:
        """Make the guide of an answer, and note what it does not hold."""
        if self._guides is None:
            how = install_command("llguidance", "transformers")
            missing = f"calls are not held to the tools without llguidance: {how}"
            has_tools = len(request.toolset) > 0
            notes += [missing] if self._constrain != "off" and has_tools else []
            return None
        prompts = self._prompts
        guide, told = self._guides.held(request, heed=prompts.heed, form=prompts.form)
        notes += told
        return guide

    def _tokenizer(self) -> TransformersTokenizer:
        return TransformersTokenizer(self._ready().checkpoint.tokenizer)

    def _template(self) -> ChatTemplate | None:
        tokenizer = self._ready().checkpoint.tokenizer
        source = getattr(tokenizer, "chat_template", None)
        # A tokenizer may hold several named templates; none of them is known to be the
        # one.
        if not isinstance(source, str):
            return None
        control = tuple(TransformersTokenizer(tokenizer).special_ids)
        bos, eos = tokenizer.bos_token or "", tokenizer.eos_token or ""
        return ChatTemplate(source, control, bos, eos)
