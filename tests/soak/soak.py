"""`make soak TIME=600`: all channels at twenty times a busy kabupaten's day (day.py), with officers clicking.

Real Dovecot, Exim and daemon; the WhatsApp gateway is the stand-in. While it runs: every page and callback right and in
time, a line of figures every five seconds. At the end: memory flat, no descriptor left over, every message in ledger and
book exactly once, one receipt each, `verify` whole, `status` without alarm, memory given back at rest, a clean stop.
The last line says `N passed, N failed`.
"""
import collections
import os
import queue
import re
import sys
import threading
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import day  # noqa: E402
import gateway as stand_in  # noqa: E402
import machine  # noqa: E402
from crowd import at_counter, picture  # noqa: E402
from desk import Desk, number_in  # noqa: E402
from mail import ACCOUNTS, OFFICE_ADDRESS, text_of  # noqa: E402
from people import Crowd, Office, callback, text_of as written  # noqa: E402
from process import Missed, await_that  # noqa: E402
from servers import Town  # noqa: E402

SAY_S = 5
DRAIN_S = 120
# The writer's page cache (8 MiB, daemon/book/connection.c) fills with what is written: at the pace of a soak until the
# 2,000th complaint, beyond its end. So the office has a past, written before anything is measured: 14 MiB of small files.
PAST, PAST_FILES, PAST_BYTES = 32, 8, 55_000
JUDGED_FROM_S = 60  # a shorter soak says nothing about memory, and has none
WARM_SHARE = 0.3  # of the time: children start, readers meet their first searches
FLAT_KIB = 4 * 1024  # each program's own pages, from after the warm-up to the end
IDLE_KIB = 20 * 1024  # the daemon at rest, DESIGN 8
# A connection rests after 30 s without a job, and questions of conversations are jobs too.
REST_S, GIVEN_BACK_KIB = 240, 2 * 1024
DESCRIPTORS_MORE = 16  # the parser child, connections kept to gateway and relay: none for each of the requests
OVERTIME = 1.25  # of the planned time: slower than that is not twenty times the day


class Monitor:
    """Memory and descriptors of the daemon and each of its children over time."""

    def __init__(self, office):
        self.office = office
        self.samples = []  # [(seconds, {program: PSS in KiB}, {program: its own pages in KiB}, descriptors)]

    def look(self):
        self.samples.append((time.monotonic(), self._each(lambda pid: machine.memory_kib(pid)[0]),
                             self._each(machine.own_kib), self.descriptors()))
        return self.samples[-1]

    def descriptors(self):
        return sum(self._each(lambda pid: len(os.listdir(f"/proc/{pid}/fd"))).values())

    def _each(self, measure):
        found = {}
        for name, pid in {"pengaduand": self.office.process.pid, **self.office.children()}.items():
            try:
                found[name] = measure(pid)
            except (OSError, ValueError):  # a child that has just gone: the parser leaves when nothing is to do
                pass
        return found

    def sanitized(self):
        return "libasan" in Path(f"/proc/{self.office.process.pid}/maps").read_text()

    def growth_kib(self):
        """{program: most in the last fifth minus most in the first fifth after the warm-up}: a child that leaves when
        nothing is to do is small again at each start, so that no middle says anything. Of its own pages: in PSS the
        parser grows by 5 MiB when a second one, anybody's, ends, for they shared libraries and libmagic's table."""
        warm = [own for _, _, own, _ in self.samples[int(len(self.samples) * WARM_SHARE):]]
        fifth = max(len(warm) // 5, 1)
        growth = {}
        for name in ("pengaduand", "mailbox", "parser"):
            first, last = ([memory[name] for memory in part if name in memory] for part in (warm[:fifth], warm[-fifth:]))
            if first and last:
                growth[name] = max(last) - max(first)
        return growth

    def most_kib(self):
        return max(sum(memory.values()) for _, memory, _, _ in self.samples)


class Lateness:
    """How late this machine wakes a process that asked for five milliseconds: what a page cannot be blamed for when
    other programs want the same cores."""

    PAUSE_S = 0.005
    WAKES = 5  # of a page: client, loop, reader, loop, client

    def __init__(self):
        self.late, self._over = [], threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self):
        while not self._over.is_set():
            began = time.monotonic()
            self._over.wait(self.PAUSE_S)
            self.late.append(time.monotonic() - began - self.PAUSE_S)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def of_a_page(self):
        return self.WAKES * p99(self.late)


