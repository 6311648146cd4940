"""E-mail from the citizen's letter to the answer in the same thread, on Dovecot and Exim."""
import pytest

from certificates import Certificates
from desk import Desk, code_in, number_in
from mail import OFFICE_ADDRESS, compose, send_raw, text_of
from process import await_that

SITI = "siti@warga.example"
BUDI = "budi@warga.example"


def complain(town, subject, text="Jalan rusak parah.\n", sender=SITI, **more):
    """Sends one mail; (mail, receipt, number)."""
    mail = town.send(compose(sender, OFFICE_ADDRESS, subject, text, **more))
    receipt = receipt_of(town, mail, sender)
    return mail, receipt, number_in(text_of(receipt))


def receipt_of(town, mail, sender=SITI):
    return town.mailbox(sender).wait(lambda seen: seen["In-Reply-To"] == mail["Message-ID"], what="tanda terima")


def test_receipt_names_register_number_and_code_in_the_citizens_thread(town, desk):
    mail, receipt, number = complain(town, "Lampu jalan padam", name="Siti Aminah")
    assert number and code_in(text_of(receipt))
    assert mail["Message-ID"] in receipt["References"]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["Return-Path"] is None or receipt["Return-Path"] == "<>"
    desk.complaint("petugas", number).must("Lampu jalan padam", "Siti Aminah")


def test_photo_is_kept_byte_for_byte(town, desk):
    photo = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300
    _, _, number = complain(town, "Foto lubang", attachments=[("lubang jalan.png", "image/png", photo)])
    page = desk.complaint("petugas", number)
    assert desk.session("petugas").get(page.link("lubang jalan.png")).body == photo


def test_reply_of_the_citizen_joins_and_opens_nothing(town, desk):
    _, receipt, number = complain(town, "Selokan tersumbat")
    before = desk.numbers()
    town.send(compose(SITI, OFFICE_ADDRESS, f"Re: {receipt['Subject']}", "Tambahan: dekat pos ronda.\n",
                      in_reply_to=receipt))
    await_that(lambda: "dekat pos ronda" in desk.complaint("petugas", number).text, 20, "balasan bergabung")
    assert desk.numbers() == before


def test_somebody_elses_reply_does_not_join(town, desk):
    _, receipt, number = complain(town, "Rahasia Siti")
    stranger = town.send(compose(BUDI, OFFICE_ADDRESS, f"Re: {receipt['Subject']}", "Saya juga mau tahu isinya.\n",
                                 in_reply_to=receipt))
    other = number_in(text_of(receipt_of(town, stranger, BUDI)))
    assert other != number
    assert "mau tahu isinya" not in desk.complaint("petugas", number).text


def test_same_mail_twice_is_one_complaint_and_one_receipt(town, desk):
    mail = compose(SITI, OFFICE_ADDRESS, "Dikirim dua kali", "Sekali saja.\n")
    before = set(desk.numbers())
    town.send(mail)
    town.send(mail)
    receipt_of(town, mail)
    marker, _, number = complain(town, "Sesudah yang ganda")
    assert len(set(desk.numbers()) - before - {number}) == 1
    receipts = [seen for seen in town.mailbox(SITI).messages() if seen["In-Reply-To"] == mail["Message-ID"]]
    assert len(receipts) == 1


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}])
def test_automatic_mail_opens_nothing_and_is_never_answered(town, desk, headers):
    before = set(desk.numbers())
    automatic = town.send(compose(BUDI, OFFICE_ADDRESS, "Saya sedang cuti", "Kembali Senin.\n", **headers))
    _, _, number = complain(town, "Sesudah yang otomatis")
    assert set(desk.numbers()) - before == {number}
    assert not [seen for seen in town.mailbox(BUDI).messages() if seen["In-Reply-To"] == automatic["Message-ID"]]


@pytest.mark.parametrize("raw", [
    b"\xff\xfe\x00garbage without any header\r\n",
    b"From: siti@warga.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: te",
    b"From: siti@warga.example\r\nSubject: =?tidak-ada?B?////?=\r\nContent-Type: text/plain; charset=nix\r\n\r\n\x80\x81\r\n",
])
def test_mail_that_nobody_can_read_still_becomes_a_line_in_the_book(town, desk, raw):
    before = set(desk.numbers())
    send_raw(town.exim, raw, SITI, [OFFICE_ADDRESS])
    _, _, number = complain(town, "Sesudah yang rusak")
    assert len(set(desk.numbers()) - before - {number}) == 1


