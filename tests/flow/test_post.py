"""Letters out and back: what the relay hears, what it answers, what two robots do to each other, and what people set right."""
import re
import threading

import pytest

from desk import OFFICERS, Desk, number_in
from imap import ScriptedImap
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that
from smtp import Sink

SITI, BUDI = "siti@warga.example", "budi@warga.example"
TAGGED = re.compile(r"\[(\S+)#([0-9a-z]{8})\]")


class Post:
    """An office between a scripted mailbox and a sink; the test is the world of mail."""

    def __init__(self, town, tls="implicit", **smtp):
        self.imap = ScriptedImap(town.certificates)
        self.sink = Sink(town.certificates, tls=tls)
        self.office = town.daemon(dovecot=None, exim=None, gateway=None, broker=None)
        self.office.sections["mailbox kantor"] = {
            "host": "localhost", "port": self.imap.port, "ca_file": town.certificates.ca, "user": OFFICE_ADDRESS,
            "password": self.office.secret("MAILBOX_PASSWORD", "rahasia")}
        self.office.sections["smtp"] = {
            "host": "localhost", "port": self.sink.port, "ca_file": town.certificates.ca, "user": "kantor",
            "password": self.office.secret("SMTP_PASSWORD", "rahasia"), "from": OFFICE_ADDRESS, "per_minute": 6000,
            **smtp}
        self.office.init()
        self.desk = Desk(self.office).hire()
        self.office.start()
        self.imap.wait_idle()

    def close(self):
        self.office.stop()
        self.office.must("verify")
        self.imap.close()
        self.sink.close()

    def complain(self, subject="Lampu padam", sender=SITI, text="Lampu padam.\n", **more):
        """(mail, receipt, number)"""
        mail = compose(sender, OFFICE_ADDRESS, subject, text, **more)
        self.imap.deliver(mail)
        receipt = self.sink.wait(lambda seen: seen.message["In-Reply-To"] == mail["Message-ID"], what="tanda terima")
        return mail, receipt, number_in(text_of(receipt.message))

    def outcome(self, uid, seconds=20):
        """What the ledger says of a UID."""
        return await_that(lambda: self.office.book_query(
            "SELECT outcome, reason FROM arrival WHERE external = ?", f"7/{uid}"), seconds, f"UID {uid} di buku besar")[0]

    def page(self, number):
        return self.desk.complaint("petugas", number)


@pytest.fixture(scope="module")
def post(town):
    made = Post(town, auto_per_address=1000)
    yield made
    made.close()


@pytest.fixture()
def own_post(town):
    made = []

    def make(**options):
        made.append(Post(town, **options))
        return made[-1]
    yield make
    for one in made:
        one.close()


# ---- what leaves

def test_receipt_is_text_and_html_with_the_null_path_and_asks_for_no_report(post):
    mail, receipt, number = post.complain(name="Siti Aminah")
    assert (receipt.sender, receipt.recipient) == ("", SITI)
    assert receipt.rcpt_options == "NOTIFY=NEVER"
    assert receipt.message["Auto-Submitted"] == "auto-replied"
    assert receipt.message.get_content_type() == "multipart/alternative"
    assert number in receipt.message.get_body(("html",)).get_content()
    assert all(line.endswith(b"\r\n") and len(line) <= 80 for line in receipt.raw.splitlines(keepends=True))
    assert TAGGED.search(receipt.message["Subject"])[1] == number
    assert re.fullmatch(r"<[0-9a-f]{32}\.[0-9a-z]{8}@kedopok\.example>", receipt.message["Message-ID"])


