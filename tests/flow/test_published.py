"""What the office shows to everybody: results that a petugas chose, changed and looked at, and its figures.

Whatever is published is read as a stranger reads it, and compared with what was said to the office.
"""
import csv
import html
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta, timezone

import pytest

from crowd import at_counter
from desk import NUMBER, code_in, number_in
from process import await_that

NAME, PHONE, NIK, EMAIL = "Siti Rohmatul Hasanah", "0812-3456-7788", "3574015203880002", "siti.rohmah@warga.example"
PROBLEM = (f"Saya Siti Rohmatul Hasanah, NIK {NIK}, telepon {PHONE}. Antrean pagi di loket tidak tertib, "
           "yang datang belakangan dilayani dulu. Tolong ditata, Bu HASANAH menunggu.")
ANSWER = "Yth. Ibu Siti Rohmatul Hasanah, mulai Senin antrean memakai nomor dan dijaga petugas."
SECRETS = [NAME, "Siti", "Rohmatul", "Hasanah", PHONE, NIK, EMAIL, "HASANAH"]
ZONE = timezone(timedelta(hours=7))


def id_of(desk, number):
    return desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]


def finished(desk, text=PROBLEM, answer=ANSWER, **fields):
    """(number, id) of an answered complaint."""
    number = number_in(desk.complain_on_website(text, **fields).text)
    desk.verify(number)
    desk.forward(number)
    desk.approve(number)
    desk.answer(number, answer)
    return number, id_of(desk, number)


def preview(desk, complaint, role="petugas"):
    return desk.session(role).get(f"/aduan/{complaint}/publikasi")


def publish(desk, complaint, role="petugas", **fields):
    """Changes the texts, looks at them, publishes. The page that follows."""
    form = preview(desk, complaint, role).must().form("/publikasi")
    seen = form.fill(**fields).submit("Lihat pratinjau").must()
    return seen.form("/publikasi").submit("Publikasikan")


@pytest.fixture(scope="module")
def siti(desk):
    """(number, id, page of the officer) of Siti's published complaint."""
    number, complaint = finished(desk, name=NAME, email=EMAIL, address="Jalan Mawar 7 RT 02 RW 01")
    return number, complaint, publish(desk, complaint, judul="Antrean pagi kini memakai nomor", tempat="Kedopok")


def everywhere(office, complaint):
    """Everything a stranger can read of it."""
    visitor = office.session()
    paths = [f"/hasil/{complaint}", "/hasil", "/hasil.json", "/hasil.atom", "/hasil/angka", "/hasil/angka.csv"]
    return {path: html.unescape(visitor.request("GET", path).body.decode()) for path in paths}


# ---- the preview


def test_what_tells_who_somebody_is_is_struck_out_before_anybody_touches_it(desk):
    number, complaint = finished(desk, name=NAME, email=EMAIL)
    form = preview(desk, complaint).must("[nama]", "[NIK]", "[telepon]").form("/publikasi")
    for part in ("judul", "aduan", "hasil", "tempat"):
        assert not [word for word in SECRETS if word in form.field(part).value], (part, form.field(part).value)
    assert "Antrean pagi di loket tidak tertib" in form.field("aduan").value
    assert number not in form.field("hasil").value and not form.has("biarkan")


def test_the_preview_shows_the_original_with_its_strokes(desk):
    _, complaint = finished(desk, name=NAME)
    page = preview(desk, complaint)
    struck = [html.unescape(words) for words in re.findall(r"<del>(.*?)</del>", page.body.decode())]
    assert NIK in struck and any("Hasanah" in words for words in struck)


