"""Faults of the content are said once, where they are, with their cure, and nothing else is said with them."""

from __future__ import annotations

import io
import json
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import build as program
from compendium.terminal import excerpt

from .conftest import Desk
from .planted import FAULTS, MILL, PREFACE, QUAY, VOLUME

Said = pytest.CaptureFixture[str]
Heard = list[dict[str, Any]]


class Gate:
    """A well-kept book to plant faults in; it is whole again after each test."""

    def __init__(self, work: Desk) -> None:
        self.work = work
        self.kept = {path: path.read_bytes() for path in work.folder.rglob("*") if path.is_file()}

    def mend(self) -> None:
        for path in self.work.folder.rglob("*"):
            if path.is_symlink() or (path.is_file() and path not in self.kept):
                path.unlink()
        for path, content in self.kept.items():
            path.write_bytes(content)

    def file(self, name: str) -> Path:
        return self.work.folder / name

    def plant(self, name: str, good: str, bad: str) -> None:
        text = self.file(name).read_bytes().decode()
        assert good in text, f"{good!r} is not in {name}"
        self.file(name).write_bytes(text.replace(good, bad, 1).encode())

    def hear(self, said: Said) -> Heard:
        said.readouterr()
        code = program.main(["check", "--format", "json"], self.work.root)
        out, err = said.readouterr()
        heard: Heard = json.loads(out)
        assert code == (1 if any(problem["severe"] for problem in heard) else 0)
        assert err == ""
        assert not (self.work.root / "output").exists()
        return heard


@pytest.fixture(scope="module")
def whole_gate(tmp_path_factory: pytest.TempPathFactory) -> Gate:
    return Gate(Desk(tmp_path_factory.mktemp("gate") / "project", "well-kept"))


@pytest.fixture
def gate(whole_gate: Gate) -> Iterator[Gate]:
    yield whole_gate
    whole_gate.mend()


def problem(row: str) -> dict[str, Any]:
    """Make of `file:line:column | what | cure` what `--format json` gives."""
    place, what, cure, *remark = row.split(" | ")
    file, line, column = (*place.split(":"), "0", "0")[:3]
    where = {"file": f"cases/well-kept/{file}", "line": int(line), "column": int(column)}
    return {**where, "what": what, "cure": cure, "severe": not remark}


def test_there_are_faults_enough() -> None:
    assert len({row[:3] for row in FAULTS}) == len(FAULTS) >= 70


def test_nothing_is_said_of_a_book_without_fault(gate: Gate, capfd: Said) -> None:
    assert gate.hear(capfd) == []
    assert program.main(["check"], gate.work.root) == 0
    assert capfd.readouterr() == ("cases/well-kept: 3 cases, no problems.\n", "")
    assert program.main(["check", "--format", "github"], gate.work.root) == 0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("file", "good", "bad", "said"), FAULTS, ids=[f"{row[0]}: {row[2][:40]}" for row in FAULTS])
def test_a_fault_is_said_at_its_place_with_its_cure_and_nothing_else(
    gate: Gate, capfd: Said, file: str, good: str, bad: str, said: list[str]
) -> None:
    gate.plant(file, good, bad)
    assert gate.hear(capfd) == [problem(row) for row in said]


# --- All at once, and no more than that ---


def test_the_faults_of_all_files_are_said_at_once(gate: Gate, capfd: Said) -> None:
    gate.plant(VOLUME, "version: ", "verison: ")
    gate.plant(QUAY, "title: The quay", "title: Quay: the")
    gate.plant(QUAY, "(case:mill)", "(case:mil)")
    gate.plant(MILL, "period: 2011", "period: soon")
    gate.plant(MILL, "[@one]\n\n{#levels", "[@eno]\n\n{#levels")
    gate.plant(PREFACE, "[^1]:", "[^2]:")
    places = [f"{p['file'].removeprefix('cases/well-kept/')}:{p['line']}:{p['column']}" for p in gate.hear(capfd)]
    assert places == [
        *(f"{PREFACE}:3:63", f"{MILL}:6:9", f"{MILL}:23:25", f"{QUAY}:2:12", f"{QUAY}:35:36", f"{VOLUME}:3:1"),
    ]


