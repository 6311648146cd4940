"""The office's own form and tracking page, and the signed webhook of another site's form."""
import hashlib
import hmac
import json
import os
import subprocess
import time
import urllib.parse

import pytest

from daemon import ROOT
from desk import code_in, number_in
from gateway import _request
from session import NotOnPage


def test_form_gives_number_and_code_and_the_code_shows_the_complaint(desk):
    page = desk.complain_on_website("Sampah menumpuk di Gang Melati.")
    number, code = number_in(page.text), code_in(page.text)
    desk.track(code).must(number)
    desk.complaint("petugas", number).must("Sampah menumpuk di Gang Melati.", "Budi Hartono", "Pedagang")


def test_code_is_understood_as_people_type_it(desk):
    page = desk.complain_on_website("Kode diketik seadanya.")
    code = code_in(page.text)
    desk.track(f" {code.replace('-', ' ').lower()} ").must(number_in(page.text))


def test_answer_stands_on_the_tracking_page_and_not_before(desk):
    page = desk.complain_on_website("Lampu taman mati.")
    number, code = number_in(page.text), code_in(page.text)
    answer = "Lampu taman sudah menyala lagi."
    assert answer not in desk.track(code).text
    desk.walk(number, "Ganti lampu", "Catatan dalam yang bukan untuk umum", answer)
    seen = desk.track(code).must(answer).text
    assert "bukan untuk umum" not in seen


def test_unknown_code_tells_nothing(desk):
    form = desk.daemon.session().get("/lacak").form("/lacak")
    page = form.fill(kode="2222-2222-22").submit()
    assert page.status in (200, 404) and number_in(page.text) is None


def test_uploaded_file_comes_back_as_it_was(desk):
    data = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400
    page = desk.complain_on_website("Dengan foto.", files=[("bukti.png", "image/png", data)])
    complaint = desk.complaint("petugas", number_in(page.text))
    assert desk.session("petugas").get(complaint.link("bukti.png")).body == data


def test_empty_complaint_is_sent_back_with_what_was_typed(desk):
    before = desk.numbers()
    form = desk.daemon.session().get("/aduan").form("/aduan").fill(nama="Budi Hartono", isi="")
    page = form.submit()
    assert page.status in (200, 422) and page.title.startswith("Salah:")
    assert page.form("/aduan").field("nama").value == "Budi Hartono"
    assert desk.numbers() == before


def test_markup_of_a_citizen_is_text(desk):
    page = desk.complain_on_website("<script>alert(1)</script> {{nama}}", name="<b>Budi</b>")
    shown = desk.complaint("petugas", number_in(page.text))
    shown.must("<script>alert(1)</script> {{nama}}", "<b>Budi</b>")
    assert b"<script>alert" not in shown.body and b"<b>Budi" not in shown.body


def test_same_form_sent_twice_is_one_complaint(desk):
    """A double click, or going back and sending again."""
    form = desk.daemon.session().get("/aduan").form("/aduan").fill(nama="Budi", isi="Dua kali tekan.")
    before = len(desk.numbers())
    first, second = form.submit(), form.submit()
    assert number_in(first.text) == number_in(second.text)
    assert len(desk.numbers()) == before + 1


@pytest.mark.parametrize("path", ["/meja", "/buku", "/aduan/1"])
def test_strangers_are_sent_to_the_login(desk, path):
    assert desk.daemon.session().get(path).path.startswith("/masuk")


def test_action_without_the_forms_secret_is_refused(desk):
    page = desk.complain_on_website("Tanpa rahasia formulir.")
    number = number_in(page.text)
    action = desk.complaint("petugas", number).form("/verifikasi").action
    refused = desk.session("petugas").request("POST", action, b"versi=1", {
        "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://jahat.example"}, follow=False)
    assert refused.status == 403
    assert desk.complaint("petugas", number).has_form("/verifikasi")


def test_section_sees_a_complaint_only_after_the_disposisi(desk):
    number = number_in(desk.complain_on_website("Hanya untuk yang berhak.").text)
    desk.verify(number)
    desk.forward(number)
    with pytest.raises(NotOnPage):
        desk.complaint("seksi", number)
    desk.dispose(number, "Tangani")
    desk.complaint("seksi", number).must("Tangani")


def test_petugas_cannot_approve(desk):
    number = number_in(desk.complain_on_website("Persetujuan bukan hak petugas.").text)
    desk.verify(number)
    desk.forward(number)
    desk.dispose(number, "Tangani")
    desk.begin(number)
    desk.report(number, "Selesai")
    page = desk.complaint("petugas", number)
    assert not page.has_form("/setujui")
    path = page.path.split("?")[0] + "/setujui"
    csrf = page.forms[-1].field("csrf").value if page.forms and page.forms[-1].has("csrf") else ""
    done = desk.session("petugas").request("POST", path, urllib.parse.urlencode({"csrf": csrf}).encode(),
                                           {"Content-Type": "application/x-www-form-urlencoded"}, follow=False)
    assert done.status in (403, 409, 422)


