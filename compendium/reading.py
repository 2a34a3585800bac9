"""From a folder to a Volume: every file of the content is opened here, and nothing outside the volume's folder."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image as Pillow
from PIL import ImageFile

from . import located, markup
from .errors import Faults, Problem, WrongUsage, did_you_mean
from .model import Case, Data, Design, Image, Node, Prose, Section, Volume
from .records import CaseMatter, Chart, Edition, Picture, VolumeMatter

LARGEST_TEXT = 1_000_000
LARGEST_FILE = 50_000_000
MOST_PIXELS = 100_000_000
MOST_ROWS = 2_000


def volumes(root: Path) -> list[str]:
    """Name the volumes below `cases/`, the one with the latest `date` last."""
    dated = []
    for file in sorted((root / "cases").glob("*/volume.yaml")):
        found = located.load(file.read_text("utf-8", "replace")[:LARGEST_TEXT], file.name)
        data = found.data if isinstance(found.data, dict) else {}
        dated.append((str(data.get("date", "")), file.parent.name))
    return [name for _, name in sorted(dated)]


def newest_volume(root: Path) -> str:
    """Name the volume with the latest `date`."""
    if not (names := volumes(root)):
        raise WrongUsage("There is no volume in cases/. A volume is a folder there with a file volume.yaml.")
    return names[-1]


def read_design(root: Path) -> Design:
    """Read stylesheets, templates, words, publishers' texts, profiles, and fonts."""
    kinds = (".css", ".html", ".yaml", ".icc")
    paths = (path for folder in ("layouts", "styles") for path in sorted((root / folder).rglob("*")))
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.suffix in kinds}
    fonts = sorted((root / "styles" / "fonts").glob("*.ttf"))
    return Design(
        files,
        read_yaml(files, "layouts/pages.yaml"),
        read_yaml(files, "styles/charts.yaml"),
        families=tuple(sorted({path.stem.partition("-")[0] for path in fonts})),
        fonts={path.name: path.read_bytes() for path in fonts},
    )


def read_yaml(files: Mapping[str, bytes], path: str, cure: str = "") -> dict[str, Any]:
    """Read a YAML file of the design, or say that it is not there."""
    if path not in files:
        raise WrongUsage(f"{path} is not there. {cure}")
    found = located.load(files[path].decode("utf-8"), path)
    if found.problems:
        raise Faults(found.problems)
    return dict(found.data or {})


def read_words(design: Design, matter: VolumeMatter) -> tuple[dict[str, str], dict[str, Any]]:
    """Read the words of a volume's language and the texts of its publisher in it."""
    language = matter.language
    if f"layouts/words/{language}.yaml" not in design.files:
        language = language.partition("-")[0]  # British English has the words of English
    texts = f"layouts/publishers/{matter.publisher.texts}/{language}.yaml"
    return (
        read_yaml(design.files, f"layouts/words/{language}.yaml", "Add the words of this language there."),
        read_yaml(design.files, texts, "Add the texts of this publisher there."),
    )


def read_editions(design: Design, chosen: list[str]) -> list[Edition]:
    """Read the editions that are there, or the chosen ones."""
    folder = "styles/editions/"
    known = [p.removeprefix(folder).removesuffix(".yaml") for p in design.files if p.startswith(folder)]
    known = [name for name in known if not name.endswith(".css")]
    editions = []
    for name in chosen or known:
        if name not in known:
            raise WrongUsage(f'There is no edition "{name}". {did_you_mean(name, known)}')
        path = f"{folder}{name}.yaml"
        data = {"name": name, **read_yaml(design.files, path)}
        edition, problems = located.validate(Edition, located.Located(data, {}, []), path)
        if edition is None:
            raise Faults(problems)
        editions.append(edition)
    return editions


def read_volume(root: Path, slug: str, design: Design) -> tuple[Volume | None, list[Problem]]:
    """Read a volume whole; what cannot be read is missing from it and named among the problems."""
    if slug not in (known := volumes(root)):
        raise WrongUsage(f'There is no volume "{slug}" in cases/. {did_you_mean(slug, known)}')
    desk = _Desk(root, root / "cases" / slug)
    file, text = desk.text("volume.yaml")
    found = located.load(text, file)
    matter, problems = located.validate(VolumeMatter, found, file)
    desk.problems += problems
    if matter is None:
        return None, desk.problems
    words, _ = read_words(design, matter)
    reader = _Reader(desk, matter, tuple(words["quotes"]))
    volume = Volume(slug, file, matter, reader.cases(), reader.prose(), found.places, "")
    return replace(volume, digest=desk.digest()), desk.problems


