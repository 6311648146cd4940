"""What officers do with complaints beyond one step at a time: taken back while nothing has left the house."""
import urllib.parse

import pytest

from crowd import STORIES, at_counter
from desk import NUMBER, SECTION_NAME, Desk, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that

SITI = "siti@warga.example"


@pytest.fixture(scope="module")
def desk(town):
    """An office whose officers may think again before their letters leave."""
    office = town.daemon(broker=None, gateway=None)
    office.sections["office"]["letter_seconds"] = 300
    office.init()
    made = Desk(office).hire()
    office.start()
    yield made
    office.stop()
    office.must("verify")


def complaint(desk, story=0, **fields):
    return at_counter(desk, STORIES[story], nama="Siti Rohmah", **fields)


def by_mail(desk, town, about):
    letter = town.send(compose(SITI, OFFICE_ADDRESS, f"Lampu {about}", f"Lampu jalan {about}.\n"))
    return number_in(text_of(town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == letter["Message-ID"])))


def post(desk, role, path, **fields):
    """What a form that is no longer on the page would send."""
    fields["csrf"] = desk.session(role).get("/sandi").must().form("/keluar").field("csrf").value
    return desk.session(role).request("POST", path, urllib.parse.urlencode(fields).encode(),
                                      {"Content-Type": "application/x-www-form-urlencoded"})


def tick(form, name, *values):
    """Exactly these of its boxes."""
    for field in form.fields:
        field.sent = field.value in values if field.name == name else field.sent
    return form


def row_of(desk, number, columns="state, version"):
    return desk.daemon.book_query(f"SELECT {columns} FROM complaint WHERE number = ?", number)[0]


def undo(desk, role, number):
    return desk.complaint(role, number).form("/batalkan").submit()


# ---- taken back

CHANGED = "state, section_id, instruction, due_at, answered_at, closed_at, main_id, referred_to, referred_number"
CLOCK = ("SELECT k.version, k.started_at, k.promise_at, k.law_at, k.given_at, k.paused_at, k.told, k.stage, k.stage_from, k.stage_due,"
         " k.running, k.next_at FROM clock k JOIN complaint c ON c.id = k.complaint_id WHERE c.number = ?")
STEPS = [("petugas", "verifikasi", {}), ("petugas", "teruskan", {"isi": "Mohon arahan."}),
         ("sekcam", "disposisi", {"instruksi": "Cek lapangan.", "batas": "2030-01-02"}), ("seksi", "mulai", {}),
         ("seksi", "lapor", {"isi": "Lampu diganti."}), ("sekcam", "setujui", {}),
         ("petugas", "jawab", {"isi": "Lampu sudah menyala.", "cara": "lisan", "penerima": "Bu Siti"}), ("petugas", "tutup", {}),
         ("petugas", "buka_kembali", {"isi": "Padam lagi."})]


def test_every_step_is_taken_back_as_if_it_had_not_been_and_the_history_keeps_both(desk):
    number = complaint(desk)
    for role, action, fields in STEPS:
        fields = {**fields, "seksi": SECTION_NAME} if action == "disposisi" else fields
        before = row_of(desk, number, CHANGED), desk.daemon.book_query(CLOCK, number)
        desk.act(role, number, action, **fields).must("Dapat dibatalkan sampai pukul")
        assert row_of(desk, number, CHANGED) != before[0], action
        undo(desk, role, number).must("Tindakan itu sudah dibatalkan")
        assert (row_of(desk, number, CHANGED), desk.daemon.book_query(CLOCK, number)) == before, action
        kinds = [kind for kind, in desk.daemon.book_query(
            "SELECT kind FROM event WHERE complaint_id = (SELECT id FROM complaint WHERE number = ?) ORDER BY id DESC LIMIT 2", number)]
        assert kinds == ["dibatalkan", action]
        assert not desk.complaint(role, number).has_form("/batalkan")
        desk.act(role, number, action, **fields)


def test_who_was_told_of_what_is_taken_back_is_told_of_that_or_of_nothing(desk):
    number = complaint(desk)
    desk.verify(number)
    desk.forward(number)
    of_sekcam = lambda: [row for row in desk.daemon.book_query(  # noqa: E731
        "SELECT n.kind, n.read_at IS NOT NULL FROM notice n JOIN officer o ON o.id = n.officer_id JOIN complaint c ON c.id = n.complaint_id"
        " WHERE o.role = 'sekcam' AND c.number = ? AND n.kind <> 'masuk' ORDER BY n.id", number)]
    assert of_sekcam() == [("teruskan", 0)]
    undo(desk, "petugas", number).must()
    assert of_sekcam() == [("teruskan", 1)]
    desk.forward(number)
    post(desk, "sekcam", desk.complaint("sekcam", number).path.split("?")[0] + "/dibaca")
    undo(desk, "petugas", number).must()
    assert of_sekcam() == [("teruskan", 1), ("teruskan", 1), ("dibatalkan", 0)]


