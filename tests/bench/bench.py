"""`make bench`: the daemon beside the bare libraries on the same disk in the same run. Writes BENCHMARKS.md.

Each figure is the median of three rounds, the two sides taking turns. BENCH_QUICK=1: one short round, to see that it
works; the table then goes to the build folder. BENCH_MAILS: how many mails are in the mailbox (10,000). BENCH=pages measures
only the pages of a full book (pages.py) and leaves the rest of BENCHMARKS.md as it is.
"""
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import machine  # noqa: E402
import mails  # noqa: E402
import pages  # noqa: E402
import receipts  # noqa: E402
from daemon import ROOT, Daemon, build_folder  # noqa: E402
from desk import Desk  # noqa: E402
from mail import OFFICE_ADDRESS, Mailbox  # noqa: E402
from process import Server, await_that, free_port  # noqa: E402
from servers import Town  # noqa: E402

QUICK = bool(os.environ.get("BENCH_QUICK"))
MAILS = int(os.environ.get("BENCH_MAILS", 500 if QUICK else 10_000))
ROUNDS = 1 if QUICK else 3
# connections -> callbacks a round: long enough that a checkpoint of the WAL falls into each
LOADS = {1: 200, 16: 1000, 64: 2000, 256: 2000} if QUICK else {1: 2000, 16: 8000, 64: 16_000, 256: 16_000}
SECRET = "rahasia-uji-kecepatan"
MAIL_SECONDS = 600


def program(name):
    return str(build_folder() / "bench" / name)


def say(text):
    print(text, flush=True)


class Silence:
    """A port that takes connections and says nothing: receipts wait in the outbox, so that only taking in is measured."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]

    def close(self):
        self._socket.close()


class BareHook(Server):
    name = "bare_hook"
    as_servers_user = False

    def __init__(self, folder):
        super().__init__(folder)
        self.port = free_port()

    def argv(self):
        return [program("bare_hook"), str(self.port), str(self.folder / "bare.db"), SECRET]

    def is_ready(self):
        return "ready" in self.output()


def gateway_office(folder, silence):
    office = Daemon(folder)
    office.sections["chat"] = {"quiet_seconds": 600}  # the questions after a quiet moment are another matter
    office.sections["gateway wa"] = {
        "mapping": "gowa", "private": "yes", "auto_in_all": 100000, "set.base": f"http://127.0.0.1:{silence.port}", "set.device": "kec",
        "secret.GOWA_SECRET": office.secret("GOWA_SECRET", SECRET),
        "secret.GOWA_BASIC": office.secret("GOWA_BASIC", "a2VjOnVqaQ==")}
    office.init()
    Desk(office).hire()
    return office


def mail_office(folder, town, silence):
    office = Daemon(folder, dovecot=town.dovecot, certificates=town.certificates, maildirs=town.maildirs)
    office.sections["smtp"] = {"host": "127.0.0.1", "port": silence.port, "tls": "no", "from": OFFICE_ADDRESS,
                               "auto_per_address": 10000, "auto_in_all": 100000}
    office.init()
    Desk(office).hire()
    return office


# ---- callbacks


def load(port, connections, first, count):
    done = subprocess.run([program("load"), str(port), str(connections), str(count), "hook", "/hook/gateway/wa", SECRET,
                           str(first)], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"load: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def callbacks(scratch, silence):
    """{connections: {"bare": [results], "daemon": [results]}}"""
    results = {connections: {"bare": [], "daemon": []} for connections in LOADS}
    for turn in range(ROUNDS):
        bare = BareHook(scratch.folder(f"bare{turn}"))
        office = gateway_office(scratch.folder(f"callbacks{turn}"), silence)
        sides = {"bare": bare, "daemon": office}
        first = 1
        try:
            for side in sides.values():
                side.start()
            for connections, count in LOADS.items():
                for name in sorted(sides, reverse=turn % 2):
                    result = load(sides[name].port, connections, first, count)
                    results[connections][name].append(result)
                    say(f"  round {turn + 1}, {connections:3} connections, {name:6}: {result['rate']:8,.0f}/s, "
                        f"p99 {result['p99_ms']:.1f} ms")
                first += count
            expect_all(office, sum(LOADS.values()))
        finally:
            bare.stop()
            office.stop()
    return results


def ledger(office):
    return office.book_query("SELECT max(id) FROM arrival")[0][0] or 0


def expect_all(office, count):
    opened = office.book_query("SELECT count(*) FROM arrival WHERE outcome = 'dibuka'")[0][0]
    if opened != count:
        raise SystemExit(f"the book opened {opened} complaints of {count}")


# ---- mails


def bare_mail(town, folder):
    user, password = town.maildirs.accounts[OFFICE_ADDRESS]
    done = subprocess.run([program("bare_mail"), str(town.dovecot.port), user, password, str(folder / "bare.db")],
                          capture_output=True, text=True, timeout=MAIL_SECONDS)
    result = json.loads(done.stdout or "{}")
    if result.get("mails") != MAILS:
        raise SystemExit(f"bare_mail: {done.stdout}{done.stderr}")
    return result["mails"] / result["seconds"]


def unflag(town):
    """As if nobody had read them: the daemon's flagging is part of its work each time."""
    with Mailbox(town.dovecot, town.certificates, town.maildirs, OFFICE_ADDRESS).open() as imap:
        imap.store("1:*", "-FLAGS.SILENT", "(\\Seen)")


