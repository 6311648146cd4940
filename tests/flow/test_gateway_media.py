"""Files through the gateway: fetched at once, kept with the message, not lost when the gateway is away, visible when they
cannot be had, and asked for again by hand."""
import base64
import json
import struct
import time

import pytest

import gateway as stand_in
import gateways
from clamd import Clamd
from desk import Desk, number_in
from process import await_that
from servers import Town


def photograph(latitude=None, longitude=None):
    """A small JPEG; with a position in its EXIF when one is given (degrees)."""
    exif = b""
    if latitude is not None:
        def angle(value):
            value = abs(value)
            minutes = (value - int(value)) * 60
            return struct.pack(">6I", int(value), 1, int(minutes), 1, round((minutes - int(minutes)) * 60 * 1000), 1000)
        gps = struct.pack(">H", 4) + b"".join([
            struct.pack(">HHI4s", 1, 2, 2, b"S\0\0\0" if latitude < 0 else b"N\0\0\0"),
            struct.pack(">HHII", 2, 5, 3, 26 + 54), struct.pack(">HHI4s", 3, 2, 2, b"W\0\0\0" if longitude < 0 else b"E\0\0\0"),
            struct.pack(">HHII", 4, 5, 3, 26 + 54 + 24)]) + struct.pack(">I", 0)
        tiff = b"MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + struct.pack(">HHII", 0x8825, 4, 1, 26) + \
            struct.pack(">I", 0) + gps + angle(latitude) + angle(longitude)
        content = b"Exif\0\0" + tiff
        exif = b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content
    return b"\xff\xd8" + exif + b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + b"\xff\xda\x00\x02" + b"x" * 50 + b"\xff\xd9"


@pytest.fixture(scope="module")
def house():
    with Town(mail=False, mqtt=False) as town, Clamd() as clamd:
        office = town.daemon(gateway=None)
        office.sections["server"]["clamd"] = clamd.address
        gateways.configure(office, town.gateway.base, ("gowa", "meta", "evolution", "waha", "telegram", "twilio"))
        office.sections["gateway twilio"]["set.media_host"] = "127.0.0.1"
        office.sections["gateway waha"]["media_seconds"] = "1"
        office.init()
        desk = Desk(office).hire()
        office.start()
        yield town, office, desk
        office.stop()
        office.must("verify")


def tell(town, office, name, body, seen):
    """Posts the callback; the register number of the receipt that follows."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
    before = len(town.gateway.sent)
    assert stand_in.post(gateways.url(office, name), raw, gateways.headers(name, raw), kind) == 200
    receipt = town.gateway.wait_sent(
        lambda sent: town.gateway.sent.index(sent) >= before and seen in sent.to and number_in(sent.text),
        what="tanda terima")
    return number_in(receipt.text)


def file_of(desk, number, name):
    """The complaint's page once the attachment is there, and what the petugas gets when he opens it."""
    def look():
        page = desk.complaint("petugas", number)
        return page if any(href.startswith("/lampiran/") and name in text for href, text in page.links) else None
    page = await_that(look, 60, f"lampiran {name}")
    return page, desk.session("petugas").get(page.link(name)).must()


def test_photograph_of_gowa_is_fetched_with_credentials_and_its_place_shown(house):
    town, office, desk = house
    picture = photograph(-7.5561, 112.6829)
    town.gateway.give("/statics/media/lampu.jpg", picture, "image/jpeg")
    number = tell(town, office, "gowa", stand_in.gowa_text(
        "6281311110001", "Lampu mati", image={"path": "statics/media/lampu.jpg", "caption": "Lampu mati"}), "6281311110001")
    page, got = file_of(desk, number, "gambar")
    assert got.body == picture
    assert got.headers["content-type"] == "image/jpeg"
    page.must("Diambil di -7.556100, 112.682900")
    assert town.gateway.wait_asked("/statics/media/lampu.jpg")["authorization"].startswith("Basic ")


