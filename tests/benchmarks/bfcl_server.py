"""The same questions under llama.cpp's own server: `python -m tests.benchmarks.bfcl_server`.

Needs what `bfcl.py` needs. Every question is sent as chat with `tools`, as the server's
documentation has it. Right is what it returns as tool calls, or, to be fair to a model that
writes them as text, what agentkit's parser reads in its text. With --peer the question is
put to a `ToolCallingAgent` of smolagents (`pip install --no-deps smolagents python-dotenv`,
in a folder on PYTHONPATH) that has the same server, for one step.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path
from typing import Any

from agentkit.backends.replies import reply_from_text
from agentkit.messages import ToolCall
from agentkit.tools import AnyTool
from tests.benchmarks.bfcl import is_right, lines, toolset_of, weights

_SERVE = """
import sys, time
import xllamacpp
options = xllamacpp.CommonParams()
options.model.path, options.port = sys.argv[1], int(sys.argv[2])
options.n_ctx, options.n_parallel, options.use_jinja = 4096, 1, True
options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(options)
while True:
    time.sleep(60)
"""


def main() -> None:
    """Start the server, ask, judge and print."""
    parser = argparse.ArgumentParser(description="BFCL under llama.cpp's server.")
    parser.add_argument("--bfcl", required=True, help="folder of the package bfcl_eval")
    parser.add_argument("--category", default="simple_python")
    parser.add_argument(
        "--rows", type=int, default=60, help="every so many-th, so many"
    )
    parser.add_argument("--peer", action="store_true", help="through smolagents")
    options = parser.parse_args()
    ask = _calls_of_peer if options.peer else _calls
    sys.path.insert(0, options.bfcl)
    folder = Path(options.bfcl) / "bfcl_eval" / "data"
    rows = lines(folder / f"BFCL_v4_{options.category}.json")
    rows = rows[:: max(len(rows) // options.rows, 1)][: options.rows]
    listed = lines(folder / "possible_answer" / f"BFCL_v4_{options.category}.json")
    truth = {one["id"]: one["ground_truth"] for one in listed}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", _SERVE, str(weights()), str(port)])
    called = right = 0
    try:
        for row in rows:
            calls = ask(port, row)
            called += bool(calls)
            right += is_right(
                row["function"], calls, truth[row["id"]], options.category
            )
            print(row["id"], [(c.name, dict(c.arguments)) for c in calls], flush=True)
    finally:
        server.kill()
    print(f"{right} of {len(rows)} right, {called} called")


def _calls(port: int, row: dict[str, Any]) -> tuple[ToolCall, ...]:
    toolset = toolset_of(row["function"])
    tools = [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in toolset
    ]
    body = {"messages": row["question"][0], "tools": tools, "max_tokens": 120}
    body["temperature"] = 0
    message = _posted(port, body)["choices"][0]["message"]
    told = [one["function"] for one in message.get("tool_calls") or ()]
    if told:
        return tuple(
            ToolCall(one["name"], json.loads(one["arguments"]), str(n))
            for n, one in enumerate(told)
        )
    return reply_from_text(message.get("content") or "", toolset).calls


def _calls_of_peer(port: int, row: dict[str, Any]) -> tuple[ToolCall, ...]:
    """Return what an agent of smolagents calls in its first step."""
    smol: Any = import_module("smolagents")
    _posted(port, {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 1})
    made: list[ToolCall] = []

    class Recorder(smol.Tool):  # type: ignore[misc]
        """A tool that notes what it was called with."""

        skip_forward_signature_validation = True
        output_type = "string"

        def __init__(self, tool: AnyTool) -> None:
            fields: dict[str, Any] = dict(tool.parameters["properties"])
            needed = tool.parameters.get("required", [])
            self.name, self.description = tool.name, tool.description
            self.inputs = {
                name: {
                    "type": facts.get("type", "any"),
                    "description": facts.get("description", name),
                    **({} if name in needed else {"nullable": True}),
                }
                for name, facts in fields.items()
            }
            super().__init__()  # pyright: ignore[reportUnknownMemberType]

        def forward(self, **given: Any) -> str:
            made.append(ToolCall(self.name, given))
            return "noted"

    model = smol.OpenAIServerModel(
        "local",
        api_base=f"http://127.0.0.1:{port}/v1",
        api_key="none",
        max_tokens=120,
        temperature=0,
    )
    tools = [Recorder(tool) for tool in toolset_of(row["function"])]
    agent = smol.ToolCallingAgent(tools, model, max_steps=1, verbosity_level=-1)
    try:
        agent.run(row["question"][0][-1]["content"])
    except smol.AgentError as exc:
        print(type(exc).__name__, file=sys.stderr)
    return tuple(made)


def _posted(port: int, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    until = time.monotonic() + 600
    while True:
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        # It loads the model first.
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


if __name__ == "__main__":
    main()
