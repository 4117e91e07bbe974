from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentkit.backends import Reply, Request, TransformersBackend
from agentkit.backends.checkpoint import Loading, load_checkpoint
from agentkit.backends.decode import ReadingStopped
from agentkit.backends.engine import DAMAGED
from agentkit.backends.kv_cache import CHUNK, ModelReader, cache_argument
from agentkit.backends.warmup import Warmed
from agentkit.messages import Conversation, assistant, system, user
from agentkit.tools import Toolset
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.tiny_llama import make_checkpoint

pytestmark = pytest.mark.slow


def backend(checkpoint: Path, snapshots: Path | None = None) -> TransformersBackend:
    return TransformersBackend(
        checkpoint, max_new_tokens=12, temperature=1.0, seed=5, snapshots=snapshots
    )


def ask(one: TransformersBackend, *requests: Request) -> list[Reply]:
    async def all_of_them() -> list[Reply]:
        return [await one.reply(request) for request in requests]

    return asyncio.run(all_of_them())


def warm(one: TransformersBackend, toolset: Toolset, instructions: str = "") -> Warmed:
    return asyncio.run(one.warm(toolset, instructions=instructions))


def turns(*texts: str) -> Conversation:
    """Messages of user and assistant in turns."""
    makers: list[Any] = [user, assistant]
    return tuple([makers[at % 2](text) for at, text in enumerate(texts)])


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(turns("one two", "yes", "and three"), id="goes on"),
        pytest.param(turns("one six", "no", "and three"), id="changed in the middle"),
        pytest.param(turns("one two"), id="the same again"),
        pytest.param(turns("x"), id="shorter"),
        pytest.param((system("Other."), user("one two")), id="changed at the start"),
    ],
)
def test_same_answer_with_and_without_the_cache(
    checkpoint: Path, asking: Asking, second: Conversation
) -> None:
    """Whatever was read before, the answer is that of a fresh model."""
    first, then = asking.request(turns("one two")), asking.request(second)
    used = ask(backend(checkpoint), first, then)[1]
    (fresh,) = ask(backend(checkpoint), then)
    assert used.text == fresh.text
    assert used.tokens_cached
    assert used.tokens_in
    assert used.text
    assert 0 < used.tokens_cached < used.tokens_in


def test_first_prompt_has_nothing_cached(checkpoint: Path, asking: Asking) -> None:
    """The reply says how much of its prompt came from the cache."""
    replies = ask(backend(checkpoint), asking.request(), asking.request())
    told = [(reply.tokens_in or 0) - (reply.tokens_cached or 0) for reply in replies]
    assert told == [replies[0].tokens_in, 1]


def test_cancelled_answer_spoils_nothing(checkpoint: Path, asking: Asking) -> None:
    """After a cancel in mid-generation the next answer is a fresh model's."""
    one, alike = (
        TransformersBackend(
            checkpoint, max_new_tokens=150, temperature=1.0, seed=10, snapshots=None
        )
        for _ in range(2)
    )

    tasks: list[asyncio.Task[Reply]] = []

    def cancel(_: str) -> None:
        tasks[0].cancel()

    async def cancel_then_ask() -> Reply:
        listening = replace(asking.request(), on_text=cancel)
        tasks.append(asyncio.create_task(one.reply(listening)))
        with pytest.raises(asyncio.CancelledError):
            await tasks[0]
        return await one.reply(asking.request("And 3 + 4?"))

    after = asyncio.run(cancel_then_ask())
    (fresh,) = ask(alike, asking.request("And 3 + 4?"))
    assert (after.text, after.tokens_out) == (fresh.text, fresh.tokens_out)


@pytest.fixture
def reader(checkpoint: Path) -> ModelReader:
    return ModelReader(load_checkpoint(str(checkpoint), Loading()).model)


def test_long_prompt_is_cancelled_between_passes(reader: ModelReader) -> None:
    """What was read until then stays, and is right."""
    reader.stopped = lambda: len(reader.ids) >= CHUNK
    prompt = [number % 300 for number in range(3 * CHUNK)]
    with pytest.raises(ReadingStopped):
        reader.read(prompt, 1)
    assert reader.ids == prompt[:CHUNK]
    assert reader.begin(prompt) == CHUNK


