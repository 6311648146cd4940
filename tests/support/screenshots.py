"""`make screenshots`: the pictures of README.md, docs/pictures/NAME.png, from an office with a fixed morning's work.

Same people, same words, same windows each time; only dates and tracking codes are those of the day.
"""
import sys
import tempfile
from pathlib import Path

import browser
from browser import HEIGHT, Browser
from crowd import at_counter, from_website, grow_old
from daemon import Daemon
from demo import photo
from desk import Desk

PICTURES = browser.ROOT / "docs" / "pictures"
BYTES_MOST = 1_000_000  # all together
WEEKS_AGO = 3


def work(desk):
    """{name: number} of a morning: every desk has something to do, one answer is late."""
    made = {
        "lampu": from_website(desk, "Lampu jalan mati di Gang Melati sudah dua minggu, anak-anak takut pulang mengaji.",
                              name="Siti Rohmah", job="Pedagang", address="Gang Melati 4, Jrebeng Kulon"),
        "jalan": at_counter(desk, "Jalan Mastrip depan pasar berlubang besar, sudah dua pengendara jatuh.", nama="Sutrisno",
                            pekerjaan="Pengemudi ojek", alamat="RT 03 RW 02, Kedopok", telepon="0812-3456-7890",
                            files=[("foto-jalan.png", "image/png", photo())]),
        "sampah": from_website(desk, "Sampah di TPS dekat SDN Sumber Wetan menumpuk sudah seminggu.", name="Joko Susilo"),
        "ktp": at_counter(desk, "KTP-el saya belum jadi padahal sudah perekaman sejak Agustus.", nama="Dewi Anggraini",
                          saluran="telepon", telepon="0813-3333-4417"),
        "rahasia": at_counter(desk, "Petugas meminta uang untuk surat pengantar.", nama="Bu Lastri", rahasia="1"),
        "air": from_website(desk, "Saluran air sawah tersumbat sampah plastik.", name="Nur Hasanah"),
        "toilet": at_counter(desk, "Mohon toilet pengunjung diperbaiki, pintunya tidak bisa dikunci.", jenis="aspirasi", nama="Karsono"),
    }
    desk.walk(made["lampu"], "Cek lapangan, ganti lampu.", "Lampu sudah diganti.", "Lampu sudah menyala kembali.")
    for name in ("jalan", "sampah", "ktp"):
        desk.verify(made[name])
        desk.forward(made[name])
    desk.dispose(made["jalan"], "Cek lapangan dan koordinasikan dengan kelurahan.")
    desk.begin(made["jalan"])
    desk.report(made["jalan"], "Sudah disurvei, pengaspalan dijadwalkan pekan depan.")
    desk.dispose(made["sampah"], "Hubungi DLH, laporkan hasilnya.")
    desk.act("petugas", made["air"], "tanya", isi="Mohon sebutkan RT dan RW tempat saluran itu.")
    box = desk.session("petugas").get("/loket/kotak").form("/kotak").fill(saksi="Darmo Prasetyo", lembar=4).submit()
    box = box.form(button="Catat").fill(isi="Kursi ruang tunggu kurang.", jenis="aspirasi").submit()
    box.form(button="Catat").fill(isi="Loket tutup sebelum jam istirahat.", nama="Bu Ningsih").submit()
    return made


def shoot(office, session, width, name, path):
    with Browser(office.base, width) as window:
        if session:
            window.enter(session)
        window.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
        window.open(path)
        shot = window.driver.get_screenshot_as_png()
    target = PICTURES / f"{name}.png"
    target.write_bytes(shot)
    print(f"{target.relative_to(browser.ROOT)}: {width} x {HEIGHT[width]}, {len(shot) // 1000} KB", flush=True)


def main():
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        office = Daemon(Path(folder))
        office.init()
        desk = Desk(office).hire()
        try:
            office.start()
            made = work(desk)
            office.stop()
            grow_old(office, [made["sampah"]], WEEKS_AGO)
            office.start()
            desk.logged_out()
            case = desk.complaint("petugas", made["jalan"]).path.split("?")[0]
            shoot(office, None, 360, "beranda", "/")
            shoot(office, desk.session("petugas"), 1366, "meja", "/meja")
            shoot(office, desk.session("petugas"), 1366, "aduan", case)
            shoot(office, desk.session("petugas"), 1366, "kotak-saran", "/loket/kotak/1")
            shoot(office, desk.session("sekcam"), 360, "sekcam", "/meja")
            shoot(office, desk.session("kasi"), 1366, "buku", "/buku")
            office.stop()
        finally:
            office.kill()
    size = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    print(f"{size // 1000} KB in all")
    return 0 if size < BYTES_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
