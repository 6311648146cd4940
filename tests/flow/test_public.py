"""The citizen's pages without script: the form, its errors, the receipt, tracking; and what strangers may not do."""
import hashlib
import itertools
import re
import urllib.parse

import pytest

from clamd import Clamd
from daemon import Daemon
from desk import Desk, code_in, number_in
from mail import text_of

COMPLAINT = "Jalan Anggrek berlubang <b>besar</b> di depan SD & \"belum\" diperbaiki."


def sent(office, **fields):
    """The receipt of a complaint."""
    form = office.session().get("/aduan").must().form("/aduan")
    return form.fill(**{"isi": COMPLAINT, "nama": "Sri Wahyuningsih", **fields}).submit().must()


def test_form_receipt_and_tracking_tell_the_same_number(office):
    receipt = sent(office, kelurahan="Jrebeng Lor", alamat="Jalan Anggrek 14").must("Terima kasih", "paling lambat", COMPLAINT)
    number, code = number_in(receipt.text), code_in(receipt.text)
    assert number and code and "Sri" not in receipt.text
    form = office.session().get("/lacak").must().form("/lacak")
    page = form.fill(kode=code.lower().replace("-", " ")).submit().must(number, "Aduan diterima", COMPLAINT)
    assert "Sri" not in page.text and "<b>besar" not in page.body.decode().replace("&lt;b&gt;", "")


def test_nothing_typed_is_lost_when_something_is_wrong(office):
    form = office.session().get("/aduan").form("/aduan").fill(
        isi="pendek", surel="sri@", pekerjaan="Perawat <i>", sifat="rahasia", jawab="surel", layanan="izin_keramaian")
    page = form.submit()
    assert page.status == 422 and page.title.startswith("Salah: ")
    for words in ("Tiga isian perlu diperbaiki", "sedikitnya satu kalimat", "Tulis nama Anda", "e-mail belum lengkap"):
        assert words in page.text
    form = page.form("/aduan")
    assert [form.field(name).value for name in ("isi", "surel", "pekerjaan", "sifat", "jawab", "layanan")] == [
        "pendek", "sri@", "Perawat <i>", "rahasia", "surel", "izin_keramaian"]


def test_pressing_twice_makes_one_complaint(office):
    form = office.session().get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri Wahyuningsih")
    first, second = form.submit().must(), form.submit().must()
    assert number_in(first.text) == number_in(second.text)
    assert code_in(first.text) == code_in(second.text)


