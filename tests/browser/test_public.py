"""The citizen's pages in a real browser: form, receipt and tracking, on a small phone and on an office screen."""
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import Browser
from desk import Desk

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b")
NUMBER = re.compile(r"\b\d{3,}/PGD/[IVX]+/\d{4}\b")
COMPLAINT = "Jalan Anggrek berlubang di depan SD, sudah dua anak jatuh dari sepeda."


STEPS_MOST = 8


def on_to(browser, css):
    """On a small phone the form asks one question a screen: goes on until that one is there."""
    for _ in range(STEPS_MOST):
        if browser.shows(css):
            return browser
        browser.find("form > p > .btn--main").click()
    raise AssertionError(f"{css} tidak muncul pada {browser.path}")


def send(browser):
    on_to(browser, "form > div:has(.btn--main) .btn--main")
    return browser.press("Kirim aduan")


def fill_in(browser, text=COMPLAINT):
    browser.open("/aduan")
    for css, words in (("#isi-aduan", text), ("#tanggal", "20-11-2026"), ("#kelurahan", "Jrebeng Lor"),
                       ("#tempat", "Jalan Anggrek, depan SD"), ("#nama", "Sri Wahyuningsih"), ("#pekerjaan", "Perawat"),
                       ("#alamat", "Jalan Anggrek 14")):
        on_to(browser, css).type(css, words)


@pytest.mark.parametrize("path, name", [("/", "publik-beranda"), ("/aduan", "publik-form"), ("/lacak", "publik-lacak-cari"),
                                        ("/hasil", "publik-hasil"), ("/hasil/angka", "publik-angka"),
                                        ("/masuk", "masuk"), ("/tidak-ada", "publik-tidak-ada")])
def test_pages_fit_the_screen(browser, path, name):
    browser.open(path).check(name)
    assert browser.driver.find_elements("tag name", "h1")


def test_form_to_receipt_to_tracking(browser):
    fill_in(browser)
    send(browser).check("publik-terkirim")
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
    fill_in(browser, text="Tidak rusak")
    browser.driver.execute_script("document.getElementById('isi-aduan').value = 'Rusak'")
    send(browser).check("publik-form-kesalahan")
    assert browser.title.startswith("Salah: ")
    browser.until(lambda: browser.focused == "salah")
    assert browser.find("#isi-aduan").get_attribute("value") == "Rusak"
    assert browser.find("#nama").get_attribute("value") == "Sri Wahyuningsih"
    assert browser.find("#isi-aduan").get_attribute("aria-invalid") == "true"
    browser.find("#salah a").click()
    browser.until(lambda: browser.path.endswith("#isi-aduan"))
    browser.type("#isi-aduan", COMPLAINT)
    browser.press("Kirim aduan")
    assert NUMBER.search(browser.text)


@pytest.mark.parametrize("width", [360, 1366])
def test_going_back_and_sending_again_makes_one_complaint(office, width):
    with Browser(office.base, width, whole=True) as browser:
        fill_in(browser)
        send(browser)
        first = NUMBER.search(browser.text).group()
        browser.leave(browser.driver.back)
        send(browser)
        assert NUMBER.search(browser.text).group() == first


def test_without_a_name_nobody_is_asked_who_he_is(browser):
    browser.open("/aduan")
    on_to(browser, "#isi-aduan").type("#isi-aduan", COMPLAINT)
    on_to(browser, "#nama").choose("[name=sifat][value=anonim]")
    assert not browser.shows("#nama") and not browser.shows("[name=jawab]")
    send(browser).check("publik-terkirim-anonim")
    assert "di halaman lacak" in browser.text


def test_an_unknown_code_says_what_to_do(browser):
    browser.open("/lacak").type("#kode", "7KQM-X2R9-4T")
    browser.press("Lihat").check("publik-lacak-keliru")
    assert "tidak ditemukan" in browser.text
    assert browser.find("#kode").get_attribute("value") == "7KQM-X2R9-4T"


