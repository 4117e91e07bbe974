"""How long agentkit takes to install, and what it takes on the disk.

    python tests/benchmarks/installation.py [EXTRA ...]

Each installation goes into a fresh environment in a temporary folder: the bare one, and
one for each extra (`llama` unless others are named). Wheels only: a package that would
have to be compiled ends it. Without pip's own cache, so that what is measured is what a
new machine does; the time is the package index's and the disk's as well. Targets: `llama`
under 60 s, the bare one at most 48 MB (of 2**20 bytes, as `du -sm` has them).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUIET = ["-qq", "--disable-pip-version-check"]
OPTIONS = [*QUIET, "--no-cache-dir", "--only-binary", ":all:"]


def installed(folder: Path, extra: str) -> float:
    """Install this checkout into a folder; return how many seconds it took."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    what = f"{ROOT}[{extra}]" if extra else str(ROOT)
    python = str(folder / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", *OPTIONS]
    started = time.perf_counter()
    subprocess.run([*pip, what], check=True)
    return time.perf_counter() - started


def disk_size(folder: Path) -> float:
    """Say what a folder takes on the disk in MiB, as `du -sm` does."""
    files = {path.lstat().st_ino: path.lstat().st_blocks for path in folder.rglob("*")}
    return sum(files.values()) * 512 / 2**20


def main() -> None:
    """Install, measure and print one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("extras", nargs="*", default=["llama"])
    for extra in ("", *parser.parse_args().extras):
        with tempfile.TemporaryDirectory() as place:
            seconds = installed(Path(place), extra)
            size = disk_size(Path(place))
        name = f"agentkit-ondevice[{extra}]" if extra else "agentkit-ondevice"
        print(f"{name:32} {seconds:6.1f} s  {size:6.1f} MB on the disk")


if __name__ == "__main__":
    main()
