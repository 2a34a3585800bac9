"""A case by itself: from the chapter that is printed already, with a cover of its own and the volume's page numbers."""

from __future__ import annotations

from dataclasses import replace

from . import composing, finishing
from .chapters import Chapter, Folio, Metadata, Placed, Printed, digest
from .model import Case, Volume
from .records import Edition
from .wording import Wording


def pages_of(one: Placed) -> str:
    """Give the pages of a chapter in its volume: "12–17"."""
    last = Folio(one.start.matter, one.start.number + one.printed.pages - 1)
    return "–".join(dict.fromkeys((one.start.words, last.words)))


def cover(composer: composing.Composer, case: Case, pages: str) -> Chapter:
    """Compose the cover of an offprint: what it is, where it comes from, how to cite it."""
    parts = enumerate(composer.volume.matter.parts, 1)
    number = next(number for number, part in parts if case.slug in part.cases)
    text = composer.templates.get_template("offprint.html").render(
        chapter=f"cover--{case.slug}",
        layout="offprint",
        matter="cover",
        heading=case.matter.title,
        part={"number": number},
        case=case,
        pages=pages,
    )
    return Chapter(f"cover--{case.slug}", "cover", "recto", text, {}, case.file)


def gathered(front: Chapter, printed: Printed, one: Placed) -> tuple[Placed, Placed]:
    """Put a cover before a case, which stays on its side of the spread, and loosen what led into the volume."""
    anchors = {*printed.anchors, *one.printed.anchors}
    blanks = printed.pages % 2 if one.start.side == "recto" else 1 - printed.pages % 2
    case = replace(one, printed=finishing.excerpt(one.printed, anchors), blanks=blanks)
    return Placed(front, printed, Folio("cover", 1), 0), case


def metadata(volume: Volume, case: Case, edition: Edition, wording: Wording, placed: tuple[Placed, ...]) -> Metadata:
    """Say what the file of a case is, and of which volume it is a part.

    Its digest is that of its own text, and of what its pages were printed from: an edit elsewhere does not touch it.
    """
    of_volume, words = composing.metadata(volume, edition, wording), wording.words
    sources = [part for one in placed for part in (one.chapter.html, *one.chapter.digests.values())]
    return replace(
        of_volume,
        title=words["case_heading"].format(country=wording.country(case), title=case.matter.title),
        authors=case.matter.authors,
        subject=case.matter.summary,
        keywords=(wording.country(case), *(volume.matter.themes[key] for key in case.matter.themes)),
        identifiers=(f"DOI {case.matter.doi}",) if case.matter.doi else (),
        digest=digest("\n".join(case.lines).encode(), *(source.encode() for source in sources)),
        whole=(of_volume.title, *of_volume.identifiers),
    )
