"""Installed packs of tools, and what is known of them without loading their code.

A package may register itself in the entry-point group `agentkit.fixed`, which says that
its tools follow from its own files alone. What they tell of themselves is then kept
between runs, until one of its files, of agentkit's or of what is installed changes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from agentkit.errors import ToolsetError
from agentkit.installation.derived import derived, installed
from agentkit.installation.distribution import Registration, registered
from agentkit.tools.decoration import SIGNED
from agentkit.tools.definition import AnyTool, Tool
from agentkit.tools.schema import Signature, Source
from agentkit.tools.toolset import Toolset

_TOLD = (
    "name",
    "description",
    "parameters",
    "effect",
    "personal",
    "untrusted",
    "timeout",
    "__name__",
    "__qualname__",
    "__doc__",
    "__module__",
)


def facts_of(tool: AnyTool) -> dict[str, Any]:
    """Return what a tool tells of itself, as JSON can hold it."""
    told = {name: getattr(tool, name, None) for name in _TOLD}
    return {
        **told,
        "examples": list(tool.examples),
        "names": list(tool.signature.names),
        "context_name": tool.signature.context_name,
    }


class DeferredTool(Tool[Callable[..., Any]]):
    """A tool made of kept facts; the real one is loaded when it is first needed."""

    def __init__(
        self,
        facts: Mapping[str, Any] | None = None,
        load: Callable[[], AnyTool] | None = None,
        **fields: Any,
    ) -> None:
        """Take what `facts_of` told of a tool, and what loads it.

        Args:
            facts: as `facts_of` returned them.
            load: loads the tool itself.
            fields: instead of both, all fields of a tool: `dataclasses.replace` has them.
        """
        if facts is None:
            super().__init__(**fields)
        else:
            told = {name: facts[name] for name in _TOLD}
            examples = tuple(facts["examples"])
            # A tool is frozen, and its own `__init__` wants the fields that are put off
            # here.
            self.__dict__.update(told, examples=examples, _load=load)

    @cached_property
    def _real(self) -> AnyTool:
        load: Callable[[], AnyTool] = self.__dict__["_load"]
        return load()


class _DeferredSignature(Signature):
    """A signature that was found good before; its validator is made when it is used."""

    def __init__(self, facts: Mapping[str, Any], make: Callable[[], Signature]) -> None:
        self.__dict__.update(
            schema=facts["parameters"],
            names=tuple(facts["names"]),
            context_name=facts["context_name"],
            _make=make,
        )

    @cached_property
    def _real(self) -> Signature:
        make: Callable[[], Signature] = self.__dict__["_make"]
        return make()


@contextmanager
def known(facts: Iterable[Mapping[str, Any]]) -> Generator[None]:
    """Load tools whose definitions were found good before: nothing is checked again.

    Args:
        facts: as `facts_of` told them of the same code.
    """
    by_place = {(one["__module__"], one["__qualname__"]): one for one in facts}

    def sign(source: Source, make: Callable[[], Signature]) -> Signature:
        # Of a method or a partial there may be several.
        place = source.behind.__module__, source.place
        is_one = source.call is source.behind and place in by_place
        return _DeferredSignature(by_place[place], make) if is_one else make()

    token = SIGNED.set(sign)
    try:
        yield
    finally:
        SIGNED.reset(token)


class _Asked:
    """An attribute that is not kept: read from the real object, which this loads."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, deferred: Any, kind: type[Any] | None = None) -> Any:
        return self if deferred is None else getattr(deferred._real, self._name)


# Set from outside: to a type checker they are what the classes above say they are.
for _name in (
    *("function", "signature", "returns", "wording", "preview"),
    *("undo", "settle", "namespace"),
):
    setattr(DeferredTool, _name, _Asked(_name))
setattr(DeferredTool, "__wrapped__", _Asked("function"))  # noqa: B010
for _name in ("arguments", "faults", "metadata", "has_fields"):
    setattr(_DeferredSignature, _name, _Asked(_name))


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
    # By name: the order of installation differs from machine to machine, and prompts
    # follow the order.
    points = sorted(registered(TOOLS_GROUP), key=lambda point: point.name)
    chosen = [point for point in points if names is None or point.name in names]
    # Only these say that their tools follow from their files; others may depend on
    # anything.
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
            # A tool that a module imports is another module's.
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
    # Importing runs a stranger's code, which may raise anything.
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
    """Return the kept facts of packs, or load those that are not known yet."""
    if not points:
        return {}
    key = [installed(), [[point.name, point.value] for point in points]]
    # agentkit's own code too: a newer one may read the same function in another way.
    sources = [Path(__file__).parents[1], *_sources({_package(one) for one in points})]
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
