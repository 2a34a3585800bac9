"""Maps: places lie where they are, names do not collide, and the same places make the same bytes."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pikepdf
import pytest
import yaml
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium.figures import atlas, cartography, labelling, maps, vignette
from compendium.figures.cartography import around, azimuthal, coast, equal_earth
from compendium.figures.labelling import Box
from compendium.figures.maps import Dot

from .conftest import PROJECT, Desk
from .inspector import Inspector

DeskMaker = Callable[[str], Desk]
CASE = "harbour/case.md"
COAST = (PROJECT / "styles" / "maps" / "coast.json").read_bytes()
LOOK = atlas.look(yaml.safe_load((PROJECT / "styles" / "charts.yaml").read_text("utf-8")))
SVG = "{http://www.w3.org/2000/svg}"

places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
few_dots = st.lists(places.map(lambda at: Dot(at[0], at[1], "Somewhere")), min_size=1, max_size=6).map(tuple)


# --- Places ---


@pytest.mark.parametrize(
    ("place", "what"),
    [
        (", ".join(41 * ["{name: A, latitude: 0, longitude: 0}"]), '"places" holds more than 40 places'),
        ("{name: North, latitude: 91, longitude: 0}", '"latitude"'),
        ("{name: East, latitude: 0, longitude: 180.5}", '"longitude"'),
        ("{name: Nowhere, latitude: 0}", '"longitude"'),
        ("{name: Nowhere, latitude: .nan, longitude: 0}", '"latitude"'),
        ('{name: " ", latitude: 0, longitude: 0}', '"name"'),
    ],
)
def test_a_place_that_is_not_on_earth_is_a_fault_at_its_line(
    desk: DeskMaker, place: str, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    work.change(CASE, "kind: lesson", f"places: [{place}]\nkind: lesson")
    capfd.readouterr()
    assert work.build() == 1
    said = capfd.readouterr().err
    assert f"cases/minimal/{CASE}:4:" in said
    assert what in said


# --- Geometry ---


@pytest.mark.parametrize("project", [equal_earth(11), azimuthal(20, 30)], ids=["Equal Earth", "Lambert"])
@given(st.floats(-60, 80), st.floats(-70, 70))
def test_areas_on_the_map_are_true(project: cartography.Projection, west: float, south: float) -> None:
    side = 0.5
    corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]
    drawn = abs(cartography.area([project(*corner) for corner in cartography.bent(corners)]))
    on_globe = math.radians(side) * (math.sin(math.radians(south + side)) - math.sin(math.radians(south)))
    assert drawn == pytest.approx(on_globe, rel=0.005)


def test_the_globe_has_the_proportions_that_its_authors_published() -> None:
    assert equal_earth(0)(180, 0)[0] == pytest.approx(2.7066, abs=1e-4)
    assert equal_earth(0)(0, 90)[1] == pytest.approx(-1.3174, abs=1e-4)


LAND = {"Denver": (-105, 39.7), "the Sahara": (5, 24), "Alice Springs": (133.9, -23.7), "the South Pole": (0, -90)}
LAND |= {"Anadyr": (177, 65.5), "Chukotka": (-176, 67), "Astana": (71.4, 51.2), "Spain": (-4, 40)}
WATER = {"the Caspian Sea": (50.5, 41.8), "Lake Victoria": (33, -1), "Lake Superior": (-87.5, 47.7)}
WATER |= {"east of the date line": (-179.5, 0), "west of it": (179.5, 0), "the North Pole": (0, 90)}


@pytest.mark.parametrize(
    ("at", "share"), [(p, 0) for p in LAND.values()] + [(p, 1) for p in WATER.values()], ids=[*LAND, *WATER]
)
def test_land_is_land_and_water_is_water_all_over_the_globe(at: tuple[float, float], share: int) -> None:
    assert maps.share_of_water(around(*at, 0.5, 1000, 700), COAST) == pytest.approx(share, abs=0.01)


def test_the_map_runs_on_over_the_180th_meridian() -> None:
    west, east = (maps.share_of_water(around(lon, 66, 20, 1000, 700), COAST) for lon in (179.999, -179.999))
    assert west == pytest.approx(east, abs=1e-3)
    assert 0.2 < west < 0.8


@settings(max_examples=25, deadline=None, derandomize=True)
@given(few_dots)
def test_every_place_lies_inside_the_view_of_its_locator(dots: tuple[Dot, ...]) -> None:
    view = maps.region(dots, LOOK.locator, COAST) or maps.globe(dots, LOOK.locator[0])
    assert all(view.holds(view.at(*dot.point)) for dot in dots)


def test_a_world_in_a_column_shows_dots_and_no_names_that_nobody_could_read() -> None:
    drawn = maps.locator((Dot(40, 50, "Europe"), Dot(110, 15, "Asia"), Dot(-70, 0, "America")), LOOK, COAST)
    assert len(shapes_of(drawn, "circle")) == 2 * 3 and not shapes_of(drawn, "text")
    assert f'width="{LOOK.locator[0]:g}"'.encode() in drawn


@pytest.mark.parametrize("at", [(166.7, -77.8), (0, 90), (0, -90), (180, -17), (-180, 66), (-61.5, 10.7)])
def test_neighbours_are_near_each_other_at_the_poles_the_date_line_and_on_islands(at: tuple[float, float]) -> None:
    near = (at[0] - 1 if at[0] > -179 else at[0] + 359, at[1] - 1 if at[1] > 0 else at[1] + 1)
    dots = (Dot(*at, "One"), Dot(*near, "Other"))
    view = maps.region(dots, LOOK.locator, COAST)
    assert view
    assert math.dist(view.at(*at), view.at(*near)) < 0.2 * view.width
    assert shapes_of(maps.locator(dots, LOOK, COAST), "circle")


# --- Names ---

words = st.text("abcdefgh ijklmnoMW-", min_size=1, max_size=40).map(lambda name: " ".join(name.split()) or "x")
scattered = st.lists(st.tuples(st.tuples(st.floats(30, 4200), st.floats(30, 1700)), words), min_size=1, max_size=24)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(scattered, st.booleans())
def test_no_name_covers_another_or_a_dot_or_leaves_the_paper(
    dots: list[tuple[tuple[float, float], str]], leaders: bool
) -> None:
    paper, radius, size = Box(0, 0, 4240, 1740), 25.0, 94.0
    labels = labelling.placed(dots, radius, size, paper, leaders=leaders)
    marks = [Box(x, y, x, y).grown(radius) for (x, y), _ in dots]
    assert all(label.box.inside(paper) for label in labels.values())
    assert not any(one.box.meets(other.box) for one, other in combinations(labels.values(), 2))
    assert not any(label.box.meets(mark) for label in labels.values() for mark in marks)
    for label in labels.values():
        assert label.leader is None or leaders
        others = [other.box for other in labels.values() if other is not label]
        assert label.leader is None or not any(box.holds(*label.leader[1]) for box in others)


def test_a_dot_alone_has_its_name_beside_it() -> None:
    labels = labelling.placed([((2000, 800), "Port of Spain")], 25, 94, Box(0, 0, 4240, 1740))
    box = labels[0].box
    assert 2025 < box.left < 2060
    assert box.top < 800 < box.bottom


@pytest.mark.parametrize("name", ["Trinidad and Tobago", "MOMBASA", "Ouagadougou", "Chișinău", "The 10 Wallis Isles"])
def test_no_name_is_wider_than_its_estimate_in_the_design_s_font(name: str) -> None:
    font = TTFont(PROJECT / "styles" / "fonts" / "SourceSans3-SemiBold.ttf")
    glyphs, cmap = font.getGlyphSet(), font.getBestCmap()
    set_width = sum(glyphs[cmap[ord(letter)]].width for letter in name) / font["head"].unitsPerEm
    assert set_width <= labelling.width(name, 1) <= 1.4 * set_width


def test_crowded_names_are_shown_once_more_in_a_larger_map() -> None:
    capitals = {"Sarajevo": (18.4, 43.9), "Belgrade": (20.5, 44.8), "Skopje": (21.4, 42), "Pristina": (21.2, 42.7)}
    far = {"Lima": (-77, -12), "Suva": (178.4, -18.1)}
    dots = tuple(Dot(*at, name) for name, at in (capitals | far).items())
    (whole, all_names), *details = maps.overview(dots, LOOK, COAST)
    assert set(all_names) == {*capitals, *far}
    assert details
    shown = [text for svg, _ in [(whole, 0), *details] for text in texts_of(svg)]
    assert sorted(shown) == sorted([*capitals, *far])
    assert len(shapes_of(whole, "rect")) == len(details)


def test_a_map_that_is_crowded_all_over_is_drawn_once_with_the_names_that_find_room() -> None:
    grid = [(longitude, latitude) for longitude in range(-170, 180, 10) for latitude in range(-50, 75, 8)]
    dots = tuple(Dot(*at, f"Country {n}") for n, at in enumerate(grid))
    drawn = maps.overview(dots, LOOK, COAST)
    assert len(drawn) == 1
    assert len(shapes_of(drawn[0][0], "circle")) == 2 * len(dots)
    assert len(texts_of(drawn[0][0])) > 10


# --- SVG ---


def shapes_of(svg: bytes, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(SVG + tag))


def texts_of(svg: bytes) -> list[str]:
    return [element.text or "" for element in shapes_of(svg, "text")]


@given(few_dots, st.sampled_from(["<script>x</script>", '"/><a href="http://x.org">', "&amp;", "url(x)", "'"]))
@settings(max_examples=5, deadline=None, derandomize=True)
def test_a_map_holds_no_address_and_no_script_whatever_a_place_is_called(dots: tuple[Dot, ...], name: str) -> None:
    dots = tuple(replace(dot, name=name) for dot in dots)
    for svg in (maps.locator(dots, LOOK, COAST), *(drawn for drawn, _ in maps.overview(dots, LOOK, COAST))):
        tree = ET.fromstring(svg)
        assert {element.tag for element in tree.iter()} <= {SVG + t for t in ("svg", "path", "circle", "rect", "text")}
        attributes = [item for element in tree.iter() for item in element.attrib.items()]
        assert not any("href" in key or key.startswith("on") or "url" in value for key, value in attributes)
        assert not re.search(rb"<(?!/?(svg|path|circle|rect|text)\b)", svg)


def test_the_same_places_make_the_same_bytes_and_few_of_them() -> None:
    dots = (Dot(44.5, 40.2, "Yerevan"), Dot(-99, 19, "Mexico City"), Dot(32.6, -26, "Maputo"))
    first = maps.overview(dots, LOOK, COAST)
    for kept in (maps.overview, maps.locator, coast):
        kept.cache_clear()
    assert maps.overview(dots, LOOK, bytes(bytearray(COAST))) == first
    assert len(first[0][0]) < 60_000
    assert len(maps.locator(dots[:1], LOOK, COAST)) < 15_000


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(places, st.integers(1, 60)), min_size=1, max_size=8))
def test_every_case_stands_on_the_cover_and_in_its_lower_part(cases: list[tuple[tuple[float, float], int]]) -> None:
    spans = tuple(vignette.Span(*at, years) for at, years in cases)
    svg = vignette.drawing(spans, tuple(combinations(range(len(spans)), 2)), LOOK)
    width, height = (10 * side for side in LOOK.cover)
    centres = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in shapes_of(svg, "circle")]
    assert len(centres) == 2 * len(spans)
    assert all(0.05 * width < x < 0.95 * width and 0.45 * height < y < 0.9 * height for x, y in centres)


# --- The pages ---


def test_the_map_names_every_case_and_its_key_says_the_page(finished: Callable[[str], Inspector]) -> None:
    book = finished("on-the-map")
    shown = range(book.destinations["map"], book.destinations["part-1"])
    page = " ".join(book.texts[n] for n in shown)
    for name in ("Fiji", "Samoa", "Oslo", "Bergen", "Global"):  # Norway has two cases: they are named by their places
        assert name in page, name
    assert "no opinion" in page
    leads = [(book.labels.index(link.page), link.words, link.target) for link in book.links]
    for title, target in (("Two islands kept one log", "2"), ("The capital measured the fjord", "6")):
        assert [to for page, words, to in leads if page in shown and title in words] == [target]
    assert "A case that names no place" not in page


def test_the_cases_at_a_glance_are_a_table_with_all_cases(finished: Callable[[str], Inspector]) -> None:
    book = finished("on-the-map")
    page = book.text(book.find("The cases at a glance")[-1])
    for cell in ("WST 1.5 million; USD 800", "NOK 12,500", "not recorded", "2015–2024", "Part 1. Islands", "Seventh"):
        assert cell in page.replace("\xa0", " "), cell
    assert page.count("not recorded") == 4
    leads = [(link.words, link.target) for link in book.links if link.page == "ii"]
    assert [target for _, target in leads] == ["2", "3", "6", "7", "8", "9"]
    assert all(words == target for words, target in leads)


def test_every_map_is_a_figure_with_words_for_who_cannot_see_it(finished: Callable[[str], Inspector]) -> None:
    book = finished("on-the-map")
    alts = [str(o.Alt) for o in book.pike.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert "Map: Fiji, with a dot on Suva; Taveuni." in alts
    assert "Map with 2 places: The Pacific; The North Sea." in alts
    assert "Map with 4 places: Bergen; Fiji; Oslo; Samoa." in alts
    assert len([alt for alt in alts if alt.startswith("Map: ")]) == 4
    assert book.find("Suva")


def test_a_volume_without_places_has_its_pages_all_the_same(desk: DeskMaker) -> None:
    work = desk("minimal")
    work.change("volume.yaml", "contents]", "contents, at-a-glance, map]")
    assert work.build("--quiet") == 0
    book = work.pdf()
    assert book.find("No case of this volume names its places.")
    assert "Figure" not in book.tags