def test_a_volume_that_cannot_be_parsed_says_so_and_nothing_of_its_cases(gate: Gate, capfd: Said) -> None:
    gate.plant(VOLUME, "title: A well", "title: A: well")
    assert [(p["file"], p["line"], p["column"]) for p in gate.hear(capfd)] == [("cases/well-kept/volume.yaml", 1, 9)]


def top_keys(file: str) -> list[str]:
    book = Path(__file__).parent / "books" / "well-kept"
    text = (book / file).read_text("utf-8")
    return re.findall(r"^(\w+):", text if file == VOLUME else text.split("---\n")[1], re.MULTILINE)


FREE = {"number", "identifiers", "countries", "regions", "constraints", "fields", "known_acronyms", "held", "region"}
OPTIONAL = {"partners", "image", "people", "began", "tools", "page", "approved_by", "approved_on", *FREE}


@pytest.mark.parametrize(
    ("file", "key"), [(file, key) for file in (VOLUME, QUAY) for key in top_keys(file) if key not in OPTIONAL]
)
def test_a_missing_field_is_one_fault(gate: Gate, capfd: Said, file: str, key: str) -> None:
    field = re.search(rf"^{key}:.*\n(?:(?: |- ).*\n)*", gate.file(file).read_text("utf-8"), re.MULTILINE)
    assert field
    gate.plant(file, field[0], "")
    assert [p["what"] for p in gate.hear(capfd)] == [f'"{key}" is missing.']


@pytest.mark.parametrize(("file", "key"), [(file, key) for file in (VOLUME, QUAY) for key in top_keys(file)])
def test_a_field_of_another_type_is_one_fault(gate: Gate, capfd: Said, file: str, key: str) -> None:
    field = re.search(rf"^{key}:.*\n(?:(?: |- ).*\n)*", gate.file(file).read_text("utf-8"), re.MULTILINE)
    assert field
    gate.plant(file, field[0], f"{key}: [[1]]\n")
    line = gate.file(file).read_text("utf-8").split("\n").index(f"{key}: [[1]]") + 1
    assert [(p["file"], p["line"]) for p in gate.hear(capfd)] == [(f"cases/well-kept/{file}", line)]


# --- Bytes ---


@pytest.mark.parametrize("form", ["CRLF", "CR", "BOM", "NFD"])
def test_every_way_to_save_a_text_is_accepted_and_columns_are_those_of_the_file(
    gate: Gate, capfd: Said, form: str
) -> None:
    gate.plant(QUAY, "The UN sent", "Dès l'été the UN sent")
    text = gate.file(QUAY).read_text("utf-8")
    ways: dict[str, Callable[[str], bytes]] = {
        "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
        "CR": lambda text: text.replace("\n", "\r").encode(),
        "BOM": lambda text: text.encode("utf-8-sig"),
        "NFD": lambda text: unicodedata.normalize("NFD", text).encode(),
    }
    gate.file(QUAY).write_bytes(ways[form](text))
    assert gate.hear(capfd) == []
    gate.file(QUAY).write_bytes(ways[form](text.replace("case:mill", "case:mil").replace("Why *", "Why {#x *")))
    letters = 3 if form == "NFD" else 0
    assert [(p["line"], p["column"]) for p in gate.hear(capfd)] == [(35, 46 + letters)]


