"""Volume + edition + page map → chapters: the HTML of everything that is printed by itself.

Page numbers are noughts here, as many as figures are expected: they keep a place for the binder, and the engine never
computes one. Roman ones are plain text.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import chain
from typing import Any

from jinja2 import BytecodeCache, DictLoader, Environment, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from . import figures
from .chapters import DIGITS, UNKNOWN, Attachment, Chapter, Drawing, Folio, Matter, Metadata, Opening, PageMap
from .composed import Composed, Memory
from .figures import atlas, charts
from .model import Case, Design, Node, Volume
from .prose import Setting, figure_numbers, float_id, hints, html
from .records import Edition
from .takes import takes
from .wording import Wording, ranges, sort_key, typographic

SIDES: tuple[Opening, ...] = ("recto", "verso")
_NOUGHTS = str.maketrans(dict.fromkeys(DIGITS, "0"))


def metadata(volume: Volume, edition: Edition, wording: Wording) -> Metadata:
    """Say what a finished file is."""
    matter = volume.matter
    return Metadata(
        title=": ".join(filter(None, (matter.title, matter.subtitle))),
        authors=matter.authors,
        subject=matter.about,
        keywords=matter.keywords,
        language=matter.language,
        publisher=matter.publisher.name,
        identifiers=tuple(wording.identifiers()),
        rights=wording.filled("rights"),
        date=matter.date,
        digest=volume.digest,
        edition=edition.name,
        claims=tuple(edition.claims),
    )


class _Compiled(BytecodeCache):
    """The templates that this process has compiled: who watches composes again after each save."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Look a template up by its name and its text."""
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember a template."""
        self.known[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Composer:
    """Composes the chapters of one volume; `memory` has the cases that were composed before."""

    def __init__(self, volume: Volume, wording: Wording, design: Design, memory: Memory | None = None) -> None:
        self.volume, self.wording, self.openings = volume, wording, design.openings
        self.memory = memory or Memory()
        self.memory.hold_to((volume.matter, wording.words, wording.texts, design))
        look: dict[str, Any] = design.look(volume.matter.theme)
        self.atlas = atlas.Atlas(volume, wording, atlas.look(look), design.files["styles/maps/coast.json"])
        look |= {**wording.separators, "break_word": wording.words["series_break"]}
        self.look = charts.Look(**{one.name: look[one.name] for one in fields(charts.Look)})
        self.templates = Environment(
            loader=DictLoader(design.templates),
            bytecode_cache=_COMPILED,
            autoescape=True,
            undefined=StrictUndefined,
            finalize=typographic,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(
            volume=volume.matter,
            words=wording.words,
            texts=wording.texts,
            wording=wording,
        )

    def compose(self, pages: PageMap) -> tuple[Chapter, ...]:
        """Compose every chapter, with the page numbers that are known so far."""
        return tuple(_Book(self, pages).chapters())

    def paper(self, layout: str, files: Mapping[str, bytes | Drawing] | None = None, **view: Any) -> Chapter:
        """Compose a paper that goes with the book and is no page of it."""
        origin, heading = self.volume.file, self.volume.matter.title
        return _Book(self, {}).chapter(layout, layout, "body", heading, origin, files, **view)


class _Book:
    """One pass over the book: all chapters with one page map."""

    def __init__(self, composer: Composer, pages: PageMap) -> None:
        self.composer, self.pages = composer, pages
        self.volume, self.words, self.wording = composer.volume, composer.wording.words, composer.wording
        self.terms: list[tuple[str, str]] = []
        self.acronyms: dict[str, str] = {}
        self.parts: list[dict[str, Any]] = [
            {
                "number": number,
                "chapter": f"part-{number}",
                "title": part.title,
                "intro": part.intro,
                "cases": [self.volume.cases[slug] for slug in part.cases],
            }
            for number, part in enumerate(self.volume.matter.parts, 1)
        ]

    def chapters(self) -> Iterator[Chapter]:
        """Give the chapters in the order of the book."""
        matter = self.volume.matter
        texts = {name: self.prose(name) for name in (*matter.front, *matter.back) if name in self.volume.prose}
        cases = {case.slug: self.case(case, part) for part in self.parts for case in part["cases"]}
        # Made pages come last: the indexes need the terms of all texts.
        made = self.composer.memory.made_of(self.whole())
        if not made:
            # All of them, or where a template has a fault none.
            made.update({name: takes(page) for name, page in self.made_pages()})
        chapters = made | {name: (text,) for name, text in texts.items()}
        yield from chain.from_iterable(chapters[name] for name in matter.front)
        for part in self.parts:
            yield from chapters[part["chapter"]]
            yield from (cases[case.slug] for case in part["cases"])
        yield from chain.from_iterable(chapters[name] for name in matter.back)

    def whole(self) -> object:
        """Give all that the pages made from the whole book are made from: of the cases, what others see of them."""
        composed = (self.composer.memory.cases[case.slug] for case in self.volume.placed)
        cases = [(one.case.slug, one.case.matter, one.refers) for one in composed]
        titles = {name: text.title for name, text in self.volume.prose.items()}
        return self.pages, cases, self.terms, self.acronyms, titles

    def made_pages(self) -> Iterator[tuple[str, Chapter]]:
        """Compose the pages that are made from the whole book."""
        matter = self.volume.matter
        yield from ((name, self.made(name, "front")) for name in matter.front if name not in self.volume.prose)
        for part in self.parts:
            name = part["chapter"]
            yield name, self.chapter(name, "part", "body", part["title"], self.volume.file, part=part)
        yield from ((name, self.made(name, "body")) for name in matter.back if name not in self.volume.prose)

    def prose(self, name: str) -> Chapter:
        """Compose a text of the front or back matter."""
        text = self.volume.prose[name]
        setting = self.setting(name, text.acronyms, text.blocks)
        matter: Matter = "front" if name in self.volume.matter.front else "body"
        return self.chapter(name, "prose", matter, text.title, text.file, text=html(text.blocks, setting))

    def case(self, case: Case, part: Mapping[str, Any]) -> Chapter:
        """Compose a case of a part, or take it as it was composed last: with these very numbers."""
        known = self.composer.memory.cases.get(case.slug)
        if not known or known.case is not case:
            look, maps = self.composer.look.of_part(part["number"]), self.composer.atlas.locator(case)
            files = self.files(case, look) | {one.file: one.picture for one in maps}
            known = Composed(case, files, maps, atlas.referred(case))
            self.composer.memory.cases[case.slug] = known
        if not known.chapter or any(self.page(anchor) != number for anchor, number in known.numbers.items()):
            known.numbers, known.terms = {}, []
            known.chapter = self.composed(known, part)
        self.terms += known.terms
        self.acronyms |= case.acronyms
        return known.chapter

    def composed(self, known: Composed, part: Mapping[str, Any]) -> Chapter:
        """Compose a case anew; remember the page numbers that it has, and what it brings to the index."""

        def page(anchor: str) -> Markup:
            return known.numbers.setdefault(anchor, self.page(anchor))

        case, look = known.case, self.composer.look.of_part(part["number"])
        blocks = [block for section in case.sections for block in section.blocks]
        setting = replace(self.setting(case.slug, case.acronyms, blocks), page=page, terms=known.terms)
        setting.lines = {name: figures.lines(image, look) for name, image in case.images.items()}
        setting.sources = {source.id: number for number, source in enumerate(case.matter.sources, 1)}
        roles = {rule.key: rule.role for rule in self.volume.matter.sections}
        sections = [
            {
                "key": section.key,
                "title": section.title,
                "classes": " ".join(filter(None, ["section", roles.get(section.key), *hints(section.heading)])),
                "text": html(section.blocks, setting),
            }
            for section in case.sections
        ]
        own = {key: part[key] for key in ("number", "title")}  # and not its other cases
        view = {"case": case, "part": own, "sections": sections, "picture": setting.picture, "maps": known.maps}
        chapter = self.chapter(case.slug, "case", "body", case.matter.title, case.file, known.files, **view)
        return replace(chapter, attachments=tuple(_data(case, setting)))

    def files(self, case: Case, look: charts.Look) -> dict[str, bytes | Drawing]:
        """Gather the pictures and charts of a case."""
        asked = [node.attrs["chart"] for node in case.blocks if node.kind == "chart"]
        files: dict[str, bytes | Drawing] = {f"{c.id}.svg": figures.Plot(c, case.data[c.data], look) for c in asked}
        files |= {name: image.content for name, image in case.images.items()}
        return {f"{case.slug}/{name}": file for name, file in files.items()}

    def setting(self, chapter: str, acronyms: Mapping[str, str], blocks: Iterable[Node]) -> Setting:
        """Tell a text what it needs to know of the book around it."""
        self.acronyms |= acronyms
        return Setting(
            chapter=chapter,
            words=self.words,
            page=self.page,
            acronyms=acronyms,
            numbers=figure_numbers(blocks, self.words),
            terms=self.terms,
        )

    def made(self, name: str, matter: Matter) -> Chapter:
        """Compose a page that is made from the whole book."""
        matter = "cover" if name in self.composer.openings["unnumbered"] else matter
        maps = self.composer.atlas.of(name)
        files = {one.file: one.picture for one in maps}
        return self.chapter(name, name, matter, self.heading(name), self.volume.file, files, book=self, maps=maps)

    def heading(self, name: str) -> str:
        """Give the title of a text, or of a made page: its word, or else the volume's title."""
        if name in self.volume.prose:
            return self.volume.prose[name].title
        return self.words.get(name.replace("-", "_"), self.volume.matter.title)

    def chapter(
        self,
        name: str,
        layout: str,
        matter: Matter,
        heading: str,
        origin: str,
        files: Mapping[str, bytes | Drawing] | None = None,
        **view: Any,
    ) -> Chapter:
        template = self.composer.templates.get_template(f"{layout}.html")
        at = {"chapter": name, "layout": layout, "matter": matter, "heading": heading}
        text = template.render(**at, page=self.page, **view)
        return Chapter(name, matter, self.opening(name, layout), text, files or {}, origin)

    def opening(self, name: str, layout: str) -> Opening:
        """Say on which page a chapter opens, by its own name or its template's."""
        openings: dict[str, Opening] = {listed: side for side in SIDES for listed in self.composer.openings[side]}
        return openings.get(name) or openings.get(layout) or "next"

    # --- What the made pages show ---

    def page(self, anchor: str) -> Markup:
        """Give the printed number of an anchor's page: noughts in the place of its figures."""
        words = self.pages[anchor].words if anchor in self.pages else UNKNOWN
        return Markup('<span data-page="%s">%s</span>') % (anchor, words.translate(_NOUGHTS))

    def matter_of(self, names: Iterable[str]) -> list[str]:
        """Name the chapters of the front or back matter that come after the contents and have a title of their own."""
        names = list(names)
        after = names.index("contents") + 1 if "contents" in names else 0
        return [name for name in names[after:] if self.heading(name) != self.volume.matter.title]

    def indexes(self) -> list[tuple[str, list[tuple[str, list[Case]]]]]:
        """Give the indexes of cases: by country, by theme, by kind."""
        matter, cases = self.volume.matter, self.volume.placed
        return [
            (self.words["by_country"], self.grouped({c.slug: [self.wording.country(c)] for c in cases})),
            (self.words["by_theme"], self.grouped({c.slug: self.themes(c) for c in cases})),
            (self.words["by_kind"], self.grouped({c.slug: [matter.kinds[c.matter.kind].title] for c in cases})),
        ]

    def key(self) -> list[tuple[str, Case]]:
        """Give the key of the map: the names on it and their cases."""
        return self.composer.atlas.key()

    def themes(self, case: Case) -> list[str]:
        """Name the themes of a case."""
        return [self.volume.matter.themes[key] for key in case.matter.themes]

    def grouped(self, names: Mapping[str, Iterable[str]]) -> list[tuple[str, list[Case]]]:
        """Group cases by the names that each goes under, in alphabetical order."""
        groups: dict[str, list[Case]] = defaultdict(list)
        for slug, under in names.items():
            for name in under:
                groups[name].append(self.volume.cases[slug])
        return sorted(groups.items(), key=lambda group: sort_key(group[0]))

    def subjects(self) -> list[tuple[str, list[tuple[str, list[tuple[str, ...]]]]]]:
        """Give the subject index: letter → entry → anchors of its pages; two where pages follow each other."""
        entries: dict[str, list[tuple[Folio, str]]] = defaultdict(list)
        for entry, anchor in self.terms:
            entries[entry].append((self.pages.get(anchor, Folio("body", 0)), anchor))
        letters: dict[str, list[tuple[str, list[tuple[str, ...]]]]] = defaultdict(list)
        for entry, pages in sorted(entries.items(), key=lambda item: sort_key(item[0])):
            letters[sort_key(entry)[0][0].upper()].append((entry, ranges(pages)))
        return list(letters.items())


def _data(case: Case, setting: Setting) -> Iterator[Attachment]:
    """Give the data behind every chart of a case, as CSV written anew: what was read, and nothing beside it."""
    for node in case.blocks:
        if node.kind == "chart":
            chart, table = node.attrs["chart"], io.StringIO(newline="")
            csv.writer(table).writerows([case.data[chart.data].columns, *case.data[chart.data].rows])
            name = f"{case.slug}-{chart.id}.csv"
            yield Attachment(name, table.getvalue().encode(), chart.title, setting.id(float_id(node)))
