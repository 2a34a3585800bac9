"""A watched room: runs the program in processes of their own, and tells what each of them reached for.

`Room` starts this file as a program. That loads the pipeline once and forks for every run: the child has no
network (any internet socket kills it, whoever in it opens one), 20 seconds of processor time, and an audit hook that
hears every file that Python opens. What native libraries open, `Canary` sees: it asks the kernel.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import select
import signal
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
SECONDS = 20
"""Processor time after which a run counts as hanging."""
PATIENCE = 90
"""Seconds by the clock after which it does: it waits for something, or the machine is busy."""
SYSTEM = (sys.prefix, sys.base_prefix, str(PROJECT / ".tools"), str(PROJECT / "compendium"), "/usr/lib", "/usr/share")
SYSTEM_FILES = ("/dev/null", "/dev/urandom", "/etc/mime.types", "/etc/localtime")
REACHING_OUT = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "urllib.",
    "webbrowser.",
)


@dataclass(frozen=True)
class Run:
    """What a run did: its exit code (None: it hung), its words, what it reached for, and what it cost."""

    code: int | None
    out: str
    err: str
    outside: list[str]
    reached: list[str]
    megabytes: int

    @property
    def said(self) -> str:
        return self.out + self.err


class Room:
    """The watched room, seen from the tests."""

    def __init__(self) -> None:
        environment = {**os.environ, "FONTCONFIG_FILE": str(PROJECT / "styles" / "fonts" / "fonts.conf")}
        self.passing = tempfile.TemporaryDirectory(prefix="room-")
        environment |= {"PYTHONPATH": str(PROJECT), "TMPDIR": self.passing.name}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.watched"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, root: Path, *words: str, humble: bool = False, file_size: int = 0, killed_after: float = PATIENCE
    ) -> Run:
        """Run a command in the project `root`.

        `humble`: without root's power over permissions; `file_size`: files may have so many bytes at most;
        `killed_after`: so many seconds.
        """
        assert self.process.stdin
        assert self.process.stdout
        asked: dict[str, Any] = {"root": str(root), "words": words, "humble": humble, "file_size": file_size}
        asked["killed_after"] = killed_after
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return Run(**json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
        self.passing.cleanup()


class Canary:
    """Files that nobody may open: the kernel (inotify) tells if anything does, Python or not."""

    OPENED = 0x20 | 0x1  # IN_OPEN, IN_ACCESS

    def __init__(self, paths: list[Path]) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.handle = self.libc.inotify_init1(os.O_NONBLOCK)
        assert self.handle >= 0, os.strerror(ctypes.get_errno())
        watches = [self.libc.inotify_add_watch(self.handle, os.fsencode(path), self.OPENED) for path in paths]
        assert min(watches) > 0, os.strerror(ctypes.get_errno())
        self.names = {watch: str(path) for watch, path in zip(watches, paths, strict=True)}

    def opened(self) -> set[str]:
        """Name the files and folders that were opened since the canary was set, and let it go."""
        try:
            events = os.read(self.handle, 1 << 20)
        except BlockingIOError:
            events = b""
        os.close(self.handle)
        found, at = set(), 0
        while at < len(events):
            watch, _, _, length = struct.unpack_from("iIII", events, at)
            found.add(self.names.get(watch, "?"))
            at += 16 + length
        return found


# --- What follows runs in the room ---


def serve() -> None:
    """Fork for every line that asks for a run, and answer with a line."""
    import build as program
    from compendium import publishing, standing, terminal  # noqa: F401  # what is loaded once is not opened in a run

    for line in sys.stdin:
        asked = json.loads(line)
        with tempfile.TemporaryDirectory() as folder:
            child = os.fork()
            if child == 0:
                _child(program, asked, Path(folder))
            code = _wait(child, asked["killed_after"])
            answer = {"outside": [], "reached": [], "megabytes": 0}
            if report := (Path(folder) / "report").read_text("utf-8"):  # one that was killed has left none
                answer = json.loads(report)
            words = {
                name: (Path(folder) / name).read_bytes().decode("utf-8", "backslashreplace") for name in ("out", "err")
            }
        print(json.dumps({"code": code, **words, **answer}), flush=True)


def _wait(child: int, patience: float) -> int | None:
    """Give the child's exit code; None when it hung, minus the signal when it was killed."""
    handle = os.pidfd_open(child)
    ended, _, _ = select.select([handle], [], [], patience)
    os.close(handle)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return None if not ended or code in (-signal.SIGXCPU, -signal.SIGKILL) else code


def _child(program: Any, asked: dict[str, Any], folder: Path) -> None:
    """Run the command, and end the process."""
    root = Path(asked["root"])
    report = (folder / "report").open("w", encoding="utf-8")
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY), number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", encoding="utf-8"), os.fdopen(2, "w", encoding="utf-8")
    _bind(asked["humble"], asked["file_size"])
    outside: list[str] = []
    reached: list[str] = []
    _listen(root, outside, reached)
    code = 70
    try:
        code = program.main(asked["words"], root)
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    json.dump({"outside": outside, "reached": reached, "megabytes": megabytes}, report)
    report.close()
    os._exit(code)


def _bind(humble: bool, file_size: int) -> None:
    """Give the process its bounds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY))
    if humble:
        _lay_down_power()
    _cut_off_network()


def _listen(root: Path, outside: list[str], reached: list[str]) -> None:
    """Note every file and folder that is opened outside of the project's content and design, and every way out."""
    inside = [
        *SYSTEM,
        os.path.realpath(tempfile.gettempdir()),
        *(str((root / name).resolve()) for name in ("cases", "layouts", "styles", "output")),
    ]

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.listdir", "os.scandir", "os.mkdir", "os.rename", "os.remove", "os.symlink"):
            for path in arguments[: 2 if event in ("os.rename", "os.symlink") else 1]:
                if isinstance(path, (str, bytes, os.PathLike)):
                    real = os.path.realpath(os.fsdecode(path))
                    known = real in SYSTEM_FILES or real.startswith("/proc/self/")
                    if not known and not any(real == place or real.startswith(place + "/") for place in inside):
                        outside.append(f"{event} {real}")
        elif event.startswith(REACHING_OUT):
            reached.append(event)

    sys.addaudithook(hear)


def _lay_down_power() -> None:
    """Give up what lets root write where permissions say that nobody may (capset, all sets empty)."""
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capset(header, bytes(24)) == 0, os.strerror(ctypes.get_errno())


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def _cut_off_network() -> None:
    """Let the kernel kill this process when anything in it, Python or not, opens an internet socket (seccomp)."""
    socket_call = {"x86_64": 41, "aarch64": 198}.get(platform.machine())
    if socket_call is None:
        return
    steps = [
        (0x20, 0, 0, 0),  # load the number of the call
        (0x15, 0, 4, socket_call),  # another call: go to allow
        (0x20, 0, 0, 16),  # load its first argument, the family of the socket
        (0x15, 1, 0, 2),  # AF_INET: go to kill
        (0x15, 0, 1, 10),  # not AF_INET6: go to allow
        (0x06, 0, 0, 0x80000000),  # kill the process
        (0x06, 0, 0, 0x7FFF0000),  # allow
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS: asked for before a filter may be set
    program = _Filter(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc.prctl(22, 2, ctypes.byref(program), 0, 0)  # PR_SET_SECCOMP; where the kernel has none, the hook still hears


if __name__ == "__main__":
    serve()
