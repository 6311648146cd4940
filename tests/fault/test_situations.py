"""The machine in trouble under a running daemon: it says so, asks to come again, and goes on by itself afterwards."""
import errno
import os
import resource
import signal
import socket
import time
from datetime import datetime, timedelta, timezone

import pytest

import gateway as stand_in
from desk import Desk, code_in
from faults import EVER, Faults
from mail import OFFICE_ADDRESS, compose
from process import await_that
from story import LARGE, SITI, SMALL

PHONES = (f"62814{number:08d}" for number in range(1, 10000))
YEAR_S, PATIENCE_S = 365 * 24 * 3600, 60
SILENT_S = 5  # of a mailbox, until its child is replaced
HOLD_S = 10  # twice STORAGE_HOLD_MS of daemon/book/storage.h: nothing fails so long, and the look after it
REQUEST_S = 2  # PARSER_REQUEST_MS of channels/parser/parser_protocol.h


@pytest.fixture(scope="module")
def faults(town):
    return Faults(town.scratch.folder("gangguan"))


@pytest.fixture(scope="module")
def desk(town, faults):
    office = town.daemon()
    office.sections["mailbox kantor"]["timeout_seconds"] = SILENT_S
    office.init()
    made = Desk(office).hire()
    office.extra_environment.update(faults.environment())
    office.start()
    office.wait_log("semua surat sudah diambil")
    made.session("petugas")  # a login is a write
    yield made
    office.stop()
    office.must("verify")


@pytest.fixture()
def office(desk, faults):
    yield desk.daemon
    faults.heal()
    faults.turn_clock(0)


def deliver(office, town, message):
    return town.gateway.deliver(office.hook_url(), message, office.secrets["GOWA_SECRET"], pauses=())[0]


def form_of(office, text, files=()):
    form = office.session().get("/aduan").must().form("/aduan")
    form.fill(nama="Budi", pekerjaan="Pedagang", alamat="Jalan Mastrip 12", isi=text)
    for file in files:
        form.attach("berkas", *file)
    return form


def texts(office, text):
    return office.book_query("SELECT count(*) FROM message WHERE text LIKE ? AND purpose = 'aduan'", f"%{text}%")[0][0]


def receipts(office, text):
    return office.book_query("SELECT o.state FROM outbox o JOIN message m ON m.complaint_id = o.complaint_id"
                             " WHERE o.purpose = 'tanda_terima' AND m.purpose = 'aduan' AND m.text LIKE ?", f"%{text}%")


# ---- the disk

@pytest.mark.parametrize("error", [errno.EROFS, errno.ENOSPC, errno.EIO], ids=["hanya-baca", "penuh", "rusak"])
def test_disk_that_takes_nothing_costs_nothing(office, town, desk, faults, error):
    name = os.strerror(error)
    message = stand_in.gowa_text(next(PHONES), f"Pesan pada cakram: {name}.")
    form = form_of(office, f"Formulir pada cakram: {name}.", (SMALL, LARGE))
    faults.fail("write", "name", "sync", count=EVER, error=error, folder=office.data)
    at = len(office.output())
    assert [deliver(office, town, message) for _ in range(3)] == [503] * 3
    page = form.submit()
    assert page.status == 503 and "elum tersimpan" in page.text
    desk.session("petugas").get("/buku").must()
    office.wait_log(r"error .* book\.cannot_write ", after=at)
    assert office.run("status").returncode == 1

    faults.heal()
    assert deliver(office, town, message) == 200
    assert deliver(office, town, message) == 200
    form.submit().must("PGD")
    faults.let_pass(HOLD_S, office)
    office.wait_log(r" book\.writes_again ", after=at)
    assert texts(office, f"Pesan pada cakram: {name}") == texts(office, f"Formulir pada cakram: {name}") == 1


def test_mail_waits_in_the_mailbox_while_the_disk_takes_nothing(office, town, faults):
    at = len(office.output())
    faults.fail("write", "name", "sync", count=EVER, error=errno.ENOSPC, folder=office.data)
    town.send(compose(SITI, OFFICE_ADDRESS, "Cakram penuh", "Menunggu di kotak surat.\n", (SMALL, LARGE)))
    office.wait_log(r"book\.cannot_write|intake\.failed", PATIENCE_S, after=at)
    assert not texts(office, "Menunggu di kotak surat")
    faults.heal()
    await_that(lambda: texts(office, "Menunggu di kotak surat") == 1, 2 * PATIENCE_S, "surat di buku")


# ---- descriptors

def test_no_descriptor_left_is_said_once_and_served_again(office, town, faults):
    pid, at = office.process.pid, len(office.output())
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    used = max(int(name) for name in os.listdir(f"/proc/{pid}/fd")) + 1
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (used, hard))
    waiting = [socket.create_connection(("127.0.0.1", office.port), timeout=30) for _ in range(40)]
    try:
        office.wait_log(r"warn .* http\.accept_failed", after=at)
        before = cpu_ticks(pid)
        for connection in waiting:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert cpu_ticks(pid) - before < 100  # it rests between the attempts
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))
    for connection in waiting:
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 200")
        connection.close()
    assert len([line for line in office.output()[at:].splitlines() if "http.accept_failed" in line]) <= 3
    assert deliver(office, town, stand_in.gowa_text(next(PHONES), "Sesudah deskriptor habis.")) == 200


