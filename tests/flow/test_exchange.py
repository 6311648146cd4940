"""What comes and goes beside the daemon's own channels: slips of the suggestion box, letters, cases of SP4N-LAPOR!,
events to other systems."""
import hashlib
import hmac
import json
import re
import threading
import time
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crowd import at_counter, picture
from daemon import Daemon
from desk import NUMBER, Desk
from process import await_that

ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
PHOTO = ("lembar.png", "image/png", picture(2))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    office = Daemon(tmp_path_factory.mktemp("kantor"))
    office.sections["webhook"] = {"private": "yes"}
    office.init()
    made = Desk(office).hire()
    office.add_user(ADMIN[0], "admin", ADMIN[2], None, ADMIN[1])
    try:
        office.start()
        made.admin = office.session(ADMIN[0], ADMIN[2])
        yield made
        office.stop()
        office.must("verify")
    finally:
        office.kill()


# ---- kotak saran


def open_box(desk, slips, **more):
    return desk.session("petugas").get("/loket/kotak").must().form("/kotak").fill(**{"saksi": "Pak Darmo", "lembar": slips, **more}).submit()


def slip(page, photo=None, **fields):
    form = page.must("Lembar ke-").form(button="Catat, lanjut").fill(**fields)
    if photo:
        form.attach("berkas", *photo)
    return form.submit()


def complaint_of(desk, number):
    return desk.daemon.book_query(
        "SELECT c.channel, c.confidentiality, c.kind, (SELECT count(*) FROM attachment WHERE message_id = c.id * 65536 + 1)"
        " FROM complaint c WHERE number = ?", number)[0]


def test_slips_of_one_opening_become_complaints_one_after_another_and_a_record(desk):
    page = open_box(desk, 3, tempat="Ruang tunggu")
    page = slip(page.must("Lembar ke-1", "0 dari 3"), PHOTO, isi="Kursi ruang tunggu kurang.", jenis="aspirasi")
    page = slip(page.must("Lembar ke-2"), isi="Loket tutup sebelum jam istirahat.", nama="Bu Ningsih", telepon="0812 3456 7890")
    page = slip(page.must("Lembar ke-3"), PHOTO)  # its words are on the picture
    done = page.must("Semua lembar sudah dicatat").form(button="Selesai").submit()
    done.must("Berita acara", "Pak Darmo", "3 lembar", "Ruang tunggu", "Rina")
    first, second, third = NUMBER.findall(done.text)
    assert complaint_of(desk, first) == ("kotak", "anonim", "aspirasi", 1)
    assert complaint_of(desk, second) == ("kotak", "biasa", "pengaduan", 0)
    assert complaint_of(desk, third) == ("kotak", "anonim", "pengaduan", 1)
    desk.complaint("petugas", third).must("hanya ada sebagai foto", "kotak saran")
    kinds = [kind for kind, in desk.daemon.book_query("SELECT kind FROM event WHERE kind GLOB 'kotak_*' ORDER BY id DESC LIMIT 2")]
    assert kinds == ["kotak_selesai", "kotak_dibuka"]


def test_an_empty_box_is_a_record_at_once(desk):
    before = len(desk.numbers())
    page = open_box(desk, 0).must("Berita acara", "kosong", "Pak Darmo")
    assert page.path.endswith("/berita-acara") and len(desk.numbers()) == before
    desk.session("petugas").get("/loket/kotak").must("Kotak kosong")


def test_fewer_slips_than_were_counted_need_a_reason_and_a_closed_box_takes_no_more(desk):
    page = slip(open_box(desk, 2), isi="Toilet rusak.")
    refused = page.form(button="Selesai").submit()
    assert refused.status == 422 and "Tulis alasannya" in refused.text
    done = refused.form(button="Selesai").fill(kurang="Satu lembar kosong.").submit()
    done.must("Yang dicatat dalam Buku Pengaduan: 1 lembar", "Selisihnya: Satu lembar kosong.")
    late = page.form(button="Catat, lanjut").fill(isi="Datang sesudah ditutup.").submit()
    assert late.status == 422 and "sudah selesai dicatat" in late.text


