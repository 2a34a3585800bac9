"""A volume of any length, for measuring: the sample's words again and again, under other names.

python3 -m tests.benchmarks volumes FOLDER [how many cases, 1000]

makes a project in FOLDER with one volume, `thousand`; 1,000 cases make over 5,000 pages. From there
`python3 build.py check`, `build` and `watch` work as in this project, whose `.venv` and `.tools` it shares.
"""

from __future__ import annotations

import itertools
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import babel
import yaml

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = "knowledge-for-action-2"
THOUSAND = "thousand"


def main(folder: str, cases: str = "1000") -> None:
    """Make the project and its volume."""
    thousand(project(Path(folder)) / "cases" / THOUSAND, int(cases))


def project(root: Path) -> Path:
    """Copy the project without its volumes; what the set-up made is shared."""
    root.mkdir(parents=True)
    for name in ("build.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(PROJECT / name, root)
    for name in ("compendium", "layouts", "styles"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".venv", ".tools"):
        if (PROJECT / name).exists():
            (root / name).symlink_to(PROJECT / name)
    return root


def sample(volume: Path) -> None:
    """Put the sample volume into a folder."""
    shutil.copytree(PROJECT / "cases" / SAMPLE, volume)


def thousand(volume: Path, cases: int) -> None:
    """Make a volume of so many cases, 18 or more: the sample's parts, round after round."""
    sample(volume)
    matter = yaml.safe_load((volume / "volume.yaml").read_text("utf-8"))
    originals = [slug for part in matter["parts"] for slug in part["cases"]]
    rounds, countries = -(-cases // len(originals)), itertools.cycle(_countries())
    parts: list[dict[str, Any]] = []
    for turn, part in itertools.product(range(rounds), matter["parts"]):
        slugs = part["cases"][: cases - sum(len(one["cases"]) for one in parts)]
        parts += [{**part, "cases": [f"{slug}-{turn}" for slug in slugs]}] if slugs else []
        for slug in slugs:
            # The last round may lack the case that is referred to.
            _again(volume / slug, turn, next(countries), turn if turn < rounds - 1 else 0)
    for slug in originals:
        shutil.rmtree(volume / slug)
    for file in [*volume.glob("front/*.md"), *volume.glob("back/*.md")]:
        file.write_text(_referring(file.read_text("utf-8"), 0), "utf-8")
    text = yaml.safe_dump({**matter, "parts": parts}, allow_unicode=True, sort_keys=False)
    (volume / "volume.yaml").write_text(text, "utf-8")


def _again(case: Path, turn: int, country: str, referred: int) -> None:
    """Copy a case: from another country, and with references to the cases of that round."""
    copy = case.with_name(f"{case.name}-{turn}")
    shutil.copytree(case, copy)
    text = _referring((case / "case.md").read_text("utf-8"), referred)
    text = re.sub(r"(?m)^country: [A-Z]{2}$", f"country: {country}", text, count=1)
    (copy / "case.md").write_text(text, "utf-8")


def _referring(text: str, turn: int) -> str:
    """Let a text refer to the cases of a round."""
    return re.sub(r"\(((?:case:|figure:(?=[\w-]+/))[\w-]+)", rf"(\1-{turn}", text)


def _countries() -> list[str]:
    """Give the codes of all countries, from one end of the alphabet to the other."""
    codes = sorted(map(str, babel.Locale("en").territories))
    return [code for code in codes if re.fullmatch("[A-Z]{2}", code) and code not in ("EU", "EZ", "UN", "ZZ")]


if __name__ == "__main__":
    main(*sys.argv[1:])
