"""How a copy is installed, and the hints that say how to add to it."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentkit.errors import MissingPackage
from agentkit.installation.distribution import (
    EXTRAS,
    NAME,
    Registration,
    find_installation,
    install_command,
    registered,
    this_installation,
)

ROOT = Path(__file__).parents[3]
_PLACES = (
    ".ci", "agentkit", "docs", "examples", "prompts", "tests", "tools",
    "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "README.md", "pyproject.toml",
)  # fmt: skip
_STRANGERS = re.compile(
    r"agentkit\["  # an extra of somebody else's
    r"|\b(?:pip3?|pipx|uv) (?:pip )?(?:install|add|run)\b[^\n`]*[ '\"]agentkit(?![\w.-])"
    r"|['\"]agentkit ?(?:[<>=~!]=|@|[<>])"  # a requirement
    r"|\b(?:distribution|metadata|requires|version)\((['\"])agentkit\1"
)
_EXTRA = re.compile(rf"['\"](?:\.|{NAME})\[(?P<names>[\w, -]+)\]['\"]")


def _texts() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each file of the project's own."""
    for place in _PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                name = file.relative_to(ROOT).as_posix()
                yield name, file.read_text("utf-8", errors="replace")


def _checkout(folder: Path, name: str = NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = f'[project]\nname = "{name}"\nversion = "7.8"\n'
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return folder


def test_a_checkout_is_added_to_in_its_folder(tmp_path: Path) -> None:
    """The hint names the folder where pip is to be run."""
    copy = find_installation(_checkout(tmp_path))
    told = f"pip install -e '.[llama]' in {tmp_path}"
    assert copy.command("numpy", "llama") == told
    assert copy.version == "7.8"


@pytest.mark.parametrize(
    "text",
    [
        None,
        '[project]\nname = "other"\n',
        "[tool.x]\n",
        "[project",
        "\x00",
        "project = 1",
    ],
    ids=["none", "of another", "no project", "damaged", "binary", "no table"],
)
def test_a_wheel_is_added_to_by_the_name_of_the_distribution(
    tmp_path: Path, text: str | None
) -> None:
    """A folder that is not our source is taken for the place of a wheel."""
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    command = find_installation(tmp_path).command("numpy", "llama")
    assert command == "pip install 'agentkit-ondevice[llama]'"


@pytest.mark.parametrize("extra", ["", "nonsense"])
@pytest.mark.parametrize("checkout", [True, False])
def test_a_package_that_no_extra_brings_is_named_itself(
    tmp_path: Path, extra: str, checkout: bool
) -> None:
    """No extra is named that agentkit does not have."""
    copy = find_installation(_checkout(tmp_path) if checkout else tmp_path)
    assert copy.command("torchtune", extra) == "pip install torchtune"


def test_a_missing_package_says_how_this_copy_is_added_to() -> None:
    """The error has the command for the copy that runs."""
    told = str(MissingPackage("openai", "openai", "The openai backend"))
    hint = this_installation().adding("openai")
    assert told == f"The openai backend needs the package 'openai': {hint}"
    assert hint == install_command("openai", "openai")


def test_the_extras_are_those_of_the_project() -> None:
    """Each extra has its few words, and none has words in vain."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(EXTRAS) == set(project["optional-dependencies"])
    assert project["name"] == NAME


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("pip install @", True),
        ("pip install '@[llama]'", True),
        ('pip install -U "@[llama,openai]"', True),
        ("uv pip install -c constraints.txt @", True),
        ("uv add @", True),
        ("pipx install @", True),
        ("the extra `@[search]`", True),
        ('dependencies = ["@>=0.1"]', True),
        ("version('@')", True),
        ("pip install '@-ondevice[llama]'", False),
        ("pip install -e '.[llama]'", False),
        ("pip uninstall @", False),
        ("import @", False),
        ("@ run 'install it'", False),
    ],
)
def test_what_names_a_strangers_package(text: str, wrong: bool) -> None:
    """A hint with the bare name is found, in whatever words; others pass."""
    assert bool(_STRANGERS.search(text.replace("@", "agentkit"))) is wrong


def test_nothing_names_a_strangers_package() -> None:
    """No page, message, test or setting would install somebody else's package."""
    found = [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for name, text in _texts()
        for hit in _STRANGERS.finditer(text)
    ]
    assert found == []


def test_every_extra_that_is_named_exists() -> None:
    """Pages, tests and the Makefile name extras of the project only."""
    named = {
        extra.strip()
        for _, text in _texts()
        for hit in _EXTRA.finditer(text)
        for extra in hit["names"].split(",")
    }
    assert "llama" in named
    assert named <= set(EXTRAS)


def test_hints_are_worded_in_one_place() -> None:
    """No other module of the packages says how to install something."""
    places = ("agentkit/", "tools/", "prompts/")
    sayers = [
        name
        for name, text in _texts()
        if name.startswith(places) and re.search(r"\bpip3? (un)?install", text)
    ]
    assert sayers == ["agentkit/installation/distribution.py"]


def test_a_part_that_two_distributions_register_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout installed under two names has each tool once."""
    for name in ("old_name", "new_name"):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        points = "[agentkit.parrots]\npolly = json:loads\n"
        (folder / "entry_points.txt").write_text(points, "utf-8")
        told = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        (folder / "METADATA").write_text(told, "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (one,) = registered("agentkit.parrots")
    assert one == Registration("agentkit.parrots", "polly", "json:loads")
    assert callable(one.load())
