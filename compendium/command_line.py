"""What can be asked of the program, and with which words."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from .console import FORMATS

Command = Callable[..., int]


def parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Describe the commands; each is done by the function under its name."""
    top = argparse.ArgumentParser(prog="build.py", description="Turn a folder of case studies into a typeset book.")
    top.set_defaults(quiet=False, why=False, format="text")
    known = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, says: str) -> argparse.ArgumentParser:
        one = known.add_parser(name, help=says, description=says)
        one.set_defaults(command=commands[name])
        return one

    def volume(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
        one.add_argument("volume", nargs="?", help="folder below cases/; the newest when left out")
        return one

    def switch(one: argparse.ArgumentParser, name: str, says: str) -> None:
        one.add_argument(name, action="store_true", help=says)

    one = volume(command("build", "Make the editions of a volume (this is what build.py does when nothing is asked)."))
    one.add_argument("--edition", action="append", default=[], metavar="NAME", help="only this edition (repeatable)")
    one.add_argument("--printer", metavar="NAME", help="the print shop, instead of the one that volume.yaml names")
    switch(one, "--why", "say of every chapter that is printed why it is not fresh")
    switch(one, "--quiet", "say nothing unless something is wrong")
    one = volume(command("watch", "Build an edition, then again after every save."))
    one.add_argument("--edition", default="screen", metavar="NAME", help="the edition; screen when left out")
    one = volume(command("check", "Say everything that is wrong with a volume's content, and write nothing."))
    one.add_argument("--format", choices=FORMATS, default="text", help="text, or for machines: json, github")
    switch(one, "--verbose", "say how long, readable and well spelt each text is, too")
    new = command("new", "Begin a case or a volume: a folder with every field explained, to be filled in.")
    new_one = new.add_subparsers(title="what", metavar="case|volume", dest="what", required=True)
    one = new_one.add_parser("case", help="a case, held back in volume.yaml until it is placed")
    one.add_argument("slug", help="the name of its folder: small letters, figures and hyphens")
    one.add_argument("--volume", metavar="NAME", help="folder below cases/; the newest when left out")
    one = new_one.add_parser("volume", help="a volume with its lists, sections and order")
    one.add_argument("name", help="the name of its folder below cases/")
    volume(command("schema", "Write JSON Schemas, with which text editors check volume.yaml and front matter."))
    one = command("test", "Run the whole test suite, lint and types.")
    one.add_argument("arguments", nargs="*", help="handed to pytest")
    return top
