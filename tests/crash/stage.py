"""One story of a complaint, played with a kill -9 at any durable step, and what the world looks like afterwards.

A Stage is an office whose people are hired and logged in; each play() puts that book back, lets the story happen and
starts the daemon anew whenever it died. The outside behaves as it does outside (tests/support/story.py). A World is
what was left: book, ledger and outbox without times and chance, and what the outside saw.
"""
import http.client
import json
import re
import shutil
import signal

from desk import OFFICERS, Desk
from process import Died, Missed, await_that
from session import Session
from story import STORIES, act, apart, plain

SETTLE_S, DYING_S = 40, 5
SHOWN_MOST = 4000  # bytes of the log that a failure shows

# Everything but times and what chance gives.
BOOK = {
    "complaint": "id, number, kind, confidentiality, state, version, channel, reply_to, citizen_id, service_id, "
                 "section_id, instruction, subject, place, occurred, answered_at IS NULL, closed_at IS NULL",
    "citizen": "id, nama, pekerjaan, alamat, email, phone", "identity": "scheme, value, citizen_id",
    "register_sequence": "last", "message": "id, purpose, channel, officer_id, author, subject, text, own_words, "
    "must_read, raw_sha256 IS NULL",
    "attachment": "message_id, lower(hex(sha256)), filename, media_type, size", "reference": "scheme, complaint_id",
    "notice": "officer_id, complaint_id, kind, read_at IS NULL", "event": "id, complaint_id, kind, actor, data",
    "arrival": "channel, outcome, reason, complaint_id, message_id, raw_sha256 IS NULL", "bookmark": "channel",
    "outbox": "complaint_id, message_id, channel, purpose, payload", "inspection": "fault IS NULL",
    "media": "message_id, complaint_id, channel, request, filename, state, attachment_id",
}


class World:
    """book: {table: rows}; litter: files that no row names; fates: [(channel, purpose, state)] of the outbox; letters: [texts with
    what was enclosed]; events: [MQTT events]."""

    def __init__(self, stage, story):
        ask = stage.daemon.book_query
        self.book = {table: sorted((tuple(map(plain, row)) for row in ask(f"SELECT {columns} FROM {table}")), key=repr)
                     for table, columns in BOOK.items()}
        files = {path.name for path in (stage.daemon.data / "lampiran").rglob("*") if path.is_file()}
        named = {name for name, in ask("SELECT lower(hex(sha256)) FROM blob WHERE data IS NULL")}
        self.litter = sorted(files - named - {".ditulis"})  # that one is used again
        self.fates = ask("SELECT channel, purpose, state FROM outbox ORDER BY channel, purpose, id")
        self.letters = sorted(map(plain, story.arrived()))
        self.outside = story.outside()
        seen = stage.events()
        # A broker may hear an event twice (QoS 1: at least once); its number tells that it is the same.
        self.events = [(number, plain(text)) for number, text in dict(seen).items()]

    def unknown(self):
        return [fate for fate in self.fates if fate[2] == "tidak_pasti"]

    def differences(self, calm):
        """What is otherwise than in the world where nobody was killed; [] = nothing."""
        found = [f"{table}: {apart(calm.book[table], rows)}" for table, rows in self.book.items()
                 if rows != calm.book[table]]
        if self.litter:
            found.append(f"berkas tanpa catatan: {self.litter}")
        for mine, theirs in zip(self.fates, calm.fates):
            if mine != theirs and not (mine[:2] == theirs[:2] and mine[2] == "tidak_pasti" and mine[0] != "mqtt"):
                found.append(f"kiriman: tenang {theirs} kini {mine}")
        missing = list(calm.letters)
        for letter in self.letters:
            if letter not in missing:
                found.append(f"surat berlebih: {letter[:200]!r}")
            else:
                missing.remove(letter)
        if len(missing) > len(self.unknown()):
            found.append(f"{len(missing)} surat hilang, {len(self.unknown())} belum pasti: {missing}")
        if self.outside != calm.outside:
            found.append(f"di luar: tenang {calm.outside} kini {self.outside}")
        if self.events != calm.events:
            found.append(f"peristiwa: {apart(calm.events, self.events)}")
        return found


# Which programs have steps in which story.
SWEEPS = [("email", "daemon"), ("email", "mailbox"), ("email", "parser"), ("situs", "daemon"), ("situs", "parser"),
          ("whatsapp", "daemon"), ("loket", "daemon"), ("loket", "parser"), ("malam", "daemon")]


