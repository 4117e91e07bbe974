"""One argument of a tool, and what its type accepts: made once for all that have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, NewType, Union, cast, get_args, get_origin

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    PydanticUserError,
    TypeAdapter,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind
from pydantic_core import PydanticSerializationError, PydanticUndefined, SchemaValidator

from agentkit.context import Context
from agentkit.tools.schema.json_schema import Schema, tidy

# A type may need a package that is not installed, as pydantic's `EmailStr` does.
NO_SCHEMA = (PydanticUserError, TypeError, ValueError, NameError, ImportError)

_FORBID_EXTRA = ConfigDict(extra="forbid", arbitrary_types_allowed=False)
# A large assistant has some hundred tools, and most of their arguments are of few types.
_MOST_KINDS = 1024


class _Written(GenerateJsonSchema):
    """Writes schemas without what JSON cannot hold, and warns of nothing."""

    def emit_warning(self, kind: JsonSchemaWarningKind, detail: str) -> None:
        """Say nothing."""

    def build_schema_type_to_method(self) -> dict[Any, Callable[[Any], Schema]]:
        """Look up the writer of a kind of schema when it is first met."""
        return _Writers(self)


class _Writers(dict[str, Callable[[Any], Schema]]):
    """What writes each kind of schema."""

    def __init__(self, of: GenerateJsonSchema) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, kind: str) -> Callable[[Any], Schema]:
        found = getattr(self._of, f"{kind.replace('-', '_')}_schema")
        self[kind] = found
        return cast(Callable[[Any], Schema], found)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a type accepts.

    Attributes:
        hint: the type.
        validator: what turns JSON-like values into values of it.
        schema: its JSON Schema, with its definitions where it holds itself.
        is_folded: the schema stands for a reference, or for one with null beside it.
    """

    hint: Any
    validator: SchemaValidator
    schema: Schema
    is_folded: bool

    @classmethod
    def by(cls, hint: Any) -> Accepted:
        """Return what an annotation accepts; equal ones share it.

        Raises:
            NO_SCHEMA: JSON cannot express it.
        """
        try:
            hash(hint)
        except TypeError:
            return cls.of(hint)
        # Unions are equal in any order, but their schemas are written in theirs.
        return _shared(hint, repr(hint))

    @classmethod
    def of(cls, hint: Any, written: Schema | None = None) -> Accepted:
        """Make it anew.

        Args:
            hint: an annotation.
            written: its JSON Schema, where that is known.
        """
        # Adapters hold more than is needed here, and are let go.
        adapter = _adapter(hint)
        found = written or adapter.json_schema(schema_generator=_Written)
        schema = tidy(found)
        is_folded = "$ref" in found or ("anyOf" in found and "anyOf" not in schema)
        return cls(hint, cast(SchemaValidator, adapter.validator), schema, is_folded)


@lru_cache(_MOST_KINDS)
def _shared(hint: Any, written: str) -> Accepted:
    return Accepted.of(hint)


