"""From a folder to a Volume: every file of the content is opened here, and nothing outside the volume's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from compendium.errors import Faults, Problem, WrongUsage, did_you_mean
from compendium.model import Case, Data, Design, Image, Node, Prose, Section, Volume, walk
from compendium.records import CaseMatter, Edition, Picture, VolumeMatter

from . import located, markup, vetting
from .desk import Desk
from .floats import Floats


def volumes(root: Path) -> list[str]:
    """Name the volumes below `cases/`, the one with the latest `date` last."""
    dated = []
    for folder in sorted(path for path in (root / "cases").glob("*") if os.path.lexists(path / "volume.yaml")):
        found = located.load(*Desk(root, folder).text("volume.yaml")[::-1])
        data = found.data if isinstance(found.data, dict) else {}
        dated.append((str(data.get("date") or ""), folder.name))
    return [name for _, name in sorted(dated)]


def newest_volume(root: Path) -> str:
    """Name the volume with the latest `date`."""
    if not (names := volumes(root)):
        raise WrongUsage("There is no volume in cases/. A volume is a folder there with a file volume.yaml.")
    return names[-1]


def read_design(root: Path) -> Design:
    """Read stylesheets, templates, words, publishers' texts, coastlines, profiles and fonts."""
    kinds = (".css", ".html", ".yaml", ".icc", ".json")
    paths = (path for folder in ("layouts", "styles") for path in sorted((root / folder).rglob("*")))
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.suffix in kinds}
    styles = root / "styles"
    fonts = {path.relative_to(styles).as_posix(): path.read_bytes() for path in sorted(styles.rglob("*.ttf"))}
    looks = {"": read_yaml(files, "styles/charts.yaml")}
    for path in sorted((root / "styles" / "themes").glob("*/theme.css")):
        look = f"styles/themes/{path.parent.name}/charts.yaml"
        looks[path.parent.name] = read_yaml(files, look) if look in files else {}
    return Design(files, read_yaml(files, "layouts/pages.yaml"), looks, fonts)


def read_yaml(files: Mapping[str, bytes], path: str, cure: str = "") -> dict[str, Any]:
    """Read a YAML file of the design, or say that it is not there."""
    if path not in files:
        raise WrongUsage(f"{path} is not there. {cure}")
    found = located.load(files[path].decode("utf-8"), path)
    if found.problems:
        raise Faults(found.problems)
    return dict(found.data or {})


def read_words(design: Design, matter: VolumeMatter) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read the words of a volume's language and the texts of its publisher in it."""
    language = _language(design, matter)
    texts = f"layouts/publishers/{matter.publisher.texts}/{language}.yaml"
    return (
        read_yaml(design.files, f"layouts/words/{language}.yaml", "Add the words of this language there."),
        read_yaml(design.files, texts, "Add the texts of this publisher there."),
    )


def _language(design: Design, matter: VolumeMatter) -> str:
    """Name the words that a language has: British English has those of English."""
    exact = f"layouts/words/{matter.language}.yaml" in design.files
    return matter.language if exact else matter.language.partition("-")[0]


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
        found = located.load(design.files[path].decode("utf-8"), path)
        if isinstance(found.data, dict):
            found.data["name"] = name
        edition, problems, _ = vetting.validate(Edition, found, path)
        if problems:
            raise Faults(problems)
        editions.append(edition)
    return editions


def read_volume(root: Path, slug: str, design: Design) -> tuple[Volume, list[Problem]]:
    """Read a volume whole; what cannot be understood is blank in it and named among the problems."""
    if slug not in (known := volumes(root)):
        raise WrongUsage(f'There is no volume "{slug}" in cases/. {did_you_mean(slug, known)}')
    desk = Desk(root, root / "cases" / slug)
    file, text = desk.text("volume.yaml")
    if not text and desk.problems:
        raise Faults(desk.problems)
    found = located.load(text, file)
    matter, problems, unread = vetting.validate(VolumeMatter, found, file)
    desk.problems += [*problems, *_wordless(design, matter, found, file)]
    if () in unread:
        raise Faults(desk.problems)  # without its lists and sections nothing can be said of the cases
    for word, name, known in (("theme", matter.theme, design.themes), ("printer", matter.printer, design.printers)):
        if name and name not in known:
            place = found.places.get((word,), (0, 0))
            what, cure = f'There is no {word} "{name}" in styles/{word}s/.', did_you_mean(name, known)
            desk.fault("volume.yaml", what, cure, *place)
    reader = _Reader(desk, matter, unread, tuple(volume_words(design, matter)["quotes"]))
    volume = Volume(slug, file, matter, reader.cases(), reader.prose(), found.places, "", unread)
    return replace(volume, digest=desk.digest()), desk.problems


