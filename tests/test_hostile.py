"""Content that means harm is refused with a sentence, or printed as the text it is.

Each trial runs in a watched room (`tests/watched.py`): without network, everything that Python opens heard, the
files outside guarded by the kernel, and with 20 seconds of processor time.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from .conftest import BOOKS, Desk
from .inspector import Inspector
from .watched import Canary, Room, Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the watched room asks a Linux kernel")

CASE = "harbour/case.md"
VOLUME = "volume.yaml"
VOLUME_FILE, SAND_FILE, PIER_FILE = (
    f"cases/minimal/{name}" for name in (VOLUME, "harbour/sand.csv", "harbour/pier.png")
)
LAST = "It took longer than anybody had thought."
TOKEN = "kanarienvogel"
CHART = """
```chart
id: sand
type: line
data: sand.csv
x: year
y: boats
unit: boatloads
title: Sand was moved
source: "The log[@log]"
alt: A line.
```
"""
SAND = "year,boats\n2018,1\n2019,4\n"
Prepare = Callable[[Desk], object]


@dataclass(frozen=True)
class Trial:
    """What is done to a small book, the exit code of `check`, what it says (in part) and where; or what is printed.

    `built` is the exit code of `build`, None where that would take too long: the gates of pages and file may have their
    own opinion.
    """

    prepare: Prepare
    code: int
    said: str = ""
    where: str = f"cases/minimal/{CASE}"
    printed: str = ""
    built: int | None = 0


def head(line: str) -> Prepare:
    """Add a line to the front matter."""
    return lambda work: work.change(CASE, "kind: lesson", f"kind: lesson\n{line}")


def titled(value: str) -> Prepare:
    return lambda work: work.change(CASE, "title: The harbour was dredged by hand", f"title: {value}")


def volume(line: str) -> Prepare:
    return lambda work: work.change(VOLUME, "licence: CC BY 4.0", f"licence: CC BY 4.0\n{line}")


def body(text: str) -> Prepare:
    """Add text to the body of the case."""
    return lambda work: work.change(CASE, LAST, f"{LAST}\n\n{text}")


def chart(csv: str, block: str = CHART) -> Prepare:
    def prepare(work: Desk) -> None:
        (work.folder / "harbour" / "sand.csv").write_bytes(csv.encode())
        body(block)(work)

    return prepare


def picture(content: bytes, name: str = "pier.png") -> Prepare:
    def prepare(work: Desk) -> None:
        (work.folder / "harbour" / name).write_bytes(content)
        body(shown(name))(work)

    return prepare


def shown(source: str) -> str:
    return f'![A pier.]({source}){{caption="The pier" credit="Test press" rights="CC0"}}'


def both(*steps: Prepare) -> Prepare:
    return lambda work: [step(work) for step in steps]


def instead(name: str, make: Callable[[Path, Path], object]) -> Prepare:
    """Put something else in place of a file or folder; `make` gets the place, and the canaries' folder."""

    def prepare(work: Desk) -> None:
        place = work.folder / name
        if place.is_dir():
            place.rename(work.root / "moved")
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        make(place, work.root / "outside")

    return prepare


def link(target: str) -> Callable[[Path, Path], object]:
    return lambda place, outside: place.symlink_to(outside / target)


def fifo(place: Path, _: Path) -> None:
    os.mkfifo(place)


def whole_volume_outside(work: Desk) -> None:
    work.folder.rename(work.root / "moved")
    work.folder.symlink_to(work.root / "outside" / "volume")


def strange_name(work: Desk) -> None:
    (work.folder / "front").mkdir()
    Path(os.fsdecode(os.fsencode(work.folder) + b"/front/\xff.md")).write_text("# A")


def to(path: str) -> Callable[[Path, Path], object]:
    return lambda place, _: place.symlink_to(path)


