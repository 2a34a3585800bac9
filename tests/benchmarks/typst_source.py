"""The book as Typst source: the words, tables and figures of the composed chapters, set by `book.typ`.

A file for each chapter, as an author of Typst would have it; the numbers of pages are left to Typst.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from compendium.chapters import Chapter
from tests.conftest import shown

TEMPLATE = Path(__file__).with_name("book.typ")


def write(chapters: Sequence[Chapter], folder: Path) -> Path:
    """Write `main.typ`, a file for each chapter, the template and the pictures into a folder; give the first."""
    shutil.copy(TEMPLATE, folder)
    linked = {target for chapter in chapters for target in re.findall(r'href="#([^"]+)"', chapter.html)}
    for chapter in chapters:
        (folder / f"{chapter.name}.typ").write_text(_chapter(chapter, linked), "utf-8")
        for name, content in shown(chapter).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    lines = ['#import "book.typ": *', "#show: book", *(f'#include "{chapter.name}.typ"' for chapter in chapters)]
    main = folder / "main.typ"
    main.write_text("\n".join(lines) + "\n", "utf-8")
    return main


def _chapter(chapter: Chapter, linked: set[str]) -> str:
    root = tinyhtml5.parse(chapter.html, namespace_html_elements=False)
    body = root.find("body")
    part = int((root.get("class") or "part-0").partition("-")[2])
    kind = body.get("class").split()[-1]
    heads = f"{_string(body.get('data-verso'))}, {_string(body.get('data-recto'))}"
    said = f"{_string(kind)}, {_string(chapter.opens)}, {part}, {heads}"
    return f'#import "book.typ": *\n#chapter({said})[\n{_Setter(linked).inside(body)}\n]\n'


class _Setter:
    """Sets the elements of one chapter; `linked` are the anchors that something in the book links to."""

    def __init__(self, linked: set[str]) -> None:
        self.linked = linked
        self.side = "recto"
        self.sections = 0

    def inside(self, element: Element) -> str:
        """Set what is in an element."""
        return "".join(self._pieces(element))

    def _pieces(self, element: Element) -> Iterator[str]:
        yield _words(element.text)
        for child in element:
            if isinstance(child.tag, str):
                yield self._anchor(child) + self._one(child)
            yield _words(child.tail)

    def _one(self, element: Element) -> str:
        """Set an element: by its class where that has a way of its own, else by its tag, else as its words."""
        classes = _classes(element)
        self.side = next((name for name in classes if name in ("recto", "verso")), self.side)
        self.sections += "section" in classes
        for name in [*(f".{name}" for name in classes), element.tag]:
            if name in _WAYS:
                return _WAYS[name](self, element)
            if name in _NAMED:
                return f"\n#{_NAMED[name]}[{self.inside(element)}];\n"
            if name in _INLINE:
                return f"#{_INLINE[name]}[{self.inside(element)}];"
        return self.inside(element)

    def _anchor(self, element: Element) -> str:
        anchor = element.get("id")
        return f"#anchor({_string(anchor)});" if anchor in self.linked else ""

    def paragraph(self, element: Element) -> str:
        """Set a paragraph; a class names the look that the template gives it."""
        classes, inside = _classes(element), self.inside(element)
        return f"\n#styled({_string(classes[0])})[{inside}];\n" if classes else f"\n{inside}\n"

    def heading(self, element: Element) -> str:
        """Set a heading; the template knows its level in the outline."""
        return f"\n#title({element.tag[1]})[{self.inside(element)}];\n"

    def items(self, element: Element) -> str:
        """Set a list."""
        items = "".join(f"[{self._anchor(item)}{self.inside(item)}], " for item in element if item.tag == "li")
        return f"\n#{'list' if element.tag == 'ul' else 'enum'}({items});\n"

    def link(self, element: Element) -> str:
        """Set a link, with the number of its page where the book prints that."""
        href = str(element.get("href"))
        if not href.startswith("#"):
            return f"#link({_string(href)})[{self.inside(element)}];"
        kind, target = next(iter(_classes(element)), "folio"), f"label({_string(href[1:])})"
        if kind == "folio":
            return f"#folio({target});" + re.sub(r"^[\divxlc–]+", "", self.inside(element))
        if kind == "line":
            cells = "".join(f"[{self.inside(cell)}], " for cell in _cells_of_line(element))
            return f"\n#line-to({target}, {cells});\n"
        without = [child for child in element if "page" not in _classes(child)]
        inside = _words(element.text) + "".join(self._one(child) + _words(child.tail) for child in without)
        return f"#{kind}({target})[{inside}];"

    def table(self, element: Element) -> str:
        """Set a table; its caption stands before it."""
        rows, caption = [*element.iter("tr")], element.find("caption")
        head = [*element.iterfind("thead/tr")]
        columns = max(sum(int(cell.get("colspan", "1")) for cell in row) for row in rows)
        top = f"table.header({self._cells(head)}), " if head else ""
        above = self.caption(caption) if caption is not None else ""
        return f"{above}\n#table(columns: {columns}, {top}{self._cells([row for row in rows if row not in head])});\n"

    def _cells(self, rows: Sequence[Element]) -> str:
        cells = [cell for row in rows for cell in row]
        return "".join(f"table.cell(colspan: {cell.get('colspan', '1')})[{self.inside(cell)}], " for cell in cells)

    def panel(self, element: Element) -> str:
        """Set the panel of a case."""
        rows = "".join(f"([{self.inside(row[0])}], [{self.inside(row[1])}]), " for row in element.iter("tr"))
        return f"#panel({rows});"

    def caption(self, element: Element) -> str:
        """Set a caption in the outer column; above its figure where the panel stands there."""
        place = "above" if self.sections == 1 else self.side
        return f"\n#caption({_string(place)})[{self.inside(element)}];\n"

    def beside(self, element: Element) -> str:
        """Set what stands in the outer column."""
        name = "quotation" if "quote" in _classes(element) else "beside"
        return f"\n#{name}({_string(self.side)})[{self.inside(element)}];\n"

    def sources(self, element: Element) -> str:
        """Set the sources of a case, which take the outer column too; those of the book stand in a list."""
        inside = self.inside(element)
        return f"\n#sources({_string(self.side)})[{inside}];\n" if "section" in _classes(element) else inside

    def image(self, element: Element) -> str:
        """Set a picture."""
        return f"#image({_string(element.get('src'))}, width: 100%, alt: {_string(element.get('alt'))});"

    def drawing(self, element: Element) -> str:
        """Set the drawing of the cover, which lies behind its words."""
        file = re.findall(r"url\(([^)]*)\)", element.get("style", ""))[0]
        return f"#drawing(image({_string(file)}, width: 216mm));"

    def code(self, element: Element) -> str:
        """Set what is to be read sign by sign."""
        return f"#raw({_string(''.join(element.itertext()))}, block: {str(element.tag == 'pre').lower()});"


_WAYS: Mapping[str, Callable[[_Setter, Element], str]] = {
    "p": _Setter.paragraph,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _Setter.heading),
    **dict.fromkeys(("ul", "ol"), _Setter.items),
    "a": _Setter.link,
    ".panel": _Setter.panel,
    "table": _Setter.table,
    "figcaption": _Setter.caption,
    **dict.fromkeys((".beside", ".quote"), _Setter.beside),
    ".sources": _Setter.sources,
    "img": _Setter.image,
    ".drawing": _Setter.drawing,
    **dict.fromkeys(("code", "pre"), _Setter.code),
    ".sign": lambda _, element: f"#sign({_string(_classes(element)[-1])});",
    "caption": lambda *_: "",
    "br": lambda *_: "#linebreak();",
    "hr": lambda *_: "\n#rule;\n",
}
_NAMED = {
    ".opener": "opener",
    ".box": "box-of",
    **dict.fromkeys(("figure", ".table"), "plate"),
    **dict.fromkeys((".columns", ".entries"), "three-columns"),
    ".list": "two-columns",
    "blockquote": "quote(block: true)",
    **dict.fromkeys((".imprint-line", ".foot", ".cases"), "at-the-foot"),
}
_INLINE = {".note": "footnote", ".cite-comma": "super", "strong": "strong", "em": "emph", "abbr": "smallcaps"}


def _cells_of_line(line: Element) -> list[Element]:
    """Give the parts of a line with a page number: title, country and kind, or its words as one."""
    words = line[0]
    return [*words] if len(words) > 1 and "title" in _classes(words[0]) + _classes(words[1]) else [words]


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _words(text: str | None) -> str:
    """Set words: what Typst would take for a sign of its own means itself."""
    return re.sub(r"([\\#$*_`<>@~\[\]/=+\-'\"])", r"\\\1", re.sub(r"\s+", " ", text or ""))


def _string(text: str | None) -> str:
    escaped = (text or "").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
