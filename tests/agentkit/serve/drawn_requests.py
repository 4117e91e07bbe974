"""Requests that are drawn from the OpenAPI document, sent, and judged by it.

    python -m tests.agentkit.serve.drawn_requests

A program of its own: the draws go deep, and an interpreter that pytest's assertions and
reports share cannot bear that (CPython 3.11, "AST constructor recursion depth mismatch").
With PYTHONHASHSEED set, the same
requests are drawn each time. Prints the number of each address, and a fault with
the request that shows it.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from agentkit.backends import ScriptedBackend
from tests.agentkit.serve.served import TOKEN, serving, tenant

# Requests of each address and kind; the document's are dear to draw.
_WITHIN, _BESIDE_EACH = 12, 25
# Addresses of the page, which the document leaves out.
_BESIDE = (
    ("POST", "/api/sessions"),
    ("GET", "/api/sessions/{}"),
    ("POST", "/api/sessions/{}/say"),
    ("POST", "/api/sessions/{}/decide"),
    ("POST", "/api/journal/{}/undo"),
    ("GET", "/{}"),
    ("DELETE", "/api/sessions/{}"),
)

# Shrinking would ask the server for the same fault a thousand times.
_BOUNDED = settings(
    max_examples=_BESIDE_EACH,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def main() -> None:
    """Draw, send and judge all."""
    backend = ScriptedBackend(["Good morning."], repeat=True)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serving(tenant(home, backend)))
        headers = {"Authorization": f"Bearer {TOKEN}"}
        client = stack.enter_context(
            httpx.Client(base_url=url, headers=headers, timeout=60)
        )
        within_the_document(client)
        beside_the_document(client)


def within_the_document(client: httpx.Client) -> None:
    """Draw what the document allows, and what is a little beside it."""
    schemathesis: Any = import_module("schemathesis")
    described: Any = import_module("schemathesis.specs.openapi.checks")
    document = client.get("/openapi.json").json()
    _unbound(document)
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=str(client.base_url))
    checks = [
        schemathesis.checks.not_a_server_error,
        described.status_code_conformance,
        described.content_type_conformance,
        described.response_schema_conformance,
    ]
    modes = schemathesis.GenerationMode
    for operation in (one.ok() for one in schema.get_all_operations()):
        takes_nothing = not operation.body and not operation.path_parameters
        for mode in (modes.POSITIVE,) if takes_nothing else modes:
            print(operation.label, mode.value, _drawn(client, operation, mode, checks))


def _unbound(part: Any) -> None:
    """Take out the upper bounds: a text beyond its bound takes minutes to draw."""
    if isinstance(part, dict):
        found = cast(dict[str, Any], part)
        for bound in ("maxLength", "maxItems"):
            found.pop(bound, None)
        for one in found.values():
            _unbound(one)
    elif isinstance(part, list):
        for one in cast("list[object]", part):
            _unbound(one)


def _drawn(client: httpx.Client, operation: Any, mode: Any, checks: Any) -> str:
    """Send what is drawn of one address; return how it was answered."""
    found = Counter[int]()

    @seed(0)
    @settings(_BOUNDED, max_examples=_WITHIN)
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        # By httpx: schemathesis' own way wants another urllib3 than caldav brings.
        asked: Any = case.as_transport_kwargs(headers=dict(client.headers))
        asked.pop("cookies", None)
        if asked.get("data") is not None and "content" not in asked:
            asked["content"] = asked.pop("data")
        answer = client.request(**asked)
        case.validate_response(answer, checks=checks)
        found[answer.status_code] += 1

    sent()
    return _counted(found)


def beside_the_document(client: httpx.Client) -> None:
    """Draw JSON and bytes for the page's addresses: each is answered, none with a 5xx."""
    numbers = st.one_of(st.integers(), st.floats())
    leaves = st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=20))
    keys = st.one_of(
        st.sampled_from(["text", "decisions", "approve", "preview", "arguments"]),
        st.text(max_size=5),
    )
    bodies = st.recursive(
        leaves, lambda s: st.lists(s, max_size=4) | st.dictionaries(keys, s, max_size=4)
    )
    session = client.post("/api/sessions").json()["id"]
    names = st.sampled_from([session, "1"]) | st.text(min_size=1, max_size=40)
    drawn = st.tuples(names, bodies, st.none() | st.binary(max_size=100))
    for method, address in _BESIDE:
        print(method, address, _sent_beside(client, method, address, drawn))


def _sent_beside(client: httpx.Client, method: str, address: str, drawn: Any) -> str:
    found = Counter[int]()

    @seed(0)
    @_BOUNDED
    @given(drawn)
    def sent(one: tuple[str, Any, bytes | None]) -> None:
        name, body, raw = one
        # What Python's JSON writes includes NaN, which JSON does not know.
        told = json.dumps(body).encode() if raw is None else raw
        there = address.format(quote(name, safe=""))
        answer = client.request(method, there, content=told)
        assert answer.status_code < 500, (answer.request.url, told, answer.text)
        found[answer.status_code] += 1

    sent()
    return _counted(found)


def _counted(found: Counter[int]) -> str:
    return ", ".join(f"{count} x {status}" for status, count in sorted(found.items()))


if __name__ == "__main__":
    main()