def test_nobody_takes_back_what_another_did_or_what_was_gone_on_with(desk):
    number = complaint(desk)
    desk.verify(number)
    old = desk.complaint("petugas", number).form("/batalkan")
    assert not desk.complaint("kasi", number).has_form("/batalkan")
    refused = post(desk, "kasi", old.action)
    assert refused.status == 422 and "Hanya yang melakukan" in refused.text
    desk.act("kasi", number, "teruskan")
    refused = old.submit()
    assert refused.status == 409 and "Hadi Santoso" in refused.text
    assert row_of(desk, number, "state") == ("diteruskan",)


def test_a_letter_that_waits_never_leaves_and_its_words_come_back(desk, town):
    number = by_mail(desk, town, "padam di gang")
    code = desk.daemon.book_query("SELECT code FROM complaint WHERE number = ?", number)[0][0]
    desk.act("petugas", number, "tanya", isi="Di gang yang mana?").must("Suratnya berangkat pukul")
    assert "Di gang yang mana?" not in desk.track(code).text
    undo(desk, "petugas", number).must("Dibatalkan, tidak dikirim")
    assert desk.daemon.book_query("SELECT o.state FROM outbox o JOIN complaint c ON c.id = o.complaint_id"
                                  " WHERE c.number = ? AND o.purpose = 'pertanyaan'", number) == [("dibatalkan",)]
    form = desk.complaint("petugas", number).form("/tanya")
    assert form.field("isi").value.strip() == "Di gang yang mana?"
    form.fill(isi="Di depan rumah siapa?").submit().must()
    assert row_of(desk, number, "state") == ("perlu_dilengkapi",)


# ---- two matters

def test_the_second_matter_gets_a_number_of_its_own_and_the_citizen_one_letter(desk, town):
    letter = town.send(compose(SITI, OFFICE_ADDRESS, "Lampu dan sampah", "Lampu jalan padam.\n\nSampah di TPS menumpuk.\n", [("foto.txt", "text/plain", b"bukti")]))
    number = number_in(text_of(town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == letter["Message-ID"])))
    page = desk.complaint("petugas", number)
    form = page.form("/bagi")
    assert "Lampu jalan padam." in form.field("isi").value
    refused = form.fill(isi=" ").submit()
    assert refused.status == 422 and "Isi dahulu hal kedua" in refused.text
    done = refused.form("/bagi").fill(isi="Sampah di TPS menumpuk.").submit().must("dipisahkan dari sini", "Hal kedua sudah menjadi aduan sendiri")
    form.fill(isi="Sampah di TPS menumpuk.").submit().must("Hal kedua sudah")  # pressed twice
    told = town.mailbox(SITI).wait(lambda seen: number in text_of(seen) and "memuat dua hal" in text_of(seen))
    own = next(found for found in NUMBER.findall(text_of(told)) if found != number)
    assert own in done.text
    desk.complaint("petugas", own).must("Dipisahkan dari", number, "Sampah di TPS menumpuk.", "foto.txt")
    assert row_of(desk, own, "citizen_id, related_id") == (row_of(desk, number, "citizen_id")[0], row_of(desk, number, "id")[0])
    assert [count for count, in desk.daemon.book_query("SELECT count(*) FROM complaint WHERE related_id = (SELECT id FROM complaint WHERE number = ?)", number)] == [1]
    assert not desk.complaint("camat", own).has_form("/bagi")


# ---- saved filters

