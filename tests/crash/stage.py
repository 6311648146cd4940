"""One story of a complaint, played with a kill -9 at any durable step, and what the world looks like afterwards.

A Stage is an office whose people are hired and logged in; each play() puts that book back, lets the story happen and
starts the daemon anew whenever it died. The outside behaves as it does outside: the gateway posts until it gets its
200, the citizen presses "send" again, the officer looks whether his act is in the book and repeats it if not, the mail
lies in the mailbox. A World is what was left: book, ledger and outbox without times and chance, and what the outside saw.
"""
import hashlib
import http.client
import json
import re
import shutil
import signal

import gateway as stand_in
from daemon import Daemon
from desk import OFFICERS, SECTION_NAME, Desk
from mail import OFFICE_ADDRESS, compose, text_of
from process import Died, await_that
from session import Session

SITI, AHMAD = "siti@warga.example", "6281234567890"
SMALL = ("foto.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
LARGE = ("surat.pdf", "application/pdf", b"%PDF-1.4\n" + b"0123456789abcdef" * 6000)  # a file beside the book
OTHER = ("bukti.pdf", "application/pdf", b"%PDF-1.4\n" + b"fedcba9876543210" * 6000)
SETTLE_S, DYING_S = 40, 5

# What an officer does, and the state it is done in: when the book has moved on, it was done before the kill.
WALK = [("petugas", "verifikasi", "masuk", {}), ("petugas", "teruskan", "diverifikasi", {}),
        ("sekcam", "disposisi", "diteruskan", {"seksi": SECTION_NAME, "instruksi": "Periksa.", "batas": "2099-01-04"}),
        ("seksi", "mulai", "didisposisikan", {}), ("seksi", "lapor", "ditindaklanjuti", {"isi": "Sudah diperbaiki."}),
        ("sekcam", "setujui", "menunggu_persetujuan", {}), ("petugas", "jawab", "disetujui", {"isi": "Sudah selesai."})]

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
CHANCE = [(re.compile(pattern), word) for pattern, word in (
    (r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", "<kode>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", "<saat>"), (r"\d\d[.:]\d\d WIB", "<jam>"),
    (r"[\w.$=+-]+@(kedopok\.example|warga\.example|127\.0\.0\.1)", "<alamat>"), (r"3EB0[0-9A-F]{16}", "<id>"),
    (r'"sidik":"[0-9a-f]{64}"', '"sidik":"<sidik>"'))]


def plain(value):
    if isinstance(value, str):
        for pattern, word in CHANCE:
            value = pattern.sub(word, value)
    return value


def apart(calm, now):
    missing = list(calm)
    extra = [row for row in now if row not in missing or missing.remove(row)]
    return f"kurang {missing} lebih {extra}" if missing or extra else "urutannya lain"


class World:
    """book: {table: rows}; litter: files that no row names; fates: [(channel, purpose, state)] of the outbox; letters: [texts]; events: [MQTT events]."""

    def __init__(self, stage, story):
        ask = stage.daemon.book_query
        self.book = {table: sorted((tuple(map(plain, row)) for row in ask(f"SELECT {columns} FROM {table}")), key=repr)
                     for table, columns in BOOK.items()}
        files = {path.name for path in (stage.daemon.data / "lampiran").rglob("*") if path.is_file()}
        named = {name for name, in ask("SELECT lower(hex(sha256)) FROM blob WHERE data IS NULL")}
        self.litter = sorted(files - named - {".ditulis"})  # that one is used again
        self.fates = ask("SELECT channel, purpose, state FROM outbox ORDER BY channel, purpose, id")
        self.letters = sorted(map(plain, story.letters()))
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


class Story:
    """How one channel's complaint comes in. tell() is repeated until it returns; then once more at the end."""

    parts = {}
    walk = WALK
    additions = 0  # messages that more() brings

    def __init__(self, stage):
        self.stage, self.daemon, self.town = stage, stage.daemon, stage.town

    @staticmethod
    def prepare(office):
        """Changes the configuration before the first play."""

    def more(self):
        """What the citizen adds once his complaint is in the book; repeated until it returns."""

    def outside(self):
        """What else the world shows in the end."""
        return None

    def quiet(self):
        """Nothing more will happen by itself."""
        return True


class Email(Story):
    parts = {"gateway": None}

    def __init__(self, stage):
        super().__init__(stage)
        for address in (OFFICE_ADDRESS, SITI):
            self.town.maildirs.empty(address)
        self.letter = self.town.send(
            compose(SITI, OFFICE_ADDRESS, "Sebelum mati", "Tetap tercatat.\n", (SMALL, LARGE), name="Siti"))
        self.added = False
        await_that(self._files, 20, "surat di kotak kantor")  # else the daemon may look too early

    def _files(self):
        folder = self.town.maildirs.new_folder("kantor").parent
        return [path.name for part in ("new", "cur") for path in (folder / part).iterdir()]

    additions = 1

    def tell(self):
        """It lies in the mailbox."""

    def more(self):
        """To his own letter: the receipt may not have come."""
        if not self.added:
            self.town.send(compose(SITI, OFFICE_ADDRESS, "Re: Sebelum mati", "Fotonya menyusul.\n", (SMALL, OTHER),
                                   name="Siti", in_reply_to=self.letter))
            self.added = True

    def letters(self):
        return [text_of(seen) for seen in self.town.mailbox(SITI).messages()]

    def outside(self):
        return sorted(name.rpartition(":2,")[2] for name in self._files())  # the flags

    def quiet(self):
        return "semua surat sudah diambil" in self.stage.said_since_start()


class Website(Story):
    parts = {"gateway": None, "dovecot": None, "exim": None}

    def __init__(self, stage):
        super().__init__(stage)
        self.form, self.told = None, set()

    def tell(self):
        # The same form again, as a browser's "send again" does: one complaint all the same.
        if self.form is None:
            self.form = self.daemon.session().get("/aduan").must().form("/aduan")
            self.form.fill(nama="Budi", pekerjaan="Pedagang", alamat="Jalan Mastrip 12", isi="Tetap tercatat.")
            for file in (SMALL, LARGE):
                self.form.attach("berkas", *file)
        page = self.form.submit()
        if page.status == 503:
            raise OSError("belum tersimpan")
        self.told.add(page.must("PGD").path)

    def letters(self):
        return []

    def outside(self):
        return len(self.told)  # each a receipt page of its own: there must be only one


class WhatsApp(Story):
    parts = {"dovecot": None, "exim": None}
    additions = 1

    def __init__(self, stage):
        super().__init__(stage)
        self.before = len(self.town.gateway.sent)
        self.message = stand_in.gowa_text(AHMAD, "Tetap tercatat.")
        self.town.gateway.give("/statics/media/foto.png", SMALL[2], SMALL[1])
        self.message = stand_in.gowa_text(AHMAD, "Tetap tercatat.", image="statics/media/foto.png")
        self.addition = stand_in.gowa_text(AHMAD, "Tambahan: dekat pos ronda.")

    def tell(self):
        self._deliver(self.message)

    def more(self):
        self._deliver(self.addition)

    def _deliver(self, message):
        status = self.town.gateway.deliver(self.daemon.hook_url(), message, self.daemon.secrets["GOWA_SECRET"],
                                           pauses=())[0]
        if status is None or status == 503:
            raise OSError(f"callback dijawab {status}")
        assert status == 200, status

    def letters(self):
        return [sent.text for sent in self.town.gateway.sent[self.before:]]

    def quiet(self):
        """Its photograph has come."""
        return not self.daemon.book_query("SELECT 1 FROM media WHERE state <> 'selesai'")


class Counter(Story):
    """Somebody comes in; the officer writes it down, and presses again when no receipt came."""
    parts = {"gateway": None, "dovecot": None, "exim": None}
    walk = WALK[:2]

    def __init__(self, stage):
        super().__init__(stage)
        self.form, self.told = None, set()

    def tell(self):
        if self.form is None:
            session = Session(self.daemon.base)
            session.cookies = dict(self.stage.cookies["petugas"])
            self.form = session.get("/loket").must().form("/loket")
            self.form.fill(nama="Karsono", pekerjaan="Tukang", alamat="Jalan Mastrip 12", isi="Tetap tercatat.")
            for file in (SMALL, LARGE):
                self.form.attach("berkas", *file)
        page = self.form.submit()
        if page.status == 503:
            raise OSError("belum tersimpan")
        self.told.add(page.must("PGD").path)

    def letters(self):
        return []

    def outside(self):
        return len(self.told)


class Night(Website):
    """What the daemon does by itself when nobody is there: a backup, and the look through the whole book."""
    walk = []

    @staticmethod
    def prepare(office):
        (office.folder / "cadangan").mkdir()
        office.sections["server"]["verify"] = "yes"
        office.sections["backup"] = {"folder": str(office.folder / "cadangan")}
        office.write_configuration()

    def __init__(self, stage):
        super().__init__(stage)
        for path in (self.daemon.folder / "cadangan").iterdir():
            shutil.rmtree(path)

    def _whole(self):
        return [path for path in (self.daemon.folder / "cadangan").iterdir() if path.name.startswith("buku-")]

    def quiet(self):
        return self._whole() and self.daemon.book_query("SELECT 1 FROM inspection")

    def outside(self):
        """Receipt pages; what has the name of a backup and is none; how many are."""
        return len(self.told), [path.name for path in self._whole() if not self._fits(path)], len(self._whole())

    @staticmethod
    def _fits(path):
        lines = (path / "MANIFES").read_text().splitlines()
        return lines[-1].startswith("# akhir ") and all(
            hashlib.sha256((path / name).read_bytes()).hexdigest() == digest
            for digest, _, name in (line.partition("  ") for line in lines if not line.startswith("#")))


STORIES = {"email": Email, "situs": Website, "whatsapp": WhatsApp, "loket": Counter, "malam": Night}
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
            return not self.daemon.book_query("SELECT 1 FROM outbox WHERE state IN ('antre', 'mengirim') LIMIT 1")
        await_that(look, SETTLE_S, "kotak keluar selesai")

    def _act(self, role, action, state, fields):
        if self.daemon.book_query("SELECT state FROM complaint WHERE id = 1") != [(state,)]:
            return
        session = Session(self.daemon.base)
        session.cookies = dict(self.cookies[role])
        form = session.get("/aduan/1").must().form(f"/{action}").fill(**fields)
        if action == "lapor":
            form.attach("berkas", *LARGE)
        page = form.submit()
        if page.status == 503:
            raise OSError("belum tersimpan")
        page.must()

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
        story = self.kind(self)
        self.until_done(story.tell)
        self.until_done(self._settled)
        # The mail may not be in the book yet: nobody waits for an answer from the channel.
        self.until_done(lambda: await_that(self._opened, SETTLE_S, "aduan di dalam buku"))
        self.until_done(story.more)
        self.until_done(lambda: await_that(lambda: self._added(story), SETTLE_S, "tambahan di dalam buku"))
        for act in story.walk:
            self.until_done(lambda: self._act(*act))
        self.until_done(lambda: self._rest(story))
        first = self._look(story)
        self.until_done(story.tell)
        self.until_done(story.more)
        self.until_done(lambda: self._rest(story))
        second = self._look(story)
        self.daemon.extra_environment.clear()  # who looks afterwards does not die
        self.daemon.must("verify")
        return first, second

    def _opened(self):
        if not self.daemon.alive():
            raise OSError("pengaduand mati")
        return self.daemon.book_query("SELECT 1 FROM complaint")

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