def test_the_tracking_code_and_what_the_book_knows_of_the_citizen_are_struck_out_too(desk):
    page = desk.complain_on_website("Warung di ujung gang ramai sampai pagi, kata kuntari.", name="Kuntari")
    number, code = number_in(page.text), code_in(page.text)
    desk.verify(number)
    desk.forward(number)
    desk.approve(number)
    desk.answer(number, f"Sudah ditegur. Lacak dengan {code} atau {code.replace('-', '').lower()}.")
    form = preview(desk, id_of(desk, number)).form("/publikasi")
    assert "kuntari" not in form.field("aduan").value.lower()
    assert form.field("hasil").value == "Sudah ditegur. Lacak dengan [kode lacak] atau [kode lacak]."


def test_nothing_is_published_that_was_not_seen_just_so(desk):
    _, complaint = finished(desk)
    form = preview(desk, complaint).form("/publikasi").fill(judul="Antrean bernomor", hasil="Sudah ditata.")
    page = form.submit("Publikasikan")
    assert page.status == 422 and "Periksa pratinjau" in page.text and "Antrean bernomor" in page.text
    assert desk.daemon.session().get(f"/hasil/{complaint}").status == 404
    page.form("/publikasi").submit("Publikasikan").must("Hasilnya sudah dipublikasikan")
    desk.daemon.session().get(f"/hasil/{complaint}").must("Antrean bernomor")


def test_what_still_looks_like_a_person_must_be_named_as_harmless(desk):
    _, complaint = finished(desk)
    form = preview(desk, complaint).form("/publikasi").fill(judul="Jalan rusak", hasil="Dikerjakan bersama Pak Sulistyo Wibowo.")
    seen = form.submit("Lihat pratinjau").must("Masih tampak seperti data pribadi")
    assert b"<mark>" in seen.body
    refused = seen.form("/publikasi").submit("Publikasikan")
    assert refused.status == 422 and "Sulistyo Wibowo" in refused.form("/publikasi").field("hasil").value
    ticked = refused.form("/publikasi").fill(biarkan="ya")
    ticked.submit("Publikasikan").must("Hasilnya sudah dipublikasikan")
    desk.daemon.session().get(f"/hasil/{complaint}").must("Sulistyo Wibowo")


def test_two_officers_do_not_overwrite_each_other(desk):
    _, complaint = finished(desk)
    old = preview(desk, complaint, "kasi").form("/publikasi")
    publish(desk, complaint, judul="Judul petugas").must()
    page = old.submit("Publikasikan")
    assert page.status == 409 and "diubah orang lain" in page.text
    desk.daemon.session().get(f"/hasil/{complaint}").must("Judul petugas")


# ---- what must never be public


@pytest.mark.parametrize("how", ["rahasia", "pengawasan", "open", "referred"])
def test_what_may_not_be_published_is_not(desk, how):
    if how in ("open", "referred"):
        number = number_in(desk.complain_on_website(PROBLEM).text)
        if how == "referred":
            desk.act("petugas", number, "rujuk", isi="Bukan kami", instansi="Dinas")
        complaint = id_of(desk, number)
    else:
        number, complaint = finished(desk) if how == "pengawasan" else (None, None)
        if how == "rahasia":
            form = desk.daemon.session().get("/aduan").form("/aduan").fill(isi=PROBLEM, nama=NAME, sifat="rahasia")
            number = number_in(form.submit().must().text)
            complaint = id_of(desk, number)
            for role, action, fields in (("petugas", "verifikasi", {}), ("petugas", "teruskan", {}), ("sekcam", "setujui", {}),
                                         ("petugas", "jawab", {"isi": ANSWER})):
                desk.act(role, number, action, **fields)
        else:
            write(desk, "UPDATE complaint SET kind = 'pengaduan_pengawasan' WHERE id = ?", complaint)
    try:
        for role in ("petugas", "kasi"):
            assert preview(desk, complaint, role).status == 404, (how, role)
        page = desk.session("petugas").get(f"/aduan/{complaint}").must()
        assert "/publikasi" not in page.body.decode()
        token = re.search(rb'name="csrf" value="(\w+)"', desk.session("petugas").get("/sandi").body).group(1).decode()
        body = f"csrf={token}&tindakan=publikasikan&judul=x&aduan=x&hasil=x&tempat=&semula=0".encode()
        sent = desk.session("petugas").request("POST", f"/aduan/{complaint}/publikasi", body,
                                               {"Content-Type": "application/x-www-form-urlencoded"})
        assert sent.status == 403
        assert not desk.daemon.book_query("SELECT 1 FROM publication WHERE complaint_id = ?", complaint)
    finally:
        if how == "pengawasan":
            write(desk, "UPDATE complaint SET kind = 'pengaduan' WHERE id = ?", complaint)


