"""A book of 10^5 or 10^6 complaints in minutes: some are made by the real desk (fill_book.c), and their finished ones are copied
row by row with other ids, numbers, codes and years; the newest, which lie on the desks, are again the desk's own.

What is copied is not in the journal: `pengaduand verify` would say so. Pages do not look at it.
"""
import sqlite3
import subprocess
from pathlib import Path

from daemon import build_folder

TEXTS = Path(__file__).resolve().parents[1] / "data" / "indonesia" / "klasifikasi.jsonl"
BASE = 10_000  # complaints the desk makes by itself before they are copied
RECENT = 3_000  # and after
OPEN = 700
YEAR_DAYS = 365

# table -> columns that are written otherwise; :base = copies * BASE, :later = ms, :copy = the copy's number
SHIFTED = {
    "citizen": {"id": "id + :base", "created_at": "created_at + :later"},
    "identity": {"citizen_id": "citizen_id + :base", "value": "value || '-' || :copy"},
    "complaint": {
        "id": "id + :base", "number": "(CAST(number AS INTEGER) + :base) || substr(number, instr(number, '/'))",
        "code": "substr(code, 8) || substr(code, 1, 5) || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + :copy / 32, 1) || "
                "substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + :copy % 32, 1)",
        "citizen_id": "citizen_id + :base", "main_id": "main_id + :base", "related_id": "related_id + :base",
        "received_at": "received_at + :later", "due_at": "due_at + :later", "answered_at": "answered_at + :later",
        "closed_at": "closed_at + :later", "state_since": "state_since + :later"},
    "message": {"id": "id + :base * 65536", "complaint_id": "complaint_id + :base", "at": "at + :later"},
    "event": {"id": "NULL", "complaint_id": "complaint_id + :base", "at": "at + :later"},
    "arrival": {"id": "NULL", "external": "external || '-' || :copy", "digest": "digest || '-' || :copy", "at": "at + :later",
                "complaint_id": "complaint_id + :base", "message_id": "message_id + :base * 65536"},
    "outbox": {"id": "NULL", "complaint_id": "complaint_id + :base", "message_id": "message_id + :base * 65536",
               "created_at": "created_at + :later", "state_at": "state_at + :later"},
    "clock": {"complaint_id": "complaint_id + :base"},
    "handling": {"complaint_id": "complaint_id + :base", "judged_at": "judged_at + :later"},
    "rating": {"complaint_id": "complaint_id + :base", "at": "at + :later"},
    "publication": {"complaint_id": "complaint_id + :base", "published_at": "published_at + :later", "changed_at": "changed_at + :later"},
}


def _fill(office, count, first_day, days, recent):
    subprocess.run([str(build_folder() / "bench" / "fill_book"), str(office.data), str(TEXTS), str(count), str(first_day),
                    str(days), str(recent)], check=True, timeout=1800)


def _settle(book):
    """Letters have left and officers have read what they were told, but for the last of them."""
    book.execute("UPDATE outbox SET state = 'diterima' WHERE state = 'antre'")
    book.execute("UPDATE notice SET read_at = at WHERE id < (SELECT max(id) - 400 FROM notice)")


def _copy(book, copies, step_ms):
    columns = {table: [row[1] for row in book.execute(f"PRAGMA table_info({table})")] for table in SHIFTED}
    for n in range(1, copies + 1):
        book.execute("BEGIN")
        for table, shifted in SHIFTED.items():
            names = columns[table]
            taken = ", ".join(shifted.get(name, name) for name in names)
            key = {"citizen": "id", "complaint": "id", "identity": "citizen_id"}.get(table, "complaint_id")
            book.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {taken} FROM {table} "
                         f"WHERE {key} BETWEEN 1 AND {BASE}", {"base": n * BASE, "later": n * step_ms, "copy": n})
        book.execute("COMMIT")


def fill(office, complaints):
    """`office` was made (init) and has Desk.hire()'s officers; it does not run. Afterwards it holds about so many."""
    copies = max(0, -(-(complaints - RECENT) // BASE) - 1)
    years = max(1, min(10, copies))
    first = -YEAR_DAYS * years - 30
    days = max(1, YEAR_DAYS * years // (copies + 1))
    _fill(office, min(BASE, complaints), first, days, 0 if copies else OPEN)
    book = sqlite3.connect(office.data / "buku.db", isolation_level=None)
    book.execute("PRAGMA synchronous = OFF")
    _settle(book)
    if copies:
        _copy(book, copies, days * 86_400_000)
    book.close()
    if copies:
        _fill(office, RECENT, -30, 30, OPEN)
        book = sqlite3.connect(office.data / "buku.db", isolation_level=None)
        _settle(book)
        book.close()
        office.run("reindex", seconds=1800).check_returncode()
