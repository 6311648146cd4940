"""The office's calendar and clocks on its pages, and what happens by itself when time passes."""
import re
import subprocess
from datetime import date, timedelta

import pytest

from crowd import at_counter
from daemon import Daemon, build_folder
from desk import Desk
from faults import Faults
from process import await_that

ADMIN = ("adi", "admin-kedopok-1")
CALENDAR, TERMS = "/pengaturan/kalender", "/pengaturan/waktu"
DAY_S, PATIENCE_S = 24 * 3600, 30
ICS = ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{0:%Y%m%d}\r\nSUMMARY:Hari Jadi\\, Kota\r\nEND:VEVENT\r\n"
       "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{1:%Y%m%d}\r\nSUMMARY:Cuti Bersama Panen\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    return Faults(tmp_path_factory.mktemp("gangguan"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory, faults):
    """An office that is open every day around the clock, so that the tests may run at any hour."""
    office = Daemon(tmp_path_factory.mktemp("kantor"))
    office.init()
    made = Desk(office).hire()
    office.add_user(ADMIN[0], "admin", ADMIN[1], None, "Adi Admin")
    office.extra_environment.update(faults.environment())
    office.start()
    form = admin_of(made).get(CALENDAR).must().form(button="Simpan jam kerja")
    form.fill(**{f"jam_{day}_{end}": time for day in range(7) for end, time in (("buka", "00.00"), ("tutup", "23.59"))})
    form.submit("Simpan jam kerja").must("Jam kerja diubah.")
    try:
        yield made
        office.stop()
        office.must("verify")
    finally:
        office.kill()


def admin_of(desk):
    return desk.daemon.session(*ADMIN)


def book_of(desk, number, columns="c.due_at"):
    return desk.daemon.book_query(f"SELECT {columns} FROM complaint c JOIN clock k ON k.complaint_id = c.id WHERE c.number = ?",
                                  number)[0]


def due_of(desk, number):
    """As a date in WIB: the clock ends with that day."""
    return date(1970, 1, 1) + timedelta(milliseconds=book_of(desk, number)[0] + 7 * 3600 * 1000)


def events(desk, number, kind):
    return desk.daemon.book_query("SELECT e.data FROM event e JOIN complaint c ON c.id = e.complaint_id"
                                  " WHERE c.number = ? AND e.kind = ?", number, kind)


def hurry(desk, faults, look, what):
    """The daemon looks at its clocks every few seconds: they pass at once."""
    def looked():
        faults.let_pass(5, desk.daemon)
        return look()
    return await_that(looked, PATIENCE_S, what)


def complain(desk, text):
    return at_counter(desk, text, nama="Siti")


def test_a_holiday_moves_open_deadlines_and_the_history_says_why(desk, faults):
    number = complain(desk, "Selokan di Jalan Anggrek mampet.")
    before = due_of(desk, number)
    taken = {day for day, in desk.daemon.book_query("SELECT day FROM calendar_day WHERE removed IS NULL")}
    free = next(day for day in (before - timedelta(days=n) for n in range(1, 9)) if (day - date(1970, 1, 1)).days not in taken)
    page = admin_of(desk).get(f"{CALENDAR}?tahun={free.year}").must("Hari libur")
    form = page.form(button="Tambahkan").fill(tanggal=free.isoformat(), nama="Hari Jadi Kota")
    form.submit("Tambahkan").must("Sudah disimpan", "Hari Jadi Kota", "Libur ditambahkan")
    assert "Hari itu sudah libur" in form.submit("Tambahkan").text
    hurry(desk, faults, lambda: due_of(desk, number) > before, "tenggat dihitung ulang")
    desk.complaint("petugas", number).must("Tenggat dihitung ulang", "Hari Jadi Kota.", "Janji kantor", "Undang-undang")
    row = next(form for form in admin_of(desk).get(f"{CALENDAR}?tahun={free.year}").forms
               if form.has("hari") and re.search(rf"{free.day} \w+ {free.year}", form.buttons[0][0]))
    row.submit("Hapus").must("Libur dihapus")
    hurry(desk, faults, lambda: due_of(desk, number) == before, "tenggat kembali")
    assert len(events(desk, number, "tenggat")) == 2


