"""The records that editors write: the front matter of a case, `volume.yaml`, a chart, an edition.

Keys of the files have the names that the fields have here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeVar, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from . import identifiers

_MENDING = "mending"


class Value(BaseModel):
    """A frozen record of an editor's file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def mended(cls, data: Mapping[str, Any]) -> Self:
        """Make a record of what can be understood, so that the rest of a file can be looked over.

        What is missing or wrong is blank: None or empty, whatever its type says.
        """
        return cls.model_validate(data, context=_MENDING)

    @model_validator(mode="before")
    @classmethod
    def _with_every_field(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context != _MENDING or not isinstance(data, Mapping):
            return data
        fields = {field.alias or name: field for name, field in cls.model_fields.items()}
        return {name: data.get(name) for name, field in fields.items() if name in data or field.is_required()}

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_blank(cls, value: Any, understand: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        if info.context != _MENDING:
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


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise ValueError("is no web address; it begins with http:// or https://")
    return text


Text = Annotated[str, AfterValidator(_one_line)]
SomeDate = Annotated[str, BeforeValidator(_as_text), AfterValidator(_some_date)]
ISBN = Annotated[str, BeforeValidator(_as_text), AfterValidator(_one_line), AfterValidator(identifiers.isbn)]
ISSN = Annotated[str, BeforeValidator(_as_text), AfterValidator(_one_line), AfterValidator(identifiers.issn)]
DOI = Annotated[str, AfterValidator(_one_line), AfterValidator(identifiers.doi)]
Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
# A list in YAML, a tuple here: frozen.
T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
Some = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
MOST_PLACES = 40


class Source(Value):
    """A public source of a case, cited as `[@id]`."""

    id: Key
    url: Address
    read: datetime.date
    title: Text | None = None
    date: SomeDate | None = None


class Cost(Value):
    """A sum and what it covers, or an honest word that a sum is not recorded."""

    amount: float | int | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    covers: Text | None = None
    source: Key | None = None
    not_recorded: Text | None = None

    @model_validator(mode="after")
    def _one_of_two_forms(self, info: ValidationInfo) -> Cost:
        if info.context == _MENDING:
            return self
        sum_given = all(value is not None for value in (self.amount, self.currency, self.covers))
        if sum_given == (self.not_recorded is not None):
            raise ValueError('needs either "amount", "currency" and "covers", or "not_recorded"')
        return self


class Place(Value):
    """A place of a case, for the maps: its name, and where it lies in degrees (south and west are negative)."""

    name: Text
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


def _few(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if len(places) > MOST_PLACES:
        raise ValueError(f"holds more than {MOST_PLACES} places; keep the main ones")
    return places


class Picture(Value):
    """A picture file of a case, with what must be known before it may be printed.

    Where `persons` can be recognised, `consent` says that they, or their parents, agreed, and where that is kept.
    """

    file: FileName
    alt: Text
    credit: Text
    rights: Text
    persons: bool = False
    consent: Text | None = None

    @model_validator(mode="after")
    def _persons_were_asked(self) -> Picture:
        if self.persons and not self.consent:
            raise ValueError('shows persons, and "consent" is missing; say who agreed, and where that is kept')
        return self


class Chart(Value):
    """A chart as an author asks for it: a closed vocabulary over a CSV file of the case."""

    id: Key
    type: Literal["line", "bar", "dot", "slope", "multiples"]
    data: FileName
    x: Text
    y: Text
    series: Text | None = None
    unit: Text
    title: Text
    source: Text
    alt: Text
    break_after: Annotated[Text | None, BeforeValidator(_as_text), Field(alias="break")] = None


class FieldRule(Value):
    """A further field that a volume asks of its cases, printed in the opener's panel or nowhere."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    type: Literal["text", "number", "date", "list", "link"]
    label: Text
    required: bool = False
    printed: Literal["panel", "nowhere"] = "panel"


class SectionRule(Value):
    """A section that the volume's cases have, in this order; its `role` gives it a dress of its own."""

    key: Key
    title: Text
    required: bool = True
    role: Literal["lessons", "limits"] | None = None


class Kind(Value):
    """A kind of case and what the volume means by it."""

    title: Text
    meaning: Text


class CountryName(Value):
    """A country's name as the volume uses it, and today's where it differs."""

    name: Text
    today: Text | None = None


class Publisher(Value):
    """Who publishes: the name to print and the folder of `layouts/publishers/` with its texts."""

    name: Text
    place: Text | None = None
    texts: Key


class Identifiers(Value):
    """The numbers under which a volume is known."""

    isbn: ISBN | None = None
    eisbn: ISBN | None = None
    issn: ISSN | None = None
    doi: DOI | None = None
    symbol: Text | None = None


class Part(Value):
    """A part of the book: its title, a few words on what it holds, and its cases in order."""

    title: Text
    intro: Text | None = None
    cases: Many[Key]


class Held(Value):
    """A case that stays out of the book for now, and why."""

    case: Key
    reason: Text


class CaseMatter(Value):
    """The front matter of a case file."""

    title: Text
    country: Text
    region: Key | None = None
    places: Annotated[Many[Place], AfterValidator(_few)] = ()
    kind: Key
    themes: Some[Key]
    constraints: Many[Key] = ()
    period: Annotated[tuple[int, int], BeforeValidator(_period)]
    partners: Many[Text] = ()
    offices: Some[Text]
    authors: Some[Text]
    cost: Some[Cost]
    summary: Text
    image: Picture | None = None
    sources: Many[Source]
    status: Literal["proposed", "in-review", "edited", "approved"]
    approved_by: Text | None = None
    approved_on: datetime.date | None = None
    updated: datetime.date
    # The volume's own fields, gathered when they are read; editors write them beside the others.
    fields: Annotated[Mapping[str, Any], Field(exclude=True)] = {}


class VolumeMatter(Value):
    """What `volume.yaml` says."""

    title: Text
    subtitle: Text | None = None
    number: int | Text | None = None
    version: Annotated[Text, BeforeValidator(_as_text)]
    date: datetime.date
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    publisher: Publisher
    authors: Some[Text]
    about: Text
    keywords: Many[Text]
    licence: Text
    identifiers: Identifiers = Identifiers()
    printer: Key | None = None
    notice: Text | None = None
    theme: Key | None = None
    kinds: Annotated[Mapping[Key, Kind], Field(min_length=1)]
    themes: Mapping[Key, Text]
    constraints: Mapping[Key, Text] = {}
    regions: Mapping[Key, Text] = {}
    known_acronyms: Many[Text] = ()
    countries: Mapping[str, CountryName] = {}
    sections: Some[SectionRule]
    fields: Many[FieldRule] = ()
    front: Many[Text]
    parts: Some[Part]
    back: Many[Text]
    held: Many[Held] = ()


class Edition(Value):
    """An edition as data: `styles/editions/<name>.yaml`.

    `claims`: the standards that its metadata name; `profile`: what its colours mean (a file of `styles/profiles/`);
    `data`: the CSV of each chart travels inside.
    """

    name: Key
    title: Text
    tagged: bool
    statuses: Many[Text]
    claims: Many[Literal["pdf/a-3a", "pdf/ua-1"]] = ()
    profile: Text | None = None
    data: bool = False
