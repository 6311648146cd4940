"""What a chat is beside messages: answers by hand, changed and revoked messages, windows, lost sessions, states in any
order, limits, floods, what was missed while the daemon was down, and people who are one."""
import json
import time

import pytest

import gateway as stand_in
import gateways
from desk import Desk, number_in
from process import await_that
from servers import Town

NAMES = ("gowa", "waha", "meta", "fonnte", "messenger")


@pytest.fixture(scope="module")
def house():
    with Town(mqtt=False) as town:
        office = town.daemon(gateway=None)
        gateways.configure(office, town.gateway.base, NAMES)
        office.sections["gateway fonnte"].update(auto_in_all=3)
        office.sections["gateway meta"]["set.template"] = "kabar_aduan"
        office.init()
        desk = Desk(office).hire()
        office.start()
        yield town, office, desk
        office.stop()
        office.must("verify")


def post(office, name, body):
    raw = json.dumps(body).encode()
    return stand_in.post(gateways.url(office, name), raw, gateways.headers(name, raw))


def opened(house, name, body, text):
    """Posts a message that opens a complaint; its number, from the book."""
    _, office, desk = house
    assert post(office, name, body) == 200

    def look():
        page = desk.session("petugas").get("/meja").must()
        for address, words in page.links:
            if text in words and address.startswith("/aduan/"):
                return number_in(desk.session("petugas").get(address).text)
        return None
    return await_that(look, 30, f"aduan {text}")


def waha(event, payload):
    return {"id": f"evt_{time.time_ns()}", "timestamp": int(time.time() * 1000), "event": event, "session": "default",
            "payload": payload}


def waha_text(phone, text, message_id, **more):
    return waha("message", {"id": f"false_{phone}@c.us_{message_id}", "timestamp": int(time.time()), "from": f"{phone}@c.us",
                            "fromMe": False, "source": "app", "to": "628110000001@c.us", "body": text, "hasMedia": False,
                            **more})


def seen(desk, number, *texts):
    return await_that(lambda: all(text in desk.complaint("petugas", number).text for text in texts), 30, str(texts))


# ---- by hand, changed, taken back

def test_answer_by_hand_is_kept_with_the_complaint(house):
    _, office, desk = house
    phone = "6281322220001"
    number = opened(house, "waha", waha_text(phone, "Selokan tersumbat di Gang Mawar", "3EBW1"), "Selokan tersumbat")
    own = waha("message.any", {"id": f"true_{phone}@c.us_3EBW2", "timestamp": int(time.time()), "from": "628110000001@c.us",
                               "fromMe": True, "source": "app", "to": f"{phone}@c.us", "body": "Besok kami ke sana, Bu"})
    assert post(office, "waha", own) == 200
    seen(desk, number, "Besok kami ke sana, Bu", "Dijawab langsung dari telepon kantor")
    before = desk.complaint("petugas", number).text.count("Besok kami ke sana")
    assert post(office, "waha", own) == 200
    assert desk.complaint("petugas", number).text.count("Besok kami ke sana") == before


def test_echo_of_our_own_sending_is_no_answer_by_hand(house):
    town, office, desk = house
    phone = "6281322220002"
    number = opened(house, "gowa", stand_in.gowa_text(phone, "Pohon tumbang menutup jalan"), "Pohon tumbang")
    receipt = town.gateway.wait_sent(lambda sent: phone in sent.to and number in sent.text)
    echo = stand_in.gowa_text("628110000001", receipt.text, message_id=receipt.message_id, is_from_me=True,
                              chat_id=f"{phone}@s.whatsapp.net")
    assert post(office, "gowa", echo) == 200
    assert "langsung dari telepon" not in desk.complaint("petugas", number).text
    # The same before the gateway has answered the sending: known by its text.
    town.gateway.hang_next()
    desk.walk(number, "Potong", "Sudah dipotong", "Pohon sudah dipindahkan dari jalan.")
    sent = town.gateway.wait_sent(lambda sent: "dipindahkan" in sent.text)
    echo = stand_in.gowa_text("628110000001", sent.text, message_id=sent.message_id, is_from_me=True,
                              chat_id=f"{phone}@s.whatsapp.net")
    assert post(office, "gowa", echo) == 200
    town.gateway.release()
    page = await_that(lambda: (lambda page: page if "Jawaban terkirim" in page.text else None)(
        desk.complaint("petugas", number)), 30, "jawaban terkirim")
    assert "langsung dari telepon" not in page.text and "belum pasti" not in page.text


