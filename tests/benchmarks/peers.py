"""The programs that ours is measured against: where they are, which version, and how each prints the book.

They are no part of the project; docs/benchmarks.md says how to install them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from .measuring import Cost, Group, answer, run
from .volumes import PROJECT

FONTS = PROJECT / "styles" / "fonts"
PATIENCE = 3_600
"""Seconds after which a peer is taken to hang."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: its version, empty where it is missing, and its command for a book in one piece."""

    name: str
    version: str
    command: Callable[[Path, Path], Sequence[str]]

    def prints(self, book: Path, said: Path) -> Cost:
        """Print `book.html`, all of it, in a new process."""
        pdf = book.with_name(f"{self.name}.pdf")
        pdf.unlink(missing_ok=True)
        cost = run(self.command(book, pdf), book.parent, said, environment())
        assert pdf.stat().st_size, f"{self.name} made no book"
        return cost


class Typst(Group):
    """Typst in a process that stays warm, and has compiled the book once."""

    def __init__(self, python: str, source: Path, said: Path) -> None:
        program = str(Path(__file__).with_name("typst_warm.py"))
        command = [python, program, str(source), str(source.with_suffix(".pdf")), str(FONTS)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        super().__init__(command, source.parent, said, **pipes)
        answer(self.process.stdout)
        self.first = time.monotonic() - self.started
        """Seconds from the start of the process to the first book."""

    def follows(self, save: Callable[[], None]) -> Cost:
        """Let the author save, and compile again what that changed: Typst is told, and need not look out for it."""
        spent, started = self.processor(), time.monotonic()
        save()
        assert self.process.stdin
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        answer(self.process.stdout)
        return Cost(time.monotonic() - started, self.processor() - spent)


def warm_typst(python: str, source: Path, said: Path) -> AbstractContextManager[Typst | None]:
    """Start Typst, where there is one."""
    return Typst(python, source, said) if python else nullcontext()


def one_piece(folder: Path) -> list[Peer]:
    """Name the engines that print a book in one piece: those in `folder`, or else on the path."""
    paged, vivliostyle, chromium = (_found(folder, name) for name in ("pagedjs-cli", "vivliostyle", "chromium"))
    quiet = ["--browserArgs", "--no-sandbox", "--outline-tags", "h1,h2", "--timeout", str(PATIENCE * 1000)]
    browser = ["--executable-browser", chromium, "--timeout", str(PATIENCE)]
    return [
        Peer(
            "WeasyPrint",
            version("weasyprint"),
            lambda book, pdf: [sys.executable, "-m", "weasyprint", "--pdf-tags", str(book), str(pdf)],
        ),
        Peer(
            "Paged.js",
            _packaged(paged) if chromium else "",
            lambda book, pdf: [paged, str(book), "--output", str(pdf), *quiet],
        ),
        Peer(
            "Vivliostyle",
            _packaged(vivliostyle) if chromium else "",
            lambda book, pdf: [vivliostyle, "build", str(book), "--output", str(pdf), *browser],
        ),
    ]


def typst(folder: Path) -> tuple[str, str]:
    """Give the Python that has Typst, and Typst's version; two empty words where there is none."""
    asks = "from importlib.metadata import version; import typst; print(version('typst'))"
    for python in (str(folder / "bin" / "python"), sys.executable):
        if Path(python).exists():
            done = subprocess.run([python, "-c", asks], capture_output=True, text=True, check=False)
            if not done.returncode:
                return python, done.stdout.strip()
    return "", ""


def chromium(folder: Path) -> str:
    """Give the version of the browser in which two of the peers print."""
    program = _found(folder, "chromium")
    asked = [program, "--version"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() if program else ""


def environment() -> Mapping[str, str]:
    """Give peers our fonts, and the browser of the system."""
    return {
        **os.environ,
        "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
        "PUPPETEER_EXECUTABLE_PATH": shutil.which("chromium") or "",
    }


def _found(folder: Path, name: str) -> str:
    path = os.pathsep.join([str(folder / "node_modules" / ".bin"), os.environ.get("PATH", "")])
    return shutil.which(name, path=path) or ""


def _packaged(program: str) -> str:
    """Give the version of an npm package by one of its programs; an empty word where there is none."""
    if not program:
        return ""
    file = next(
        folder / "package.json" for folder in Path(program).resolve().parents if (folder / "package.json").exists()
    )
    return str(json.loads(file.read_text("utf-8"))["version"])
