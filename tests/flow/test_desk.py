"""The officers' desk: whose list holds what, and what those who watch are told."""
import contextlib
import csv
import io
import http.client
import json

import pytest

from crowd import STORIES, at_counter, from_website, grow_old
from desk import NUMBER, SECTION_NAME, code_in


@pytest.fixture(scope="module")
def desk(town):
    """Some complaints on every desk, one of them late, one that the Kasi must not see."""
    from desk import Desk
    office = town.daemon()
    office.init()
    made = Desk(office).hire()
    office.start()
    made.of = {"baru": at_counter(made, STORIES[0], nama="Siti Rohmah", pekerjaan="Pedagang"),
               "rahasia": at_counter(made, "Petugas meminta uang.", nama="Bu Lastri", rahasia="1"),
               "situs": from_website(made, STORIES[3], name="Dewi Anggraini"),
               "seksi": from_website(made, STORIES[1], name="Joko Susilo"),
               "terlambat": at_counter(made, STORIES[4], nama="Karsono")}
    for name in ("seksi", "terlambat"):
        made.verify(made.of[name])
        made.forward(made.of[name])
    made.dispose(made.of["seksi"], "Cek lapangan.")
    office.stop()
    grow_old(office, [made.of["terlambat"]])
    office.start()
    made.logged_out()
    yield made
    office.stop()


def pile(desk, role, key):
    page = desk.session(role).get(f"/meja?daftar={key}").must()
    return {number for number in desk.of.values() if number in page.text.split("Kabar untuk Anda")[0]}


@pytest.mark.parametrize("role, key, holds", [
    ("petugas", "baru", {"baru", "rahasia", "situs"}), ("kasi", "baru", {"baru", "situs"}), ("sekcam", "disposisi", {"terlambat"}),
    ("sekcam", "terlambat", {"terlambat"}), ("kasi", "dikerjakan", {"seksi"}), ("seksi", "seksi", {"seksi"}),
    ("seksi", "terlambat", set()), ("camat", "terlambat", {"terlambat"}), ("petugas", "gagal", set())])
def test_each_list_holds_what_waits_there(desk, role, key, holds):
    assert pile(desk, role, key) == {desk.of[name] for name in holds}


def test_what_the_citizen_adds_is_a_list_until_somebody_has_looked(desk):
    number = desk.of["situs"]
    assert "Pesan susulan" not in desk.session("petugas").get("/meja").must().text
    code = code_in(desk.complaint("petugas", number).text)
    desk.track(code).form("/lacak", button="eterangan").fill(jawaban="Berkas saya nomor 17.").submit().must()
    desk.session("petugas").get("/meja").must("Pesan susulan")
    assert pile(desk, "petugas", "susulan") == {number}
    desk.complaint("petugas", number).form("/verifikasi").submit().must()
    assert pile(desk, "petugas", "susulan") == set()


def test_the_kasi_sees_who_has_how_much_and_that_nothing_is_lost(desk):
    text = desk.session("kasi").get("/meja").must("Per seksi", "Tidak ada yang hilang", "Cocok").text
    loads = text[text.index("Per seksi"):text.index("Kabar untuk Anda")]
    assert SECTION_NAME in loads and "Joko Prasetyo" in loads and "Endang Lestari" in loads
    arrived = desk.daemon.book_query("SELECT count(*) FROM arrival")[0][0]
    assert f"{arrived} kiriman tiba hari ini, {arrived} punya hasil" in text
    assert "Tidak ada yang hilang" not in desk.session("petugas").get("/meja").must().text


def test_the_camat_sees_figures_of_the_month(desk):
    received = desk.daemon.book_query("SELECT count(*) FROM complaint")[0][0]
    text = desk.session("camat").get("/meja").must("Masuk bulan ini", "Per seksi").text
    assert received and "Masuk hari ini" in text


# ---- live

