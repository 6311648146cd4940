"""`make demo`: one complaint by each channel, from the citizen's first word to the answer that reached him.

Everything is real but the WhatsApp gateway. The story is printed as it happens; afterwards the pages stay open until
Ctrl-C. DEMO_ONCE=1 ends by itself: exit 0 only if every answer arrived. DEMO_PORT changes the port of the pages.
"""
import os
import signal
import socket
import struct
import sys
import textwrap
import time
import zlib

import gateway as whatsapp
from desk import OFFICERS, Desk, code_in, number_in
from mail import OFFICE_ADDRESS, compose, text_of
from process import Missed, await_that
from servers import Town
from session import NotOnPage

SITI = "siti@warga.example"
AHMAD = "6281234567890"
WIDTH = 100
TITLES = {"petugas": "Petugas", "sekcam": "Sekcam", "seksi": "Seksi", "kasi": "Kasi", "camat": "Camat"}


class Teller:
    """Prints the story. Times are seconds since the first line."""

    def __init__(self):
        self._began = time.monotonic()
        self._bold, self._faint, self._plain = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("",) * 3

    def title(self, text):
        print(f"\n{self._bold}{text}{self._plain}\n{'─' * min(len(text), WIDTH)}", flush=True)

    def line(self, who, did):
        stamp = f"{time.monotonic() - self._began:5.1f} s  "
        lead = f"{who:<18} "
        body = textwrap.wrap(did, WIDTH - len(stamp) - len(lead)) or [""]
        print(f"{self._faint}{stamp}{self._plain}{lead}{body[0]}")
        for more in body[1:]:
            print(" " * (len(stamp) + len(lead)) + more)
        sys.stdout.flush()

    def officer(self, role, did):
        self.line(f"{OFFICERS[role][1].split()[0]} ({TITLES[role]})", did)

    def quote(self, text):
        for paragraph in text.strip().splitlines():
            for part in textwrap.wrap(paragraph, WIDTH - 15) or [""]:
                print(f"           │ {part}")
        print(flush=True)


