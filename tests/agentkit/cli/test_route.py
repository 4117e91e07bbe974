from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from agentkit.backends.providers import PROVIDERS
from agentkit.cli.ladder import make_ladder
from agentkit.messages import Label, ToolCall, ToolResult, assistant, tool_result, user
from agentkit.routing import Facts, Route, choose
from agentkit.routing.rungs import rung_of
from agentkit.settings import Forwarder, RouterSettings
from agentkit.stores.sessions import Sessions
from tests.agentkit.cli.conftest import Cli

LADDER = """
[router]
ladder = ["reflex", "groq:llama-3.3-70b-versatile"]
[router.prices.groq]
read = 1000
written = 2000
"""
SECRET = "key-very-secret"


@pytest.fixture
def ladder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose ladder ends in a cloud without a key."""
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    with (home / "agentkit.toml").open("a") as file:
        file.write(LADDER)
    return home


@pytest.mark.parametrize(
    ("text", "backend", "reason"),
    [
        ("What is on tomorrow?", "reflex", "first on the ladder"),
        ("Ask the big model to plan it", "groq", "you asked for the big model"),
        ("Keep this private", "reflex", "you asked to keep this private"),
    ],
)
def test_why(cli: Cli, ladder: Path, text: str, backend: str, reason: str) -> None:
    """The ladder is explained without a key, and nothing is sent."""
    found = cli("route", "why", text, "--json").json
    assert (found["backend"], found["reason"]) == (backend, reason)
    assert [one["backend"] for one in found["ladder"]] == ["reflex", "groq"]


def test_why_on_a_terminal(cli: Cli, ladder: Path) -> None:
    """The rung that serves is marked; who may see the request is said."""
    out = cli("route", "why", "Hello").out
    assert "-> reflex" in out
    assert "would get this request as it is" in out


def test_why_says_what_keeps_it_here(cli: Cli, ladder: Path) -> None:
    """In the mode offline the cloud's line says why it would not be asked."""
    with (ladder / "agentkit.toml").open("a") as file:
        file.write('[privacy]\nmode = "offline"\n')
    _, groq = cli("route", "why", "Ask the big model", "--json").json["ladder"]
    assert groq["reason"] == "the privacy policy lets nothing leave"


@pytest.mark.parametrize(
    ("options", "leaves"),
    [
        pytest.param((), "never", id="private"),
        pytest.param(("--egress", "ask"), "ask", id="ask"),
        pytest.param(("--egress", "placeholders"), "placeholders", id="placeholders"),
        pytest.param(("--egress", "allow"), "allow", id="allow"),
    ],
)
def test_why_knows_the_users_values(
    cli: Cli, ladder: Path, options: tuple[str, ...], leaves: str
) -> None:
    """A typed address is nobody's label, and the gate looks for it all the same."""
    said = "Write a poem to ada@example.com"
    _, groq = cli("route", "why", said, *options, "--json").json["ladder"]
    assert groq["leaves"] == leaves


def test_a_ladder_with_a_mistake(cli: Cli, home: Path) -> None:
    """A backend that does not exist is named."""
    with (home / "agentkit.toml").open("a") as file:
        file.write('[router]\nladder = ["gorq"]\n')
    ran = cli("route", "why", "Hello")
    assert (ran.code, "there is no backend 'gorq'" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        pytest.param('at_least = {post = "gorq"}', "keeps post for 'gorq'", id="rung"),
        pytest.param(
            "prices = {gorq = {read = 1, written = 1}}",
            "[router.prices] names 'gorq'",
            id="price",
        ),
    ],
)
def test_a_rung_that_is_not_there(cli: Cli, home: Path, table: str, told: str) -> None:
    """A slip in a name would let the smallest model make the call."""
    with (home / "agentkit.toml").open("a") as file:
        file.write(f'[router]\nladder = ["reflex"]\n{table}\n')
    ran = cli("run", "What time is it?")
    assert ran.code == 2
    assert told in ran.err


