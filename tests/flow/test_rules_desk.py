"""What the rules do at the desk: the same complaint twice, and the rule file as the admin edits it."""
import json
import re
import urllib.parse
from datetime import date, timedelta

import pytest

import gateway as stand_in
from desk import Desk, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that

AHMAD = "6281234567890"
WUNUT = "Lampu penerangan jalan di Dusun Krajan Wunut mati sejak Senin, malam gelap sekali dan rawan."


def suggested(desk, number, wanted=True, role="petugas"):
    """The complaint's page once the suggestion stands there."""
    page = desk.complaint(role, number)
    await_that(lambda: desk.daemon.book_query(
        "SELECT 1 FROM alike_words WHERE complaint_id = (SELECT id FROM complaint WHERE number = ?)", number), 20, "dibandingkan")
    page = desk.complaint(role, number)
    assert ("Mungkin sama" in page.text) is wanted, page.text
    return page


def on_website(desk, text, **person):
    return number_in(desk.complain_on_website(text, **person).text)


def at_the_counter(desk, text, **fields):
    form = desk.session("petugas").get("/loket").must().form("/loket")
    form.fill(nama="Rahmat", pekerjaan="Guru", alamat="Jrebeng", telepon="081299990001", isi=text, **fields)
    return number_in(form.submit().must().text)


def by_chat(town, desk, phone, text):
    seen = len(town.gateway.sent)
    message = stand_in.gowa_text(phone, text)
    assert town.gateway.deliver_gowa(desk.daemon.hook_url(), message, desk.daemon.secrets["GOWA_SECRET"]) == [200]
    return number_in(town.gateway.wait_sent(
        lambda sent: town.gateway.sent.index(sent) >= seen and phone in sent.to and number_in(sent.text), what="tanda terima").text)


def by_mail(town, sender, subject, text):
    letter = town.send(compose(sender, OFFICE_ADDRESS, subject, text))
    return number_in(text_of(town.mailbox(sender).wait(lambda seen: seen["In-Reply-To"] == letter["Message-ID"])))


def test_a_mass_of_complaints_is_gathered_under_one_and_answered_together_each_by_his_channel(town, desk):
    first = by_mail(town, "siti@warga.example", "Lampu mati", WUNUT)
    chat = by_chat(town, desk, AHMAD, f"{WUNUT} Mohon segera diperbaiki.")
    letter = by_mail(town, "budi@warga.example", "Lapor lampu jalan", f"Teruskan dari grup warga: {WUNUT}")
    other = on_website(desk, "KTP saya sudah dua bulan belum jadi, blangko katanya kosong di loket kecamatan.")
    suggested(desk, other, wanted=False)
    suggested(desk, letter).must(first, "% sama", "Tempatnya sama: Wunut")
    desk.complaint("petugas", first).must(chat, letter).form(action="/himpun").submit().must("digabungkan ke sini", chat, letter)
    assert "Mungkin sama" not in desk.complaint("petugas", first).text
    desk.walk(first, "Ganti lampu", "Lampu diganti.", "Lampu di Krajan sudah menyala.")
    town.gateway.wait_sent(lambda sent: AHMAD in sent.to and "Lampu di Krajan sudah menyala." in sent.text, what="jawaban WhatsApp")
    for address, number in (("siti@warga.example", first), ("budi@warga.example", letter)):
        answer = town.mailbox(address).wait(lambda seen: "Lampu di Krajan sudah menyala." in text_of(seen))
        assert number in text_of(answer)
    desk.complaint("petugas", letter).must("Dijawab bersama aduan induk", "Lampu di Krajan sudah menyala.")
    desk.daemon.must("verify")


def test_a_later_one_is_joined_by_one_click_or_told_apart_for_good(desk):
    text = "Selokan di depan pasar Kareng Lor mampet, air meluap ke jalan dan baunya menyengat setiap hujan."
    first, second, third = on_website(desk, text), on_website(desk, text), on_website(desk, text)
    page = suggested(desk, third)
    for _ in (first, second):
        page = page.form(action="/bukan-sama").submit(button="Bukan").must("bukan aduan yang sama")
    page.must("Dipastikan bukan aduan yang sama")
    assert "Mungkin sama" not in page.text
    suggested(desk, second).form(action="/gabung", button=f"Gabungkan ke {first}").submit().must(f"Digabungkan dengan {first}")
    page = desk.complaint("petugas", first).must(second, "digabungkan ke sini")
    assert "Mungkin sama" not in page.text  # neither the one that is joined nor the one that was told apart


def test_a_secret_one_is_shown_to_the_right_eyes_only_and_never_with_who_wrote_it(desk):
    text = "Pagar balai warga Jrebeng Wetan roboh menimpa sepeda anak saya, sampai hari ini tidak dibersihkan."
    secret, first, later = (at_the_counter(desk, text, **kind) for kind in ({"rahasia": "1"}, {}, {}))
    page = suggested(desk, later).must(secret, first)
    assert page.text.count("Pengadunya sama") == 1
    for role in ("kasi", "camat"):  # the one may not see it, the other joins nothing
        assert secret not in desk.complaint(role, later).text
    path = page.path.split("?")[0]
    fields = f"lain=1&csrf={desk.complaint('camat', later).form(action='/keluar').field('csrf').value}"
    refused = desk.session("camat").request("POST", f"{path}/bukan-sama", fields.encode(),
                                            {"Content-Type": "application/x-www-form-urlencoded"})
    assert refused.status == 422
    assert not desk.daemon.book_query("SELECT 1 FROM alike WHERE decided_at IS NOT NULL AND complaint_id = ?", int(path.split("/")[-1]))


