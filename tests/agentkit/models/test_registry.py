from __future__ import annotations

import struct
from pathlib import Path

import pytest

from agentkit.errors import ConfigError, StoreError
from agentkit.installation.derived import models_folder
from agentkit.models import (
    LocalModel,
    ModelRegistry,
    Rates,
    describe,
    device_rates,
    keep_rates,
)
from agentkit.models.registry import hub_cache
from tests.agentkit.models.files import make_folder, make_gguf


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "own", cache=tmp_path / "hub")


def test_gguf_is_described(tmp_path: Path) -> None:
    """A GGUF file says what it is, and what runs it."""
    path = make_gguf(tmp_path / "x.gguf")
    model = describe(path, "x", "added")
    assert (model.kind, model.quantisation, model.window) == ("gguf", "Q4_0", 2048)
    assert (model.parameters, model.backend) == (136, f"llama_cpp:{path}")


def test_checkpoint_is_described(tmp_path: Path) -> None:
    """A checkpoint's config and weight files say what it is."""
    path = make_folder(tmp_path / "llama")
    model = describe(path, "llama", "folder")
    assert (model.kind, model.quantisation) == ("checkpoint", "bfloat16")
    assert (model.parameters, model.window) == (32, 4096)
    assert model.backend == f"transformers:{path}"


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("[]", id="no object"),
        pytest.param("3", id="a number"),
        pytest.param('{"shape": 4}', id="no list"),
        pytest.param('{"shape": ["a"]}', id="no numbers"),
        pytest.param('{"shape": [null]}', id="nothing"),
    ],
)
def test_weights_of_another_form_have_no_count(tmp_path: Path, entry: str) -> None:
    """A header that is JSON and not the format's is described without a count."""
    path = make_folder(tmp_path / "llama")
    header = f'{{"w": {entry}}}'.encode()
    weights = struct.pack("<Q", len(header)) + header
    (path / "model.safetensors").write_bytes(weights)
    assert describe(path, "llama", "folder").parameters == 0


def test_damaged_file_is_listed_with_its_fault(registry: ModelRegistry) -> None:
    """A damaged file in the folder hides no others and says what it lacks."""
    make_gguf(registry.folder / "good.gguf")
    (registry.folder / "bad.gguf").write_bytes(b"GGUF")
    bad, good = registry.models()
    assert (good.name, good.fault) == ("good", "")
    assert "ends in its own header" in bad.fault


def test_all_places_are_listed(registry: ModelRegistry, tmp_path: Path) -> None:
    """Own models, noted ones and the hub's stand in one list."""
    make_gguf(registry.folder / "own.gguf")
    snapshot = tmp_path / "hub" / "models--meta-llama--Llama-3.2-1B" / "snapshots" / "f"
    make_folder(snapshot)
    make_gguf(snapshot.parent / "g" / "small-Q4_0.gguf")
    registry.add(make_gguf(tmp_path / "elsewhere.gguf"), "mine")
    assert [(one.name, one.source) for one in registry.models()] == [
        ("meta-llama/Llama-3.2-1B", "hub"),
        ("meta-llama/Llama-3.2-1B/small-Q4_0", "hub"),
        ("mine", "added"),
        ("own", "folder"),
    ]


def test_added_path_is_only_noted(registry: ModelRegistry, tmp_path: Path) -> None:
    """A path is linked by name; removing it leaves the file."""
    path = make_gguf(tmp_path / "big.gguf")
    model = registry.add(path)
    assert registry.path_of("big") == path
    assert registry.remove(model) is None
    assert path.is_file()
    assert registry.models() == []


def test_own_file_is_deleted(registry: ModelRegistry) -> None:
    """A file and a folder of our own place are deleted."""
    make_gguf(registry.folder / "own.gguf")
    make_folder(registry.folder / "llama")
    for model in registry.models():
        assert registry.remove(model) == Path(model.path)
    assert list(registry.folder.iterdir()) == []


@pytest.mark.parametrize("source", ["hub", "ollama"])
def test_others_models_are_left_to_them(
    registry: ModelRegistry, tmp_path: Path, source: str
) -> None:
    """What the hub's cache or Ollama manages is not deleted behind their back."""
    path = make_gguf(tmp_path / "x.gguf")
    model = LocalModel(name="x", kind="gguf", source=source, path=str(path))  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="removes it"):
        registry.remove(model)
    assert path.is_file()


def test_noted_path_outside_is_never_deleted(
    registry: ModelRegistry, tmp_path: Path
) -> None:
    """A model that claims to be our own but lies elsewhere is refused."""
    path = make_gguf(tmp_path / "x.gguf")
    model = LocalModel(name="x", kind="gguf", source="folder", path=str(path))
    with pytest.raises(ConfigError, match="never added"):
        registry.remove(model)
    assert path.is_file()


