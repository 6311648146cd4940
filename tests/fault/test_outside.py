"""Servers outside that are dead, silent, wrong or cut off: said in the log and in `status`, nothing lost, nothing twice,
and everything goes on by itself when they are as they should be."""
import itertools
import json
import re

import pytest

import gateway as stand_in
from desk import Desk, number_in
from faults import Faults
from liar import Liar
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that
from story import SITI

PHONES = (f"62813{number:08d}" for number in itertools.count(1))  # each a citizen whom nobody knows yet
AGAIN_S = 60  # the longest pause after one or two failures
FIRST_PAUSE_S = 20  # RETRY_FIRST_MS of daemon/desk/outbox_run.c is ten
CUT_AFTER = [1, 40, 300, 1500]  # bytes of the server's answer: in the greeting, in TLS, in the login, in the middle of a mail


@pytest.fixture(scope="module")
def liars(town):
    made = {"imap": Liar(town.dovecot.port).start(), "smtp": Liar(town.exim.tls_port).start(),
            "broker": Liar(town.broker.port).start(), "gateway": Liar(town.gateway.port).start()}
    for liar in made.values():
        town.scratch.at_end(liar.stop)
    return made


@pytest.fixture(scope="module")
def faults(town):
    return Faults(town.scratch.folder("gangguan"))


@pytest.fixture(scope="module")
def desk(town, liars, faults):
    office = town.daemon()
    office.sections["mailbox kantor"]["port"] = liars["imap"].port
    office.sections["smtp"]["port"] = liars["smtp"].port
    office.sections["mqtt"]["port"] = liars["broker"].port
    office.sections["gateway wa"]["set.base"] = f"http://127.0.0.1:{liars['gateway'].port}"
    office.init()
    made = Desk(office).hire()
    office.extra_environment.update(faults.environment())
    office.start()
    office.wait_log("semua surat sudah diambil")
    yield made
    office.stop()
    office.must("verify")


@pytest.fixture()
def office(desk, liars):
    yield desk.daemon
    for liar in liars.values():
        liar.be("honest")


def complain(office, town, phone, text="Lampu jalan mati."):
    status = town.gateway.deliver(office.hook_url(), stand_in.gowa_text(phone, text), office.secrets["GOWA_SECRET"],
                                  pauses=())[0]
    assert status == 200


def number_of(office, key):
    """The register number of the complaint that this message began, when it is in the book. key: a part of what the arrival
    is known by: the mail's Message-ID, or the citizen's telephone number."""
    found = await_that(lambda: office.book_query(
        "SELECT c.number FROM complaint c JOIN arrival a ON a.complaint_id = c.id"
        " WHERE a.digest LIKE ?1 OR c.reply_to LIKE ?1", f"%{key}%"), AGAIN_S, f"aduan dari {key}")
    return found[0][0]


def receipt(office, number):
    """Of that complaint, and of no other that is still on its way: (state, attempts)."""
    return office.book_query("SELECT o.state, o.attempts FROM outbox o JOIN complaint c ON c.id = o.complaint_id"
                             " WHERE o.purpose = 'tanda_terima' AND c.number = ?", number)[0]


def await_receipt(office, number, wanted):
    await_that(lambda: receipt(office, number)[0] in wanted, AGAIN_S, f"tanda terima {number}: {wanted}")
    return receipt(office, number)[0]


def wire_log(office, text, faults=None):
    """faults: what it waits for is the end of somebody's patience, and time passes faster until then."""
    at = len(office.output())

    def said():
        if faults:
            faults.let_pass(1, office)
        return re.search(text, office.output()[at:])
    return lambda: await_that(said, AGAIN_S, f"baris log /{text}/")


# ---- the mailbox

MANNERS = [("dead", {}), ("hang", {})] + [
    ("cut", {"bytes": count}) for count in CUT_AFTER]


@pytest.mark.parametrize("manner, how", MANNERS)
def test_mail_comes_in_after_the_mail_server_was_away(office, town, liars, faults, manner, how):
    said = wire_log(office, r"warn .* mailbox\.failed|error .* mailbox\.failed|good=no", manner == "hang" and faults)
    liars["imap"].be(manner, **how)
    said()
    mail = town.send(compose(SITI, OFFICE_ADDRESS, f"Sesudah {manner} {how}", "Tetap sampai.\n",
                             [("foto.png", "image/png", bytes(70000))]))
    assert "TERGANGGU" in office.run("status").stdout
    liars["imap"].be("honest")

    def arrived():
        return office.book_query("SELECT outcome FROM arrival WHERE digest LIKE ?",
                                 f"%{mail['Message-ID'].strip('<>')}%")
    assert await_that(arrived, AGAIN_S, "surat di buku") == [("dibuka",)]
    office.wait_log("semua surat sudah diambil", AGAIN_S)


# ---- the relay for letters

