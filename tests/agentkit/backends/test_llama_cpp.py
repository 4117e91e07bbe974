from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from agentkit.backends import Reply, Request
from agentkit.backends.gguf_memory import cache_bytes, check_memory
from agentkit.backends.llama_cpp import LlamaCppBackend
from agentkit.backends.transformers import TransformersBackend
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.installation.distribution import install_command
from agentkit.messages import assistant, user
from agentkit.models.gguf import GgufFile, read_gguf
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.gguf_files import (
    Shape,
    Vocabulary,
    random_tensors,
    write_gguf,
)


def ask(backend: Any, *requests: Request) -> list[Reply]:
    async def one_by_one() -> list[Reply]:
        return [await backend.reply(request) for request in requests]

    return asyncio.run(one_by_one())


def made(gguf: Path, **options: Any) -> LlamaCppBackend:
    defaults: dict[str, Any] = {"max_new_tokens": 24, "threads": 1, "snapshots": ""}
    return LlamaCppBackend(gguf, **{**defaults, **options})


@pytest.mark.slow
def test_answers_as_transformers_does(
    checkpoint: Path, gguf: Path, asking: Asking
) -> None:
    """The same weights and the same prompt give the same greedy answer."""
    (ours,) = ask(made(gguf, constrain="off"), asking.request())
    (theirs,) = ask(
        TransformersBackend(checkpoint, max_new_tokens=24), asking.request()
    )
    assert (ours.text, ours.tokens_in) == (theirs.text, theirs.tokens_in)


@pytest.mark.slow
def test_only_what_is_new_is_read(gguf: Path, asking: Asking) -> None:
    """A second turn reads its own words, and answers as a cold model does."""
    turns = (user("What is 1 + 2?"), assistant("It is 3."), user("And 2 + 3?"))
    warm = made(gguf, constrain="off")
    first, second = ask(warm, asking.request(), asking.request(turns))
    (cold,) = ask(made(gguf, constrain="off"), asking.request(turns))
    assert second.text == cold.text
    assert first.tokens_in is not None
    assert (second.tokens_cached or 0) > first.tokens_in * 0.9


@pytest.mark.slow
@pytest.mark.parametrize("heat", [0.0, 2.0])
def test_calls_are_valid(gguf: Path, asking: Asking, heat: float) -> None:
    """Random weights under the grammar still write calls that fit the tools."""
    most = 1500  # random weights are slow to close a string; some never do
    options = {"constrain": "calls", "temperature": heat, "max_new_tokens": most}
    told = [
        ask(made(gguf, seed=seed, **options), asking.request(f"Request {seed}"))[0]
        for seed in range(5)
    ]
    whole = [reply for reply in told if (reply.tokens_out or 0) < most]
    assert whole
    for reply in whole:
        assert reply.calls
        assert not reply.faults
        for call in reply.calls:
            asking.toolset[call.name].check(call.arguments, asking.context)


@pytest.mark.slow
def test_drafts_change_nothing(gguf: Path, asking: Asking) -> None:
    """What a grammar forces is read in fewer passes, and is the same answer."""
    told = [
        ask(
            made(gguf, constrain="calls", drafts=drafts, max_new_tokens=100),
            *[asking.request(f"Request {number}") for number in range(5)],
        )
        for drafts in (True, False)
    ]
    assert [reply.calls for reply in told[0]] == [reply.calls for reply in told[1]]