def test_failed_pass_leaves_nothing(reader: ModelReader) -> None:
    """Layers may differ in length after a failure, so all is read again."""
    reader.read([1, 2, 3], 1)
    with pytest.raises(IndexError):
        reader.read([10**6], 1)
    assert reader.ids == []
    assert reader.begin([1, 2, 3]) == 0


class Older:
    """Speaks of its cache as models did before `transformers` 5.24."""

    def forward(self, input_ids: object, past_key_values: object) -> None: ...


class Newer:
    """Speaks of its cache as models do since."""

    def forward(self, input_ids: object, cache: object, **kwargs: object) -> None: ...


@pytest.mark.parametrize(
    ("model", "name"), [(Older(), "past_key_values"), (Newer(), "cache")]
)
def test_model_is_given_its_cache_by_its_own_name(
    model: Older | Newer, name: str
) -> None:
    """The signature of the forward pass decides."""
    assert cache_argument(model.forward) == name


def test_warm_reads_instructions_and_tools(checkpoint: Path, asking: Asking) -> None:
    """The first answer then reads the question only."""
    one = backend(checkpoint)
    warmed = warm(one, asking.toolset)
    (reply,) = ask(one, asking.request())
    assert warmed.tokens == warmed.tokens_read == reply.tokens_cached
    assert (reply.tokens_in or 0) - warmed.tokens < 60


def test_snapshot_serves_a_new_process(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """What was read is fetched from disk, and the answer is the same."""
    warmed = warm(backend(checkpoint, tmp_path), asking.toolset)
    again = backend(checkpoint, tmp_path)
    assert warm(again, asking.toolset).tokens_read == 0
    unwarmed = backend(checkpoint, tmp_path)
    (reply,), (fresh,) = (
        ask(one, asking.request()) for one in (unwarmed, backend(checkpoint))
    )
    assert (reply.text, reply.tokens_cached) == (fresh.text, warmed.tokens)


def test_warming_after_an_answer_keeps_what_was_read(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """What an answer has read is not read again, and is on disk for the next."""
    one = backend(checkpoint, tmp_path)
    ask(one, asking.request())
    warmed = warm(one, asking.toolset)
    again = warm(backend(checkpoint, tmp_path), asking.toolset)
    assert (warmed.tokens_read, again.tokens_read) == (0, 0)
    assert again.tokens == warmed.tokens


def test_nothing_is_written_unless_warmed(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """A reply leaves nothing on disk."""
    ask(backend(checkpoint, tmp_path / "none"), asking.request())
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("damage", ["cut off", "one bit", "not one at all", "empty"])
def test_damaged_snapshot(
    checkpoint: Path, asking: Asking, tmp_path: Path, damage: str
) -> None:
    """It is removed and told, and the answer comes all the same."""
    warm(backend(checkpoint, tmp_path), asking.toolset)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    flipped = whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]
    damaged = {"cut off": whole[:-100], "one bit": flipped, "empty": b""}
    path.write_bytes(damaged.get(damage, b"x" * 1000))
    (reply,) = ask(backend(checkpoint, tmp_path), asking.request())
    (fresh,) = ask(backend(checkpoint), asking.request())
    assert (reply.text, reply.reason) == (fresh.text, DAMAGED)
    assert list(tmp_path.iterdir()) == []


def test_snapshot_of_another_model(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """Weights, tools and instructions each have their own."""
    kept = tmp_path / "kept"
    other = make_checkpoint(tmp_path / "other", seed=1)
    warm(backend(checkpoint, kept), asking.toolset)
    read = [
        warm(backend(other, kept), asking.toolset).tokens_read,
        warm(backend(checkpoint, kept), Toolset(*list(asking.toolset)[:1])).tokens_read,
        warm(backend(checkpoint, kept), asking.toolset, "Be brief.").tokens_read,
        warm(backend(checkpoint, kept), asking.toolset).tokens_read,
    ]
    assert [count > 0 for count in read] == [True, True, True, False]
    assert len(list(kept.iterdir())) == 4


def test_folder_that_cannot_be_written(
    checkpoint: Path, asking: Asking, tmp_path: Path
) -> None:
    """Warming goes on without a snapshot, and says so."""
    (tmp_path / "file").write_text("")
    warmed = warm(backend(checkpoint, tmp_path / "file" / "folder"), asking.toolset)
    assert warmed.tokens_read == warmed.tokens
    assert warmed.note.startswith("the snapshot cannot be kept: ")