class Soak:
    def __init__(self, town, seconds, page_p99_s, callback_p99_s):
        self.town, self.seconds = town, seconds
        self.bounds = {"page": page_p99_s, "callback": callback_p99_s}
        self.office = town.daemon(broker=None)
        self.took = collections.defaultdict(list)
        self.wrote = collections.defaultdict(list)
        self.acts = collections.Counter()
        self.failures = []
        self._receipts_over = threading.Event()

    # ---- the day

    def play(self):
        for address in ACCOUNTS:
            self.town.maildirs.empty(address)
        self.office.init()
        Desk(self.office).hire()
        self.office.start()
        self.office.wait_log(r"channel\.health .*channel=email:kantor good=yes")
        await_that(lambda: "mailbox" in self.office.children(), 20, "kotak surat berjalan")
        if self.seconds >= JUDGED_FROM_S:
            self._fill()
        self.monitor = Monitor(self.office)
        self.descriptors_before = self.monitor.descriptors()
        self.began = time.monotonic()
        receipts = threading.Thread(target=self._receipts, daemon=True)
        receipts.start()
        crowd = Crowd(Office(self.office, self.town.exim.port), self.seconds).start()
        try:
            with Lateness() as self.lateness:
                self._listen(crowd)
        finally:
            crowd.stop()
            self.played_s = time.monotonic() - self.began
        self._drain()
        self._receipts_over.set()
        receipts.join(30)

    def _fill(self):
        desk = Desk(self.office)
        for number in range(PAST):
            files = [(f"foto-{n}.png", "image/png", picture(n) + os.urandom(PAST_BYTES)) for n in range(PAST_FILES)]
            at_counter(desk, written("past", number), nama=f"Warga {number}", telepon=f"0813-1000-{number:04d}", files=files)

    def _listen(self, crowd):
        ended, next_look = 0, time.monotonic()
        while ended < len(Crowd.GROUPS):
            if time.monotonic() >= next_look:
                self._say(*self.monitor.look())
                next_look += SAY_S
                if not self.office.alive() or crowd.dead():
                    self.failures.append(f"berhenti di tengah jalan: {crowd.dead() or 'pengaduand'}")
                    return
            try:
                what, key, value = crowd.told.get(timeout=max(next_look - time.monotonic(), 0.01))
            except queue.Empty:
                continue
            ended += what == "ended"
            if what == "took":
                self.took[key].append(value)
            elif what == "wrote":
                self.wrote[key].append(value)
            elif what == "acted":
                self.acts[key] += 1
            elif what == "failed":
                self.failures.append(key)

    def _say(self, now, memory, own, descriptors):
        p99s = ", ".join(f"{kind} p99 {p99(self.took[kind]) * 1000:.0f} ms" for kind in self.bounds if self.took[kind])
        print(f"  {now - self.began:5.0f} s: {sum(map(len, self.wrote.values()))} aduan masuk, {sum(self.acts.values())} langkah "
              f"petugas, {p99s or '-'}, PSS {mebibytes(memory)} MiB, sendiri {mebibytes(own)} MiB, {descriptors} berkas, {len(self.failures)} gagal", flush=True)

    def _receipts(self):
        """The gateway tells of each letter that it was delivered and read."""
        told, person = 0, Person(self)
        while not self._receipts_over.wait(0.2):
            while told < len(self.town.gateway.sent):
                sent = self.town.gateway.sent[told]
                told += 1
                for kind in "delivered", "read":
                    callback(person, stand_in.json.dumps(stand_in.gowa_receipt([sent.message_id], kind)).encode())

    def _drain(self):
        def done():
            mails = self._one("SELECT count(*) FROM arrival WHERE channel = 'email:kantor'")
            waiting = self._one("SELECT count(*) FROM outbox WHERE state IN ('antre', 'mengirim')")
            unread = self._one("SELECT count(*) FROM outbox WHERE channel = 'gateway:wa' AND state <> 'dibaca'")
            return mails >= len(self.wrote["mail"]) and not waiting and not unread
        try:
            await_that(done, DRAIN_S, "semua surat di buku dan kotak keluar selesai")
        except Missed as missed:
            self.failures.append(str(missed))

    def _one(self, sql, *values):
        return self.office.book_query(sql, *values)[0][0]

    # ---- what must be true afterwards: (what, None or what is wrong)

    def checks(self):
        yield "semua halaman dan callback benar", "\n".join(self.failures[:10])
        yield from self._in_time()
        yield from self._ledger()
        yield "satu tanda terima untuk tiap aduan", "\n".join(self._letters()[:10])
        yield from self._resources()
        yield from self._commands()

    def _in_time(self):
        machine_s = self.lateness.of_a_page()
        for kind, bound in self.bounds.items():
            took = self.took[kind]
            yield (f"{kind}: {len(took)}, p50 {median(took) * 1000:.1f} ms, p99 {p99(took) * 1000:.1f} ms "
                   f"(batas {bound * 1000:.0f} ms dan {machine_s * 1000:.0f} ms kelambatan mesin ini sendiri)",
                   "terlalu lambat" if p99(took) > bound + machine_s else "")
        most = self.seconds * OVERTIME + 15
        yield (f"{self.played_s:.0f} s untuk beban {self.seconds} s",
               f"lebih dari {most:.0f} s: terlalu lambat" if self.played_s > most else "")
        yield (f"langkah petugas: {dict(self.acts)}",
               "" if len(self.acts) == day.ACTS or self.seconds < 60 else "tidak semua langkah terjadi")

    def _ledger(self):
        ask = self.office.book_query
        planned = collections.Counter(channel for _, channel, _ in day.arrivals(self.seconds))
        written = {channel: len(keys) for channel, keys in self.wrote.items()}
        yield f"diterima: {written}", "" if written == dict(planned) else f"direncanakan {dict(planned)}"
        texts = collections.Counter(text.strip() for text, in ask(
            "SELECT text FROM message WHERE purpose IN ('aduan', 'tambahan')"))
        doubled = [text for text, count in texts.items() if count != 1]
        tags = {re.search(r"\((\w+) (\d+)\)", text).groups() for text in texts}
        missing = [f"{channel} {n}" for _, channel, n in day.arrivals(self.seconds) if (channel, str(n)) not in tags]
        yield "semua tepat satu kali di buku", f"hilang {missing[:5]}, ganda {doubled[:5]}" if missing or doubled else ""
        chats = collections.Counter(re.search("3EB0[0-9A-F]{16}", external).group() for external, in ask(
            "SELECT external FROM arrival WHERE channel = 'gateway:wa' AND outcome IN ('dibuka', 'ditambahkan')"))
        wrong = [key for key in self.wrote["chat"] if chats[key] != 1]
        yield "tiap callback satu kali di buku besar", f"{wrong[:5]}" if wrong else ""
        mails = ask("SELECT count(*), count(DISTINCT digest) FROM arrival WHERE channel = 'email:kantor'")[0]
        yield "tiap surat satu kali di buku besar", "" if mails == (planned["mail"], planned["mail"]) else f"{mails}"
        numbers = [int(number[:number.index("/")]) for number, in ask("SELECT number FROM complaint ORDER BY id")]
        yield f"{len(numbers)} nomor register tanpa celah", "" if numbers == list(range(1, len(numbers) + 1)) else f"{numbers}"
        shown = [number for channel in ("form", "hook", "counter") for number in self.wrote[channel]]
        known = {number for number, in ask("SELECT number FROM complaint")}
        lost = [number for number in shown if number not in known]
        yield "tiap nomor yang ditunjukkan ada di buku", f"{lost[:5]}" if lost or len(set(shown)) != len(shown) else ""
        states = dict(ask("SELECT state, count(*) FROM outbox GROUP BY state"))
        bad = {state: count for state, count in states.items() if state in ("gagal", "tidak_pasti")}
        yield f"kotak keluar: {states}", f"{bad}" if bad else ""
        unread = self._one("SELECT count(*) FROM outbox WHERE channel = 'gateway:wa' AND state <> 'dibaca'")
        yield "tiap pesan WhatsApp tercatat sampai dan dibaca", f"{unread} belum" if unread else ""

    def _letters(self):
        """Receipts as they arrived at citizens: by WhatsApp and by e-mail."""
        wanted = collections.Counter(number for number, in self.office.book_query(
            "SELECT c.number FROM outbox o JOIN complaint c ON c.id = o.complaint_id"
            " WHERE o.purpose = 'tanda_terima' AND (o.channel LIKE 'gateway:%' OR o.channel LIKE 'email%')"))
        seen = collections.Counter()

        def all_there():
            seen.clear()
            texts = [sent.text for sent in self.town.gateway.sent]
            for address in ACCOUNTS:
                if address != OFFICE_ADDRESS:
                    texts += [text_of(mail) for mail in self.town.mailbox(address).messages()]
            seen.update(number_in(text) for text in texts if "sudah kami catat dalam Buku Pengaduan" in text)
            return all(seen[number] for number in wanted)
        try:
            await_that(all_there, 30, "semua tanda terima sampai")
        except Missed:
            pass
        return [f"{number}: {seen[number]} kali" for number, count in wanted.items() if seen[number] != count]

    def _resources(self):
        more = self.monitor.descriptors() - self.descriptors_before
        yield f"berkas terbuka: {self.descriptors_before} sebelum, {more:+d} sesudah", (
            f"lebih dari {DESCRIPTORS_MORE}" if more > DESCRIPTORS_MORE else "")
        if self.monitor.sanitized() or len(self.monitor.samples) < 12:
            print("  ingatan tidak dinilai: sanitizer, atau waktu terlalu pendek")
            return
        growth = self.monitor.growth_kib()
        yield (f"ingatan: bersama paling banyak {self.monitor.most_kib() / 1024:.1f} MiB (PSS); bertambah sesudah pemanasan "
               f"{mebibytes(growth)} MiB (halaman sendiri)",
               f"tumbuh lebih dari {FLAT_KIB // 1024} MiB" if max(growth.values()) > FLAT_KIB else "")
        pid, busy = self.office.process.pid, self.monitor.samples[-1][1]["pengaduand"]
        seen = [busy]
        try:
            await_that(lambda: seen.append(machine.memory_kib(pid)[0]) or seen[-1] < busy - GIVEN_BACK_KIB, REST_S, "ingatan kembali")
        except Missed:
            pass  # it held no more than it needs
        yield f"pengaduand saat bekerja {busy / 1024:.1f} MiB, saat diam {seen[-1] / 1024:.1f} MiB", (
            f"lebih dari {IDLE_KIB // 1024} MiB" if seen[-1] > IDLE_KIB else "")

    def _commands(self):
        verified = self.office.run("verify")
        yield "verify: utuh", "" if verified.returncode == 0 else verified.stdout + verified.stderr
        status = self.office.run("status")
        yield "status: tidak ada yang perlu ditangani", "" if status.returncode == 0 else status.stdout + status.stderr
        errors = [line for line in self.office.output().splitlines() if " error " in line]
        yield "tanpa galat di catatan", "\n".join(errors[:5])
        try:
            self.office.stop()
            yield "berhenti bersih", ""
        except Missed as missed:
            yield "berhenti bersih", str(missed)