class _Desk:
    """The one door to the volume's files: keeps what was read and what is wrong with it."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder.resolve()
        self.read: dict[str, bytes] = {}
        self.problems: list[Problem] = []

    def name(self, path: str) -> str:
        """Name a file of the volume as the editor knows it."""
        return f"cases/{self.folder.name}/{path}"

    def fault(self, path: str, what: str, cure: str = "", line: int = 0, column: int = 0) -> None:
        self.problems.append(Problem(self.name(path), line, column, what, cure))

    def bytes(self, path: str, largest: int = LARGEST_FILE) -> bytes | None:
        """Read a file inside the volume's folder, or give None where there is none."""
        full = (self.folder / path).resolve()
        if not full.is_file():
            return None
        if not full.is_relative_to(self.folder):
            self.fault(path, "The file lies outside the volume.", "Copy it into the folder of its case.")
            return None
        if full.stat().st_size > largest:
            self.fault(path, f"The file is larger than {largest // 1_000_000} MB.", "Make it smaller.")
            return None
        self.read[path] = full.read_bytes()
        return self.read[path]

    def text(self, path: str) -> tuple[str, str]:
        """Read a text in UTF-8; byte order marks, CRLF and decomposed letters are accepted and made plain."""
        content = self.bytes(path, LARGEST_TEXT) or b""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            column = fault.start - content.rfind(b"\n", 0, fault.start)
            self.fault(path, "This is not UTF-8 text.", 'Save the file as "UTF-8".', line, column)
            text = content.decode("utf-8", "replace")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
        return self.name(path), unicodedata.normalize("NFC", text)

    def digest(self) -> str:
        """Give one SHA-256 over all files that were read, whatever folder the project lies in."""
        lines = (f"{path} {hashlib.sha256(content).hexdigest()}\n" for path, content in sorted(self.read.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


class _Reader:
    """Reads the cases and the prose of one volume."""

    def __init__(self, desk: _Desk, matter: VolumeMatter, quotes: tuple[str, ...]) -> None:
        self.desk, self.matter, self.quotes = desk, matter, quotes

    def cases(self) -> dict[str, Case]:
        """Read every folder that holds a case, placed or not."""
        slugs = [path.parent.name for path in sorted(self.desk.folder.glob("*/case.md"))]
        read = ((slug, self.case(slug)) for slug in slugs)
        return {slug: case for slug, case in read if case is not None}

    def prose(self) -> dict[str, Prose]:
        """Read the front and back matter that is prose."""
        texts = {}
        for folder in ("front", "back"):
            for path in sorted((self.desk.folder / folder).glob("*.md")):
                if path.stem in texts:
                    cure = "Give one of them another name."
                    self.desk.fault(f"{folder}/{path.name}", "front/ holds a text of the same name.", cure)
                texts[path.stem] = self.one_prose(f"{folder}/{path.name}")
        return texts

    def one_prose(self, path: str) -> Prose:
        file, text = self.desk.text(path)
        blocks, acronyms = markup.parse(text, 1, self.quotes)
        title = next((b.words for b in blocks if b.kind == "heading" and b.attrs["level"] == 1), "")
        if not title:
            self.desk.fault(path, "The text has no title.", 'Begin it with a line "# Title".', 1, 1)
        for other in [b for b in blocks if b.kind == "heading" and b.attrs["level"] == 1][1:]:
            self.desk.fault(path, "The text has a second title.", 'Begin the heading with "## ".', other.line, 1)
        body = (b for b in blocks if not (b.kind == "heading" and b.attrs["level"] == 1))
        return Prose(
            file,
            title,
            tuple(self.with_floats(b, file) for b in body),
            {node.attrs["short"]: node.text for node in acronyms},
        )

    def case(self, slug: str) -> Case | None:
        """Read a case; None when its front matter cannot be understood."""
        path = f"{slug}/case.md"
        file, text = self.desk.text(path)
        head, body, body_line = _split(text)
        if head is None:
            self.desk.fault(path, "The front matter is missing.", 'Begin the file with a line "---".', 1, 1)
            return None
        found = located.load(head, file, first_line=2)
        matter, problems = located.validate(CaseMatter, self.with_fields(found), file)
        self.desk.problems += problems
        blocks, acronyms = markup.parse(body, body_line, self.quotes)
        blocks = tuple(self.with_floats(block, file) for block in blocks)
        if matter is None:
            return None
        sections = tuple(self.sections(blocks, path))
        return Case(
            slug,
            file,
            matter,
            sections,
            {node.attrs["short"]: node.text for node in acronyms},
            self.data(slug, blocks),
            self.images(slug, blocks, matter.image),
            found.places,
        )

    def with_fields(self, found: located.Located) -> located.Located:
        """Gather the volume's own fields under `fields`."""
        if not isinstance(found.data, dict):
            return found
        own = {rule.key for rule in self.matter.fields}
        data: dict[str, Any] = {key: value for key, value in found.data.items() if key not in own}
        data["fields"] = {key: value for key, value in found.data.items() if key in own}
        return found._replace(data=data)

    def with_floats(self, node: Node, file: str) -> Node:
        """Make charts of the fenced `chart` blocks, and give charts, pictures and tables their captions."""
        if node.kind == "code" and node.attrs["language"] == "chart":
            return self.chart(node, file)
        if node.kind in ("picture", "table"):
            attrs = node.attrs
            origin = attrs.get("credit") if node.kind == "picture" else attrs.get("source")
            return self.captioned(node, attrs.get("caption"), origin)
        return replace(node, children=tuple(self.with_floats(child, file) for child in node.children))

    def chart(self, node: Node, file: str) -> Node:
        found = located.load(node.text, file, node.line + 1)
        chart, problems = located.validate(Chart, found, file)
        self.desk.problems += problems
        if chart is None:
            return replace(node, kind="nothing")
        attrs = {**node.attrs, "id": chart.id, "chart": chart, "places": found.places}
        return self.captioned(replace(node, kind="chart", attrs=attrs), chart.title, chart.source)

    def captioned(self, node: Node, caption: str | None, origin: str | None) -> Node:
        """Add the parts `caption` and `origin` (a source or a credit) to a float."""
        texts = {"caption": caption, "origin": origin}
        parts = (
            Node(kind, node.line, children=markup.parse_line(str(text), node.line, self.quotes))
            for kind, text in texts.items()
            if text
        )
        return replace(node, children=(*node.children, *parts))

    def sections(self, blocks: tuple[Node, ...], path: str) -> Iterator[Section]:
        """Part the body at its second-level headings."""
        keys = {rule.title.casefold(): rule.key for rule in self.matter.sections}
        title: Node | None = None
        inside: list[Node] = []
        for block in blocks:
            if block.kind == "heading" and block.attrs["level"] <= 2:
                if title:
                    yield _section(title, keys, inside)
                title, inside = block, []
            elif title is None:
                self.desk.fault(
                    path, "There is text before the first section.", 'Put a heading "## …" before it.', block.line, 1
                )
            else:
                inside.append(block)
        if title:
            yield _section(title, keys, inside)

    def data(self, slug: str, blocks: tuple[Node, ...]) -> dict[str, Data]:
        """Read the CSV files that the charts of a case name."""
        charts = [n.attrs["chart"] for block in blocks for n in block.walk() if n.kind == "chart"]
        read = {chart.data: self.one_csv(f"{slug}/{chart.data}") for chart in charts}
        return {name: data for name, data in read.items() if data is not None}

    def one_csv(self, path: str) -> Data | None:
        if self.desk.bytes(path, LARGEST_TEXT) is None:
            return None
        _, text = self.desk.text(path)
        lines = csv.reader(io.StringIO(text))
        try:
            rows = [tuple(cell.strip() for cell in row) for row in lines if any(row)]
        except csv.Error as fault:
            cure = "Look for a quotation mark that is not closed."
            self.desk.fault(path, f"This is not readable as CSV: {fault}.", cure, lines.line_num, 1)
            return None
        if len(rows) < 2 or len(rows) > MOST_ROWS:
            self.desk.fault(
                path, "There are no rows below the head." if len(rows) < 2 else f"More than {MOST_ROWS} rows."
            )
            return None
        for number, row in enumerate(rows[1:], 2):
            if len(row) != len(rows[0]):
                cure = "Give every row the same number of cells as the head."
                self.desk.fault(path, f"This row has {len(row)} cells, the head has {len(rows[0])}.", cure, number, 1)
                return None
        return Data(rows[0], tuple(rows[1:]))

    def images(self, slug: str, blocks: tuple[Node, ...], opener: Picture | None) -> dict[str, Image]:
        """Read the pictures that a case shows."""
        names = [str(n.attrs["src"]) for block in blocks for n in block.walk() if n.kind == "image"]
        names += [opener.file] if opener else []
        read = {name: self.one_image(f"{slug}/{name}") for name in names if "/" not in name and "\\" not in name}
        return {name: image for name, image in read.items() if image is not None}

    def one_image(self, path: str) -> Image | None:
        content = self.desk.bytes(path)
        if content is None:
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Pillow.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                    width, height = picture.size
                    kind = str(picture.format)
                    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the engine sets it, and would print half a picture
                    if width * height <= MOST_PIXELS:
                        picture.load()
        except (OSError, ValueError, Pillow.DecompressionBombError):
            self.desk.fault(path, "This is not a picture that can be printed.", "Save it as JPEG or PNG.")
            return None
        if width * height > MOST_PIXELS:
            self.desk.fault(path, f"The picture is absurdly large ({width} × {height} pixels).", "Scale it down.")
            return None
        return Image(content, kind, width, height)


def _split(text: str) -> tuple[str | None, str, int]:
    """Part a case file into front matter, body, and the body's first line."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, text, 1
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    return None, text, 1


def _section(title: Node, keys: Mapping[str, str], inside: list[Node]) -> Section:
    key = keys.get(title.words.casefold(), "") if title.attrs["level"] == 2 else ""
    return Section(key, title.words, title.line, tuple(inside))
