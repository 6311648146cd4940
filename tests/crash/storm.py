"""Kills at random moments while messages pour in.

Citizens write by WhatsApp (the gateway posts each signed callback until it gets its 200) and by e-mail; meanwhile the
daemon, or one of its children, is killed with -9 again and again. In the end each message that was acknowledged, and
each mail that was delivered, must be in the ledger and in the book exactly once, and nobody may have got a letter twice.
"""
import collections
import itertools
import os
import random
import re
import signal
import threading
import time

import gateway as stand_in
from desk import number_in
from mail import ACCOUNTS, OFFICE_ADDRESS, compose, text_of
from process import Died, Missed, await_that

WRITERS = 4
MAIL_PAUSE_S = 0.1
LIFE_S = (0.02, 0.6)  # of the daemon between two kills, counted from READY
DRAIN_S = 120
DELIVERY_S = 30  # from the mail server's 250 to the mailbox


class Storm:
    def __init__(self, town, seed):
        self.town, self.random = town, random.Random(seed)
        self.office = town.daemon(broker=None)
        for address in ACCOUNTS:
            town.maildirs.empty(address)
        self.office.init()
        self.acknowledged, self.mails, self.refused = [], [], collections.Counter()
        self._ids, self._over, self._failures = itertools.count(1), threading.Event(), []
        self._sent_before = len(town.gateway.sent)

    # ---- the outside

    def _write_chats(self):
        while not self._over.is_set():
            number = next(self._ids)
            # Every second from somebody known: it joins his complaint.
            phone = f"62812{(number if number % 2 else number - 1):08d}"
            message_id = f"3EB0{number:016X}"
            message = stand_in.gowa_text(phone, f"Pesan nomor {number}.", message_id=message_id)
            while True:
                status = self.town.gateway.deliver(self.office.hook_url(), message, self.office.secrets["GOWA_SECRET"],
                                                   pauses=())[0]
                if status == 200:
                    self.acknowledged.append(message_id)
                    break
                self.refused[status] += 1
                time.sleep(0.01)  # the gateway's own pause, shortened

    def _write_mails(self):
        for number in itertools.count(1):
            sender = ("siti@warga.example", "budi@warga.example")[number % 2]
            mail = compose(sender, OFFICE_ADDRESS, f"Surat nomor {number}", f"Isi surat nomor {number}.\n",
                           [("foto.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(70000))] if number % 5 == 0 else ())
            self.town.send(mail)
            self.mails.append(mail["Message-ID"].strip("<>"))
            if self._over.wait(MAIL_PAUSE_S):
                return

    def _guarded(self, call):
        try:
            call()
        except Exception as failure:  # a thread's failure must not get lost
            self._failures.append(f"{call.__name__}: {failure!r}")

    # ---- the killing

    def _kill_something(self):
        """Mostly the daemon; else one child, which the daemon has to replace. Returns what it was."""
        child = self.random.choice([None, None, None, "mailbox", "parser"])
        pid = self.office.children().get(child) if child else None
        if pid:
            os.kill(pid, signal.SIGKILL)
            return child
        os.kill(self.office.process.pid, signal.SIGKILL)
        self.office.wait_death()
        return "daemon"

    def _live_and_die(self, kills):
        died = collections.Counter()
        for _ in range(kills):
            time.sleep(self.random.uniform(*LIFE_S))  # the moment is what is tested
            died[self._kill_something()] += 1
            if not self.office.alive():
                self.office.start()
        return died

    def run(self, kills):
        threads = [threading.Thread(target=self._guarded, args=(call,), daemon=True)
                   for call in [self._write_mails] + [self._write_chats] * WRITERS]
        self.office.start()
        for thread in threads:
            thread.start()
        try:
            died = self._live_and_die(kills)
        finally:
            self._over.set()
            for thread in threads:
                thread.join(60)
        self._drain()
        return died

    def _drain(self):
        ask = self.office.book_query

        def done():
            mails = ask("SELECT count(*) FROM arrival WHERE channel = 'email:kantor'")[0][0]
            waiting = ask("SELECT 1 FROM outbox WHERE state IN ('antre', 'mengirim') LIMIT 1")
            return mails >= len(self.mails) and not waiting
        await_that(done, DRAIN_S, "semua surat di buku dan kotak keluar selesai")
        self.office.stop()
        self.office.must("verify")

    # ---- what was left

    def wrong(self):
        return [*self._failures, *self._ledger(), *self._letters()]

    def _ledger(self):
        ask = self.office.book_query
        chats = collections.Counter(re.search("3EB0[0-9A-F]{16}", external).group() for external, in
                                    ask("SELECT external FROM arrival WHERE channel = 'gateway:wa'"))
        for message_id in self.acknowledged:
            if chats[message_id] != 1:
                yield f"callback {message_id}: {chats[message_id]} kali di buku besar"
        texts = collections.Counter(text for text, in ask("SELECT text FROM message WHERE purpose IN ('aduan', 'tambahan')"))
        yield from (f"{text!r} {count} kali di buku" for text, count in texts.items() if count != 1)
        if len(texts) != len(self.acknowledged) + len(self.mails):
            yield f"{len(texts)} pesan di buku, diterima {len(self.acknowledged)} + {len(self.mails)}"
        mails = ask("SELECT count(*), count(DISTINCT digest) FROM arrival WHERE channel = 'email:kantor'")[0]
        if mails != (len(self.mails), len(self.mails)):
            yield f"surat di buku besar: {mails}, dikirim {len(self.mails)}"
        numbers = [int(number[:number.index("/")]) for number, in ask("SELECT number FROM complaint ORDER BY id")]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"nomor register berlubang: {numbers}"

    def _letters(self):
        """What the mail server took it may still be putting into the mailbox: that is awaited."""
        found = []

        def all_right():
            found[:] = self._letters_now()
            return not found
        try:
            await_that(all_right, DELIVERY_S, "semua tanda terima sampai")
        except Missed:
            pass
        return found

    def _letters_now(self):
        """A receipt for each complaint: one, or none that anybody vouches for."""
        seen = collections.Counter(number_in(sent.text) for sent in self.town.gateway.sent[self._sent_before:])
        for address in ACCOUNTS:
            if address != OFFICE_ADDRESS:
                seen.update(number_in(text_of(mail)) for mail in self.town.mailbox(address).messages())
        for number, state in self.office.book_query("SELECT c.number, o.state FROM outbox o JOIN complaint c"
                                                    " ON c.id = o.complaint_id WHERE o.purpose = 'tanda_terima'"):
            if not (seen[number] == 1 or (seen[number] == 0 and state == "tidak_pasti")):
                yield f"tanda terima {number}: {seen[number]} kali, {state}"


def storm(town, kills, seed=20261122):
    """(what is wrong, figures)."""
    play = Storm(town, seed)
    try:
        died = play.run(kills)
        wrong = list(play.wrong())
    except (Died, Missed) as failure:
        return [str(failure), play.office.output()[-4000:]], {}
    unknown = play.office.book_query("SELECT count(*) FROM outbox WHERE state = 'tidak_pasti'")[0][0]
    return wrong, {"kills": dict(died), "callbacks": len(play.acknowledged), "mails": len(play.mails),
                   "refused": dict(play.refused), "unknown": unknown}