def test_text_that_is_not_utf_8_is_named_at_its_first_wrong_byte(gate: Gate, capfd: Said) -> None:
    gate.plant(
        QUAY, "The last word.", "É mot: d\N{LATIN SMALL LETTER E WITH ACUTE}j\N{LATIN SMALL LETTER A WITH GRAVE}."
    )
    content = gate.file(QUAY).read_bytes()
    gate.file(QUAY).write_bytes(content.replace("d\xe9j\xe0".encode(), "d\xe9j\xe0".encode("latin-1")))
    assert gate.hear(capfd) == [problem('quay/case.md:76:9 | This is not UTF-8 text. | Save the file as "UTF-8".')]


def test_an_empty_case_file_is_one_fault(gate: Gate, capfd: Said) -> None:
    gate.plant(QUAY, "[mill](case:mill)", "mill")
    gate.file(MILL).write_text("", "utf-8")
    gate.plant(QUAY, "[levels](figure:mill/levels)", "levels")
    assert [(p["file"], p["what"]) for p in gate.hear(capfd)] == [
        ("cases/well-kept/mill/case.md", "The front matter is missing, or is not closed.")
    ]


def test_a_text_too_large_is_one_fault(gate: Gate, capfd: Said) -> None:
    gate.file("quay/boats.csv").write_text("year,place,boats\n" + "2009,north,1\n" * 90_000, "utf-8")
    assert gate.hear(capfd) == [problem("quay/boats.csv | The file is larger than 1 MB. | Make it smaller.")]


def test_a_table_of_data_too_long_is_one_fault(gate: Gate, capfd: Said) -> None:
    gate.file("quay/boats.csv").write_text("year,place,boats\n" + "2009,north,1\n" * 2_001, "utf-8")
    what = "There are more than 2,000 rows or 50 columns."
    assert gate.hear(capfd) == [problem(f"quay/boats.csv | {what} | Keep only what the chart shows.")]


# --- Pictures ---


