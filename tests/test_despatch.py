"""What goes to the print shop beside the pages: cover, job ticket, and the soft proof."""

from __future__ import annotations

import hashlib
import json
import shutil
from base64 import b64encode
from typing import Any

import pikepdf
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from weasyprint import HTML

from compendium import identifiers, reading
from compendium.despatch.spine import FOLD, INK, LEAST, Spine, spine
from compendium.figures.barcode import MODULE, QUIET, barcode, modules
from compendium.printers import Printer
from compendium.reading.printers import read_printer

from .conftest import PROJECT, Desk
from .inspector import Inspector

DESIGN = reading.read_design(PROJECT)
PRINTERS = [one for name in DESIGN.printers if (one := read_printer(DESIGN, name))]
MM = 72 / 25.4


def of(pages: int, printer: Printer, title: str = "Knowledge for Action", publisher: str = "Test press") -> Spine:
    return spine(pages, title, publisher, 270, printer)


# --- The spine ---


@given(pages=st.integers(8, 2000), printer=st.sampled_from(PRINTERS))
def test_a_spine_is_as_wide_as_its_leaves_and_both_boards(pages: int, printer: Printer) -> None:
    leaves = -(-pages // 2)
    exact = leaves * printer.caliper + 2 * printer.cover_caliper
    assert -1e-9 < of(pages, printer).width - exact < 0.1 + 1e-9
    assert of(pages, printer).width <= of(pages + 1, printer).width < of(pages + 8, printer).width


@given(
    pages=st.integers(8, 2000),
    printer=st.sampled_from(PRINTERS),
    title=st.text("abc ", min_size=1, max_size=120),
    publisher=st.text("abc ", min_size=1, max_size=120),
)
def test_the_letters_on_a_spine_keep_clear_of_both_folds(
    pages: int, printer: Printer, title: str, publisher: str
) -> None:
    one = of(pages, printer, title, publisher)
    assert one.type == 0 or one.type >= LEAST
    assert one.type == 0 or one.width >= printer.spine_text
    assert one.type * INK / MM <= max(0, one.width - 2 * FOLD)


def test_a_stapled_book_has_no_spine() -> None:
    stapled = PRINTERS[0].model_copy(update={"binding": "saddle-stitched"})
    assert of(64, stapled) == Spine(0, 0)


# --- The bar code ---


def seen(svg: bytes) -> Image.Image:
    """Print a bar code on a sheet that is white around it."""
    sheet = '<style>@page { size: 70mm 60mm; margin: 10mm }</style><img src="data:image/svg+xml;base64,'
    pdf = HTML(string=f'{sheet}{b64encode(svg).decode()}">').write_pdf()
    picture: Image.Image = Inspector(pdf).pdfium[0].render(scale=3).to_pil()
    return picture


@pytest.mark.parametrize("isbn", ["978-3-16-148410-0", "979-10-90636-07-1", "0-306-40615-2", "0-8044-2957-X"])
def test_a_machine_reads_the_number_of_the_book_off_its_bars(isbn: str) -> None:
    (read,) = zxingcpp.read_barcodes(seen(barcode(identifiers.ean(isbn), "Source Sans 3", "#000000")))
    assert (read.format, read.text) == (zxingcpp.BarcodeFormat.EAN13, identifiers.ean(isbn))
    assert identifiers.isbn(read.text) == read.text


def test_a_bar_code_keeps_its_white_and_its_bars_their_widths() -> None:
    svg = barcode("9783161484100", "Source Sans 3", "#000000").decode()
    assert f'viewBox="0 0 {(sum(QUIET) + 95) * MODULE}' in svg
    assert 0.8 * 0.33 <= MODULE / 960 * 25.4 <= 2 * 0.33  # the sizes that the standard allows
    edges = [int(piece.split()[0]) for piece in svg.split('d="')[1].split('"')[0].split("M")[1:]]
    assert min(edges) == QUIET[0] * MODULE
    assert all(edge % MODULE == 0 for edge in edges)
    assert len(modules("9783161484100")) == 95


# --- What a build lays beside the pages ---

VOLUME = "well-kept"
PAPERS = ("print.pdf", "cover.pdf", "print-ticket.json", "print-ticket.pdf", "print-proof.pdf")


class Delivery:
    """What a print shop gets of a volume."""

    def __init__(self, work: Desk) -> None:
        self.folder = work.root / "output" / work.volume
        self.contents = {name: (self.folder / f"{work.volume}-{name}").read_bytes() for name in PAPERS}
        self.pages, self.cover, self.proof = (self.pdf(name) for name in ("print.pdf", "cover.pdf", "print-proof.pdf"))
        self.ticket: dict[str, Any] = json.loads(self.contents["print-ticket.json"])

    def pdf(self, name: str) -> Inspector:
        return Inspector(self.contents[name])


def asks(work: Desk, printer: str, old: str, new: str) -> None:
    """Let a print shop ask for something else."""
    rules = work.root / "styles" / "printers" / f"{printer}.yaml"
    text = rules.read_text("utf-8")
    assert old in text
    rules.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def thick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Delivery]:
    """Have a book printed on board, so that its spine is wide, by a shop with the widest bleed."""
    work = Desk(tmp_path_factory.mktemp("thick") / "project", VOLUME)
    work.change("volume.yaml", "front: [cover, ", "front: [cover, half-title, ")
    work.change("volume.yaml", "back: [acronyms, index-of-cases]", "back: [acronyms, index-of-cases, back-cover]")
    asks(work, "sheetfed-uncoated", "caliper: 0.125 ", "caliper: 1.5 ")
    assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-uncoated") == 0
    return work, Delivery(work)


