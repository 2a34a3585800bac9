"""What the fields of an editor's files may hold, and the base of their records."""

from __future__ import annotations

import ast
import datetime
import inspect
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from . import identifiers

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler

MENDING = "mending"


class Value(BaseModel):
    """A frozen record of an editor's file; unknown keys are refused.

    The words below each field explain it wherever it is explained: in new files, in schemas.
    """

    # Nobody waits for records that are not asked for, nor, to check a case, for the words that explain its fields.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    @classmethod
    def explained(cls) -> dict[str, str]:
        """Give the words below each field, in their order."""
        source: Any = ast.parse(inspect.getsource(cls)).body[0]
        lines = pairwise(source.body)
        return {
            field.target.id: words.value.value
            for field, words in lines
            if (type(field), type(words)) == (ast.AnnAssign, ast.Expr)
        }

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(schema)
        fields = handler.resolve_ref_schema(described)["properties"]
        for name, words in cls.explained().items():
            fields[cls.model_fields[name].alias or name]["description"] = words
        return described

    @classmethod
    def mended(cls, data: Mapping[str, Any]) -> Self:
        """Make a record of what can be understood, so that the rest of a file can be looked over.

        What is missing or wrong is blank: None or empty, whatever its type says.
        """
        return cls.model_validate(data, context=MENDING)

    @model_validator(mode="before")
    @classmethod
    def _with_every_field(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context != MENDING or not isinstance(data, Mapping):
            return data
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return {name: data.get(name) for name, field in fields.items() if name in data or field.is_required()}

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_blank(cls, value: Any, understand: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        if info.context != MENDING:
            return understand(value)
        try:
            return understand(value)
        except ValueError:
            return _blank(cls.model_fields[str(info.field_name)].annotation)


def _blank(annotation: Any) -> Any:
    kind = get_origin(annotation)
    return () if kind is tuple else {} if kind is Mapping else None


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValueError("is empty")
    return text


def _as_text(value: Any) -> Any:
    """Take a year or a date that YAML has already understood back to text."""
    return str(value) if isinstance(value, (int, datetime.date)) and not isinstance(value, bool) else value


def _some_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError("is no date; write 2011, 2011-09 or 2011-09-05")
    try:
        datetime.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        raise ValueError("is a day that does not exist; look it up in a calendar") from None
    return text


def _period(value: Any) -> Any:
    match = re.fullmatch(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?", str(value))
    if not match:
        raise ValueError('is no period; write "2008–2015" or "2011"')
    first, last = int(match[1]), int(match[2] or match[1])
    if first > last:
        raise ValueError(f'ends before it begins; write "{last}–{first}"')
    return first, last


_UNITS = {"KB": 1_000, "MB": 1_000_000}


def _size(value: Any) -> Any:
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?) (KB|MB)", str(value))
    if not match:
        raise ValueError("is no size of a file; write 800 KB or 1.5 MB")
    return round(float(match[1]) * _UNITS[match[2]])


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise ValueError("is no web address; it begins with http:// or https://")
    return text


Text = Annotated[str, AfterValidator(_one_line)]
Written = BeforeValidator(_as_text)
_AS_WRITTEN = WithJsonSchema({"type": ["string", "number"]})
_SOME_DATE = WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"})
_PERIOD = WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\d{4}(\s*[-–]\s*\d{4})?$"})
_ADDRESS = WithJsonSchema({"type": "string", "pattern": r"^https?://[^\s<>\"]+$"})
WrittenText = Annotated[Text, Written, _AS_WRITTEN]
SomeDate = Annotated[str, Written, AfterValidator(_some_date), _SOME_DATE]
Period = Annotated[tuple[int, int], BeforeValidator(_period), _PERIOD]
ISBN = Annotated[WrittenText, AfterValidator(identifiers.isbn), _AS_WRITTEN]
ISSN = Annotated[WrittenText, AfterValidator(identifiers.issn), _AS_WRITTEN]
DOI = Annotated[Text, AfterValidator(identifiers.doi)]
Size = Annotated[int, BeforeValidator(_size)]
"""Bytes, written as "800 KB" or "1.5 MB"."""
Address = Annotated[str, AfterValidator(_address), _ADDRESS]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
# A list in YAML, a tuple here: frozen.
T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
Some = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