def read_own_words(root: Path, slug: str) -> frozenset[str]:
    """Read `words.txt`: the words that a volume uses and no dictionary has, one a line; `#` begins a remark."""
    _, text = Desk(root, root / "cases" / slug).text("words.txt")
    return frozenset(word for line in text.split("\n") if (word := line.partition("#")[0].strip()))


def volume_words(design: Design, matter: VolumeMatter) -> dict[str, Any]:
    """Read the words of a volume's language, or English ones where it names none that is there."""
    path = f"layouts/words/{_language(design, matter)}.yaml" if matter.language else ""
    return read_yaml(design.files, path if path in design.files else "layouts/words/en.yaml")


def _wordless(design: Design, matter: VolumeMatter, found: located.Located, file: str) -> Iterator[Problem]:
    """See that the program has words in the volume's language, and its publisher's texts in it."""
    if not matter.language:
        return
    language, name = _language(design, matter), matter.publisher.texts if matter.publisher else ""
    if f"layouts/words/{language}.yaml" not in design.files:
        known = _names(design, "layouts/words/", ".yaml")
        what = f'There are no words in the language "{matter.language}".'
        cure = f"Add layouts/words/{language}.yaml, or write one of: {', '.join(known)}."
        yield Problem(file, *located.place_of(("language",), found.places), what, cure)
    elif name and f"layouts/publishers/{name}/{language}.yaml" not in design.files:
        known = _names(design, "layouts/publishers/", f"/{language}.yaml")
        what = f'The publisher "{name}" has no texts in the language "{language}".'
        cure = f"Add layouts/publishers/{name}/{language}.yaml. {did_you_mean(name, known)}".strip()
        yield Problem(file, *located.place_of(("publisher", "texts"), found.places), what, cure)


def _names(design: Design, before: str, after: str) -> list[str]:
    inside = (path for path in design.files if path.startswith(before) and path.endswith(after))
    return [path.removeprefix(before).removesuffix(after) for path in inside]