def _adapter(hint: Any) -> TypeAdapter[Any]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return TypeAdapter(hint)
    # Under a name of its own even a typed dict takes a configuration.
    return TypeAdapter(cast(Any, NewType)("Argument", hint), config=_FORBID_EXTRA)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument.

    Attributes:
        name: of the parameter that it is passed to.
        accepted: what its type accepts.
        description: as the model reads it.
        default: what is passed where the model leaves it out; `PydanticUndefined`
            where it must not.
        field: its `Field(...)`, where that says more than a default.
        left_out: where the model leaves it out, nothing is passed.
    """

    name: str
    accepted: Accepted
    description: str | None = None
    default: Any = PydanticUndefined
    field: FieldInfo | None = None
    left_out: bool = False

    @classmethod
    def of(cls, name: str, hint: Any, default: Any, told: str | None) -> Argument:
        """Read a parameter.

        Args:
            name: of the parameter.
            hint: its annotation, resolved.
            default: its default, or `PydanticUndefined`.
            told: what its docstring says of it.

        Raises:
            NO_SCHEMA: JSON cannot express its type.
        """
        notes: tuple[Any, ...] = getattr(hint, "__metadata__", ())
        # Nearly always: no `Field(...)`, and the type can be shared as it is.
        told = _told_in((*notes, *_inner_notes(hint))) or told
        if not any(isinstance(one, FieldInfo) for one in (default, *notes)):
            return cls(name, Accepted.by(hint), told, default)
        # As other libraries have it: default and bounds may stand in a `Field(...)`.
        field = FieldInfo.from_annotated_attribute(hint, default)
        full = Annotated[hint, default] if isinstance(default, FieldInfo) else hint
        accepted = Accepted.by(_bare(field) if _is_bare(field) else full)
        kept = field if any(getattr(field, one) for one in _BEYOND) else None
        return cls(name, accepted, field.description or told, field.default, kept)

    @property
    def is_required(self) -> bool:
        """Whether the model must not leave it out."""
        made = self.field is not None and self.field.default_factory is not None
        return self.default is PydanticUndefined and not made

    @property
    def written(self) -> str:
        """What models call it."""
        alias = self.field and (self.field.validation_alias or self.field.alias)
        if isinstance(alias, AliasChoices):
            alias = alias.choices[0]
        if isinstance(alias, AliasPath):
            alias = str(alias.path[0])
        return alias or self.name

    @property
    def schema(self) -> Schema:
        """JSON Schema of it, with its definitions where its type holds itself."""
        facts = _json_default(self.default)
        if self.description:
            facts["description"] = self.description
        whole = self.accepted.schema | facts
        # In the order in which Pydantic writes them, so that prompts of equal tools are
        # equal.
        return whole if self.accepted.is_folded else dict(sorted(whole.items()))

    def when_left_out(self, others: Mapping[str, Any], context: Context) -> Any:
        """Return what is passed where the model leaves it out.

        Args:
            others: the values of the arguments before it.
            context: handed to validators.
        """
        if self.field is None:
            # Each call has a list of its own; what has a hash does not change.
            is_mutable = type(self.default).__hash__ is None
            return deepcopy(self.default) if is_mutable else self.default
        value: Any = self.field.get_default(
            call_default_factory=True, validated_data=dict(others)
        )
        if self.field.validate_default:
            return self.accepted.validator.validate_python(value, context=context)
        return value

    def default_fault(self) -> str:
        """Check its default as if a model had passed it; empty where that fits."""
        default = _json_default(self.default).get("default")
        # None is fine where nothing is given, whatever the type says.
        if default is None:
            return ""
        try:
            self.accepted.validator.validate_python(default, context=_anywhere())
        except ValidationError as exc:
            reason = exc.errors()[0]["msg"]
            return f"the default of {self.written!r} does not fit its type: {reason}"
        return ""


def _inner_notes(hint: Any) -> Iterator[Any]:
    """Yield the notes of the one type in `Annotated[str, "who"] | None`."""
    kinds = [one for one in get_args(hint) if one is not type(None)]
    is_union = get_origin(hint) in (Union, UnionType)
    if is_union and len(kinds) == 1:
        yield from getattr(kinds[0], "__metadata__", ())


def _told_in(notes: Iterable[Any]) -> str | None:
    """Return what notes say of an argument in words, those of a `Field` too."""
    told = (one.description if isinstance(one, FieldInfo) else one for one in notes)
    return next((one for one in told if isinstance(one, str)), None)


# What a field says of its argument beside type, bounds, default and description.
_BEYOND = ("default_factory", "alias", "validation_alias", "validate_default")
_ASIDE = ("discriminator", "json_schema_extra", "examples", "deprecated")


def _is_bare(field: FieldInfo) -> bool:
    return all(getattr(field, one) is None for one in _ASIDE)


def _bare(field: FieldInfo) -> Any:
    """Return the type of a field with its bounds, which others may share."""
    annotated: Any = Annotated
    notes = [one for one in field.metadata if not isinstance(one, str)]
    return annotated[(field.annotation, *notes)] if notes else field.annotation


@cache
def _anywhere() -> Context:
    return Context()


def told_apart(arguments: list[Argument]) -> list[Argument]:
    """Return a tool's arguments so that no two types share the name of a definition."""
    definitions: dict[str, Schema] = {}
    for argument in arguments:
        for name, one in argument.accepted.schema.get("$defs", {}).items():
            # Two classes called `Item`: joined, one definition would stand for both.
            if definitions.setdefault(name, one) != one:
                return _rewritten(arguments)
    return arguments


def _rewritten(arguments: list[Argument]) -> list[Argument]:
    """Let Pydantic name the definitions of all arguments at once."""
    hints = {one.name: one.accepted.hint for one in arguments}
    found, shared = TypeAdapter.json_schemas(
        [(name, "validation", _adapter(hint)) for name, hint in hints.items()],
        schema_generator=_Written,
    )
    schemas = {name: {**found[name, "validation"], **shared} for name in hints}
    return [
        replace(one, accepted=Accepted.of(hints[one.name], schemas[one.name]))
        for one in arguments
    ]


_PLAIN = (str, int, float, bool, type(None))


def _json_default(default: Any) -> Schema:
    """Return a default as a schema tells it; nothing where JSON cannot hold it."""
    if type(default) in _PLAIN:
        return {"default": default}
    if default is PydanticUndefined:
        return {}
    members: Any = default
    if isinstance(default, Set):
        # Their order differs from process to process.
        default = sorted(members, key=repr)
    try:
        return {"default": _Written().encode_default(default)}
    except PydanticSerializationError:
        return {}
