"""Whose answer a GGUF model is halted in, seen at the byte that llama.cpp looks at."""

from __future__ import annotations

import ctypes
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from agentkit.backends.llama_cpp_model import LlamaCppModel


class WatchedLibrary(SimpleNamespace):
    """As much of llama.cpp's library as making a model calls."""

    def __init__(self) -> None:
        super().__init__()
        for name in ("llama_free", "llama_model_free"):
            setattr(self, name, lambda _: None)
        for name in ("llama_model_get_vocab", "llama_get_memory"):
            setattr(self, name, lambda _: 1)
        for name in ("llama_n_ctx", "llama_vocab_n_tokens"):
            setattr(self, name, lambda _: 8)
        self.place = 0

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
