"""The records that editors write: the front matter of a case, `volume.yaml`, a chart, an edition.

Keys of the files have the names that the fields have here, and what stands below a field explains it to editors.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator

from .values import (
    DOI,
    ISBN,
    ISSN,
    MENDING,
    Address,
    FileName,
    Key,
    Many,
    Period,
    Size,
    Some,
    SomeDate,
    Text,
    Value,
    WrittenText,
)

MOST_PLACES = 40


class Source(Value):
    """A public source of a case, cited as `[@id]`."""

    id: Key
    """a short name; the text cites it: [@s1]"""
    url: Address
    """where everybody can read it"""
    read: datetime.date
    """the day you read it, such as 2020-01-31"""
    title: Text | None = None
    """what it is; where known"""
    date: SomeDate | None = None
    """its own date: 2011, 2011-09 or 2011-09-05; where known"""


class Cost(Value):
    """A sum and what it covers, or an honest word that a sum is not recorded."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["amount", "currency", "covers"]}, {"required": ["not_recorded"]}]}
    )

    amount: float | int | None = None
    """a number, without signs for thousands"""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    """three capital letters, such as USD"""
    covers: Text | None = None
    """what the sum paid for"""
    source: Key | None = None
    """the id of the source that says so"""
    not_recorded: Text | None = None
    """instead of a sum: what is not known"""

    @model_validator(mode="after")
    def _one_of_two_forms(self, info: ValidationInfo) -> Cost:
        if info.context == MENDING:
            return self
        sum_given = all(value is not None for value in (self.amount, self.currency, self.covers))
        if sum_given == (self.not_recorded is not None):
            raise ValueError('needs either "amount", "currency" and "covers", or "not_recorded"')
        return self


class Place(Value):
    """A place of a case, for the maps."""

    name: Text
    """as the map should print it"""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """in degrees; south is negative"""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """in degrees; west is negative"""


def _few(places: tuple[Place, ...]) -> tuple[Place, ...]:
    if len(places) > MOST_PLACES:
        raise ValueError(f"holds more than {MOST_PLACES} places; keep the main ones")
    return places


class Picture(Value):
    """A picture file of a case, with what must be known before it may be printed."""

    file: FileName
    """a JPEG or PNG beside the case, at least 660 pixels across"""
    alt: Text
    """what one sees, for who cannot see it"""
    credit: Text
    """who made it"""
    rights: Text
    """why it may be printed: a licence, or who allowed it"""
    persons: bool = False
    """true, where persons can be recognised"""
    consent: Text | None = None
    """then: who agreed (for children their parents, too), and where that is kept"""

    @model_validator(mode="after")
    def _persons_were_asked(self) -> Picture:
        if self.persons and not self.consent:
            raise ValueError('shows persons, and "consent" is missing; say who agreed, and where that is kept')
        return self


class Chart(Value):
    """A chart as an author asks for it: a closed vocabulary over a CSV file of the case."""

    id: Key
    """its name: the text refers to it as figure:name"""
    type: Literal["line", "bar", "dot", "slope", "multiples"]
    """how it looks"""
    data: FileName
    """a CSV file beside the case"""
    x: Text
    """the column to go along"""
    y: Text
    """the column of numbers"""
    series: Text | None = None
    """a column: one line, or colour, for each of its values; slope and multiples need it"""
    unit: Text
    """what the numbers count"""
    title: Text
    """what the chart shows, as a sentence"""
    source: Text
    """where the numbers are from, with a citation"""
    alt: Text
    """what one sees, with the main values"""
    break_after: Annotated[WrittenText | None, Field(alias="break")] = None
    """the last value of x before the numbers stop being comparable"""


class FieldRule(Value):
    """A further field that a volume asks of its cases, printed in the opener's panel or nowhere."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    """its name in the case files"""
    type: Literal["text", "number", "date", "list", "link"]
    """what it holds"""
    label: Text
    """its name in the book"""
    required: bool = False
    """true, if no case may leave it out"""
    printed: Literal["panel", "nowhere"] = "panel"
    """where it is printed"""


class SectionRule(Value):
    """A section that the volume's cases have, in this order; its `role` gives it a dress of its own."""

    key: Key
    """its name in links"""
    title: Text
    """its heading in the case files and in the book"""
    required: bool = True
    """false, if a case may leave it out"""
    role: Literal["lessons", "limits"] | None = None
    """a dress of its own: for what was learned, for what did not work"""


class Kind(Value):
    """A kind of case and what the volume means by it."""

    title: Text
    """as it is printed"""
    meaning: Text
    """what the volume means by it, in a sentence"""


class CountryName(Value):
    """A country's name as the volume uses it, and today's where it differs."""

    name: Text
    """the name of the time that the cases tell of"""
    today: Text | None = None
    """today's, where it differs"""


class Publisher(Value):
    """A publisher, and whose texts stand in the imprint."""

    name: Text
    """as it is printed"""
    place: Text | None = None
    """the town; where it should be printed"""
    texts: Key
    """the folder of layouts/publishers/ with the texts for the imprint"""


class Identifiers(Value):
    """The numbers under which a volume is known."""

    isbn: ISBN | None = None
    """of the printed book"""
    eisbn: ISBN | None = None
    """of the file"""
    issn: ISSN | None = None
    """of the series"""
    doi: DOI | None = None
    """such as 10.1234/abcd"""
    symbol: Text | None = None
    """the number of the document in its house"""


class Part(Value):
    """A part of the book: its title, a few words on what it holds, and its cases in order."""

    title: Text
    """as it is printed"""
    intro: Text | None = None
    """a few sentences on what its cases have in common"""
    cases: Many[Key]
    """the folders of its cases, in the order of the book"""