def test_files_come_along_and_their_word_for_themselves_counts_for_nothing(office, desk):
    form = office.session().get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri Wahyuningsih")
    form.attach("berkas", "../../foto.png", "text/html", b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    receipt = form.submit().must("1 berkas")
    page = desk.complaint("petugas", number_in(receipt.text)).must("foto.png")
    assert ".." not in page.link("lampiran")


def test_without_a_name_nothing_of_the_person_is_kept(office):
    receipt = sent(office, sifat="anonim", nama="Bocor Namanya", surel="bocor@contoh.example").must("di halaman lacak")
    number = number_in(receipt.text)
    kept = office.book_query("SELECT citizen_id, reply_to FROM complaint WHERE number = ?", number)
    assert kept == [(None, None)]
    raw = office.book_query("SELECT b.data FROM blob b JOIN message m ON m.raw_sha256 = b.sha256 "
                            "JOIN complaint c ON c.id = m.complaint_id WHERE c.number = ?", number)[0][0]
    assert b"ocor" not in bytes(raw)


def test_the_citizen_adds_a_word_by_his_code(office, desk):
    receipt = sent(office)
    page = office.session().get("/lacak?kode=" + code_in(receipt.text)).must()
    form = page.form("/lacak", button="keterangan").fill(jawaban="Persis di depan gerbang.")
    form.submit().must("dicatat pada aduan ini")
    form.submit().must()
    page = desk.complaint("petugas", number_in(receipt.text)).must("Persis di depan gerbang.")
    assert page.text.count("Persis di depan gerbang.") == 1
    assert form.fill(jawaban=" ").submit().status == 422


def test_a_question_is_answered_and_an_answer_questioned_on_the_tracking_page(office, desk):
    receipt = sent(office)
    number, path = number_in(receipt.text), "/lacak?kode=" + code_in(receipt.text)
    desk.act("petugas", number, "tanya", isi="Sebelah mana dari gerbang?")
    page = office.session().get(path).must("Menunggu jawaban Anda", "Sebelah mana dari gerbang?", "Jeda")
    page.form("/lacak", button="Kirim jawaban").fill(jawaban="Sebelah kiri.").submit().must("Keterangan Anda sudah diterima")
    desk.verify(number)
    desk.forward(number)
    desk.act("sekcam", number, "setujui")
    desk.act("petugas", number, "jawab", isi="Sudah ditambal hari ini.")
    page = office.session().get(path).must("Dijawab", "Tepat waktu", "Sudah ditambal hari ini.")
    assert "Berikutnya" not in page.text and "Sebelah mana" not in page.text
    rate = page.must("Bagaimana penanganan aduan Anda?").form("/lacak", button="Kirim penilaian")
    rate.fill(nilai="2", pesan="Lama sekali.").submit().must("penilaian Anda sudah dicatat", "Penilaian Anda: Kurang puas")
    page = rate.submit().must("Kurang puas")
    assert office.book_query("SELECT value, comment, r.channel FROM rating r JOIN complaint c ON c.id = r.complaint_id "
                             "WHERE number = ?", number) == [(2, "Lama sekali.", "situs")]
    assert office.book_query("SELECT count(*) FROM event e JOIN complaint c ON c.id = e.complaint_id "
                             "WHERE number = ? AND e.kind = 'nilai'", number) == [(1,)]  # pressed twice
    rate.field("nilai").value = "5"
    assert rate.submit().status == 422
    page = page.form("/lacak", button="buka kembali").fill(jawaban="Sudah berlubang lagi.").submit().must("Dibuka kembali")
    assert "Kirim penilaian" not in page.text
    assert rate.fill(nilai="4").submit().must("Dibuka kembali") and "Sangat puas" not in page.text


def test_the_citizen_takes_his_complaint_back_until_a_section_has_it(office, desk):
    receipt = sent(office)
    number, path = number_in(receipt.text), "/lacak?kode=" + code_in(receipt.text)
    form = office.session().get(path).must().form("/lacak", button="Tarik kembali")
    form.fill(alasan="Sudah diperbaiki <b>tetangga").submit().must("sudah ditarik kembali", "Anda menarik kembali aduan ini")
    page = form.submit().must("Anda menarik kembali aduan ini")
    assert "Tarik kembali aduan" not in page.text
    desk.complaint("petugas", number).must("Sudah diperbaiki <b>tetangga", "Diarsipkan")
    receipt = sent(office)
    desk.verify(number_in(receipt.text))
    desk.forward(number_in(receipt.text))
    desk.dispose(number_in(receipt.text), "Tindak lanjuti.")
    page = office.session().get("/lacak?kode=" + code_in(receipt.text)).must()
    assert "Tarik kembali" not in page.text


def test_a_lost_code_goes_to_the_known_address_and_to_no_other(office, town):
    address = "siti@warga.example"
    receipt = sent(office, surel=address, jawab="surel")
    number, code = number_in(receipt.text), code_in(receipt.text)
    visitor = office.session()
    answers = []
    for typed in ("lain@warga.example", "SITI@warga.example", "0812-3456-7890"):
        form = visitor.get(visitor.get("/lacak").must().link("Kode hilang?")).form("/lacak/lupa")
        page = form.fill(nomor=number, alamat=typed).submit().must("Bila nomor aduan")
        assert code not in page.text
        answers.append(page.text)
    assert len(set(answers)) == 1  # nobody learns who has complained
    town.mailbox(address).wait(lambda mail: code in text_of(mail) and "diminta lewat halaman lacak" in text_of(mail))
    assert office.book_query("SELECT count(*) FROM outbox o JOIN complaint c ON c.id = o.complaint_id "
                             "WHERE number = ? AND purpose = 'kode'", number) == [(1,)]
    assert visitor.get("/lacak/lupa").form("/lacak/lupa").fill(nomor=number, alamat=" ").submit().status == 422
    body = f"nomor=999/PGD/XI/2026&alamat={address}".encode()
    statuses = [visitor.request("POST", "/lacak/lupa", body, {"Content-Type": "application/x-www-form-urlencoded",
                                                              "X-Forwarded-For": "203.0.113.70"}).status for _ in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize("headers", [{"Origin": "https://jahat.example"}, {"Origin": "null"},
                                     {"Origin": "https://127.0.0.1.jahat.example"}])
def test_forms_of_other_sites_are_refused(office, headers):
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    page = office.session().request("POST", "/aduan", b"isi=x", {**form_type, **headers})
    assert page.status == 403 and "tidak dikirim dari halaman kami" in page.text


def test_officers_forms_need_their_token(office, desk):
    session = desk.session("petugas")
    form = session.get("/sandi").must().form("/sandi")
    form.field("csrf").value = "0" * 64
    assert form.fill(lama="x", baru="sepuluh-huruf", ulang="sepuluh-huruf").submit().status == 403
    form.field("csrf").value = ""
    assert form.submit().status == 403


def test_nobody_is_let_in_without_logging_in(office):
    page = office.session().get("/meja")
    assert page.path == "/masuk?ke=/meja"
    assert office.session().request("POST", "/sandi", b"", {"Content-Type": "application/x-www-form-urlencoded"}).status == 403


def test_login_leads_only_to_our_own_pages(office):
    for elsewhere in ("https://jahat.example/", "//jahat.example/", "/\\jahat.example", "javascript:alert(1)"):
        page = office.session().request("POST", "/masuk", ("u=rina&p=petugas-kedopok&ke=" + elsewhere).encode(),
                                        {"Content-Type": "application/x-www-form-urlencoded"}, follow=False)
        assert (page.status, page.headers["location"]) == (303, "/meja")


def test_the_session_cookie_is_out_of_reach_of_scripts(office):
    page = office.session().request("POST", "/masuk", b"u=rina&p=petugas-kedopok",
                                    {"Content-Type": "application/x-www-form-urlencoded"}, follow=False)
    cookie = page.headers["set-cookie"]
    assert re.match(r"sesi=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Lax$", cookie)


def test_who_guesses_passwords_is_slowed_down_before_they_are_hashed(office):
    body, answers = b"u=tidak-ada&p=kata-sandi-salah", []
    for _ in range(11):
        page = office.session().request("POST", "/masuk", body, {"Content-Type": "application/x-www-form-urlencoded",
                                                                 "X-Forwarded-For": "203.0.113.9"})
        answers.append(page.status)
    assert answers == [403] * 10 + [429]


def test_what_is_too_large_is_refused_in_plain_words(office):
    page = office.session().request("POST", "/masuk", b"u=" + b"x" * 5000,
                                    {"Content-Type": "application/x-www-form-urlencoded"})
    assert page.status == 413 and "Kiriman terlalu besar" in page.text


def test_pages_carry_the_security_headers(office):
    for path in ("/", "/aduan", "/lacak", "/masuk", "/tidak-ada"):
        headers = office.session().get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert office.session().get("/lacak?kode=" + code_in(sent(office).text)).headers["cache-control"] == "no-store"


def test_static_files_may_be_kept_for_ever_under_their_hash(office):
    path = re.search(rb'href="(/statis/[0-9a-f]{16}/pengaduan.css)"', office.session().get("/").body).group(1).decode()
    page = office.session().get(path)
    assert page.status == 200 and "immutable" in page.headers["cache-control"]
    assert page.headers["content-type"].startswith("text/css")
    assert office.session().get("/statis/0000000000000000/pengaduan.css").headers["cache-control"] == "no-cache"
    assert office.session().get("/statis/0000000000000000/../views/login.html").status in (400, 404)


def test_the_daemon_says_that_it_lives_and_is_ready(office):
    assert office.session().get("/healthz").body == b"hidup\n"
    assert office.session().get("/readyz").status == 200


def test_who_guesses_codes_is_slowed_down(office):
    code = code_in(sent(office).text)
    visitor = office.session()
    answers = [visitor.request("GET", f"/lacak?kode=7KQM-X2R9-{n:02}", headers={"X-Forwarded-For": "203.0.113.7"})
               for n in range(12)]
    assert [page.status for page in answers] == [404] * 10 + [429] * 2
    assert "retry-after" in answers[-1].headers
    assert visitor.request("GET", "/lacak?kode=" + code, headers={"X-Forwarded-For": "203.0.113.8"}).status == 200


ADMIN = ("adi", "admin-kedopok-1")


def test_the_office_writes_its_front_page_and_its_villages(office):
    home = office.session().get("/").must("Senin–Jumat", "07.30–15.30", "Sabtu, Minggu", "tutup", "Jalan Mastrip 100", "SP4N-LAPOR!")
    assert "Buka sampai 15.30" in home.text or "Tutup, buka" in home.text
    office.add_user(ADMIN[0], "admin", ADMIN[1])
    admin = office.session(*ADMIN)
    form = admin.get(admin.get("/pengaturan").must().link("Beranda")).must().form("/pengaturan/beranda")
    wrong = form.fill(whatsapp="12", wbs_tautan="http://tanpa-s.example", wilayah="Jrebeng Lor\n\n  Kedopok  ").submit()
    assert wrong.status == 422 and "belum benar" in wrong.text and "harus dimulai dengan https://" in wrong.text
    form = wrong.form("/pengaturan/beranda")
    form.fill(whatsapp="0812-3456-7890", wbs_tautan="https://wbs.kota.example/", saluran="Kotak saran di ruang tunggu",
              pengumuman="Loket pindah ke <b>aula</b>.").submit().must("Sudah disimpan")
    home = office.session().get("/").must("0812-3456-7890", "Kotak saran di ruang tunggu", "Loket pindah ke <b>aula</b>.")
    assert home.link("0812-3456-7890") == "https://wa.me/6281234567890" and home.link("e-WBS") == "https://wbs.kota.example/"
    field = office.session().get("/aduan").form("/aduan").field("kelurahan")
    assert [value for value, _ in field.options] == ["", "Jrebeng Lor", "Kedopok"]
    page = office.session().get("/aduan").form("/aduan").fill(kelurahan="Kedopok", isi="x").submit()
    assert page.status == 422 and page.form("/aduan").field("kelurahan").value == "Kedopok"
    form = admin.get("/pengaturan/beranda").form("/pengaturan/beranda")
    form.fill(wilayah="", pengumuman="").submit().must("Sudah disimpan")
    assert office.session().get("/aduan").form("/aduan").field("kelurahan").kind == "text"


def waiting_row(desk, words):
    """The form at /surat that holds those words: (page, form to open it)."""
    page = desk.session("petugas").get("/surat").must(words)
    number = page.link("/surat/").split("/")[2]  # the newest stands first
    return page, page.form(f"/surat/{number}/aduan")


def test_what_looks_like_a_machines_is_looked_at_first_and_nothing_of_it_is_lost(office, desk):
    words = "Lihat https://a.example dan https://b.example"
    form = office.session().get("/aduan").form("/aduan").fill(
        isi=words, nama="Sri Wahyuningsih", pekerjaan="Perawat", situs_web="https://jual.example", tempat="Jalan Anggrek",
        kelurahan="Kedopok", jenis="saran", layanan="izin_keramaian", titik="-7.756,113.2115")
    page = form.submit().must("kiriman Anda sudah kami terima")
    assert page.path == form.submit().must().path and not number_in(page.text) and not code_in(page.text)
    listed, form = waiting_row(desk, words)
    listed.must("isian jebakan terisi", "perlu dilihat")
    case = form.submit().must(words, "Perawat", "Jalan Anggrek, Kedopok, -7.756000,113.211500", "Izin Keramaian")
    receipt = office.session().get(page.path).must("Tanda terima pengaduan")
    assert number_in(receipt.text) == number_in(case.text) and code_in(receipt.text)
    kept = office.book_query("SELECT kind, channel FROM complaint WHERE number = ?", number_in(receipt.text))
    assert kept == [("aspirasi", "situs")]
    assert office.session().get("/aduan/diperiksa?k=" + "0" * 32).status == 404


def test_without_a_name_the_form_that_waits_names_nobody_either(office, desk):
    office.session().get("/aduan").form("/aduan").fill(
        isi="Tanpa nama, di jebakan.", nama="Bocor Namanya", sifat="anonim", situs_web="x").submit().must("sudah kami terima")
    listed, form = waiting_row(desk, "Tanpa nama, di jebakan.")
    assert "Bocor" not in listed.text and "Bocor" not in form.submit().must("Tanpa nama, di jebakan.").text


def test_a_secret_form_is_never_set_aside_where_more_officers_look(office, desk):
    office.session().get("/aduan").form("/aduan").fill(
        isi="Rahasia di jebakan.", nama="Sri", sifat="rahasia", situs_web="x").submit().must("Terima kasih", "Tanda terima")
    assert "Rahasia di jebakan" not in desk.session("kasi").get("/surat").must().text


def work_for(form):
    """What formulir.js computes when it is asked to."""
    ticket = form.field("karcis").value
    return next(str(n) for n in itertools.count()
                if int.from_bytes(hashlib.sha256(f"{ticket}:{n}".encode()).digest()[:2], "big") >> 2 == 0)


def test_a_storm_of_forms_is_asked_for_work_and_a_citizen_beside_it_is_not(office):
    def send(form, address):
        body = urllib.parse.urlencode([(field.name, field.value) for field in form.fields if field.sent]).encode()
        return visitor.request("POST", "/aduan", body, {"Content-Type": "application/x-www-form-urlencoded",
                                                        "X-Forwarded-For": address})

    visitor = office.session()
    for _ in range(8):
        send(visitor.get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri"), "203.0.113.90").must("Terima kasih")
    page = send(visitor.get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri <i>"), "203.0.113.90")
    assert page.status == 422 and "Tunggu setengah menit" in page.text
    form = page.form("/aduan")
    assert form.field("isi").value == COMPLAINT and form.field("nama").value == "Sri <i>"
    page = send(form, "203.0.113.90")  # neither waited nor worked
    assert page.status == 422
    form = page.form("/aduan").fill(bukti=work_for(page.form("/aduan")))
    receipt = send(form, "203.0.113.90").must("Terima kasih")
    assert number_in(send(form, "203.0.113.90").must().text) == number_in(receipt.text)  # one proof, one complaint
    send(visitor.get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Budi"), "203.0.114.7").must("Terima kasih")


def test_uploads_go_through_clamd_and_only_what_it_finds_is_refused(tmp_path):
    big = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 12000  # three chunks
    office = Daemon(tmp_path)

    def upload(*contents):
        form = office.session().get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri")
        for i, content in enumerate(contents):
            form.attach("berkas", f"foto-{i}.png", "image/png", content)
        return form.submit()

    try:
        with Clamd() as clamd:
            office.sections["server"]["clamd"] = clamd.address
            office.init()
            office.start()
            upload(b"bersih", big).must("2 berkas")
            assert clamd.seen[:2] == [b"bersih", big]
            page = upload(b"bersih", b"X5O EICAR")
            assert page.status == 422 and "foto-1.png" in page.text and "Eicar-Signature" in page.text
            assert office.book_query("SELECT count(*) FROM complaint") == [(1,)]  # nothing of it was kept
            upload(b"GALAT").must("1 berkas")
            upload(b"PUTUS").must("1 berkas")
            office.wait_log("web.not_scanned.*allocate")
        number = number_in(upload(b"EICAR, clamd mati").must("1 berkas").text)  # a complaint is worth more than the doubt
        office.wait_log("web.not_scanned.*refused")
        office.stop()
        with Clamd() as clamd:
            clamd.heals = True
            office.sections["server"]["clamd"] = clamd.address
            office.write_configuration()
            office.start()
            office.wait_log("scan.virus.*Eicar-Signature")
            page = Desk(office).hire().complaint("petugas", number)
            page.must("Disisihkan: mengandung virus (Eicar-Signature)", "Berkas bervirus disisihkan")
        office.stop()
    finally:
        office.kill()
