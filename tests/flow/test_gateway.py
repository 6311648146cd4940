"""WhatsApp through a gateway: signed callbacks in, answers out, and what happens when either side fails."""
import json

import pytest

import gateway as stand_in
from desk import Desk, code_in, number_in
from process import await_that
from servers import Town

AHMAD, DEWI = "6281234567890", "6281398765432"


def say(town, desk, phone, text, **payload):
    """A citizen's message as GOWA posts it; the statuses of its attempts."""
    message = stand_in.gowa_text(phone, text, **payload)
    return message, town.gateway.deliver_gowa(desk.daemon.hook_url(), message, desk.daemon.secrets["GOWA_SECRET"])


def complain(town, desk, phone, text):
    """From a chat that has no open complaint; the register number of the receipt."""
    seen = len(town.gateway.sent)
    assert say(town, desk, phone, text)[1] == [200]
    receipt = town.gateway.wait_sent(
        lambda sent: town.gateway.sent.index(sent) >= seen and phone in sent.to and number_in(sent.text),
        what="tanda terima")
    assert code_in(receipt.text)
    return number_in(receipt.text)


def test_message_opens_a_complaint_and_the_answer_returns_to_the_chat(town, desk):
    number = complain(town, desk, AHMAD, "Lampu jalan RT 03 padam")
    desk.complaint("petugas", number).must("Lampu jalan RT 03 padam")
    desk.walk(number, "Ganti", "Sudah diganti", "Lampu sudah menyala.")
    sent = town.gateway.wait_sent(lambda sent: "Lampu sudah menyala." in sent.text, what="jawaban")
    assert sent.to == f"{AHMAD}@s.whatsapp.net"
    assert {name.lower(): value for name, value in sent.headers.items()}["x-device-id"] == "kec"


def test_next_message_of_the_chat_joins(town, desk):
    phone = "6281300000002"
    number = complain(town, desk, phone, "Air PDAM mati")
    before = desk.numbers()
    say(town, desk, phone, "Sudah tiga hari, RT 05")
    await_that(lambda: "Sudah tiga hari, RT 05" in desk.complaint("petugas", number).text, 20, "pesan bergabung")
    assert desk.numbers() == before


def test_same_callback_twice_has_one_effect_and_both_are_taken(town, desk):
    message, statuses = say(town, desk, "6281300000003", "Sekali saja")
    before = desk.numbers()
    assert town.gateway.deliver_gowa(desk.daemon.hook_url(), message, desk.daemon.secrets["GOWA_SECRET"]) == [200]
    assert (statuses, desk.numbers()) == ([200], before)


@pytest.mark.parametrize("change", [
    {"is_from_me": True}, {"chat_id": "120363000000000001@g.us"}])
def test_own_messages_and_groups_open_nothing(town, desk, change):
    before = desk.numbers()
    assert say(town, desk, "6281300000004", "Bukan aduan", **change)[1] == [200]
    assert desk.numbers() == before


def raw_callback(desk, raw, secret=None, headers=None):
    secret = secret or desk.daemon.secrets["GOWA_SECRET"]
    return stand_in.post(desk.daemon.hook_url(), raw,
                         headers if headers is not None else {"X-Hub-Signature-256": stand_in.signature(secret, raw)})


def test_bad_callbacks_are_refused_and_leave_nothing(town, desk):
    before = desk.numbers()
    good = json.dumps(stand_in.gowa_text(AHMAD, "Palsu")).encode()
    assert raw_callback(desk, good, secret="salah") == 401
    assert raw_callback(desk, good, headers={}) == 401
    assert raw_callback(desk, b'{"event": "mess') == 400
    assert raw_callback(desk, b'{"a":"' + b"x" * (25 << 20) + b'"}') in (413, None)
    assert stand_in.post(f"{desk.daemon.base}/hook/gateway/tidak-ada", good) == 404
    assert desk.numbers() == before


