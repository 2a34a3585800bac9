"""Rules of the file gate about the file as a whole: identification, metadata, colour, attachments (ISO 19005-3)."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream, pdfa

from .sheets import File, Finding
from .thinned import thinned

_PAIRS = {
    "/Title": "dc:title",
    "/Subject": "dc:description",
    "/Keywords": "pdf:Keywords",
    "/Creator": "xmp:CreatorTool",
    "/Producer": "pdf:Producer",
}
_UA = "{http://www.aiim.org/pdfua/ns/id/}part"
_NOT_FAULTS = (
    "associated files (/AF) are not supported",
    "XMP namespace pdfaExtension=",
    "XMP namespace pdfaSchema=",
    "XMP namespace pdfaProperty=",
    "XMP property pdfuaid:part",
    "XMP property pdfaExtension:schemas",
    "pdfaid:conformance is 'A', expected 'B'",
)
"""What the checker for level B does not know of level A with attachments; rules of ours look at these."""


def syntax(file: File) -> Iterator[Finding]:
    """Every object of the file can be read (ISO 32000-1, 7.3 and 7.5)."""
    with contextlib.redirect_stderr(sys.stderr):  # pikepdf 10.18 leaves another in its place after a linearized file
        found = file.unreadable()
    yield from ((None, what) for what in found)


def header(file: File) -> Iterator[Finding]:
    """The file begins as PDF 1.0 to 1.7 and says that it is binary (ISO 19005-3, 6.1.2; ISO 14289-1, 6.1)."""
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", file.content[:20]):
        yield None, "The first two lines are not those of a PDF 1.7."


def identifier(file: File) -> Iterator[Finding]:
    """The file has an identifier (ISO 19005-3, 6.1.3)."""
    if "/ID" not in file.pdf.trailer:
        yield None, "The file has no identifier."


def encryption(file: File) -> Iterator[Finding]:
    """Nothing is encrypted (ISO 19005-3, 6.1.3; ISO 14289-1, 7.16)."""
    if file.pdf.is_encrypted:
        yield None, "The file is encrypted."


def claim_a(file: File) -> Iterator[Finding]:
    """The metadata name the part and the level of PDF/A (ISO 19005-2 and 19005-3, 6.6.4)."""
    found = f"{file.xmp.get('pdfaid:part')}{file.xmp.get('pdfaid:conformance')}"
    if found != f"{_part(file)}A":
        yield None, f"The metadata name PDF/A-{found} and not PDF/A-{_part(file)}A."


def _part(file: File) -> str:
    """Give the part of PDF/A that the file should follow: 2 or 3."""
    return next(claim[6] for claim in file.metadata.claims if claim.startswith("pdf/a-"))


def claim_ua(file: File) -> Iterator[Finding]:
    """The metadata name PDF/UA-1 (ISO 14289-1, 5)."""
    if file.xmp.get(_UA) != "1":
        yield None, "The metadata do not name PDF/UA-1."


def schema(file: File) -> Iterator[Finding]:
    """Fields that are not PDF/A's own are described in the metadata (ISO 19005-3, 6.6.2.3)."""
    packet = file.root.Metadata.read_bytes() if isinstance(file.root.get("/Metadata"), Stream) else b""
    described = b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>" in packet
    if _UA in file.xmp and not described:
        yield None, "The metadata use a field of PDF/UA without describing it."


def metadata(file: File) -> Iterator[Finding]:
    """Info and XMP say the same (ISO 19005-3, 6.6.3)."""
    if not file.xmp:
        yield None, "The metadata packet is missing or broken."
        return
    if (file.root.Metadata.get("/Type"), file.root.Metadata.get("/Subtype")) != (Name.Metadata, Name.XML):
        yield None, "The metadata packet does not say what it is."
    for key, name in _PAIRS.items():
        if str(file.pdf.docinfo.get(key, "")) != str(file.xmp.get(name, "")):
            yield None, f"Info {key} and XMP {name} differ."


def matter(file: File) -> Iterator[Finding]:
    """Title, authors and the digest of the sources are the volume's (house rule)."""
    if str(file.xmp.get("dc:title", "")) != file.metadata.title:
        yield None, "The title is not the volume's."
    if list(file.xmp.get("dc:creator", [])) != list(file.metadata.authors):
        yield None, "The authors are not the volume's."
    if file.xmp.get("dc:source") != f"sha256:{file.metadata.digest}":
        yield None, "The digest of the sources is missing."


