"""Whoever changes the book or its files behind the daemon's back is found out: `verify` exits with 1 and says where.

One office lives a little, is stopped, and is then tampered with in every way a table has: each column of a row, a row
removed, added, exchanged with another; each kind of file changed, cut, removed.
"""
import json
import re
import shutil
import sqlite3
import subprocess

import pytest

import gateway as stand_in
import gateways
import totp
from api import Api
from clamd import Clamd
from crowd import picture
from daemon import build_folder
from desk import Desk, code_in, number_in
from faults import Faults
from desk import SECTION_NAME, Desk, code_in, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import await_that
from servers import Town

SITI = "siti@warga.example"
SMALL = ("catatan.txt", "text/plain", b"Lampiran kecil yang ada di dalam buku.")
LARGE = ("foto.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400)
BAD = ("daftar.txt", "text/plain", b"X5O EICAR")
LOGO = ("lambang.png", "image/png", picture(1))
# What `verify` says of these, beside "tabel NAMA"; without the journal's last row the rows it tells of are not known.
NAMED = {"event": ["peristiwa nomor"], "journal": ["jurnal terputus", "di luar pengaduand"], "blob": ["isi blob", "isi lampiran/"]}
# FTS5's own; journal and SQLite keep themselves.
SHADOW = "message_text"


@pytest.fixture(scope="module")
def lived():
    """(office, folder with a copy of its data, register numbers, fingerprint before the last complaint)."""
    with Town() as town, Clamd() as clamd:
        office = town.daemon()
        office.sections["server"]["clamd"] = clamd.address
        gateways.configure(office, town.gateway.base, ("fonnte",))
        office.init()
        desk = Desk(office).hire()
        office.sections["server"]["verify"] = "yes"
        office.sections["webhook"] = {"private": "no"}
        office.sections["server"]["alarm_seconds"] = 1
        office.write_configuration()
        office.start()
        letter = town.send(compose(SITI, OFFICE_ADDRESS, "Lampu padam", "Lampu jalan padam.\n", (SMALL, LARGE)))
        receipt = town.mailbox(SITI).wait(lambda seen: seen["In-Reply-To"] == letter["Message-ID"])
        number = number_in(text_of(receipt))
        office.wait_log(r"inspection\.done whole=yes")
        head = fingerprint(office.must("verify"))
        office.stop()
        shutil.copytree(office.data, office.folder / "dahulu")
        office.start()
        town.send(compose(SITI, OFFICE_ADDRESS, f"Re: {receipt['Subject']}", "Masih padam juga.\n", (BAD,), in_reply_to=receipt))
        await_that(lambda: "Masih padam juga" in desk.complaint("petugas", number).text, 20, "balasan")
        await_that(lambda: office.book_query("SELECT 1 FROM attachment_found"), 20, "berkas bervirus")
        page = desk.complaint("petugas", number).must("daftar.txt", "mengandung virus (Eicar-Signature)")
        raw = [href for href, _ in page.links if href.startswith("/mentah/")][-1]
        assert desk.session("petugas").get(raw).status == 403
        page = desk.complain_on_website("Jalan depan pasar berlubang.", email=SITI, files=(SMALL,))
        other = number_in(page.text)
        assert code_in(page.text)
        desk.act("petugas", other, "tanya", isi="Di depan toko yang mana?")
        desk.act("petugas", other, "lengkap")  # a pause of its clock
        compensate(desk, number)
        desk.act("sekcam", other, "disposisi", seksi=SECTION_NAME, instruksi="Cek.", batas="2030-01-02", bantu="ya")
        desk.walk(number, "Ganti lampu", "Lampu diganti.", "Lampu sudah menyala.")
        publish(desk, number)
        ask_to_be_forgotten(desk, number_in(desk.complain_on_website("Pohon tumbang di makam.").text))
        chat_with(town, desk)
        hear_of_what_is_unknown(office)
        town.send(compose("info@warga.example", OFFICE_ADDRESS, "Buletin", "Lima langkah.\n",
                          [("lima.txt", "text/plain", b"Langkah pertama.")], Precedence="bulk"))
        await_that(lambda: office.book_query("SELECT 1 FROM set_aside"), 20, "surat massal")
        change_a_text(office)
        open_the_box(desk)
        set_a_webhook(office)
        set_the_office_head(office)
        desk.session("petugas").get("/buku?keadaan=terlambat").form("/buku/saringan").fill(nama="Yang terlambat").submit().must()
        desk.complain_on_website("Jalan depan pasar berlubang.", email=SITI)
        await_that(lambda: office.book_query("SELECT 1 FROM alike"), 20, "mungkin sama")
        raise_an_alarm(town, office)
        await_that(lambda: not office.book_query("SELECT 1 FROM outbox WHERE state IN ('antre', 'mengirim')"), 20, "kiriman")
        office.must("learn")
        office.stop()
        wait_for_the_sheets(office)
        office.must("verify")
        shutil.copytree(office.data, office.folder / "utuh")
        yield office, office.folder / "utuh", (number, other), head


def wait_for_the_sheets(office):
    """What the Kasi and the Sekcam are told some days later."""
    faults = Faults(office.folder)
    office.extra_environment.update(faults.environment())
    office.start()
    faults.let_pass(8 * 24 * 3600, office)
    await_that(lambda: len(office.book_query("SELECT 1 FROM sheet")) == 2, 30, "lembar pengawasan")
    office.stop()
    for name in faults.environment():
        del office.extra_environment[name]


def chat_with(town, desk):
    """A conversation by WhatsApp, with a photograph, up to the judgement of the answer; then somebody with two numbers."""
    def say(text, phone="6281234567890", chat=None, **more):
        body = stand_in.gowa_text(phone, text, **more)
        body["payload"].update({"from": chat, "chat_id": chat} if chat else {})
        assert town.gateway.deliver_gowa(desk.daemon.hook_url(), body, desk.daemon.secrets["GOWA_SECRET"]) == [200]

    town.gateway.give("/statics/media/got.png", LARGE[2], LARGE[1])
    say("got mampet di belakang pasar", image="statics/media/got.png")
    number = desk.numbers()[-1]
    await_that(lambda: not desk.daemon.book_query("SELECT 1 FROM media WHERE state <> 'selesai'"), 20, "foto")
    desk.walk(number, "Keruk", "Sudah dikeruk.", "Sudah lancar.")
    say("4, terima kasih")
    phone, hidden = "6281322220011", "251556368777399@lid"
    say("Saluran air di RT 02 bocor", phone)
    say("Saluran air di RT 02 bocor sejak Senin", phone, hidden)
    say("Airnya sampai ke jalan", phone, from_lid=hidden)


def hear_of_what_is_unknown(office):
    """States that come before the answer to the sending, and under a second name."""
    for body in ({"device": "6", "id": "belum-dikenal", "stateid": "3EBLAIN", "status": "sent", "state": "sent"},
                 {"device": "6", "stateid": "3EBLAIN", "state": "read"}):
        raw = json.dumps(body).encode()
        assert stand_in.post(gateways.url(office, "fonnte"), raw, gateways.headers("fonnte", raw)) == 200


def publish(desk, number):
    complaint = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]
    form = desk.session("petugas").get(f"/aduan/{complaint}/publikasi").must().form("/publikasi")
    form.submit("Publikasikan").must("Hasilnya sudah dipublikasikan")


