"""Backups as an office makes them: while complaints come in, taken back into an empty folder, and by themselves."""
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import sqlite3
import threading
import time

import pytest

from desk import Desk, code_in, number_in
from gateway import _request
from process import await_that
from servers import Town

ALONE = {"dovecot": None, "exim": None, "broker": None, "gateway": None}
KEY = "kunci cadangan kecamatan kedopok"


@pytest.fixture()
def town():
    with Town(mail=False, mqtt=False, whatsapp=False) as made:
        yield made


@pytest.fixture()
def office(town):
    made = town.daemon(**ALONE)
    made.init()
    return made


def complain(office, text):
    """By another site's form; returns the register number that was acknowledged."""
    body, stamp = json.dumps({"nama": "Siti", "isi": text}).encode(), str(int(time.time()))
    digest = hmac.new(office.secrets["WEB_SECRET"].encode(), stamp.encode() + b"." + body, hashlib.sha256)
    status, answer = _request("POST", f"{office.base}/hook/web/lama", body, {
        "Content-Type": "application/json", "X-Pengaduan-Timestamp": stamp,
        "X-Pengaduan-Signature": f"sha256={digest.hexdigest()}"}, 10)
    assert status == 200, answer
    return number_in(str(answer))


class Load(threading.Thread):
    """Complaints one after another until stop(); `told` holds the numbers in order."""

    def __init__(self, office):
        super().__init__()
        self.office, self.told, self.failure, self._end = office, [], None, threading.Event()

    def run(self):
        try:
            while not self._end.is_set():
                self.told.append(complain(self.office, f"Aduan nomor urut {len(self.told)}. " + "Panjang. " * 800))
        except Exception as failure:
            self.failure = failure

    def stop(self):
        self._end.set()
        self.join()
        assert self.failure is None, self.failure


def numbers(office):
    return {number for number, in office.book_query("SELECT number FROM complaint")}


def only_copy(folder):
    made = [path for path in folder.iterdir()]
    assert len(made) == 1, made
    return made[0]


def test_backup_under_load_brings_back_all_that_was_acknowledged_before_it(office):
    copies = office.folder / "cadangan"
    copies.mkdir()
    office.start()
    photo = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    form = office.session().get("/aduan").form("/aduan").fill(nama="Budi", isi="Dengan foto.")
    form.attach("berkas", "bukti.png", "image/png", photo)
    with_photo = number_in(form.submit().must().text)
    load = Load(office)
    load.start()
    await_that(lambda: len(load.told) >= 20, 30, "dua puluh aduan")
    before = set(load.told)
    said = office.must("backup", "cadangan")
    during = len(load.told)
    await_that(lambda: len(load.told) > during, 10, "aduan sesudah cadangan")
    load.stop()
    office.kill()
    copy = only_copy(copies)
    assert str(copy) in said

    refused = office.run("restore", str(copy))
    assert refused.returncode == 73 and "tidak kosong" in refused.stderr
    office.data.rename(office.folder / "rusak")
    office.must("restore", str(copy))
    office.must("verify")
    assert before | {with_photo} <= numbers(office)
    assert {path.stat().st_size for path in (office.data / "lampiran").rglob("*") if path.is_file()} == {len(photo)}
    office.start()
    assert complain(office, "Sesudah pemulihan.") not in before
    office.stop()


def pages_of(desk, numbers_and_codes):
    """What officers and citizens see, without what a clock or a session puts there."""
    seen = {}
    for role in ("petugas", "sekcam", "camat"):
        for path in ("/meja", "/buku", "/buku?q=lampu"):
            seen[role, path] = desk.session(role).get(path).must().text
        for number, _ in numbers_and_codes:
            seen[role, number] = desk.complaint(role, number).text
    for number, code in numbers_and_codes:
        seen["pengadu", number] = desk.track(code).must(number).text
    return {where: re.sub(r"\d\d[.:]\d\d( WIB)?", "<jam>", text) for where, text in seen.items()}