def write(desk, sql, *values):
    """What no page can do yet; put back before the book is verified."""
    import sqlite3
    with sqlite3.connect(desk.daemon.data / "buku.db", timeout=20) as book:
        book.execute(sql, values)
    book.close()


def test_only_petugas_and_kasi_publish(desk, siti):
    for role in ("sekcam", "camat", "seksi"):
        assert preview(desk, siti[1], role).status == 404
    preview(desk, siti[1], "kasi").must("Dapat dibaca umum")


def test_what_becomes_secret_later_vanishes_at_once(desk):
    _, complaint = finished(desk)
    publish(desk, complaint, judul="Sebentar saja").must()
    visitor = desk.daemon.session()
    visitor.get(f"/hasil/{complaint}").must()
    for sql, back in (("confidentiality = 'rahasia'", "confidentiality = 'biasa'"),
                      ("kind = 'whistleblowing'", "kind = 'pengaduan'"), ("state = 'dibuka_kembali'", "state = 'dijawab'")):
        write(desk, f"UPDATE complaint SET {sql} WHERE id = ?", complaint)
        assert visitor.get(f"/hasil/{complaint}").status == 404
        assert all("Sebentar saja" not in text for path, text in everywhere(desk.daemon, complaint).items()), sql
        write(desk, f"UPDATE complaint SET {back} WHERE id = ?", complaint)
    visitor.get(f"/hasil/{complaint}").must("Sebentar saja")


def test_a_publication_is_withdrawn_and_published_again_and_the_history_has_it(desk):
    _, complaint = finished(desk)
    publish(desk, complaint, judul="Ditarik lagi").must()
    preview(desk, complaint).form("/publikasi").submit("Tarik").must("Publikasi sudah ditarik")
    assert desk.daemon.session().get(f"/hasil/{complaint}").status == 404
    assert all("Ditarik lagi" not in text for text in everywhere(desk.daemon, complaint).values())
    publish(desk, complaint).must("Hasilnya sudah dipublikasikan", "Hasil dipublikasikan", "Publikasi ditarik")
    kinds = [kind for kind, in desk.daemon.book_query(
        "SELECT kind FROM event WHERE complaint_id = ? AND kind GLOB 'publikasi*' ORDER BY id", complaint)]
    assert kinds == ["publikasi", "publikasi_ditarik", "publikasi"]
    assert not desk.daemon.book_query("SELECT 1 FROM event WHERE data LIKE '%Ditarik lagi%'")


# ---- as a stranger reads it


def test_nobody_is_told_of_on_any_public_page(desk, siti):
    number, complaint, _ = siti
    for path, text in everywhere(desk.daemon, complaint).items():
        assert not [word for word in [*SECRETS, number, "Mawar"] if word in text], path
        assert not NUMBER.search(text), path
    assert "Antrean pagi kini memakai nomor" in everywhere(desk.daemon, complaint)["/hasil"]


