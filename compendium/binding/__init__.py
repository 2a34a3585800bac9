"""Shell + printed chapters → the book: pages, links across chapters, destinations, outline and tag tree, whole."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from compendium.chapters import Attachment, Bookmark, Folio, Placed, Slot, numeral

from .uniting import unite


def bind(shell: bytes, placed: Sequence[Placed], fonts: Iterable[bytes], dated: datetime.date | None = None) -> bytes:
    """Bind the chapters, in order, into the shell; with a date, the data of their charts too, as of that day.

    Links that left their chapter (`#anchor`) become destinations here. The same input gives the same bytes.
    """
    book = Pdf.open(io.BytesIO(shell))
    sources = [Pdf.open(io.BytesIO(one.printed.pdf)) for one in placed]
    starts = []
    for one, source in zip(placed, sources, strict=True):
        box = [float(side) for side in source.pages[0].mediabox]
        for _ in range(one.blanks):
            blank = book.add_blank_page(page_size=(box[2] - box[0], box[3] - box[1]))
            del blank.obj["/Contents"]  # an empty stream, of which some viewers complain
        starts.append(len(book.pages))
        book.add_pages_from(source, outlines="ignore")
    _set_folios(book, placed, starts)
    _join_destinations(book, sources)
    _mend_links(book)
    _write_outline(book, placed, starts)
    unite(book, fonts)
    _drop_empty_resources(book)  # before the tags come, which are most of a book's objects and have none
    _join_tags(book, placed, sources, starts)
    if dated:
        _attach(book, placed, dated)
    bound = io.BytesIO()
    book.save(bound, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return bound.getvalue()


def _set_folios(book: Pdf, placed: Sequence[Placed], starts: Sequence[int]) -> None:
    """Draw every page's number into its slot, as an artifact of the page (ISO 32000-1, 14.8.2.2)."""
    save, restore = book.make_stream(b"q"), b"Q\n/Artifact <</Type /Pagination>> BDC\nq %b cm\n%b\nQ\nEMC"
    for one, start in zip(placed, starts, strict=True):
        for slot in one.printed.folios:
            folio = Folio(one.start.matter, one.start.number + slot.page)
            matrix = " ".join(f"{number:.6f}" for number in slot.matrix)
            page = book.pages[start + slot.page].obj
            drawn = restore % (matrix.encode(), _drawn(slot, numeral(folio.number, slot.numerals)).encode())
            page.Contents = Array([save, page.Contents, book.make_stream(drawn)])


def _drawn(slot: Slot, number: str) -> str:
    """Set a number with the slot's sorts."""
    sorts = [slot.sorts[sign] for sign in number]
    at = slot.point - slot.share * sum(sort.width for sort in sorts) - slot.left
    return f"1 0 0 1 {at:.6f} 0 cm\n{slot.before}{''.join(sort.written for sort in sorts)}{slot.after}"


def _join_destinations(book: Pdf, sources: Sequence[Pdf]) -> None:
    """Gather the named destinations of all chapters into one sorted tree (ISO 32000-1, 7.9.6)."""
    named: dict[bytes, pikepdf.Object] = {}
    for source in sources:
        names = source.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array())
        pairs = list(names)
        for name, place in zip(pairs[::2], pairs[1::2], strict=True):
            named[bytes(name)] = book.copy_foreign(_indirect(source, place))
    flat = chain.from_iterable((String(name), named[name]) for name in sorted(named))
    book.Root.Names = book.make_indirect(Dictionary(Dests=Dictionary(Names=Array(flat))))


def _indirect(source: Pdf, thing: pikepdf.Object) -> pikepdf.Object:
    """Make an object indirect, as copying between files needs it."""
    return thing if thing.is_indirect else source.make_indirect(thing)


def _mend_links(book: Pdf) -> None:
    """Turn the addresses `#anchor`, which wait in links that left their chapter, into destinations."""
    for page in book.pages:
        for link in page.obj.get("/Annots", Array()):
            action = link.get("/A")
            address = str(action.URI) if action is not None and "/URI" in action else ""
            if address.startswith("#"):
                del link["/A"]
                link.Dest = String(address[1:])


def _write_outline(book: Pdf, placed: Sequence[Placed], starts: Sequence[int]) -> None:
    """Write the bookmarks of all chapters as one outline; parts stand open, the rest closed."""
    with book.open_outline() as outline:
        trail: list[tuple[int, OutlineItem]] = []
        for start, mark in _bookmarks(placed, starts):
            place = Array([book.pages[start + mark.page].obj, Name.XYZ, mark.x, mark.y, 0])
            item = OutlineItem(mark.title, place)
            item.is_closed = mark.level > 1
            while trail and trail[-1][0] >= mark.level:
                trail.pop()
            (trail[-1][1].children if trail else outline.root).append(item)
            trail.append((mark.level, item))


def _bookmarks(placed: Sequence[Placed], starts: Sequence[int]) -> Iterator[tuple[int, Bookmark]]:
    for one, start in zip(placed, starts, strict=True):
        for mark in one.printed.bookmarks:
            yield start, mark


