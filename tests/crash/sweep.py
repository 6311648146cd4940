"""`make check-crash`: every story with a kill at every step of every program, then kills at random moments under load.

sweep.py [STORY/PROGRAM ...] plays only those; two at a time, each worker with servers of its own. Only what went wrong
is printed, then a table of where the programs died; the last line is `N passed, N failed`.
"""
import collections
import itertools
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from servers import Town  # noqa: E402
from stage import SWEEPS, Stage  # noqa: E402
from storm import storm  # noqa: E402

WORKERS = 2
# The count differs a little from play to play (threads meet in another order): a sweep is over when that many plays
# in a row came to their end without a death.
SURVIVED_TO_END = 3
STORM_KILLS = 30


class Sweep:
    """Hands out the steps 1, 2, 3 ... of one program in one story and remembers what came of them."""

    def __init__(self, story, program):
        self.story, self.program = story, program
        self.steps, self.survived, self.played, self.unsure, self.bad = 0, 0, 0, 0, []
        self.died_at = collections.Counter()
        self._numbers, self._lock = itertools.count(1), threading.Lock()

    def next_step(self):
        with self._lock:
            return None if self.survived >= SURVIVED_TO_END else next(self._numbers)

    def note(self, step, crashes, unsure, wrong):
        with self._lock:
            self.played += 1
            self.unsure += unsure
            self.died_at.update(name for _, name in crashes)
            self.survived = 0 if crashes else self.survived + 1
            self.steps = max([self.steps, *(int(number) for number, _ in crashes)])
            if wrong:
                self.bad.append(step)
                where = ", ".join(name for _, name in crashes) or "tidak mati"
                print(f"--- {self.story}/{self.program} langkah {step} ({where})", *wrong, "---", sep="\n", flush=True)


def work(sweeps):
    """One worker: one town, one stage a story, steps until none are left."""
    stages = {}
    with Town() as town:
        for sweep in sweeps:
            if sweep.story not in stages:
                stages[sweep.story] = Stage(town, sweep.story)
            stage = stages[sweep.story]
            _, calm = stage.calm(sweep.program)
            while (step := sweep.next_step()) is not None:
                wrong = stage.judge(sweep.program, step, calm)
                sweep.note(step, stage.crashes(), stage.unsure, wrong)


def run_sweeps(wanted):
    sweeps = [Sweep(*pair) for pair in SWEEPS if not wanted or "/".join(pair) in wanted]
    with ThreadPoolExecutor(WORKERS) as pool:
        for done in [pool.submit(work, sweeps) for _ in range(WORKERS)]:
            done.result()
    for sweep in sweeps:
        print(f"{sweep.story}/{sweep.program}: {sweep.steps} langkah, {sweep.played} kali dimainkan, "
              f"{sum(sweep.died_at.values())} kali dibunuh, {sweep.unsure} surat belum pasti, {len(sweep.bad)} gagal")
        print("   " + ", ".join(f"{name} {count}" for name, count in sorted(sweep.died_at.items())))
    return sum(sweep.played - len(sweep.bad) for sweep in sweeps), sum(len(sweep.bad) for sweep in sweeps)


def main():
    began = time.monotonic()
    wanted = sys.argv[1:]
    passed, failed = run_sweeps(wanted)
    if not wanted:
        with Town(mqtt=False) as town:
            wrong, figures = storm(town, STORM_KILLS)
        print(f"badai: {figures}", *wrong[:20], sep="\n")
        passed, failed = (passed, failed + 1) if wrong else (passed + 1, failed)
    print(f"{time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
