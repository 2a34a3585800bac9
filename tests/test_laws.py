"""Laws that hold for any input."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium import admitting, composing, reading
from compendium.chapters import Folio
from compendium.errors import CompendiumError
from compendium.wording import ranges

from .conftest import QUIET, Desk, shown

SCRAPS = [
    *("[@", "](", "{", "}", "```", "::: box", "\n\n", "|", "---", "#", "[^1]", "[^x]: y", "*", "![", '">', "\t", "- "),
    *("<script>", "\0", "é", "{#a b=c}", '{index=""}', "1. ", "![x](../../etc/passwd)", "*[A]: b", ": ", "&a", "*a"),
    *("!!python/name:os.system", "null", "'", "\n    ", "[a]{lang=xx}", "title:", "break: x"),
]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("laws") / "project", "every-construct")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SCRAPS), st.integers(0, 25)), min_size=1, max_size=5))
def test_a_case_file_is_good_or_its_faults_are_said_but_nothing_breaks(
    work: Desk, edits: list[tuple[float, str, int]]
) -> None:
    file = work.folder / "beta" / "case.md"
    good = text = file.read_text("utf-8")
    for where, scrap, lost in edits:
        at = int(where * len(text))
        text = text[:at] + scrap + text[at + lost :]
    try:
        check_and_compose(work, file, text)
    finally:
        file.write_text(good, "utf-8")


def check_and_compose(work: Desk, file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    design = reading.read_design(work.root)
    try:
        volume, wording = admitting.checked(work.root, "every-construct", design, QUIET)
    except CompendiumError as fault:
        assert str(fault)
    else:
        chapters = composing.Composer(volume, wording, design).compose({})
        assert all(file for chapter in chapters for file in shown(chapter).values())


@given(st.sets(st.integers(1, 60), min_size=1))
def test_merged_pages_name_every_page_once_and_in_order(numbers: set[int]) -> None:
    found: list[int] = []
    for anchors in ranges((Folio("body", number), str(number)) for number in numbers):
        found += range(int(anchors[0]), int(anchors[-1]) + 1)
        assert len({*anchors}) == len(anchors)
    assert found == sorted(numbers)


@given(st.integers(1, 390), st.integers(1, 390))
def test_roman_numbers_differ_for_different_pages(one: int, other: int) -> None:
    same = Folio("front", one).words == Folio("front", other).words
    assert same == (one == other)
