"""An Ollama server as its HTTP API is documented, through the standard library.

Nothing is followed elsewhere and no proxy is used. A host that is loopback only after
its name is looked up counts as another machine. Not covered: a server on this device
that forwards to a cloud, as Ollama does for names that end in `-cloud`; the backend
refuses those.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, cast
from urllib.parse import urlsplit

from agentkit.errors import (
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    ConfigError,
)
from agentkit.privacy.destinations import is_loopback

Facts = dict[str, Any]

# Ollama's own, where the address names none.
_PORT = 11434
# Bytes of one piece; a list of models may be longer.
_LONGEST_LINE = 1_000_000
# A server's "on every address"; a client cannot connect to that everywhere.
_ANY = {"0.0.0.0", "::", ""}


class OllamaServer:
    """Asks one server.

    Attributes:
        url: its address.
        on_device: whether it is this machine's loopback.
    """

    def __init__(self, host: str = "", *, timeout: float = 300.0) -> None:
        """Take the address; nothing is sent yet.

        Args:
            host: as in `OLLAMA_HOST`: host, host:port, or an address;
                `127.0.0.1:11434` when empty.
            timeout: longest silence in seconds. A model that is loaded first, or
                reads a long prompt, is silent for a while.

        Raises:
            ConfigError: the address cannot be read.
        """
        secure, name, port = _address(host)
        self._secure, self._name, self._port = secure, name, port
        # An IPv6 address is written in brackets.
        shown = f"[{name}]" if ":" in name else name
        self.url = f"http{'s' * secure}://{shown}:{port}"
        self.on_device = is_loopback(name)
        self._timeout = timeout

    def models(self) -> list[Facts]:
        """List what it has: name, size, digest and details of each."""
        return _facts_in(self._asked("/api/tags", None), "models")

    def show(self, model: str) -> Facts:
        """Tell a model's facts: architecture, tokenizer, window, packing."""
        return self._asked("/api/show", {"model": model})

    def loaded(self) -> list[Facts]:
        """List what is in its memory, with the window that it was given."""
        return _facts_in(self._asked("/api/ps", None), "models")

    def generate(self, body: bytes, line: OllamaLine) -> Iterator[Facts]:
        """Yield the parts of an answer as they come.

        Args:
            body: the request, as JSON.
            line: what carries it, so that another thread can hang up.

        Raises:
            BackendUnavailable: it cannot be reached, or refuses.
            BackendTimeout: it is silent for too long.
            BackendProtocolError: it breaks off, or answers something else.
        """
        with self._told():
            answer = line.open(self._connection(), "/api/generate", body)
            self._check(answer)
            done = False
            # One JSON object in each line.
            while raw := answer.readline(_LONGEST_LINE):
                if not raw.strip():
                    continue
                part = self._object(raw)
                if part.get("error"):
                    said = _line(part["error"])
                    raise BackendUnavailable(
                        f"{self.url} stopped with an error: {said}"
                    )
                done = bool(part.get("done"))
                yield part
                if done:
                    return
            raise BackendProtocolError(
                f"{self.url} broke off in mid-answer: try again, or look at its log"
            )

    def _asked(self, path: str, body: Facts | None) -> Facts:
        with self._told():
            content = None if body is None else json.dumps(body).encode()
            line = OllamaLine()
            try:
                answer = line.open(self._connection(), path, content)
                self._check(answer)
                # Bounded, and roomy: a model's facts hold its licence and its template.
                return self._object(answer.read(64 * _LONGEST_LINE))
            finally:
                line.close()

    def _connection(self) -> HTTPConnection:
        kind = HTTPSConnection if self._secure else HTTPConnection
        return kind(self._name, self._port, timeout=self._timeout)

    def _check(self, answer: HTTPResponse) -> None:
        """Refuse a status that is no answer."""
        if answer.status == 200:
            return
        said = ""
        with suppress(ValueError, HTTPException):
            facts = json.loads(answer.read(_LONGEST_LINE))
            if isinstance(facts, dict):
                said = _line(cast(Facts, facts).get("error", ""))
        if answer.status == 404 and said:
            raise BackendUnavailable(
                f"{self.url}: {said}; `ollama list` shows what is there, and `ollama "
                "pull NAME` fetches a model"
            )
        if answer.status < 400:
            raise BackendUnavailable(
                f"{self.url} redirects elsewhere ({answer.status}): set OLLAMA_HOST to "
                "where it moved to"
            )
        raise BackendUnavailable(
            f"{self.url} refuses ({answer.status})" + (f": {said}" if said else "")
        )

    def _object(self, raw: bytes) -> Facts:
        try:
            facts: object = json.loads(raw)
        except (ValueError, RecursionError):
            facts = None
        if not isinstance(facts, dict):
            raise BackendProtocolError(
                f"{self.url} answered something that is not Ollama's protocol: is it "
                "the right address?"
            )
        return cast(Facts, facts)

    @contextmanager
    def _told(self) -> Generator[None]:
        """Turn what the network does into one sentence."""
        try:
            yield
        except TimeoutError as exc:
            raise BackendTimeout(
                f"{self.url} said nothing for {self._timeout:g} seconds: it may be "
                "loading a large model; try again, or give a longer timeout"
            ) from exc
        except ConnectionRefusedError as exc:
            raise BackendUnavailable(
                f"Ollama cannot be reached at {self.url}: start it with `ollama serve`, "
                "or set OLLAMA_HOST"
            ) from exc
        except socket.gaierror as exc:
            raise BackendUnavailable(
                f"{self.url} cannot be reached: there is no such host"
            ) from exc
        except (OSError, HTTPException) as exc:
            raise BackendProtocolError(
                f"{self.url} broke the connection: try again, or look at its log"
            ) from exc


