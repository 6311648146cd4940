"""How long a citizen waits for his receipt: from the IMAP server's notice, and from the mail's delivery in Dovecot."""
import time
from statistics import median

from daemon import Daemon
from desk import Desk
from imap import ScriptedImap
from mail import OFFICE_ADDRESS, compose
from process import await_that, give_to_servers
from smtp import Sink

SITI = "siti@warga.example"


def _office(folder, certificates, mailbox, sink):
    office = Daemon(folder)
    office.sections["mailbox kantor"] = {"host": "localhost", "ca_file": certificates.ca, **mailbox(office)}
    office.sections["smtp"] = {"host": "localhost", "port": sink.port, "ca_file": certificates.ca, "from": OFFICE_ADDRESS,
                               "per_minute": 6000, "auto_per_address": 10000}
    office.init()
    Desk(office).hire()
    return office.start()


def _times(count, deliver, sink):
    """Seconds from deliver(mail), which returns when that was, to the receipt's final dot."""
    times = []
    for number in range(count):
        mail = compose(SITI, OFFICE_ADDRESS, f"Surat {number}", "Lampu padam.\n")
        began = deliver(mail)
        times.append(sink.wait(lambda seen: seen.message["In-Reply-To"] == mail["Message-ID"]).at - began)
    return times


def from_notice(scratch, certificates, count):
    with ScriptedImap(certificates) as imap, Sink(certificates, login=False) as sink:
        office = _office(scratch.folder("notice"), certificates, lambda office: {
            "port": imap.port, "user": "kantor", "password": office.secret("MAILBOX_PASSWORD", "x")}, sink)

        def deliver(mail):
            imap.wait_idle()
            return imap.announced[imap.deliver(mail)]
        times = _times(count, deliver, sink)
        office.stop()
        return times


def from_delivery(scratch, town, count):
    user, password = town.maildirs.accounts[OFFICE_ADDRESS]
    town.maildirs.empty(OFFICE_ADDRESS)
    with Sink(town.certificates, login=False) as sink:
        office = _office(scratch.folder("delivery"), town.certificates, lambda office: {
            "port": town.dovecot.port, "user": user, "password": office.secret("MAILBOX_PASSWORD", password)}, sink)
        office.wait_log("semua surat sudah diambil")
        new = town.maildirs.new_folder(user)

        def deliver(mail):
            path = new.parent / "tmp" / f"{abs(hash(mail['Message-ID']))}.uji"
            path.write_bytes(mail.as_bytes())
            give_to_servers(path)
            path.rename(new / path.name)
            return time.monotonic()
        times = _times(count, deliver, sink)
        office.stop()
        return times


def milliseconds(times):
    """(median, slowest of ten) in ms"""
    return median(times) * 1000, sorted(times)[len(times) * 9 // 10] * 1000