class _Reader:
    """Reads the cases and the prose of one volume."""

    def __init__(
        self, desk: Desk, matter: VolumeMatter, unread: frozenset[tuple[str | int, ...]], quotes: tuple[str, ...]
    ) -> None:
        self.desk, self.matter, self.unread, self.quotes = desk, matter, unread, quotes

    def cases(self) -> dict[str, Case]:
        """Read every folder that holds a case, placed or not."""
        slugs = [name.partition("/")[0] for name in self.desk.names("*/case.md")]
        return {slug: self.case(slug) for slug in slugs}

    def prose(self) -> dict[str, Prose]:
        """Read the front and back matter that is prose."""
        texts = {}
        for folder in ("front", "back"):
            for path in self.desk.names(f"{folder}/*.md"):
                name = path.removeprefix(f"{folder}/").removesuffix(".md")
                if name in texts:
                    cure = "Give one of them another name."
                    self.desk.fault(path, "front/ holds a text of the same name.", cure)
                texts[name] = self.one_prose(path)
        return texts

    def one_prose(self, path: str) -> Prose:
        file, text = self.desk.text(path)
        lines = tuple(text.split("\n"))
        blocks, definitions = self.parse(path, lines, 1)
        titles = [b for b in blocks if b.kind == "heading" and b.attrs["level"] == 1]
        if not titles and path not in self.desk.broken:
            self.desk.fault(path, "The text has no title.", 'Begin it with a line "# Title".', 1, 1)
        for other in titles[1:]:
            self.desk.fault(path, "The text has a second title.", 'Begin the heading with "## ".', other.line, 1)
        body = tuple(b for b in blocks if not (b.kind == "heading" and b.attrs["level"] == 1))
        return Prose(file, titles[0].words if titles else "", body, definitions, lines)

    def case(self, slug: str) -> Case:
        """Read a case; what cannot be understood of its front matter is blank."""
        path = f"{slug}/case.md"
        file, text = self.desk.text(path)
        lines = tuple(text.split("\n"))
        head, body_line = _split(lines)
        if head is None and path not in self.desk.broken:
            cure = 'Write the fields between two lines "---" at the beginning of the file.'
            self.desk.fault(path, "The front matter is missing, or is not closed.", cure, 1, 1)
        found = located.load(head or "", file, first_line=2)
        own = [rule.key for rule in self.matter.fields if rule.key]
        matter, problems, unread = vetting.validate(CaseMatter, self.with_fields(found, file), file, own)
        self.desk.problems += problems if head is not None else []
        blocks, definitions = self.parse(path, lines, body_line)
        return Case(
            slug=slug,
            file=file,
            matter=matter,
            sections=tuple(self.sections(blocks, path)),
            definitions=definitions,
            data=self.data(slug, blocks),
            images=self.images(slug, blocks, matter.image),
            places=found.places,
            lines=lines,
            unread=unread if head is not None else frozenset({()}),
            broken=frozenset(name.partition("/")[2] for name in self.desk.broken if name.startswith(f"{slug}/")),
        )

    def parse(self, path: str, lines: tuple[str, ...], first: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """Read the Markdown from a line on, and say what is wrong with its form."""
        parsed = markup.parse("\n".join(lines[first - 1 :]), first, self.quotes)
        for slip in parsed.slips:
            self.desk.fault(path, slip.what, slip.cure, slip.line, slip.column)
        floats = Floats(self.desk, self.desk.name(path), lines, self.quotes)
        return tuple(map(floats.found, parsed.blocks)), parsed.acronyms

    def with_fields(self, found: located.Located, file: str) -> located.Located:
        """Gather the volume's own fields under `fields`."""
        if not isinstance(found.data, dict):
            return found
        own = {rule.key for rule in self.matter.fields} - CaseMatter.model_fields.keys()
        if any(path[0] == "fields" for path in self.unread):
            own |= found.data.keys() - CaseMatter.model_fields.keys()  # it may be one of those that are not understood
        data: dict[str, Any] = {key: value for key, value in found.data.items() if key not in own}
        if "fields" in data:
            cure = "Write the volume's own fields beside the others."
            where = found.keys[("fields",)]
            found.problems.append(Problem(file, *where, '"fields" is not a field.', cure))
        data["fields"] = {key: value for key, value in found.data.items() if key in own}
        return found._replace(data=data)

    def sections(self, blocks: tuple[Node, ...], path: str) -> Iterator[Section]:
        """Part the body at its second-level headings."""
        keys = {rule.title.casefold(): rule.key for rule in self.matter.sections if rule.title}
        title: Node | None = None
        inside: list[Node] = []
        if blocks and blocks[0].kind not in ("heading", "uncalled"):
            cure = 'Put a heading "## …" before it.'
            self.desk.fault(path, "There is text before the first section.", cure, blocks[0].line, blocks[0].column)
        for block in blocks:
            if block.kind == "heading" and block.attrs["level"] <= 2:
                if title:
                    yield _section(title, keys, inside)
                title, inside = block, []
            else:
                inside.append(block)
        if title:
            yield _section(title, keys, inside)

    def data(self, slug: str, blocks: tuple[Node, ...]) -> dict[str, Data]:
        """Read the CSV files that the charts of a case name."""
        names = dict.fromkeys(n.attrs["chart"].data for n in walk(blocks) if n.kind == "chart")
        read = {name: self.desk.data(f"{slug}/{name}") for name in names if name}
        return {name: data for name, data in read.items() if data is not None}

    def images(self, slug: str, blocks: tuple[Node, ...], opener: Picture | None) -> dict[str, Image]:
        """Read the pictures that a case shows."""
        names = [str(n.attrs["src"]) for n in walk(blocks) if n.kind == "image"]
        names += [opener.file] if opener and opener.file else []
        plain = [name for name in dict.fromkeys(names) if "/" not in name and "\\" not in name]
        read = {name: self.desk.image(f"{slug}/{name}") for name in plain}
        return {name: image for name, image in read.items() if image is not None}


def _split(lines: tuple[str, ...]) -> tuple[str | None, int]:
    """Part a case file: its front matter, and the line on which its body begins."""
    if lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:number]), number + 2
    return None, next((n for n, line in enumerate(lines, 1) if line.startswith("## ")), len(lines) + 1)


def _section(title: Node, keys: Mapping[str, str], inside: list[Node]) -> Section:
    key = keys.get(title.words.casefold(), "") if title.attrs["level"] == 2 else ""
    return Section(key, title.words, title.line, tuple(inside), title.attrs)
