"""How fast pages are with a full book: one visitor after the other, and form and tracking by 64 at once.

BENCH_COMPLAINTS: how many complaints are in the book, several sizes with a comma (100000; big_book.py makes them in minutes).
"""
import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import big_book
from daemon import Daemon, build_folder
from desk import OFFICERS, Desk

SIZES = [int(size) for size in os.environ.get("BENCH_COMPLAINTS", "100000").split(",")]
QUICK = bool(os.environ.get("BENCH_QUICK"))
ROUNDS = 20 if QUICK else 400  # requests of a kind of page, at the least
AT_ONCE, ASKED_AT_ONCE = 64, 1000 if QUICK else 20_000
CODES = 400  # complaints whose tracking pages and cases are opened in turn
WORDS = ("jalan rusak", "lampu", "ktp", "sampah pasar", "pelayanan", "lubang besar jalan", "kartu keluarga", "antre lama")
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def _column(office, sql):
    return [row[0] for row in office.book_query(sql)]


def _ids(office, where, most=CODES):
    return _column(office, f"SELECT id FROM complaint WHERE {where} ORDER BY id DESC LIMIT {most}")


def groups(office):
    """[(key, words for the table, role or None, paths, aim of p99 in ms)]: the pages that are measured, kind by kind."""
    newest = _column(office, "SELECT max(id) FROM complaint")[0]
    codes = _column(office, f"SELECT code FROM complaint ORDER BY id DESC LIMIT {CODES}")
    numbers = _column(office, f"SELECT number FROM complaint WHERE id % 97 = 0 ORDER BY id DESC LIMIT {CODES}")
    phones = _column(office, "SELECT phone FROM citizen WHERE phone IS NOT NULL ORDER BY id DESC LIMIT 20")
    names = _column(office, "SELECT nama FROM citizen WHERE nama IS NOT NULL ORDER BY id DESC LIMIT 20")
    year = _column(office, "SELECT strftime('%Y', 'now')")[0]
    states = ("masuk", "didisposisikan", "ditutup", "dijawab", "diarsipkan", "terbuka", "segera", "terlambat")
    filters = ["keadaan=" + state for state in states]
    filters += ["saluran=" + channel for channel in ("email", "situs", "gateway:", "loket", "telepon", "kotak")]
    filters += ["jenis=" + kind for kind in ("pengaduan", "aspirasi", "pengaduan_pengawasan", "whistleblowing")]
    filters += [f"seksi={n}" for n in (1, 5)] + [f"layanan={n}" for n in (1, 4)]
    filters += [f"dari={year}-01-01&sampai={year}-03-31", "keadaan=ditutup&saluran=loket&seksi=2", "keadaan=terbuka&seksi=3",
                f"jenis=informasi&keadaan=dijawab&dari={year}-05-01", "saluran=kotak&keadaan=ditutup"]
    found = _column(office, "SELECT p.complaint_id FROM publication p JOIN complaint c ON c.id = p.complaint_id WHERE c.kind = "
                            "'pengaduan' AND c.confidentiality <> 'rahasia' ORDER BY 1 DESC LIMIT 50")
    places = _column(office, "SELECT DISTINCT place FROM publication WHERE place IS NOT NULL LIMIT 5")
    listed = ["", "?halaman=2", "?halaman=40", "?layanan=lainnya"] + [f"?tempat={quote(place)}" for place in places]
    return [
        ("front", "home page", None, ["/"], 20),
        ("form", "form", None, ["/aduan"], 20),
        ("track", "tracking page", None, [f"/lacak?kode={code}" for code in codes], 20),
        ("results", "published results, filtered", None, [f"/hasil{rest}" for rest in listed], 20),
        ("result_words", "published results, by words", None, [f"/hasil?q={quote(words)}" for words in WORDS], 50),
        ("result", "one result", None, [f"/hasil/{n}" for n in found], 20),
        ("numbers", "public figures", None, ["/hasil/angka", f"/hasil/angka?periode={year}"], 20),
        ("desk_petugas", "desk of the petugas", "petugas", ["/meja", "/meja?daftar=baru"], 20),
        ("desk_kasi", "desk of the Kasi", "kasi", ["/meja", "/meja?daftar=terlambat"], 20),
        ("desk_sekcam", "desk of the Sekcam", "sekcam", ["/meja"], 20),
        ("desk_seksi", "desk of a section", "seksi", ["/meja"], 20),
        ("desk_camat", "desk of the Camat", "camat", ["/meja"], 20),
        ("case", "one complaint", "petugas", [f"/aduan/{n}" for n in _ids(office, "id % 7 = 0")], 20),
        ("register", "register, page by page", "petugas", ["/buku"] + [f"/buku?sebelum={newest * n // 20}" for n in range(2, 20)], 20),
        ("filters", "register, each filter", "petugas", [f"/buku?{filter}" for filter in filters], 20),
        ("filters_seksi", "register of a section, each filter", "seksi", [f"/buku?{filter}" for filter in filters], 20),
        ("search_number", "search: number or code", "petugas", [f"/buku?q={quote(n)}" for n in numbers[:50] + codes[:50]], 50),
        ("search_person", "search: name or telephone", "petugas", [f"/buku?q={quote(n)}" for n in phones + names], 50),
        ("search_words", "search: words", "petugas", [f"/buku?q={quote(words)}" for words in WORDS], 50),
        ("search_typo", "search: typing errors", "petugas", [f"/buku?q={word}" for word in ("jlaan", "lampuu", "sampha", "kartuu")], 50),
    ]




