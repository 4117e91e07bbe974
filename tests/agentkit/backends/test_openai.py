from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import pytest

from agentkit.backends import OpenAIBackend, Reply
from agentkit.errors import (
    BackendError,
    BackendProtocolError,
    BackendTimeout,
    BackendUnavailable,
    ConfigError,
    MissingPackage,
)
from agentkit.installation.distribution import install_command
from agentkit.messages import ToolCall, ToolResult, assistant, system, tool_result, user
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    completion,
    delta,
    hang,
    page,
    piece,
    raw_stream,
    redirect,
    refusal,
    stall,
    stream,
    text,
    vanish,
)
from tests.turned_clock import HOUR

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)

KEY = "sk-very-secret"
HELLO = json.dumps(delta("Hello"))


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "AGENTKIT_MODEL"):
        monkeypatch.delenv(name, raising=False)


def backend(endpoint: FakeEndpoint, **options: Any) -> OpenAIBackend:
    defaults: dict[str, Any] = {"retry_wait": 0.01, "timeout": HOUR}
    url = options.pop("base_url", endpoint.url)
    return OpenAIBackend("tiny", base_url=url, **{**defaults, **options})


def ask(
    endpoint: FakeEndpoint, asking: Asking, *answers: Answer, **options: Any
) -> Reply:
    endpoint.script(*answers)
    return endpoint.clock.run(backend(endpoint, **options).reply(asking.request()))


def shown(reply: Reply) -> list[tuple[str, Any]]:
    return [(call.name, dict(call.arguments)) for call in reply.calls]


def test_text_is_streamed_and_counted(endpoint: FakeEndpoint, asking: Asking) -> None:
    """Text arrives piece by piece, with the server's count of tokens."""
    reply = ask(endpoint, asking, stream(delta("It is"), delta(" three.")))
    assert ("".join(asking.heard), len(asking.heard) > 1) == ("It is three.", True)
    assert (reply.text, reply.tokens_in, reply.tokens_out) == ("It is three.", 11, 7)


def test_request_says_model_date_and_tools(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """The request names the model, the day and the tools, and asks for a stream."""
    ask(endpoint, asking, text("Three."))
    (received,) = endpoint.received
    assert received.path == "/v1/chat/completions"
    assert (received.body["model"], received.body["stream"]) == ("tiny", True)
    assert received.body["messages"] == [
        {"role": "system", "content": "Today is Thursday, 5 March 2026."},
        {"role": "user", "content": "What is 1 + 2?"},
    ]
    function = received.body["tools"][0]["function"]
    assert (function["name"], function["description"]) == ("add", "Add two numbers.")
    assert function["parameters"]["required"] == ["a"]


def test_a_schema_is_asked_for(endpoint: FakeEndpoint, asking: Asking) -> None:
    """What the answer must fit goes along; a server that refuses it gets words alone."""
    refused = refusal(400, "response_format is not supported")
    endpoint.script(refused, text("7"), text("8"))
    used = backend(endpoint)
    request = replace(asking.request(), schema={"type": "integer"})

    async def twice() -> list[str]:
        return [(await used.reply(request)).text for _ in range(2)]

    assert asyncio.run(twice()) == ["7", "8"]
    first, *others = [received.body for received in endpoint.received]
    assert first["response_format"]["json_schema"]["schema"] == {"type": "integer"}
    assert ["response_format" in body for body in others] == [False, False]


def test_no_tools_no_field(endpoint: FakeEndpoint, asking: Asking) -> None:
    """Without tools the request has no `tools`: servers refuse an empty list."""
    endpoint.script(text("Hi."))
    asyncio.run(backend(endpoint).reply(asking.request(tools=False)))
    assert "tools" not in endpoint.received[0].body


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param(
            [
                delta(calls=[piece(0, "add", "", "c1")]),
                delta(calls=[piece(0, None, '{"a": 1,')]),
                delta(calls=[piece(0, None, ' "b": 2}')]),
                delta(calls=[piece(1, "mail_search", '{"words": "x"}', "c2")]),
            ],
            id="arguments in pieces",
        ),
        pytest.param(
            [
                delta(calls=[piece(0, "add", '{"a": 1, "b": 2}', "c1")]),
                delta(calls=[piece(0, "mail_search", '{"words": "x"}', "c2")]),
            ],
            id="all numbered 0",
        ),
        pytest.param(
            [
                delta(
                    calls=[
                        piece(None, "add", {"a": 1, "b": 2}),
                        piece(None, "mail_search", {"words": "x"}),
                    ]
                )
            ],
            id="objects, not numbered",
        ),
        pytest.param(
            [
                delta(calls=[piece(0, "add", '"{\\"a\\": 1, \\"b\\": 2}"', "c1")]),
                delta(calls=[piece(1, "mail_search", '{"words": "x"}', "c1x")]),
            ],
            id="JSON inside a string",
        ),
        pytest.param(
            [delta('[add(a=1, b=2), mail.search(words="x")]')], id="pythonic text"
        ),
    ],
)
def test_calls_are_read(
    endpoint: FakeEndpoint, asking: Asking, chunks: list[object]
) -> None:
    """However a server dresses two calls, both are read, under their own names."""
    reply = ask(endpoint, asking, stream(*chunks, reason="tool_calls"))
    assert shown(reply) == [("add", {"a": 1, "b": 2}), ("mail.search", {"words": "x"})]
    assert asking.heard == []