@pytest.mark.slow
def test_tool_prompt_is_read_once(gguf: Path, tmp_path: Path, asking: Asking) -> None:
    """Another process finds the tool prompt on disk, and answers the same."""
    (cold,) = ask(made(gguf, snapshots=tmp_path), asking.request("Now?"))
    (file,) = tmp_path.glob("*.llamacpp")
    (warm,) = ask(made(gguf, snapshots=tmp_path), asking.request("Now?"))
    (plain,) = ask(made(gguf), asking.request("Now?"))
    assert cold.text == warm.text == plain.text
    assert (cold.tokens_cached, plain.tokens_cached) == (0, 0)
    assert (warm.tokens_cached or 0) > (warm.tokens_in or 0) * 0.9
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_warm_reads_ahead(gguf: Path, tmp_path: Path, asking: Asking) -> None:
    """Warming reads instructions and tools, once; the next process only loads them."""
    first, second = made(gguf, snapshots=tmp_path), made(gguf, snapshots=tmp_path)
    anew = asyncio.run(first.warm(asking.toolset, context=asking.context))
    again = asyncio.run(first.warm(asking.toolset, context=asking.context))
    loaded = asyncio.run(second.warm(asking.toolset, context=asking.context))
    assert (anew.tokens_read, again.tokens_read) == (anew.tokens, 0)
    assert (loaded.tokens, loaded.tokens_read) == (anew.tokens, 0)
    (reply,) = ask(second, asking.request())
    assert reply.tokens_cached == anew.tokens


@pytest.mark.slow
@pytest.mark.parametrize("how", ["cut", "changed", "empty"])
def test_damaged_snapshot(gguf: Path, tmp_path: Path, asking: Asking, how: str) -> None:
    """A damaged snapshot is not used; that is told, and a whole one is written."""
    (cold,) = ask(made(gguf, snapshots=tmp_path), asking.request())
    (file,) = tmp_path.glob("*.llamacpp")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    spoilt = {"cut": data[:500], "changed": data, "empty": bytearray()}
    file.write_bytes(spoilt[how])
    told, again = (
        ask(made(gguf, snapshots=tmp_path), asking.request())[0] for _ in range(2)
    )
    assert (told.text, told.tokens_cached) == (cold.text, 0)
    assert told.reason == "a damaged snapshot of the tool prompt was removed"
    assert (again.tokens_cached or 0) > 0


@pytest.mark.slow
def test_too_long_is_said_before_generating(gguf: Path, asking: Asking) -> None:
    """A prompt beyond the window is refused with the counts and what to cut."""
    with pytest.raises(BackendUnavailable, match=r"the prompt has .* takes 2,048.*cut"):
        ask(made(gguf, window=2048), asking.request("hello " * 5000))


@pytest.mark.slow
def test_window_beyond_the_models(gguf: Path, asking: Asking) -> None:
    """A window larger than the model was made for is refused with the largest."""
    with pytest.raises(BackendUnavailable, match="give 4,096 or less"):
        ask(made(gguf, window=100_000), asking.request())


@pytest.mark.slow
def test_control_tokens_in_text_are_text(gguf: Path, asking: Asking) -> None:
    """A user who writes `<|eot_id|>` ends no turn."""
    backend = made(gguf, max_new_tokens=1)
    plain, tricky = ask(
        backend, asking.request("a b"), asking.request("a <|eot_id|> b")
    )
    assert (tricky.tokens_in or 0) > (plain.tokens_in or 0) + 3


@pytest.mark.slow
def test_cancelled_in_mid_prompt(gguf: Path, asking: Asking) -> None:
    """Cancelling ends a long prompt's reading, and the next answer is a cold one's."""
    backend = made(gguf, constrain="off")
    (cold,) = ask(made(gguf, constrain="off"), asking.request())

    async def cancel_then_ask() -> Reply:
        task = asyncio.create_task(backend.reply(asking.request("hello " * 600)))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await backend.reply(asking.request())

    assert asyncio.run(cancel_then_ask()).text == cold.text


@pytest.mark.slow
def test_closed_backend_loads_again(gguf: Path, asking: Asking) -> None:
    """Closing gives the memory back; the next request loads the file anew."""
    backend = made(gguf)
    (before,) = ask(backend, asking.request())
    backend.close()
    backend.close()
    assert ask(backend, asking.request())[0].text == before.text


