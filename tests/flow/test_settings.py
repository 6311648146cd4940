"""/pengaturan as the admin uses it: accounts, sections, services, the office head. Nothing typed is lost, nothing in use is
deleted, every change is in the history."""
import json
import re

import pytest

import totp
from broker import Subscriber
from crowd import at_counter, picture
from daemon import Daemon
from desk import OFFICERS, SECTION_KEY, SECTION_NAME, Desk
from process import await_that
from servers import Town
from session import Session

ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
OFFICE_PAGE, PEOPLE = "/pengaturan/kantor", "/pengaturan/petugas"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    office = Daemon(tmp_path_factory.mktemp("kantor"))
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


def told(desk, kind):
    """The newest event of that kind: (actor, data)."""
    actor, data = desk.daemon.book_query("SELECT actor, data FROM event WHERE kind = ? ORDER BY id DESC LIMIT 1", kind)[0]
    return actor, json.loads(data)


def one_time(page):
    return re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", page.must().text).group()


def account(desk, name):
    """That officer's page."""
    return desk.admin.get(desk.admin.get(PEOPLE).must().link(name)).must()


def hire(desk, login, name, role, section=None):
    form = desk.admin.get(f"{PEOPLE}/baru").must().form(f"{PEOPLE}/baru")
    form.fill(nama=name, peran=role, u=login, **({"seksi": section} if section else {}))
    return form.submit()


def log_in(desk, login, password):
    visitor = Session(desk.daemon.base)
    return visitor, visitor.get("/masuk").form("/masuk").fill(u=login, p=password).submit()


# ---- officers


def test_a_new_officer_logs_in_with_the_password_shown_once_and_must_change_it(desk):
    page = hire(desk, "budi.s", "Budi Setiawan", "Seksi", SECTION_NAME)
    start = one_time(page)
    assert told(desk, "petugas_ditambah") == ("admin:adi", {"login": "budi.s", "peran": "seksi", "seksi": SECTION_KEY})
    desk.admin.get(PEOPLE).must("Budi Setiawan", "Belum mengganti kata sandi")
    assert start not in account(desk, "Budi Setiawan").text
    visitor, page = log_in(desk, "budi.s", start)
    assert page.path == "/sandi"
    page.form("/sandi").fill(lama=start, baru="kata sandi budi sendiri", ulang="kata sandi budi sendiri").submit().must("Meja")
    assert visitor.get("/buku").status == 200


def test_what_is_wrong_with_an_account_is_said_and_nothing_typed_is_lost(desk):
    form = desk.admin.get(f"{PEOPLE}/baru").form(f"{PEOPLE}/baru")
    refused = form.fill(nama="Tanpa Seksi", peran="seksi", surel="bukan alamat", u="Rina Wulandari").submit()
    assert refused.status == 422 and refused.title.startswith("Salah:")
    for words in ("Dua isian perlu diperbaiki", "Pilih seksinya.", "Alamat e-mail belum lengkap"):
        assert words in refused.text
    again = refused.form(f"{PEOPLE}/baru")
    assert [again.field(name).value for name in ("nama", "peran", "surel", "u")] == [
        "Tanpa Seksi", "seksi", "bukan alamat", "Rina Wulandari"]
    refused = again.fill(peran="petugas", surel="").submit()
    assert refused.status == 422 and "huruf kecil" in refused.text
    refused = refused.form(f"{PEOPLE}/baru").fill(u=OFFICERS["petugas"][0]).submit()
    assert refused.status == 422 and "sudah dipakai" in refused.text
    assert desk.admin.get(f"{PEOPLE}/4711").status == 404


def test_role_section_and_address_change_and_take_effect_at_once(desk):
    start = one_time(hire(desk, "wati", "Wati Ningsih", "Petugas pengaduan"))
    visitor, page = log_in(desk, "wati", start)
    page.form("/sandi").fill(lama=start, baru="kata sandi wati sendiri", ulang="kata sandi wati sendiri").submit()
    assert visitor.get("/loket").status == 200
    form = account(desk, "Wati Ningsih").form(button="Simpan")
    form.fill(nama="Wati N. Rahayu", peran="seksi", seksi=SECTION_NAME, surel="wati@kedopok.example").submit().must("Sudah disimpan", "Wati N. Rahayu", "wati@kedopok.example")
    assert visitor.get("/loket").status == 403
    assert told(desk, "petugas_diubah")[1] == {"login": "wati", "peran": "seksi", "seksi": SECTION_KEY}


