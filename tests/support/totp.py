"""The authenticator on an officer's telephone (RFC 6238), and putting it on."""
import base64
import hmac
import re
import time

STEP_S = 30


def code(secret, step=0, now=None):
    """The six digits of that key ("ABCD EFGH ..."), so many steps from now."""
    count = int((time.time() if now is None else now) // STEP_S) + step
    mac = hmac.new(base64.b32decode(secret.replace(" ", "")), count.to_bytes(8, "big"), "sha1").digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7fffffff) % 1000000:06d}"


def enrol(session):
    """Puts the second step on for whoever is logged in; returns (key, recovery codes)."""
    page = session.get("/sesi/dua-langkah").form(button="Mulai").submit()
    secret = re.search(r"\b(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}\b", page.must().text).group()
    page = page.form(button="Pasang").fill(k=code(secret)).submit().must("Kode cadangan")
    return secret, re.findall(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", page.text)
