"""A book that is measured: what the editor does to it, and how long our program takes to follow."""

from __future__ import annotations

import itertools
import re
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import yaml

from compendium import admitting, composing, reading
from compendium.chapters import Chapter, PageMap
from compendium.console import Console
from compendium.press import ledger
from tests.inspector import Inspector

from . import one_piece, typst_source
from .measuring import Cost, Group, run, signature

PATIENCE = 3_600
"""Seconds after which our program is taken to hang."""
PAGEFUL = 3_500
"""Letters that fill more than a page of text."""


class Book:
    """A volume in a project of its own, as an editor has it on her disk."""

    def __init__(self, root: Path, slug: str) -> None:
        self.root, self.slug, self.volume = root, slug, root / "cases" / slug
        self.said = root / "said.txt"
        order = yaml.safe_load((self.volume / "volume.yaml").read_text("utf-8"))
        self.cases = [case for part in order["parts"] for case in part["cases"]]
        self.first = self.volume / self.cases[0] / "case.md"
        self.short = self.first.read_text("utf-8")

    def forget(self) -> None:
        """Delete all that was ever built."""
        shutil.rmtree(self.root / "output", ignore_errors=True)

    def build(self) -> Cost:
        """Build the screen edition in a new process."""
        return run(["python3", "build.py", "build", self.slug, "--edition", "screen"], self.root, self.said)

    def html(self, folder: Path) -> Path:
        """Write the book as one HTML document, as it was last built; give its file."""
        folder.mkdir()
        design = reading.read_design(self.root)
        return one_piece.write(self.chapters(), design, design.clothes(None, "screen"), folder)

    def typst(self, folder: Path) -> Path:
        """Write the book as Typst source, as it was last built; give the file to begin with."""
        folder.mkdir()
        return typst_source.write(self.chapters(), folder)

    def chapters(self) -> Sequence[Chapter]:
        """Compose the book, with what our chapters find out by themselves: on which side each block stands."""
        design = reading.read_design(self.root)
        volume, wording = admitting.checked(self.root, self.slug, design, Console(self.root, quiet=True))
        pages = ledger.read(self.root / "output" / ".press" / f"{self.slug}-screen.json").pages
        chapters = composing.Composer(volume, wording, design).compose(pages)
        return [replace(chapter, html=_sided(chapter.html, pages)) for chapter in chapters]

    def grows(self) -> None:
        """Save the first case with a page more of text, of words that the book has already."""
        foreword = (self.volume / "front" / "foreword.md").read_text("utf-8").split("\n\n")
        plain = " ".join(one for one in foreword if not re.search(r"[\[\]#*:|>]|---", one))
        more = (plain + " ") * (PAGEFUL // len(plain) + 1)
        before, heading, after = self.short.rpartition("\n## ")
        self.first.write_text(f"{before}\n{more}\n{heading}{after}", "utf-8")

    def shrinks(self) -> None:
        """Save the first case as it was."""
        self.first.write_text(self.short, "utf-8")


def _sided(html: str, pages: PageMap) -> str:
    """Give every block the class of the side on which it stands: that of its anchor, or of the last one before it."""
    side = "recto"

    def told(tag: re.Match[str]) -> str:
        nonlocal side
        anchor = re.search(r' id="([^"]+)"', tag[0] + tag[3])
        side = pages[anchor[1]].side if anchor and anchor[1] in pages else side
        if " class=" in tag[2]:
            return tag[1] + tag[2].replace(' class="', f' class="{side} ', 1) + tag[3]
        return f'{tag[1]} class="{side}"{tag[2]}{tag[3]}'

    return re.sub(r"(<(?:main|aside|figure|section|div))([^>]*>)(<table[^>]*>|)", told, html)


class Word:
    """A word in a case in the middle of the book: it stands once in each form of the book, and can be replaced."""

    def __init__(self, book: Book, typst: Path, html: Path | None = None) -> None:
        case = book.cases[len(book.cases) // 2]
        self.files = {"ours": book.volume / case / "case.md", "typst": typst.with_name(f"{case}.typ")}
        self.files |= {"html": html} if html else {}
        self.texts = {form: file.read_text("utf-8") for form, file in self.files.items()}
        self.word = next(filter(self._stands_once, re.findall(r"(?<= )[a-z]{6}(?= )", self.texts["ours"])))
        self._fresh = map("".join, itertools.product("abcde", repeat=6))
        self.changes()

    def _stands_once(self, word: str) -> bool:
        return all(len(re.findall(rf"\b{word}\b", text)) == 1 for text in self.texts.values())

    def changes(self) -> None:
        """Take a word that the book has never had."""
        self.now = next(self._fresh)

    def save(self, form: str) -> None:
        """Save one form of the book with the word as it is now."""
        self.files[form].write_text(re.sub(rf"\b{self.word}\b", self.now, self.texts[form]), "utf-8")


class Watch(Group):
    """`build.py watch` at work on a book, from its start on."""

    def __init__(self, book: Book) -> None:
        folder = book.root / "output" / book.slug / "watch"
        self.pdf = folder / f"{book.slug}-screen.pdf"
        self.reports = [folder / "reports" / f"screen{which}.html" for which in ("", "-refused")]
        self.seen = signature(*self.reports)
        super().__init__(["python3", "build.py", "watch", book.slug, "--edition", "screen"], book.root, book.said)

    def begins(self) -> Cost:
        """Wait for the first book."""
        self.wait_for(self.pdf.exists, PATIENCE)
        return self._since_the_start()

    def follows(self, save: Callable[[], None]) -> Cost:
        """Let the editor save, and wait until the book is in its place."""
        before, spent, started = signature(self.pdf), self.processor(), time.monotonic()
        save()
        self.wait_for(lambda: signature(self.pdf) != before, PATIENCE)
        return Cost(time.monotonic() - started, self.processor() - spent)

    def proves(self) -> Cost:
        """Wait for the gates' word on the last book; the cost is that since the start."""
        self.wait_for(lambda: signature(*self.reports) != self.seen, PATIENCE)
        self.seen = signature(*self.reports)
        return self._since_the_start()

    def _since_the_start(self) -> Cost:
        return Cost(time.monotonic() - self.started, self.processor())

    def shows(self, word: str) -> bool:
        """Tell whether a word stands in the book."""
        return any(word in text for text in Inspector(self.pdf.read_bytes()).texts)

    def pages(self) -> int:
        """Count the pages of the book."""
        with pikepdf.open(self.pdf) as pdf:
            return len(pdf.pages)
