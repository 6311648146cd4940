"""Markup in everything a stranger or an officer may write: every page there is, seen by everybody who may, in Chromium.
Nothing runs, nothing becomes an element, no link leads anywhere else."""
import json
import re
import sqlite3
import threading
import urllib.parse
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import gateway as whatsapp
from browser import Browser
from crowd import at_counter, from_other_site
from daemon import Daemon
from desk import OFFICERS, SECTION_KEY, SECTION_NAME, Desk, number_in
from routes import all_routes, crawl, route_of, shape

# Each says who wrote it ({n}) when it runs (window.kena) and when it becomes an element (data-kena).
PAYLOADS = [
    "\"'><img data-kena={n} src=x onerror=kena({n})>",
    "</textarea></title></style></select><script data-kena={n}>kena({n})</script>",
    "\" onfocus=kena({n}) autofocus data-kena={n} x=\"",
    "' onmouseover='kena({n})' data-kena='{n}",
    "<svg data-kena={n} onload=kena({n})><animate onbegin=kena({n}) attributeName=x dur=1s>",
    "javascript:kena({n})//",
    "{{{{.}}}}{{{{>home}}}}{{{{{{csrf}}}}}}<b data-kena={n}>",
    "&lt;img data-kena={n} src=x onerror=kena({n})&gt;",
    "<!--><a data-kena={n} href=javascript:kena({n})>a</a>--!>",
    "+ADw-script data-kena+AD0-{n}+AD4-kena({n})+ADw-/script+AD4-",
    "\u2028<base data-kena={n} href=//lain.example/><meta http-equiv=refresh content=0;url=//lain.example data-kena={n}>",
    "<iframe data-kena={n} srcdoc=\"<script>parent.kena({n})</script>\"></iframe><form data-kena={n} action=//lain.example>",
]
ADMIN = ("adi", "Adi Admin", "admin-kedopok-1")
READ_AT_ONCE = 40  # pages a script, so that it ends within the driver's patience

# Columns whose words are keys of ours, chosen from lists and compared by the program: markup cannot get there. Every other
# text column, also one that is made tomorrow, is filled.
KEYS = {"section.key", "sheet.kind", "service.key", "officer.login", "officer.role", "officer.password_hash", "identity.scheme",
        "identity.value", "complaint.number", "complaint.code", "complaint.kind", "complaint.confidentiality",
        "complaint.state", "complaint.channel", "message.purpose", "message.channel", "attachment.media_type",
        "reference.scheme", "reference.value", "notice.kind", "event.kind", "event.actor", "arrival.channel",
        "arrival.external", "arrival.digest", "arrival.outcome", "bookmark.channel", "bookmark.value", "outbox.channel",
        "outbox.purpose", "outbox.state", "outbox.external", "setting.name", "api_request.key", "api_request.answer",
        "picture.name", "picture.media_type", "undo.kind", "undo.earlier", "rights_request.right", "rights_request.way",
        "rights_request.state", "rights_request.reason", "forget_list.basis", "forget_list.state", "webhook.secret",
        "webhook.kinds", "webhook_try.kind", "box_opening.sent", "compensation.way", "saved_filter.query"}
# What must have been seen as plain text somewhere, so that the test is known to look where it should.
SEEN = {"citizen.nama", "citizen.pekerjaan", "citizen.alamat", "complaint.subject", "complaint.place", "complaint.instruction",
        "complaint.referred_to", "complaint.referred_number", "message.author", "message.text", "attachment.filename",
        "section.name", "service.name", "officer.name", "outbox.error", "set_aside.name", "set_aside.subject",
        "set_aside.words", "office.name", "office.region", "office.address", "office.phone"}