def test_answer_arrives_in_the_same_thread_after_all_steps(town, desk):
    mail, receipt, number = complain(town, "Jembatan retak")
    desk.walk(number, "Periksa", "Sudah diperkuat", "Jembatan sudah diperkuat, aman dilalui.")
    answer = town.mailbox(SITI).wait(lambda seen: "aman dilalui" in text_of(seen), what="jawaban")
    assert mail["Message-ID"] in answer["References"]
    assert answer["Subject"].startswith("Re: Jembatan retak")
    assert number in answer["Subject"]


def test_mail_server_away_means_later_not_lost_and_not_twice(town, desk):
    town.exim.knob("defer")
    try:
        before = set(desk.numbers())
        # The office's own mail comes in by the Maildir: SMTP refuses everybody just now.
        mail = compose(SITI, OFFICE_ADDRESS, "Saat SMTP mogok", "Tetap dicatat.\n")
        put_into_maildir(town, mail)
        await_that(lambda: set(desk.numbers()) - before, 20, "aduan dicatat walau SMTP mogok")
        desk.daemon.wait_log(r"outbox.*later|451")
        assert "kiriman tertunda" in desk.daemon.run("status").stdout
    finally:
        town.exim.knob("defer", on=False)
    receipt_of(town, mail)
    receipts = [seen for seen in town.mailbox(SITI).messages() if seen["In-Reply-To"] == mail["Message-ID"]]
    assert len(receipts) == 1


def put_into_maildir(town, message):
    """As a mail server on another machine would have delivered it."""
    from process import give_to_servers
    folder = town.maildirs.new_folder("kantor")
    path = folder.parent / "tmp" / f"{abs(hash(message['Message-ID']))}.uji"
    path.write_bytes(message.as_bytes())
    give_to_servers(path)
    path.rename(folder / path.name)


def test_refused_answer_is_shown_to_the_petugas(town, desk):
    _, _, number = complain(town, "Alamat akan hilang")
    town.exim.knob("refuse")
    try:
        desk.walk(number, "Kerjakan", "Selesai", "Sudah selesai.")
        await_that(lambda: "gagal" in desk.complaint("petugas", number).text.lower(), 20, "kegagalan terlihat")
    finally:
        town.exim.knob("refuse", on=False)


def test_imap_server_away_and_back_loses_nothing(town, desk):
    town.dovecot.stop()
    mail = town.send(compose(SITI, OFFICE_ADDRESS, "Saat IMAP mati", "Tunggu saja.\n"))
    assert desk.session("petugas").get("/meja").status == 200
    await_that(lambda: "Surat belum terambil sejak" in desk.daemon.run("status").stdout, 20, "status menyebut IMAP mati")
    town.dovecot.start()
    town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == mail["Message-ID"], seconds=90, what="tanda terima")


def test_mail_read_by_a_person_elsewhere_is_taken_all_the_same(town, desk):
    town.dovecot.stop()
    mail = town.send(compose(SITI, OFFICE_ADDRESS, "Sudah dibaca orang", "Lewat webmail.\n"))
    new = town.maildirs.new_folder("kantor")
    arrived = await_that(lambda: list(new.iterdir()), 20, "surat di Maildir")
    for path in arrived:
        path.rename(new.parent / "cur" / f"{path.name}:2,S")
    town.dovecot.start()
    town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == mail["Message-ID"], seconds=90, what="tanda terima")


def test_server_with_a_strange_certificate_gets_no_password(town):
    """The name is right, the authority is not ours."""
    folder = town.scratch.folder("strange", servers=True)
    folder.chmod(0o755)
    office = town.daemon(gateway=None, broker=None)
    office.sections["mailbox kantor"]["ca_file"] = Certificates(folder).ca
    office.init()
    Desk(office).hire()
    office.start()
    office.wait_log(r"(?i)certificate|issuer|sertifikat")
    logins = [line for line in town.dovecot.output().splitlines() if "Login" in line]
    assert "gagal" in office.must("status").lower() or "sertifikat" in office.must("status").lower()
    office.stop()
    assert [line for line in town.dovecot.output().splitlines() if "Login" in line] == logins