@pytest.mark.parametrize(
    ("written", "reason", "words"),
    [
        pytest.param('{"a": 1', "tool_calls", "no JSON object", id="cut"),
        pytest.param('{"a": 1', "length", "cut off", id="token limit"),
        pytest.param("[1]", "tool_calls", "no JSON object", id="list"),
        pytest.param("[" * 9000, "tool_calls", "no JSON object", id="deep"),
    ],
)
def test_bad_arguments_are_told_to_the_model(
    endpoint: FakeEndpoint, asking: Asking, written: str, reason: str, words: str
) -> None:
    """Arguments that are no JSON object become a fault, not an exception."""
    calls = [piece(0, "add", written, "c1"), piece(1, "add", "", "c2")]
    reply = ask(endpoint, asking, stream(delta(calls=calls), reason=reason))
    assert [fault.tool for fault in reply.faults] == ["add"]
    assert words in reply.faults[0].message
    assert shown(reply) == [("add", {})]


def test_history_pairs_calls_with_results(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """Each call has one result behind it; a stray result is told in words."""
    one, two = ToolCall("add", {"a": 1}), ToolCall("mail.search", {"words": "\udcff"})
    turns = (
        system("Be brief."),
        user("Go"),
        assistant("On it.", (one, two)),
        tool_result(ToolResult(ToolCall("sub"), "error", "there is no tool 'sub'")),
        tool_result(ToolResult(one, "done", {"sum": 1})),
        user("And?"),
    )
    endpoint.script(text("Done."))
    asyncio.run(backend(endpoint).reply(asking.request(turns)))
    sent = endpoint.received[0].body["messages"]
    assert [message["role"] for message in sent] == (
        ["system", "user", "assistant", "tool", "tool", "user", "user"]
    )
    assert sent[0]["content"] == "Be brief.\n\nToday is Thursday, 5 March 2026."
    assert [c["function"]["name"] for c in sent[2]["tool_calls"]] == [
        "add",
        "mail_search",
    ]
    assert [c["id"] for c in sent[2]["tool_calls"]] == [
        message["tool_call_id"] for message in sent[3:5]
    ]
    assert [message["content"] for message in sent[3:6]] == [
        '{"sum": 1}',
        '{"error": "not run"}',
        'Result of sub: {"error": "there is no tool \'sub\'"}',
    ]


def test_completions_send_our_own_prompt(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """In completions mode the server gets agentkit's prompt as one text."""
    answer = completion("[add(a=1,", " b=2)]")
    reply = ask(endpoint, asking, answer, mode="completions")
    (received,) = endpoint.received
    prompt: str = received.body["prompt"]
    assert received.path == "/v1/completions"
    assert prompt.startswith("<|start_header_id|>system")
    assert prompt.endswith("<|start_header_id|>assistant<|end_header_id|>\n\n")
    assert received.body["stop"] == ["<|eot_id|>", "<|eom_id|>"]
    assert shown(reply) == [("add", {"a": 1, "b": 2})]


def test_auto_falls_back_to_completions_and_stays(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """A server without chat is asked for completions, from then on at once."""
    endpoint.script(refusal(404), completion("One."), completion("Two."))
    used = backend(endpoint)

    async def twice() -> list[str]:
        return [(await used.reply(asking.request())).text for _ in range(2)]

    assert asyncio.run(twice()) == ["One.", "Two."]
    assert [received.path for received in endpoint.received] == [
        "/v1/chat/completions",
        "/v1/completions",
        "/v1/completions",
    ]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(
            page(200, "<html>Welcome</html>", "text/html"),
            BackendProtocolError,
            "answered text/html, not an event stream: is it the right base URL",
            id="HTML",
        ),
        pytest.param(
            page(500, "<html>Oops</html>", "text/html"),
            BackendUnavailable,
            r"failed \(500\)[^<]*$",
            id="HTML with 500",
        ),
        pytest.param(
            raw_stream([HELLO, '{"choices": [']),
            BackendProtocolError,
            "not the OpenAI protocol",
            id="broken JSON",
        ),
        pytest.param(
            raw_stream(['{"choices": "many"}']),
            BackendProtocolError,
            "not the OpenAI protocol",
            id="other JSON",
        ),
        pytest.param(
            raw_stream(["[1, 2]"]),
            BackendProtocolError,
            "not the OpenAI protocol",
            id="a list",
        ),
        pytest.param(
            raw_stream([HELLO]), BackendProtocolError, "in mid-answer", id="ends early"
        ),
        pytest.param(
            raw_stream([]), BackendProtocolError, "without an answer", id="says nothing"
        ),
        pytest.param(
            raw_stream([HELLO], promised=9999),
            BackendUnavailable,
            "broke the connection",
            id="drops in mid-stream",
        ),
        pytest.param(
            vanish, BackendUnavailable, "broke the connection", id="drops at once"
        ),
        pytest.param(
            raw_stream(['{"error": {"message": "model\\ncrashed"}}']),
            BackendUnavailable,
            "stopped with an error; it says: model crashed",
            id="error in the stream",
        ),
        pytest.param(refusal(401), BackendUnavailable, "refuses the API key", id="401"),
        pytest.param(refusal(402), BackendUnavailable, "wants to be paid", id="402"),
        pytest.param(
            refusal(404, "no such model"),
            BackendUnavailable,
            "no model 'tiny'.*no such model",
            id="404",
        ),
        pytest.param(
            refusal(400, "too long"),
            BackendUnavailable,
            r"rejects the request \(400\); it says: too long",
            id="400",
        ),
        pytest.param(refusal(429), BackendUnavailable, "busy", id="429"),
        pytest.param(refusal(503), BackendUnavailable, r"failed \(503\)", id="503"),
        pytest.param(
            redirect("http://127.0.0.1:9/v1"),
            BackendUnavailable,
            "redirects elsewhere",
            id="redirect",
        ),
    ],
)
def test_misbehaviour_is_one_sentence(
    endpoint: FakeEndpoint,
    asking: Asking,
    answer: Answer,
    error: type[BackendError],
    words: str,
) -> None:
    """Whatever a server does wrong is told in one clear line."""
    with pytest.raises(error, match=words) as raised:
        ask(endpoint, asking, answer)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "answer", [hang, stall], ids=["from the start", "in mid-answer"]
)
def test_silence_is_a_timeout(
    endpoint: FakeEndpoint, asking: Asking, answer: Answer
) -> None:
    """A server that falls silent is given up on, and not asked again."""
    with pytest.raises(BackendTimeout, match=r"no answer for 3600 s"):
        ask(endpoint, asking, answer)
    assert len(endpoint.received) == 1


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        pytest.param({"content": "Hello"}, [], id="text"),
        pytest.param(
            {"content": None, "tool_calls": [piece(0, "add", '{"a": 1, "b": 2}')]},
            [("add", {"a": 1, "b": 2})],
            id="call",
        ),
    ],
)
def test_server_that_does_not_stream(
    endpoint: FakeEndpoint, asking: Asking, said: dict[str, Any], calls: list[Any]
) -> None:
    """A server that answers in one piece is understood, too."""
    whole = page(200, json.dumps({"choices": [{"index": 0, "message": said}]}))
    reply = ask(endpoint, asking, whole)
    assert reply.text == (said["content"] or "")
    assert shown(reply) == calls


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"choices": []}', "{", "[" * 9000])
def test_one_piece_that_is_no_answer(
    endpoint: FakeEndpoint, asking: Asking, body: str
) -> None:
    """JSON that is no completion is told as not the protocol."""
    with pytest.raises(BackendProtocolError, match="not an event stream"):
        ask(endpoint, asking, page(200, body))


