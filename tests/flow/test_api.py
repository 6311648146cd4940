"""/api/v1 as programs use it: what its document says is what the server does, and a token sees and does no more than the
pages of its officer."""
import re

import pytest

from api import Api, misfit
from crowd import at_counter, picture
from daemon import Daemon
from desk import OFFICERS, SECTION_KEY, Desk

ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
TOKENS = "/pengaturan/token"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    office = Daemon(tmp_path_factory.mktemp("kantor"))
    office.init()
    made = Desk(office).hire()
    office.add_user(ADMIN[0], "admin", ADMIN[2], None, ADMIN[1])
    try:
        office.start()
        made.admin = office.session(ADMIN[0], ADMIN[2])
        made.api = {role: Api(office.base, token_of(made, role)) for role in OFFICERS}
        made.reader = Api(office.base, token_of(made, "petugas", "Hanya membaca"))
        made.open = number_id(made, at_counter(made, "Lampu jalan mati di Gang Melati.", nama="Siti Aminah", alamat="Jalan Mawar 3"))
        made.secret = number_id(made, at_counter(made, "Ada pungutan di loket.", nama="Warga Takut", rahasia="1"))
        made.hidden = number_id(made, at_counter(made, "Petugas tidur.", nama="", anonim="1"))
        yield made
        office.stop()
        office.must("verify")
    finally:
        office.kill()


def token_of(desk, role, scope="Membaca dan bertindak"):
    form = desk.admin.get(TOKENS).must().form(TOKENS)
    page = form.fill(nama=f"uji {role}", petugas=OFFICERS[role][0], izin=scope).submit()
    return re.search(r"pgd_[0-9a-f]{64}", page.must("Hanya ditampilkan kali ini").text).group()


def number_id(desk, number):
    return desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]


def document(desk):
    return Api(desk.daemon.base).get("/openapi.json").json


def anew(desk, text="Saluran air mampet."):
    return number_id(desk, at_counter(desk, text, nama="Budi Hartono"))


# ---- the document


PHOTO = picture(3)


def with_photo(desk, role="petugas", key=None, data=PHOTO, **fields):
    """A complaint with a file, as a program sends it: multipart/form-data."""
    fields = {"isi": "Pohon tumbang di jalan.", "nama": "Bu Tutik", **fields}
    parts = [f'--batas\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts.append(b'--batas\r\nContent-Disposition: form-data; name="berkas"; filename="pohon.png"\r\n'
                 b"Content-Type: text/html\r\n\r\n" + data + b"\r\n--batas--\r\n")
    return desk.api[role].ask("POST", "/aduan", b"".join(parts), Content_Type="multipart/form-data; boundary=batas",
                              **({"Idempotency_Key": key} if key else {}))


def test_a_complaint_is_entered_with_its_file_once_and_the_file_is_had_again(desk):
    first, again = with_photo(desk, key="pohon-1"), with_photo(desk, key="pohon-1")
    assert first.status == again.status == 200 and first.json == again.json
    file, = first.json["pesan"][0]["lampiran"]
    assert (file["nama"], file["jenis"], file["ukuran"]) == ("pohon.png", "image/png", len(PHOTO))  # what it is, not what was said
    assert first.json["saluran"] == "api" and re.fullmatch(r"\w{4}-\w{4}-\w{2}", first.json["kode"])
    got = desk.reader.get(f"/lampiran/{file['id']}")
    assert got.status == 200 and got.body == PHOTO and got.headers["content-type"] == "application/octet-stream"
    assert desk.api["seksi"].get(f"/lampiran/{file['id']}").status == 404  # not theirs
    assert with_photo(desk, key="pohon-1", data=PHOTO + b"x").status == 422
    assert with_photo(desk, role="sekcam").status == 403


def test_a_file_of_a_hidden_case_is_not_given_to_who_may_not_see_it(desk):
    made = with_photo(desk, sifat="rahasia", isi="Ada pungutan.").json
    file = made["pesan"][0]["lampiran"][0]["id"]
    for role in OFFICERS:
        page = desk.session(role).get(f"/lampiran/{file}")
        assert desk.api[role].get(f"/lampiran/{file}").status == (200 if page.status == 200 else 404), role
    assert Api(desk.daemon.base).get(f"/lampiran/{file}").status == 401


@pytest.mark.parametrize("fields, words", [
    ({}, "isi:"), ({"isi": "x"}, "nama:"), ({"isi": "x", "nama": "A", "sifat": "entah"}, "sifat:"),
    ({"isi": "x", "nama": "A", "jenis": "entah"}, "jenis:"), ({"isi": "x", "nama": "A", "telepon": "12"}, "telepon:"),
    ({"isi": "x", "nama": "A", "email": "bukan"}, "email:"), ({"isi": "x", "nama": "A", "layanan": "entah"}, "layanan:"),
    ({"isi": "x", "nama": "A" * 600}, "nama: terlalu panjang")])
def test_a_complaint_that_cannot_be_is_refused_with_its_field(desk, fields, words):
    answer = desk.api["petugas"].ask("POST", "/aduan", fields)
    assert answer.status == 422 and words in answer.json["detail"], answer


