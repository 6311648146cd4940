"""What a citizen may ask of his data (UU 27/2022): a copy, a correction, that they are used no further, that they are taken
out; and the last of these only by the Camat, of a case that is over, until nothing of it lies in the data folder any more."""

import pytest

import gateway as stand_in
from desk import Desk, code_in, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that
from servers import Town

SITI = "siti@warga.example"
NAME, STREET, PHONE, CHAT_PHONE = "Kusumaningrum", "Jalan Teratai 77", "0812-9876-5432", "6281355577799"
OTHER, HOUSE = "Rahmawati", "Jalan Kenanga 12"  # of those who are not forgotten
SMALL = ("ktp-kusumaningrum.txt", "text/plain", b"Kartu milik Kusumaningrum, sungguh rahasia.")
LARGE = ("rumah.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"jejak-yang-harus-hilang" * 4000)
LETTER = f"Lampu jalan padam di depan rumah saya, {STREET}.\n\nHormat saya,\n{NAME}\n{PHONE}\n"


@pytest.fixture(scope="module")
def town():
    with Town(mqtt=False) as made:
        yield made


@pytest.fixture(scope="module")
def desk(town):
    office = town.daemon()
    office.init()
    made = Desk(office).hire()
    office.add_user("adi", "admin", "admin-kedopok-1")
    office.start()
    yield made
    office.stop()
    office.must("verify")


def id_of(desk, number):
    return desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]


def complain(desk, text="Antrean di loket tidak tertib.", **fields):
    """(number, id, code) by the office's own form."""
    page = desk.complain_on_website(text, name=OTHER, address=HOUSE, **fields)
    number = number_in(page.text)
    return number, id_of(desk, number), code_in(page.text)


def ask(desk, complaint, right, words="", way="loket", role="petugas"):
    """An officer writes down what the citizen wants; the page of that request."""
    form = desk.session(role).get(f"/aduan/{complaint}").must().form(f"/aduan/{complaint}/hak")
    return form.fill(hak=right, cara=way, isi=words).submit().must("Menunggu keputusan")


def finish(desk, number):
    desk.walk(number, "Periksa", "Sudah diperiksa.", "Sudah dibenahi.")
    desk.act("petugas", number, "tutup")


# ---- a copy


def test_a_copy_is_asked_for_and_read_on_the_tracking_page(desk):
    number, complaint, code = complain(desk)
    page = desk.track(code)
    asked = page.form("/lacak", button="Ajukan").fill(hak="akses").submit().must("Permintaan Anda sudah kami catat", "Menunggu keputusan")
    assert desk.daemon.session().get(f"/lacak/salinan?kode={code}").status == 404
    again = asked.form("/lacak", button="Ajukan").fill(hak="akses").submit()
    assert again.status == 422 and "sedang kami proses" in again.text
    desk.session("petugas").get("/meja").must("permintaan atas data pribadi menunggu jawaban", "Permintaan hak atas data pribadi")
    request = desk.session("petugas").get("/hak").must(number).link("/hak/")
    request = next(address for address, _ in desk.session("petugas").get("/hak").links if address.startswith("/hak/"))
    page = desk.session("petugas").get(request).must("Minta salinan data", "Halaman lacak")
    desk.session("petugas").get(page.link("Lihat salinan data")).must(OTHER, HOUSE, "Antrean di loket")
    page.form("/penuhi").submit().must("Dipenuhi")
    copy = desk.daemon.session().get(desk.track(code).must("Dipenuhi", "/lacak dengan kode").link("Baca salinan")).must(
        OTHER, HOUSE, "Antrean di loket", "Apa yang dilakukan dengannya", "Permintaan hak atas data pribadi")
    assert "Rina" not in copy.text  # by role, not by name
    desk.session("petugas").get(f"/aduan/{complaint}").must("Permintaan data pribadi dipenuhi")


