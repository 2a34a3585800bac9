"""Ways to spoil a case file: bytes, lines, and the constructs of YAML and Markdown."""

from __future__ import annotations

import random  # noqa: TID251  # seeded: the same seed spoils alike
from collections.abc import Callable, Sequence

NASTY = [
    *(
        "[@",
        "](",
        "{",
        "}",
        "```",
        "```chart\n",
        "::: box",
        ":::",
        "\n\n",
        "|",
        "---",
        "#",
        "[^1]",
        "[^x]: y",
        "*",
        "_",
    ),
    *(
        "![",
        '">',
        "\t",
        "- ",
        "<script>",
        "\0",
        "é",
        "{#a b=c}",
        '{index=""}',
        "1. ",
        "![x](../../etc/passwd)",
        "&#x1b;",
    ),
    *(
        "*[A]: b",
        ": ",
        "&a",
        "*a",
        "<<: *a",
        "!!python/name:os.system",
        "null",
        "~",
        "'",
        '"',
        "\n    ",
        "[a]{lang=xx}",
    ),
    *(
        "title:",
        "break: x",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
        "\u0301" * 40,
        "\ud7ff",
        "[" * 200,
        "*a _b " * 60,
        ">" * 60,
    ),
    *(
        "1e999",
        "9" * 30,
        "2011-02-30",
        "0000",
        "-1",
        "nan",
        "true",
        "{{ 7 }}",
        "{% raw %}",
        "%",
        "\\",
        "\\e",
        "`",
        "~~~",
    ),
    *(
        "case:",
        "figure:/",
        "file:///etc/passwd",
        "http://",
        "data:,",
        "é" * 300,
        "| a | b |\n|---|---|\n| c |\n",
        "\r",
        "\x85",
    ),
]
Spoil = Callable[[random.Random, bytes], bytes]


def _byte(chance: random.Random, content: bytes) -> bytes:
    """Change, take out or double a few bytes."""
    at, length = chance.randrange(len(content) + 1), chance.choice((0, 1, 1, 4, 60))
    new = chance.choice((b"", bytes([chance.randrange(256)]), content[at : at + length] * 2))
    return content[:at] + new + content[at + length :]


def _line(chance: random.Random, content: bytes) -> bytes:
    """Take out, double, swap, indent or cut a line."""
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.choice(("out", "twice", "swap", "indent", "cut", "end")):
        case "out":
            lines.pop(one)
        case "twice":
            lines.insert(other, lines[one])
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
        case "indent":
            lines[one] = b" " * chance.randrange(1, 9) + lines[one]
        case "cut":
            lines[one] = lines[one][: chance.randrange(len(lines[one]) + 1)]
        case _:
            del lines[one:]
    return b"\n".join(lines)


def _value(chance: random.Random, content: bytes) -> bytes:
    """Give a key of the YAML another value, or a value another key."""
    lines = content.split(b"\n")
    keyed = [n for n, line in enumerate(lines) if b": " in line]
    if keyed:
        key, _, value = lines[at := chance.choice(keyed)].partition(b": ")
        nasty = _nasty(chance)
        lines[at] = key + b": " + nasty if chance.random() < 0.7 else nasty + b": " + value
    return b"\n".join(lines)


def _construct(chance: random.Random, content: bytes) -> bytes:
    """Put something nasty somewhere, often where a word begins."""
    at = chance.randrange(len(content) + 1)
    if chance.random() < 0.5:
        at = max(content.find(b" ", at), 0)
    return content[:at] + _nasty(chance) + content[at + chance.choice((0, 0, 1, 9)) :]


def _nasty(chance: random.Random) -> bytes:
    return chance.choice(NASTY).encode("utf-8", "surrogatepass")


SPOILS: Sequence[Spoil] = (_byte, _line, _value, _construct)


def spoilt(seed: int, content: bytes) -> bytes:
    """Spoil a file in one to six ways; the same seed spoils it alike."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        content = chance.choice(SPOILS)(chance, content)
    return content
