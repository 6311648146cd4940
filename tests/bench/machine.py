"""What a reader has to know of the machine to judge the figures, and nothing that names it."""
import os
import platform
import time
from pathlib import Path


def _first(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return "?"


def file_system(folder):
    """Type of the file system that holds folder: the longest mount point that leads to it."""
    best, kind = "", "?"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, point, name = line.split()[:3]
        if (str(folder) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
            best, kind = point, name
    return kind


def syncs_a_second(folder, count=300):
    """fdatasync after each appended 4 KiB: the ceiling of commits without a group."""
    path = folder / "fdatasync"
    with open(path, "wb", buffering=0) as file:
        began = time.monotonic()
        for _ in range(count):
            file.write(b"\0" * 4096)
            os.fdatasync(file.fileno())
        seconds = time.monotonic() - began
    path.unlink()
    return count / seconds


def describe(folder):
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    virtual = "hypervisor" in _first("/proc/cpuinfo", "flags").split()
    return (f"{os.cpu_count()} cores{' (virtual)' if virtual else ''}, {memory:.0f} GiB, Linux "
            f"{'.'.join(platform.release().split('.')[:2])}, {file_system(folder)}, "
            f"{syncs_a_second(folder):,.0f} fdatasync of 4 KiB a second, load {os.getloadavg()[0]:.1f} at the start")


def memory_kib(pid):
    """(PSS, RSS) in KiB."""
    text = f"/proc/{pid}/smaps_rollup"
    return tuple(int(_first(text, key).split()[0]) for key in ("Pss:", "Rss:"))


def own_kib(pid):
    """What the process alone has written to, in KiB: no page of a file, whose share in PSS is as many times smaller as
    other processes have mapped it."""
    text = f"/proc/{pid}/smaps_rollup"
    return sum(int(_first(text, key).split()[0]) for key in ("Pss_Anon:", "SwapPss:"))
