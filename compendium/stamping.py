"""Metadata → a pageless shell: Info and one whole XMP packet that agree, page labels, how the file opens.

The chapters are bound into it afterwards, so that stamping costs nothing that grows with the book.
"""

from __future__ import annotations

import datetime
import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from xml.dom.minidom import parseString

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from pypdf.xmp import XmpInformation

from .chapters import Matter, Metadata, Placed

CREATOR = "Compendium"
PRESS = "pdf/x-4"
"""The claim of a file for a press."""
_STYLES = {"cover": "/D", "front": "/r", "body": "/D"}
_NAMESPACE = uuid.UUID("6f2d3c1e-52f0-5c0e-9d43-0a8f0c6a1b57")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    "<pdfuaid:part>{part}</pdfuaid:part></rdf:Description>"
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>"
    "</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"
)
_X4 = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"'
    ' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
    "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>"
    "<xmpMM:RenditionClass>default</xmpMM:RenditionClass><xmpMM:VersionID>1</xmpMM:VersionID>"
    "<pdf:Trapped>False</pdf:Trapped></rdf:Description></rdf:RDF>"
)
_XMP = "http://ns.adobe.com/xap/1.0/"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a file's colours mean: an ICC profile, and the name of what it describes; for a press, a registered one."""

    profile: bytes
    condition: str = "sRGB IEC61966-2.1"

    @property
    def inks(self) -> bool:
        """Tell whether the colours are inks (ISO 15076-1, 7.2.6)."""
        return self.profile[16:20] == b"CMYK"


def stamp(
    metadata: Metadata, producer: str, labels: Sequence[tuple[int, Matter, int]], cover: str, intent: Intent | None
) -> bytes:
    """Make the shell of a book.

    `labels` says at which page (from 0) a numbering begins, which one, and with which number (ISO 32000-1, 12.4.2);
    `cover` is the word before the numbers of the cover's pages; `intent` says what its colours mean.
    The dates are the volume's own, so that the same sources make the same bytes.
    """
    writer = PdfWriter()
    for_press = PRESS in metadata.claims
    writer.pdf_header = "%PDF-1.6" if for_press else "%PDF-1.7"
    writer.metadata = None
    moment = datetime.datetime.combine(metadata.date, datetime.time(), datetime.UTC)
    writer.add_metadata(_info(metadata, producer, moment))
    if for_press and writer._info:
        writer._info[NameObject("/Trapped")] = NameObject("/False")
    writer.xmp_metadata = _xmp(metadata, producer, moment)
    root = writer.root_object
    packet = cast(StreamObject, root["/Metadata"].get_object())
    packet[NameObject("/Type")], packet[NameObject("/Subtype")] = NameObject("/Metadata"), NameObject("/XML")
    root[NameObject("/Lang")] = TextStringObject(metadata.language)
    root[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): _labels(labels, cover)})
    root[NameObject("/PageMode")] = NameObject("/UseNone" if for_press else "/UseOutlines")
    root[NameObject("/PageLayout")] = NameObject("/TwoPageRight")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    if intent:
        root[NameObject("/OutputIntents")] = ArrayObject([_intent(writer, intent)])
    shell = io.BytesIO()
    writer.write(shell)
    return shell.getvalue()


def _intent(writer: PdfWriter, intent: Intent) -> DictionaryObject:
    """Say what the colours mean, with the profile embedded (ISO 19005-3, 6.2.3; ISO 15930-7, 6.2.3)."""
    stream = StreamObject()
    stream.set_data(intent.profile)
    stream[NameObject("/N")] = NumberObject(4 if intent.inks else 3)
    said = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFX" if intent.inks else "/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject(intent.condition),
            NameObject("/Info"): TextStringObject(intent.condition),
            NameObject("/DestOutputProfile"): writer._add_object(stream.flate_encode()),
        }
    )
    if intent.inks:
        said[NameObject("/RegistryName")] = TextStringObject("http://www.color.org")
    return said


def numberings(placed: Sequence[Placed]) -> list[tuple[int, Matter, int]]:
    """Find the pages of the bound book at which a numbering begins."""
    found: list[tuple[int, Matter, int]] = []
    page = 0
    for one in placed:
        if not found or found[-1][1] != one.start.matter:
            found.append((page + one.blanks, one.start.matter, one.start.number))
        page += one.blanks + one.printed.pages
    return found


