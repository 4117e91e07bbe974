"""`agentkit serve`: the assistant and the model for other programs, over HTTP."""

from __future__ import annotations

import errno
import ipaddress
import os
import secrets
import socket
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agentkit.backends.base import Backend
from agentkit.cli.ladder import make_shields, route_policy
from agentkit.cli.opened import OpenHome, open_home
from agentkit.cli.options import Options, takes
from agentkit.cli.screen import Screen
from agentkit.errors import ConfigError, MissingPackage

if TYPE_CHECKING:
    from agentkit.serve import Tenant

_VARIABLE = "AGENTKIT_TOKEN"
_SHA256 = r"[0-9a-fA-F]{64}"

Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen; this machine alone.")
]
Port = Annotated[
    int, typer.Option(metavar="N", min=0, max=65535, help="0 takes a free one.")
]
Token = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help=f"What clients send (or {_VARIABLE}); made and shown when not given.",
    ),
]
Users = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.toml", help="Users with a home and a token each, instead of one."
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host", metavar="NAME", help="A name that this server is reached by."
    ),
]


class _User(BaseModel):
    """A user in the file of users."""

    model_config = ConfigDict(extra="forbid")

    home: Path
    token_sha256: str = Field(pattern=_SHA256)


Count = Annotated[
    int,
    typer.Option("--workers", metavar="N", min=1, max=64, help="Processes that serve."),
]


@takes("home", "backend", "tools", "mcp", "assistant", "egress", "verbose")
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8765,
    token: Token = "",
    users: Users = None,
    allow_host: Names = None,
    workers: Count = 1,
    *,
    given: Options,
) -> None:
    """Serve other programs over HTTP.

    OpenAI's chat and responses APIs, and a page for the browser. Ctrl-C ends it.
    """
    screen = Screen()
    try:
        from agentkit.serve.listener import listen
        from agentkit.serve.peers import Peers
        from agentkit.serve.server import make_app
        from agentkit.serve.service import ServeLimits
        from agentkit.serve.workers import Workers
    except ImportError as exc:
        raise MissingPackage("starlette", "serve", "agentkit serve") from exc
    token = token or os.environ.get(_VARIABLE, "")
    # Only one that was made here is printed: a given one is known, and logs are read.
    shown = "" if token or users is not None else secrets.token_urlsafe()
    digest = b"" if users is not None else _digest(token or shown)
    # One process tells what is wrong before it listens, the first of several when it is
    # forked: none of them may have begun a thread by then.
    alone = _tenants(users, given, digest) if workers == 1 else None
    with _bound(host, port) as listening:
        place = None if workers == 1 else Workers(workers, screen.line).run()
        app = make_app(
            _tenants(users, given, digest) if alone is None else alone,
            # All workers together answer as many at once as one alone would; rounded
            # up.
            limits=ServeLimits(turns=-(-ServeLimits().turns // workers)),
            hosts=[*(allow_host or ()), *_own_names(host)],
            peers=Peers(place.folder, place.number, place.count) if place else None,
        )
        if place is None or place.is_first:
            _tell(listening, shown, screen)
        if place is not None:
            place.serves()
        listen(app, listening, verbose=given.verbose)


def _tenants(users: Path | None, given: Options, digest: bytes) -> list[Tenant]:
    """Make the users that are served: those of a file, else the one of this home."""
    shared: dict[str, Backend] = {}
    if users is not None:
        return list(_users(users, given, shared))
    return [_tenant("you", open_home(given), digest, shared)]


def _digest(token: str) -> bytes:
    """Return the digest of a token, which must be long enough.

    Raises:
        ConfigError: it can be tried out.
    """
    from agentkit.serve.tenants import SHORTEST_TOKEN, digest_of

    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable():
        raise ConfigError(
            f"the token must have at least {SHORTEST_TOKEN} plain characters; without "
            "--token one is made"
        )
    return digest_of(token)


def _users(path: Path, given: Options, shared: dict[str, Backend]) -> Iterator[Tenant]:
    """Read the users from a file.

    Raises:
        ConfigError: it cannot be read, or says what cannot be.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        found = TypeAdapter(dict[str, _User]).validate_python(table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise ConfigError(f"{path}: {exc}") from exc
    except ValidationError as exc:
        first = exc.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where}: {first['msg']}") from exc
    if not found:
        raise ConfigError(f"{path}: it names nobody, so nobody would be served")
    for name, user in found.items():
        opened = open_home(replace(given, home=user.home.expanduser()))
        yield _tenant(name, opened, bytes.fromhex(user.token_sha256), shared)


def _tenant(
    name: str, opened: OpenHome, digest: bytes, shared: dict[str, Backend]
) -> Tenant:
    """Make a user from their opened home."""
    from agentkit.serve.tenants import Tenant

    return Tenant(
        name=name,
        digest=digest,
        toolset=opened.toolset,
        backends=_backends(opened, shared),
        context=opened.context,
        instructions=opened.assistant.instructions,
        egress=opened.privacy,
        router=route_policy(opened.settings.router),
        limits=opened.settings.limits.limits(),
        shields=tuple(make_shields(opened.settings.shields, remote=opened.remote)),
        select=opened.select,
    )


def _backends(opened: OpenHome, shared: dict[str, Backend]) -> tuple[Backend, ...]:
    """Return the ladder; a backend given by name is loaded once for all users."""
    named = opened.backends()
    if not isinstance(named, str):
        return tuple(named)
    if named not in shared:
        shared[named] = opened.backend()[0]
    return (shared[named],)


def _bound(host: str, port: int) -> socket.socket:
    """Open a listening socket.

    Raises:
        ConfigError: it cannot be.
    """
    try:
        # IPv6 where the address is one.
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"port {port} is in use: end the other server, or say --port"
            ) from exc
        raise ConfigError(f"cannot listen at {host}:{port}: {exc.strerror}") from exc


def _own_names(host: str) -> list[str]:
    """Return the host that is listened at, where it is a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return [host]
    return []


def _tell(listening: socket.socket, shown: str, screen: Screen) -> None:
    host, port = listening.getsockname()[:2]
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    # Behind the #, which browsers send to no server and no log.
    page = f"http://{at}/" + (f"#token={shown}" if shown else "")
    screen.line(f"In the browser: {page}")
    screen.line(f"For programs:   http://{at}/v1  (models: assistant, model)")
    if shown:
        screen.line(f"Token:          {shown}")
    if not ipaddress.ip_address(host).is_loopback:
        screen.line(
            "Whoever reaches this machine may try the token, and the wire is not "
            "encrypted: put a proxy with TLS before it.",
            "yellow",
        )
