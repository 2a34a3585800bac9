"""Measures our program against its peers on the same book, in alternating runs, and prints the table.

python3 -m tests.benchmarks table [--peers FOLDER] [--runs 5] [--cases 1000]

docs/benchmarks.md says what is measured, and how to install the peers; one that is missing is said to be missing.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import peers
from .book import Book, Watch, Word
from .measuring import Cost, Peak, adopt
from .volumes import SAMPLE, THOUSAND, project, sample, thousand

EDITS = 5
"""Changes of a word in each run; after each, one of the peers that print in one piece prints the book too."""
EDITS_OF_THOUSAND = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What is held against what, and the ratio that is to be reached."""

    case: str
    ours: str
    theirs: str
    most: str


ROWS = [
    Row("One word changed, `watch`, book in place", "word", "Typst warm", "2.0, aimed at 1.0"),
    Row("", "word", "WeasyPrint", "0.1"),
    Row("", "word", "Paged.js", "0.1"),
    Row("", "word", "Vivliostyle", "0.1"),
    Row("One word changed, new process `build`", "word, build", "WeasyPrint", "0.3"),
    Row("Nothing changed, new process `build`", "nothing, build", "WeasyPrint", "0.1"),
    Row("A page more in the first case, `watch`", "page", "clean", "0.5"),
    Row("Clean build, print and bind", "clean", "WeasyPrint", "0.55"),
    Row("", "clean", "Paged.js", "0.8"),
    Row("Clean build, with all gates", "clean, build", "WeasyPrint", "0.8"),
    Row("", "clean, build", "Paged.js", "0.8"),
    Row("{cases} cases: one word changed, `watch`", "thousand: word", "thousand: Typst warm", "0.25"),
    Row("{cases} cases: clean build, print and bind, a page", "thousand: clean, a page", "clean, a page", "1.3"),
    Row("{cases} cases: the same with all gates", "thousand: proven, a page", "proven, a page", "1.3"),
]
NAMES = {
    "word": "ours",
    "Typst warm": "Typst, warm",
    "clean": "our clean build",
    "thousand: Typst warm": "Typst, warm",
    "clean, a page": "18 cases, a page",
    "proven, a page": "18 cases, a page",
}

Costs = dict[str, list[Cost]]


class Bench:
    """Where the books are measured, and what has been found."""

    def __init__(self, folder: Path, found: Path) -> None:
        self.folder, self.costs = folder, defaultdict[str, list[Cost]](list)
        self.said = folder / "said-by-peers.txt"
        self.python, self.typst = peers.typst(found)
        self.known = peers.one_piece(found)
        self.engines = [engine for engine in self.known if engine.version]
        self.browser = peers.chromium(found)
        self.notes: list[str] = []

    def note(self, what: str, cost: Cost) -> None:
        """Keep a figure, and say it."""
        self.costs[what].append(cost)
        print(f"{what}: {cost.clock:.3f} s, processor {cost.processor:.3f} s", file=sys.stderr, flush=True)

    @contextmanager
    def forgiving(self, what: str) -> Iterator[None]:
        """Go on where something breaks: what else is measured is worth keeping."""
        try:
            yield
        except (RuntimeError, AssertionError, OSError) as fault:
            self.notes.append(f"{what} broke off: {fault}")
            print(self.notes[-1], file=sys.stderr, flush=True)


def measure_sample(bench: Bench, runs: int) -> None:
    """Measure the sample volume: everything in turn, so that all have the same machine."""
    root = project(bench.folder / "sample")
    sample(root / "cases" / SAMPLE)
    book = Book(root, SAMPLE)
    book.build()  # on which side captions stand
    html, source = book.html(bench.folder / "html"), book.typst(bench.folder / "typst")
    word = Word(book, source, html)
    with peers.warm_typst(bench.python, source, bench.said) as typst:
        bench.notes += [f"Typst makes the sample volume from nothing in {said(typst.first)}."] if typst else []
        for _ in range(runs):
            book.forget()
            with Watch(book) as watch:
                measure_edits(bench, book, watch, typst, word)
            measure_builds(bench, book, word)


def measure_edits(bench: Bench, book: Book, watch: Watch, typst: peers.Typst | None, word: Word) -> None:
    """Measure what `watch` does: begin, follow a change of a word while the peers do the same, follow a page more."""
    pages = begin(bench, watch, "")
    for number in range(EDITS):
        edit(bench, watch, typst, word, "")
        for engine in bench.engines[number : number + 1]:
            word.save("html")
            with bench.forgiving(engine.name):
                bench.note(engine.name, engine.prints(word.files["html"], bench.said))
    assert watch.shows(word.now)
    bench.note("page", watch.follows(book.grows))
    assert watch.pages() > pages
    watch.proves()