def compensate(desk, number):
    form = desk.complaint("petugas", number).form("/kompensasi").fill(apa="Lampu diganti", tanggal="2026-01-05", penerima="Siti")
    form.attach("berkas", *LOGO).submit().must("Kompensasi sudah dicatat")


def ask_to_be_forgotten(desk, number):
    """By way of the Camat; the complaint is over, its letters have left."""
    complaint = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]
    desk.act("petugas", number, "arsipkan", isi="Ditarik di loket.")
    form = desk.session("petugas").get(f"/aduan/{complaint}").form(f"/aduan/{complaint}/hak").fill(hak="hapus", cara="loket")
    form.submit().form("/penuhi").submit().must("Dilaporkan kepada Camat")
    address = desk.session("camat").get("/hak").link("/hak/usulan/")
    desk.session("camat").get(address).form(address).fill(yakin="ya").submit("Setujui").must("Disetujui")
    await_that(lambda: desk.daemon.book_query("SELECT 1 FROM forget_list WHERE merged_at IS NOT NULL"), 60, "terhapus")


def change_a_text(office):
    office.add_user("atur", "admin", "sandi-admin-kedopok")
    address = "/pengaturan/balasan/penutup"
    form = office.session("atur", "sandi-admin-kedopok").get(address).must().form(action=address)
    form.fill(teks="Selesai: {nomor} {kode}").submit(button="Simpan").must("Sudah disimpan")
    office.session().get("/skm").must().form("/skm").fill(**{f"u{u}": 3 for u in range(1, 10)}).submit().must("Terima kasih")
    form = office.session("atur", "sandi-admin-kedopok").get("/pengaturan/aturan").must().form(action="/pengaturan/aturan")
    form.fill(teks=form.field("teks").value + "# dua").submit(button="Simpan").must("Sudah disimpan")
    office.session("atur", "sandi-admin-kedopok").get("/pengaturan/waktu").form("/waktu").fill(camat="8").submit().must("Sudah disimpan")


