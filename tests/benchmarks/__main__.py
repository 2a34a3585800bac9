"""Long measurements, each in a module of its own: `python3 -m tests.benchmarks MODULE`; each says what it takes."""

import runpy
import sys

from compendium import setting_up

if __name__ == "__main__":
    setting_up.ensure()
    _, module, *sys.argv[1:] = sys.argv
    runpy.run_module(f"tests.benchmarks.{module}", run_name="__main__", alter_sys=True)