def png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    """Make a PNG that says it is so large, whatever it holds."""
    made = [struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)]
    parts = [_chunk(b"IHDR", made[0]), *chunks, _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def mpo() -> bytes:
    """Make the kind of JPEG that telephones write: several pictures in one file."""
    whole = io.BytesIO()
    first, second = Image.effect_noise((900, 600), 40), Image.effect_noise((900, 600), 40)
    first.save(whole, "MPO", save_all=True, append_images=[second])
    return whole.getvalue()


SVG = f"""<?xml version="1.0"?>
<!DOCTYPE svg [<!ENTITY x SYSTEM "../../../outside/{TOKEN}.txt">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="900" height="600">
<script>alert(1)</script><text>&x;</text><image xlink:href="../../../outside/{TOKEN}.png" width="9" height="9"/>
<use href="http://example.org/a.svg#b"/></svg>"""
BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = 100_000
NESTED = "".join("*a _a " for _ in range(700)) + "b" + "_ a*" * 700

TRIALS: dict[str, Trial] = {
    # YAML that would do something, or never end
    "a tag that runs a command": Trial(titled('!!python/object/apply:os.system ["touch pwned"]'), 1, "tags"),
    "a tag that names a function": Trial(titled("!!python/name:os.system"), 1, "tags"),
    "a tag for bytes": Trial(titled("!!binary aGVsbG8="), 1, "tags"),
    "a tag of one's own": Trial(head("region: !include /etc/passwd"), 1, "tags"),
    "a tag on a map": Trial(head("image: !!python/object:subprocess.Popen {args: touch}"), 1, "tags"),
    "a tag in volume.yaml": Trial(volume("notice: !!python/name:os.system"), 1, "tags", VOLUME_FILE),
    "an alias bomb": Trial(head(BOMB), 1, "aliases"),
    "an alias bomb in volume.yaml": Trial(volume(BOMB), 1, "aliases", VOLUME_FILE),
    "a merge key": Trial(head("<<: *a"), 1, "aliases"),
    "brackets without end": Trial(head("region: " + "[" * 9_000), 1, "nested too deeply"),
    "maps without end": Trial(head("region: " + "{a: " * 2_000), 1, "nested too deeply"),
    "lists in lists": Trial(head("region:\n" + "- " * 4_000 + "a"), 1, "nested too deeply"),
    "brackets in a chart": Trial(chart(SAND, CHART.replace("unit: boatloads", "unit: " + "[" * 9_000)), 1, "nested"),
    "a list of 200,000 items": Trial(head("partners:\n" + "- a\n" * 200_000), 1, "lines"),
    "100,000 unknown fields": Trial(head("".join(f"k{n}: v\n" for n in range(80_000))), 1, "lines"),
    "9,000 unknown fields": Trial(head("".join(f"k{n}: v\n" for n in range(9_000))), 1, "is not a field"),
    "half a character in an escape": Trial(titled(r'"a \uD800 b"'), 1),
    "signs that steer a terminal": Trial(titled(r'"a \e[31m\e]0;b\a"'), 1),
    "a nothing in an escape": Trial(titled(r'"a \0 b"'), 1),
    "a number of 5,000 figures": Trial(both(head("region: " + "9" * 5_000)), 1),
    "a sum of 300 figures": Trial(
        lambda work: work.change(
            CASE,
            "- not_recorded: the work of the volunteers",
            "- {amount: " + "9" * 300 + ", currency: USD, covers: sand}",
        ),
        1,
    ),
    "a key that is a list": Trial(head("? [a, b]\n: c"), 1),
    "a second document": Trial(volume("---\nlicence: other"), 1, "", VOLUME_FILE),
    # Markdown that would be code, or an address
    "a script": Trial(
        body("<script>alert(1)</script> <img src=x onerror=alert(1)>"),
        0,
        printed="<script>alert(1)</script> <img src=x",
    ),
    "a page in a page": Trial(
        body(f"<iframe src='file:///etc/passwd'></iframe><object data='../../outside/{TOKEN}.txt'>"),
        0,
        printed="<iframe src=",
    ),
    "a stylesheet": Trial(
        body("<style>@import url(file:///etc/passwd)</style><link rel=stylesheet href=http://a.example>"),
        0,
        printed="@import url(file:///etc/passwd)",
    ),
    "an entity": Trial(body("&#x1b;[m &#xD800; &lt;script&gt; &#0;"), 0, built=1),
    "a link to a script": Trial(
        body("[words](javascript:alert(1)) [other](vbscript:a) <javascript:alert(1)>"),
        0,
        printed="(javascript:alert(1))",
    ),
    "a link to a file": Trial(body("[words](/etc/passwd)"), 1, "leads nowhere"),
    "a link upwards": Trial(body("[words](../../outside/canary.txt)"), 1, "leads nowhere"),
    "a link by another protocol": Trial(body("[words](ftp://example.org/a)"), 1, "leads nowhere"),
    "a picture of the network": Trial(body(shown("http://example.org/a.png")), 1, "There is no picture"),
    "a picture of a file": Trial(body(shown(f"/etc/{TOKEN}.png")), 1, "There is no picture"),
    "a picture of another folder": Trial(body(shown("../../../outside/kanarienvogel.png")), 1, "There is no picture"),
    "a picture of another case's folder": Trial(body(shown("../harbour/a.png")), 1, "There is no picture"),
    "a picture by backslashes": Trial(body(shown("..%5C..%5Coutside%5Ca.png")), 1, "There is no picture"),
    "a picture inside its address": Trial(
        body(shown("data:image/png;base64," + "A" * 5_000)), 1, "There is no picture"
    ),
    "styles among attributes": Trial(
        body('[words]{style="background: url(file:///etc/passwd)" onclick="a()" src="http://a.example"}'),
        1,
        "does nothing",
    ),
    "a class among attributes": Trial(body("[words]{.recto #contents}"), 1, "does nothing"),
    "a language with a path": Trial(body('[mots]{lang="../../../etc/passwd"}'), 1),
    "an opener outside": Trial(
        head("image: {file: ../../../outside/kanarienvogel.png, alt: a, credit: b, rights: c}"), 1, "name of a file"
    ),
    "data outside": Trial(
        chart(SAND, CHART.replace("sand.csv", "../../../outside/kanarienvogel.csv")), 1, "name of a file"
    ),
    "data of the network": Trial(
        chart(SAND, CHART.replace("sand.csv", "http://example.org/a.csv")), 1, "name of a file"
    ),
    "a chart with more than its words": Trial(
        chart(SAND, CHART.replace("unit:", "url: http://example.org\nunit:")), 1, "is not a field"
    ),
    "a chart that writes Vega": Trial(
        chart(
            "year,boats\n2018,1\n2019,4\n",
            CHART.replace("Sand was moved", "\"datum['x'] ' + load('http://a.example') \\\\\""),
        ),
        0,
    ),
    "columns that are code": Trial(
        chart(
            "__proto__,constructor\n1,2\n2,3\n",
            CHART.replace("x: year", "x: __proto__").replace("y: boats", "y: constructor"),
        ),
        0,
    ),
    "a template": Trial(body("{{ volume.title }} {% include '/etc/passwd' %}"), 0, printed="{{ volume.title }}"),
    "a template in a title": Trial(titled("\"{{ 7 * 7 }} {% include 'cover.html' %}\""), 0),
    "a format in a sum": Trial(
        lambda work: work.change(CASE, "the work of the volunteers", '"{what.__class__} {0} {"'), 0
    ),
    "a page outside": Trial(
        lambda work: work.change(
            VOLUME, "front: [cover, contents]", f"front: [cover, ../../outside/{TOKEN}, contents]"
        ),
        1,
        "There is no page",
        VOLUME_FILE,
    ),
    "a publisher outside": Trial(
        lambda work: work.change(VOLUME, "texts: sample", "texts: ../../outside"), 1, "texts", VOLUME_FILE
    ),
    # Signs without end
    "brackets": Trial(body("[" * DEEP), 1, "long"),
    "brackets in lines": Trial(body("\n".join(["[" * 90] * 1_100)), 1, "long"),
    "stars": Trial(body("*" * DEEP), 1, "long"),
    "stars and letters": Trial(body("*a **a " * 20_000), 1, "long"),
    "underlines": Trial(body("_a __a " * 20_000), 1, "long"),
    "quotations": Trial(body(">" * DEEP), 1, "long"),
    "backticks": Trial(body("".join("`" * n + " " for n in range(1, 420))), 1, "long"),
    "exclamations": Trial(body("![" * 50_000), 1, "long"),
    "angles": Trial(body("<" * DEEP), 1, "long"),
    "braces": Trial(body("[a]{" * 25_000), 1, "long"),
    "quotation marks": Trial(body("\"a' " * 25_000), 1, "long"),
    "ampersands": Trial(body("&" * DEEP), 1, "long"),
    "citations that never close": Trial(body("[@" * 50_000), 1, "long"),
    "a table of 2,000 columns": Trial(body("|a" * 2_000 + "|\n" + "|-" * 2_000 + "|\n" + "|a\n" * 2_000), 1),
    "a table of 9,000 rows": Trial(body("| a | b |\n|---|---|\n" + "| c | d |\n" * 9_000), 0, built=None),
    "5,000 notes": Trial(
        body(
            "".join(f"[^{n}] " + ("\n" if n % 20 else "\n\n") for n in range(4_900))
            + "\n\n"
            + "\n".join(f"[^{n}]: Note." for n in range(4_900))
        ),
        1,
    ),
    "a long note that is called often": Trial(
        body("\n\n".join(["[^a] " * 1_900] * 30) + "\n\n[^a]: " + "word " * 1_900), 1
    ),
    "an acronym with blanks": Trial(body("*[AB]: x" + " " * 9_000 + "y"), 0),
    "200 acronyms with blanks": Trial(body("\n".join("*[AB]: x" + " " * 4_900 + "y" for _ in range(190))), 1),
    "a line of 900,000 letters": Trial(body("a" * 900_000), 1, "long"),
    "300,000 lines": Trial(body("a\n\n" * 150_000), 1, "lines"),
    "9,000 headings": Trial(body("### a\n" * 9_000), 1),
    "9,000 list items": Trial(body("- a\n" * 9_000), 0, built=None),
    "9,000 boxes": Trial(body("::: box\n" * 9_000), 1),
    "9,000 fences": Trial(body("```a\n" * 9_000), 1),
    "9,000 attribute lines": Trial(body('{#a .b c="d"}\n' * 9_000), 1),
    "9,000 definitions": Trial(body("".join(f"[a{n}]: http://a.example\n" for n in range(9_000))), 0),
    "figures and commas": Trial(body("\n\n".join(["1," * 4_900] * 80)), 1, "without a source"),
    "emphasis in emphasis": Trial(body(NESTED), 1, "nested"),
    "links in brackets in brackets": Trial(body("[" * 2_000 + "a" + "](case:harbour)" * 500), 0, built=1),
    "spans in spans": Trial(body("[" * 1_000 + "a" + ']{index="b"}' * 500), 1),
    "lists in lists in the text": Trial(body("- " * 3_000 + "a"), 0),
    "marks over marks": Trial(body("a" + "\u0301\u0323" * 200_000), 1, "marks"),
    "marks over marks in a title": Trial(titled("a" + "\u0301\u0323" * 4_500), 1, "marks"),
    "lines of marks over marks": Trial(body("\n".join(["a" + "\u0301\u0323" * 4_900] * 40)), 1, "marks"),
    "invisible signs": Trial(body("a \x1b[31m \x9b b \x07"), 1, "invisible"),
    "words that run the other way": Trial(body("The end \u202e\u2066 of it."), 0),
    "a case of more than a megabyte": Trial(body("word " * 210_000), 1, "larger than 1 MB"),
    # Files that are no files
    "volume.yaml is a pipe": Trial(instead(VOLUME, fifo), 1, "", VOLUME_FILE),
    "volume.yaml is a device": Trial(instead(VOLUME, to("/dev/zero")), 1, "", VOLUME_FILE),
    "volume.yaml is a folder": Trial(instead(VOLUME, lambda place, _: place.mkdir()), 1, "", VOLUME_FILE),
    "volume.yaml leads outside": Trial(instead(VOLUME, link("volume.yaml")), 1, "outside", VOLUME_FILE),
    "volume.yaml leads in a circle": Trial(instead(VOLUME, to(VOLUME)), 1, "", VOLUME_FILE),
    "volume.yaml is huge": Trial(lambda work: os.truncate(work.folder / VOLUME, 1 << 36), 1, "larger", VOLUME_FILE),
    "the volume's folder leads outside": Trial(
        whole_volume_outside,
        1,
        "outside",
        "cases/minimal",
    ),
    "a case is a pipe": Trial(instead(CASE, fifo), 1),
    "a case is a device": Trial(instead(CASE, to("/dev/zero")), 1, "outside"),
    "a case is a folder": Trial(instead(CASE, lambda place, _: place.mkdir()), 1),
    "a case leads outside": Trial(instead(CASE, link("case.md")), 1, "outside"),
    "a case leads in a circle": Trial(instead(CASE, to("case.md")), 1, "", "cases/minimal/"),
    "a case's folder leads outside": Trial(instead("harbour", link("")), 1, "outside"),
    "front/ leads outside": Trial(instead("front", link("")), 1, "outside", "cases/minimal/front"),
    "a text leads outside": Trial(
        instead("front/word.md", link("word.md")), 1, "outside", "cases/minimal/front/word.md"
    ),
    "a text is a pipe": Trial(instead("front/word.md", fifo), 1, "", "cases/minimal/front/word.md"),
    "data leads outside": Trial(
        both(body(CHART), instead("harbour/sand.csv", link(f"{TOKEN}.csv"))), 1, "outside", SAND_FILE
    ),
    "data is a pipe": Trial(both(body(CHART), instead("harbour/sand.csv", fifo)), 1, "", SAND_FILE),
    "data is a device": Trial(
        both(body(CHART), instead("harbour/sand.csv", to("/dev/random"))), 1, "", "cases/minimal/harbour"
    ),
    "a picture leads outside": Trial(
        both(body(shown("pier.png")), instead("harbour/pier.png", link(f"{TOKEN}.png"))), 1, "outside", PIER_FILE
    ),
    "a picture is a pipe": Trial(both(body(shown("pier.png")), instead("harbour/pier.png", fifo)), 1, "", PIER_FILE),
    "a name that is no UTF-8": Trial(
        strange_name,
        1,
        "name",
        "cases/minimal/front/",
    ),
    "a case's folder whose name is no UTF-8": Trial(
        lambda work: (work.folder / "harbour").rename(os.fsdecode(os.fsencode(work.folder) + b"/harbour\xff")),
        1,
        "name",
        "cases/minimal/",
    ),
    # Data and pictures
    "a CSV of 500,000 rows": Trial(chart("year,boats\n" + "1,1\n" * 200_000), 1, "", SAND_FILE),
    "a CSV of 200,000 columns": Trial(chart("year,boats" + ",a" * 200_000 + "\n"), 1, "", SAND_FILE),
    "a CSV of one long cell": Trial(chart("year,boats\n2018,1\n" + "9" * 130_000 + ",1\n"), 1, "", SAND_FILE),
    "a CSV of quotation marks": Trial(chart("year,boats\n" + '"' * 90_000 + ",1\n"), 1, "", SAND_FILE),
    "numbers beyond numbers": Trial(chart("year,boats\n2018,1e999\n2019,nan\n"), 1, "is no number", SAND_FILE),
    "years beyond numbers": Trial(chart("year,boats\nnan,1\ninf,4\n1e999,4\n1_0,3\n"), 0),
    "labels of 2,000 letters": Trial(
        chart("year,boats\n" + "".join(f"{'w' * 2000}{n},1\n" for n in range(40))), 1, "", SAND_FILE
    ),
    "2,000 bars": Trial(
        chart("year,boats\n" + "".join(f"a{n},1\n" for n in range(1_999)), CHART.replace("type: line", "type: bar")),
        1,
        "",
        "cases/minimal/harbour",
    ),
    "a drawing as a picture": Trial(
        picture(SVG.encode(), "pier.svg"), 1, "JPEG or PNG", "cases/minimal/harbour/pier.svg"
    ),
    "a drawing under another name": Trial(picture(SVG.encode()), 1, "JPEG or PNG", PIER_FILE),
    "a drawing as the opener": Trial(
        both(picture(SVG.encode(), "a.svg"), head("image: {file: a.svg, alt: a, credit: b, rights: c}")),
        1,
        "JPEG or PNG",
        "cases/minimal/harbour/a.svg",
    ),
    "a picture of 60,000 by 60,000": Trial(picture(png(60_000, 60_000)), 1, "absurdly large", PIER_FILE),
    "a picture without end": Trial(picture(png(2**31 - 1, 2**31 - 1)), 1, "", PIER_FILE),
    "a picture of no size": Trial(picture(png(0, 0)), 1, "", PIER_FILE),
    "a picture that says more than it holds": Trial(picture(png(9_000, 9_000, rows=b"\0" * 9_000)), 1, "", PIER_FILE),
    "a picture with a book inside": Trial(
        picture(
            png(
                900,
                600,
                _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 200_000_000, 9)),
                rows=(b"\0" + b"\x80" * 2700) * 600,
            )
        ),
        1,
        "",
        PIER_FILE,
    ),
    "a picture that is a page": Trial(
        picture(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 900 600\n(/etc/passwd) run\n"),
        1,
        "JPEG or PNG",
        PIER_FILE,
    ),
    "a picture from a telephone": Trial(picture(mpo(), "pier.jpg"), 0),
}


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    room = Room()
    yield room
    room.close()


