"""What an error may say: no key, no password, no place on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Limits, Policy, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import ToolError
from agentkit.privacy.redaction import ERROR_LENGTH, error_line, redact

_RANDOM = "Zq8Lk2Vt9Rw4Xy7Pm3Nc6Bd1"
KEYS = {
    "openai": f"sk-proj-{_RANDOM * 2}",
    "anthropic": f"sk-ant-api03-{_RANDOM * 2}-AA",
    "aws id": "AKIA" + "IOSFODNN7EXAMPLE",
    "aws secret": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "google": f"AIzaSy{_RANDOM}abcdefghi",
    "google oauth": f"ya29.{_RANDOM}",
    "github": "ghp_" + "a1B2" * 9,
    "github fine": f"github_pat_{_RANDOM * 3}",
    "gitlab": f"glpat-{_RANDOM[:20]}",
    "slack": "xoxb-123456789012-abcDEFghiJKLmnoPQRstuVWX",
    "stripe": f"sk_live_{_RANDOM}",
    "sendgrid": f"SG.{_RANDOM[:22]}.{_RANDOM * 2}",
    "twilio": "SK" + "0a1b2c3d" * 4,
    "telegram": f"123456789:AAF{_RANDOM}abcdefgh",
    "hugging face": "hf_" + "AbCdEfGhIj" * 3 + "KlMn",
    "npm": "npm_" + "AbCdEf" * 6,
    "pypi": f"pypi-AgEIcHlwaS5vcmc{_RANDOM * 2}",
    "groq": f"gsk_{_RANDOM * 2}",
    "digitalocean": "dop_v1_" + "0a1b2c3d" * 8,
    "mailgun": "key-" + "0a1b2c3d" * 4,
    "square": f"EAAA{_RANDOM * 2}",
    "shopify": "shpat_" + "0a1b2c3d" * 4,
    "linear": f"lin_api_{_RANDOM}",
    "notion": f"secret_{_RANDOM}abcdefghijklmnopq",
    "hex": "0a1b2c3d" * 8,
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
}


@pytest.mark.parametrize("key", KEYS.values(), ids=list(KEYS))
def test_no_key_of_any_maker_is_told(key: str) -> None:
    """Not in part either."""
    said = redact(f"login with {key} refused")
    pieces = {key[i : i + 12] for i in range(0, len(key) - 12, 4)}
    assert not [piece for piece in pieces if piece in said]
    assert said.startswith("login with ")
    assert said.endswith(" refused")


HIDDEN = {
    "address": ("pg://ana:p@ss:w0rd@db.org/x", "pg://<secret>@db.org/x"),
    "address, user only": ("at https://t0ken@h.org/a", "at https://<secret>@h.org/a"),
    "webhook": (
        "https://hooks.slack.com/services/T0/B0/q7Rk",
        "https://hooks.slack.com/services/<secret>",
    ),
    "dsn": ("user=ana password=hunter2 db=x", "user=ana password=<secret> db=x"),
    "quoted": ("password='correct horse'", "password=<secret>"),
    "braces": ("Uid=ana;Pwd={hun;ter};", "Uid=ana;Pwd=<secret>;"),
    "json": ('{"password": "a b", "x": 1}', '{"password": <secret>, "x": 1}'),
    "repr": ("{'api_key': 'abc123', 'x': 1}", "{'api_key': <secret>, 'x': 1}"),
    "clause": ("password: tiger lily, again", "password: <secret>, again"),
    "sentence": ("the password for ana is tiger-lily", "the password for ana is <secret>"),
    "longer name": ("client_secret=xyzabc", "client_secret=<secret>"),
    "bearer": ("got Bearer abc.def-123 here", "got Bearer <secret> here"),
    "header": ("Authorization: Basic YW5hOmh1bnQ=", "Authorization: <secret>"),
    "cookie": ("Cookie: session=abcd; id=5", "Cookie: <secret>"),
    "query": ("GET /cb?code=abc&x=1", "GET /cb?code=<secret>&x=1"),
    "pem": ("a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----", "a <secret>"),
    "pem, cut off": ("a -----BEGIN PRIVATE KEY----- MIIEvQ", "a <secret>"),
    "Windows": (r"no C:\Users\Ana Smith\My Files\a key.pem there", "no <path> there"),
    "Windows, quoted": (r"'C:\\Users\\Ana Smith\\k'", "'<path>'"),
    "Windows, slashes": ("in C:/Users/Ana/k.pem", "in <path>"),
    "Windows, variable": (r"%USERPROFILE%\secrets\k", "<path>"),
    "share": (r"on \\nas\ana\private\k.pem", "on <path>"),
    "long form": (r"\\?\C:\Users\Ana\k.pem", "<path>"),
    "file address": ("file:///home/ana/k.pem", "<path>"),
    "file address of a share": ("file://nas/ana/k.pem", "<path>"),
    "somebody's home": ("~ana/private/x", "<path>"),
    "variable": ("$HOME/private/x", "<path>"),
    "above": ("../../home/ana/x", "<path>"),
    "spaces in quotes": ("No such file: '/home/ana/My Files/k'", "No such file: '<path>'"),
    "with a line": ("/home/ana/x.py:12: error", "<path>:12: error"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "told"), HIDDEN.values(), ids=list(HIDDEN))
def test_what_is_told_instead(text: str, told: str) -> None:
    """The rest of the sentence stays."""
    assert redact(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T09:00:00+01:00",
        "https://example.org/a/b/c?x=1",
        "1/2 cup, and/or 3/4",
        "a token is needed; the password is wrong",
        "max_tokens: 512",
        "message 20261122T090000Z-abc@host.example",
        "there is no file notes/plan.md",
        "key-value pairs",
        "",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    """An error that says nothing helps nobody."""
    assert redact(text) == text


class Mute(Exception):
    """An error that cannot say anything."""

    def __str__(self) -> str:
        raise RuntimeError("key=abc123")


class Endless(Exception):
    """An error that says too much."""

    def __str__(self) -> str:
        return "x" * 10_000_000 + " key=abc123"


def _noted() -> Exception:
    error = ValueError("it failed")
    error.add_note("password=hunter2")
    error.__cause__ = OSError("/home/ana/.ssh/id_rsa")
    return error


ERRORS: dict[str, tuple[Exception, str]] = {
    "mute": (Mute(), "Mute"),
    "empty": (ValueError(), "ValueError"),
    "noted and caused": (_noted(), "ValueError: it failed"),
    "group": (ExceptionGroup("two failed", [_noted()]), "two failed (1 sub-exception)"),
    "path": (FileNotFoundError(2, "No such file", "/a/b"), "No such file: '<path>'"),
    "key of a dict": (KeyError("/home/ana/x"), "KeyError: '<path>'"),
    "lines": (ToolError("one\n\ntwo"), "one two"),
}


@pytest.mark.parametrize(("error", "told"), ERRORS.values(), ids=list(ERRORS))
def test_what_a_tool_raises_is_one_short_line(error: Exception, told: str) -> None:
    """Whatever it is; notes and causes are not told."""

    @tool(effect="read")
    def fail() -> str:
        """Fail."""
        raise error

    backend = ScriptedBackend(["[fail()]", "Done."])
    outcome = Agent([fail], backend, limits=Limits(), policy=Policy()).run("go")
    value = str(outcome.calls[0].value)
    assert value.startswith("fail failed: ")
    assert value.endswith(told)
    assert "hunter2" not in str(outcome)
    assert "id_rsa" not in str(outcome)


LONG = {
    "just fits": (ToolError("x" * 300), "x" * 300),
    "one too long": (ToolError("x" * 301), "x" * 297 + "..."),
    "just fits, with its kind": (KeyError("x" * 288), f"KeyError: '{'x' * 288}'"),
    "too long, with its kind": (KeyError("x" * 289), f"KeyError: '{'x' * 286}..."),
    "endless": (OSError("x" * 10_000), f"OSError: {'x' * 288}..."),
}


@pytest.mark.parametrize(("error", "told"), LONG.values(), ids=list(LONG))
def test_what_the_model_reads_of_an_error_has_an_end(
    error: Exception, told: str
) -> None:
    """A result is no place for a page of a server's, with its kind or without."""

    @tool(effect="read")
    def fail() -> str:
        """Fail."""
        raise error

    outcome = Agent([fail], ScriptedBackend(["[fail()]", "Done."])).run("go")
    assert len(told) <= ERROR_LENGTH
    assert outcome.calls[0].value == f"fail failed: {told}"


