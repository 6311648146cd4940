"""The page reader of the other tests, against pages written here: it must see and send what a browser would."""
import email
import email.policy
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from session import NotOnPage, Session

FORM = """<!DOCTYPE html><title>Aduan &amp; saran</title><script>tersembunyi()</script>
<h1>Aduan</h1><p>Jalan <b>rusak</b></p><a href="aduan/7">014/PGD/XI/2026</a>
<form method="post" action="/aduan/7/disposisi" enctype="multipart/form-data">
<input type="hidden" name="csrf" value="a&quot;b"><input type="hidden" name="versi" value="3">
<label>Seksi <select name="seksi"><option value="">Pilih</option><option value="5" >Seksi Pembangunan</option></select>
<input type="radio" name="sifat" value="biasa" checked><input type="radio" name="sifat" value="rahasia">
<input type="checkbox" name="anonim" value="1"><input type="checkbox" name="kabari" checked>
<textarea name="instruksi">
 lama</textarea><input type="file" name="berkas" multiple>
<button name="pilihan" value="ya">Disposisikan</button><button name="pilihan" value="tidak">Kembalikan</button></form>
<form action="/cari"><input name="q"><button>Cari</button></form>"""


@pytest.fixture()
def site():
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status, body="", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body.encode())

        def do_GET(self):
            seen.append(("GET", self.path, self.headers.get("Cookie"), b""))
            if self.path == "/masuk":
                self.answer(303, Location="/meja", Set_Cookie="sesi=abc; HttpOnly; Path=/")
            elif self.path == "/keluar":
                self.answer(303, Location="/meja", Set_Cookie="sesi=; Max-Age=0; Path=/")
            else:
                self.answer(200, FORM, Content_Type="text/html; charset=utf-8")

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(("POST", self.path, self.headers["Content-Type"], body))
            self.answer(303, Location="/aduan/7?ok=1")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield Session(f"http://127.0.0.1:{server.server_address[1]}"), seen
    server.shutdown()
    server.server_close()


def test_page_shows_its_visible_text_title_and_links(site):
    page = site[0].get("/meja").must("Jalan rusak")
    assert (page.title, page.link("014/PGD")) == ("Aduan & saran", "/aduan/7")
    assert "tersembunyi" not in page.text


def test_multipart_form_carries_hidden_fields_files_and_the_pressed_button(site):
    session, seen = site
    form = session.get("/aduan/7").form("/disposisi", button="disposisikan")
    form.fill(seksi="Seksi Pembangunan", sifat="rahasia", anonim=True, instruksi="Tambal\nsegera")
    page = form.attach("berkas", 'a"b.png', "image/png", b"\x89PNG\r\n").submit("Kembalikan")
    assert page.path == "/aduan/7?ok=1"
    _, path, content_type, body = next(call for call in seen if call[0] == "POST")
    assert path == "/aduan/7/disposisi"
    message = email.message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body,
                                       policy=email.policy.HTTP)
    parts = [(part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
             for part in message.iter_parts()]
    assert parts == [("csrf", b'a"b'), ("versi", b"3"), ("seksi", b"5"), ("sifat", b"rahasia"), ("anonim", b"1"),
                     ("kabari", b"on"), ("instruksi", b"Tambal\nsegera"), ("pilihan", b"tidak"),
                     ("berkas", b"\x89PNG\r\n")]


def test_fields_keep_the_values_of_the_page(site):
    form = site[0].get("/aduan/7").form("/disposisi")
    assert (form.field("instruksi").value, form.field("seksi").value, form.field("sifat").value) == (
        " lama", "", "biasa")


def test_get_form_puts_its_fields_into_the_address(site):
    session, seen = site
    session.get("/").form("/cari").fill(q="jalan rusak & lubang").submit()
    assert urllib.parse.parse_qs(seen[-1][1].split("?")[1]) == {"q": ["jalan rusak & lubang"]}


def test_cookies_are_kept_and_forgotten(site):
    session, seen = site
    session.get("/masuk")
    assert seen[-1][1:3] == ("/meja", "sesi=abc")
    session.get("/keluar")
    assert seen[-1][1:3] == ("/meja", None)


@pytest.mark.parametrize("use", [
    lambda page: page.form("/jawab"), lambda page: page.form("/disposisi").fill(isi="x"),
    lambda page: page.form("/disposisi").fill(seksi="Seksi Lain"), lambda page: page.link("tidak ada"),
    lambda page: page.form("/disposisi").submit("Hapus"), lambda page: page.must("Tidak tertulis")])
def test_what_is_not_on_the_page_cannot_be_used(site, use):
    with pytest.raises(NotOnPage):
        use(site[0].get("/aduan/7"))
