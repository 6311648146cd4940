"""IMAP servers and lines that are broken, hostile or slow: nothing is lost, nothing hangs, people are told."""
import hashlib
import json
import stat
import subprocess

import pytest

from certificates import Certificates
from desk import Desk
from imap import Fault, ScriptedImap
from mail import OFFICE_ADDRESS, compose, text_of
from oauth import TokenProvider
from process import await_that
from smtp import Sink

SITI = "siti@warga.example"


@pytest.fixture()
def certificates(town):
    return town.certificates


def mail(subject="Lampu padam", text="Lampu di Gang Melati padam.\n", **more):
    return compose(SITI, OFFICE_ADDRESS, subject, text, **more)


def office_at(town, imap, sink=None, **mailbox):
    """A running office that reads this server."""
    office = town.daemon(dovecot=None, exim=None, gateway=None, broker=None)
    office.sections["server"]["alarm_seconds"] = 2
    office.sections["mailbox kantor"] = {
        "host": imap.host, "port": imap.port, "ca_file": town.certificates.ca, "user": "kantor",
        "password": office.secret("MAILBOX_PASSWORD", "rahasia"), "timeout_seconds": 3, **mailbox}
    if sink:
        office.sections["smtp"] = {"host": "localhost", "port": sink.port, "ca_file": town.certificates.ca,
                                   "user": "kantor", "password": office.secret("SMTP_PASSWORD", "rahasia"),
                                   "from": OFFICE_ADDRESS, "per_minute": 6000}
    office.init()
    Desk(office).hire()
    return office.start()


def ledger(office):
    return dict(office.book_query("SELECT external, outcome FROM arrival WHERE channel LIKE 'email:%'"))


def await_ledger(office, count, seconds=40):
    return await_that(lambda: (lambda seen: seen if len(seen) >= count else None)(ledger(office)), seconds,
                      f"{count} surat di buku besar")


@pytest.mark.parametrize("kind", ["greeting", "line", "literal", "drip", "bye", "short", "long", "silent"])
def test_a_fault_costs_one_session_and_no_mail(town, kind):
    with ScriptedImap(town.certificates) as imap:
        imap.put(mail("Satu"))
        imap.put(mail("Dua"))
        imap.fault = Fault(kind)
        office = office_at(town, imap)
        assert await_ledger(office, 2) == {"7/1": "dibuka", "7/2": "dibuka"}
        assert imap.connections >= 2
        office.stop()
        office.must("verify")


def test_idle_that_never_answers_is_left_and_the_mail_comes(town):
    with ScriptedImap(town.certificates) as imap:
        imap.fault = Fault("idle")
        office = office_at(town, imap)
        imap.wait_idle()
        imap.deliver(mail())
        await_ledger(office, 1)
        office.stop()


def test_vanished_mail_has_its_line_and_the_others_come(town):
    with ScriptedImap(town.certificates) as imap:
        for number in range(3):
            imap.put(mail(f"Nomor {number}"))
        imap.vanished = {2}
        office = office_at(town, imap)
        assert await_ledger(office, 3) == {"7/1": "dibuka", "7/2": "diabaikan", "7/3": "dibuka"}
        office.stop()


def test_renumbered_mailbox_is_read_again_and_doubles_nothing(town):
    with ScriptedImap(town.certificates) as imap:
        imap.put(mail("Satu"))
        imap.put(mail("Dua"))
        office = office_at(town, imap)
        await_ledger(office, 2)
        office.stop()
        imap.uidvalidity = 8
        imap.put(mail("Tiga"))
        office.start()
        seen = await_ledger(office, 5)
        assert {uid: seen[uid] for uid in seen if uid.startswith("8/")} == {
            "8/1": "ganda", "8/2": "ganda", "8/3": "dibuka"}
        assert office.book_query("SELECT count(*) FROM complaint") == [(3,)]
        office.stop()


def test_large_mail_over_a_slow_line_takes_longer_than_the_patience(town):
    """Eight seconds at 150 KB/s with a patience of three: progress is what counts."""
    with ScriptedImap(town.certificates, rate=150_000) as imap:
        photo = bytes(range(256)) * 3500
        imap.put(mail("Foto besar", attachments=[("foto.bin", "application/octet-stream", photo)]))
        office = office_at(town, imap)
        await_ledger(office, 1)
        assert office.book_query("SELECT size, lower(hex(sha256)) FROM attachment") == [
            (len(photo), hashlib.sha256(photo).hexdigest())]
        assert imap.connections == 1
        office.stop()