def test_a_locked_account_is_out_at_once_and_comes_back(desk):
    start = one_time(hire(desk, "tono", "Tono Raharjo", "Kepala Seksi Pelayanan"))
    visitor, _ = log_in(desk, "tono", start)
    account(desk, "Tono Raharjo").form("/tutup").submit().must("Ditutup")
    assert visitor.get("/sandi").path.startswith("/masuk")
    assert log_in(desk, "tono", start)[1].status == 403
    assert told(desk, "petugas_ditutup") == ("admin:adi", {"login": "tono"})
    account(desk, "Tono Raharjo").form("/buka").submit()
    assert log_in(desk, "tono", start)[1].path == "/sandi"
    fresh = one_time(account(desk, "Tono Raharjo").form("/sandi").submit())
    assert fresh != start and log_in(desk, "tono", start)[1].status == 403
    assert log_in(desk, "tono", fresh)[1].path == "/sandi"


def test_wrong_passwords_lock_for_a_while_and_the_admin_opens_it(desk):
    start = one_time(hire(desk, "sri", "Sri Mulyani", "Petugas pengaduan"))
    for _ in range(5):
        assert log_in(desk, "sri", "tebakan yang keliru")[1].status == 403
    desk.admin.get(PEOPLE).must("Terkunci sementara")
    account(desk, "Sri Mulyani").form("/buka").submit()
    assert log_in(desk, "sri", start)[1].path == "/sandi"


def test_the_last_admin_stays_and_nobody_shuts_himself_out(desk):
    own = account(desk, ADMIN[1])
    assert not own.has_form("/tutup") and not own.has_form("/sandi")
    token = own.form(button="Simpan").field("csrf").value
    for word in ("tutup", "sandi"):
        page = desk.admin.request("POST", f"{own.path}/{word}", f"csrf={token}".encode(),
                                  {"Content-Type": "application/x-www-form-urlencoded"})
        assert page.status == 422 and "akun Anda sendiri" in page.text
    desk.admin.get(f"{PEOPLE}/1").form("/tutup").submit()  # the one that `init` made
    refused = own.form(button="Simpan").fill(peran="petugas").submit()
    assert refused.status == 422 and "admin terakhir" in refused.text
    desk.admin.get(f"{PEOPLE}/1").form("/buka").submit()


# ---- the second step, and sessions


def test_the_second_step_is_asked_behind_the_password_and_a_recovery_code_opens_once(desk):
    login, _, password = OFFICERS["camat"]
    first = desk.daemon.session(login, password)
    secret, codes = totp.enrol(first)
    assert len(codes) == 8 and codes[0] not in str(desk.daemon.book_query("SELECT hex(hash) FROM recovery_code"))
    visitor, page = log_in(desk, login, password)
    assert page.path.startswith("/masuk/kode") and login in page.text
    assert visitor.get("/meja").path.startswith("/masuk")  # the password alone opens nothing
    page = visitor.get("/masuk/kode").form("/masuk/kode").fill(k=totp.code(secret)).submit()
    assert page.status == 403 and "Sisa 4 kali" in page.text  # its step was taken when it was put on
    page = page.form("/masuk/kode").fill(k=totp.code(secret, 1)).submit()
    assert page.path == "/meja" and visitor.get("/buku").status == 200
    visitor, page = log_in(desk, login, password)
    page = visitor.get(page.link("kode cadangan")).form("/masuk/kode").fill(k=codes[3].upper()).submit()
    assert page.path == "/meja"
    visitor, page = log_in(desk, login, password)
    assert page.form("/masuk/kode").fill(k=codes[3]).submit().status == 403
    assert told(desk, "kode_cadangan_dipakai")[0] == f"camat:{login}"
    form = desk.admin.get(desk.admin.get(PEOPLE).link("Agus Wibowo")).form("/dua-langkah")
    form.submit().must("Sudah disimpan")
    assert log_in(desk, login, password)[1].path == "/meja"


def test_where_the_house_wants_a_second_step_nothing_opens_without_it(desk):
    start = one_time(hire(desk, "adm2", "Admin Kedua", "Admin"))
    visitor, page = log_in(desk, "adm2", start)
    page.form("/sandi").fill(lama=start, baru="kata sandi admin kedua", ulang="kata sandi admin kedua").submit()
    desk.admin.get(PEOPLE).form(PEOPLE).fill(dua_langkah="admin").submit()
    try:
        assert visitor.get("/pengaturan").path == "/sesi/dua-langkah"
        assert desk.session("petugas").get("/meja").path == "/meja"
        totp.enrol(visitor)
        visitor.get("/pengaturan").must("Petugas")
        visitor.get(PEOPLE).form(PEOPLE).fill(dua_langkah="").submit()
    finally:
        assert desk.admin.get("/pengaturan").path == "/pengaturan"


