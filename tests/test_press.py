"""The same sources make the same book: in any folder, in any process, in one piece or bound from chapters."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from compendium import admitting, checking, composing, press, printing, reading
from compendium.chapters import UNKNOWN, Chapter, Number, PageMap, Placed, Printed, Side
from compendium.errors import Faults
from compendium.press.ledger import Inputs, Ledger, reasons
from compendium.press.store import Store
from compendium.workers import undisturbed

from .conftest import PROJECT, QUIET, SAMPLE, Desk
from .inspector import Inspector
from .test_pages import marked, spoken

DeskMaker = Callable[[str], Desk]

_BUILD = "import sys, pathlib, build; sys.exit(build.main(sys.argv[2:], pathlib.Path(sys.argv[1])))"


def build_elsewhere(root: Path, seed: str) -> subprocess.Popen[bytes]:
    """Start a build of the screen edition in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", _BUILD, str(root), "build", "--quiet", "--edition", "screen"]
    return subprocess.Popen(command, cwd=PROJECT, env=environment)


def test_two_builds_in_different_folders_and_processes_give_the_same_bytes(
    tmp_path: Path, bookshop: Callable[[str, str], Desk]
) -> None:
    here = bookshop("every-construct", "screen")
    there = Desk(tmp_path / "another folder, mit Umlaut ü", here.volume)
    assert build_elsewhere(there.root, "271828").wait(120) == 0
    assert here.file.read_bytes() == there.file.read_bytes()


@pytest.mark.parametrize("volume", ["minimal", "every-construct", "en-francais", "on-the-map"])
def test_the_bound_book_equals_its_chapters_printed_by_the_engine_in_one_piece(
    finished: Callable[[str], Inspector], desk: DeskMaker, volume: str
) -> None:
    bound, work = finished(volume), desk(volume)
    design = reading.read_design(work.root)
    read, wording = admitting.checked(work.root, volume, design, QUIET)
    composer = composing.Composer(read, wording, design)
    typesetter = Careful(design.sheets, ("styles/book.css",), design.typefaces(None))
    placed = at_press(typesetter, work.root).run(composer.compose)
    again = {name for name in typesetter.printed if typesetter.printed.count(name) > 1}
    assert again <= {one.chapter.name for one in placed if one.printed.numbers}
    assert len(again) <= 2 or volume != SAMPLE  # in which it is easier to guess how many figures a number has
    whole = Inspector(in_one_piece(typesetter, placed))
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


def in_one_piece(typesetter: printing.Typesetter, placed: tuple[Placed, ...]) -> bytes:
    """Let the engine write all chapters as one document, with its own links, outline and destinations."""
    blank = Chapter("blank", "body", "next", '<html lang="en"><title>Blank</title><body class="half-title">', {}, "")
    documents = []
    for one in placed:
        documents += [typesetter.lay_out(blank, 1) for _ in range(one.blanks)]
        documents.append(typesetter.lay_out(numbered(one), one.start.number))
    pages = [page for document in documents for page in document.pages]
    return typesetter.write(documents[0].copy(pages))