@pytest.fixture
def work(tmp_path: Path, bookshop: Callable[[str, str], Desk]) -> Desk:
    """Give a small book, and beside its volume the canaries: files that nobody may open."""
    work = Desk(tmp_path / "project", "minimal")
    work.inherit(bookshop("minimal", "screen"))
    outside = work.root / "outside"
    (outside / "volume" / "harbour").mkdir(parents=True)
    for name, folder in ((VOLUME, ""), (CASE, "harbour")):
        text = (work.folder / name).read_text("utf-8").replace("Test press", TOKEN)
        (outside / Path(name).name).write_text(text, "utf-8")
        (outside / "volume" / folder / Path(name).name).write_text(text, "utf-8")
    (outside / "word.md").write_text(f"# A word of the {TOKEN}\n\nText.\n", "utf-8")
    (outside / f"{TOKEN}.txt").write_text(TOKEN, "utf-8")
    (outside / f"{TOKEN}.csv").write_text(SAND.replace("boats", TOKEN), "utf-8")
    (outside / f"{TOKEN}.png").write_bytes(noise())
    return work


@cache
def noise() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((900, 600), 80).save(file, "PNG")
    return file.getvalue()


def watched(room: Room, work: Desk, *words: str) -> Run:
    """Run a command, and see that nothing outside was touched and nothing hung or broke."""
    outside = work.root / "outside"
    canary = Canary([outside, *(path for path in outside.rglob("*"))])
    run = room.run(work.root, *words)
    assert canary.opened() == set()
    assert run.code is not None, f"it hangs: {run.said[:2000]}"
    assert "Traceback" not in run.said, run.said[-3000:]
    assert run.outside == []
    assert run.reached == []
    assert run.megabytes < 1_000
    assert "\x1b" not in run.said
    assert TOKEN not in run.said.replace(f"{TOKEN}.", "").replace(f"/{TOKEN}", ""), run.said[:2000]
    return run