def test_all_the_files_that_gmail_lets_people_send_arrive(town):
    """25 MiB of files are 35 MB on the way."""
    with ScriptedImap(town.certificates) as imap:
        photos = [bytes([number]) * 5 + bytes(range(256)) * (20 * 1024) for number in range(5)]
        imap.put(mail("Banyak foto", attachments=[(f"foto{i}.bin", "application/octet-stream", photo)
                                                  for i, photo in enumerate(photos)]))
        office = office_at(town, imap)
        await_ledger(office, 1, 90)
        assert office.book_query("SELECT lower(hex(sha256)) FROM attachment ORDER BY id") == [
            (hashlib.sha256(photo).hexdigest(),) for photo in photos]
        assert office.book_query("SELECT must_read FROM message") == [(None,)]
        office.stop()


def test_too_large_mail_is_recorded_stays_unread_and_its_sender_is_told(town):
    with ScriptedImap(town.certificates) as imap, Sink(town.certificates) as sink:
        imap.put(mail("Lampiran raksasa dari warga", "Lihat lampiran.\n",
                      attachments=[("film.bin", "application/octet-stream", bytes(300_000))]))
        imap.put(mail("Biasa"))
        office = office_at(town, imap, sink, max_bytes=100_000)
        await_ledger(office, 2)
        told = text_of(sink.wait(lambda seen: "Lampiran raksasa dari warga" in seen.message["Subject"]).message)
        assert "lebih besar daripada yang dapat kami terima" in " ".join(told.split())
        assert "lebih besar" not in text_of(sink.wait(lambda seen: "Biasa" in seen.message["Subject"]).message)
        await_that(lambda: 2 in imap.flags, 20, "surat biasa ditandai")
        assert 1 not in imap.flags
        desk = Desk(office)
        number = office.book_query("SELECT number FROM complaint WHERE subject = 'Lampiran raksasa dari warga'")[0][0]
        desk.complaint("petugas", number).must("Lihat lampiran.", "terlalu besar")
        # The same for what is added to a complaint: there is no receipt to say it.
        receipt = sink.wait(lambda seen: "Biasa" in seen.message["Subject"]).message
        reply = mail("Re: Biasa", "Ini fotonya.\n", in_reply_to=receipt,
                     attachments=[("foto.bin", "application/octet-stream", bytes(300_000))])
        imap.deliver(reply)
        told = sink.wait(lambda seen: seen.message["In-Reply-To"] == reply["Message-ID"])
        words = " ".join(text_of(told.message).split())
        assert "tidak utuh" in words and "lebih besar daripada yang dapat kami terima" in words
        assert told.sender == "" and told.message["Auto-Submitted"] == "auto-replied"
        assert 3 not in imap.flags
        office.restart()
        imap.wait_idle()
        assert 1 not in imap.flags
        office.stop()


# ---- certificates

def fingerprint(certificates):
    der = subprocess.run(["openssl", "pkey", "-in", certificates.key, "-pubout", "-outform", "der"],
                         check=True, capture_output=True).stdout
    return hashlib.sha256(der).hexdigest()


def test_certificate_for_another_name_gets_no_password_and_a_pinned_key_does(town):
    with ScriptedImap(town.certificates, host="127.0.0.2") as imap:
        imap.put(mail())
        office = office_at(town, imap)
        office.wait_log("sertifikatnya untuk nama lain")
        assert imap.logins == []
        office.stop()
        office.sections["mailbox kantor"]["pin"] = "0" * 64
        office.write_configuration()
        office.start()
        said = office.wait_log("kuncinya bukan yang tercatat")
        assert fingerprint(town.certificates) in said.replace(":", "").lower()  # the admin compares and writes it down
        assert imap.logins == []
        office.stop()
        office.sections["mailbox kantor"]["pin"] = fingerprint(town.certificates).upper()
        office.write_configuration()
        office.start()
        await_ledger(office, 1)
        office.stop()


def test_strange_authority_is_refused_until_its_key_is_pinned(town):
    folder = town.scratch.folder("asing")
    strange = Certificates(folder)
    with ScriptedImap(strange) as imap:
        imap.put(mail())
        office = office_at(town, imap)
        office.wait_log("tidak dipercaya")
        assert imap.logins == []
        office.stop()
        office.sections["mailbox kantor"]["pin"] = fingerprint(strange)
        office.write_configuration()
        office.start()
        await_ledger(office, 1)
        office.stop()