def test_other_sessions_are_seen_and_ended_and_a_new_password_ends_them_all(desk):
    login, _, password = OFFICERS["kasi"]
    here, there, third = (desk.daemon.session(login, password) for _ in range(3))
    page = here.get("/sesi").must("Sesi ini", "Dari 127.0.0.1")
    page.form(button="Akhiri").submit().must("Sesi itu sudah diakhiri")
    assert here.get("/meja").path == "/meja"
    assert [other.get("/meja").path == "/meja" for other in (there, third)].count(False) == 1
    desk.daemon.session(login, password)
    here.get("/sesi").form(button="Akhiri semua").submit()
    assert [other.get("/meja").path == "/meja" for other in (there, third)] == [False, False]
    there = desk.daemon.session(login, password)
    form = here.get("/sandi").form("/sandi")
    form.fill(lama=password, baru="kata sandi kasi baru", ulang="kata sandi kasi baru").submit().must("Meja")
    assert here.get("/meja").path == "/meja" and there.get("/meja").path.startswith("/masuk")


# ---- sections and services


def test_a_section_is_added_renamed_and_switched_off_when_nothing_needs_it(desk):
    page = desk.admin.get("/pengaturan/seksi/baru").form("/baru").fill(nama="Seksi Lingkungan Hidup").submit()
    page.must("Sudah disimpan", "Seksi Lingkungan Hidup")
    assert told(desk, "seksi_diatur")[1]["seksi"] == "seksi_lingkungan_hidup"
    again = desk.admin.get("/pengaturan/seksi/baru").form("/baru").fill(nama="seksi lingkungan hidup").submit()
    assert again.status == 422 and "sudah ada" in again.text and again.form("/baru").field("nama").value == "seksi lingkungan hidup"
    form = desk.admin.get(page.link("Lingkungan")).form(button="Simpan").fill(nama="Seksi Kebersihan")
    form.submit().must("Seksi Kebersihan")
    assert told(desk, "seksi_diatur")[1]["seksi"] == "seksi_lingkungan_hidup"  # programs know it by that
    form.fill(nama="Seksi Kebersihan", aktif="tidak").submit().must("Dimatikan")
    number = at_counter(desk, "Saluran air mampet.", nama="Budi")
    desk.verify(number)
    desk.forward(number)
    offered = [name for _, name in desk.complaint("sekcam", number).form("/disposisi").field("seksi").options]
    assert SECTION_NAME in offered and "Seksi Kebersihan" not in offered
    desk.dispose(number, "Periksa")
    form = desk.admin.get(desk.admin.get("/pengaturan/seksi").link(SECTION_NAME)).form(button="Simpan")
    refused = form.fill(aktif="tidak").submit()
    assert refused.status == 422 and "1 aduan terbuka" in refused.text and "masih dipakai" in refused.text


def test_a_service_has_a_section_and_a_promise_and_leaves_the_forms_when_switched_off(desk):
    form = desk.admin.get("/pengaturan/layanan/baru").form("/baru")
    refused = form.fill(nama="Surat Pindah", janji="tiga").submit()
    assert refused.status == 422 and "Pilih seksinya." in refused.text and "angka" in refused.text
    page = refused.form("/baru").fill(seksi="Seksi Pelayanan", janji="3").submit()
    page.must("Surat Pindah", "Seksi Pelayanan, janji 3 hari kerja")
    assert "Surat Pindah" in desk.daemon.session().get("/aduan").text
    form = desk.admin.get(page.link("Surat Pindah")).form(button="Simpan")
    form.fill(aktif="tidak").submit().must("Dimatikan")
    assert "Surat Pindah" not in desk.daemon.session().get("/aduan").text
    rest = desk.admin.get(desk.admin.get("/pengaturan/layanan").link("Lainnya")).form(button="Simpan").fill(aktif="tidak").submit()
    assert rest.status == 422 and "menampung yang lain" in rest.text


# ---- the office head


