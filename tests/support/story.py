"""One complaint's story as the outside lives it: how it comes in by each channel, and what the officers then do.

The outside behaves as it does outside: the gateway posts until it gets its 200, the citizen presses "send" again, the
officer looks whether his act is in the book and repeats it if not, the mail lies in the mailbox. tests/crash plays it
with kills, tests/fault with faults.
"""
import hashlib
import re
import shutil

import gateway as stand_in
from desk import SECTION_NAME
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that
from session import Session

SITI, AHMAD = "siti@warga.example", "6281234567890"
SMALL = ("foto.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
LARGE = ("surat.pdf", "application/pdf", b"%PDF-1.4\n" + b"0123456789abcdef" * 6000)  # a file beside the book
OTHER = ("bukti.pdf", "application/pdf", b"%PDF-1.4\n" + b"fedcba9876543210" * 6000)

# What an officer does, and the state it is done in: when the book has moved on, it was done before the kill.
WALK = [("petugas", "verifikasi", "masuk", {}), ("petugas", "teruskan", "diverifikasi", {}),
        ("sekcam", "disposisi", "diteruskan", {"seksi": SECTION_NAME, "instruksi": "Periksa.", "batas": "2099-01-04"}),
        ("seksi", "mulai", "didisposisikan", {}), ("seksi", "lapor", "ditindaklanjuti", {"isi": "Sudah diperbaiki."}),
        ("sekcam", "setujui", "menunggu_persetujuan", {}), ("petugas", "jawab", "disetujui", {"isi": "Sudah selesai."})]

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
    """What is otherwise between two lists of rows, in words."""
    missing = list(calm)
    extra = [row for row in now if row not in missing or missing.remove(row)]
    return f"kurang {missing} lebih {extra}" if missing or extra else "urutannya lain"


class ComeLater(OSError):
    """The outside was told, in so many words, that nothing was written and that it should try again."""


def act(daemon, cookies, complaint, role, action, state, fields):
    """An officer's act, unless the book has moved on already. OSError: it has to be repeated."""
    if daemon.book_query("SELECT state FROM complaint WHERE id = ?", complaint) != [(state,)]:
        return
    session = Session(daemon.base)
    session.cookies = dict(cookies[role])
    page = session.get(f"/aduan/{complaint}")
    if page.status == 503:
        raise ComeLater("halaman tidak terbuka")
    form = page.must().form(f"/{action}").fill(**fields)
    if action in ("lapor", "jawab") and form.has("berkas"):  # an answer by e-mail carries it to the citizen
        form.attach("berkas", *LARGE)
    page = form.submit()
    if page.status == 503:
        raise ComeLater("belum tersimpan")
    page.must()


class Story:
    """How one channel's complaint comes in. tell() is repeated until it returns; then once more at the end."""

    parts = {}
    walk = WALK
    additions = 0  # messages that more() brings

    def __init__(self, stage, mark=""):
        """stage: has daemon, town, said_since_start(). mark: tells its text from that of other stories."""
        self.stage, self.daemon, self.town = stage, stage.daemon, stage.town
        self.text = f"Tetap tercatat{mark}."

    @staticmethod
    def prepare(office):
        """Changes the configuration before the first play."""

    @staticmethod
    def clear(stage):
        """Nothing of an earlier play is left outside."""

    def more(self):
        """What the citizen adds once his complaint is in the book; repeated until it returns."""

    def arrived(self):
        """The letters, as letters() has them, with what was enclosed."""
        return self.letters()

    def outside(self):
        """What else the world shows in the end."""
        return None

    def complete(self):
        """All of it is in the book, so that what comes next comes after it in every play."""
        return True

    def quiet(self):
        """Nothing more will happen by itself."""
        return True


class Email(Story):
    parts = {"gateway": None}

    additions = 1

    @staticmethod
    def clear(stage):
        for address in (OFFICE_ADDRESS, SITI):
            stage.town.maildirs.empty(address)

    def __init__(self, stage, mark="", sender=SITI):
        super().__init__(stage, mark)
        before = len(self._files())
        self.sender, self.added = sender, False
        self.letter = self.town.send(
            compose(sender, OFFICE_ADDRESS, "Sebelum mati", f"{self.text}\n", (SMALL, LARGE), name="Siti"))
        # Else the daemon may look too early; and how long the mail server takes is not our affair.
        await_that(lambda: len(self._files()) > before, 60, "surat di kotak kantor")

    def _files(self):
        folder = self.town.maildirs.new_folder("kantor").parent
        return [path.name for part in ("new", "cur") for path in (folder / part).iterdir()]

    def tell(self):
        """It lies in the mailbox."""

    def more(self):
        """To his own letter: the receipt may not have come."""
        if not self.added:
            self.town.send(compose(self.sender, OFFICE_ADDRESS, "Re: Sebelum mati", "Fotonya menyusul.\n", (SMALL, OTHER),
                                   name="Siti", in_reply_to=self.letter))
            self.added = True

    def letters(self):
        return [text_of(seen) for seen in self.town.mailbox(SITI).messages()]

    def arrived(self):
        return [text_of(seen) + "".join(f"[{part.get_filename()} {hashlib.sha256(part.get_content()).hexdigest()}]\n"
                                        for part in seen.iter_attachments()) for seen in self.town.mailbox(SITI).messages()]

    def outside(self):
        return sorted(name.rpartition(":2,")[2] for name in self._files())  # the flags

    def quiet(self):
        # A killed child's successor marks what it had handed up as read.
        return "semua surat sudah diambil" in self.stage.said_since_start() and all("S" in flags for flags in self.outside())


class Form(Story):
    """Typed into a form of ours, which is sent again as it is, as a browser's "send again" does: one complaint all the
    same."""
    parts = {"gateway": None, "dovecot": None, "exim": None}
    place, person = "", {}

    def __init__(self, stage, mark=""):
        super().__init__(stage, mark)
        self.form, self.told = None, set()

    def session(self):
        """Who has it open."""
        return self.daemon.session()

    def tell(self):
        if self.form is None:
            page = self.session().get(self.place)
            if page.status == 503:
                raise ComeLater("formulir tidak terbuka")
            self.form = page.must().form(self.place)
            self.form.fill(**self.person, alamat="Jalan Mastrip 12", isi=self.text)
            for file in (SMALL, LARGE):
                self.form.attach("berkas", *file)
        page = self.form.submit()
        if page.status == 503:
            raise ComeLater("belum tersimpan")
        self.told.add(page.must("PGD").path)

    def letters(self):
        return []

    def outside(self):
        return len(self.told)  # each a receipt page of its own: there must be only one


class Website(Form):
    place, person = "/aduan", {"nama": "Budi", "pekerjaan": "Pedagang"}


class WhatsApp(Story):
    parts = {"dovecot": None, "exim": None}
    additions = 1

    def __init__(self, stage, mark="", phone=AHMAD):
        super().__init__(stage, mark)
        self.before = len(self.town.gateway.sent)
        self.town.gateway.give("/statics/media/foto.png", SMALL[2], SMALL[1])
        self.message = stand_in.gowa_text(phone, self.text, image="statics/media/foto.png")
        self.addition = stand_in.gowa_text(phone, "Tambahan: dekat pos ronda.")

    def tell(self):
        self._deliver(self.message)

    def more(self):
        self._deliver(self.addition)

    def _deliver(self, message):
        status = self.town.gateway.deliver(self.daemon.hook_url(), message, self.daemon.secrets["GOWA_SECRET"],
                                           pauses=())[0]
        if status is None:
            raise OSError("callback tidak dijawab")
        if status == 503:
            raise ComeLater("callback ditolak")
        assert status == 200, status

    def letters(self):
        return [sent.text for sent in self.town.gateway.sent[self.before:]]

    def complete(self):
        return not self.daemon.book_query("SELECT 1 FROM media WHERE state <> 'selesai'")


class Counter(Form):
    """Somebody comes in; the officer writes it down, and presses again when no receipt came."""
    place, person = "/loket", {"nama": "Karsono", "pekerjaan": "Tukang"}
    walk = WALK[:2]

    def session(self):
        session = Session(self.daemon.base)
        session.cookies = dict(self.stage.cookies["petugas"])
        return session


class Night(Website):
    """What the daemon does by itself when nobody is there: a backup, and the look through the whole book."""
    walk = []

    @staticmethod
    def prepare(office):
        (office.folder / "cadangan").mkdir()
        office.sections["server"]["verify"] = "yes"
        office.sections["backup"] = {"folder": str(office.folder / "cadangan")}
        office.write_configuration()

    @staticmethod
    def clear(stage):
        for path in (stage.daemon.folder / "cadangan").iterdir():
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
