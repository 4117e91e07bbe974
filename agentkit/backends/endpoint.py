"""An OpenAI-compatible endpoint: its address, its key, and what can go wrong there.

Whether it is this device is decided in `staying`.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.util import find_spec
from json import JSONDecodeError
from math import isfinite
from ssl import SSLContext
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from agentkit.backends.server_bounds import PLAIN, bound, stays
from agentkit.errors import (
    BackendError,
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    ConfigError,
    MissingPackage,
)
from agentkit.privacy.destinations import is_loopback
from agentkit.stores.secrets import find_secret

HOSTED = "https://api.openai.com/v1"
NO_KEY = "not-needed"
# A shorter key would be hidden inside ordinary words, and keys are longer.
_LEAST_HIDDEN = 6

_URL = re.compile(r"https?://[^\s\\@?#]+", re.IGNORECASE)
# Timeouts, conflicts, limits and faults of the server: the same request may pass
# later.
_BUSY = {408, 409, 425, 429, 500, 502, 503, 504, 529}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go.

    Attributes:
        url: base address, without a slash at its end.
        key: what is sent as the bearer token; hidden from `repr`.
        on_device: whether what is sent stays on this machine.
        loopback: whether the host is this machine's loopback.
        key_name: the variable that the key is looked for in.
    """

    url: str
    key: SecretStr
    on_device: bool
    loopback: bool
    key_name: str = "OPENAI_API_KEY"

    def hide(self, text: str) -> str:
        """Take the key out of what a server said."""
        key = self.key.get_secret_value()
        # A few letters are no secret, and stand in any text.
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
        ConfigError: the address is none, a key is needed and missing, or it is no
            part of this device.
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
    whole = url if parts.path else f"{url}/v1"
    return Endpoint(whole, SecretStr(key), kept, loopback)


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


def client_for(endpoint: Endpoint, timeout: float) -> Any:
    """Make a client for one exchange, of the running event loop.

    It follows no redirect, and asks a server on this device without any proxy:
    both could carry a request elsewhere than its address says. It reads no more than
    an answer can be.
    """
    import openai

    # Plain HTTP needs no certificates, which take 50 ms to load.
    encrypted = endpoint.url.lower().startswith("https")
    return openai.AsyncOpenAI(
        api_key=endpoint.key.get_secret_value(),
        base_url=endpoint.url,
        timeout=timeout,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpx2Client(
            verify=_certificates() if encrypted else False,
            follow_redirects=False,
            headers=PLAIN,
            event_hooks={"response": [bound]},
            trust_env=not endpoint.loopback,
        ),
    )


@cache
def _certificates() -> SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


def may_pass(exc: Exception) -> bool:
    """Tell whether the same request may succeed a moment later."""
    import openai

    if isinstance(exc, openai.APIStatusError):
        return exc.status_code in _BUSY
    if isinstance(exc, openai.APITimeoutError):
        return False
    if isinstance(exc.__cause__, BackendError):
        return False
    return isinstance(exc, openai.APIConnectionError)


def retry_after(exc: Exception) -> float | None:
    """Return the seconds after which a server wants to be asked again, if it says so."""
    response = getattr(exc, "response", None)
    if response is None:
        return None
    said = str(response.headers.get("retry-after", "")).strip()
    try:
        wait = float(said)
    except ValueError:
        try:
            wait = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, wait) if isfinite(wait) else None


def connected(exc: Exception) -> bool:
    """Tell whether there was a connection; without one nothing was sent."""
    return "Connect" not in type(exc.__cause__).__name__


@contextmanager
def told(endpoint: Endpoint, model: str, timeout: float) -> Generator[None]:
    """Turn what `openai` and the network raise into one clear sentence."""
    import openai

    url = endpoint.url
    try:
        yield
    except BackendError as exc:
        if endpoint.hide(str(exc)) == str(exc):
            raise
        raise type(exc)(endpoint.hide(str(exc))) from None
    except (TimeoutError, openai.APITimeoutError) as exc:
        raise BackendTimeout(
            f"{url} gave no answer for {timeout:g} s: it may be overloaded or still "
            "loading the model; try again, or raise the timeout"
        ) from exc
    except openai.APIStatusError as exc:
        raise BackendUnavailable(_refused(exc, endpoint, model)) from _safe(
            exc, endpoint
        )
    except openai.APIConnectionError as exc:
        if isinstance(exc.__cause__, BackendError):
            raise type(exc.__cause__)(endpoint.hide(str(exc.__cause__))) from None
        raise BackendUnavailable(_unreached(exc, endpoint)) from exc
    except openai.APIError as exc:
        said = _said(exc.body or exc.message, endpoint)
        stopped = f"{url} stopped with an error{said}"
        raise BackendUnavailable(stopped) from _safe(exc, endpoint)
    except (JSONDecodeError, UnicodeDecodeError) as exc:
        raise BackendProtocolError(
            f"{url} answered something that is not the OpenAI protocol: is it the "
            "right base URL?"
        ) from exc


def _safe(exc: Exception, endpoint: Endpoint) -> Exception | None:
    """Return an error as a cause, unless the server put the key into it."""
    told = f"{exc!s}{exc!r}"
    return exc if endpoint.hide(told) == told else None


def _refused(exc: Any, endpoint: Endpoint, model: str) -> str:
    """Say why a server refused, by its status."""
    status: int = exc.status_code
    url, said = endpoint.url, _said(exc.body, endpoint)
    if status in (401, 403):
        name = endpoint.key_name
        return f"{url} refuses the API key ({status}): check {name}{said}"
    if status == 402:
        return f"{url} wants to be paid (402): look at your account there{said}"
    if status == 404:
        return (
            f"{url} knows no model {model!r}, or is no OpenAI endpoint (404): check "
            f"the model's name and the base URL{said}"
        )
    if status == 429:
        wait = retry_after(exc)
        later = f"in {wait:.0f} s" if wait else "later"
        return f"{url} is busy, or its quota is used up (429): try again {later}{said}"
    if status < 400:
        return f"{url} redirects elsewhere ({status}): set the base URL it moved to"
    if status >= 500:
        return f"{url} failed ({status}): try again later, or look at its log{said}"
    return f"{url} rejects the request ({status}){said}"


def _unreached(exc: Exception, endpoint: Endpoint) -> str:
    if not connected(exc):
        why = " ".join(str(exc.__cause__).split())[:100]
        if "SSL" in why or "certificate" in why.lower():
            return (
                f"{endpoint.url} cannot be trusted: TLS failed before anything was "
                f"sent; check the address and its certificate ({why})"
            )
        return f"{endpoint.url} cannot be reached: is the server running? ({why})"
    return f"{endpoint.url} broke the connection: try again, or look at its log"


def _said(body: object, endpoint: Endpoint) -> str:
    """Quote what the server said: one short line, without the key."""
    message: object = body
    if isinstance(body, Mapping):
        facts = cast(Mapping[str, object], body)
        message = facts.get("message") or facts.get("detail")
    if not isinstance(message, str) or "<html" in message.lower():
        return ""
    line = _CONTROL.sub(" ", endpoint.hide(message)).strip()
    return f"; it says: {line[:200]}" if line else ""


def _found_key(env: Mapping[str, str]) -> str:
    """Return the key of the environment, or of the keyring for the real environment."""
    if env is os.environ:
        return find_secret("OPENAI_API_KEY")
    return env.get("OPENAI_API_KEY", "")
