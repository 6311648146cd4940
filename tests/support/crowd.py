"""A book as it is after some weeks: complaints as people really write them, at every stage, some of them late.

crowd(desk) fills it and returns {name: register number}; grow_old() moves dates while the daemon is stopped.
"""
import hashlib
import hmac
import json
import sqlite3
import time
import zlib
from struct import pack

import witness
from desk import number_in
from gateway import _request

WEEK_MS = 7 * 24 * 3600 * 1000
LONG_SUBJECT = ("Permohonan penjelasan atas keterlambatan penerbitan surat pindah datang untuk enam anggota keluarga "
                "yang sudah diajukan sejak bulan Agustus") * 3
LONG_TEXT = "\n\n".join(
    f"{n}. Pada hari itu saya datang pukul tujuh pagi dan mendapat nomor antrean {n * 7}, tetapi sampai kantor tutup "
    "belum juga dipanggil. Petugas mengatakan berkas kurang, padahal minggu sebelumnya dikatakan sudah lengkap."
    for n in range(1, 13))
UNBROKEN = "https://contoh.example/" + "sangat-panjang-" * 12
STORIES = [
    "Lampu jalan mati di Gang Melati sudah dua minggu, anak-anak takut pulang mengaji.",
    "Jalan Mastrip depan pasar berlubang besar, sudah dua pengendara jatuh.",
    "Sampah di TPS dekat SDN Sumber Wetan menumpuk sudah seminggu.",
    "KTP-el saya belum jadi padahal sudah perekaman sejak Agustus.",
    "Saluran air sawah tersumbat sampah plastik.",
    "Mohon toilet pengunjung diperbaiki, pintunya tidak bisa dikunci.",
]


def picture(seed):
    """A small PNG, each of its own colour."""
    width, height = 160, 96
    rows = b"".join(b"\0" + bytes((x * (seed + 3) + y * 5) % 200 + 30 for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def at_counter(desk, text, files=(), **fields):
    """The petugas writes it down; returns the register number."""
    form = desk.session("petugas").get("/loket").must().form("/loket").fill(isi=text, **fields)
    for name, content_type, data in files:
        form.attach("berkas", name, content_type, data)
    return number_in(form.submit().must().text)


def from_website(desk, text, **choices):
    return number_in(desk.complain_on_website(text, **choices).text)


def from_other_site(desk, **fields):
    """By the signed webhook: the one channel here whose raw bytes are kept as they came."""
    witness.keep("text", *map(str, fields.values()))
    body, stamp = json.dumps(fields).encode(), str(int(time.time()))
    digest = hmac.new(desk.daemon.secrets["WEB_SECRET"].encode(), stamp.encode() + b"." + body, hashlib.sha256)
    status, answer = _request("POST", f"{desk.daemon.base}/hook/web/lama", body, {
        "Content-Type": "application/json", "X-Pengaduan-Timestamp": stamp,
        "X-Pengaduan-Signature": f"sha256={digest.hexdigest()}"}, 10)
    assert status == 200, answer
    return number_in(str(answer)) or desk.numbers()[-1]


def crowd(desk, rows=12):
    """Complaints of every kind and stage. Returns {name: number}."""
    made = {}
    made["panjang"] = from_website(desk, LONG_TEXT, name="Raden Ajeng Kartika Sari Dewi Puspitasari Wulandari Kusumaningrat",
                                   job="Ibu rumah tangga", address="Perumahan Kedopok Asri Blok C-7 RT 03/RW 11, Jrebeng Kulon")
    made["tak_terputus"] = from_website(desk, f"Lihat {UNBROKEN} ini.", name="A" * 120)
    made["rahasia"] = at_counter(desk, "Petugas meminta uang lima puluh ribu untuk surat pengantar.", nama="Bu Lastri",
                                 telepon="0812-3333-4417", alamat="Gang Kenanga 3", rahasia="1")
    made["anonim"] = at_counter(desk, "Warung dekat sekolah menjual minuman keras.", anonim="1")
    made["berkas"] = at_counter(desk, STORIES[1], nama="Sutrisno", pekerjaan="Pengemudi ojek", telepon="0812-3456-7890",
                                files=[(f"foto-{n}-{'jalan-berlubang-' * n}.png", "image/png", picture(n)) for n in range(1, 8)])
    made["mentah"] = from_other_site(desk, nama="Dewi Anggraini", alamat="Kedopok", kolom_baru=STORIES[3])  # no field we know: to be read by a person
    made["saran"] = at_counter(desk, STORIES[5], jenis="aspirasi", nama="Karsono", saluran="telepon", telepon="081299998888")
    made["tanya"] = from_website(desk, STORIES[4], name="Nur Hasanah")
    made["dijawab"] = from_website(desk, STORIES[0], name="Siti Rohmah")
    made["disposisi"] = from_website(desk, STORIES[2], name="Joko Susilo")
    made["laporan"] = from_website(desk, STORIES[1], name="Hj. Maimunah")
    made["siap"] = at_counter(desk, STORIES[4], nama="Bagus Setiawan", pekerjaan="Karyawan swasta")
    desk.act("petugas", made["tanya"], "tanya", isi="Mohon sebutkan RT dan RW tempat saluran itu.")
    desk.walk(made["dijawab"], "Cek lapangan, ganti lampu.", "Lampu sudah diganti.", "Lampu sudah menyala kembali.")
    for name in ("disposisi", "laporan", "siap"):
        desk.verify(made[name])
        desk.forward(made[name])
    for name in ("laporan", "siap"):
        desk.dispose(made[name], "Cek lapangan dan koordinasikan dengan kelurahan.\nLaporkan hasilnya.")
        desk.begin(made[name])
        desk.report(made[name], "Sudah disurvei bersama kelurahan, pekerjaan dijadwalkan pekan depan.")
    desk.approve(made["siap"])
    for n in range(rows):
        at_counter(desk, STORIES[n % len(STORIES)], nama=f"Warga {n + 1}", pekerjaan="Petani", alamat=f"RT 0{n % 9 + 1}, Kareng Lor")
    return made


def grow_old(daemon, numbers, weeks=3):
    """As if they had come weeks ago. Only while the daemon is stopped: nobody else may write the book."""
    book = sqlite3.connect(next(daemon.data.glob("*.db")))
    with book:
        book.executemany("UPDATE complaint SET due_at = due_at - ?1, received_at = received_at - ?1 WHERE number = ?2",
                         [(weeks * WEEK_MS, number) for number in numbers])
    book.close()
