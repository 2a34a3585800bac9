"""From a folder to a Volume: every file of the content is opened here, and nothing outside the volume's folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from compendium.errors import Faults, Problem, WrongUsage, did_you_mean
from compendium.model import Case, Design, Rules, Volume
from compendium.records import Edition, VolumeMatter
from compendium.workers import Lend, nobody

from . import located, vetting
from .desk import Desk
from .texts import L, Look, Memory, Reader


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
    problems = list(found.problems)
    if not isinstance(found.data or {}, dict):
        problems.append(Problem(path, 1, 1, "Expected fields here.", 'Write "name: value".'))
    if problems:
        raise Faults(problems)
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
    """Read the editions that are there, or the chosen ones: for a press last, so that no reader waits for its word."""
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
    return sorted(editions, key=lambda edition: edition.for_press)


def read_volume(root: Path, slug: str, design: Design) -> tuple[Volume, list[Problem]]:
    """Read a volume whole; what cannot be understood is blank in it and named among the problems."""
    volume, problems, _ = read_looking(root, slug, design, _without_a_look)
    return volume, problems


def _without_a_look(_: Case, __: Rules) -> None:
    """See nothing: a volume is only read."""


def read_looking(
    root: Path, slug: str, design: Design, look: Look[L], lend: Lend = nobody, memory: Memory[L] | None = None
) -> tuple[Volume, list[Problem], dict[str, L]]:
    """Read a volume whole, and give beside it what a look at each case finds.

    Where `lend` gives an executor, many cases are read and looked over side by side on it. What the `memory` holds and
    is the same still is not read again.
    """
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
            spot = found.spots.get((word,), (0, 0))
            what, cure = f'There is no {word} "{name}" in styles/{word}s/.', did_you_mean(name, known)
            desk.fault("volume.yaml", what, cure, *spot)
    slugs = tuple(name.partition("/")[0] for name in desk.names("*/case.md"))
    reader = Reader(desk, Rules(matter, unread, volume_words(design, matter), slugs), look)
    read = reader.cases(lend, memory or Memory())
    cases = {one.case.slug: one.case for one in read}
    volume = Volume(slug, file, matter, cases, reader.prose(), found.spots, "", unread)
    return replace(volume, digest=desk.digest()), desk.problems, {one.case.slug: one.look for one in read}


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
        yield Problem(file, *located.spot_of(("language",), found.spots), what, cure)
    elif name and f"layouts/publishers/{name}/{language}.yaml" not in design.files:
        known = _names(design, "layouts/publishers/", f"/{language}.yaml")
        what = f'The publisher "{name}" has no texts in the language "{language}".'
        cure = f"Add layouts/publishers/{name}/{language}.yaml. {did_you_mean(name, known)}".strip()
        yield Problem(file, *located.spot_of(("publisher", "texts"), found.spots), what, cure)


def _names(design: Design, before: str, after: str) -> list[str]:
    inside = (path for path in design.files if path.startswith(before) and path.endswith(after))
    return [path.removeprefix(before).removesuffix(after) for path in inside]
