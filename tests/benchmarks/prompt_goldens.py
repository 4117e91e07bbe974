"""Compares prompts with those that Meta's own code makes; prints n of 13.

Run as `python tests/benchmarks/prompt_goldens.py [FOLDER]`. The folder holds
`prompt_goldens.json` and `prompt_goldens_tools.json`; it is not part of the project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from agentkit.messages import Conversation, Message, ToolCall, ToolResult
from agentkit.prompting import (
    count_tokens,
    encode_prompt,
    installed_tokenizer,
    prompt_parts,
    render_prompt,
)
from agentkit.tools import Toolset

_FOLDER = Path(__file__).parents[3] / "shared" / "data"
_FUNCTIONS = "Here is a list of functions in JSON format"


def main(folder: Path) -> int:
    """Print one line per dialogue and a summary."""
    if not (folder / "prompt_goldens.json").is_file():
        print(f"no prompt_goldens.json in {folder}: nothing compared")
        return 2
    goldens = json.loads((folder / "prompt_goldens.json").read_text())
    documents = json.loads((folder / "prompt_goldens_tools.json").read_text())
    tokenizer = installed_tokenizer()
    texts = ids = 0
    for golden in goldens:
        conversation, toolset = _inputs(golden, documents)
        tag = "<|python_tag|>" in golden["text"]
        text = render_prompt(conversation, toolset, python_tag=tag, verbatim=True)
        same_text = text == golden["text"]
        same_ids = tokenizer is not None and golden["token_ids"] == encode_prompt(
            conversation, toolset, tokenizer=tokenizer, python_tag=tag
        )
        texts, ids = texts + same_text, ids + same_ids
        estimate = count_tokens(prompt_parts(conversation, toolset, python_tag=tag))
        tokens = f"{golden['n_tokens']} tokens, estimated {estimate}"
        print(f"{golden['name']:38} text {same_text!s:5} ids {same_ids!s:5} {tokens}")
        if not same_text:
            print(f"  Meta: {_calls(golden['text'])}\n  ours: {_calls(text)}")
    total = len(goldens)
    print(f"text {texts} of {total}, ids {ids} of {total}", end="")
    print("" if tokenizer else " (install llama-models and tiktoken to compare ids)")
    return 0


def _inputs(
    golden: dict[str, Any], documents: dict[str, Any]
) -> tuple[Conversation, Toolset]:
    """Rebuild the conversation; a system text that lists tools becomes a toolset."""
    messages = golden["messages"]
    toolset = Toolset()
    if _FUNCTIONS in messages[0]["content"]:
        listed = messages[0]["content"].partition(_FUNCTIONS)[2]
        names = sorted(
            (n for n in documents if f'"name": "{n}"' in listed), key=listed.index
        )
        toolset = Toolset.from_schemas([_document(documents[name]) for name in names])
        messages = messages[1:]
    return tuple(_message(message) for message in messages), toolset


def _document(tool: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, argument in tool["params"].items():
        properties[name] = {k: argument[k] for k in ("type", "description")}
        if argument["default"] is not None:
            properties[name]["default"] = argument["default"]
    parameters = {
        "type": "dict",
        "required": [n for n, a in tool["params"].items() if a["required"]],
        "properties": properties,
    }
    return {**tool, "parameters": parameters}


def _message(message: dict[str, Any]) -> Message:
    if message["role"] == "ipython":
        value = json.loads(message["content"])
        return Message("tool", result=ToolResult(ToolCall("f"), "done", value))
    calls = tuple(
        ToolCall(call["name"], call["arguments"])
        for call in message.get("tool_calls", ())
    )
    return Message(message["role"], message["content"], calls)


def _calls(text: str) -> str:
    return text.partition("<|python_tag|>")[2].partition("<|eot_id|>")[0]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER))
