"""Citizens' mails for the benchmark: about 3.8 KB each, the shapes an office gets, always the same for one seed."""
import random
from email.message import EmailMessage
from email.utils import formatdate

from process import give_to_servers

_WORDS = ("jalan rusak lampu padam sampah menumpuk selokan tersumbat banjir setiap hujan warga kelurahan mohon segera "
          "ditindaklanjuti pelayanan antre petugas loket surat pengantar belum selesai air bersih macet trotoar pasar "
          "parkir jembatan bambu anak sekolah melintas malam gelap puskesmas bantuan sosial tidak tepat sasaran").split()
_EPOCH = 1_790_000_000


def _paragraphs(chance, size):
    lines, length = [], 0
    while length < size:
        line = " ".join(chance.choices(_WORDS, k=10))
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines) + "\n"


def _fill(message, chance, shape, number):
    """A quarter each: plain, plain with HTML beside it, with a photo, quoted-printable with other letters."""
    if shape == 0:
        message.set_content(_paragraphs(chance, 3300))
    elif shape == 1:
        message.set_content(_paragraphs(chance, 1400))
        html = _paragraphs(chance, 1500).replace("\n", "<br>\n")
        message.add_alternative(f"<html><body><p>{html}</p></body></html>", subtype="html")
    elif shape == 2:
        message.set_content(_paragraphs(chance, 1400))
        message.add_attachment(b"\xff\xd8\xff\xe0" + chance.randbytes(1300), maintype="image", subtype="jpeg",
                               filename=f"foto-{number}.jpg")
    else:
        message.set_content("Yth. Bapak/Ibu — mohon perhatiannya\n" + _paragraphs(chance, 2900), cte="quoted-printable")


def mail(number, to):
    """The number-th mail as bytes; number // 5 tells the sender, so that nobody writes more than five."""
    chance = random.Random(number)
    message = EmailMessage()
    message["From"] = f'"Budi Santosó {number // 5}" <budi{number // 5}@warga.example>'
    message["To"] = to
    message["Subject"] = f"Aduan {number}: jalan rusak di Dusun Kéndal — mohon ditindaklanjuti"
    message["Date"] = formatdate(_EPOCH + number)
    message["Message-ID"] = f"<{number}.{chance.getrandbits(48):x}@warga.example>"
    _fill(message, chance, number % 4, number)
    return message.as_bytes()


def fill(folder, count, to):
    """Puts count mails into a Maildir's new/; returns their bytes."""
    size = 0
    for number in range(count):
        raw = mail(number, to)
        size += len(raw)
        path = folder / f"{_EPOCH + number}.M{number}P1.bench"
        path.write_bytes(raw)
        give_to_servers(path)
    return size
