"""A process that has run tools may fork: the child runs them too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FORK = """
import os, sys, threading
from pathlib import Path
from agentkit import Agent, Context, ToolCall, Toolset, tool
from agentkit.backends import Reply, ScriptedBackend
from agentkit_tools._store.files import locked
from agentkit_tools.lists import add_to_list

def put(item):
    call = Reply(calls=(ToolCall("add_to_list", {"item": item}),))
    backend = ScriptedBackend([call, "done"])
    context = Context(home=Path(sys.argv[1]))
    agent = Agent(Toolset([add_to_list]), backend=backend, context=context)
    return agent.run(f"put {item} on my list")

put("before")
held, done = threading.Event(), threading.Event()
def hold():
    with locked(Path(sys.argv[1])):
        held.set()
        done.wait()
other = threading.Thread(target=hold)
if len(sys.argv) > 2:
    other.start()
    held.wait()
child = os.fork()
if not child:
    done.set()
    print(type(put("in the child")).__name__, flush=True)
    os._exit(0)
done.set()
if len(sys.argv) > 2:
    other.join()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(type(put("after")).__name__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("more", [[], ["held"]], ids=["idle", "a lock is held"])
def test_a_child_runs_tools(more: list[str], tmp_path: Path) -> None:
    """Threads and locks of the parent are not the child's."""
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, str(tmp_path), *more],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert found.stdout.split() == ["Done", "0", "Done"], found.stderr
