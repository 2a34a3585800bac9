"""Puts finished files in place, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def deliver(content: bytes, path: Path, lasting: bool = True) -> None:
    """Replace a file at once: whoever opens it finds the old one or the new one, never half of either.

    What is `lasting` is on the disk, and not only on its way there, before the old file goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        part.chmod(0o666 & ~_mask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def deliver_report(papers: tuple[bytes, bytes], path: Path, passed: bool) -> None:
    """Put a report in place, as JSON and HTML; that of a refused file beside the last good one's, until the next."""
    refused = path.with_name(f"{path.name}-refused")
    for paper, suffix in zip(papers, (".json", ".html"), strict=True):
        deliver(paper, (path if passed else refused).with_suffix(suffix))
        if passed:
            refused.with_suffix(suffix).unlink(missing_ok=True)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
