"""Texts that are crafted to take long, and what reads text that others wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentkit import Toolset, text_of_html, tool
from agentkit.privacy.personal import PersonalValue, detect, detect_surely, named_in
from agentkit.privacy.personal_values import Values
from agentkit.privacy.placeholders import Mask
from agentkit.privacy.redaction import redact
from agentkit.pythonic import parse_calls

VALUES = (
    PersonalValue("Ana Ruiz Sousa", "contact"),
    PersonalValue("+49 30 5550177", "phone"),
    PersonalValue("2026-03-05", "event.start"),
    PersonalValue("12 Rosewood Lane", "place"),
)
UNITS = (
    "\\", "\n", "a", "1", "1 ", "=", "%41", "&#65;", "&", "&#", "<", "<a ", "</", "<!--",
    "<!", "<?", "<![", "<a b='", '<a b="', "<b><i>", "<p>", "</b>", "<p hidden>", "(",
    "[", "{", "[(", '{"a":', '"', "'", "\"'", "f(", "[f(a=", 'f(a="', '[f(a="x"), ',
    '"a" ', '[f(a="x" ', '("a" ', 'f(a="(", ', "<function=f>", "<|a|>", "[A]", "@", "a@",
    "a@b.", "a.", "a-", "a_1 ", "/", "/a", "../", "~/", "C:\\", "\\\\a\\", "$a/", "key=",
    "password: ", "password is ", "token ", "bearer ", "basic 1", "://", "://a:",
    "http://a@", "-----BEGIN A-----", "sk-", "sk_", "AAAA ", "eyJ", "=\n", "\n> ", "A1",
    "DE89", "+49 ", "one ", "four one ", "a at b dot ", "[at] ", "(at)a.", "\u200b",
    "\u00e9", "\u03ac", "U+0041 ", "\\u0041", "\\x41", "0x41 ", "41 ", "A n a ", "Ana ",
    "Ana Ruiz ", "3/5/", "2026-03-05 ", "vat ", "passport ", "x: ", "a,", "a;", ";",
    "```", "```json\n", "#", "//", "\t", " ", "and ", "1.1.", "12 ", "ABCD", "aB3/",
)  # fmt: skip


@tool(effect="read")
def f(a: str = "", b: int = 1) -> str:
    """Do something.

    Args:
        a: what.
        b: how often.
    """
    return a + str(b)


TOOLS = Toolset([f])


def masked(text: str) -> str:
    """Mask a text."""
    return Mask(Values(VALUES)).text(text)


READERS: Mapping[str, Callable[[str], object]] = {
    "redact": redact,
    "detect": lambda text: list(detect(text)),
    "surely": lambda text: list(detect_surely(text)),
    "names": lambda text: list(named_in(text)),
    "find": lambda text: Values(VALUES).find(text),
    "mask": masked,
    "parse": lambda text: parse_calls(text, TOOLS),
    "html": text_of_html,
}
