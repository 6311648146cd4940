"""Intake by chat through the running daemon: questions, commands, a restart in between, and how the answer is judged."""
import sqlite3

import pytest

import gateway as stand_in
from desk import Desk, code_in
from process import await_that
from servers import Town

QUIET_S = 1


@pytest.fixture(scope="module")
def town():
    with Town(mail=False, mqtt=False) as made:
        yield made


@pytest.fixture(scope="module")
def desk(town):
    office = town.daemon()
    office.sections["chat"] = {"quiet_seconds": QUIET_S}
    office.init()
    made = Desk(office).hire()
    office.start()
    yield made
    office.stop()
    office.must("verify")


class Citizen:
    def __init__(self, town, desk, phone):
        self.town, self.desk, self.phone, self.seen = town, desk, phone, 0

    def says(self, text):
        self.seen = len(self.town.gateway.sent)
        status = self.town.gateway.deliver_gowa(self.desk.daemon.hook_url(), stand_in.gowa_text(self.phone, text),
                                                self.desk.daemon.secrets["GOWA_SECRET"])
        assert status == [200], status
        return self

    def hears(self, words):
        """The first line since he last spoke that has these words."""
        sent = self.town.gateway.sent
        return self.town.gateway.wait_sent(
            lambda one: sent.index(one) >= self.seen and self.phone in one.to and words in one.text, what=words).text

    def complaint(self):
        return self.desk.numbers()[-1]


def test_conversation_completes_the_complaint_over_a_restart(town, desk):
    rokhim = Citizen(town, desk, "6281400000001")
    rokhim.says("Assalamualaikum").says("pak, selokan depan rumah meluap tiap hujan")
    rokhim.hears("Nomor aduan")
    rokhim.hears("*nama*")
    rokhim.says("Rohim").hears("*pekerjaan*")
    desk.daemon.restart()
    rokhim.says("maaf pak, nama saya Rokhim bukan Rohim").hears("Terima kasih, Rokhim. Apa *pekerjaan*")
    rokhim.says("kuli bangunan").hears("*alamat*")
    rokhim.says("Kareng Lor RT 2").hears("sudah lengkap")
    page = desk.complaint("petugas", rokhim.complaint())
    page.must("Rokhim", "kuli bangunan", "Kareng Lor RT 2", "selokan depan rumah meluap")
    assert desk.daemon.book_query("SELECT count(*) FROM complaint")[0][0] == 1


def test_question_that_waited_over_a_restart_is_asked(town, desk):
    dina = Citizen(town, desk, "6281400000002")
    dina.says("lampu jalan mati di gang melati").hears("Nomor aduan")
    desk.daemon.stop()
    desk.daemon.start()
    desk.logged_out()
    dina.hears("*nama*")
    dina.says("selesai").hears("sudah tercatat")


def test_greeting_alone_is_answered_and_opens_nothing(town, desk):
    before = desk.numbers()
    Citizen(town, desk, "6281400000003").says("halo min").hears("Silakan tuliskan")
    assert desk.numbers() == before


def test_status_by_code_and_not_by_anothers_number(town, desk):
    eko = Citizen(town, desk, "6281400000004")
    code = code_in(eko.says("got mampet di belakang pasar").hears("Kode lacak"))
    number = eko.complaint()
    stranger = Citizen(town, desk, "6281400000005")
    assert number in stranger.says(f"status {code.lower()}").hears("Aduan diterima")
    stranger.says(f"status {number}").hears("tidak kami temukan")
    assert number in eko.says(f"status {number}").hears("Aduan diterima")


def test_cancelled_complaint_is_archived_by_the_citizen(town, desk):
    budi = Citizen(town, desk, "6281400000006")
    budi.says("tetangga bakar sampah tiap sore").hears("Nomor aduan")
    number = budi.complaint()
    budi.says("gak jadi pak, batal").hears("dibatalkan sesuai permintaan")
    desk.complaint("petugas", number).must("Diarsipkan", "Dibatalkan oleh pengadu")


def test_who_wants_no_name_stays_nameless(town, desk):
    citizen = Citizen(town, desk, "6281400000007")
    citizen.says("ada pungli di parkiran pasar").hears("*nama*")
    citizen.says("gak usah nama").hears("tidak kami tampilkan")
    desk.complaint("petugas", citizen.complaint()).must("Anonim")


def test_who_wants_a_person_stands_on_the_petugas_desk_until_handled(town, desk):
    Citizen(town, desk, "6281400000008").says("mau bicara sama petugas saja").hears("Petugas akan menghubungi")
    inbox = desk.session("petugas").get("/meja").must("Minta bicara dengan petugas", "+6281400000008")
    assert "+6281400000008" not in desk.session("sekcam").get("/meja").must().text
    inbox.form("/obrolan/ditangani").submit().must("ditangani")
    assert "+6281400000008" not in desk.session("petugas").get("/meja").must().text


def test_answer_is_judged_and_not_solved_opens_again(town, desk):
    siti = Citizen(town, desk, "6281400000009")
    siti.says("sampah di TPS menumpuk seminggu").hears("Nomor aduan")
    number = siti.complaint()
    siti.seen = len(town.gateway.sent)
    desk.walk(number, "Angkut", "Sudah diangkut", "Sampah sudah diangkut.")
    siti.hears("Sampah sudah diangkut.")
    siti.hears("Seberapa puas")
    siti.says("2, lama sekali").hears("belum selesai")
    desk.complaint("petugas", number).must("2 dari 4, Kurang puas", "lama sekali", "Dijawab")
    siti.says("belum selesai, masih ada sisa di pojok")
    await_that(lambda: "Dibuka kembali" in desk.complaint("petugas", number).text, 20, "aduan dibuka kembali")


def test_next_matter_opens_another_complaint(town, desk):
    agus = Citizen(town, desk, "6281400000010")
    agus.says("jalan berlubang di depan SD").hears("Nomor aduan")
    first = agus.complaint()
    agus.says("aduan baru").hears("Silakan tuliskan aduan yang baru")
    agus.says("warung jual miras sampai malam").hears("Nomor aduan")
    assert agus.complaint() != first
    desk.complaint("petugas", agus.complaint()).must("miras")


def test_silence_is_asked_no_more(town, desk):
    """give_up_hours is an hour at least: the clock of the chat is set back in the stopped book instead of waiting."""
    quiet = Citizen(town, desk, "6281400000011")
    quiet.says("pohon tumbang menutup jalan").hears("*nama*")
    desk.daemon.stop()
    day_ms = 25 * 3600 * 1000
    with sqlite3.connect(desk.daemon.data / "buku.db") as book:
        book.execute("UPDATE chat SET asked_at = asked_at - ?, wake_at = wake_at - ? WHERE asked = 'nama'", (day_ms, day_ms))
    desk.daemon.start()
    desk.logged_out()
    quiet.hears("belum sempat menjawab")