@pytest.fixture(scope="module")
def small(office):
    with Browser(office.base, 360) as made:
        yield made


@pytest.fixture()
def phone(small):
    """For what is the same on every screen, or is only on a small one."""
    return small.anew()


def test_a_phone_asks_one_question_a_screen_and_shows_the_answers_before_sending(phone):
    phone.open("/aduan")
    assert not phone.shows("#isi-aduan")
    on_to(phone, "#isi-aduan")
    phone.find("form > p > .btn--main").click()
    assert phone.shows("#isi-aduan") and "sedikitnya satu kalimat" in phone.text  # said at once, before anything is sent
    phone.check("publik-form-langkah")
    phone.type("#isi-aduan", COMPLAINT)
    on_to(phone, "#nama").type("#nama", "Sri Wahyuningsih")
    phone.driver.back()
    phone.until(lambda: phone.shows("#berkas") and not phone.shows("#nama"))
    on_to(phone, "form > div:has(.btn--main) .btn--main").check("publik-form-periksa")
    for words in ("Periksa lalu kirim", "Sri Wahyuningsih", COMPLAINT, "Pengaduan"):
        assert words in phone.text
    assert not phone.axe()


def test_a_draft_waits_on_the_device_until_the_complaint_is_sent(phone):
    fill_in(phone)
    phone.until(
        lambda: "Wahyuningsih" in (phone.driver.execute_script("return localStorage.getItem('pengaduan.draf')") or ""))
    phone.open("/").open("/aduan")
    assert "Draf Anda yang tersimpan" in phone.find("form").get_attribute("textContent")
    assert on_to(phone, "#isi-aduan").find("#isi-aduan").get_attribute("value") == COMPLAINT
    send(phone)
    assert phone.driver.execute_script("return localStorage.getItem('pengaduan.draf')") is None
    phone.open("/aduan")
    assert on_to(phone, "#isi-aduan").find("#isi-aduan").get_attribute("value") == ""


