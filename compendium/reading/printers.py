"""From `styles/printers/` to the rules of a print shop."""

from __future__ import annotations

from compendium.errors import Faults, Problem, WrongUsage, did_you_mean
from compendium.model import Design
from compendium.printers import Printer

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
        problems = [Problem(path, *located.place_of(("profile",), found.places), *fault)]
    if problems:
        raise Faults(problems)
    return printer


def _profile_fault(profile: bytes | None) -> tuple[str, str] | None:
    """Say why this is no profile of a press (ISO 15076-1, 7.2: its class and colour space)."""
    if profile is None:
        return "The profile is not in styles/profiles/.", "Put the ICC file of the print shop there, and its name here."
    if profile[12:20] != b"prtrCMYK":
        return "The profile is none of a press with four inks.", "Ask the print shop for the ICC profile of its press."
    return None
