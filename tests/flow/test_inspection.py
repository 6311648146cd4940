"""The nightly look through the book: by itself, in pieces, told to whom it concerns."""
import json
import re
import sqlite3
import threading

import pytest

from desk import Desk, number_in
from mail import text_of
from process import await_that
from servers import Town

BUDI = "budi@warga.example"


@pytest.fixture()
def office(town):
    made = town.daemon(gateway=None)
    made.sections["server"]["verify"] = "yes"
    made.init()
    return made


def add_admin(office, login, address):
    office.must("user", "add", login, "--role", "admin", "--email", address, "--password-stdin",
                stdin="kata-sandi-admin\n")


def test_whole_book_is_in_log_status_history_and_feed(town, office):
    office.sections["mqtt"]["office"] = "periksa"
    office.write_configuration()
    subscriber = town.subscriber("pengaduan/periksa/event/buku_diperiksa")
    office.start()
    assert re.search(r"rows=\d+ ms=\d+", office.wait_log(r"inspection\.done whole=yes"))
    message = json.loads(subscriber.wait()["payload"])
    done = office.run("status")
    assert done.returncode == 0 and re.search(r"Pemeriksaan buku: terakhir .* lalu, selama \d+,\d detik: utuh", done.stdout), done
    assert "ada di dalamnya" in office.must("verify", "--head", message["sidik"])
    seen = len(office.output())
    office.restart()  # once a day: not again
    office.run("status")
    await_that(lambda: "utuh" in office.run("status").stdout, 20, "status ingat pemeriksaan sebelum mulai ulang")
    assert "inspection.done" not in office.output()[seen:]
    office.stop()


def test_tampering_is_told_to_admin_by_mail_at_the_desk_and_in_status(town, office):
    desk = Desk(office).hire()
    add_admin(office, "budi", BUDI)
    with sqlite3.connect(office.data / "buku.db") as book:
        book.execute("UPDATE officer SET role = 'admin' WHERE login = 'rina'")
        book.execute("UPDATE officer SET role = 'petugas' WHERE login = 'rina'")  # as it was: no trace
        book.execute("UPDATE officer SET section_id = 1 WHERE login = 'hadi'")
    book.close()
    office.start()
    assert "officer" in office.wait_log(r"inspection\.done whole=no")
    letter = town.mailbox(BUDI).wait(lambda seen: "tidak utuh" in seen["Subject"])
    assert "tabel officer" in text_of(letter)
    done = office.run("status")
    assert done.returncode == 1 and "tabel officer" in done.stdout and "perlu dilihat admin" in done.stdout, done
    office.session("budi", "kata-sandi-admin").get("/meja").must("menemukan kesalahan", "tabel officer")
    page = desk.session("petugas").get("/meja").must("menemukan kesalahan", "Beri tahu admin")
    assert "tabel officer" not in page.text
    assert desk.complain_on_website("Tetap diterima.").must("PGD")  # people are served all the same
    office.restart()
    await_that(lambda: "tabel officer" in office.run("status").stdout, 20, "status ingat kesalahan")
    office.stop()


def test_asked_for_and_switched_off(town):
    office = town.daemon(dovecot=None, exim=None, broker=None, gateway=None)
    office.sections["server"]["verify_hour"] = "24"
    wrong = office.run("check")
    assert wrong.returncode == 78 and "verify_hour" in wrong.stdout + wrong.stderr
    office.sections["server"]["verify_hour"] = "23"
    office.write_configuration()
    office.init()
    office.start()
    done = office.run("status")
    assert "Pemeriksaan buku: tidak dijadwalkan" in done.stdout, done
    office.stop()


def test_verify_while_complaints_come_in_is_right_and_the_log_before_the_book_does_not_grow(town):
    """Rows are compared piece by piece while the book is written; no snapshot is kept that long."""
    office = town.daemon(dovecot=None, exim=None, broker=None, gateway=None)
    office.init()
    desk = Desk(office).hire()
    office.start()
    end, failure, told = threading.Event(), [], []

    def write():
        try:
            while not end.is_set():
                told.append(number_in(desk.complain_on_website(f"Aduan ke-{len(told)} " + "panjang " * 500).text))
        except Exception as problem:
            failure.append(problem)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(8):
            before = len(told)
            assert "Buku utuh" in office.must("verify")
            await_that(lambda before=before: failure or len(told) > before, 20, "aduan di sela pemeriksaan")
    finally:
        end.set()
        writer.join()
    assert not failure, failure
    office.stop()
    assert f"{len(told)} aduan" in office.must("verify")
