"""Where lines break: at the last place that fits, and never before the number of a source."""

from __future__ import annotations

import pytest

from compendium.pages import unpacked

from .test_proofing import printed

NUMBER = '<a style="font: 6.6pt/0 Source Sans 3; vertical-align: 4.5pt; white-space: nowrap; padding-left: 1pt">4</a>'
SET = "@page { size: 400pt 200pt } p { width: 323.15pt; hyphens: auto }"
TEXTS = {
    "a text whose last space alone reaches over the edge fills its line": (
        "<p>The reformed child benefits were to reach more children, and the 30 <span>social work centres</span>.</p>",
        "The reformed child benefits were to reach more children, and the 30",
    ),
    "a raised number stays with its figure": (
        f"<p>dren stayed poorer than people in general: 11.5 per cent against 9.6.{NUMBER} Eight in ten are poor.</p>",
        "dren stayed poorer than people in general: 11.5 per cent against",
    ),
    "a text that is too wide breaks where it did": (
        "<p>The reformed child benefits were to reach more children, and the 300 of <em>work centres</em>.</p>",
        "The reformed child benefits were to reach more children, and the",
    ),
}


@pytest.mark.parametrize("rule", TEXTS)
def test_a_line_breaks_at_the_last_place_that_fits(rule: str) -> None:
    text, first = TEXTS[rule]
    assert unpacked(printed(text, SET).record).pages[0].lines[0].text == first
