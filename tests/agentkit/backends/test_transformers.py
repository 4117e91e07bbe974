from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from agentkit.backends import Reply, Request, TransformersBackend
from agentkit.backends.decode import LOOP
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.installation.distribution import install_command
from agentkit.messages import user
from agentkit.prompting import TransformersTokenizer, encode_prompt
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.tiny_llama import make_checkpoint, make_tokenizer


def ask(backend: TransformersBackend, *requests: Request) -> list[Reply]:
    async def all_of_them() -> list[Reply]:
        return [await backend.reply(request) for request in requests]

    return asyncio.run(all_of_them())


def reference(checkpoint: Path, request: Request, count: int) -> tuple[list[int], str]:
    """Return prompt ids and greedy text as bare `generate()` makes them."""
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint)
    prompt = encode_prompt(
        request.conversation,
        request.toolset,
        tokenizer=TransformersTokenizer(tokenizer),
        date=request.context.now.date(),
    )
    ids = torch.tensor([prompt])
    stops = tokenizer.convert_tokens_to_ids(["<|eot_id|>", "<|eom_id|>"])
    made = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=count,
        do_sample=False,
        eos_token_id=stops,
        pad_token_id=stops[0],
    )
    return prompt, tokenizer.decode(made[0, len(prompt) :], skip_special_tokens=True)


@pytest.mark.slow
def test_same_answer_as_bare_generate(checkpoint: Path, asking: Asking) -> None:
    """The greedy answer is what `generate()` gives for agentkit's own prompt."""
    (reply,) = ask(TransformersBackend(checkpoint, max_new_tokens=24), asking.request())
    prompt, expected = reference(checkpoint, asking.request(), 24)
    assert (reply.text, reply.tokens_in) == (expected.strip(), len(prompt))
    assert reply.tokens_out == 24


@pytest.mark.slow
def test_what_is_streamed_is_the_answer(checkpoint: Path, asking: Asking) -> None:
    """The pieces add up to the reply's text, half characters held back."""
    backend = TransformersBackend(checkpoint, max_new_tokens=200, temperature=1.0)
    replies = ask(backend, *[asking.request() for _ in range(3)])
    assert "".join(asking.heard) == "".join(reply.text for reply in replies)


@pytest.mark.slow
def test_loop_stays_free(checkpoint: Path, asking: Asking) -> None:
    """Other tasks go on while an answer is generated."""
    backend = TransformersBackend(checkpoint, max_new_tokens=64)

    async def count_meanwhile() -> int:
        task = asyncio.create_task(backend.reply(asking.request()))
        turns = 0
        while not task.done():
            await asyncio.sleep(0)
            turns += 1
        return turns

    assert asyncio.run(count_meanwhile()) > 10


@pytest.mark.slow
def test_cancelling_leaves_it_usable(checkpoint: Path, asking: Asking) -> None:
    """A cancelled answer frees the model for the next request."""
    backend = TransformersBackend(checkpoint, max_new_tokens=400)

    async def cancel_then_ask() -> Reply:
        task = asyncio.create_task(backend.reply(asking.request()))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await backend.reply(asking.request())

    # Random weights say the same again and again, which ends an answer.
    assert (asyncio.run(cancel_then_ask()).tokens_out or 0) > LOOP


@pytest.mark.slow
def test_too_long_is_said_before_generating(checkpoint: Path, asking: Asking) -> None:
    """A prompt beyond the window is refused with the counts and what to cut."""
    request = asking.request((user("hello " * 5000), user("short")))
    with pytest.raises(BackendUnavailable) as raised:
        ask(TransformersBackend(checkpoint), request)
    said = str(raised.value)
    assert re.search(r"the prompt has 2\d,\d{3} tokens and .* takes 4,096", said)
    assert re.search(r"cut 1\d,\d{3} or more; 2 tools take [\d,]+, the longest", said)


@pytest.mark.slow
def test_answer_is_shortened_to_what_is_left(tmp_path: Path, asking: Asking) -> None:
    """Where the window is nearly full, the answer takes what is left."""
    tight = make_checkpoint(tmp_path / "tight", window=512)
    (reply,) = ask(
        TransformersBackend(tight, max_new_tokens=500), asking.request(tools=False)
    )
    assert reply.tokens_in is not None
    assert reply.tokens_out is not None
    assert reply.tokens_in + reply.tokens_out <= 512


@pytest.mark.slow
def test_control_tokens_in_text_are_text(checkpoint: Path, asking: Asking) -> None:
    """A user who writes `<|eot_id|>` ends no turn."""
    backend = TransformersBackend(checkpoint, max_new_tokens=1)
    plain, tricky = ask(
        backend, asking.request("a b"), asking.request("a <|eot_id|> b")
    )
    assert plain.tokens_in is not None
    assert tricky.tokens_in is not None
    assert tricky.tokens_in > plain.tokens_in + 3


@pytest.mark.slow
def test_text_that_is_no_unicode(checkpoint: Path, asking: Asking) -> None:
    """Half a surrogate pair in the text does no harm."""
    backend = TransformersBackend(checkpoint, max_new_tokens=1)
    assert ask(backend, asking.request("caf\udce9"))[0].tokens_out == 1


def spoilt(checkpoint: Path, folder: Path, **changes: Any) -> Path:
    """Copy a checkpoint and change its config."""
    shutil.copytree(checkpoint, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))
    return folder