def test_a_refusal_needs_a_reason_that_fits_and_tells_it(desk):
    number, complaint, code = complain(desk)
    page = ask(desk, complaint, "akses", way="telepon")
    form = page.form("/tolak").fill(alasan="orang_lain", isi="Hubungi kami.")
    form.field("alasan").value = "masa_simpan"
    refused = form.submit()
    assert refused.status == 422 and "Pilih alasan penolakan" in refused.text
    page.form("/tolak").fill(alasan="orang_lain", isi="Hubungi kami.").submit().must("Ditolak", "pasal 33")
    desk.track(code).must("Ditolak", "pasal 33", "Hubungi kami.")
    late = page.form("/penuhi").submit()
    assert late.status == 422 and "sudah dijawab" in late.text
    assert number in desk.session("petugas").get("/hak").text


# ---- a correction


def test_a_correction_changes_who_he_is_and_leaves_a_trace_without_words(desk):
    number, complaint, _ = complain(desk)
    desk.session("petugas").get(f"/aduan/{complaint}").form("/lengkapi").fill(telepon="0813-1111-2222").submit().must()
    refused = desk.session("petugas").get(f"/aduan/{complaint}").form(f"/aduan/{complaint}/hak").fill(hak="koreksi", cara="loket").submit()
    assert refused.status == 422 and "Tulis data mana yang keliru" in refused.text
    page = ask(desk, complaint, "koreksi", f"Nama saya {OTHER} Dewi, nomornya lain.")
    empty = page.form("/penuhi").submit()
    assert empty.status == 422 and "Belum ada yang baru" in empty.text
    page.form("/penuhi").fill(nama=f"{OTHER} Dewi", telepon="0813-3333-4444").submit().must("Dipenuhi", "sudah diperbaiki")
    desk.session("petugas").get(f"/aduan/{complaint}").must(f"{OTHER} Dewi", "Identitas dilengkapi: nama, telepon")
    known = desk.daemon.book_query("SELECT value FROM identity WHERE scheme = 'phone'")
    assert ("+6281333334444",) in known and ("+6281311112222",) not in known
    told = desk.daemon.book_query("SELECT group_concat(data) FROM event WHERE complaint_id = ?", complaint)[0][0]
    assert OTHER not in told


# ---- no further use


def test_stopped_data_are_published_no_more(desk):
    number, complaint, code = complain(desk, "Loket ditutup sebelum waktunya.")
    finish(desk, number)
    petugas = desk.session("petugas")
    petugas.get(f"/aduan/{complaint}/publikasi").must().form("/publikasi").submit("Publikasikan").must("sudah dipublikasikan")
    desk.daemon.session().get(f"/hasil/{complaint}").must("Loket ditutup")
    page = ask(desk, complaint, "henti")
    assert not page.has_form("/penuhi")  # a head decides
    kasi = desk.session("kasi").get(page.path.split("?")[0]).must()
    kasi.form("/penuhi").submit().must("Dipenuhi")
    assert desk.daemon.session().get(f"/hasil/{complaint}").status == 404
    petugas.get(f"/aduan/{complaint}").must("Pemakaian dihentikan atas permintaan pengadu")
    again = petugas.get(f"/aduan/{complaint}/publikasi").must().form("/publikasi").submit("Publikasikan")
    assert again.status == 422 and "tidak dapat dipublikasikan" in again.text
    desk.track(code).must("tidak dipublikasikan")


# ---- to be forgotten


@pytest.fixture(scope="module")
def siti(town, desk):
    """(number, id, code): by mail, with two files, answered and closed."""
    letter = town.send(compose(SITI, OFFICE_ADDRESS, f"Lampu padam, {NAME}", LETTER, (SMALL, LARGE)))
    receipt = town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == letter["Message-ID"])
    number = number_in(text_of(receipt))
    complaint = id_of(desk, number)
    desk.session("petugas").get(f"/aduan/{complaint}").form("/lengkapi").fill(
        nama=NAME, pekerjaan="Guru", alamat=STREET, telepon=PHONE).submit()
    return number, complaint, code_in(text_of(receipt))


