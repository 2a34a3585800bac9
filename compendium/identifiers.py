"""ISBN, ISSN and DOI: what can be seen of a slip. Each gives the text back, or raises a ValueError that says it."""

from __future__ import annotations

import re


def isbn(text: str) -> str:
    """See that an ISBN's last sign checks the others (ISO 2108; the older form of ten signs, too)."""
    signs = re.sub(r"[\s\N{HYPHEN}\N{EN DASH}-]", "", text).upper()
    if re.fullmatch(r"97[89]\d{10}", signs):
        right = _by_ten(signs)
    elif re.fullmatch(r"\d{9}[\dX]", signs):
        right = _by_eleven(signs)
    else:
        raise ValueError("is no ISBN; it has 13 figures, the first of them 978 or 979, or 10")
    return _checked(text, signs, right)


def ean(text: str) -> str:
    """Give the thirteen figures of an ISBN, as its bar code has them (ISO 2108, annex C)."""
    signs = re.sub(r"\D", "", text)
    first = signs[:12] if len(signs) == 13 else f"978{signs[:9]}"
    return f"{first}{_by_ten(first)}"


def issn(text: str) -> str:
    """See that an ISSN's last sign checks the others (ISO 3297)."""
    signs = text.replace("-", "").upper()
    if not re.fullmatch(r"\d{4}-?\d{3}[\dX]", text.upper()):
        raise ValueError("is no ISSN; it is written 0378-5955")
    return _checked(text, signs, _by_eleven(signs))


def _by_ten(signs: str) -> int:
    return -sum(int(sign) * (3 if n % 2 else 1) for n, sign in enumerate(signs[:12])) % 10


def _by_eleven(signs: str) -> int:
    return -sum(int(sign) * (len(signs) - n) for n, sign in enumerate(signs[:-1])) % 11


def _checked(text: str, signs: str, right: int) -> str:
    sign = "X" if right == 10 else str(right)
    if signs[-1] != sign:
        raise ValueError(f'has a slip in it; with these figures its last would be "{sign}"')
    return text


def doi(text: str) -> str:
    """See that a DOI has its form (ISO 26324): a registrant's prefix and a name."""
    if not re.fullmatch(r"10\.\d{4,9}/[^\s<>\"]+", text):
        raise ValueError("is no DOI; it is written 10.5555/12345678, without an address before it")
    return text
