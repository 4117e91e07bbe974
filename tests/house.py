"""What the house is like: modules, rooms, circles, names, comments, a request's way.

`python -m tests.house` prints the figures. Frames are calls of Python functions of
agentkit and its tools in one warm run; they count work without a clock.
"""

from __future__ import annotations

import ast
import io
import statistics
import sys
import tempfile
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCES = {
    "agentkit": ROOT / "agentkit",
    "agentkit_tools": ROOT / "tools" / "agentkit_tools",
    "agentkit_prompts": ROOT / "prompts" / "agentkit_prompts",
}
_PRAGMAS = ("type:", "noqa", "fmt:", "pyright:", "pragma", "!")


@dataclass(frozen=True, slots=True)
class Module:
    """A module: where it stands, and whom it imports where."""

    name: str
    path: Path
    tree: ast.Module
    imports: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    @property
    def room(self) -> str:
        """The folder or file at the top of its package."""
        return ".".join(self.name.split(".")[:2])


def modules() -> list[Module]:
    """Read every module of the three packages, with what each imports of them."""
    found = [
        Module(_name(path, folder), path, ast.parse(path.read_text("utf-8")))
        for folder in SOURCES.values()
        for path in sorted(folder.rglob("*.py"))
    ]
    names = {one.name for one in found}
    for one in found:
        for kind, target in _imports(one.tree):
            for name in (target, target.rpartition(".")[0]):
                if name in names and name != one.name:
                    one.imports.setdefault(kind, set()).add(name)
                    break
    return found