def test_an_officer_keeps_filters_of_the_register_under_names_of_his_own(desk):
    number = complaint(desk)
    sekcam = desk.session("sekcam")
    save = lambda query, name: sekcam.get("/buku?" + query).form("/buku/saringan").fill(nama=name).submit()  # noqa: E731
    assert not sekcam.get("/buku").must().has_form("/buku/saringan")
    save("keadaan=masuk&q=lampu+%26+%22jalan%22", "Lampu <baru>").must("Lampu <baru>")
    page = sekcam.get("/buku").must()
    found = sekcam.get(page.link("Lampu <baru>"))
    assert found.form("/buku").field("q").value == 'lampu & "jalan"' and found.form("/buku").field("keadaan").value == "masuk"
    save("keadaan=masuk&saluran=loket", "Lampu <baru>").must()  # the same name: another filter
    assert number in sekcam.get(sekcam.get("/buku").link("Lampu <baru>")).must().text
    save("keadaan=ditutup", "Selesai").must()
    refused = sekcam.get("/buku/saringan").forms
    rename = next(form for form in refused if form.has("nama") and form.field("nama").value == "Selesai")
    assert rename.fill(nama="Lampu <baru>").submit().status == 422
    rename.fill(nama="Sudah selesai").submit().must("Sudah selesai")
    assert "Sudah selesai" not in desk.session("petugas").get("/buku").text
    their = rename.field("saringan").value
    post(desk, "petugas", "/buku/saringan", aksi="hapus", saringan=their).must("Belum ada saringan tersimpan")
    sekcam.get("/buku/saringan").must("Sudah selesai")
    page = post(desk, "sekcam", "/buku/saringan", aksi="hapus", saringan=their).must("Lampu <baru>")
    assert "Sudah selesai" not in page.text
    for n in range(19):
        post(desk, "sekcam", "/buku/saringan", aksi="simpan", nama=f"Nama {n}", keadaan="masuk").must()
    assert "sudah dua puluh" in post(desk, "sekcam", "/buku/saringan", aksi="simpan", nama="Lebih", keadaan="masuk").text
    assert "Saring dahulu" in post(desk, "sekcam", "/buku/saringan", aksi="simpan", nama="Kosong").text


# ---- several sections

def ways_to_help(desk, number):
    """The second section's officer looks for it."""
    return (number in desk.session("trantib").get("/meja?daftar=membantu").must().text,
            number in desk.session("trantib").get("/buku?keadaan=membantu").must().text)


def test_sections_that_help_see_and_report_and_one_answers_for_it(desk):
    desk.hire_other("trantib", "seksi_trantib", "Bagas Trantib")
    number = complaint(desk)
    desk.verify(number)
    form = desk.complaint("sekcam", number).form("/disposisi").fill(seksi=SECTION_NAME, instruksi="Perbaiki, jalan ditutup dulu.", batas="2030-01-02")
    path = tick(form, "bantu", "seksi_trantib").submit().must("Seksi Ketenteraman", "belum melapor").path.split("?")[0]
    assert ways_to_help(desk, number) == (True, True)
    page = desk.session("trantib").get(path).must("Seksi Anda diminta membantu")
    assert not any(page.has_form(act) for act in ("/mulai", "/lapor", "/kembalikan"))
    refused = post(desk, "trantib", path + "/mulai")
    assert refused.status == 422 and "milik seksi penanggung jawab" in refused.text
    page.form("/bantu").fill(isi="Jalan sudah ditutup.").submit().must("melapor", "Laporan seksi pembantu")
    assert ways_to_help(desk, number) == (False, True)
    desk.session("seksi").get(path).must("Jalan sudah ditutup.")
    assert "seksi pembantu" in desk.session("seksi").get("/meja").text.lower()
    desk.session("sekcam").get(path + "/lembar").must("penanggung jawab", "Dibantu", "Seksi Ketenteraman")
    desk.begin(number)
    desk.report(number, "Lampu diganti.")
    assert row_of(desk, number, "state") == ("menunggu_persetujuan",)


def test_who_helps_is_taken_back_and_ended_with_the_disposition(desk):
    number = complaint(desk)
    desk.verify(number)
    page = desk.complaint("sekcam", number)
    path = page.path.split("?")[0]
    dispose = lambda *helpers: tick(  # noqa: E731
        desk.session("sekcam").get(path).form("/disposisi").fill(seksi=SECTION_NAME, instruksi="Cek.", batas="2030-01-02"), "bantu", *helpers).submit()
    dispose("seksi_trantib").must()
    undo(desk, "sekcam", number).must()
    assert desk.session("trantib").get(path).status == 404
    dispose("seksi_trantib").must()
    assert desk.session("trantib").get(path).status == 200
    dispose().must()
    assert desk.session("trantib").get(path).status == 404
    undo(desk, "sekcam", number).must()
    assert desk.session("trantib").get(path).status == 200
    refused = dispose("seksi_pembangunan")
    assert refused.status == 422 and "bukan penanggung jawab" in refused.text


# ---- several at once

def choose(desk, role, list_path, action, numbers):
    """From a list to the page that says what will happen."""
    page = desk.session(role).get(list_path).must()
    wanted = {page.link(number).rsplit("/", 1)[1] for number in numbers}
    form = page.form("/bersama").fill(tindakan=action)
    for field in form.fields:
        field.sent = field.sent or (field.name == "aduan" and field.value in wanted)
    return form.submit()


