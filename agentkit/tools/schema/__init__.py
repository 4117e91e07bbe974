"""Argument schemas and validators, from functions and from documents."""

from agentkit.tools.schema.callables import Function, Place, Source, filled_in
from agentkit.tools.schema.document_signatures import signature_of_document
from agentkit.tools.schema.json_schema import Schema, normalize
from agentkit.tools.schema.signatures import Signature, return_adapter, signature_of

__all__ = [
    "Function",
    "Place",
    "Schema",
    "Signature",
    "Source",
    "filled_in",
    "normalize",
    "return_adapter",
    "signature_of",
    "signature_of_document",
]
