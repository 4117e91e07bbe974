"""The models on this device: in our folder, noted elsewhere, in the hub's cache."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from agentkit.errors import ConfigError, StoreError
from agentkit.installation.derived import models_folder
from agentkit.models.local import LocalModel, describe, is_model
from agentkit.stores.shared_files import write_json


def hub_cache(env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder where huggingface_hub keeps what it has fetched."""
    if env.get("HF_HUB_CACHE"):
        return Path(env["HF_HUB_CACHE"]).expanduser()
    if env.get("HF_HOME"):
        return Path(env["HF_HOME"]).expanduser() / "hub"
    cache = Path(env.get("XDG_CACHE_HOME", ""))
    root = cache if cache.is_absolute() else Path.home() / ".cache"
    return root / "huggingface" / "hub"


_LISTED = "added.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class ModelRegistry:
    """Lists, finds, adds and removes models.

    A model elsewhere on the disk is only noted: it is neither copied nor, later,
    deleted.

    Attributes:
        folder: where our own models and the notes lie.
    """

    def __init__(
        self, folder: Path | None = None, *, cache: Path | None = None
    ) -> None:
        """Store the folders.

        Args:
            folder: of our own models; the platform's data folder when None.
            cache: the hub's; its usual place when None.
        """
        self.folder = models_folder() if folder is None else folder
        self._cache = hub_cache() if cache is None else cache

    def models(self) -> list[LocalModel]:
        """Return all models, by name."""
        # Of one name the last counts: what the user added wins over the hub's.
        found = {model.name: model for model in self._found()}
        return [found[name] for name in sorted(found)]

    def find(self, name: str, others: Iterable[LocalModel] = ()) -> LocalModel:
        """Return the model of this name, or at this path.

        Args:
            name: as listed, or a path.
            others: further models to look among.

        Raises:
            ConfigError: there is none.
        """
        known = {model.name: model for model in (*others, *self._found())}
        if name in known:
            return known[name]
        path = Path(name).expanduser()
        if is_model(path):
            return describe(path, path.stem, "added")
        close = get_close_matches(name, known, 1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        listed = f" There are: {', '.join(sorted(known))}" if known else ""
        raise ConfigError(
            f"there is no model {name!r}.{hint or listed} `agentkit models add PATH` "
            "adds one"
        )

    def path_of(self, name: str) -> Path | None:
        """Return the path of the model of this name; None when there is none."""
        noted = self._noted().get(name)
        if noted is not None:
            return Path(noted)
        # "../x" is a path and no name.
        if not _NAME.fullmatch(name):
            return None
        own = (self.folder / name, self.folder / f"{name}.gguf")
        return next((path for path in own if is_model(path)), None)

    def add(self, path: Path, name: str = "") -> LocalModel:
        """Note a model that lies elsewhere on the disk.

        Raises:
            ConfigError: it is no model, is damaged, or the name is taken.
            StoreError: the note cannot be written.
        """
        path = path.expanduser().absolute()
        if not is_model(path):
            raise ConfigError(
                f"{path} is no model: give a GGUF file, or a folder with config.json "
                "and .safetensors files"
            )
        name = name or (path.name if path.is_dir() else path.stem)
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"{name!r} is no name for a model: letters, digits, dots, dashes; "
                "give another with --name"
            )
        noted = self._noted()
        # The same file under the same name again is no fault.
        if noted.get(name, str(path)) != str(path) or self._own(name):
            raise ConfigError(f"there is a model {name!r} already; give another --name")
        model = describe(path, name, "added")
        if model.fault:
            raise ConfigError(model.fault)
        self._write({**noted, name: str(path)})
        return model

    def remove(self, model: LocalModel) -> Path | None:
        """Forget a model that was added, or delete one in our own folder.

        Returns:
            What was deleted; None when only a note was.

        Raises:
            ConfigError: it is the hub's or Ollama's, which manage their own.
            StoreError: it cannot be deleted.
        """
        noted = self._noted()
        if model.source == "added" and model.name in noted:
            del noted[model.name]
            self._write(noted)
            return None
        path = Path(model.path)
        # Only what lies in our own folder is ever deleted.
        if model.source != "folder" or path.parent != self.folder:
            told = {
                "hub": "it is in the hub's cache: `hf cache rm` removes it",
                "ollama": f"it is Ollama's: `ollama rm {model.name}` removes it",
            }
            why = told.get(model.source, "it was never added")
            raise ConfigError(f"{model.name} is not removed here: {why}")
        try:
            for file in sorted(path.glob("*")) if path.is_dir() else [path]:
                file.unlink()
            if path.is_dir():
                path.rmdir()
        except OSError as exc:
            raise StoreError(f"{path} cannot be deleted: {exc.strerror}") from exc
        return path

    def _found(self) -> Iterator[LocalModel]:
        for name, path in _cached(self._cache):
            yield describe(path, name, "hub")
        for path in sorted(self.folder.glob("*")):
            if is_model(path):
                name = path.name if path.is_dir() else path.stem
                yield describe(path, name, "folder")
        for name, place in self._noted().items():
            yield describe(Path(place), name, "added")

    def _own(self, name: str) -> bool:
        return any(
            is_model(path)
            for path in (self.folder / name, self.folder / f"{name}.gguf")
        )

    def _noted(self) -> dict[str, str]:
        path = self.folder / _LISTED
        try:
            facts: object = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise StoreError(
                f"{path} cannot be read: mend it, or delete it and add the models again"
            ) from exc
        if not isinstance(facts, dict):
            return {}
        entries = cast(dict[str, Any], facts)
        return {name: str(path) for name, path in entries.items()}

    def _write(self, noted: Mapping[str, str]) -> None:
        write_json(self.folder / _LISTED, dict(sorted(noted.items())))


def _cached(cache: Path) -> Iterator[tuple[str, Path]]:
    """Find the models in the hub's cache: `models--ORG--NAME/snapshots/REVISION`."""
    for folder in sorted(cache.glob("models--*")):
        name = "/".join(folder.name.split("--")[1:])
        for snapshot in sorted((folder / "snapshots").glob("*")):
            if is_model(snapshot):
                yield name, snapshot
            for file in sorted(snapshot.glob("*.gguf")):
                yield f"{name}/{file.stem}", file