# Runs before the page's own scripts; what any payload does is in `tingkah`.
WATCH = """
window.tingkah = [];
window.kena = n => tingkah.push("jalan " + n);
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => tingkah.push(name);
document.addEventListener("securitypolicyviolation",
  e => tingkah.push("kebijakan " + e.violatedDirective + " " + e.blockedURI + " " + e.sample), true);
"""
# What is on a page that no view of ours writes, and its text.
LOOK = """
const look = (page, found) => {
  for (const e of page.querySelectorAll("*")) {
    const name = e.tagName.toLowerCase();
    if (e.hasAttribute("data-kena")) found.push("elemen <" + name + "> " + e.getAttribute("data-kena"));
    for (const a of e.attributes) {
      if (a.name.startsWith("on") || a.name === "style" || a.name === "srcdoc") found.push("atribut " + name + "." + a.name);
      if (["href", "src", "action", "formaction", "data", "xlink:href"].includes(a.name)) {
        const url = new URL(a.value, page.baseURI);
        if (!["http:", "https:", "mailto:", "tel:"].includes(url.protocol)) found.push("alamat " + a.value);
        if (url.host.endsWith("lain.example")) found.push("alamat " + a.value);
        if (name === "script" && !url.pathname.startsWith("/statis/")) found.push("skrip " + a.value);
        if (name === "form" && url.host !== location.host) found.push("formulir ke " + a.value);
      }
    }
    if (["iframe", "object", "embed", "base", "frame"].includes(name)) found.push("elemen <" + name + ">");
    if (name === "meta" && e.httpEquiv) found.push("meta " + e.httpEquiv);
    if (name === "script" && e.textContent.trim()) found.push("skrip di halaman: " + e.textContent.slice(0, 80));
  }
  return [found, page.documentElement.outerText + " " +
    [...page.querySelectorAll("input, textarea, option")].map(e => e.value + " " + e.textContent).join(" ")];
};
"""
# The same of pages that only the parser of the window sees, a hundredth of the work of opening them.
READ = LOOK + """
const [paths, done] = arguments, parser = new DOMParser();
const read = async path => look(parser.parseFromString(await (await fetch(path)).text(), "text/html"), []);
(async () => {
  const all = [];
  for (const path of paths) all.push(await read(path));
  return all;
})().then(done, error => done([[[String(error)], ""]]));
"""
# Fills the form for that address, past what the browser would refuse, and gives it; undefined: there is none.
FILL = """
const fill = (page, action, marks) => {
  const form = [...page.forms].find(form => new URL(form.getAttribute("action") || ".", location).pathname === action);
  let i = 0;
  for (const e of form?.elements ?? [])
    if (e.name && !["hidden", "file", "radio", "checkbox", "submit"].includes(e.type) && e.tagName !== "SELECT") {
      if (e.type === "date" || e.type === "number") e.type = "text";
      e.value = marks[i++ % marks.length];
    }
  return form;
};
"""
# Sends it as a form is sent, and reads the answer as READ does; null: it was not there.
SEND = LOOK + FILL + """
const [path, action, marks, done] = arguments, parser = new DOMParser();
const parsed = async answer => parser.parseFromString(await (await answer).text(), "text/html");
(async () => {
  const form = fill(await parsed(fetch(path)), action, marks);
  if (!form) return null;
  const fields = new FormData(form), words = new URLSearchParams(fields);
  const answer = form.method === "get" ? fetch(action + "?" + words)
    : fetch(action, { method: "POST", body: form.enctype === "multipart/form-data" ? fields : words });
  return look(await parsed(answer), []);
})().then(done, error => done([[String(error)], ""]));
"""


class Marks:
    """One payload a call, each with a number of its own."""

    def __init__(self):
        self.owner = {}  # number -> column

    def __call__(self, owner, variant=None):
        n = len(self.owner) + 100001
        self.owner[n] = owner
        return PAYLOADS[(n if variant is None else variant) % len(PAYLOADS)].format(n=n)


MARK = Marks()


class Watcher:
    """A window in which every page is looked at."""

    def __init__(self, browser):
        self.browser, self.text = browser, []
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})

    def open(self, path):
        """What is wrong with that page."""
        self.browser.open(path)
        return self.look(path)

    def read(self, paths):
        """The same of many pages, as the window's parser sees them; nothing of them runs."""
        wrong = []
        for at in range(0, len(paths), READ_AT_ONCE):
            some = paths[at:at + READ_AT_ONCE]
            seen = self.browser.driver.execute_async_script(READ, some)
            assert len(seen) == len(some), seen
            self.text += [text for _, text in seen]
            wrong += [f"{path}: {one}" for path, (found, _) in zip(some, seen) for one in found]
        return wrong

    def send(self, path, action):
        """What is wrong with the answer to that form, filled with payloads; None: there is no such form."""
        marks = [MARK("form", v) for v in range(len(PAYLOADS))]
        seen = self.browser.driver.execute_async_script(SEND, path, action.split("?")[0], marks)
        return seen and [f"{path} -> {action}: {one}" for one in seen[0]]

    def submit(self, path, action):
        """The same on the page itself, whose scripts run."""
        marks = [MARK("form", v) for v in range(len(PAYLOADS))]
        self.browser.open(path)
        form = self.browser.driver.execute_script(FILL + "return fill(document, ...arguments);", action.split("?")[0], marks)
        if form is None:
            return None
        self.browser.leave(lambda: self.browser.driver.execute_script("HTMLFormElement.prototype.submit.call(arguments[0])", form))
        return self.look(f"{path} -> {action}")

    def look(self, path):
        found, text = self.browser.driver.execute_script(LOOK + "return look(document, [...window.tingkah]);")
        self.text.append(text)
        here = self.browser.driver.current_url
        if not here.startswith(self.browser.base + "/"):
            found.append(f"halaman pindah ke {here}")
        return [f"{path}: {one}" for one in found]


