"""Puts finished files in place, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, which lets nobody delete a file that is open
    fcntl = None  # type: ignore[assignment]  # mypy knows the name as a module


def deliver(content: bytes, path: Path, lasting: bool = True) -> None:
    """Replace a file at once: whoever opens it finds the old one or the new one, never half of either.

    What is `lasting` is on the disk, and not only on its way there, before the old file goes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        _claim(handle)
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


def _sweep(path: Path) -> None:
    """Take away the parts of this file that killed builds have left; those that are being written stay."""
    for part in path.parent.glob(f".{path.name}.*.part"):
        with contextlib.suppress(OSError):
            with part.open("rb") as file:
                _claim(file.fileno())
            part.unlink()


def _claim(handle: int) -> None:
    """Hold an open file for as long as this process lives, or raise an OSError where another holds it."""
    if fcntl:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


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
