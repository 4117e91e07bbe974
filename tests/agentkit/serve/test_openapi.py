"""The API does what its document says, whatever is sent within it and beside it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import ScriptedBackend

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow


def test_each_address_of_the_document_answers(serve: Serve) -> None:
    """None of them is unknown to the server, and none takes another method."""
    client = serve(ScriptedBackend(["Good morning."], repeat=True))
    document: dict[str, Any] = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            answer = client.request(method, path.replace("{name}", "model"))
            expected = 200 if method == "get" else 400  # a body is missing
            assert answer.status_code == expected, (method, path)
            assert str(answer.status_code) in methods[method]["responses"]


def test_each_reference_leads_to_a_schema(serve: Serve) -> None:
    """Whoever makes a client of it finds every shape that is named."""
    document = serve().get("/openapi.json").json()
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert named
    assert named <= set(document["components"]["schemas"])


def test_drawn_requests_are_answered_as_the_document_says() -> None:
    """None of them ends in a fault of ours, and each answer has a described shape."""
    pytest.importorskip("schemathesis")
    drawn = subprocess.run(
        [sys.executable, "-m", "tests.agentkit.serve.drawn_requests"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        check=False,
    )
    assert drawn.returncode == 0, drawn.stdout + drawn.stderr
    assert "POST /v1/responses negative" in drawn.stdout