def states(desk, numbers):
    return [row_of(desk, number, "state")[0] for number in numbers]


def test_several_are_looked_at_and_then_done_together_and_taken_back_together(desk):
    numbers = [complaint(desk, n) for n in range(4)]
    desk.act("kasi", numbers[3], "verifikasi")
    page = choose(desk, "petugas", "/meja", "verifikasi", numbers).must("Verifikasi: 3 aduan", "Tidak dapat: 1", "tidak dapat dilakukan")
    desk.act("kasi", numbers[2], "verifikasi")  # meanwhile
    done = page.form("/bersama", button="Verifikasi").submit().must("2 aduan diverifikasi", "Tidak dapat: 1", "sudah diubah orang lain")
    assert states(desk, numbers) == ["diverifikasi"] * 4
    done.form("/bersama").submit().must("2 aduan dikembalikan seperti semula")
    assert states(desk, numbers) == ["masuk", "masuk", "diverifikasi", "diverifikasi"]
    choose(desk, "petugas", "/buku", "teruskan", numbers[2:]).form("/bersama", button="Teruskan").submit().must("2 aduan diteruskan")
    page = choose(desk, "sekcam", "/meja?daftar=disposisi", "disposisi", numbers[2:])
    form = page.form("/bersama", button="Disposisikan").fill(seksi=SECTION_NAME, batas="2030-01-02")
    refused = form.fill(instruksi=" ").submit()
    assert refused.status == 422 and "Isi dahulu instruksinya" in refused.text and states(desk, numbers[2:]) == ["diteruskan"] * 2
    refused.form("/bersama", button="Disposisikan").fill(instruksi="Periksa bersama.").submit().must("2 aduan didisposisikan")
    assert {row_of(desk, number, "state, instruction") for number in numbers[2:]} == {("didisposisikan", "Periksa bersama.")}


@pytest.mark.parametrize("action, fields, reason", [("spam", {}, "Spam atau iklan"), ("arsipkan", {"isi": "Pesan percobaan"}, "Pesan percobaan")])
def test_several_are_archived_with_one_reason_that_each_keeps(desk, action, fields, reason):
    numbers = [complaint(desk, n) for n in range(2)]
    choose(desk, "petugas", "/meja", action, numbers).form("/bersama", button="a").fill(**fields).submit().must("2 aduan diarsipkan")
    for number in numbers:
        desk.complaint("petugas", number).must(reason, "Diarsipkan")


def test_what_an_officer_may_not_see_or_do_is_not_done_and_not_told_by_a_list(desk):
    number = complaint(desk, rahasia="1")
    hidden = row_of(desk, number, "id, version, subject")
    page = desk.session("kasi").get(f"/bersama?tindakan=verifikasi&aduan={hidden[0]}").must("1 aduan tidak ada di meja Anda")
    assert number not in page.text and hidden[2] not in page.text
    done = post(desk, "kasi", "/bersama", tindakan="verifikasi", aduan=f"{hidden[0]}:{hidden[1]}").must("0 aduan")
    assert number not in done.text and row_of(desk, number, "state") == ("masuk",)
    for role, action in (("seksi", "verifikasi"), ("petugas", "disposisi"), ("camat", "spam"), ("petugas", "ngawur")):
        assert post(desk, role, "/bersama", tindakan=action, aduan=f"{hidden[0]}:{hidden[1]}").status == 422, action
    desk.session("petugas").get("/bersama?aduan=1").must("Pilih dahulu aduan")


def test_what_has_left_is_not_taken_back(desk, town):
    number = by_mail(desk, town, "padam di jalan besar")
    desk.daemon.stop()
    desk.daemon.sections["office"]["letter_seconds"] = 0
    desk.daemon.write_configuration()
    desk.daemon.start()
    desk.logged_out()
    path = desk.act("petugas", number, "tanya", isi="Nomor rumah berapa?").path.split("?")[0]
    town.mailbox(SITI).wait(lambda seen: "Nomor rumah berapa?" in text_of(seen))
    await_that(lambda: desk.daemon.book_query("SELECT 1 FROM outbox WHERE purpose = 'pertanyaan' AND state = 'diterima'"), 30, "terkirim")
    assert not desk.complaint("petugas", number).has_form("/batalkan")
    refused = post(desk, "petugas", path + "/batalkan")
    assert refused.status == 422 and "Suratnya sudah dikirim" in refused.text
