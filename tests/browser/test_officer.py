"""The officers' pages in a real browser: every desk, one whole walk by clicking, and what happens when an act is refused."""
import base64
import re

import pytest
from selenium.common.exceptions import UnexpectedAlertPresentException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser
from crowd import at_counter, crowd, from_website, grow_old, picture
from desk import NUMBER, OFFICERS, SECTION_NAME, Desk, number_in

ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
STORY = "Lampu jalan mati di Gang Melati sudah dua minggu."
TILES = {
    "petugas": ["Baru", "Terverifikasi", "Perlu dilengkapi", "Siap dijawab", "Lewat tenggat"],
    "kasi": ["Baru", "Terverifikasi", "Menunggu disposisi", "Dikerjakan seksi", "Segera", "Lewat tenggat"],
    "sekcam": ["Menunggu disposisi", "Menunggu persetujuan", "Segera", "Lewat tenggat"],
    "seksi": ["Untuk seksi ini", "Menunggu persetujuan", "Segera", "Lewat tenggat"],
    "camat": ["Menunggu disposisi", "Dikerjakan seksi", "Menunggu persetujuan", "Segera", "Lewat tenggat"],
}


@pytest.fixture(scope="module")
def desk(office):
    made = Desk(office).hire()
    office.add_user(ADMIN[0], "admin", ADMIN[2], None, ADMIN[1])
    return made


@pytest.fixture(scope="module")
def book(desk):
    """{name: number} of complaints at every stage, two of them late."""
    made = crowd(desk, rows=3)
    desk.daemon.stop()
    grow_old(desk.daemon, [made["panjang"], made["disposisi"]])
    desk.daemon.start()
    desk.logged_out()
    return made


@pytest.fixture(scope="module")
def window(office):
    with Browser(office.base, 1366) as made:
        yield made


@pytest.fixture()
def screen(window):
    """One window for all tests."""
    return window.anew()


def become(screen, desk, role):
    return screen.enter(desk.session(role) if role in OFFICERS else desk.daemon.session(ADMIN[0], ADMIN[2]))


def path_of(desk, number, role="petugas"):
    return desk.complaint(role, number).path.split("?")[0]


def open_case(screen, desk, number, role="petugas"):
    become(screen, desk, role)
    return screen.open(path_of(desk, number))


def act(screen, action, **fields):
    """Fills the form of an act as a person does, unfolding it first, and presses its button."""
    form = screen.find(f"form[action$='/{action}']")
    folded = form.find_elements(By.XPATH, "ancestor::details[not(@open)]/summary")
    for summary in folded:
        summary.click()
    for name, value in fields.items():
        field = form.find_element(By.NAME, name)
        if field.get_attribute("type") == "date":
            screen.driver.execute_script("arguments[0].value = arguments[1]", field, value)
        elif field.tag_name == "select":
            field.find_element(By.XPATH, f"option[.='{value}']").click()
        else:
            field.clear()
            field.send_keys(value)
    return screen.submit(form.find_element(By.TAG_NAME, "button"))


# ---- whose desk

@pytest.mark.parametrize("role", OFFICERS)
def test_each_role_sees_its_own_desk(screen, book, role):
    screen.log_in(OFFICERS[role][0], OFFICERS[role][2])
    assert screen.path == "/meja"
    assert [tile.text for tile in screen.driver.find_elements(By.CSS_SELECTOR, "a.figure b")] == TILES[role]
    counter = screen.driver.find_elements(By.CSS_SELECTOR, "nav a[href='/loket']")
    assert bool(counter) == (role in ("petugas", "kasi"))
    screen.check(f"meja-{role}")


def test_admin_sees_no_complaints(screen, book, desk):
    screen.log_in(ADMIN[0], ADMIN[2])
    assert not NUMBER.search(screen.text)
    for path in ("/buku", path_of(desk, book["panjang"]), "/loket"):
        assert not NUMBER.search(screen.open(path).text), path


def test_a_section_cannot_open_the_case_of_another(screen, book, desk):
    path = path_of(desk, book["panjang"])
    become(screen, desk, "seksi")
    screen.open(path).check("aduan-seksi-lain")
    assert "Tidak ditemukan" in screen.text and book["panjang"] not in screen.text
    for further in ("/lembar", "/kontak", "/identitas"):
        assert desk.session("seksi").get(path + further).status == 404
    assert screen.shows("main a[href='/meja']")


# ---- one complaint from the counter to its end, by clicking alone

