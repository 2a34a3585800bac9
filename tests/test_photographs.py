"""What becomes of a photograph on its way into a book: upright, in its own colours, silent, no heavier than needed."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from typing import Any, NamedTuple, cast

import pikepdf
import pytest
from PIL import Image, ImageDraw

import build as program
from compendium import pictures
from compendium.finishing.pictures import placed
from compendium.printing import picture_name

from . import photographs
from .conftest import PROJECT, Desk
from .inspector import Inspector

SRGB = (PROJECT / "styles" / "profiles" / "sRGB2014.icc").read_bytes()
SECRETS = (photographs.MAKER.encode(), photographs.WORDS.encode(), b"Exif", b"xap/1.0", b"Photoshop", b"ICC_PROFILE")


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def card(mode: str = "RGB") -> Image.Image:
    """Draw a card that is red at its upper left, so that one sees how it lies."""
    picture = Image.new("RGB", (90, 60), (200, 40, 40))
    ImageDraw.Draw(picture).rectangle((30, 20, 90, 60), fill=(40, 60, 200))
    return picture.convert(mode)


def is_near(one: object, other: tuple[int, ...], most: int = 4) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("icc", [None, SRGB, photographs.profile()], ids=["no profile", "sRGB", "wide"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_nothing_of_camera_and_place_is_left_in_a_photograph(turn: int, icc: bytes | None) -> None:
    taken = photographs.jpeg(card(), turn, icc)
    assert photographs.MAKER.encode() in taken
    plain = pictures.plain(taken)
    assert [secret for secret in SECRETS if secret in plain] == []
    assert not opened(plain).getexif() and "icc_profile" not in opened(plain).info


@pytest.mark.parametrize(
    "more", [{}, {"progressive": True}, {"subsampling": 0}], ids=["baseline", "progressive", "4:4:4"]
)
def test_a_photograph_that_is_right_already_keeps_its_very_pixels(more: dict[str, Any]) -> None:
    for taken in (photographs.jpeg(card(), icc=SRGB, **more), photographs.jpeg(card("L"), **more)):
        assert opened(pictures.plain(taken)).tobytes() == opened(taken).tobytes()


def test_what_a_telephone_adds_behind_a_photograph_stays_outside() -> None:
    taken = photographs.jpeg(card())
    assert pictures.plain(taken + taken + b"a film") == pictures.plain(taken)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photograph_stands_upright_however_the_camera_was_held(turn: int) -> None:
    # Turned as the camera writes it: what Pillow's own transposition brings back.
    held = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[turn]
    as_written = card() if held is None else card().transpose(Image.Transpose(held))
    taken = photographs.jpeg(as_written, turn)
    upright = opened(pictures.plain(taken))
    assert upright.size == pictures.size(opened(taken)) == (90, 60)
    assert is_near(upright.getpixel((8, 8)), (200, 40, 40), 12)
    assert is_near(upright.getpixel((60, 40)), (40, 60, 200), 12)


def test_the_profile_of_a_photograph_says_what_its_colours_are() -> None:
    plain = opened(
        pictures.plain(photographs.jpeg(Image.new("RGB", (64, 64), (200, 100, 40)), icc=photographs.profile()))
    )
    red, green, blue = 200 / 255, 100 / 255, 40 / 255
    assert is_near(plain.getpixel((30, 30)), _wide_in_srgb(red, green, blue), 3)


def _wide_in_srgb(*colour: float) -> tuple[int, ...]:
    """Convert from the wide colours to sRGB by the book: IEC 61966-2-1, with its D50 matrix of ICC profiles."""
    light = [value**2.19921875 for value in colour]
    xyz = [sum(photographs.WIDE[n][axis] * light[n] for n in range(3)) for axis in range(3)]
    rows = (3.1338561, -1.6168667, -0.4906146), (-0.9787684, 1.9161415, 0.0334540), (0.0719453, -0.2289914, 1.4052427)
    linear = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, xyz, strict=True)))) for row in rows]
    return tuple(round(255 * (12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055)) for v in linear)


def test_a_broken_profile_or_one_of_other_colours_is_as_good_as_none() -> None:
    for icc in (b"no profile at all", photographs.profile().replace(b"RGB XYZ ", b"GRAYXYZ ")):
        plain = opened(pictures.plain(photographs.jpeg(card(), icc=icc)))
        assert is_near(plain.getpixel((60, 40)), (40, 60, 200))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_drawing_of_any_kind_keeps_its_colours_and_its_transparency(mode: str) -> None:
    drawn = card("I").point(lambda level: level * 257).convert(mode) if mode == "I;16" else card(mode)
    file = io.BytesIO()
    drawn.save(file, "PNG", icc_profile=SRGB)
    plain = opened(pictures.plain(file.getvalue()))
    assert plain.mode in ("L", "LA", "RGB", "RGBA") and "icc_profile" not in plain.info
    expected = card("L").convert("L") if mode in ("L", "LA", "I;16") else card(mode)
    assert is_near(plain.convert("RGB").getpixel((60, 40)), expected.convert("RGB").getpixel((60, 40)), 2)  # type: ignore[arg-type]  # three bands


def test_a_photograph_in_inks_is_printed_in_colours_of_the_screen() -> None:
    file = io.BytesIO()
    card("CMYK").save(file, "JPEG", quality=95)
    plain = opened(pictures.plain(file.getvalue()))
    assert plain.mode == "RGB" and is_near(plain.getpixel((60, 40)), (40, 60, 200), 12)


def test_the_same_photograph_gives_the_same_bytes() -> None:
    taken = photographs.jpeg(card(), 6, photographs.profile())
    assert pictures.plain(taken) == pictures.plain(bytes(taken))


# --- A book of forty of them, for readers, and one of ten, for the press and as an offprint ---

_BUILD = """
import resource, sys
from pathlib import Path
import build
words = ["build", "photographs", "--quiet", "--edition", "screen", "--edition", "light"]
assert build.main(words, Path(sys.argv[1])) == 0
used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(sum(used) // 1024)
"""


class Album(NamedTuple):
    """Two finished books of photographs, and the megabytes that making the large one took at most."""

    year: Desk
    season: Desk
    megabytes: int


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    year = Desk(tmp_path_factory.mktemp("album") / "project", "photographs")
    photographs.fill(year.folder, SRGB)
    sheet = year.root / "styles" / "editions" / "light.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("1.5 MB", "2.5 MB"), "utf-8")
    season = Desk.at(year.root, "season")
    season.folder.mkdir()
    shutil.copy(year.folder / "volume.yaml", season.folder)
    shutil.copytree(year.folder / "spring", season.folder / "spring")
    season.change("volume.yaml", "cases: [spring, summer, autumn, winter]", "cases: [spring]")
    season.change("spring/case.md", "(case:summer)", "(case:spring)")
    command = [sys.executable, "-c", _BUILD, str(year.root)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    words = ("--edition", "offprints", "--edition", "print", "--printer", "sheetfed-coated")
    assert season.build("season", "--quiet", *words) == 0
    return Album(year, season, int(run.stdout))


PRINTED = "season-print.pdf"
COLOURED = ("photographs-screen.pdf", "photographs-light.pdf", "offprints/season-spring.pdf")


def opened_book(album: Album, file: str) -> Inspector:
    return (album.season if "season" in file else album.year).pdf(file)


def test_forty_photographs_of_six_megapixels_make_a_light_book_of_two_and_a_half_megabytes(
    album: Album,
) -> None:
    assert (album.year.file.parent / "photographs-light.pdf").stat().st_size <= 2_500_000
    assert album.megabytes < 1_000


@pytest.mark.parametrize("file", [*COLOURED, PRINTED])
def test_no_photograph_in_any_edition_tells_of_its_camera_its_place_or_its_maker(album: Album, file: str) -> None:
    book = opened_book(album, file)
    things = {thing.objgen: thing for page in book.pike.pages for thing in _pictures(page).values()}
    pictures_inside = [bytes(thing.read_raw_bytes()) for thing in things.values()]
    assert len(pictures_inside) == (10 if "season" in file else 40)
    assert not any(secret in content for content in pictures_inside for secret in SECRETS)


@pytest.mark.parametrize("file", COLOURED)
def test_the_colours_of_a_photograph_are_those_that_its_profile_means(album: Album, file: str) -> None:
    book = opened_book(album, file)
    (place,) = (page for page, text in enumerate(book.texts) if "Day 7" in text and page in book.pages_of("spring"))
    (seventh,) = (thing for name, thing in _pictures(book.pike.pages[place]).items() if _is(name, "spring/07.jpg"))
    shown = pikepdf.PdfImage(cast("pikepdf.Stream", seventh)).as_pil_image()
    red, green, blue = (value / 255 for value in photographs.CARD)
    assert is_near(shown.getpixel((shown.width // 2, shown.height // 2)), _wide_in_srgb(red, green, blue), 6)


def test_photographs_go_to_the_press_in_four_inks_and_as_many_pixels_as_it_can_show(album: Album) -> None:
    book = opened_book(album, PRINTED)
    for page in book.pike.pages:
        assert {str(thing.ColorSpace) for thing in _pictures(page).values()} <= {"/DeviceCMYK"}
        for thing, (width, _) in placed(page.obj):
            assert 300 < thing.Width / width * 72 < 352


def _pictures(page: pikepdf.Page) -> dict[str, Any]:
    things = page.obj.Resources.get("/XObject", pikepdf.Dictionary())
    return {name: thing for name, thing in things.items() if thing.Subtype == pikepdf.Name.Image}


def _is(name: str, file: str) -> bool:
    return name[:-1] == picture_name(file)


def test_a_photograph_with_too_few_pixels_is_named(album: Album, capfd: pytest.CaptureFixture[str]) -> None:
    file = album.year.folder / "winter" / "05.jpg"
    whole = file.read_bytes()
    file.write_bytes(photographs.jpeg(photographs.scene(35).resize((500, 333))))
    assert program.main(["check", "photographs"], album.year.root) == 1
    said = capfd.readouterr().err
    assert "cases/photographs/winter/case.md:39:" in said and '"05.jpg" is only 500 pixels wide' in said
    file.write_bytes(whole)
