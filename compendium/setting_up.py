"""Make a bare machine ready, once, and go on under the project's own Python.

`.venv/` gets the Python packages of `requirements.lock`; `.tools/` gets what the system lacks of the
distribution's libraries and tools, unpacked. Nothing is installed into the system. The next run finds it
all and needs no network. Python 3.8 can read this file, so that it can say which version is needed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

if sys.platform != "win32":
    import fcntl

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "made-from"
TOOLS = ROOT / ".tools"
WORKSHOP = TOOLS / "being-made"
LOG = TOOLS / "set-up.log"
# Set for the one start under `.venv`: without it, a start that goes wrong would be repeated for ever.
STARTED = "COMPENDIUM_STARTED"

# What the parts are called in Debian and Ubuntu.
PACKAGES = {
    "pango": ["libpangoft2-1.0-0", "libharfbuzz-subset0"],
    "pip": ["python3-pip-whl"],
    "poppler": ["poppler-utils"],
    "qpdf": ["qpdf"],
    "ghostscript": ["ghostscript"],
}
# These load the others: GLib, Fontconfig, HarfBuzz.
PANGO_LIBRARIES = ["libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"]
# Programs that run beside ours: the gate of the print edition looks through the first, the tests through all.
GATE_TOOLS = {"ghostscript": "gs"}
TEST_TOOLS = {**GATE_TOOLS, "poppler": "pdftoppm", "qpdf": "qpdf"}


def ensure() -> None:
    """Return at once where all is ready; else set it up and run this command again under `.venv`."""
    if sys.version_info < OLDEST:
        versions = (*sys.version_info[:2], *OLDEST)
        _stop("This is Python %d.%d; %d.%d or newer is needed: install it and run this command with it." % versions)
    try:
        if not _is_ready():
            if _missing():
                _set_up()
            _start_again()
    except OSError as fault:
        where = f"{fault.filename}: {fault.strerror}" if fault.filename else fault
        _stop(f"Setting up stopped at {where}; see to the disk's room and permissions, and run this command again.")
    except KeyboardInterrupt:
        _stop("Interrupted; the next run takes it up again.")


def _is_ready() -> bool:
    started = os.environ.pop(STARTED, None)
    ready = _is_at_home() and not _missing()
    if started and not ready:
        _stop(f"The Python in {VENV} does not start as it should: remove that folder and run this command again.")
    return ready


def _is_at_home() -> bool:
    """Tell whether this is the Python of `.venv`, in the environment that the build needs."""
    return Path(sys.prefix).resolve() == VENV.resolve() and os.environ == _environment()


def _missing() -> list[str]:
    """Name the parts that are not there yet."""
    missing = [] if _has_pango() else ["pango"]
    path = _environment().get("PATH")
    missing += [part for part, tool in _tools().items() if not shutil.which(tool, path=path)]
    return missing if _has_packages() else [*missing, "the Python packages"]


def _tools() -> dict[str, str]:
    """Give the programs that this command needs; where none can be fetched, the gate says what it could not see."""
    if sys.argv[1:2] == ["test"]:
        return TEST_TOOLS
    return GATE_TOOLS if _has_apt() else {}


def _has_apt() -> bool:
    return bool(shutil.which("apt-get") and shutil.which("dpkg"))


def _has_pango() -> bool:
    # On Windows and macOS it is one of the Python packages.
    if sys.platform != "linux" or (TOOLS / "pango").is_dir():
        return True
    try:
        return all(map(ctypes.CDLL, PANGO_LIBRARIES))
    except OSError:
        return False


def _has_packages() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_bytes() == _made_from()


def _made_from() -> bytes:
    """Give what `.venv` depends on: Python's version, the machine, the lock."""
    return f"{sys.implementation.cache_tag} {sysconfig.get_platform()}\n".encode() + LOCK.read_bytes()


