"""Documents: receipts, the register, letters and reports as PDF and XLSX, and an office whose printer is in trouble."""
import contextlib
import csv
import http.client
import io
import json
import subprocess
import threading

import pytest

from crowd import at_counter
from daemon import build_folder
from desk import Desk, code_in, number_in
from process import await_that
from papers import Sheet, pdf_pages, pdf_size, pdf_words

EVIL = "=HYPERLINK(\"http://jahat\",\"klik\") +62 @SUM(1) \u202egnp.exe\u202c \u200fآدم \ua98f\ua9a4\ua9b1\ua9ab \U0001F600"
LONG = "Raden " + "Panjang" * 68  # what the counter takes


class Programs:
    """The folder of child programs of this office; its printer can be taken away and put back."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("parser", "mailbox", "printer"):
            (folder / name).symlink_to(build_folder() / "libexec" / name)

    def printer(self, script=None):
        """script None = the real one, "" = none."""
        path = self.folder / "printer"
        path.unlink(missing_ok=True)
        if script is None:
            path.symlink_to(build_folder() / "libexec" / "printer")
        elif script:
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)


@pytest.fixture(scope="module")
def programs(town, tmp_path_factory):
    return Programs(tmp_path_factory.mktemp("libexec"))


@pytest.fixture(scope="module")
def desk(town, programs):
    office = town.daemon()
    environment = office.environment
    office.environment = lambda: {**environment(), "PENGADUAND_LIBEXEC": str(programs.folder)}
    office.init()
    made = Desk(office).hire()
    office.start()
    yield made
    leave_while_printing(office, programs)
    office.must("verify")


def leave_while_printing(office, programs):
    """The office closes with a document on its way, and ends well."""
    mark = programs.folder / "last"
    programs.printer(f"touch {mark}; exec sleep 100")
    code = office.book_query("SELECT code FROM complaint LIMIT 1")[0][0]

    def ask():
        with contextlib.suppress(OSError, http.client.HTTPException):  # cut off
            office.session().get(f"/lacak/tanda-terima?kode={code}")
    asking = threading.Thread(target=ask)
    asking.start()
    await_that(mark.exists, 30, "the printer was not started")
    office.stop()
    asking.join()


def id_of(desk, number):
    return desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]


@pytest.fixture(scope="module")
def lamp(desk):
    """(number, code, page) of a complaint by our own form."""
    page = desk.complain_on_website("Lampu jalan di Gang Mawar mati sudah tiga malam.", name="Siti Aminah")
    return number_in(page.text), code_in(page.text), page


@pytest.fixture(scope="module", autouse=True)
def hung(desk, lamp, programs):
    """wait() -> the page of one whose printer does not answer, asked for before all other tests."""
    pages, mark = [], programs.folder / "started"
    programs.printer(f"touch {mark}; exec sleep 100")
    asking = threading.Thread(target=lambda: pages.append(
        desk.daemon.session().get(f"/lacak/tanda-terima?kode={lamp[1]}")))
    asking.start()
    await_that(mark.exists, 30, "the printer was not started")
    programs.printer()

    def wait():
        asking.join()
        return pages[0]
    return wait


# ---- the receipt


def test_who_sent_the_form_takes_the_receipt_with_him(desk, lamp):
    number, code, page = lamp
    paper = desk.daemon.session().get(page.link("Unduh tanda terima"))
    assert paper.status == 200 and paper.headers["content-type"] == "application/pdf"
    words = pdf_words(paper.body)
    for expected in ("TANDA TERIMA PENGADUAN", f"Nomor {number}", code, "paling lambat", "UU 25/2009", "Diterima"):
        assert expected in words, (expected, words)
    assert pdf_size(paper.body) == (595, 842) and pdf_pages(paper.body) == 1


def test_the_receipt_on_the_tracking_page_names_nobody(desk, lamp):
    _, code, _ = lamp
    paper = desk.daemon.session().get(desk.track(code).link("Unduh tanda terima (PDF)"))
    assert "Siti" not in pdf_words(paper.body)
    assert desk.daemon.session().get("/lacak/tanda-terima?kode=2222-2222-22").status == 404


def test_the_counters_receipt_names_citizen_and_officer(desk, lamp):
    number, code, _ = lamp
    session = desk.session("petugas")
    paper = session.get(session.get(f"/tanda-terima/{id_of(desk, number)}").must(number).link("Unduh PDF"))
    words = pdf_words(paper.body)
    for expected in ("Siti Aminah", code, "Lampu jalan di Gang Mawar mati", "Petugas"):
        assert expected in words, (expected, words)


# ---- the letter


def test_an_answer_is_a_letter_that_the_camat_signs(desk):
    office = desk.daemon
    office.add_user("adi", "admin", "admin-kedopok-1", None, "Adi Admin")
    form = office.session("adi", "admin-kedopok-1").get("/pengaturan/kantor").must().form("/pengaturan/kantor")
    form.fill(camat="Drs. Bambang Wijaya, M.Si.", pangkat="Pembina Tingkat I", nip="19700101 199003 1 005")
    form.submit("Simpan").must()
    number = number_in(desk.complain_on_website("Jembatan gantung rusak.", name="Slamet Riyadi").text)
    desk.walk(number, "Perbaiki", "Sudah diperbaiki.", "Jembatan sudah dapat dilewati.\n\nTerima kasih atas laporan Bapak.")
    page = desk.complaint("petugas", number)
    words = pdf_words(desk.session("petugas").get(page.link("Surat (PDF)")).body)
    for expected in (f"Nomor : {number}", "Hal : Jawaban atas pengaduan", "Yth. Slamet Riyadi", "Jalan Mastrip 12",
                     "Jembatan sudah dapat dilewati.", "Camat Kedopok, Drs. Bambang Wijaya, M.Si. Pembina Tingkat I "
                     "NIP 19700101 199003 1 005"):
        assert expected in words, (expected, words)
    message = desk.daemon.book_query("SELECT max(id) FROM message WHERE purpose = 'laporan'")[0][0]
    assert desk.session("petugas").get(f"/cetak/surat/{message}").status == 404


# ---- the register


@pytest.fixture(scope="module")
def hostile(desk):
    """(number, what he typed) of one who tries what a spreadsheet or a page would do for him."""
    typed = {"nama": LONG, "alamat": "+62 \u202egnp.exe", "pekerjaan": "@SUM(1)", "isi": EVIL}
    return at_counter(desk, typed.pop("isi"), **typed), typed


def test_the_register_is_a_spreadsheet_of_texts_numbers_and_dates(desk, lamp, hostile):
    page = desk.session("petugas").get("/buku").must()
    book = desk.session("petugas").get(page.link("XLSX"))
    assert book.headers["content-type"].endswith("spreadsheetml.sheet") and ".xlsx" in book.headers["content-disposition"]
    sheet = Sheet(book.body)
    assert sheet.formulas == [] and sheet.frozen
    header = sheet.rows.index(sheet.row_with("Nomor"))
    assert sheet.rows[header][:3] == ["Nomor", "Diterima", "Saluran"]
    row = sheet.row_with(hostile[0])
    assert row[8].startswith("=HYPERLINK(") and "\u202e" not in "".join(cell for cell in row if isinstance(cell, str))
    assert "\ua98f\ua9a4\ua9b1\ua9ab" in row[8] and "\U0001F600" in row[8]
    assert row[6] == "@SUM(1)" and 46000 < row[1] < 60000
    assert sheet.row_with(lamp[0])[5] == "Siti Aminah"
    numbers = [row[0] for row in sheet.rows[header + 1:] if row]
    assert numbers == [row[0] for row in desk.daemon.book_query("SELECT number FROM complaint ORDER BY id DESC")]


def test_the_register_on_paper_is_landscape_with_head_totals_and_signatures(desk, lamp, hostile):
    page = desk.session("petugas").get("/buku").must()
    paper = desk.session("petugas").get(page.link("PDF")).body
    words = pdf_words(paper)
    assert pdf_size(paper) == (842, 595)
    for expected in ("KECAMATAN KEDOPOK", "Jumlah halaman ini", "dalam proses", "Mengetahui,", "Camat", "Paraf", lamp[0],
                     "=HYPERLINK", "Siti Aminah"):
        assert expected in words, (expected, words)


def test_a_section_takes_away_what_it_may_see_and_nothing_else(desk, lamp):
    whole = {row[0] for row in Sheet(desk.session("sekcam").get("/buku/unduh.xlsx").body).rows if row}
    own = {row[0] for row in Sheet(desk.session("seksi").get("/buku/unduh.xlsx").body).rows if row}
    assert lamp[0] in whole and lamp[0] not in own
    assert desk.daemon.session().get("/buku/unduh.pdf").form("/masuk")


def exported(desk, *words):
    """Bytes of standard output; the command must end well."""
    command = [build_folder() / "pengaduand", "export", *words, "-c", desk.daemon.configuration]
    done = subprocess.run(command, env=desk.daemon.environment(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_register_leaves_by_the_command_line_in_every_format(desk, lamp, hostile):
    everything = [row[0] for row in desk.daemon.book_query("SELECT number FROM complaint ORDER BY id DESC")]
    rows = list(csv.DictReader(io.StringIO(exported(desk).decode("utf-8-sig"))))
    assert [row["nomor"] for row in rows] == everything
    lines = [json.loads(line) for line in exported(desk, "--format", "json").splitlines()]
    assert [line["nomor"] for line in lines] == everything and lines[-1]["nama"] == "Siti Aminah"
    sheet = Sheet(exported(desk, "--format", "xlsx"))
    assert sheet.formulas == [] and sheet.row_with(lamp[0]) and sheet.row_with(hostile[0])
    assert f"dari {len(everything)}." in pdf_words(exported(desk, "--format", "pdf"))
    assert exported(desk, "--format", "json", "--to", "2020-01-01") == b""
    assert len(exported(desk, "--format", "json", "--from", "2020-01-01").splitlines()) == len(everything)


def test_a_wrong_export_says_what_is_wrong(desk):
    for words, said in ((("--format", "doc"), "csv, json, xlsx, atau pdf"), (("--from", "kemarin"), "2026-11-30")):
        done = desk.daemon.run("export", *words)
        assert done.returncode == 64 and said in done.stderr, (words, done)


# ---- the evaluation


def test_the_evaluation_of_a_month_leaves_as_paper_and_spreadsheet(desk, lamp):
    session = desk.session("kasi")
    page = session.get("/laporan").must("Laporan pengaduan bulan")
    received = desk.daemon.book_query("SELECT count(*) FROM complaint")[0][0]
    words = pdf_words(session.get(page.link("PDF")).body)
    for expected in ("Laporan pengaduan bulan", "Menurut saluran", "Menurut seksi", "Mengetahui,", "Hasil penanganan"):
        assert expected in words, (expected, words)
    sheet = Sheet(session.get(page.link("XLSX")).body)
    assert sheet.row_with("Jumlah")[1] == received and sheet.formulas == []
    month = page.link("PDF").split("=")[1]
    done = subprocess.run([build_folder() / "pengaduand", "report", "monthly", month, "--format", "xlsx", "-c",
                           desk.daemon.configuration], env=desk.daemon.environment(), capture_output=True, timeout=60)
    assert done.returncode == 0 and Sheet(done.stdout).row_with("Jumlah")[1] == received, done.stderr


# ---- a printer in trouble


@pytest.fixture()
def broken(programs):
    yield programs.printer
    programs.printer()


@pytest.mark.parametrize("script", ["", "exit 3", "kill -SEGV $$", "head -c 20000 /dev/zero >&3; sleep 9"],
                         ids=["missing", "gives up", "crashes", "talks nonsense"])
def test_a_printer_in_trouble_is_a_clear_page_and_the_office_goes_on(desk, lamp, broken, script):
    number, code, _ = lamp
    broken(script)
    page = desk.daemon.session().get(f"/lacak/tanda-terima?kode={code}")
    assert page.status == 503 and "belum dapat dibuat" in page.text or "tidak dapat dibuat" in page.text, page.text
    desk.track(code).must(number)


def test_a_printer_that_hangs_holds_up_nobody(desk, lamp, hung):
    """It has hung while all tests before this one were printing."""
    page = hung()
    assert page.status == 503 and "Coba lagi" in page.text
    assert desk.daemon.session().get(f"/lacak/tanda-terima?kode={lamp[1]}").status == 200
