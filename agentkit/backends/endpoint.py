"""An OpenAI-compatible endpoint: its address, its key, and what can go wrong there.

Whether it is this device is decided in `staying`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from ssl import SSLContext
from typing import Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from agentkit.backends.server_bounds import PLAIN, bound, stays
from agentkit.errors import (
    ConfigError,
    MissingPackage,
)
from agentkit.privacy.destinations import is_loopback
from agentkit.stores.secrets import find_secret

HOSTED = "https://api.openai.com/v1"
# The client insists on a key, a server on loopback mostly needs none.
NO_KEY = "not-needed"
# A shorter key would be hidden inside ordinary words, and keys are longer.
_LEAST_HIDDEN = 6

_OPENAI = "openai.com"
# The client would read these by itself and tell them to any host.
_WHOSE = {
    "OPENAI_ORG_ID": "OpenAI-Organization",
    "OPENAI_PROJECT_ID": "OpenAI-Project",
}
# What the client would tell of this machine, its versions and the user's account.
_FINGERPRINT = (
    *(f"X-Stainless-{one}" for one in (
        "Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Async",
        "Retry-Count", "Read-Timeout",
    )),
    *_WHOSE.values(),
)  # fmt: skip
# RFC 9110, section 5.6.2: a token.
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# These say how a message is read, and who asks: the key has its own option.
_CLIENTS_OWN = frozenset(
    {"authorization", "connection", "content-encoding", "content-length",
     "content-type", "host", "transfer-encoding"}
)  # fmt: skip
# What a client of no wishes sends.
_USUAL = frozenset({"accept", "accept-encoding", "connection", "user-agent"})
# Names of headers whose values are not written down.
_SECRET = re.compile(r"key|token|auth|secret|cookie|password", re.IGNORECASE)
# No `@`, backslash, `?` or `#`: readers of addresses disagree where the host ends then.
_URL = re.compile(r"https?://[^\s\\@?#]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go.

    Attributes:
        url: base address, without a slash at its end.
        key: what is sent as the bearer token; hidden from `repr`.
        on_device: whether what is sent stays on this machine.
        loopback: whether the host is this machine's loopback.
        key_name: the variable that the key is looked for in.
        told: headers that say whose request it is; they are sent, and released too.
    """

    url: str
    key: SecretStr
    on_device: bool
    loopback: bool
    key_name: str = "OPENAI_API_KEY"
    told: tuple[tuple[str, str], ...] = ()

    def leaving(self, content: bytes) -> bytes:
        """Return all that is sent with a body: headers first, where they say something."""
        if not self.told:
            return content
        lines = "".join(f"{name}: {_shown(name, value)}\n" for name, value in self.told)
        return f"{lines}\n".encode() + content

    def with_headers(self, further: Mapping[str, str]) -> Endpoint:
        """Return the endpoint with further headers, which leave with each request.

        Raises:
            ConfigError: one is the client's own, or holds what no header may hold.
        """
        for header, value in further.items():
            if header.lower() in _CLIENTS_OWN or not _HEADER.fullmatch(header):
                raise ConfigError(f"{header!r} is no header that can be added")
            _check_value(header, value)
        return replace(self, told=(*self.told, *further.items()))

    def headers(self, omit: object) -> dict[str, Any]:
        """Return the headers of a request: the chosen ones, and nothing about this machine.

        Args:
            omit: what the client takes for "leave this one out".
        """
        return {
            **dict.fromkeys(_FINGERPRINT, omit),
            "User-Agent": "agentkit",
            **dict(self.told),
        }

    def hide(self, text: str) -> str:
        """Take the key out of what a server said."""
        key = self.key.get_secret_value()
        # A few letters occur in any text, and are no secret.
        if key == NO_KEY or len(key) < _LEAST_HIDDEN:
            return text
        return text.replace(key, "[key]")


def read_endpoint(
    base_url: str | None,
    api_key: str | None,
    env: Mapping[str, str],
    *,
    model: str = "",
    on_device: bool | None = None,
) -> Endpoint:
    """Make an endpoint from what was given, else from the environment.

    Args:
        base_url: the address; `OPENAI_BASE_URL`, else OpenAI's own, when None.
        api_key: the key; `OPENAI_API_KEY`, else none on loopback, when None.
        env: the environment variables.
        model: the model's name there.
        on_device: what the caller says of it; see `stays`.

    Raises:
        ConfigError: the address cannot be used, a key is missing, or it is not on
            this device.
    """
    url = (base_url or env.get("OPENAI_BASE_URL") or HOSTED).strip().rstrip("/")
    parts = _split(url)
    loopback = is_loopback(parts.hostname or "")
    kept = stays(on_device, loopback=loopback, model=model, url=url)
    key = api_key or _found_key(env) or (NO_KEY if loopback else "")
    key = key.strip()
    if not key:
        raise ConfigError(
            f"{parts.hostname} needs an API key: set OPENAI_API_KEY, or pass api_key"
        )
    if not key.isascii() or not key.isprintable():
        raise ConfigError("the API key holds characters that no HTTP header may hold")
    # A bare host, such as `http://localhost:8080`, means its `/v1`.
    whole = url if parts.path else f"{url}/v1"
    told = _told(parts.hostname or "", env)
    return Endpoint(whole, SecretStr(key), kept, loopback, told=told)


