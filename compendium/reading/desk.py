"""The one door to a volume's files: texts, tables of data and pictures, bounded, and nothing outside the folder."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path

from compendium.errors import Problem, counted
from compendium.model import Data, Image, Spot

LARGEST_TEXT = 1_000_000
LARGEST_FILE = 50_000_000
LONGEST_LINE = 10_000
MOST_LINES = 10_000
"""Bounds that keep a text that means harm from taking all day: its time grows with the square of a line."""
MOST_PIXELS = 100_000_000
MOST_ACROSS = 20_000
LONGEST_SHAPE = 10
"""How many times as long as it is wide a picture may be."""
MOST_ROWS = 2_000
MOST_COLUMNS = 50
LONGEST_CELL = 200
# All but the tab and the ends of lines (and what stands for letters that are none).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\ufffe\uffff]")
# Setting and composing such a heap takes time that grows with its square (Unicode, UAX 15, stream-safe text: 30).
_HEAP = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{31}")
_NOTHING = ""
"""The digest of a file that is not there."""
_CELL = re.compile(r'\s*("(?:[^"]|"")*"|[^,]*)[^,]*(?:,|$)')


class Desk:
    """Keeps the digests of what was read, and what is wrong with it."""

    def __init__(self, root: Path, folder: Path) -> None:
        # The folder itself is not followed: one that is a link leads outside, like any other.
        self.root, self.folder = root, Path(os.path.realpath(folder.parent)) / folder.name
        self.read: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.broken: set[str] = set()

    def name(self, path: str) -> str:
        """Name a file of the volume as the editor knows it."""
        return f"cases/{self.folder.name}/{path}"

    def fault(self, path: str, what: str, cure: str = "", line: int = 0, column: int = 0) -> None:
        """Note what is wrong with a file."""
        self.broken.add(path)
        self.problems.append(Problem(self.name(path), line, column, what, cure))

    def gather(self, other: Desk) -> None:
        """Take over what was read at another desk, and what is wrong with it."""
        self.read |= other.read
        self.problems += other.problems
        self.broken |= other.broken

    def bytes(self, path: str, largest: int = LARGEST_FILE) -> bytes | None:
        """Read a file inside the volume's folder, or give None where there is none."""
        full = Path(os.path.realpath(self.folder / path))
        if not full.is_relative_to(self.folder):
            self.fault(path, "The file lies outside the volume.", "Copy it into the folder of its case.")
            return None
        if not full.is_file():
            if os.path.lexists(self.folder / path):
                self.fault(path, "This is not a file that can be read.", "Put a file in its place.")
            self.read[path] = _NOTHING
            return None
        if full.stat().st_size > largest:
            self.fault(path, f"The file is larger than {largest // 1_000_000} MB.", "Make it smaller.")
            return None
        content = full.read_bytes()
        self.read[path] = hashlib.sha256(content).hexdigest()
        return content

    def names(self, pattern: str) -> list[str]:
        """Name the files of a pattern, in order: none of a folder outside, or with a name that cannot be printed."""
        folder = pattern.rpartition("*")[0].rstrip("/")
        if not Path(os.path.realpath(self.folder / folder)).is_relative_to(self.folder):
            self.fault(folder, "The folder lies outside the volume.", "Copy it into the volume.")
            return []
        names = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob(pattern))
        for name in names:
            if not name.isprintable():
                shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
                self.fault(shown, "The name holds signs that cannot be printed.", "Rename it.")
        return [name for name in names if name.isprintable()]

    def text(self, path: str) -> tuple[str, str]:
        """Read a text in UTF-8; one that is refused is empty. Byte order marks and any ends of lines are accepted.

        Decomposed letters stay, so that columns are those of the file; whoever takes words from it composes them.
        """
        content = self.bytes(path, LARGEST_TEXT) or b""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = content.count(b"\n", 0, fault.start) + 1
            before = content[content.rfind(b"\n", 0, fault.start) + 1 : fault.start].decode("utf-8-sig", "replace")
            self.fault(path, "This is not UTF-8 text.", 'Save the file as "UTF-8".', line, len(before) + 1)
            text = content.decode("utf-8-sig", "replace")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if sign := _CONTROL.search(text):
            line, column = text.count("\n", 0, sign.start()) + 1, sign.start() - text.rfind("\n", 0, sign.start())
            what = f"There is an invisible control character here (U+{ord(sign[0]):04X})."
            self.fault(path, what, "Take it out.", line, column)
        if heap := _HEAP.search(text):
            what = "A letter in this line bears more marks than any language needs."
            self.fault(path, what, "Take them out.", text.count("\n", 0, heap.start()) + 1)
            return self.name(path), ""
        return self.name(path), "" if self.is_too_long(path, text) else text.replace("\0", "\N{REPLACEMENT CHARACTER}")

    def is_too_long(self, path: str, text: str) -> bool:
        """Tell whether a text has more lines, or longer ones, than any that was written to be read."""
        lines = text.split("\n")
        if len(lines) > MOST_LINES:
            self.fault(path, f"The file has more than {MOST_LINES:,} lines.", "Make it shorter.")
        for number, line in enumerate(lines, 1):
            if len(line) > LONGEST_LINE:
                what = f"This line is longer than {LONGEST_LINE:,} characters."
                self.fault(path, what, "Begin new paragraphs in it.", number)
                return True
        return len(lines) > MOST_LINES

    def digest(self) -> str:
        """Give one SHA-256 over all files that were read, whatever folder the project lies in."""
        lines = (f"{path} {digest}\n" for path, digest in sorted(self.read.items()) if digest != _NOTHING)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def data(self, path: str) -> Data | None:
        """Read a CSV file with a head; None where there is none, or none that can be used."""
        _, text = self.text(path)
        if path in self.broken or self.read[path] == _NOTHING:
            return None
        lines = text.split("\n")
        reader = csv.reader(io.StringIO(unicodedata.normalize("NFC", text)), strict=True)
        rows, spots = [], []
        try:
            end = 0
            for row in reader:
                begin, end = end, reader.line_num
                if any(cell.strip() for cell in row):
                    rows.append(tuple(cell.strip() for cell in row))
                    spots.append(tuple(_cells(lines[begin], begin + 1)))
        except csv.Error as fault:
            cure = "Look for a quotation mark that is not closed."
            self.fault(path, f"This is not readable as CSV: {fault}.", cure, max(reader.line_num, 1), 1)
            return None
        data = Data(rows[0] if rows else (), tuple(rows[1:]), tuple(spots))
        return data if self.is_table(path, data) else None

    def is_table(self, path: str, data: Data) -> bool:
        """See that there are rows, all as long as the head, whose cells have names that differ."""
        width = len(data.columns)
        if not data.rows:
            self.fault(path, "There are no rows below the head.", "Write the numbers there, a row in a line.")
        elif len(data.rows) > MOST_ROWS or width > MOST_COLUMNS:
            cure = "Keep only what the chart shows."
            self.fault(path, f"There are more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns.", cure)
        elif width == 1 and ";" in data.columns[0]:
            cure = "Part the cells by commas; numbers have a decimal point."
            self.fault(path, "The cells are parted by semicolons.", cure, *data.spots[0][0])
        for n, name in enumerate(data.columns):
            if not name or name in data.columns[:n]:
                what = f'Two columns have the name "{name}".' if name else "This column has no name."
                self.fault(path, what, "Give each column a name of its own.", *_cell_spot(data, 0, n))
        for n, row in enumerate(data.rows, 1):
            if len(row) != width and path not in self.broken:
                cure = "Give every row the same number of cells as the head; put a text with a comma in quotes."
                what = f"This row has {counted(len(row), 'cell')}, the head has {width}."
                self.fault(path, what, cure, data.spots[n][0][0], 1)
            elif any(len(cell) > LONGEST_CELL for cell in row):
                what = f"This row has a cell of more than {LONGEST_CELL} characters."
                self.fault(path, what, "Shorten it: it stands beside a line or a bar.", data.spots[n][0][0], 1)
        return path not in self.broken

    def image(self, path: str) -> Image | None:
        """Read a JPEG or PNG; what is absurdly large is refused by its header, before it is unpacked."""
        content = self.bytes(path)
        if content is None:
            return None
        from PIL import Image as Pillow  # noqa: PLC0415  # a volume without pictures does not wait for it
        from PIL import ImageFile  # noqa: PLC0415  # a volume without pictures does not wait for it

        from compendium import pictures  # noqa: PLC0415  # it brings Pillow with it

        ImageFile.LOAD_TRUNCATED_IMAGES = False  # the engine sets it, and would print half a picture
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with Pillow.open(io.BytesIO(content), formats=pictures.FORMATS) as picture:
                    if self.is_absurd(path, *picture.size):
                        return None
                    width, height = pictures.size(picture)  # which unpacks a PNG: its size is known to be bearable
                    picture.draft(None, (1, 1))  # all of it is looked at, and an eighth unpacked
                    picture.load()
                    # What telephones write is a JPEG with more behind it, which is not printed.
                    kind = "JPEG" if picture.format == "MPO" else str(picture.format)
                    return Image(content, kind, width, height)
        except Pillow.DecompressionBombError:
            self.fault(path, "The picture is absurdly large.", "Scale it down.")
            return None
        except (OSError, ValueError, SyntaxError):
            self.fault(path, "This is not a picture that can be printed.", "Save it as JPEG or PNG.")
            return None

    def is_absurd(self, path: str, width: int, height: int) -> bool:
        """Tell whether a picture is too large to unpack, or too long to print."""
        size = f"({width} × {height} pixels)"
        if width * height > MOST_PIXELS or max(width, height) > MOST_ACROSS:
            self.fault(path, f"The picture is absurdly large {size}.", "Scale it down.")
        elif max(width, height) > LONGEST_SHAPE * min(width, height):
            self.fault(path, f"The picture is absurdly long {size}.", "Crop it.")
        else:
            return False
        return True


def _cells(line: str, number: int) -> Iterator[Spot]:
    """Give the place of every cell of a row."""
    start = 0
    while match := _CELL.match(line, start):
        yield number, match.start(1) + 1
        if not match[0].endswith(","):
            return
        start = match.end()


def _cell_spot(data: Data, row: int, column: int) -> Spot:
    spots = data.spots[row]
    return spots[min(column, len(spots) - 1)]
