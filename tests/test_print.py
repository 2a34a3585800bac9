"""The print edition: printers as data, and the file that a print shop accepts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compendium import reading
from compendium.errors import Faults, WrongUsage
from compendium.printers import Printer
from compendium.reading.printers import read_printer

from .conftest import PROJECT, Desk

Said = pytest.CaptureFixture[str]
DESIGN = reading.read_design(PROJECT)


def printers() -> list[Printer]:
    return [printer for name in DESIGN.printers if (printer := read_printer(DESIGN, name))]


def test_four_print_shops_contradict_each_other_as_real_ones_do() -> None:
    assert len(printers()) >= 4
    assert {(one.standard, one.condition) for one in printers()} == {("pdf/x-4", "FOGRA39")}
    for field in ("bleed", "marks", "ink_limit", "black", "resolution", "page_multiple", "caliper", "safe_zone"):
        assert len({str(getattr(one, field)) for one in printers()}) > 1, field


def test_a_standard_that_is_not_made_is_refused_in_one_sentence(desk: Callable[[str], Desk], capfd: Said) -> None:
    work = desk("minimal")
    file = work.root / "styles" / "printers" / "print-on-demand.yaml"
    file.write_text(file.read_text("utf-8").replace("pdf/x-4", "pdf/x-1a"), "utf-8")
    assert work.build("--printer", "print-on-demand") == 1
    said = " ".join(capfd.readouterr().err.split())
    assert 'styles/printers/print-on-demand.yaml:3:11: "standard" is pdf/x-1a, which is not made here.' in said
    assert "Write pdf/x-4, and ask the print shop to take that" in said
    assert not work.file.exists()


@pytest.mark.parametrize("place", ["volume", "command"])
def test_a_printer_that_is_not_there_is_said_with_the_nearest_one(
    desk: Callable[[str], Desk], capfd: Said, place: str
) -> None:
    work = desk("minimal")
    if place == "volume":
        work.change("volume.yaml", "licence: CC BY 4.0", "licence: CC BY 4.0\nprinter: sheetfed-coat")
        assert work.build() == 1
        where = "cases/minimal/volume.yaml:10:10: "
    else:
        assert work.build("--printer", "sheetfed-coat") == 2
        where = ""
    said = " ".join(capfd.readouterr().err.split())
    assert f'{where}There is no printer "sheetfed-coat" in styles/printers/.' in said
    assert 'Did you mean "sheetfed-coated"?' in said


@pytest.mark.parametrize(("profile", "what"), [("sRGB2014.icc", "none of a press"), ("other.icc", "not in styles")])
def test_a_profile_that_is_not_there_or_of_no_press_is_refused(profile: str, what: str) -> None:
    path = "styles/printers/print-on-demand.yaml"
    text = DESIGN.text(path).replace("FOGRA39L_coated.icc", profile)
    changed = type(DESIGN)({**DESIGN.files, path: text.encode()}, DESIGN.openings, DESIGN.looks, DESIGN.fonts)
    with pytest.raises(Faults) as faults:
        read_printer(changed, "print-on-demand")
    assert what in faults.value.problems[0].what and faults.value.problems[0].line == 4
    with pytest.raises(WrongUsage):
        read_printer(changed, "nobody")