def test_name_that_is_taken(registry: ModelRegistry, tmp_path: Path) -> None:
    """Two models of one name are refused; the same path again is not."""
    path = make_gguf(tmp_path / "x.gguf")
    registry.add(path)
    registry.add(path)
    with pytest.raises(ConfigError, match="there is a model 'x' already"):
        registry.add(make_gguf(tmp_path / "y.gguf"), "x")


@pytest.mark.parametrize("name", ["../x", ".hidden", "a b", "x/y"])
def test_name_that_is_a_path(
    registry: ModelRegistry, tmp_path: Path, name: str
) -> None:
    """Names are plain: none leads out of the folder."""
    with pytest.raises(ConfigError, match="is no name for a model"):
        registry.add(make_gguf(tmp_path / "x.gguf"), name)
    assert registry.path_of(name) is None


def test_adding_what_is_no_model(registry: ModelRegistry, tmp_path: Path) -> None:
    """Other files, empty folders and damaged models are refused in words."""
    (tmp_path / "notes.txt").write_text("hi")
    for path in (tmp_path / "notes.txt", tmp_path, tmp_path / "none.gguf"):
        with pytest.raises(ConfigError, match="is no model: give a GGUF file"):
            registry.add(path)
    (tmp_path / "bad.gguf").write_bytes(b"GGUF")
    with pytest.raises(ConfigError, match="is a damaged GGUF file"):
        registry.add(tmp_path / "bad.gguf")


def test_unknown_name(registry: ModelRegistry) -> None:
    """A name with a slip gets a suggestion."""
    make_gguf(registry.folder / "small.gguf")
    with pytest.raises(ConfigError, match="Did you mean 'small'"):
        registry.find("smal")


def test_damaged_notes(registry: ModelRegistry) -> None:
    """A damaged list is not overwritten."""
    registry.folder.mkdir(parents=True)
    (registry.folder / "added.json").write_text("{")
    with pytest.raises(StoreError, match="mend it, or delete it"):
        registry.models()


@pytest.mark.parametrize(
    ("env", "platform", "end"),
    [
        ({"AGENTKIT_MODELS": "/m"}, "linux", "/m"),
        ({"XDG_DATA_HOME": "/d"}, "linux", "/d/agentkit/models"),
        ({"XDG_DATA_HOME": "d"}, "linux", "/.local/share/agentkit/models"),
        ({}, "darwin", "/Library/Application Support/agentkit/models"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/agentkit/models"),
    ],
)
def test_folder_of_the_platform(env: dict[str, str], platform: str, end: str) -> None:
    """Models lie where the platform keeps data."""
    assert models_folder(env, platform).as_posix().endswith(end)


@pytest.mark.parametrize(
    ("env", "end"),
    [
        ({"HF_HUB_CACHE": "/c"}, "/c"),
        ({"HF_HOME": "/h"}, "/h/hub"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/huggingface/hub"),
        ({}, "/.cache/huggingface/hub"),
    ],
)
def test_cache_of_the_hub(env: dict[str, str], end: str) -> None:
    """The hub's cache is found where huggingface_hub has it."""
    assert hub_cache(env).as_posix().endswith(end)


def test_rates_are_kept_by_content(tmp_path: Path) -> None:
    """A measurement is found again, wherever the file is moved to."""
    path = make_gguf(tmp_path / "x.gguf")
    keep_rates(describe(path, "x", "added"), 90.0, 20.0, folder=tmp_path)
    moved = path.rename(tmp_path / "y.gguf")
    rates = device_rates(moved, folder=tmp_path)
    assert rates is not None
    assert (rates.reads, rates.writes, rates.seconds(900, 20)) == (90.0, 20.0, 11.0)


def test_nothing_measured(tmp_path: Path) -> None:
    """A model that was not measured, or is not there, has no rates."""
    path = make_gguf(tmp_path / "x.gguf")
    assert device_rates(path, folder=tmp_path) is None
    assert device_rates(tmp_path / "none", folder=tmp_path) is None


@pytest.mark.parametrize(
    "spoilt", ["{", "[]", '{"%s": 3}', '{"%s": {"reads": "x"}}', '{"%s": {"reads": 0}}']
)
def test_damaged_measurements_are_none(tmp_path: Path, spoilt: str) -> None:
    """A damaged file counts as nothing measured."""
    model = describe(make_gguf(tmp_path / "x.gguf"), "x", "added")
    (tmp_path / "rates.json").write_text(spoilt.replace("%s", model.fingerprint))
    assert device_rates(model, folder=tmp_path) is None


def test_another_device_is_measured_anew(tmp_path: Path) -> None:
    """Rates that another machine wrote into a shared folder do not count here."""
    model = describe(make_gguf(tmp_path / "x.gguf"), "x", "added")
    keep_rates(model, 1.0, 1.0, folder=tmp_path)
    path = tmp_path / "rates.json"
    path.write_text(path.read_text().replace('"device": "', '"device": "other '))
    assert device_rates(model, folder=tmp_path) is None


def test_rates_estimate_a_request() -> None:
    """Reading and writing add up."""
    assert Rates(reads=100, writes=10).seconds(1500, 50) == 20.0