def test_refused_connection(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A port where nobody listens is told with the address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/v1"
    with pytest.raises(BackendUnavailable, match=f"{port}/v1 cannot be reached"):
        ask(endpoint, asking, text("x"), base_url=url)


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        pytest.param([refusal(429), text("Hello")], 2, id="busy"),
        pytest.param([refusal(500), vanish, text("Hello")], 3, id="broken twice"),
    ],
)
def test_tries_again_before_the_first_word(
    endpoint: FakeEndpoint, asking: Asking, answers: list[Answer], tries: int
) -> None:
    """What may pass is tried again, and the answer is told once."""
    assert ask(endpoint, asking, *answers).text == "Hello"
    assert asking.heard == ["Hello"]
    assert len(endpoint.received) == tries


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        pytest.param(refusal(503), 3, id="still down"),
        pytest.param(refusal(401), 1, id="wrong key"),
        pytest.param(raw_stream([HELLO], promised=9999), 1, id="after the first word"),
    ],
)
def test_tries_are_bounded(
    endpoint: FakeEndpoint, asking: Asking, answer: Answer, tries: int
) -> None:
    """Tries end after three, and at once when they cannot help or may repeat."""
    with pytest.raises(BackendError):
        ask(endpoint, asking, answer)
    assert len(endpoint.received) == tries


