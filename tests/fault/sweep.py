"""The sweeps of tests/fault: which calls fail in which play, and what came of it."""
import collections
import itertools
import threading
import time

from life import Life

# The count of calls differs a little from play to play (threads meet in another order).
SURVIVED_TO_END = 3


class Sweep:
    """Hands out the numbers first, first + stride, ... of one kind in one play and remembers what came of them.

    count: so many calls in a row fail. program: whose calls. most: no number beyond it."""

    def __init__(self, play, kind, stride=1, count=1, program="pengaduand", first=1, most=None, error=0):
        self.play, self.kind, self.count, self.program, self.error = play, kind, count, program, error
        self.faults = self.plays = self.survived = self.last = 0
        self.bad, self.struck = {}, collections.Counter()  # number: what is wrong
        self._most, self._numbers, self._lock = most, itertools.count(first, stride), threading.Lock()

    @property
    def name(self):
        return "/".join(filter(None, [self.play, self.kind, self.program if self.program != "pengaduand" else "",
                                      f"x{self.count}" if self.count > 1 else ""]))

    def next_number(self):
        with self._lock:
            number = next(self._numbers)
            return None if self.survived >= SURVIVED_TO_END or (self._most and number > self._most) else number

    def note(self, number, wrong, struck):
        with self._lock:
            self.plays += 1
            self.faults += len(struck)
            self.survived = 0 if struck else self.survived + 1
            self.last = max(self.last, number if struck else 0)
            self.struck.update(struck)
            if wrong:
                self.bad[number] = [*struck, *wrong]
                print(f"--- {self.name} {number}", *struck, *wrong, "---", sep="\n", flush=True)

    def told(self):
        return f"{self.name}: {self.faults} gangguan sampai panggilan ke-{self.last}, {len(self.bad)} gagal"


def work(town, sweeps):
    """One worker: a life for each play, its sweeps one after the other. Returns [what the lives left wrong]."""
    wrong = []
    for play, ours in itertools.groupby(sweeps, key=lambda sweep: sweep.play):
        life, began = None, time.monotonic()
        for sweep in ours:
            while (number := sweep.next_number()) is not None:
                life = life or Life(town, play)
                sweep.note(number, *life.hit(sweep.kind, number, sweep.count, sweep.program, sweep.error))
        if life:
            left = life.settle()
            print(f"{play}: {len(life.stories)} aduan, {len(life.told)} kali diminta mengulang, {life.unsure} surat belum"
                  f" pasti, {len(left)} salah sesudahnya, {time.monotonic() - began:.0f} s", flush=True)
            wrong += [f"{play}: {text}" for text in left]
    return wrong