def test_files_are_listed_removed_and_kept_when_the_form_comes_back(phone, tmp_path):
    for name in ("satu.png", "dua.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode() * 3000)
    fill_in(phone)
    phone.open("/aduan")
    on_to(phone, "#isi-aduan")
    on_to(phone, "#berkas").find("#berkas").send_keys(str(tmp_path / "satu.png"))
    phone.find("#berkas").send_keys(str(tmp_path / "dua.png"))
    phone.until(lambda: [row.text.split(",")[0] for row in phone.driver.find_elements("css selector", ".picked li")]
                == ["satu.png", "dua.png"])
    phone.find(".picked li button").click()
    phone.picture("publik-form-berkas")
    phone.driver.execute_script("document.getElementById('isi-aduan').value = 'Rusak'")
    send(phone)
    assert "dua.png" in phone.text and "satu.png" not in phone.text and "sekali lagi" not in phone.text
    phone.type("#isi-aduan", COMPLAINT)
    phone.press("Kirim aduan")
    assert "1 berkas" in phone.text


def test_the_phone_says_where_it_is_when_it_is_asked(phone, office):
    phone.driver.execute_cdp_cmd("Browser.grantPermissions", {"origin": office.base, "permissions": ["geolocation"]})
    phone.driver.execute_cdp_cmd("Emulation.setGeolocationOverride", {"latitude": -7.756, "longitude": 113.2115, "accuracy": 12})
    fill_in(phone)
    phone.open("/aduan")
    on_to(phone, "[data-place] button").find("[data-place] button").click()
    phone.until(lambda: "sekitar 12 meter" in phone.text)
    send(phone)
    number = NUMBER.search(phone.text).group()
    place, = office.book_query("SELECT place FROM complaint WHERE number = ?", number)[0]
    assert place == "Jalan Anggrek, depan SD, Jrebeng Lor, -7.756000,113.211500"


def test_the_first_load_of_the_form_is_small(phone):
    """What a phone on a slow line waits for: page, style sheet and scripts, as they go over the wire."""
    phone.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    phone.open("/aduan")
    sizes = phone.driver.execute_script("""return [...performance.getEntriesByType("navigation"),
        ...performance.getEntriesByType("resource")].map(one => [one.name, one.transferSize])""")
    assert len(sizes) == 4 and sum(size for _, size in sizes) <= 30 * 1024, sizes
    assert all(name.startswith(phone.base) for name, _ in sizes)


@pytest.fixture()
def slow_phone(phone):
    """On what browsers call slow 3G: 400 kbit/s both ways, every answer 400 ms late."""
    def line(latency, rate):
        phone.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
            "offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate})
    phone.driver.execute_cdp_cmd("Network.enable", {})
    phone.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    line(400, 50_000)
    yield phone
    line(0, -1)


def test_on_a_slow_line_nothing_waits_for_a_file_of_a_file_and_a_photo_says_how_far_it_is(slow_phone, tmp_path):
    (tmp_path / "foto.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 500)
    driver = slow_phone.open("/aduan").driver
    began_by = driver.execute_script("return performance.getEntriesByType('resource').map(one => one.initiatorType)")
    assert sorted(began_by) == ["link", "script", "script"], began_by  # the page names all of it: one round trip more, not two
    on_to(slow_phone, "#isi-aduan").type("#isi-aduan", COMPLAINT)
    on_to(slow_phone, "#berkas").find("#berkas").send_keys(str(tmp_path / "foto.png"))
    on_to(slow_phone, "#nama").type("#nama", "Sri Wahyuningsih")
    on_to(slow_phone, "form > div:has(.btn--main) .btn--main").find("form > div:has(.btn--main) .btn--main").click()
    shown = slow_phone.until(lambda: driver.execute_script(
        "const bar = document.querySelector('progress'); return bar && bar.value > 0 && bar.value < 1 && document.body.innerText"))
    assert re.search(r"Mengirim… \d+ %", shown)
    slow_phone.until(lambda: NUMBER.search(slow_phone.text))
    assert "1 berkas" in slow_phone.text


class OlderSite(BaseHTTPRequestHandler):
    """A page of the office's site as its webmaster has it: one script tag in an article."""

    def do_GET(self):
        page = f"""<!DOCTYPE html><meta name="viewport" content="width=device-width"><title>Kecamatan</title><h1>Situs lama</h1>
            <article><script src="{self.server.office}/sematkan.js" data-halaman="aduan"></script></article>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_):
        pass


@pytest.fixture()
def older_site(office):
    server = ThreadingHTTPServer(("127.0.0.1", office.site_port), OlderSite)
    server.office = office.base
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


def test_another_site_holds_the_form_in_a_frame_that_grows(phone, office, older_site):
    driver = phone.driver
    driver.get(f"http://localhost:{office.site_port}/")
    height = "return document.querySelector('iframe').getBoundingClientRect().height"
    phone.until(lambda: driver.execute_script(height) not in (0, 640))
    first = driver.execute_script(height)
    driver.execute_script("postMessage({pengaduan: 'tinggi', tinggi: 9999}, '*')")  # from somebody else
    phone.picture("publik-sematan")
    driver.switch_to.frame(0)
    assert not phone.shows(".site-head") and phone.shows("form")
    on_to(phone, "#isi-aduan").type("#isi-aduan", COMPLAINT)
    on_to(phone, "#nama").type("#nama", "Sri Wahyuningsih")
    driver.switch_to.default_content()
    phone.until(lambda: driver.execute_script(height) not in (first, 640))
    assert driver.execute_script(height) < 9999
    driver.switch_to.frame(0)
    send(phone)
    assert NUMBER.search(phone.text)
    driver.switch_to.default_content()


def test_no_other_site_may_hold_it(phone, office, older_site):
    phone.driver.get(f"http://127.0.0.1:{office.site_port}/")
    frame = phone.driver.find_element("css selector", "iframe")
    phone.until(lambda: any(
        "frame-ancestors" in entry["message"] for entry in phone.driver.get_log("browser")))
    phone.driver.switch_to.frame(frame)
    assert not phone.shows("form")
    phone.driver.switch_to.default_content()


def test_scripts_of_a_named_site_read_the_results_and_no_others(phone, office, older_site):
    ask = """const done = arguments[1]; fetch(arguments[0]).then(answer => answer.json()).then(it => done(it.office), () => done(null))"""
    told = []
    for host in ("localhost", "127.0.0.1"):
        phone.driver.get(f"http://{host}:{office.site_port}/")
        told.append(phone.driver.execute_async_script(ask, office.base + "/hasil.json"))
    assert told == ["Kecamatan Kedopok", None]


def test_the_answered_complaint_is_judged_and_a_lost_code_asked_for(browser, office):
    office.answered = getattr(office, "answered", None) or answered(office)
    browser.open("/lacak?kode=" + office.answered).check("publik-lacak-selesai")
    assert not browser.axe()
    browser.choose("[name=nilai][value='4']")
    browser.press("Kirim penilaian").check("publik-lacak-dinilai")
    assert "Penilaian Anda: Sangat puas" in browser.text
    browser.open("/lacak/lupa").check("publik-lacak-lupa")
    assert not browser.axe()


def answered(office):
    """The code of a complaint that went its whole way."""
    desk = Desk(office).hire()
    page = office.session().get("/aduan").form("/aduan").fill(isi=COMPLAINT, nama="Sri Wahyuningsih").submit()
    number = NUMBER.search(page.text).group()
    desk.verify(number)
    desk.forward(number)
    desk.act("sekcam", number, "setujui")
    desk.act("petugas", number, "jawab", isi="Lubangnya sudah ditambal hari ini. Terima kasih sudah melapor.")
    return CODE.search(page.text).group()


def test_the_admin_writes_the_front_page(browser, office):
    if not hasattr(office, "admin"):
        office.add_user("adi", "admin", "admin-kedopok-1")
        office.admin = office.session("adi", "admin-kedopok-1")
        office.admin.get("/pengaturan/beranda").form("/pengaturan/beranda").fill(
            whatsapp="0812-3456-7890", saluran="Kotak saran di ruang tunggu", pengumuman="Loket pindah sementara ke aula.").submit()
    browser.enter(office.admin).open("/pengaturan/beranda").check("pengaturan-beranda")
    assert not browser.axe()
    browser.driver.delete_all_cookies()
    browser.open("/").check("publik-beranda-kantor")
    assert not browser.axe()
    browser.dark()
    browser.picture("publik-beranda-gelap")
    assert not browser.axe()


def test_in_a_storm_the_phone_works_and_keeps_everything_and_without_script_it_waits(phone, office):
    stranger = {"X-Forwarded-For": "203.0.113.200"}
    visitor = office.session()
    body = f"isi={COMPLAINT}&nama=Sri&kiriman=".encode()
    for n in range(8):
        visitor.request("POST", "/aduan", body + b"%032x" % n, {"Content-Type": "application/x-www-form-urlencoded", **stranger}).must()
    phone.driver.execute_cdp_cmd("Network.enable", {})
    phone.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": stranger})
    try:
        fill_in(phone)
        send(phone)  # comes back, computes, and is sent again by itself
        phone.until(lambda: NUMBER.search(phone.text))
        phone.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        phone.open("/aduan").check("publik-form-tanpa-skrip")
        assert phone.shows("#nama") and not phone.shows("[data-place]")
        fill_in(phone)
        phone.press("Kirim aduan").check("publik-form-tunggu")
        assert "Tunggu setengah menit" in phone.text and phone.find("#nama").get_attribute("value") == "Sri Wahyuningsih"
    finally:
        phone.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
        phone.driver.execute_cdp_cmd("Network.setExtraHTTPHeaders", {"headers": {}})
