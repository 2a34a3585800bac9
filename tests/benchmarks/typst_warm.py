"""Compiles a Typst book now and again after every line that it is sent, in one process that stays warm.

Run by the Python that has the package `typst`: typst_warm.py MAIN OUTPUT FONTS
"""

import itertools
import sys

import typst

STANDARDS = ["a-3a", "ua-1"]
"""What our screen edition claims too."""


def main(source: str, output: str, fonts: str) -> None:
    """Compile, and say so."""
    folder = source.rpartition("/")[0]
    compiler = typst.Compiler(source, root=folder, font_paths=[fonts], ignore_system_fonts=True)
    for _ in itertools.chain(["begin"], sys.stdin):
        compiler.compile(output=output, pdf_standards=STANDARDS)
        print("compiled", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