def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def cookie_of(office, role):
    if role is None:
        return []
    login, _, password = OFFICERS[role]
    session = office.session(login, password)
    return ["; ".join(f"{name}={value}" for name, value in session.cookies.items())]


def load(office, folder, paths, connections, count, cookie):
    """load.c's result, and "cpu_ms": of the daemon, a request."""
    file = Path(folder) / "paths"
    file.write_text("\n".join(paths) + "\n")
    before = cpu_seconds(office.process.pid)
    done = subprocess.run([str(build_folder() / "bench" / "load"), str(office.port), str(connections), str(count), "pages",
                           str(file), *cookie], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit(f"load {paths[0]}: {done.stdout}{done.stderr}")
    return {**json.loads(done.stdout), "cpu_ms": (cpu_seconds(office.process.pid) - before) * 1000 / count}


# ---- the section of BENCHMARKS.md

HEAD = """\
## Pages with a full book

Answers of a kind of page to one visitor after the other, each page many times over after it was asked for once (`tests/bench/pages.py`);
every list, filter and search of the register among them, the rare ones too. The book is made by `tests/bench/big_book.py`: eight
of nine complaints are closed, one in seven is published, 700 lie on the desks. CPU is the daemon's, a request.

| page | {sizes} | aim p99 ms |
|---|{rules}---:|
{rows}

{at_once} connections at once, each asking again as soon as it was answered (the load runs on the same cores):

| page | complaints | answers /s | p50 / p99 ms | lost |
|---|---:|---:|---:|---:|
{together}
"""


def _measure(office, folder, say):
    """({words: (result, aim)}, {words: result of 64 at once})"""
    one, together, cookies = {}, {}, {}
    for key, words, role, paths, aim in groups(office):
        cookies.setdefault(role, None)
        cookies[role] = cookies[role] or cookie_of(office, role)
        load(office, folder, paths, 1, len(paths), cookies[role])
        one[words] = load(office, folder, paths, 1, max(ROUNDS, 3 * len(paths)), cookies[role]), aim
        say(f"  {words:40} p50 {one[words][0]['p50_ms']:7.2f}, p99 {one[words][0]['p99_ms']:7.2f} ms")
        if key in ("form", "track"):
            together[words] = load(office, folder, paths, AT_ONCE, ASKED_AT_ONCE, cookies[role])
    return one, together


def section(scratch, say):
    """The text of the section, measured now."""
    measured = {}
    for size in SIZES:
        office = Daemon(scratch.folder(f"buku{size}"))
        office.init()
        Desk(office).hire()
        big_book.fill(office, size)
        count = office.book_query("SELECT count(*) FROM complaint")[0][0]
        say(f"  {count:,} complaints")
        office.start()
        try:
            measured[count] = _measure(office, office.folder, say)
        finally:
            office.stop()
    rows = []
    for words, (_, aim) in next(iter(measured.values()))[0].items():
        cells = [f"{one[words][0]['p50_ms']:.1f} / {one[words][0]['p99_ms']:.1f} / {one[words][0]['cpu_ms']:.1f}"
                 for one, _ in measured.values()]
        rows.append(f"| {words} | {' | '.join(cells)} | {aim} |")
    together = [f"| {words} | {count:,} | {result['rate']:,.0f} | {result['p50_ms']:.1f} / {result['p99_ms']:.1f} | {result['failed']} |"
                for count, (_, several) in measured.items() for words, result in several.items()]
    return HEAD.format(sizes=" | ".join(f"{count:,} complaints: p50 / p99 / CPU ms" for count in measured),
                       rules="---:|" * len(measured), rows="\n".join(rows), at_once=AT_ONCE, together="\n".join(together))
