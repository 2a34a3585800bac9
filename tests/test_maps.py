"""Maps: places lie where they are, words do not collide, and the same places make the same bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import Desk

DeskMaker = Callable[[str], Desk]
CASE = "harbour/case.md"


@pytest.mark.parametrize(
    ("place", "what"),
    [
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
