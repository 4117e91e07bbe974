"""The ladder of backends that a home's `[router]` names, with their prices."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit.backends.auto import pick_backend
from agentkit.backends.base import Backend, Reply, Request
from agentkit.backends.prices import Price
from agentkit.backends.providers import find_provider, split_model
from agentkit.errors import BackendUnavailable, ConfigError, MissingPackage
from agentkit.routing import RoutePolicy
from agentkit.settings import RouterSettings

_LOCAL = frozenset({"reflex", "llama_cpp", "transformers"})


@dataclass
class Planned:
    """A backend that is only thought of: its key or package need not be here.

    Attributes:
        name: as it is on the ladder.
        on_device: whether nothing leaves the device when it answers.
        destination: where requests would go; empty on the device.
        price: what its tokens cost; None when not known.
    """

    name: str
    on_device: bool
    destination: str = ""
    price: Price | None = None

    async def reply(self, request: Request) -> Reply:
        """Refuse: nothing is asked of it.

        Raises:
            BackendUnavailable: always.
        """
        raise BackendUnavailable(f"{self.name} is only planned: nothing was sent")


def route_policy(settings: RouterSettings) -> RoutePolicy:
    """Make the router's policy from the settings."""
    return RoutePolicy(**settings.model_dump(exclude={"ladder", "prices"}))


def make_ladder(settings: RouterSettings, *, planned: bool = False) -> list[Backend]:
    """Make the backends of a ladder, each under a name of its own.

    Args:
        settings: the table `[router]`.
        planned: put a thought-of backend where one cannot be made, such as one
            without its key: enough to ask the router, not to ask the backend.

    Raises:
        ConfigError: there is no such backend, or it lacks a setting.
        MissingPackage: a backend's package is not installed.
    """
    made: list[Backend] = []
    for entry in settings.ladder:
        backend = _planned(entry) if planned else pick_backend(entry)[0]
        if any(backend.name == one.name for one in made):
            # Two models of one runtime: the whole entry tells them apart.
            vars(backend)["name"] = entry
        price = settings.prices.get(backend.name) or settings.prices.get(entry)
        if price is not None:
            vars(backend)["price"] = Price(**price.model_dump())
        made.append(backend)
    return made


def _planned(entry: str) -> Backend:
    try:
        return pick_backend(entry)[0]
    except (ConfigError, MissingPackage):
        kind, _, detail = entry.partition(":")
        provider = find_provider(kind) or split_model(detail)[0]
        if provider is not None:
            local = not provider.key
            return Planned(provider.name, local, "" if local else provider.url)
        if kind in _LOCAL:
            return Planned(kind, on_device=True)
        raise