def cpu_ticks(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_call_for_a_descriptor_fails_in_the_middle_of_a_form(office, faults):
    """Each EMFILE while a form with attachments is taken: come again, and then it is there once."""
    form = form_of(office, "Formulir tanpa deskriptor.", (SMALL, ("besar.pdf", "application/pdf", os.urandom(90000))))
    faults.fail("open", count=6)
    statuses = []

    def sent():
        try:
            statuses.append(form.submit().status)
        except OSError:
            statuses.append(None)
        return statuses[-1] == 200
    await_that(sent, PATIENCE_S, "formulir diterima")
    assert set(statuses) <= {200, 503, None}
    assert texts(office, "Formulir tanpa deskriptor") == 1


# ---- children

@pytest.mark.parametrize("child, number", [("parser", signal.SIGSTOP), ("parser", signal.SIGKILL),
                                           ("mailbox", signal.SIGKILL), ("mailbox", signal.SIGSTOP)],
                         ids=["parser-diam", "parser-mati", "mailbox-mati", "mailbox-diam"])
def test_child_that_dies_or_hangs_is_replaced(office, town, child, number):
    text = f"Anak proses {child} {number.name}."
    form_of(office, "Supaya pembaca berjalan.", (SMALL,)).submit().must("PGD")
    at = len(office.output())
    os.kill(office.children()[child], number)
    town.send(compose(SITI, OFFICE_ADDRESS, text, f"{text}\n", (SMALL,)))
    await_that(lambda: texts(office, text) == 1, 4 * PATIENCE_S, "surat di buku")
    office.wait_log(rf"{child}\.(died|broken|failed) .*how=|{child}\.(broken|failed) .*the mailbox child ended", PATIENCE_S, after=at)
    media = office.book_query("SELECT a.media_type FROM attachment a JOIN message m ON m.id = a.message_id"
                              " WHERE m.text LIKE ?", f"%{text}%")
    assert len(media) == 1


def test_idle_parser_is_not_taken_for_one_that_hangs(office):
    form_of(office, "Pembaca tetap hidup.", (SMALL,)).submit().must("PGD")
    pid, at = office.children()["parser"], len(office.output())
    time.sleep(REQUEST_S + 0.5)  # the time in which it must not be killed
    assert office.children()["parser"] == pid and "parser.died" not in office.output()[at:]


# ---- the clock

@pytest.mark.parametrize("seconds", [YEAR_S, -YEAR_S, 3600, -3600])
def test_clock_that_jumps_there_and_back_holds_nothing_up(office, town, faults, seconds):
    """A letter that fails while the clock is wrong leaves soon after it is right; events keep their order.

    The message is stamped by the clock of its office, which the gateway shares."""
    wrong = (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    faults.turn_clock(seconds)
    town.gateway.answer_next(429, times=1)
    at = len(office.output())
    message = stand_in.gowa_text(next(PHONES), f"Jam meleset {seconds}.", timestamp=wrong)
    assert deliver(office, town, message) == 200
    office.wait_log(r"outbox\.sent .*channel=gateway:wa .*result=later", after=at)
    faults.turn_clock(0)
    assert deliver(office, town, stand_in.gowa_text(next(PHONES), f"Jam benar {seconds}.")) == 200
    for text in (f"Jam meleset {seconds}.", f"Jam benar {seconds}."):
        await_that(lambda text=text: receipts(office, text) == [("diterima",)], 2 * PATIENCE_S, f"tanda terima: {text}")
    page = office.session().get(form_of(office, f"Sesudah jam {seconds}.").submit().must("PGD").path).must()
    office.session().get(f"/lacak?kode={code_in(page.text)}").must()


def test_a_clock_that_is_ahead_of_the_gateways_costs_the_receipt_and_not_the_complaint(office, town, faults):
    """A message an hour old by our clock is not answered by itself; it is in the book, and its history says why."""
    faults.turn_clock(2 * 3600)
    assert deliver(office, town, stand_in.gowa_text(next(PHONES), "Jam kantor terlalu cepat.")) == 200
    assert texts(office, "Jam kantor terlalu cepat.") == 1 and not receipts(office, "Jam kantor terlalu cepat.")
    assert office.book_query("SELECT 1 FROM event e JOIN message m ON m.complaint_id = e.complaint_id"
                             " WHERE m.text LIKE '%Jam kantor terlalu cepat%' AND e.data LIKE '%basi%'")


# ---- the service manager

def test_manager_that_does_not_listen_does_not_stop_the_daemon(office, town):
    """Ten datagrams fit into its socket; one more must not make the loop wait for it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as filler:
        try:
            while True:
                filler.sendto(b"WATCHDOG=1", office.environment()["NOTIFY_SOCKET"])
        except BlockingIOError:
            pass
    at = len(office.output())
    office.reload()
    office.wait_log(r"warn .* serve\.manager_not_told ", after=at)
    office.wait_log(r" serve\.ready ", after=at)
    assert deliver(office, town, stand_in.gowa_text(next(PHONES), "Sesudah mulai lagi.")) == 200
