"""Passwords are hashed by argon2id, tens of milliseconds each: a crowd that guesses must hold up nobody but itself."""
import select
import socket
import urllib.parse

import pytest

from crowd import from_other_site
from daemon import Daemon
from desk import OFFICERS, Desk
from process import await_that

CROWD = 48  # fewer than may wait (WEB_PREPARING_MAX)
WAITING_MOST = 64


@pytest.fixture()
def desk(tmp_path):
    office = Daemon(tmp_path)
    office.init()
    made = Desk(office).hire()
    office.start()
    try:
        yield made
        office.stop()
    finally:
        office.kill()


class Guesser:
    """One login of somebody else's name on its way; each from an address of its own, as a proxy would tell."""

    def __init__(self, office, number, login="tidak.ada"):
        body = urllib.parse.urlencode({"u": login, "p": f"tebakan-ke-{number}"}).encode()
        self._socket = socket.create_connection(("127.0.0.1", office.port))
        self._socket.sendall(
            b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"X-Forwarded-For: 198.51.%d.%d\r\nContent-Length: %d\r\n\r\n" % (100 + number // 250, number % 250 + 1, len(body))
            + body)

    def answered(self):
        return bool(select.select([self._socket], [], [], 0)[0])

    def head(self):
        """Everything that came until the end."""
        self._socket.settimeout(60)
        said = b""
        while piece := self._socket.recv(65536):
            said += piece
        self._socket.close()
        return said.split(b"\r\n\r\n")[0].decode()

    def status(self):
        return int(self.head().split()[1])


def test_a_flood_of_logins_holds_up_neither_complaints_nor_pages(desk):
    office, petugas = desk.daemon, desk.session("petugas")
    crowd = [Guesser(office, n) for n in range(CROWD)]
    await_that(crowd[0].answered, 60, "kata sandi pertama diperiksa")
    number = from_other_site(desk, nama="Siti Rohmah", alamat="Kedopok", isi="Lampu jalan padam di Gang Melati.")
    office.session().get("/lacak").must()
    petugas.get("/buku").must(number)
    waiting = sum(not one.answered() for one in crowd)
    assert waiting > CROWD // 3, f"hanya {waiting} dari {len(crowd)} penebak masih menunggu: buku ikut menunggu mereka"
    assert {one.status() for one in crowd} == {403}


def test_more_logins_at_once_than_may_wait_are_told_to_come_back(desk):
    crowd = [Guesser(desk.daemon, n) for n in range(WAITING_MOST * 2)]
    heads = [one.head() for one in crowd]
    assert {head.split()[1] for head in heads} == {"403", "503"}
    assert all("Retry-After:" in head for head in heads if head.split()[1] == "503")
    assert desk.daemon.session(OFFICERS["kasi"][0], OFFICERS["kasi"][2]).get("/meja").must()


def test_guessing_one_login_locks_it_and_says_the_same_as_for_a_login_that_is_not_there(desk):
    pages = {}
    for login in ("rina", "tidak.ada"):
        form = desk.daemon.session().get("/masuk").form("/masuk").fill(u=login, p="tebakan-pertama")
        pages[login] = form.submit()
        assert pages[login].status == 403
    assert pages["rina"].text.replace("rina", "X") == pages["tidak.ada"].text.replace("tidak.ada", "X")
    assert {Guesser(desk.daemon, n, "rina").status() for n in range(5)} == {403}
    login, _, password = OFFICERS["petugas"]
    locked = desk.daemon.session().get("/masuk").form("/masuk").fill(u=login, p=password).submit()
    assert locked.status == 403, locked