# ---- the rule file

@pytest.fixture(scope="module")
def admin(desk):
    desk.daemon.add_user("atur", "admin", "sandi-admin-kedopok")
    return desk.daemon.session("atur", "sandi-admin-kedopok")


def rules_form(admin, text=None, change=None, note=""):
    form = admin.get("/pengaturan/aturan").must().form(action="/pengaturan/aturan")
    text = text if text is not None else form.field("teks").value
    return form.fill(teks=change(text) if change else text, keterangan=note)


def praising(text):
    """Every complaint is praise."""
    assert "[aturan]\n" in text
    return text.replace("[aturan]\n", "[aturan]\njika selalu maka jenis=aspirasi karena aturan uji\n")


def proposed(desk, number):
    """What the rules said when it came in."""
    rows = desk.daemon.book_query("SELECT e.data FROM event e JOIN complaint c ON c.id = e.complaint_id"
                                  " WHERE c.number = ? AND e.kind = 'masuk'", number)
    return json.loads(rows[0][0])["proposal"]


def versions(desk):
    return [note for note, in desk.daemon.book_query("SELECT note FROM rule_version ORDER BY id")]


def test_mistakes_in_the_rules_are_named_by_their_lines_and_nothing_is_saved(desk, admin):
    broken = "[layanan jalan di seksi_pembangunan]\njalan\n[aturan]\njika lucu maka jenis=keluhan\n"
    for button in ("Periksa", "Simpan"):
        page = rules_form(admin, broken).submit(button=button)
        assert page.status == 422
        assert 'Baris 4: tidak ada kelompok kata bernama "lucu"' in page.text and "jika lucu maka jenis=keluhan" in page.text
        assert page.form(action="/pengaturan/aturan").field("teks").value.strip() == broken.strip()
    assert versions(desk) == []


def test_rules_are_tried_on_the_book_saved_used_at_once_kept_over_a_restart_and_taken_back(town, desk, admin):
    number = on_website(desk, "Lampu jalan di perempatan Kareng Lor mati total sejak kemarin malam.")
    rules_form(admin, change=praising).submit(button="Periksa").must(number, "jenis: pengaduan → aspirasi", "belum disimpan")
    assert versions(desk) == []
    rules_form(admin, change=praising, note="Semua pujian").submit(button="Simpan").must("Sudah disimpan", "Semua pujian", "dipakai")
    assert versions(desk) == ["Semua pujian"]
    praise = on_website(desk, "Lampu jalan di gang Mawar juga mati, mohon segera diganti yang baru.")
    assert proposed(desk, praise)["kind"] == "aspirasi"
    assert "aturan uji" in " ".join(proposed(desk, praise)["reasons"])
    by_letter = by_mail_in(town, desk, "Lampu taman padam", "Lampu taman padam lagi, mohon diperbaiki segera.")
    assert by_letter["kind"] == "aspirasi"
    assert by_command(desk) == ("aspirasi", "pengaduand: menurut aturan versi 1 di buku\n")
    assert "Penggolongan menurut aturan versi 1 di buku" in desk.daemon.must("check")
    desk.daemon.stop()
    assert by_command(desk) == ("aspirasi", "pengaduand: menurut aturan versi 1 di buku\n")
    desk.daemon.start()
    desk.logged_out()
    admin = desk.daemon.session("atur", "sandi-admin-kedopok")
    assert proposed(desk, on_website(desk, "Lampu di jembatan juga mati."))["kind"] == "aspirasi"
    admin.get("/pengaturan/aturan").must().form(action="/pengaturan/aturan", button="Pakai aturan bawaan").submit(
        button="Pakai aturan bawaan").must("Sudah disimpan", "Kembali ke aturan bawaan")
    assert proposed(desk, on_website(desk, "Lampu di lapangan juga mati."))["kind"] == "pengaduan"
    again = admin.get("/pengaturan/aturan").must().form(action="/pengaturan/aturan", button="Pakai lagi")
    again.submit(button="Pakai lagi").must("Kembali ke versi 1")
    assert proposed(desk, on_website(desk, "Lampu di pasar juga mati."))["kind"] == "aspirasi"
    again.submit(button="Pakai lagi")  # the same page once more: what it was made for has changed
    assert versions(desk) == ["Semua pujian", "Kembali ke aturan bawaan", "Kembali ke versi 1"]
    events = desk.daemon.book_query("SELECT actor, data FROM event WHERE kind = 'aturan_diubah' ORDER BY id")
    assert [(actor, json.loads(data)["version"]) for actor, data in events] == [("admin:atur", 1), ("admin:atur", 2), ("admin:atur", 3)]