def test_file_with_a_virus_is_kept_with_its_complaint_and_given_to_nobody(house):
    town, office, desk = house
    town.gateway.give("/statics/media/sakit.jpg", photograph() + b"EICAR", "image/jpeg")
    number = tell(town, office, "gowa", stand_in.gowa_text(
        "6281311110019", "Got mampet", image={"path": "statics/media/sakit.jpg", "caption": "Got mampet"}), "6281311110019")
    page = await_that(lambda: (lambda page: page if "Disisihkan" in page.text else None)(desk.complaint("petugas", number)),
                      30, "berkas disisihkan")
    page.must("Got mampet", "mengandung virus (Eicar-Signature)", "Berkas bervirus disisihkan")
    assert not [href for href, _ in page.links if href.startswith("/lampiran/")]
    found = office.book_query("SELECT f.attachment_id FROM attachment_found f JOIN attachment a ON a.id = f.attachment_id"
                              " JOIN message m ON m.id = a.message_id JOIN complaint c ON c.id = m.complaint_id"
                              " WHERE c.number = ?", number)[0][0]
    refused = desk.session("petugas").get(f"/lampiran/{found}")
    assert refused.status == 403 and "Eicar-Signature" in refused.text and b"EICAR" not in refused.body


def test_photograph_of_meta_is_asked_for_and_fetched_with_the_token(house):
    town, office, desk = house
    town.gateway.give("/v23.0/MEDIA1", {"url": f"{town.gateway.base}/berkas/1", "mime_type": "image/jpeg"})
    town.gateway.give("/berkas/1", photograph(), "image/jpeg")
    body = stand_in.meta_text("6281311110002", "x")
    message = body["entry"][0]["changes"][0]["value"]["messages"][0]
    message.update(type="image", image={"id": "MEDIA1", "mime_type": "image/jpeg", "caption": "Jalan rusak"})
    del message["text"]
    number = tell(town, office, "meta", body, "6281311110002")
    assert town.gateway.wait_asked("/v23.0/MEDIA1")["authorization"] == "Bearer EAAB-token"
    # The address it named is not Facebook's: the token does not go there, nothing goes there.
    page = await_that(lambda: (lambda page: page if "Ambil lagi" in page.text or "sedang diambil" in page.text else None)(
        desk.complaint("petugas", number)), 30, "berkas yang ditolak")
    page.must("gambar.jpg")
    assert not [path for path, _ in town.gateway.asked if path == "/berkas/1"]


def test_file_inside_the_callback_rides_on_its_commit(house):
    town, office, desk = house
    picture = photograph(-7.5, 112.5)
    body = {"event": "messages.upsert", "instance": "kec", "data": {
        "key": {"remoteJid": "6281311110003@s.whatsapp.net", "fromMe": False, "id": "3EB0B64"}, "pushName": "Siti",
        "message": {"imageMessage": {"mimetype": "image/jpeg", "caption": "Banjir"},
                    "base64": base64.b64encode(picture).decode()}, "messageType": "imageMessage", "messageTimestamp": int(time.time())}}
    number = tell(town, office, "evolution", body, "6281311110003")
    _, got = file_of(desk, number, "gambar.jpg")
    assert got.body == picture


def test_telegram_file_is_found_by_its_path(house):
    town, office, desk = house
    town.gateway.give("/bot110201543:AAH/getFile?file_id=BESAR", {"ok": True, "result": {"file_path": "photos/file_0.jpg"}})
    town.gateway.give("/file/bot110201543:AAH/photos/file_0.jpg", photograph(), "image/jpeg")
    body = {"update_id": 1, "message": {"message_id": 5, "from": {"id": 777000111, "first_name": "Siti"},
                                        "chat": {"id": 777000111, "type": "private"}, "date": int(time.time()),
                                        "photo": [{"file_id": "KECIL"}, {"file_id": "BESAR"}], "caption": "Pohon tumbang"}}
    number = tell(town, office, "telegram", body, "777000111")
    _, got = file_of(desk, number, "gambar")
    assert got.body == photograph()


def waha_photograph(town, phone, path, text):
    now = int(time.time())
    return {"id": f"evt_{phone}", "timestamp": now * 1000, "event": "message", "session": "default", "payload": {
        "id": f"false_{phone}@c.us_3EB{phone}", "timestamp": now, "from": f"{phone}@c.us", "fromMe": False, "source": "app",
        "to": "628110000001@c.us", "body": text, "hasMedia": True,
        "media": {"url": f"{town.gateway.base}{path}", "mimetype": "image/jpeg", "filename": None}}}


