"""The documentation is true: blocks run, commands exist, links lead somewhere.

A file's ```python blocks run in order in one module, in a folder of their own. An
```output block is what the block before it prints. A block whose first line is
`# NAME.py` is also saved under that name, for commands that follow.
"""

from __future__ import annotations

import re
import shlex
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from agentkit.cli.app import app
from agentkit.errors import MissingPackage
from tests.reference_pages import PAGES, pages

ROOT = Path(__file__).parent.parent
FILES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
    if (ROOT / name).is_file()
] + sorted((ROOT / "docs").rglob("*.md"))
_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_SAVED = re.compile(r"# (\w+\.py)\n")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it starts at."""

    language: str
    text: str
    line: int


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _blocks(path: Path) -> list[Block]:
    source = path.read_text("utf-8")
    return [
        Block(found[1], found[2], source.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(source)
    ]


def _with(language: str) -> list[Path]:
    return [
        path for path in FILES if any(b.language == language for b in _blocks(path))
    ]


@pytest.mark.parametrize("path", _with("python"), ids=_name)
def test_python_blocks_run(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each Python block runs offline, and prints what the page says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("AGENTKIT_HOME", "AGENTKIT_MODEL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(variable, raising=False)
    module = types.ModuleType(f"docs_{path.stem.replace('-', '_')}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for block in _blocks(path):
        if block.language == "python":
            capsys.readouterr()
            _run(block, path, module)
        elif block.language == "output":
            assert capsys.readouterr().out == block.text, f"{path.name}:{block.line}"


def _run(block: Block, path: Path, module: types.ModuleType) -> None:
    saved = _SAVED.match(block.text)
    if saved:
        Path(saved[1]).write_text(block.text, "utf-8")
    code = compile("\n" * block.line + block.text, _name(path), "exec")
    try:
        exec(code, vars(module))
    except MissingPackage as exc:
        pytest.skip(f"{path.name} needs more than is installed: {exc}")


def _commands() -> Iterator[tuple[str, list[str]]]:
    for path in FILES:
        for block in _blocks(path):
            if block.language != "console":
                continue
            text = block.text.replace("\\\n", " ")
            for row in text.splitlines():
                words = row.removeprefix("$ ").split(" #")[0]
                if row.startswith("$ ") and words.startswith(("agentkit", "make ")):
                    yield f"{path.name}: {words}", shlex.split(words)


@pytest.mark.parametrize(
    "words", [pytest.param(words, id=name) for name, words in _commands()]
)
def test_commands_exist(words: list[str]) -> None:
    """Each command of a console block exists, its options too."""
    if words[0] == "make":
        makefile = (ROOT / "Makefile").read_text("utf-8")
        targets = [word for word in words[1:] if "=" not in word]
        assert all(re.search(rf"^{word}:", makefile, re.M) for word in targets)
        return
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and hasattr(command, "commands"):
        if rest[0] == "--help":
            return
        assert rest[0] in command.commands
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    used = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert used <= known | {"--help"}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    """Each link inside the project names a file, and a heading in it."""
    source = _FENCE.sub("", path.read_text("utf-8"))
    for link in _LINK.findall(source):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{path.name}: {link}"
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.M)
            assert anchor in map(_slug, headings), f"{path.name}: {link}"


def test_every_page_is_on_the_map() -> None:
    """docs/index.md links to every page; the list of classes to those of classes."""
    index = ROOT / "docs" / "index.md"
    linked = {
        (page.parent / link).resolve()
        for page in (index, PAGES / "api" / "index.md")
        for link in _LINK.findall(page.read_text("utf-8"))
        if "://" not in link
    }
    assert {path for path in FILES if index.parent in path.parents} - {index} <= linked


def test_the_pages_of_classes_are_current() -> None:
    """Each public class has its page, and it says what the code says."""
    folder = PAGES / "api"
    found = {path: text for path, text in pages().items() if path.parent == folder}
    assert set(folder.glob("*.md")) == set(found)
    stale = [path.name for path, text in found.items() if path.read_text() != text]
    assert stale == [], "run python -m tests.reference_pages"


@pytest.mark.parametrize("name", ["cli.md", "bundled-tools.md", "stop-reasons.md"])
def test_generated_pages_are_current(name: str) -> None:
    """Generated pages are what `python -m tests.reference_pages` writes."""
    path = PAGES / name
    written = path.read_text("utf-8")
    assert written == pages()[path], "run python -m tests.reference_pages"
