"""The people of one kecamatan at their desks: every step of a complaint, taken on the real pages.

One place knows the names of fields and paths; flow tests and the demo tell their stories with it.
"""
import re
from datetime import date, timedelta

import witness
from session import NotOnPage

NUMBER = re.compile(r"\b\d{3,}/PGD/[IVXLC]+/\d{4}\b")
# Ten characters without I, L, O and U, as people read them. One code in forty has no digit at all.
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}\b")
SECTION_KEY, SECTION_NAME = "seksi_pembangunan", "Seksi Pembangunan dan Pemberdayaan Masyarakat"

# role -> (login, name, password)
OFFICERS = {
    "petugas": ("rina", "Rina Wulandari", "petugas-kedopok"),
    "kasi": ("hadi", "Hadi Santoso", "kasi-pelayanan"),
    "sekcam": ("endang", "Endang Lestari", "sekcam-kedopok"),
    "seksi": ("joko", "Joko Prasetyo", "seksi-bangunan"),
    "camat": ("camat", "Agus Wibowo", "camat-kedopok"),
}


def number_in(text):
    found = NUMBER.search(text or "")
    return found.group() if found else None


def code_in(text):
    """The first tracking code of a text."""
    found = CODE.search(text or "")
    witness.keep("code", found and found.group())
    return found.group() if found else None


def fill_first(form, **choices):
    """fill_first(form, email=(("surel", "email"), "siti@...")): the first name that the form has."""
    for names, value in choices.values():
        name = next((name for name in names if form.has(name)), None)
        if name is None:
            raise NotOnPage(f"tidak satu pun isian {names} ada di {form!r}")
        form.fill(**{name: value})
    return form


class Desk:
    """All officers, logged in. tell(who, did): called after each step."""

    def __init__(self, daemon, tell=lambda who, did: None):
        self.daemon, self.tell = daemon, tell
        self._sessions, self._others = {}, {}

    def hire(self):
        """Makes the accounts by the command line. Returns self."""
        for role, (login, name, password) in OFFICERS.items():
            self.daemon.add_user(login, role, password, SECTION_KEY if role == "seksi" else None, name)
        return self

    def session(self, role):
        if role not in self._sessions:
            login, _, password = (OFFICERS | self._others)[role]
            self._sessions[role] = self.daemon.session(login, password)
        return self._sessions[role]

    def hire_other(self, role, section, name):
        """A second head of section; session(role) is his from now on."""
        self.daemon.add_user(role, "seksi", "seksi-lain-" + role, section, name)
        self._others[role] = (role, name, "seksi-lain-" + role)

    def logged_out(self):
        """After a restart with another book, or to start anew."""
        self._sessions.clear()

    # ---- reading

    def complaint(self, role, number):
        """The page of one complaint, found as the officer finds it: on the desk, else in the book."""
        session = self.session(role)
        for path in ("/meja", "/buku"):
            page = session.get(path).must()
            try:
                return session.get(page.link(number)).must(number)
            except NotOnPage:
                continue
        raise NotOnPage(f"aduan {number} tidak ada di meja dan buku {role}: {page.links}")

    def numbers(self):
        """All register numbers in the book, as the petugas sees them, without doubles."""
        return sorted(set(NUMBER.findall(self.session("petugas").get("/buku").must().text)))

    # ---- one method a step

    def act(self, role, number, action, **fields):
        page = self.complaint(role, number).form(action=f"/{action}").fill(**fields).submit()
        return page.must(number)

    def verify(self, number):
        self.act("petugas", number, "verifikasi")
        self.tell("petugas", "memverifikasi: lengkap dan menjadi kewenangan kecamatan")

    def forward(self, number):
        self.act("petugas", number, "teruskan")
        self.tell("petugas", "meneruskan ke Sekretaris Kecamatan")

    def dispose(self, number, instruction, days=5):
        until = date.today() + timedelta(days=days)
        self.act("sekcam", number, "disposisi", seksi=SECTION_NAME, instruksi=instruction, batas=until.isoformat())
        self.tell("sekcam", f"mendisposisikan ke {SECTION_NAME}, batas {until:%d-%m-%Y}: \"{instruction}\"")

    def begin(self, number):
        self.act("seksi", number, "mulai")
        self.tell("seksi", "mulai menindaklanjuti")

    def report(self, number, text):
        self.act("seksi", number, "lapor", isi=text)
        self.tell("seksi", f"melaporkan: \"{text}\"")

    def approve(self, number):
        self.act("sekcam", number, "setujui")
        self.tell("sekcam", "menyetujui")

    def answer(self, number, text):
        self.act("petugas", number, "jawab", isi=text)
        self.tell("petugas", f"mengirim jawaban: \"{text}\"")

    def walk(self, number, instruction, report, answer):
        """From the inbox to the answer."""
        self.verify(number)
        self.forward(number)
        self.dispose(number, instruction)
        self.begin(number)
        self.report(number, report)
        self.approve(number)
        self.answer(number, answer)

    # ---- the citizen's side

    def complain_on_website(self, text, name="Budi Hartono", job="Pedagang", address="Jalan Mastrip 12", email=None,
                            phone=None, files=()):
        """Fills in the office's public form. Returns the page that follows."""
        form = self.daemon.session().get("/aduan").must().form("/aduan")
        fill_first(form, name=(("nama",), name), job=(("pekerjaan",), job), address=(("alamat",), address),
                   text=(("isi", "keluhan"), text))
        if email:
            fill_first(form, email=(("surel", "email"), email))
        if phone:
            fill_first(form, phone=(("telepon", "hp"), phone))
        for filename, content_type, data in files:
            form.attach("berkas", filename, content_type, data)
        return form.submit().must()

    def track(self, code):
        """The tracking page for a code, by its form."""
        form = self.daemon.session().get("/lacak").must().form("/lacak")
        return form.fill(kode=code).submit().must()
