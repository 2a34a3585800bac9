"""A bare machine is made ready, or told in one sentence what it lacks."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from compendium import setting_up

from .conftest import PROJECT


@pytest.mark.parametrize("file", ["build.py", "compendium/setting_up.py", "compendium/__init__.py"])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(file: str) -> None:
    ast.parse((PROJECT / file).read_text("utf-8"), feature_version=(3, 8))


def test_setting_up_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((PROJECT / "compendium" / "setting_up.py").read_text("utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_is_told_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as end:
        setting_up.ensure()
    assert end.value.code == 3
    assert capfd.readouterr().err == (
        "This is Python 3.9; 3.11 or newer is needed: install it and run this command with it.\n"
    )


def test_a_changed_lock_makes_the_environment_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python, stamp, lock = tmp_path / "python", tmp_path / "made-from", tmp_path / "requirements.lock"
    python.touch()
    lock.write_text("one==1")
    for name, path in (("PYTHON", python), ("STAMP", stamp), ("LOCK", lock)):
        monkeypatch.setattr(setting_up, name, path)
    assert not setting_up._has_packages()
    stamp.write_bytes(setting_up._made_from())
    assert setting_up._has_packages()
    lock.write_text("one==2")
    assert not setting_up._has_packages()


def test_a_start_that_goes_wrong_is_not_repeated_for_ever(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(setting_up.STARTED, "yes")
    monkeypatch.setattr(setting_up, "_is_at_home", lambda: False)
    with pytest.raises(SystemExit) as end:
        setting_up.ensure()
    assert end.value.code == 3
    assert "does not start as it should" in capfd.readouterr().err


def test_a_failing_step_is_one_sentence_that_names_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setting_up, "LOG", tmp_path / "set-up.log")
    with pytest.raises(SystemExit) as end:
        setting_up._run([sys.executable, "-c", "raise SystemExit(1)"], "The packages could not be fetched")
    assert end.value.code == 3
    said = capfd.readouterr().err
    assert said.startswith("The packages could not be fetched: check the network")
    assert str(tmp_path / "set-up.log") in said
    assert said.count("\n") == 1


def test_a_ready_environment_starts_no_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("A program was started.")

    monkeypatch.setattr(subprocess, "call", refuse)
    monkeypatch.setattr(setting_up, "_is_at_home", lambda: True)
    monkeypatch.setattr(setting_up, "_missing", list)
    setting_up.ensure()


def test_the_environment_shows_only_the_fonts_of_the_design(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.sep + "elsewhere")
    environment = setting_up._environment()
    assert environment["FONTCONFIG_FILE"] == str(PROJECT / "styles" / "fonts" / "fonts.conf")
    assert "PYTHONPATH" not in environment


def test_the_lock_names_every_dependency_with_hashes_and_no_address() -> None:
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    locked = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.M))
    assert {re.split("[=<>; ]", name)[0].replace("_", "-") for name in wanted} <= locked
    for entry in re.split(r"\n(?=[a-z0-9])", lock):
        assert "--hash=sha256:" in entry or entry.startswith("#")
    assert "://" not in lock
    assert "file:" not in lock