def _info(metadata: Metadata, producer: str, moment: datetime.datetime) -> dict[str, str]:
    date = moment.strftime("D:%Y%m%d%H%M%SZ")
    return {
        "/Title": metadata.title,
        "/Author": "; ".join(metadata.authors),
        "/Subject": metadata.subject,
        "/Keywords": ", ".join(metadata.keywords),
        "/Creator": CREATOR,
        "/Producer": producer,
        "/CreationDate": date,
        "/ModDate": date,
    }


def _xmp(metadata: Metadata, producer: str, moment: datetime.datetime) -> XmpInformation:
    """Make the packet (ISO 16684-1): Dublin Core, and what Info says, in the same words."""
    xmp = XmpInformation.create()
    first = xmp.rdf_root.getElementsByTagNameNS(_RDF, "Description")[0]
    first.removeAttribute("xmlns:pdfx")  # pypdf names this space in every packet, and nothing here is of it
    _add_identifiers(xmp, metadata.identifiers)
    _add_claims(xmp, metadata.claims)
    xmp.dc_title = {"x-default": metadata.title}
    xmp.dc_creator = list(metadata.authors)
    xmp.dc_description = {"x-default": metadata.subject}
    xmp.dc_subject = list(metadata.keywords)
    xmp.dc_language = [metadata.language]
    xmp.dc_publisher = [metadata.publisher]
    xmp.dc_rights = {"x-default": metadata.rights}
    xmp.dc_identifier = metadata.identifiers[0] if metadata.identifiers else None
    xmp.dc_relation = list(metadata.whole) or None
    xmp.dc_source = f"sha256:{metadata.digest}"
    xmp.dc_format = "application/pdf"
    xmp.dc_date = [moment]
    xmp.pdf_keywords = ", ".join(metadata.keywords)
    xmp.pdf_producer = producer
    xmp.xmp_creator_tool = CREATOR
    xmp.xmp_create_date = xmp.xmp_modify_date = xmp.xmp_metadata_date = moment
    xmp.xmpmm_document_id = f"uuid:{uuid.uuid5(_NAMESPACE, metadata.title)}"
    xmp.xmpmm_instance_id = f"uuid:{uuid.uuid5(_NAMESPACE, metadata.digest + metadata.edition + producer)}"
    return xmp


def _add_identifiers(xmp: XmpInformation, identifiers: Sequence[str]) -> None:
    """Add `xmp:Identifier`, a bag, which pypdf has no setter for (Dublin Core's field holds only one)."""
    if not identifiers:
        return
    document = xmp.rdf_root.ownerDocument
    assert document is not None  # noqa: S101  # for mypy: a node without a document cannot come from create()
    bag = document.createElementNS(_RDF, "rdf:Bag")
    for identifier in identifiers:
        item = bag.appendChild(document.createElementNS(_RDF, "rdf:li"))
        item.appendChild(document.createTextNode(identifier))
    description = xmp.rdf_root.getElementsByTagNameNS(_RDF, "Description")[0]
    description.appendChild(document.createElementNS(_XMP, "xmp:Identifier")).appendChild(bag)


def _add_claims(xmp: XmpInformation, claims: Sequence[str]) -> None:
    """Name the standards: PDF/A (ISO 19005-3, 6.6.4), PDF/X (ISO 15930-7, 6.15), and PDF/UA (ISO 14289-1, 5) with the
    schema that PDF/A asks for wherever a field is not its own (6.6.2.3)."""
    for claim in claims:
        kind, _, level = claim.removeprefix("pdf/").partition("-")
        if claim == PRESS:
            _add_descriptions(xmp, _X4)
        elif kind == "a":
            xmp.pdfaid_part, xmp.pdfaid_conformance = level[0], level[1:].upper()
        else:
            _add_descriptions(xmp, _UA.format(part=level))


def _add_descriptions(xmp: XmpInformation, descriptions: str) -> None:
    document = xmp.rdf_root.ownerDocument
    assert document is not None  # noqa: S101  # as above
    ours = parseString(descriptions)  # noqa: S318  # our own text, not an editor's
    for node in ours.getElementsByTagNameNS(_RDF, "RDF")[0].childNodes:
        xmp.rdf_root.appendChild(document.importNode(node, True))


def _labels(labels: Sequence[tuple[int, Matter, int]], cover: str) -> ArrayObject:
    numbers = ArrayObject()
    for page, matter, first in labels:
        label = DictionaryObject(
            {NameObject("/S"): NameObject(_STYLES[matter]), NameObject("/St"): NumberObject(first)}
        )
        if matter == "cover":
            label[NameObject("/P")] = TextStringObject(f"{cover} ")
        numbers.extend([NumberObject(page), label])
    return numbers