def _told(host: str, env: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the headers that the environment asks for, which the client would add unseen.

    Organisation and project are sent to OpenAI alone: they are no other host's business.

    Raises:
        ConfigError: a name holds what no header may hold.
    """
    found = [(header, env.get(name, "").strip()) for name, header in _WHOSE.items()]
    # With the dot: `notopenai.com` is another host.
    if host != _OPENAI and not host.endswith(f".{_OPENAI}"):
        found = []
    for line in env.get("OPENAI_CUSTOM_HEADERS", "").splitlines():
        header, _, value = line.partition(":")
        found.append((header.strip(), value.strip()))
    found = [(header, value) for header, value in found if header and value]
    for header, value in found:
        _check_value(header, value)
    return tuple(found)


def _check_value(header: str, value: str) -> None:
    if not value.isascii() or not value.isprintable():
        raise ConfigError(f"{header} holds characters that no HTTP header may hold")


def _shown(header: str, value: str) -> str:
    """Write a header's value for the ledger, which holds no keys."""
    return "[hidden]" if _SECRET.search(header) else value


def _split(url: str) -> SplitResult:
    """Split an address; one that two readers could read differently is refused."""
    if not _URL.fullmatch(url):
        raise ConfigError(
            "the base URL must look like http://HOST:PORT/v1, without user name, "
            "spaces or query"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise ConfigError(f"the base URL {url!r} cannot be read: {exc}") from exc
    if not parts.hostname or port == 0:
        raise ConfigError(f"the base URL {url!r} names no host")
    return parts


def require_openai() -> None:
    """Check that the `openai` package is there, without loading it.

    Raises:
        MissingPackage: it is not.
    """
    if find_spec("openai") is None:
        raise MissingPackage("openai", "openai", "The openai backend")


MakeClient: TypeAlias = Callable[[], Any]


def client_for(endpoint: Endpoint, timeout: float, own: Any = None) -> Any:
    """Make a client for one exchange, of the running event loop.

    It follows no redirect, and asks a server on this device without any proxy:
    both could carry a request elsewhere than its address says. It reads no more than
    an answer can be.

    Args:
        endpoint: where requests go.
        timeout: seconds of silence.
        own: the application's own HTTP client; it follows no redirect either.
    """
    import openai

    # The application's client keeps its proxies and certificates; only what would carry
    # a request elsewhere, or read without end, is changed.
    if own is not None:
        own.follow_redirects = False
        own.headers.update(PLAIN)
        own.event_hooks["response"].append(bound)
        return _client(endpoint, timeout, own)

    # Plain HTTP needs no certificates, which take 50 ms to load.
    encrypted = endpoint.url.lower().startswith("https")
    plain = openai.DefaultAsyncHttpx2Client(
        verify=_certificates() if encrypted else False,
        follow_redirects=False,
        headers=PLAIN,
        event_hooks={"response": [bound]},
        trust_env=not endpoint.loopback,
    )
    return _client(endpoint, timeout, plain)


def _client(endpoint: Endpoint, timeout: float, http_client: Any) -> Any:
    import openai

    return openai.AsyncOpenAI(
        api_key=endpoint.key.get_secret_value(),
        base_url=endpoint.url,
        timeout=timeout,
        # The client would send again without asking the gate.
        max_retries=0,
        http_client=http_client,
    )


def told_by(client: Any) -> dict[str, str]:
    """Return the headers that an application's own HTTP client adds to each request."""
    found = {} if client is None else dict(client.headers)
    return {name: value for name, value in found.items() if name not in _USUAL}


@cache
def _certificates() -> SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


def _found_key(env: Mapping[str, str]) -> str:
    """Return the key of the environment, or of the keyring for the real environment."""
    # A given mapping is all there is: a test's environment must not find a person's
    # key.
    if env is os.environ:
        return find_secret("OPENAI_API_KEY")
    return env.get("OPENAI_API_KEY", "")