def open_the_box(desk):
    session = desk.session("petugas")
    page = session.get("/loket/kotak").must().form("/kotak").fill(saksi="Darmo", lembar=1, tempat="Lobi").submit()
    page.must().form(button="Catat, lanjut").fill(isi="Kursi kurang.").submit().form(button="Selesai").submit().must("Berita acara")
    form = session.get("/loket").must().form("/loket")
    form.fill(isi="Jalan rusak.", nama="Ketua RT", saluran="surat", nomor_asal="12/RT/2026", tanggal_asal="2026-11-20").submit().must()


def set_a_webhook(office):
    """To where nobody answers: the test is tried once and waits."""
    session = office.session("atur", "sandi-admin-kedopok")
    form = session.get("/pengaturan/webhook").must().form("/webhook").fill(nama="Dasbor", alamat="https://127.0.0.1:9/kabar", k_masuk=1)
    form.submit().must("Hanya ditampilkan kali ini")
    session.get("/pengaturan/webhook").form("/uji").submit().must()
    await_that(lambda: office.book_query("SELECT 1 FROM webhook_try"), 20, "percobaan webhook")


def set_the_office_head(office):
    session = office.session("atur", "sandi-admin-kedopok")
    form = session.get("/pengaturan/kantor").must().form("/pengaturan/kantor")
    totp.enrol(session)
    page = session.get("/pengaturan/token").form("/pengaturan/token").fill(nama="uji", petugas="rina", izin="tulis").submit()
    api = Api(office.base, re.search(r"pgd_[0-9a-f]{64}", page.must().text).group())
    assert api.act(1, "catatan", key="satu", isi="Sudah ditelepon.").status == 200
    form.attach("logo", *LOGO).fill(camat="Drs. Agus Wibowo").submit().must("Sudah disimpan")


def raise_an_alarm(town, office):
    town.dovecot.stop()
    await_that(lambda: office.book_query("SELECT 1 FROM alarm"), 30, "alarm saluran")


@pytest.fixture()
def office(lived):
    """The office with its book as it was."""
    put_back(lived[0], lived[1])
    return lived[0]


def put_back(office, template):
    shutil.rmtree(office.data, ignore_errors=True)
    shutil.copytree(template, office.data)


def fingerprint(said):
    return said.partition("Sidik buku: ")[2].split()[0]


def tables(book):
    return [name for name, in book.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                                           " AND name NOT LIKE ? || '%' ORDER BY name", (SHADOW,))]