def test_answer_carries_files_and_asks_for_a_report_and_the_relays_word_is_kept(post):
    _, _, number = post.complain("Jembatan")
    desk, photo = post.desk, bytes(range(256)) * 500
    for step in (desk.verify, desk.forward):
        step(number)
    desk.dispose(number, "Periksa")
    desk.begin(number)
    desk.report(number, "Sudah.")
    desk.approve(number)
    form = desk.complaint("petugas", number).form(action="/jawab").fill(isi="Jembatan sudah diperkuat.")
    form.attach("berkas", "foto – sesudah.png", "image/png", photo)
    form.submit().must(number)
    answer = post.sink.wait(lambda seen: "diperkuat" in text_of(seen.message))
    assert answer.sender == OFFICE_ADDRESS and "SUCCESS,FAILURE,DELAY" in answer.rcpt_options
    assert answer.mail_options.startswith("SIZE=") and "RET=HDRS ENVID=" in answer.mail_options
    assert answer.message["Auto-Submitted"] is None
    attached = list(answer.message.iter_attachments())
    assert [(part.get_filename(), part.get_content()) for part in attached] == [("foto – sesudah.png", photo)]
    queue_id = f"UJI{post.sink.letters.index(answer) + 1}"
    await_that(lambda: queue_id in post.page(number).text, 20, "jawaban server di riwayat")


def test_letters_share_a_connection(post):
    post.complain("Satu")
    before = post.sink.connections
    post.complain("Dua")
    assert post.sink.connections == before


def test_required_starttls_goes_on_inside_and_never_without(own_post):
    post = own_post(tls="starttls", starttls="yes")
    _, receipt, _ = post.complain()
    assert receipt.sender == "" and post.sink.logins == [b"\0kantor\0rahasia"]
    assert post.sink.commands.index("STARTTLS") < post.sink.commands.index("AUTH PLAIN")
    # Somebody between takes the offer away.
    post.office.stop()
    post.sink._context = None
    post.sink.tls = None
    post.office.start()
    post.sink.commands.clear()
    post.imap.deliver(compose(BUDI, OFFICE_ADDRESS, "Tanpa TLS", "x\n"))
    post.office.wait_log("tidak menawarkan STARTTLS|no STARTTLS offered")
    assert not [line for line in post.sink.commands if line.startswith(("AUTH", "MAIL"))]


def test_no_answer_after_the_final_dot_is_shown_and_a_person_sends_it_again_with_the_same_id(own_post):
    post = own_post()
    _, _, number = post.complain()
    post.sink.drop_after_data = 1
    post.desk.act("petugas", number, "tanya", isi="Di RT berapa?")
    first = post.sink.wait(lambda seen: "RT berapa" in text_of(seen.message))
    await_that(lambda: "belum pasti terkirim" in post.page(number).text, 20, "tidak pasti terlihat")
    assert post.office.run("status").returncode == 1
    post.page(number).form(action="/kirim-ulang").submit().must("akan dikirim ulang")
    again = post.sink.wait(lambda seen: seen is not first and "RT berapa" in text_of(seen.message))
    assert again.message["Message-ID"] == first.message["Message-ID"]
    await_that(lambda: "Pertanyaan terkirim" in post.page(number).text, 20, "terkirim")


def test_refused_letter_can_be_taken_care_of_otherwise(own_post):
    post = own_post()
    _, _, number = post.complain()
    post.sink.refuse["RCPT"] = "550 5.1.1 kotak surat tidak ada"
    post.desk.act("petugas", number, "tanya", isi="Di RT berapa?")
    await_that(lambda: "gagal terkirim" in post.page(number).text, 20, "kegagalan terlihat")
    assert post.office.run("status").returncode == 1
    post.desk.session("petugas").get("/meja?daftar=gagal").must("Gagal terkirim: 1", number)
    post.page(number).form(action="/kiriman-beres").submit().must("Sudah diurus dengan cara lain")
    assert "Gagal terkirim" not in post.desk.session("petugas").get("/meja").must().text
    assert not post.page(number).has_form("/kirim-ulang")


