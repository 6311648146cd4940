"""The proposal on a complaint's page: with its reasons until somebody decides, and kept from the Kasi it is about."""
import pytest

from browser import Browser
from desk import Desk, number_in
from session import NotOnPage

DANGER = "Tolong, rumah tetangga kebakaran, masih ada anak di dalam. Wunut RT 2"
BRIBE = "Petugas loket minta uang 50 ribu supaya KTP cepat jadi. Ini pungli."


@pytest.fixture(scope="module")
def desk(office):
    return Desk(office).hire()


@pytest.fixture(params=[360, 1366], ids=["ponsel", "meja"])
def screen(request, office):
    with Browser(office.base, request.param) as made:
        yield made


def open_case(screen, desk, number, role):
    screen.enter(desk.session(role))
    screen.open(desk.complaint(role, number).path.split("?")[0])


def test_a_danger_is_at_the_top_and_the_proposal_has_its_reasons(screen, desk):
    number = number_in(desk.complain_on_website(DANGER).text)
    assert "Mendesak, mungkin ada bahaya" in desk.session("petugas").get("/meja").must().text
    open_case(screen, desk, number, "petugas")
    assert "Darurat 112, polisi 110" in screen.text
    screen.driver.execute_script("document.querySelector('[aria-labelledby=usulan-h] summary').click()")
    assert "kebakaran" in screen.find("[aria-labelledby=usulan-h] details").text
    assert "Wunut" in screen.find("[aria-labelledby=usulan-h] dl").text
    screen.check("usulan-bahaya")


def test_a_complaint_about_his_section_is_kept_from_the_kasi(screen, desk):
    number = number_in(desk.complain_on_website(BRIBE).text)
    with pytest.raises(NotOnPage):
        desk.complaint("kasi", number)
    open_case(screen, desk, number, "petugas")
    card = screen.find("[aria-labelledby=usulan-h]").text
    assert "Pengaduan berkadar pengawasan" in card and "Sekretaris Kecamatan" in card
    assert "jangan lewat Seksi Pelayanan" in card
    screen.check("usulan-pengawasan")
    path = desk.complaint("petugas", number).path.split("?")[0]
    assert desk.session("kasi").get(path).status == 404


def test_what_was_decided_is_proposed_no_more(screen, desk):
    number = number_in(desk.complain_on_website("Lampu jalan di gang kami mati semua.").text)
    desk.verify(number)
    desk.forward(number)
    open_case(screen, desk, number, "sekcam")
    assert "Penerangan jalan" in screen.find("[aria-labelledby=usulan-h]").text
    desk.dispose(number, "Periksa")
    open_case(screen, desk, number, "sekcam")
    assert not screen.shows("[aria-labelledby=usulan-h]")
