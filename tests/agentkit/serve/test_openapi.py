"""The API does what its document says, whatever is sent within it and beside it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import ScriptedBackend

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

# Requests of each address; drawn at random, the same ones each time.
_EACH = 25


_POSTS = ("/v1/chat/completions", "/v1/responses")
_DRAWN = [(path, within) for path in _POSTS for within in (True, False)]


@pytest.mark.parametrize(("path", "within"), _DRAWN)
def test_answers_are_what_the_document_says(
    serve: Serve, path: str, within: bool
) -> None:
    """No drawn request ends in a fault of ours, and each answer has a described shape."""
    schemathesis: Any = pytest.importorskip("schemathesis")
    described: Any = import_module("schemathesis.specs.openapi.checks")
    from hypothesis import HealthCheck, Phase, given, seed, settings

    client = serve(ScriptedBackend(["Good morning."], repeat=True))
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema.config.update(base_url=str(client.base_url))
    found = (one.ok() for one in schema.get_all_operations())
    (operation,) = [one for one in found if one.path == path]
    checks = [
        schemathesis.checks.not_a_server_error,
        described.status_code_conformance,
        described.content_type_conformance,
        described.response_schema_conformance,
    ]
    modes = schemathesis.GenerationMode
    mode = modes.POSITIVE if within else modes.NEGATIVE
    headers = {"Authorization": client.headers["Authorization"]}

    @seed(0)
    @settings(
        max_examples=_EACH,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def drawn(case: Any) -> None:
        # Sent by httpx: schemathesis' own way wants another urllib3 than caldav brings.
        sent: Any = case.as_transport_kwargs(headers=headers)
        sent.pop("cookies", None)
        if sent.get("data") is not None and "content" not in sent:
            sent["content"] = sent.pop("data")
        case.validate_response(client.request(**sent), checks=checks)

    drawn()