class Held(Value):
    """A case that stays out of the book for now, and why."""

    case: Key
    """the folder of the case"""
    reason: Text
    """why it stays out"""


class CaseMatter(Value):
    """The front matter of a case file."""

    title: Text
    """What happened, in at most 60 characters."""
    country: Text
    """Two capital letters (ISO 3166-1), such as AM; or global."""
    region: Key | None = None
    """A word of the volume's list."""
    places: Annotated[Many[Place], AfterValidator(_few)] = ()
    """Where it happened, for the maps."""
    kind: Key
    """A word of the volume's list."""
    themes: Some[Key]
    """Words of the volume's list, the main one first."""
    constraints: Many[Key] = ()
    """What stood in the way: words of the volume's list."""
    period: Period
    """When it happened: 2008–2015, or 2011."""
    partners: Many[Text] = ()
    """Who else took part."""
    offices: Some[Text]
    """Whose experience it is."""
    authors: Some[Text]
    """Who wrote the text."""
    cost: Some[Cost]
    """What it cost: sums with what they cover, or an honest word on what is not recorded."""
    summary: Text
    """What was done and what came of it, in 40 to 60 words."""
    image: Picture | None = None
    """A picture for the opening page."""
    sources: Many[Source]
    """What the text rests on: public sources, each cited in it at least once."""
    status: Literal["proposed", "in-review", "edited", "approved"]
    """How far it is. Approved cases say who approved them, and when."""
    approved_by: Text | None = None
    """Who approved it."""
    approved_on: datetime.date | None = None
    """The day on which it was approved."""
    updated: datetime.date
    """The day of the last change, such as 2020-01-31."""
    doi: DOI | None = None
    """Its own number, where it has one; its offprint prints it."""
    # The volume's own fields, gathered when they are read; editors write them beside the others.
    fields: Annotated[Mapping[str, Any], Field(exclude=True)] = {}


class VolumeMatter(Value):
    """What `volume.yaml` says."""

    title: Text
    """The title of the book."""
    subtitle: Text | None = None
    """The subtitle."""
    number: int | Text | None = None
    """The number of the volume in its series."""
    version: WrittenText
    """The version of the text; change it when a published text changes."""
    date: datetime.date
    """The day of publication, such as 2020-01-31. The newest volume is the one with the latest date."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    """The language of the book, such as en or en-GB; its words are in layouts/words/."""
    publisher: Publisher
    """Who publishes."""
    authors: Some[Text]
    """Who made the volume, for the citation."""
    about: Text
    """What the book is, in two or three sentences, for catalogues."""
    keywords: Many[Text]
    """Words under which a catalogue should find it."""
    licence: Text
    """On which terms it may be shared."""
    identifiers: Identifiers = Identifiers()
    """The numbers under which it is known."""
    printer: Key | None = None
    """The print shop whose rules hold."""
    notice: Text | None = None
    """A word of warning for the cover."""
    theme: Key | None = None
    """Another design: a folder of styles/themes/."""
    kinds: Annotated[Mapping[Key, Kind], Field(min_length=1)]
    """The kinds of cases."""
    themes: Mapping[Key, Text]
    """The themes of cases: a word for the case files, and how it is printed."""
    constraints: Mapping[Key, Text] = {}
    """What stood in the way: a word for the case files, and how it is printed."""
    regions: Mapping[Key, Text] = {}
    """The regions: a word for the case files, and how it is printed."""
    known_acronyms: Many[Text] = ()
    """Acronyms that need no explanation."""
    countries: Mapping[str, CountryName] = {}
    """Names of countries where the usual ones will not do, by their two letters (ISO 3166-1)."""
    sections: Some[SectionRule]
    """The sections of every case, in this order."""
    fields: Many[FieldRule] = ()
    """Further fields that its cases have."""
    front: Many[Text]
    """What stands before the cases: pages of layouts/, and texts of front/ (front/foreword.md is foreword)."""
    parts: Some[Part]
    """The parts of the book and their cases: this is the order."""
    back: Many[Text]
    """What stands after the cases: pages of layouts/, and texts of back/."""
    held: Many[Held] = ()
    """Cases that stay out of the book for now, and why."""


class Fit(Value):
    """How pictures travel in an edition."""

    resolution: Annotated[int, Field(ge=50, le=1200)]
    """at most so many pixels to the inch, at the size at which a picture is printed"""
    quality: Annotated[int, Field(ge=30, le=95)]
    """that of photographs, as JPEG counts it"""


class Edition(Value):
    """An edition as data: `styles/editions/<name>.yaml`.

    `each`: what becomes a file, the volume or every case; `claims`: the standards that its metadata name; `profile`:
    what its colours mean (a file of `styles/profiles/`); `pictures`: with how many pixels they travel (None: all);
    `data`: the CSV of each chart travels inside; `linearized`: the first page can be shown before the rest is there;
    `budget`: the bytes that a file may have.
    """

    name: Key
    title: Text
    each: Literal["volume", "case"] = "volume"
    statuses: Many[Text]
    claims: Many[Literal["pdf/a-2a", "pdf/a-3a", "pdf/ua-1", "pdf/x-4"]] = ()
    profile: Text | None = None
    pictures: Fit | None = None
    data: bool = False
    linearized: bool = False
    budget: Size | None = None

    @property
    def for_press(self) -> bool:
        """Tell whether a printer gets it: then it has the printer's profile."""
        return "pdf/x-4" in self.claims
