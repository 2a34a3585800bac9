"""Finished PDF → problems: the file gate. Looks at the bytes that will be put in place, and at nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Pdf

from .chapters import Metadata
from .errors import Problem

_PAIRS = {
    "/Title": "dc:title",
    "/Subject": "dc:description",
    "/Keywords": "pdf:Keywords",
    "/Creator": "xmp:CreatorTool",
    "/Producer": "pdf:Producer",
}


def inspect(book: bytes, metadata: Metadata, families: Sequence[str], file: str) -> list[Problem]:
    """Say everything that is wrong with a finished file; `families` are the design's fonts, `file` its name."""
    with Pdf.open(io.BytesIO(book)) as pdf:
        looks = (_metadata(pdf, metadata), _fonts(pdf, families), *(look(pdf) for look in _LOOKS))
        return [Problem(file, 0, 0, what) for look in looks for what in look]


def page_count(book: bytes) -> int:
    """Count the pages of a file."""
    with Pdf.open(io.BytesIO(book)) as pdf:
        return len(pdf.pages)


def _syntax(pdf: Pdf) -> Iterator[str]:
    yield from pdf.check_pdf_syntax()


def _metadata(pdf: Pdf, metadata: Metadata) -> Iterator[str]:
    """Hold Info against XMP and both against what the volume says (ISO 19005-2, 6.6.3)."""
    with pdf.open_metadata() as xmp:
        for key, name in _PAIRS.items():
            if str(pdf.docinfo.get(key, "")) != str(xmp.get(name, "")):
                yield f"Info {key} and XMP {name} differ."
        if str(xmp.get("dc:title", "")) != metadata.title:
            yield "The title is not the volume's."
        if list(xmp.get("dc:creator", [])) != list(metadata.authors):
            yield "The authors are not the volume's."
        if xmp.get("dc:source") != f"sha256:{metadata.digest}":
            yield "The digest of the sources is missing."
    if str(pdf.Root.get("/Lang", "")) != metadata.language:
        yield "The file does not say its language."


def _links(pdf: Pdf) -> Iterator[str]:
    """Follow every link inside the book."""
    names = [bytes(name) for name in list(pdf.Root.Names.Dests.Names)[::2]]
    if names != sorted(set(names)):
        yield "The named destinations are not in order, or stand twice."
    known = set(names)
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.obj.get("/Annots", Array()):
            if "/Dest" in annotation and bytes(annotation.Dest) not in known:
                yield f"Page {number}: a link leads to {str(annotation.Dest)!r}, which is nowhere."
            elif "/Dest" not in annotation and str(annotation.A.get("/URI", "#")).startswith("#"):
                yield f"Page {number}: a link leads nowhere."


def _fonts(pdf: Pdf, families: Sequence[str]) -> Iterator[str]:
    """See that every font travels with the file (ISO 32000-1, 9.9) and is one of the design's."""
    for thing in pdf.objects:
        if not isinstance(thing, Dictionary) or thing.get("/Type") != "/FontDescriptor":
            continue
        name = str(thing.FontName).partition("+")[2].replace("-", "").replace(",", "")
        if not name.startswith(tuple(families)):
            yield f"The font {name} is not one of styles/fonts/."
        if not any(key in thing for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"The font {thing.FontName} is not embedded."


def _boxes(pdf: Pdf) -> Iterator[str]:
    """See that all pages are trimmed alike."""
    sizes = {tuple(round(float(side), 1) for side in page.trimbox) for page in pdf.pages}
    if len(sizes) != 1:
        yield f"The pages have {len(sizes)} trim sizes."


def _labels(pdf: Pdf) -> Iterator[str]:
    """See that every page has its own label."""
    labels = [page.label for page in pdf.pages]
    if len(set(labels)) != len(labels):
        yield "Two pages have the same label."


def _tags(pdf: Pdf) -> Iterator[str]:
    """See that every page and link of a tagged file is tied to the tag tree (ISO 32000-1, 14.7.4.4)."""
    if "/StructTreeRoot" not in pdf.Root:
        return
    keys = {int(key) for key in list(pdf.Root.StructTreeRoot.ParentTree.Nums)[::2]}
    for number, page in enumerate(pdf.pages, 1):
        ties = [page.obj.get("/StructParents")] if _has_content(page) else []
        ties += [link.get("/StructParent") for link in page.obj.get("/Annots", Array())]
        if any(tie is None or int(tie) not in keys for tie in ties):
            yield f"Page {number}: something on it is not tied to the tag tree."


def _has_content(page: pikepdf.Page) -> bool:
    """Tell a page with something on it from a blank."""
    return "/Contents" in page.obj


_LOOKS = (_syntax, _links, _boxes, _labels, _tags)
