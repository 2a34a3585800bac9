"""A volume → its maps: which dots stand on them, what they are called, and what is said of them to who cannot see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compendium.chapters import Drawing
from compendium.model import Case, Volume
from compendium.wording import Wording, sort_key

from . import maps, vignette
from .maps import Dot


@dataclass(frozen=True, slots=True)
class Map:
    """A map: the name of its file, its picture (SVG), its words for who cannot see it."""

    file: str
    picture: bytes | Drawing
    alt: str


@dataclass(frozen=True)
class Locator(Drawing):
    """The map of the places of one case."""

    dots: tuple[Dot, ...]
    look: maps.Look
    coastline: bytes

    def drawn(self, fonts: Path) -> bytes:
        """Draw it; its letters are set when it is printed."""
        return maps.locator(self.dots, self.look, self.coastline)


@dataclass(frozen=True)
class Vignette(Drawing):
    """The drawing of the cover."""

    spans: tuple[vignette.Span, ...]
    links: tuple[tuple[int, int], ...]
    look: maps.Look
    left: float

    def drawn(self, fonts: Path) -> bytes:
        """Draw it; it has no letters."""
        return vignette.drawing(self.spans, self.links, self.look, self.left)


class Atlas:
    """Draws the maps of one volume in one look."""

    def __init__(self, volume: Volume, wording: Wording, look: maps.Look, coastline: bytes) -> None:
        self.volume, self.wording, self.look, self.coastline = volume, wording, look, coastline
        self.cases = [case for case in volume.placed if case.matter.places]
        self.shared = Counter(wording.country(case) for case in self.cases)

    def of(self, page: str) -> list[Map]:
        """Give the maps of a made page: of `map` and of `cover`; other pages have none."""
        drawn = {"map": self.overview, "cover": self.cover}
        return list(drawn[page]()) if page in drawn and self.cases else []

    def locator(self, case: Case) -> list[Map]:
        """Give the map of a case's places, or nothing where it names none."""
        places = case.matter.places
        if not places:
            return []
        dots = tuple(Dot(place.longitude, place.latitude, place.name) for place in places)
        listed = self.wording.listed(place.name for place in places)
        words = self.wording.words["map_of_all" if case.matter.country == "global" else "map_of_one"]
        alt = words.format(country=self.wording.country(case), number=len(places), places=listed)
        return [Map(f"{case.slug}/locator.svg", Locator(dots, self.look, self.coastline), alt)]

    def overview(self) -> Iterable[Map]:
        """Give the map of all cases and the larger maps of its crowded parts."""
        drawn = maps.overview(tuple(dict.fromkeys(self._dots())), self.look, self.coastline)
        for number, (svg, names) in enumerate(drawn):
            words = self.wording.words["map_in_part" if number else "map_of_all"]
            alt = words.format(number=len(names), places=self.wording.listed(sorted(names, key=sort_key)))
            yield Map(f"map/{number + 1}.svg", svg, alt)

    def cover(self, left: float = 0) -> Iterable[Map]:
        """Give the drawing of the cover, which may go on to the `left` of it (in CSS pixels)."""
        if not self.cases:
            return
        at = {case.slug: n for n, case in enumerate(self.cases)}
        spans = tuple(_span(case) for case in self.cases)
        pairs = ((at[case.slug], at[to]) for case in self.cases for to in referred(case) & at.keys())
        links = {(min(pair), max(pair)) for pair in pairs}
        yield Map("cover/places.svg", Vignette(spans, tuple(sorted(links)), self.look, left), "")

    def key(self) -> list[tuple[str, Case]]:
        """Give the cases that have a place, by the names that they bear on the map of all."""
        return sorted(((self.name(case), case) for case in self.cases), key=lambda entry: sort_key(entry[0]))

    def name(self, case: Case) -> str:
        """Name a case on the map of all: by its country, or where several share it by its first place."""
        country = self.wording.country(case)
        return country if self.shared[country] == 1 else case.matter.places[0].name

    def _dots(self) -> Iterable[Dot]:
        for case in self.cases:
            for number, place in enumerate(case.matter.places):
                sign = "ring" if case.matter.country == "global" else "minor" if number else "dot"
                yield Dot(place.longitude, place.latitude, self.name(case) if sign == "dot" else "", sign)


def _span(case: Case) -> vignette.Span:
    """Give where a case happened first, and its years."""
    place, (first, last) = case.matter.places[0], case.matter.period
    return vignette.Span(place.longitude, place.latitude, max(1, last - first + 1))


def referred(case: Case) -> set[str]:
    """Name the other cases that a case refers to."""
    links = (str(node.attrs.get("href", "")).partition(":") for node in case.blocks if node.kind == "link")
    return {name.partition("/")[0] for kind, _, name in links if kind in ("case", "figure") and name} - {case.slug}


def look(design: Mapping[str, Any]) -> maps.Look:
    """Take the look of maps from the design's charts (`styles/charts.yaml`)."""
    own: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in design["maps"].items()}
    return maps.Look(font=design["font"], ink=design["ink"], **own)
