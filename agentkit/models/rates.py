"""How fast models run on this device: measured once, and kept."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from agentkit.installation.derived import models_folder
from agentkit.models.local import LocalModel, describe
from agentkit.stores.shared_files import write_json

_FILE = "rates.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How fast a model runs on this device.

    Attributes:
        reads: prompt tokens a second.
        writes: answer tokens a second.
        measured: when, as an ISO 8601 time.
        device: where: another processor is measured anew.
    """

    reads: float
    writes: float
    measured: str = ""
    device: str = ""

    def seconds(self, tokens_in: int, tokens_out: int) -> float:
        """Estimate how long a request takes."""
        return tokens_in / self.reads + tokens_out / self.writes


def device_rates(
    model: LocalModel | str | Path, *, folder: Path | None = None
) -> Rates | None:
    """Return the kept measurement of a model on this device; None if none.

    Args:
        model: a model, or the path of a GGUF file or checkpoint.
        folder: where measurements are kept; the models folder when None.
    """
    if not isinstance(model, LocalModel):
        path = Path(model).expanduser()
        if not path.exists():
            return None
        # By what the file is and not where: a model that was moved keeps its
        # measurement.
        model = describe(path, path.stem, "added")
    kept = _kept(folder).get(model.fingerprint)
    if not isinstance(kept, dict):
        return None
    facts = cast(dict[str, Any], kept)
    try:
        rates = Rates(
            reads=float(facts["reads"]),
            writes=float(facts["writes"]),
            measured=str(facts["measured"]),
            device=str(facts["device"]),
        )
    except (KeyError, ValueError, TypeError):
        return None
    usable = rates.reads > 0 and rates.writes > 0
    return rates if usable and rates.device == this_device() else None


def keep_rates(
    model: LocalModel, reads: float, writes: float, *, folder: Path | None = None
) -> Rates:
    """Keep a measurement.

    Args:
        model: what was measured.
        reads: prompt tokens a second.
        writes: answer tokens a second.
        folder: where measurements are kept; the models folder when None.

    Raises:
        StoreError: it cannot be written.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    rates = Rates(reads=reads, writes=writes, measured=now, device=this_device())
    kept = {**_kept(folder), model.fingerprint: asdict(rates)}
    write_json((folder or models_folder()) / _FILE, kept)
    return rates


def this_device() -> str:
    """Return a name for this device, by what decides its speed."""
    return f"{platform.node()} {platform.machine()} {platform.processor()}".strip()


def _kept(folder: Path | None) -> dict[str, Any]:
    """Read the measurements; a damaged file counts as none."""
    try:
        facts: object = json.loads(
            ((folder or models_folder()) / _FILE).read_text("utf-8")
        )
    except (OSError, ValueError):
        return {}
    return cast(dict[str, Any], facts) if isinstance(facts, dict) else {}
