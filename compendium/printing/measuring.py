"""The engine's laid out boxes → the plain record of lines and boxes. Its private names are listed in `tagging`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import create_layout, line_size

from compendium.pages import NOTHING, Block, Box, Line, Page, Record, Zone

POINTS_PER_PIXEL = 0.75
_ASKED = {"page", "left", "right", "recto", "verso"}
_AVOIDED = {"avoid", "avoid-page"}
_BLOCKS = (
    *(boxes.BlockContainerBox, boxes.TableBox, boxes.TableRowGroupBox, boxes.TableRowBox),
    *(boxes.FlexContainerBox, boxes.GridContainerBox, boxes.ReplacedBox),
)
_SIDES = ("top", "right", "bottom", "left")
_SPARE = 1.0
"""Pixels by which letters may reach over the edge of what shows them."""
_Window = tuple[float, float, float, float]
"""What an `overflow` other than visible leaves to be seen: left, top, right, bottom in pixels."""


def measure(sheets: Sequence[Any]) -> Record:
    """Read the lines and boxes of a chapter's pages (`weasyprint.Document.pages`)."""
    laid_out = [sheet._page_box for sheet in sheets]
    if not laid_out:
        return NOTHING
    reader = _Reader(laid_out[0].children[0].element)
    wishes = [None, *(_asked_by(before, after) for before, after in pairwise(laid_out))]
    drafts = [reader.page(page, wish) for page, wish in zip(laid_out, wishes, strict=True)]
    blocks = reader.blocks()
    _finish([line for draft in drafts for line in draft.lines], blocks)
    pages = (replace(d.page, lines=tuple(one.line for one in d.lines), boxes=d.boxes) for d in drafts)
    return Record(tuple(pages), blocks)


@dataclass(frozen=True, slots=True)
class _Where:
    """Where in the tree of boxes one stands: in which zone, block, column, and box that breaks lines."""

    zone: Zone
    block: int = -1
    column: int = 0
    repeated: bool = False
    window: _Window | None = None
    container: Any = None


@dataclass(slots=True)
class _LineDraft:
    """A line while it is read: what broke it off, and the hyphen that may be at its end."""

    line: Line
    page: int
    container: Any
    broken: bool
    hyphen: str


@dataclass(slots=True)
class _PageDraft:
    """A page while it is read."""

    page: Page
    number: int
    lines: list[_LineDraft] = field(default_factory=list)
    boxes: dict[int, Box] = field(default_factory=dict)
    columns: int = 0
    floats: list[Box] = field(default_factory=list)