def test_a_calendar_file_is_shown_before_it_is_taken_in(desk):
    admin = admin_of(desk)
    days = [date(2031, 3, 3), date(2031, 3, 4)]
    form = admin.get(CALENDAR).form(button="Lihat dahulu")
    shown = form.attach("berkas", "libur.ics", "text/calendar", ICS.format(*days).encode()).submit("Lihat dahulu")
    shown.must("2 hari terbaca", "Senin, 3 Maret 2031", "Hari Jadi, Kota", "Cuti bersama", "Baru")
    assert not desk.daemon.book_query("SELECT 1 FROM calendar_day WHERE name LIKE 'Cuti Bersama Panen%'")
    shown.form(button="Simpan 2 hari baru").submit("Simpan").must("Hari libur 2031", "Cuti Bersama Panen", "Impor 2 hari libur")
    again = admin.get(CALENDAR).form(button="Lihat dahulu").attach(
        "berkas", "libur.ics", "text/calendar", ICS.format(*days).encode()).submit("Lihat dahulu")
    again.must("Semua hari itu sudah ada")
    wrong = admin.get(CALENDAR).form(button="Lihat dahulu").fill(isi="BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n").submit("Lihat dahulu")
    assert wrong.status == 422 and "terpotong" in wrong.text


def test_a_calendar_file_is_taken_in_by_command(desk, tmp_path):
    office, file = desk.daemon, tmp_path / "libur.ics"
    file.write_bytes(ICS.format(date(2032, 3, 3), date(2032, 3, 4)).encode())
    assert "2 hari libur ditambahkan" in office.must("holidays", "import", str(file))
    assert "0 hari libur ditambahkan" in office.must("holidays", "import", str(file))
    admin_of(desk).get(f"{CALENDAR}?tahun=2032").must("Cuti Bersama Panen", "Impor 2 hari libur, 3 Maret 2032")
    file.write_text("[{\"date\": \"2032-02-30\"}]")
    refused = office.run("holidays", "import", str(file))
    assert refused.returncode == 65 and "Hari ke 1" in refused.stderr
    assert office.run("holidays", "import", str(tmp_path / "tidak-ada")).returncode == 66


def test_what_cannot_be_is_refused_with_its_reason_and_kept(desk):
    admin = admin_of(desk)
    form = admin.get(CALENDAR).form(button="Simpan jam kerja").fill(jam_0_buka="08.00", jam_0_tutup="07.00")
    page = form.submit("Simpan jam kerja")
    assert page.status == 422 and "Senin: jam tutup harus sesudah jam buka." in page.text
    assert page.form(button="Simpan jam kerja").field("jam_0_tutup").value == "07.00"
    page = admin.get(TERMS).form("/waktu").fill(verifikasi="999", sekcam="4").submit()
    assert page.status == 422 and "Verifikasi: isi angka 0 sampai 60." in page.text
    assert page.form("/waktu").field("sekcam").value == "4"
    assert desk.session("petugas").get(TERMS).status == desk.session("petugas").get(CALENDAR).status == 403


def test_a_number_of_the_office_rules_from_then_on(desk, faults):
    number = complain(desk, "Pohon di Jalan Flamboyan hampir tumbang.")
    before = due_of(desk, number)
    admin = admin_of(desk)
    desk.daemon.session().get("/").must("14 hari kerja", "diperiksa")
    admin.get(TERMS).must("Permenpan RB 62/2018", "UU 25/2009").form("/waktu").fill(pengaduan="7").submit().must(
        "Sudah disimpan", "Bawaan: 14")
    desk.daemon.session().get("/").must("7 hari kerja")
    hurry(desk, faults, lambda: due_of(desk, number) < before, "tenggat dihitung ulang")
    desk.complaint("petugas", number).must("Pengaduan biasa 14 menjadi 7 hari kerja")
    admin.get(TERMS).form("/waktu").fill(pengaduan="14").submit().must("Sudah disimpan")
    hurry(desk, faults, lambda: due_of(desk, number) == before, "tenggat kembali")


def test_an_officer_chooses_how_he_is_reminded(desk):
    sekcam = desk.session("sekcam")
    page = sekcam.get("/pengingat").must("Pengingat saya").form("/pengingat").fill(telepon="0812").submit()
    assert page.status == 422 and page.form("/pengingat").field("telepon").value == "0812"
    sekcam.get("/pengingat").form("/pengingat").fill(telepon="0812-3456-7890", surel="").submit().must("Sudah disimpan")
    assert desk.daemon.book_query("SELECT remind_mail, remind_phone FROM officer WHERE login = 'endang'") == [(0, "+6281234567890")]