def daemon_mail(office):
    began = time.monotonic()
    office.start()
    await_that(lambda: ledger(office) >= MAILS, MAIL_SECONDS, f"{MAILS} surat di buku")
    rate = MAILS / (time.monotonic() - began)
    expect_all(office, MAILS)
    return rate


def mail_rates(scratch, town, silence):
    """({"bare": [rates], "daemon": [rates]}, mean size, the last office with its full book, running)"""
    size = mails.fill(town.maildirs.new_folder(town.maildirs.accounts[OFFICE_ADDRESS][0]), MAILS, OFFICE_ADDRESS)
    bare_mail(town, scratch.folder("warm"))  # Dovecot builds its index
    rates, office = {"bare": [], "daemon": []}, None
    for turn in range(ROUNDS):
        if office:
            office.kill()  # it would wait for the silent relay
        rates["bare"].append(bare_mail(town, scratch.folder(f"baremail{turn}")))
        say(f"  round {turn + 1}, bare  : {rates['bare'][-1]:8,.0f} mails/s")
        unflag(town)
        office = mail_office(scratch.folder(f"mails{turn}"), town, silence)
        rates["daemon"].append(daemon_mail(office))
        say(f"  round {turn + 1}, daemon: {rates['daemon'][-1]:8,.0f} mails/s")
    return rates, size / MAILS, office


# ---- memory and start-up


def processes(office):
    """{name: (PSS, RSS)}; "pengaduand" is the daemon without its children."""
    found = {"pengaduand": machine.memory_kib(office.process.pid)}
    for name, pid in office.children().items():
        found[name] = machine.memory_kib(pid)
    return found


def idle_memory(scratch, town, silence):
    office = mail_office(scratch.folder("idle"), town, silence)
    town.maildirs.empty(OFFICE_ADDRESS)
    office.start()
    office.wait_log(r"channel\.health .*channel=email:kantor good=yes")
    await_that(office.children, 20, "kotak surat berjalan")
    found = processes(office)
    office.stop()
    return found, office


def start_seconds(office):
    times = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        office.start()
        times.append(time.monotonic() - began)
        office.stop()
    return median(times)


# ---- the table


def middle(results, key):
    return median(result[key] for result in results)


def callback_rows(results):
    for connections, sides in results.items():
        bare, ours = middle(sides["bare"], "rate"), middle(sides["daemon"], "rate")
        yield (f"| {connections} | {bare:,.0f} | {ours:,.0f} | **{ours / bare:.2f}** "
               f"| {middle(sides['bare'], 'p50_ms'):.1f} / {middle(sides['bare'], 'p99_ms'):.1f} "
               f"| {middle(sides['daemon'], 'p50_ms'):.1f} / {middle(sides['daemon'], 'p99_ms'):.1f} |")


def mebibytes(pair):
    return f"{pair[0] / 1024:.1f} / {pair[1] / 1024:.1f}" if pair else "not started"


def memory_rows(idle, loaded):
    for name, pair in loaded.items():
        yield f"| {name} | {mebibytes(idle.get(name))} | {mebibytes(pair)} |"


