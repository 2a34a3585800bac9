"""What is made from the same sources is not made again: a book that stands, the gates' word on a chapter."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from compendium import admitting, binding, preflight, proving, reading, stamping
from compendium.chapters import Metadata, Placed
from compendium.model import Case
from compendium.preflight.prepress import rules
from compendium.preflight.sheets import Bound, File
from compendium.printing import PRODUCER
from compendium.workers import Workers

from .conftest import Desk
from .inspector import Inspector

DeskMaker = Callable[[str], Desk]


def moments(work: Desk) -> dict[Path, int]:
    """Tell when each file of a build was written."""
    return {path: path.stat().st_mtime_ns for path in (work.root / "output" / work.volume).rglob("*.*")}


def test_what_stands_is_left_alone_and_what_was_touched_is_made_again(
    desk: DeskMaker, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    assert work.build() == 0
    first, said = moments(work), capfd.readouterr()
    assert work.build() == 0
    again = capfd.readouterr()
    assert moments(work) == first
    assert again.err == said.err
    assert again.out.rpartition(",")[0] == said.out.rpartition(",")[0]
    book = work.file.read_bytes()
    work.file.write_bytes(book[:-9])
    assert work.build("--quiet") == 0
    assert work.file.read_bytes() == book
    (report,) = (work.file.parent / "reports").glob("*screen.json")
    report.unlink()
    assert work.build("--quiet") == 0
    assert report.exists()
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    assert work.build("--quiet") == 0
    assert work.pdf().find("41 boatloads")


def test_the_gates_look_at_a_chapter_once_and_at_one_that_failed_again(
    desk: DeskMaker, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    work, looked = desk("minimal"), []
    look_over = proving.look_over

    def listening(terms: proving.Terms, group: list[Placed]) -> object:
        looked.append(sorted(one.chapter.name for one in group))
        return look_over(terms, group)

    monkeypatch.setattr(proving, "look_over", listening)
    monkeypatch.setattr(Workers, "lend", lambda *_: None)
    assert work.build("--quiet") == 0
    (all_of_them,) = looked
    assert "harbour" in all_of_them
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    monkeypatch.setitem(preflight.RULES, "book-reach", lambda file: iter([(0, "It is wrong.")]))
    for _ in range(2):
        assert work.build() == 1
        assert 'minimal/harbour/case.md: Page 6 of the PDF ("harbour"): It is wrong.' in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(proving, "look_over", listening)
    assert work.build("--quiet") == 0
    assert [[name for name in group if name in ("harbour", "cover")] for group in looked[1:]] == [["harbour"]] * 3


def test_chapters_and_the_whole_are_held_against_every_rule_together() -> None:
    assert {*preflight.RULES, *rules.RULES} == preflight.OF_CHAPTERS | preflight.OF_THE_WHOLE
    assert preflight.OF_BOTH == preflight.OF_CHAPTERS & preflight.OF_THE_WHOLE


def test_the_gate_of_the_press_finds_in_chapters_what_it_finds_in_the_whole_and_looks_once(
    desk: DeskMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, asked, looked = desk("minimal"), list[Any](), list[int]()
    prove, look_over = proving.prove, proving.look_over

    def listening(*what: Any) -> proving.Word:
        asked.append(what)
        return prove(*what)

    def counting(terms: proving.Terms, group: list[Placed]) -> object:
        looked.append(len(group))
        return look_over(terms, group)

    monkeypatch.setattr(proving, "prove", listening)
    monkeypatch.setattr(proving, "look_over", counting)
    monkeypatch.setattr(Workers, "lend", lambda *_: None)
    work.build("--quiet", "--edition", "print", "--printer", "sheetfed-uncoated")
    _, metadata, placed, terms, store, workers = asked[0]
    at = next(n for n, one in enumerate(placed) if one.chapter.name == "harbour")
    for rule, drawn in PRESS:
        printed = replace(placed[at].printed, pdf=drawn_on(placed[at].printed.pdf, drawn))
        spoilt = [*placed[:at], replace(placed[at], printed=printed), *placed[at + 1 :]]
        shell = stamping.stamp(metadata, PRODUCER, stamping.numberings(spoilt), "", terms.intent)
        book = binding.bind(shell, spoilt, terms.fonts, terms.dated)
        whole = preflight.inspect(File(book, metadata, terms.families, terms.order))
        divided = prove(book, metadata, spoilt, terms, store, workers).verdicts
        assert [(one.rule, set(one.findings)) for one in divided] == [(one.rule, set(one.findings)) for one in whole]
        assert not rule or not next(one for one in divided if one.rule == rule).passed
    looked.clear()
    prove(*asked[0])
    assert looked == []


PRESS = [
    ("", b""),
    ("x-colours", b"1 0 0 rg 100 400 50 50 re f"),
    ("printer-ink", b"1 1 1 1 k 100 400 50 50 re f"),
    ("printer-lines", b"0 0 0 1 K 0.01 w 100 400 m 200 400 l S"),
]


def drawn_on(chapter: bytes, drawn: bytes) -> bytes:
    """Draw something on the first page of a chapter."""
    with pikepdf.open(io.BytesIO(chapter)) as pdf:
        pdf.pages[0].contents_add(b"q /Artifact BMC " + drawn + b" EMC Q")
        pdf.pages[0].contents_coalesce()
        pdf.save(spoilt := io.BytesIO(), deterministic_id=True)
    return spoilt.getvalue()


def test_a_case_is_read_again_when_one_of_its_files_is_another(desk: DeskMaker) -> None:
    work, memory = desk("every-construct"), admitting.Memory()

    def read() -> dict[str, Case]:
        volume, _ = admitting.looked_over(work.root, work.volume, reading.read_design(work.root), memory=memory)
        return dict(volume.cases)

    first, again = read(), read()
    assert all(again[slug] is case for slug, case in first.items())
    (table, *_) = sorted(path for path in work.folder.glob("*/*.csv"))
    table.write_text(table.read_text("utf-8").replace("20", "21"), "utf-8")
    changed = {slug for slug, case in read().items() if case is not first[slug]}
    assert changed == {table.parent.name}
    work.change("volume.yaml", "title: Every construct", "title: Each construct")
    assert all(case is not first[slug] for slug, case in read().items())


def without(thing: pikepdf.Object, key: str) -> None:
    del thing[key]


WHOLE: list[tuple[str, str, Callable[[pikepdf.Pdf], object]]] = [
    ("nothing", "", lambda pdf: pdf),
    ("widths", "ua-7.21.5-widths", lambda pdf: without(font(pdf).DescendantFonts[0], "/W")),
    ("a font", "ua-7.21.4.1-embedded", lambda pdf: without(font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2")),
    ("letters", "ua-7.21.7-letters", lambda pdf: without(font(pdf), "/ToUnicode")),
    ("the binary of a font", "a-6-level-b", lambda pdf: without(font(pdf).DescendantFonts[0], "/CIDToGIDMap")),
    ("a stream", "file-syntax", lambda pdf: first_stream(pdf).write(b"not packed", filter=pikepdf.Name.FlateDecode)),
    ("a chapter's destinations", "book-targets", lambda pdf: pdf.Root.Names.Dests.Kids.__delitem__(0)),
]


def first_stream(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Give what is drawn on the first page that is not blank, or begins it."""
    contents = next(page.obj.Contents for page in pdf.pages if "/Contents" in page.obj)
    return contents[0] if isinstance(contents, pikepdf.Array) else contents


