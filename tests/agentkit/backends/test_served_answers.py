"""Whose answer a GGUF model is halted in, seen at the byte that llama.cpp looks at."""

from __future__ import annotations

import ctypes
from threading import Event
from typing import Any

import pytest

from agentkit.backends.llama_cpp_model import LlamaCppModel


class WatchedLibrary:
    """As much of llama.cpp's library as making a model calls."""

    place = 0

    def llama_free(self, _: Any) -> None:
        """Free nothing."""

    def llama_get_memory(self, _: Any) -> int:
        """Return an address of nothing."""
        return 1

    def llama_n_ctx(self, _: Any) -> int:
        """Return a small number."""
        return 8

    llama_model_free = llama_free
    llama_model_get_vocab = llama_get_memory
    llama_vocab_n_tokens = llama_n_ctx

    def llama_set_abort_callback(self, _: Any, __: int, place: int) -> None:
        """Keep where the byte is."""
        self.place = place

    @property
    def is_halted(self) -> bool:
        """What llama.cpp sees: the length of the text at the byte."""
        return len(ctypes.string_at(self.place)) > 0


@pytest.fixture
def library() -> WatchedLibrary:
    """A library that no model has been loaded with yet."""
    return WatchedLibrary()


@pytest.fixture
def model(library: WatchedLibrary) -> LlamaCppModel:
    """A model of it."""
    pytest.importorskip("numpy")
    return LlamaCppModel(library, 1, 1, {})


def test_its_own_answer_is_halted(
    library: WatchedLibrary, model: LlamaCppModel
) -> None:
    """Cancelling the request whose answer is written halts the model."""
    stop = Event()
    model.serve(stop)
    model.interrupt(stop)
    assert library.is_halted


def test_a_waiting_request_halts_nobody(
    library: WatchedLibrary, model: LlamaCppModel
) -> None:
    """Cancelling a request that waits for its turn leaves the answer before it alone."""
    model.serve(Event())
    model.interrupt(Event())
    assert not library.is_halted


def test_a_cancelled_request_does_not_begin(
    library: WatchedLibrary, model: LlamaCppModel
) -> None:
    """A request that was cancelled while it waited is halted at once."""
    stop = Event()
    stop.set()
    model.serve(stop)
    assert library.is_halted


def test_the_next_answer_is_free(library: WatchedLibrary, model: LlamaCppModel) -> None:
    """At the end of a halted answer the model reads again."""
    stop = Event()
    model.serve(stop)
    model.interrupt(stop)
    model.serve(None)
    assert not library.is_halted