# ---- people are told

def test_channel_away_too_long_is_told_to_people_and_called_off(town):
    with ScriptedImap(town.certificates) as imap:
        office = office_at(town, imap)
        imap.wait_idle()
        desk = Desk(office)
        assert "terganggu sejak" not in desk.session("petugas").get("/meja").must().text.lower()

        def alarmed():
            return "terganggu sejak" in desk.session("petugas").get("/meja").must().text.lower()
        imap.go_away()
        imap.put(mail())
        await_that(alarmed, 40, "gangguan terlihat di meja")
        assert "SALURAN TERGANGGU: email:kantor" in office.run("status").stdout
        assert "belum terambil sejak" in office.run("status").stdout.lower()
        imap.away = False
        await_ledger(office, 1, 90)
        await_that(lambda: not alarmed(), 40, "gangguan dicabut")
        kinds = [kind for kind, in office.book_query("SELECT kind FROM event WHERE complaint_id IS NULL ORDER BY id")]
        assert kinds[-2:] == ["saluran_terganggu", "saluran_pulih"]
        office.stop()
        office.must("verify")


# ---- tokens

def oauth_office(town, imap, provider, sink=None):
    office = town.daemon(dovecot=None, exim=None, gateway=None, broker=None)
    office.sections["server"]["alarm_seconds"] = 600
    office.sections["oauth google"] = {"token_url": provider.url, "client_id": "aplikasi",
                                       "client_secret": office.secret("OAUTH_SECRET", "rahasia aplikasi & lain"),
                                       "refresh_token": office.secret("OAUTH_REFRESH", "segar-0")}
    office.sections["mailbox kantor"] = {"host": "localhost", "port": imap.port, "ca_file": town.certificates.ca,
                                         "user": "kantor@kedopok.example", "oauth": "google", "timeout_seconds": 3}
    if sink:
        office.sections["smtp"] = {"host": "localhost", "port": sink.port, "ca_file": town.certificates.ca,
                                   "user": "kantor@kedopok.example", "oauth": "google", "from": OFFICE_ADDRESS}
    office.init()
    Desk(office).hire()
    return office


def test_tokens_are_bought_rotated_stored_and_used_for_both_directions(town):
    with ScriptedImap(town.certificates) as imap, Sink(town.certificates) as sink, TokenProvider() as provider:
        imap.tokens = sink.tokens = provider.issued
        imap.put(mail())
        office = oauth_office(town, imap, provider, sink)
        office.start()
        sink.wait(lambda seen: "PGD" in seen.message["Subject"])
        assert set(imap.logins) == set(sink.logins) == {"akses-1"}  # cached: one purchase serves both
        assert provider.requests[0]["client_secret"] == "rahasia aplikasi & lain"
        stored = office.data / "oauth-google.json"
        assert json.loads(stored.read_text())["refresh_token"] == "segar-1"
        assert stat.S_IMODE(stored.stat().st_mode) == 0o600
        office.restart()  # the first refresh token is dead: only the stored one opens the door
        imap.wait_idle()
        assert [seen["refresh_token"] for seen in provider.requests] == ["segar-0", "segar-1"]
        assert "segar" not in office.output() and "akses-" not in office.output()
        office.stop()


def test_called_back_token_is_replaced_without_troubling_anybody(town):
    with ScriptedImap(town.certificates) as imap, TokenProvider() as provider:
        imap.tokens = ["akses-2"]
        imap.put(mail())
        office = oauth_office(town, imap, provider)
        office.start()
        await_ledger(office, 1)
        assert imap.logins == ["akses-1", "akses-2"]
        assert office.book_query("SELECT count(*) FROM alarm") == [(0,)]
        office.stop()


def test_refused_refresh_token_raises_the_alarm_at_once(town):
    with ScriptedImap(town.certificates) as imap, TokenProvider() as provider:
        provider.refused = True
        office = oauth_office(town, imap, provider)
        office.start()
        await_that(lambda: office.book_query("SELECT count(*) FROM alarm") == [(1,)], 20, "alarm")
        Desk(office).session("petugas").get("/meja").must("Saluran e-mail terganggu", "Ulangi persetujuan")
        assert imap.logins == []
        office.stop()