def test_too_busy_relay_gets_its_letter_later_and_once(own_post):
    post = own_post()
    post.sink.refuse["MAIL"] = "451 4.7.1 coba lagi nanti"
    mail = compose(SITI, OFFICE_ADDRESS, "Nanti", "x\n")
    post.imap.deliver(mail)
    await_that(lambda: any(line.startswith("MAIL") for line in post.sink.commands), 20, "percobaan pertama")
    del post.sink.refuse["MAIL"]
    post.sink.wait(lambda seen: seen.message["In-Reply-To"] == mail["Message-ID"], 60)
    assert len(post.sink.letters) == 1


def test_relay_gets_no_more_letters_a_minute_than_it_allows(own_post):
    """A minute's worth may go at once; then one every two seconds."""
    post = own_post(per_minute=30, auto_per_address=1000)
    for number in range(32):
        post.imap.put(compose(SITI, OFFICE_ADDRESS, f"Surat {number}", "x\n"))
    post.imap.deliver(compose(SITI, OFFICE_ADDRESS, "Surat terakhir", "x\n"))
    await_that(lambda: len(post.sink.letters) == 33, 40, "semua tanda terima")
    since = [letter.at - post.sink.letters[0].at for letter in post.sink.letters]
    assert since[28] < 2 < since[32] - since[29] and since[32] > 4
    assert all(later - earlier > 1.5 for earlier, later in zip(since[30:], since[31:]))


# ---- what comes back