# ---- the book, filled by everybody's hand


def tell_by_every_channel(desk, office):
    """A complaint for each payload and channel that needs no server; returns their numbers."""
    files = [(MARK("attachment.filename", v)[:200] + ".png", "image/png", b"\x89PNG\r\n\x1a\n") for v in range(3)]
    evil = [("halaman.html", "text/html", b"<script>kena(1)</script>"), ("gambar.svg", "image/svg+xml",
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="kena(2)"><script>kena(3)</script></svg>'),
            ("data.xml", "text/xml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>kena(4)</script></html>'),
            ("gambar.gif", "image/gif", b"GIF89a/*\0\0*/=1;kena(5)//"), ("skrip.js", "text/javascript", b"kena(6)")]
    made = []
    for v in range(len(PAYLOADS)):
        made.append(at_counter(desk, MARK("message.text", v), files=evil[:5] if v == 0 else (),
                               nama=MARK("citizen.nama", v), pekerjaan=MARK("citizen.pekerjaan", v),
                               alamat=MARK("citizen.alamat", v), tempat=MARK("complaint.place", v)))
    made.append(number_in(desk.complain_on_website(MARK("message.text") * 2, name=MARK("citizen.nama"),
                                                   job=MARK("citizen.pekerjaan"), address=MARK("citizen.alamat"),
                                                   files=files).text))
    made.append(from_other_site(desk, nama=MARK("citizen.nama"), alamat=MARK("citizen.alamat"), isi=MARK("message.text"),
                                **{MARK("message.text"): MARK("message.text")}))
    status = whatsapp.post(office.hook_url(), body := json.dumps(whatsapp.gowa_text(
        "6281234567890", MARK("message.text"), MARK("citizen.nama"))).encode(),
        {"X-Hub-Signature-256": whatsapp.signature(office.secrets["GOWA_SECRET"], body)})
    assert status == 200
    # Somebody who asks for a person stands on the petugas's desk.
    status = whatsapp.post(office.hook_url(), body := json.dumps(whatsapp.gowa_text(
        "6281234567891", "petugas", MARK("citizen.nama"))).encode(),
        {"X-Hub-Signature-256": whatsapp.signature(office.secrets["GOWA_SECRET"], body)})
    assert status == 200
    return [number for number in made if number]


def go_every_way(desk, made):
    """So that every kind of page and paragraph is there: asked, referred, joined, disposed, reported, answered."""
    desk.act("petugas", made[0], "tanya", isi=MARK("message.text"))
    desk.act("petugas", made[1], "rujuk", isi=MARK("message.text"),
             instansi=MARK("complaint.referred_to"), nomor_instansi=MARK("complaint.referred_number"))
    desk.act("petugas", made[2], "gabung", nomor_induk=made[3])
    desk.walk(made[len(PAYLOADS)], MARK("complaint.instruction"), MARK("message.text"), MARK("message.text"))
    publish(desk, made[len(PAYLOADS)])
    for number in made[4:6]:
        desk.verify(number)
        desk.forward(number)
        desk.dispose(number, MARK("complaint.instruction"))
    desk.begin(made[5])
    desk.report(made[5], MARK("message.text"))
    desk.act("petugas", made[6], "catatan", isi=MARK("message.text"))
    petugas = desk.session("petugas")
    petugas.get("/loket/kotak").form("/kotak").fill(saksi=MARK("box_opening.witness"), lembar=1, tempat=MARK("box_opening.place")).submit().must()
    desk.act("petugas", made[7], "arsipkan", isi=MARK("message.text"))
    ask_to_be_forgotten(desk, made[7])


def ask_to_be_forgotten(desk, number):
    """Up to the Camat's desk."""
    complaint = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]
    form = desk.session("petugas").get(f"/aduan/{complaint}").form(f"/aduan/{complaint}/hak").fill(hak="hapus", cara="loket")
    form.submit().form("/penuhi").submit().must("Dilaporkan kepada Camat")


def publish(desk, number):
    complaint = desk.daemon.book_query("SELECT id FROM complaint WHERE number = ?", number)[0][0]
    form = desk.session("petugas").get(f"/aduan/{complaint}/publikasi").must().form("/publikasi")
    form.submit("Publikasikan").must("Hasilnya sudah dipublikasikan")


def set_mail_aside(book):
    """A mail that opened nothing, as an office with a mailbox has them."""
    book.execute("INSERT INTO arrival (channel, external, at, outcome, reason, raw_sha256) SELECT 'email:kantor', '1/1', at,"
                 " 'dikarantina', 'bulk', raw_sha256 FROM arrival WHERE raw_sha256 IS NOT NULL LIMIT 1")
    book.execute("INSERT INTO set_aside (arrival_id, must_look, name, email, reply_to, subject, words, cut) SELECT max(id), 1,"
                 " 'Warta', 'warta@lain.example', 'warta@lain.example', 'Buletin', 'Lima langkah.', 1 FROM arrival")


def set_a_sheet(book):
    """What the Kasi was told of a day, which no test waits for."""
    told = {"received": 9, "answered": 0, "answered_late": 0, "late": 1, "soon": 0, "loads": [], "ledger": {},
            "rows": [{"id": 1, "late": True}]}
    book.execute("INSERT INTO sheet (kind, day, from_at, at, data) SELECT 'harian', received_at / 86400000, received_at, received_at, ?"
                 " FROM complaint WHERE id = 1", (json.dumps(told),))


def fill_columns(book):
    """Every text column of every row that is no key, by hand: also what no form can reach today."""
    tables = [name for name, in book.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")]
    for table in tables:
        columns = [name for _, name, kind, *_ in book.execute(f"PRAGMA table_info({table})")
                   if kind == "TEXT" and f"{table}.{name}" not in KEYS]
        keys = [name for _, name, _, _, _, key in book.execute(f"PRAGMA table_info({table})") if key]
        for column in columns:
            where = " AND ".join(f"{key} = ?" for key in keys)
            for value, *row in book.execute(f"SELECT {column}, {', '.join(keys)} FROM {table}").fetchall():
                mark = MARK(f"{table}.{column}")
                if column in ("data", "payload"):
                    value = json.dumps({key: text + mark if key in ("text", "subject", "name", "note", "instruction")
                                        and isinstance(text, str) else text for key, text in json.loads(value).items()})
                else:
                    value = (value or "") + mark
                book.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (value, *row))
    book.execute("UPDATE outbox SET state = 'gagal' WHERE id % 2 AND purpose <> 'peristiwa'")
    book.commit()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("kantor"), gateway=type("Away", (), {"base": "http://127.0.0.1:9", "basic": None}))
    for key in ("name", "region", "address", "phone"):
        daemon.sections["office"][key] = MARK(f"office.{key}", 0).replace("#", "")
    daemon.init()
    made = Desk(daemon)
    for role, (login, _, password) in OFFICERS.items():
        daemon.add_user(login, role, password, SECTION_KEY if role == "seksi" else None, MARK("officer.name"))
    daemon.add_user(ADMIN[0], "admin", ADMIN[2], None, MARK("officer.name"))
    try:
        daemon.start()
        go_every_way(made, tell_by_every_channel(made, daemon))
        daemon.stop()
        book = sqlite3.connect(next(daemon.data.glob("*.db")))
        # The full text is made by triggers or the program: it need not know of this.
        set_mail_aside(book)
        set_a_sheet(book)
        fill_columns(book)
        book.close()
        daemon.start()
        made.logged_out()
        yield made
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="module")
def window(desk):
    with Browser(desk.daemon.base, 1366) as made:
        yield Watcher(made)


