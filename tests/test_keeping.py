"""Notes stand on the page of their calls, whatever breaks there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from .test_proofing import FLAT, NOTE, found, lines, text

HOUSE = """
p, li { orphans: 2; widows: 2 } h2 { break-after: avoid }
.note { footnote-policy: line } .note::footnote-call { line-height: 0 }
"""
"""The laws of text.css, which the engine weighs against each other at the foot of a page."""

LINE = st.sampled_from([lines(1)] * 4 + [lines(1) + NOTE])
PARAGRAPHS = st.lists(LINE, min_size=1, max_size=6).map(lambda some: f"<p>{' '.join(some)}</p>")
PAIRS = st.lists(PARAGRAPHS, min_size=2, max_size=2).map("".join)
BLOCKS = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS.map("<h2>A heading</h2>{}".format),
    PAIRS.map('<div class="keep-together">{}</div>'.format),
    PARAGRAPHS.map("<ul><li>{0}</li><li>{0}</li></ul>".format),
    PARAGRAPHS.map("<table><tr><td>{0}</td></tr><tr><td>{0}</td></tr></table>".format),
)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(BLOCKS, min_size=6, max_size=6))
def test_no_note_leaves_its_call_and_no_word_is_lost(blocks: list[str]) -> None:
    assert [finding.what for finding in found("".join(blocks), HOUSE) if finding.severe] == []


def test_a_paragraph_goes_on_rather_than_the_notes_of_its_page() -> None:
    crowded = FLAT + text(2) + f"<p>Called here.{NOTE}</p>" + text(4) + f'<p style="orphans: 2">{lines(6)}</p>'
    assert found(crowded) == []