class Person:
    """The gateway, for callback()."""

    def __init__(self, soak):
        self._soak, self.secrets = soak, soak.office.secrets
        self.office = Office(soak.office, None)
        self.told = self

    def put(self, said):
        if said[0] == "took":
            self._soak.took[said[1]].append(said[2])
        else:
            self._soak.failures.append(said[1])


def mebibytes(memory):
    return ", ".join(f"{name} {kib / 1024:.1f}" for name, kib in memory.items())


def p99(values):
    return sorted(values)[len(values) * 99 // 100] if values else 0.0


def soak(town, seconds, page_p99_s=0.25, callback_p99_s=0.25):
    """(passed, [what is wrong])"""
    play = Soak(town, seconds, page_p99_s, callback_p99_s)
    print(f"{day.ARRIVALS_A_SECOND:.2f} aduan/s ({day.TIMES} x hari sibuk sebuah kabupaten), {day.ACTS_A_SECOND:.1f} langkah petugas/s, "
          f"{seconds} s", flush=True)
    play.play()
    passed, wrong = 0, []
    for what, fault in play.checks():
        print(f"{'GAGAL' if fault else 'baik '} {what}" + (f"\n      {fault}" if fault else ""), flush=True)
        passed += not fault
        if fault:
            wrong.append(f"{what}: {fault}")
    return passed, wrong


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with Town(mqtt=False) as town:
        print(machine.describe(town.scratch.path))
        passed, wrong = soak(town, seconds)
    print(f"{passed} passed, {len(wrong)} failed")
    return 1 if wrong or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
