"""A small file as a print shop likes it, made by hand: the ground on which faults are planted."""

from __future__ import annotations

import datetime
import io
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from compendium import reading
from compendium.chapters import Metadata
from compendium.preflight.prepress.order import Order
from compendium.preflight.sheets import File
from compendium.printers import Printer
from compendium.reading.printers import read_printer

from .conftest import FONTS, PROJECT

MM = 72 / 25.4
BLEED = 3 * MM
TRIM = (170 * MM, 240 * MM)
SPINE = 12 * MM
TITLE = "A book for the press"
METADATA = Metadata(
    title=TITLE,
    authors=("Somebody",),
    subject="Nothing much",
    keywords=("paper",),
    language="en",
    publisher="Nobody",
    identifiers=(),
    rights="Free",
    date=datetime.date(2020, 1, 31),
    digest="0" * 64,
    edition="Print edition",
    claims=("pdf/x-4",),
)
DATE = "2020-01-31T00:00:00+00:00"
TEXT = TTFont(io.BytesIO(FONTS["SourceSerif4-Regular.ttf"]))


def printer(**changes: Any) -> Printer:
    """Give the record of a printer: that of the coated sheets, with changes."""
    found = read_printer(reading.read_design(PROJECT), "sheetfed-coated")
    assert found is not None
    return found.model_copy(update={"page_multiple": 2, **changes})


@cache
def profile() -> bytes:
    return (PROJECT / "styles/profiles/FOGRA39L_coated.icc").read_bytes()


def order(spine: tuple[float, float] | None = None, **changes: Any) -> Order:
    return Order(printer(**changes), profile(), spine)


def codes(words: str) -> str:
    """Write words as the codes of the font that is in the file."""
    signs = TEXT.getBestCmap()
    return "".join(f"{TEXT.getGlyphID(signs[ord(sign)]):04x}" for sign in words)


def words(text: str, x: float, y: float, size: float = 10, colour: str = "0 0 0 1 k", state: str = "Over") -> bytes:
    """Give the operators that set words: in points from the lower left of the trimmed page."""
    return f"q /{state} gs {colour} BT /Text {size} Tf {x} {y} Td <{codes(text)}> Tj ET Q\n".encode()


def inner_page(number: int) -> bytes:
    """A coloured area that bleeds on three sides, a picture, a rule, and words in black."""
    width, height = TRIM
    area = f"0.2 0.6 0 0 k {-BLEED} {height - 80} {width + 2 * BLEED} {80 + BLEED} re f\n"
    picture = f"q {60 * MM} 0 0 {40 * MM} 60 200 cm /Photo Do Q\n"
    rule = "0 0 0 1 K 0.5 w 60 190 m 300 190 l S\n"
    return (area + picture + rule).encode() + words(f"Page {number} of the book", 60, 120)


def cover_page() -> bytes:
    """An area that goes over the whole spread, and words on back, spine and front."""
    width, height = 2 * TRIM[0] + SPINE, TRIM[1]
    area = f"0.1 0.3 0 0.1 k {-BLEED} {-BLEED} {width + 2 * BLEED} {height + 2 * BLEED} re f\n".encode()
    spine = f"q 0 -1 1 0 {TRIM[0] + SPINE / 2 - 4} {height - 60} cm\n".encode() + words("Spine", 0, 0) + b"Q\n"
    return area + words("Back", 60, 300) + spine + words("Front", TRIM[0] + SPINE + 60, 300, 24)


def embedded_font(pdf: Pdf) -> Any:
    """Embed the font of the text, whole."""
    program = pdf.make_stream(FONTS["SourceSerif4-Regular.ttf"])
    unit = 1000 / TEXT["head"].unitsPerEm
    widths = [round(TEXT["hmtx"][name][0] * unit) for name in TEXT.getGlyphOrder()]
    name = Name("/SourceSerif4-Regular")
    metrics: dict[str, Any] = {"FontBBox": [0, -250, 1000, 1000], "Ascent": 900, "Descent": -250}
    metrics |= {"ItalicAngle": 0, "StemV": 80}
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=name, Flags=4, FontFile2=program, **metrics)
    below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=name, CIDToGIDMap=Name.Identity)
    below.CIDSystemInfo = Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0)
    below.FontDescriptor, below.W = pdf.make_indirect(descriptor), Array([0, Array(widths)])
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=name, Encoding=Name("/Identity-H"))
    font.DescendantFonts = Array([pdf.make_indirect(below)])
    return pdf.make_indirect(font)


