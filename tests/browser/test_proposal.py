"""The proposal on a complaint's page: with its reasons until somebody decides, and kept from the Kasi it is about."""
import pytest

from desk import Desk, number_in
from process import await_that
from session import NotOnPage

DANGER = "Tolong, rumah tetangga kebakaran, masih ada anak di dalam. Wunut RT 2"
BRIBE = "Petugas loket minta uang 50 ribu supaya KTP cepat jadi. Ini pungli."


@pytest.fixture(scope="module")
def desk(office):
    return Desk(office).hire()


def open_case(browser, desk, number, role):
    browser.enter(desk.session(role))
    browser.open(desk.complaint(role, number).path.split("?")[0])


def test_a_danger_is_at_the_top_and_the_proposal_has_its_reasons(browser, desk):
    number = number_in(desk.complain_on_website(DANGER).text)
    assert "Mendesak, mungkin ada bahaya" in desk.session("petugas").get("/meja").must().text
    open_case(browser, desk, number, "petugas")
    assert "Darurat 112, polisi 110" in browser.text
    browser.driver.execute_script("document.querySelector('[aria-labelledby=usulan-h] summary').click()")
    assert "kebakaran" in browser.find("[aria-labelledby=usulan-h] details").text
    assert "Aman" not in browser.find("main").text
    assert "Wunut" in browser.find("[aria-labelledby=usulan-h] dl").text
    browser.check("usulan-bahaya")


def test_a_complaint_about_his_section_is_kept_from_the_kasi(browser, desk):
    number = number_in(desk.complain_on_website(BRIBE).text)
    with pytest.raises(NotOnPage):
        desk.complaint("kasi", number)
    open_case(browser, desk, number, "petugas")
    card = browser.find("[aria-labelledby=usulan-h]").text
    assert "Pengaduan berkadar pengawasan" in card and "Sekretaris Kecamatan" in card
    assert "jangan lewat Seksi Pelayanan" in card
    browser.check("usulan-pengawasan")
    path = desk.complaint("petugas", number).path.split("?")[0]
    assert desk.session("kasi").get(path).status == 404


def test_what_was_decided_is_proposed_no_more(browser, desk):
    number = number_in(desk.complain_on_website("Lampu jalan di gang kami mati semua.").text)
    desk.verify(number)
    desk.forward(number)
    open_case(browser, desk, number, "sekcam")
    assert "Penerangan jalan" in browser.find("[aria-labelledby=usulan-h]").text
    browser.driver.execute_script("document.querySelector('[aria-labelledby=usulan-h] summary').click()")
    assert "menangani layanan Penerangan jalan" in browser.text and "_" not in browser.find("[aria-labelledby=usulan-h]").text
    desk.dispose(number, "Periksa")
    open_case(browser, desk, number, "sekcam")
    assert not browser.shows("[aria-labelledby=usulan-h]")


def test_what_may_be_the_same_stands_above_the_letters_with_its_reasons(browser, desk):
    text = "Selokan di belakang pasar Wunut mampet, air kotor meluap ke jalan setiap hujan turun."
    first, later = (number_in(desk.complain_on_website(text).text) for _ in range(2))
    await_that(lambda: "Mungkin sama" in desk.complaint("petugas", later).text, 20, "mungkin sama")
    open_case(browser, desk, later, "petugas")
    card = browser.find("[aria-labelledby=sama-h]").text
    assert first in card and "Isinya 100 % sama" in card
    browser.check("mungkin-sama")
    open_case(browser, desk, first, "petugas")
    assert later in browser.find("[aria-labelledby=susulan-h]").text
    browser.check("mungkin-sama-susulan")


def test_rules_are_tried_before_they_are_saved(browser, desk):
    number = number_in(desk.complain_on_website("Lampu jalan di gang kami mati semua.").text)
    if "atur" not in [login for login, in desk.daemon.book_query("SELECT login FROM officer")]:
        desk.daemon.add_user("atur", "admin", "sandi-admin-kedopok")
    admin = desk.daemon.session("atur", "sandi-admin-kedopok")
    browser.enter(admin)
    browser.open("/pengaturan/aturan")
    browser.check("aturan")
    browser.driver.execute_script("const t = document.getElementById('teks');"
                                  "t.value = t.value.replace('[aturan]\\n', '[aturan]\\njika selalu maka jenis=aspirasi\\n')")
    browser.driver.execute_script("document.querySelector('button[value=coba]').scrollIntoView({block: 'center'})")
    browser.press("Periksa dan coba")
    assert number in browser.find("[aria-labelledby=coba-h]").text
    browser.check("aturan-dicoba")
    browser.driver.execute_script("const t = document.getElementById('teks'); t.value = 'bukan bagian mana pun'")
    browser.driver.execute_script("document.querySelector('button[value=simpan]').scrollIntoView({block: 'center'})")
    browser.press("Simpan dan pakai")
    assert "Baris" in browser.find("#salah").text
    browser.check("aturan-salah")
