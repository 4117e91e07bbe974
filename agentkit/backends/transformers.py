"""The transformers backend: a Llama checkpoint, run on this device."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from agentkit.backends.answers import Pieces, Sampling
from agentkit.backends.base import Request, Traits
from agentkit.backends.checkpoint import (
    Loading,
    grammar_tokenizer,
    load_checkpoint,
    require_same_tokenizer,
    require_transformers,
)
from agentkit.backends.decision import Fork
from agentkit.backends.decode import ReadingStopped, Tally
from agentkit.backends.engine import Engine
from agentkit.backends.guides import (
    Constrain,
    Guides,
)
from agentkit.backends.kv_cache import model_snapshots
from agentkit.backends.local_backend import LocalBackend
from agentkit.backends.local_prompts import PromptFormat
from agentkit.backends.prompt_cache import SnapshotFolder
from agentkit.backends.replies import Tell
from agentkit.backends.warmup import Warmed
from agentkit.backends.weights import Quantize
from agentkit.errors import MissingPackage
from agentkit.grammar import Guide
from agentkit.grammar.said import Barred
from agentkit.installation.derived import cache_folder
from agentkit.installation.distribution import install_command
from agentkit.prompting import TransformersTokenizer
from agentkit.prompting.chat_template import ChatTemplate
from agentkit.tools import Toolset

DeviceMap = str | Mapping[str, int | str]


class TransformersBackend(LocalBackend):
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
        sampling = Sampling(max_new_tokens, temperature, top_p, seed, drafts)
        super().__init__(str(model), sampling, constrain, format)
        # `auto` does without, and says so in the reply's notes.
        if constrain in ("calls", "text") and find_spec("llguidance") is None:
            needed = f"constrain={constrain!r}"
            raise MissingPackage("llguidance", "transformers", needed)
        self._loading = Loading(str(tokenizer), device_map, dtype, quantize, download)
        self._draft_model = str(draft_model)
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

    def __repr__(self) -> str:
        return f"TransformersBackend({self.model!r})"

    @property
    def traits(self) -> Traits:
        """What it is and can do; the window is 0 before the model is loaded."""
        if self._engine is None:
            return self._traits
        return replace(self._traits, window=self._engine.checkpoint.window)

    def relaxed(self, toolset: Toolset) -> tuple[str, ...]:
        """Name what the grammar cannot express of these tools; it is checked later.

        Raises:
            BackendUnavailable: the checkpoint cannot be loaded.
        """
        with self._busy:
            self._ready()
            return self._guides.relaxed(toolset) if self._guides else ()

    def _interrupt(self, stop: Event) -> None:
        """Do nothing: the loop looks at `stop` before each token and each long pass."""

    def _answer(
        self,
        request: Request,
        tell: Tell,
        stop: Event,
        notes: list[str],
        barred: Barred = frozenset(),
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
        guide = None if request.prompt else self._guide(request, notes, barred)
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
                # Ids are passed between the two, so they must mean the same words.
                smaller = load_checkpoint(self._draft_model, self._loading)
                require_same_tokenizer(checkpoint, smaller)
            if self._constrain != "off" and find_spec("llguidance") is not None:
                words = grammar_tokenizer(checkpoint)
                self._guides = Guides(words, self._constrain)
            kept = self._folder
            snapshots = model_snapshots(kept, checkpoint) if kept else None
            self._engine = Engine(checkpoint, snapshots, smaller)
        return self._engine

    def _guide(
        self, request: Request, notes: list[str], barred: Barred
    ) -> Guide | Fork | None:
        """Make the guide of an answer, and note what it does not hold."""
        if self._guides is None:
            how = install_command("llguidance", "transformers")
            missing = f"calls are not held to the tools without llguidance: {how}"
            has_tools = len(request.toolset) > 0
            notes += [missing] if self._constrain != "off" and has_tools else []
            return None
        prompts = self._prompts
        guide, told = self._guides.held(
            request, heed=prompts.heed, form=prompts.form, barred=barred
        )
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
