"""The print edition: printers as data, and the file that a print shop accepts."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from compendium import reading
from compendium.chapters import Chapter
from compendium.errors import Faults, WrongUsage
from compendium.press.store import Store
from compendium.printers import Printer
from compendium.printing import Typesetter
from compendium.reading.printers import read_printer, read_separations
from compendium.separating import Separator
from compendium.separating.inks import Inks
from compendium.separating.sheets import Sheet

from .conftest import FONTS, PROJECT, Desk
from .inspector import Inspector

Said = pytest.CaptureFixture[str]
Finished = Callable[[str], Inspector]
MM = 72 / 25.4
PROFILE = (PROJECT / "styles" / "profiles" / "FOGRA39L_coated.icc").read_bytes()
DESIGN = reading.read_design(PROJECT)


def printers() -> list[Printer]:
    return [printer for name in DESIGN.printers if (printer := read_printer(DESIGN, name))]


def test_four_print_shops_contradict_each_other_as_real_ones_do() -> None:
    assert len(printers()) >= 4
    assert {(one.standard, one.condition) for one in printers()} == {("pdf/x-4", "FOGRA39")}
    for field in ("bleed", "marks", "ink_limit", "black", "resolution", "page_multiple", "caliper", "safe_zone"):
        assert len({str(getattr(one, field)) for one in printers()}) > 1, field


def test_a_standard_that_is_not_made_is_refused_in_one_sentence(desk: Callable[[str], Desk], capfd: Said) -> None:
    work = desk("minimal")
    file = work.root / "styles" / "printers" / "print-on-demand.yaml"
    file.write_text(file.read_text("utf-8").replace("pdf/x-4", "pdf/x-1a"), "utf-8")
    assert work.build("--printer", "print-on-demand") == 1
    said = " ".join(capfd.readouterr().err.split())
    assert 'styles/printers/print-on-demand.yaml:3:11: "standard" is pdf/x-1a, which is not made here.' in said
    assert "Write pdf/x-4, and ask the print shop to take that" in said
    assert not work.file.exists()


@pytest.mark.parametrize("place", ["volume", "command"])
def test_a_printer_that_is_not_there_is_said_with_the_nearest_one(
    desk: Callable[[str], Desk], capfd: Said, place: str
) -> None:
    work = desk("minimal")
    if place == "volume":
        work.change("volume.yaml", "licence: CC BY 4.0", "licence: CC BY 4.0\nprinter: sheetfed-coat")
        assert work.build() == 1
        where = "cases/minimal/volume.yaml:10:10: "
    else:
        assert work.build("--printer", "sheetfed-coat") == 2
        where = ""
    said = " ".join(capfd.readouterr().err.split())
    assert f'{where}There is no printer "sheetfed-coat" in styles/printers/.' in said
    assert 'Did you mean "sheetfed-coated"?' in said


@pytest.mark.parametrize(("profile", "what"), [("sRGB2014.icc", "none of a press"), ("other.icc", "not in styles")])
def test_a_profile_that_is_not_there_or_of_no_press_is_refused(profile: str, what: str) -> None:
    path = "styles/printers/print-on-demand.yaml"
    text = DESIGN.text(path).replace("FOGRA39L_coated.icc", profile)
    changed = type(DESIGN)({**DESIGN.files, path: text.encode()}, DESIGN.openings, DESIGN.looks, DESIGN.fonts)
    with pytest.raises(Faults) as faults:
        read_printer(changed, "print-on-demand")
    assert what in faults.value.problems[0].what and faults.value.problems[0].line == 4
    with pytest.raises(WrongUsage):
        read_printer(changed, "nobody")


# --- The file ---


@pytest.fixture(scope="module")
def work(pressed: Desk) -> Desk:
    return pressed


@pytest.fixture(scope="module")
def book(work: Desk) -> Inspector:
    return Inspector(file(work).read_bytes())


def file(work: Desk) -> Path:
    return work.file.with_name(f"{work.volume}-print.pdf")


def sizes(page: Any, *names: str) -> list[list[float]]:
    return [[round(float(side), 3) for side in page[name]] for name in names]


def test_every_page_has_the_boxes_of_its_trim_the_printers_bleed_and_room_for_marks(book: Inspector) -> None:
    found = {str(sizes(page.obj, "/TrimBox", "/BleedBox", "/MediaBox")) for page in book.pike.pages}
    assert len(found) == 1  # white pages, too
    trim, bleed, media = sizes(book.pike.pages[0].obj, "/TrimBox", "/BleedBox", "/MediaBox")
    assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([210 * MM, 270 * MM], abs=0.01)
    assert [abs(a - b) for a, b in zip(trim, bleed, strict=True)] == pytest.approx([5 * MM] * 4, abs=0.01)
    assert all(abs(a - b) > 5 * MM for a, b in zip(bleed, media, strict=True))


def test_nothing_of_a_reader_is_left_in_it(book: Inspector) -> None:
    root = book.pike.Root
    assert set(root.keys()).isdisjoint({"/StructTreeRoot", "/MarkInfo", "/Outlines", "/AcroForm", "/OpenAction", "/AF"})
    assert "/Names" not in root or not len(root.Names.Dests.Names)
    assert not any("/Annots" in page.obj for page in book.pike.pages)
    assert b"/JavaScript" not in book.content and book.content.startswith(b"%PDF-1.6")


def test_it_says_that_it_is_pdf_x_4_for_one_registered_press(book: Inspector) -> None:
    (intent,) = book.pike.Root.OutputIntents
    assert (str(intent.S), str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "FOGRA39")
    assert str(intent.RegistryName) == "http://www.color.org"
    assert intent.DestOutputProfile.read_bytes() == PROFILE and int(intent.DestOutputProfile.N) == 4
    assert "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>" in book.xmp
    assert "<pdf:Trapped>False</pdf:Trapped>" in book.xmp and book.pike.trailer.Info.Trapped == "/False"


def streams(book: Inspector) -> list[tuple[Any, bytes]]:
    """Give what is drawn: pages, forms and patterns, each with its resources."""
    drawn = [(page.obj.Resources, page.Contents) for page in book.pike.pages]
    things = [thing for thing in book.pike.objects if isinstance(thing, pikepdf.Stream)]
    drawn += [(one.Resources, one) for one in things if one.get("/Subtype") == "/Form" or "/PatternType" in one]
    return [
        (resources, b"\n".join(part.read_bytes() for part in (one if isinstance(one, pikepdf.Array) else [one])))
        for resources, one in drawn
    ]


def test_no_colour_is_of_the_screen(book: Inspector) -> None:
    for _, content in streams(book):
        assert not re.search(rb"(?m)^(\S+ ){3}(rg|RG|sc|SC|scn|SCN)$", content)
    things = [one for one in book.pike.objects if isinstance(one, pikepdf.Stream)]
    spaces = {str(one.ColorSpace) for one in things if one.get("/Subtype") == "/Image"}
    assert spaces <= {"/DeviceCMYK", "/DeviceGray"} and "/DeviceCMYK" in spaces
    for name in (b"/DeviceRGB", b"/CalRGB", b"/Lab ", b"/ICCBased"):
        assert not any(name in thing.unparse(resolved=True) for thing in book.pike.objects)


def test_black_words_print_over_what_is_below_and_white_ones_do_not(book: Inspector) -> None:
    for resources, content in streams(book):
        if b" k\n" in content:
            over, cut = resources.ExtGState.Overprint, resources.ExtGState.Knockout
            assert over.op is True and int(over.OPM) == 1 and cut.op is False
    after = [found for _, content in streams(book) for found in re.findall(rb"(?m)^(.*) k\n(.*)$", content)]
    assert len(after) > 100
    assert {state for ink, state in after if ink == b"0 0 0 1"} == {b"/Overprint gs"}
    assert {state for ink, state in after if ink != b"0 0 0 1"} == {b"/Knockout gs"}


def test_it_holds_the_pages_inside_the_cover_with_the_lines_and_numbers_of_the_screen(
    book: Inspector, finished: Finished
) -> None:
    screen = finished("every-construct")
    texts = dict(zip(screen.labels[1:-1], screen.texts[1:-1], strict=True))
    printed = {label: text for label, text in zip(book.labels, book.texts, strict=True) if text}
    assert printed == {label: text for label, text in texts.items() if text}
    lines = [page.get_textpage().get_text_range().split("\r\n") for page in (book.pdfium[6], screen.pdfium[8])]
    assert lines[0] == lines[1] and len(lines[0]) > 20
    assert book.labels[0] == "i"  # a recto; every numbering begins on one
    assert book.labels.index("1") % 2 == 0


def test_it_is_padded_to_the_printers_multiple_with_white_pages(work: Desk, book: Inspector) -> None:
    multiple = next(printer.page_multiple for printer in printers() if printer.name == "sheetfed-uncoated")
    assert len(book) % multiple == 0
    used = max(number for number, text in enumerate(book.texts) if text) + 1
    assert len(book) - used in range(multiple)


@pytest.fixture(scope="module")
def plates(work: Desk, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], dict[str, Image.Image]]:
    """Give the plates of a page as pictures, in which ink is dark."""
    folder = tmp_path_factory.mktemp("plates")

    def made(page: int) -> dict[str, Image.Image]:
        asked = ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r36", f"-dFirstPage={page}"]
        out = [f"-dLastPage={page}", f"-sOutputFile={folder / 'page.tif'}", str(file(work))]
        program = shutil.which("gs") or next(PROJECT.glob(".tools/*/usr/bin/gs"))
        subprocess.run([program, *asked, *out], check=True)
        names = ("Cyan", "Magenta", "Yellow", "Black")
        return {name: Image.open(folder / f"page({name}).tif").convert("L").copy() for name in names}

    return made


def test_running_text_is_on_the_plate_of_black_alone_and_marks_are_on_all(
    book: Inspector, plates: Callable[[int], dict[str, Image.Image]]
) -> None:
    page = plates(7)
    width, height = page["Black"].size
    edge = round(12 * MM / 2)  # half a pixel to the point; the marks lie outside
    inside = (edge, edge, width - edge, height - edge)
    dark = {name: darkest(plate.crop(inside)) for name, plate in page.items()}
    assert dark["Black"] < 60
    assert {dark[name] for name in ("Cyan", "Magenta", "Yellow")} == {255}
    assert all(darkest(plate) < 200 for plate in page.values())


def darkest(plate: Image.Image) -> int:
    return min(plate.tobytes())


def test_what_reaches_the_edge_goes_on_to_the_end_of_the_bleed_and_no_further(
    plates: Callable[[int], dict[str, Image.Image]],
) -> None:
    page = plates(5)["Black"]
    middle, half = page.height // 2, 0.5  # pixels to the point
    bleed, room = 5 * MM * half, 6 * MM * half
    row = [page.getpixel((x, middle)) for x in range(page.width)]
    inked = [x for x, value in enumerate(row) if isinstance(value, int) and value < 250]
    assert inked[0] == pytest.approx(room, abs=1.5) and inked[-1] == pytest.approx(page.width - room, abs=1.5)
    assert len(inked) == pytest.approx(210 * MM * half + 2 * bleed, abs=3)


def test_a_volume_without_a_printer_is_not_printed_unless_asked(desk: Callable[[str], Desk], capfd: Said) -> None:
    work = desk("minimal")
    assert work.build("--edition", "print") == 1
    said = " ".join(capfd.readouterr().err.split())
    assert "cases/minimal/volume.yaml: The volume names no printer, and this edition needs one." in said
    assert 'Write a line "printer: ". Write one of: digital-short-run,' in said


# --- Colours ---


def test_a_colour_that_the_design_has_not_decided_gets_three_inks_at_most() -> None:
    inks = Inks(PROFILE, 240, {(1, 2, 3): (0, 0, 0, 100)})
    assert inks.of((1, 2, 3)) == (0, 0, 0, 100)
    found = [inks.of(colour) for colour in ((12, 90, 30), (200, 10, 60), (90, 90, 90), (10, 40, 120), (255, 220, 0))]
    assert all(min(ink[:3]) == 0 and 0 < sum(ink) <= 240 for ink in found)
    red, green = found[1], found[0]
    assert red[1] > red[0] and green[0] > green[1]
    assert inks.of((255, 255, 255)) == (0, 0, 0, 0)


@pytest.mark.parametrize("limit", [240, 320])
def test_no_pixel_of_a_picture_takes_more_ink_than_the_printer_allows(limit: int) -> None:
    shades = Image.linear_gradient("L")
    picture = Image.merge("RGB", (shades, shades.rotate(90), shades.transpose(Image.Transpose.FLIP_TOP_BOTTOM)))
    printed = Inks(PROFILE, limit, {}).picture(picture).tobytes()
    assert max(sum(printed[n : n + 4]) for n in range(0, len(printed), 4)) / 2.55 <= limit
    dark = Inks(PROFILE, limit, {}).picture(Image.new("RGB", (1, 1))).tobytes()
    assert dark[3] > 200


def test_a_separation_that_is_none_is_said_with_its_place(desk: Callable[[str], Desk], capfd: Said) -> None:
    work = desk("minimal")
    path = work.root / "styles" / "separations.yaml"
    path.write_text(path.read_text("utf-8") + '"#12345": [1, 2, 3]\n', "utf-8")
    assert work.build("--edition", "print", "--printer", "print-on-demand") == 1
    said = " ".join(capfd.readouterr().err.split())
    assert re.search(r'styles/separations\.yaml:\d+:\d+: "#12345" is not a colour with four shares of ink\.', said)


def test_every_colour_of_the_design_and_its_themes_is_decided() -> None:
    for theme in ("", *DESIGN.themes):
        sheets = ["styles/tokens.css", "styles/charts.yaml"] if not theme else []
        own = [f"styles/themes/{theme}/{name}" for name in ("theme.css", "charts.yaml")] if theme else []
        asked = {colour for path in sheets + own for colour in re.findall(r"#[0-9a-f]{6}\b", DESIGN.text(path))}
        known = {"#{:02x}{:02x}{:02x}".format(*colour) for colour in read_separations(DESIGN, theme)}
        assert asked - known == set(), theme


# --- Whatever has a colour ---

SWATCHES = """<html lang="en"><head><title>Swatches</title><style>
div { height: 30mm } .plain { background: linear-gradient(#9a3d16, #0b5d6b 30%, #123456) }
.fading { background: radial-gradient(#9a3d16, transparent) }
.tiled { background: url(tile.svg); opacity: 0.5 }
</style></head><body><div class="plain"></div><div class="fading"></div><div class="tiled"></div>
<img src="blend.svg" alt=""><img src="clear.png" alt=""><img src="few.png" alt=""></body></html>"""
TILE = b"""<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><circle cx="9" cy="9" r="8" fill="#5a4489"
fill-opacity="0.4"/></svg>"""
BLEND = b"""<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><defs><linearGradient id="a">
<stop offset="0" stop-color="#9a3d16"/><stop offset="1" stop-color="#ffffff" stop-opacity="0"/></linearGradient>
<pattern id="b" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="4" height="4" fill="#3f6427"/></pattern>
</defs><rect width="40" height="40" fill="url(#a)"/><rect y="50" width="40" height="40" fill="url(#b)"
stroke="#8a2c50"/></svg>"""


def png(mode: str) -> bytes:
    picture = Image.effect_mandelbrot((64, 64), (-2, -1.5, 1, 1.5), 40).convert("RGB")
    if mode == "RGBA":
        picture.putalpha(Image.linear_gradient("L").resize((64, 64)))
    content = io.BytesIO()
    (picture if mode == "RGBA" else picture.quantize(8)).save(content, "PNG")
    return content.getvalue()


def test_blends_tiles_clear_pictures_and_those_of_few_colours_become_inks(tmp_path: Path) -> None:
    shown = {"tile.svg": TILE, "blend.svg": BLEND, "clear.png": png("RGBA"), "few.png": png("P")}
    printed = Typesetter({"a.css": b""}, ("a.css",), FONTS).print(
        Chapter("one", "body", "next", SWATCHES, shown, "a.md"), "recto"
    )
    assert b"/ShadingType" in unpacked(printed.pdf) and b"/SMask" in unpacked(printed.pdf)
    inks = Inks(PROFILE, 300, read_separations(DESIGN, None))
    separated = Separator(inks, Sheet(9, 0), Store(tmp_path)).chapter(printed)
    plain = unpacked(separated.pdf)
    for name in (b"/DeviceRGB", b"/Indexed", b"/ICCBased", b" rg\n", b" RG\n"):
        assert name not in plain, name
    ends = {len(end.split()) for end in re.findall(rb"/C[01] \[([^]]*)\]", plain)}
    assert ends == {1, 4}  # blends of four inks, and how much of them is seen
    assert Separator(inks, Sheet(9, 0), Store(tmp_path)).chapter(printed) == separated


def test_a_photograph_keeps_its_colours_on_the_press(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("RGB", (90, 90), (200, 40, 40)).save(content, "JPEG", quality=95)
    html = '<html lang="en"><head><title>Red</title></head><body><img src="red.jpg" alt=""></body></html>'
    printed = Typesetter({"a.css": b""}, ("a.css",), FONTS).print(
        Chapter("one", "body", "next", html, {"red.jpg": content.getvalue()}, "a.md"), "recto"
    )
    separated = Separator(Inks(PROFILE, 300, {}), Sheet(9, 0), Store(tmp_path)).chapter(printed)
    book = Inspector(separated.pdf)
    things = [one for one in book.pike.objects if isinstance(one, pikepdf.Stream)]
    (picture,) = (one for one in things if one.get("/Subtype") == "/Image")
    assert picture.Filter == "/DCTDecode" and picture.ColorSpace == "/DeviceCMYK"
    seen = book.pdfium[0].render().to_pil().convert("RGB").getpixel((100, 100))
    assert isinstance(seen, tuple) and seen[0] > 150 and max(seen[1:]) < 110


def unpacked(content: bytes) -> bytes:
    """Give a file as it reads with nothing packed; pictures and fonts are left out."""
    pdf = pikepdf.open(io.BytesIO(content))
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and (thing.get("/Subtype") == "/Image" or "/Length1" in thing):
            thing.write(b"")
    file = io.BytesIO()
    pdf.save(
        file,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    return file.getvalue()


def test_the_same_sources_make_the_same_print_file(tmp_path: Path) -> None:
    books = []
    for place in ("here", "there"):
        work = Desk(tmp_path / place, "minimal")
        assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-coated") == 0
        books.append(file(work).read_bytes())
    assert books[0] == books[1]
