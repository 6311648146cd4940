"""An account that cannot send: logged out, a QR code to scan, banned, reconnecting, a token that is over. With each of the
gateways what is to be sent waits, people are told once, citizens are still heard, and all leaves when it is well again."""
import itertools
import json
import time
from pathlib import Path

import pytest

import gateway as stand_in
import gateways
from desk import Desk, number_in
from process import await_that
from servers import Town

SESSIONS = json.loads((Path(__file__).resolve().parents[1] / "data" / "gateways" / "sessions.json").read_text())
PEOPLE = itertools.count(6281350000000)
SENDING = [name for name in SESSIONS if name != "wablas"]  # wablas has no address of its own to stand in for


@pytest.fixture(scope="module")
def house():
    with Town(mail=False, mqtt=False) as town:
        office = town.daemon(gateway=None)
        gateways.configure(office, town.gateway.base, auto_in_all=1000)
        office.init()
        desk = Desk(office).hire()
        office.start()
        yield town, office, desk
        office.stop()
        office.must("verify")


def post(office, name, raw):
    form = name in gateways.FORMS
    assert stand_in.post(gateways.url(office, name), raw, gateways.headers(name, raw),
                         "application/x-www-form-urlencoded" if form else "application/json") == 200


def write(office, name, when):
    """A citizen's first words; who it was."""
    who = str(next(PEOPLE))
    post(office, name, gateways.text(name, who, f"Lampu jalan padam dekat rumah {who}", int(when)))
    return who


def waits(office, name, count):
    """The channel is stopped, and so many receipts with it."""
    def look():
        rows = office.book_query("SELECT state FROM outbox WHERE channel = ? AND state IN ('antre', 'mengirim')", f"gateway:{name}")
        return [state for state, in rows] == ["antre"] * count and stopped(office, name)
    await_that(look, 30, f"{count} kiriman {name} menunggu")


def stopped(office, name):
    return f"SALURAN TERGANGGU: gateway:{name}" in office.run("status").stdout


def alarms(office, name):
    return [kind for kind, data in office.book_query(
        "SELECT kind, data FROM event WHERE kind IN ('saluran_terganggu', 'saluran_pulih') ORDER BY id")
        if json.loads(data)["channel"] == f"gateway:{name}"]


def receipt(town, who):
    return town.gateway.wait_sent(lambda sent: who in str(sent.to) and number_in(sent.text), 30, f"tanda terima {who}")


@pytest.mark.parametrize("name", [name for name in SESSIONS if "lost" in SESSIONS[name]])
def test_queue_waits_for_a_lost_session_and_goes_on_when_it_is_back(house, name):
    town, office, desk = house
    sample = SESSIONS[name]
    good = [json.dumps(body).encode() for body in sample["good"].values()]
    for title, body in sample["lost"].items():
        before = len(alarms(office, name))
        post(office, name, json.dumps(body).encode())
        await_that(lambda: stopped(office, name), 30, f"{name}: {title}")
        if name in SENDING:
            who = write(office, name, time.time() - 60)  # the gateway hands over late what it had
            for again in sample["waiting"].values():
                post(office, name, json.dumps(again).encode())
            waits(office, name, 1)
            assert not [sent for sent in town.gateway.sent if who in str(sent.to)]
        desk.session("petugas").get("/meja").must("terganggu sejak", "sesi terputus")
        for raw in good:
            post(office, name, raw)
        if name in SENDING:
            receipt(town, who)
        await_that(lambda: alarms(office, name)[before:] == ["saluran_terganggu", "saluran_pulih"], 30, f"{name}: {title}: pulih")
        assert not stopped(office, name)


@pytest.mark.parametrize("name", SENDING)
def test_account_that_is_refused_stops_the_queue_until_somebody_is_heard(house, name):
    """One answer of each; all of them are judged by test_gateway_send.c."""
    town, office, _ = house
    answer = next(iter(SESSIONS[name]["refused"].values()))
    before = len(alarms(office, name))
    town.gateway.answer_next(answer["status"], answer["body"], times=9)
    people = [write(office, name, time.time() - 60)]
    waits(office, name, 1)
    people.append(write(office, name, time.time() - 60))  # of before: no sign that it is well
    waits(office, name, 2)
    town.gateway.well()
    if name == "twilio":  # says no time: the new token is in the configuration, which is read at the start
        office.stop()
        office.start()
    else:
        people.append(write(office, name, time.time() + 1))
    for who in people:
        receipt(town, who)
    wanted = ["saluran_terganggu", "saluran_pulih"]
    await_that(lambda: alarms(office, name)[before:] == wanted, 30, f"{name}: {alarms(office, name)[before:]}")


def test_citizens_who_go_on_writing_do_not_make_it_try_at_every_word(house):
    town, office, _ = house
    name = "telegram"
    answer = next(iter(SESSIONS[name]["refused"].values()))
    before = len(alarms(office, name))
    town.gateway.answer_next(answer["status"], answer["body"], times=9)
    people = [write(office, name, time.time() - 60)]
    waits(office, name, 1)
    for count in (2, 3, 4):  # the first makes it try, and it is refused once more; the others wait
        people.append(write(office, name, time.time() + 1))
        waits(office, name, count)
    tried = office.book_query("SELECT sum(attempts) FROM outbox WHERE channel = 'gateway:telegram' AND state = 'antre'")
    assert tried[0][0] <= 3
    assert alarms(office, name)[before:] == ["saluran_terganggu"]
    town.gateway.well()
    office.stop()
    office.start()
    for who in people:
        receipt(town, who)