def test_a_whole_walk_by_clicking(screen, desk):
    become(screen, desk, "petugas").open("/loket")
    screen.type("#nama", "Siti Rohmah")
    screen.type("#isi-aduan", STORY)
    screen.press("Catat dan cetak").check("tanda-terima")
    number = NUMBER.search(screen.text).group()
    assert screen.shows("svg.qr")
    path = screen.press("Buka aduan").path
    act(screen, "verifikasi")
    assert screen.find(".toast").text.startswith("Aduan sudah diverifikasi.")
    act(screen, "teruskan", isi="Sudah dua kali dilaporkan.")
    become(screen, desk, "sekcam").open("/meja")
    screen.submit(screen.find(f"a.case[href='{path}']"))
    act(screen, "disposisi", seksi=SECTION_NAME, instruksi="Cek lapangan, ganti lampu.")
    screen.press("Cetak lembar disposisi").check("lembar-disposisi")
    assert all(words in screen.text for words in (number, "Cek lapangan, ganti lampu.", OFFICERS["sekcam"][1]))
    become(screen, desk, "seksi").open("/meja")
    screen.submit(screen.find(f"a.case[href='{path}']"))
    act(screen, "mulai")
    act(screen, "lapor", isi="Lampu sudah diganti.")
    become(screen, desk, "sekcam").open(path)
    act(screen, "setujui")
    become(screen, desk, "petugas").open(path)
    act(screen, "jawab", isi="Lampu sudah menyala.", penerima="Siti Rohmah")
    steps = {step.text: step for step in screen.driver.find_elements(By.CSS_SELECTOR, ".steps li")}
    assert steps["Jawaban"].get_attribute("class") == "done" and steps["Jawaban"].get_attribute("aria-current") == "step"
    assert not steps["Ditutup"].get_attribute("class")
    act(screen, "tutup").check("aduan-ditutup")
    assert screen.find(".state").text == "Ditutup"


# ---- refused

@pytest.mark.parametrize("role, action, fields, kept", [
    ("petugas", "gabung", {"nomor_induk": "999/PGD/I/2001"}, {"nomor_induk": "999/PGD/I/2001"}),
    ("petugas", "rujuk", {"instansi": "   ", "nomor_instansi": "17", "isi": "Bukan <b>kami</b>\nyang mengurus."},
     {"nomor_instansi": "17", "isi": "Bukan <b>kami</b>\nyang mengurus."}),
    ("petugas", "lengkapi", {"alamat": "Jalan Anggrek 14", "telepon": "bukan nomor"},
     {"alamat": "Jalan Anggrek 14", "telepon": "bukan nomor"}),
    ("petugas", "catatan", {"isi": "\n  \n"}, {}),
    ("sekcam", "disposisi", {"instruksi": "Cek \"lapangan\" & laporkan.", "batas": "2020-01-31"},
     {"instruksi": "Cek \"lapangan\" & laporkan.", "batas": "2020-01-31"}),
])
def test_a_refused_act_keeps_what_was_typed(screen, book, desk, role, action, fields, kept):
    number = book["disposisi" if role == "sekcam" else "panjang"]
    open_case(screen, desk, number, role)
    act(screen, action, **fields)
    assert screen.title.startswith("Salah: ")
    screen.until(lambda: screen.focused == "salah")
    form = screen.find(f"form[action$='/{action}']")
    assert form.is_displayed()
    for name, value in kept.items():
        assert form.find_element(By.NAME, name).get_attribute("value") == value
    screen.check(f"ditolak-{action}")


def test_who_comes_second_is_told_and_loses_nothing(screen, desk):
    number = from_website(desk, STORY)
    open_case(screen, desk, number)
    desk.verify(number)
    act(screen, "tanya", isi="Di RT berapa?")
    assert "sudah diubah orang lain" in screen.find("[role=alert]").text
    assert "Diubah oleh Rina Wulandari sejak Anda membuka: Diverifikasi" in screen.find("[role=alert]").text
    assert screen.find("form[action$='/tanya'] textarea").get_attribute("value") == "Di RT berapa?"
    act(screen, "tanya")
    assert screen.find(".toast").text.startswith("Pertanyaan untuk pengadu sudah dicatat.")


def test_text_is_given_back_when_its_act_is_gone(screen, desk):
    number = from_website(desk, STORY)
    open_case(screen, desk, number)
    desk.verify(number)
    desk.forward(number)
    act(screen, "tanya", isi="Di RT berapa?")
    assert screen.find("#tertulis").get_attribute("value") == "Di RT berapa?"
    screen.check("ditolak-tindakan-hilang")