@pytest.mark.parametrize("name", ["groq", "openai:any", "transformers:none"])
def test_a_backend_by_name_needs_no_key(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is only asked about need not be usable yet."""
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    ran = cli("route", "why", "Hello", "--backend", name, "--json")
    assert ran.json["backend"] == name.partition(":")[0]


def keep_conversation(home: Path) -> None:
    """Keep a conversation with a public and then a personal step."""
    call = ToolCall("list_events", {})
    with Sessions(home).create("past") as session:
        session.begin([user("Hello there")])
        for message in (
            assistant("Hello. What can I do?"),
            user("What is on today?"),
            assistant(calls=(call,)),
            tool_result(ToolResult(call, "done", "Dentist"), Label("tool", "personal")),
            assistant("The dentist."),
        ):
            session.say(message)


def test_replay(cli: Cli, home: Path, tmp_path: Path) -> None:
    """Yesterday's steps under another policy: what leaves, and what it costs."""
    keep_conversation(home)
    policy = tmp_path / "cloud.toml"
    policy.write_text(LADDER.replace('"reflex", ', ""))
    found = cli("route", "replay", "--policy", str(policy), "--json").json
    steps = found["sessions"]["past"]
    assert [step["backend"] for step in steps] == ["groq", "groq", ""]
    assert (found["steps"], found["left"], found["unserved"]) == (3, 2, 1)
    assert found["cost"] == pytest.approx(sum(step["cost"] or 0 for step in steps))
    assert found["cost"] > 0
    assert "Nothing was sent" in steps[2]["reason"]


def test_replay_under_an_open_policy(cli: Cli, home: Path, tmp_path: Path) -> None:
    """A policy that lets personal text go shows what would have left."""
    keep_conversation(home)
    policy = tmp_path / "open.toml"
    policy.write_text(LADDER.replace('"reflex", ', "") + '[privacy]\nmode = "open"\n')
    out = cli("route", "replay", "--policy", str(policy)).out
    assert "In all 3 steps: 3 would leave" in out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "names no ladder"),
        ("[router]\nladder = 7\n", "router.ladder"),
        ("[router]\nact_below = 3\n", "router.act_below"),
    ],
)
def test_a_policy_that_cannot_be_used(
    cli: Cli, home: Path, tmp_path: Path, content: str, told: str
) -> None:
    """What is wrong with the file is said in one sentence."""
    policy = tmp_path / "policy.toml"
    policy.write_text(content)
    ran = cli("route", "replay", "--policy", str(policy))
    assert (ran.code, told in ran.err) == (2, True)


def test_nothing_to_replay(cli: Cli, home: Path, tmp_path: Path) -> None:
    """A home without conversations says so."""
    policy = tmp_path / "policy.toml"
    policy.write_text(LADDER)
    ran = cli("route", "replay", "--policy", str(policy))
    assert (ran.code, "no kept conversations" in ran.err) == (2, True)