def test_the_document_is_read_by_people_too(desk):
    page = desk.daemon.session().get("/api").must("POST /api/v1/aduan", "Idempotency-Key", "kursor")
    for path in document(desk)["paths"]:
        assert path in page.text


def test_every_path_of_the_document_is_answered_as_the_document_says(desk):
    said, done = document(desk), 0
    assert said["openapi"].startswith("3.1")
    one, photo = anew(desk), with_photo(desk).json["pesan"][0]["lampiran"][0]["id"]
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            real = path.replace("/api/v1", "").replace("{tindakan}", "verifikasi")
            real = real.replace("{id}", str(photo if "lampiran" in path else one))
            if method == "get":
                answer = desk.api["petugas"].get(real)
            elif real == "/aduan":
                answer = desk.api["petugas"].ask("POST", real, {"isi": "Got buntu.", "nama": "Siti"})
            else:
                fields = {"isi": "Sudah dilihat."} if real.endswith("catatan") else {}
                answer = desk.api["petugas"].act(one, real.rsplit("/", 1)[1], **fields)
            assert answer.status == 200, (path, answer)
            (kind, said_of), = operation["responses"]["200"]["content"].items()
            assert answer.headers["content-type"] == kind
            schema = said_of["schema"]
            if method == "get" and operation["security"]:
                again = desk.api["petugas"].get(real, If_None_Match=answer.headers["etag"])
                assert (again.status, again.body) == (304, b"") and again.headers["etag"] == answer.headers["etag"]
            if "$ref" in schema:
                assert not misfit(answer.json, schema, said)
                done += 1
            if operation["security"]:
                refused = Api(desk.daemon.base).ask(method.upper(), real)
                assert refused.status == 401 and refused.headers["www-authenticate"] == "Bearer"
                assert not misfit(refused.json, {"$ref": "#/components/schemas/Masalah"}, {
                    "components": {"schemas": {"Masalah": {**said["components"]["schemas"]["Masalah"],
                                                           "additionalProperties": {}}}}})
    assert done == 6


def test_what_the_document_does_not_have_is_refused_as_json(desk):
    api = desk.api["petugas"]
    for method, path, status in (("GET", "/tidak-ada", 404), ("GET", "/aduan/x", 404), ("POST", "/angka", 405),
                                 ("GET", f"/aduan/{desk.open}/verifikasi", 405), ("POST", f"/aduan/{desk.open}/hapus", 404),
                                 ("DELETE", f"/aduan/{desk.open}", 405)):
        answer = api.ask(method, path, {} if method == "POST" else None, If_Match=api.get(f"/aduan/{desk.open}").headers["etag"])
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), (method, path, answer)


# ---- who may


def test_a_token_reads_only_what_the_pages_of_its_officer_show(desk):
    for role, session in ((role, desk.session(role)) for role in OFFICERS):
        for complaint in (desk.open, desk.secret, desk.hidden):
            page, answer = session.get(f"/aduan/{complaint}"), desk.api[role].get(f"/aduan/{complaint}")
            assert page.status == answer.status, (role, complaint)
            if answer.status == 200:
                assert ("Siti Aminah" in page.text) == ("Siti Aminah" in answer.body.decode()), (role, complaint)
        listed = {one["nomor"] for one in desk.api[role].get("/aduan?jumlah=100").json["aduan"]}
        assert listed == set(re.findall(r"\b\d{3}/PGD/\w+/\d{4}", session.get("/buku").must().text)), role
    assert b"Warga Takut" not in desk.api["sekcam"].get(f"/aduan/{desk.secret}").body
    assert desk.api["seksi"].act(desk.open, "catatan", version=1, isi="x").status == 404


def test_tokens_have_scopes_and_end(desk):
    assert desk.reader.get(f"/aduan/{desk.open}").status == 200
    assert desk.reader.act(desk.open, "catatan", isi="x").status == 403
    token = token_of(desk, "kasi", "Hanya membaca")
    api = Api(desk.daemon.base, token)
    assert api.get("/angka").status == 200
    assert token not in str(desk.daemon.book_query("SELECT name, hex(hash) FROM api_token"))
    desk.admin.get(TOKENS).form(button="Cabut token uji kasi").submit().must("Dicabut")
    answer = api.get("/angka")
    assert answer.status == 401 and "dicabut" in answer.json["detail"]
    form = desk.admin.get(TOKENS).form(TOKENS)
    refused = form.fill(nama="", hari="1000").submit()
    assert refused.status == 422 and "Pilih akunnya." in refused.text and "730 hari" in refused.text
    assert ADMIN[0] not in [login for login, _ in form.field("petugas").options]  # he sees nobody's complaint
    for _ in range(12):  # guesses are slowed down by address; whoever comes behind a proxy has his own
        last = Api(desk.daemon.base, "pgd_" + "0" * 64).ask("GET", "/angka", X_Forwarded_For="198.51.100.7")
    assert last.status == 429 and desk.reader.get("/angka").status == 200