def test_the_same_form_again_opens_no_second_box_and_makes_no_second_slip(desk):
    form = desk.session("petugas").get("/loket/kotak").form("/kotak").fill(saksi="Bu Sri", lembar="2")
    one = form.submit()
    assert form.submit().path == one.path
    filled = one.form(button="Catat, lanjut").fill(isi="Sepeda motor parkir di trotoar.")
    filled.submit()
    filled.submit().must("1 dari 2")


@pytest.mark.parametrize("fields, words", [
    ({"saksi": ""}, "Isi nama saksi"), ({"lembar": "banyak"}, "Isi dengan angka"), ({"lembar": "9000"}, "Paling banyak 2.000"),
    ({"tanggal": "2026-02-31"}, "Tanggal itu tidak ada"), ({"tanggal": (date.today() + timedelta(days=3)).isoformat()}, "belum tiba")])
def test_an_opening_that_cannot_be_is_refused_and_nothing_typed_is_lost(desk, fields, words):
    page = open_box(desk, 1, **fields)
    assert page.status == 422 and words in page.text
    assert page.form("/kotak").field("saksi").value == fields.get("saksi", "Pak Darmo")


def test_an_empty_slip_is_refused(desk):
    page = open_box(desk, 1)
    refused = page.form(button="Catat, lanjut").fill(nama="Karsono", telepon="12").submit()
    assert refused.status == 422 and "pilih fotonya" in refused.text and "Nomor telepon belum benar" in refused.text
    assert refused.form(button="Catat, lanjut").field("nama").value == "Karsono"
    assert desk.session("petugas").get("/loket/kotak/999999").status == 404


# ---- letters, SP4N-LAPOR! by hand


def test_a_letter_and_a_fax_keep_their_number_and_date(desk):
    for channel, number in (("surat", "12/RT03/XI/2026"), ("faks", "F-7")):
        made = at_counter(desk, "Mohon perbaikan jalan.", saluran=channel, nama="Ketua RT 03", nomor_asal=number,
                          tanggal_asal="2026-11-20", files=[("surat.png", "image/png", picture(4))])
        desk.complaint("petugas", made).must(f"nomor {number}", "20 November 2026")
        assert complaint_of(desk, made)[0] == channel
    form = desk.session("petugas").get("/loket").form("/loket").fill(isi="Jalan.", nama="RT", saluran="surat", tanggal_asal="2026-13-01")
    refused = form.submit()
    assert refused.status == 422 and "Tanggal itu tidak ada" in refused.text


def test_a_case_of_lapor_is_typed_once_and_answered_there(desk):
    fields = {"saluran": "lapor", "nama": "Wawan", "nomor_asal": "#7.654.321"}
    number = at_counter(desk, "Bantuan sosial salah sasaran.", **fields)
    desk.complaint("petugas", number).must("SP4N-LAPOR!", "nomor 7654321")
    form = desk.session("petugas").get("/loket").form("/loket").fill(isi="Bantuan sosial.", **{**fields, "nomor_asal": "7654321"})
    refused = form.submit()
    assert refused.status == 422 and number in refused.text
    wrong = refused.form("/loket").fill(nomor_asal="tujuh").submit()
    assert wrong.status == 422 and "Isi nomor laporan" in wrong.text
    desk.verify(number)
    desk.forward(number)
    desk.dispose(number, "Periksa data penerima.")
    desk.begin(number)
    desk.report(number, "Data sudah diperbaiki.")
    desk.approve(number)
    desk.act("petugas", number, "jawab", isi="Data penerima sudah diperbaiki.", cara="lapor")
    desk.complaint("petugas", number).must("Dijawab di SP4N-LAPOR!: 7654321")
    assert re.search(r'"lapor_number": ?"7654321"', desk.daemon.book_query(
        "SELECT data FROM event e JOIN complaint c ON c.id = e.complaint_id WHERE e.kind = 'jawab' AND c.number = ?", number)[0][0])


# ---- SP4N-LAPOR! by list

HEADINGS = "Tracking ID;Judul Laporan;Isi Laporan;Nama Pelapor;Tanggal Laporan;No. HP;Lokasi Kejadian\r\n"


def check_list(desk, data):
    form = desk.session("petugas").get("/loket/lapor").must().form("/lapor")
    return form.attach("berkas", "lapor.csv", "text/csv", data).submit()


def lapor_rows(desk, *numbers):
    return desk.daemon.book_query(f"SELECT o.number FROM origin o JOIN complaint c ON c.id = o.complaint_id WHERE c.channel = 'lapor'"
                                  f" AND o.number IN ({', '.join(numbers)})")