def in_folder(desk, *words):
    """Which of these bytes lie anywhere in the data folder."""
    held = b"".join(path.read_bytes() for path in desk.daemon.data.rglob("*") if path.is_file()).lower()
    return [word for word in words if word.encode().lower() in held]


def where(desk, *words):
    """The rows and files that still hold them, for whoever has to mend it."""
    ask, found = desk.daemon.book_query, []
    for table, in ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"):
        found += [f"{table}: {row}"[:600] for row in ask(f"SELECT * FROM {table}")
                  if any(word.lower().encode() in (cell if isinstance(cell, bytes) else str(cell).encode()).lower()
                         for word in words for cell in row)]
    return found + [path.name for path in desk.daemon.data.rglob("*") if path.is_file()
                    and any(word.lower().encode() in path.read_bytes().lower() for word in words)]


def test_an_open_case_is_never_forgotten(desk, siti):
    number, complaint, _ = siti
    page = ask(desk, complaint, "hapus")
    refused = page.form("/penuhi").submit()
    assert refused.status == 422 and "Data aduan yang terbuka tidak pernah dihapus" in refused.text
    desk.session("kasi").get(page.path.split("?")[0]).form("/tolak").fill(alasan="masih_terbuka").submit().must("Ditolak")


def test_only_the_camat_lets_be_forgotten_and_then_nothing_of_him_is_left(town, desk, siti):
    number, complaint, code = siti
    body = stand_in.gowa_text(CHAT_PHONE, f"Saya {NAME}, got di depan pasar mampet", NAME)
    assert town.gateway.deliver_gowa(desk.daemon.hook_url(), body, desk.daemon.secrets["GOWA_SECRET"]) == [200]
    chat = await_that(lambda: desk.daemon.book_query("SELECT number, id FROM complaint WHERE channel GLOB 'gateway:*'"), 30, "obrolan")[0]
    other, other_id, _ = complain(desk, "Pagar balai roboh.")
    for one in (number, chat[0]):
        finish(desk, one)
    assert in_folder(desk, NAME, STREET, "jejak-yang-harus-hilang", CHAT_PHONE) == [NAME, STREET, "jejak-yang-harus-hilang", CHAT_PHONE]
    for one in (complaint, chat[1]):
        page = ask(desk, one, "hapus", f"Hapus data {NAME}.")
        page.form("/penuhi").submit().must("Dilaporkan kepada Camat")
    camat = desk.session("camat")
    camat.get("/meja").must("2 usulan penghapusan data pribadi menunggu keputusan Anda")
    lists = [address for address, _ in camat.get("/hak").must().links if "/hak/usulan/" in address]
    assert not desk.session("kasi").get(lists[0]).must("Menunggu keputusan Camat").has_form("/hak/usulan")
    blind = camat.get(lists[0]).form(lists[0]).submit("Setujui")
    assert blind.status == 422 and "Tandai dahulu" in blind.text
    assert not desk.daemon.book_query("SELECT 1 FROM privacy WHERE forgotten_at IS NOT NULL")
    for address in lists:
        camat.get(address).form(address).fill(yakin="ya").submit("Setujui").must("Disetujui")
    await_that(lambda: not desk.daemon.book_query("SELECT 1 FROM forget_list WHERE merged_at IS NULL"), 60, "terhapus")
    # His last letter left before his address went.
    town.mailbox(SITI).wait(lambda seen: "Camat menyetujuinya" in text_of(seen))
    desk.session("petugas").get(f"/aduan/{complaint}").must("Dihapus", "Data pribadi dihapus", "[alamat]", "Lampu jalan padam")
    desk.track(code).must("Data pribadi Anda dihapus dari aduan ini", "Dipenuhi")
    # Somebody else's is whole.
    desk.session("petugas").get(f"/aduan/{other_id}").must(HOUSE, OTHER, "roboh")
    assert other in desk.session("petugas").get("/buku?q=roboh").text
    assert not desk.daemon.book_query("SELECT 1 FROM complaint WHERE id IN (?, ?) AND (citizen_id OR reply_to)", complaint, chat[1])
    assert desk.daemon.book_query("SELECT count(*) FROM blob WHERE emptied_at IS NOT NULL")[0][0] >= 4
    left = desk.daemon.book_query("SELECT id FROM attachment WHERE message_id / 65536 = ?", complaint)
    gone = desk.session("petugas").get(f"/lampiran/{left[0][0]}")
    assert gone.status in (404, 410) and "sudah dihapus" in gone.text
    desk.daemon.stop()
    desk.daemon.must("verify")
    held = in_folder(desk, NAME, "teratai", "jejak-yang-harus-hilang", CHAT_PHONE, "98765432", "sungguh rahasia", SITI)
    desk.daemon.start()
    assert not held, (held, where(desk, *held))