def test_a_formal_request_for_information_gets_its_own_limit_and_once_a_longer_one(desk):
    number = at_counter(desk, "Mohon salinan rencana kerja kecamatan tahun ini.", nama="Siti", jenis="informasi")
    first = due_of(desk, number)
    page = desk.complaint("petugas", number).must("Jadikan permohonan resmi (PPID)")
    form = page.form(action="/ppid").fill(isi="Diajukan dengan formulir PPID.")
    page = form.submit().must("batasnya dihitung ulang", "Permohonan resmi (PPID)", "UU 14/2008", "Perpanjang 7 hari kerja")
    formal = due_of(desk, number)
    assert (formal - first).days == 5  # this office works every day
    page = page.form(action="/perpanjang").fill(isi="Dokumennya di gudang arsip.").submit()
    page.must("Batas sudah diperpanjang", "Ya, diperpanjang", "Dokumennya di gudang arsip.", "Batas permohonan informasi diperpanjang.")
    assert (due_of(desk, number) - formal).days == 7 and not page.has_form("/perpanjang")
    undone = desk.act("petugas", number, "verifikasi").form(action="/batalkan").submit()
    undone.must("Ya, diperpanjang")  # what is taken back is what was done last
    assert form.submit().status == 409  # the page from before: somebody was quicker
    complaint = complain(desk, "Jalan di Gang Mawar rusak lagi.")
    assert not desk.complaint("petugas", complaint).has_form("/ppid")


def test_time_that_passes_reminds_once_and_a_restart_repeats_nothing(desk, faults):
    office = desk.daemon
    number = complain(desk, "Lampu di Gang Mawar padam.")
    desk.verify(number)
    waits = complain(desk, "Jalan di sana rusak.")
    desk.act("petugas", waits, "tanya", isi="Jalan yang mana?")
    # The wall clock alone jumps: nobody believes it.
    faults.turn_clock(400 * DAY_S)
    for _ in range(3):
        faults.let_pass(60, office)
    office.wait_log("clocks.clock_jumped")
    faults.turn_clock(0)
    faults.let_pass(15 * 60, office)
    assert not events(desk, number, "terlambat")
    # Time passes for everybody: 25 days are more than 14 working days of an office that never rests, 400 would be a year.
    faults.let_pass(25 * DAY_S, office)
    hurry(desk, faults, lambda: events(desk, number, "terlambat"), "pengingat")
    hurry(desk, faults, lambda: book_of(desk, waits, "c.state")[0] == "diarsipkan", "diarsipkan sendiri")
    desk.logged_out()
    desk.session("kasi").get("/meja").must("Terlambat")
    desk.complaint("petugas", waits).must("Pengadu tidak melengkapi", "Sistem")
    told = len(events(desk, number, "terlambat"))
    office.kill()
    office.start()
    for _ in range(4):
        faults.let_pass(5, office)
    assert desk.session("kasi").get("/meja").must("Terlambat")
    assert len(events(desk, number, "terlambat")) == told
    faults.let_pass(DAY_S, office)
    hurry(desk, faults, lambda: len(events(desk, number, "terlambat")) == told + 1, "pengingat hari berikutnya")


def test_the_kasi_reads_his_sheet_each_day_and_the_sekcam_each_week(desk, faults):
    office = desk.daemon
    sheets = "SELECT id FROM sheet WHERE kind = ? ORDER BY id DESC LIMIT 1"
    desk.logged_out()
    number = complain(desk, "Trotoar di Gang Mawar rusak.")
    before = office.book_query(sheets, "mingguan")
    faults.let_pass(20 * DAY_S, office)  # late by then, and a daily and a weekly one are due, whatever day it is
    hurry(desk, faults, lambda: office.book_query(sheets, "mingguan") != before, "lembar mingguan")
    desk.logged_out()
    (daily,), (weekly,) = office.book_query(sheets, "harian")[0], office.book_query(sheets, "mingguan")[0]
    page = desk.session("kasi").get("/meja").must("Lembar harian")
    assert page.link("Lembar harian") == f"/lembar/{daily}"
    desk.session("kasi").get(f"/lembar/{daily}").must("Lembar harian", "Terlambat dan segera", number, "Petugas pengaduan",
                                                      "kiriman tiba sejak lembar sebelumnya")
    assert desk.session("kasi").get(f"/lembar/{weekly}").status == 404
    assert "mingguan" not in desk.session("kasi").get("/lembar").must("Lembar harian").text.split("Lembar harian,", 1)[1]
    desk.session("sekcam").get("/meja").must("Lembar mingguan")
    desk.session("sekcam").get(f"/lembar/{weekly}").must("Lembar mingguan", number)
    for role in ("petugas", "seksi"):
        assert desk.session(role).get(f"/lembar/{daily}").status == 403


def test_another_zone_is_another_version(desk, faults):
    office = desk.daemon
    desk.logged_out()
    office.stop()
    office.sections["office"]["timezone"] = "WITA"
    office.write_configuration()
    office.start()
    desk.daemon.session(*ADMIN).get(CALENDAR).must("Zona waktu kantor menjadi WITA.", "Zona waktu WITA")


def test_a_simulated_year_is_recounted_without_a_difference():
    """A short one; `make simulate` plays 20,000 complaints."""
    done = subprocess.run([build_folder() / "simulate", "100", "7"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and re.search(r"^\d{3,} passed, 0 failed$", done.stdout, re.MULTILINE), done.stdout + done.stderr