# ---- lists


def test_lists_are_filtered_searched_and_paged_by_cursor(desk):
    made = [anew(desk, f"Selokan nomor {n} tersumbat lumpur hitam.") for n in range(5)]
    api, seen, cursor = desk.api["petugas"], [], ""
    while cursor is not None:
        page = api.get(f"/aduan?q=selokan&jumlah=2{'&kursor=' + cursor if cursor else ''}").json
        seen += [one["id"] for one in page["aduan"]]
        cursor = page["kursor"]
    assert seen == sorted(made, reverse=True)
    desk.api["petugas"].act(made[0], "verifikasi")
    assert [one["id"] for one in api.get("/aduan?q=selokan&keadaan=diverifikasi").json["aduan"]] == [made[0]]
    assert api.get("/aduan?dari=2020-01-01&sampai=2020-12-31").json["aduan"] == []
    for wrong in ("keadaan=entah", "jumlah=0", "jumlah=1000", "dari=kemarin", "kursor=-1", "terlambat=mungkin"):
        answer = api.get(f"/aduan?{wrong}")
        assert answer.status == 422 and answer.json["detail"], wrong
    figures = api.get("/angka").json
    assert figures["semua"] == sum(figures["keadaan"].values()) >= 8 and figures["keadaan"]["diverifikasi"] >= 1


# ---- acts


def test_a_complaint_goes_its_way_by_acts_alone(desk):
    one = anew(desk)
    steps = (("petugas", "verifikasi", {}), ("petugas", "teruskan", {}),
             ("sekcam", "disposisi", {"seksi": SECTION_KEY, "instruksi": "Periksa.", "batas": "2099-12-31"}),
             ("seksi", "mulai", {}), ("seksi", "lapor", {"isi": "Sudah dikeruk."}), ("sekcam", "setujui", {}),
             ("petugas", "jawab", {"isi": "Sudah lancar.", "cara": "lisan", "penerima": "Budi"}))
    for role, action, fields in steps:
        assert action in desk.api[role].get(f"/aduan/{one}").json["tindakan"]
        answer = desk.api[role].act(one, action, **fields)
        assert answer.status == 200, (action, answer)
    assert answer.json["keadaan"] == "dijawab"
    assert [step["pelaku"] for step in answer.json["riwayat"]][1:] == [f"{role}:{OFFICERS[role][0]}" for role, _, _ in steps]
    refused = desk.api["petugas"].act(one, "verifikasi")
    assert refused.status == 422 and "tidak dapat dilakukan" in refused.json["detail"]


def test_an_act_on_an_older_version_is_refused_and_changes_nothing(desk):
    one, api = anew(desk), desk.api["petugas"]
    tag = api.get(f"/aduan/{one}").headers["etag"]
    assert api.get(f"/aduan/{one}", If_None_Match=tag).status == 304
    assert api.ask("POST", f"/aduan/{one}/verifikasi", {}).status == 428
    assert api.ask("POST", f"/aduan/{one}/verifikasi", {}, If_Match=tag).status == 200
    answer = api.ask("POST", f"/aduan/{one}/teruskan", {}, If_Match=tag)
    assert answer.status == 412 and "sudah diubah" in answer.json["detail"]
    assert api.get(f"/aduan/{one}", If_None_Match=tag).json["keadaan"] == "diverifikasi"


def test_the_same_request_again_is_answered_as_before_and_done_once(desk):
    one, api = anew(desk), desk.api["petugas"]
    tag = api.get(f"/aduan/{one}").headers["etag"]
    first = api.act(one, "catatan", version=tag.strip('"'), key="kirim-1", isi="Sudah ditelepon.")
    again = api.act(one, "catatan", version=tag.strip('"'), key="kirim-1", isi="Sudah ditelepon.")
    assert first.status == again.status == 200 and first.json == again.json
    assert [m["teks"] for m in again.json["pesan"]].count("Sudah ditelepon.") == 1
    other = api.act(one, "catatan", key="kirim-1", isi="Lain.")
    assert other.status == 422 and "Idempotency-Key" in other.json["detail"]


@pytest.mark.parametrize("body, status", [(b"{", 400), (b"[]", 400), (b'{"isi": 1}', 422), (b'{"isi": "a", "isi": "b"}', 400),
                                          (b'{"tidak_ada": "x"}', 422), (b'{"isi": "\xff"}', 400), (b'{"batas": "besok"}', 422)])
def test_bodies_that_are_not_as_the_document_says_are_refused(desk, body, status):
    api = desk.api["petugas"]
    tag = api.get(f"/aduan/{desk.open}").headers["etag"]
    answer = api.ask("POST", f"/aduan/{desk.open}/verifikasi", body, If_Match=tag)
    assert answer.status == status and answer.headers["content-type"] == "application/problem+json", answer
    assert api.ask("POST", f"/aduan/{desk.open}/verifikasi", b"isi=x", If_Match=tag,
                   Content_Type="application/x-www-form-urlencoded").status == 415
