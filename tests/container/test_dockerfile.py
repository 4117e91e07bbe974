"""The Dockerfile builds and serves; its steps are run in a bare Debian root."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.container.debian_root import Builder, make_base, running
from tests.container.dockerfile import Instruction, instructions, is_left_out, stages

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / "Dockerfile").read_text("utf-8")
TOKEN = "a-token-for-the-container"
_GET = (
    "import os, sys, urllib.request as u;"
    "r = u.Request('http://127.0.0.1:8765' + sys.argv[1], data=sys.argv[2].encode() or None,"
    " headers={'Authorization': 'Bearer ' + os.environ['AGENTKIT_TOKEN'],"
    " 'Content-Type': 'application/json'});"
    "print(u.urlopen(r, timeout=300).read().decode())"
)


def test_lines_are_joined_and_comments_left_out() -> None:
    """A continued line is one instruction, also with a comment in between."""
    found = instructions("FROM a\n# b\nRUN one \\\n  # no\n  && two\n\nUSER 7")
    assert found == [
        Instruction("FROM", "a"),
        Instruction("RUN", "one && two"),
        Instruction("USER", "7"),
    ]


def test_an_instruction_that_is_not_known_is_told() -> None:
    """Nothing in the Dockerfile is passed over in silence."""
    with pytest.raises(ValueError, match="'ADD' is an instruction"):
        instructions("FROM a\nADD b c")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('["agentkit", "serve"]', ["agentkit", "serve"]),
        ("agentkit serve", ["/bin/sh", "-c", "agentkit serve"]),
        ('--interval=3s --timeout=5s ["a"]', ["a"]),
    ],
)
def test_commands_have_two_forms(written: str, words: list[str]) -> None:
    """A list is the command itself, anything else goes to a shell."""
    assert Instruction("CMD", written).words() == words


def test_variables_are_filled_in() -> None:
    """ENV reads what was set before."""
    told = Instruction("ENV", "PATH=/opt/bin:$PATH HOME='/a b'")
    assert told.pairs({"PATH": "/bin"}) == {"PATH": "/opt/bin:/bin", "HOME": "/a b"}


def test_a_stage_has_its_name_and_its_base() -> None:
    """Stages are built from one another by name, one without a name by its number."""
    made = stages("FROM x AS a\nRUN b\nFROM a")
    assert [(one.name, one.base) for one in made] == [("a", "x"), ("1", "a")]


@pytest.mark.parametrize(
    ("path", "is_out"),
    [
        ("docs", True),
        ("agentkit/docs", False),
        ("a/b/__pycache__", True),
        (".venv-lock", True),
        ("agentkit", False),
    ],
)
def test_what_dockerignore_leaves_out(path: str, is_out: bool) -> None:
    """A name is one at the top; with `**/` it is one at any depth."""
    patterns = ["docs", "**/__pycache__", ".venv*"]
    assert is_left_out(Path(path), patterns) is is_out


def test_it_runs_as_a_user_without_rights() -> None:
    """Every image of the Dockerfile ends with a user that is not root."""
    made = {stage.name: stage for stage in stages(SOURCE)}

    def user(name: str) -> str:
        if name not in made:
            return "0"
        own = [step.text for step in made[name].steps if step.word == "USER"]
        return own[-1] if own else user(made[name].base)

    assert user(list(made)[-1]) == user("with-model") == "10001"


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Generator[Builder]:
    """What builds its stages, with one base root for all."""
    if not os.environ.get("CONTAINER"):
        pytest.skip("an image is built by `make container`")
    if not shutil.which("debootstrap"):
        pytest.skip("debootstrap is not installed")
    if (
        os.geteuid()
        or subprocess.run(["unshare", "-mn", "true"], check=False).returncode
    ):
        pytest.skip("no disk can be mounted here")
    place = tmp_path_factory.mktemp("roots")
    base = make_base(place / "base")
    yield Builder(stages(SOURCE), ROOT, base, place)
    shutil.rmtree(place)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("target", [stages(SOURCE)[-1].name, "with-model"])
def test_an_image_serves(builder: Builder, target: str, tmp_path: Path) -> None:
    """Its steps build it, it serves from a read-only root as its user, and is healthy."""
    with running(builder.build(target), tmp_path, AGENTKIT_TOKEN=TOKEN) as container:

        def get(path: str, body: str = "") -> str:
            return container.asked(
                "python", "-c", _GET, path, body, AGENTKIT_TOKEN=TOKEN
            )

        container.until_healthy()
        models = [one["id"] for one in json.loads(get("/v1/models"))["data"]]
        assert models == ["assistant", "model"]
        said = {"model": "assistant", "input": "add milk to my shopping list"}
        answer = json.loads(get("/v1/responses", json.dumps(said)))
        # What a small model says is not ours; that it is there and runs is.
        assert answer["agentkit"].get("reason") != "backend_error", answer
        assert ("milk" in str(answer["output"])) or target == "with-model"
        assert container.asked("id", "-u").strip() == "10001"
        with pytest.raises(subprocess.CalledProcessError):
            container.asked("touch", "/home/agentkit/written")