def test_restore_drill_of_a_busy_office_shows_the_same_pages(office):
    """What a careful admin does twice a year: the newest backup, taken while people write, put on an empty disk."""
    copies = office.folder / "cadangan"
    copies.mkdir()
    desk = Desk(office).hire()
    office.start()
    photo = ("lampu.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400)
    told = []
    for text in ("Lampu jalan mati di Gang Melati.", "Jalan depan pasar berlubang.", "Mohon bangku di ruang tunggu."):
        page = desk.complain_on_website(text, files=(photo, ("surat.txt", "text/plain", text.encode())))
        told.append((number_in(page.text), code_in(page.text)))
    desk.walk(told[0][0], "Ganti lampu", "Lampu diganti.", "Lampu sudah menyala.")
    desk.verify(told[1][0])
    load = Load(office)
    load.start()
    await_that(lambda: len(load.told) >= 5, 30, "lima aduan")
    said = office.must("backup", "cadangan")
    assert "Cadangan dibuat dan diperiksa" in said
    load.stop()
    before = pages_of(desk, told)
    newer = numbers(office)
    office.stop()

    office.data.rename(office.folder / "cakram-mati")
    said = office.must("restore", str(only_copy(copies)))
    assert "dipulihkan" in said and "Buku utuh" in office.must("verify")
    restored = numbers(office)
    assert {number for number, _ in told} <= restored <= newer
    office.start()
    desk.logged_out()
    after = pages_of(desk, told)
    assert before.keys() == after.keys()
    for (who, where), text in before.items():
        if not where.startswith("/"):  # lists also show what came after the backup
            assert text == after[who, where], f"{who} {where}"
    page = desk.complaint("petugas", told[0][0])
    assert desk.session("petugas").get(page.link("lampu.png")).body == photo[2]
    office.stop()
    assert "Buku utuh" in office.must("verify")


def test_book_that_was_tampered_with_is_backed_up_loudly_and_older_copies_are_kept(office):
    copies = office.folder / "cadangan"
    copies.mkdir()
    office.start()
    complain(office, "Sebelum diubah.")
    office.must("backup", "cadangan")
    office.stop()
    with sqlite3.connect(office.data / "buku.db") as book:
        book.execute("UPDATE message SET text = 'Tidak ada keluhan.'")
    book.close()
    good = only_copy(copies)
    old = good.rename(copies / "buku-2020-01-01T000000Z")
    office.sections["backup"] = {"folder": str(copies), "keep": "1"}
    office.write_configuration()
    office.start()
    assert "message" in office.wait_log(r"backup\.doubtful")
    status = office.run("status")
    assert status.returncode == 1 and "TIDAK UTUH, yang lama tidak dihapus" in status.stdout, status.stdout
    office.stop()
    assert old.exists()
    newest = max(copies.iterdir())
    shutil.rmtree(office.data)
    restored = office.run("restore", str(newest))
    assert restored.returncode == 1 and "sudah demikian saat dicadangkan" in restored.stdout, restored
    shutil.rmtree(office.data)
    office.must("restore", str(old))
    assert "Buku utuh" in office.must("verify")


def test_backup_without_a_daemon_and_a_damaged_one_is_refused(office):
    copies = office.folder / "cadangan"
    copies.mkdir()
    office.must("backup", str(copies))
    copy = only_copy(copies)
    with open(copy / "buku.db", "r+b") as book:
        book.seek(5000)
        book.write(b"?")
    shutil.rmtree(office.data)
    refused = office.run("restore", str(copy))
    assert refused.returncode == 65 and "tidak cocok" in refused.stderr
    assert not list(office.data.iterdir())
    assert office.run("restore", str(copies / "tidak-ada")).returncode == 66
    office.must("init")
    assert office.run("backup", str(office.folder / "tidak-ada")).returncode == 73


def test_scheduled_backup_is_sealed_kept_and_told_in_status(office):
    copies = office.folder / "cadangan"
    copies.mkdir()
    office.sections["backup"] = {"folder": str(copies), "every": "1", "keep": "2",
                                 "key": office.secret("BACKUP_KEY", KEY)}
    office.write_configuration()
    old = office.data / "lampiran" / "ab" / "cd"
    old.mkdir(parents=True)
    orphan = old / ("abcd" + "0" * 60)
    orphan.write_bytes(b"sisa")
    os.utime(orphan, (time.time() - 3 * 86400,) * 2)
    office.start()
    number = complain(office, "Sebelum cadangan pertama.")
    office.wait_log(r"backup\.made")
    office.wait_log(r"backup\.orphans_swept files=1")
    assert not orphan.exists()
    status = office.run("status")
    assert "Cadangan: terakhir kurang dari 1 menit lalu" in status.stdout, status.stdout
    office.restart()  # the newest is not old enough: nothing is made again
    await_that(lambda: "Cadangan: terakhir" in office.run("status").stdout, 20, "status mengenal cadangan yang ada")
    office.stop()
    copy = only_copy(copies)
    assert copy.name.endswith(".sandi") and number.encode() not in copy.read_bytes()
    shutil.rmtree(office.data)
    office.secrets["BACKUP_KEY"] = "kunci lain yang tidak cocok"
    refused = office.run("restore", str(copy))
    assert refused.returncode == 65 and "Kunci tidak cocok" in refused.stderr
    office.secrets["BACKUP_KEY"] = KEY
    office.must("restore", str(copy))
    assert numbers(office) == {number}
    assert KEY not in office.output()


def test_scheduled_backup_that_fails_needs_a_person(office):
    office.sections["backup"] = {"folder": str(office.folder / "cakram-belum-terpasang")}
    office.write_configuration()
    office.start()
    office.wait_log(r"backup\.failed")
    status = office.run("status")
    assert status.returncode == 1 and "Cadangan: GAGAL" in status.stdout, status.stdout
    office.stop()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_death_at_any_step_leaves_nothing_that_looks_whole(office, command):
    """kill -9 at each durable step (daemon/base/step.h) of the command, then the command once more."""
    copies = office.folder / "cadangan"
    copies.mkdir()
    arguments = [str(copies)]
    if command == "restore":
        office.start()
        form = office.session().get("/aduan").form("/aduan").fill(nama="Budi", isi="Dengan foto.")
        form.attach("berkas", "bukti.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400)
        form.submit().must()
        office.stop()
        office.must("backup", *arguments)
        arguments = [str(only_copy(copies))]
    for step in range(1, 60):
        if command == "restore":
            shutil.rmtree(office.data)
        office.extra_environment["PENGADUAND_CRASH_STEP"] = str(step)
        died = office.run(command, *arguments).returncode == -signal.SIGKILL
        del office.extra_environment["PENGADUAND_CRASH_STEP"]
        whole = [path for path in copies.iterdir() if path.name.startswith("buku-")]
        if command == "restore" and not (office.data / "buku.db").exists():
            office.must("restore", *arguments)
        if command == "backup" and not whole:
            office.must("backup", *arguments)
            whole = [only_copy(copies)]
        office.must("verify")
        if not died:
            break
        if command == "backup":
            shutil.rmtree(whole[0])
    assert not died and step > 2, f"langkah {step}"
