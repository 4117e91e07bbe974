from typing import Any

import pytest

from agentkit.context import Context
from agentkit.errors import InvalidArguments
from agentkit.tools.schema import signature_of_document

Schema = dict[str, Any]


def one(prop: Schema, *, required: bool = True) -> Schema:
    """Make a document with one argument `a`."""
    return {
        "type": "dict",
        "properties": {"a": prop},
        "required": ["a"] if required else [],
    }


def check(document: Schema, arguments: Schema) -> Schema:
    signature = signature_of_document(document)
    assert signature.faults == ()
    return signature.validate(arguments, Context())


@pytest.mark.parametrize(
    ("prop", "good", "bad"),
    [
        pytest.param({"type": "string"}, "x", 1, id="string"),
        pytest.param({"type": "integer"}, 3, "three", id="integer"),
        pytest.param({"type": "float"}, 1.5, "much", id="float"),
        pytest.param({"type": "boolean"}, True, "perhaps", id="boolean"),
        pytest.param({"type": "dict"}, {"k": 1}, [1], id="dict"),
        pytest.param(
            {"type": "array", "items": {"type": "integer"}}, [1], ["x"], id="array"
        ),
        pytest.param(
            {"type": "array", "uniqueItems": True}, [1, 2], [1, 1], id="unique"
        ),
        pytest.param(
            {"type": "array", "uniqueItems": True, "maxItems": 2},
            [{"b": 1, "a": 2}, {"b": 2}],
            [{"b": 1, "a": 2}, {"a": 2, "b": 1}],
            id="unique objects",
        ),
        pytest.param(
            {"type": "tuple", "items": {"type": "str"}}, ["x"], "x", id="tuple"
        ),
        pytest.param({"type": "string", "enum": ["x", "y"]}, "y", "z", id="enum"),
        pytest.param({"type": ["integer", "null"]}, None, "x", id="type-list"),
        pytest.param(
            {"anyOf": [{"type": "integer"}, {"type": "array"}]}, [1], "x", id="any-of"
        ),
    ],
)
def test_types_are_checked(prop: Schema, good: Any, bad: Any) -> None:
    """Each type of either dialect lets its values through and no others."""
    assert check(one(prop), {"a": good}) == {"a": good}
    with pytest.raises(InvalidArguments, match="argument 'a"):
        check(one(prop), {"a": bad})


@pytest.mark.parametrize(
    "prop", [{}, {"type": "any"}, {"type": "blob"}, {"$ref": "#/x"}]
)
def test_unknown_types_take_anything(prop: Schema) -> None:
    """What the document does not say cannot be wrong."""
    assert check(one(prop), {"a": object})["a"] is object


@pytest.mark.parametrize(
    "name", ["from", "class", "a.b", "$top", "max-price", "", "p0"]
)
def test_odd_argument_names(name: str) -> None:
    """An argument may be named as no Python variable can be."""
    document = {"type": "object", "properties": {name: {"type": "integer"}}}
    assert check({**document, "required": [name]}, {name: 1}) == {name: 1}


def test_missing_is_named() -> None:
    """A missing argument is named as the document names it."""
    document = {"properties": {"from": {"type": "string"}}, "required": ["from"]}
    with pytest.raises(InvalidArguments, match="argument 'from' is required"):
        check(document, {})


def test_unknown_argument_is_named() -> None:
    """An argument that is not there is refused, and the known ones are told."""
    with pytest.raises(InvalidArguments, match="there is no argument 'b'; known: a"):
        check(one({"type": "integer"}), {"a": 1, "b": 2})


def test_optional_without_default_stays_out() -> None:
    """What the model leaves out is left to the handler's own default."""
    assert check(one({"type": "integer"}, required=False), {}) == {}


def test_optional_with_default_is_filled_in() -> None:
    """A default that the document declares is passed."""
    prop = {"type": "integer", "default": 5}
    assert check(one(prop, required=False), {}) == {"a": 5}


@pytest.mark.parametrize(
    "prop",
    [
        pytest.param({"type": "integer", "default": "None"}, id="text-for-integer"),
        pytest.param({"type": "array", "default": "[]"}, id="text-for-list"),
        pytest.param({"enum": ["x"], "default": "all"}, id="outside-enum"),
    ],
)
def test_a_careless_default_is_no_fault(prop: Schema) -> None:
    """Published documents have defaults of the wrong type; they are used as given."""
    assert check(one(prop, required=False), {}) == {"a": prop["default"]}


def test_default_outside_the_enum_may_be_passed() -> None:
    """A model may write the default even where the enum forgot it."""
    prop = {"enum": ["x"], "default": "all"}
    assert check(one(prop, required=False), {"a": "all"}) == {"a": "all"}


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        pytest.param({"properties": ["a"]}, "properties are no object", id="list"),
        pytest.param(
            {"properties": {"a": "string"}}, "schema of 'a' is no object", id="text"
        ),
        pytest.param(
            {"properties": {}, "required": "a"}, "required is no list", id="required"
        ),
    ],
)
def test_malformed_documents_have_faults(document: Schema, fault: str) -> None:
    """A document of the wrong shape is told, not tripped over."""
    (found,) = signature_of_document(document).faults
    assert fault in found


def test_document_without_arguments() -> None:
    """A tool may take nothing, and its schema says so."""
    assert signature_of_document({"type": "object"}).schema["properties"] == {}