@pytest.mark.slow
def test_quiet(gguf: Path, asking: Asking, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is written to standard error or output, by llama.cpp neither."""
    ask(made(gguf), asking.request())
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_loading_is_told(gguf: Path, asking: Asking) -> None:
    """How much is loaded goes from little to all."""
    told: list[float] = []
    ask(made(gguf, on_progress=told.append), asking.request())
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_truncated_file(
    gguf: Path, tmp_path: Path, asking: Asking, part: float
) -> None:
    """A file that is cut off is refused before llama.cpp sees it."""
    path = tmp_path / "cut.gguf"
    data = gguf.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(BackendUnavailable, match=r"cut off.*fetch it again"):
        ask(made(path), asking.request())


@pytest.mark.slow
def test_folder_and_nothing(gguf: Path, tmp_path: Path, asking: Asking) -> None:
    """A folder and a path where nothing is are told apart."""
    with pytest.raises(BackendUnavailable, match="take the transformers backend"):
        ask(made(tmp_path), asking.request())
    with pytest.raises(BackendUnavailable, match="there is no GGUF file"):
        ask(made(tmp_path / "none.gguf"), asking.request())


SHAPE = Shape(64, 1, 4, 1, 128, 1024, 512)


def other_words(path: Path, control: list[str], kinds: frozenset[int]) -> Path:
    """Write a file with other control tokens; `kinds` are those marked as such."""
    tokens = [chr(33 + number) for number in range(90)] + control
    words = Vocabulary(tokens, ['! "'], kinds)
    write_gguf(path, SHAPE, words, random_tensors(SHAPE, len(tokens)))
    return path


LLAMA3 = [
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|python_tag|>",
]


@pytest.mark.slow
def test_another_models_tokenizer(gguf: Path, tmp_path: Path, asking: Asking) -> None:
    """A Llama with another family's tokenizer is named by what it lacks."""
    lacking = [*LLAMA3[:4], "<unused>", *LLAMA3[5:]]
    path = other_words(tmp_path / "x.gguf", lacking, frozenset(range(90, 96)))
    with pytest.raises(BackendUnavailable, match=r"lacks <\|eom_id\|>"):
        ask(made(path), asking.request())


def header(folder: Path, size: int) -> GgufFile:
    """Describe a 1B model of a size, without writing one."""
    facts = {
        "general.architecture": "llama",
        "llama.block_count": 16,
        "llama.embedding_length": 2048,
        "llama.attention.head_count": 32,
        "llama.attention.head_count_kv": 8,
    }
    return GgufFile(folder / "big.gguf", size, facts, (), 0)


def test_cache_of_the_1b_shape(tmp_path: Path) -> None:
    """A window of 8,192 tokens takes 256 MiB in half precision."""
    assert cache_bytes(header(tmp_path, 1), 8192) == 256 * 2**20


def test_too_little_memory_names_the_window_that_fits(tmp_path: Path) -> None:
    """What does not fit is refused with a window that does."""
    with pytest.raises(BackendUnavailable, match=r"a window of 12,032 tokens would"):
        check_memory(header(tmp_path, 800_000_000), 100_000, 1_400_000_000)


def test_too_little_memory_names_the_size_that_fits(tmp_path: Path) -> None:
    """Where no window fits, the size of model that would is named."""
    with pytest.raises(BackendUnavailable, match=r"a model of at most 0\.7 GB"):
        check_memory(header(tmp_path, 2_500_000_000), 8192, 1_000_000_000)


@pytest.mark.parametrize("package", ["xllamacpp", "numpy", "llguidance"])
def test_missing_package(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a package, one sentence has the command that installs it."""
    for name in ("xllamacpp", "numpy", "llguidance"):
        monkeypatch.setitem(sys.modules, name, sys)
    monkeypatch.setitem(sys.modules, package, None)
    told = f"'{package}': {install_command(package, 'llama')}"
    with pytest.raises(MissingPackage, match=re.escape(told)):
        LlamaCppBackend("anything")


@pytest.mark.parametrize(
    "options",
    [{"max_new_tokens": 0}, {"temperature": -1.0}, {"window": 100}, {"threads": -1}],
)
def test_numbers_out_of_range(options: dict[str, Any]) -> None:
    """Numbers that make no sense are refused at once."""
    with pytest.raises(ConfigError, match="must be"):
        LlamaCppBackend("anything", **options)


@pytest.mark.slow
def test_read_header(gguf: Path) -> None:
    """The header says family, window, packing and size."""
    file = read_gguf(gguf)
    assert (file.architecture, file.window, file.quantisation) == ("llama", 4096, "F32")
    assert file.parameters > 100_000