def measure_builds(bench: Bench, book: Book, word: Word) -> None:
    """Measure new processes: after a word was changed, after nothing was, and when all must be made."""
    book.shrinks()
    book.build()
    word.changes()
    word.save("ours")
    bench.note("word, build", book.build())
    bench.note("nothing, build", book.build())
    book.forget()
    bench.note("clean, build", book.build())


def measure_thousand(bench: Bench, cases: int) -> None:
    """Measure a large volume."""
    root = project(bench.folder / "thousand")
    thousand(root / "cases" / THOUSAND, cases)
    book = Book(root, THOUSAND)
    with Watch(book) as watch:
        with Peak(watch) as peak:
            pages = begin(bench, watch, "thousand: ")
        held = f"{peak.memory / 1e9:.2f} GB"
        bench.notes.append(f"{cases:,} cases are {pages:,} pages; most memory held at once: {held} (to reach: 1.5 GB).")
        source = book.typst(bench.folder / "typst-of-thousand")
        word = Word(book, source)
        with peers.warm_typst(bench.python, source, bench.said) as typst:
            bench.notes += [f"Typst makes the large one from nothing in {said(typst.first)}."] if typst else []
            for _ in range(EDITS_OF_THOUSAND):
                edit(bench, watch, typst, word, "thousand: ")
        assert watch.shows(word.now)


def begin(bench: Bench, watch: Watch, which: str) -> int:
    """Measure a clean build, until the book is in place, and until the gates have spoken; give its pages."""
    clean, proven, pages = watch.begins(), watch.proves(), watch.pages()
    bench.note(f"{which}clean", clean)
    bench.note(f"{which}proven", proven)
    for name, cost in (("clean", clean), ("proven", proven)):
        bench.note(f"{which}{name}, a page", Cost(cost.clock / pages, cost.processor / pages))
    return pages


def edit(bench: Bench, watch: Watch, typst: peers.Typst | None, word: Word, which: str) -> None:
    """Change the word, in our book and then in Typst's; wait for the gates between."""
    word.changes()
    bench.note(f"{which}word", watch.follows(lambda: word.save("ours")))
    watch.proves()
    if typst:
        bench.note(f"{which}Typst warm", typst.follows(lambda: word.save("typst")))


def table(bench: Bench, cases: int) -> str:
    """Give the table, as Markdown."""
    lines = [
        "| case | ours | against | theirs | ratio | processor: ours, theirs, ratio | to reach |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        ours, theirs = bench.costs.get(row.ours), bench.costs.get(row.theirs)
        case = row.case.format(cases=f"{cases:,}")
        name = NAMES.get(row.theirs, row.theirs)
        if not ours:
            continue
        if theirs:
            a, b = middle(ours), middle(theirs)
            clock = f"{said(a.clock)} | {name} | {said(b.clock)} | **{a.clock / b.clock:.2f}**"
            processor = f"{said(a.processor)}, {said(b.processor)}, {a.processor / b.processor:.2f}"
            lines.append(f"| {case} | {clock} | {processor} | ≤ {row.most} |")
        else:
            lines.append(f"| {case} | {said(middle(ours).clock)} | {name} | missing | – | – | ≤ {row.most} |")
    return "\n".join(lines)


def middle(costs: list[Cost]) -> Cost:
    """Give the medians."""
    return Cost(median(cost.clock for cost in costs), median(cost.processor for cost in costs))


def said(seconds: float) -> str:
    """Write seconds, with as many figures as can be trusted."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def machine(bench: Bench) -> str:
    """Say on what this ran."""
    info = Path("/proc/cpuinfo").read_text("utf-8")
    model = re.findall(r"model name\s*: (.*)", info)
    memory = int(re.findall(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text("utf-8"))[0]) // 1_000_000
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    processors = f"{len(model)} × {model[0] if model else platform.machine()}"
    versions = [f"{engine.name} {engine.version or 'missing'}" for engine in bench.known]
    lines = [
        f"{processors}, {memory} GB, {system}, Python {platform.python_version()}.",
        f"Typst {bench.typst or 'missing'}, {', '.join(versions)}; {bench.browser or 'Chromium missing'}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.benchmarks table")
    parser.add_argument("--peers", type=Path, default=Path(), help="the folder in which the peers were installed")
    parser.add_argument("--runs", type=int, default=5, help="runs over the sample volume; 0 leaves it out")
    parser.add_argument("--cases", type=int, default=1000, help="cases of the large volume; 0 leaves it out")
    asked = parser.parse_args()
    adopt()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        bench = Bench(Path(folder), asked.peers.resolve())
        print(machine(bench), file=sys.stderr)
        if asked.runs:
            with bench.forgiving("The sample volume"):
                measure_sample(bench, asked.runs)
        if asked.cases:
            with bench.forgiving("The large volume"):
                measure_thousand(bench, asked.cases)
    print("\n".join([machine(bench), "", table(bench, asked.cases), "", *bench.notes]))


if __name__ == "__main__":
    main()
