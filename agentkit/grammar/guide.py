"""Holds a model's output to a grammar, token by token, through llguidance."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import takewhile
from typing import Any

from agentkit.errors import MissingPackage, ToolsetError
from agentkit.grammar.toolset_grammar import Grammar

# Stretches of plain text: inside a string, most tokens are one of these and need no
# look of their own.
_SLICES = (
    r"""[^"'\\\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]{1,10}""",
    r"""[^"'\\\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]{1,30}""",
    r"""[^"'\\\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]+""",
)
# With this byte before it, llguidance takes a token for a control token.
_CONTROL = b"\xff"
# 0xFF80, minus infinity in bfloat16, which numpy knows as a whole number only.
_BFLOAT_INFINITY = -128
_OPENS_VALUE = (b"=", b": ", b"[")
_OPENS_STRING = re.compile(rb"""[=\[:] ?(['"])""")


@dataclass(frozen=True, slots=True)
class GrammarTokenizer:
    """A tokenizer as grammars need it; make one per model and keep it.

    Attributes:
        native: llguidance's tokenizer.
        vocabulary: number of token ids, as wide as the model's logits.
        stops: ids of the tokens that end an answer.
        control: names and ids of its control tokens, which no text is read as.
    """

    native: Any
    vocabulary: int
    stops: tuple[int, ...]
    control: tuple[tuple[str, int], ...] = ()

    @classmethod
    def from_json(
        cls, text: str, stops: Sequence[int], vocabulary: int | None = None
    ) -> GrammarTokenizer:
        """Make it from a fast tokenizer's JSON; takes a second for 128,000 tokens.

        Args:
            text: the content of `tokenizer.json`.
            stops: ids of the tokens that end an answer, at least one.
            vocabulary: width of the model's logits, when wider than the tokenizer.

        Raises:
            MissingPackage: llguidance is not installed.
            ToolsetError: the text is no such tokenizer.
        """
        library = _llguidance()
        try:
            native = library.LLTokenizer(
                text, n_vocab=vocabulary, eos_token=list(stops), slices=list(_SLICES)
            )
        except (ValueError, TypeError, RuntimeError) as exc:
            reason = str(exc).splitlines()[0]
            raise ToolsetError(f"grammars cannot use the tokenizer: {reason}") from exc
        added = json.loads(text).get("added_tokens") or ()
        control = tuple((one["content"], one["id"]) for one in added if one["special"])
        return cls(native, native.vocab_size, tuple(stops), control)

    @classmethod
    def from_transformers(
        cls, tokenizer: Any, stops: Sequence[int], vocabulary: int | None = None
    ) -> GrammarTokenizer:
        """Make it from a fast tokenizer of transformers.

        Raises:
            MissingPackage: llguidance is not installed.
            ToolsetError: the tokenizer is not a fast one.
        """
        backend = getattr(tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise ToolsetError("grammars need a fast tokenizer, with a tokenizer.json")
        return cls.from_json(backend.to_str(), stops, vocabulary)

    @classmethod
    def from_llama_cpp(
        cls,
        pieces: Sequence[bytes],
        control: Collection[int],
        *,
        stops: Sequence[int],
        vocabulary: int,
        tokenize: int,
    ) -> GrammarTokenizer:
        """Make it from a vocabulary that llama.cpp has loaded.

        Args:
            pieces: the bytes of each token, by id.
            control: ids of the control tokens, which no text is read as.
            stops: ids of the tokens that end an answer, at least one.
            vocabulary: address of the vocabulary.
            tokenize: address of the function `llama_tokenize`.

        Raises:
            MissingPackage: llguidance is not installed.
        """
        marked = [
            _CONTROL + piece if token in control else piece
            for token, piece in enumerate(pieces)
        ]
        native = _llguidance().LLTokenizer.from_llamacpp(
            tokens=marked,
            vocab_ptr=vocabulary,
            tokenize_fptr=tokenize,
            eos_token=list(stops),
            slices=list(_SLICES),
        )
        names = tuple((pieces[one].decode("utf-8", "replace"), one) for one in control)
        return cls(native, native.vocab_size, tuple(stops), names)

    def stop_mask(self) -> bytes:
        """Return the mask that allows stop tokens only."""
        bits = sum(1 << stop for stop in self.stops)
        # As llguidance lays masks out: whole words of 32 bits.
        return bits.to_bytes((self.vocabulary + 31) // 32 * 4, "little")


class Guide:
    """What one answer may go on with; made by `compile_grammar`.

    Attributes:
        tokenizer: whose token ids it speaks.
    """

    def __init__(self, matcher: Any, tokenizer: GrammarTokenizer) -> None:
        self._matcher = matcher
        self._ended = False
        self._quote = b"'"
        self.tokenizer = tokenizer

    def mask(self) -> bytes:
        """Return the allowed tokens, a bit each, least significant bit first.

        As long as whole 32-bit words hold the vocabulary. When the answer is
        finished, only stop tokens are allowed.
        """
        if self._ended:
            return self.tokenizer.stop_mask()
        mask: bytes = self._matcher.compute_bitmask()
        self._check()
        return mask

    def apply(self, logits: Any) -> None:
        """Put minus infinity where a token is not allowed, in place.

        Args:
            logits: one row, `(vocabulary,)`: a torch tensor on any device, or a
                numpy array. Ids beyond the tokenizer's are not allowed.
        """
        numpy: Any = import_module("numpy")
        # A bit each, in bytes: unpacked in one call instead of one test for each token.
        packed = numpy.frombuffer(self.mask(), numpy.uint8)
        allowed = numpy.unpackbits(packed, bitorder="little").view(bool)
        width = logits.shape[-1]
        # Barred first: models pad their vocabulary with ids that the tokenizer lacks.
        barred = numpy.ones(width, dtype=bool)
        numpy.logical_not(allowed[:width], out=barred[: allowed.size])
        if isinstance(logits, numpy.ndarray):
            numpy.putmask(logits, barred, -numpy.inf)
        # NumPy can write neither into another device's memory nor into a tensor with a
        # history.
        elif logits.device.type != "cpu" or logits.requires_grad:
            torch: Any = import_module("torch")
            barred_there = torch.from_numpy(barred).to(logits.device)
            logits.masked_fill_(barred_there, -torch.inf)
        elif str(logits.dtype) == "torch.bfloat16":
            # Numpy does not know the type: its bits are written instead.
            bits = logits.view(import_module("torch").int16).numpy()
            numpy.putmask(bits, barred, _BFLOAT_INFINITY)
        else:
            # On a busy machine torch's threads take longer than the work itself.
            numpy.putmask(logits.numpy(), barred, -numpy.inf)

    def accept(self, token_ids: Sequence[int]) -> int:
        """Go on with these tokens.

        Returns:
            How many were taken, up to the first that is not allowed. Nothing is
            taken behind a stop token.
        """
        if self._ended:
            return 0
        stops = self.tokenizer.stops
        tokens = list(takewhile(lambda token: token not in stops, token_ids))
        taken: int = self._matcher.try_consume_tokens(tokens)
        self._check()
        # Models keep to one kind of quote within an answer; `forced` guesses by it.
        for found in _OPENS_STRING.finditer(self._text(tokens[:taken])):
            self._quote = found[1]
        # The matcher is never given a stop token: it cannot take one back.
        self._ended = taken == len(tokens) < len(token_ids) and self.complete
        return taken + self._ended

    def validate(self, token_ids: Sequence[int]) -> int:
        """Count how many of these tokens could be taken, and take none."""
        return self.copy().accept(token_ids)

    def certain(self) -> list[int]:
        """Return the tokens that follow for certain.

        At each of them the mask leaves this one token: they may be accepted
        without a look at the logits. Text is split as the tokenizer splits it.
        """
        if self._ended:
            return []
        tokens: list[int] = self._matcher.compute_ff_tokens()
        return tokens

    def forced(self) -> list[int]:
        """Return a draft: tokens for all bytes that the grammar forces.

        The first ones are `certain()`. Behind them may come bytes that are forced
        while their token is not, because a longer token may cover them and more;
        where a string opens, the quote of the string before is guessed. Such a
        draft must be verified, by the mask and the logits at its place.
        """
        if self._ended:
            return []
        certain = self.certain()
        text: bytes = self._matcher.compute_ff_bytes()
        # The certain tokens are the beginning of the forced bytes.
        rest = text[len(self._text(certain)) :]
        split = self.tokenizer.native.tokenize_bytes
        if text.endswith(_OPENS_VALUE):
            guessed = certain + list(split(rest + self._quote))
            if self.validate(guessed) == len(guessed):
                return guessed
        return certain + list(split(rest)) if rest else certain

    def _text(self, tokens: Sequence[int]) -> bytes:
        text: bytes = self.tokenizer.native.decode_bytes(list(tokens))
        return text

    @property
    def finished(self) -> bool:
        """Whether nothing but a stop token may follow, or one was taken."""
        return self._ended or bool(self._matcher.is_stopped())

    @property
    def complete(self) -> bool:
        """Whether the answer may end here."""
        return bool(self._matcher.is_accepting())

    def copy(self) -> Guide:
        """Return another guide in the same state."""
        other = Guide(self._matcher.deep_copy(), self.tokenizer)
        other._ended, other._quote = self._ended, self._quote
        return other

    def rollback(self, count: int) -> None:
        """Take back the last tokens.

        Raises:
            ValueError: there are not so many.
        """
        # The stop token was never given to the matcher, so that there is one less to
        # take back.
        inner = count - (self._ended and count > 0)
        if inner and not self._matcher.rollback(inner):
            raise ValueError(f"{count} tokens cannot be taken back")
        self._ended = self._ended and not count

    def _check(self) -> None:
        if self._matcher.is_error():
            reason = str(self._matcher.get_error()).splitlines()[0]
            raise ToolsetError(f"the grammar of these tools gave up: {reason}")


def compile_grammar(grammar: Grammar, tokenizer: GrammarTokenizer) -> Guide:
    """Make the guide of one answer.

    Raises:
        MissingPackage: llguidance is not installed.
        ToolsetError: llguidance refuses the grammar.
    """
    library = _llguidance()
    source = library.LLMatcher.grammar_from_lark(grammar.lark)
    matcher = library.LLMatcher(tokenizer.native, source, log_level=0)
    if matcher.is_error():
        reason = str(matcher.get_error()).splitlines()[0]
        raise ToolsetError(f"the grammar of these tools cannot be used: {reason}")
    return Guide(matcher, tokenizer)


def _llguidance() -> Any:
    try:
        return import_module("llguidance")
    except ImportError as exc:
        raise MissingPackage(
            "llguidance", "transformers", "Holding to a grammar"
        ) from exc
