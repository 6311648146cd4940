"""What an attacker tries on the pages, on every page there is (tests/support/routes.py): entering without a right, making an
officer's browser act, keeping or planting a session, leading away, reading where nobody looks."""
import hashlib
import json
import re
import socket
import urllib.parse

import pytest

import gateway as whatsapp
import witness
from crowd import at_counter, picture
from daemon import Daemon
from desk import OFFICERS, Desk, code_in
from gateway import Gateway
from process import await_that
from routes import OTHER, all_routes
from session import Session

ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
FRESH = ("baru", "kasi")  # still has the one-time password
ROLES = [*OFFICERS, "admin"]
# Whoever adds a page for everybody says so here.
PUBLIC = {"/", "/masuk", "/masuk/kode", "/aduan", "/aduan/terkirim", "/aduan/diperiksa", "/lacak", "/lacak/lupa",
          "/lacak/tanda-terima", "/lacak/salinan", "/logo", "/skm", "/api",
          "/hasil", "/hasil.json", "/hasil.atom", "/hasil/*", "/hasil/angka", "/hasil/angka.csv", "/open311/v2/*"}
# What the office publishes on purpose: anybody may keep a copy of it, while nobody is logged in.
KEPT = "/hasil"
SQL = ["'", "' OR 1=1 --", "\" OR \"\"=\"", "1; DROP TABLE complaint", "x' UNION SELECT password_hash FROM officer --", "%", "\\",
       "* NEAR(", "\x00", "𝕏" * 50]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """(desk, petugas' complaint id, code, made by the counter with a picture). A gateway that may be reached, and one that
    may not, though both are the same machine."""
    stand_in = Gateway(basic=("kec", "rahasia-gowa"), pace=0.01).start()
    office = Daemon(tmp_path_factory.mktemp("kantor"), gateway=stand_in)
    public = dict(office.sections["gateway wa"])
    public["private"] = "no"
    office.sections["gateway luar"] = {**public, "set.base": f"https://127.0.0.1:{stand_in.port}"}
    office.sections["webhook"] = {"private": "no"}
    office.sections["gateway nama"] = {**public, "set.base": f"https://localhost:{stand_in.port}"}
    office.init()
    desk = Desk(office).hire()
    office.add_user(ADMIN[0], "admin", ADMIN[2], None, ADMIN[1])
    fresh = office.must("user", "add", FRESH[0], "--role", FRESH[1])
    office.start()
    desk.gateway, desk.fresh_password = stand_in, re.search(r"sekali pakai: (\S+)", fresh).group(1)
    desk.number = at_counter(desk, "Jalan Mastrip berlubang.", nama="Siti Rohmah", files=[("foto.png", "image/png", picture(1))])
    desk.id = office.book_query("SELECT id FROM complaint")[0][0]
    desk.code = code_in(desk.session("petugas").get(f"/aduan/{desk.id}").text)
    try:
        yield desk
        office.stop()
        office.must("verify")
    finally:
        office.kill()
        stand_in.stop()


def session_of(desk, role):
    if role is None:
        return desk.daemon.session()
    if role == "admin":
        if not hasattr(desk, "admin"):
            desk.admin = desk.daemon.session(ADMIN[0], ADMIN[2])
        return desk.admin
    return desk.session(role)


def events(desk):
    """What the history and the citizen's words hold: any act would show here."""
    return desk.daemon.book_query("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM message), (SELECT count(*) FROM arrival)")