def change(office, sql, *values):
    with sqlite3.connect(office.data / "buku.db") as book:
        done = book.execute(sql, values).rowcount
    book.close()
    assert done > 0, f"tidak ada yang berubah: {sql}"


def found_out(office, *words):
    """What `verify` is missing in its answer; None = it exits with 1 and says all of them."""
    done = office.run("verify")
    missing = [word for word in words if word not in done.stdout + done.stderr]
    return (f"status {done.returncode}, tanpa {missing}: {done.stdout}{done.stderr}"
            if done.returncode != 1 or missing else None)


UNIQUE = ("number", "code", "login", "key", "external", "day", "sent")  # what two rows cannot have


class Table:
    """What can be done to one table by somebody who has sqlite3."""

    def __init__(self, data, name):
        book = sqlite3.connect(data / "buku.db")
        self.name = name
        columns = book.execute("SELECT name, type, pk FROM pragma_table_info(?)", (name,)).fetchall()
        self.columns = [(column, kind) for column, kind, _ in columns]
        self.key = [column for column, _, pk in columns if pk]
        order = ", ".join(self.key)
        self.rows = [dict(zip([column for column, _ in self.columns], row))
                     for row in book.execute(f"SELECT * FROM {name} ORDER BY {order}")]
        book.close()

    def where(self, row):
        return " AND ".join(f"{column} = ?" for column in self.key), [row[column] for column in self.key]

    @staticmethod
    def other(value, kind):
        """Another value of that kind that no constraint of the table refuses."""
        if kind == "INTEGER":
            return 4711 if value is None else value + 1000
        if kind == "BLOB":
            return b"\1" * 32 if value is None else bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        return "x" if value is None else value + "x"

    def changes(self):
        """(what, SQL, values) of each way."""
        first, last = self.rows[0], self.rows[-1]
        for column, kind in self.columns:
            where, key = self.where(first)
            few = (self.name, column) == ("rating", "value") or (self.name == "skm_form" and column[0] == "u")  # 1 to 4
            other = 1 if few else self.other(first[column], kind)
            yield f"{column} diubah", f"UPDATE {self.name} SET {column} = ? WHERE {where}", [other, *key]
        for row, which in ((first, "pertama"), (last, "terakhir")):
            where, key = self.where(row)
            yield f"baris {which} dihapus", f"DELETE FROM {self.name} WHERE {where}", key
        added = {column: self.other(value, dict(self.columns)[column])
                 if column in (*self.key, *UNIQUE) or isinstance(value, str) else value for column, value in last.items()}
        marks = ", ".join("?" for _ in added)
        yield "baris ditambahkan", f"INSERT INTO {self.name} VALUES ({marks})", list(added.values())
        yield from self.exchanges()

    def exchanges(self):
        """Two rows that change places: each stands where the other was."""
        if len(self.rows) < 2:
            return
        first, last = self.rows[0], self.rows[-1]
        where, key = self.where(first)
        theirs, their_key = self.where(last)
        fit = [column for column, kind in self.columns
               if column not in self.key and first[column] != last[column] and kind != "BLOB" and column not in UNIQUE]
        for column in dict.fromkeys([*fit[:1], *fit[-1:]]):  # a row is sealed as a whole: two of its columns say it for all
            yield (f"{column} ditukar", f"UPDATE {self.name} SET {column} = CASE WHEN {where} THEN ? ELSE ? END"
                   f" WHERE ({where}) OR ({theirs})", [*key, last[column], first[column], *key, *their_key])


