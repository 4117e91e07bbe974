"""Programs of ExecuTorch: exported from a checkpoint, and run held by the grammar."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import ExecuTorchBackend, pick_backend
from agentkit.backends.base import ask_backend
from agentkit.errors import BackendUnavailable, ConfigError

if TYPE_CHECKING:
    from tests.agentkit.backends.conftest import Asking

pytestmark = pytest.mark.slow


def logits(program: Path) -> tuple[Any, Any]:
    """Return a program's reader, and the program."""
    from agentkit.backends.executorch import Program, ProgramReader

    loaded = Program(program)
    return ProgramReader(loaded), loaded


def test_it_scores_what_the_checkpoint_scores(program: Path, checkpoint: Path) -> None:
    """Behind each of the last tokens stand the model's own logits, over several passes."""
    import numpy

    torch: Any = import_module("torch")
    models: Any = import_module("transformers").AutoModelForCausalLM
    reader, loaded = logits(program)
    ids = [7 + at % 90 for at in range(loaded.most * 2 + 5)]
    reader.begin(ids)
    scores = reader.read(ids, 3)
    model = models.from_pretrained(checkpoint, dtype=torch.float32)
    with torch.no_grad():
        wanted = model(torch.tensor([ids])).logits[0, -3:].numpy()
    assert numpy.abs(scores - wanted).max() < 1e-3


@pytest.mark.parametrize("weights", ["int8", "int4"])
def test_fewer_bits_score_nearly_alike(
    weights: Any, checkpoint: Path, tmp_path: Path
) -> None:
    """Linear layers of more than one group of weights are lowered in both formats."""
    import numpy

    from agentkit.backends.executorch_export import export_program

    torch: Any = import_module("torch")
    models: Any = import_module("transformers").AutoModelForCausalLM
    model = models.from_pretrained(checkpoint, dtype=torch.float32)
    assert model.config.hidden_size > 32
    export_program(checkpoint, tmp_path / "x.pte", window=128, weights=weights)
    ids = [7 + at % 90 for at in range(60)]
    reader, _ = logits(tmp_path / "x.pte")
    reader.begin(ids)
    scores = reader.read(ids, 1)[0]
    with torch.no_grad():
        wanted = model(torch.tensor([ids])).logits[0, -1].numpy()
    assert numpy.corrcoef(scores, wanted)[0, 1] > 0.9


def test_what_is_dropped_is_forgotten(program: Path) -> None:
    """A guess that did not stand leaves no trace in what is scored next."""
    import numpy

    reader, _ = logits(program)
    reader.begin([5, 6, 7])
    reader.read([5, 6, 7, 8, 9], 1)
    reader.drop(2)
    assert reader.ids == [5, 6, 7]
    again = reader.read([11], 1)
    fresh, _ = logits(program)
    fresh.begin([5, 6, 7, 11])
    assert numpy.abs(again - fresh.read([5, 6, 7, 11], 1)).max() < 1e-4


def test_what_was_read_stays_for_the_next_prompt(program: Path) -> None:
    """Only what differs from the last prompt is read again."""
    reader, _ = logits(program)
    reader.begin([5, 6, 7, 8])
    reader.read([5, 6, 7, 8], 1)
    assert reader.begin([5, 6, 9, 10]) == 2


@pytest.mark.parametrize("constrain", ["calls", "auto"])
def test_its_calls_are_held(program: Path, asking: Asking, constrain: Any) -> None:
    """Random weights write a call that fits the tools, where only calls are allowed."""
    backend = ExecuTorchBackend(program, max_new_tokens=96, constrain=constrain)
    reply = asyncio.run(ask_backend(backend, asking.request("What is 1 + 2?")))
    assert reply.tokens_in
    assert constrain != "calls" or all(
        one.name in asking.toolset.names for one in reply.calls
    )
    assert backend.traits.window == 2048


def test_it_is_picked_by_name_and_by_its_ending(program: Path) -> None:
    """`executorch:FILE.pte` and AGENTKIT_MODEL=FILE.pte both make it."""
    named, _ = pick_backend(f"executorch:{program}")
    found, why = pick_backend("auto", env={"AGENTKIT_MODEL": str(program)})
    assert (named.name, found.name) == ("executorch", "executorch")
    assert str(program) in why


def test_a_file_that_is_no_program_is_told(tmp_path: Path, asking: Asking) -> None:
    """A missing file, a folder and a damaged one end in one sentence each."""
    pytest.importorskip("executorch", reason="executorch is not installed")
    damaged = tmp_path / "damaged.pte"
    damaged.write_bytes(b"no program at all" * 100)
    for path, said in (
        (tmp_path / "none.pte", "is not there"),
        (tmp_path, "is a folder"),
        (damaged, "cannot be loaded"),
    ):
        backend = ExecuTorchBackend(path)
        with pytest.raises(BackendUnavailable, match=said):
            asyncio.run(ask_backend(backend, asking.request()))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param({"window": 8}, "window must be", id="window"),
        pytest.param({"weights": "int3"}, "weights must be one of", id="weights"),
    ],
)
def test_an_export_says_what_it_cannot_do(
    tmp_path: Path, options: dict[str, Any], said: str
) -> None:
    """A format and a window that are none are refused before anything is loaded."""
    pytest.importorskip("executorch", reason="executorch is not installed")
    from agentkit.backends.executorch_export import export_program

    with pytest.raises(ConfigError, match=said):
        export_program(tmp_path, tmp_path / "x.pte", **options)


def test_what_is_no_checkpoint_is_not_exported(tmp_path: Path) -> None:
    """An empty folder is told as one, and nothing is written."""
    pytest.importorskip("executorch", reason="executorch is not installed")
    from agentkit.backends.executorch_export import export_program

    with pytest.raises(BackendUnavailable, match="cannot be loaded"):
        export_program(tmp_path, tmp_path / "x.pte")
    assert not (tmp_path / "x.pte").exists()
