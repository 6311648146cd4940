"""`make check-fault`: every sweep, the starts and stops, and the situations of tests/fault/test_*.py.

run.py [NAME ...] runs only the sweeps and files whose name contains one of the words. Two workers, each with servers of
its own. Only what went wrong is printed, then what was failed and where; the last line is `N passed, N failed`, in which
each play with a fault is one.
"""
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
os.environ.setdefault("PENGADUAND_BUILD", "build/release")

import check  # noqa: E402
from book import story  # noqa: E402
from servers import Town  # noqa: E402
from start import Starts  # noqa: E402
from sweep import Sweep, work  # noqa: E402

WORKERS = 2
PLACES_SHOWN = 12

# kind, every so many calls, so many in a row
BOOK = [("sync", 1, 1), ("name", 1, 1), ("open", 1, 1), ("read", 1, 1), ("write", 1, 1), ("sqlite", 1, 1),
        ("alloc", 0, 1),  # of some 50,000 one of each way to it, 3,200: all of them would be hours
        ("write", 7, 10), ("read", 7, 10), ("sqlite", 7, 10), ("alloc", 97, 30)]
INDEX = [("sync", 1, 1), ("read", 1, 1), ("write", 1, 1), ("sqlite", 1, 1), ("alloc", 1, 1),
         ("read", 1, 3), ("read", 3, 20), ("write", 2, 10), ("sqlite", 2, 10), ("alloc", 1, 3), ("alloc", 3, 30)]
STARTS = [("start", "open", 1), ("start", "read", 1), ("start", "write", 1), ("start", "sync", 1), ("start", "name", 1),
          ("start", "socket", 1), ("start", "task", 1), ("start", "sqlite", 3), ("start", "alloc", 37),
          ("stop", "write", 1), ("stop", "read", 1), ("stop", "sync", 1), ("stop", "name", 1), ("stop", "open", 1),
          ("stop", "socket", 1), ("stop", "alloc", 1)]


def sweeps():
    """By play; what is counted in hundreds is failed call by call, the rest at every few."""
    for play in ("whatsapp", "situs"):
        yield [Sweep(play, "sync"), Sweep(play, "name"), Sweep(play, "open"), Sweep(play, "task"), Sweep(play, "read"),
               Sweep(play, "write"), Sweep(play, "socket"), Sweep(play, "sqlite"), Sweep(play, "alloc"),
               Sweep(play, "alloc", stride=7, count=30), Sweep(play, "write", stride=5, count=20),
               Sweep(play, "sqlite", stride=5, count=10), Sweep(play, "open", count=5)]
    yield [Sweep("situs", "socket", program="parser"), Sweep("situs", "alloc", stride=29, program="parser", most=4000)]
    yield [Sweep("email", "sync"), Sweep("email", "name"), Sweep("email", "open"), Sweep("email", "task"),
           Sweep("email", "write", stride=3), Sweep("email", "socket", stride=3), Sweep("email", "sqlite", stride=9),
           Sweep("email", "alloc", stride=23), Sweep("email", "socket", stride=2, program="mailbox"),
           Sweep("email", "alloc", stride=11, program="mailbox", most=500),
           Sweep("email", "socket", program="parser"), Sweep("email", "alloc", stride=67, program="parser", most=4000)]
    yield [Sweep("meja", "sync"), Sweep("meja", "read"), Sweep("meja", "open"), Sweep("meja", "socket", stride=2),
           Sweep("meja", "write", stride=3), Sweep("meja", "sqlite", stride=5), Sweep("meja", "alloc", stride=29)]
    yield [Sweep("baca", "read"), Sweep("baca", "open"), Sweep("baca", "socket"), Sweep("baca", "sqlite"),
           Sweep("baca", "alloc", stride=7), Sweep("baca", "alloc", stride=31, count=40)]


class Sum:
    def __init__(self):
        self.passed = self.failed = self.faults = 0
        self._lock = threading.Lock()

    def add(self, name, plays, faults, wrong, said=()):
        """wrong: how many of the plays."""
        with self._lock:
            self.passed, self.failed, self.faults = self.passed + plays - wrong, self.failed + wrong, self.faults + faults
            print(f"{name}: {faults} gangguan, {wrong} gagal", *said, sep="\n", flush=True)


def play_book(name, program, kind, stride, row, sums):
    faults, wrong, said = story(program, kind, stride, row)
    sums.add(f"{name}/{kind}{f'/x{row}' if row > 1 else ''}", max(faults // row, 1), faults, wrong, [said] if wrong else [])


def play_starts(chosen, sums):
    with Town(mail=False, mqtt=False) as town:
        starts = Starts(town)
        for act, kind, stride in chosen:
            faults, bad = starts.sweep(act, kind, stride)
            said = [f"{act} {kind} {number}: {text}" for number, wrong in bad.items() for text in wrong]
            sums.add(f"{'mulai' if act == 'start' else 'berhenti'}/{kind}", max(faults, len(bad)), faults, len(bad), said)


def play_lives(group, sums):
    with Town() as town:
        left = work(town, group)
    for sweep in group:
        places = [f"   {count} {place}" for place, count in sweep.struck.most_common(PLACES_SHOWN)]
        sums.add(sweep.told().partition(":")[0], sweep.plays, sweep.faults, len(sweep.bad), places)
    sums.add(f"{group[0].play}, sesudahnya", 1, 0, int(bool(left)), left[:20])


def play_file(path, sums):
    result = check.run_pytest(path)
    sums.add(path.name, result.passed + result.failed, 0, result.failed, [result.text] if result.failed else [])


def jobs(wanted, sums):
    """The long ones first."""
    def chosen(name):
        return not wanted or any(word in name for word in wanted)
    groups = ([sweep for sweep in group if chosen(sweep.name)] for group in sweeps())
    for group in sorted(filter(None, groups), key=lambda group: group[0].play != "email"):
        yield lambda group=group: play_lives(group, sums)
    starts = [row for row in STARTS if chosen(f"{row[0]}/{row[1]}")]
    if starts:
        yield lambda: play_starts(starts, sums)
    for name, program, rows in (("buku", "book_story", BOOK), ("indeks", "index_story", INDEX)):
        for row in rows:
            if chosen(f"{name}/{row[0]}"):
                yield lambda name=name, program=program, row=row: play_book(name, program, *row, sums)
    for path in (HERE / "test_outside.py", HERE / "test_situations.py"):
        if chosen(path.name):
            yield lambda path=path: play_file(path, sums)


def main():
    began, sums = time.monotonic(), Sum()
    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(job) for job in jobs(sys.argv[1:], sums)]:
            done.result()
    print(f"{sums.faults} gangguan, {time.monotonic() - began:.0f} s")
    print(f"{sums.passed} passed, {sums.failed} failed")
    return 1 if sums.failed or not sums.passed else 0


if __name__ == "__main__":
    sys.exit(main())