def _name(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Every import as (top, inside or checking; module or module.name)."""
    stack: list[tuple[ast.AST, str]] = [(node, "top") for node in tree.body]
    while stack:
        node, kind = stack.pop()
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((kind, f"{node.module}.{one.name}") for one in node.names)
        elif isinstance(node, ast.Import):
            yield from ((kind, one.name) for one in node.names)
        inner = kind
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            inner = "checking"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = "inside"
        stack += [(child, inner) for child in ast.iter_child_nodes(node)]


def circles(found: list[Module], kinds: tuple[str, ...]) -> list[list[str]]:
    """Return the groups of modules that reach one another by imports of these kinds."""
    reach: dict[str, set[str]] = {
        one.name: set().union(*(one.imports.get(kind, set()) for kind in kinds))
        for one in found
        # A face re-exports what it loads at first use; that is no way in.
        if one.path.name != "__init__.py"
    }
    for name, near in reach.items():
        reach[name] = {one for one in near if one in reach}
    return [group for group in _strongly_connected(reach) if len(group) > 1]


def _strongly_connected(graph: dict[str, set[str]]) -> list[list[str]]:
    """Peel off what has no way in or out until only circles are left."""
    left = {name: set(near) for name, near in graph.items()}
    while True:
        reached = {one for near in left.values() for one in near}
        ends = {name for name, near in left.items() if not near or name not in reached}
        if not ends:
            break
        left = {n: near - ends for n, near in left.items() if n not in ends}
    return [sorted(left)] if left else []


def comment_share(found: list[Module]) -> float:
    """Return the comments, those to tools aside, in a hundred lines."""
    comments = lines = 0
    for one in found:
        text = one.path.read_text("utf-8")
        lines += text.count("\n")
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            said = token.string.lstrip("# ")
            if token.type == tokenize.COMMENT and not said.startswith(_PRAGMAS):
                comments += 1
    return 100 * comments / lines


def names_twice(found: list[Module]) -> list[str]:
    """Return file names that stand in two rooms, the files of commands aside."""
    places = defaultdict[str, list[str]](list)
    for one in found:
        if one.path.name != "__init__.py" and ".cli." not in one.name:
            places[one.path.stem].append(one.name)
    return sorted(name for name, at in places.items() if len(at) > 1)


def classes_twice(found: list[Module]) -> list[str]:
    """Return names of public classes that are defined more than once."""
    count = Counter(
        node.name
        for one in found
        for node in one.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    return sorted(name for name, times in count.items() if times > 1)


def way(work: Callable[[], object]) -> tuple[int, int]:
    """Return frames and files of our own that one call of `work` goes through."""
    frames = 0
    files: set[str] = set()
    own = tuple(str(folder) for folder in SOURCES.values())

    def look(frame: FrameType, event: str, _: Any) -> None:
        nonlocal frames
        if event == "call" and frame.f_code.co_filename.startswith(own):
            frames += 1
            files.add(frame.f_code.co_filename)

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return frames, len(files)


def _now() -> datetime:
    return datetime(2026, 3, 3, 9, tzinfo=timezone(timedelta(hours=1)))


def reminder(home: Path) -> tuple[int, int]:
    """Walk a reminder on reflex, warm."""
    from agentkit import Agent, Context
    from agentkit.backends import ReflexBackend
    from agentkit.discovery import installed_tools

    agent = Agent(
        installed_tools(), ReflexBackend(), context=Context(home=home, now=_now())
    )
    agent.run("Remind me to call the bank on Thursday at 5pm")
    return way(lambda: agent.run("Remind me to water the plants on Friday at 6pm"))


def scripted(home: Path) -> tuple[int, int]:
    """Walk a scripted run of one call, warm."""
    from agentkit import Agent, Context, tool
    from agentkit.backends import ScriptedBackend

    @tool(effect="read")
    def look_up(word: str) -> str:
        """Look a word up.

        Args:
            word: the word.
        """
        return word

    turns = ['[look_up(word="tea")]', "Tea."]
    agent = Agent([look_up], ScriptedBackend(turns * 2), context=Context(home=home))
    agent.run("What is tea?")
    return way(lambda: agent.run("What is tea?"))


def cloud(home: Path) -> tuple[int, int]:
    """Walk a note over an endpoint elsewhere, with placeholders, warm."""
    from agentkit import Agent, Context, PersonalValue
    from agentkit.backends import OpenAIBackend
    from agentkit.discovery import installed_tools
    from tests.agentkit.backends.fake_endpoint import FakeEndpoint, text

    endpoint = FakeEndpoint()
    call = text('[take_note(text="Call ⟨contact_1⟩ back", title="Call")]')
    endpoint.script(call, text("Noted."), call, text("Noted."))
    agent = Agent(
        installed_tools(),
        # To the system 127.1 is loopback; to every reader of addresses another host.
        OpenAIBackend(
            "big",
            base_url=f"http://127.1:{endpoint.port}/v1",
            api_key="sk-x",
            on_device=False,
        ),
        context=Context(home=home, now=_now()),
        egress="placeholders",
        values=[PersonalValue("Priya Nair", "contact")],
    )
    said = "Write a note: call Priya Nair back"
    try:
        agent.run(said)
        return way(lambda: agent.run(said))
    finally:
        endpoint.close()


def figures() -> Iterator[tuple[str, object]]:
    """Measure the house."""
    found = modules()
    own = [one for one in found if one.name.split(".")[0] == "agentkit"]
    tools = [one for one in found if one.name.split(".")[0] == "agentkit_tools"]
    lines = [one.path.read_text("utf-8").count("\n") for one in found]
    yield "modules in agentkit / tools", f"{len(own)} / {len(tools)}"
    yield "rooms at the top of agentkit", len({one.room for one in own} - {"agentkit"})
    yield "lines of source / median file", f"{sum(lines)} / {statistics.median(lines)}"
    every = ("top", "inside", "checking")
    counts = [len(circles(found, every[: n + 1])) for n in range(3)]
    yield "circles: top, inside functions, TYPE_CHECKING", counts
    ing = [one.name for one in found if one.path.stem.endswith("ing")]
    yield f"file names in -ing ({', '.join(ing)})", len(ing)
    yield "file names that occur twice", names_twice(found)
    yield "class names that occur twice", classes_twice(found)
    yield "comments per 100 lines", f"{comment_share(found):.1f}"
    for told, walk in (
        ("a reminder on reflex, warm", reminder),
        ("a note over the cloud with placeholders, warm", cloud),
        ("a scripted run of one call, warm", scripted),
    ):
        with tempfile.TemporaryDirectory() as folder:
            frames, files = walk(Path(folder))
        yield f"frames / files of {told}", f"{frames} / {files}"


if __name__ == "__main__":
    for name, figure in figures():
        print(f"{name}: {figure}")