def test_changed_and_revoked_messages_stay_in_the_book(house):
    _, office, desk = house
    phone = "6281322220003"
    first = stand_in.gowa_text(phone, "Lampu mati di RT 03", message_id="3EBEDIT1")
    number = opened(house, "gowa", first, "Lampu mati di RT 03")
    edited = {**stand_in.gowa_text(phone, "Lampu mati di RT 04", message_id="3EBEDIT2", original_message_id="3EBEDIT1"),
              "event": "message.edited"}
    assert post(office, "gowa", edited) == 200
    seen(desk, number, "Pengirim mengubah pesannya “Lampu mati di RT 03” menjadi:", "Lampu mati di RT 04")
    revoked = stand_in.gowa_text(phone, "", message_id="3EBEDIT3", revoked_message_id="3EBEDIT1")
    assert post(office, "gowa", {**revoked, "event": "message.revoked"}) == 200
    seen(desk, number, "Pengirim menarik kembali pesannya", "Lampu mati di RT 03", "Pengadu menarik pesannya")
    # Somebody else's word about that message changes nothing.
    stranger = {**stand_in.gowa_text("6281399999999", "Palsu", message_id="3EBEDIT4", original_message_id="3EBEDIT1"),
                "event": "message.edited"}
    assert post(office, "gowa", stranger) == 200
    assert "Palsu" not in desk.complaint("petugas", number).text


# ---- the window

def old_meta(phone, text, hours):
    body = stand_in.meta_text(phone, text)
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = str(int(time.time()) - hours * 3600)
    return body