def photo(pdf: Pdf, width: int = 720, height: int = 480) -> Stream:
    """Make a picture in the inks of the press: a tint that grows darker."""
    row = bytes(value for x in range(width) for value in (x * 90 // width, 60, 30, 20))
    inks = {"ColorSpace": Name.DeviceCMYK, "BitsPerComponent": 8}
    return Stream(pdf, row * height, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, **inks)


def add_page(pdf: Pdf, content: bytes, width: float, height: float, resources: Any) -> None:
    page = pdf.add_blank_page(page_size=(width + 2 * BLEED, height + 2 * BLEED)).obj
    page.TrimBox = Array([BLEED, BLEED, BLEED + width, BLEED + height])
    page.BleedBox = Array([0, 0, width + 2 * BLEED, height + 2 * BLEED])
    page.Resources = resources
    page.Contents = pdf.make_stream(f"q 1 0 0 1 {BLEED} {BLEED} cm\n".encode() + content + b"Q")


def describe(pdf: Pdf) -> None:
    """Say what PDF/X-4 wants to be told."""
    condition: dict[str, Any] = {"OutputConditionIdentifier": "FOGRA39", "Info": "Coated FOGRA39"}
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, RegistryName="http://www.color.org", **condition)
    intent.DestOutputProfile = pdf.make_indirect(Stream(pdf, profile(), N=4))
    pdf.Root.OutputIntents = Array([intent])
    for key, value in (("Title", TITLE), ("Creator", "Hand"), ("Producer", "Hand"), ("Subject", METADATA.subject)):
        pdf.docinfo[f"/{key}"] = value
    pdf.docinfo["/Keywords"] = ", ".join(METADATA.keywords)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
        said["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] = "PDF/X-4"
        said["dc:title"], said["dc:creator"], said["dc:source"] = TITLE, ["Somebody"], f"sha256:{METADATA.digest}"
        said["dc:description"], said["pdf:Keywords"], said["pdf:Trapped"] = METADATA.subject, "paper", "False"
        said["xmp:CreatorTool"] = said["pdf:Producer"] = "Hand"
        said["xmp:CreateDate"] = said["xmp:ModifyDate"] = said["xmp:MetadataDate"] = DATE
        said["xmpMM:DocumentID"], said["xmpMM:VersionID"], said["xmpMM:RenditionClass"] = "uuid:1", "1", "default"


def made(pages: list[tuple[bytes, float, float]]) -> bytes:
    """Make a file of pages, each with its width and height when trimmed."""
    with Pdf.new() as pdf:
        states = Dictionary(Over=Dictionary(op=True, OP=True, OPM=1), Plain=Dictionary(op=False, OP=False))
        resources = Dictionary(Font=Dictionary(Text=embedded_font(pdf)), ExtGState=states)
        resources.XObject = Dictionary(Photo=pdf.make_indirect(photo(pdf)))
        for content, width, height in pages:
            add_page(pdf, content, width, height, pdf.make_indirect(resources))
        describe(pdf)
        return saved(pdf)


def saved(pdf: Pdf, **how: Any) -> bytes:
    file = io.BytesIO()
    settings: dict[str, Any] = {"deterministic_id": True, "force_version": "1.6"}
    pdf.save(file, **(settings | how))
    return file.getvalue()


@cache
def inside() -> bytes:
    """Give the inside of a book, of two pages."""
    return made([(inner_page(number), *TRIM) for number in (1, 2)])


@cache
def cover() -> bytes:
    """Give a cover: back, spine and front."""
    return made([(cover_page(), 2 * TRIM[0] + SPINE, TRIM[1])])


COVER = (TRIM[0] / MM, (TRIM[0] + SPINE) / MM)
"""Where the spine of the cover begins and ends, in mm."""


def opened(content: bytes, given: Order | None = None) -> File:
    return File(content, METADATA, ("SourceSerif4",), given or order())
