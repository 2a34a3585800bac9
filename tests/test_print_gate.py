"""The file gate for the press: a file that a print shop likes is spoilt in every way, and each is found."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from compendium import preflight, reading, reporting
from compendium.preflight.prepress import rules
from compendium.preflight.prepress.order import Order
from compendium.preflight.prepress.thumbnails import thumbnails
from compendium.preflight.sheets import Fault

from . import printable
from .conftest import PROJECT, Desk
from .printable import BLEED, COVER, MM, SPINE, TRIM, words

Break = Callable[[Pdf], Any]
WIDTH, HEIGHT = TRIM


def draw(pdf: Pdf, content: bytes, page: int = 0) -> None:
    """Draw something more on a page, in points from the lower left of the trimmed page."""
    pdf.pages[page].contents_add(f"q 1 0 0 1 {BLEED} {BLEED} cm ".encode() + content + b" Q")


def resource(pdf: Pdf, kind: str, name: str, value: Any) -> None:
    """Give all pages a resource (they share them)."""
    pdf.pages[0].Resources[kind] = pdf.pages[0].Resources.get(kind, Dictionary())
    pdf.pages[0].Resources[kind][name] = value


def turn(dictionary: Any, key: str, value: Any) -> None:
    dictionary[key] = value


def take(dictionary: Any, key: str) -> None:
    del dictionary[key]


def say(pdf: Pdf, old: bytes, new: bytes) -> None:
    """Change words of the metadata packet."""
    packet = pdf.Root.Metadata.read_bytes()
    assert old in packet
    pdf.Root.Metadata.write(packet.replace(old, new))


def in_space(pdf: Pdf, space: Any, values: str) -> None:
    resource(pdf, "/ColorSpace", "/Strange", space)
    draw(pdf, f"/Strange cs {values} sc 100 400 50 50 re f".encode())


def picture(pdf: Pdf, **how: Any) -> Stream:
    size = {"Width": 2, "Height": 2, "BitsPerComponent": 8}
    return Stream(pdf, bytes(16), Type=Name.XObject, Subtype=Name.Image, **(size | how))


def place_picture(pdf: Pdf, thing: Any, width: float = 0.4, height: float = 0.4) -> None:
    resource(pdf, "/XObject", "/Thing", thing)
    draw(pdf, f"q {width} 0 0 {height} 100 400 cm /Thing Do Q".encode())


def form(pdf: Pdf, content: bytes, **how: Any) -> Stream:
    box = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 500, 500])}
    return Stream(pdf, content, **(box | {"Resources": Dictionary()} | how))


def form_in_rgb(pdf: Pdf) -> None:
    resource(pdf, "/XObject", "/Thing", form(pdf, b"1 0 0 rg 100 400 50 50 re f"))
    draw(pdf, b"/Thing Do")


def pattern_in_rgb(pdf: Pdf) -> None:
    cell = {"Type": Name.Pattern, "PatternType": 1, "PaintType": 1, "TilingType": 1, "XStep": 9, "YStep": 9}
    tile = Stream(pdf, b"1 0 0 rg 0 0 5 5 re f", BBox=Array([0, 0, 9, 9]), Resources=Dictionary(), **cell)
    resource(pdf, "/Pattern", "/Tile", tile)
    draw(pdf, b"/Pattern cs /Tile scn 100 400 50 50 re f")


def shading(space: Any) -> Dictionary:
    ends = Array([0, 0, 0]), Array([1, 1, 1])
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=ends[0], C1=ends[1], N=1)
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=Array([0, 0, 500, 500]), Function=function)


def shade_in_rgb(pdf: Pdf) -> None:
    resource(pdf, "/Shading", "/Shade", shading(Name.DeviceRGB))
    draw(pdf, b"q 100 400 50 50 re W n /Shade sh Q")


def shading_pattern_in_rgb(pdf: Pdf) -> None:
    resource(pdf, "/Pattern", "/Shade", Dictionary(PatternType=2, Shading=shading(Name.DeviceRGB)))
    draw(pdf, b"/Pattern cs /Shade scn 100 400 50 50 re f")


def mask_in_rgb(pdf: Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = form(pdf, b"1 0 0 rg 0 0 500 500 re f", Group=group)
    state(pdf, SMask=Dictionary(S=Name.Luminosity, G=pdf.make_indirect(mask)))


def state(pdf: Pdf, content: bytes = b"100 400 50 50 re f", **settings: Any) -> None:
    resource(pdf, "/ExtGState", "/Strange", Dictionary(**settings))
    draw(pdf, b"/Strange gs 0 1 0 0 k " + content)


def group_in_rgb(pdf: Pdf) -> None:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    resource(pdf, "/XObject", "/Thing", form(pdf, b"0 1 0 0 k 100 400 50 50 re f", Group=group))
    draw(pdf, b"/Thing Do")


def separation(name: str, space: Any = Name.DeviceCMYK, length: int = 4) -> Array:
    full = Array([1] * length), Array([0] * length)
    function = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=full[1], C1=full[0], N=1)
    return Array([Name.Separation, Name(f"/{name}"), space, function])


def calibrated(pdf: Pdf) -> Array:
    return Array([Name.ICCBased, Stream(pdf, printable.profile(), N=4)])


def drop_font(pdf: Pdf) -> None:
    del pdf.pages[0].Resources.Font["/Text"].DescendantFonts[0].FontDescriptor["/FontFile2"]


def rename_font(pdf: Pdf) -> None:
    pdf.pages[0].Resources.Font["/Text"].BaseFont = Name("/ABCDEF+Helvetica")


def type_3(pdf: Pdf) -> None:
    shapes = Dictionary(a=Stream(pdf, b"500 0 0 0 500 500 d1 0 0 500 500 re f"))
    how: dict[str, Any] = {
        "FontBBox": Array([0, 0, 500, 500]),
        "FontMatrix": Array([0.001, 0, 0, 0.001, 0, 0]),
        "CharProcs": shapes,
    }
    encoding = Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a]))
    widths: dict[str, Any] = {"FirstChar": 97, "LastChar": 97, "Widths": Array([500]), "Encoding": encoding}
    resource(pdf, "/Font", "/Drawn", Dictionary(Type=Name.Font, Subtype=Name.Type3, **how, **widths))
    draw(pdf, b"/Over gs 0 0 0 1 k BT /Drawn 10 Tf 100 400 Td (a) Tj ET")


def link(pdf: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([60, 60, 90, 70]))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def box(pdf: Pdf, name: str, *by: float) -> None:
    sides = [float(side) for side in pdf.pages[1].mediabox]
    pdf.pages[1].obj[name] = Array([side + more for side, more in zip(sides, by, strict=True)])


def second_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


def other_profile(pdf: Pdf) -> None:
    data = bytearray(printable.profile())
    data[-1] ^= 1
    pdf.Root.OutputIntents[0].DestOutputProfile.write(bytes(data))


def alien(pdf: Pdf, **what: Any) -> None:
    place_picture(pdf, picture(pdf, ColorSpace=Name.DeviceCMYK, **what))


def add_slug(pdf: Pdf, colour: bytes) -> None:
    """Widen all pages beyond the bleed, and draw a mark there."""
    for page in pdf.pages:
        page.obj.MediaBox = Array([-30, -30, float(page.mediabox[2]) + 30, float(page.mediabox[3]) + 30])
    draw(pdf, colour + b" -35 300 15 1 re f")


def registration(pdf: Pdf) -> None:
    resource(pdf, "/ColorSpace", "/Strange", separation("All"))
    draw(pdf, b"/Strange cs 1 sc 100 400 50 1 re f")


def dark(pdf: Pdf) -> Stream:
    size = {"Width": 200, "Height": 200, "BitsPerComponent": 8, "ColorSpace": Name.DeviceCMYK}
    return Stream(pdf, bytes([250, 240, 240, 200]) * 40_000, Type=Name.XObject, Subtype=Name.Image, **size)


RGB = Array([Name.CalRGB, Dictionary(WhitePoint=Array([0.95, 1, 1.09]))])
LAB = Array([Name.Lab, Dictionary(WhitePoint=Array([0.95, 1, 1.09]))])
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("1"))
FULL = b"/Strange cs 1 sc"

FAULTS: list[tuple[str, str, Break]] = [
    ("the metadata name PDF/X-3", "x-claim", lambda p: say(p, b"PDF/X-4", b"PDF/X-3")),
    ("the metadata are gone", "x-claim", lambda p: take(p.Root, "/Metadata")),
    ("the catalogue says PDF 1.7", "x-header", lambda p: turn(p.Root, "/Version", Name("/1.7"))),
    ("Info has another title than XMP", "x-metadata", lambda p: turn(p.docinfo, "/Title", "Another")),
    ("there is no date of change", "x-matter", lambda p: say(p, b"xmp:ModifyDate", b"xmp:Nothing")),
    ("there is no number of the version", "x-matter", lambda p: say(p, b"VersionID", b"Nothing")),
    ("it is not said whether colours are trapped", "x-trapped", lambda p: say(p, b"False", b"Unknown")),
    ("there is no output intent", "x-intent", lambda p: take(p.Root, "/OutputIntents")),
    ("there are two output intents", "x-intent", second_intent),
    ("the profile is not inside", "x-intent", lambda p: take(p.Root.OutputIntents[0], "/DestOutputProfile")),
    (
        "the profile is one of a screen",
        "x-intent",
        lambda p: p.Root.OutputIntents[0].DestOutputProfile.write(
            (PROJECT / "styles/profiles/sRGB2014.icc").read_bytes()
        ),
    ),
    ("the condition is registered nowhere", "x-intent", lambda p: take(p.Root.OutputIntents[0], "/RegistryName")),
    (
        "the condition is not the printer's",
        "printer-condition",
        lambda p: turn(p.Root.OutputIntents[0], "/OutputConditionIdentifier", "FOGRA51"),
    ),
    ("the profile is not the printer's", "printer-condition", other_profile),
    ("a link lies on a page", "x-annotations", link),
    ("a script runs when the file opens", "x-actions", lambda p: turn(p.Root, "/OpenAction", SCRIPT)),
    ("there is a form to fill in", "x-actions", lambda p: turn(p.Root, "/AcroForm", Dictionary(Fields=Array()))),
    ("something happens on a page", "x-actions", lambda p: turn(p.pages[1].obj, "/AA", Dictionary(O=SCRIPT))),
    (
        "a file is attached",
        "printer-attachments",
        lambda p: p.attachments.__setitem__("a.txt", pikepdf.AttachedFileSpec(p, b"a")),
    ),
    ("there are layers", "printer-layers", lambda p: turn(p.Root, "/OCProperties", Dictionary(OCGs=Array()))),
    ("a picture stands in for another", "x-whole", lambda p: alien(p, OPI=Dictionary())),
    ("a picture has another that is printed", "x-whole", lambda p: alien(p, Alternates=Array())),
    ("there is a piece of PostScript", "x-whole", lambda p: alien(p, Subtype2=Name.PS)),
    ("a font is not embedded", "x-embedded", drop_font),
    ("a font is not the design's", "printer-fonts", rename_font),
    ("a font is one of pictures", "x-embedded", type_3),
    ("a page has no trim box", "x-boxes", lambda p: take(p.pages[1].obj, "/TrimBox")),
    ("a page has no bleed box", "x-boxes", lambda p: take(p.pages[1].obj, "/BleedBox")),
    ("a page has an art box, too", "x-boxes", lambda p: box(p, "/ArtBox", 20, 20, -20, -20)),
    ("a trim box lies outside the bleed", "x-boxes", lambda p: box(p, "/BleedBox", 40, 40, -40, -40)),
    ("a page is cropped", "x-boxes", lambda p: box(p, "/CropBox", 5, 5, -5, -5)),
    ("a page is turned", "x-boxes", lambda p: turn(p.pages[1].obj, "/Rotate", 90)),
    ("a page is scaled", "x-boxes", lambda p: turn(p.pages[1].obj, "/UserUnit", 2)),
    ("a page is trimmed otherwise", "printer-equal-boxes", lambda p: box(p, "/TrimBox", 20, 20, -20, -20)),
    ("there is too little bleed", "printer-bleed", lambda p: box(p, "/BleedBox", 3, 3, -3, -3)),
    ("an area ends at the trim", "printer-bled", lambda p: draw(p, b"0 1 0 0 k 0 300 80 80 re f")),
    ("a picture goes 1 mm beyond", "printer-bled", lambda p: draw(p, b"q 90 0 0 90 -2.8 300 cm /Photo Do Q")),
    (
        "a line stops short of the trim",
        "printer-bled",
        lambda p: draw(p, f"0 1 0 0 K 1 w 100 300 m {WIDTH - 1} 300 l S".encode()),
    ),
    (
        "what would bleed is cut off at the trim",
        "printer-bled",
        lambda p: draw(p, b"q 0 0 300 300 re W n 0 1 0 0 k -9 200 80 80 re f Q"),
    ),
    ("a mark stands outside the bleed", "printer-marks", lambda p: add_slug(p, b"0 0 0 1 k")),
    ("a rule is in the colour of registration", "printer-registration", registration),
    ("the last page is gone", "printer-pages", lambda p: p.pages.__delitem__(1)),
    ("an area is in RGB", "x-colours", lambda p: draw(p, b"1 0 0 rg 100 400 50 50 re f")),
    ("a line is in RGB", "x-colours", lambda p: draw(p, b"1 0 0 RG 1 w 100 400 m 200 400 l S")),
    ("words are in RGB", "x-colours", lambda p: draw(p, words("Red", 60, 90, colour="1 0 0 rg"))),
    ("an area is in Lab", "x-colours", lambda p: in_space(p, LAB, "50 0 0")),
    ("an area is in calibrated RGB", "x-colours", lambda p: in_space(p, RGB, "1 0 0")),
    (
        "an area is in a profile of its own",
        "x-colours",
        lambda p: in_space(p, calibrated(p), "0 1 0 0"),
    ),
    (
        "a palette is one of RGB",
        "x-colours",
        lambda p: in_space(p, Array([Name.Indexed, Name.DeviceRGB, 1, String(bytes(6))]), "1"),
    ),
    ("an ink stands for RGB", "x-colours", lambda p: in_space(p, separation("Black", Name.DeviceRGB, 3), "1")),
    (
        "CMYK is calibrated for the whole page",
        "x-colours",
        lambda p: resource(
            p, "/ColorSpace", "/DefaultCMYK", Array([Name.ICCBased, Stream(p, printable.profile(), N=4)])
        ),
    ),
    ("a picture is in RGB", "x-colours", lambda p: place_picture(p, picture(p, ColorSpace=Name.DeviceRGB))),
    (
        "a small picture inside the page is in RGB",
        "x-colours",
        lambda p: draw(p, b"q 1 0 0 1 90 400 cm BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI Q"),
    ),
    ("a form is in RGB", "x-colours", form_in_rgb),
    ("a pattern is in RGB", "x-colours", pattern_in_rgb),
    ("a shade is in RGB", "x-colours", shade_in_rgb),
    ("a pattern is a shade in RGB", "x-colours", shading_pattern_in_rgb),
    ("a mask is drawn in RGB", "x-colours", mask_in_rgb),
    ("a fifth ink is asked for", "printer-inks", lambda p: in_space(p, separation("PANTONE 300"), "1")),
    ("black words are of four inks", "printer-black-words", lambda p: draw(p, words("x", 60, 90, 12, ".7 .6 .6 .9 k"))),
    ("dark words are of three inks", "printer-black-words", lambda p: draw(p, words("x", 60, 90, 12, ".9 .8 .8 0 k"))),
    ("small words are of four inks", "printer-small-type", lambda p: draw(p, words("x", 60, 90, 7, ".2 .5 .1 .3 k"))),
    ("black words cut out what is below", "printer-overprint", lambda p: draw(p, words("x", 60, 90, state="Plain"))),
    ("grey words cannot overprint", "printer-overprint", lambda p: draw(p, words("x", 60, 90, colour="0 g"))),
    ("white words overprint", "printer-lost-white", lambda p: draw(p, words("x", 60, HEIGHT - 40, 20, "0 0 0 0 k"))),
    ("a group is blended in RGB", "x-transparency", group_in_rgb),
    (
        "a page is blended in RGB",
        "x-transparency",
        lambda p: turn(p.pages[0].obj, "/Group", Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)),
    ),
    ("a blend mode is made up", "x-transparency", lambda p: state(p, BM=Name.Swirl)),
    ("a curve changes the inks", "x-curves", lambda p: state(p, TR=Name.Identity)),
    ("there is too much ink", "printer-ink", lambda p: draw(p, b"1 1 1 1 k 100 400 50 50 re f")),
    (
        "too much ink comes together by overprint",
        "printer-ink",
        lambda p: state(
            p,
            b"0 0 0 1 k 100 400 50 50 re f 0 1 0 0 k 100 400 50 50 re f 1 0 0 0 k 100 400 50 50 re f "
            b"0 0 1 0 k 100 400 50 50 re f",
            op=True,
            OP=True,
            OPM=1,
        ),
    ),
    ("a picture has too much ink", "printer-ink", lambda p: place_picture(p, dark(p), 40, 40)),
    ("a line is a hairline", "printer-lines", lambda p: draw(p, b"0 0 0 1 K 0 w 100 400 m 200 400 l S")),
    (
        "a line is made thin by its scale",
        "printer-lines",
        lambda p: draw(p, b"0 0 0 1 K .1 0 0 .1 0 0 cm 1 w 1000 4000 m 2000 4000 l S"),
    ),
    (
        "a border is a hairline",
        "printer-lines",
        lambda p: draw(p, b"0 0 0 1 k 100 400 100 50 re 100.1 400.1 99.8 49.8 re f*"),
    ),
    ("a filled rule is a hairline", "printer-lines", lambda p: draw(p, b"0 0 0 1 k 100 400 100 .1 re f")),
    ("letters are too small", "printer-letters", lambda p: draw(p, words("x", 60, 90, 4))),
    (
        "letters are made small by their scale",
        "printer-letters",
        lambda p: draw(p, b".3 0 0 .3 60 90 cm " + words("x", 0, 0, 10)),
    ),
    (
        "a picture has too few pixels",
        "printer-least-resolution",
        lambda p: place_picture(p, printable.photo(p, 100, 100), 72, 72),
    ),
    (
        "a picture is stretched one way",
        "printer-least-resolution",
        lambda p: place_picture(p, printable.photo(p, 600, 600), 72, 400),
    ),
    (
        "a picture of black and white is coarse",
        "printer-least-resolution",
        lambda p: place_picture(p, picture(p, Width=300, Height=300, BitsPerComponent=1, ImageMask=True), 72, 72),
    ),
    (
        "a picture has fewer pixels than is good",
        "printer-good-resolution",
        lambda p: place_picture(p, printable.photo(p, 200, 200), 72, 72),
    ),
    ("words come near the trim", "printer-safe-zone", lambda p: draw(p, words("x", 4, 90))),
]

COVER_FAULTS: list[tuple[str, str, Break]] = [
    ("the cover has two pages", "cover-spread", lambda p: p.pages.append(p.pages[0])),
    ("an area ends at the fold", "cover-folds", lambda p: draw(p, f"0 1 0 0 k {WIDTH} -9 {SPINE} 700 re f".encode())),
    (
        "a picture ends a millimetre from the fold",
        "cover-folds",
        lambda p: draw(p, f"q 200 0 0 200 {WIDTH + SPINE + MM} 200 cm /Photo Do Q".encode()),
    ),
    (
        "words come near the fold",
        "printer-safe-zone",
        lambda p: draw(p, words("Near", WIDTH + SPINE + 4, 90)),
    ),
    ("words go over the spine", "printer-safe-zone", lambda p: draw(p, words("Over the spine", WIDTH - 20, 90))),
]

RULES_OF_COVERS = {"cover-spread", "cover-folds"}


def spoilt(content: bytes, fault: Break, **how: Any) -> bytes:
    with Pdf.open(io.BytesIO(content)) as pdf:
        fault(pdf)
        return printable.saved(pdf, **how)


def found(rule: str, content: bytes, order: Order | None = None) -> list[Fault]:
    file = printable.opened(content, order)
    try:
        return [Fault(*finding) for finding in preflight.held(("pdf/x-4",))[rule](file)]
    finally:
        file.pdf.close()


@pytest.mark.parametrize(("name", "rule", "fault"), FAULTS, ids=[name for name, _, _ in FAULTS])
def test_a_planted_fault_is_found_by_its_rule(name: str, rule: str, fault: Break) -> None:
    assert found(rule, spoilt(printable.inside(), fault)), name


@pytest.mark.parametrize(("name", "rule", "fault"), COVER_FAULTS, ids=[name for name, _, _ in COVER_FAULTS])
def test_a_planted_fault_of_a_cover_is_found_by_its_rule(name: str, rule: str, fault: Break) -> None:
    assert found(rule, spoilt(printable.cover(), fault), printable.order(COVER)), name


def test_a_file_as_a_print_shop_likes_it_has_no_findings() -> None:
    for content, order in ((printable.inside(), printable.order()), (printable.cover(), printable.order(COVER))):
        verdicts = preflight.inspect(printable.opened(content, order))
        assert [verdict for verdict in verdicts if verdict.findings] == []
        assert {verdict.rule for verdict in verdicts} >= set(rules.RULES)


def test_every_rule_of_the_press_has_its_planted_fault() -> None:
    planted = {rule for _, rule, _ in [*FAULTS, *COVER_FAULTS]}
    assert set(rules.RULES) - planted == {"x-identifier", "x-encryption", "printer-plain-black"}
    assert len(FAULTS) + len(COVER_FAULTS) > 80


def test_every_rule_of_the_press_says_what_it_asks_and_who_asks_for_it() -> None:
    for name, rule in rules.RULES.items():
        assert rule.__doc__, name
        assert any(who in rule.__doc__ for who in ("ISO", "house rule", "printer's rule")), name
        assert "\n" not in rule.__doc__, name


def test_an_encrypted_file_and_one_without_identifier_are_found() -> None:
    locked = spoilt(
        printable.inside(),
        lambda _: None,
        deterministic_id=False,
        encryption=pikepdf.Encryption(owner="a", user="", R=4),
    )
    assert found("x-encryption", locked)
    nameless = printable.inside().replace(b"/ID ", b"/Ix ").replace(b"/ID[", b"/Ix[")
    assert found("x-identifier", nameless)
    assert found("x-header", printable.inside().replace(b"%PDF-1.6", b"%PDF-1.7", 1))


# --- What is allowed, and what a printer allows ---


def test_marks_of_all_plates_stand_outside_the_bleed_where_the_printer_takes_them() -> None:
    def marked(pdf: Pdf) -> None:
        resource(pdf, "/ColorSpace", "/Strange", separation("All"))
        add_slug(pdf, FULL)

    content = spoilt(printable.inside(), marked)
    assert found("printer-marks", content, printable.order(marks=True)) == []
    assert found("printer-registration", content) == []
    assert found("printer-marks", content, printable.order(marks=False))
    black = spoilt(printable.inside(), lambda p: add_slug(p, b"0 0 0 1 k"))
    assert found("printer-marks", black, printable.order(marks=True))


def test_a_printer_may_refuse_other_inks_below_black() -> None:
    rich = spoilt(printable.inside(), lambda p: draw(p, b".6 .5 .5 1 k 100 400 50 50 re f"))
    assert found("printer-plain-black", rich, printable.order(black="plain"))
    assert found("printer-plain-black", rich, printable.order(black="rich")) == []


def test_limits_are_those_of_the_printer() -> None:
    inky = spoilt(printable.inside(), lambda p: draw(p, b".7 .7 .7 .5 k 100 400 50 50 re f"))
    assert found("printer-ink", inky, printable.order(ink_limit=240))
    assert found("printer-ink", inky, printable.order(ink_limit=280)) == []
    assert found("printer-pages", printable.inside(), printable.order(page_multiple=16))
    assert found("printer-bleed", printable.inside(), printable.order(bleed=5))
    assert found("printer-lines", printable.inside(), printable.order(line_width=0.6))
    assert found("printer-safe-zone", printable.inside(), printable.order(safe_zone=30))


def test_what_is_merely_wished_for_is_said_and_stops_nothing() -> None:
    soft = spoilt(printable.inside(), lambda p: place_picture(p, printable.photo(p, 200, 200), 72, 72))
    assert found("printer-least-resolution", soft) == []
    (remark,) = found("printer-good-resolution", soft)
    assert remark.what == "A picture (200 × 200 pixels) has 200 pixels per inch here; 300 are asked."
    assert not remark.severe


def test_what_bleeds_and_what_keeps_away_from_the_trim_is_let_be() -> None:
    bleeds = spoilt(printable.inside(), lambda p: draw(p, f"0 1 0 0 k {-BLEED} 300 80 80 re f".encode()))
    white = spoilt(printable.inside(), lambda p: draw(p, b"0 0 0 0 k 0 300 80 80 re f"))
    inside = spoilt(printable.inside(), lambda p: draw(p, b"0 1 0 0 k 10 300 80 80 re f"))
    clipped = spoilt(printable.inside(), lambda p: draw(p, b"q 20 20 90 90 re W n 0 1 0 0 k 0 0 80 80 re f Q"))
    for content in (bleeds, white, inside, clipped):
        assert found("printer-bled", content) == []


def test_a_border_is_as_wide_as_it_is_seen() -> None:
    below = b"q 100 400 100 .5 re W n 0 0 0 1 k 100 400 100 0 re 100 400 100 .5 re f* Q"
    frame = b" 0 0 0 1 k 100 300 100 50 re 101 301 98 48 re f*"
    assert found("printer-lines", spoilt(printable.inside(), lambda p: draw(p, below + frame))) == []


def test_words_that_are_not_seen_are_asked_nothing() -> None:
    unseen = spoilt(printable.inside(), lambda p: draw(p, b"3 Tr " + words("x", 2, 2, 3, "1 0 0 rg")))
    assert found("x-colours", unseen) == found("printer-letters", unseen) == found("printer-safe-zone", unseen) == []


# --- How it is said ---


def test_a_finding_says_where_on_the_page_it_is() -> None:
    where = f"1 0 0 rg {20 * MM} {HEIGHT - 50 * MM} {10 * MM} {10 * MM} re f".encode()
    (fault,) = found("x-colours", spoilt(printable.inside(), lambda p: draw(p, where, 1)))
    assert (fault.page, fault.what) == (1, "An area is in DeviceRGB.")
    assert fault.place == pytest.approx((20, 40), abs=0.01)
    assert fault.cure.startswith("Give it a colour of the press")


def test_ink_is_said_with_its_amount_and_the_place_of_the_most() -> None:
    two = f"1 1 1 .5 k 100 300 50 50 re f 1 1 1 1 k {30 * MM} {HEIGHT - 120 * MM} {20 * MM} {20 * MM} re f".encode()
    (fault,) = found("printer-ink", spoilt(printable.inside(), lambda p: draw(p, two)))
    area = (20**2 + (50 / MM) ** 2) * 1.0
    assert fault.what.startswith("Up to 400 % of ink lie on ")
    assert float(fault.what.split(" on ")[1].split(" mm²")[0]) == pytest.approx(area, rel=0.05)
    assert fault.place == pytest.approx((30, 100), abs=0.5)


def test_one_kind_of_fault_is_said_once_for_a_page() -> None:
    many = b"".join(b"1 0 0 rg %d 400 5 5 re f " % x for x in range(60, 160, 10))
    (fault,) = found("x-colours", spoilt(printable.inside(), lambda p: draw(p, many)))
    assert fault.what == "An area is in DeviceRGB. It is so at 10 places of the page."


def test_without_ghostscript_the_ink_is_not_checked_and_that_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (fault,) = found("printer-ink", printable.inside())
    assert fault.what == "The ink was not checked: Ghostscript is not installed."
    assert fault.severe
    assert "Install Ghostscript" in fault.cure


def test_a_machine_without_ghostscript_makes_the_book_for_readers_and_refuses_the_one_for_the_press(
    desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    monkeypatch.setenv("PATH", "")
    editions = ("--edition", "screen", "--edition", "print")
    assert work.build(*editions, "--printer", "sheetfed-coated") == 1
    assert "The ink was not checked: Ghostscript is not installed. [printer-ink] Install" in capfd.readouterr().err
    assert work.file.exists()
    assert sorted(path.name for path in work.file.parent.glob("*.pdf")) == [work.file.name]
    assert (work.file.parent / "reports" / "print-refused.html").exists()


def test_a_ghostscript_that_fails_is_no_pass(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "gs"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (fault,) = found("printer-ink", printable.inside())
    assert fault.what == "The ink was not checked: Ghostscript could not draw the file."


def test_a_broken_page_is_a_finding_and_no_crash() -> None:
    broken = spoilt(printable.inside(), lambda p: p.pages[0].Contents.write(b"x", filter=Name.FlateDecode))
    file = printable.opened(broken)
    verdicts = preflight.inspect(file)
    assert not all(verdict.passed for verdict in verdicts)
    assert thumbnails(file, [fault for verdict in verdicts for fault in verdict.findings]) == ()


def test_a_form_that_draws_itself_ends() -> None:
    def endless(pdf: Pdf) -> None:
        thing = pdf.make_indirect(form(pdf, b"1 0 0 rg 90 400 9 9 re f /Thing Do"))
        thing.Resources = Dictionary(XObject=Dictionary(Thing=thing))
        resource(pdf, "/XObject", "/Thing", thing)
        draw(pdf, b"/Thing Do")

    assert found("x-colours", spoilt(printable.inside(), endless))


# --- The report ---


def reported(content: bytes) -> tuple[dict[str, Any], str]:
    """Write the report on a file, in English, for machines and for people."""
    file = printable.opened(content)
    verdicts, facts = preflight.inspect(file), preflight.Facts(preflight.labels(file), ())
    faults = [fault for verdict in verdicts for fault in verdict.findings]
    design = reading.read_design(PROJECT)
    words = reading.read_yaml(design.files, "layouts/words/en.yaml", "")
    report = reporting.report("a.pdf", content, printable.METADATA, verdicts, facts, [], words)
    html = reporting.as_html(report, design.templates, words, {"contact": "nobody"}, thumbnails(file, faults))
    return json.loads(reporting.as_json(report)), html.decode()


def test_the_report_shows_the_pages_concerned_with_the_places_marked() -> None:
    two = spoilt(
        printable.inside(), lambda p: draw(p, b"1 0 0 rg 100 400 50 50 re f .7 0 0 RG 0 w 90 90 m 99 99 l S", 1)
    )
    report, html = reported(two)
    assert report["claims"] == ["PDF/X-4 (ISO 15930-7)"]
    rule = next(rule for rule in report["rules"] if rule["rule"] == "printer-lines")
    place = rule["findings"][0]["place"]
    assert place == pytest.approx([90 / MM, (HEIGHT - 99) / MM], abs=0.1)
    (picture,) = re.findall(r'src="data:image/jpeg;base64,([^"]+)"', html)
    drawn = Image.open(io.BytesIO(base64.b64decode(picture)))
    assert drawn.width / drawn.height == pytest.approx((WIDTH + 2 * BLEED) / (HEIGHT + 2 * BLEED), rel=0.02)
    marked = [tuple(map(float, spot)) for spot in re.findall(r'class="spot" style="left: (.*?)%; top: (.*?)%"', html)]
    area = 100 * (100 + BLEED) / (WIDTH + 2 * BLEED), 100 * (HEIGHT - 450 + BLEED) / (HEIGHT + 2 * BLEED)
    assert any(spot == pytest.approx(area, abs=0.2) for spot in marked)
    assert "Page 2 of the file" in html
    assert "Page 1 of the file" not in html


def test_the_report_of_a_clean_file_shows_no_pages_and_is_always_the_same() -> None:
    report, html = reported(printable.inside())
    assert "data:image" not in html
    assert report["known_gaps"][0].startswith("No independent validator")
    spoilt_one = spoilt(printable.inside(), lambda p: draw(p, b"1 0 0 rg 100 400 50 50 re f"))
    assert reported(spoilt_one) == reported(spoilt_one)
