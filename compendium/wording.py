"""What the program says itself, in the volume's language: page numbers, dates, names, sums, citation, rights."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import babel
from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, get_decimal_symbol, get_group_symbol
from babel.units import format_unit
from markupsafe import Markup

from .chapters import Folio
from .model import Case
from .records import Cost, VolumeMatter


def ranges(pages: Iterable[tuple[Folio, str]]) -> list[tuple[str, ...]]:
    """Merge pages that follow each other: (page, anchor) … → (anchor on the first page, anchor on the last page) …;
    one anchor where it is one page."""
    runs: list[list[tuple[Folio, str]]] = []
    for one in sorted(pages, key=lambda page: (page[0].matter != "front", page[0].number)):
        folio, last = one[0], runs[-1][-1][0] if runs else None
        if last and last.matter == folio.matter and folio.number - last.number <= 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [(run[0][1], run[-1][1]) if run[0][0] != run[-1][0] else (run[0][1],) for run in runs]


def typographic(value: Any) -> Any:
    """Give a text with printers' apostrophes; addresses and what is set already stay as they are."""
    if not isinstance(value, str) or "'" not in value or isinstance(value, Markup):
        return value
    if value.startswith(("http://", "https://")):
        return value
    return re.sub(r"(?<=\w)'(?=\w)", "’", value)


def sort_key(words: str) -> tuple[str, str]:
    """Sort as a reader looks things up: capitals and accents do not count."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter)), words


class Wording:
    """The words of one volume: its language's (`layouts/words/`) and its publisher's (`layouts/publishers/`)."""

    def __init__(self, matter: VolumeMatter, words: Mapping[str, str], texts: Mapping[str, Any]) -> None:
        self.matter, self.words, self.texts = matter, words, texts
        self.locale = babel.Locale.parse(matter.language.replace("-", "_"))

    @property
    def separators(self) -> dict[str, str]:
        """Give the decimal and the thousands sign."""
        return {"decimal": get_decimal_symbol(self.locale), "thousands": get_group_symbol(self.locale)}

    def date(self, value: datetime.date | str) -> str:
        """Give a date, or a month, or a year, in words."""
        if isinstance(value, datetime.date):
            return format_date(value, "long", locale=self.locale)
        if len(value) == 4:
            return value
        day = datetime.date.fromisoformat((value + "-01")[:10])
        return format_date(day, "long" if len(value) == 10 else "MMMM y", locale=self.locale)

    def period(self, case: Case) -> str:
        """Give the years of a case."""
        return "–".join(str(year) for year in sorted({*case.matter.period}))

    def country(self, case: Case) -> str:
        """Name a case's country as the volume does, else as its language does."""
        code = case.matter.country
        if code == "global":
            return self.words["global"]
        named = self.matter.countries.get(code)
        return named.name if named else str(self.locale.territories[code])

    def today(self, case: Case) -> str:
        """Give today's name of a case's country where the volume uses another."""
        named = self.matter.countries.get(case.matter.country)
        return (named and named.today) or ""

    def listed(self, items: Iterable[str]) -> str:
        """Give several things in one line."""
        return self.words["list_separator"].join(items)

    def named(self, names: Mapping[str, str], keys: Iterable[str]) -> str:
        """Give the names of several keys of a controlled list in one line."""
        return self.listed(names[key] for key in keys)

    def cost(self, cost: Cost) -> str:
        """Say a sum and what it covers, or what is not recorded."""
        if cost.amount is None:
            return self.words["cost_not_recorded"].format(what=cost.not_recorded)
        return self.words["cost_sum"].format(sum=self.sum(cost.amount, cost.currency), covers=cost.covers)

    def sums(self, case: Case) -> list[str]:
        """Give the sums of a case in short, or the word that none is recorded."""
        return [self.sum(c.amount, c.currency) for c in case.matter.cost if c.amount is not None] or [
            self.words["no_sum"]
        ]

    def sum(self, amount: float, currency: str | None) -> str:
        """Give a sum of money on one line."""
        if amount >= 1_000_000:
            number = format_compact_decimal(amount, format_type="long", locale=self.locale, fraction_digits=1)
        else:
            number = format_decimal(amount, locale=self.locale)
        return f"{currency} {number}".replace(" ", "\xa0")

    def length(self, millimetres: float) -> str:
        """Give a length, in millimetres."""
        return f"{format_decimal(millimetres, locale=self.locale)}\xa0mm"

    def shown(self, value: Any) -> str | Markup:
        """Show the value of a field that the volume declared."""
        if isinstance(value, datetime.date):
            return self.date(value)
        if isinstance(value, (int, float)):
            return str(format_decimal(value, locale=self.locale))
        if isinstance(value, (list, tuple)):
            return self.listed(map(str, value))
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            says = self.words["web_page"].format(address=value)
            return Markup('<a href="{0}" aria-label="{1}">{0}</a>').format(value, says)
        return "" if value is None else str(value)

    def identifiers(self) -> list[str]:
        """List the volume's numbers with their names."""
        names = {"isbn": "ISBN", "eisbn": "ISBN (PDF)", "issn": "ISSN", "doi": "DOI", "symbol": ""}
        numbers = self.matter.identifiers
        return [f"{name} {getattr(numbers, key)}".strip() for key, name in names.items() if getattr(numbers, key)]

    def citation_of(self, case: Case, pages: str) -> str:
        """Say how to cite a case, which stands on these pages of the volume."""
        return self.filled(
            "citation_of_case", case=case.matter.title, case_authors=self.listed(case.matter.authors), pages=pages
        )

    def numbered_title(self) -> str:
        """Give the title of the volume with its number in the series."""
        number = self.words["volume_number"].format(number=self.matter.number) if self.matter.number else ""
        return ", ".join(filter(None, (self.matter.title, number)))

    def size(self, weight: int) -> str:
        """Say how heavy a file is, in bytes, as one wants to know before fetching it."""
        unit, each, digits = ("mega", 1_000_000, 1) if weight >= 1_000_000 else ("kilo", 1_000, 0)
        words = format_unit(round(weight / each, digits), f"digital-{unit}byte", "short", locale=self.locale)
        return words.replace("kB", "KB")

    def filled(self, text: str, **more: str) -> str:
        """Give a text of the publisher with the volume's own data filled in."""
        matter = self.matter
        number = self.words["volume_number"].format(number=matter.number) if matter.number else ""
        return str(self.texts[text]).format(
            authors=self.listed(matter.authors),
            year=matter.date.year,
            title=": ".join(filter(None, (matter.title, matter.subtitle))),
            volume=", ".join(filter(None, (number, self.words["version"].format(version=matter.version)))),
            publisher=matter.publisher.name,
            place=matter.publisher.place or "",
            licence=matter.licence,
            **more,
        )