def photo():
    """A small PNG: a grey street with a dark hole, drawn here so that no picture has to be shipped."""
    width, height = 96, 64
    rows = b"".join(
        b"\0" + bytes(60 if (x - 50) ** 2 / 3 + (y - 36) ** 2 < 150 else 150 + (x * 7 + y * 13) % 24
                      for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Demo:
    def __init__(self, town, port):
        self.town, self.tell = town, Teller()
        self.office = town.daemon(port=port)
        self.desk = Desk(self.office, self.tell.officer)
        self.first_password = ""
        self.events = None
        self.stories = []  # (channel, number, code, where the answer arrived)

    def open_office(self):
        self.tell.title("Kantor dibuka")
        self.tell.line("Server", f"IMAP {self.town.dovecot.port}, SMTP {self.town.exim.tls_port}, "
                                 f"MQTT {self.town.broker.port}, tiruan gateway WhatsApp {self.town.gateway.port}")
        self.first_password = self.office.init().strip()
        self.desk.hire()
        self.events = self.town.subscriber("pengaduan/kedopok/#")
        self.office.start()
        self.tell.line("pengaduand", f"siap, halaman di {self.office.base}")

    def _receipt(self, where, text):
        number, code = number_in(text), code_in(text)
        if not number or not code:
            raise Missed(f"tanda terima tanpa nomor register atau kode lacak:\n{text}")
        self.tell.line(where, f"tanda terima: nomor register {number}, kode lacak {code}")
        return number, code

    def _arrived(self, channel, number, code, where, text):
        self.tell.line(where, "jawaban tiba:")
        self.tell.quote(text)
        page = self.desk.track(code).must(number)
        self.tell.line("Halaman lacak", f"{number}: " + next(
            (line for line in page.text.splitlines() if "dijawab" in line.lower()), page.title))
        self.stories.append((channel, number, code, where))

    # ---- e-mail

    def by_email(self):
        self.tell.title("1. Lewat e-mail, dengan foto")
        answer = ("Ibu Siti yang terhormat, lubang di Jalan Mastrip depan pasar sudah ditambal hari ini. "
                  "Terima kasih sudah melapor.")
        mailbox = self.town.mailbox(SITI)
        first = self.town.send(compose(
            SITI, OFFICE_ADDRESS, "Jalan berlubang di depan pasar",
            "Selamat pagi,\n\nJalan Mastrip di depan pasar berlubang besar, kemarin ada yang jatuh. Foto terlampir.\n\n"
            "Siti Aminah\n", [("lubang.png", "image/png", photo())], name="Siti Aminah"))
        self.tell.line("Siti (warga)", f"mengirim surat \"{first['Subject']}\" dengan foto")
        receipt = mailbox.wait(lambda mail: number_in(text_of(mail)) and code_in(text_of(mail)), what="tanda terima")
        number, code = self._receipt("Kotak surat Siti", text_of(receipt))
        self._reply_joins(number, receipt)
        self.desk.walk(number, "Tambal dan beri tanda pengaman", "Lubang ditambal, foto sudah diambil", answer)
        arrived = mailbox.wait(lambda mail: answer in " ".join(text_of(mail).split()), what="jawaban")
        if arrived["In-Reply-To"] is None:
            raise Missed("jawaban tidak berada di utas surat yang sama (In-Reply-To kosong)")
        self._arrived("e-mail", number, code, "Kotak surat Siti", f"{arrived['Subject']}\n\n{text_of(arrived)}")

    def _reply_joins(self, number, receipt):
        words = "Tambahan: lubangnya tepat di depan kios nomor 4."
        self.town.send(compose(SITI, OFFICE_ADDRESS, f"Re: {receipt['Subject']}", words + "\n", name="Siti Aminah",
                               in_reply_to=receipt))
        self.tell.line("Siti (warga)", f"membalas tanda terima: \"{words}\"")
        await_that(lambda: words in self.desk.complaint("petugas", number).text, 20, "balasan ada di aduan yang sama")
        if self.desk.numbers() != [number]:
            raise Missed(f"balasan membuka aduan baru: {self.desk.numbers()}")
        self.tell.line("Buku", f"balasan bergabung ke {number}, tidak ada aduan baru")

    # ---- website

    def by_website(self):
        self.tell.title("2. Lewat formulir di situs")
        answer = "Bapak Budi yang terhormat, tumpukan sampah di Gang Melati sudah diangkut dan jadwalnya diperbaiki."
        page = self.desk.complain_on_website("Sampah di Gang Melati sudah dua minggu tidak diangkut.",
                                             files=[("sampah.png", "image/png", photo())])
        self.tell.line("Budi (warga)", "mengisi formulir: sampah di Gang Melati tidak diangkut")
        number, code = self._receipt("Halaman situs", page.text)
        self.desk.walk(number, "Angkut dan periksa jadwal", "Sampah diangkut, jadwal ditetapkan Senin dan Kamis", answer)
        page = await_that(lambda: (lambda seen: seen if answer in " ".join(seen.text.split()) else None)(
            self.desk.track(code)), 20, "jawaban di halaman lacak")
        self._arrived("situs", number, code, "Halaman lacak", answer)

    # ---- WhatsApp

    def by_whatsapp(self):
        self.tell.title("3. Lewat WhatsApp")
        answer = "Bapak Ahmad yang terhormat, lampu jalan di RT 03 sudah diganti dan menyala."
        question = "Assalamualaikum, lampu jalan di RT 03 RW 02 padam sejak Senin"
        message = whatsapp.gowa_text(AHMAD, question, "Ahmad Fauzi")
        statuses = self.town.gateway.deliver_gowa(self.office.hook_url(), message, self.office.secrets["GOWA_SECRET"])
        self.tell.line("Ahmad (warga)", f"menulis: \"{question}\" (gateway mendapat {statuses[-1]})")
        receipt = self.town.gateway.wait_sent(lambda sent: number_in(sent.text) and code_in(sent.text),
                                              what="tanda terima WhatsApp")
        number, code = self._receipt("WhatsApp Ahmad", receipt.text)
        self.desk.walk(number, "Ganti lampunya", "Lampu diganti, sudah menyala", answer)
        sent = self.town.gateway.wait_sent(lambda sent: answer in " ".join(sent.text.split()), what="jawaban WhatsApp")
        if AHMAD not in sent.to:
            raise Missed(f"jawaban terkirim ke {sent.to}, bukan {AHMAD}")
        self._arrived("WhatsApp", number, code, "WhatsApp Ahmad", sent.text)

    # ---- end

    def sum_up(self):
        self.tell.title("Selesai")
        for _, number, _, _ in self.stories:
            self.events.wait(lambda message: number in message["payload"] and message["topic"].endswith("/jawab"),
                             what=f"peristiwa jawaban {number} di MQTT")
        self.tell.line("MQTT", f"{len(self.events.messages)} peristiwa diterima")
        self.tell.line("verify", self.office.must("verify").strip().replace("\n", "; "))
        for channel, number, code, where in self.stories:
            self.tell.line(channel, f"{number}  {code}  jawaban tiba: {where}")

    def show_accounts(self):
        print(f"\nHalaman warga    {self.office.base}/\nHalaman petugas  {self.office.base}/masuk\n")
        print("Akun demo (nama masuk / kata sandi):")
        for role, (login, name, password) in OFFICERS.items():
            print(f"  {role:<8} {login:<8} {password:<18} {name}")
        print(textwrap.indent(self.first_password, "  "))

    def run(self):
        self.open_office()
        self.by_email()
        self.by_website()
        self.by_whatsapp()
        self.sum_up()
        self.show_accounts()


def port_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def main():
    port = int(os.environ.get("DEMO_PORT", "8080"))
    if port_taken(port):
        print(f"Port {port} sudah dipakai program lain. Hentikan program itu, atau: DEMO_PORT=8090 make demo",
              file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with Town(pace=1.0) as town:
            return play(Demo(town, port))
    except KeyboardInterrupt:
        print("\nSelesai, data demo dihapus.")
        return 0


def play(demo):
    try:
        demo.run()
        if os.environ.get("DEMO_ONCE") == "1":
            demo.office.stop()
            return 0
    except (Missed, NotOnPage) as failure:
        print(f"\nDEMO GAGAL: {failure}\n\nAkhir log pengaduand:\n{demo.office.output()[-4000:]}", file=sys.stderr)
        return 1
    print("\nHalaman tetap terbuka. Ctrl-C untuk selesai; semua data demo lalu dihapus.", flush=True)
    signal.pause()


if __name__ == "__main__":
    sys.exit(main())