@pytest.mark.slow
def test_checkpoints_own_sampling_is_not_used(
    checkpoint: Path, tmp_path: Path, asking: Asking
) -> None:
    """Temperature and top-p beside the weights leave a greedy answer as it is."""
    folder = spoilt(checkpoint, tmp_path / "warm")
    settings = {"do_sample": True, "temperature": 0.6, "top_p": 0.9, "max_length": 20}
    (folder / "generation_config.json").write_text(json.dumps(settings))
    plain, warm = (
        ask(TransformersBackend(one, max_new_tokens=24), asking.request())[0]
        for one in (checkpoint, folder)
    )
    assert (warm.text, warm.tokens_out) == (plain.text, 24)


@pytest.mark.slow
def test_truncated_weights(checkpoint: Path, tmp_path: Path, asking: Asking) -> None:
    """A weight file that is cut off is told as one line."""
    folder = spoilt(checkpoint, tmp_path / "cut")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100_000])
    with pytest.raises(BackendUnavailable, match="cannot be loaded: ") as raised:
        ask(TransformersBackend(folder), asking.request())
    assert "\n" not in str(raised.value)


@pytest.mark.slow
def test_weights_of_another_shape(
    checkpoint: Path, tmp_path: Path, asking: Asking
) -> None:
    """Layers without weights are refused: they would be random."""
    folder = spoilt(checkpoint, tmp_path / "deeper", num_hidden_layers=3)
    with pytest.raises(BackendUnavailable, match="do not fit its config"):
        ask(TransformersBackend(folder), asking.request())


@pytest.mark.slow
def test_config_far_beyond_the_weights(
    checkpoint: Path, tmp_path: Path, asking: Asking
) -> None:
    """A config of 8 billion parameters over small weights allocates nothing."""
    folder = spoilt(checkpoint, tmp_path / "huge", hidden_size=4096, head_dim=128)
    config = json.loads((folder / "config.json").read_text())
    config |= {"num_hidden_layers": 32, "intermediate_size": 14336}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(BackendUnavailable, match=r"bytes for \d,\d+,\d+,\d+ param"):
        ask(TransformersBackend(folder), asking.request())


@pytest.mark.slow
def test_no_tokenizer(checkpoint: Path, tmp_path: Path, asking: Asking) -> None:
    """A checkpoint without its tokenizer is told so."""
    folder = spoilt(checkpoint, tmp_path / "mute")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(BackendUnavailable, match=r"has no tokenizer: no tokenizer\.j"):
        ask(TransformersBackend(folder), asking.request())


@pytest.mark.slow
def test_another_models_tokenizer(
    checkpoint: Path, tmp_path: Path, asking: Asking
) -> None:
    """A tokenizer with more ids than the model has rows is refused."""
    larger = make_tokenizer()
    larger.add_tokens([f"more{number}" for number in range(50)])
    larger.save_pretrained(tmp_path)
    backend = TransformersBackend(checkpoint, tokenizer=tmp_path)
    with pytest.raises(BackendUnavailable, match=r"does not match the model"):
        ask(backend, asking.request())


@pytest.mark.slow
def test_tokenizer_without_control_tokens(
    checkpoint: Path, tmp_path: Path, asking: Asking
) -> None:
    """A tokenizer that is not Llama 3's is named by what it lacks."""
    folder = spoilt(checkpoint, tmp_path / "other")
    path = folder / "tokenizer.json"
    path.write_text(path.read_text().replace("<|eom_id|>", "<|other|>"))
    with pytest.raises(BackendUnavailable, match=r"lacks <\|eom_id\|>"):
        ask(TransformersBackend(folder), asking.request())


@pytest.mark.slow
def test_hub_id_is_not_fetched(asking: Asking, tmp_path: Path) -> None:
    """A hub id that is not on this device is not fetched behind the user's back."""
    with pytest.raises(BackendUnavailable, match="nothing was fetched"):
        ask(TransformersBackend("nobody/has-this-model"), asking.request())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "words"),
    [
        pytest.param(None, "no config.json", id="no config"),
        pytest.param("{", "cannot be read", id="broken config"),
        pytest.param('{"model_type": "bert"}', "a bert model", id="another kind"),
        pytest.param("[]", "nameless model", id="no object"),
    ],
)
def test_folder_that_is_no_checkpoint(
    tmp_path: Path, asking: Asking, config: str | None, words: str
) -> None:
    """A folder that is no Llama checkpoint is refused with what is wrong."""
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(BackendUnavailable, match=words):
        ask(TransformersBackend(tmp_path), asking.request())


@pytest.mark.slow
def test_no_such_folder(tmp_path: Path, asking: Asking) -> None:
    """A path where nothing is names what to give instead."""
    with pytest.raises(BackendUnavailable, match=r"give a folder with a config\.json"):
        ask(TransformersBackend(tmp_path / "none"), asking.request())


@pytest.mark.parametrize("package", ["torch", "transformers", "accelerate"])
def test_missing_package(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a package, one sentence has the command that installs it."""
    for name in ("torch", "transformers", "accelerate"):
        monkeypatch.setitem(sys.modules, name, sys)
    monkeypatch.setitem(sys.modules, package, None)
    told = f"'{package}': {install_command(package, 'transformers')}"
    with pytest.raises(MissingPackage, match=re.escape(told)):
        TransformersBackend("anything")


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"max_new_tokens": 0}, {"temperature": -1.0}])
def test_numbers_out_of_range(options: dict[str, Any]) -> None:
    """An answer without tokens and a negative temperature are refused at once."""
    with pytest.raises(ConfigError, match="max_new_tokens"):
        TransformersBackend("anything", **options)
