"""Faults in running programs, commanded while they run: the test's side of fault.so (tests/fault/preload.c).

    page = Faults(folder)
    office.extra_environment.update(page.environment())   # before start()
    page.fail("sync", first=3)                             # the third fsync from now on fails, once
    page.fail("write", "name", first=1, count=EVER, error=errno.ENOSPC, folder=office.data)
    page.heal()
"""
import contextlib
import mmap
import os
import re
import socket
import struct
import subprocess

from daemon import build_folder

KINDS = ["alloc", "read", "write", "sync", "name", "open", "socket", "sqlite", "task"]
EVER = 1 << 62
SIZE = 4096
# Offsets of struct fault_page (tests/fault/preload.h).
_FAILED, _FROM, _UNTIL, _CLOCK, _PASSED, _KINDS, _ERROR, _PROGRAM, _FOLDER = 72, 80, 88, 96, 104, 112, 116, 120, 136


def library():
    return build_folder() / "fault.so"


class Faults:
    def __init__(self, folder):
        self.path = folder / "faults"
        self.path.write_bytes(bytes(SIZE))
        with open(self.path, "r+b") as file:
            self._page = mmap.mmap(file.fileno(), SIZE)
        self._passed = 0

    def environment(self):
        """For the daemon. A sanitizer has to be told that it is not the first library any more."""
        options = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        return {"LD_PRELOAD": str(library()), "PENGADUAND_FAULTS": str(self.path), "ASAN_OPTIONS": options}

    def _put(self, at, form, *values):
        struct.pack_into(form, self._page, at, *values)

    def fail(self, *kinds, first=1, count=1, error=0, program="pengaduand", folder=""):
        """Calls number first .. first+count-1 of these kinds, counted from now, fail in that program."""
        self.heal()
        self._put(0, "<9Q", *[0] * len(KINDS))
        self._put(_FROM, "<2Q", first, first + count)
        self._put(_ERROR, "<i", error)
        self._put(_PROGRAM, "<16s", program.encode())
        self._put(_FOLDER, "<256s", str(folder).encode())
        self._put(_KINDS, "<I", sum(1 << KINDS.index(kind) for kind in kinds))

    def heal(self):
        self._put(_KINDS, "<I", 0)

    def turn_clock(self, seconds):
        """The wall clock of the programs, so far from the true one."""
        self._put(_CLOCK, "<q", round(seconds * 1000))

    def let_pass(self, seconds, office):
        """So much time passes for the programs in a moment: what they wait for so long is due."""
        self._passed += round(seconds * 1000)
        self._put(_PASSED, "<q", self._passed)
        # The loop sleeps by the kernel's clock: a visitor wakes it, and it looks at its own. He may meet a fault.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", office.port), timeout=1).close()

    def calls(self):
        """{kind: calls since fail()} of the program that was named in it."""
        return dict(zip(KINDS, struct.unpack_from("<9Q", self._page, 0)))

    def failed(self):
        """Faults so far, ever."""
        return struct.unpack_from("<Q", self._page, _FAILED)[0]


def places(said):
    """What fault.so said, with functions and lines of our own programs instead of addresses."""
    found = []
    for line in re.findall(r"^fault .*$", said, re.MULTILINE):
        head, *frames = line.split(" < ")
        own = [frame.split("+") for frame in frames if (build_folder() / frame.split("+")[0]).exists()]
        told = subprocess.run(["addr2line", "-sfe", str(build_folder() / "pengaduand"), *[at for _, at in own]],
                              text=True, capture_output=True).stdout.split("\n") if own else []
        found.append(f"{head}: " + " < ".join(told[0:8:2]))
    return found