class OllamaLine:
    """One request on its way; any thread may hang up.

    Attributes:
        bytes_out: bytes that left the device for it.
    """

    def __init__(self) -> None:
        self.bytes_out = 0
        self._connection: HTTPConnection | None = None

    def open(
        self, connection: HTTPConnection, path: str, body: bytes | None
    ) -> HTTPResponse:
        """Send, and wait for the answer to begin."""
        self._connection = connection
        headers = {"Content-Type": "application/json"} if body else {}
        connection.request("POST" if body else "GET", path, body, headers)
        return connection.getresponse()

    def hang_up(self) -> None:
        """End what another thread is waiting for."""
        sock = self._connection.sock if self._connection is not None else None
        if sock is not None:
            with suppress(OSError):
                # Not `close`: only a shutdown wakes the thread that is reading.
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()


def _address(host: str) -> tuple[bool, str, int]:
    """Read what `OLLAMA_HOST` may hold; what a server listens on everywhere is here."""
    text = host.strip()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    try:
        port = parts.port
    except ValueError as exc:
        raise ConfigError(f"OLLAMA_HOST {host!r} cannot be read: {exc}") from exc
    # A password in the address would be shown in errors and kept in the ledger.
    if parts.scheme not in ("http", "https") or parts.username or parts.query:
        raise ConfigError(
            f"OLLAMA_HOST {host.rpartition('@')[2]!r} must look like HOST:PORT, or "
            "http://HOST:PORT"
        )
    name = parts.hostname or ""
    secure = parts.scheme == "https"
    # As Ollama's own client reads it.
    usual = _PORT if "://" not in text else (443 if secure else 80)
    return secure, "127.0.0.1" if name in _ANY else name, port or usual


def _facts_in(facts: Mapping[str, Any], key: str) -> list[Facts]:
    listed: object = facts.get(key)
    if not isinstance(listed, list):
        return []
    entries = cast(list[object], listed)
    return [cast(Facts, entry) for entry in entries if isinstance(entry, dict)]


def _line(said: object) -> str:
    """Make one printable line of what a server says."""
    kept = "".join(c if c.isprintable() else " " for c in str(said))
    return " ".join(kept.split())[:200]