def test_search_and_filters_find_what_they_name(desk, siti):
    _, other = finished(desk, "Lampu jalan di gang itu padam tiap malam.", "Lampunya sudah diganti.")
    publish(desk, other, judul="Lampu gang menyala lagi", tempat="Sumber Wetan").must()
    visitor, month = desk.daemon.session(), datetime.now(ZONE)

    def titles(query):
        return {row["title"] for row in json.loads(visitor.get("/hasil.json?" + query).body)["results"]}

    queue, lamp = "Antrean pagi kini memakai nomor", "Lampu gang menyala lagi"
    assert {queue, lamp} <= titles("")
    assert lamp in titles("q=LAMPU+gang") and queue not in titles("q=LAMPU+gang")
    assert titles("tempat=Sumber+Wetan") == {lamp}
    assert {queue, lamp} <= titles(f"bulan={month:%Y-%m}") and titles("bulan=2001-01") == set()
    assert titles("layanan=ikd") == set()
    assert titles("q=%25") == titles("q=_") == set()
    page = visitor.get("/hasil").form("/hasil").fill(tempat="Sumber Wetan").submit().must(lamp)
    assert queue not in page.text
    visitor.get("/hasil?q=tidak-ada-yang-begini").must("Tidak ada yang cocok")
    visitor.get("/hasil?halaman=99999999999&bulan=kapan").must()