def test_the_office_head_stands_on_receipts_and_a_logo_is_known_by_its_content(desk):
    form = desk.admin.get(OFFICE_PAGE).must("Kecamatan Kedopok").form(OFFICE_PAGE)
    form.fill(pemerintah="Pemerintah Kota Probolinggo", camat="Drs. Agus Wibowo, M.Si.", nip="1970 0101")
    refused = form.attach("logo", "lambang.png", "image/png", b"<svg onload=alert(1)></svg>").submit()
    assert refused.status == 422 and "18 angka" in refused.text and "bukan gambar PNG atau JPEG" in refused.text
    assert desk.daemon.session().get("/logo").status == 404
    form = refused.form(OFFICE_PAGE)
    assert form.field("camat").value == "Drs. Agus Wibowo, M.Si."
    logo = picture(7)
    form.fill(nip="19700101 199003 1 005").attach("logo", "lambang.bin", "text/plain", logo).submit().must("Sudah disimpan")
    seen = desk.daemon.session().get("/logo")
    assert (seen.body, seen.headers["content-type"]) == (logo, "image/png")
    number = at_counter(desk, "Lampu jalan mati.", nama="Siti")
    receipt = desk.session("petugas").get(desk.complaint("petugas", number).path.replace("/aduan/", "/tanda-terima/"))
    receipt.must("Pemerintah Kota Probolinggo")
    assert b'src="/logo?v=' in receipt.body
    actor, data = told(desk, "kop_diatur")
    assert (actor, data["camat"], data["logo"]) == ("admin:adi", "Drs. Agus Wibowo, M.Si.", True)
    desk.admin.get(OFFICE_PAGE).form(button="Hapus logo").submit().must("Sudah disimpan")
    assert desk.daemon.session().get("/logo").status == 404


# ---- channels and audit


@pytest.fixture(scope="module")
def town():
    """An office with every kind of channel, its servers running, and its admin's session."""
    with Town() as made:
        office = made.daemon()
        office.init()
        office.add_user(ADMIN[0], "admin", ADMIN[2], None, ADMIN[1])
        office.start()
        made.office, made.admin = office, office.session(ADMIN[0], ADMIN[2])
        yield made
        office.stop()
        office.must("verify")


CHANNELS = "/pengaturan/saluran"


def channel_form(town, channel):
    return next(form for form in town.admin.get(CHANNELS).must().forms
                if form.has("saluran") and form.field("saluran").value == channel)


def await_test(town, page):
    """What the page of a test says in the end."""
    assert "uji=" in page.path
    return await_that(lambda: (seen := town.admin.get(page.path).must()) and "sedang dikirim" not in seen.text and seen, 20, "hasil uji")


def test_each_channel_shows_its_live_state_and_is_tested_by_what_really_leaves(town):
    await_that(lambda: town.admin.get(CHANNELS).text.count("Tersambung") >= 5, 20, "semua saluran tersambung")
    town.admin.get(CHANNELS).must("Kotak surat", "E-mail keluar", "WhatsApp", "Formulir situs ini", "MQTT", "Selalu siap")
    page = channel_form(town, "email").fill(ke="siti@warga.example").submit()
    await_test(town, page).must("Uji berhasil")
    town.mailbox("siti@warga.example").wait(lambda seen: seen["Subject"] == "Surat uji")
    page = channel_form(town, "gateway:wa").fill(ke="0812-3456-7890").submit()
    await_test(town, page).must("Uji berhasil")
    assert any("pesan uji" in str(sent.body) for sent in town.gateway.sent)
    refused = channel_form(town, "gateway:wa").fill(ke="nomor kantor").submit()
    assert refused.status == 422 and "belum benar" in refused.text
    listener = Subscriber(town.broker).start()
    try:
        channel_form(town, "mqtt").submit().must("sudah diserahkan")
        listener.wait(lambda message: "saluran_diuji" in str(message))
    finally:
        listener.stop()


def test_a_channel_that_is_away_says_since_when(town):
    town.dovecot.stop()
    await_that(lambda: "sejak" in town.admin.get(CHANNELS).text, 30, "kotak surat terganggu")
    town.dovecot.start()
    await_that(lambda: "sejak" not in town.admin.get(CHANNELS).text, 60, "kotak surat pulih")


def test_the_audit_tells_who_opened_a_hidden_identity_and_who_changed_what(desk):
    number = at_counter(desk, "Ada pungutan di loket.", nama="Warga Takut", rahasia="1")
    desk.complaint("petugas", number).form("/identitas").submit().must("Warga Takut")
    page = desk.admin.get("/pengaturan/audit").must(number, "petugas:rina", "Identitas rahasia dibuka")
    assert "Warga Takut" not in page.text and "pungutan" not in page.text
    hire(desk, "arif", "Arif Budiman", "Petugas pengaduan")
    desk.admin.get("/pengaturan/audit?daftar=pengaturan").must("admin:adi", "Petugas ditambahkan", "login: arif; peran: petugas")
