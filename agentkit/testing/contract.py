"""The Backend protocol as tests: one test for each promise.

With pytest, subclass `BackendContract` and say how to make a backend. Without it, call
`check_backend`. Not covered: whether answers are any good.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import fields
from typing import cast
from unittest import SkipTest

from agentkit.backends.base import (
    Backend,
    Reply,
    Request,
    Traits,
    ask_backend,
    check_reply,
)
from agentkit.backends.warmup import WarmBackend
from agentkit.errors import BackendError, MissingPackage
from agentkit.messages import user
from agentkit.privacy.sockets import connections_elsewhere
from agentkit.testing.samples import ODD_TEXTS, long_conversation, sample_request
from agentkit.tools import Toolset

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class BackendContract(ABC):
    """The promises of a backend.

    Attributes:
        deterministic: whether the same request gets the same answer twice.
        too_long: a text that is beyond what it takes; none when empty.
        seconds: longest that any one answer may take.
    """

    deterministic: bool = True
    too_long: str = ""
    seconds: float = 60.0

    @abstractmethod
    def make_backend(self) -> Backend:
        """Make the backend under test, anew for each test."""

    def make_writing(self, written: str) -> Backend:
        """Make a backend whose model writes this text; leave it out if none can."""
        raise SkipTest("this backend's model cannot be told what to write")

    def make_broken(self) -> Backend:
        """Make a backend whose model or server is not there; leave it out if none."""
        raise SkipTest("this backend has nothing that may be missing")

    def ask(self, backend: Backend, *requests: Request) -> list[Reply]:
        """Ask one request after the other, each reply checked."""

        async def one_by_one() -> list[Reply]:
            return [
                await asyncio.wait_for(ask_backend(backend, request), self.seconds)
                for request in requests
            ]

        replies = asyncio.run(one_by_one())
        return [check_reply(backend.name, reply) for reply in replies]

    def test_name_is_one_plain_word(self) -> None:
        """Its name can be typed after `--backend`: a-z, digits and _."""
        name = self.make_backend().name
        assert _NAME.fullmatch(name), f"{name!r} is no plain word"

    def test_traits_are_told_before_the_first_request(self) -> None:
        """What it is and can do is said at once: routing asks before any request."""
        traits = cast(object, self.make_backend().traits)
        assert isinstance(traits, Traits), f"traits is {traits!r}, not Traits(...)"
        wrong = [
            f"{one.name}={value!r}"
            for one in fields(traits)
            # By exact type: True as a window is an int to Python, and means nothing.
            if isinstance(one.default, bool | int | str)
            and type(value := getattr(traits, one.name)) is not type(one.default)
        ]
        assert not wrong, f"not what a trait may be: {', '.join(wrong)}"
        assert traits.window >= 0, f"a window of {traits.window} tokens"

    def test_traits_are_kept_to(self) -> None:
        """What it does not claim, it does not do: streaming, and telling how sure."""
        backend, heard = self.make_backend(), list[str]()
        (reply,) = self.ask(backend, sample_request(on_text=heard.append))
        traits = backend.traits
        # The whole text in one piece is no streaming.
        assert traits.streams or len(heard) <= 1, "it streams, and does not say so"
        assert traits.logprobs or not reply.logprobs, "logprobs that nobody expects"

    def test_warming_reads_what_it_says(self) -> None:
        """A backend that `warms` gets ready, says what it read, and answers then."""
        backend = self.make_backend()
        can_warm = callable(getattr(backend, "warm", None))
        if not backend.traits.warms:
            assert not can_warm, "it has a warm, and its traits do not say so"
            return
        assert can_warm, "it has no warm"
        warm = cast(WarmBackend, backend).warm(sample_request().toolset)
        warmed = asyncio.run(asyncio.wait_for(warm, self.seconds))
        assert warmed.backend == backend.name, f"it calls itself {warmed.backend!r}"
        read, all_of_it = warmed.tokens_read, warmed.tokens
        assert 0 <= read <= all_of_it, f"it read {read} tokens of {all_of_it}"
        self.ask(backend, sample_request())

    def test_place_is_true(self) -> None:
        """A backend on this device connects to nothing else, and sends nothing off."""
        backend = self.make_backend()
        with connections_elsewhere() as elsewhere:
            (reply,) = self.ask(backend, sample_request())
        if backend.traits.on_device:
            assert reply.bytes_out == 0, "it says that bytes left the device"
            assert not elsewhere, f"it connected to {elsewhere}"

    def test_reply_is_well_formed(self) -> None:
        """A reply has the protocol's types, and counts that are counts."""
        (reply,) = self.ask(self.make_backend(), sample_request())
        for count in (reply.tokens_in, reply.tokens_out, reply.bytes_out):
            is_count = count is None or (
                isinstance(cast(object, count), int) and count >= 0
            )
            assert is_count, f"{count!r} is no count of tokens or bytes"
        for fault in reply.faults:
            assert fault.message, "a fault without a message"

    def test_arguments_are_data(self) -> None:
        """What calls carry is JSON-like."""
        (reply,) = self.ask(self.make_backend(), sample_request())
        for call in reply.calls:
            try:
                json.dumps(dict(call.arguments), default=str)
            except (TypeError, ValueError) as exc:
                raise AssertionError(f"arguments of {call.name}: {exc}") from exc

    def test_streamed_text_is_the_text(self) -> None:
        """The pieces that are streamed add up to the reply's text."""
        backend, heard = self.make_backend(), list[str]()
        (reply,) = self.ask(backend, sample_request(on_text=heard.append))
        told = "".join(heard)
        assert told == reply.text, f"told {told!r}, and replied {reply.text!r}"

    def test_text_is_told_in_the_event_loop(self) -> None:
        """Listeners are called in the thread that asked: they need no locks."""
        threads: set[int] = set()
        self.ask(
            self.make_backend(),
            sample_request(on_text=lambda _: threads.add(threading.get_ident())),
        )
        assert threads <= {threading.get_ident()}, "on_text is called in other threads"

    def test_request_is_left_as_it_is(self) -> None:
        """Conversation and tools are not changed."""
        request = sample_request(long_conversation())
        before = deepcopy(request.conversation), request.toolset.names
        self.ask(self.make_backend(), request)
        after = request.conversation, request.toolset.names
        assert after == before, "it changed the conversation or the tools of a request"

    def test_second_request_is_a_request_of_its_own(self) -> None:
        """Nothing of one request shows in the answer to the next."""
        backend = self.make_backend()
        first, _, again = self.ask(
            backend, sample_request(), sample_request("Name a tree."), sample_request()
        )
        if self.deterministic:
            told, retold = (first.text, first.calls), (again.text, again.calls)
            assert retold == told, f"asked again it says {retold!r}, and not {told!r}"

    def test_two_at_once(self) -> None:
        """Two requests at the same time are both answered, each to its listener."""
        backend = self.make_backend()
        heard: tuple[list[str], list[str]] = ([], [])

        async def both() -> list[Reply]:
            asked = [
                backend.reply(sample_request(on_text=part.append)) for part in heard
            ]
            return await asyncio.wait_for(asyncio.gather(*asked), self.seconds)

        for reply, part in zip(asyncio.run(both()), heard, strict=True):
            said, told = check_reply(backend.name, reply).text, "".join(part)
            assert said == told, f"one of two was told {told!r}, and got {said!r}"

    def test_new_event_loop(self) -> None:
        """It outlives an event loop: `Agent.run` makes one for each run."""
        backend = self.make_backend()
        for _ in range(2):
            self.ask(backend, sample_request())

    def test_cancelled_request_leaves_it_usable(self) -> None:
        """After a cancelled request the next one is answered."""
        backend = self.make_backend()

        async def cancel_then_ask() -> Reply:
            task = asyncio.ensure_future(backend.reply(sample_request()))
            # Long enough to be in the middle of its work, as a user who changes their
            # mind is.
            await asyncio.sleep(0.02)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return await asyncio.wait_for(backend.reply(sample_request()), self.seconds)

        check_reply(backend.name, asyncio.run(cancel_then_ask()))

    def test_no_tools(self) -> None:
        """A request without tools is answered."""
        self.ask(self.make_backend(), sample_request(tools=Toolset()))

    def test_whole_conversation(self) -> None:
        """Instructions, calls, results, failed and unknown ones are all taken."""
        self.ask(self.make_backend(), sample_request(long_conversation()))

    def test_odd_text(self) -> None:
        """Whatever the user writes is text: it is answered, or refused in words."""
        backend = self.make_backend()
        for text in ODD_TEXTS.values():
            try:
                self.ask(backend, sample_request((user("Hello."), user(text))))
            except BackendError as exc:
                _check_words(exc)

    def test_too_long(self) -> None:
        """What is beyond its window is refused in words, and the next is answered."""
        if not self.too_long:
            raise SkipTest("too_long is empty: nothing is too long for it")
        backend = self.make_backend()
        try:
            self.ask(backend, sample_request(self.too_long))
        except BackendError as exc:
            _check_words(exc)
        else:
            raise AssertionError("a text beyond its window was not refused")
        self.ask(backend, sample_request())

    def test_calls_are_read(self) -> None:
        """What the model writes as a call arrives as one, and not as text."""
        heard: list[str] = []
        backend = self.make_writing("[add(a=1, b=2)]")
        (reply,) = self.ask(backend, sample_request(on_text=heard.append))
        shown = [(call.name, dict(call.arguments)) for call in reply.calls]
        assert shown == [("add", {"a": 1, "b": 2})], f"the call was read as {shown!r}"
        told = "".join(heard)
        assert (reply.text, told) == ("", ""), f"a call told as text: {told!r}"

    def test_odd_characters_arrive_whole(self) -> None:
        """Characters of several bytes are streamed whole, none is lost."""
        heard: list[str] = []
        # Two, three and four bytes in UTF-8, joined emoji, and right to left.
        text = "Gr\u00fc\u00dfe \U0001f469\u200d\U0001f467 \u05e9\u05dc"
        (reply,) = self.ask(
            self.make_writing(text), sample_request(on_text=heard.append)
        )
        told = "".join(heard)
        assert reply.text == text == told, f"{text!r} came as {reply.text!r}, {told!r}"

    def test_broken_is_told_in_words(self) -> None:
        """What is not there is a `BackendError` of one line, and nothing was streamed."""
        heard: list[str] = []
        try:
            self.ask(self.make_broken(), sample_request(on_text=heard.append))
        except (BackendError, MissingPackage) as exc:
            _check_words(exc)
            assert not heard, f"it told {''.join(heard)!r} before it failed"
        else:
            raise AssertionError("a backend that is not there answered")


def _check_words(exc: Exception) -> None:
    said = str(exc)
    assert said.strip(), f"{type(exc).__name__} says nothing"
    assert "\n" not in said, f"more than one line: {said!r}"
