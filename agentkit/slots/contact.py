"""`Contact`: a person, in the user's words; the tool looks the address book up."""

from dataclasses import dataclass
from typing import Annotated, Any


@dataclass(frozen=True, slots=True)
class _ContactFormat:
    """Marks a string's JSON schema as naming a person."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(schema), "format": "contact"}


Contact = Annotated[str, _ContactFormat()]
