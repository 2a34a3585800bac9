"""What the last build of an edition printed, and why a chapter is not fresh: said in sentences.

The ledger may be deleted at any time; the next build then knows no reasons, and takes one more pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from compendium.chapters import Folio, Side, digest
from compendium.delivering import deliver


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything on which the pages of a chapter depend, digested part by part; `text` leaves page numbers out."""

    engine: str
    clothes: str
    fonts: str
    html: str
    text: str
    files: Mapping[str, str]
    side: Side

    @property
    def key(self) -> str:
        """Digest it all: same key, same bytes."""
        return digest(_INPUTS.dump_json(self))


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where every anchor stood at the end of a build, how long each chapter was, and what it was printed from."""

    pages: Mapping[str, Folio] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    inputs: Mapping[str, Inputs] = field(default_factory=dict)


_INPUTS, _LEDGER = TypeAdapter(Inputs), TypeAdapter(Ledger)


def read(path: Path) -> Ledger:
    """Read the ledger of the last build; an empty one where there is none, or it makes no sense."""
    try:
        return _LEDGER.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return Ledger()


def write(ledger: Ledger, path: Path) -> None:
    """Keep the ledger of a build."""
    deliver(_LEDGER.dump_json(ledger), path, lasting=False)


def without_numbers(html: str) -> str:
    """Give a chapter's HTML without the page numbers that it prints."""
    return re.sub(r"(<span data-page=[^>]*>)[^<]*", r"\1", html)


def reasons(now: Inputs, before: Inputs | None) -> tuple[str, ...]:
    """Say why a chapter is not the one that was printed before; nothing where it is."""
    return tuple(_reasons(now, before)) if before else ("it has not been printed before",)


def _reasons(now: Inputs, before: Inputs) -> Iterator[str]:
    if now.engine != before.engine:
        yield "the program or its engine is another"
    if now.clothes != before.clothes:
        yield "the stylesheets changed"
    if now.fonts != before.fonts:
        yield "the fonts changed"
    if now.text != before.text:
        yield "its text changed"
    elif now.html != before.html:
        yield "page numbers in it changed"
    for name in sorted({*now.files, *before.files}):
        if now.files.get(name) != before.files.get(name):
            yield f"{name} {'is gone' if name not in now.files else 'changed' if name in before.files else 'is new'}"
    if now.side != before.side:
        yield f"it begins on a {now.side}, not on a {before.side}"
