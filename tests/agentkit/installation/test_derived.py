"""What is kept of the code: made once, recalled, and made anew when in doubt."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agentkit.installation.derived import cache_folder, derived, installed

_ASK = """
import json, sys, time
from pathlib import Path
from agentkit.installation.derived import derived

key, source, before = sys.argv[1:]
if before:
    Path(source).write_text(before)
made = []
found = derived("t", key, [Path(source)], lambda: made.append(1) or [key] * 20_000)
print(json.dumps([bool(made), found == [key] * 20_000]))
"""
MADE, RECALLED = [True, True], [False, True]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that things are kept in, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "agentkit" / "derived"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file that something follows from."""
    path = tmp_path / "tool.py"
    path.write_text("a = 1\n")
    return path


def ask(source: Path, key: str = "k", before: str = "") -> list[bool]:
    """Ask in a process of its own: whether it was made anew, and whether it is right."""
    ran = subprocess.run(
        [sys.executable, "-c", _ASK, key, str(source), before],
        capture_output=True,
        text=True,
        check=True,
    )
    answer: list[bool] = json.loads(ran.stdout)
    return answer


@pytest.mark.usefixtures("kept")
def test_it_is_made_once(source: Path) -> None:
    """What was made is recalled by the next process."""
    assert [ask(source), ask(source)] == [MADE, RECALLED]


@pytest.mark.usefixtures("kept")
def test_another_key_is_another_thing(source: Path) -> None:
    """Each key has its own."""
    assert [ask(source), ask(source, "other"), ask(source)] == [MADE, MADE, RECALLED]


@pytest.mark.usefixtures("kept")
def test_a_changed_source_makes_it_anew(source: Path) -> None:
    """An edit of the same length is seen too."""
    ask(source)
    source.write_text("a = 2\n")
    assert ask(source) == MADE


@pytest.mark.usefixtures("kept")
def test_a_folder_is_a_source_with_all_below_it(tmp_path: Path) -> None:
    """A new file below counts; bytecode, which Python writes by itself, does not."""
    folder = tmp_path / "pack" / "inner"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("one")
    ask(folder.parent)
    (folder / "__pycache__").mkdir()
    assert ask(folder.parent) == RECALLED
    (folder / "b.txt").write_text("two")
    assert ask(folder.parent) == MADE


@pytest.mark.usefixtures("kept")
def test_code_that_is_younger_than_the_process_is_not_kept(source: Path) -> None:
    """A process may still run what stood there before it was edited."""
    assert ask(source, before="a = 3\n") == MADE
    assert ask(source) == MADE


def _foreign(path: Path) -> None:
    os.chown(path, os.geteuid() + 1, -1)


def _link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _head(path: Path, **facts: object) -> None:
    head, body = path.read_text("utf-8").split("\n")
    path.write_text(f"{json.dumps({**json.loads(head), **facts})}\n{body}", "utf-8")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a changed byte": lambda path: path.write_bytes(
        path.read_bytes().replace(b'"k"', b'"j"', 1)
    ),
    "empty": lambda path: path.write_bytes(b""),
    "no JSON": lambda path: path.write_text("import os"),
    "no text": lambda path: path.write_bytes(b"\x80\x04\x95"),
    "of another key": lambda path: _head(path, of="0" * 64),
    "of another format": lambda path: _head(path, format=2),
    "a link": _link,
    "a folder": _folder,
    "others may write it": lambda path: path.chmod(0o622),
    "somebody else's": _foreign,
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_file_in_doubt_is_made_anew(
    kept: Path, source: Path, damage: Callable[[Path], object]
) -> None:
    """What is damaged, foreign or open to others is not read, and is replaced."""
    if damage is _foreign and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    ask(source)
    (path,) = kept.iterdir()
    damage(path)
    assert ask(source) == MADE
    assert ask(source) == (MADE if damage is _folder else RECALLED)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_it_is_the_owners_alone(kept: Path, source: Path) -> None:
    """Nobody else can read or write the file or the folder."""
    ask(source)
    (path,) = kept.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


def test_the_oldest_make_room(kept: Path, source: Path) -> None:
    """A few are kept of each kind, the newest."""
    for key in range(12):
        derived("t", key, [], lambda: 0)
    newest = set(kept.iterdir())
    derived("t", "one more", [], lambda: 0)
    assert len(newest) == len(list(kept.iterdir())) == 8


def test_a_folder_that_cannot_be_made_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a cache folder it is made each time."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert [derived("t", 1, [], lambda: 7) for _ in range(2)] == [7, 7]


def test_processes_at_once_do_not_disturb_each_other(kept: Path, source: Path) -> None:
    """Each reads a whole file or makes its own, and one file is left."""
    command = [sys.executable, "-c", _ASK, "k", str(source), ""]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    assert [one.communicate()[0].split()[1] for one in running] == ["true]"] * 6
    assert len(list(kept.iterdir())) == 1
    assert ask(source) == RECALLED


def test_an_installed_version_tells_installations_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that is installed, upgraded or registers more makes another state."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    states = [installed()]
    facts = tmp_path / "play-1.0.dist-info"
    facts.mkdir()
    states.append(installed())
    facts.rename(tmp_path / "play-1.1.dist-info")
    states.append(installed())
    (tmp_path / "play-1.1.dist-info" / "entry_points.txt").write_text(
        "[agentkit.tools]"
    )
    states.append(installed())
    assert len(set(states)) == 4
    assert installed() == states[-1]


@pytest.mark.parametrize(
    ("env", "platform", "ending"),
    [
        pytest.param({"XDG_CACHE_HOME": "/c"}, "linux", "/c/agentkit", id="XDG"),
        pytest.param({"XDG_CACHE_HOME": "c"}, "linux", ".cache/agentkit", id="no path"),
        pytest.param({}, "linux", ".cache/agentkit", id="linux"),
        pytest.param({}, "darwin", "Library/Caches/agentkit", id="mac"),
        pytest.param(
            {"LOCALAPPDATA": "/app"}, "win32", "/app/agentkit/cache", id="windows"
        ),
    ],
)
def test_cache_folder(env: dict[str, str], platform: str, ending: str) -> None:
    """The folder is where the platform keeps what can be made again."""
    assert cache_folder(env, platform).as_posix().endswith(ending)
