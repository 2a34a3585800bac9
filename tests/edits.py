"""What an editor does to a volume in the course of a week, at random: each method is one edit."""

from __future__ import annotations

import random  # noqa: TID251  # seeded
import re
import shutil
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

from .conftest import BOOKS, Desk

WORDS = ["harbour", "sand", "tide", "boat", "village", "winter", "spade", "channel", "ledger", "rope"]


class Editor:
    """Works at a desk that holds the volume `minimal`."""

    def __init__(self, desk: Desk, seed: int) -> None:
        self.desk, self.random = desk, random.Random(seed)
        self.made = 0
        for _ in range(3):
            self.adds_a_case()

    def edits(self) -> str:
        """Do one thing; give its name."""
        names = sorted(name for name in dir(self) if "_a_" in name or name.startswith("changes_"))
        name = self.random.choice(names)
        getattr(self, name)()
        return name

    def adds_a_case(self) -> None:
        self.made += 1
        slug = f"case-{self.made}"
        shutil.copytree(BOOKS / "minimal" / "harbour", self.desk.folder / slug)
        order = self._volume()
        order["parts"][0]["cases"].append(slug)
        self._save(order)

    def changes_a_text(self) -> None:
        """Write up to forty lines more into a case: many a page further on becomes another."""
        words = " ".join(self.random.choices(WORDS, k=self.random.choice([3, 40, 600])))
        self._write(self._any_case(), lambda text: f"{text}\nThen {words}.\n")

    def changes_a_title(self) -> None:
        title = " ".join(self.random.choices(WORDS, k=4)).capitalize()
        self._write(self._any_case(), lambda text: re.sub(r"(?m)^title: .*", f"title: {title}", text, count=1))

    def makes_a_reference(self) -> None:
        target = self._any_case()
        self._write(self._any_case(), lambda text: f"{text}\nSee [that one](case:{target}).\n")

    def shuffles_a_part(self) -> None:
        order = self._volume()
        self.random.shuffle(order["parts"][0]["cases"])
        self._save(order)

    def holds_a_case_back(self) -> None:
        order = self._volume()
        cases = order["parts"][0]["cases"]
        if len(cases) > 2:
            slug = cases.pop(self.random.randrange(len(cases)))
            order.setdefault("held", []).append({"case": slug, "reason": "It waits."})
            self._save(order)
            self._drop_references(slug)

    def removes_a_case(self) -> None:
        order = self._volume()
        cases = order["parts"][0]["cases"]
        if len(cases) > 2:
            slug = cases.pop(self.random.randrange(len(cases)))
            shutil.rmtree(self.desk.folder / slug)
            self._save(order)
            self._drop_references(slug)

    def shows_a_picture(self) -> None:
        slug, colour = self._any_case(), self.random.randrange(256)
        file = self.desk.folder / slug / "sea.png"
        known = file.exists()
        Image.new("RGB", (700, 300), (colour, 90, 160)).save(file)
        if not known:
            mark = '\n![The sea](sea.png){#sea caption="The sea" credit="Test press" rights="Test press"}\n'
            self._write(slug, lambda text: text + mark)

    def changes_the_style(self) -> None:
        sheet = self.desk.root / "styles" / "tokens.css"
        ink = f":root {{ --ink: #1{self.random.randrange(10)}2427; }}"
        sheet.write_text(f"{sheet.read_text('utf-8')}\n{ink}\n", "utf-8")

    def changes_the_imprint(self) -> None:
        order = self._volume()
        order["version"] = f"1.{self.random.randrange(100)}"
        self._save(order)

    def _any_case(self) -> str:
        return str(self.random.choice(self._volume()["parts"][0]["cases"]))

    def _volume(self) -> dict[str, Any]:
        return dict(yaml.safe_load((self.desk.folder / "volume.yaml").read_text("utf-8")))

    def _save(self, order: dict[str, Any]) -> None:
        (self.desk.folder / "volume.yaml").write_text(yaml.safe_dump(order, sort_keys=False), "utf-8")

    def _write(self, slug: str, change: Any) -> None:
        file = self.desk.folder / slug / "case.md"
        file.write_text(change(file.read_text("utf-8")), "utf-8")

    def _drop_references(self, slug: str) -> None:
        for file in self.desk.folder.glob("*/case.md"):
            file.write_text(file.read_text("utf-8").replace(f"[that one](case:{slug})", "that one"), "utf-8")


def clean_build(desk: Desk, folder: Path) -> bytes:
    """Build what lies on a desk somewhere else, from nothing."""
    shutil.copytree(desk.root, folder, ignore=shutil.ignore_patterns("output"))
    other = Desk.at(folder, desk.volume)
    assert other.build("--quiet") == 0
    return other.file.read_bytes()