@pytest.fixture(scope="module")
def thin(thick: tuple[Desk, Delivery]) -> Delivery:
    """Have the same book printed by another shop on its usual paper."""
    work, _ = thick
    assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-coated") == 0
    return Delivery(work)


def box(pdf: Inspector, name: str, page: int = 0) -> list[float]:
    return [float(side) for side in pdf.pike.pages[page].obj[name]]


def letters(pdf: Inspector) -> list[tuple[str, float, float, float, float]]:
    """Give every letter of the first page with its box, in points from the lower left of the trim."""
    words = pdf.pdfium[0].get_textpage()
    return [(words.get_text_range(n, 1), *words.get_charbox(n)) for n in range(words.count_chars())]


def on_spine(one: Delivery) -> str:
    left, right = one.ticket["trim"]["width"] * MM, (one.ticket["trim"]["width"] + one.ticket["spine"]) * MM
    return "".join(sign for sign, start, _, end, _ in letters(one.cover) if left < (start + end) / 2 < right)


def test_a_cover_is_one_sheet_of_back_spine_and_front_with_its_bleed(
    thick: tuple[Desk, Delivery], thin: Delivery
) -> None:
    for one in (thick[1], thin):
        assert len(one.cover) == 1
        left, bottom, right, top = box(one.cover, "/TrimBox")
        width, spine_width = one.ticket["trim"]["width"], one.ticket["spine"]
        assert right - left == pytest.approx((2 * width + spine_width) * MM, abs=0.01)
        assert top - bottom == pytest.approx(one.ticket["trim"]["height"] * MM, abs=0.01)
        assert one.ticket["cover"]["width"] == pytest.approx(2 * width + spine_width)
        bleed = one.ticket["bleed"] * MM
        wider = [left - bleed, bottom - bleed, right + bleed, top + bleed]
        assert box(one.cover, "/BleedBox") == pytest.approx(wider, abs=0.01)


def test_the_ground_of_a_cover_reaches_the_end_of_its_bleed(thin: Delivery) -> None:
    picture = thin.cover.pdfium[0].render(scale=1).to_pil().convert("L")
    edge = [picture.getpixel((x, y)) for x in (1, picture.width - 2) for y in range(0, picture.height, 20)]
    edge += [picture.getpixel((x, y)) for y in (1, picture.height - 2) for x in range(0, picture.width, 20)]
    assert max(edge) < 100


def test_words_stand_on_a_wide_spine_clear_of_its_folds_and_on_no_narrow_one(
    thick: tuple[Desk, Delivery], thin: Delivery
) -> None:
    wide = thick[1]
    assert wide.ticket["spine"] > 12 and thin.ticket["spine"] < 3
    assert on_spine(wide).split() == ["A", "well-kept", "book", "3", "Test", "press"]
    assert on_spine(thin) == ""
    left = wide.ticket["trim"]["width"] + FOLD
    right = left + wide.ticket["spine"] - 2 * FOLD
    inside = [(start, end) for sign, start, _, end, _ in letters(wide.cover) if left - FOLD < start / MM < right + FOLD]
    assert all(left <= start / MM and end / MM <= right for start, end in inside)


def test_words_of_a_cover_keep_away_from_trim_and_folds(thick: tuple[Desk, Delivery], thin: Delivery) -> None:
    for one in (thick[1], thin):
        width, spine_width, zone = one.ticket["trim"]["width"], one.ticket["spine"], 6.4
        panels = ((0, width), (width + spine_width, 2 * width + spine_width))
        for sign, start, bottom, end, top in letters(one.cover):
            on = [(left, right) for left, right in panels if left < start / MM < right and sign.strip()]
            for left, right in on:
                assert left + zone <= start / MM and end / MM <= right - zone, sign
                assert zone <= bottom / MM and top / MM <= one.ticket["trim"]["height"] - zone, sign


