"""New cases and new volumes: nothing of them can be printed until they are filled in, and then they build."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import build as program
from compendium.errors import WrongUsage
from compendium.starting import held_back

from .conftest import BOOKS, Desk

Said = pytest.CaptureFixture[str]
MANY = "every-construct"


def answers(text: str) -> dict[str, str]:
    pairs = (pair.partition(": ") for pair in re.split(r" \| |\n", text.strip()))
    return {key: answer for key, _, answer in pairs}


# What an author might write behind each colon.
ANSWERS = answers("""
title: It happened | country: NO | region: north | kind: lesson | themes: water | constraints: money
period: 2011–2012 | partners: The town | offices: Our office | authors: Somebody | amount: 500 | currency: USD
covers: the boats | source: s1 | summary: A village did it. | file: opener.jpg | alt: A boat | credit: Somebody
rights: CC0 | persons: true | consent: asked, in our files | url: https://example.org/a | read: 2020-01-05
date: 2020-01-03 | approved_by: Somebody | approved_on: 2020-02-02 | updated: 2020-02-01 | name: Oslo
latitude: 59.91 | longitude: 10.75 | budget_line: B 1 | people: 40 | began: 2011-05-06 | tools: a net
doi: 10.5555/12345678 | page: https://example.org/b | internal: nothing
""")
VOLUME = answers("""
title: A new book | subtitle: Of cases | number: 3 | date: 2019-01-31 | name: Our house | place: Oslo
authors: Our house | about: What we saw. | keywords: boats | isbn: 978-3-16-148410-0 | eisbn: 978-3-16-148410-0
issn: 0378-5955 | doi: 10.5555/12345678 | symbol: X/1 | notice: A try | printer: sheetfed-coated
a-word: A word | known_acronyms: EU | today: Norway | key: boats | type: number | label: Boats | required: false
printed: panel | intro: What they have in common. | case: pier | reason: Not ready.
""")
# A sum is given, and the design stays what it is.
SKIPPED = {"not_recorded", "theme"}


def filled_in(text: str, known: dict[str, str], every: bool = False) -> str:
    """Write behind every colon behind which nothing stands, as an author would; `every`: optional fields, too."""
    head, fence, body = text.partition("\n---\n\n")
    if every:
        head = re.sub(r"^#(?! \S)", "", head, flags=re.MULTILINE)
    lines = head.split("\n")
    keys: list[tuple[int, str]] = []
    for n, line in enumerate(lines):
        match = re.match(r"(\s*(?:- )?)([\w-]+):\s*(?:#.*)?$", line)
        follows = lines[n + 1] if n + 1 < len(lines) else ""
        if match:
            keys.append((len(match[1]), match[2]))
            deeper = len(follows) - len(follows.lstrip()) > len(match[1])
            if not deeper and match[2] not in SKIPPED:
                lines[n] = f"{match[1]}{match[2]}: {known[match[2]]}"
        elif re.fullmatch(r"\s*-", line):
            lines[n] = f"{line} {known[keys[-1][1]]}"
    body = re.sub(r"^(## .*)$", r"\1\n\nIt was long.[@s1]", body, flags=re.MULTILINE)
    return "\n".join(lines) + fence + body


def fill(file: Path, known: dict[str, str], every: bool = False) -> None:
    text = file.read_text("utf-8")
    file.write_text(filled_in(text, known, every), "utf-8")


def approve(work: Desk) -> None:
    text = (work.folder / "pier" / "case.md").read_text("utf-8")
    lines = [line for line in text.split("\n") if not re.match("#?approved_", line)]
    at = lines.index("status: proposed")
    lines[at : at + 1] = ["status: approved", "approved_by: Somebody", "approved_on: 2020-02-02"]
    (work.folder / "pier" / "case.md").write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize("every", [False, True], ids=["what must be there", "every field"])
def test_a_new_case_passes_and_builds_once_it_is_filled_in(
    desk: Callable[[str], Desk], bookshop: Callable[[str, str], Desk], capfd: Said, every: bool
) -> None:
    work = desk(MANY)
    work.inherit(bookshop(MANY, "screen"))
    assert program.main(["new", "case", "pier"], work.root) == 0
    said, file = capfd.readouterr().out, work.folder / "pier" / "case.md"
    assert "cases/every-construct/pier/case.md" in said
    assert program.main(["check"], work.root) == 1
    complaints = capfd.readouterr().err
    required = ("title", "country", "kind", "themes", "period", "offices", "authors", "cost", "summary", "updated")
    for name in (*required, "budget_line", "url", "read"):
        assert re.search(rf'pier/case.md:\d+:\d+: .*"{name}" (is empty|is no period|needs either)', complaints), name
    assert 'The section "Story" is empty.' in complaints
    assert all("/pier/" in line for line in complaints.splitlines() if line.startswith("cases/"))
    shutil.copy(work.folder / "alpha" / "opener.jpg", file.parent)
    fill(file, ANSWERS, every)
    assert program.main(["check"], work.root) == 0, capfd.readouterr().err
    work.change("volume.yaml", "cases: [gamma]", "cases: [gamma, pier]")
    work.change("volume.yaml", "  - {case: pier, reason: not written yet}\n", "")
    approve(work)
    assert work.build("--quiet") == 0, capfd.readouterr().err
    assert work.pdf().pages_of("pier")


@pytest.mark.parametrize("every", [False, True], ids=["what must be there", "every field"])
def test_a_new_volume_builds_once_it_is_filled_in_and_has_a_case(
    desk: Callable[[str], Desk], capfd: Said, every: bool
) -> None:
    work = desk("minimal")
    assert program.main(["new", "volume", "second-book"], work.root) == 0
    assert "python3 build.py check second-book" in capfd.readouterr().out
    assert program.main(["check", "second-book"], work.root) == 1
    complaints = capfd.readouterr().err
    for name in ("title", "date", "name", "authors", "about", "keywords", "a-word"):
        assert f'"{name}" is empty' in complaints
    assert program.main(["check"], work.root) == 0, "an empty date made the new volume the newest"
    work.volume = "second-book"
    fill(work.folder / "volume.yaml", VOLUME, every)
    assert program.main(["new", "case", "pier", "--volume", "second-book"], work.root) == 0, capfd.readouterr().err
    words = {"kind": "innovation", "themes": "a-word", "constraints": "a-word", "region": "a-word", "boats": "4"}
    shutil.copy(BOOKS / MANY / "alpha" / "opener.jpg", work.folder / "pier")
    fill(work.folder / "pier" / "case.md", {**ANSWERS, **words}, every)
    assert program.main(["check", "second-book"], work.root) == 0, capfd.readouterr().err
    text = (work.folder / "volume.yaml").read_text("utf-8").partition("\nheld:")[0] + "\n"
    (work.folder / "volume.yaml").write_text(text.replace("cases: []", "cases: [pier]"), "utf-8")
    # A list of acronyms where there are none yet is no fault.
    work.change("volume.yaml", "back: [index", "back: [acronyms, index")
    approve(work)
    assert work.build("second-book", "--quiet") == 0, capfd.readouterr().err
    assert work.pdf().find("A new book")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["case", "alpha"], 'There is a case or a file in cases/every-construct with the name "alpha" already.'),
        (["case", "Alpha"], '"Alpha" cannot be the name of a folder here.'),
        (["case", "../alpha"], '"../alpha" cannot be the name of a folder here.'),
        (["case", "preface"], '"preface" is the name of another page of the book.'),
        (["case", "contents"], '"contents" is the name of another page of the book.'),
        (["case", "part-2"], '"part-2" is the name of another page of the book.'),
        (["case", "back"], '"back" already.'),
        (["case", "pier", "--volume", "every-constrct"], 'Did you mean "every-construct"?'),
        (
            ["volume", "every-construct"],
            'There is a volume or a file in cases with the name "every-construct" already.',
        ),
        (["volume", "Every Construct"], '"Every Construct" cannot be the name of a folder here.'),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_in_one_sentence(
    desk: Callable[[str], Desk], capfd: Said, words: list[str], said: str
) -> None:
    work = desk(MANY)
    before = {path: path.read_bytes() for path in work.root.rglob("*") if path.is_file()}
    assert program.main(["new", *words], work.root) == 2
    complaint = capfd.readouterr().err
    assert said in complaint
    assert len(complaint.splitlines()) == 1
    assert {path: path.read_bytes() for path in work.root.rglob("*") if path.is_file()} == before


def test_a_case_begins_only_where_its_volume_says_what_cases_are(desk: Callable[[str], Desk], capfd: Said) -> None:
    work = desk(MANY)
    work.change("volume.yaml", "  - {key: story, title: Story}", "  - {key: story}")
    assert program.main(["new", "case", "pier"], work.root) == 1
    assert '"title" is missing' in capfd.readouterr().err
    assert not (work.folder / "pier").exists()


def test_a_case_that_the_order_names_already_stays_where_it_is(desk: Callable[[str], Desk]) -> None:
    work = desk(MANY)
    work.change("volume.yaml", "cases: [gamma]", "cases: [gamma, pier]")
    before = (work.folder / "volume.yaml").read_bytes()
    assert program.main(["new", "case", "pier"], work.root) == 0
    assert (work.folder / "volume.yaml").read_bytes() == before
    assert (work.folder / "pier" / "case.md").exists()


LINE = "{case: pier, reason: not written yet}"
ORDERS = [
    ("title: x\n", f"title: x\n\nheld:\n  - {LINE}\n"),
    ("title: x", f"title: x\n\nheld:\n  - {LINE}\n"),
    ("title: x # end\n# remark\n", f"title: x # end\n# remark\n\nheld:\n  - {LINE}\n"),
    ("held: []\ntitle: x\n", f"held: [{LINE}]\ntitle: x\n"),
    ("held: [] # none\n", f"held: [{LINE}] # none\n"),
    ("held: # none\ntitle: x\n", f"held: # none\n  - {LINE}\ntitle: x\n"),
    ("held: [{case: a, reason: b}]\n", f"held: [{LINE}, {{case: a, reason: b}}]\n"),
    ("held: [ # two\n  {case: a, reason: b},\n]\n", f"held: [{LINE},  # two\n  {{case: a, reason: b}},\n]\n"),
    ("held:\n  - {case: a, reason: b}\ntitle: x\n", f"held:\n  - {{case: a, reason: b}}\n  - {LINE}\ntitle: x\n"),
    ("held:\n- case: a\n  reason: >\n    long\n\n    and more\n\n# on\ntitle: x\n",
     f"held:\n- case: a\n  reason: >\n    long\n\n    and more\n- {LINE}\n\n# on\ntitle: x\n"),
    ("held:\n    - case: a\n      reason: b", f"held:\n    - case: a\n      reason: b\n    - {LINE}\n"),
    ("title: x\r\nheld:\r\n  - {case: a, reason: b}\r\n",
     f"title: x\r\nheld:\r\n  - {{case: a, reason: b}}\r\n  - {LINE}\r\n"),
    ("\ufefftitle: é\n", f"\ufefftitle: é\n\nheld:\n  - {LINE}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ORDERS)
def test_a_new_case_is_held_back_and_no_other_character_changes(before: str, after: str) -> None:
    assert held_back(before.encode(), "pier").decode() == after


@pytest.mark.parametrize("text", ["{title: x}\n", "title: x\n...\n", "held: word\n", "held: ~\n", ""])
def test_what_leaves_no_room_for_a_line_is_left_alone(text: str) -> None:
    with pytest.raises(WrongUsage, match="Put it there yourself"):
        held_back(text.encode(), "pier")


def test_a_name_that_yaml_takes_for_a_number_is_written_as_text() -> None:
    assert b'{case: "2011", reason' in held_back(b"title: x\n", "2011")


def test_a_case_that_is_held_back_and_not_filled_in_stops_no_book(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    assert program.main(["new", "case", "lagoon"], work.root) == 0
    assert program.main(["check"], work.root) == 1
    assert work.build() == 0
    assert "cases/minimal/lagoon/case.md:" in capfd.readouterr().err
