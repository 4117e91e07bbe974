import pytest

from agentkit.messages import ToolCall, ToolResult, assistant, system, tool_result, user
from agentkit.prompting import (
    count_tokens,
    encode_prompt,
    estimate_tokens,
    installed_tokenizer,
    prompt_parts,
    report_prompt,
    shared_prefix,
)
from tests.prompts.dialogues import GOLDENS, lamps

CALL = ToolCall("set_lamp", {"room": "hall"})
TURNS = (system("Be brief."), user("Light in the hall"))
NEXT = (
    *TURNS,
    assistant(calls=(CALL,)),
    tool_result(ToolResult(CALL, "done", {"level": 100})),
)
TEXTS = {
    "English": "Please remind me to call the dentist tomorrow morning at half past "
    "nine, and tell Anna that the meeting about the budget moves to Thursday.",
    "German": "Bitte erinnere mich morgen früh an den Anruf beim Zahnarzt und sag "
    "Anna, dass die Besprechung auf Donnerstag verschoben wird.",
    "Spanish": "Recuérdame que mañana por la mañana tengo que llamar al dentista y "
    "dile a Ana que la reunión se pasa al jueves.",
    "Russian": "Напомни мне завтра утром позвонить стоматологу и скажи Анне, что "
    "встреча переносится на четверг.",
    "Japanese": "明日の朝、歯医者に電話するように知らせてください。会議は木曜日に変わりました。",
    "JSON": '{"events": [{"title": "Budget", "start": "2026-03-05T09:30:00+01:00"}]}',
}


def test_sections_add_up_to_the_whole() -> None:
    """Every token belongs to one section."""
    report = report_prompt(NEXT, lamps, date="5 May 2026", facts="It is dark.")
    assert sum(report.sections.values()) == report.tokens
    assert set(report.sections) == {
        *("frame", "instructions", "tools", "session"),
        *("user", "facts", "assistant", "results"),
    }


def test_the_prompt_before_is_shared() -> None:
    """What a cache can keep is all of the step before."""
    before = prompt_parts(TURNS, lamps)
    report = report_prompt(NEXT, lamps, previous=before)
    assert report.shared == count_tokens(before)
    assert report.shared < report.tokens


def test_a_changed_instruction_shares_little() -> None:
    """Sharing ends where the text parts."""
    changed = (system("Be very brief."), *TURNS[1:])
    report = report_prompt(changed, lamps, previous=prompt_parts(TURNS, lamps))
    assert report.shared <= 6


def test_compact_tools_cost_less() -> None:
    """The report tells both renderings' tokens."""
    report = report_prompt(TURNS, lamps)
    assert 0 < report.tools_compact < report.tools_reference
    assert f"{report.tools_compact} compact" in str(report)
    assert str(report).startswith("about ")


def test_shared_prefix_counts_characters() -> None:
    """Whole, part or nothing in common."""
    assert shared_prefix("abcd", "abcd") == 4
    assert shared_prefix("abxd", "abcd") == 2
    assert shared_prefix("", "abcd") == 0


def test_exact_counts_are_those_of_the_ids() -> None:
    """With a tokenizer a report counts what is sent."""
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        pytest.skip("needs the packages llama-models and tiktoken")
    ids = encode_prompt(NEXT, lamps, tokenizer=tokenizer)
    before = prompt_parts(TURNS, lamps)
    report = report_prompt(NEXT, lamps, tokenizer=tokenizer, previous=before)
    assert (report.tokens, report.exact) == (len(ids), True)
    assert report.shared == count_tokens(before, tokenizer)


@pytest.mark.parametrize("name", GOLDENS)
def test_estimates_of_prompts_are_close(name: str) -> None:
    """A prompt is estimated within 5 %, or 4 tokens where it is short."""
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        pytest.skip("needs the packages llama-models and tiktoken")
    conversation, toolset, options = GOLDENS[name]
    parts = prompt_parts(conversation, toolset, **options)
    exact = count_tokens(parts, tokenizer)
    assert count_tokens(parts) == pytest.approx(exact, rel=0.05, abs=4)


@pytest.mark.parametrize("language", TEXTS)
def test_estimates_of_short_texts_are_near(language: str) -> None:
    """A sentence is estimated within 15 %."""
    tokenizer = installed_tokenizer()
    if tokenizer is None:
        pytest.skip("needs the packages llama-models and tiktoken")
    exact = len(tokenizer.encode(TEXTS[language]))
    assert estimate_tokens(TEXTS[language]) == pytest.approx(exact, rel=0.15)


def test_no_text_has_no_tokens() -> None:
    """Nothing costs nothing."""
    assert estimate_tokens("") == 0