def font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Give a font of a page that has text."""
    page = next(page for page in pdf.pages if "/Contents" in page.obj)
    return next(iter(dict(page.obj.Resources.Font.items()).values()))


@pytest.mark.parametrize(("what", "rule", "spoil"), WHOLE, ids=[what for what, *_ in WHOLE])
def test_a_bound_book_whose_chapters_were_seen_is_still_held_against_the_rules_of_the_whole(
    finished: Callable[[str], Inspector], what: str, rule: str, spoil: Callable[[pikepdf.Pdf], object]
) -> None:
    with pikepdf.open(io.BytesIO(finished("every-construct").content)) as pdf:
        spoil(pdf)
        pdf.save(spoilt := io.BytesIO(), deterministic_id=True)
    date = datetime.date(2021, 3, 4)
    claims = Metadata("", (), "", (), "", "", (), "", date, "", "screen", ("pdf/a-3a", "pdf/ua-1"))
    sound = File(finished("every-construct").content, claims)
    codes = {number: sound.used_codes([number]) for number in range(len(sound.pdf.pages))}
    bound = Bound(spoilt.getvalue(), claims, ("SourceSans3", "SourceSerif4"), codes, sound.targets)
    found = preflight.inspect(bound, preflight.OF_THE_WHOLE)
    said = {verdict.rule for verdict in found if verdict.findings} - {"book-matter", "ua-7.2-language"}
    assert said >= ({rule} if rule else set())
    assert rule or not said