def test_a_list_of_lapor_is_shown_before_it_is_written_and_written_once(desk):
    data = (HEADINGS + '#5550001;Lampu;"Lampu mati\r\nsejak ""Senin""";Siti Aminah;20/11/2026 10:22;0812-3456-7891;Gang Melati\r\n'
            "5550002;;Jalan rusak.;Anonim;;;\r\n").encode("utf-16")
    page = check_list(desk, data).must("2 siap dicatat", "Lampu mati")
    assert page.form("/lapor").field("kolom_nama").value == "3" and page.form("/lapor").field("kolom_alamat").value == ""
    assert not lapor_rows(desk, "5550001", "5550002")
    done = page.form(button="Catat 2").submit(button="Catat 2").must("2 laporan dicatat")
    numbers = NUMBER.findall(done.text)
    desk.complaint("petugas", numbers[0]).must("nomor 5550001", "20 November 2026", "Siti Aminah", 'sejak "Senin"', "Gang Melati")
    assert complaint_of(desk, numbers[1])[:2] == ("lapor", "anonim")
    again = check_list(desk, data).must("0 siap dicatat, 2 sudah dicatat", *numbers)
    with pytest.raises(AssertionError):
        again.form(button="Catat")
    page.form(button="Catat 2").submit(button="Catat 2").must("0 laporan dicatat", "2 sudah dicatat sebelumnya")  # who pressed it twice
    assert len(lapor_rows(desk, "5550001", "5550002")) == 2


def test_lines_that_cannot_be_are_named_and_the_others_are_written(desk):
    lines = ["5550003;A;Isi.;Budi;20-11-2026;;", ";B;Isi.;;;;", "1.2E+06;C;Isi.;;;;", "5550003;D;Isi.;;;;", "5550004;;;;;;",
             "5550005;E;Isi.;Budi;kemarin;;", "5550006;F;Isi.;Budi;;123;"]
    page = check_list(desk, (HEADINGS + "\r\n".join(lines)).encode())
    page.must("1 siap dicatat, 6 salah", "Nomor laporan kosong.", "Nomor laporan tidak terbaca", "sudah ada di baris 2",
              "Isi laporan kosong.", "Tanggal tidak terbaca", "Nomor telepon tidak terbaca")
    page.form(button="Catat 1").submit(button="Catat 1").must("1 laporan dicatat", "6 baris salah tidak dicatat")
    assert lapor_rows(desk, "5550003", "5550004", "5550005", "5550006") == [("5550003",)]


def test_columns_with_strange_headings_are_chosen_by_hand(desk):
    page = check_list(desk, b"kode,cerita\n5550007,Air keruh.\n")
    assert page.status == 422 and "Pilih kolom" in page.text
    page = page.form(button="Periksa lagi").fill(kolom_nomor="kode", kolom_isi="cerita").submit(button="Periksa lagi")
    page.must("1 siap dicatat", "Air keruh").form(button="Catat 1").submit(button="Catat 1").must("1 laporan dicatat")
    assert lapor_rows(desk, "5550007")


@pytest.mark.parametrize("data, words", [(b"", "Pilih berkas"), (b"Tracking ID,Isi\n", "hanya berisi judul kolom"),
                                         (b'Tracking ID,Isi\n1,"x', "tanda kutip dibuka"), (picture(1), "bukan berkas CSV"),
                                         (b"Isi\n" + b"x\n" * 300, "paling banyak 200 baris"), (b"x" * 600_000, "paling banyak 512 KB")])
def test_what_is_no_list_is_refused_in_words(desk, data, words):
    page = check_list(desk, data)
    assert page.status == 422 and words in page.text


# ---- webhooks


