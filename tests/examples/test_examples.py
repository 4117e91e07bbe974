import subprocess
import sys
from pathlib import Path

import pytest

from agentkit import Agent, Context, Done
from agentkit.backends import ReflexBackend, ScriptedBackend
from agentkit.discovery import tools_of_file

EXAMPLES = Path(__file__).parents[2] / "examples"
SAYS = {
    "approvals": ["Send to Bob: 'Lunch?' -> no", "Outbox: ['Ann: Lunch?']"],
    "custom_tools": [],
    "quickstart": ["522 miles away. [reflex]", "Paris is 880 km away. [scripted, 3"],
    "stream_events": ["temperature{'city': 'Oslo'} = -3", "done after 2 steps"],
}


def test_every_example_is_tested() -> None:
    """No example can be added without saying what it must print."""
    assert sorted(SAYS) == sorted(path.stem for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", SAYS)
def test_example_runs_offline(name: str, tmp_path: Path) -> None:
    """Each example runs by itself, without a model, and says what it should."""
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        timeout=600,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for words in SAYS[name]:
        assert words in done.stdout


def test_custom_tools_by_rules(tmp_path: Path) -> None:
    """The example's own tools are loaded from the file and served without a model."""
    tools = tools_of_file(EXAMPLES / "custom_tools.py")
    agent = Agent(tools, ReflexBackend(), context=Context(home=tmp_path))
    outcome = agent.run("Dim the kitchen lamp to 40 percent")
    assert isinstance(outcome, Done)
    assert outcome.text == "The kitchen lamp is at 40 percent."
    assert (tmp_path / "lamps" / "kitchen.txt").read_text() == "40"


def test_custom_tools_tell_the_model(tmp_path: Path) -> None:
    """What the example's tools cannot do is told, and the run goes on."""
    tools = tools_of_file(EXAMPLES / "custom_tools.py")
    script = ['[get_lamp(room="attic")]', '[get_lamp(room="office")]', "Sorry."]
    agent = Agent(tools, ScriptedBackend(script), context=Context(home=tmp_path))
    results = agent.run("Is the light on?").calls
    assert [result.status for result in results] == ["error", "error"]
    assert "nobody has set the office lamp" in results[1].value
