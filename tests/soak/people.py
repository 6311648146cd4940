"""The people of the soak: citizens and officers, each group a process of its own, so that neither waits for the other's
interpreter. They tell the main process what they did over a queue: ("took", kind, seconds), ("wrote", channel, key),
("acted", form, path), ("failed", what, None), and at last ("ended", group, None).
"""
import json
import multiprocessing
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import day  # noqa: E402
import gateway as stand_in  # noqa: E402
from crowd import STORIES, from_other_site, picture  # noqa: E402
from desk import OFFICERS, SECTION_NAME, Desk, code_in, number_in  # noqa: E402
from mail import OFFICE_ADDRESS, compose, send  # noqa: E402
from process import die_with_parent  # noqa: E402
from session import Session  # noqa: E402

SENDERS = ("siti@warga.example", "budi@warga.example")
PHONE = "62812{:08d}"


def text_of(channel, number):
    """Each text is there once in all the soak: the ledger is judged by it."""
    return f"{STORIES[number % len(STORIES)]} ({channel} {number})"


class Office:
    """What people know of the daemon; goes to other processes."""

    def __init__(self, daemon, exim_port):
        self.base, self.secrets, self.exim_port = daemon.base, dict(daemon.secrets), exim_port

    def hook_url(self):
        return f"{self.base}/hook/gateway/wa"


class Person:
    """Base of the groups: sessions that report how long each page took, and a schedule."""

    def __init__(self, office, told, seconds, stop):
        self.office, self.told, self.seconds, self.stop = office, told, seconds, stop
        self.secrets, self.base = office.secrets, office.base  # what crowd.py asks of a daemon

    @property
    def daemon(self):
        return self

    def session(self, user=None, password=None):
        visitor = Session(self.base, took=self._page_took)
        if user:
            visitor.log_in(user, password)
        return visitor

    def _page_took(self, method, path, status, seconds):
        kind = "login" if path == "/masuk" and method == "POST" else "page"
        self.told.put(("took", kind, seconds))
        if status >= 500 or status in (408, 413, 429):
            self.told.put(("failed", f"{method} {path}: {status}", None))

    def guarded(self, what, call):
        try:
            return call()
        except Exception:  # it belongs into the report, and the day goes on
            self.told.put(("failed", f"{what}: {traceback.format_exc()[-700:]}", None))
            return None

    def every(self, a_second, what, call):
        """call(n) at an even pace until the end."""
        began = time.monotonic()
        for number in range(int(a_second * self.seconds)):
            late = time.monotonic() - began - number / a_second
            if self.stop.wait(max(-late, 0)):
                return
            self.guarded(what, lambda number=number: call(number))


# ---- citizens


class Citizens(Person):
    def run(self):
        self.codes = []
        lines = [threading.Thread(target=self._channel, args=(channel,)) for channel in day.SHARES if channel != "counter"]
        lines.append(threading.Thread(target=self.every, args=(day.TRACKED_A_SECOND, "lacak", self._track)))
        for line in lines:
            line.start()
        for line in lines:
            line.join()

    def _channel(self, channel):
        began = time.monotonic()
        for at, name, number in day.arrivals(self.seconds):
            if name != channel:
                continue
            if self.stop.wait(max(at - (time.monotonic() - began), 0)):
                return
            self.guarded(channel, lambda number=number: getattr(self, f"_{channel}")(number))

    def _chat(self, number):
        phone = PHONE.format(number - number % day.WRITES_AGAIN if number % day.WRITES_AGAIN == 1 else number)
        message_id = f"3EB0{number:016X}"
        raw = json.dumps(stand_in.gowa_text(phone, text_of("chat", number), message_id=message_id)).encode()
        for _ in range(2 if number % day.TWICE == 0 else 1):
            callback(self, raw)
        self.told.put(("wrote", "chat", message_id))

    def _form(self, number):
        files = [("foto.png", "image/png", picture(number))] if number % day.WITH_PHOTO == 0 else ()
        page = Desk(self).complain_on_website(text_of("form", number), name=f"Warga {number}", files=files)
        code = code_in(page.text)
        if code:
            self.codes.append(code)
        self.told.put(("wrote", "form", number_in(page.text)))

    def _hook(self, number):
        registered = from_other_site(SimpleNamespace(daemon=self, numbers=list), id=f"situs-{number}", nama=f"Warga {number}",
                                     isi=text_of("hook", number), email=SENDERS[number % 2])
        self.told.put(("wrote", "hook", registered))

    def _mail(self, number):
        photo = [("foto.png", "image/png", picture(number) + bytes(70_000))] if number % day.WITH_PHOTO == 0 else ()
        mail = compose(SENDERS[number % 2], OFFICE_ADDRESS, f"Surat {number}", text_of("mail", number) + "\n", photo)
        send(SimpleNamespace(port=self.office.exim_port), mail)
        self.told.put(("wrote", "mail", mail["Message-ID"]))

    def _track(self, number):
        if self.codes:
            Desk(self).track(self.codes[number % len(self.codes)])


