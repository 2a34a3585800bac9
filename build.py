#!/usr/bin/env python3
"""Compendium: turns a folder of case studies into a typeset book.

python3 build.py            build every edition of the newest volume
python3 build.py test       run the whole test suite
python3 build.py --help     everything else
"""

from compendium import setting_up

if __name__ == "__main__":
    setting_up.ensure()

import argparse
import gc
import subprocess
import sys
import time
from pathlib import Path

from compendium import checking, reading
from compendium.console import FORMATS, Console
from compendium.delivering import deliver
from compendium.errors import CompendiumError, Faults, MachineFault, Problem, counted
from compendium.model import Design, Volume
from compendium.records import Edition
from compendium.wording import Wording

ROOT = Path(__file__).resolve().parent


def main(words: list[str], root: Path = ROOT) -> int:
    """Do what the command line asks of the project in `root`; give the exit code."""
    asked = command_line().parse_args(words or ["build"])
    asked.root = root
    console = Console(root, quiet=getattr(asked, "quiet", False), form=getattr(asked, "format", "text"))
    try:
        return int(asked.command(asked, console))
    except Faults as faults:
        console.faults(faults.problems)
        return faults.exit_code
    except CompendiumError as fault:
        console.complain(str(fault))
        return fault.exit_code
    except OSError as fault:
        console.complain(f"{fault.filename or 'The disk'}: {fault.strerror}. The last good files stand.")
        return MachineFault.exit_code
    except KeyboardInterrupt:
        console.complain("Stopped. The last good files stand.")
        return 130


def build(asked: argparse.Namespace, console: Console) -> int:
    """Make the editions of a volume and put them in place."""
    design = reading.read_design(asked.root)
    editions = reading.read_editions(design, asked.edition)
    volume, wording = checked(asked.root, asked.volume, design, console)
    for edition in editions:
        publish(asked.root, volume, edition, wording, design, console)
    return 0


def check(asked: argparse.Namespace, console: Console) -> int:
    """Say every problem of a volume's content."""
    design = reading.read_design(asked.root)
    volume, problems = looked_over(asked.root, asked.volume, design)
    problems += checking.check_statuses(volume, reading.read_editions(design, []))
    stop_at(problems, console)
    found = f", {counted(len(problems), 'remark')}" if problems else ", no problems"
    console.say(f"cases/{volume.slug}: {counted(len(volume.cases), 'case')}{found}.")
    return 0


def checked(root: Path, name: str | None, design: Design, console: Console) -> tuple[Volume, Wording]:
    """Read a volume and hold it against its rules."""
    volume, problems = looked_over(root, name, design)
    stop_at(problems, console)
    return volume, Wording(volume.matter, *reading.read_words(design, volume.matter))


def looked_over(root: Path, name: str | None, design: Design) -> tuple[Volume, list[Problem]]:
    """Read a volume, and give everything that is wrong with its content."""
    gc.disable()  # all that is read stays: looking for what could be freed costs a fifth of the time
    try:
        volume, problems = reading.read_volume(root, name or reading.newest_volume(root), design)
        words = reading.volume_words(design, volume.matter)
        return volume, problems + checking.check(volume, design.listed_pages, words)
    finally:
        gc.enable()


def publish(root: Path, volume: Volume, edition: Edition, wording: Wording, design: Design, console: Console) -> None:
    """Compose → print → stamp → bind → preflight: one edition, put in place when its gates have passed."""
    # Here and not above: `check` says its word before the engine of the pages would be loaded.
    from compendium import binding, composing, figures, preflight, press, printing, proofing, stamping  # noqa: PLC0415

    started = time.monotonic()
    stop_at(checking.check_statuses(volume, [edition]), console)
    figures.use_fonts(root / "styles" / "fonts")
    composer = composing.Composer(volume, wording, design)
    sheets = ("styles/book.css", f"styles/editions/{edition.name}.css")
    printer = printing.Printer(design.sheets, sheets, edition.tagged)
    with console.bar:
        placed = press.run(composer.compose, printer.print, lambda *at: console.printing(edition.title, *at))
    stop_at(proofing.engine_warnings(placed, volume) + proofing.dead_links(placed, volume), console)
    metadata = composing.metadata(volume, edition, wording)
    shell = stamping.stamp(metadata, printing.PRODUCER, stamping.numberings(placed), wording.words["cover"])
    book = binding.bind(shell, placed)
    path = root / "output" / volume.slug / f"{volume.slug}-{edition.name}.pdf"
    stop_at(preflight.inspect(book, metadata, design.families, str(path.relative_to(root))), console)
    deliver(book, path)
    console.made(path.relative_to(root), preflight.page_count(book), len(book), time.monotonic() - started)


def stop_at(problems: list[Problem], console: Console) -> None:
    """End the work where there are severe problems; say the others and go on."""
    if any(problem.severe for problem in problems):
        raise Faults(problems)
    console.remarks(sorted(set(problems)))


def test(asked: argparse.Namespace, console: Console) -> int:
    """Run lint, types and the whole test suite."""
    tools = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], ["pytest", *asked.arguments])
    return max(subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, check=False).returncode for tool in tools)


def command_line() -> argparse.ArgumentParser:
    """Describe the commands."""
    parser = argparse.ArgumentParser(prog="build.py", description="Turn a folder of case studies into a typeset book.")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, does: object, says: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=says, description=says)
        one.set_defaults(command=does)
        return one

    one = command("build", build, "Make the editions of a volume (this is what build.py does when nothing is asked).")
    one.add_argument("volume", nargs="?", help="folder below cases/; the newest when left out")
    one.add_argument("--edition", action="append", default=[], metavar="NAME", help="only this edition (repeatable)")
    one.add_argument("--quiet", action="store_true", help="say nothing unless something is wrong")
    one = command("check", check, "Say everything that is wrong with a volume's content, and write nothing.")
    one.add_argument("volume", nargs="?", help="folder below cases/; the newest when left out")
    one.add_argument("--format", choices=FORMATS, default="text", help="text, or for machines: json, github")
    one = command("test", test, "Run the whole test suite, lint and types.")
    one.add_argument("arguments", nargs="*", help="handed to pytest")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
