"""A private certificate authority and a certificate of it for `localhost`, made with openssl."""
import subprocess
from pathlib import Path

from process import give_to_servers

_LEAF = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"


def _openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Certificates:
    """Paths: ca (what clients trust), certificate and key (what servers show)."""

    def __init__(self, folder):
        folder = Path(folder)
        self.ca = folder / "ca.pem"
        self.certificate = folder / "localhost.pem"
        self.key = folder / "localhost.key"
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        _openssl(folder, "req", "-x509", *new_key, "-days", "30", "-subj", "/CN=CA uji pengaduand",
                 "-keyout", "ca.key", "-out", self.ca.name)
        _openssl(folder, "req", *new_key, "-subj", "/CN=localhost", "-keyout", self.key.name, "-out", "localhost.csr")
        (folder / "leaf.ext").write_text(_LEAF)
        _openssl(folder, "x509", "-req", "-in", "localhost.csr", "-CA", self.ca.name, "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", "30", "-extfile", "leaf.ext", "-out", self.certificate.name)
        self.key.chmod(0o600)
        for path in (self.ca, self.certificate, self.key):
            give_to_servers(path)