def test_providers_show_no_key(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a key is set is shown, and never the key."""
    monkeypatch.setenv("GROQ_API_KEY", SECRET)
    monkeypatch.delenv("TOGETHER_API_KEY", raising=False)
    ran = cli("providers", "--verbose")
    assert "GROQ_API_KEY is set" in ran.out
    assert "TOGETHER_API_KEY is not set" in ran.out
    assert SECRET not in ran.out + ran.err


def test_providers_as_json(
    cli: Cli, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each provider's facts, and what is missing to use it."""
    monkeypatch.delenv("AWS_REGION", raising=False)
    found = {one["name"]: one for one in cli("providers", "--json").json["providers"]}
    assert found["bedrock"]["missing"] == ["AWS_REGION"]
    assert found["bedrock"]["unsure"]
    assert found["vllm"]["key_is_set"] is True


def test_a_rung_without_its_key_is_passed_over(cli: Cli, ladder: Path) -> None:
    """A local rung serves though the cloud of the ladder has no key."""
    found = cli("run", "What time is it?", "--json").json
    assert (found["outcome"], found["route"]["backend"]) == ("done", "reflex")


def test_why_a_rung_was_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for the big model, the local one serves and the missing key is named."""
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    ladder = make_ladder(RouterSettings(ladder=("reflex", "groq"), windows={"groq": 9}))
    rungs = tuple(rung_of(one.name, one) for one in ladder)
    found = choose(Facts(rungs, wish="big"))
    assert isinstance(found, Route)
    assert (found.backend, rungs[1].window) == ("reflex", 9)
    assert "set GROQ_API_KEY" in found.reason


def test_doctor_tells_of_the_rung(cli: Cli, ladder: Path) -> None:
    """`doctor` names each rung, and what one lacks."""
    rungs = [f for f in cli("doctor", "--json").json["findings"] if f["what"] == "rung"]
    assert [one["state"] for one in rungs] == ["ok", "note"]
    assert "set GROQ_API_KEY" in rungs[1]["told"]


def test_a_ladder_of_which_nothing_can_be_made(cli: Cli, ladder: Path) -> None:
    """Where every rung lacks something, the first one's lack is told at once."""
    text = (ladder / "agentkit.toml").read_text("utf-8")
    text = text.replace('["reflex", "groq:', '["groq:')
    (ladder / "agentkit.toml").write_text(text, "utf-8")
    told = cli("run", "What time is it?")
    assert told.code
    assert "set GROQ_API_KEY" in told.err


def test_providers_tell_who_can_be_used(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, raw text, and whether all that a host needs is set."""
    monkeypatch.setenv("TOGETHER_API_KEY", SECRET)
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    told = cli("providers", "--json")
    rows = {one["name"]: one for one in told.json["providers"]}
    assert (rows["together"]["usable"], rows["groq"]["usable"]) == (True, False)
    assert (rows["together"]["completes"], rows["groq"]["completes"]) == (True, False)
    assert rows["groq"]["window"] == 131_072
    assert SECRET not in told.out


def _remote(home: Path, *names: str) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with (home / "agentkit.toml").open("a") as file:
        file.write(f"[privacy]\nremote = [{listed}]\n")


@pytest.mark.parametrize(
    ("backend", "leaves"),
    [
        pytest.param("openai:m", "allow", id="a server that is said to pass on"),
        pytest.param("vllm:m", "", id="another kind on loopback"),
        pytest.param("ollama-openai:m:cloud", "allow", id="a cloud model of Ollama's"),
    ],
)
def test_remote_servers_on_loopback(
    cli: Cli,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    backend: str,
    leaves: str,
) -> None:
    """`[privacy] remote` makes a server on loopback count as leaving the device."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:4000/v1")
    _remote(home, "openai")
    told = cli("route", "why", "What is 1 + 2?", "--backend", backend, "--json")
    assert [one["leaves"] for one in told.json["ladder"]] == [leaves]


def test_remote_that_is_no_server(cli: Cli, home: Path) -> None:
    """A name that is none is told, and not passed over."""
    _remote(home, "opnai")
    told = cli("run", "Hello")
    assert told.code == 2
    assert "privacy.remote.0: \"opnai\" must be 'openai', 'ollama'" in told.err


def test_remote_knows_every_server_without_a_key() -> None:
    """Each kind of server that may listen on loopback can be named."""
    local = {one.name for one in PROVIDERS if not one.key}
    assert {"openai", "ollama"} | local == set(get_args(Forwarder))


def test_settings_know_a_local_window_better() -> None:
    """`[router.windows]` holds for a runtime that has a window of its own, too."""
    one, other = "ollama:llama3.2:1b", "ollama:llama3.2:3b"
    ladder = make_ladder(RouterSettings(ladder=(one, other), windows={other: 4096}))
    assert [(rung.name, rung.traits.window) for rung in ladder] == [
        ("ollama", 8192),
        (other, 4096),
    ]
    assert ladder[1].traits.destination == ladder[0].traits.destination
