import ast
import json
import operator
import subprocess
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import agentkit
import agentkit.backends
import agentkit.language
import agentkit.models
import agentkit.privacy
import agentkit.prompting
import agentkit.pythonic
import agentkit.slots
import agentkit.stores.journal
import agentkit.stores.sessions

HEAVY = (
    "accelerate",
    "dateparser",
    "httpx",
    "icalendar",
    "jinja2",
    "openai",
    "rich",
    "torch",
    "transformers",
    "typer",
    "urllib3",
    "vobject",
)
PROMISED = (
    "Agent",
    "Approval",
    "Done",
    "NeedsApproval",
    "NeedsInput",
    "Question",
    "RateLimited",
    "RunFinished",
    "Stopped",
    "Toolset",
    "parse_calls",
    "render_prompt",
    "tool",
)


def loaded_by(statement: str, names: Iterable[str]) -> list[str]:
    """Tell which modules a statement loads in a fresh interpreter."""
    code = (
        f"import json, sys; {statement}; "
        f"print(json.dumps([n for n in {list(names)!r} if n in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout))


@pytest.mark.parametrize(
    "statement",
    ["import agentkit", "import agentkit.backends", "from agentkit import Agent, tool"],
)
def test_import_loads_nothing_heavy(statement: str) -> None:
    """Importing the face loads no model, terminal, date or network library."""
    assert loaded_by(statement, HEAVY) == []


def test_bare_import_loads_not_even_pydantic() -> None:
    """`import agentkit` itself is a few milliseconds: names load at first use."""
    assert (
        loaded_by("import agentkit", ["pydantic", "asyncio", "typing_extensions"]) == []
    )


FACES = (
    agentkit,
    agentkit.backends,
    agentkit.language,
    agentkit.stores.journal,
    agentkit.models,
    agentkit.privacy,
    agentkit.prompting,
    agentkit.pythonic,
    agentkit.stores.sessions,
    agentkit.slots,
)
NAMES = [(face, name) for face in FACES for name in face.__all__]


@pytest.mark.parametrize(
    ("package", "name"), NAMES, ids=[f"{one.__name__}.{name}" for one, name in NAMES]
)
def test_every_public_name_loads(package: ModuleType, name: str) -> None:
    """Each name that a face lists is really there, without any optional package."""
    assert getattr(package, name) is not None
    assert name in dir(package)


def told_to_checkers(package: ModuleType) -> dict[str, str]:
    """Return what a face says under `TYPE_CHECKING`: each name, and its module."""
    source = Path(str(package.__file__)).read_text("utf-8")
    blocks = [one for one in ast.parse(source).body if isinstance(one, ast.If)]
    imports = [one for one in blocks[0].body if isinstance(one, ast.ImportFrom)]
    return {
        name.asname or name.name: str(one.module)
        for one in imports
        for name in one.names
    }


@pytest.mark.parametrize("package", FACES, ids=[one.__name__ for one in FACES])
def test_type_checkers_are_told_the_same(package: ModuleType) -> None:
    """They know each name of a face, from where it is, and no other."""
    told = told_to_checkers(package)
    assert sorted(told) == sorted(dir(package))
    loaded = {name: getattr(import_module(told[name]), name) for name in told}
    assert {name: getattr(package, name) for name in told} == loaded


def test_promised_names_are_public() -> None:
    """The names that others build on are on the face."""
    assert set(PROMISED) <= set(dir(agentkit))


@pytest.mark.parametrize("module", FACES)
def test_unknown_name(module: object) -> None:
    """A name that is not there is an AttributeError that says which."""
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"):
        operator.attrgetter("Nonsense")(module)