def by_command(desk):
    """What `classify` says, and by which rules."""
    done = desk.daemon.run("classify", stdin='{"text": "Lampu jalan mati."}')
    return json.loads(done.stdout)["kind"], done.stderr


def by_mail_in(town, desk, subject, text):
    """The proposal for a mail, which is made apart from the transaction."""
    letter = town.send(compose("budi@warga.example", OFFICE_ADDRESS, subject, text))
    return proposed(desk, number_in(text_of(town.mailbox("budi@warga.example").wait(
        lambda seen: seen["In-Reply-To"] == letter["Message-ID"]))))


def test_who_edits_an_older_page_of_the_rules_is_told_so_and_loses_nothing(desk):
    admin = desk.daemon.session("atur", "sandi-admin-kedopok")
    old, other = rules_form(admin, change=lambda text: text + "# satu\n"), rules_form(admin, change=lambda text: text + "# dua\n")
    other.submit(button="Simpan").must("Sudah disimpan")
    page = old.submit(button="Simpan")
    assert page.status == 409 and "baru saja diubah orang lain" in page.text
    form = page.form(action="/pengaturan/aturan")
    assert "# satu" in form.field("teks").value
    form.submit(button="Simpan").must("Sudah disimpan")
    for role in ("petugas", "sekcam", "camat"):
        assert desk.session(role).get("/pengaturan/aturan").status == 403


# ---- what the dispositions teach

LESSONS = [("Jalan di depan rumah berlubang dalam, aspal mengelupas, sepeda motor sering jatuh.", "seksi_pembangunan"),
           ("Pedagang kaki lima berjualan di trotoar dan musik karaoke berisik sampai larut malam.", "seksi_trantib")]


def post(session, path, **fields):
    if not hasattr(session, "csrf"):
        session.csrf = session.get("/sandi").must().form("/sandi").field("csrf").value
    body = urllib.parse.urlencode({"csrf": session.csrf, **fields}).encode()
    page = session.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, follow=False)
    assert page.status == 303, page


def disposed(desk, text, section):
    """A complaint of the counter, given to that section by the shortest way."""
    number = at_the_counter(desk, text)
    (id,), = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)
    for version, (role, word, fields) in enumerate([("petugas", "verifikasi", {}), ("petugas", "teruskan", {}), ("sekcam", "disposisi", {
            "seksi": section, "instruksi": "Periksa.", "batas": (date.today() + timedelta(days=20)).isoformat()})], 1):
        post(desk.session(role), f"/aduan/{id}/{word}", versi=version, **fields)
    return number


def forwarded(desk, text):
    number = at_the_counter(desk, text)
    desk.verify(number)
    desk.forward(number)
    return number


def test_dispositions_teach_which_section_a_complaint_is_for_and_fill_the_form_only_where_the_admin_says_so(desk, admin):
    admin = desk.daemon.session("atur", "sandi-admin-kedopok")
    if versions(desk):  # what other tests made of the rules
        admin.get("/pengaturan/aturan").form(button="Pakai aturan bawaan").submit(button="Pakai aturan bawaan")
    admin.get("/pengaturan/saran").must("Belum cukup putusan")
    assert "perlu sedikitnya 20" in desk.daemon.must("learn")
    for i in range(20):
        disposed(desk, *LESSONS[i % 2])
    said = desk.daemon.must("learn")
    assert re.search(r"Dipelajari dari \d\d disposisi\. Saran benar untuk \d\d di antaranya \(\d+ %\); aturan benar untuk", said), said
    assert "tidak ada yang baru" in desk.daemon.must("learn")
    admin.get("/pengaturan/saran").must("Seberapa tepat", "hampir selalu benar", "Aturan benar", "Ketenteraman")
    number = forwarded(desk, "Aspal di gang kami mengelupas lagi, lubang makin lebar dan motor jatuh.")
    page = desk.complaint("sekcam", number).must("Saran", "Seksi Pembangunan", "Kata yang mendukung", "mengelupas")
    assert "Terisi menurut saran" not in page.text
    # The service says nothing of the section; the words do, once the form may be filled with it.
    other = forwarded(desk, "Musik berisik sampai larut malam.")
    admin.get("/pengaturan/saran").form("/pengaturan/saran").fill(isi="90").submit().must("Sudah disimpan")
    form = desk.complaint("sekcam", other).must("Terisi menurut saran").form(action="/disposisi")
    assert form.field("seksi").value == "seksi_trantib"
    assert desk.daemon.book_query("SELECT state, section_id FROM complaint WHERE number = ?", other) == [("diteruskan", None)]
    admin.get("/pengaturan/saran").form("/pengaturan/saran").fill(isi="").submit().must("Sudah disimpan")
    assert "Terisi menurut saran" not in desk.complaint("sekcam", other).text
    bribe = forwarded(desk, "Petugas loket minta uang 50 ribu supaya berkas jalan, ini pungli, aspal mengelupas.")
    assert "Kata yang mendukung" not in desk.complaint("sekcam", bribe).text  # whom it must pass by is no question of words
    desk.daemon.must("verify")