class _Reader:
    """Reads the pages of one chapter, one after the other."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.numbers = {element: number for number, element in enumerate(root.iter())}
        self.styles: dict[int, tuple[Any, Any]] = {}
        self.heads: dict[int, int] = {}
        self.spaces: dict[tuple[Any, ...], float] = {}
        self.read = 0

    def page(self, page: Any, wish: Any) -> _PageDraft:
        """Read one page, begun because `wish` (an element) asked for it."""
        area = _box(page.content_box_x(), page.content_box_y(), page.width, page.height)
        notes = next((child for child in page.children if isinstance(child, boxes.FootnoteAreaBox)), None)
        foot = _points(notes.position_y) if notes else area.bottom
        width, height = _points(page.margin_width()), _points(page.margin_height())
        asked = None if wish is None else self.numbers[wish]
        draft = _PageDraft(Page(width, height, area, foot, asked, (), {}), self.read)
        for child in page.children:
            margin = isinstance(child, boxes.MarginBox)
            self.box(child, _Where("margin" if margin else "note" if child is notes else "flow"), draft)
        self.read += 1
        for one in draft.lines if draft.floats else ():
            one.line = _beside(one.line, draft.floats)
        return draft

    def box(self, box: Any, where: _Where, page: _PageDraft) -> None:
        """Read a box and all in it."""
        box = getattr(box, "_box", box)  # what was positioned has left a placeholder
        if box.is_outside_marker:
            return
        if isinstance(box, boxes.LineBox):
            self.line(box, where, page)
            return
        if isinstance(box, _BLOCKS):
            where = self.block(box, where, page)
        for child in box.all_children():
            self.box(child, where, page)

    def block(self, box: Any, where: _Where, page: _PageDraft) -> _Where:
        """Note where a block stands; give where its contents do."""
        number = where.block
        if box.element is not None and not _is_made(box):
            number = self.numbers[box.element]
            self.styles.setdefault(number, (box.element, box.style))
            around = _box(box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
            page.boxes[number] = _union(page.boxes.get(number), around)
        page.columns += box.is_column
        if box.is_floated() and where.zone == "flow":
            page.floats.append(_box(box.position_x, box.position_y, box.margin_width(), box.margin_height()))
        return _Where(
            "apart" if where.zone == "flow" and _is_apart(box) else where.zone,
            number,
            page.columns if box.is_column else where.column,
            where.repeated or self.is_repeated(box, number, page.number),
            _window(box, where.window),
            box,
        )

    def is_repeated(self, box: Any, number: int, page: int) -> bool:
        """Tell whether this is the head or foot of a table that stands on an earlier page too."""
        if not isinstance(box, boxes.TableRowGroupBox) or not (box.is_header or box.is_footer):
            return False
        return self.heads.setdefault(number, page) < page

    def line(self, box: Any, where: _Where, page: _PageDraft) -> None:
        """Note a line, and read the blocks that stand inside it."""
        parts = list(_inside(box))
        if any(isinstance(part, boxes.TextBox) for part in parts):
            kept = box.style["white_space"].startswith("pre")  # its author may have broken it
            broken = kept or any(part.element_tag == "br" for part in parts)
            line, hyphen = self.measured(box, where, parts), str(box.style["hyphenate_character"])
            page.lines.append(_LineDraft(line, page.number, where.container, broken, hyphen))
        for part in parts:
            if isinstance(part, _BLOCKS):
                self.box(part, where, page)

    def measured(self, box: Any, where: _Where, parts: list[Any]) -> Line:
        texts = [part for part in parts if isinstance(part, boxes.TextBox)]
        own = "".join(part.text for part in texts if where.zone == "margin" or not _is_made(part))
        targets = [part.element.get("href", "") for part in parts if _is_inline(part, "a")]
        calls = [part.element for part in parts if _is_inline(part, "footnote-call")]
        return Line(
            block=where.block,
            zone=where.zone,
            column=where.column,
            box=_box(box.position_x, box.position_y, box.width, box.height),
            baseline=_points(box.position_y + box.baseline),
            text=" ".join(own.split()),
            start=_points(where.container.content_box_x()),
            measure=_points(where.container.width),
            spread=self.spread(texts),
            last=False,
            hyphenated=False,
            repeated=where.repeated,
            seen=_is_seen(box, texts, where.window),
            links=tuple(target[1:] for target in targets if target.startswith("#")),
            calls=tuple(self.numbers[element] for element in calls),
        )

    def spread(self, texts: list[Any]) -> float:
        """Give the word space of a justified line in terms of the font's own."""
        wide = next((text for text in texts if text.justification_spacing and " " in text.text), None)
        if wide is None:
            return 1.0
        keys = ("font_family", "font_size", "font_style", "font_weight", "word_spacing", "letter_spacing")
        key = tuple(str(wide.style[name]) for name in keys)
        if key not in self.spaces:
            layout = create_layout(" ", wide.style, None, None, 0)
            self.spaces[key] = line_size(layout.get_first_line()[0], wide.style)[0]
        return round(1 + wide.justification_spacing / self.spaces[key], 3) if self.spaces[key] else 1.0

    def blocks(self) -> dict[int, Block]:
        """Give the blocks that were met, in the order of the text."""
        sources: dict[int, list[str]] = defaultdict(list)
        parents: dict[int, int] = {}
        self.share_out(self.root, -1, sources, parents)
        return {
            number: _block(number, parents[number], "".join(sources[number]), element, style)
            for number, (element, style) in sorted(self.styles.items())
        }

    def share_out(self, element: Any, owner: int, sources: dict[int, list[str]], parents: dict[int, int]) -> None:
        """Give every text to the block in which it stands; what is not set at all is missed in the one around it."""
        number = self.numbers[element]
        if number in self.styles:
            parents[number], owner = owner, number
        if element.tag in ("head", "script", "style") or not isinstance(element.tag, str):
            return
        sources[owner].append("\n" if element.tag == "br" else element.text or "")
        for child in element:
            self.share_out(child, owner, sources, parents)
            sources[owner].append(child.tail or "")


def _block(number: int, parent: int, source: str, element: Any, style: Any) -> Block:
    return Block(
        number=number,
        parent=parent,
        tag=str(element.tag),
        id=element.get("id", ""),
        classes=tuple(element.get("class", "").split()),
        source=" ".join(source.split()),
        language=str(style["lang"] or ""),
        hyphens=tuple(style["hyphenate_limit_chars"]) if style["hyphens"] == "auto" else None,
        keeps=style["break_after"] in _AVOIDED,
    )


# --- Lines that know of the next one ---


def _finish(drafts: list[_LineDraft], blocks: dict[int, Block]) -> None:
    """Find out, block by block, which lines end a text and which a divided word."""
    by_block: dict[int, list[_LineDraft]] = defaultdict(list)
    for draft in drafts:
        if draft.line.block in blocks and not draft.line.repeated:
            by_block[draft.line.block].append(draft)
    for number, lines in by_block.items():
        letters, at = _letters(blocks[number].source), 0
        for draft, after in zip(lines, [*lines[1:], None], strict=True):
            at, hyphenated = _read_on(letters, at, draft)
            draft.line = replace(draft.line, last=_is_last(draft, after), hyphenated=hyphenated)