@pytest.mark.parametrize("name", TRIALS)
def test_content_that_means_harm_is_refused_with_a_sentence_or_printed_as_text(
    room: Room, work: Desk, name: str
) -> None:
    trial = TRIALS[name]
    trial.prepare(work)
    run = watched(room, work, "check", "minimal")
    assert (run.code, run.out[:500] if trial.code else "") == (trial.code, ""), run.said[:2000]
    assert trial.said in run.err
    assert len(run.err) < 2_000_000
    assert not (work.root / "pwned").exists()
    if trial.code:
        assert trial.where in run.err
    elif trial.built:
        assert watched(room, work, "build", "minimal").code == trial.built


@pytest.mark.parametrize("book", [0, 1])
def test_content_that_means_harm_and_is_no_fault_stands_in_a_book_as_the_text_it_is(
    room: Room, work: Desk, tmp_path: Path, book: int
) -> None:
    """All of it in two books, a case for each."""
    printed = [trial for trial in TRIALS.values() if (trial.code, trial.built) == (0, 0)]
    slugs = {f"trial-{n}": trial for n, trial in enumerate(printed[book::2])}
    for slug, trial in slugs.items():
        other = Desk.at(tmp_path / slug, "minimal")
        shutil.copytree(BOOKS / "minimal", other.folder)
        trial.prepare(other)
        (other.folder / "harbour").rename(work.folder / slug)
    work.change(VOLUME, "cases: [harbour]", f"cases: [harbour, {', '.join(slugs)}]")
    run = watched(room, work, "build", "minimal")
    assert run.code == 0, run.said[:2000]
    made = Inspector(work.file.read_bytes())
    assert len(slugs) > 5
    assert [trial.printed for trial in slugs.values() if trial.printed and not made.find(trial.printed)] == []
