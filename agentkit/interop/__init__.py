"""Converts tools from and to other libraries."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.interop.langchain_tools import from_langchain as from_langchain
    from agentkit.interop.langchain_tools import to_langchain as to_langchain
    from agentkit.interop.pydantic_tools import from_pydantic_ai as from_pydantic_ai
    from agentkit.interop.pydantic_tools import to_pydantic_ai as to_pydantic_ai

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "langchain_tools": ("from_langchain", "to_langchain"),
            "pydantic_tools": ("from_pydantic_ai", "to_pydantic_ai"),
        },
    )