TABLES = ["alarm", "alike", "alike_words", "api_request", "api_token", "arrival", "assistance", "attachment",
          "attachment_found", "automatic_hour", "automatic_minute", "blob", "bookmark", "box_opening", "box_slip",
          "calendar_day", "calendar_version", "chat", "chat_sent", "citizen", "clock", "clock_pause", "compensation",
          "complaint", "delivery_alias", "delivery_early", "event", "forget_item", "forget_list", "handling", "heard",
          "identity", "inspection", "journal", "learnt", "media", "message", "notice", "officer", "origin", "outbox",
          "picture", "privacy", "publication", "rating", "recovery_code", "reference", "register_sequence",
          "reply_text", "rights_request", "rule_version", "same_person", "saved_filter", "secret", "section",
          "service", "session", "set_aside", "set_aside_file", "setting", "sheet", "skm_form", "term", "totp", "undo",
          "webhook", "webhook_try"]


def test_every_table_of_the_book_is_tampered_with_here_and_holds_something(lived):
    book = sqlite3.connect(lived[1] / "buku.db")
    assert tables(book) == TABLES
    assert [name for name in TABLES if not book.execute(f"SELECT 1 FROM {name}").fetchone()] == []
    book.close()


def is_named(name, said):
    return any(word in said for word in [f"tabel {name}", *NAMED.get(name, [])])


@pytest.fixture(scope="module")
def told(lived):
    """{table: [(what, answer)]} of the daemon's own look at the book with each change, all in one process (tamper.c)."""
    changes = [(name, *change) for name in TABLES for change in Table(lived[1], name).changes()]
    asked = "".join(json.dumps({"sql": sql, "values": [{"hex": value.hex()} if isinstance(value, bytes) else value
                                                       for value in values]}) + "\n" for _, _, sql, values in changes)
    done = subprocess.run([build_folder() / "tamper", lived[1]], input=asked, capture_output=True, text=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(answers) == len(changes), done
    found = {}
    for (name, what, *_), answer in zip(changes, answers):
        found.setdefault(name, []).append((what, answer))
    return found


@pytest.mark.parametrize("name", TABLES)
def test_no_column_can_be_changed_no_row_removed_added_or_exchanged_quietly(told, name):
    quiet = [f"{what}: {answer}" for what, answer in told[name]
             if answer["changed"] < 1 or answer["outcome"] != "never" or not is_named(name, answer["said"])]
    assert not quiet, "\n".join(quiet)


@pytest.mark.parametrize("name", TABLES[::6])
def test_the_command_names_the_table_that_was_changed(lived, office, name):
    what, sql, values = list(Table(lived[1], name).changes())[-1]
    change(office, sql, *values)
    done = office.run("verify")
    assert done.returncode == 1 and is_named(name, done.stdout), f"{what}: {done}"


def test_what_belongs_to_a_complaint_is_named_by_its_number(lived, office):
    number = lived[2][0]
    for sql in ("UPDATE message SET text = 'Lampu menyala terus.' WHERE id % 65536 = 1 AND complaint_id = 1",
                "UPDATE complaint SET state = 'ditutup' WHERE id = 1", "DELETE FROM notice WHERE complaint_id = 1",
                "UPDATE attachment SET filename = 'lain.png' WHERE message_id = 65537",
                "UPDATE outbox SET payload = replace(payload, 'sudah menyala', 'belum menyala') WHERE purpose = 'jawaban'",
                "DELETE FROM reference WHERE complaint_id = 1", "UPDATE arrival SET outcome = 'ganda' WHERE complaint_id = 1"):
        put_back(office, lived[1])
        change(office, sql)
        assert not found_out(office, number), f"{sql}: {found_out(office, number)}"


def test_a_changed_index_of_words_is_found(lived, office):
    for sql in (f"DELETE FROM {SHADOW}_docsize WHERE id = 65537", f"UPDATE {SHADOW}_data SET block = zeroblob(20) WHERE id > 10"):
        put_back(office, lived[1])
        change(office, sql)
        assert not found_out(office, "pencarian"), found_out(office, "pencarian")


def test_a_damaged_index_of_words_is_made_anew_from_the_messages(lived, office):
    """Not while the daemon runs, whose writer it would hold up."""
    for sql in (f"UPDATE {SHADOW}_data SET block = zeroblob(20) WHERE id > 10", f"UPDATE {SHADOW}_data SET block = x'00' WHERE id = 1",
                f"DELETE FROM {SHADOW}_docsize WHERE id = 65537"):
        put_back(office, lived[1])
        change(office, sql)
        assert not found_out(office), sql
        assert re.search(r"disusun ulang dari [1-9]\d* pesan", office.must("reindex"))
        assert fingerprint(office.must("verify")), sql
    office.start()
    refused = office.run("reindex")
    assert refused.returncode == 75 and "Hentikan dahulu layanan" in refused.stderr, refused
    office.stop()
    office.must("verify")


def test_another_schema_is_found(lived, office):
    for sql, words in (("CREATE TRIGGER diam AFTER UPDATE ON outbox BEGIN DELETE FROM session; END", "trigger diam"),
                       ("DROP INDEX complaint_due", "index complaint_due"), ("CREATE TABLE titipan (isi TEXT)", "table titipan"),
                       ("ALTER TABLE officer ADD COLUMN pintu TEXT", "table officer"), ("DROP TABLE notice", "notice"),
                       ("DROP TABLE journal", "journal")):
        put_back(office, lived[1])
        with sqlite3.connect(office.data / "buku.db") as book:
            book.execute(sql)
        book.close()
        assert not found_out(office, words), found_out(office, words)


def files(office):
    return [path for path in (office.data / "lampiran").rglob("*") if path.is_file() and not path.name.startswith(".")]


def flip(path, at):
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))


