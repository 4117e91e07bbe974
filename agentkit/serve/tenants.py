"""The users of a server, each with a token, a home and agents."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from agentkit.agent import Agent
from agentkit.backends.base import Backend
from agentkit.context import Context, Limits
from agentkit.errors import ConfigError
from agentkit.privacy.gate import PrivacyPolicy
from agentkit.routing import RoutePolicy
from agentkit.safety.policy import Shield
from agentkit.stores.sessions import Session, Sessions
from agentkit.tools import Toolset
from agentkit.tools.selection import Selector

# Shorter ones can be tried out; `secrets.token_urlsafe()` gives 43 characters.
SHORTEST_TOKEN = 16


def digest_of(token: str) -> bytes:
    """Return the SHA-256 of a token, which is what is kept of it."""
    # A plain hash will do: a token is long and random, not a person's password. That of
    # the environment may hold bytes that are no UTF-8.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A user of the server: what their agents are made of.

    Attributes:
        name: how the log and errors call them.
        digest: of their token; see `digest_of`.
        toolset: the assistant's own tools.
        backends: the ladder; they are shared between users, so that a model is loaded
            once.
        instructions: the assistant's system prompt.
        context: home, user and clock.
        egress: what may leave the device.
        router: when the next backend is asked.
        limits: time, tokens, calls and sizes of a run.
        shields: what looks at requests and answers.
        select: how many of the assistant's tools a model is shown, or what chooses
            them; all when None.
    """

    name: str
    digest: bytes = field(repr=False)
    toolset: Toolset
    backends: tuple[Backend, ...]
    context: Context
    instructions: str = ""
    egress: PrivacyPolicy = field(default_factory=PrivacyPolicy)
    router: RoutePolicy = field(default_factory=RoutePolicy)
    limits: Limits = field(default_factory=Limits)
    shields: tuple[Shield, ...] = ()
    select: int | Selector | None = None

    def assistant(
        self, further: Toolset | None = None, session: Session | None = None
    ) -> Agent:
        """Make the assistant.

        Args:
            further: tools that the client carries out, beside the assistant's own.
            session: where the conversation is kept; nowhere when None.

        Raises:
            ToolsetError: a client's tool has the name of one of the assistant's.
        """
        select = self.select
        if further and select:
            # What the client brings with a request, it brings to be used.
            chosen = Selector(select) if isinstance(select, int) else select
            always = chosen.always | frozenset(further.names)
            select = replace(chosen, always=always)
        return Agent(
            self.toolset + further if further else self.toolset,
            list(self.backends),
            self.instructions,
            context=self.context,
            egress=self.egress,
            router=self.router,
            limits=self.limits,
            shields=self.shields,
            select=select,
            session=session,
        )

    def model(self, toolset: Toolset) -> Agent:
        """Make the agent that answers as the model alone, with the client's tools."""
        return Agent(
            toolset,
            list(self.backends),
            context=self.context,
            egress=self.egress,
            router=self.router,
            limits=self.limits,
            shields=self.shields,
            # Nothing is carried out here: the client's tools are the client's.
            journal=False,
        )

    @property
    def sessions(self) -> Sessions:
        """The sessions of their home."""
        return Sessions(self.context.home, clock=self.context.clock)


class Tenants:
    """All users of a server, found by their tokens."""

    def __init__(self, tenants: Iterable[Tenant]) -> None:
        """Store the users.

        Raises:
            ConfigError: there is none, or two have one token or one home.
        """
        self._all = tuple(tenants)
        if not self._all:
            raise ConfigError("nobody is served: name at least one user")
        for what, found in (
            ("token", [one.digest for one in self._all]),
            ("home", [str(one.context.home.resolve()) for one in self._all]),
        ):
            if len(set(found)) < len(found):
                raise ConfigError(f"two users have one {what}: give each their own")

    def find(self, token: str) -> Tenant | None:
        """Return the user with a token; None when it is nobody's.

        All are compared, each in constant time: how long it takes tells nothing.
        """
        given = digest_of(token)
        found = [one for one in self._all if hmac.compare_digest(one.digest, given)]
        return found[0] if found else None

    def named(self, name: str) -> Tenant:
        """Return the user of a name that is known."""
        return next(one for one in self._all if one.name == name)
