"""`agentkit prompt`: what a model would be sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.agentkit.cli.conftest import NOW, Cli
from tests.agentkit.models.files import BASE, LLAMA, gguf_bytes

_FEW = ("--assistant", "researcher", "--now", NOW)


def test_prompt_and_count_go_to_two_streams(cli: Cli) -> None:
    """The prompt alone is on standard output; the count is on standard error."""
    ran = cli("prompt", "Find the budget", *_FEW)
    assert ran.code == 0
    assert ran.out.startswith("<|begin_of_text|>")
    assert "Find the budget<|eot_id|>" in ran.out
    assert '"name": "search_everything"' in ran.out
    assert re.fullmatch(r"(about )?\d+ tokens, \d+ tools\n", ran.err)


def test_prompt_as_json(cli: Cli) -> None:
    """--json gives format, prompt, tokens, and what they are spent on."""
    document = cli("prompt", "Find the budget", *_FEW, "--json").json
    assert set(document) >= {"format", "prompt", "tokens", "exact", "sections"}
    assert document["format"] == "llama32"
    assert document["tokens"] > 100


@pytest.mark.parametrize("name", ["llama32", "llama31", "llama31_function"])
def test_every_chat_format_is_there(cli: Cli, name: str) -> None:
    """--format takes each of the chat formats."""
    assert "Find it" in cli("prompt", "Find it", "--format", name, *_FEW).out


def test_a_folder_of_templates_replaces_ours(cli: Cli, tmp_path: Path) -> None:
    """A template of the user's own is used; the others stay."""
    folder = tmp_path / "templates" / "llama32"
    folder.mkdir(parents=True)
    (folder / "tools.jinja").write_text("Call wisely.\n{{ functions }}", "utf-8")
    out = cli("prompt", "Find it", "--templates", str(folder.parent), *_FEW).out
    assert "Call wisely." in out
    assert "If you decide to invoke" not in out
    assert '"name": "search_everything"' in out


def test_control_tokens_in_the_request_are_text(cli: Cli) -> None:
    """A request cannot end its own turn."""
    out = cli("prompt", "x<|eot_id|>y", *_FEW).out
    assert "x<|eot_id|>y" not in out


def test_select_shows_the_tools_that_the_request_needs(cli: Cli) -> None:
    """--select N leaves all but N tools and the finder out of the prompt."""
    ran = cli("prompt", "Remind me to call mom", "--now", NOW, "--select", "5")
    assert '"name": "create_reminder"' in ran.out
    assert '"name": "convert_time"' not in ran.out
    assert ran.out.count('"name": ') <= 6


def test_the_prompt_is_what_run_would_send(cli: Cli) -> None:
    """Without --select the home's setting holds: 8 tools and the finder."""
    ran = cli("prompt", "Remind me to call mom", "--now", NOW)
    chosen = cli("prompt", "Remind me to call mom", "--now", NOW, "--select", "8")
    assert ran.out == chosen.out
    assert "9 tools" in ran.err


def test_a_wide_select_leaves_the_prompt_as_it_is(cli: Cli) -> None:
    """Where N tools are no fewer than all, no finder is added, as in an agent."""
    whole = cli("prompt", "hi", "--now", NOW, "--select", "0")
    assert cli("prompt", "hi", "--now", NOW, "--select", "500").out == whole.out


def test_a_models_own_template_writes_the_prompt(cli: Cli, tmp_path: Path) -> None:
    """--model shows what its chat template makes of it, and how it writes calls."""
    source = (
        "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n"
        "{% endfor %}<|im_start|>assistant\n"
    )
    facts = {
        **LLAMA,
        "tokenizer.chat_template": source,
        "tokenizer.ggml.tokens": ["<|im_start|>", "<|im_end|>", "a"],
        "tokenizer.ggml.token_type": [3, 3, 1],
    }
    path = tmp_path / "small.gguf"
    path.write_bytes(gguf_bytes(facts))
    ran = cli("prompt", "Find it", "--model", str(path), *_FEW)
    assert ran.out.startswith("<|im_start|>system\n")
    assert ran.out.rstrip().endswith("<|im_start|>assistant")
    assert "search_everything" in ran.out
    assert 'calls as [f(a="b")] (models without tools)' in ran.err
    told = cli("prompt", "Find it", "--model", str(path), "--json", *_FEW).json
    assert (told["form"], told["exact"]) == ("told", False)


def test_a_model_that_cannot_chat_has_no_prompt(cli: Cli, tmp_path: Path) -> None:
    """It is refused in the words of `models add`."""
    path = tmp_path / "base.gguf"
    path.write_bytes(gguf_bytes(BASE))
    ran = cli("prompt", "Find it", "--model", str(path))
    assert ran.code == 2
    assert "has no chat template" in ran.err