def ask(session, method, path, body=b"", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if method == "POST":
        named.setdefault("Content-Type", "application/x-www-form-urlencoded")
    return session.request(method, path, body or None, named, follow=False)


def every(method):
    return [route for route in all_routes() if (route.get if method == "GET" else route.post)]


# ---- who may


def test_pages_for_everybody_are_these_and_no_more():
    assert {route.pattern for route in all_routes() if not route.roles} == PUBLIC
    for route in all_routes():
        if "admin" in route.roles:  # he keeps the accounts and sees nobody's complaint
            own = {"/keluar", "/sandi", "/sesi", "/sesi/dua-langkah", "/meja", "/meja/dibaca", "/pengaturan", "/pengingat"}
            assert route.pattern in own or route.pattern.startswith("/pengaturan/"), route


@pytest.mark.parametrize("route", every("GET"), ids=str)
def test_no_page_is_read_without_the_role(world, route):
    for role in [None, *ROLES]:
        page = ask(session_of(world, role), "GET", route.example(str(world.id)))
        if route.roles and role is None:
            assert (page.status, page.headers["location"].split("?")[0]) == (303, "/masuk")
        elif route.roles and role not in route.roles:
            assert page.status == 403 and world.number not in page.text
        else:
            assert page.status in (200, 303, 404), page


@pytest.mark.parametrize("route", every("POST"), ids=str)
def test_nothing_is_written_without_the_role(world, route):
    if not route.roles:
        return
    before = events(world)
    for role in [None, *ROLES]:
        session = session_of(world, role)
        if role in route.roles:
            continue
        token = csrf_of(world, role) if role else "0" * 64
        for word in ("verifikasi", "catatan", "identitas") if route.pattern == "/aduan/*" else ("",):
            path = route.example(f"{world.id}/{word}".rstrip("/"))
            page = ask(session, "POST", path, f"csrf={token}&isi=x&versi=1".encode())
            assert page.status == 403, page
            assert world.number not in page.text
    assert events(world) == before


def test_a_one_time_password_opens_nothing_but_the_page_that_changes_it(world):
    session = world.daemon.session()
    page = session.get("/masuk").form("/masuk").fill(u=FRESH[0], p=world.fresh_password).submit()
    assert page.path == "/sandi"
    token = re.search(rb'name="csrf" value="(\w+)"', page.body).group(1).decode()
    for route in all_routes():
        if route.roles and route.pattern not in ("/sandi", "/keluar"):
            if route.get:
                answer = ask(session, "GET", route.example(str(world.id)))
                assert (answer.status, answer.headers.get("location")) in {(303, "/sandi"), (403, None)}, answer
            if route.post:
                before = events(world)
                answer = ask(session, "POST", route.example(f"{world.id}/catatan"), f"csrf={token}&isi=x".encode())
                assert answer.status in (303, 403) and answer.headers.get("location", "/sandi") == "/sandi", answer
                assert events(world) == before


# ---- CSRF


def csrf_of(desk, role):
    page = session_of(desk, role).get("/sandi").must()
    token = re.search(rb'name="csrf" value="(\w+)"', page.body).group(1).decode()
    witness.keep("key", token)
    return token


FORGED = {
    "without a token": ("", {}),
    "with an empty token": ("csrf=", {}),
    "with another officer's token": ("csrf={other}", {}),
    "with half a token": ("csrf={half}", {}),
    "from another site": ("csrf={own}", {"Origin": "https://lain.example"}),
    "from a site whose name begins like ours": ("csrf={own}", {"Origin": "{base}.lain.example"}),
    "from a sandboxed frame": ("csrf={own}", {"Origin": "null"}),
    "from another port": ("csrf={own}", {"Origin": "http://127.0.0.1:1"}),
    "as a browser tells of another site": ("csrf={own}", {"Origin": None, "Sec-Fetch-Site": "cross-site"}),
    "as a browser tells of a sister site": ("csrf={own}", {"Origin": None, "Sec-Fetch-Site": "same-site"}),
    "as plain text": ("csrf={own}", {"Content-Type": "text/plain", "Origin": "https://lain.example"}),
}


class Silent(Session):
    """A client that sends no Origin where the header is None."""

    def _once(self, method, path, body, headers):
        wanted = headers.pop("Origin", self.base)
        if wanted is not None:
            headers["Origin"] = wanted
        elif method == "POST":
            return self._bare(path, body, headers)
        return super()._once(method, path, body, headers)

    def _bare(self, path, body, headers):
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self._port}", "Connection: close", f"Content-Length: {len(body or b'')}",
                 *(f"{name}: {value}" for name, value in headers.items()),
                 "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())]
        said = talk(self._port, "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))
        page = type("Answer", (), {})()
        page.status, page.body = int(said.split()[1]), said
        return page


def talk(port, raw):
    """Everything that comes back for those bytes, until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(raw)
        said = b""
        while piece := line.recv(65536):
            said += piece
    return said


@pytest.mark.parametrize("how", FORGED)
def test_csrf_no_form_is_taken(world, how):
    """Every POST there is, as an officer who may: nothing is written and he is still logged in."""
    body, headers = FORGED[how]
    before = events(world)
    for route in every("POST"):
        role = next((role for role in ROLES if role in route.roles), None)
        if not route.roles and "token" in how:
            continue  # the public's forms have none: a citizen has no session that could be used
        session = Silent(world.daemon.base)
        session.cookies = dict(session_of(world, role).cookies)
        own = csrf_of(world, role) if role else ""
        other = csrf_of(world, next(one for one in ROLES if one != role))
        sent = {name: value and value.replace("{base}", world.daemon.base) for name, value in headers.items()}
        sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        words = body.format(own=own, half=own[:32], other=other) + "&isi=" + "x" * 20 + "&nama=x&u=rina&p=x&kode=x&versi=1"
        for word in ("verifikasi", "catatan", "dibaca", "identitas") if route.pattern == "/aduan/*" else ("1",):
            path = route.example(f"{world.id}/{word}" if route.pattern == "/aduan/*" else str(world.id))
            page = session.request("POST", path, words.encode(), dict(sent), follow=False)
            assert page.status == 403, (route, how, page.status)
    assert events(world) == before
    session_of(world, "petugas").get("/meja").must()


# ---- what every answer says


def answers(desk):
    """[(what, page, personal)] over every page, as somebody who may, with its errors."""
    for route in all_routes():
        role = next((role for role in ROLES if role in route.roles), None)
        session = session_of(desk, role)
        path = route.example(str(desk.id))
        if route.get:
            yield f"GET {path}", ask(session, "GET", path), bool(route.roles)
            yield f"GET {path} by a stranger", ask(desk.daemon.session(), "GET", path), bool(route.roles)
        else:
            yield f"GET {path} (405)", ask(session, "GET", path), True
        yield f"POST {path} without a right", ask(desk.daemon.session(), "POST", path, b"x=1", Origin="https://lain.example"), True
        yield f"POST {path} too large", ask(session, "POST", path, b"x" * (route.max_body + 70000)), True
    for path in ("/tidak-ada", f"/lacak?kode={desk.code}", f"/aduan/terkirim?k={desk.code}", "/lacak?kode=7KQM-X2R9-4T"):
        yield path, ask(desk.daemon.session(), "GET", path), path != "/tidak-ada"


def test_clickjacking_sniffing_and_scripts_are_forbidden_on_every_answer(world):
    for what, page, _ in answers(world):
        policy = page.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, what
        assert "unsafe" not in policy and ("default-src 'self'" in policy or "default-src 'none'" in policy), what
        assert page.headers["x-frame-options"] == "DENY", what
        assert page.headers["x-content-type-options"] == "nosniff", what
        assert page.headers["referrer-policy"] == "same-origin", what
        assert page.headers["cross-origin-resource-policy"] == "same-origin", what
        assert not {"server", "x-powered-by"} & set(page.headers), what


def test_no_cache_keeps_a_page_that_names_somebody(world):
    for what, page, personal in answers(world):
        said = page.headers["cache-control"]
        if f" {KEPT}" in what and page.status == 200:
            assert said == "public, max-age=300", what
            continue
        assert "public" not in said and "max-age" not in said, what
        if personal and page.status != 303 or page.status >= 400:
            assert said == "no-store", (what, said)
    for path in OTHER[:2]:
        assert ask(world.daemon.session(), "GET", path).headers["cache-control"] == "no-store"
    style = re.search(rb'href="(/statis/[^"]+css)"', world.daemon.session().get("/").body).group(1).decode()
    assert "public" in ask(world.daemon.session(), "GET", style).headers["cache-control"]  # nobody is named in it


def test_answers_to_machines_are_not_sniffed_and_not_kept(world):
    for path in ("/hook/web/lama", "/hook/gateway/wa", "/hook/gateway/tidak-ada"):
        page = ask(world.daemon.session(), "POST", path, b"{}", Content_Type="application/json")
        assert page.status in (401, 404), page
        assert page.headers["x-content-type-options"] == "nosniff" and page.headers["cache-control"] == "no-store"


def test_host_header_of_an_attacker_stands_on_no_page_and_in_no_redirect(world):
    """Links in pages, letters and receipts come from public_url."""
    petugas = session_of(world, "petugas")
    for route in every("GET"):
        for named in ({"Host": "lain.example"}, {"X-Forwarded-Host": "lain.example"}, {"Forwarded": "host=lain.example"}):
            session = petugas if route.roles else world.daemon.session()
            page = session.request("GET", route.example(str(world.id)), None, dict(named), follow=False)
            assert b"lain.example" not in page.body and "lain.example" not in str(page.headers), (route, named)
    assert not any("lain.example" in row[0] for row in world.daemon.book_query("SELECT payload FROM outbox"))


# ---- sessions


def login_page(session, user, password, **hidden):
    form = session.get("/masuk").form("/masuk")
    return form.fill(u=user, p=password, **hidden).submit()


def raw_login(office, cookie="", user=OFFICERS["kasi"][0], password=OFFICERS["kasi"][2], wanted=""):
    """The bare answer to a login."""
    session = Session(office.base)
    if cookie:
        session.cookies = {"sesi": cookie}
    body = urllib.parse.urlencode({"u": user, "p": password, "ke": wanted}).encode()
    return session, ask(session, "POST", "/masuk", body)


def test_session_fixation_a_login_makes_a_new_token_and_ends_the_planted_one(world):
    planted = "a5" * 32
    _, page = raw_login(world.daemon, planted)
    assert planted not in page.headers["set-cookie"]
    attacker, _ = raw_login(world.daemon)  # a real session of his own, planted in the victim's browser
    own = attacker.cookies["sesi"]
    victim, _ = raw_login(world.daemon, own, *OFFICERS["petugas"][::2])
    assert victim.cookies["sesi"] != own
    assert ask(attacker, "GET", "/meja").status == 303
    assert ask(victim, "GET", "/meja").status == 200


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(world):
    _, page = raw_login(world.daemon)
    parts = [part.strip() for part in page.headers["set-cookie"].split(";")]
    assert re.fullmatch(r"sesi=[0-9a-f]{64}", parts[0])
    assert set(parts[1:]) == {"Path=/", "HttpOnly", "SameSite=Lax"}  # no Domain, no Max-Age


def test_cookie_of_an_https_office_is_secure_and_bound_to_the_host(tmp_path):
    """Its name begins with __Host-: no other site of the regency's domain can plant it. The old name opens nothing."""
    office = Daemon(tmp_path)
    office.sections["server"]["public_url"] = "https://kedopok.example"
    office.init()
    Desk(office).hire()
    try:
        office.start()
        session, page = raw_login(office)
        parts = [part.strip() for part in page.headers["set-cookie"].split(";")]
        assert re.fullmatch(r"__Host-sesi=[0-9a-f]{64}", parts[0])
        assert set(parts[1:]) == {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"}
        assert ask(session, "GET", "/meja").status == 200
        planted = Session(office.base)
        planted.cookies = {"sesi": session.cookies["__Host-sesi"]}
        assert ask(planted, "GET", "/meja").status == 303
        gone = session.get("/meja").form("/keluar")
        body = urllib.parse.urlencode([(field.name, field.value) for field in gone.fields]).encode()
        page = ask(session, "POST", "/keluar", body)
        assert "__Host-sesi=;" in page.headers["set-cookie"] and "Secure" in page.headers["set-cookie"]
        office.stop()
    finally:
        office.kill()


def test_logout_ends_the_session_at_the_server(world):
    session, _ = raw_login(world.daemon)
    kept = dict(session.cookies)
    session.get("/meja").form("/keluar").submit()
    session.cookies = kept
    assert ask(session, "GET", "/meja").status == 303


def test_password_change_ends_every_other_session_of_that_officer_and_nobody_elses(world):
    login, old, new = OFFICERS["camat"][0], OFFICERS["camat"][2], "camat-kedopok-baru-1"
    thief, _ = raw_login(world.daemon, user=login, password=old)
    owner, _ = raw_login(world.daemon, user=login, password=old)
    before = owner.cookies["sesi"]
    owner.get("/sandi").form("/sandi").fill(lama=old, baru=new, ulang=new).submit().must()
    assert owner.cookies["sesi"] != before
    assert ask(thief, "GET", "/meja").status == 303
    stale = Session(world.daemon.base)
    stale.cookies = {"sesi": before}
    assert ask(stale, "GET", "/meja").status == 303
    assert ask(session_of(world, "petugas"), "GET", "/meja").status == 200
    owner.get("/sandi").form("/sandi").fill(lama=new, baru=old, ulang=old).submit().must()
    world.logged_out()


def test_password_change_needs_the_old_one_and_counts_wrong_ones(world):
    session, _ = raw_login(world.daemon, user=OFFICERS["seksi"][0], password=OFFICERS["seksi"][2])
    for _ in range(3):
        page = session.get("/sandi").form("/sandi").fill(lama="bukan-ini-sandi", baru="sandi-baru-123", ulang="sandi-baru-123").submit()
        assert page.status == 422 and "tidak cocok" in page.text
    assert world.daemon.book_query("SELECT failures FROM officer WHERE login = ?", OFFICERS["seksi"][0])[0][0] == 3


def test_tokens_are_hashed_in_the_book(world):
    """A stolen book or backup opens no session and names no password."""
    session, _ = raw_login(world.daemon)
    token = session.cookies["sesi"]
    hashes = {row[0] for row in world.daemon.book_query("SELECT token_hash FROM session")}
    assert hashlib.sha256(token.encode()).digest() in hashes
    assert all(row[0].startswith("$argon2id$") for row in world.daemon.book_query("SELECT password_hash FROM officer"))
    kept = b"".join(path.read_bytes() for path in world.daemon.data.rglob("*") if path.is_file())
    for secret in (token, OFFICERS["kasi"][2], *world.daemon.secrets.values()):
        assert secret.encode() not in kept and bytes.fromhex(token) not in kept


# ---- leading away

ELSEWHERE = ["https://lain.example/", "//lain.example/", "/\\lain.example/", "\\\\lain.example", "/\t/lain.example", "/\n/lain.example",
             "/%09/lain.example", "javascript:alert(1)", "http:lain.example", " //lain.example", "///lain.example",
             "https:/lain.example", "lain.example", "/meja\r\nSet-Cookie: a=b", "/meja%0d%0aSet-Cookie:%20a=b", "\u2028//lain.example"]


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=repr)
def test_open_redirect_a_login_leads_nowhere_else(world, wanted):
    here = urllib.parse.urlsplit(world.daemon.base).netloc
    for session, page in (raw_login(world.daemon, wanted=wanted),):
        arrives = urllib.parse.urljoin(world.daemon.base + "/masuk", page.headers["location"])
        assert page.status == 303 and urllib.parse.urlsplit(arrives).netloc == here, arrives
        assert page.headers["location"] == "/meja" or page.headers["location"].startswith(("/%09/", "/meja%0d"))
        logged = ask(session, "GET", "/masuk?ke=" + urllib.parse.quote(wanted))
        assert urllib.parse.urlsplit(urllib.parse.urljoin(world.daemon.base + "/masuk", logged.headers["location"])).netloc == here
    before_login = ask(world.daemon.session(), "GET", "/" + urllib.parse.quote(wanted.lstrip("/")))
    assert urllib.parse.urlsplit(urllib.parse.urljoin(world.daemon.base, before_login.headers.get("location", "/"))).netloc == here


def test_open_redirect_a_logout_leads_to_the_login(world):
    for query in ("?ke=https://lain.example", "?next=//lain.example", ""):
        session, _ = raw_login(world.daemon)
        form = session.get("/meja").form("/keluar")
        body = urllib.parse.urlencode([(field.name, field.value) for field in form.fields] + [("ke", "//lain.example")]).encode()
        page = ask(session, "POST", "/keluar" + query, body)
        assert page.headers["location"] == "/masuk?catatan=keluar"


SPLIT = "x\r\nSet-Cookie: jahat=1\r\n\r\n<script>"


def test_response_splitting_no_header_is_made_by_what_was_typed(world):
    """Line ends in every parameter, in a path, a login, a file's name: no answer has a header of that."""
    office = world.daemon
    coded = urllib.parse.quote(SPLIT)
    paths = ["/" + coded, f"/masuk?ke={coded}", f"/masuk?ke=/{coded}", f"/lacak?kode={coded}", f"/aduan/terkirim?k={coded}",
             f"/?catatan={coded}", f"/meja?daftar={coded}", f"/buku?q={coded}", f"/aduan/{coded}", f"/lampiran/{coded}",
             "/hook/gateway/wa?hub.mode=subscribe&hub.verify_token=x&hub.challenge=" + coded]
    cookie = "; ".join(f"{name}={value}" for name, value in session_of(world, "petugas").cookies.items())
    for path in paths:
        head = talk(office.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
        assert b"jahat" not in head.split(b"\r\n\r\n")[0], path
    number = at_counter(world, "Lampiran bernama aneh.", nama="Budi", files=[(SPLIT + ".png", "image/png", picture(2))])
    file_id = office.book_query("SELECT max(id) FROM attachment")[0][0]
    cookie = "; ".join(f"{name}={value}" for name, value in session_of(world, "petugas").cookies.items())
    said = talk(office.port, f"GET /lampiran/{file_id} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
    head = said.split(b"\r\n\r\n")[0]
    assert number and b" 200 " in head and b"\r\nSet-Cookie" not in head and b"\njahat" not in head


# ---- reading where nobody looks

UPWARDS = ["../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd",
           "....//....//etc/passwd", "%252e%252e%252fetc%252fpasswd", "/etc/passwd", "..", "../buku.db", "%00../buku.db",
           "..;/..;/etc/passwd", "file:///etc/passwd"]


@pytest.mark.parametrize("upwards", UPWARDS)
def test_path_traversal_no_page_reads_a_file_of_the_machine(world, upwards):
    session = session_of(world, "petugas")
    below = [route.pattern[:-1] for route in all_routes() if route.get and route.pattern.endswith("*")]
    for start in ["/statis/", "/hook/gateway/", "/hook/web/", "/", *below]:
        raw = f"GET {start}{upwards} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: " + "; ".join(
            f"{name}={value}" for name, value in session.cookies.items()) + "\r\n\r\n"
        said = talk(world.daemon.port, raw.encode())
        assert b"root:" not in said and b"SQLite format" not in said, start
        assert int(said.split()[1]) in (303, 400, 403, 404, 405), (start, said[:200])


def test_path_traversal_a_file_name_is_never_a_path(world):
    """An attachment lies under its digest, whatever it is called."""
    before = {path for path in world.daemon.folder.rglob("*")}
    at_counter(world, "Nama berkas menunjuk ke atas.", nama="Budi",
               files=[("../../../naik.png", "image/png", picture(3) + bytes(100000)), ("/etc/passwd", "image/png", picture(4))])
    made = {str(path.relative_to(world.daemon.folder)) for path in set(world.daemon.folder.rglob("*")) - before if path.is_file()}
    assert made and all(re.fullmatch(r"data/lampiran/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}", path) for path in made), made


def test_path_traversal_a_mapping_is_found_by_its_name_only(world, tmp_path):
    """A name is one of ours or a file that the configuration names; it cannot climb out of the presets."""
    for name in ("../../etc/passwd", "../gowa", "gowa/../gowa", "..", "gowa\n", "/etc/passwd"):
        done = world.daemon.run("parse-gateway", name, "/dev/null")
        assert done.returncode != 0 and "root:" not in done.stdout + done.stderr, done


def test_sql_injection_what_is_typed_is_data(world):
    """In every parameter that a page of ours has, and in every form field: no error of the database, nobody else's rows."""
    session, before = session_of(world, "petugas"), events(world)
    for path, name in (("/buku", "q"), ("/buku", "seksi"), ("/buku", "status"), ("/buku", "dari"), ("/buku", "sampai"), ("/buku", "saluran"),
                       ("/buku", "sebelum"), ("/meja", "daftar"), ("/lacak", "kode"), ("/aduan/terkirim", "k"), ("/masuk", "ke")):
        for words in SQL:
            page = ask(session if path in ("/buku", "/meja") else world.daemon.session(), "GET",
                       f"{path}?{urllib.parse.urlencode({name: words})}")
            assert page.status < 500 and "argon2id" not in page.text, (path, name, words, page)
    for words in SQL:
        page = ask(world.daemon.session(), "POST", "/masuk", urllib.parse.urlencode({"u": words, "p": words}).encode())
        assert page.status in (403, 422, 429, 400), (words, page)
    assert events(world) == before
    for words in SQL[:6]:
        number = at_counter(world, f"Aduan {words}", nama=f"Siti {words}", tempat=words)
        assert world.complaint("petugas", number).status == 200
    assert world.daemon.book_query("SELECT count(*) FROM complaint")[0][0] >= 6


# ---- making the daemon ask for others


def deliver(desk, name, text):
    raw = json.dumps(whatsapp.gowa_text("6281234567891", text, "Ahmad Fauzi")).encode()
    return whatsapp.post(desk.daemon.hook_url(name), raw, {
        "X-Hub-Signature-256": whatsapp.signature(desk.daemon.secrets["GOWA_SECRET"], raw)})


@pytest.mark.parametrize("name", ["luar", "nama"])
def test_ssrf_a_gateway_of_the_internet_is_not_called_on_this_machine(world, name):
    """`private = no`: an address of loopback, of the office's network or of a cloud's metadata is refused, when it is typed
    and when a name leads there, at the moment of connecting."""
    before, at = len(world.gateway.sent), len(world.daemon.output())
    assert deliver(world, name, "Lampu padam di gang kami sejak kemarin.") == 200
    world.daemon.wait_log(rf"outbox\.sent .*channel=gateway:{name} .*private address refused", after=at)
    state = world.daemon.book_query("SELECT DISTINCT state FROM outbox WHERE channel = ?", f"gateway:{name}")
    assert ("diterima",) not in state
    assert len(world.gateway.sent) == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_ssrf_a_webhook_is_not_sent_to_this_machine(world, host):
    before, at, admin = len(world.gateway.asked), len(world.daemon.output()), session_of(world, "admin")
    form = admin.get("/pengaturan/webhook").must().form("/webhook")
    form.fill(nama="Dalam", alamat=f"https://{host}:{world.gateway.port}/", k_tutup=1).submit(button="Buat").must("Hanya ditampilkan")
    [form for form in admin.get("/pengaturan/webhook").forms if form.action.endswith("/uji")][-1].submit().must()
    world.daemon.wait_log(r"outbox\.sent .*channel=webhook .*result=refused .*private address refused", after=at)
    await_that(lambda: "jaringan kantor; itu tidak diizinkan" in admin.get("/pengaturan/webhook").text, 30, "hasil uji")
    assert len(world.gateway.asked) == before
    [form for form in admin.get("/pengaturan/webhook").forms if form.action.endswith("/hapus")][-1].submit().must()
    form = admin.get("/pengaturan/webhook").form("/webhook").fill(nama="Dalam", alamat=f"http://{host}/", k_tutup=1)
    assert form.submit(button="Buat").status == 422  # not without TLS either


def test_ssrf_a_redirect_of_a_gateway_is_not_followed(world):
    """An honest gateway that was taken over cannot point elsewhere."""
    elsewhere = Gateway(pace=0.01).start()
    try:
        world.gateway.answer_next(302, {"Location": elsewhere.base}, times=1)
        assert deliver(world, "wa", "Saluran air tersumbat di depan rumah.") == 200
        await_that(lambda: world.daemon.book_query(
            "SELECT 1 FROM outbox WHERE channel = 'gateway:wa' AND attempts > 0"), 20, "tanda terima dicoba")
        assert not elsewhere.sent
    finally:
        elsewhere.stop()


def test_a_nik_that_a_citizen_writes_stays_in_the_book(world):
    """By the counter, by the form, by WhatsApp: the whole suite's output is searched for it (tests/support/witness.py)."""
    words = "KTP saya belum jadi, NIK 3574016512900003, nama Siti Rohmah."
    at_counter(world, words, nama="Siti Rohmah", telepon="0812-3456-7892")
    world.complain_on_website(words, name="Siti Rohmah")
    assert deliver(world, "wa", words) == 200
    status = world.daemon.run("status")  # 1 while a channel is disturbed, as attackers leave it
    assert "Aduan: " in status.stdout and "Yang masuk" in status.stdout, status
    said = world.daemon.output() + status.stdout + status.stderr
    assert "3574016512900003" not in re.sub(r"[ .-]", "", said)


def test_a_callback_that_is_cut_off_is_not_quoted_in_the_log(world):
    """The reader of JSON says what stands where it stopped: words of a citizen."""
    words = "Rahasia warga yang terpotong"
    witness.keep("text", words)
    for cut in (b'{"event": "message", "payload": {"body": "' + words.encode(), b'{"body": "' + words.encode() + b'" x}',
                b'"' + words.encode() + b'" {'):
        status = whatsapp.post(world.daemon.hook_url(), cut, {
            "X-Hub-Signature-256": whatsapp.signature(world.daemon.secrets["GOWA_SECRET"], cut)})
        assert status is not None
    world.daemon.wait_log(r"gateway\.unreadable")
    assert "Rahasia" not in world.daemon.output()
