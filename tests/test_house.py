"""The rooms of the house and the doors between them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .conftest import PROJECT, SAMPLE, Desk

PACKAGE = PROJECT / "compendium"
READERS = {
    *("reading", "desk", "floats", "markup", "manuscript", "located", "vetting"),
    *("checking", "checking_text", "checking_figures", "checking_case", "language", "starting", "schema"),
}
MAKERS = {
    *("wording", "prose", "charts", "figures", "composing", "printing"),
    *("cartography", "labelling", "engraving", "maps", "vignette", "atlas"),
    *("tags", "structure", "tagging", "measuring", "sorts", "store", "ledger", "workers", "press"),
    *("stamping", "binding", "uniting"),
    *("proofing", "galley", "proofing_breaks", "proofing_lines", "proofing_words"),
    *("preflight", "preflight_sheets", "preflight_file", "preflight_pages", "preflight_fonts", "preflight_tags"),
    *("preflight_elements", "preflight_thinned", "reporting"),
}
LIVES_IN = {
    "pydantic": {"values", "records", "vetting", "ledger", "store"},
    "yaml": {"located"},
    "markdown_it": {"markup", "manuscript"},
    "mdit_py_plugins": {"markup"},
    "PIL": {"desk"},
    "vl_convert": {"figures"},
    "jinja2": {"composing", "reporting"},
    "weasyprint": {"printing", "structure", "tagging", "measuring", "sorts"},
    "pydyf": {"tagging"},
    "fontTools": {"tagging", "preflight_fonts"},
    "pyphen": {"proofing_lines"},
    "uharfbuzz": {"uniting"},
    "watchfiles": {"watching"},
    "pypdf": {"stamping"},
    "pikepdf": {
        *("binding", "uniting", "preflight_sheets", "preflight_file", "preflight_pages", "preflight_fonts"),
        *("preflight_tags", "preflight_thinned"),
    },
    "babel": {"wording", "checking_case"},
    "rich": {"console"},
    "hunspell": {"language"},
}


def imports(path: Path) -> tuple[set[str], set[str]]:
    """Give the modules of ours, and the packages of others, that a module imports."""
    ours: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            ours |= {node.module.split(".")[0]} if node.module else {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            others.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            others |= {name.name.split(".")[0] for name in node.names}
    return ours, others


MODULES = {path.stem: imports(path) for path in sorted(PACKAGE.glob("*.py"))}


@pytest.mark.parametrize("module", ["errors", "identifiers", "pages", "setting_up"])
def test_the_ground_floor_imports_nothing_of_ours(module: str) -> None:
    assert MODULES[module][0] == set()
    assert MODULES["values"][0] == {"identifiers"}
    assert MODULES["records"][0] == {"values"}
    assert MODULES["model"][0] == {"records"}
    assert MODULES["chapters"][0] == {"pages"}
    assert MODULES["galley"][0] == MODULES["measuring"][0] == {"pages"}


def test_readers_and_makers_never_import_each_other() -> None:
    assert {m for m in READERS if MODULES[m][0] & MAKERS} == set()
    assert {m for m in MAKERS if MODULES[m][0] & READERS} == set()


def test_printing_knows_neither_case_nor_edition() -> None:
    text = (PACKAGE / "printing.py").read_text("utf-8")
    names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    assert names.isdisjoint({"Case", "Edition", "Volume"})
    assert MODULES["printing"][0] == {"chapters", "measuring", "sorts", "tagging"}


def test_every_library_lives_in_its_room() -> None:
    for package, rooms in LIVES_IN.items():
        assert {module for module, (_, others) in MODULES.items() if package in others} == rooms, package


def test_no_module_has_grown_a_second_job() -> None:
    sizes = {path.name: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.glob("*.py")}
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

    work = Desk(tmp_path / "project", SAMPLE)
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