def _join_tags(book: Pdf, placed: Sequence[Placed], sources: Sequence[Pdf], starts: Sequence[int]) -> None:
    """Hang the tag trees of all chapters under one Document, and renumber what ties pages and links to them.

    Each chapter counts its pages' and links' keys in the parent tree (ISO 32000-1, 14.7.4.4) from 0.
    """
    if not all("/StructTreeRoot" in source.Root for source in sources):
        return
    document = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=Array()))
    numbers, first_key = Array(), 0
    above: pikepdf.Object = document
    for one, source, start in zip(placed, sources, starts, strict=True):
        tree = book.copy_foreign(source.Root.StructTreeRoot)
        for kid in tree.K[0].K:
            above = _hang(kid, above, document)
        pairs = list(tree.ParentTree.Nums)
        for key, parents in zip(pairs[::2], pairs[1::2], strict=True):
            numbers.append(int(key) + first_key)
            numbers.append(parents)
        for page in book.pages[start : start + one.printed.pages]:
            page.obj.StructParents = int(page.obj.StructParents) + first_key
            for annotation in page.obj.get("/Annots", Array()):
                if "/StructParent" in annotation:
                    annotation.StructParent = int(annotation.StructParent) + first_key
        first_key += len(pairs) // 2
    parents = book.make_indirect(Dictionary(Nums=numbers))
    root = Dictionary(Type=Name.StructTreeRoot, K=Array([document]), ParentTree=parents, ParentTreeNextKey=first_key)
    book.Root.StructTreeRoot = document.P = book.make_indirect(root)
    book.Root.MarkInfo = Dictionary(Marked=True)
    _name_elements(book, document)


def _hang(chapter: pikepdf.Object, above: pikepdf.Object, document: pikepdf.Object) -> pikepdf.Object:
    """Hang a chapter into the part that it belongs to; give the element that an article after it belongs to."""
    above = above if Name.Art == chapter.S else document
    chapter.P = above
    above.K.append(chapter)
    return chapter if Name.Part == chapter.S else above


def _name_elements(book: Pdf, document: pikepdf.Object) -> None:
    """List the elements that have an id (ISO 32000-1, table 322); the binder of attachments looks them up."""
    named = {bytes(element.ID): element for element in _elements(document) if "/ID" in element}
    flat = chain.from_iterable((String(name), named[name]) for name in sorted(named))
    book.Root.StructTreeRoot.IDTree = book.make_indirect(Dictionary(Names=Array(flat)))


def _elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    ahead = [element]
    while ahead:
        yield (one := ahead.pop())
        ahead += [kid for kid in one.get("/K", Array()) if isinstance(kid, Dictionary) and "/S" in kid]


def _attach(book: Pdf, placed: Sequence[Placed], dated: datetime.date) -> None:
    """Let the data of the charts travel inside, tied to their figures and to the file (ISO 19005-3, 6.8)."""
    files = sorted((file for one in placed for file in one.chapter.attachments), key=lambda file: file.name)
    if not files:
        return
    flat = list(book.Root.get("/StructTreeRoot", Dictionary()).get("/IDTree", Dictionary(Names=Array())).Names)
    named = {bytes(name): element for name, element in zip(flat[::2], flat[1::2], strict=True)}
    specifications = [book.make_indirect(_specification(book, file, dated)) for file in files]
    for file, specification in zip(files, specifications, strict=True):
        if figure := named.get(file.anchor.encode()):
            figure.AF = Array([specification])
    pairs = ((String(file.name), spec) for file, spec in zip(files, specifications, strict=True))
    book.Root.Names.EmbeddedFiles = Dictionary(Names=Array(chain.from_iterable(pairs)))
    book.Root.AF = Array(specifications)


def _specification(book: Pdf, file: Attachment, dated: datetime.date) -> Dictionary:
    content = pikepdf.Stream(book, file.content)
    content.Type, content.Subtype = Name.EmbeddedFile, Name("/text/csv")
    checksum = hashlib.md5(file.content, usedforsecurity=False).digest()
    moment = dated.strftime("D:%Y%m%d000000Z")
    content.Params = Dictionary(Size=len(file.content), ModDate=moment, CheckSum=String(checksum))
    return Dictionary(
        Type=Name.Filespec,
        F=file.name,
        UF=file.name,
        Desc=file.about,
        AFRelationship=Name.Data,
        EF=Dictionary(F=content, UF=content),
    )


def _drop_empty_resources(book: Pdf) -> None:
    """Take out the resource lists with nothing in them, which the engine writes and PDF/A checkers stumble over."""
    for thing in book.objects:
        resources = thing.get("/Resources", thing) if isinstance(thing, Dictionary | pikepdf.Stream) else Dictionary()
        for key in ("/Pattern", "/Shading"):
            if isinstance(resources.get(key), Dictionary) and not len(resources[key]):
                del resources[key]