class Stage:
    def __init__(self, town, name):
        self.town, self.kind = town, STORIES[name]
        self.daemon = town.daemon(**self.kind.parts)
        self.daemon.init()
        desk = Desk(self.daemon).hire()
        self.daemon.start()
        self.cookies = {role: desk.session(role).cookies for role in OFFICERS if role not in ("kasi", "camat")}
        self._settled()
        self.daemon.stop()
        self.template = self.daemon.folder / "awal"
        shutil.copytree(self.daemon.data, self.template)
        self.kind.prepare(self.daemon)
        self.counter = self.daemon.folder / "langkah"
        self.subscriber = town.subscriber()
        self.unsure = 0  # letters of unknown fate in the last judged play
        self._calm = None

    # ---- the daemon's lives

    def start(self):
        self._log_at = len(self.daemon.output())
        self.daemon.start(**self._crash)

    def said_since_start(self):
        return self.daemon.output()[self._log_at:]

    def until_done(self, act):
        """act(), again after each death, until it comes to its end."""
        while True:
            try:
                if not self.daemon.alive():
                    self.daemon.wait_death()  # sweeps up the children
                    self.start()
                return act()
            except (Died, OSError, http.client.HTTPException):
                self._must_have_died()

    def _must_have_died(self):
        status = self.daemon.wait_death(DYING_S)
        assert status == -signal.SIGKILL, f"berhenti dengan {status}:\n{self.daemon.output()[-4000:]}"

    def _stop(self):
        """SIGTERM; a kill on the way out is made up for by one more life."""
        if not self.daemon.alive():
            self.until_done(lambda: None)
        self.daemon.process.terminate()
        if self.daemon.wait_death(10) != 0:
            self._must_have_died()
            self.until_done(lambda: None)
            self.daemon.stop()

    # ---- the play

    def _settled(self):
        def look():
            if not self.daemon.alive():
                raise OSError("pengaduand mati")
            return not self._waiting()
        try:
            await_that(look, SETTLE_S, "kotak keluar selesai")
        except Missed as missed:
            raise Missed(f"{missed}; tersisa {self._waiting()}\n{self.daemon.output()[-SHOWN_MOST:]}") from None

    def _waiting(self):
        return self.daemon.book_query("SELECT id, channel, purpose, state, attempts FROM outbox WHERE state IN ('antre', 'mengirim')")

    def _rest(self, story):
        self._settled()

        def look():
            if not self.daemon.alive():
                raise OSError("pengaduand mati")
            return story.quiet()
        await_that(look, SETTLE_S, "semua selesai")
        self._settled()  # what came last may have left a letter

    def events(self):
        """(number, JSON) of every event the broker got in this play."""
        return [(json.loads(message["payload"])["id"], message["payload"])
                for message in self.subscriber.messages[self._events_at:] if "/event/" in message["topic"]]

    def _broker_done(self):
        wanted = self.daemon.book_query("SELECT count(*) FROM outbox WHERE channel = 'mqtt'")[0][0] - self._hired
        await_that(lambda: len(dict(self.events())) >= wanted, 10, "peristiwa di broker")

    def play(self, program=None, step=0):
        """One story from the first word to the answer, and once more. Returns (world, world after the second time)."""
        self.daemon.kill()
        shutil.rmtree(self.daemon.data)
        shutil.copytree(self.template, self.daemon.data)
        self.daemon.forget_output()
        self.counter.write_bytes(bytes(8))
        self._crash = {"crash_step": step, "crash_program": program or "daemon", "crash_counter": self.counter}
        self._events_at = len(self.subscriber.messages)
        self._hired = self.daemon.book_query("SELECT count(*) FROM outbox WHERE channel = 'mqtt'")[0][0]
        self.kind.clear(self)
        story = self.kind(self)
        self.until_done(story.tell)
        self.until_done(self._settled)
        # The mail may not be in the book yet: nobody waits for an answer from the channel.
        self.until_done(lambda: await_that(lambda: self._opened(story), SETTLE_S, "aduan di dalam buku"))
        self.until_done(story.more)
        self.until_done(lambda: await_that(lambda: self._added(story), SETTLE_S, "tambahan di dalam buku"))
        for done in story.walk:
            self.until_done(lambda: act(self.daemon, self.cookies, 1, *done))
        self.until_done(lambda: self._rest(story))
        first = self._look(story)
        self.until_done(story.tell)
        self.until_done(story.more)
        self.until_done(lambda: self._rest(story))
        second = self._look(story)
        self.daemon.extra_environment.clear()  # who looks afterwards does not die
        self.daemon.must("verify")
        return first, second

    def _opened(self, story):
        if not self.daemon.alive():
            raise OSError("pengaduand mati")
        return self.daemon.book_query("SELECT 1 FROM complaint") and story.complete()

    def _added(self, story):
        if not self.daemon.alive():
            raise OSError("pengaduand mati")
        return len(self.daemon.book_query("SELECT 1 FROM message WHERE purpose = 'tambahan'")) >= story.additions

    def _look(self, story):
        self.until_done(lambda: self._unknown_is_shown())
        self._stop()
        self._broker_done()
        return World(self, story)

    def _unknown_is_shown(self):
        if self.daemon.book_query("SELECT 1 FROM outbox WHERE state = 'tidak_pasti'"):
            session = Session(self.daemon.base)
            session.cookies = dict(self.cookies["petugas"])
            session.get("/aduan/1").must("belum pasti")

    def taken(self):
        return int.from_bytes(self.counter.read_bytes(), "little")

    def crashes(self):
        """[(step, name)] the programs died at in the last play."""
        return re.findall(r"^crash step (\d+): (\S+)", self.daemon.output(), re.MULTILINE)

    # ---- what is asked of it

    def calm(self, program):
        """(steps of that program, the worlds without a kill)."""
        worlds = self.play(program)
        steps = self.taken()
        if self._calm is None:
            self._calm = worlds
        return steps, self._calm

    def judge(self, program, step, calm):
        """Plays with that kill; [] or what is wrong. The last step's name is in `crashes()`."""
        try:
            first, second = self.play(program, step)
            self.unsure = len(second.unknown())
            return ([f"pertama: {text}" for text in first.differences(calm[0])]
                    + [f"sekali lagi: {text}" for text in second.differences(calm[1])])
        except AssertionError as failure:
            return [str(failure)]