def test_another_text_is_no_double_click(desk):
    number = from_website(desk, STORY)
    form = desk.complaint("petugas", number).form("/tanya").fill(isi="Di RT berapa?")
    form.submit().must("Pertanyaan untuk pengadu sudah dicatat.")
    form.submit().must("Pertanyaan untuk pengadu sudah dicatat.")
    refused = form.fill(isi="Sejak kapan?").submit()
    assert refused.status == 409 and "Sejak kapan?" in refused.text
    assert desk.complaint("petugas", number).text.count("Di RT berapa?") == 1


def test_double_click_is_one_act(screen, desk):
    number = from_website(desk, STORY)
    stale = desk.complaint("petugas", number).form("/verifikasi")
    stale.submit().must("Aduan sudah diverifikasi.")
    stale.submit().must("Aduan sudah diverifikasi.")
    open_case(screen, desk, number)
    assert screen.text.count("Diverifikasi (Rina Wulandari)") == 1


# ---- the counter

def test_double_click_at_the_counter_makes_one_complaint(screen, desk):
    before = len(desk.numbers())
    form = desk.session("petugas").get("/loket").form("/loket").fill(nama="Karsono", isi=STORY)
    assert number_in(form.submit().text) == number_in(form.submit().text)
    become(screen, desk, "petugas").open("/loket")
    screen.type("#nama", "Karsono")
    screen.type("#isi-aduan", STORY)
    screen.leave(ActionChains(screen.driver).double_click(screen.find("main .btn--main")).perform)
    assert screen.path.startswith("/tanda-terima/")
    assert len(desk.numbers()) == before + 2


def test_counter_by_keyboard_alone(screen, desk):
    become(screen, desk, "petugas").open("/loket")
    screen.until(lambda: screen.focused == "telepon")  # the browser moves there when it has drawn the page
    keys = ActionChains(screen.driver)
    keys.send_keys("0812 3456 7891", Keys.TAB, "Ibu Tab", Keys.TAB, "Guru", Keys.TAB, "Gang Kenanga 3")
    keys.send_keys(*[Keys.TAB] * 6, STORY, *[Keys.TAB] * 3, Keys.ENTER)
    screen.leave(keys.perform)
    assert screen.path.startswith("/tanda-terima/")
    assert all(words in screen.text for words in ("Ibu Tab", "Guru", "Gang Kenanga 3", STORY))


def test_counter_says_what_is_missing_and_keeps_the_rest(screen, desk):
    become(screen, desk, "petugas").open("/loket")
    screen.type("#alamat", "Gang Kenanga 3")
    screen.type("#telepon", "12")
    screen.press("Catat dan cetak").check("loket-kesalahan")
    assert screen.title.startswith("Salah: ")
    assert screen.find("#alamat").get_attribute("value") == "Gang Kenanga 3"
    screen.until(lambda: screen.focused == "salah")
    for field in ("#telepon", "#nama", "#isi-aduan"):
        assert screen.find(field).get_attribute("aria-invalid") == "true"
        assert screen.shows(f"#salah a[href='{field}']")


@pytest.mark.parametrize("name", ["panjang", "berkas"])
def test_receipt_is_one_sheet(screen, book, desk, name):
    become(screen, desk, "petugas").open(path_of(desk, book[name]).replace("/aduan/", "/tanda-terima/"))
    assert sheets(screen) == 1


def sheets(screen):
    pdf = screen.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(pdf["data"])))


# ---- by keyboard

def test_shortcuts_are_shown_used_and_turned_off(screen, book, desk):
    become(screen, desk, "petugas").open("/meja")
    keys = lambda *pressed: ActionChains(screen.driver).send_keys(*pressed).perform()  # noqa: E731
    keys("?")
    assert "Baris berikutnya" in screen.find("dialog").text
    screen.check("pintasan")
    keys(Keys.ESCAPE)
    screen.until(lambda: not screen.shows("dialog"))  # what is typed into it is not obeyed
    keys("j", "j", "k")
    assert screen.driver.switch_to.active_element.get_attribute("href").endswith(screen.find("a.case").get_dom_attribute("href"))
    keys("/", "bjl")  # typed, not obeyed
    assert screen.path == "/meja" and screen.driver.switch_to.active_element.get_attribute("value") == "bjl"
    screen.open("/bantuan").check("bantuan")
    screen.find("#pintasan").click()
    screen.find("h1").click()
    keys("?", "b")
    assert screen.path == "/bantuan" and not screen.shows("dialog")


# ---- live