def test_a_machine_reads_the_isbn_off_the_printed_cover_whose_bars_are_of_black_alone(thin: Delivery) -> None:
    (read,) = zxingcpp.read_barcodes(thin.cover.pdfium[0].render(scale=3).to_pil())
    assert read.text == "9783161484100"
    assert "ISBN 978-3-16-148410-0" in thin.cover.texts[0]
    forms = [o for o in thin.cover.pike.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
    steps = [step for form in forms for step in pikepdf.parse_content_stream(form, "k K rg RG g G")]
    assert {(str(step.operator), *map(float, step.operands)) for step in steps} == {("k", 0, 0, 0, 1)}


def test_the_pages_begin_with_the_half_title_and_keep_their_numbers(
    thick: tuple[Desk, Delivery], thin: Delivery
) -> None:
    work, wide = thick
    assert work.build("--quiet", "--edition", "screen") == 0
    screen = work.pdf()
    numbered = [label for label in screen.labels if not label.startswith("Cover")]
    for one in (wide, thin):
        assert one.pages.labels[0] == "i" and "A well-kept book" in one.pages.texts[0]
        used = len(one.pages) - one.ticket["white_pages"]
        assert one.pages.labels[:used] == numbered[:used]
        assert [*map(one.pages.text, numbered[:used])] == [*map(screen.text, numbered[:used])]
        assert len(one.pages) % one.ticket["page_multiple"] == 0
        assert not any(one.pages.texts[used:])


def test_the_job_ticket_says_what_is_to_be_printed_and_which_files_they_are(thin: Delivery) -> None:
    ticket, words = thin.ticket, thin.pdf("print-ticket.pdf").texts[0]
    assert (ticket["printer"]["name"], ticket["pages"]) == ("sheetfed-coated", len(thin.pages))
    assert ticket["profile"] == {"file": "FOGRA39L_coated.icc", "condition": "FOGRA39"}
    for file, name in zip(ticket["files"], PAPERS, strict=False):
        content = thin.contents[name]
        assert (file["name"], file["bytes"]) == (f"{VOLUME}-{name}", len(content))
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["name"] in words and file["sha256"] in words.replace(" ", "")
    for said in ("Sheet-fed offset", "210 mm × 270 mm", "coated matt, 115 g/m²", "3 mm on all sides", "at most 320 %"):
        assert said in words, said


def test_the_soft_proof_shows_cover_and_pages_on_paper_with_trim_and_bleed(thin: Delivery) -> None:
    proof = thin.proof
    assert len(proof) == 1 + len(thin.pages)
    assert proof.labels[1:] == thin.pages.labels
    assert "Soft proof, not for print." in proof.texts[0]
    for page, (file, other) in enumerate([(thin.cover, 0), (thin.pages, 0), (thin.pages, 5)]):
        at = (0, 1, 6)[page]
        assert box(proof, "/TrimBox", at) == pytest.approx(box(file, "/TrimBox", other))
        assert box(proof, "/BleedBox", at) == pytest.approx(box(file, "/BleedBox", other))
        assert all(text in proof.texts[at] for text in file.texts[other].split("."))
    picture = proof.pdfium[2].render(scale=1).to_pil()
    assert picture.getpixel((5, 5)) == (255, 255, 255)  # beyond the sheet
    assert 220 < picture.getpixel((picture.width // 2, 60))[0] < 250  # paper is not as white as a screen
    assert len(thin.contents["print-proof.pdf"]) < 2 * len(thin.contents["print.pdf"])


def test_every_paper_has_its_fonts_with_it(thin: Delivery) -> None:
    for pdf in (thin.pages, thin.cover, thin.proof, thin.pdf("print-ticket.pdf")):
        described = [o for o in pdf.pike.objects if isinstance(o, pikepdf.Dictionary) and "/FontFamily" in o]
        assert described
        assert {one.FontFile2.read_bytes()[:4] for one in described} == {b"\0\1\0\0"}  # a program, and not its name


def test_no_colour_of_the_soft_proof_is_left_in_inks(thin: Delivery) -> None:
    forms = [o for o in thin.proof.pike.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
    for content in (*thin.proof.pike.pages, *forms):
        assert list(pikepdf.parse_content_stream(content, "k K g G")) == []
    images = [o for o in thin.proof.pike.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
    assert images and {str(image.ColorSpace) for image in images} == {"/DeviceRGB"}


def test_the_same_sources_make_the_same_papers_and_a_refused_file_replaces_none(
    thick: tuple[Desk, Delivery], thin: Delivery
) -> None:
    work, _ = thick
    shutil.rmtree(work.root / "output" / work.volume)
    assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-coated") == 0
    assert Delivery(work).contents == thin.contents
    template = work.root / "layouts" / "ticket.html"
    template.write_text(template.read_text("utf-8").replace("<h1>", "<h1>Mended: "), "utf-8")
    assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-coated") == 0
    mended = Delivery(work)
    assert "Mended: A well-kept book" in mended.pdf("print-ticket.pdf").texts[0]
    asks(work, "sheetfed-coated", "type_size: 5", "type_size: 12")
    assert work.build("--quiet", "--edition", "print", "--printer", "sheetfed-coated") == 1
    assert Delivery(work).contents == mended.contents