def _is_last(draft: _LineDraft, after: _LineDraft | None) -> bool:
    if draft.broken or after is None:
        return True
    stays = (draft.page, draft.line.column) == (after.page, after.line.column)
    return stays and draft.container is not after.container


def _read_on(letters: str, at: int, draft: _LineDraft) -> tuple[int, bool]:
    """Read a line against the text; a hyphen that the text does not have is the engine's."""
    line = _letters(draft.line.text)
    if letters.startswith(line, at):
        return at + len(line), False
    hyphen = _letters(draft.hyphen)
    bare = line.removesuffix(hyphen)
    found = letters.find(bare, at)
    return (found + len(bare) if found >= 0 else at), bare != line


def _letters(text: str) -> str:
    return "".join(text.replace("\xad", "").casefold().split())


# --- Boxes ---


def _inside(box: Any) -> Iterator[Any]:
    """Give what stands in a line, in its order; blocks in it are given, and not what they hold."""
    for child in box.children:
        part = getattr(child, "_box", child)
        if not part.is_outside_marker:
            yield part
            if not isinstance(part, _BLOCKS):
                yield from _inside(part)


def _beside(line: Line, floats: list[Box]) -> Line:
    """Give a line of the text the measure that the floats beside it leave."""
    start, end = line.start, line.start + line.measure
    for one in floats if line.zone == "flow" else ():
        if one.y < line.box.bottom and line.box.y < one.bottom and start < one.right and one.x < end:
            start, end = (one.right, end) if one.x <= start else (start, one.x)
    return replace(line, start=round(start, 2), measure=round(end - start, 2))


def _is_apart(box: Any) -> bool:
    """Tell whether a box stands elsewhere than where the text has come to."""
    moved = box.style["position"] == "relative" and any(box.style[side] != "auto" for side in _SIDES)
    return bool(box.is_floated() or box.is_absolutely_positioned() or moved)


def _is_inline(box: Any, tag: str) -> bool:
    """Tell whether a box is the inline box of such an element or made part of one, and not the text in it."""
    return isinstance(box, boxes.InlineBox) and (box.element_tag == tag or box.element_tag.endswith(f"::{tag}"))


def _is_made(box: Any) -> bool:
    """Tell whether the stylesheet has made a box, and no element of the text."""
    return box.element is None or "::" in box.element_tag


def _window(box: Any, window: _Window | None) -> _Window | None:
    """Narrow what is seen by a box that cuts its contents off."""
    if box.style["overflow"] == "visible" or isinstance(box, boxes.ReplacedBox):
        return window
    x, y = box.padding_box_x(), box.padding_box_y()
    own = (x, y, x + box.padding_width(), y + box.padding_height())
    if window is None:
        return own
    return (max(own[0], window[0]), max(own[1], window[1]), min(own[2], window[2]), min(own[3], window[3]))


def _is_seen(line: Any, texts: list[Any], window: _Window | None) -> bool:
    """Tell whether a line can be read: neither made invisible nor cut off at its sides or its baseline."""
    if any(text.style["visibility"] != "visible" for text in texts):
        return False
    if window is None:
        return True
    left, top, right, bottom = window
    baseline = line.position_y + line.baseline
    across = left - _SPARE <= line.position_x and line.position_x + line.width <= right + _SPARE
    return bool(across and top - _SPARE <= baseline <= bottom + _SPARE)


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(_points(x), _points(y), _points(width), _points(height))


def _points(pixels: float) -> float:
    return round(pixels * POINTS_PER_PIXEL, 2)


def _union(one: Box | None, other: Box) -> Box:
    if one is None:
        return other
    x, y = min(one.x, other.x), min(one.y, other.y)
    return Box(x, y, round(max(one.right, other.right) - x, 2), round(max(one.bottom, other.bottom) - y, 2))


# --- Breaks ---


def _asked_by(before: Any, after: Any) -> Any:
    """Give the element for which a page was begun, or None where the page before was simply full."""
    ended, begun = _edge(before.children[0], -1), _edge(after.children[0], 0)
    continued = {id(box.element) for box in ended}
    fresh = [box for box in begun if id(box.element) not in continued]
    for box in fresh:
        if box.style["break_before"] in _ASKED or before.page_type.name != after.page_type.name:
            return box.element
    goes_on = {id(box.element) for box in begun}
    over = (box for box in ended if id(box.element) not in goes_on)
    return next((box.element for box in over if box.style["break_after"] in _ASKED), None)


def _edge(box: Any, index: int) -> list[Any]:
    """Give the boxes that stand at the head (0) or the foot (-1) of a page, from the outermost."""
    found = [box]
    while isinstance(box, boxes.ParentBox):
        children = [child for child in box.children if child.is_in_normal_flow()]
        if not children or isinstance(box, boxes.LineBox):
            break
        box = children[index]
        found.append(box)
    return found
