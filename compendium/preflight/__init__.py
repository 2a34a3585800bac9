"""Finished PDF → problems: the file gate. Looks at the bytes that will be put in place, and at nothing else.

A rule is a function from the file to its findings; the first sentence of its docstring is printed in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from compendium.chapters import Placed
from compendium.errors import Problem

from . import elements, file, fonts, pages, tags
from .prepress import rules as prepress
from .sheets import Fault, File, Finding

Rule = Callable[[File], Iterator[Finding]]

RULES: dict[str, Rule] = {
    **file.RULES,
    **pages.RULES,
    **fonts.RULES,
    **tags.RULES,
    **elements.RULES,
}
"""Rule → function. `a-`: held where PDF/A is claimed, `ua-`: where PDF/UA is claimed; the others: always."""

_OF_FILES = {*file.RULES} - {"a-6.8-association"} | {"book-boxes", "book-labels", "book-outline", "book-opening"}
OF_THE_WHOLE = _OF_FILES | {
    *(
        "book-destinations",
        "book-targets",
        "ua-6.2-marked",
        "ua-7.1-suspects",
        "ua-7.1-tree",
        "ua-ids-order",
        "ua-joined",
    ),
    *fonts.RULES,
    *prepress.OF_THE_WHOLE,
}
"""Rules that only the bound file can keep or break: what it says of itself, what leads from one chapter to another, and
its fonts, which are those of all chapters."""
OF_BOTH = {"a-6-level-b", "x-embedded", "printer-fonts"}
"""Rules about fonts in places, patterns and masks among them, that are not looked at in the bound file."""
OF_CHAPTERS = {*RULES, *prepress.RULES} - OF_THE_WHOLE | OF_BOTH
"""Rules about what lies inside a chapter, and is the same wherever it is bound."""

_STANDARDS = ("a", "ua")
_OF_READERS = {"book-labels", "book-outline", "book-opening", "book-fonts"}
"""What is asked for who reads on a screen; a print shop wants nothing of it, or asks in its own way."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule found: its name, what it asks, and its findings."""

    rule: str
    asks: str
    findings: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        """Tell whether nothing severe was found."""
        return not any(fault.severe for fault in self.findings)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report tells of a file: the labels of its pages, and the words for every picture with its page."""

    labels: tuple[str, ...]
    alternates: tuple[tuple[int, str], ...]


def inspect(file: File, rules: Set[str] | None = None) -> tuple[Verdict, ...]:
    """Hold a finished file against the rules of what it claims, all or some."""
    return tuple(
        Verdict(name, (rule.__doc__ or "").strip().rstrip("."), tuple(_findings(rule, file)))
        for name, rule in held(file.metadata.claims).items()
        if rules is None or name in rules
    )


def held(claims: Sequence[str]) -> dict[str, Rule]:
    """Give the rules for a file that claims so and so much."""
    rules = {name: rule for name, rule in RULES.items() if _is_asked(name.partition("-")[0], claims)}
    if "pdf/x-4" not in claims:
        return rules
    return {name: rule for name, rule in rules.items() if name not in _OF_READERS} | prepress.RULES


def _is_asked(standard: str, claims: Sequence[str]) -> bool:
    """Tell whether a rule of a standard, or of the house, is asked of a file with these claims."""
    return standard not in _STANDARDS or any(claim.startswith(f"pdf/{standard}-") for claim in claims)


def _findings(rule: Rule, file: File) -> Iterator[Fault]:
    """Give a rule's findings; a file too broken for the rule is one."""
    try:
        yield from (Fault(*finding) for finding in rule(file))
    except Exception as fault:
        yield Fault(None, f"The file is too broken to look at ({type(fault).__name__}: {fault}).")


def problems(verdicts: Sequence[Verdict], placed: Sequence[Placed], file: str) -> list[Problem]:
    """Say every finding for an editor: in the file of the case that stands on the page, else in the book itself."""
    pages = [one.chapter for one in placed for _ in range(one.blanks + one.printed.pages)]
    found = []
    for verdict in verdicts:
        for page, what, cure, place, severe in verdict.findings:
            where, origin = "", file
            if page is not None and 0 <= page < len(pages):
                where = f'Page {page + 1} of the PDF ("{pages[page].name}"){_at(place)}: '
                origin = pages[page].origin
            found.append(Problem(origin, 0, 0, f"{where}{what} [{verdict.rule}]", cure, severe))
    return found


def _at(place: tuple[float, float] | None) -> str:
    """Say a place on the page as one finds it with a ruler."""
    return f", {place[0]:.0f} mm from the left and {place[1]:.0f} mm from the top" if place else ""


def joined(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Join what a rule found in several files: one verdict for each rule, in the order of the rules."""
    found: dict[str, Verdict] = {}
    for verdict in verdicts:
        known = found.get(verdict.rule, replace(verdict, findings=()))
        found[verdict.rule] = replace(known, findings=tuple(dict.fromkeys(known.findings + verdict.findings)))
    return tuple(found[name] for name in (*RULES, *prepress.RULES) if name in found)


def labels(file: File) -> tuple[str, ...]:
    """Give the labels of all pages."""
    return tuple(str(page.label) for page in file.pdf.pages)


def alternates(file: File) -> tuple[tuple[int, str], ...]:
    """Give the words for every picture, with its page."""
    pictures = (element for element in file.elements if element.type == "Figure")
    return tuple((picture.page or 0, str(picture.obj.get("/Alt", ""))) for picture in pictures)