def test_unknown_events_are_taken_and_open_nothing(town, desk):
    before = desk.numbers()
    raw = json.dumps({"event": "call.offer", "device_id": stand_in.DEVICE_JID, "payload": {"id": "X1"}}).encode()
    assert raw_callback(desk, raw) == 200
    assert desk.numbers() == before


def test_gateway_error_means_later_and_once(town, desk):
    phone = "6281300000005"
    town.gateway.answer_next(500)
    assert say(town, desk, phone, "Saat gateway sakit")[1] == [200]
    await_that(lambda: "kiriman tertunda" in desk.daemon.run("status").stdout, 20, "status menyebut kiriman tertunda")
    number = number_in(town.gateway.wait_sent(lambda sent: phone in sent.to, what="tanda terima").text)
    assert "kiriman tertunda" not in desk.daemon.run("status").stdout
    receipts = [sent for sent in town.gateway.sent if phone in sent.to and number in sent.text]
    assert len(receipts) == 1


def test_number_without_whatsapp_is_shown_to_the_petugas(town, desk):
    phone = "6281300000006"
    number = complain(town, desk, phone, "Nomor akan hilang")
    town.gateway.answer_next(400)
    desk.walk(number, "Kerjakan", "Selesai", "Sudah selesai, enam.")
    await_that(lambda: "gagal" in desk.complaint("petugas", number).text.lower(), 20, "kegagalan terlihat")


def test_answer_of_unknown_fate_is_not_sent_again(town, desk):
    phone = "6281300000007"
    number = complain(town, desk, phone, "Nasib jawaban tak jelas")
    town.gateway.hang_next()
    desk.walk(number, "Kerjakan", "Selesai", "Sudah selesai, tujuh.")
    town.gateway.wait_sent(lambda sent: "tujuh" in sent.text)
    town.gateway.release()
    await_that(lambda: "belum pasti" in desk.complaint("petugas", number).text.lower(), 60, "ketidakpastian terlihat")
    assert len([sent for sent in town.gateway.sent if "tujuh" in sent.text]) == 1


def test_receipts_of_the_gateway_show_that_the_answer_was_read(town, desk):
    phone = "6281300000008"
    number = complain(town, desk, phone, "Sampai dibaca")
    desk.walk(number, "Kerjakan", "Selesai", "Sudah selesai, delapan.")
    sent = town.gateway.wait_sent(lambda sent: "delapan" in sent.text)
    secret = desk.daemon.secrets["GOWA_SECRET"]
    for kind in ("read", "delivered"):  # the late "delivered" must not undo "read"
        assert town.gateway.deliver_gowa(desk.daemon.hook_url(), stand_in.gowa_receipt([sent.message_id], kind, phone),
                                         secret) == [200]
    await_that(lambda: "dibaca" in desk.complaint("petugas", number).text.lower(), 20, "tanda dibaca terlihat")


def test_meta_handshake_message_and_answer():
    with Town(mail=False, mqtt=False) as town:
        town.gateway.bearer = "EAAB-token-uji"
        office = town.daemon(mapping="meta")
        office.init()
        desk = Desk(office).hire()
        office.start()
        assert stand_in.handshake(office.hook_url(), office.secrets["META_VERIFY_TOKEN"]) == (200, "1158201444")
        assert stand_in.handshake(office.hook_url(), "salah")[0] == 403
        secret = office.secrets["META_APP_SECRET"]
        assert town.gateway.deliver_meta(office.hook_url(), stand_in.meta_text(DEWI, "Jalan rusak di RW 02"), secret) \
            == [200]
        receipt = town.gateway.wait_sent(lambda sent: sent.api == "meta" and number_in(sent.text))
        assert receipt.to == DEWI
        desk.walk(number_in(receipt.text), "Perbaiki", "Selesai", "Jalan sudah diaspal.")
        sent = town.gateway.wait_sent(lambda sent: "diaspal" in sent.text)
        assert town.gateway.deliver_meta(office.hook_url(), stand_in.meta_status(sent.message_id), secret) == [200]
        office.stop()
