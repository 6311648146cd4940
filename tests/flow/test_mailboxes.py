"""Several mailboxes and folders on Dovecot: each mail has its line once, and lies afterwards where the office wants it."""
import imaplib
import re
import ssl

import pytest

from desk import Desk
from imap import ScriptedImap
from mail import OFFICE_ADDRESS, compose
from process import await_that

SITI, BUDI = "siti@warga.example", "budi@warga.example"


def imap_of(town, user, password):
    """A person who looks into the mailbox by webmail."""
    context = ssl.create_default_context(cafile=town.certificates.ca)
    client = imaplib.IMAP4_SSL("localhost", town.dovecot.port, ssl_context=context)
    client.login(user, password)
    return client


def subjects_in(client, folder):
    """{subject: flags} of a folder; none when it is not there."""
    if client.select(folder, readonly=True)[0] != "OK":
        return {}
    found = {}
    numbers = client.search(None, "ALL")[1][0].split()
    for number in numbers:
        (head, body), *_ = client.fetch(number, "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        found[body.decode().partition(":")[2].strip()] = head.decode()
    return found


@pytest.fixture()
def office(town):
    """Reads two mailboxes, of the first two folders; what is in the book is moved."""
    made = town.daemon(gateway=None, broker=None)
    kantor = made.sections["mailbox kantor"]
    kantor.update(folder="INBOX, Spam", move_to="Tercatat", keyword="Aduan")
    user, password = town.maildirs.accounts[BUDI]
    made.sections["mailbox lama"] = {**kantor, "user": user, "password": made.secret("OLD_PASSWORD", password), "folder": "INBOX"}
    for key in ("move_to", "keyword"):
        del made.sections["mailbox lama"][key]
    made.init()
    Desk(made).hire()
    return made


def test_mailboxes_and_folders_are_read_side_by_side_and_mail_is_moved_after_the_commit(town, office):
    person = imap_of(town, *town.maildirs.accounts[OFFICE_ADDRESS])
    person.create("Spam")
    strayed = compose(SITI, OFFICE_ADDRESS, "Tersesat di Spam", "Lampu padam.\n")
    person.append("Spam", None, None, strayed.as_bytes())
    office.start()
    mail = town.send(compose(SITI, OFFICE_ADDRESS, "Ke kotak baru", "Jalan rusak.\n"))
    town.send(compose(SITI, BUDI, "Ke kotak lama", "Got mampet.\n"))
    person.append("Spam", None, None, mail.as_bytes())  # the same once more, by a rule of the provider
    ledger = await_that(lambda: (lambda rows: rows if len(rows) == 4 else None)(office.book_query(
        "SELECT channel, outcome FROM arrival WHERE channel LIKE 'email:%' ORDER BY channel, outcome")), 40, "empat surat")
    assert sorted(outcome for _, outcome in ledger) == ["dibuka"] * 3 + ["ganda"]
    assert len({channel for channel, _ in ledger}) == 3
    await_that(lambda: {"Tersesat di Spam", "Ke kotak baru"} <= set(subjects_in(person, "Tercatat")), 20, "surat dipindahkan")
    moved = subjects_in(person, "Tercatat")
    assert all("\\Seen" in flags and "Aduan" in flags for flags in moved.values())
    assert not subjects_in(person, "INBOX") and not subjects_in(person, "Spam")
    old = imap_of(town, *town.maildirs.accounts[BUDI])
    assert "\\Seen" in subjects_in(old, "INBOX")["Ke kotak lama"]  # stays where it was
    office.restart()
    town.send(compose(SITI, OFFICE_ADDRESS, "Sesudah mulai ulang", "x\n"))
    await_that(lambda: office.book_query("SELECT count(*) FROM complaint") == [(4,)], 40, "surat berikutnya")
    assert office.book_query("SELECT count(*) FROM arrival WHERE channel LIKE 'email:%'") == [(5,)]
    person.logout()
    old.logout()
    office.stop()
    office.must("verify")


def test_only_the_configured_server_says_whether_the_sender_is_genuine(town):
    """A forger writes such headers too: below the server's own, or under another name."""
    def results(server, verdict):
        return f"{server}; dmarc={verdict} header.from=warga.example"
    cases = {"Asli": (("mx.kota.example", "pass"),), "Palsu": (("mx.kota.example", "fail"), ("mx.kota.example", "pass")),
             "Orang lain": (("mx.penipu.example", "pass"),), "Tanpa kepala": ()}
    words = {"Asli": "Pengirim asli", "Palsu": "Pengirim palsu", "Orang lain": "tidak dapat dipastikan",
             "Tanpa kepala": "tidak dapat dipastikan"}
    with ScriptedImap(town.certificates) as imap:
        office = town.daemon(dovecot=None, exim=None, gateway=None, broker=None)
        office.sections["mailbox kantor"] = {
            "host": "localhost", "port": imap.port, "ca_file": town.certificates.ca, "user": "kantor",
            "password": office.secret("MAILBOX_PASSWORD", "rahasia"), "authserv_id": "mx.kota.example"}
        for subject, heads in cases.items():
            raw = compose(SITI, OFFICE_ADDRESS, subject, "x\n").as_bytes().replace(b"\n", b"\r\n")
            imap.put(b"".join(b"Authentication-Results: %s\r\n" % results(*head).encode() for head in heads) + raw)
        office.init()
        desk = Desk(office).hire()
        office.start()
        await_that(lambda: office.book_query("SELECT count(*) FROM complaint") == [(4,)], 40, "empat aduan")
        for subject, word in words.items():
            number = office.book_query("SELECT number FROM complaint WHERE subject = ?", subject)[0][0]
            page = desk.complaint("petugas", number).must(word)
            assert len(re.findall("Pengirim asli|Pengirim palsu|tidak dapat dipastikan", page.text)) == 1
        office.stop()
