"""How heavy agentkit is to import and to install: `python tests/benchmarks/footprint.py`.

Measures this checkout: cold imports with the interpreter that runs the script, and
the size of a fresh environment, made in a temporary folder, with the base
dependencies and nothing else. Needs a package index for the second part.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNS = 10
HEAVY = (
    "dateparser",
    "httpx",
    "icalendar",
    "jinja2",
    "openai",
    "pydantic",
    "rich",
    "torch",
    "transformers",
    "typer",
)
STATEMENTS = ("pass", "import agentkit", "from agentkit import Agent, tool")
MEGABYTE = 1_000_000


def main() -> None:
    """Print the figures, one line each."""
    print(f"Python {sys.version.split()[0]}, median of {RUNS} fresh interpreters")
    bare = 0.0
    for statement in STATEMENTS:
        seconds = cold_seconds(statement)
        bare = bare or seconds
        print(
            f"  {statement:35} {seconds * 1000:7.0f} ms"
            f"  {(seconds - bare) * 1000:+7.0f} ms  loads: {loaded(statement)}"
        )
    with tempfile.TemporaryDirectory() as folder:
        print("Installed with base dependencies, pip left out")
        print_sizes(install(Path(folder)))


def cold_seconds(statement: str) -> float:
    """Time a statement in a fresh interpreter, its start included."""
    command = [sys.executable, "-c", statement]
    times: list[float] = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=tempfile.gettempdir())
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def loaded(statement: str) -> str:
    """Name the heavy packages that a statement loads."""
    code = f"{statement}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    modules = set(json.loads(done.stdout))
    return ", ".join(name for name in HEAVY if name in modules) or "none of the heavy"


def install(folder: Path) -> Path:
    """Install this checkout into a fresh environment; return its site-packages."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "-qq", "install", "--disable-pip-version-check"]
    subprocess.run([*pip, str(ROOT)], check=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True
    )
    return Path(done.stdout.strip())


def print_sizes(site: Path) -> None:
    """Print sizes as file bytes and as disk blocks, with and without bytecode."""
    skipped = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
    files = [
        path
        for path in site.rglob("*")
        if path.is_file() and not path.relative_to(site).parts[0].startswith(skipped)
    ]
    weights = [path for path in files if path.suffix == ".npz"]
    source = [path for path in files if path.suffix != ".pyc"]
    print(f"  without .pyc  {sizes(source)}")
    print(f"  with .pyc     {sizes(files)}")
    print(f"  own weights   {sizes(weights)}")
    for name, group in sorted(
        by_package(site, files), key=lambda item: -total(item[1])
    ):
        if total(group) >= MEGABYTE / 2:
            print(f"    {name:30} {total(group) / MEGABYTE:6.1f} MB with .pyc")


def by_package(site: Path, files: Iterable[Path]) -> list[tuple[str, list[Path]]]:
    """Group files by their top folder."""
    groups: dict[str, list[Path]] = {}
    for path in files:
        groups.setdefault(path.relative_to(site).parts[0], []).append(path)
    return list(groups.items())


def total(files: Iterable[Path]) -> int:
    """Sum file sizes, in bytes."""
    return sum(path.stat().st_size for path in files)


def sizes(files: list[Path]) -> str:
    """Say how large files are in bytes and in disk blocks of 512 bytes."""
    blocks = sum(path.stat().st_blocks * 512 for path in files)
    return f"{total(files) / MEGABYTE:6.1f} MB files  {blocks / MEGABYTE:6.1f} MB disk"


if __name__ == "__main__":
    main()
