"""The same sources make the same book: in any folder, in any process, in one piece or bound from chapters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import build as program
from compendium import checking, composing, press, printing, reading
from compendium.chapters import Chapter, Folio, PageMap, Placed, Printed
from compendium.errors import Faults

from .conftest import PROJECT, QUIET, SAMPLE, Desk
from .inspector import Inspector
from .test_pages import marked, spoken

DeskMaker = Callable[[str], Desk]

_BUILD = "import sys, pathlib, build; sys.exit(build.main(['build', '--quiet'], pathlib.Path(sys.argv[1])))"


def build_elsewhere(root: Path, seed: str) -> subprocess.Popen[bytes]:
    """Start a build in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen([sys.executable, "-c", _BUILD, str(root)], cwd=PROJECT, env=environment)


def test_two_builds_in_different_folders_and_processes_give_the_same_bytes(tmp_path: Path) -> None:
    desks = [Desk(tmp_path / name, "every-construct") for name in ("a", "another folder, mit Umlaut ü")]
    running = [build_elsewhere(desk.root, seed) for desk, seed in zip(desks, ("1", "271828"), strict=True)]
    assert [process.wait(120) for process in running] == [0, 0]
    assert desks[0].file.read_bytes() == desks[1].file.read_bytes()


@pytest.mark.parametrize("volume", ["minimal", "every-construct", "en-francais", SAMPLE])
def test_the_bound_book_equals_its_chapters_printed_by_the_engine_in_one_piece(
    finished: Callable[[str], Inspector], desk: DeskMaker, volume: str
) -> None:
    bound, work = finished(volume), desk(volume)
    design = reading.read_design(work.root)
    read, wording = program.checked(work.root, volume, design, QUIET)
    composer = composing.Composer(read, wording, design)
    printer = printing.Printer(design.sheets, ("styles/book.css", "styles/editions/screen.css"), True)
    placed = press.run(composer.compose, printer.print, lambda *_: None)
    whole = Inspector(in_one_piece(printer, placed))
    assert len(whole) == len(bound)
    assert whole.texts == bound.texts
    assert [whole.image(n) for n in range(len(whole))] == [bound.image(n) for n in range(len(bound))]
    assert [(link.words, link.target_index) for link in whole.links] == [
        (link.words, link.target_index) for link in bound.links
    ]
    assert heard(whole) == heard(bound)
    page = {label: n for n, label in enumerate(bound.labels)}
    assert [(t, int(label) - 1) for _, t, label in whole.outline] == [(t, page[label]) for _, t, label in bound.outline]


def heard(book: Inspector) -> list[tuple[str, str]]:
    """Give what a screen reader hears: structure type and words; all spaces alike, for they share a glyph."""
    return [(tag, " ".join(marked(book, page).get(mark, "").split())) for tag, page, mark in spoken(book)]


def in_one_piece(printer: printing.Printer, placed: tuple[Placed, ...]) -> bytes:
    """Let the engine write all chapters as one document, with its own links, outline and destinations."""
    blank = Chapter("blank", "body", False, '<html lang="en"><title>Blank</title><body class="half-title">', {}, "")
    documents = []
    for one in placed:
        documents += [printer.lay_out(blank, Folio("body", 1)) for _ in range(one.blanks)]
        documents.append(printer.lay_out(one.chapter, one.start))
    pages = [page for document in documents for page in document.pages]
    return bytes(documents[0].copy(pages).write_pdf(pdf_tags=True))


def test_a_chapter_whose_text_and_start_stay_is_not_printed_again() -> None:
    printed: list[str] = []

    def chapter(name: str, text: str) -> Chapter:
        return Chapter(name, "body", False, text, {}, "")

    def compose(pages: PageMap) -> list[Chapter]:
        return [chapter("index", f"see {pages.get('tail')}"), chapter("tail", "text")]

    def print_chapter(one: Chapter, start: Folio) -> Printed:
        printed.append(one.name)
        return Printed(b"", 2, {one.name: 0}, (), ())

    placed = press.run(compose, print_chapter, lambda *_: None)
    assert [one.start.number for one in placed] == [1, 3]
    assert printed == ["index", "tail", "index"]


def test_page_numbers_that_never_come_to_rest_end_in_a_sentence() -> None:
    passes = iter(range(100))

    def restless(_: PageMap) -> list[Chapter]:
        return [Chapter("one", "body", False, str(next(passes)), {}, "")]

    def print_chapter(one: Chapter, start: Folio) -> Printed:
        return Printed(b"", 1 + int(one.html) % 2, {"end": int(one.html) % 2}, (), ())

    with pytest.raises(Exception, match="do not come to rest"):
        press.run(restless, print_chapter, lambda *_: None)


