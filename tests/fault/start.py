"""Starting and stopping with the N-th call of a kind failing.

A start ends with READY or with an exit status that lets the service manager try again, and words why; the next one, without
the fault, succeeds. A stop ends with 0, or the next start makes up for it.
"""
import re

import gateway as stand_in
from daemon import Daemon
from desk import Desk
from faults import Faults, places
from process import Died, Missed

SURVIVED_TO_END = 3
EX_CONFIG = 78  # config/pengaduand.service does not start again after it


class Starts:
    def __init__(self, town):
        self.town = town
        self.office = Daemon(town.scratch.folder("mulai"), gateway=town.gateway)
        town.scratch.at_end(self.office.kill)
        self.office.init()
        Desk(self.office).hire()
        self.faults = Faults(self.office.folder)
        self.office.extra_environment.update(self.faults.environment())

    def _said(self, at):
        return self.office.output()[at:]

    def start(self, kind, number):
        """([what is wrong], did it strike)."""
        at, failed, wrong = len(self.office.output()), self.faults.failed(), []
        self.faults.fail(kind, first=number)
        try:
            self.office.start()
        except Died as died:
            words = re.search(r"^pengaduand: .|Z error ", self._said(at), re.MULTILINE)
            if died.status < 0 or died.status in (0, EX_CONFIG) or not words:
                wrong = [f"mulai: status {died.status}", *places(self._said(at)), self._said(at)[-1500:]]
            self.office.process = None
        except Missed as missed:
            wrong = [f"mulai: {missed}", *places(self._said(at)), self._said(at)[-1500:]]
            self.office.kill()
        self.faults.heal()
        struck = self.faults.failed() > failed
        try:
            if not self.office.alive():
                self.office.start()
            self.office.stop()
        except (Died, Missed) as failure:
            wrong.append(f"tanpa gangguan: {failure}")
            self.office.kill()
        return wrong, struck

    def stop(self, kind, number):
        """The same for the way out."""
        wrong = []
        try:
            self.office.start()
            self.town.gateway.deliver(self.office.hook_url(), stand_in.gowa_text("6281511112222", f"Sebelum berhenti {number}."),
                                      self.office.secrets["GOWA_SECRET"], pauses=())
            at, failed = len(self.office.output()), self.faults.failed()
            self.faults.fail(kind, first=number)
            try:
                self.office.stop()
            except Missed as missed:
                wrong = [f"berhenti: {missed}", *places(self._said(at))]
            self.faults.heal()
            self.office.start()
            self.office.stop()
        except (Died, Missed) as failure:
            wrong.append(f"tanpa gangguan: {failure}")
            self.office.kill()
        return wrong, self.faults.failed() > failed

    def sweep(self, act, kind, stride=1):
        """(faults, {number: what is wrong}); act: "start" or "stop"."""
        number, survived, faults, bad = 1, 0, 0, {}
        while survived < SURVIVED_TO_END:
            wrong, struck = getattr(self, act)(kind, number)
            survived = 0 if struck else survived + 1
            faults += struck
            if wrong:
                bad[number] = wrong
            number += stride
        self.office.must("verify")
        return faults, bad
