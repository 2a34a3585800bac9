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
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from compendium.workers import Workers, undisturbed

with undisturbed():
    from compendium import checking, command_line, reading, schema, snippets, starting
    from compendium.admitting import Memory, checked, looked_over
    from compendium.console import Console
    from compendium.errors import CompendiumError, Faults, MachineFault, counted
    from compendium.reading.printers import read_printer

ROOT = Path(__file__).resolve().parent
LETTERS_A_SECOND = 35_000
"""So many letters of a text, about half of what they are as HTML, are printed in it."""


def main(words: list[str], root: Path = ROOT) -> int:
    """Do what the command line asks of the project in `root`; give the exit code."""
    asked = command_line.parser(COMMANDS).parse_args(words or ["build"])
    asked.root = root
    console = Console(root, asked.quiet, asked.why, asked.format)
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
    from compendium import standing

    design = reading.read_design(asked.root)
    editions = reading.read_editions(design, asked.edition)
    with Workers("compendium.proving") as hands:
        volume, wording = checked(asked.root, asked.volume, design, console, hands.lend)
        printer = read_printer(design, asked.printer or volume.matter.printer)
        editions = [edition for edition in editions if printer or asked.edition or not edition.for_press]
        source, said = standing.made_from(volume, design, [editions, printer]), len(console.remarked)
        if standing.stands(asked.root, volume.slug, source, console):
            return 0
        call_for_help(asked.root, volume.slug, hands)
        from compendium import making, publishing  # who has nothing to build does not wait for the engine

        job = making.Job(making.Workshop(asked.root, hands), volume, wording, design, console, printer)
        for edition in editions:
            publishing.publish(job, edition)
        standing.keep(asked.root, volume.slug, source, said, console)
    return 0


def watch(asked: argparse.Namespace, console: Console) -> int:
    """Build an edition now and after every save: at once in place below `watch/`; the gates' word follows."""
    slug = asked.volume or reading.newest_volume(asked.root)
    folders, memory = [asked.root / folder for folder in (f"cases/{slug}", "layouts", "styles")], Memory()
    with Workers("compendium.proving") as hands, suppress(KeyboardInterrupt):
        call_for_help(asked.root, slug, hands)
        from compendium import making, publishing, watching  # while others load the engine, too

        shop = making.Workshop(asked.root, hands)
        for saved in console.rounds(watching.saves(folders, asked.root)):
            try:
                design = reading.read_design(asked.root)
                volume, wording = checked(asked.root, slug, design, console, hands.lend, memory)
                printer = read_printer(design, volume.matter.printer)
                job = making.Job(shop, volume, wording, design, console, printer)
                publishing.rush(job, reading.read_editions(design, [asked.edition])[0], saved)
            except Faults as faults:
                console.faults(faults.problems)
            except CompendiumError as fault:
                console.complain(str(fault))
    return 0


def check(asked: argparse.Namespace, console: Console) -> int:
    """Say every problem of a volume's content."""
    design = reading.read_design(asked.root)
    with Workers("") as hands:
        volume, problems = looked_over(asked.root, asked.volume, design, hands.lend)
    problems += checking.check_statuses(volume, reading.read_editions(design, []))
    console.stop_at(problems)
    found = f", {counted(len(problems), 'remark')}" if problems else ", no problems"
    console.say(f"cases/{volume.slug}: {counted(len(volume.cases), 'case')}{found}.")
    if asked.verbose:
        from compendium.checking import language  # only who asks for spelling waits for a dictionary

        own_words = reading.read_own_words(asked.root, volume.slug)
        console.reviewed(*language.review(volume, asked.root / "layouts" / "dictionaries", own_words))
    return 0


def new(asked: argparse.Namespace, console: Console) -> int:
    """Begin a case or a volume: a folder in which every field stands explained."""
    design = reading.read_design(asked.root)
    if asked.what == "volume":
        file, name = starting.new_volume(asked.root, design, asked.name), asked.name
        schema.write_volume_schema(asked.root, design)
    else:
        volume, problems = reading.read_volume(asked.root, asked.volume or reading.newest_volume(asked.root), design)
        name = volume.slug
        file = starting.new_case(asked.root, volume, problems, design.listed_pages, asked.slug)
        schema.write_case_schema(asked.root, name, volume.matter)
        snippets.write_snippets(asked.root, name, volume.matter)
        console.say(f"The case is held back in cases/{name}/volume.yaml until you put it into a part.")
    console.say(f"Fill in {file}; python3 build.py check {name} says what is missing.")
    return 0


def schemas(asked: argparse.Namespace, console: Console) -> int:
    """Write the schemas and snippets with which text editors complete and check a volume's files."""
    design = reading.read_design(asked.root)
    volume, problems = reading.read_volume(asked.root, asked.volume or reading.newest_volume(asked.root), design)
    console.stop_at([problem for problem in problems if problem.file == volume.file])
    console.say(schema.write_volume_schema(asked.root, design))
    console.say(schema.write_case_schema(asked.root, volume.slug, volume.matter))
    console.say(snippets.write_snippets(asked.root, volume.slug, volume.matter))
    return 0


def test(asked: argparse.Namespace, console: Console) -> int:
    """Run lint, types and the whole test suite."""
    pytest = ["pytest", "--numprocesses=auto", "--dist=loadfile", *asked.arguments]
    tools = (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"], pytest)
    return max(subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, check=False).returncode for tool in tools)


def call_for_help(root: Path, slug: str, hands: Workers) -> None:
    """Let processes start where nothing is kept, and all will be printed, while this one makes ready for it."""
    if not (root / "output" / ".press").exists():
        cases = (path for path in (root / "cases" / slug).glob("*/case.md") if path.is_file())
        hands.lend(sum(path.stat().st_size for path in cases) / LETTERS_A_SECOND)


COMMANDS = {"build": build, "watch": watch, "check": check, "new": new, "schema": schemas, "test": test}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