def test_second_officer_with_an_old_page_is_told_so(desk):
    number = number_in(desk.complain_on_website("Dua petugas sekaligus.").text)
    stale = desk.complaint("kasi", number).form("/verifikasi")
    desk.verify(number)
    assert stale.submit().status in (409, 422)


def test_wrong_password_is_refused(desk):
    with pytest.raises(NotOnPage):
        desk.daemon.session("rina", "bukan-sandinya")


# ---- another site's form: HMAC-SHA256 over "<time>.<body>"

def hook(desk, body, content_type="application/json", when=None, secret=None, signature=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = str(int(when if when is not None else time.time()))
    secret = secret or desk.daemon.secrets["WEB_SECRET"]
    right = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return _request("POST", f"{desk.daemon.base}/hook/web/lama", raw, {
        "Content-Type": content_type, "X-Pengaduan-Timestamp": stamp,
        "X-Pengaduan-Signature": signature or f"sha256={right}"}, 10)[0]


@pytest.mark.parametrize("content_type,encode", [
    ("application/json", lambda fields: json.dumps(fields).encode()),
    ("application/x-www-form-urlencoded", lambda fields: urllib.parse.urlencode(fields).encode()),
])
def test_signed_form_of_another_site_opens_a_complaint(desk, content_type, encode):
    before = set(desk.numbers())
    fields = {"nama": "Dewi", "pekerjaan": "Guru", "alamat": "Kedopok", "keluhan": f"Lewat situs lama, {content_type}"}
    assert hook(desk, encode(fields), content_type) == 200
    new = set(desk.numbers()) - before
    assert len(new) == 1
    desk.complaint("petugas", new.pop()).must(fields["keluhan"], "Dewi")


GOOGLE = """
const crypto = require("node:crypto");
const question = (title, value) => ({ getItem: () => ({ getTitle: () => title }), getResponse: () => value });
globalThis.PropertiesService = { getScriptProperties: () => ({ getProperty: () => process.env.SECRET }) };
globalThis.Utilities = { Charset: {}, sleep() {}, computeHmacSha256Signature: (text, key) =>
  [...crypto.createHmac("sha256", key).update(text).digest()].map(byte => byte > 127 ? byte - 256 : byte) };
globalThis.UrlFetchApp = { fetch: (url, asked) => { console.log(JSON.stringify({ url, ...asked })); return { getResponseCode: () => 200 }; } };
teruskan({ response: { getId: () => "2_ABaOnue", getRespondentEmail: () => "dewi@warga.example",
  getItemResponses: () => [question("Nama", "Dewi é"), question("Keluhan", "Lewat Google Forms.")] } });
"""


def test_the_recipe_for_google_forms_is_right(desk):
    """The script of docs/webhook.md, as it stands there, in a world that looks like Google's."""
    text = (ROOT / "docs" / "webhook.md").read_text()
    script = text[text.index("## Google Forms"):].split("```js\n")[1].split("```")[0]
    done = subprocess.run(["node", "-e", script + GOOGLE], env={**os.environ, "SECRET": desk.daemon.secrets["WEB_SECRET"]},
                          capture_output=True, text=True, timeout=30, check=True)
    asked = json.loads(done.stdout)
    assert asked["url"].endswith("/hook/web/lama")
    before = set(desk.numbers())
    for _ in range(2):  # Google's triggers may run twice
        assert _request("POST", f"{desk.daemon.base}/hook/web/lama", asked["payload"].encode(),
                        {"Content-Type": asked["contentType"], **asked["headers"]}, 10)[0] == 200
    new = set(desk.numbers()) - before
    assert len(new) == 1
    desk.complaint("petugas", new.pop()).must("Lewat Google Forms.", "Dewi é")


def test_replayed_form_of_another_site_changes_nothing(desk):
    body, now = {"nama": "Dewi", "keluhan": "Diputar ulang"}, time.time()
    assert hook(desk, body, when=now) == 200
    before = desk.numbers()
    hook(desk, body, when=now)
    assert desk.numbers() == before


@pytest.mark.parametrize("options,status", [
    ({"signature": "sha256=" + "0" * 64}, 401), ({"secret": "kunci-yang-salah"}, 401), ({"when": 1000000000}, 401),
    ({"signature": ""}, 401)])
def test_unsigned_or_old_form_of_another_site_is_refused(desk, options, status):
    before = desk.numbers()
    options = {**options, "signature": options.get("signature") or ("-" if "signature" in options else None)}
    assert hook(desk, {"nama": "X", "keluhan": "Palsu"}, **options) == status
    assert desk.numbers() == before


def test_malformed_form_of_another_site_is_refused_as_malformed(desk):
    assert hook(desk, b'{"nama": "X", "keluhan": ') == 400
