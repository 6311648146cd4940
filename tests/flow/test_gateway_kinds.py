"""Every kind of callback of all ten gateways through the running daemon, with the proof of its origin, and what the book
keeps of it: read again by the same mapping, it is the canonical message that was expected."""
import json
import sqlite3
from pathlib import Path

import pytest

import gateway as stand_in
import gateways
from desk import Desk
from servers import Town

# Files at addresses of the outside world would be asked for there: those samples are the unit tests'; the addresses in
# classes.json are on nobody's list.
DATA = Path(__file__).resolve().parents[1] / "data" / "gateways"
CLASSES = json.loads((DATA / "classes.json").read_text())
VARIATIONS = json.loads((DATA / "variations.json").read_text())
SAMPLES = json.loads((DATA / "expected.json").read_text())


def raw_of(case):
    return (case["form"] if "form" in case else json.dumps(case["body"], ensure_ascii=False)).encode()


@pytest.fixture(scope="module")
def house():
    """One office with all ten gateways."""
    with Town(mail=False, mqtt=False) as town:
        office = town.daemon(gateway=None)
        gateways.configure(office, town.gateway.base)
        office.init()
        desk = Desk(office).hire()
        office.start()
        yield town, office, desk
        office.stop()
        office.must("verify")


def post(office, name, raw, headers=None):
    form = raw[:1] not in (b"{", b"[")
    return stand_in.post(gateways.url(office, name), raw, gateways.headers(name, raw) if headers is None else headers,
                         "application/x-www-form-urlencoded" if form else "application/json")


def kept(office, channel):
    """(external, outcome, reason, bytes) of every arrival by that channel."""
    book = sqlite3.connect(f"file:{office.data / 'buku.db'}?mode=ro", uri=True)
    try:
        return book.execute("SELECT a.external, a.outcome, a.reason, b.data FROM arrival a LEFT JOIN blob b"
                            " ON b.sha256 = a.raw_sha256 WHERE a.channel = ? ORDER BY a.id", (channel,)).fetchall()
    finally:
        book.close()


def read_again(office, name, raw, folder):
    path = folder / ("kept.form" if raw[:1] not in (b"{", b"[") else "kept.json")
    path.write_bytes(raw)
    out = office.must("parse-gateway", name, str(path))
    return [json.loads(line) for line in (out if isinstance(out, str) else out.stdout).splitlines()]


def is_nobodys(event):
    return event["as"] in ("status", "session") or event.get("group") or event.get("from_me") or \
        event.get("kind") in ("reaction", "system")


@pytest.mark.parametrize("name", list(gateways.GATEWAYS))
def test_every_kind_is_taken_kept_and_read_again(house, name, tmp_path):
    _, office, _ = house
    expected = {}
    for case in CLASSES[name].values():
        expected.setdefault(raw_of(case), case["events"])
        assert post(office, name, raw_of(case)) == 200
    for path, events in SAMPLES.items():
        if path.startswith(name + "/") and not any(event.get("media", "").startswith("https:") for event in events):
            raw = (DATA / path).read_bytes()
            if path.startswith("twilio/"):
                raw = raw.strip()
            expected.setdefault(raw, [{**event, "authentic": None} for event in events])
            assert post(office, name, raw) == 200
    rows = kept(office, f"gateway:{name}")
    seen = {}
    for external, outcome, reason, raw in rows:
        if raw is not None:
            seen.setdefault(bytes(raw), []).append((external, outcome, reason))
    assert seen.keys() <= expected.keys()
    for title, case in CLASSES[name].items():  # "played" is "read" told again; all others are new
        assert raw_of(case) in seen or all(event["as"] == "status" for event in case["events"]), title
    for raw, outcomes in seen.items():
        assert read_again(office, name, raw, tmp_path) == expected[raw]
        if expected[raw] and all(is_nobodys(event) for event in expected[raw]):
            assert not [row for row in outcomes if row[1] == "dibuka"], (expected[raw], outcomes)


def test_what_other_releases_send_is_taken_and_nothing_of_it_lost(house):
    """How each is read is test_gateway_event.c's; here, that the book has them all, and opens nothing for nobody's."""
    _, office, _ = house
    for name, cases in VARIATIONS.items():
        for title, case in cases.items():
            assert post(office, name, raw_of(case)) == 200, (name, title)
        outcomes = {}
        for _, outcome, reason, raw in kept(office, f"gateway:{name}"):
            if raw is not None:
                outcomes.setdefault(bytes(raw), []).append((outcome, reason))
        for title, case in cases.items():
            found = outcomes.get(raw_of(case))
            assert found, (name, title)
            said = [event for event in case["events"] if not is_nobodys(event) and event.get("chat")]
            assert said or not [row for row in found if row[0] == "dibuka"], (name, title, found)
            if said and all(event["as"] == "message" for event in said):
                assert [row for row in found if row[0] not in ("diabaikan", "ganda")], (name, title, found)


@pytest.mark.parametrize("name", [name for name in gateways.GATEWAYS if name not in ("fonnte", "wablas")])
def test_without_its_proof_nothing_is_taken(house, name):
    _, office, _ = house
    raw = raw_of(next(iter(CLASSES[name].values())))
    before = kept(office, f"gateway:{name}")
    wrong = gateways.headers(name, raw + b" ") if name not in ("evolution", "telegram") else {
        "Authorization": "Bearer a.b.c", "X-Telegram-Bot-Api-Secret-Token": "salah-sekali"}
    assert post(office, name, raw, wrong) == 401
    assert post(office, name, raw, {}) == 401
    assert kept(office, f"gateway:{name}") == before


@pytest.mark.parametrize("name", ["fonnte", "wablas"])
def test_without_its_unguessable_address_nothing_is_taken(house, name):
    _, office, _ = house
    raw = raw_of(next(iter(CLASSES[name].values())))
    for path in ("", "/", "/0123456789abcdef0123456789abcdee"):
        assert stand_in.post(office.hook_url(name) + path, raw) in (401, 404)


def test_told_again_it_has_no_second_effect(house):
    _, office, desk = house
    before = desk.numbers()
    for name in gateways.GATEWAYS:
        rows = kept(office, f"gateway:{name}")
        for case in CLASSES[name].values():
            assert post(office, name, raw_of(case)) == 200
        again = kept(office, f"gateway:{name}")
        assert len(again) == len(rows)
    assert desk.numbers() == before


def test_answers_are_what_each_gateway_wants(house):
    _, office, _ = house
    wanted = {"twilio": b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "wablas": b"", "meta": b"",
              "fonnte": b'{"status":true}', "telegram": b""}
    for name, body in wanted.items():
        raw = raw_of(next(iter(CLASSES[name].values())))
        kind = "application/x-www-form-urlencoded" if name in gateways.FORMS else "application/json"
        status, answer = stand_in._request("POST", gateways.url(office, name), raw,
                                           {"Content-Type": kind, **gateways.headers(name, raw)}, 10)
        assert (status, answer) == (200, body)
    assert stand_in.handshake(office.hook_url("messenger"), "token-rahasia") == (200, "1158201444")
