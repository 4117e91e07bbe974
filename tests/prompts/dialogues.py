"""Dialogues of our own, each with the options of its golden prompt."""

from __future__ import annotations

from typing import Any

from agentkit.messages import (
    Conversation,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.prompting import PromptOptions
from agentkit.tools import Toolset

LAMPS: list[dict[str, Any]] = [
    {
        "name": "set_lamp",
        "description": "Switch a lamp, or dim it",
        "parameters": {
            "type": "dict",
            "required": ["room"],
            "properties": {
                "room": {"type": "string", "description": "Which room"},
                "level": {
                    "type": "integer",
                    "description": "Brightness in percent",
                    "default": 100,
                },
            },
        },
    },
    {
        "name": "list_lamps",
        "description": "List all lamps",
        "parameters": {"type": "dict", "properties": {}},
    },
]
NESTED: list[dict[str, Any]] = [
    {
        "name": "trips.book",
        "description": "Book a trip",
        "parameters": {
            "type": "dict",
            "required": ["legs"],
            "properties": {
                "legs": {
                    "type": "array",
                    "description": "One for each part of the way",
                    "items": {
                        "type": "dict",
                        "required": ["to"],
                        "properties": {
                            "to": {"type": "string", "description": "Destination"},
                            "day": {"type": "string", "format": "date"},
                        },
                    },
                },
                "seat": {"type": "string", "enum": ["aisle", "window"]},
                "bags": {"type": "integer", "minimum": 0, "maximum": 3},
                "fare": {"anyOf": [{"type": "number"}, {"type": "string"}]},
            },
        },
    }
]

lamps = Toolset.from_schemas(LAMPS)
nested = Toolset.from_schemas(NESTED)
_on = ToolCall("set_lamp", {"room": "kitchen", "level": 40})
_off = ToolCall("set_lamp", {"room": "hall", "level": 0})
_query = ToolCall("brave_search", {"query": "sunset in Oslo"})
_code = ToolCall("code_interpreter", {"code": "print(6 * 7)"})
_history: Conversation = (
    user("Dim the kitchen, and the hall off."),
    assistant(calls=(_on, _off)),
    tool_result(ToolResult(_on, "done", {"room": "kitchen", "level": 40})),
    tool_result(ToolResult(_off, "error", "no lamp in 'hall'")),
    assistant("The kitchen is dimmed; the hall has no lamp."),
    user("Thanks. Which lamps are there?"),
)

GOLDENS: dict[str, tuple[Conversation | str, Toolset, PromptOptions]] = {
    "chat": ((system("Be brief."), user("Hello")), Toolset(), {}),
    "tools_in_system": ("Light in the kitchen, please", lamps, {}),
    "tools_in_user": ("Light in the kitchen, please", lamps, {"tools_in": "user"}),
    "custom_instructions": (
        (system("You look after a house."), user("Good night")),
        lamps,
        {},
    ),
    "results": (_history, lamps, {}),
    "python_tag": (_history, lamps, {"python_tag": True}),
    "date_late": ("Now?", lamps, {"date": "05 March 2026", "facts": "It is 14:05."}),
    "date_header": ("Now?", lamps, {"date": "05 March 2026", "date_in": "header"}),
    "code_interpreter": (
        (
            user("What is six times seven?"),
            assistant(calls=(_code,)),
            tool_result(ToolResult(_code, "done", "42")),
        ),
        Toolset(),
        {
            "builtin_tools": ("code_interpreter",),
            "date": "05 March 2026",
            "date_in": "header",
        },
    ),
    "base": ("The lamp in the kitchen is", Toolset(), {"format": "base"}),
    "nested_reference": ("Book it", nested, {}),
    "nested_compact": ("Book it", nested, {"schemas": "compact"}),
    "compact_in_user": ("Book it", nested, {"schemas": "compact", "tools_in": "user"}),
    "json_form": ((system("Be brief."), *_history), lamps, {"format": "llama31"}),
    "json_form_tagged": (_history, lamps, {"format": "llama31", "python_tag": True}),
    "json_form_builtin": (
        (user("When does the sun set?"), assistant(calls=(_query,))),
        Toolset(),
        {"format": "llama31", "builtin_tools": ("brave_search", "wolfram_alpha")},
    ),
    "image": ("What is this?", Toolset(), {"format": "llama31", "images": {0: 1}}),
    "function_form": (_history, lamps, {"format": "llama31_function"}),
}