def test_key_is_sent_and_never_shown(endpoint: FakeEndpoint, asking: Asking) -> None:
    """The key goes into the header, and into no error and no `repr`."""
    endpoint.script(refusal(401, f"Incorrect API key: {KEY}"))
    used = backend(endpoint, api_key=KEY)
    with pytest.raises(BackendUnavailable) as raised:
        asyncio.run(used.reply(asking.request()))
    assert endpoint.received[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in f"{raised.value} {used!r} {vars(used)}"


def test_loopback_needs_no_key(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A server on the device is asked without a key of the user's."""
    ask(endpoint, asking, text("Hi."))
    assert endpoint.received[0].headers["authorization"] == "Bearer not-needed"


@pytest.mark.parametrize(
    ("url", "on_device"),
    [
        pytest.param("http://127.0.0.1:8000/v1", True, id="127.0.0.1"),
        pytest.param("http://127.9.9.9/v1", True, id="127.0.0.0/8"),
        pytest.param("http://[::1]:8000/v1", True, id="::1"),
        pytest.param("http://LocalHost:11434", True, id="localhost"),
        pytest.param("http://localhost.example.org/v1", False, id="looks local"),
        pytest.param("http://127.0.0.1.example.org/v1", False, id="looks loopback"),
        pytest.param("http://192.168.1.5:8000/v1", False, id="home network"),
        pytest.param("http://0.0.0.0:8000/v1", False, id="any address"),
        pytest.param("https://api.example.org/v1", False, id="cloud"),
    ],
)
def test_on_device_is_loopback(url: str, on_device: bool) -> None:
    """Only loopback counts as on the device."""
    assert OpenAIBackend("m", base_url=url, api_key="k").traits.on_device is on_device


@pytest.mark.parametrize(
    ("model", "on_device"),
    [
        pytest.param("gpt-oss:120b-cloud", False, id="a tag that ends in -cloud"),
        pytest.param("qwen3:Cloud", False, id="the tag cloud, in any case"),
        pytest.param("glm-cloud ", False, id="no tag"),
        pytest.param("cloud-llama:1b", True, id="cloud in front"),
        pytest.param("thundercloud:1b", True, id="a word that ends so"),
    ],
)
def test_cloud_models_of_ollama_leave(model: str, on_device: bool) -> None:
    """On loopback too, a name that Ollama passes on is not on the device."""
    local = OpenAIBackend(model, base_url="http://127.0.0.1:11434/v1")
    assert local.traits.on_device is on_device


def test_a_proxy_on_loopback_can_be_told() -> None:
    """on_device=False holds for loopback, which needs no key all the same."""
    local = "http://127.0.0.1:4000/v1"
    assert not OpenAIBackend("m", base_url=local, on_device=False).traits.on_device


@pytest.mark.parametrize(
    ("url", "model", "why"),
    [
        pytest.param("http://192.168.1.5/v1", "m", "another machine", id="home"),
        pytest.param("http://127.0.0.1/v1", "m:cloud", "a cloud model", id="cloud"),
    ],
)
def test_elsewhere_is_never_the_device(url: str, model: str, why: str) -> None:
    """on_device=True is refused where it is not so."""
    with pytest.raises(ConfigError, match=why):
        OpenAIBackend(model, base_url=url, api_key="k", on_device=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/v1",
        "127.0.0.1:8000",
        "http://localhost@example.org/v1",
        "http://127.0.0.1\\@example.org/v1",
        "http://127.0.0.1:http/v1",
        "http://[::1/v1",
        "http:///v1",
        "http://example.org/v1?key=1",
        "http://exa mple.org/v1",
    ],
)
def test_bad_address_is_refused(url: str) -> None:
    """An address that could be read in two ways is refused before anything is sent."""
    with pytest.raises(ConfigError, match="base URL"):
        OpenAIBackend("m", base_url=url, api_key="k")


def test_cloud_needs_a_key() -> None:
    """Without a key, a cloud endpoint is refused with what to set."""
    with pytest.raises(ConfigError, match=r"api\.openai\.com needs an API key"):
        OpenAIBackend("m")


def test_model_must_be_named() -> None:
    """Without a model there is nothing to ask for."""
    with pytest.raises(ConfigError, match="model"):
        OpenAIBackend(base_url="http://127.0.0.1:8000/v1")


def test_address_without_path_means_v1(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A bare host and port is taken as `/v1`."""
    ask(endpoint, asking, text("Hi."), base_url=f"http://localhost:{endpoint.port}/")
    assert endpoint.received[0].path == "/v1/chat/completions"


def test_bytes_that_leave_are_counted(endpoint: FakeEndpoint, asking: Asking) -> None:
    """Bodies sent to another host are counted, failed tries included.

    127.1 is loopback to the system and to no reader of addresses, so it counts as
    another host.
    """
    url = f"http://127.1:{endpoint.port}/v1"
    endpoint.script(refusal(429), text("Hi."))
    used = backend(endpoint, base_url=url, api_key=KEY)
    reply = asyncio.run(used.reply(asking.request()))
    sent = sum(len(received.raw) for received in endpoint.received)
    assert (reply.bytes_out, used.bytes_sent) == (sent, sent)
    assert len(endpoint.received) == 2


def test_bytes_of_a_refused_schema_are_counted(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """What left with a schema that the server refused counts beside the second try."""
    url = f"http://127.1:{endpoint.port}/v1"
    endpoint.script(refusal(400, "response_format is not supported"), text("7"))
    used = backend(endpoint, base_url=url, api_key=KEY)
    request = replace(asking.request(), schema={"type": "integer"})
    reply = asyncio.run(used.reply(request))
    sent = sum(len(received.raw) for received in endpoint.received)
    assert (len(endpoint.received), reply.bytes_out) == (2, sent)


def test_what_was_never_sent_is_not_counted(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """Without a connection nothing leaves the device."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    away = backend(endpoint, base_url=f"http://127.1:{port}/v1", api_key=KEY)
    with pytest.raises(BackendUnavailable) as told:
        asyncio.run(away.reply(asking.request()))
    assert (told.value.bytes_out, away.bytes_sent) == (0, 0)


def test_nothing_leaves_through_loopback(
    endpoint: FakeEndpoint, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server on the device is asked directly, even where a proxy is set."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert ask(endpoint, asking, text("Hi.")).bytes_out == 0


def test_cancelling_leaves_it_usable(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A cancelled request ends at once, and the next one is answered."""
    endpoint.script(stall, text("Fine."))
    used = backend(endpoint)
    started = asyncio.Event()

    async def cancel_then_ask() -> str:
        asking.heard = _Signal(started)
        task = asyncio.create_task(used.reply(asking.request()))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return (await used.reply(asking.request())).text

    assert asyncio.run(cancel_then_ask()) == "Fine."


class _Signal(list[str]):
    """A list that tells when something is put into it."""

    def __init__(self, event: asyncio.Event) -> None:
        super().__init__()
        self._event = event

    def append(self, piece: str, /) -> None:
        self._event.set()


def test_text_before_a_call_is_kept(endpoint: FakeEndpoint, asking: Asking) -> None:
    """What is said beside a call is streamed and kept."""
    chunks = [delta("Let me see."), delta(calls=[piece(0, "add", '{"a": 1}', "c")])]
    reply = ask(endpoint, asking, stream(*chunks, reason="tool_calls"))
    assert (reply.text, shown(reply)) == ("Let me see.", [("add", {"a": 1})])


def test_endless_answer_is_cut(endpoint: FakeEndpoint, asking: Asking) -> None:
    """A server that never ends is stopped at a size."""
    endless = raw_stream(json.dumps(delta("x" * 100_000)) for _ in range(1000))
    with pytest.raises(BackendProtocolError, match="longer than"):
        ask(endpoint, asking, endless)


def test_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, one sentence has the command that installs it."""
    monkeypatch.setitem(sys.modules, "openai", None)
    told = install_command("openai", "openai")
    with pytest.raises(MissingPackage, match=re.escape(told)):
        OpenAIBackend("m", base_url="http://127.0.0.1:8000/v1")


@pytest.mark.parametrize(
    ("grammar", "key"),
    [("gbnf", "grammar"), ("structural_tag", "response_format"), ("off", "")],
)
def test_grammar_goes_with_completions(
    endpoint: FakeEndpoint, asking: Asking, grammar: Any, key: str
) -> None:
    """A server that takes a grammar gets the toolset's own, others get none."""
    ask(endpoint, asking, completion("Hi."), mode="completions", grammar=grammar)
    body = endpoint.received[0].body
    assert {"grammar", "response_format"}.intersection(body) == ({key} - {""})
    assert not key or "add(" in json.dumps(body[key])


def test_no_tools_no_grammar(endpoint: FakeEndpoint, asking: Asking) -> None:
    """Without tools there is nothing to hold a model to."""
    endpoint.script(completion("Hi."))
    made = backend(endpoint, mode="completions", grammar="gbnf")
    asyncio.run(made.reply(asking.request(tools=False)))
    assert "grammar" not in endpoint.received[0].body
