"""Metadata → a pageless shell: Info and one whole XMP packet that agree, page labels, how the file opens.

The chapters are bound into it afterwards, so that stamping costs nothing that grows with the book.
"""

from __future__ import annotations

import datetime
import io
import uuid
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from pypdf.xmp import XmpInformation

from .chapters import Matter, Metadata, Placed

CREATOR = "Compendium"
_STYLES = {"cover": "/D", "front": "/r", "body": "/D"}
_NAMESPACE = uuid.UUID("6f2d3c1e-52f0-5c0e-9d43-0a8f0c6a1b57")
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"


def stamp(metadata: Metadata, producer: str, labels: Sequence[tuple[int, Matter, int]], cover: str) -> bytes:
    """Make the shell of a book.

    `labels` says at which page (from 0) a numbering begins, which one, and with which number (ISO 32000-1, 12.4.2);
    `cover` is the word before the numbers of the cover's pages.
    The dates are the volume's own, so that the same sources make the same bytes.
    """
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    writer.metadata = None
    moment = datetime.datetime.combine(metadata.date, datetime.time(), datetime.UTC)
    writer.add_metadata(_info(metadata, producer, moment))
    writer.xmp_metadata = _xmp(metadata, producer, moment)
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(metadata.language)
    root[NameObject("/PageLabels")] = DictionaryObject({NameObject("/Nums"): _labels(labels, cover)})
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/PageLayout")] = NameObject("/TwoPageRight")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    shell = io.BytesIO()
    writer.write(shell)
    return shell.getvalue()


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
    _add_identifiers(xmp, metadata.identifiers)
    xmp.dc_title = {"x-default": metadata.title}
    xmp.dc_creator = list(metadata.authors)
    xmp.dc_description = {"x-default": metadata.subject}
    xmp.dc_subject = list(metadata.keywords)
    xmp.dc_language = [metadata.language]
    xmp.dc_publisher = [metadata.publisher]
    xmp.dc_rights = {"x-default": metadata.rights}
    xmp.dc_identifier = metadata.identifiers[0] if metadata.identifiers else None
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