def sessions(desk):
    """[(role or None, session)]: everybody who can look at pages."""
    yield None, desk.daemon.session()
    for role in OFFICERS:
        yield role, desk.session(role)
    yield "admin", desk.daemon.session(ADMIN[0], ADMIN[2])


def codes(desk):
    return [code for code, in desk.daemon.book_query("SELECT code FROM complaint ORDER BY id")]


def starts(desk, role):
    """Where a person begins: the pages without a number in them, and the citizen's with his code."""
    mine = [route.pattern for route in all_routes() if route.get and not route.pattern.endswith("*")
            and (not route.roles or role in route.roles)]
    return mine if role else mine + [f"/lacak?kode={code}" for code in codes(desk)] + [
        f"/aduan/terkirim?k={code}" for code in codes(desk)]


@contextmanager
def foreign_site(page="%s"):
    """Another site, careless of everything: answers what ?x= says, inside `page`. Its address."""
    class Careless(BaseHTTPRequestHandler):
        def do_GET(self):
            said = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("x", [""])[0]
            self.send_response(200 if said else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page % said).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Reader(HTMLParser):
    """What LOOK sees, without a window: elements that no view of ours writes."""

    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attributes):
        if "data-kena" in dict(attributes) or tag in ("iframe", "object", "embed", "base", "frame"):
            self.found.append(f"elemen <{tag}>")
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"atribut {tag}.{name}")
            if name in ("href", "src", "action", "formaction", "data", "xlink:href"):
                url = urllib.parse.urlsplit((value or "").strip())
                if url.scheme not in ("", "http", "https", "mailto", "tel") or url.netloc.endswith("lain.example"):
                    self.found.append(f"alamat {value}")