# ---- compensation


def test_a_wrong_product_is_replaced_told_in_the_answer_and_counted(desk):
    number, complaint, code = complain(desk, "Nama di Kartu Keluarga saya salah cetak.")
    page = desk.session("petugas").get(f"/aduan/{complaint}").must()
    form = page.form("/kompensasi").fill(apa="Kartu Keluarga dicetak ulang", tanggal="2026-01-05", penerima=OTHER)
    bare = form.submit()
    assert bare.status == 422 and "Unggah buktinya" in bare.text and "dicetak ulang" in bare.form("/kompensasi").field("apa").value
    ahead = bare.form("/kompensasi").fill(tanggal="2099-01-05").attach("berkas", "serah-terima.png", "image/png", LARGE[2][:8] + b"serah terima" * 50).submit()
    assert ahead.status == 422 and "hari ini atau sebelumnya" in ahead.text
    given = ahead.form("/kompensasi").fill(tanggal="2026-01-05").attach("berkas", "serah-terima.png", "image/png", LARGE[2][:8] + b"serah terima" * 50).submit()
    given.must("Kompensasi sudah dicatat", "Kartu Keluarga dicetak ulang, diantar ke rumah pada Senin, 5 Januari 2026", "serah-terima.png",
               f"disampaikan kepada {OTHER}", "Kompensasi dicatat")
    desk.walk(number, "Cetak ulang", "Sudah dicetak ulang.", "Mohon maaf, sudah kami benahi.")
    desk.track(code).must("Mohon maaf", "Kompensasi: Kartu Keluarga dicetak ulang, diantar ke rumah Anda pada Senin, 5 Januari 2026")
    assert not desk.session("petugas").get(f"/aduan/{complaint}").must("Disebut dalam jawaban").has_form("/kompensasi")
    desk.session("kasi").get("/laporan").must("Kompensasi: 1 aduan")
    told = desk.daemon.book_query("SELECT group_concat(data) FROM event WHERE complaint_id = ?", complaint)[0][0]
    assert OTHER not in told


# ---- how long


def test_the_office_says_how_long_each_kind_is_kept_and_by_what_right(desk):
    admin = desk.daemon.session("adi", "admin-kedopok-1")
    form = admin.get("/pengaturan/retensi").must("Belum ditetapkan", "UU 27/2022", "JRA").form("/pengaturan/retensi")
    bare = form.fill(tahun_pengaduan="5").submit()
    assert bare.status == 422 and "isi juga dasarnya" in bare.text
    far = bare.form("/pengaturan/retensi").fill(tahun_pengaduan="500", dasar_pengaduan="Perwali 12/2025").submit()
    assert far.status == 422 and "0 sampai 50" in far.text
    far.form("/pengaturan/retensi").fill(tahun_pengaduan="5").submit().must("Sudah disimpan", "Sumber")
    assert admin.get("/pengaturan/retensi").form("/pengaturan/retensi").field("dasar_pengaduan").value == "Perwali 12/2025"
    admin.get("/pengaturan/audit?daftar=pengaturan").must("Masa simpan diatur")
    # Nothing is that old.
    desk.session("kasi").get("/hak").form("/hak/usulan").submit().must("Tidak ada aduan yang masa simpannya lewat")
