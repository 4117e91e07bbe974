"""Every module that can open a connection is known, and asks the gate before it does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("agentkit", "tools/agentkit_tools", "prompts/agentkit_prompts")
# What opens connections, or brings what does. `urllib.parse` and the like do not.
NETWORK = {
    "aiohttp", "asyncio.streams", "caldav", "ftplib", "grpc", "http.client",
    "http.server", "httpx", "httpx2", "huggingface_hub", "imaplib", "niquests",
    "ollama", "openai", "poplib", "psycopg", "pycurl", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "webbrowser",
    "websockets", "xmlrpc",
}  # fmt: skip
# Calls that start what could send for us, or open a connection without an import.
LAUNCHERS = {"open_connection", "create_connection", "create_datagram_endpoint"}

# How each module that may reach a network is kept: the words that show it, and why.
ASKS: dict[str, tuple[str, str]] = {
    "agentkit/models/hub.py": ("gate.release(", "each file is released first"),
    "agentkit/evaluation/cluster.py": ("gate.release(", "a suite that goes to others"),
    "agentkit/backends/weights.py": ("gate.release(", "so is a download"),
    "agentkit/stores/sessions/postgres_db.py": ("gate.release(", "each statement"),
    "agentkit/mcp/connection.py": ("self._release(", "before each call that leaves"),
    "agentkit/backends/http_exchange.py": ("exchange.release(", "before each try"),
    "tools/agentkit_tools/_dav/transport.py": ("release(", "before each request"),
    "tools/agentkit_tools/_mail/device_sign_in.py": (
        "release(",
        "before each form",
    ),
    "tools/agentkit_tools/_mail/imap.py": ("release(", "before it logs in"),
    "tools/agentkit_tools/_mail/smtp.py": ("release(", "before each mail"),
    "tools/agentkit_tools/_archives/feed.py": ("release(", "before each request"),
    "tools/agentkit_tools/web.py": ("release(", "before each question"),
}
REACHES_NOBODY_ELSE: dict[str, str] = {
    "agentkit/backends/server_bounds.py": "bounds the answers that exchange.py asks for",
    "agentkit/bells/announcers.py": "posts to loopback only, and follows no redirect",
    "agentkit/backends/endpoint.py": "makes clients; openai.py sends through them",
    "agentkit/agent/setup.py": "reads errors of sockets and opens none",
    "agentkit/backends/endpoint_faults.py": "reads errors of a client and opens none",
    "agentkit/cli/serve.py": "looks which port is free; what comes in is answered",
    "agentkit/serve/listener.py": "listens, and connects to nobody",
    "agentkit/backends/ollama_server.py": "ollama.py releases each prompt first",
    "agentkit/privacy/sockets.py": "watches connections and opens none",
    "tools/agentkit_tools/_https.py": "makes connections; its users release first",
    "tools/agentkit_tools/_dav/dav_server.py": "sends through wire.py; maps its errors",
}


def modules() -> list[str]:
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def imports(source: str) -> Iterator[str]:
    """Yield what a module imports: by statement, by `import_module`, by name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in LAUNCHERS:
                yield "asyncio.streams"
            if name in {"import_module", "__import__"} and node.args:
                wanted = node.args[0]
                yield str(wanted.value) if isinstance(wanted, ast.Constant) else ""


def reaches(source: str) -> set[str]:
    """Return which network libraries a module imports."""
    names = set(imports(source))
    return {
        one for one in NETWORK for n in names if n == one or n.startswith(f"{one}.")
    }


def test_every_module_that_reaches_a_network_is_listed() -> None:
    """No module imports a network library without being listed above."""
    found = {name for name in modules() if reaches((ROOT / name).read_text("utf-8"))}
    assert found - ASKS.keys() - REACHES_NOBODY_ELSE.keys() == set()


def test_the_list_is_not_longer_than_it_need_be() -> None:
    """What is listed is there and does import a network library."""
    found = {name for name in modules() if reaches((ROOT / name).read_text("utf-8"))}
    listed = ASKS.keys() | REACHES_NOBODY_ELSE.keys()
    assert listed - found == set()


@pytest.mark.parametrize("name", sorted(ASKS), ids=str)
def test_those_that_send_ask_the_gate(name: str) -> None:
    """A module that sends releases what it sends."""
    assert ASKS[name][0] in (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "def f():\n    import urllib.request as u",
        "from http import client",
        "from http.client import HTTPSConnection",
        "from importlib import import_module\nimport_module('openai')",
        "__import__('smtplib')",
        "import asyncio\nasyncio.open_connection('x', 1)",
    ],
)
def test_the_walk_sees_every_way_to_import(source: str) -> None:
    """A network library is seen however it is imported."""
    assert reaches(source)


@pytest.mark.parametrize("source", ["from urllib.parse import quote", "import http"])
def test_the_walk_accuses_nobody(source: str) -> None:
    """Libraries that only handle names of the network are none."""
    assert not reaches(source)


# Who asks a backend itself, and why it may.
ASK_THEMSELVES: dict[str, str] = {
    "agentkit/backends/base.py": "is the one place: it shuts a backend in first",
    "agentkit/backends/warmup.py": "shuts in one that is elsewhere first",
    "agentkit/cli/ladder.py": "hands on what was asked, under another name",
}


def asks_backends(source: str) -> bool:
    """Tell whether a module awaits `something.reply(request)` or `.warm(...)`."""
    return any(
        isinstance(node, ast.Await)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", "") in ("reply", "warm")
        # Who asks itself again is asked already.
        and getattr(getattr(node.value.func, "value", None), "id", "") != "self"
        for node in ast.walk(ast.parse(source))
    )


def test_backends_are_asked_in_one_place() -> None:
    """All of the core asks backends through what shuts those in that are elsewhere."""
    core = [name for name in modules() if name.startswith("agentkit/")]
    asking = {n for n in core if asks_backends((ROOT / n).read_text("utf-8"))}
    tests = {"agentkit/testing/contract.py"}
    assert asking - tests == ASK_THEMSELVES.keys()
