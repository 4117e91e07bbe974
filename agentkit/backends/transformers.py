"""The transformers backend: a Llama checkpoint, run on this device."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock

from agentkit.backends.base import Reply, Request
from agentkit.backends.checkpoint import (
    Checkpoint,
    load_checkpoint,
    require_transformers,
)
from agentkit.backends.generation import Generation, Sampling
from agentkit.backends.parsing import Reading
from agentkit.errors import BackendUnavailable, ConfigError
from agentkit.messages import Conversation
from agentkit.prompting import Format, TransformersTokenizer, encode_prompt
from agentkit.tools import Toolset

_SHORTEST_ANSWER = 64

DeviceMap = str | Mapping[str, int | str]


class TransformersBackend:
    """Answers with a Llama checkpoint through `transformers`.

    The checkpoint is loaded at the first reply. The prompt is agentkit's own, never
    the checkpoint's chat template. One answer is generated at a time.

    Attributes:
        name: short name, as in `--backend NAME`.
        model: folder or hub id of the checkpoint.
        on_device: always true.
    """

    name = "transformers"
    on_device = True

    def __init__(
        self,
        model: str | Path,
        *,
        tokenizer: str | Path = "",
        device_map: DeviceMap = "auto",
        dtype: str = "auto",
        max_new_tokens: int = 512,
        temperature: float = 0.0,
        format: Format = "llama32",
        download: bool = False,
    ) -> None:
        """Name the checkpoint; nothing is loaded yet.

        Args:
            model: a folder with a checkpoint, or a hub id.
            tokenizer: the same, for the tokenizer; the model's own when empty.
            device_map: where layers go, as accelerate takes it.
            dtype: number format of the weights; `auto` is the checkpoint's own.
            max_new_tokens: longest answer in tokens.
            temperature: 0 takes the likeliest token, always.
            format: prompt format.
            download: fetch a hub id that is not on this device yet.

        Raises:
            MissingPackage: torch, transformers or accelerate is not installed.
            ConfigError: a number is out of range.
        """
        require_transformers()
        if max_new_tokens < 1 or temperature < 0:
            raise ConfigError(
                "max_new_tokens must be 1 or more, temperature not below 0"
            )
        self.model = str(model)
        self._tokenizer = str(tokenizer)
        self._device_map = device_map
        self._dtype = dtype
        self._sampling = Sampling(max_new_tokens, temperature)
        self._format: Format = format
        self._download = download
        self._checkpoint: Checkpoint | None = None
        self._busy = Lock()

    def __repr__(self) -> str:
        return f"TransformersBackend({self.model!r})"

    async def reply(self, request: Request) -> Reply:
        """Answer with the next turn, its text streamed; cancelling ends it.

        Raises:
            BackendUnavailable: the checkpoint cannot be loaded, the prompt does not
                fit, or memory is out.
        """
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        stop = Event()

        def tell(piece: str) -> None:
            if not stop.is_set():
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        work = asyncio.create_task(asyncio.to_thread(self._answer, request, tell, stop))
        work.add_done_callback(lambda _: pieces.put_nowait(None))
        reading = Reading(request.toolset, request.on_text)
        try:
            while (piece := await pieces.get()) is not None:
                reading.hear(piece)
            tokens_in, tokens_out = await work
            reply = reading.close()
            return replace(reply, tokens_in=tokens_in, tokens_out=tokens_out)
        finally:
            stop.set()

    def _answer(
        self, request: Request, tell: Callable[[str], None], stop: Event
    ) -> tuple[int, int]:
        """Load, encode and generate, in a thread; return tokens in and out."""
        with self._busy:
            checkpoint = self._loaded()
            prompt = self._encode(request, request.conversation, request.toolset)
            room = self._room(request, prompt)
            generation = Generation(checkpoint, tell, stop)
            sampling = Sampling(room, self._sampling.temperature)
            if not stop.is_set():
                generation.run(prompt, sampling)
        return len(prompt), generation.tokens_out

    def _loaded(self) -> Checkpoint:
        if self._checkpoint is None:
            self._checkpoint = load_checkpoint(
                self.model,
                self._tokenizer,
                device_map=self._device_map,
                dtype=self._dtype,
                download=self._download,
            )
        return self._checkpoint

    def _encode(
        self, request: Request, conversation: Conversation, toolset: Toolset
    ) -> list[int]:
        return encode_prompt(
            conversation,
            toolset,
            tokenizer=TransformersTokenizer(self._loaded().tokenizer),
            format=self._format,
            date=request.context.now.date(),
        )

    def _room(self, request: Request, prompt: list[int]) -> int:
        """Return how long the answer may be.

        Raises:
            BackendUnavailable: the window is full; says what to cut.
        """
        window = self._loaded().window
        wanted = self._sampling.max_new_tokens
        least = min(wanted, _SHORTEST_ANSWER)
        room = window - len(prompt)
        if room >= least:
            return min(wanted, room)
        raise BackendUnavailable(
            f"the prompt has {len(prompt):,} tokens and {self.model} takes {window:,}, "
            f"answer included: cut {least - room:,} or more; "
            f"{self._largest(request, len(prompt))}"
        )

    def _largest(self, request: Request, total: int) -> str:
        """Say what takes most of a prompt."""
        turns = request.conversation
        longest = max(turns, key=lambda turn: len(str(turn)))
        rest = tuple(turn for turn in turns if turn is not longest)
        text = total - len(self._encode(request, rest, request.toolset))
        tools = total - len(self._encode(request, turns, Toolset()))
        count = len(request.toolset)
        named = "1 tool takes" if count == 1 else f"{count} tools take"
        return f"{named} {tools:,}, the longest message ({longest.role}) {text:,}"
