"""A chapter's file → its colours as inks: operators, shadings, groups and pictures; whatever has a colour.

The engine writes one operator on a line, and its colours as sRGB.
"""

from __future__ import annotations

import io
import re

from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfImage, Stream

from .inks import Inks

QUALITY = 92
"""Of pictures that come as JPEG; no channel of theirs is thinned out."""
_COLOUR = re.compile(rb"^(\S+) (\S+) (\S+) (rg|RG)$", re.MULTILINE)
_FLAT = re.compile(rb"^(\S+) (\S+) (?:0 \S+|\S+ 0) re$", re.MULTILINE)
_MARK = re.compile(rb"/MCID \d+ ?")
_BLACK = (0, 0, 0, 100)


def recolour(pdf: Pdf, inks: Inks) -> None:
    """Turn every colour of a file into inks. Black alone is printed over what lies below it; all else is cut out."""
    for page in pdf.pages:
        page.Contents = pdf.make_stream(in_inks(page.Contents.read_bytes(), inks))
    for thing in list(pdf.objects):
        if isinstance(thing, Dictionary | Stream):
            _resources(thing.get("/Resources"))
            _group(thing)
            if "/ShadingType" in thing:
                _shading(thing, inks)
        if isinstance(thing, Stream):
            if Name.Form == thing.get("/Subtype") or "/PatternType" in thing:
                thing.write(in_inks(thing.read_bytes(), inks))
            elif Name.Image == thing.get("/Subtype"):
                _picture(thing, inks)


def in_inks(content: bytes, inks: Inks) -> bytes:
    """Rewrite the colour operators of a content stream (ISO 32000-1, 8.6.8), and take out the marks of the tags.

    The engine draws borders that are not there as areas without height, which a press would print as hairlines.
    """

    def written(found: re.Match[bytes]) -> bytes:
        red, green, blue = (round(float(part) * 255) for part in found.groups()[:3])
        ink = inks.of((red, green, blue))
        shares = b" ".join(b"%g" % (share / 100) for share in ink)
        if found[4] == b"RG":
            return shares + b" K"
        return shares + (b" k\n/Overprint gs" if ink == _BLACK else b" k\n/Knockout gs")

    return _FLAT.sub(rb"\1 \2 m", _MARK.sub(b"", _COLOUR.sub(written, content)))


def _resources(resources: Object | None) -> None:
    """Say what overprinting is (ISO 32000-1, 8.6.7), and take out the colour spaces that nothing is drawn in."""
    if resources is None:
        return
    if "/ColorSpace" in resources:
        del resources["/ColorSpace"]
    if "/ExtGState" not in resources:
        resources.ExtGState = Dictionary()
    resources.ExtGState.Overprint = Dictionary(OP=False, op=True, OPM=1)
    resources.ExtGState.Knockout = Dictionary(OP=False, op=False)


def _group(thing: Object) -> None:
    """Let transparency be reckoned in inks; the light of a soft mask, in grey."""
    group, mask = thing.get("/Group"), thing.get("/SMask")
    if isinstance(group, Dictionary) and group.get("/CS") == Name.DeviceRGB:
        group.CS = Name.DeviceCMYK
    if isinstance(mask, Dictionary) and "/G" in mask:
        mask.G.Group.CS = Name.DeviceGray


def _shading(shading: Object, inks: Inks) -> None:
    if shading.get("/ColorSpace") == Name.DeviceRGB:
        shading.ColorSpace = Name.DeviceCMYK
        _function(shading.Function, inks)


def _function(function: Object, inks: Inks) -> None:
    """Rewrite where a blend begins and ends (ISO 32000-1, 7.10.3), part by part (7.10.4)."""
    for part in function.get("/Functions", []):
        _function(part, inks)
    for end in ("/C0", "/C1"):
        if end in function:
            red, green, blue = (round(float(share) * 255) for share in function[end])
            function[end] = Array([share / 100 for share in inks.of((red, green, blue))])


def _picture(image: Stream, inks: Inks) -> None:
    """Convert a picture; what is grey already is of black alone."""
    if image.get("/ImageMask") or image.get("/ColorSpace") == Name.DeviceGray:
        return
    photograph = Name.DCTDecode in list(image.Filter if isinstance(image.Filter, Array) else [image.Filter])
    picture = inks.picture(PdfImage(image).as_pil_image())
    if photograph:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=QUALITY, subsampling=0)
        image.write(file.getvalue(), filter=Name.DCTDecode)
        image.Decode = Array([1, 0] * 4)  # in a JPEG of inks, as it is written everywhere, 0 is full cover
    else:
        image.write(picture.tobytes())
    image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