class Stream:
    """Server-sent events as a browser asks for them."""

    def __init__(self, session, path):
        host, port = session.base.split("//")[1].split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=10)
        cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        self.connection.request("GET", path, headers={"Accept": "text/event-stream", "Cookie": cookies})
        self.answer = self.connection.getresponse()

    def next(self, name):
        """The data of the next event of that name."""
        kind = None
        while line := self.answer.readline().decode():
            if line.startswith("event: "):
                kind = line[7:].strip()
            elif line.startswith("data: ") and kind == name:
                return line[6:].strip()
        raise AssertionError(f"aliran berakhir sebelum {name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()


def test_a_desk_that_is_open_hears_of_what_others_do(desk):
    session = desk.session("kasi")
    before = json.loads(session.get("/meja/kabar").body)
    with Stream(session, "/meja/kabar") as stream:
        assert stream.answer.headers["Content-Type"] == "text/event-stream"
        stream.next("tersambung")
        at_counter(desk, STORIES[2], nama="Bagus")
        assert stream.next("berubah") == "1"  # that something happened, and nothing of what
    after = json.loads(session.get("/meja/kabar").body)
    assert after["tiles"]["baru"] == before["tiles"]["baru"] + 1 and after["mark"] != before["mark"]


def test_who_has_the_same_complaint_open_is_told_to_those_who_may_see_it(desk):
    paths = {role: desk.complaint(role, desk.of["seksi"]).path.split("?")[0] for role in ("seksi", "sekcam")}
    with Stream(desk.session("seksi"), paths["seksi"] + "/kabar") as first:
        assert first.next("melihat") == ""
        with Stream(desk.session("sekcam"), paths["sekcam"] + "/kabar") as second:
            assert second.next("melihat") == "Joko Prasetyo"
            assert first.next("melihat") == "Endang Lestari"
    hidden = desk.complaint("petugas", desk.of["rahasia"]).path.split("?")[0]
    with Stream(desk.session("seksi"), hidden + "/kabar") as refused:
        assert refused.answer.status == 404
    news = json.loads(desk.session("seksi").get(paths["seksi"] + "/kabar").body)
    assert "Endang Lestari" in news["words"] and "Didisposisikan" in news["words"]


def test_streams_are_few_and_nobody_waits_for_them(desk):
    session = desk.session("camat")
    with contextlib.ExitStack() as held:
        answers = [held.enter_context(Stream(session, "/meja/kabar")).answer for _ in range(8)]
        assert [answer.status for answer in answers] == [200] * 6 + [204] * 2
        with Stream(desk.daemon.session(), "/meja/kabar") as stranger:
            assert stranger.answer.status == 303
        assert desk.session("kasi").request("HEAD", "/meja/kabar", headers={"Accept": "text/event-stream"}).status == 200
        desk.daemon.stop()  # fails when it takes long
        for answer in answers[:6]:
            with pytest.raises(http.client.IncompleteRead):
                answer.read()
    desk.daemon.start()
    desk.logged_out()


# ---- the register

def numbers_on(page):
    return set(NUMBER.findall(page.text.split("Keadaan", 1)[-1]))


@pytest.mark.parametrize("query, holds", [
    ("keadaan=terlambat", {"terlambat"}), ("keadaan=didisposisikan", {"seksi"}), ("jenis=informasi", set()),
    ("saluran=situs&q=KTP", {"situs"}), ("keadaan=terbuka&q=lampu", {"baru"}), ("keadaan=ngawur&q=lampu", {"baru"}), ("seksi=999", set())])
def test_the_register_is_filtered_by_anything(desk, query, holds):
    page = desk.session("petugas").get(f"/buku?{query}").must()
    assert {name for name, number in desk.of.items() if number in page.text} == holds


def test_a_section_sees_its_own_register_whatever_it_asks_for(desk):
    for query in ("", "?seksi=1", "?keadaan=terbuka"):
        page = desk.session("seksi").get("/buku" + query).must()
        assert {name for name, number in desk.of.items() if number in page.text} == {"seksi"}, query
    assert "Bu Lastri" not in desk.session("sekcam").get("/buku").text


def test_the_register_goes_down_page_by_page_and_up_again(desk):
    for n in range(max(0, 55 - len(desk.numbers()))):
        at_counter(desk, STORIES[n % 6], nama=f"Warga {n}")
    session, seen = desk.session("petugas"), []
    first = page = session.get("/buku").must()
    while True:
        seen.append([number for number in NUMBER.findall(page.text)])
        if not any(text.startswith("Catatan yang lebih lama") for _, text in page.links):
            break
        page = session.get(page.link("Catatan yang lebih lama")).must()
    everything = [row[0] for row in desk.daemon.book_query("SELECT number FROM complaint ORDER BY id DESC")]
    assert sum(seen, []) == everything and len(seen) == 2
    assert NUMBER.findall(session.get(page.link("Lebih baru")).must().text) == NUMBER.findall(first.text)
    assert NUMBER.findall(session.get(first.link("Cetak")).must("Mengetahui").text) == everything


def test_the_register_leaves_as_a_file_that_is_no_formula(desk):
    at_counter(desk, "=HYPERLINK(\"http://jahat.example\",\"klik\")", nama="@SUM(A1)", alamat="Baris\nkedua, \"kutip\"")
    page = desk.session("petugas").get("/buku/unduh")
    rows = list(csv.DictReader(io.StringIO(page.body.decode("utf-8-sig"))))
    assert page.headers["content-disposition"].startswith("attachment")
    assert [row["nomor"] for row in rows] == [row[0] for row in desk.daemon.book_query("SELECT number FROM complaint ORDER BY id DESC")]
    assert rows[0]["perihal"].startswith("'=HYPERLINK") and rows[0]["nama"] == "'@SUM(A1)"
    assert "Bu Lastri" not in page.body.decode()
    of_kasi = desk.session("kasi").get("/buku/unduh?keadaan=terlambat").body.decode("utf-8-sig")
    assert [row["nomor"] for row in csv.DictReader(io.StringIO(of_kasi))] == [desk.of["terlambat"]]


# ---- search and help

@pytest.mark.parametrize("typed, meant", [("lmapuu", None), ("sampha", "sampah"), ("salruan tersumbat", "saluran tersumbat")])
def test_a_slip_of_the_hand_is_forgiven_when_nothing_is_found(desk, typed, meant):
    page = desk.session("petugas").get("/buku?q=" + typed.replace(" ", "+")).must()
    if not meant:  # two slips: too far
        assert "Tidak ada catatan" in page.text
    else:
        assert f"Ini yang memuat {meant}" in page.text and NUMBER.search(page.text)


def test_what_is_guessed_tells_nothing_of_complaints_that_are_hidden(desk):
    assert desk.of["rahasia"] in desk.session("petugas").get("/buku?q=memintaa").must("meminta").text
    assert "meminta" not in desk.session("kasi").get("/buku?q=memintaa").must("Tidak ada catatan").text.replace("memintaa", "")


def test_the_help_page_says_what_the_table_allows(desk):
    text = desk.session("sekcam").get("/bantuan").must("Menunggu persetujuan", "Setujui, oleh Anda").text
    assert "Kirim jawaban" in text and "Setujui, oleh Anda" not in desk.session("petugas").get("/bantuan").text


# ---- the counter

def test_the_counter_knows_a_number_again_but_nobody_who_hid(desk):
    at_counter(desk, STORIES[0], nama="Sutrisno", pekerjaan="Pengemudi ojek", telepon="0812-3456-7890")
    at_counter(desk, "Petugas meminta uang rokok.", nama="Bu Samar", telepon="0812-9999-0001", rahasia="1")
    ask = lambda role, number: json.loads(desk.session(role).get(f"/loket/pengadu?telepon={number}").body)  # noqa: E731
    assert ask("petugas", "081234567890") == {"nama": "Sutrisno", "pekerjaan": "Pengemudi ojek", "alamat": None, "visits": 1}
    for hidden in ("081299990001", "081200000000", "bukan+nomor", ""):
        assert ask("petugas", hidden) == {}, hidden
    assert desk.session("sekcam").get("/loket/pengadu?telepon=081234567890").status == 403
