"""What goes to the print shop beside the pages: cover, job ticket, and the soft proof."""

from __future__ import annotations

from base64 import b64encode

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

from .conftest import PROJECT
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
