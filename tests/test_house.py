"""The rooms of the house and the doors between them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from .conftest import PROJECT, SAMPLE, Desk

PACKAGE = PROJECT / "compendium"
GROUND = ("errors", "identifiers", "pages", "pictures", "setting_up", "workers")
READERS = {"reading", "checking", "starting", "schema", "snippets"}
MAKERS = {
    *("wording", "prose", "figures", "composing", "printing", "press", "separating", "stamping", "binding", "proofing"),
    *("preflight", "proving", "reporting", "despatch", "finishing", "offprints", "weighing", "manifest", "takes"),
}
LIVES_IN = {
    "pydantic": {
        *("pages", "values", "records", "printers", "standing", "register"),
        *("reading.vetting", "press.ledger", "press.store"),
    },
    "yaml": {"reading.located"},
    "markdown_it": {"reading.syntax", "reading.markup", "reading.manuscript"},
    "mdit_py_plugins": {"reading.syntax"},
    "PIL": {"pictures", "separating.inks", "reading.desk", "preflight.prepress.ghostscript"},
    "vl_convert": {"figures"},
    "jinja2": {"composing", "reporting"},
    "weasyprint": {
        *("printing", "printing.breaking", "printing.structure", "printing.tagging", "printing.measuring"),
        *("printing.sides", "printing.sorts", "printing.naming", "printing.keeping", "printing.hastening", "engine"),
        *("printing.styling", "printing.drawing"),
    },
    "pydyf": {"printing.tagging"},
    "tinyhtml5": {"printing.hastening"},
    "fontTools": {"printing.tagging", "preflight.fonts"},
    "pyphen": {"proofing.lines"},
    "uharfbuzz": {"binding.uniting"},
    "watchfiles": {"watching"},
    "pypdf": {"stamping"},
    "pikepdf": {
        *("binding", "binding.objects", "binding.outline", "binding.signatures", "binding.uniting"),
        *("separating", "separating.plates", "separating.sheets"),
        *("preflight.sheets", "preflight.contents", "preflight.file", "preflight.pages", "preflight.fonts"),
        *("preflight.tags", "preflight.thinned"),
        *(f"preflight.prepress.{room}" for room in ("colours", "states", "typeset", "painted", "impressions")),
        *(f"preflight.prepress.{room}" for room in ("document", "inks", "details", "thumbnails")),
        *("despatch.proof", "finishing", "finishing.pictures", "finishing.excerpts", "binding.linearizing", "weighing"),
    },
    "babel": {"wording", "checking.case"},
    "rich": {"terminal"},
    "hunspell": {"checking.language"},
}


def name_of(path: Path) -> str:
    """Give a module's name below the package; a folder's own module is called as the folder."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name != "__pycache__"}


def imports(path: Path) -> tuple[set[str], set[str]]:
    """Give the modules of ours, and the packages of others, that a module imports."""
    folder = ("compendium", *path.relative_to(PACKAGE).parent.parts)
    named: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) - node.level + 1] if node.level else ()
            origin = ".".join([*above, *([node.module] if node.module else [])])
            named |= {origin} | {f"{origin}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            named |= {name.name for name in node.names}
    ours = {name.removeprefix("compendium.") for name in named if name.startswith("compendium.")} & set(MODULES)
    return ours, {name.split(".")[0] for name in named} - {"compendium"}


IMPORTS = {name: imports(path) for name, path in MODULES.items()}


def rooms(names: Iterable[str]) -> set[str]:
    """Give the stages to which modules belong."""
    return {name.split(".")[0] for name in names}


def test_the_ground_floor_imports_nothing_of_ours() -> None:
    assert {name for name in GROUND if IMPORTS[name][0]} == set()
    assert IMPORTS["values"][0] == {"identifiers"}
    assert IMPORTS["records"][0] == IMPORTS["printers"][0] == {"values"}
    assert IMPORTS["model"][0] == {"records"}
    assert IMPORTS["chapters"][0] == set()
    assert IMPORTS["proofing.galley"][0] == IMPORTS["printing.measuring"][0] == {"pages"}


def test_readers_and_makers_never_import_each_other() -> None:
    doors = {(name, ours) for name, (imported, _) in IMPORTS.items() for ours in imported}
    assert {door for door in doors if rooms(door[:1]) <= READERS and rooms(door[1:]) <= MAKERS} == set()
    assert {door for door in doors if rooms(door[:1]) <= MAKERS and rooms(door[1:]) <= READERS} == set()
    assert rooms(MODULES) >= READERS | MAKERS


def test_printing_knows_neither_case_nor_edition() -> None:
    for name in (name for name in MODULES if rooms([name]) == {"printing"}):
        text = MODULES[name].read_text("utf-8")
        names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
        assert names.isdisjoint({"Case", "Edition", "Volume"})
        assert rooms(IMPORTS[name][0]) <= {"chapters", "pages", "pictures", "printing"}


def test_every_library_lives_in_its_room() -> None:
    for package, homes in LIVES_IN.items():
        assert {module for module, (_, others) in IMPORTS.items() if package in others} == homes, package


def test_no_module_has_grown_a_second_job() -> None:
    sizes = {name: len(path.read_text("utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name for name, lines in sizes.items() if lines > 400} == set()
    assert len((PROJECT / "build.py").read_text("utf-8").splitlines()) <= 170


def test_every_word_of_english_has_its_french() -> None:
    texts = [(PROJECT / f"layouts/words/{language}.yaml").read_text("utf-8") for language in ("en", "fr")]
    english, french = (set(re.findall(r"^(\w+):", text, re.MULTILINE)) for text in texts)
    assert english == french


def readme_commands() -> list[list[str]]:
    text = (PROJECT / "README.md").read_text("utf-8")
    lines = [line.partition("#")[0].split() for line in text.splitlines() if line.startswith("python3 build.py")]
    return [line[2:] for line in lines if line[2:3] != ["test"]]


def test_every_command_of_the_readme_works(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    import build as program

    small = Desk(tmp_path / "project", "minimal")
    small.folder.rename(small.folder.with_name(SAMPLE))  # the commands are the sample's; a small book proves them
    work = Desk.at(small.root, SAMPLE)
    commands = readme_commands()
    assert [] in commands
    for words in commands:
        if words == ["--help"]:
            continue
        assert program.main(words, work.root) == 0, (words, capfd.readouterr().err)
    assert work.file.exists()


def test_help_is_there_for_every_command(capfd: pytest.CaptureFixture[str]) -> None:
    import build as program

    for words in (["--help"], ["build", "--help"], ["check", "--help"], ["new", "case", "--help"], ["test", "--help"]):
        with pytest.raises(SystemExit) as end:
            program.main(words)
        assert end.value.code == 0
        assert "usage: build.py" in capfd.readouterr().out
