"""What a reader of the finished book meets."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from compendium.chapters import Folio
from compendium.wording import ranges

from .conftest import BOOKS, PROJECT, SAMPLE
from .inspector import Inspector

ALL = ["minimal", "every-construct", "en-francais", SAMPLE]
Finished = Callable[[str], Inspector]

every_book = pytest.mark.parametrize("volume", ALL)


@every_book
def test_every_printed_page_number_is_that_of_the_page_its_link_leads_to(finished: Finished, volume: str) -> None:
    book = finished(volume)
    numbered = 0
    for link in book.links:
        number = re.search(r"(?:^|[\s(])(?:page )?([ivxl]+|\d+)(?:–(?:[ivxl]+|\d+))?\)?$", link.words)
        inside = link.target_index >= 0
        if inside and number and "--source-" not in link.name:  # a citation carries its source's number
            numbered += 1
            assert number[1] == link.target, link
    assert numbered >= len([level for level, _, _ in book.outline if level < 3]) - 1


@every_book
def test_every_page_number_of_the_contents_is_the_page_of_its_heading(finished: Finished, volume: str) -> None:
    book = finished(volume)
    contents = {book.labels[page] for page in book.pages_of("contents")}
    titles = {title: label for _, title, label in book.outline}
    lines = [link for link in book.links if link.page in contents]
    found = [
        title for title, label in titles.items() for link in lines if title in link.words and link.words.endswith(label)
    ]
    assert set(found) >= {title for level, title, _ in book.outline if level < 3} - {"Contents", "Table des matières"}
    for title in found:
        assert title in book.text(titles[title])


@every_book
def test_the_subject_index_names_the_pages_on_which_its_terms_stand(finished: Finished, volume: str) -> None:
    book = finished(volume)
    source = PROJECT / "cases" / volume if volume == SAMPLE else BOOKS / volume
    index = " ".join(book.texts[page] for page in book.pages_of("index-of-subjects"))
    for path in [*source.glob("*/case.md"), *source.glob("front/*.md"), *source.glob("back/*.md")]:
        chapter = path.parent.name if path.name == "case.md" else path.stem
        if chapter not in book.destinations:
            continue  # held back
        terms = re.findall(r'\[([^][]+)\]\{index="([^"]+)"\}', path.read_text("utf-8"))
        for number, (words, entry) in enumerate(terms, 1):
            page = book.labels[book.destinations[f"{chapter}--term-{number}"]]
            assert re.split("[ ']", words)[0] in book.text(page)
            printed = re.escape(entry.replace("'", "’"))
            listed = re.search(rf"{printed}, ((?:[\d–]+(?:, )?)+)", index)
            assert listed, entry
            assert page in unfolded(listed[1]), entry


def unfolded(pages: str) -> list[str]:
    """Give every page of "2, 4–7"."""
    found: list[str] = []
    for run in pages.strip(", ").split(", "):
        first, _, last = run.partition("–")
        found += [str(n) for n in range(int(first), int(last or first) + 1)]
    return found


def test_pages_that_follow_each_other_are_merged() -> None:
    pages = [(Folio("body", 5), "c"), (Folio("front", 2), "a"), (Folio("body", 3), "b"), (Folio("body", 4), "x")]
    assert ranges([*pages, (Folio("body", 9), "d")]) == [("a",), ("b", "c"), ("d",)]


@every_book
def test_references_print_the_page_they_lead_to(finished: Finished, volume: str) -> None:
    book = finished(volume)
    references = [link for link in book.links if re.search(r"\(page \d+\)", link.words)]
    assert references or volume in ("minimal", "en-francais")
    for link in references:
        assert f"(page {link.target})" in link.words


@every_book
def test_labels_are_roman_before_the_body_and_arabic_from_1_on_a_right_hand_page(
    finished: Finished, volume: str
) -> None:
    labels = finished(volume).labels
    assert labels[0] == "Cover 1" or labels[0] == "Couverture 1"
    assert labels.index("1") % 2 == 0
    front = [label for label in labels if re.fullmatch("[ivxl]+", label)]
    assert front == labels[2 : labels.index("1")]
    assert front[:2] == ["i", "ii"]
    body = labels[labels.index("1") :]
    assert body == [str(n) for n in range(1, len(body) + 1)]


@every_book
def test_the_outline_holds_parts_cases_and_sections(finished: Finished, volume: str) -> None:
    book = finished(volume)
    levels = {level for level, _, _ in book.outline}
    assert levels == {1, 2, 3}
    for _, title, label in book.outline:
        assert title in book.text(label)


@every_book
def test_parts_begin_on_a_right_hand_page(finished: Finished, volume: str) -> None:
    book = finished(volume)
    parts = [label for label, text in zip(book.labels, book.texts, strict=True) if re.match(r"(Part|Partie) \d ", text)]
    assert parts
    assert all(int(label) % 2 == 1 for label in parts)


@every_book
def test_running_heads_carry_the_case_and_openers_and_blanks_are_silent(finished: Finished, volume: str) -> None:
    book = finished(volume)
    starts = [(level, title, int(label)) for level, title, label in book.outline if level < 3 and label.isdigit()]
    part = ""
    for (level, title, first), (_, _, following) in pairwise(starts):
        if level != 2:
            part = title
            continue
        assert book.text(str(first)).count(title) == 1
        for page in range(first + 1, following):
            assert (title if page % 2 else part) in book.text(str(page)) or book.text(str(page)) == ""


def test_a_table_repeats_its_head_on_every_page(finished: Finished) -> None:
    book = finished("every-construct")
    pages = [label for label in book.find("Well 1") + book.find("Well 69") if label.isdigit()]
    first, last = min(map(int, pages)), max(map(int, pages))
    assert last > first
    for label in range(first + 1, last + 1):
        assert "Well Depth Note" in book.text(str(label))


def test_a_footnote_stands_on_the_page_of_its_call(finished: Finished) -> None:
    book = finished("every-construct")
    assert book.find("association (WUA) met.") == book.find("A note, with a source.")


def test_citations_lead_to_their_source(finished: Finished) -> None:
    book = finished(SAMPLE)
    cites = [link for link in book.links if "--source-" in link.name]
    assert len(cites) > 50
    for link in cites:  # a letter of the words before may reach into it
        number = re.search(r"\d+$", link.words)
        assert number, link
        assert re.search(rf"\b{number[0]}\.? ", book.texts[link.target_index]), link


@every_book
def test_only_the_fonts_of_the_design_are_embedded(finished: Finished, volume: str) -> None:
    assert all(name.startswith(("Source-Serif-4", "Source-Sans-3")) for name in finished(volume).fonts)


def test_charts_are_set_in_the_fonts_of_the_book(finished: Finished) -> None:
    book = finished("every-construct")
    charts = [text for text in book.texts if "North end" in text and "per cent of wells" in text]
    assert len(charts) >= 2  # their words can be read, so they are set and not drawn


@every_book
def test_all_pages_have_the_trim_of_the_design(finished: Finished, volume: str) -> None:
    assert finished(volume).sizes == {(210.0, 270.0)}


@every_book
def test_the_tag_tree_is_whole_and_speaks_of_headings_tables_and_figures(finished: Finished, volume: str) -> None:
    book = finished(volume)
    assert book.tags[0] == "Document"
    assert {"H1", "H2", "P", "Table", "TH", "TD", "L", "LI"} <= set(book.tags)
    assert book.tags.count("Figure") == {"minimal": 0, "every-construct": 10, "en-francais": 1, SAMPLE: 40}[volume]
    assert bool(book.pike.Root.MarkInfo.Marked)


def test_every_cell_finds_its_heads_after_binding(finished: Finished) -> None:
    pdf = finished(SAMPLE).pike
    elements = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/S" in o and "/K" in o]
    ids = [str(element.ID) for element in elements if "/ID" in element]
    assert len(ids) == len(set(ids)) > 0
    asked = {str(h) for e in elements for a in [e.get("/A")] if a is not None and "/Headers" in a for h in a.Headers}
    assert asked <= set(ids)


@every_book
def test_info_and_xmp_agree_and_say_what_the_book_is(finished: Finished, volume: str) -> None:
    book = finished(volume)
    for key in ("/Title", "/Subject", "/Producer", "/Creator"):
        assert book.info[key].replace("&", "&amp;") in book.xmp
    for wanted in ("dc:creator", "dc:language", "dc:publisher", "dc:rights", "dc:subject", "sha256:", "xmp:CreateDate"):
        assert wanted in book.xmp
    assert book.xmp.count("<rdf:RDF") == 1


def test_identifiers_and_dates_are_those_of_the_volume(finished: Finished) -> None:
    book = finished("every-construct")
    for identifier in ("ISBN 978-3-16-148410-0", "ISSN 0378-5955", "DOI 10.5555/12345678"):
        assert f"<rdf:li>{identifier}</rdf:li>" in book.xmp
    assert book.info["/CreationDate"] == "D:20210304000000Z"
    assert "2021-03-04T00:00:00" in book.xmp


def test_a_volume_in_french_speaks_french_and_prints_its_own_field_and_publisher(finished: Finished) -> None:
    book = finished("en-francais")
    words = " ".join(book.texts)
    for french in ("Table des matières", "Ligne budgétaire", "Programme 304", "17 mai 2024", "1,2 million", "12,4"):
        assert french in words, french
    assert "Paris" in words
    assert "caisse d’allocations familiales" in words
    assert "« revenez demain »" in words.replace("\u202f", " ").replace("\xa0", " ")
    assert not re.search(r"\b(Contents|Figure 1 The|Sources by case|Version)\b(?! 1)", words)


def test_extra_fields_of_every_type_are_printed_or_kept_back(finished: Finished) -> None:
    words = " ".join(finished("every-construct").texts)
    for shown in ("Line 12", "12,500", "May 1, 2009", "stick; knife", "https://example.org/page", "North Macedonia"):
        assert shown in words, shown
    assert "not for readers" not in words
    assert "A case that waits" not in words


@every_book
def test_the_whole_book_reads_as_its_golden_text(
    finished: Finished, volume: str, request: pytest.FixtureRequest
) -> None:
    golden = Path(__file__).parent / "goldens" / f"{volume}.txt"
    found = finished(volume).projection()
    if request.config.getoption("--update-golden"):
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")
