"""Installed packs of tools, and what is known of them without loading their code.

A package may register itself in the entry-point group `agentkit.fixed`, which says that
its tools follow from its own files alone. What they tell of themselves is then kept
between runs, until one of its files, of agentkit's or of what is installed changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from agentkit.derived import derived, installed
from agentkit.errors import ToolsetError
from agentkit.installation import Registration, registered
from agentkit.tools import AnyTool, Tool, Toolset
from agentkit.tools.deferred import DeferredTool, facts_of, known

TOOLS_GROUP = "agentkit.tools"
FIXED_GROUP = "agentkit.fixed"


@dataclass(frozen=True, slots=True)
class Pack:
    """An installed pack.

    Attributes:
        registration: where its code is.
        needs: whose settings it is of no use without; empty when it needs none.
        takes_settings: whether there may be a table of its settings.
        tools: in the order that it has them.
    """

    registration: Registration
    needs: str
    takes_settings: bool
    tools: tuple[AnyTool, ...]

    @property
    def table(self) -> str:
        """The name of its settings: `[packs.NAME]`."""
        return self.needs or self.registration.name

    def settings(self) -> Any:
        """Load what checks its settings: a Pydantic model; None where nothing does.

        Raises:
            ToolsetError: the pack cannot be loaded.
        """
        return getattr(loaded(self.registration), "SETTINGS", None)


def installed_packs(names: frozenset[str] | None = None) -> tuple[Pack, ...]:
    """Return the installed packs, the bundled ones included, by name.

    Args:
        names: those to return; all when None.

    Raises:
        ToolsetError: a pack cannot be loaded.
    """
    points = sorted(registered(TOOLS_GROUP), key=lambda point: point.name)
    chosen = [point for point in points if names is None or point.name in names]
    packages = {one.value for one in registered(FIXED_GROUP)}
    kept = _kept([one for one in chosen if _package(one) in packages])
    return tuple(
        _known(one, kept[one]) if one in kept else _looked_at(one) for one in chosen
    )


def tools_in(module: object) -> Iterator[AnyTool]:
    """Yield the tools a module (or a tool, or a list of tools) holds, in order."""
    if isinstance(module, Tool):
        yield cast(AnyTool, module)
    elif isinstance(module, ModuleType):
        for value in vars(module).values():
            if isinstance(value, Tool) and value.__module__ == module.__name__:
                yield cast(AnyTool, value)
    else:
        yield from Toolset(cast(Any, module))


def loaded(point: Registration) -> object:
    """Import what a package registers.

    Raises:
        ToolsetError: that fails.
    """
    try:
        return point.load()
    except Exception as exc:
        raise ToolsetError(
            f"the pack {point.name!r} ({point.value}) cannot be loaded: {exc}"
        ) from exc


def _looked_at(point: Registration) -> Pack:
    """Load a pack."""
    module = loaded(point)
    needs: object = getattr(module, "NEEDS_SETTINGS", False)
    return Pack(
        point,
        needs if isinstance(needs, str) else point.name if needs is True else "",
        getattr(module, "SETTINGS", True) is not None,
        tuple(tools_in(module)),
    )


def _kept(points: Sequence[Registration]) -> dict[Registration, Mapping[str, Any]]:
    """Return the facts of packs, which are loaded where they are not known yet."""
    if not points:
        return {}
    key = [installed(), [[point.name, point.value] for point in points]]
    sources = [Path(__file__).parent, *_sources({_package(one) for one in points})]
    facts = derived("packs", key, sources, lambda: [_facts(one) for one in points])
    return dict(zip(points, facts, strict=True))


def _facts(point: Registration) -> dict[str, Any]:
    pack = _looked_at(point)
    tools = [facts_of(tool) for tool in pack.tools]
    return {"needs": pack.needs, "takes": pack.takes_settings, "tools": tools}


def _known(point: Registration, facts: Mapping[str, Any]) -> Pack:
    """Make a pack of its facts."""

    def tool(name: str) -> AnyTool:
        with known(facts["tools"]):
            module = loaded(point)
        return next(one for one in tools_in(module) if one.name == name)

    tools = (DeferredTool(one, partial(tool, one["name"])) for one in facts["tools"])
    return Pack(point, facts["needs"], facts["takes"], tuple(tools))


def _package(point: Registration) -> str:
    """Return the name of the package that a part is in."""
    return point.value.partition(":")[0].partition(".")[0].strip()


def _sources(packages: Iterable[str]) -> Iterator[Path]:
    """Yield the folders of packages, or the files of single modules."""
    for package in sorted(packages):
        spec = find_spec(package)
        if spec and spec.submodule_search_locations:
            yield from map(Path, spec.submodule_search_locations)
        elif spec and spec.origin:
            yield Path(spec.origin)