def test_what_is_chosen_in_a_list_is_counted_and_done_together(screen, desk):
    numbers = [at_counter(desk, STORY, nama="Dipilih bersama") for _ in range(2)]
    become(screen, desk, "petugas").open("/buku")
    assert not screen.shows(".bulk")
    for number in numbers:
        screen.choose(f"input[aria-label='Pilih {number}']")
    screen.until(lambda: "2 dipilih" in screen.find(".bulk").text)
    screen.press("Periksa dahulu").press("Verifikasi")
    assert "2 aduan diverifikasi" in screen.text and all(number in screen.text for number in numbers)


def test_an_open_desk_counts_what_comes_and_moves_nothing(screen, book, desk):
    become(screen, desk, "petugas").open("/meja")
    screen.until(lambda: screen.shows(".live") or screen.find(".live").get_attribute("data-connected") == "")
    count = int(screen.find("[data-tile=baru] strong").text)
    rows, top = screen.text.count("PGD"), screen.find(".case-list").location["y"]
    number = from_website(desk, STORY)
    screen.until(lambda: screen.find("[data-tile=baru] strong").text == str(count + 1))
    assert screen.text.count("PGD") == rows and screen.find(".case-list").location["y"] == top
    screen.until(lambda: "Ada perubahan pada meja Anda. Muat ulang" in screen.find(".live").text)
    screen.check("meja-berubah")
    screen.submit(screen.find(".live a"))
    assert number in screen.text and not screen.find(".live").text


def test_an_open_complaint_says_who_changed_it(screen, desk):
    number = from_website(desk, STORY)
    open_case(screen, desk, number, "sekcam")
    screen.until(lambda: screen.find(".live").get_attribute("data-connected") == "")
    desk.verify(number)
    screen.until(lambda: "Diubah oleh Rina Wulandari sejak Anda membuka: Diverifikasi" in screen.find(".live").text)


# ---- who stands behind it

def test_number_is_masked_until_asked_for_and_the_history_has_it(screen, book, desk):
    open_case(screen, desk, book["berkas"])
    assert "7890" in screen.text and "34567890" not in re.sub(r"\D", "", screen.find("#isi").text)
    screen.press("Tampilkan lengkap")
    assert "+6281234567890" in screen.text
    assert "Nomor atau alamat e-mail ditampilkan (Rina Wulandari)" in screen.text


def test_secret_identity_is_opened_by_an_act(screen, book, desk):
    open_case(screen, desk, book["rahasia"])
    assert "Bu Lastri" not in screen.text
    screen.press("Lihat identitas")
    assert "Bu Lastri" in screen.text and "Identitas rahasia dibuka (Rina Wulandari)" in screen.text
    assert desk.session("kasi").get(path_of(desk, book["rahasia"])).status == 404


def test_identity_is_completed_and_the_history_names_fields_only(screen, book, desk):
    open_case(screen, desk, book["tak_terputus"])
    act(screen, "lengkapi", nama="Budi Hartono", alamat="Jalan Anggrek 14", telepon="0813-1111-2222")
    assert screen.find(".toast").text == "Identitas pengadu sudah dilengkapi."
    history = screen.find("[aria-labelledby=riw-h]").text
    assert "Identitas dilengkapi: nama, alamat, telepon (Rina Wulandari)" in history and "Anggrek" not in history
    assert "0813-••••-2222" in screen.text
    told = desk.daemon.book_query("SELECT data FROM event WHERE kind = 'lengkapi_identitas'")
    assert told == [('{"fields":["nama","alamat","telepon"]}',)]


def test_raw_message_comes_as_a_file(screen, book, desk):
    page = desk.complaint("petugas", book["mentah"])
    raw = desk.session("petugas").get(page.link("Unduh pesan asli"))
    assert raw.status == 200 and b"Dewi Anggraini" in raw.body
    assert raw.headers["content-disposition"].startswith("attachment") and "sandbox" in raw.headers["content-security-policy"]
    assert desk.session("seksi").get(raw.path).status == 404


# ---- every page

def every_page(desk, book):
    """(role, path) of the officers' pages with all their states."""
    of = {name: path_of(desk, number) for name, number in book.items()}
    yield from (("petugas", path) for path in ("/meja", "/meja?daftar=lengkapi", "/buku", "/buku?q=zzzz", "/loket", "/surat",
                                                 "/bantuan", "/buku/cetak", "/laporan", "/hasil", "/hasil/angka", "/aduan/999999",
                                                 of["siap"] + "/lembar"))
    yield from (("petugas", path) for path in of.values())
    yield "petugas", of["panjang"].replace("/aduan/", "/tanda-terima/")
    yield from (("sekcam", path) for path in ("/meja", of["disposisi"], of["laporan"], of["rahasia"]))
    yield from (("seksi", path) for path in ("/meja", of["laporan"]))
    yield from (("kasi", path) for path in ("/meja", "/meja?daftar=terlambat"))
    yield "camat", "/meja"
    yield from (("admin", "/pengaturan" + path) for path in ("", "/petugas", "/petugas/2", "/layanan", "/saluran", "/kantor", "/token",
                                                              "/audit?daftar=pengaturan"))
    yield from (("admin", path) for path in ("/sesi", "/sesi/dua-langkah"))


