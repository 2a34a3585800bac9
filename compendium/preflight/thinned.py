"""A copy of a finished file for the checker of level B, without what it would look at thousands of times in vain.

That checker holds every object against a schema, and unpacks every string of a text. Taken out, and held elsewhere:

- the tag tree, of which it only knows that names are UTF-8 and nothing is too long: `preflight.tags` and
  `preflight.elements` know every type, and the rules `long_texts` and `association` what else may hide there;
- links and destinations that are like one that stays, but for their places, words and addresses: `preflight.pages`
  looks at each. What is long beyond reason counts as unlike, and stays;
- lines of text: at the end of each page, every glyph that it uses is shown once in its font;
- of a book whose chapters have been seen: all that is theirs. A page stays for each font, and shows all glyphs that
  the book uses; of bookmarks and of the data of charts other rules see each.

Header, identifier, encryption and syntax are those of the copy; `preflight.file` has rules about the file itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Page, Pdf, StreamDecodeLevel

from .contents import code_length
from .sheets import Bound, File, flat

_LINE = re.compile(rb"\[<(?:[0-9a-fA-F]{4})*>\]\s*TJ")
_PLACE = re.compile(rb"(?:-?\d{1,9}(?:\.\d{1,9})? )+(?:R )?")
"""Of a destination: the page, and the place there."""
_OWN = re.compile(
    rb"\((?:[^\\()]|\\.){1,9999}\)|<(?:[0-9a-f]{2}){1,9999}>"
    rb"|(?<=/StructParent )\d{1,9} |(?<=/Rect \[ )(?:-?\d{1,9}(?:\.\d{1,9})? ){4}(?=\])"
)
"""Of a link: words and address, key in the parent tree, rectangle."""


def thinned(file: File) -> io.BytesIO:
    """Write the thinned copy, uncompressed."""
    with Pdf.open(io.BytesIO(file.content), inherit_page_attributes=False) as pdf:
        if isinstance(file, Bound):
            with _fonts_alone(pdf, file) as copy:
                return _saved(copy)
        if "/StructTreeRoot" in pdf.Root:
            del pdf.Root.StructTreeRoot
        _thin_pages(pdf, file)
        _thin_destinations(pdf.Root.get("/Names", Dictionary()))
        return _saved(pdf)


def _saved(pdf: Pdf) -> io.BytesIO:
    copy = io.BytesIO()
    as_it_is = {"stream_decode_level": StreamDecodeLevel.none, "object_stream_mode": ObjectStreamMode.preserve}
    pdf.save(copy, compress_streams=False, **as_it_is)
    return copy


def _thin_pages(pdf: Pdf, file: File) -> None:
    shapes: set[bytes] = set()
    for page, stream, content in zip(pdf.pages, file.streams, file.contents, strict=True):
        if "/Contents" in page.obj:
            page.obj.Contents = pdf.make_stream(_LINE.sub(b"[] TJ", stream) + _glyphs(page.obj, content.codes))
        if "/Annots" in page.obj:
            page.obj.Annots = Array([note for note in page.obj.Annots if _is_new(note, _OWN, shapes)])


def _fonts_alone(pdf: Pdf, file: Bound) -> Pdf:
    """Copy what the catalogue says, and the pages that show fonts first, with nothing but their fonts.

    All else is not even read; for that nothing new may come into the original, which would count its objects.
    """
    copy, codes = Pdf.new(), {key: used.codes for key, used in file.used.items()}
    shown = [file.pdf.pages[number].obj.objgen for number in sorted({used.page for used in file.used.values()})]
    pages = [pdf.get_object(number) for number in shown]
    pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array(pages), len(pages)
    for page in pages:
        page.Annots, page.Contents, page.Resources.XObject = Array(), Array(), Dictionary()
        page.Parent = pdf.Root.Pages
        copy.pages.append(Page(page))
        copy.pages[-1].obj.Contents = copy.make_stream(_glyphs(page, codes))
    for key in ("/AF", "/Names", "/Outlines", "/Pages", "/StructTreeRoot"):
        if key in pdf.Root:
            del pdf.Root[key]
    copy.trailer.Info = copy.copy_foreign(pdf.trailer.Info)
    for key, value in copy.copy_foreign(pdf.Root).items():
        copy.Root[key] = value
    return copy


def _glyphs(page: Any, codes: Mapping[tuple[int, int], Iterable[int]]) -> bytes:
    """Show, on a page, these codes of its fonts."""
    shown = [b"\n0 Tr BT"]
    for name, font in page.get("/Resources", Dictionary()).get("/Font", Dictionary()).items():
        size = code_length(font)
        written = "".join(code.to_bytes(size, "big").hex() for code in sorted(codes.get(font.objgen, ())))
        shown.append(b"%b 1 Tf <%b> Tj" % (Name(name).unparse(), written.encode()))
    return b"\n".join([*shown, b"ET"])


def _thin_destinations(names: Any) -> None:
    """Keep one destination of each shape, in a tree that is all leaf."""
    shapes: set[bytes] = set()
    pairs = [pair for pair in flat(names.get("/Dests"), "/Names") if _is_new(pair[1], _PLACE, shapes)]
    if pairs:
        names.Dests = Dictionary(Names=Array([part for pair in pairs for part in pair]))


def _is_new(thing: Any, own: re.Pattern[bytes], shapes: set[bytes]) -> bool:
    """Tell whether nothing like this was seen before: the same but for what each has for itself."""
    shape, known = own.sub(b"()", thing.unparse(resolved=True)), len(shapes)
    shapes.add(shape)
    return len(shapes) > known