def test_after_the_window_the_answer_goes_as_the_template(house):
    town, _, desk = house
    phone = "6281322220004"
    number = opened(house, "meta", old_meta(phone, "Jalan berlubang sejak kemarin", 30), "Jalan berlubang sejak")
    desk.walk(number, "Tambal", "Sudah", "Jalan sudah ditambal.\n\nTerima kasih.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "meta" and "ditambal" in sent.text)
    assert sent.body["type"] == "template" and sent.body["template"]["name"] == "kabar_aduan"
    assert "\n" not in sent.text and sent.to == phone


def test_within_the_window_it_goes_as_text(house):
    town, _, desk = house
    phone = "6281322220005"
    number = opened(house, "meta", stand_in.meta_text(phone, "Air keruh di RW 02"), "Air keruh")
    desk.walk(number, "Kuras", "Sudah", "Bak sudah dikuras.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "meta" and "dikuras" in sent.text)
    assert sent.body["type"] == "text"


def window_closed(message_id, phone):
    status = stand_in.meta_status(message_id, "failed", phone)
    status["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"] = [{"code": 131047}]
    return status


def template_with(town, text):
    return town.gateway.wait_sent(lambda sent: sent.api == "meta" and text in sent.text and sent.body["type"] == "template")


def test_closed_window_told_late_sends_the_template(house):
    town, office, desk = house
    phone = "6281322220006"
    number = opened(house, "meta", stand_in.meta_text(phone, "Banjir di perempatan"), "Banjir di perempatan")
    desk.walk(number, "Pompa", "Sudah", "Air sudah surut.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "meta" and "surut" in sent.text)
    seen(desk, number, "Jawaban terkirim")
    assert post(office, "meta", window_closed(sent.message_id, phone)) == 200
    assert template_with(town, "surut").to == phone
    seen(desk, number, "Jawaban dialihkan ke jalur lain")


def test_closed_window_told_before_the_answer_sends_the_template(house):
    """Meta's status may be here before its answer to the call: nobody knows yet what it is about."""
    town, office, desk = house
    phone = "6281322220013"
    number = opened(house, "meta", stand_in.meta_text(phone, "Tangga pasar patah"), "Tangga pasar patah")
    town.gateway.wait_sent(lambda sent: sent.api == "meta" and number in sent.text)
    held = town.gateway.hold_next()
    desk.walk(number, "Ganti", "Sudah", "Tangga sudah diganti.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "meta" and "diganti" in sent.text)
    assert post(office, "meta", window_closed(sent.message_id, phone)) == 200
    held.set()
    assert template_with(town, "diganti").to == phone
    seen(desk, number, "Jawaban dialihkan ke jalur lain")


def test_without_template_the_petugas_is_told_to_call(house):
    town, _, desk = house
    body = {"object": "page", "entry": [{"id": "100200300400", "messaging": [{
        "sender": {"id": "7000000000000001"}, "recipient": {"id": "100200300400"}, "timestamp": int((time.time() - 30 * 3600) * 1000),
        "message": {"mid": "m_lama", "text": "Sampah menumpuk di pasar"}}]}]}
    number = opened(house, "messenger", body, "Sampah menumpuk")
    desk.walk(number, "Angkut", "Sudah", "Sampah sudah diangkut.")
    seen(desk, number, "Sudah lewat batas waktu membalas bebas", "hubungi pengadu")
    assert not [sent for sent in town.gateway.sent if "diangkut" in sent.text]


# ---- states

def test_state_that_comes_before_the_answer_counts(house):
    town, office, desk = house
    phone = "6281322220007"
    number = opened(house, "meta", stand_in.meta_text(phone, "Rambu hilang di tikungan"), "Rambu hilang")
    held = town.gateway.hold_next()
    desk.walk(number, "Pasang", "Sudah", "Rambu sudah terpasang.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "meta" and "terpasang" in sent.text)
    assert post(office, "meta", stand_in.meta_status(sent.message_id, "read", phone)) == 200
    assert post(office, "meta", stand_in.meta_status(sent.message_id, "delivered", phone)) == 200
    held.set()
    seen(desk, number, "Jawaban dibaca")


def test_second_name_and_watermark_find_what_was_sent(house):
    town, office, desk = house
    phone = "6281322220008"
    body = {"device": "628110000001", "sender": phone, "message": "Jembatan retak", "text": "non-button message", "name": "Siti",
            "type": "text", "inboxid": 0, "isgroup": False, "timestamp": int(time.time())}
    number = opened(house, "fonnte", body, "Jembatan retak")
    desk.walk(number, "Periksa", "Sudah", "Jembatan sudah diperiksa.")
    sent = town.gateway.wait_sent(lambda sent: sent.api == "fonnte" and "diperiksa" in sent.text)
    await_that(lambda: "Jawaban terkirim" in desk.complaint("petugas", number).text, 30, "terkirim")
    assert post(office, "fonnte", {"device": "6", "id": sent.message_id, "stateid": "3EBSTATE", "status": "sent", "state": "sent"}) == 200
    assert post(office, "fonnte", {"device": "6", "stateid": "3EBSTATE", "state": "read"}) == 200
    seen(desk, number, "Jawaban dibaca")
    message = {"sender": {"id": "7000000000000002"}, "recipient": {"id": "100200300400"}, "timestamp": int(time.time() * 1000)}
    entry = {"object": "page", "entry": [{"id": "100200300400", "messaging": [{**message, "message": {"mid": "m_baru", "text": "Trotoar rusak"}}]}]}
    number = opened(house, "messenger", entry, "Trotoar rusak")
    desk.walk(number, "Perbaiki", "Sudah", "Trotoar sudah baik.")
    await_that(lambda: "Jawaban terkirim" in desk.complaint("petugas", number).text, 30, "terkirim")
    entry["entry"][0]["messaging"] = [{**message, "read": {"watermark": int(time.time() * 1000) + 5000}}]
    assert post(office, "messenger", entry) == 200
    seen(desk, number, "Jawaban dibaca")


# ---- sessions

def test_lost_session_pauses_the_queue_and_is_told(house):
    town, office, desk = house
    phone = "6281322220009"
    number = opened(house, "waha", waha_text(phone, "Got mampet di RT 09", "3EBW9"), "Got mampet")
    assert post(office, "waha", waha("session.status", {"status": "SCAN_QR_CODE"})) == 200
    await_that(lambda: "gateway:waha" in office.run("status").stdout and "sesi terputus" in office.run("status").stdout, 20, "status")
    desk.walk(number, "Keruk", "Sudah", "Got sudah dikeruk.")
    seen(desk, number, "Jawaban menunggu dikirim")
    assert not [sent for sent in town.gateway.sent if "dikeruk" in sent.text]
    assert post(office, "waha", waha("session.status", {"status": "WORKING"})) == 200
    town.gateway.wait_sent(lambda sent: sent.api == "waha" and "dikeruk" in sent.text)


# ---- limits

def test_automatic_answers_are_limited_and_nothing_is_lost(house):
    """Three within an hour by fonnte: receipts, questions of the desk, whatever no person wrote."""
    town, _, desk = house

    def automatic():
        return [sent for sent in town.gateway.sent if sent.api == "fonnte" and "sudah diperiksa" not in sent.text
                and "sudah kuat" not in sent.text]
    numbers = {}
    for i, text in enumerate(("Satu atap bocor", "Dua pagar roboh", "Tiga kabel putus", "Empat pipa bocor", "Lima tanggul retak")):
        body = {"device": "628110000001", "sender": f"62813555{i:05d}", "message": text, "text": "non-button message",
                "name": "Siti", "type": "text", "inboxid": 0, "isgroup": False, "timestamp": int(time.time())}
        numbers[opened(house, "fonnte", body, text)] = f"62813555{i:05d}"
    assert len(numbers) == 5
    for number, phone in numbers.items():
        if "Tanda terima otomatis tidak dikirim" not in desk.complaint("petugas", number).text:
            town.gateway.wait_sent(lambda sent: phone in sent.to and "sudah kami catat" in sent.text and number in sent.text)
    last = list(numbers)[-1]
    seen(desk, last, "Tanda terima otomatis tidak dikirim")
    # What a person writes is never held back; the question after it is no person's.
    desk.walk(last, "Perkuat", "Sudah", "Tanggul sudah kuat.")
    town.gateway.wait_sent(lambda sent: sent.api == "fonnte" and "sudah kuat" in sent.text)
    seen(desk, last, "Jawaban terkirim")
    assert len(automatic()) == 3, automatic()


def test_flood_of_old_messages_is_recorded_and_not_answered(house):
    town, _, desk = house
    numbers = []
    for i in range(5):
        body = stand_in.gowa_text(f"628132223{i:04d}", f"Laporan lama nomor {i}")
        body["payload"]["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 7200))
        numbers.append(opened(house, "gowa", body, f"Laporan lama nomor {i}"))
    assert len(set(numbers)) == 5
    seen(desk, numbers[-1], "Tanda terima otomatis tidak dikirim")
    assert not [sent for sent in town.gateway.sent if "628132223" in sent.to]


# ---- people

def test_two_who_are_one_are_joined_by_an_officer_only(house):
    _, office, desk = house
    phone, lid = "6281322220011", "251556368777399@lid"
    first = opened(house, "gowa", stand_in.gowa_text(phone, "Aduan dari nomor"), "Aduan dari nomor")
    hidden = stand_in.gowa_text(phone, "Aduan dari nomor tersembunyi")
    hidden["payload"].update({"from": lid, "chat_id": lid})
    second = opened(house, "gowa", hidden, "Aduan dari nomor tersembunyi")
    assert first != second
    both = stand_in.gowa_text(phone, "Pesan yang menunjukkan keduanya", from_lid=lid)
    assert post(office, "gowa", both) == 200
    page = await_that(lambda: (lambda page: page if "Mungkin orang yang sama" in page.text else None)(
        desk.complaint("petugas", second)), 30, "pertanyaan")
    page.must(first)
    page.form(action="/orang").submit(button="gabungkan").must("Keputusan tentang pengadu sudah dicatat.")
    seen(desk, second, "Pengadu digabungkan dengan pengadu lain")
    assert "Mungkin orang yang sama" not in desk.complaint("petugas", first).text
    late = stand_in.gowa_text(phone, "Sesudah digabung")
    late["payload"].update({"from": lid, "chat_id": lid})
    assert post(office, "gowa", late) == 200
    await_that(lambda: any("Sesudah digabung" in desk.complaint("petugas", one).text for one in (first, second)), 30, "bergabung")


# ---- what was missed

def test_what_came_while_the_daemon_was_down_is_fetched_once(house):
    town, office, desk = house
    before = desk.numbers()
    office.stop()
    phone = "6281322220012"
    jid = f"{phone}@s.whatsapp.net"
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    old = "2020-01-01T00:00:00Z"
    town.gateway.give("/chats?limit=100", {"code": "SUCCESS", "results": {"data": [
        {"jid": jid, "last_message_time": now}, {"jid": "6281399990000@s.whatsapp.net", "last_message_time": old},
        {"jid": "120363041234567890@g.us", "last_message_time": now}]}})
    town.gateway.give(f"/chat/{phone}%40s.whatsapp.net/messages?limit=100", {"code": "SUCCESS", "results": {"data": [
        {"id": "3EBMISS1", "chat_jid": jid, "sender_jid": jid, "content": "Terlewat saat mati", "timestamp": now,
         "is_from_me": False, "media_type": ""},
        {"id": "3EBMISS0", "chat_jid": jid, "sender_jid": jid, "content": "Dari tahun lalu", "timestamp": old,
         "is_from_me": False, "media_type": ""}]}})
    office.start()
    desk.logged_out()
    found = await_that(lambda: (lambda new: new if new else None)(sorted(set(desk.numbers()) - set(before))), 60, "terlewat")
    desk.complaint("petugas", found[0]).must("Terlewat saat mati")
    assert len(found) == 1 and not [path for path, _ in town.gateway.asked if "99990000" in path or "g.us" in path]
    again = stand_in.gowa_text(phone, "Terlewat saat mati", message_id="3EBMISS1")
    assert post(office, "gowa", again) == 200
    assert sorted(set(desk.numbers()) - set(before)) == found
