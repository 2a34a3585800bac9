"""Rules of the press about the file as a whole: what it says of itself, and what may not travel inside it.

Where ISO 15930-7 is named without a clause, it is as its public summaries have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream

from compendium.preflight import file as common
from compendium.preflight import fonts
from compendium.preflight.sheets import Fault, File, Finding

_X = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
_ASKED = ("dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID")
_ASKED_OF_PRESS = ("xmpMM:VersionID", "xmpMM:RenditionClass")
_ALIEN = {"/OPI", "/Ref", "/Alternates"}


def claim(file: File) -> Iterator[Finding]:
    """The metadata name PDF/X-4 (ISO 15930-7)."""
    if (found := file.xmp.get(_X)) != "PDF/X-4":
        yield None, f"The metadata name {found or 'no PDF/X'} and not PDF/X-4."


def header(file: File) -> Iterator[Finding]:
    """The file is no newer than PDF 1.6 (ISO 15930-7)."""
    versions = [file.content[5:8].decode("latin-1"), str(file.root.get("/Version", "/1.0"))[1:]]
    if not re.match(rb"%PDF-1\.[0-7]", file.content[:8]) or max(versions) > "1.6":
        yield None, f"The file is PDF {max(versions)}; PDF/X-4 is made of PDF 1.6."


def matter(file: File) -> Iterator[Finding]:
    """The metadata have a title, dates, and the numbers that tell versions apart (ISO 15930-7)."""
    if missing := [name for name in (*_ASKED, *_ASKED_OF_PRESS) if not str(file.xmp.get(name) or "").strip()]:
        yield None, f"The metadata have no {', '.join(missing)}."


def trapped(file: File) -> Iterator[Finding]:
    """The file says whether colours are spread below their neighbours already (ISO 32000-1, 14.11.6)."""
    said = {str(file.pdf.docinfo.get("/Trapped", "")).strip("/"), str(file.xmp.get("pdf:Trapped") or "")} - {""}
    if len(said) != 1 or not said <= {"True", "False"}:
        yield None, f"Trapped is {' and '.join(sorted(said)) or 'not said'}; it must be True or False."


def intent(file: File) -> Iterator[Finding]:
    """The file says for which press it is made: once, with the profile inside (ISO 32000-1, 14.11.5)."""
    intents = _intents(file)
    if len(intents) != 1 or len(file.root.OutputIntents) != 1:
        yield None, f"The file has {len(file.root.get('/OutputIntents', ()))} output intents; the press needs one."
    for one in intents:
        data = _profile(one)
        if data[36:40] != b"acsp" or data[12:20] != b"prtrCMYK" or int(one.DestOutputProfile.get("/N", 0)) != 4:
            yield None, "The output intent has no sound profile of a press with four inks."
        if not str(one.get("/RegistryName", "")) or not str(one.get("/Info", "")):
            yield None, "The output intent does not say where its condition is registered, or what it is."


def condition(file: File) -> Iterator[Finding]:
    """The press for which the file is made is the printer's (house rule)."""
    if file.order is None:
        return
    printer = file.order.printer
    for one in _intents(file):
        named = str(one.get("/OutputConditionIdentifier", ""))
        if named != printer.condition:
            yield None, f"The file is made for {named or 'no press'}; {printer.title} prints to {printer.condition}."
        if _profile(one) != file.order.profile:
            yield None, f"The profile inside is not {printer.profile}, which {printer.title} asks for."


def notes(file: File) -> Iterator[Finding]:
    """No links, notes or form fields lie on the pages (ISO 15930-7; house rule)."""
    for page, note in file.annotations:
        left, _, _, top = (float(side) for side in note.get("/Rect", (0, 0, 0, 0)))
        trim = file.pdf.pages[page].trimbox
        at = (left - float(trim[0])) / 72 * 25.4, (float(trim[3]) - top) / 72 * 25.4
        kind = str(note.get("/Subtype", "/nothing"))[1:]
        yield Fault(page, f"A note of the kind {kind} lies on the page and cannot be printed.", "Leave it out.", at)


def actions(file: File) -> Iterator[Finding]:
    """Nothing happens by itself: no actions, scripts or forms (ISO 15930-7)."""
    names = file.root.get("/Names", Dictionary())
    found = [key for key in ("/AA", "/AcroForm", "/OpenAction") if key in file.root]
    if found := [*found, *(["/JavaScript"] if "/JavaScript" in names else [])]:
        yield None, f"The file carries {', '.join(found)}."
    for page, one in enumerate(file.pdf.pages):
        if "/AA" in one.obj or "/PresSteps" in one.obj:
            yield page, "Something happens when the page is opened."


def attachments(file: File) -> Iterator[Finding]:
    """No files travel inside (house rule)."""
    if file.attachments or "/AF" in file.root:
        yield None, "Files are attached, which a print shop has no use for."


def layers(file: File) -> Iterator[Finding]:
    """Nothing can be shown or hidden: what is seen is what is printed (house rule)."""
    if "/OCProperties" in file.root:
        yield None, "The file has layers."


def whole(file: File) -> Iterator[Finding]:
    """All that is printed is in the file, and as it is (ISO 15930-7)."""
    for one in file.pdf.objects:
        if not isinstance(one, Stream):
            continue
        if one.get("/Subtype") == Name.PS or one.get("/Subtype2") == Name.PS:
            yield None, "The file holds a piece of PostScript."
        if _ALIEN & set(one.keys()) or {"/F", "/FFilter"} & set(one.keys()):
            yield None, "Something printed stands in for something that is not in the file."


def embedded(file: File) -> Iterator[Finding]:
    """Every font travels with the file (ISO 15930-7; ISO 32000-1, 9.9)."""
    for font in _fonts(file):
        if font.obj.get("/Subtype") == Name.Type3:
            yield font.page, f"The font {font.name} is one of pictures (Type 3)."
        elif font.program is None:
            yield font.page, f"The font {font.name} is not embedded."


def designed(file: File) -> Iterator[Finding]:
    """Every font is one of the design's (house rule)."""
    yield from fonts.foreign(file, _fonts(file))


def _fonts(file: File) -> list[fonts.Font]:
    """Gather the fonts of what is printed."""
    return [fonts.Font(font, frozenset(), page) for font, page in file.inked]


def _intents(file: File) -> list[Any]:
    return [one for one in file.root.get("/OutputIntents", Array()) if one.get("/S") == Name.GTS_PDFX]


def _profile(one: Any) -> bytes:
    profile = one.get("/DestOutputProfile")
    return profile.read_bytes() if isinstance(profile, Stream) else b""


RULES = {
    "x-claim": claim,
    "x-header": header,
    "x-identifier": common.identifier,
    "x-encryption": common.encryption,
    "x-metadata": common.metadata,
    "x-matter": matter,
    "x-trapped": trapped,
    "x-intent": intent,
    "printer-condition": condition,
    "x-annotations": notes,
    "x-actions": actions,
    "printer-attachments": attachments,
    "printer-layers": layers,
    "x-whole": whole,
    "x-embedded": embedded,
    "printer-fonts": designed,
}
