"""A GGUF model in memory, through llama.cpp's own functions: encode, read on, answer.

What it has read stays in its cache, and only what is new is read. Not covered: several
conversations at once; a model serves one at a time.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from threading import Event, Lock
from typing import Any

from agentkit.backends.llama_library import address_of, c_function
from agentkit.backends.prompt_cache import reusable
from agentkit.errors import BackendUnavailable
from agentkit.grammar import GrammarTokenizer
from agentkit.models.pass_costs import PassCosts, measured
from agentkit.prompting.chat_template import ChatTemplate

# Tokens read at once; a cancelled prompt ends behind the batch it is in.
BATCH = 512
# The next token and the longest guess along with it.
MOST_SCORED = 33
# Bytes that hold nearly every token's text; for a longer one llama.cpp is asked
# again.
_TEXT = 64
# llama.cpp's answer when it was told to stop.
_ABORTED = 2


class Interrupted(Exception):
    """Reading was stopped from outside; the model can be used again."""


class LlamaCppModel:
    """A loaded model with one cache.

    Attributes:
        vocabulary_address: where llama.cpp has its vocabulary.
        window: most tokens that prompt and answer may have together.
        rows: how many tokens the model knows.
        special_ids: id of each control token.
        template: the file's own chat template; None where it has none.
        stops: ids that end a turn.
        read_ids: the tokens in the cache, in order.
        passes: how often the model was computed so far.
        costs: what a pass over several tokens costs here; None where it is not known.
    """

    def __init__(
        self,
        library: Any,
        model: Any,
        context: Any,
        special_ids: Mapping[str, int],
        template: ChatTemplate | None = None,
    ) -> None:
        """Take what `load_gguf` has made; from here on it is closed by this."""
        self._library = library
        self._numpy: Any = import_module("numpy")
        self._model, self._context = model, context
        self.vocabulary_address = library.llama_model_get_vocab(model)
        self._memory = library.llama_get_memory(context)
        self.window = int(library.llama_n_ctx(context))
        self.rows = int(library.llama_vocab_n_tokens(self.vocabulary_address))
        self.special_ids = special_ids
        self.template = template
        self.stops = frozenset(
            number
            for number in special_ids.values()
            if library.llama_vocab_is_eog(self.vocabulary_address, number)
        )
        self.read_ids: list[int] = []
        self.passes = 0
        self.costs: PassCosts | None = None
        self._pieces: dict[int, bytes] = {}
        # Held for a moment, by whoever cancels too.
        self._switch = Lock()
        self._served: Event | None = None
        # A byte and the zero that ends it, at an address that stays.
        self._halt = ctypes.create_string_buffer(2)
        self._watch()

    def close(self) -> None:
        """Give the memory back; nothing may be asked of it afterwards."""
        if self._context is not None:
            self._library.llama_free(self._context)
            self._library.llama_model_free(self._model)
            self._context = self._model = None

    def __del__(self) -> None:
        with suppress(AttributeError, TypeError):  # the interpreter may be leaving
            self.close()

    def encode(self, text: str) -> list[int]:
        """Encode text as text: nothing in it becomes a control token."""
        raw = text.encode("utf-8", "replace")
        # A token has a byte at least; a few more for what the tokenizer adds.
        room = len(raw) + 8
        ids = (ctypes.c_int32 * room)()
        # Both False: no token in front, and none read out of the text.
        count = self._library.llama_tokenize(
            self.vocabulary_address, raw, len(raw), ids, room, False, False
        )
        return ids[:count]

    def piece(self, token: int) -> bytes:
        """Return a token's bytes; a control token's name."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._piece(token, _TEXT)
        return known

    def _piece(self, token: int, room: int) -> bytes:
        buffer = ctypes.create_string_buffer(room)
        size = self._library.llama_token_to_piece(
            self.vocabulary_address, token, buffer, room, 0, True
        )
        # A negative size is the room that would have been enough.
        return buffer.raw[:size] if size >= 0 else self._piece(token, -size)

    def decode(self, ids: Sequence[int]) -> str:
        """Decode tokens; half a character at the end becomes U+FFFD."""
        return b"".join([self.piece(token) for token in ids]).decode("utf-8", "replace")

    def grammar_tokenizer(self) -> GrammarTokenizer:
        """Make the tokenizer for grammars; takes a second for 128,000 tokens.

        Raises:
            MissingPackage: llguidance is not installed.
        """
        control = frozenset(self.special_ids.values())
        return GrammarTokenizer.from_llama_cpp(
            [self._piece(token, _TEXT) for token in range(self.rows)],
            control,
            stops=sorted(self.stops),
            vocabulary=self.vocabulary_address,
            tokenize=address_of(self._library.llama_tokenize),
        )

    def read(self, ids: Sequence[int]) -> int:
        """Make the cache hold these tokens, and no others; return how many it held.

        Raises:
            Interrupted: `halt` was called meanwhile.
            BackendUnavailable: llama.cpp could not compute.
        """
        held = reusable(self.read_ids, ids)
        self.forget(held)
        self.add(ids[held:])
        return held

    def add(self, ids: Sequence[int], *, scored: int = 1) -> None:
        """Read on; raises as `read` does.

        Args:
            ids: what follows.
            scored: behind how many of the last tokens `logits` is wanted; at most
                MOST_SCORED.
        """
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            values = (ctypes.c_int32 * len(part))(*part)
            batch = self._library.llama_batch_get_one(values, len(part))
            if scored > 1:
                wanted = range(len(part) - scored, len(part))
                flags = [at in wanted for at in range(len(part))]
                # Left null, llama.cpp scores the last token alone.
                batch.logits = (ctypes.c_int8 * len(part))(*flags)
            code = self._library.llama_decode(self._context, batch)
            if code:
                self._failed(code)
            # Batch by batch: after a halt what is noted is what the cache holds.
            self.read_ids += part
            self.passes += 1

    def measure(self) -> PassCosts:
        """Time passes of several widths; nothing may have been read yet."""
        token = self.encode("a")[0]

        def read(width: int) -> None:
            self.add([token] * width, scored=width)
            self.logits()  # llama.cpp computes on until somebody looks
            self.forget(0)

        found = measured(read, time.perf_counter)
        self.passes = 0
        return found

    def forget(self, length: int) -> None:
        """Drop everything behind the first `length` tokens."""
        if length < len(self.read_ids):
            # Some kinds of cache, such as recurrent ones, cannot drop their end alone.
            if not self._library.llama_memory_seq_rm(self._memory, 0, length, -1):
                self._library.llama_memory_clear(self._memory, True)
                length = 0
            del self.read_ids[length:]

    def _failed(self, code: int) -> None:
        # Parts of the batch may be in the cache: drop them, keep what is known.
        length = len(self.read_ids)
        self._library.llama_memory_seq_rm(self._memory, 0, length, -1)
        if code == _ABORTED:
            raise Interrupted
        raise BackendUnavailable(
            f"llama.cpp could not read on after {length:,} tokens (code {code}): "
            "shorten the conversation, or take a smaller model"
        )

    def logits(self, place: int = -1) -> Any:
        """Return the scores of what follows a token, by id.

        They are valid until the next reading.

        Args:
            place: which of the scored tokens, counted from the last one, -1.
        """
        pointer = self._library.llama_get_logits_ith(self._context, place)
        return self._numpy.ctypeslib.as_array(pointer, (self.rows,))

    def halt(self, wanted: bool) -> None:
        """Stop what is being read, from any thread; False lets it read again."""
        self._halt[0] = b"\x01" if wanted else b"\x00"

    def serve(self, stop: Event | None) -> None:
        """Note whose answer is being generated, and halt at once if nobody waits for it.

        Args:
            stop: set when nobody waits any more; None at an answer's end.
        """
        with self._switch:
            self._served = stop
            self.halt(stop is not None and stop.is_set())

    def interrupt(self, stop: Event) -> None:
        """Halt, if it is this answer that is being generated; from any thread."""
        with self._switch:
            # Another request's answer may be under way by now; that one goes on.
            if self._served is stop:
                self.halt(True)

    def _watch(self) -> None:
        """Let llama.cpp look at a byte between its steps, hundreds of times a token.

        A Python function there would wait for the interpreter each time. The length
        of a text of one byte, or of none, is 1 or 0: the C library's own answer.
        """
        strlen, place = c_function("strlen"), ctypes.addressof(self._halt)
        self._library.llama_set_abort_callback(self._context, strlen, place)

    def state(self) -> Any:
        """Return what was read, as an array of bytes that `restore` takes."""
        size = self._library.llama_state_seq_get_size(self._context, 0)
        data = self._numpy.empty(size, dtype=self._numpy.uint8)
        self._library.llama_state_seq_get_data(self._context, data.ctypes.data, size, 0)
        return data

    def restore(self, ids: Sequence[int], data: Any) -> bool:
        """Take what was read from the bytes of `state`; False when they do not fit.

        Args:
            ids: the tokens that had been read.
            data: the bytes, in any buffer. From memory, not from a file: llama.cpp
                ends the process on a file that was cut off.
        """
        self.forget(0)
        array = self._numpy.frombuffer(data, dtype=self._numpy.uint8)
        size = self._library.llama_state_seq_set_data(
            self._context, array.ctypes.data, len(array), 0
        )
        if not size:
            self._library.llama_memory_clear(self._memory, True)
            return False
        self.read_ids = list(ids)
        return True
