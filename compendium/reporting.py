"""What the gates found → a report for machines (JSON) and one for people (HTML), with the accessibility statement.

No clock: the same book has the same report.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from .chapters import Metadata
from .errors import Problem
from .preflight import Facts, Verdict
from .preflight.prepress.thumbnails import Thumbnail
from .preflight.sheets import Fault

CLAIMS = {
    "pdf/a-2a": "PDF/A-2a (ISO 19005-2)",
    "pdf/a-3a": "PDF/A-3a (ISO 19005-3)",
    "pdf/ua-1": "PDF/UA-1 (ISO 14289-1)",
    "pdf/x-4": "PDF/X-4 (ISO 15930-7)",
}


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a file is made for, as its report says it: words of `layouts/words/`.

    `statement` is a heading; `sign_off` is what only a person can check; `gaps` are what is known to be open.
    """

    statement: str
    sign_off: tuple[str, ...]
    gaps: tuple[str, ...]


READING = Purpose(
    "report_statement",
    ("order", "roles", "alternates", "colour", "heads", "links", "languages"),
    ("validator", "attachments", "notes"),
)
PRESS = Purpose(
    "report_statement_press", ("proof", "blanks", "stock", "delivery"), ("press_validator", "press_profile")
)


def report(
    name: str,
    content: bytes,
    metadata: Metadata,
    verdicts: Sequence[Verdict],
    facts: Facts,
    problems: Sequence[Problem],
    words: Mapping[str, str],
) -> dict[str, Any]:
    """Gather everything that is known of a finished file; `problems` are those of all gates, severe or not."""
    purpose = PRESS if "pdf/x-4" in metadata.claims else READING
    rules = [
        {
            "rule": verdict.rule,
            "asks": verdict.asks,
            "passed": verdict.passed,
            "findings": [_finding(facts, fault) for fault in verdict.findings],
        }
        for verdict in verdicts
    ]
    return {
        "file": {
            "name": name,
            "pages": len(facts.labels),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
        "book": {
            "title": metadata.title,
            "edition": metadata.edition,
            "publisher": metadata.publisher,
            "language": metadata.language,
            "date": metadata.date.isoformat(),
            "sources": f"sha256:{metadata.digest}",
        },
        "statement": words[purpose.statement],
        "claims": [CLAIMS[claim] for claim in metadata.claims],
        "passed": not any(problem.severe for problem in problems),
        "rules": rules,
        "problems": [
            {"place": problem.place, "what": problem.what, "cure": problem.cure, "severe": problem.severe}
            for problem in sorted(problems)
        ],
        "alternates": [{"page": _label(facts, page), "text": text} for page, text in facts.alternates],
        "sign_off": [words[f"sign_off_{point}"] for point in purpose.sign_off],
        "known_gaps": [words[f"gap_{gap}"] for gap in purpose.gaps],
    }


def _finding(facts: Facts, fault: Fault) -> dict[str, Any]:
    """Say what was found and where; `place`: millimetres from the left and the top of the trimmed page."""
    told = {"page": _label(facts, fault.page), "what": fault.what, "cure": fault.cure}
    return told | ({"place": [round(one, 1) for one in fault.place]} if fault.place else {})


def _label(facts: Facts, page: int | None) -> str:
    return facts.labels[page] if page is not None and 0 <= page < len(facts.labels) else ""


def as_json(report: Mapping[str, Any]) -> bytes:
    """Write a report for machines."""
    return (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode()


def as_html(
    report: Mapping[str, Any],
    templates: Mapping[str, str],
    words: Mapping[str, str],
    texts: Mapping[str, Any],
    thumbnails: Sequence[Thumbnail] = (),
) -> bytes:
    """Write a report for people: one page that needs no other file; `thumbnails` show where faults are."""
    page = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = {"report": report, "words": words, "texts": texts, "thumbnails": thumbnails}
    return page.get_template("_report.html").render(told).encode()
