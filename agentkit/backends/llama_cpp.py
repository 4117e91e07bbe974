"""The llama_cpp backend: a GGUF file, run on this device through llama.cpp."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

from agentkit.backends.answers import Pieces, Sampling
from agentkit.backends.base import Request, Traits
from agentkit.backends.decision import Fork
from agentkit.backends.decode import Tally
from agentkit.backends.gguf_loader import (
    WINDOW,
    Progress,
    check_format,
    gguf_path,
    idle_cores,
    load_gguf,
)
from agentkit.backends.gguf_reader import generate
from agentkit.backends.gguf_snapshots import SUFFIX, GgufSnapshots, gguf_identity
from agentkit.backends.guides import (
    Constrain,
    Guides,
)
from agentkit.backends.llama_cpp_model import Interrupted, LlamaCppModel
from agentkit.backends.llama_library import require_llama_cpp
from agentkit.backends.local_backend import LocalBackend
from agentkit.backends.local_prompts import (
    CONTROL_TOKENS,
    PromptFormat,
)
from agentkit.backends.prompt_cache import SnapshotFolder, reusable
from agentkit.backends.replies import Tell
from agentkit.backends.warmup import Warmed
from agentkit.errors import ConfigError
from agentkit.grammar import Guide
from agentkit.grammar.said import Barred
from agentkit.installation.derived import cache_folder
from agentkit.models.pass_costs import PassCosts, keep_costs, kept_costs
from agentkit.prompting.chat_template import ChatTemplate


class LlamaCppBackend(LocalBackend):
    """Answers with a GGUF file.

    The file is checked and loaded at the first reply. Llama 3 gets agentkit's own
    prompt, another model the one of its own chat template, as token ids. What the
    model has read is kept: the next prompt costs only what differs. One answer is
    generated at a time.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: the GGUF file.
        traits: on the device; the window is what is wanted before the file is loaded.
    """

    name = "llama_cpp"

    def __init__(
        self,
        model: str | Path,
        *,
        window: int = 0,
        threads: int = 0,
        gpu_layers: int = 0,
        max_new_tokens: int = 512,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int | None = None,
        format: PromptFormat = "auto",
        constrain: Constrain = "auto",
        drafts: bool = True,
        snapshots: str | Path | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        """Name the file; nothing is loaded yet.

        Args:
            model: a GGUF file.
            window: most tokens of prompt and answer together; 0 for 8,192, or less
                where the model takes less. The cache for it is made at once.
            threads: for computing; 0 for all cores that this process may use and that
                nobody keeps busy when the model is loaded.
            gpu_layers: how many layers a GPU takes, where llama.cpp is built for
                one; all when negative.
            max_new_tokens: longest answer in tokens.
            temperature: 0 takes the likeliest token, always.
            top_p: only the likeliest tokens that together have this probability.
            seed: of the random numbers; another one each time when None.
            format: prompt format; `auto` is Llama 3's for its models, and the file's
                own chat template for others.
            constrain: what an answer may be: `auto` decides between a call that
                fits the tools and text, `calls` allows nothing but calls, `text` none,
                `off` holds nothing.
            drafts: read what a grammar forces in one pass; the answer is the same.
            snapshots: folder for what was read of tool prompts, so that the next
                process need not read them; this user's cache folder when None, no
                snapshots when empty.
            on_progress: called with how much is loaded, from 0 to 1.

        Raises:
            MissingPackage: xllamacpp, numpy or llguidance is not installed, or
                xllamacpp in a version that is not known here.
            ConfigError: a number is out of range, or this is Windows.
        """
        sampling = Sampling(max_new_tokens, temperature, top_p, seed, drafts)
        super().__init__(str(model), sampling, constrain, format)
        # llama.cpp makes windows in steps of 256 tokens.
        if threads < 0 or window < 0 or 0 < window < 256:
            raise ConfigError("threads must be 0 or more, window 0, or 256 or more")
        require_llama_cpp(grammar=constrain != "off")
        self._window, self._threads, self._gpu_layers = window, threads, gpu_layers
        self._traits = Traits(
            on_device=True,
            model=self.model,
            window=window or WINDOW,
            holds_calls=constrain in ("auto", "calls"),
            holds_schema=constrain in ("auto", "text"),
            streams=True,
            logprobs=True,
            completes=True,
            warms=True,
        )
        self._on_progress = on_progress
        folder = cache_folder() / "prompts" if snapshots is None else snapshots
        self._folder = Path(folder) if folder != "" else None
        self._snapshots: GgufSnapshots | None = None
        self._loaded: LlamaCppModel | None = None
        self._format: PromptFormat = format

    def __repr__(self) -> str:
        return f"LlamaCppBackend({self.model!r})"

    @property
    def traits(self) -> Traits:
        """What it is and can do; the window is what is wanted before loading."""
        if self._loaded is None:
            return self._traits
        return replace(self._traits, window=self._loaded.window)

    def close(self) -> None:
        """Give the memory back; the next reply loads the file again."""
        with self._busy:
            if self._loaded is not None:
                self._loaded.close()
                # The guides point into the model's vocabulary, which is gone.
                self._loaded = self._guides = self._snapshots = None

    def _answer(
        self,
        request: Request,
        tell: Tell,
        stop: Event,
        notes: list[str],
        barred: Barred = frozenset(),
    ) -> tuple[Pieces, Tally] | None:
        """Load, encode and generate, in a thread."""
        model = self._ready()
        prompt = self._prompts.ids(request)
        room = self._prompts.room(
            request,
            tokens=len(prompt),
            window=model.window,
            wanted=self._sampling.max_new_tokens,
            model=self.model,
        )
        model.serve(stop)
        try:
            held, note = self._prepare(request, model, prompt)
            # A ready-made prompt goes on in the middle of an answer, where no grammar
            # begins.
            guide, told = (None, ()) if request.prompt else self._guide(request, barred)
            notes += [one for one in (note, *told) if one]
            sampling = replace(self._sampling, max_new_tokens=room)
            pieces, tally = generate(model, prompt, sampling, tell, stop, guide)
            # What `_prepare` has read anew was not there before.
            tally.read, tally.cached = len(prompt) - held, held
            return pieces, tally
        except Interrupted:
            # It was cancelled while it read the prompt: nothing was written.
            return None
        finally:
            model.serve(None)

    def _warm(self, request: Request, stop: Event) -> Warmed:
        model = self._ready()
        stable = self._prompts.stable(request)
        if not stable:
            return Warmed(self.name, 0, 0, "there is nothing to read ahead")
        model.serve(stop)
        try:
            # One token more stands for the question: the last one is never reused.
            held, note = self._prepare(request, model, [*stable, -1])
            if len(model.read_ids) < len(stable):
                model.read(stable)
        except Interrupted:
            return Warmed(self.name, len(stable), 0)
        finally:
            model.serve(None)
        return Warmed(self.name, len(stable), len(stable) - held, note)

    def _prepare(
        self, request: Request, model: LlamaCppModel, prompt: list[int]
    ) -> tuple[int, str]:
        if self._snapshots is None:
            return reusable(model.read_ids, prompt), ""
        return self._snapshots.prepare(model, prompt, self._prompts.stable(request))

    def _guide(
        self, request: Request, barred: Barred
    ) -> tuple[Guide | Fork | None, tuple[str, ...]]:
        if self._constrain == "off":
            return None, ()
        if self._guides is None:
            tokenizer = self._ready().grammar_tokenizer()
            self._guides = Guides(tokenizer, self._constrain)
        prompts = self._prompts
        return self._guides.held(
            request, heed=prompts.heed, form=prompts.form, barred=barred
        )

    def _interrupt(self, stop: Event) -> None:
        loaded = self._loaded
        if loaded is not None:
            loaded.interrupt(stop)

    def _ready(self) -> LlamaCppModel:
        if self._loaded is None:
            if self._format == "auto":
                check_format(gguf_path(self.model))
            # Those two write no control tokens of Llama 3 that the file would have to
            # know.
            llama3 = self._format not in ("auto", "base")
            self._loaded = load_gguf(
                gguf_path(self.model),
                control=CONTROL_TOKENS if llama3 else (),
                window=self._window,
                threads=self._threads,
                gpu_layers=self._gpu_layers,
                on_progress=self._on_progress,
            )
            if self._sampling.drafts:
                self._loaded.costs = self._costs(self._loaded)
            if self._folder is not None:
                folder = SnapshotFolder(self._folder, suffix=SUFFIX)
                identity = gguf_identity(gguf_path(self.model))
                self._snapshots = GgufSnapshots(folder, identity)
        return self._loaded

    def _costs(self, model: LlamaCppModel) -> PassCosts:
        """Return what passes cost on this device, measured at the first time."""
        path, threads = gguf_path(self.model), self._threads or idle_cores()
        # Measuring takes passes of its own; costs change with the threads.
        if kept := kept_costs(path, threads):
            return kept
        found = model.measure()
        keep_costs(path, threads, found)
        return found

    def _tokenizer(self) -> LlamaCppModel:
        return self._ready()

    def _template(self) -> ChatTemplate | None:
        return self._ready().template