def title(file: File) -> Iterator[Finding]:
    """The file has a title, and viewers show it (ISO 14289-1, 7.1)."""
    if not str(file.xmp.get("dc:title", "")).strip():
        yield None, "The metadata have no title."
    if file.root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False) is not True:
        yield None, "Viewers show the name of the file and not its title."


def language(file: File) -> Iterator[Finding]:
    """The file says its language (ISO 14289-1, 7.2)."""
    if str(file.root.get("/Lang", "")) != file.metadata.language:
        yield None, "The file does not say its language."


def intent(file: File) -> Iterator[Finding]:
    """The file says what its colours mean, once, with a sound profile (ISO 19005-3, 6.2.3)."""
    intents = [one for one in file.root.get("/OutputIntents", Array()) if one.get("/S") == Name.GTS_PDFA1]
    if len(intents) != 1:
        yield None, f"The file has {len(intents)} output intents."
        return
    profile: Any = intents[0].get("/DestOutputProfile", Dictionary())
    data = profile.read_bytes() if isinstance(profile, Stream) else b""
    channels = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1}.get(data[16:20])
    if data[36:40] != b"acsp" or channels is None or channels != profile.get("/N"):
        yield None, "The output intent has no sound colour profile."


def level_b(file: File) -> Iterator[Finding]:
    """Everything that PDF/A asks at level B, by pikepdf's own checker (ISO 19005-3, 6)."""
    report = pdfa.validate_written(thinned(file), pdfa.Flavour(f"{_part(file)}b"))
    said = {
        f"{found.message} ({found.rule.replace('_', ' ')}, {found.where})"
        for found in report.findings
        if not found.message.startswith(_NOT_FAULTS)
    }
    yield from ((None, what) for what in sorted(said)[:20])


def attachments(file: File) -> Iterator[Finding]:
    """Every file inside has a type, a name, words, a date and a relation to the book (ISO 19005-3, 6.8)."""
    if file.attachments and _part(file) == "2":
        yield None, "Files travel inside, which PDF/A-2 does not allow for data."
    for one in file.attachments:
        name, content = str(one.get("/UF", "?")), one.get("/EF", Dictionary()).get("/F")
        if not isinstance(content, Stream) or "/Subtype" not in content:
            yield None, f"The attached file {name} does not say its type."
        elif "/ModDate" not in content.get("/Params", Dictionary()):
            yield None, f"The attached file {name} has no date."
        if "/F" not in one or "/UF" not in one or not str(one.get("/Desc", "")):
            yield None, f"The attached file {name} lacks a name or a description."
        if one.get("/AFRelationship") != Name.Data:
            yield None, f"The attached file {name} does not say that it is data of the book."


def association(file: File) -> Iterator[Finding]:
    """Every file inside belongs to the figure that shows it (ISO 19005-3, 6.8)."""
    figures = {one.objgen for element in file.elements for one in element.obj.get("/AF", Array())}
    for one in file.attachments:
        if one.objgen not in figures:
            yield None, f"The attached file {one.get('/UF', '?')} belongs to no figure."
    if figures - {one.objgen for one in file.attachments}:
        yield None, "A file belongs to a figure without being listed."


def listed(file: File) -> Iterator[Finding]:
    """Every file inside belongs to the book (ISO 19005-3, 6.8)."""
    if {one.objgen for one in file.root.get("/AF", Array())} != {one.objgen for one in file.attachments}:
        yield None, "A file is listed and does not belong to the book, or belongs to it and is not listed."


def workshop(file: File) -> Iterator[Finding]:
    """Nothing of the editors' workshop travels along: no scripts, no private data, data files alone (house rule)."""
    if extra := [key for key in ("/OpenAction", "/AA", "/AcroForm", "/PieceInfo") if key in file.root]:
        yield None, f"The file carries {', '.join(extra)}."
    if any(not str(one.get("/UF", "")).endswith(".csv") for one in file.attachments):
        yield None, "A file is attached that is no data."


RULES = {
    "file-syntax": syntax,
    "ua-6.1-header": header,
    "a-6.1.3-identifier": identifier,
    "a-6.1.3-encryption": encryption,
    "a-6.6.4-identification": claim_a,
    "ua-5-identification": claim_ua,
    "a-6.6.2.3-schema": schema,
    "a-6.6.3-metadata": metadata,
    "book-matter": matter,
    "ua-7.1-title": title,
    "ua-7.2-language": language,
    "a-6.2.3-intent": intent,
    "a-6-level-b": level_b,
    "a-6.8-attachments": attachments,
    "a-6.8-association": association,
    "a-6.8-listed": listed,
    "book-workshop": workshop,
}