def test_an_endless_error_is_cut() -> None:
    """And is not searched from end to end."""
    assert error_line(Endless()) == "x" * (ERROR_LENGTH - 3) + "..."


def test_an_exit_that_cannot_say_why_is_an_error() -> None:
    """A tool that ends the program with something odd ends its call only."""

    class Odd:
        def __str__(self) -> str:
            raise RuntimeError("no")

    @tool(effect="read")
    def leave() -> str:
        """Leave."""
        raise SystemExit(Odd())

    backend = ScriptedBackend(["[leave()]", "Done."])
    outcome = Agent([leave], backend).run("go")
    assert outcome.calls[0].status == "error"


def test_what_a_validator_says_is_redacted(tmp_path: Path) -> None:
    """The model is told of its mistake, not of this machine."""
    from typing import Annotated

    from pydantic import AfterValidator

    def known(name: str) -> str:
        raise ValueError(f"{name} is not in {tmp_path}/people.db")

    @tool(effect="read")
    def find(name: Annotated[str, AfterValidator(known)]) -> str:
        """Find somebody.

        Args:
            name: who.
        """
        return name

    outcome = Agent([find], ScriptedBackend(["[find(name='Bo')]", "x"])).run("go")
    assert "Bo is not in <path>" in outcome.calls[0].value
    assert str(tmp_path) not in outcome.calls[0].value


ATTACKS = {
    "letters": "a" * 20_000,
    "slashes": "/a" * 10_000,
    "names": "password=" * 2_000,
    "asked": "password is " * 1_500,
    "addresses": "://a:" * 4_000,
    "blocks": "-----BEGIN A KEY-----" * 900,
    "shares": "\\\\a" * 6_000,
    "letters of drives": "C:\\ " * 5_000,
    "tokens": "eyJ." * 5_000,
    "quotes": "'/" * 10_000,
    "digits": "a1/" * 6_000,
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=list(ATTACKS))
def test_text_made_to_take_long_ends(text: str) -> None:
    """Each is read as far as an error is: 20,000 characters."""
    assert len(error_line(ValueError(text))) <= ERROR_LENGTH