class Careful(printing.Typesetter):
    """Prints, and remembers what."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.printed: list[str] = []

    def print(self, chapter: Chapter, side: Side) -> Printed:
        self.printed.append(chapter.name)
        return super().print(chapter, side)


def numbered(one: Placed) -> Chapter:
    """Write page numbers where the chapter keeps their places."""
    numbers = iter(one.numbers)
    numeral = re.compile(r"<span data-page=[^>]*>(0+)<")
    html = numeral.sub(lambda found: found[0][: -len(found[1]) - 1] + next(numbers) + "<", one.chapter.html)
    assert not [*numbers]
    return replace(one.chapter, html=html)


class Hand:
    """Prints as it is told, and remembers what."""

    clothes = typefaces = ""

    def __init__(self, pages: Callable[[Chapter], int]) -> None:
        self.pages = pages
        self.printed: list[str] = []

    def print(self, chapter: Chapter, side: Side) -> Printed:
        self.printed.append(f"{chapter.name} {side}")
        numbers = tuple(Number(0, anchor, {}) for anchor in re.findall('data-page="([^"]+)"', chapter.html))
        return Printed(b"", self.pages(chapter), {chapter.name: 0}, (), (), numbers=numbers)


def at_press(typesetter: Any, root: Path, ledger: Ledger | None = None) -> press.Press:
    """Set up a press without helpers; its store lies in `root`."""
    return press.Press(typesetter, Store(root / ".press"), ledger or Ledger(), lambda _: None, lambda *_: None)


def test_a_chapter_whose_text_and_side_stay_is_not_printed_again(tmp_path: Path) -> None:

    def chapter(name: str, text: str) -> Chapter:
        return Chapter(name, "body", "next", text, {}, "")

    def compose(pages: PageMap) -> list[Chapter]:
        return [chapter("index", f"see {pages.get('tail')}"), chapter("tail", "text")]

    hand = Hand(lambda _: 2)
    first = at_press(hand, tmp_path)
    placed = first.run(compose)
    assert [one.start.number for one in placed] == [1, 3]
    assert hand.printed == ["index recto", "tail recto", "index recto"]  # the tail waits until its side is known
    assert first.printed == {"index": ("it has not been printed before",), "tail": ("it has not been printed before",)}
    hand.printed.clear()
    again = at_press(hand, tmp_path, first.ledger)
    assert again.run(compose) == placed
    assert (hand.printed, again.printed) == ([], {})


def test_pages_more_before_a_chapter_set_other_numbers_and_print_nothing_again(tmp_path: Path) -> None:
    lengths = {"one": 2, "two": 3, "index": 1}

    def compose(pages: PageMap) -> list[Chapter]:
        noughts = "0" * len(pages["two"].words) if "two" in pages else UNKNOWN
        texts = {"one": f"{lengths['one']}", "two": "text", "index": f'<a data-page="two">{noughts}</a>'}
        return [Chapter(name, "body", "next", text, {}, "") for name, text in texts.items()]

    hand = Hand(lambda chapter: lengths[chapter.name])
    first = at_press(hand, tmp_path)
    assert [one.numbers for one in first.run(compose)] == [(), (), ("3",)]
    hand.printed.clear()
    lengths["one"] = 4
    again = at_press(hand, tmp_path, first.ledger)
    assert [one.numbers for one in again.run(compose)] == [(), (), ("5",)]
    assert hand.printed == ["one recto"]
    lengths["one"] = 8
    at_press(hand, tmp_path, again.ledger).run(compose)
    assert hand.printed == ["one recto", "one recto"]
    lengths["one"] = 10
    at_press(hand, tmp_path, again.ledger).run(compose)
    assert hand.printed[2:] == ["one recto", "index verso"]  # whose place for a number was too narrow


def test_a_chapter_whose_side_nobody_knows_waits_for_those_before_it_and_is_printed_once(tmp_path: Path) -> None:
    texts = {"a": "recto", "b": "next", "c": "next", "d": "recto", "e": "next"}
    chapters = [Chapter(name, "body", cast(Any, opens), name, {}, "") for name, opens in texts.items()]
    hand = Hand(lambda chapter: 1 + (chapter.name in "ad"))
    placed = at_press(hand, tmp_path).run(lambda _: chapters)
    assert sorted(hand.printed) == ["a recto", "b recto", "c verso", "d recto", "e recto"]
    assert [(one.start.number, one.blanks) for one in placed] == [(1, 0), (3, 0), (4, 0), (5, 0), (7, 0)]


def test_what_a_chapter_leaves_over_is_gone_before_the_next_is_printed(tmp_path: Path) -> None:
    left: list[weakref.ref[Hand]] = []

    def leaving(_: Chapter) -> int:
        assert not any(one() for one in left)
        ring: Any = Hand(lambda _: 1)
        ring.ring = ring
        left.append(weakref.ref(ring))
        return 1

    with undisturbed():
        at_press(Hand(leaving), tmp_path).run(lambda _: [Chapter(n, "body", "next", n, {}, "") for n in "abcd"])
    assert len(left) == 4


def test_a_damaged_entry_of_the_store_is_printed_again(tmp_path: Path) -> None:
    hand = Hand(lambda _: 1)
    chapters = [Chapter("one", "body", "next", "text", {}, "")]
    placed = at_press(hand, tmp_path).run(lambda _: chapters)
    (entry,) = (tmp_path / ".press").glob("*/*")
    entry.write_bytes(entry.read_bytes()[:-1] + b"!")
    again = at_press(hand, tmp_path)
    assert again.run(lambda _: chapters) == placed
    assert again.store.damaged == 1
    assert hand.printed == ["one recto", "one recto"]


def test_the_store_keeps_within_its_bound_and_drops_what_was_used_longest_ago(tmp_path: Path) -> None:
    store = Store(tmp_path, largest=2_500)
    for age, name in enumerate(("aaaa", "bbbb", "cccc")):
        store.put(name, Printed(b"x" * 1_000, 1, {}, (), ()))
        os.utime(tmp_path / name[:2] / name, (age, age))
    assert Store(tmp_path).get("aaaa", Printed)
    store.trim()
    assert [name for name in ("aaaa", "bbbb", "cccc") if Store(tmp_path).get(name, Printed)] == ["aaaa", "cccc"]


def inputs(**changes: Any) -> Inputs:
    return replace(Inputs("engine", "clothes", "fonts", "html", "text", {"a.jpg": "1"}, "recto"), **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ()),
        ({"text": "other", "html": "other"}, ("its text changed",)),
        ({"html": "other"}, ("page numbers in it changed",)),
        ({"files": {"a.jpg": "2"}}, ("a.jpg changed",)),
        ({"files": {"b.jpg": "1"}}, ("a.jpg is gone", "b.jpg is new")),
        ({"side": "verso"}, ("it begins on a verso, not on a recto",)),
        ({"clothes": "other"}, ("the stylesheets changed",)),
        ({"fonts": "other"}, ("the fonts changed",)),
        ({"engine": "other"}, ("the program or its engine is another",)),
    ],
)
def test_a_chapter_that_is_not_fresh_says_why(changes: dict[str, Any], said: tuple[str, ...]) -> None:
    assert reasons(inputs(**changes), inputs()) == said


def test_what_a_lost_worker_leaves_behind_is_printed_here(tmp_path: Path) -> None:
    class Lost(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("lost"))
            return future

    hand = Hand(lambda _: 1)
    chapters = [Chapter(name, "body", "next", name, {}, "") for name in ("one", "two")]
    lending = press.Press(cast(Any, hand), Store(tmp_path), Ledger(), lambda _: Lost(), lambda *_: None)
    assert [one.chapter.name for one in lending.run(lambda _: chapters)] == ["one", "two"]
    assert sorted({one.split()[0] for one in hand.printed}) == ["one", "two"]


def test_page_numbers_that_never_come_to_rest_end_in_a_sentence(tmp_path: Path) -> None:
    passes = iter(range(100))

    def restless(_: PageMap) -> list[Chapter]:
        return [Chapter("one", "body", "next", str(next(passes)), {}, "")]

    hand = Hand(lambda chapter: 1 + int(chapter.html) % 2)
    with pytest.raises(Exception, match="do not come to rest"):
        at_press(hand, tmp_path).run(restless)


def test_the_last_good_book_survives_a_fault_in_the_content(desk: DeskMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = desk("minimal")
    assert work.build("--quiet") == 0
    old = work.file.read_bytes()
    work.change("harbour/case.md", "[@log]", "[@lag]")
    assert work.build() == 1
    assert work.file.read_bytes() == old
    assert (
        'cases/minimal/harbour/case.md:22:42: There is no source "lag". Did you mean "log"?' in capfd.readouterr().err
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
    assert "cases/minimal/harbour/case.md:22:47: " in said
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
    read, _ = admitting.checked(work.root, "minimal", reading.read_design(work.root), QUIET)
    screen, *_ = reading.read_editions(reading.read_design(work.root), ["screen"])
    assert checking.check_statuses(read, [screen]) == []
    assert len(checking.check_statuses(read, [screen.model_copy(update={"statuses": ("proposed",)})])) == 1


@pytest.mark.parametrize("tool", [["pdftotext", "-q"], ["pdfinfo"], ["qpdf", "--check"]])
def test_other_programs_open_the_book_without_a_word(bookshop: Callable[[str, str], Desk], tool: list[str]) -> None:
    file = bookshop("every-construct", "screen").file
    found = subprocess.run([*tool, str(file)], capture_output=True, check=False)
    assert found.returncode == 0
    assert found.stderr == b""


def test_an_engine_that_breaks_down_is_said_with_the_file_it_broke_down_on(tmp_path: Path) -> None:
    def broken(*_: object) -> int:
        raise TypeError("not handled yet")

    chapter = Chapter("one", "body", "next", "", {}, "cases/x/one/case.md")
    with pytest.raises(Faults, match=r"cases/x/one/case\.md: The engine broke down on this text"):
        at_press(Hand(broken), tmp_path).run(lambda _: [chapter])


_ELSEWHERE = """
import pickle, sys
typesetter, chapter = pickle.load(sys.stdin.buffer)
sys.stdout.buffer.write(typesetter.print(chapter, "recto").pdf)
"""


def test_a_chapter_is_printed_on_a_machine_that_has_the_program_and_nothing_else(
    desk: DeskMaker, tmp_path: Path
) -> None:
    work = desk("every-construct")
    design = reading.read_design(work.root)
    read, wording = admitting.checked(work.root, work.volume, design, QUIET)
    chapter = next(one for one in composing.Composer(read, wording, design).compose({}) if one.name == "beta")
    typesetter = printing.Typesetter(design.sheets, ("styles/book.css",), design.typefaces(None))
    away = tmp_path / "away"
    shutil.copytree(PROJECT / "compendium", away / "compendium")
    environment = {name: value for name, value in os.environ.items() if name not in ("FONTCONFIG_FILE", "PYTHONPATH")}
    sent = pickle.dumps((typesetter, chapter))
    command = [sys.executable, "-c", _ELSEWHERE]
    done = subprocess.run(command, input=sent, capture_output=True, cwd=away, env=environment, check=True)
    assert done.stdout == typesetter.print(chapter, "recto").pdf
