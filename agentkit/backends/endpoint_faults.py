"""What can go wrong at an endpoint, each in its kind of error and in one sentence."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from math import isfinite
from typing import Any, cast

from agentkit.backends.endpoint import Endpoint
from agentkit.errors import (
    BackendError,
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    EgressDenied,
    KeyRefused,
    PromptTooLong,
    QuotaUsedUp,
    RateLimited,
    ServerFailed,
)

# Timeouts, conflicts, limits and faults of the server: the same request may pass
# later.
_BUSY = {408, 409, 425, 429, 500, 502, 503, 504, 529}
# What a server says is shown in a terminal: one line, nothing that it would obey.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
# Codes of OpenAI and those who follow it; words of vLLM, llama.cpp, Groq and Mistral,
# which send none.
_QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached", "quota_exceeded")
_QUOTA = re.compile(
    r"exceeded your current quota|insufficient (?:balance|credit|quota)"
)
_CONTEXT_CODES = (
    "context_length_exceeded",
    "exceed_context_size_error",
    "string_above",
)
_CONTEXT = re.compile(
    r"(?:context (?:length|window|size)|maximum context|max_model_len"
    r"|(?:prompt|input|message)s? (?:is|are) too (?:long|large)|too many tokens"
    r"|reduce the length of the (?:messages|prompt|input))"
)


def may_pass(exc: Exception) -> bool:
    """Tell whether the same request may succeed a moment later."""
    import openai

    if isinstance(exc, openai.APIStatusError):
        return exc.status_code in _BUSY and not _is_quota(_Told.by(exc))
    # Before the connection errors, whose subclass it is: a whole timeout was waited.
    if isinstance(exc, openai.APITimeoutError):
        return False
    # The gate or the bound on an answer's size spoke inside the client, which wraps
    # what they raise.
    if isinstance(exc.__cause__, BackendError):
        return False
    return isinstance(exc, openai.APIConnectionError)


def is_refusal(exc: Exception) -> bool:
    """Tell whether the server, or the gate before it, said no to this request."""
    import openai

    if isinstance(exc, openai.APIStatusError):
        return exc.status_code < 500 and exc.status_code not in (408, 429)
    return isinstance(exc, EgressDenied)


def retry_after(exc: Exception) -> float | None:
    """Return the seconds after which a server wants to be asked again, if it says so.

    `retry-after-ms` is finer than `retry-after`, and counts where both are there.
    """
    response = getattr(exc, "response", None)
    if response is None:
        return None
    said = str(response.headers.get("retry-after", "")).strip()
    finer = str(response.headers.get("retry-after-ms", "")).strip()
    wait = _number(finer)
    wait = _number(said) if wait is None else wait / 1000
    if wait is None:
        try:
            # RFC 9110, section 10.2.3: seconds, or a date.
            wait = parsedate_to_datetime(said).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return max(0.0, wait)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def connected(exc: Exception) -> bool:
    """Tell whether there was a connection; without one nothing was sent."""
    # By name, since the client may bring either of two HTTP libraries: `ConnectError`
    # and `ConnectTimeout`.
    return "Connect" not in type(exc.__cause__).__name__


@contextmanager
def told(endpoint: Endpoint, model: str, timeout: float) -> Generator[None]:
    """Turn what `openai` and the network raise into one clear sentence."""
    import openai

    url = endpoint.url
    try:
        yield
    except BackendError as exc:
        # `from None` below: the traceback of a cause would show the key.
        if endpoint.hide(str(exc)) == str(exc):
            raise
        raise type(exc)(endpoint.hide(str(exc))) from None
    except (TimeoutError, openai.APITimeoutError) as exc:
        raise BackendTimeout(
            f"{url} gave no answer for {timeout:g} s: it may be overloaded or still "
            "loading the model; try again, or raise the timeout"
        ) from exc
    except openai.APIStatusError as exc:
        raise _refused(exc, endpoint, model) from _safe(exc, endpoint)
    except openai.APIConnectionError as exc:
        if isinstance(exc.__cause__, BackendError):
            raise type(exc.__cause__)(endpoint.hide(str(exc.__cause__))) from None
        raise BackendUnavailable(_unreached(exc, endpoint)) from exc
    except openai.APIError as exc:
        raise stopped(exc.body or exc.message, endpoint) from _safe(exc, endpoint)
    except (JSONDecodeError, UnicodeDecodeError) as exc:
        raise BackendProtocolError(
            f"{url} answered something that is not the OpenAI protocol: is it the "
            "right base URL?"
        ) from exc


def stopped(body: object, endpoint: Endpoint) -> BackendUnavailable:
    """Say why a server that had begun to answer stopped, by what it says itself."""
    told = _Told.of(body)
    # The later ones overrule: a used-up quota comes as 429 too.
    kind = _kind(told.status, told) if told.status or told.code else BackendUnavailable
    kind = PromptTooLong if _is_context(told) else kind
    kind = QuotaUsedUp if _is_quota(told) else kind
    return kind(f"{endpoint.url} stopped with an error{_said(body, endpoint)}")


def _safe(exc: Exception, endpoint: Endpoint) -> Exception | None:
    """Return an error as a cause, unless the server put the key into it."""
    told = f"{exc!s}{exc!r}"
    return exc if endpoint.hide(told) == told else None


class _Told:
    """What a server says of an error: status, code and words, in lower case."""

    def __init__(self, status: int, code: str, words: str) -> None:
        self.status, self.code, self.words = status, code.lower(), words.lower()

    @classmethod
    def of(cls, body: object, status: int = 0) -> _Told:
        """Read the body of an error, in the shapes that are met."""
        if not isinstance(body, Mapping):
            return cls(status, "", body if isinstance(body, str) else "")
        facts = cast(Mapping[str, Any], body)
        code, kind = facts.get("code"), facts.get("type")
        # Some servers put the HTTP status into `code`; larger numbers are codes of
        # their own.
        number = code if isinstance(code, int) and code < 1000 else 0
        words = facts.get("message") or facts.get("detail") or facts.get("error")
        return cls(status or number, f"{code} {kind}", f"{words}")

    @classmethod
    def by(cls, exc: Any) -> _Told:
        """Read the answer to a refused request."""
        return cls.of(exc.body, exc.status_code)


def _is_quota(told: _Told) -> bool:
    by_code = any(code in told.code for code in _QUOTA_CODES)
    # 402 is "Payment Required".
    return told.status == 402 or by_code or _QUOTA.search(told.words) is not None


def _is_context(told: _Told) -> bool:
    # 413 is "Content Too Large".
    if told.status == 413 or any(code in told.code for code in _CONTEXT_CODES):
        return True
    # Not the words of a busy server or a fault: those say the same of other things.
    refused = told.status in (0, 400, 422) and bool(told.words)
    return refused and _CONTEXT.search(told.words) is not None


def _kind(status: int, told: _Told) -> type[BackendUnavailable]:
    """Return the kind of error that a status is."""
    if status in (401, 403) or "invalid_api_key" in told.code:
        return KeyRefused
    if status == 429 or "rate_limit" in told.code:
        return RateLimited
    if status >= 500 or "server_error" in told.code:
        return ServerFailed
    return BackendUnavailable


def _refused(exc: Any, endpoint: Endpoint, model: str) -> BackendUnavailable:
    """Say why a server refused, by its status and by what it says."""
    told, status = _Told.by(exc), cast(int, exc.status_code)
    url, said = endpoint.url, _said(exc.body, endpoint)
    if _is_quota(told):
        return QuotaUsedUp(
            f"{url} wants to be paid, or its quota is used up ({status}): look at your "
            f"account there{said}"
        )
    if _is_context(told):
        return PromptTooLong(
            f"{url}: the prompt is longer than {model!r} takes ({status}): shorten the "
            f"conversation, or give the backend its window{said}"
        )
    if status == 429:
        return _limited(exc, url, said)
    kind = _kind(status, told)
    return kind(_by_status(status, endpoint, model, said))


def _limited(exc: Any, url: str, said: str) -> RateLimited:
    wait = retry_after(exc)
    later = f"in {wait:.0f} s" if wait else "later"
    error = RateLimited(
        f"{url} is busy, or its limit of requests is reached (429): try again "
        f"{later}{said}"
    )
    error.retry_after = wait
    return error


def _by_status(status: int, endpoint: Endpoint, model: str, said: str) -> str:
    url = endpoint.url
    if status in (401, 403):
        name = endpoint.key_name
        return f"{url} refuses the API key ({status}): check {name}{said}"
    if status == 404:
        return (
            f"{url} knows no model {model!r}, or is no OpenAI endpoint (404): check "
            f"the model's name and the base URL{said}"
        )
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
    # A proxy's error page says nothing in 200 characters.
    if not isinstance(message, str) or "<html" in message.lower():
        return ""
    line = _CONTROL.sub(" ", endpoint.hide(message)).strip()
    return f"; it says: {line[:200]}" if line else ""


def is_about_schemas(exc: BackendUnavailable) -> bool:
    """Tell whether a server refused the form of an answer, not the request."""
    refused = getattr(exc.__cause__, "status_code", 0) in (400, 404, 422)
    told = str(exc)
    return refused and ("response_format" in told or "json_schema" in told)