def go_as(window, session):
    window.browser.driver.delete_all_cookies()
    if session.cookies:
        window.browser.enter(session)


def one_of_each(session, pages):
    """[(path, form)] of the forms there are: one a kind of page and target."""
    kinds = {}
    for path, page in pages.items():
        for form in page.forms:
            # The raw bytes are a download (test_no_attachment_runs): no page follows.
            if not form.action.split("?")[0].startswith(("/keluar", "/mentah/")):
                kinds.setdefault((shape(path), shape(form.action), form.method), (path, form.action))
    return kinds.values()


def test_the_watcher_sees_what_would_happen(window):
    """Pages that make every mistake, one at a time: each payload where it is dangerous."""
    around = ["<p>%s", "<p>%s", "<input value=\"%s\">", "<input value='%s'>", "<p>%s", "<a href=\"%s\">a</a>", "<p>%s",
              None, "<p>%s", None, "<p>%s", "<p>%s"]
    ours = window.browser.base
    with foreign_site() as careless:
        window.browser.base = careless
        try:
            for n, (payload, place) in enumerate(zip(PAYLOADS, around)):
                if place:
                    page = place % payload.format(n=n)
                    path = "/?x=" + urllib.parse.quote(page)
                    window.browser.open("/")
                    assert window.read([path]), page
                    assert window.open(path), page
                    if "<!-->" not in page:  # an empty comment to a browser, the beginning of one to Python
                        assert Reader(page).found, page
        finally:
            window.browser.base = ours


def test_stored_markup_runs_on_no_page_of_anybody(desk, window):
    """Everybody's every page is parsed, by Python and by the window; of each kind one a person is opened, and runs."""
    wrong, kinds, routes = [], set(), all_routes()
    window.text.clear()
    for role, session in sessions(desk):
        pages = crawl(session, starts(desk, role))
        kinds |= {route.pattern for route in (route_of(path, routes) for path in pages) if route}
        go_as(window, session)
        html = {path: page for path, page in pages.items() if page.headers.get("content-type", "").startswith("text/html")}
        for path, page in html.items():
            wrong += [f"{path}: {one}" for one in Reader(page.body.decode()).found]
        for path in {shape(path): path for path in html}.values():
            wrong += window.open(path)
        wrong += window.read(list(html))
    assert not wrong, "\n".join(wrong[:40])
    unseen = {route.pattern for route in routes if route.get} - kinds
    assert not unseen, f"tidak ada tautan ke halaman ini, jadi tidak diperiksa: {unseen}"
    assert len(window.text) > 50
    seen = set(re.findall(r"\d+", " ".join(window.text)))
    missing = SEEN - {owner for n, owner in MARK.owner.items() if str(n) in seen}
    assert not missing, f"isian ini tidak terlihat di halaman mana pun: {missing}"


