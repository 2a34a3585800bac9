"""Finished PDF → problems: the file gate. Looks at the bytes that will be put in place, and at nothing else.

A rule is a function from the file to its findings; the first sentence of its docstring is printed in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from compendium.chapters import Placed
from compendium.errors import Problem

from . import elements, file, fonts, pages, tags
from .sheets import File, Finding

Rule = Callable[[File], Iterator[Finding]]

RULES: dict[str, Rule] = {
    **file.RULES,
    **pages.RULES,
    **fonts.RULES,
    **tags.RULES,
    **elements.RULES,
}
"""Rule → function. `a-`: held where PDF/A is claimed, `ua-`: where PDF/UA is claimed; the others: always."""

_CLAIMS = {"a": "pdf/a-3a", "ua": "pdf/ua-1"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule found: its name, what it asks, and its findings."""

    rule: str
    asks: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report tells of a file: the labels of its pages, and the words for every picture with its page."""

    labels: tuple[str, ...]
    alternates: tuple[tuple[int | None, str], ...]


def inspect(file: File) -> tuple[Verdict, ...]:
    """Hold a finished file against every rule of what it claims."""
    return tuple(
        Verdict(name, (rule.__doc__ or "").strip().rstrip("."), tuple(_findings(rule, file)))
        for name, rule in RULES.items()
        if _CLAIMS.get(name.partition("-")[0], "") in ("", *file.metadata.claims)
    )


def _findings(rule: Rule, file: File) -> Iterator[Finding]:
    """Give a rule's findings; a file too broken for the rule is one."""
    try:
        yield from rule(file)
    except Exception as fault:
        yield None, f"The file is too broken to look at ({type(fault).__name__}: {fault})."


def problems(verdicts: Sequence[Verdict], placed: Sequence[Placed], file: str) -> list[Problem]:
    """Say every finding for an editor: in the file of the case that stands on the page, else in the book itself."""
    pages = [one.chapter for one in placed for _ in range(one.blanks + one.printed.pages)]
    found = []
    for verdict in verdicts:
        for page, what in verdict.findings:
            on_page = page is not None and 0 <= page < len(pages)
            where = f'Page {page + 1} of the PDF ("{pages[page].name}"): ' if page is not None and on_page else ""
            origin = pages[page].origin if page is not None and on_page else file
            found.append(Problem(origin, 0, 0, f"{where}{what} [{verdict.rule}]"))
    return found


def facts(file: File) -> Facts:
    """Read off a file what a person has to judge."""
    pictures = (element for element in file.elements if element.type == "Figure")
    return Facts(
        tuple(str(page.label) for page in file.pdf.pages),
        tuple((picture.page, str(picture.obj.get("/Alt", ""))) for picture in pictures),
    )
