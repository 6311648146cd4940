"""kill -9 at every durable step, for each channel: after a restart the end is the same as without it.

The daemon counts its steps (daemon/base/step.h) and kills itself at step N; N goes from 1 until a run needs fewer.
"The same" means: one complaint, its number and code told to the citizen, one answer, an unbroken history, every arrival
with its outcome. A letter may be of unknown fate ("belum pasti terkirim") when the kill fell between the wire and the
book: then nobody repeats it, and a person is told.
"""
import os
import signal

import pytest

import gateway as stand_in
from desk import Desk, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import Died, Missed, await_that

STEPS_MOST = 400
SITI, AHMAD = "siti@warga.example", "6281234567890"


class Scene:
    """One complaint by one channel. tell() is repeated until the daemon lived through it, as the real sender does."""

    def __init__(self, town, office):
        self.town, self.office, self.desk = town, office, Desk(office)


class Email(Scene):
    parts = {"gateway": None, "broker": None}

    def prepare(self):
        for address in (OFFICE_ADDRESS, SITI):
            self.town.maildirs.empty(address)
        self.mail = self.town.send(compose(SITI, OFFICE_ADDRESS, "Sebelum mati", "Tetap tercatat.\n"))

    def tell(self):
        pass  # it lies in the mailbox

    def letters(self):
        return [text_of(seen) for seen in self.town.mailbox(SITI).messages()]


class Website(Scene):
    parts = {"gateway": None, "broker": None, "dovecot": None, "exim": None}
    form = None

    def prepare(self):
        pass

    def tell(self):
        # The same form again, as a browser's "send again" does: one complaint all the same.
        if self.form is None:
            self.form = self.office.session().get("/aduan").must().form("/aduan").fill(isi="Tetap tercatat.")
        self.page = self.form.submit()
        if self.page.status != 200:
            raise OSError(f"formulir dijawab {self.page.status}")

    def letters(self):
        return [self.page.text]


class WhatsApp(Scene):
    parts = {"broker": None, "dovecot": None, "exim": None}

    def prepare(self):
        self.seen = len(self.town.gateway.sent)
        self.message = stand_in.gowa_text(AHMAD, "Tetap tercatat.")

    def tell(self):
        status = self.town.gateway.deliver(self.office.hook_url(), self.message, self.office.secrets["GOWA_SECRET"],
                                           pauses=())[0]
        if status != 200:
            raise OSError(f"callback dijawab {status}")

    def letters(self):
        return [sent.text for sent in self.town.gateway.sent[self.seen:]]


def run_once(scene, step):
    """Plays the scene with a kill of the daemon at `step`. Returns True if it died of it."""
    office = scene.office
    try:
        office.start(crash_step=step, crash_program="daemon")
        scene.tell()
        await_outcome(scene, stop_when_dead=True)
        office.stop()
        return False
    except (Died, OSError, Missed):
        if office.alive():
            raise
    assert office.wait_death() == -signal.SIGKILL, f"langkah {step}: {office.output()[-4000:]}"
    office.start()
    scene.tell()
    await_outcome(scene)
    return True


def await_outcome(scene, stop_when_dead=False):
    """Until the complaint is in the book and its receipt was sent, or is of unknown fate."""
    def settled():
        if stop_when_dead and not scene.office.alive():
            raise OSError("pengaduand mati")
        rows = scene.office.book_query("SELECT state FROM outbox WHERE purpose = 'tanda_terima'")
        open_rows = [state for state, in rows if state in ("antre", "mengirim")]
        complaints = scene.office.book_query("SELECT count(*) FROM complaint")[0][0]
        return complaints and not open_rows

    await_that(settled, 40, "aduan dan tanda terima selesai")


def check_end(scene, step):
    office = scene.office
    numbers = [number for number, in office.book_query("SELECT number FROM complaint")]
    assert len(numbers) == 1 and numbers[0].startswith("001/"), f"langkah {step}: {numbers}"
    arrivals = office.book_query("SELECT outcome FROM arrival")
    assert ("dibuka",) in arrivals and all(outcome for outcome, in arrivals), f"langkah {step}: {arrivals}"
    states = [state for state, in office.book_query("SELECT state FROM outbox WHERE purpose = 'tanda_terima'")]
    receipts = [text for text in scene.letters() if number_in(text) == numbers[0]]
    assert len(states) <= 1, f"langkah {step}: {states}"
    assert len(receipts) == 1 or (states == ["tidak_pasti"] and not receipts), f"langkah {step}: {states} {receipts}"
    office.stop()
    office.must("verify")


@pytest.mark.parametrize("kind", [Email, Website, WhatsApp])
def test_death_at_any_step_changes_nothing(town, kind):
    survived = None
    for step in range(1, STEPS_MOST):
        office = town.daemon(**kind.parts)
        office.init()
        scene = kind(town, office)
        scene.prepare()
        died = run_once(scene, step)
        check_end(scene, step)
        if not died:
            survived = step
            break
    assert survived and survived > 3, "tidak ada langkah yang dihitung, atau terlalu banyak"


@pytest.mark.parametrize("program", ["mailbox", "parser"])
def test_killed_child_is_started_anew_and_the_daemon_lives_on(town, program):
    office = town.daemon(**Email.parts)
    office.init()
    scene = Email(town, office)
    for address in (OFFICE_ADDRESS, SITI):
        town.maildirs.empty(address)
    office.start()
    pid = await_that(lambda: office.children().get(program), 20, f"anak {program} hidup")
    os.kill(pid, signal.SIGKILL)
    scene.prepare()
    await_outcome(scene)
    assert office.alive()
    check_end(scene, "anak")
