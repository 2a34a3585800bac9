"""Asks of the sample what the suite asks of tiny books: it is the book in one piece, and at home in every theme.

python3 -m tests.benchmarks sample
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from compendium import admitting, composing, proofing, reading
from compendium.printing import Typesetter
from compendium.wording import Wording
from tests.conftest import PROJECT, QUIET, SAMPLE, Desk
from tests.test_press import test_the_bound_book_equals_its_chapters_printed_by_the_engine_in_one_piece as compare


def main() -> None:
    """Build the screen edition and compare it; then let every theme print the sample, and look its pages over."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "project", SAMPLE)
        assert desk.build("--quiet") == 0
        compare(lambda _: desk.pdf(), lambda _: desk, SAMPLE)
    print("The bound book is the one that the engine prints in one piece.")
    for theme in sorted(path.parent.name for path in (PROJECT / "styles" / "themes").glob("*/theme.css")):
        assert severe(theme) == []
        print(f"The page gate lets the sample pass in the theme {theme}.")


def severe(theme: str) -> list[tuple[str, str]]:
    """Give the chapters that the page gate would refuse in a theme's clothes, and why."""
    design = reading.read_design(PROJECT)
    volume, _ = admitting.checked(PROJECT, SAMPLE, design, QUIET)
    volume = replace(volume, matter=volume.matter.model_copy(update={"theme": theme}))
    wording = Wording(volume.matter, *reading.read_words(design, volume.matter))
    chapters = composing.Composer(volume, wording, design).compose({})
    assert len(chapters) > 30
    setter = Typesetter(design.sheets, design.clothes(theme, "screen"), design.typefaces(theme))
    found = {one.name: proofing.look_over(setter.print(one, "recto").record, is_case=True) for one in chapters}
    return [(name, one.finding.what) for name, remarks in found.items() for one in remarks if one.finding.severe]


if __name__ == "__main__":
    main()