TEXT = """\
# How fast it is

Written by `make bench` on {today}; not by hand. One machine:
{machine}.
Absolute figures are this machine's; the ratio to the bare libraries in the same run on the same disk is what counts.
Medians of {rounds}; the sides take turns. What the daemon does more than the bare side: find out whether a message
belongs to a known citizen and complaint, read it as a line of a conversation, ask the rules what it is about, compose the
receipt, chain the history by hash, seal every row in the journal, index with Indonesian stems and prefixes, write a log
line, and let a confined child parse mails.

## Signed WhatsApp callbacks, durable before the answer

`POST /hook/gateway/wa` (preset gowa, 700-byte bodies, each its own message and sender) by `tests/bench/load.c`, which runs
on the same cores. Answered after COMMIT with `synchronous=FULL`. Bare: `tests/bench/bare_hook.c`, evhttp and a SQLite
writer thread with group commit and as many inserts, full text included. Outgoing receipts wait on a silent gateway; the
questions that come after a quiet moment are not part of it.

| connections | bare /s | pengaduand /s | ratio | bare p50 / p99 ms | pengaduand p50 / p99 ms |
|---:|---:|---:|---:|---:|---:|
{callbacks}

## Mails from Dovecot into the book

{mails:,} mails of {size:.1f} KB on average in one mailbox (Dovecot, Maildir, TLS on loopback), a quarter each plain, with
HTML, with a photo, quoted-printable. From the start of the daemon until the ledger has all of them. Bare:
`tests/bench/bare_mail.c`, libetpan, GMime and SQLite in one thread, batches of 50, the same inserts, nothing flagged.

| bare mails/s | pengaduand mails/s | ratio |
|---:|---:|---:|
| {bare_mail:,.0f} | {daemon_mail:,.0f} | **{mail_ratio:.2f}** |

## From a mail to its receipt

One mail after another; the receipt counts when its final dot is at the SMTP sink. The server's notice is an EXISTS during IDLE;
Dovecot itself takes up to a second to give one (it looks once a second here).

| from | median ms | p90 ms |
|---|---:|---:|
| the IMAP server's notice | {notice[0]:.0f} | {notice[1]:.0f} |
| delivery into Dovecot's Maildir | {delivery[0]:.0f} | {delivery[1]:.0f} |

## Memory (MiB, PSS / RSS)

| process | idle, empty book | after {mails:,} mails |
|---|---:|---:|
{memory}

## Start

From exec to READY=1, one mailbox configured: {start_empty:.0f} ms with an empty book, {start_full:.0f} ms with {mails:,}
complaints in it.
"""


def table_path():
    return build_folder() / "bench" / "BENCHMARKS.md" if QUICK else ROOT / "BENCHMARKS.md"


def write_table(values):
    table_path().write_text(TEXT.format(**values))
    say(f"\n{TEXT.format(**values)}\n-> {table_path().relative_to(ROOT)}")


def write_pages(section, where):
    """In place of the section that stands there, else at the end."""
    path = table_path()
    before, found, after = (path.read_text() if path.exists() else "").partition("## Pages with a full book\n")
    rest = after[after.index("\n## "):] if found and "\n## " in after else ""
    path.write_text(f"{before.rstrip()}\n\n{section}\nMeasured on {date.today().isoformat()}: {where}.\n{rest}")
    say(f"\n{section}\n-> {path.relative_to(ROOT)}")


def bench_pages():
    with Town(mail=False, mqtt=False, whatsapp=False) as town:
        where = machine.describe(town.scratch.path)
        say("Pages")
        write_pages(pages.section(town.scratch, say), where)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if os.environ.get("BENCH") == "pages":
        bench_pages()
        return
    silence = Silence()
    with Town(mqtt=False, whatsapp=False) as town:
        scratch = town.scratch
        where = machine.describe(scratch.path)
        say(f"Machine: {where}\nCallbacks")
        answered = callbacks(scratch, silence)
        say("Mails")
        rates, size, office = mail_rates(scratch, town, silence)
        loaded = processes(office)
        office.kill()
        say("Receipts")
        count = 10 if QUICK else 100
        notice = receipts.milliseconds(receipts.from_notice(scratch, town.certificates, count))
        delivery = receipts.milliseconds(receipts.from_delivery(scratch, town, count))
        say("Memory and start")
        del office.sections["smtp"]
        office.write_configuration()
        start_full = start_seconds(office)
        idle, empty = idle_memory(scratch, town, silence)
        bare, ours = median(rates["bare"]), median(rates["daemon"])
        write_table({
            "today": date.today().isoformat(), "machine": where, "rounds": ROUNDS, "mails": MAILS, "size": size / 1000,
            "callbacks": "\n".join(callback_rows(answered)), "bare_mail": bare, "daemon_mail": ours,
            "mail_ratio": ours / bare, "memory": "\n".join(memory_rows(idle, loaded)),
            "notice": notice, "delivery": delivery,
            "start_empty": start_seconds(empty) * 1000, "start_full": start_full * 1000})
    silence.close()
    bench_pages()


if __name__ == "__main__":
    main()
