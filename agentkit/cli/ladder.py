"""Makes the ladder of backends and the shields from a home's settings."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import cast

from agentkit.backends.auto import pick_backend
from agentkit.backends.base import Backend, Price, Reply, Request, Traits
from agentkit.backends.warmup import WarmBackend, Warmed
from agentkit.context import Context
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.privacy.destinations import is_loopback
from agentkit.privacy.gate import host_of
from agentkit.routing import RoutePolicy
from agentkit.safety.policy import Shield
from agentkit.settings import RouterSettings, ShieldSettings
from agentkit.tools import Toolset

# Kinds that never connect to anything.
_LOCAL = frozenset({"reflex", "llama_cpp", "transformers", "executorch", "nano"})


@dataclass(frozen=True, slots=True)
class Planned:
    """A backend that is only described: its key or package may be missing.

    Attributes:
        name: as it is on the ladder.
        traits: what it would be; `down` says what it lacks, and is empty where that
            does not matter, since it is not asked.
    """

    name: str
    traits: Traits

    async def reply(self, request: Request) -> Reply:
        """Refuse to answer.

        Raises:
            BackendUnavailable: always.
        """
        why = self.traits.down or f"{self.name} is only planned: nothing was sent"
        raise BackendUnavailable(why)


@dataclass(frozen=True, slots=True)
class Configured:
    """A backend with the name, price and window of a home's settings.

    Attributes:
        backend: what answers.
        name: as it is on the ladder.
        price: what its tokens cost; what the backend says where None.
        window: most tokens of prompt and answer together; the backend's where 0.
    """

    backend: Backend
    name: str
    price: Price | None = None
    window: int = 0

    @property
    def traits(self) -> Traits:
        """The backend's own traits, with the price and window of the settings."""
        own = self.backend.traits
        price, window = self.price or own.price, self.window or own.window
        return replace(own, price=price, window=window)

    async def reply(self, request: Request) -> Reply:
        """Let the backend answer."""
        return await self.backend.reply(request)

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        """Let the backend get ready."""
        backend = cast(WarmBackend, self.backend)
        done = await backend.warm(toolset, instructions=instructions, context=context)
        return replace(done, backend=self.name)


def route_policy(settings: RouterSettings) -> RoutePolicy:
    """Make the router's policy from the settings."""
    # Of the rungs; all else in `[router]` is a field of the policy by the same name.
    others = {"ladder", "prices", "windows"}
    return RoutePolicy(**{key: value for key, value in settings if key not in others})


def make_ladder(
    settings: RouterSettings, *, remote: Collection[str] = (), planned: bool = False
) -> list[Backend]:
    """Make the backends of a ladder, each with a different name.

    One that lacks its key, package or setting stands on the ladder all the same: the
    router passes it over, and says why.

    Args:
        settings: the table `[router]`.
        remote: kinds of servers that count as leaving the device, on loopback too.
        planned: leave out what a backend lacks: enough to ask the router what it would
            do, not to ask the backend.

    Raises:
        ConfigError: there is no such backend, or none of them can be made.
        MissingPackage: none can be made, the first for want of its package.
    """
    made: list[Backend] = []
    for entry in settings.ladder:
        backend = planned_backend(entry, remote=remote, planned=planned)
        twice = any(backend.name == one.name for one in made)
        # Two models of one runtime: the whole entry tells them apart.
        made.append(
            _configured(backend, entry if twice else backend.name, settings, entry)
        )
    _check(settings, [one.name for one in made])
    if made and not planned and all(one.traits.down for one in made):
        # Called for what it raises: why the first rung cannot be made.
        pick_backend(settings.ladder[0], remote=remote)
    return made


def _configured(
    backend: Backend, name: str, settings: RouterSettings, entry: str
) -> Backend:
    """Return a backend with its settings, or itself where there are none."""
    price = settings.prices.get(name) or settings.prices.get(entry)
    window = settings.windows.get(name) or settings.windows.get(entry) or 0
    if name == backend.name and price is None and not window:
        return backend
    paid = Price(**price.model_dump()) if price else None
    return Configured(backend, name, paid, window)


def _check(settings: RouterSettings, rungs: list[str]) -> None:
    """Refuse settings of a rung that is not on the ladder."""
    for tool, rung in settings.at_least.items():
        if settings.ladder and rung not in rungs:
            raise ConfigError(
                f"[router.at_least] keeps {tool} for {rung!r}, which is not on the "
                f"ladder: {', '.join(rungs)}"
            )
    for table in ("prices", "windows"):
        for name in getattr(settings, table):
            if settings.ladder and name not in (*rungs, *settings.ladder):
                raise ConfigError(
                    f"[router.{table}] names {name!r}, which is not on the ladder: "
                    f"{', '.join(rungs)}"
                )


def planned_backend(
    entry: str, *, remote: Collection[str] = (), planned: bool = True
) -> Backend:
    """Make a backend, or a description of one that cannot be made.

    Args:
        entry: its name, as on the ladder.
        remote: kinds of servers that count as leaving the device, on loopback too.
        planned: whether nobody will ask it; else it says what it lacks when asked.

    Raises:
        ConfigError: there is no such backend.
        MissingPackage: its package is not installed, and nothing is known of it.
    """
    try:
        return pick_backend(entry, remote=remote)[0]
    except (ConfigError, MissingPackage) as exc:
        found = _thought_of(entry, remote, "" if planned else str(exc))
        if found is None:
            raise
        return found


def _thought_of(entry: str, remote: Collection[str], down: str) -> Planned | None:
    """Describe a backend that cannot be made; None when nothing is known of it."""
    from agentkit.backends.endpoint import HOSTED
    from agentkit.backends.providers import find_provider, split_model
    from agentkit.backends.server_bounds import in_cloud

    kind, _, detail = entry.partition(":")
    if kind in _LOCAL:
        return Planned(kind, Traits(on_device=True, down=down))
    provider = find_provider(kind) or split_model(detail)[0]
    if provider is None and kind != "openai":
        return None
    name = provider.name if provider else kind
    url = provider.url if provider else os.environ.get("OPENAI_BASE_URL") or HOSTED
    # A server on this machine may pass on to a cloud, as Ollama's ":cloud" models do.
    here = is_loopback(host_of(url)) and name not in remote and not in_cloud(detail)
    traits = Traits(on_device=here, destination="" if here else url, down=down)
    return Planned(name, traits)


def make_shields(
    settings: ShieldSettings, *, remote: Collection[str] = ()
) -> tuple[Shield, ...]:
    """Make the guard of a home; none where it names no backend.

    Args:
        settings: the table `[shields]`.
        remote: kinds of servers that count as leaving the device, on loopback too.

    Raises:
        ConfigError: there is no such backend, model or category.
        MissingPackage: the backend's package is not installed.
    """
    if not settings.backend:
        return ()
    from agentkit.safety.llama_guard import LlamaGuard

    backend, _ = pick_backend(settings.backend, remote=remote)
    guard = LlamaGuard(
        backend,
        settings.model,
        categories=settings.categories,
        on_failure=settings.on_failure,
        seconds=settings.seconds,
    )
    return (guard,)
