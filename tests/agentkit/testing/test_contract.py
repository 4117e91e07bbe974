"""The contract catches backends that break a promise."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from agentkit.backends import Backend, Reply, Request, Traits
from agentkit.errors import BackendError, BackendUnavailable
from agentkit.testing import BackendContract, ScriptedBackend, check_backend
from agentkit.testing.promises import promises


class Sound:
    """A backend that keeps its promises; the cases below break one each."""

    name = "sound"
    traits: Any = Traits(on_device=True)

    async def reply(self, request: Request) -> Reply:
        await asyncio.sleep(0)
        request.on_text("Hello.")
        return Reply(text="Hello.")


class Shouting(Sound):
    name = "Not A Word"


class Undecided(Sound):
    traits = Traits(on_device=None)  # type: ignore[arg-type]  # that is what is tested


class Nameless(Sound):
    traits = None


class Piecemeal(Sound):
    async def reply(self, request: Request) -> Reply:
        for piece in ("Hel", "lo."):
            request.on_text(piece)
        return Reply(text="Hello.")


class Cold(Sound):
    traits = Traits(on_device=True, warms=True)


class Silent(Sound):
    async def reply(self, request: Request) -> Reply:
        return Reply(text="Hello.")


class Wordy(Sound):
    async def reply(self, request: Request) -> Reply:
        return "Hello."  # type: ignore[return-value]  # that is what is tested


class Elsewhere(Sound):
    async def reply(self, request: Request) -> Reply:
        # What the interpreter announces when a socket connects, without connecting.
        sys.audit("socket.connect", None, ("192.0.2.1", 9))
        return await super().reply(request)


class Threaded(Sound):
    async def reply(self, request: Request) -> Reply:
        teller = threading.Thread(target=request.on_text, args=("Hello.",))
        teller.start()
        teller.join()
        return Reply(text="Hello.")


class Once(Sound):
    """Binds itself to its first event loop."""

    def __init__(self) -> None:
        self._loop: object = None

    async def reply(self, request: Request) -> Reply:
        self._loop = self._loop or asyncio.get_running_loop()
        assert self._loop is asyncio.get_running_loop(), "another event loop"
        return await super().reply(request)


class Counting(Sound):
    """Lets one request show in the next."""

    def __init__(self) -> None:
        self._count = 0

    async def reply(self, request: Request) -> Reply:
        self._count += 1
        request.on_text(str(self._count))
        return Reply(text=str(self._count))


class Locked(Sound):
    """Cannot be asked again once it was cancelled."""

    def __init__(self) -> None:
        self._busy = False

    async def reply(self, request: Request) -> Reply:
        if self._busy:
            raise BackendUnavailable("busy")
        self._busy = True
        await asyncio.sleep(0.1)
        self._busy = False
        return await super().reply(request)


class Choosy(Sound):
    async def reply(self, request: Request) -> Reply:
        assert len(request.toolset), "no tools"
        return await super().reply(request)


def test_sound_backend_keeps_all() -> None:
    """A sound backend passes; what cannot be tried is named."""
    found = check_backend(Sound)
    assert set(found) == set(promises())
    assert found["test_streamed_text_is_the_text"] == "kept"
    assert found["test_too_long"].startswith("skipped: too_long is empty")


@pytest.mark.parametrize(
    ("make", "promise"),
    [
        pytest.param(Shouting, "test_name_is_one_plain_word", id="name"),
        pytest.param(
            Undecided,
            "test_traits_are_told_before_the_first_request",
            id="undecided place",
        ),
        pytest.param(
            Nameless, "test_traits_are_told_before_the_first_request", id="no traits"
        ),
        pytest.param(Piecemeal, "test_traits_are_kept_to", id="streams in secret"),
        pytest.param(Cold, "test_warming_reads_what_it_says", id="cannot warm"),
        pytest.param(Elsewhere, "test_place_is_true", id="connects elsewhere"),
        pytest.param(Silent, "test_streamed_text_is_the_text", id="does not stream"),
        pytest.param(Wordy, "test_reply_is_well_formed", id="no reply"),
        pytest.param(
            Threaded, "test_text_is_told_in_the_event_loop", id="another thread"
        ),
        pytest.param(Once, "test_new_event_loop", id="one event loop"),
        pytest.param(
            Counting, "test_second_request_is_a_request_of_its_own", id="remembers"
        ),
        pytest.param(Locked, "test_cancelled_request_leaves_it_usable", id="cancelled"),
        pytest.param(Choosy, "test_no_tools", id="needs tools"),
    ],
)
def test_broken_promise_is_seen(
    make: Callable[[], Backend], promise: str, egress_tried: list[str]
) -> None:
    """The test of the promise that is broken fails."""

    class Given(BackendContract):
        def make_backend(self) -> Backend:
            return make()

    # Our own tests refuse the connection before the contract sees it.
    with pytest.raises(
        (AssertionError, BackendError, ConnectionRefusedError)
    ) as broken:
        getattr(Given(), promise)()
    assert str(broken.value), "a broken promise is told in words"
    egress_tried.clear()


def test_broken_promises_are_named() -> None:
    """Without pytest, all broken promises are listed in one error."""
    with pytest.raises(AssertionError, match="test_streamed_text_is_the_text: Asser"):
        check_backend(Silent)


class Wordless(Sound):
    async def reply(self, request: Request) -> Reply:
        raise LookupError


def test_an_error_without_words_is_told_by_its_place() -> None:
    """Where a backend raises an error that says nothing, the line that raised is named."""
    with pytest.raises(AssertionError, match=r"without words in reply, .*\.py:\d+"):
        check_backend(Wordless)


class Deaf(BackendContract):
    def make_backend(self) -> Backend:
        return Sound()

    def make_writing(self, written: str) -> Backend:
        return Sound()

    def make_broken(self) -> Backend:
        return ScriptedBackend(["It works."])


@pytest.mark.parametrize(
    "promise",
    [
        "test_calls_are_read",
        "test_odd_characters_arrive_whole",
        "test_broken_is_told_in_words",
    ],
)
def test_hook_is_used(promise: str) -> None:
    """What the hooks make is tried too."""
    with pytest.raises(AssertionError):
        getattr(Deaf(), promise)()


def test_contract_must_be_told_what_to_make() -> None:
    """A subclass without `make_backend` says what is missing."""
    made: Callable[[], BackendContract] = type("Untold", (BackendContract,), {})
    with pytest.raises(TypeError, match="make_backend"):
        made()


@pytest.mark.parametrize("name", promises())
def test_every_promise_is_stated(name: str) -> None:
    """Each test says in a sentence what is promised."""
    assert promises()[name].endswith(".")