def test_an_attachment_changed_cut_emptied_or_removed_is_named(lived, office):
    number = lived[2][0]
    for harm in (lambda path: flip(path, 1000), lambda path: flip(path, 0), lambda path: path.write_bytes(path.read_bytes()[:-1]),
                 lambda path: path.write_bytes(path.read_bytes() + b"x"), lambda path: path.write_bytes(b""),
                 lambda path: path.unlink()):
        put_back(office, lived[1])
        one = files(office)[0]
        harm(one)
        words = ("lampiran/" + "/".join(one.parts[-3:]), number)
        assert not found_out(office, *words), found_out(office, *words)


def everywhere(whole, text):
    """A page that was written again may have left a copy where nothing is kept any more."""
    return [found.start() for found in re.finditer(re.escape(text), whole)]


def test_damage_inside_the_book_file_is_found(lived, office):
    whole = (lived[1] / "buku.db").read_bytes()
    places = {"isi pesan": everywhere(whole, b"Masih padam juga."), "kepala berkas": [1], "versi": [60],
              "skema": [whole.index(b"CREATE TABLE")], "isi lampiran": everywhere(whole, SMALL[2])}
    for what, copies in places.items():
        said = []
        for at in copies:
            put_back(office, lived[1])
            flip(office.data / "buku.db", at)
            said.append(office.run("verify"))
            if said[-1].returncode in (1, 69) and "uku" in said[-1].stdout + said[-1].stderr:
                break
        else:
            raise AssertionError(f"{what}: {said}")
    for size in (len(whole) // 2, 4096 * 3, 5000):
        put_back(office, lived[1])
        with open(office.data / "buku.db", "r+b") as file:
            file.truncate(size)
        assert not found_out(office, "uku"), found_out(office)
    (office.data / "buku.db").unlink()
    assert office.run("verify").returncode == 66


def test_a_rewritten_or_rolled_back_book_does_not_hold_the_head_that_was_kept(lived, office):
    head = fingerprint(office.must("verify"))
    assert "ada di dalamnya" in office.must("verify", "--head", lived[3])
    assert "ada di dalamnya" in office.must("verify", "--head", head)
    put_back(office, office.folder / "dahulu")  # whole in itself, and without what came after
    assert fingerprint(office.must("verify")) != head
    refused = office.run("verify", "--head", head)
    assert refused.returncode == 1 and "tidak ada dalam buku ini" in refused.stdout, refused
    assert office.run("verify", "--head", "abc").returncode == 64