def test_a_build_killed_at_any_moment_leaves_the_last_good_book(desk: DeskMaker) -> None:
    work = desk("minimal")
    assert work.build("--quiet") == 0
    old = work.file.read_bytes()
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    whole = {old}
    for moment in (0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.3):
        process = build_elsewhere(work.root, "0")
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        whole.add(work.file.read_bytes())
    assert work.build("--quiet") == 0
    assert whole <= {old, work.file.read_bytes()}
    assert work.file.read_bytes() != old


def test_the_last_good_book_survives_a_fault_in_the_content(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("minimal")
    assert work.build("--quiet") == 0
    old = work.file.read_bytes()
    work.change("harbour/case.md", "[@log]", "[@lag]")
    assert work.build() == 1
    assert work.file.read_bytes() == old
    assert (
        'cases/minimal/harbour/case.md:22:40: There is no source "lag". Did you mean "log"?' in capfd.readouterr().err
    )


def test_an_unwritable_output_is_one_sentence(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("minimal")
    (work.root / "output").write_text("a file where the folder should be")
    assert work.build() == 3
    assert len(capfd.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [["nowhere"], ["minimal", "--edition", "scren"]])
def test_asking_for_what_is_not_there_is_wrong_usage(
    desk: DeskMaker, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert desk("minimal").build(*words) == 2
    assert "There is no" in capfd.readouterr().err


def test_without_a_terminal_the_lines_are_plain(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    assert desk("minimal").build() == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert said.out.startswith("output/minimal/minimal-screen.pdf  ")
    assert "pages" in said.out
    assert "\x1b" not in said.out


def test_a_sign_that_no_font_has_fails_the_build_at_its_line(
    desk: DeskMaker, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    work.change("harbour/case.md", "It took", "中 It took")
    assert work.build() == 1
    said = capfd.readouterr().err
    assert "cases/minimal/harbour/case.md:22:1" in said
    assert "U+4E2D" in said
    assert not work.file.exists()


def test_css_that_the_engine_does_not_know_fails_the_build(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("minimal")
    sheet = work.root / "styles" / "text.css"
    sheet.write_text(sheet.read_text("utf-8") + "\np { text-wrap: pretty }\n", "utf-8")
    assert work.build() == 1
    assert "styles/book.css: Ignored `text-wrap: pretty `" in capfd.readouterr().err


def test_a_picture_that_cannot_be_read_is_named(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("every-construct")
    (work.folder / "beta" / "bridge.png").write_bytes(b"no picture")
    assert work.build() == 1
    assert "cases/every-construct/beta/bridge.png: This is not a picture" in capfd.readouterr().err


def test_a_case_that_is_not_approved_is_not_printed(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("minimal")
    work.change("harbour/case.md", "status: approved", "status: edited")
    assert work.build() == 1
    assert 'The case is "edited"' in capfd.readouterr().err


def test_the_statuses_of_an_edition_are_held_against_every_placed_case(desk: DeskMaker) -> None:
    work = desk("minimal")
    read, _ = program.checked(work.root, "minimal", reading.read_design(work.root), QUIET)
    screen, *_ = reading.read_editions(reading.read_design(work.root), ["screen"])
    assert checking.check_statuses(read, [screen]) == []
    assert len(checking.check_statuses(read, [screen.model_copy(update={"statuses": ("proposed",)})])) == 1


@pytest.mark.parametrize("tool", [["pdftotext", "-q"], ["pdfinfo"], ["qpdf", "--check"]])
def test_other_programs_open_the_book_without_a_word(desk: DeskMaker, tool: list[str]) -> None:
    work = desk("every-construct")
    assert work.build("--quiet") == 0
    found = subprocess.run([*tool, str(work.file)], capture_output=True, check=False)
    assert found.returncode == 0
    assert found.stderr == b""


def test_an_engine_that_breaks_down_is_said_with_the_file_it_broke_down_on() -> None:
    def broken(*_: object) -> Printed:
        raise TypeError("not handled yet")

    chapter = Chapter("one", "body", False, "", {}, "cases/x/one/case.md")
    with pytest.raises(Faults, match=r"cases/x/one/case\.md: The engine broke down on this text"):
        press.run(lambda _: [chapter], broken, lambda *_: None)