def visit_all(screen, desk, book):
    role = None
    for wanted, path in every_page(desk, book):
        if wanted != role:
            become(screen, desk, wanted)
            role = wanted
        yield path, screen.open(path)


def test_no_page_is_wider_than_the_screen_and_axe_finds_nothing_serious(screen, book, desk):
    """One visit for both: most of the time goes into coming there."""
    found = []
    for path, page in visit_all(screen, desk, book):
        for width in (360, 390, 1366):
            page.resize(width)
            if page.fits():
                found.append(f"{path}: {page.fits()} px terlalu lebar pada {width}")
        screen.driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
        for dark in (False, True):
            page.dark(dark)
            found += [f"{path} {'gelap' if dark else 'terang'}: {one}" for one in page.axe(colours_only=dark)]
        page.dark(False)
    assert not found, "\n".join(found)


PAYLOADS = ("<script>window.hit=1;alert(1)</script>", "<img src=x onerror=\"window.hit=1;alert(1)\">",
            "\"><svg onload=alert(1)>", "' onfocus='alert(1)' autofocus x='", "{{csrf}}{{#a}}", "javascript:alert(1)",
            "</textarea></title><iframe src=\"javascript:alert(1)\"></iframe>", "<b id=\"suntik\">tebal</b>&lt;i&gt;")


def injected(screen):
    """[what a payload's script left, elements that payloads made]; a dialog fails the test by itself."""
    try:
        return screen.driver.execute_script(
            "return [window.hit, document.querySelectorAll('main script, main iframe, #suntik, main [onerror], "
            "main [onload], main [onfocus], main img[src=x], main a[href^=\"javascript\"]').length]")
    except UnexpectedAlertPresentException as alert:
        raise AssertionError(f"{screen.path}: {alert.alert_text}") from alert


def test_nothing_that_was_stored_becomes_markup(screen, desk):
    everything = " ".join(PAYLOADS)
    name = f"{PAYLOADS[2]}.png"
    number = at_counter(desk, everything, [(name, "image/png", picture(1))], nama=everything[:190], pekerjaan=everything[:190],
                        alamat=everything[:290], tempat=everything[:290])
    desk.act("petugas", number, "catatan", isi=everything)
    desk.verify(number)
    desk.forward(number)
    desk.dispose(number, everything)
    desk.begin(number)
    desk.report(number, everything)
    desk.approve(number)
    desk.act("petugas", number, "jawab", isi=everything, penerima=everything[:190])
    referred = from_website(desk, everything, name=everything[:190])
    desk.act("petugas", referred, "rujuk", instansi=everything[:290], nomor_instansi=everything[:90], isi=everything)
    become(screen, desk, "petugas")
    first = path_of(desk, number)
    pages = ["/meja", "/buku", f"/buku?q={PAYLOADS[1]}&dari={PAYLOADS[2]}", first, first + "/lembar",
             first.replace("/aduan/", "/tanda-terima/"), path_of(desk, referred), f"{first}?selesai={PAYLOADS[0]}"]
    for path in pages:
        assert injected(screen.open(path)) == [None, 0], path
    assert PAYLOADS[0] in screen.text
    act(screen, "buka_kembali", isi=everything)
    act(screen, "gabung", nomor_induk=everything[:90])
    assert screen.shows("#salah") and injected(screen) == [None, 0]
    screen.open("/loket")
    for field in ("#nama", "#pekerjaan", "#alamat", "#tempat", "#isi-aduan"):
        screen.type(field, everything[:190])
    screen.type("#telepon", PAYLOADS[2])
    screen.press("Catat dan cetak")
    assert screen.shows("#salah") and injected(screen) == [None, 0]


def test_all_news_is_marked_as_read_at_once_but_not_what_came_meanwhile(book, desk):
    session = desk.session("sekcam")
    form = session.get("/meja").must("Kabar untuk Anda").form("/meja/dibaca")
    newest = number_in(desk.complain_on_website("Datang selagi daftar terbuka.").text)
    page = form.submit().must("Kabar untuk Anda: 1")
    news = page.text[page.text.index("Kabar untuk Anda"):]
    assert newest in news and len(set(NUMBER.findall(news))) == 1
    assert not page.has_form("/meja/dibaca")
