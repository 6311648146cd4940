"""The citizen's pages in a real browser: form, receipt and tracking, on a small phone and on an office screen."""
import re

import pytest

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b")
NUMBER = re.compile(r"\b\d{3,}/PGD/[IVX]+/\d{4}\b")
COMPLAINT = "Jalan Anggrek berlubang di depan SD, sudah dua anak jatuh dari sepeda."


def fill_in(browser, text=COMPLAINT):
    browser.open("/aduan")
    browser.type("#isi-aduan", text)
    browser.type("#tanggal", "20-11-2026")
    browser.type("#kelurahan", "Jrebeng Lor")
    browser.type("#tempat", "Jalan Anggrek, depan SD")
    browser.type("#nama", "Sri Wahyuningsih")
    browser.type("#pekerjaan", "Perawat")
    browser.type("#alamat", "Jalan Anggrek 14")


@pytest.mark.parametrize("path, name", [("/", "publik-beranda"), ("/aduan", "publik-form"), ("/lacak", "publik-lacak-cari"),
                                        ("/hasil", "publik-hasil"), ("/hasil/angka", "publik-angka"),
                                        ("/masuk", "masuk"), ("/tidak-ada", "publik-tidak-ada")])
def test_pages_fit_the_screen(browser, path, name):
    browser.open(path).check(name)
    assert browser.driver.find_elements("tag name", "h1")


def test_form_to_receipt_to_tracking(browser):
    fill_in(browser)
    browser.press("Kirim aduan").check("publik-terkirim")
    code, number = CODE.search(browser.text), NUMBER.search(browser.text)
    assert code and number, browser.text
    assert "Sri Wahyuningsih" not in browser.text
    browser.open("/").type("#kode", code.group().lower().replace("-", " "))
    browser.press("Lihat").check("publik-lacak")
    assert number.group() in browser.text and "Aduan diterima" in browser.text
    assert "Sri Wahyuningsih" not in browser.text
    browser.choose("summary")
    browser.type("#jawaban", "Lubangnya persis di depan gerbang.")
    browser.press("Kirim keterangan").check("publik-lacak-dijawab")
    assert "dicatat pada aduan ini" in browser.text


def test_errors_keep_what_was_typed_and_lead_to_the_field(browser):
    fill_in(browser, text="Rusak")
    browser.press("Kirim aduan").check("publik-form-kesalahan")
    assert browser.title.startswith("Salah: ")
    assert browser.driver.switch_to.active_element.get_attribute("id") == "salah"
    assert browser.find("#isi-aduan").get_attribute("value") == "Rusak"
    assert browser.find("#nama").get_attribute("value") == "Sri Wahyuningsih"
    assert browser.find("#isi-aduan").get_attribute("aria-invalid") == "true"
    browser.find("#salah a").click()
    assert browser.path.endswith("#isi-aduan")
    browser.type("#isi-aduan", COMPLAINT)
    browser.press("Kirim aduan")
    assert NUMBER.search(browser.text)


def test_going_back_and_sending_again_makes_one_complaint(browser):
    fill_in(browser)
    browser.press("Kirim aduan")
    first = NUMBER.search(browser.text).group()
    browser.driver.back()
    browser.press("Kirim aduan")
    assert NUMBER.search(browser.text).group() == first


def test_without_a_name_nobody_is_asked_who_he_is(browser):
    browser.open("/aduan")
    assert browser.shows("#nama")
    browser.choose("[name=sifat][value=anonim]")
    assert not browser.shows("#nama") and not browser.shows("[name=jawab]")
    browser.type("#isi-aduan", COMPLAINT)
    browser.press("Kirim aduan").check("publik-terkirim-anonim")
    assert "di halaman lacak" in browser.text


def test_an_unknown_code_says_what_to_do(browser):
    browser.open("/lacak").type("#kode", "7KQM-X2R9-4T")
    browser.press("Lihat").check("publik-lacak-keliru")
    assert "tidak ditemukan" in browser.text
    assert browser.find("#kode").get_attribute("value") == "7KQM-X2R9-4T"