def callback(person, raw):
    """One signed callback; only 200 is right."""
    began = time.monotonic()
    status = stand_in.post(person.office.hook_url(), raw,
                           {"X-Hub-Signature-256": stand_in.signature(person.secrets["GOWA_SECRET"], raw)})
    person.told.put(("took", "callback", time.monotonic() - began))
    if status != 200:
        person.told.put(("failed", f"callback: {status}", None))


# ---- officers

# role -> [(form, what is written into it)]; each does what its desk shows
WORK = {
    "petugas": [("/verifikasi", {}), ("/teruskan", {}), ("/jawab", {"isi": "Sudah ditindaklanjuti. Terima kasih."})],
    "sekcam": [("/disposisi", {"seksi": SECTION_NAME, "instruksi": "Cek lapangan."}), ("/setujui", {})],
    "seksi": [("/mulai", {}), ("/lapor", {"isi": "Sudah dikerjakan bersama kelurahan."})],
}


class Officers(Person):
    def run(self):
        self._pages = {}
        share = {role: len(forms) / day.ACTS for role, forms in WORK.items()}
        lines = [threading.Thread(target=self._desk, args=(role, day.ACTS_A_SECOND * share[role])) for role in WORK]
        lines.append(threading.Thread(target=self._counter))
        lines.append(threading.Thread(target=self._look))
        for line in lines:
            line.start()
        for line in lines:
            line.join()

    def _visitor(self, role):
        login, _, password = OFFICERS[role]
        return self.session(login, password)

    def _desk(self, role, a_second):
        visitor, waiting = self._visitor(role), []

        def act(_):
            if not waiting:
                waiting.extend(self._cases(visitor))
            if waiting:
                self._act(visitor, role, waiting.pop(0))
        self.every(a_second, role, act)

    @staticmethod
    def _cases(visitor):
        """The addresses of the cases on the desk, as they are listed."""
        links = [address for address, _ in visitor.get("/meja").must().links]
        return list(dict.fromkeys(link for link in links if link.startswith("/aduan/") and link.count("/") == 2))

    def _act(self, visitor, role, path):
        page = visitor.get(path).must()
        for name, fields in WORK[role]:
            if page.has_form(f"{path}{name}"):
                form = page.form(f"{path}{name}").fill(**fields)
                if form.has("batas"):
                    form.fill(batas=time.strftime("%Y-%m-%d", time.localtime(time.time() + 5 * 86400)))
                answer = form.submit()
                if answer.status == 200:  # else a colleague was faster: the page says so
                    self.told.put(("acted", name, path))
                return

    def _counter(self):
        visitor = self._visitor("petugas")
        planned = [entry for entry in day.arrivals(self.seconds) if entry[1] == "counter"]
        began = time.monotonic()
        for at, _, number in planned:
            if self.stop.wait(max(at - (time.monotonic() - began), 0)):
                return
            self.guarded("loket", lambda number=number: self._at_counter(visitor, number))

    def _at_counter(self, visitor, number):
        form = visitor.get("/loket").must().form("/loket").fill(
            isi=text_of("counter", number), nama=f"Warga {number}", telepon=f"0813-0000-{number:04d}")
        self.told.put(("wrote", "counter", number_in(form.submit().must().text)))

    def _look(self):
        visitor = self._visitor("kasi")
        places = ("/meja", "/buku", "/buku?q=lampu", "/buku?q=jalan+rusak", "/buku?q=sampah+TPS")
        self.every(day.SEARCHED_A_SECOND, "buku", lambda number: visitor.get(places[number % len(places)]).must())


# ---- processes


def _play(group, office, told, seconds, stop):
    die_with_parent()
    os.nice(5)  # the office's own machine is not slowed by those who write to it
    group(office, told, seconds, stop).run()
    told.put(("ended", group.__name__, None))


class Crowd:
    """Both groups at work. told: multiprocessing queue of what they say; ends with one ("ended", …) of each."""

    GROUPS = (Citizens, Officers)

    def __init__(self, office, seconds):
        spawn = multiprocessing.get_context("spawn")
        self.told, self._stop = spawn.Queue(), spawn.Event()
        self._processes = [spawn.Process(target=_play, args=(group, office, self.told, seconds, self._stop), daemon=True)
                           for group in self.GROUPS]

    def start(self):
        for process in self._processes:
            process.start()
        return self

    def dead(self):
        """Names of groups that died without saying so."""
        return [process.name for process in self._processes if process.exitcode not in (None, 0)]

    def stop(self):
        self._stop.set()
        for process in self._processes:
            process.join(60)
            if process.exitcode is None:
                process.kill()