def test_json_and_atom_tell_the_same(desk, siti):
    visitor = desk.daemon.session()
    answer = visitor.request("GET", "/hasil.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    rows = json.loads(answer.body)["results"]
    atom = visitor.request("GET", "/hasil.atom")
    assert atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(atom.body)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:id", None, space) and feed.findtext("a:updated", None, space).endswith("Z")
    entries = [(e.findtext("a:id", None, space), e.findtext("a:title", None, space), e.findtext("a:published", None, space))
               for e in feed.findall("a:entry", space)]
    assert entries == [(row["url"], row["title"], row["published"]) for row in rows]
    mine = next(row for row in rows if row["id"] == siti[1])
    assert set(mine) == {"id", "url", "title", "complaint", "result", "place", "service", "service_code", "working_days",
                         "published", "updated"}
    assert visitor.get(mine["url"]).must(mine["title"], mine["place"])


def test_what_everybody_may_read_everybody_may_keep(desk, siti):
    visitor = desk.daemon.session()
    for path in ("/hasil", f"/hasil/{siti[1]}", "/hasil.json", "/hasil.atom", "/hasil/angka", "/hasil/angka.csv"):
        def asked_twice():
            page = visitor.request("GET", path)
            again = visitor.request("GET", path, headers={"If-None-Match": page.headers["etag"]})
            return again.status == 304 and (page, again)

        page, again = await_that(asked_twice, 30, f"{path} tidak berubah")  # figures are up to a second behind what was just done
        for_scripts = path.endswith((".json", ".atom", ".csv"))
        assert page.headers["cache-control"] == "public, max-age=300", path
        assert page.headers["vary"] == ("Cookie, Origin" if for_scripts else "Cookie"), path
        assert again.body == b"", path
        assert visitor.request("GET", path, headers={"If-None-Match": '"lain"'}).status == 200
        assert desk.session("petugas").request("GET", path).headers["cache-control"] == "no-store", path
    assert visitor.request("GET", "/hasil/999999").headers["cache-control"] == "no-store"
    assert visitor.request("GET", "/hasil/abc").status == 404


# ---- figures


def facts(office):
    """The book, read another way than the daemon reads it: whole tables, counted here."""
    rows = office.book_query("SELECT id, channel, state, received_at, answered_at, due_at, s.key, x.key FROM complaint c "
                             "LEFT JOIN (SELECT id AS sid, key FROM service) s ON s.sid = c.service_id "
                             "LEFT JOIN (SELECT id AS xid, key FROM section) x ON x.xid = c.section_id")
    ratings = dict(office.book_query("SELECT complaint_id, value FROM rating"))
    moves = office.book_query("SELECT complaint_id, kind, actor, at FROM event WHERE complaint_id IS NOT NULL ORDER BY id")
    names = ("id", "channel", "state", "received", "answered", "due", "service", "section")
    complaints = [dict(zip(names, row), rating=ratings.get(row[0]), moves=[m[1:] for m in moves if m[0] == row[0]])
                  for row in rows]
    return complaints


def counted(office):
    everything = facts(office)
    answered = [one for one in everything if one["state"] in ("dijawab", "ditutup")]
    over = {"dijawab", "ditutup", "bukan_kewenangan", "duplikat", "diarsipkan"}
    judged = {"verifikasi", "tanya", "teruskan", "rujuk", "gabung", "arsipkan"}
    return {
        "masuk": len(everything), "dijawab": len(answered),
        "dijawab_tepat_waktu": sum(one["answered"] <= one["due"] for one in answered),
        "dirujuk": sum(one["state"] == "bukan_kewenangan" for one in everything),
        "digabung": sum(one["state"] == "duplikat" for one in everything),
        "diarsipkan": sum(one["state"] == "diarsipkan" for one in everything),
        "belum_selesai": sum(one["state"] not in over for one in everything),
        "diperiksa_tepat_waktu": sum(any(kind in judged and ":" in actor for kind, actor, _ in one["moves"]) for one in everything),
        "dibuka_kembali": sum(any(kind == "buka_kembali" for kind, *_ in one["moves"]) for one in everything),
    }


def table(office, period):
    text = office.session().request("GET", f"/hasil/angka.csv?periode={period}").body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def busy(desk, siti):
    """Complaints by two channels, one of them by one citizen only; one referred, one archived, one reopened."""
    for n in range(5):
        at_counter(desk, f"Papan petunjuk nomor {n} di lorong kantor sudah pudar.", nama="Warga Loket")
    number = number_in(desk.complain_on_website("Parkir liar di jalan provinsi.").text)
    desk.act("petugas", number, "rujuk", isi="Bukan kami", instansi="Dinas Perhubungan")
    number = number_in(desk.complain_on_website("Percobaan saja, mohon diabaikan.").text)
    desk.act("petugas", number, "arsipkan", isi="Percobaan")
    number, _ = finished(desk, "Keran air di toilet umum bocor terus.", "Sudah diganti.")
    desk.act("petugas", number, "buka_kembali", isi="Bocor lagi")
    return desk.daemon


@pytest.mark.parametrize("pattern", ["%Y", "%Y-%m"])
def test_the_figures_are_those_of_the_book(busy, pattern):
    rows = table(busy, datetime.now(ZONE).strftime(pattern))
    whole, expected = rows[0], counted(busy)
    assert {name: int(whole[name]) for name in expected} == expected
    assert (whole["lewat_tenggat"], whole["median_hari_kerja"], whole["p90_hari_kerja"]) == ("0", "0", "0")
    for part in {row["bagian"] for row in rows} - {"seluruhnya"}:
        for name in ("masuk", "dijawab", "belum_selesai"):
            assert sum(int(row[name] or 0) for row in rows if row["bagian"] == part) == int(whole[name]), (part, name)
    page = busy.session().get(f"/hasil/angka?periode={datetime.now(ZONE).strftime(pattern)}").must("Lewat mana", "Loket")
    total = re.search(rb"<tfoot>.*?</tfoot>", page.body[page.body.index(b"Menurut saluran"):], re.S).group()
    assert [int(n) for n in re.findall(rb">(\d+)</td>", total)] == [
        expected["masuk"], expected["dijawab"], expected["belum_selesai"]]


def test_few_are_not_told_apart(busy, desk):
    """One complaint by telephone is in the sum and in no row of its own; nor can it be found by subtraction."""
    month = datetime.now(ZONE).strftime("%Y-%m")
    before = table(busy, month)[0]["masuk"]
    form = desk.session("petugas").get("/loket").must().form("/loket")
    form.fill(isi="Mohon info jadwal, sulit menelepon.", nama="Warga Telepon", saluran="telepon").submit().must()
    await_that(lambda: table(busy, month)[0]["masuk"] != before, 30, "angka publik menyusul buku")  # at most a second behind
    for row in table(busy, month):
        assert row["nama"] != "Telepon" and int(row["masuk"]) >= 5, row
    assert "Telepon" not in busy.session().get(f"/hasil/angka?periode={datetime.now(ZONE):%Y-%m}").text


def test_a_month_of_nobody_tells_nothing(busy):
    page = busy.session().get("/hasil/angka?periode=2001-01").must("Masuk 0 aduan")
    assert "<svg class=\"chart\"" not in page.body.decode()
    assert [row["masuk"] for row in table(busy, "2001-01")] == ["0"]
    assert table(busy, "bukan-masa") == table(busy, f"{datetime.now(ZONE):%Y}")


# ---- the officers' evaluation, by the same counting


def month():
    return f"{datetime.now(ZONE):%Y-%m}"


def test_page_file_and_command_tell_the_same_numbers_as_the_book(busy, desk):
    expected = counted(busy)
    value = json.loads(desk.session("kasi").request("GET", f"/laporan.json?periode={month()}").body)
    whole = value["all"]
    names = {"masuk": "received", "dijawab": "answered", "dijawab_tepat_waktu": "answered_in_time", "dirujuk": "referred",
             "digabung": "joined", "belum_selesai": "open", "dibuka_kembali": "reopened", "diperiksa_tepat_waktu": "verified_in_time"}
    assert {name: whole[theirs] for name, theirs in names.items()} == {name: expected[name] for name in names}
    assert sum(whole["archived"].values()) == expected["diarsipkan"] and whole["archived"]["other"] == 1
    assert sum(whole["open_by_age"]) == expected["belum_selesai"]
    rows = facts(busy)
    for part, column in (("services", "service"), ("sections", "section")):
        theirs = {one["key"]: one["received"] for one in value[part] if one["received"]}
        mine = {key: sum((one[column] or "") == key for one in rows) for key in {one[column] or "" for one in rows}}
        assert theirs == mine
    for part in ("channels", "services", "sections", "slices"):
        for name in ("received", "answered", "answered_in_time", "open", "referred", "reopened"):
            assert sum(one[name] for one in value[part]) == whole[name], (part, name)
    page = desk.session("sekcam").get(f"/laporan?periode={month()}").must("Aduan masuk per minggu", "Menurut seksi")
    assert f"Masuk {expected['masuk']} aduan. {expected['dijawab']} sudah dijawab" in page.text
    said = json.loads(busy.must("report", "monthly", month(), "--format", "json"))
    assert {**said, "counted_at": 0} == {**value, "counted_at": 0}
    document = busy.must("report", "monthly", month(), "--format", "html")
    assert f"Masuk <b>{expected['masuk']}</b> aduan." in document and "/statis/" not in document and "<script" not in document
    busy.stop()
    try:  # also by itself, when no daemon has the views open
        assert busy.must("report", "monthly", month(), "--format", "html").count("</tr>") == document.count("</tr>")
    finally:
        busy.start()
    yearly = json.loads(busy.must("report", "yearly", month()[:4]))
    assert yearly["all"]["received"] == expected["masuk"] and len(yearly["slices"]) == 12


def test_the_report_is_for_those_who_lead_and_wrong_periods_are_refused(busy, desk):
    assert desk.session("seksi").get("/laporan").status == 403
    desk.session("camat").get("/laporan").must()
    desk.session("camat").get(f"/laporan?periode={month()[:4]}").must("Aduan masuk per bulan")
    for words, why in ((("monthly", "2026"), "bulan ditulis"), (("monthly", "2026-13"), "bulan ditulis"),
                       (("yearly", "2026-11"), "tahun ditulis"), (("monthly", "2026-11", "--format", "doc"), "html, json, xlsx, atau pdf")):
        done = busy.run("report", *words)
        assert done.returncode == 64 and why in done.stderr, done
