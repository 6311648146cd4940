"""The officers' desk: whose list holds what, and what those who watch are told."""
import pytest

from crowd import STORIES, at_counter, from_website, grow_old
from desk import SECTION_NAME, code_in


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