def test_file_that_is_not_there_yet_or_comes_too_slowly_is_asked_for_again(house):
    """Of what comes drop by drop each byte is progress: the time for the whole of it is what is over."""
    town, office, desk = house
    path, drops = "/statics/media/lambat.pdf", "/api/files/default/tetes.jpg"
    town.gateway.give(drops, photograph(), "image/jpeg", slow=0.5)
    slow = tell(town, office, "waha", waha_photograph(town, "6281311110016", drops, "Tiang miring"), "6281311110016")
    town.gateway.wait_asked(drops)
    town.gateway.give(path, b"", "text/plain", status=503)
    number = tell(town, office, "gowa", stand_in.gowa_text(
        "6281311110004", "Surat RT", document={"path": path[1:], "caption": "Surat RT"}), "6281311110004")
    town.gateway.wait_asked(path)
    for waiting in (slow, number):
        desk.complaint("petugas", waiting).must("sedang diambil")
    town.gateway.give(path, b"%PDF-1.4 isi", "application/pdf")
    town.gateway.give(drops, photograph(), "image/jpeg")
    _, got = file_of(desk, number, "dokumen")
    assert got.body == b"%PDF-1.4 isi"
    _, got = file_of(desk, slow, "gambar")
    assert got.body == photograph()
    assert len([asked for asked, _ in town.gateway.asked if asked == drops]) == 2


def test_file_that_is_gone_is_shown_and_asked_for_by_hand(house):
    town, office, desk = house
    path = "/statics/media/hilang.jpg"
    town.gateway.give(path, b"", "text/plain", status=410)
    number = tell(town, office, "gowa", stand_in.gowa_text(
        "6281311110005", "Foto hilang", image=path[1:]), "6281311110005")
    page = await_that(lambda: (lambda page: page if "Ambil lagi" in page.text else None)(desk.complaint("petugas", number)),
                      30, "kegagalan terlihat")
    page.must("Berkas tidak ada lagi di gerbang.")
    town.gateway.give(path, photograph(), "image/jpeg")
    page.form(action="/ambil").submit().must("Berkas diminta lagi dari gerbang.")
    _, got = file_of(desk, number, "gambar")
    assert got.body == photograph()


def test_file_too_large_is_refused_and_a_redirect_into_the_house_too(house):
    town, office, desk = house
    town.gateway.give("/bot110201543:AAH/getFile?file_id=RAKSASA", {"ok": True, "result": {"file_path": "videos/1.mp4"}})
    town.gateway.give("/file/bot110201543:AAH/videos/1.mp4", b"x" * ((20 << 20) + 1), "video/mp4")
    body = {"update_id": 2, "message": {"message_id": 6, "from": {"id": 777000112, "first_name": "Budi"},
                                        "chat": {"id": 777000112, "type": "private"}, "date": int(time.time()),
                                        "video": {"file_id": "RAKSASA"}, "caption": "Video besar"}}
    number = tell(town, office, "telegram", body, "777000112")
    await_that(lambda: "terlalu besar" in desk.complaint("petugas", number).text, 30, "penolakan terlihat")
    town.gateway.give("/statics/media/alih.jpg", b"", "text/plain", status=302,
                      Location=f"https://127.0.0.1:{town.gateway.port}/rahasia")
    number = tell(town, office, "gowa", stand_in.gowa_text("6281311110006", "Dialihkan", image="statics/media/alih.jpg"),
                  "6281311110006")
    await_that(lambda: "jaringan dalam" in desk.complaint("petugas", number).text, 30, "penolakan terlihat")
    assert not [path for path, _ in town.gateway.asked if path == "/rahasia"]


def test_type_is_what_the_content_says_and_a_page_is_only_saved(house):
    town, office, desk = house
    town.gateway.give("/statics/media/palsu.jpg", b"<!DOCTYPE html><script>alert(1)</script>", "image/jpeg")
    number = tell(town, office, "gowa", stand_in.gowa_text(
        "6281311110008", "Bukan foto", image={"path": "statics/media/palsu.jpg", "caption": "Bukan foto"}), "6281311110008")
    _, got = file_of(desk, number, "gambar")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment;")


def test_what_waits_survives_a_crash(house):
    town, office, desk = house
    path = "/statics/media/sesudah.jpg"
    town.gateway.give(path, b"", "text/plain", status=503)
    number = tell(town, office, "gowa", stand_in.gowa_text("6281311110007", "Sebelum mati", image=path[1:]), "6281311110007")
    town.gateway.wait_asked(path)
    office.kill()
    town.gateway.give(path, photograph(), "image/jpeg")
    office.start()
    desk.logged_out()
    _, got = file_of(desk, number, "gambar")
    assert got.body == photograph()
