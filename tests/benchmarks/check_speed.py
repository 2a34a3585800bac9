"""Time `check` on a volume of 1,000 cases: `.venv/bin/python -m tests.benchmarks.check_speed [CASES]`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "cases" / "knowledge-for-action-2"
_CHECK = "import sys, build; from pathlib import Path; sys.exit(build.main(['check'], Path(sys.argv[1])))"


def generate(root: Path, cases: int) -> None:
    """Make a project whose one volume holds the sample's cases again and again, under names of their own."""
    for folder in ("layouts", "styles"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=shutil.ignore_patterns("fonts"))
    volume = root / "cases" / "thousand"
    shutil.copytree(SAMPLE, volume, ignore=lambda _, names: [n for n in names if (SAMPLE / n / "case.md").exists()])
    originals = sorted(path.parent for path in SAMPLE.glob("*/case.md"))
    slugs = []
    for number in range(cases):
        copy, of = divmod(number, len(originals))
        original = originals[of]
        whole = copy if (copy + 1) * len(originals) <= cases else 0  # the last round may lack the case referred to
        slugs.append(f"{original.name}-{copy}")
        shutil.copytree(original, volume / slugs[-1])
        file = volume / slugs[-1] / "case.md"
        text = re.sub(r"\(case:([a-z-]+)\)", rf"(case:\1-{whole})", file.read_text("utf-8"))
        text = re.sub(r"(?m)^approved_(?:by|on): .*\n", "", text)
        approved = r"\g<0>\nstatus: approved\napproved_by: The benchmark\napproved_on: \1"
        text = re.sub(r"(?m)^status: .*\n", "", text)
        text = re.sub(r"(?m)^updated: (.*)$", approved, text) + "\n" * copy  # no two alike: what was read is remembered
        file.write_text(text, "utf-8")
    for file in [*volume.glob("front/*.md"), *volume.glob("back/*.md")]:
        file.write_text(re.sub(r"\(case:([a-z-]+)\)", r"(case:\1-0)", file.read_text("utf-8")), "utf-8")
    matter = yaml.safe_load((volume / "volume.yaml").read_text("utf-8"))
    matter["parts"], matter["held"] = [{"title": "All", "cases": slugs}], []
    (volume / "volume.yaml").write_text(yaml.safe_dump(matter, allow_unicode=True), "utf-8")


def main(cases: int) -> None:
    """Generate, check and print the seconds, those of set-up and imports included."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, cases)
        started = time.monotonic()
        subprocess.run([sys.executable, "-c", _CHECK, str(root)], cwd=PROJECT, check=True)
        spent = os.times()
        print(
            f"{cases} cases: {time.monotonic() - started:.1f} seconds on the clock, "
            f"{spent.children_user + spent.children_system:.1f} of a processor"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