@pytest.mark.parametrize("manner, how", [("dead", {})] + [
    ("cut", {"bytes": count}) for count in CUT_AFTER[:3]])
def test_receipt_leaves_once_after_the_relay_was_away(office, town, liars, faults, manner, how):
    liars["smtp"].be(manner, **how)
    mail = town.send(compose(SITI, OFFICE_ADDRESS, f"Tanda terima {manner} {how}", "Mana tanda terimanya?\n"))
    number = number_of(office, mail["Message-ID"].strip("<>"))
    office.wait_log(rf"warn .*{number} outbox\.sent .*purpose=tanda_terima result=(later|unknown)", AGAIN_S)
    liars["smtp"].be("honest")
    faults.let_pass(FIRST_PAUSE_S, office)
    state = await_receipt(office, number, ("diterima", "tidak_pasti"))
    got = [text for text in map(text_of, town.mailbox(SITI).messages()) if number_in(text) == number]
    if state == "diterima":
        town.mailbox(SITI).wait(lambda letter: number_in(text_of(letter)) == number)
        got = [text for text in map(text_of, town.mailbox(SITI).messages()) if number_in(text) == number]
    # "Unknown" says nobody knows: the line may have been cut behind the letter's last byte.
    assert len(got) == 1 or (state == "tidak_pasti" and not got)


# ---- the gateway

@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
                                   b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html></html>",
                                   b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"code\":\"ER\"",
                                   b"\x00\xff\x00 bukan HTTP\r\n\r\n"],
                         ids=["tutup", "terpotong", "html", "json-putus", "bukan-http"])
def test_gateway_that_lies_is_never_believed_and_never_asked_twice(office, town, liars, words):
    """What it did with the message is not known: nobody says "sent", nobody sends it again."""
    phone = next(PHONES)
    liars["gateway"].be("say" if words else "cut", words=words, bytes=0 if words else 1)
    seen = liars["gateway"].seen
    complain(office, town, phone)
    if words == b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n":
        await_that(lambda: liars["gateway"].seen > seen, 20, "gerbang dihubungi")
        liars["gateway"].be("honest")  # which resets the connection that waits for two more bytes
    number = number_of(office, phone)
    office.wait_log(rf"warn .*{number} outbox\.sent .*purpose=tanda_terima result=(unknown|later|refused)", AGAIN_S)
    await_receipt(office, number, ("tidak_pasti", "gagal"))  # the line in the log comes before the commit
    assert receipt(office, number)[1] == 1


def test_dead_gateway_gets_the_receipt_when_it_lives_again(office, town, liars):
    phone = next(PHONES)
    liars["gateway"].be("dead")
    complain(office, town, phone)
    number = number_of(office, phone)
    office.wait_log(rf"warn .*{number} outbox\.sent", AGAIN_S)
    liars["gateway"].be("honest")
    state = await_receipt(office, number, ("diterima", "tidak_pasti"))
    assert len([sent for sent in town.gateway.sent if phone in sent.to]) == (1 if state == "diterima" else 0)


# ---- the broker

@pytest.mark.parametrize("manner, how", [("dead", {}), ("hang", {}), ("cut", {"bytes": 4}), ("cut", {"bytes": 10}),
                                         ("say", {"words": b"\x20\x02\x00\x03"}),  # CONNACK: server unavailable
                                         ("say", {"words": b"HTTP/1.1 400 Bad Request\r\n\r\n"}), ("drip", {})],
                         ids=["mati", "diam", "putus-4", "putus-10", "menolak", "bukan-mqtt", "lambat"])
def test_broker_gets_every_event_in_order_when_it_is_honest_again(office, town, liars, manner, how):
    subscriber = town.subscriber()
    before = office.book_query("SELECT max(id) FROM outbox")[0][0]
    liars["broker"].be(manner, **how)
    phones = list(itertools.islice(PHONES, 3))
    for phone in phones:
        complain(office, town, phone)
    if manner != "drip":
        await_that(lambda: "TERGANGGU" in office.run("status").stdout, AGAIN_S, "status menyebut gangguan")
    liars["broker"].be("honest")
    wanted = [number for number, in office.book_query(
        "SELECT json_extract(payload, '$.event.id') FROM outbox WHERE channel = 'mqtt' AND id > ? ORDER BY id", before)]
    assert len(wanted) >= len(phones)
    await_that(lambda: not office.book_query("SELECT 1 FROM outbox WHERE channel = 'mqtt' AND state IN ('antre', 'mengirim')"),
               2 * AGAIN_S, "semua peristiwa keluar")
    heard = await_that(lambda: (lambda ids: ids if set(wanted) <= set(ids) else None)(
        [json.loads(m["payload"])["id"] for m in subscriber.messages if "/event/" in m["topic"]]), 20, "peristiwa di broker")
    once = list(dict.fromkeys(heard))
    assert [number for number in once if number in wanted] == wanted
    subscriber.stop()