def test_clickjacking_no_page_is_shown_in_another_site_s_frame(desk, window):
    """Chromium shows its own error page there instead, which is of no origin."""
    go_as(window, desk.session("petugas"))
    driver = window.browser.driver

    def framed(site, address):
        driver.get(f"{site}/?x={urllib.parse.quote(address)}")
        driver.switch_to.frame(0)
        shown = driver.execute_script("return [location.href, document.body.innerText]")
        driver.switch_to.default_content()
        return shown

    with foreign_site("<iframe src='%s' width=900 height=600></iframe>") as other, foreign_site() as willing:
        assert framed(other, f"{willing}/?x=tampak")[1] == "tampak"
        for path in ("/", "/masuk", "/meja", "/aduan"):
            address, text = framed(other, desk.daemon.base + path)
            assert address.startswith("chrome-error:") and "Buku Pengaduan" not in text, path


def test_no_attachment_runs(desk, window):
    """Opened by itself: HTML, SVG, XML, scripts and what pretends to be a picture."""
    session, wrong = desk.session("petugas"), []
    go_as(window, session)
    files = desk.daemon.book_query("SELECT id, media_type FROM attachment")
    assert {"image/svg+xml", "text/html"} <= {kind for _, kind in files}
    for number, kind in files:
        page = session.get(f"/lampiran/{number}")
        assert page.status == 200
        assert "sandbox" in page.headers["content-security-policy"] and "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        if not kind.startswith(("image/png", "image/gif", "image/jpeg", "image/webp", "application/pdf")):
            assert page.headers["content-disposition"].startswith("attachment;"), kind
            assert page.headers["content-type"] == "application/octet-stream"
        else:
            window.browser.open(f"/lampiran/{number}")
            wrong += window.browser.driver.execute_script("return window.tingkah")
    assert not wrong, wrong
    raws = desk.daemon.book_query("SELECT id FROM message WHERE raw_sha256 IS NOT NULL")
    assert raws
    for number, in raws:
        page = session.get(f"/mentah/{number}")
        assert page.headers["content-disposition"].startswith("attachment;")
        assert "sandbox" in page.headers["content-security-policy"]


def test_markup_in_addresses_and_searches_runs_nowhere(desk, window):
    """Every parameter that a link or a form of ours has, and paths that do not exist."""
    wrong, tried = [], 0
    for role, session in (("petugas", desk.session("petugas")), (None, desk.daemon.session())):
        pages = crawl(session, [path for path in starts(desk, role)][:12])
        names = {}
        for path, page in pages.items():
            for address in [path, *(link for link, _ in page.links)]:
                query = urllib.parse.urlsplit(address).query
                names.setdefault(address.split("?")[0], set()).update(urllib.parse.parse_qs(query, keep_blank_values=True))
            for form in page.forms:
                if form.method == "get":
                    names.setdefault(form.action.split("?")[0], set()).update(field.name for field in form.fields)
        names["/masuk"] = {"ke", "catatan", "u"}
        names["/"] = {"catatan"}
        go_as(window, session)
        for path, fields in names.items():
            for field in fields if path.startswith("/") else ():
                for payload in (MARK("query"), MARK("query", 1)):
                    tried += 1
                    wrong += window.open(f"{path}?{urllib.parse.urlencode({field: payload})}")
        for payload in PAYLOADS:
            wrong += window.open("/" + urllib.parse.quote(payload.format(n=9)))
    assert not wrong, "\n".join(wrong[:40])
    assert tried > 20


def test_markup_sent_by_every_form_runs_nowhere(desk, window):
    """Refused or not, what is typed comes back on the next page. The citizen's forms and the counter's, which have scripts of
    their own, are sent from the page; the others as the window would, and their answers are parsed by it."""
    wrong, sent, done = [], set(), set()
    for role, session in sessions(desk):
        pages = crawl(session, starts(desk, role))
        go_as(window, session)
        window.browser.open("/bantuan" if role else "/")  # a page of ours, for the scripts to be from
        for path, action in one_of_each(session, pages):
            if (shape(path), shape(action)) in done:
                continue
            alive = role is None or path.startswith("/loket")
            found = window.submit(path, action) if alive else window.send(path, action)
            if found is None:  # the act before has moved this complaint on
                continue
            done.add((shape(path), shape(action)))
            sent.add(shape(action))
            wrong += found
    assert not wrong, "\n".join(wrong[:40])
    assert {shape(route.pattern.replace("*", "1")) for route in all_routes() if route.post and not route.pattern.endswith("*")
            } - {"/keluar", "/masuk/kode"} <= sent  # the second one stands between a password and its code only
