"""What a screen reader hears: the case as it is written, from top to bottom, wherever its pages end."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import re
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compendium import printing, reading
from compendium.chapters import Chapter
from compendium.printing import hastening, tagging

from .conftest import PROJECT, SAMPLE
from .inspector import Inspector

Finished = Callable[[str], Inspector]
every_book = pytest.mark.parametrize("volume", ["minimal", "every-construct", "en-francais", SAMPLE])
GOLDENS = Path(__file__).parent / "goldens"
LEANS_ON = {**tagging.LEANS_ON, **hastening.LEANS_ON}


@pytest.mark.parametrize("name", LEANS_ON)
def test_the_private_names_of_the_engine_are_those_that_the_hooks_were_written_for(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    part = getattr(importlib.import_module(module), attribute, None)
    assert part is not None, f"{name} is gone: see which of the modules named beside LEANS_ON leans on it."
    digest = hashlib.sha256(inspect.getsource(part).encode()).hexdigest()
    assert digest.startswith(LEANS_ON[name]), (
        f"{name} has changed with the engine's version. Read it, see that what leans on it still fits, "
        f"look at the tag trees and the folios, and write {digest[:12]!r} into LEANS_ON."
    )


def test_the_hooks_are_gone_when_a_document_is_written() -> None:
    from weasyprint.pdf import Stream, add_tags

    assert Stream.__module__ == "weasyprint.pdf.stream"
    assert add_tags.__module__ == "weasyprint.pdf.tags"


@pytest.mark.parametrize("volume", ["minimal", "every-construct", "en-francais"])
def test_the_tag_tree_reads_as_its_golden_text(finished: Finished, volume: str, pytestconfig: pytest.Config) -> None:
    golden = GOLDENS / f"{volume}-tags.txt"
    found = without_digest(finished(volume).tag_text())
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")


@every_book
def test_who_turns_pages_reads_no_tags(finished: Finished, volume: str) -> None:
    """Tags weigh more than pages in the memory of a program: they lie apart, and need not be unpacked."""
    whole = finished(volume).content
    blanked = _HOLDER.sub(lambda holder: holder[1] + _without_tags(holder[2]), whole)
    assert len(blanked) == len(whole)
    with pikepdf.open(io.BytesIO(whole)) as sound, pikepdf.open(io.BytesIO(blanked)) as pdf:
        drawn = [[page.obj.Resources.unparse(), page.Contents.unparse()] for page in pdf.pages if "/Contents" in page]
        assert drawn == [
            [page.obj.Resources.unparse(), page.Contents.unparse()] for page in sound.pages if "/Contents" in page
        ]
        assert len(pdf.pages) == len(sound.pages)
        assert not pdf.get_warnings()
    assert blanked.count(bytes(50)) > 1


_HOLDER = re.compile(rb"(/Type /ObjStm[^>]*>>\nstream\n)(.*?)(?=\nendstream)", re.DOTALL)


def _without_tags(packed: bytes) -> bytes:
    """Give noughts for the objects of a stream, unless there are pages among them."""
    objects = zlib.decompress(packed)
    return packed if b"/Type /Page" in objects or b"/Type /StructElem" not in objects else bytes(len(packed))


def without_digest(text: str) -> str:
    """Leave out the digest of the sources, so that an edit does not touch it."""
    return re.sub(r"[0-9a-f]{64}", "…", text) + "\n"


@every_book
def test_headings_go_down_one_level_at_a_time_and_cases_stand_below_their_part(finished: Finished, volume: str) -> None:
    book = finished(volume)
    levels = [level for level, _ in book.headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {(level, title) for level, title, _ in book.outline} <= set(book.headings)


@every_book
def test_a_part_holds_its_cases_and_nothing_else_does(finished: Finished, volume: str) -> None:
    book = finished(volume)
    parts = [str(case.P.S) for case in book.elements if str(case.S) == "/Art"]
    assert parts == ["/Part"] * sum(level == 2 for level, _, _ in book.outline)


@every_book
def test_every_link_says_where_it_leads_in_words(finished: Finished, volume: str) -> None:
    book = finished(volume)
    assert all(words.strip() for words in book.descriptions)
    assert not [words for words in book.descriptions if words.startswith(("http", "#")) or "--" in words]


def test_a_call_leads_to_its_note_and_the_note_back_to_its_call(finished: Finished) -> None:
    book = finished("every-construct")
    notes = [link for link in book.links if "--note-" in link.name]
    calls = {link.name: link.page for link in notes if not link.name.endswith("--call")}
    backs = {link.name.removesuffix("--call"): link.page for link in notes if link.name.endswith("--call")}
    assert calls.keys() == backs.keys() and len(calls) >= 2
    described = [words for words in book.descriptions if words.startswith(("Note ", "Back to"))]
    assert len(described) == len(notes)


def test_paragraphs_lists_and_tables_over_a_page_end_are_one_element(finished: Finished) -> None:
    book = finished("every-construct")
    spanning = {
        str(element.S)
        for element in book.elements
        for kid in element.get("/K", [])
        if hasattr(kid, "keys") and "/MCID" in kid
    }
    assert "/P" in spanning
    tables = [book.reading(element) for element in book.elements if str(element.S) == "/Table"]
    heads = [book.reading(element) for element in book.elements if str(element.S) == "/THead"]
    assert len(heads) <= len(tables)


def test_another_language_and_an_acronym_are_said_as_such(finished: Finished) -> None:
    book = finished("every-construct")
    languages = {book.reading(element): str(element.Lang) for element in book.elements if "/Lang" in element}
    assert languages.get("mot") == "fr"
    acronyms = {book.reading(element): str(element.E) for element in book.elements if "/E" in element}
    assert acronyms["WUA"]


def test_a_word_broken_at_a_line_end_is_whole_and_a_hyphen_of_the_source_stays(finished: Finished) -> None:
    words = finished(SAMPLE).reading()
    assert "the analysis and the persuasion" in words
    assert "child-focused social and economic policy" in words
    assert "ana-lysis" not in words


def test_running_heads_and_folios_are_artifacts_of_pagination(finished: Finished) -> None:
    book = finished("every-construct")
    kinds = [
        str(step.operands[1].get("/Type"))
        for page in book.pike.pages
        if "/Contents" in page.obj
        for step in pikepdf.parse_content_stream(page, "BDC")
        if str(step.operands[0]) == "/Artifact"
    ]
    assert kinds.count("/Pagination") > len(book) / 2


def test_the_data_of_every_chart_travels_inside_and_is_the_figures_own(finished: Finished) -> None:
    book = finished("every-construct")
    files = dict(book.reader.attachments.items())
    charts = [element for element in book.elements if str(element.S) == "/Figure" and "/AF" in element]
    assert files.keys() == {str(chart.AF[0].UF) for chart in charts}
    assert all(name.endswith(".csv") for name in files)
    content = files["alpha-by-year.csv"][0].decode()
    rows = (PROJECT / "tests/books/every-construct/alpha/years.csv").read_text("utf-8")
    assert content.split() == rows.split()


# --- Accessibility does not hang on pagination ---

TEXT = "The water came slowly, and everybody measured it independently with a well-known stick. "
PROSE = (
    '<!doctype html><html lang="en"><title>T</title><body class="body prose">'
    '<main id="c" data-tag="Art"><div style="height: {spacer}pt"></div><h1>The title</h1>'
    "<section><h2>One</h2><p>{text}<em>emphatic</em> <strong>words</strong> {text}"
    '<span class="note" id="c--note-1" data-call="Note" data-back="Back">A note.</span> {text}</p>'
    "<ul><li>{text}<ul><li>{text}</li></ul></li><li>{text}</li></ul><ol><li>{text}</li><li>{text}</li></ol>"
    "<blockquote><p>{text}</p></blockquote>"
    "<table><caption>Caption</caption><thead><tr><th scope=col>Head</th><th scope=col>Head</th></tr></thead><tbody>"
    + "<tr><th scope=row>row</th><td>{text}</td></tr>"
    * 4
    + '</tbody></table></section><section><h2>Two</h2><p>{text}<a href="https://example.org/">a link of words</a> '
    '{text}</p><aside class="box"><p>{text}</p></aside></section></main></body></html>'
)


@pytest.fixture(scope="module")
def typesetter() -> printing.Typesetter:
    design = reading.read_design(PROJECT)
    return printing.Typesetter(design.sheets, ("styles/book.css",), design.typefaces(None))


def tags_of(typesetter: printing.Typesetter, spacer: int, height: int) -> str:
    html = PROSE.format(spacer=spacer, text=TEXT * 3)
    page = f"<style>@page {{ size: 170mm {height}mm; margin-top: 15mm; margin-bottom: 15mm }}</style>"
    chapter = Chapter("c", "body", "next", html.replace("<title>", page + "<title>"), {}, "")
    return Inspector(typesetter.print(chapter, "recto").pdf).tag_text()


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spacer=st.integers(0, 400), height=st.integers(110, 400))
def test_the_tag_tree_stays_the_same_wherever_the_pages_end(
    typesetter: printing.Typesetter, spacer: int, height: int
) -> None:
    assert tags_of(typesetter, spacer, height) == tags_of(typesetter, 0, 2000)
