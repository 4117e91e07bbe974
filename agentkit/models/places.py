"""Where models lie on this device: our own folder, and the hub's cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def models_folder(
    env: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """Return the folder of models and of what is known about them.

    Args:
        env: the environment; `AGENTKIT_MODELS` names the folder itself,
            `XDG_DATA_HOME` and `LOCALAPPDATA` where the platform keeps data.
        platform: as in `sys.platform`.
    """
    own = env.get("AGENTKIT_MODELS", "")
    if own:
        return Path(own).expanduser()
    data = Path(env.get("XDG_DATA_HOME", ""))
    if data.is_absolute():
        return data / "agentkit" / "models"
    if platform == "darwin":
        support = Path.home() / "Library" / "Application Support"
        return support / "agentkit" / "models"
    if platform == "win32" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "agentkit" / "models"
    return Path.home() / ".local" / "share" / "agentkit" / "models"


def hub_cache(env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder where huggingface_hub keeps what it has fetched."""
    if env.get("HF_HUB_CACHE"):
        return Path(env["HF_HUB_CACHE"]).expanduser()
    if env.get("HF_HOME"):
        return Path(env["HF_HOME"]).expanduser() / "hub"
    cache = Path(env.get("XDG_CACHE_HOME", ""))
    root = cache if cache.is_absolute() else Path.home() / ".cache"
    return root / "huggingface" / "hub"
