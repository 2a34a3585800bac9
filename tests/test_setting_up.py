"""The set-up: what a bare machine, a ready one and a broken one get. No network, no real installer."""

from __future__ import annotations

import ast
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from compendium import setting_up

from .conftest import PROJECT

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs signals, symlinks or shell scripts")

# Stands in for build.py; it says where it has come to.
BUILD = """
import json, os, sys
from pathlib import Path
from compendium import setting_up
setting_up._has_pango = lambda: not Path("no-pango").exists() or (setting_up.TOOLS / "pango").is_dir()
if not Path("programs").exists(): setting_up._has_apt = lambda: False  # nothing is fetched in earnest
setting_up._pip = lambda: [setting_up.PYTHON, setting_up.ROOT / "pip.py"]
setting_up.ensure()
print(json.dumps({"prefix": sys.prefix, "words": sys.argv[1:], "env": dict(os.environ)}))
"""

# Stands in for pip: counts its starts and installs the package that the set-up tries out.
PIP = """
import os, signal, sys, sysconfig, time
from pathlib import Path
with open("pip-starts", "a") as starts: starts.write("one\\n")
Path(sysconfig.get_path("purelib"), "weasyprint.py").touch()
"""


class Checkout:
    """A project folder of its own with a name that is hard on scripts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "compendium").mkdir(parents=True)
        for name in ("__init__.py", "setting_up.py"):
            shutil.copy(PROJECT / "compendium" / name, folder / "compendium")
        self.write("build.py", BUILD)
        self.write("pip.py", PIP)
        self.write("requirements.lock", "# nothing\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        command = [sys.executable, "build.py", *words]
        pipe = subprocess.PIPE
        everything = {**os.environ, **env}
        return subprocess.Popen(command, cwd=self.folder, env=everything, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str, **env: str) -> tuple[int, str, str]:
        started = self.start(*words, **env)
        output, errors = started.communicate(timeout=30)
        assert "Traceback" not in errors, errors
        return started.returncode, output, errors

    @property
    def pip_starts(self) -> int:
        counted = self.folder / "pip-starts"
        return len(counted.read_text().split()) if counted.exists() else 0


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "Größe und Maß")


@pytest.fixture
def ready(checkout: Checkout) -> Checkout:
    code, _, errors = checkout.run()
    assert code == 0, errors
    return checkout


# --- An old Python ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["build.py", "compendium/__init__.py", "compendium/setting_up.py"])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(file: str) -> None:
    ast.parse((PROJECT / file).read_text("utf-8"), feature_version=(3, 8))


def test_setting_up_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((PROJECT / "compendium" / "setting_up.py").read_text("utf-8"))
    names = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    # A relative import has no module name, or one of ours: neither is in the standard library.
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_an_old_python_is_told_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as end:
        setting_up.ensure()
    assert end.value.code == 3
    said = capsys.readouterr().err
    assert said == "This is Python 3.9; 3.11 or newer is needed: install it and run this command with it.\n"


def test_the_oldest_python_is_the_one_that_the_project_declares() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert declared == ">={}.{}".format(*setting_up.OLDEST)


# --- The first run and the next ones ---------------------------------------------------------------------


def test_a_first_run_sets_up_and_goes_on_with_the_same_words_under_venv(checkout: Checkout) -> None:
    code, output, errors = checkout.run("build", "größe", "--edition", "a b")
    came_to = json.loads(output)
    assert code == 0
    assert Path(came_to["prefix"]) == checkout.folder / ".venv"
    assert came_to["words"] == ["build", "größe", "--edition", "a b"]
    assert errors.startswith("Setting up, once")
    assert re.search(r"Ready after \d+ seconds\.\n$", errors)


def test_a_second_run_starts_no_installer_and_says_nothing(ready: Checkout) -> None:
    code, output, errors = ready.run()
    assert (code, errors, ready.pip_starts) == (0, "", 1)
    assert Path(json.loads(output)["prefix"]) == ready.folder / ".venv"


def test_the_exit_code_is_that_of_the_build(ready: Checkout) -> None:
    ready.write("build.py", BUILD + "sys.exit(7)\n")
    assert ready.run()[0] == 7


def test_a_moved_project_is_still_ready(ready: Checkout) -> None:
    ready.folder = ready.folder.rename(ready.folder.with_name("elsewhere"))
    code, output, errors = ready.run()
    assert (code, errors, ready.pip_starts) == (0, "", 1)
    assert Path(json.loads(output)["prefix"]) == ready.folder / ".venv"


@pytest.mark.parametrize(
    "what", ["another lock", "another Python", "no stamp", pytest.param("no Python", marks=posix_only)]
)
def test_what_is_stale_or_half_made_is_made_anew(ready: Checkout, what: str) -> None:
    stamp = ready.folder / ".venv" / setting_up.STAMP.name
    leftover = ready.folder / ".venv" / "leftover"
    leftover.touch()
    if what == "another lock":
        ready.write("requirements.lock", "# something else\n")
    elif what == "another Python":
        stamp.write_bytes(stamp.read_bytes().replace(str(sys.implementation.cache_tag).encode(), b"cpython-20"))
    elif what == "no stamp":
        stamp.unlink()
    else:
        (ready.folder / ".venv/bin/python").unlink()
    code, _, errors = ready.run()
    assert (code, ready.pip_starts) == (0, 2), errors
    assert not leftover.exists()
    assert ready.run()[2] == ""


def test_a_stale_environment_is_noticed_by_its_own_python(ready: Checkout) -> None:
    ready.write("requirements.lock", "# something else\n")
    own = ready.folder / setting_up.PYTHON.relative_to(setting_up.ROOT)
    done = subprocess.run([own, "build.py"], cwd=ready.folder, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, ready.pip_starts) == (0, 2), done.stderr


def test_a_python_without_pip_installs_with_the_wheel_of_the_distribution(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setting_up, "TOOLS", tmp_path)
    monkeypatch.setattr(setting_up, "find_spec", lambda name: None)
    wheel = tmp_path / "pip/usr/share/python-wheels/pip-1-py3-none-any.whl"
    wheel.mkdir(parents=True)
    assert setting_up._pip() == [setting_up.PYTHON, wheel / "pip"]


@posix_only
def test_two_first_runs_at_once_install_once(checkout: Checkout) -> None:
    checkout.write("pip.py", PIP + "time.sleep(0.5)\n")
    runs = [checkout.start(), checkout.start()]
    errors = sorted(run.communicate(timeout=30)[1] for run in runs)
    assert [run.returncode for run in runs] == [0, 0], errors
    assert errors[0] == "Another run is setting up; waiting for it.\n"
    assert checkout.pip_starts == 1


@posix_only
def test_a_set_up_that_was_killed_is_repaired_by_the_next_run(checkout: Checkout) -> None:
    checkout.write("pip.py", PIP + "os.kill(os.getppid(), signal.SIGKILL)\n")
    killed = checkout.start()
    killed.communicate(timeout=30)
    assert killed.returncode < 0
    checkout.write("pip.py", PIP)
    code, _, errors = checkout.run()
    assert (code, checkout.pip_starts) == (0, 2), errors


# --- What the build gets ---------------------------------------------------------------------------------


def test_the_build_sees_our_fonts_and_the_unpacked_libraries_and_tools(ready: Checkout) -> None:
    unpacked = ready.folder / ".tools/pango/usr"
    (unpacked / "lib/some-linux-gnu").mkdir(parents=True)
    (unpacked / "bin").mkdir()
    (unpacked / "share/ghostscript/10.0/Resource/Init").mkdir(parents=True)
    env = json.loads(ready.run(LD_LIBRARY_PATH="/their/own")[1])["env"]
    assert Path(env["FONTCONFIG_FILE"]) == ready.folder / "styles/fonts/fonts.conf"
    assert env["LD_LIBRARY_PATH"] == os.pathsep.join(["/their/own", str(unpacked / "lib/some-linux-gnu")])
    assert env["PATH"].split(os.pathsep)[-1] == str(unpacked / "bin")
    assert env["GS_LIB"] == str(unpacked / "share/ghostscript/10.0/Resource/Init")


def test_the_build_sees_no_packages_but_those_of_the_lock(ready: Checkout) -> None:
    assert "PYTHONPATH" not in json.loads(ready.run(PYTHONPATH=str(ready.folder))[1])["env"]


def test_a_build_that_starts_another_is_not_taken_for_a_loop(ready: Checkout) -> None:
    assert setting_up.STARTED not in json.loads(ready.run()[1])["env"]


def distribution(checkout: Checkout) -> str:
    """Give a machine on which apt-get and dpkg are all that there is."""
    programs = checkout.folder / "programs"
    programs.mkdir()
    apt = 'echo "$@" >> apt-calls; for w; do case "$w" in *Archives=*) : > "${w#*Archives=}/a.deb"; esac; done'
    dpkg = 'PATH=/usr/bin:/bin; echo "$@" >> dpkg-calls; mkdir -p "$3/usr/lib/some-linux-gnu" "$3/usr/bin"'
    dpkg += '; for tool in gs pdftoppm qpdf; do : > "$3/usr/bin/$tool"; chmod +x "$3/usr/bin/$tool"; done'
    for name, script in (("apt-get", apt), ("dpkg", dpkg)):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    return str(programs)


@posix_only
def test_what_the_system_lacks_is_unpacked_beside_it_and_never_installed(checkout: Checkout) -> None:
    programs = distribution(checkout)
    checkout.write("no-pango", "")
    code, output, errors = checkout.run("test", PATH=programs)
    assert code == 0, errors
    assert errors.splitlines()[1:-1] == ["  pango", "  ghostscript", "  poppler", "  qpdf", "  the Python packages"]
    update, *calls = (checkout.folder / "apt-calls").read_text("utf-8").splitlines()
    assert update.endswith(" update")
    assert all(" install --download-only " in call for call in calls)
    assert all(f"Dir::State::Lists={checkout.folder}/.tools/" in call for call in [update, *calls])
    assert " libpangoft2-1.0-0 " in calls[0]
    assert all(call.startswith("-x ") for call in (checkout.folder / "dpkg-calls").read_text("utf-8").splitlines())
    assert str(checkout.folder / ".tools/pango/usr/lib/some-linux-gnu") in json.loads(output)["env"]["LD_LIBRARY_PATH"]
    assert not (checkout.folder / ".tools/being-made").exists()
    (checkout.folder / "apt-calls").unlink()
    assert checkout.run("test", PATH=programs)[2] == ""
    assert not (checkout.folder / "apt-calls").exists()


@posix_only
def test_a_build_fetches_what_the_print_gate_looks_through_and_no_other_program(ready: Checkout) -> None:
    code, _, errors = ready.run("build", PATH=distribution(ready))
    assert code == 0, errors
    assert errors.splitlines()[1:-1] == ["  ghostscript"]


@posix_only
def test_the_tools_of_the_tests_are_asked_for_by_the_tests_alone(ready: Checkout) -> None:
    empty = str(ready.folder / "compendium")
    assert ready.run("build", PATH=empty)[0] == 0
    code, _, errors = ready.run("test", PATH=empty)
    assert code == 3
    assert "lacks ghostscript" in errors


# --- What goes wrong -------------------------------------------------------------------------------------


def test_a_missing_network_is_one_sentence_that_names_the_log(checkout: Checkout) -> None:
    checkout.write("pip.py", PIP + "print('no route to anywhere')\nsys.exit(1)\n")
    code, output, errors = checkout.run()
    log = checkout.folder / ".tools" / "set-up.log"
    assert (code, output) == (3, "")
    last = errors.splitlines()[-1]
    assert "check the network" in last
    assert str(log) in last
    assert "no route to anywhere" not in errors
    assert "no route to anywhere" in log.read_text("utf-8")
    checkout.write("pip.py", PIP)
    assert checkout.run()[0] == 0


def test_a_full_disk_is_told_from_a_missing_network(checkout: Checkout) -> None:
    checkout.write("pip.py", PIP + f"print({os.strerror(errno.ENOSPC)!r})\nsys.exit(1)\n")
    code, _, errors = checkout.run()
    assert code == 3
    assert "make room on the disk" in errors


def test_packages_that_do_not_start_are_not_called_ready(checkout: Checkout) -> None:
    checkout.write("pip.py", "")
    code, _, errors = checkout.run()
    assert code == 3
    assert "WeasyPrint does not start" in errors
    assert not (checkout.folder / ".venv" / setting_up.STAMP.name).exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(checkout: Checkout) -> None:
    checkout.write(".tools", "a file stands where the folder should be")
    code, _, errors = checkout.run()
    assert (code, errors.count("\n")) == (3, 1)
    assert str(checkout.folder / ".tools") in errors


@posix_only
def test_a_machine_without_apt_is_told_what_it_lacks(checkout: Checkout) -> None:
    checkout.write("no-pango", "")
    code, _, errors = checkout.run(PATH=str(checkout.folder))
    assert code == 3
    assert "lacks pango" in errors


@posix_only
def test_a_start_that_goes_wrong_is_not_repeated_for_ever(ready: Checkout) -> None:
    (ready.folder / ".venv" / "pyvenv.cfg").unlink()
    code, output, errors = ready.run()
    assert (code, output, errors.count("\n")) == (3, "", 1)
    assert "does not start as it should" in errors


# --- The lock --------------------------------------------------------------------------------------------


def locked() -> dict[str, tuple[Requirement, int]]:
    """Read the lock: each requirement and the number of its hashes."""
    text = (PROJECT / "requirements.lock").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    entries = [(Requirement(line.split("--hash")[0]), line.count("--hash=sha256:")) for line in lines]
    return {canonicalize_name(entry.name): (entry, hashes) for entry, hashes in entries}


def test_the_lock_pins_every_package_with_hashes() -> None:
    assert all(re.fullmatch(r"==[^*,]+", str(entry.specifier)) and hashes for entry, hashes in locked().values())


def test_the_lock_holds_every_dependency_at_a_version_that_the_project_allows() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + [line for lines in project["optional-dependencies"].values() for line in lines]
    for need in map(Requirement, wanted):
        entry, _ = locked()[canonicalize_name(need.name)]
        [pin] = entry.specifier
        assert pin.version in need.specifier, f"{need} is locked as {entry}"
        assert str(entry.marker) == str(need.marker)


def test_the_lock_names_no_address_and_no_place_on_a_disk() -> None:
    text = (PROJECT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"://|^-|--(index|extra-index|find|trusted)|\s[.~]?/|file:", text, re.MULTILINE)