def bounce(recipient, letter, status="5.1.1", action="failed"):
    return (f"From: MAILER-DAEMON@warga.example\r\nTo: {OFFICE_ADDRESS}\r\nSubject: Undelivered Mail\r\n"
            f"Message-ID: <bounce.{id(letter)}@warga.example>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nMaaf.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; warga.example\r\n\r\n"
            f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n").encode()


def test_bounce_of_an_answer_lies_on_the_petugas_desk_and_is_never_answered(post):
    _, _, number = post.complain("Alamat penuh")
    post.desk.act("petugas", number, "tanya", isi="Kapan kejadiannya?")
    question = post.sink.wait(lambda seen: "Kapan kejadiannya" in text_of(seen.message))
    await_that(lambda: "Pertanyaan terkirim" in post.page(number).text, 20, "terkirim")
    letters = len(post.sink.letters)
    uid = post.imap.deliver(bounce(SITI, question.message))
    assert post.outcome(uid)[0] == "dicatat"
    post.page(number).must("Pertanyaan gagal terkirim", "5.1.1", "Surat kepada pengadu tidak sampai")
    post.desk.session("petugas").get("/meja").must("Surat kepada pengadu tidak sampai")
    post.complain("Sesudah pantulan")
    assert len(post.sink.letters) == letters + 1  # the receipt of that last one alone


def test_report_of_success_says_arrived(post):
    _, _, number = post.complain("Laporan baik")
    post.desk.act("petugas", number, "tanya", isi="Jam berapa kejadiannya?")
    question = post.sink.wait(lambda seen: "Jam berapa" in text_of(seen.message))
    await_that(lambda: "Pertanyaan terkirim" in post.page(number).text, 20, "terkirim")
    uid = post.imap.deliver(bounce(SITI, question.message, "2.0.0", "delivered"))
    assert post.outcome(uid)[0] == "dicatat"
    post.page(number).must("Pertanyaan sampai")


def test_our_own_letter_that_comes_back_opens_nothing(post):
    _, receipt, _ = post.complain("Diteruskan balik")
    uid = post.imap.deliver(receipt.raw)
    assert post.outcome(uid) == ("diabaikan", "surat kami sendiri")


def test_out_of_office_changes_nothing(post):
    _, _, number = post.complain("Pulang kampung")
    post.desk.act("petugas", number, "tanya", isi="Sebelah mana?")
    question = post.sink.wait(lambda seen: "Sebelah mana" in text_of(seen.message))
    uid = post.imap.deliver(compose(SITI, OFFICE_ADDRESS, "Otomatis: " + question.message["Subject"], "Saya cuti.\n",
                                    in_reply_to=question.message, Auto_Submitted="auto-replied"))
    assert post.outcome(uid)[0] == "dicatat"
    post.page(number).must("Perlu dilengkapi")


def test_robot_that_answers_every_receipt_like_a_person_is_stopped_by_the_cap(own_post):
    post = own_post(auto_per_address=5)
    done = threading.Event()

    def answer(letter):
        # Nothing tells that a machine wrote it: no header, its own Message-ID, another subject each time.
        post.imap.deliver(compose(letter.recipient, OFFICE_ADDRESS, f"Pesan {len(post.sink.letters)}", "Halo.\n"))
        if len(post.sink.letters) >= 5:
            done.set()
    post.sink.on_letter = answer
    post.imap.deliver(compose(BUDI, OFFICE_ADDRESS, "Mulai", "Halo.\n"))
    assert done.wait(40)
    assert post.outcome(6)[0] == "dibuka"
    await_that(lambda: post.office.book_query("SELECT count(*) FROM event WHERE kind = 'tanda_terima_ditahan'") == [(1,)],
               20, "tanda terima keenam ditahan")
    assert len(post.sink.letters) == 5


def test_two_offices_writing_to_each_other_stop_by_themselves(own_post):
    here, there = own_post(), own_post()
    # A relay in between that takes away whatever says that a machine wrote it, as some mailing systems do.
    def carry(to):
        def on_letter(letter):
            text = re.sub(rb"(?mi)^(Auto-Submitted|X-Auto-Response-Suppress|Message-ID|References|In-Reply-To):.*\r\n(?:[ \t].*\r\n)*",
                          b"", letter.raw)
            to.imap.deliver(b"Message-ID: <%d.%d@luar.example>\r\n" % (id(to), len(to.imap._mails)) + text)
        return on_letter
    here.sink.on_letter, there.sink.on_letter = carry(there), carry(here)
    here.imap.deliver(compose(OFFICE_ADDRESS, OFFICE_ADDRESS, "Mulai", "Halo.\n"))

    def quiet():
        seen = [(post.office.book_query("SELECT count(*) FROM arrival")[0][0], len(post.imap._mails),
                 post.office.book_query("SELECT count(*) FROM outbox WHERE state IN ('antre', 'mengirim')"
                                        " AND channel LIKE 'email%'")[0][0]) for post in (here, there)]
        return all(arrived == mails and not waiting for arrived, mails, waiting in seen) and (
            len(there.imap._mails) == len(here.sink.letters) and len(here.imap._mails) == len(there.sink.letters) + 1)
    await_that(quiet, 60, "keduanya diam")
    assert 1 <= len(here.sink.letters) <= 10 and len(there.sink.letters) <= 10


# ---- whose complaint

def test_number_without_its_tag_is_only_perhaps_related_and_one_click_merges(post):
    _, receipt, number = post.complain("Induk")
    bare = TAGGED.sub(r"[\1]", receipt.message["Subject"])
    _, _, other = post.complain(bare, text="Menyusul.\n")
    assert other != number
    page = post.page(other)
    page.must("Mungkin terkait", number)
    post.page(number).must(other, "mungkin terkait")
    page.form(action="/gabung", button="Gabungkan ke").submit().must("digabungkan")
    post.page(number).must(other, "digabungkan ke sini")


def test_tagged_number_joins_without_any_reference(post):
    _, receipt, number = post.complain("Tanpa rujukan")
    uid = post.imap.deliver(compose(SITI, OFFICE_ADDRESS, receipt.message["Subject"], "Tambahan keterangan.\n"))
    assert post.outcome(uid)[0] == "ditambahkan"
    post.page(number).must("Tambahan keterangan.")


def test_message_is_moved_and_another_made_a_complaint_of_its_own(post):
    _, receipt, number = post.complain("Salah kamar")
    _, _, target = post.complain("Kamar yang benar")
    for words in ("Ini tentang pohon.", "Ini tentang selokan."):
        uid = post.imap.deliver(compose(SITI, OFFICE_ADDRESS, receipt.message["Subject"], words + "\n",
                                        in_reply_to=receipt.message))
        assert post.outcome(uid)[0] == "ditambahkan"
    refused = post.page(number).form(action="/pindah").fill(nomor_tujuan="999/PGD/XI/2026").submit()
    assert refused.status == 422 and "tidak ditemukan" in refused.text
    post.page(number).form(action="/pindah").fill(nomor_tujuan=target).submit().must("Pesan sudah dipindahkan")
    post.page(target).must("Ini tentang pohon.", "Menerima pesan pindahan")
    assert "tentang pohon" not in post.page(number).text
    post.page(number).form(action="/pisah").submit().must("menjadi aduan sendiri")
    assert "tentang selokan" not in post.page(number).text
    own = number_in(post.desk.session("petugas").get("/buku?q=selokan").must().text)
    post.page(own).must("Ini tentang selokan.", "Dipisahkan dari", number)


def test_word_on_the_way_and_the_closing_letter(post):
    _, _, number = post.complain("Kabar")
    form = post.page(number).form(action="/kabari").fill(isi="Petugas sudah ke lokasi.")
    form.submit().must("Kabar sudah dicatat")
    form.submit()  # a double click
    word = post.sink.wait(lambda seen: "sudah ke lokasi" in text_of(seen.message))
    assert "masih kami tangani" in " ".join(text_of(word.message).split())
    post.desk.walk(number, "Kerjakan", "Selesai", "Sudah selesai.")
    post.desk.act("petugas", number, "tutup")
    last = post.sink.wait(lambda seen: "memuaskan" in text_of(seen.message))
    assert last.message["Auto-Submitted"] == "auto-generated" and last.sender == OFFICE_ADDRESS
    uid = post.imap.deliver(compose(SITI, OFFICE_ADDRESS, "Re: x", "PUAS\n", in_reply_to=last.message))
    assert post.outcome(uid)[0] == "ditambahkan"
    post.page(number).must("Ditutup", "Pengadu menyatakan puas")
    assert len([seen for seen in post.sink.letters if "sudah ke lokasi" in text_of(seen.message)]) == 1


def test_referral_is_told_to_the_citizen(post):
    _, _, number = post.complain("Bukan urusan kami")
    post.desk.act("petugas", number, "rujuk", instansi="Dinas Perhubungan", nomor_instansi="D-7", isi="Catatan dalam.")
    told = post.sink.wait(lambda seen: "Dinas Perhubungan" in text_of(seen.message))
    assert "Nomor di sana: D-7" in text_of(told.message) and "Catatan dalam" not in text_of(told.message)


# ---- what opened nothing

MASS = {"List_Id": "<warga.contoh.example>", "Precedence": "bulk"}


def test_mass_mail_waits_for_a_look_and_a_citizens_becomes_a_complaint(own_post):
    post = own_post()
    petugas = post.desk.session("petugas")
    paper = post.imap.deliver(compose("info@buletin.example", OFFICE_ADDRESS, "Buletin UMKM", "Lima langkah.\n", **MASS))
    note = post.imap.deliver(compose(BUDI, OFFICE_ADDRESS, "Sedang cuti: apa saja", "Saya cuti.\n"))
    mail = compose(SITI, OFFICE_ADDRESS, "Lampu padam lewat milis", "Lampu di Gang Melati padam.\n",
                   [("tiang.txt", "text/plain", b"Tiang ketiga dari utara.")], name="Siti Aminah", **MASS)
    ours = post.imap.deliver(mail)
    assert [post.outcome(uid)[0] for uid in (paper, note, ours)] == ["dikarantina", "diabaikan", "dikarantina"]
    assert not post.sink.letters
    petugas.get("/meja").must("2 surat perlu dilihat")
    said = post.office.run("status")
    assert said.returncode == 1 and "2 dikarantina dan belum dilihat" in said.stdout
    page = petugas.get("/surat").must("Buletin UMKM", "Lima langkah.", "Sedang cuti", "Balasan otomatis", "Lampu padam lewat milis")
    assert "siti@warga.example" not in page.text  # a glance shows no address
    kept = {external: row for row, external in post.office.book_query("SELECT id, external FROM arrival")}
    raw = petugas.get(f"/surat/{kept[f'7/{ours}']}")
    assert raw.headers["content-disposition"].startswith("attachment") and b"Gang Melati padam" in raw.body
    page.form(action=f"/surat/{kept[f'7/{paper}']}/dilihat").submit().must("1 perlu dilihat")
    form = page.form(action=f"/surat/{kept[f'7/{ours}']}/aduan")
    opened = form.submit().must("Lampu di Gang Melati padam.", "Siti Aminah", "tiang.txt", "Surat sudah dicatat sebagai aduan")
    assert petugas.get(opened.link("/lampiran/")).body == b"Tiang ketiga dari utara."
    receipt = post.sink.wait(lambda seen: seen.message["In-Reply-To"] == mail["Message-ID"], what="tanda terima")
    assert receipt.recipient == SITI
    number = number_in(text_of(receipt.message))
    opened.must(number)
    assert number in form.submit().text  # a double click shows the same one
    assert post.office.book_query("SELECT count(*) FROM complaint") == [(1,)]
    assert post.office.book_query("SELECT actor FROM event WHERE kind = 'masuk'") == [(f"petugas:{OFFICERS['petugas'][0]}",)]
    assert post.outcome(ours)[0] == "dibuka"
    uid = post.imap.deliver(compose(SITI, OFFICE_ADDRESS, "Re: Lampu", "Masih padam.\n", in_reply_to=receipt.message))
    assert post.outcome(uid)[0] == "ditambahkan"
    assert post.office.run("status").returncode == 0
    assert "perlu dilihat" not in petugas.get("/meja").must().text
    assert post.desk.session("seksi").get("/surat").status == 403


# ---- texts

def test_admin_edits_a_text_with_preview_and_takes_it_back(own_post):
    post = own_post()
    post.office.add_user("atur", "admin", "sandi-admin-kedopok")
    admin = post.office.session("atur", "sandi-admin-kedopok")
    admin.get("/pengaturan").must("Teks surat")
    admin.get("/pengaturan/balasan").must("Teks surat", "Tanda terima", "Permintaan kelengkapan", "Penutup")
    address = "/pengaturan/balasan/tanda_terima"
    form = admin.get(address).must("Siti Aminah", "014/PGD/XI/2026").form(action=address)
    refused = form.fill(teks="Halo {nama}, {nomor} {kode}").submit(button="Simpan")
    assert refused.status == 422 and "{nama} tidak dikenal" in refused.text
    assert refused.form(action=address).fields  # what was typed is still there
    form = admin.get(address).form(action=address)
    shown = form.fill(teks="Sampun ditampi {nomor}, kode {kode}.").submit(button="Pratinjau")
    shown.must("Sampun ditampi 014/PGD/XI/2026, kode 7KQM-X2R9-4T.")
    _, receipt, _ = post.complain("Sebelum disimpan")
    assert "Terima kasih" in text_of(receipt.message)
    shown.form(action=address).submit(button="Simpan").must("Sudah disimpan", "Diubah kantor")
    _, receipt, number = post.complain("Sesudah disimpan")
    assert text_of(receipt.message).startswith(f"Sampun ditampi {number}")
    stale = form.fill(teks="Lain {nomor} {kode}").submit(button="Simpan")
    assert stale.status == 409 and "diubah orang lain" in stale.text
    admin.get(address).form(action=address).submit(button="Kembalikan").must("Terima kasih")
    assert [kind for kind, in post.office.book_query("SELECT kind FROM event WHERE kind = 'teks_surat'")] == ["teks_surat"] * 2
    assert post.desk.session("petugas").get("/pengaturan").status == 403
