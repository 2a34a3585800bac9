"""A finished file is put in place whole or not at all, whenever the work is cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compendium import delivering

from .conftest import PROJECT

_KILLED = """
import os, signal, sys
from pathlib import Path
from compendium.delivering import deliver

path, last = Path(sys.argv[1]), int(sys.argv[2])
seen = 0

def hook(event, _):
    global seen
    if event.split(".")[0] in ("open", "os", "tempfile"):
        seen += 1
        if seen > last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
deliver(b"new" * 100_000, path)
"""

OLD, NEW = b"old" * 100_000, b"new" * 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows kills no process at a given step")
def test_a_delivery_killed_before_any_of_its_steps_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    found: list[bytes] = []
    for step in range(30):
        file.write_bytes(OLD)
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        ended = subprocess.run([sys.executable, "-c", _KILLED, str(file), str(step)], env=environment, check=False)
        found.append(file.read_bytes())
        if ended.returncode == 0:
            break
    assert ended.returncode == 0
    assert set(found[:-1]) == {OLD}
    assert found[-1] == NEW
    assert len(found) > 3


def test_a_delivery_that_fails_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "book.pdf"
    file.write_bytes(OLD)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        delivering.deliver(NEW, file)
    assert [path.name for path in tmp_path.iterdir()] == ["book.pdf"]
    assert file.read_bytes() == OLD


def test_a_delivered_file_may_be_read_by_whoever_may_read_new_files(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    delivering.deliver(NEW, tmp_path / "deep" / "book.pdf")
    assert (tmp_path / "deep" / "book.pdf").stat().st_mode == other.stat().st_mode


def test_an_open_file_is_not_changed_under_its_reader(tmp_path: Path) -> None:
    file = tmp_path / "book.pdf"
    file.write_bytes(OLD)
    with file.open("rb") as reader:
        begun = reader.read(10)
        delivering.deliver(NEW, file)
        assert begun + reader.read() == OLD
    assert file.read_bytes() == NEW
