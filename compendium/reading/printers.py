"""From `styles/printers/` to the rules of a print shop."""

from __future__ import annotations

import re

from compendium.errors import Faults, Problem, WrongUsage, did_you_mean
from compendium.model import Design
from compendium.printers import Colour, Ink, Printer

from . import located, vetting


def read_printer(design: Design, name: str | None) -> Printer | None:
    """Read the rules of a print shop, where one is named, and see that the profile of its press is there."""
    if not name:
        return None
    if name not in design.printers:
        raise WrongUsage(f'There is no printer "{name}" in styles/printers/. {did_you_mean(name, design.printers)}')
    path = f"styles/printers/{name}.yaml"
    found = located.load(design.files[path].decode("utf-8"), path)
    if isinstance(found.data, dict):
        found.data["name"] = name
    printer, problems, _ = vetting.validate(Printer, found, path)
    if not problems and (fault := _profile_fault(design.files.get(f"styles/profiles/{printer.profile}"))):
        problems = [Problem(path, *located.spot_of(("profile",), found.spots), *fault)]
    if problems:
        raise Faults(problems)
    return printer


def read_separations(design: Design, theme: str | None) -> dict[Colour, Ink]:
    """Read what the design's colours, and its theme's, become on the press."""
    known: dict[Colour, Ink] = {}
    for path in ("styles/separations.yaml", f"styles/themes/{theme}/separations.yaml"):
        found = located.load(design.files[path].decode("utf-8") if path in design.files else "{}", path)
        problems = list(found.problems)
        for name, shares in (found.data or {}).items():
            if _is_colour(name) and _are_shares(shares):
                cyan, magenta, yellow, black = map(float, shares)
                known[int(name[1:3], 16), int(name[3:5], 16), int(name[5:], 16)] = cyan, magenta, yellow, black
            else:
                what = f'"{name}" is not a colour with four shares of ink.'
                cure = 'Write "#rrggbb": [cyan, magenta, yellow, black], each from 0 to 100.'
                problems.append(Problem(path, *located.spot_of((name,), found.spots), what, cure))
        if problems:
            raise Faults(problems)
    return known


def _is_colour(name: object) -> bool:
    return isinstance(name, str) and bool(re.fullmatch("#[0-9a-f]{6}", name))


def _are_shares(shares: object) -> bool:
    if not isinstance(shares, list) or len(shares) != 4:
        return False
    return all(isinstance(share, int | float) and 0 <= share <= 100 for share in shares)


def _profile_fault(profile: bytes | None) -> tuple[str, str] | None:
    """Say why this is no profile of a press (ISO 15076-1, 7.2: its class and colour space)."""
    if profile is None:
        return "The profile is not in styles/profiles/.", "Put the ICC file of the print shop there, and its name here."
    if profile[12:20] != b"prtrCMYK":
        return "The profile is none of a press with four inks.", "Ask the print shop for the ICC profile of its press."
    return None