def png_head(width: int, height: int) -> bytes:
    """Make a PNG that promises a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def picture(width: int, height: int, kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height)).save(out, kind)
    return out.getvalue()


BROKEN = "This is not a picture that can be printed. | Save it as JPEG or PNG."
PICTURES = [
    (
        "pier.png",
        png_head(30_000, 30_000),
        "quay/pier.png | The picture is absurdly large. | Scale it down.",
    ),
    (
        "pier.png",
        png_head(30_000, 10),
        "quay/pier.png | The picture is absurdly large (30000 × 10 pixels). | Scale it down.",
    ),
    ("pier.png", png_head(9_000, 10), "quay/pier.png | The picture is absurdly long (9000 × 10 pixels). | Crop it."),
    ("pier.png", png_head(900, 600), f"quay/pier.png | {BROKEN}"),
    ("pier.png", b"<svg/>", f"quay/pier.png | {BROKEN}"),
    ("pier.png", b"", f"quay/pier.png | {BROKEN}"),
    (
        "pier.png",
        picture(300, 200, "PNG"),
        'quay/case.md:59:25 | The picture "pier.png" is only 300 pixels wide. | '
        "Find a larger one: printed across the page it needs 660.",
    ),
    (
        "pier.png",
        picture(900, 600, "JPEG"),
        'quay/case.md:59:25 | The picture "pier.png" is a JPEG file by its content. | Give it the ending of its kind.',
    ),
    (
        "quay.jpg",
        picture(900, 600, "PNG"),
        'quay/case.md:16:15 | The picture "quay.jpg" is a PNG file by its content. | Give it the ending of its kind.',
    ),
    (
        "quay.jpg",
        picture(300, 200, "JPEG"),
        'quay/case.md:16:15 | The picture "quay.jpg" is only 300 pixels wide. | '
        "Find a larger one: printed across the page it needs 660.",
    ),
]


@pytest.mark.parametrize(("name", "content", "said"), PICTURES, ids=[row[2][:60] for row in PICTURES])
def test_a_picture_that_cannot_be_printed_is_one_fault(
    gate: Gate, capfd: Said, name: str, content: bytes, said: str
) -> None:
    gate.file(f"quay/{name}").write_bytes(content)
    assert gate.hear(capfd) == [problem(said)]


def test_a_picture_outside_the_volume_is_not_read(gate: Gate, capfd: Said) -> None:
    outside = gate.work.root / "outside.png"
    gate.file("quay/pier.png").rename(outside)
    gate.file("quay/pier.png").symlink_to(outside)
    said = "quay/pier.png | The file lies outside the volume. | Copy it into the folder of its case."
    assert gate.hear(capfd) == [problem(said)]


# --- How it is said ---


def test_in_plain_text_the_place_stands_first_and_a_mark_under_the_word(gate: Gate, capfd: Said) -> None:
    gate.plant(QUAY, "kind: lesson", "kind: leson")
    assert program.main(["check"], gate.work.root) == 1
    assert capfd.readouterr() == (
        "",
        'cases/well-kept/quay/case.md:5:7: "leson" is not in the volume\'s list. Did you mean "lesson"?\n'
        "    kind: leson\n"
        "          ^\n"
        "1 problem. Nothing was written.\n",
    )


def test_a_remark_stops_nothing(gate: Gate, capfd: Said) -> None:
    gate.plant(QUAY, "updated: 2020-02-01", "updated: 2020-02-03")
    assert program.main(["check"], gate.work.root) == 0
    out, err = capfd.readouterr()
    assert out == "cases/well-kept: 3 cases, 1 remark.\n"
    assert err.startswith("cases/well-kept/quay/case.md:28:10: The case was changed after it was approved.")
    assert program.main(["check", "--format", "github"], gate.work.root) == 0
    assert capfd.readouterr().out.startswith("::warning file=cases/well-kept/quay/case.md,line=28,col=10::The case")


def test_for_github_what_it_would_misread_is_escaped(gate: Gate, capfd: Said) -> None:
    gate.plant(QUAY, "The last word.", "A rise of 7 %.")
    gate.plant(VOLUME, "held:\n", "holding: x\nheld:\n")
    gate.plant(MILL, "## Story", "## Story, 50% told")
    assert program.main(["check", "--format", "github"], gate.work.root) == 1
    assert capfd.readouterr().out.split("\n") == [
        '::error file=cases/well-kept/mill/case.md::The section "Story" is missing. '
        'Add a heading "## Story" and its text.',
        '::error file=cases/well-kept/mill/case.md,line=30,col=4::The volume has no section "Story, 50%25 told". '
        "Write one of: Issue, Story, Limits.",
        '::error file=cases/well-kept/quay/case.md,line=76,col=11::A figure without a source: "7 %25". '
        "Cite its source: [@id].",
        '::error file=cases/well-kept/volume.yaml,line=40,col=1::"holding" is not a field. '
        "Correct its name, or take it out.",
        "",
    ]


def test_control_signs_of_a_text_never_reach_the_terminal(gate: Gate, capfd: Said) -> None:
    gate.plant(QUAY, "(case:mill)", "(case:\x1b]0;mill)")
    gate.plant(MILL, "never met.", "never \x1b[31mmet.[@\x1b[2J]")
    assert program.main(["check"], gate.work.root) == 1
    assert "\x1b" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("line", "column", "shown", "cells"),
    [
        ("kind: leson", 7, "kind: leson", 6),
        ("\tkind: leson", 8, " kind: leson", 7),
        ("日本 leson", 4, "日本 leson", 5),
        (unicodedata.normalize("NFD", "été leson"), 7, unicodedata.normalize("NFD", "été leson"), 4),
        ("x" * 300 + " leson " + "y" * 300, 302, "…" + "x" * 43 + " leson " + "y" * 22 + "…", 45),
    ],
)
def test_the_mark_stands_under_the_place_whatever_stands_before_it(
    line: str, column: int, shown: str, cells: int
) -> None:
    marked = excerpt(line, column)
    assert marked == (shown, " " * cells + "^")