class Dashboard:
    """Another system that hears of events; answers what it is told to, 204 in the end."""

    def __init__(self):
        self.heard, self.answers = [], []
        mine = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mine.heard.append((dict(self.headers), body))
                self.send_response(mine.answers.pop(0) if mine.answers else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/kabar"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def events(self, kind):
        return [json.loads(body) for _, body in list(self.heard) if json.loads(body)["kind"] == kind]

    def wait(self, kind, where=lambda event: True):
        return await_that(lambda: next((event for event in self.events(kind) if where(event)), None), 30, f"webhook {kind}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def set_webhook(desk, url, *kinds):
    form = desk.admin.get("/pengaturan/webhook").must().form("/webhook")
    return form.fill(nama="Dasbor kabupaten", alamat=url, **{f"k_{kind}": 1 for kind in kinds}).submit(button="Buat webhook")


def press(desk, word):
    """The newest webhook's button."""
    forms = [form for form in desk.admin.get("/pengaturan/webhook").must().forms if form.action.endswith(word)]
    return forms[-1].submit()


def test_chosen_events_are_sent_signed_and_without_names(desk):
    with Dashboard() as dashboard:
        secret = re.search(r"[0-9a-f]{64}", set_webhook(desk, dashboard.url, "masuk", "verifikasi").must("Hanya ditampilkan").text).group()
        number = at_counter(desk, "Lampu taman mati.", nama="Raden Wijaya Kusuma")
        desk.verify(number)
        desk.forward(number)
        event = dashboard.wait("verifikasi", lambda event: event["number"] == number)
        assert event["state"] == "diverifikasi" and event["id"] > 0
        assert dashboard.wait("masuk", lambda event: event["number"] == number)["channel"] == "loket"
        for headers, body in dashboard.heard:
            stamp = headers["X-Pengaduan-Timestamp"]
            mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            assert headers["X-Pengaduan-Signature"] == f"sha256={mac}" and abs(time.time() - int(stamp)) < 60
            assert b"Raden" not in body and headers["X-Pengaduan-Event"] == json.loads(body)["kind"]
        assert not dashboard.events("teruskan")
        assert secret not in str(desk.daemon.book_query("SELECT payload FROM outbox WHERE channel = 'webhook'"))
        press(desk, "/uji").must("Pesan uji sudah diserahkan")
        dashboard.wait("uji")
        await_that(lambda: "Uji: Dijawab 204" in desk.admin.get("/pengaturan/webhook").text, 30, "hasil uji")
        press(desk, "/hapus")


def test_what_fails_is_shown_and_waits_and_what_is_paused_is_not_sent(desk):
    with Dashboard() as dashboard:
        dashboard.answers = [500, 302, 410]
        set_webhook(desk, dashboard.url, "masuk").must("Hanya ditampilkan")
        for words in ("Dijawab 500", "Dijawab 302", "Dijawab 410"):
            at_counter(desk, "Got tersumbat.", nama="Budi")
            await_that(lambda said=words: said in desk.admin.get("/pengaturan/webhook").text, 30, words)
        desk.admin.get("/pengaturan/webhook").must("Gagal sejak")
        states = desk.daemon.book_query("SELECT state, next_at > 0 FROM outbox WHERE channel = 'webhook' AND attempts > 0 ORDER BY id DESC LIMIT 3")
        assert [state for state, _ in states] == ["gagal", "antre", "antre"]
        assert "gagal" not in desk.daemon.run("status").stdout  # nobody has to act on what the other side gave up
        press(desk, "/jeda").must("Dijeda")
        heard = len(dashboard.heard)
        number = at_counter(desk, "Got tersumbat lagi.", nama="Budi")
        assert not desk.daemon.book_query("SELECT 1 FROM outbox o JOIN complaint c ON c.id = o.complaint_id WHERE channel = 'webhook' AND c.number = ?".replace("channel = 'webhook'", "o.channel = 'webhook'"), number)
        press(desk, "/aktifkan").must("Sudah disimpan")
        number = at_counter(desk, "Got tersumbat terus.", nama="Budi")
        dashboard.wait("masuk", lambda event: event["number"] == number)
        assert len(dashboard.heard) > heard
        press(desk, "/hapus")
        assert "Dasbor kabupaten" not in desk.admin.get("/pengaturan/webhook").text


@pytest.mark.parametrize("fields, words", [
    (("ftp://dasbor.example/", "masuk"), "dimulai dengan https://"), (("https://orang@dasbor.example/", "masuk"), "nama pengguna"),
    (("https://dasbor.example/a b", "masuk"), "spasi"), (("https://dasbor.example/",), "sedikitnya satu peristiwa")])
def test_a_webhook_that_cannot_be_is_refused(desk, fields, words):
    page = set_webhook(desk, *fields)
    assert page.status == 422 and words in page.text
    assert page.form("/webhook").field("alamat").value == fields[0]
