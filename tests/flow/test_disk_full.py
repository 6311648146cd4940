"""The disk with the book is full, on a real small file system: nothing is lost, one line says so, and it ends by itself."""
import pytest

import gateway as stand_in
from desk import Desk
from process import await_that
from servers import Town
from small_disk import SmallDisk

CITIZENS = [f"62813000{number:05d}" for number in range(12)]


@pytest.fixture()
def town():
    with Town(mail=False, mqtt=False) as made:
        yield made


@pytest.fixture()
def disk(town):
    made = SmallDisk(town.scratch.folder("cakram"), megabytes=6)
    town.scratch.at_end(made.close)
    return made


@pytest.fixture()
def desk(town, disk):
    office = town.daemon()
    office.data = disk.folder / "data"
    office.sections["server"]["data"] = str(office.data)
    office.init()
    made = Desk(office).hire()
    office.start()
    yield made
    office.stop()
    office.must("verify")


def say(town, desk, message):
    return town.gateway.deliver(desk.daemon.hook_url(), message, desk.daemon.secrets["GOWA_SECRET"], pauses=())[0]


def lines(desk, event):
    return [line for line in desk.daemon.output().splitlines() if f" {event} " in line]


def fill_until_refused(town, desk, disk):
    """What fits into room that the book had already is taken; full is when it says 503."""
    for number in range(1000):
        disk.fill()
        if say(town, desk, stand_in.gowa_text(f"62812000{number:05d}", "Masih muat. " * 200)) == 503:
            return
    raise AssertionError("cakram tidak kunjung penuh")


def test_full_disk_is_one_line_and_nothing_is_lost(town, desk, disk):
    messages = [stand_in.gowa_text(phone, f"Aduan dari {phone}") for phone in CITIZENS]
    petugas = desk.session("petugas")  # a login is a write
    fill_until_refused(town, desk, disk)
    assert [say(town, desk, message) for message in messages] == [503] * len(messages)
    page = desk.daemon.session().get("/aduan").must().form("/aduan").fill(
        nama="Budi", alamat="Jalan Mastrip 12", isi="Jangan sampai hilang.").submit()
    assert page.status == 503
    assert "penyimpanan penuh" in page.text
    petugas.get("/meja").must()
    assert len(lines(desk, "book.cannot_write")) == 1 and not lines(desk, "intake.failed")
    said = desk.daemon.run("status")
    assert said.returncode == 1 and "TIDAK DAPAT DITULIS" in said.stdout and "penyimpanan penuh" in said.stdout

    disk.make_room()
    desk.daemon.wait_log(r" book\.writes_again ")  # nobody wrote anything meanwhile
    assert "TIDAK DAPAT DITULIS" not in desk.daemon.run("status").stdout
    assert [say(town, desk, message) for message in messages] == [200] * len(messages)
    assert [say(town, desk, message) for message in messages] == [200] * len(messages)
    opened = desk.daemon.book_query("SELECT count(*) FROM message WHERE text LIKE 'Aduan dari %'")
    assert opened == [(len(messages),)]
    for phone in CITIZENS:
        town.gateway.wait_sent(lambda sent: phone in sent.to, what=f"tanda terima untuk {phone}")
    assert len(lines(desk, "book.cannot_write")) == 1 and len(lines(desk, "book.writes_again")) == 1


def test_fate_of_a_letter_waits_for_the_disk(town, desk, disk):
    """Sent while there was room, answered when there was none: it is not sent again, and known once there is room."""
    town.gateway.hang_next()
    assert say(town, desk, stand_in.gowa_text(CITIZENS[0], "Tanda terima saya?")) == 200
    town.gateway.wait_sent(lambda sent: CITIZENS[0] in sent.to, what="tanda terima")
    fill_until_refused(town, desk, disk)
    town.gateway.release()
    desk.daemon.wait_log(r" outbox\.sent .*result=unknown")
    disk.make_room()

    def fate():
        return desk.daemon.book_query("SELECT state FROM outbox WHERE channel = 'gateway:wa' ORDER BY id LIMIT 1")

    await_that(lambda: fate() == [("tidak_pasti",)], 20, "nasib surat tercatat")
    assert len([sent for sent in town.gateway.sent if CITIZENS[0] in sent.to]) == 1
    assert len(lines(desk, "outbox.fate_unwritten")) <= 2  # not once a turn of the loop