def _environment() -> dict[str, str]:
    """Give this process's environment as the build needs it: our fonts, our libraries, no other packages."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["FONTCONFIG_FILE"] = str(ROOT / "styles" / "fonts" / "fonts.conf")
    _append(env, "LD_LIBRARY_PATH", sorted([*TOOLS.glob("*/usr/lib/*-linux-*"), *TOOLS.glob("*/lib/*-linux-*")]))
    _append(env, "PATH", sorted(TOOLS.glob("*/usr/bin")))
    # Ghostscript looks for what it starts with where it was installed, and then here.
    _append(env, "GS_LIB", sorted(TOOLS.glob("*/usr/share/ghostscript/*/Resource/Init")))
    if sys.platform != "linux":
        libraries = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)})) / "gstreamer_libs"
        env["WEASYPRINT_DLL_DIRECTORIES"] = str(libraries / "bin")
        # The last two are the system's own default, which the variable replaces.
        _append(env, "DYLD_FALLBACK_LIBRARY_PATH", [libraries / "lib", Path("/usr/local/lib"), Path("/usr/lib")])
    return env


def _append(env: dict[str, str], name: str, folders: Iterable[Path]) -> None:
    known = [folder for folder in env.get(name, "").split(os.pathsep) if folder]
    new = [str(folder) for folder in folders if str(folder) not in known]
    if new:
        env[name] = os.pathsep.join([*known, *new])


def _set_up() -> None:
    """Get what is missing; a second run waits and then finds it all in place."""
    with _alone():
        missing = _missing()
        if not missing:
            return
        _say("Setting up, once (a minute or two):")
        begin = time.monotonic()
        shutil.rmtree(WORKSHOP, ignore_errors=True)
        LOG.write_bytes(b"")
        try:
            _get(missing)
        finally:
            shutil.rmtree(WORKSHOP, ignore_errors=True)
        _say(f"Ready after {time.monotonic() - begin:.0f} seconds.")


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("wb") as lock:
        if sys.platform != "win32":
            # An installer that outlives a killed run keeps the lock.
            os.set_inheritable(lock.fileno(), True)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say("Another run is setting up; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _get(missing: Sequence[str]) -> None:
    """Get the parts, try them out, and only then call `.venv` ready."""
    for part in missing:
        _say(f"  {part}")
        if part in PACKAGES:
            _unpack(part)
        else:
            _install()
    cure = f"remove the folders .venv and .tools in {ROOT}"
    _run([PYTHON, "-c", "import weasyprint"], "WeasyPrint does not start", cure)
    STAMP.write_bytes(_made_from())


def _install() -> None:
    """Make `.venv` anew and fill it from the lock."""
    STAMP.unlink(missing_ok=True)
    make: list[str | Path] = [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]
    _run(make, "Python could not make the folder .venv", "remove what is there")
    options = ["--require-hashes", "--only-binary=:all:", "--no-user", "--no-input", "--disable-pip-version-check"]
    _run([*_pip(), "install", *options, "-r", LOCK], "The Python packages could not be fetched")


def _pip() -> list[str | Path]:
    """Give a pip to install with: Python's own, else the distribution's, which runs from its wheel."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    if find_spec("ensurepip"):
        _run([PYTHON, "-m", "ensurepip"], "Python could not unpack its own pip")
        return [PYTHON, "-m", "pip"]
    if not (TOOLS / "pip").is_dir():
        _unpack("pip")
    wheel = max((TOOLS / "pip").glob("usr/share/python-wheels/pip-*.whl"), default=TOOLS / "pip")
    return [PYTHON, wheel / "pip"]


def _unpack(part: str) -> None:
    """Unpack a part, with all that it needs and the system lacks, into `.tools/<part>`."""
    if not _has_apt():
        _stop(f"This machine lacks {part}: install it with the system's package manager and run this command again.")
    folder, archives = WORKSHOP / part, WORKSHOP / part / "archives"
    (archives / "partial").mkdir(parents=True)
    # Apt works out what is lacking. The part itself is fetched even where the system has it but we cannot load it.
    fetch = ["install", "--download-only", "--reinstall", "--no-install-recommends", *PACKAGES[part]]
    _run([*_apt(), f"--option=Dir::Cache::Archives={archives}", *fetch], f"The packages of {part} could not be fetched")
    for package in archives.glob("*.deb"):
        _run(["dpkg", "-x", package, folder], f"The packages of {part} could not be unpacked")
    shutil.rmtree(archives)
    folder.rename(TOOLS / part)


def _apt() -> list[str]:
    """Give apt-get with fresh package lists of our own: the system's may be old, absent, or not ours to renew."""
    lists, cache = WORKSHOP / "lists", WORKSHOP / "cache"
    # Nothing of the system's is changed, so its locks, which only root may take, are not needed; and
    # root's apt would fetch as a user of its own, who may not see this folder.
    settings = ["Acquire::Languages=none", "Debug::NoLocking=1", "APT::Sandbox::User=root"]
    settings += [f"Dir::State::Lists={lists}", f"Dir::Cache={cache}"]
    command = ["apt-get", "--yes", *(f"--option={setting}" for setting in settings)]
    if not lists.is_dir():
        (lists / "partial").mkdir(parents=True)
        (cache / "archives" / "partial").mkdir(parents=True)
        # It fails for any broken source, too, that we do not need; the next step finds out.
        _succeeds([*command, "update"])
    return command


def _run(command: Sequence[str | Path], failure: str, cure: str = "check the network (or the proxy)") -> None:
    """Run a step; when it fails, stop with one sentence."""
    if not _succeeds(command):
        if os.strerror(errno.ENOSPC) in LOG.read_text("utf-8", "replace"):
            cure = "make room on the disk"
        _stop(f"{failure}: {cure} and run this command again; the details are in {LOG}.")


def _succeeds(command: Sequence[str | Path]) -> bool:
    """Run a step with its whole output in the log."""
    env = {**_environment(), "LC_ALL": "C.UTF-8"}
    if "SSL_CERT_FILE" in env:
        # An older pip knows the certificates under this name only.
        env.setdefault("REQUESTS_CA_BUNDLE", env["SSL_CERT_FILE"])
    with LOG.open("ab") as log:
        return not subprocess.call(command, cwd=ROOT, env=env, stdout=log, stderr=log, close_fds=False)


def _start_again() -> NoReturn:
    command, env = [str(PYTHON), *sys.orig_argv[1:]], {**_environment(), STARTED: "yes"}
    if sys.platform == "win32":
        sys.exit(subprocess.call(command, env=env))
    os.execve(PYTHON, command, env)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop(sentence: str) -> NoReturn:
    """End the command as a fault of the machine: one sentence, no traceback."""
    _say(sentence)
    sys.exit(3)
